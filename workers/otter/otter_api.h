
/*
 * Copyright (C) Otter contributors
 */

/*
 * The HTTP API of a server, for the commands that ask it.  Where it is and
 * with which key is told by options, or by the environment.
 */


#ifndef OTTER_API_H_INCLUDED
#define OTTER_API_H_INCLUDED


#include <time.h>

#include <curl/curl.h>

#include "otter_cmd.h"


enum {
    OTTER_API_ERROR_SIZE = 512,
    OTTER_API_URL_SIZE = 2048
};

#define OTTER_API_HELP                                                        \
    "  --url URL           where Otter is: https://www.example.org/otter/;\n" \
    "                      default: $OTTER_URL\n"                             \
    "  --api-key-file F    a file with an API key in its first line;\n"       \
    "                      default: $OTTER_API_KEY_FILE\n"                    \
    "  --ca-file F         certificates to trust instead of the system's;\n"  \
    "                      default: $OTTER_CA_FILE\n"

/* for the list of a command's options */

#define OTTER_API_OPTIONS(where)                                              \
    { "url", &(where).url, 1, 0 },                                            \
    { "api-key-file", &(where).key_file, 1, 0 },                              \
    { "ca-file", &(where).ca_file, 1, 0 }

typedef struct {
    const char          *url;
    const char          *key_file;
    const char          *ca_file;
} otter_api_where_t;

typedef struct {
    const otter_cmd_t   *cmd;
    CURL                *curl;
    struct curl_slist   *headers;
    const char          *ca_file;
    char                 base[OTTER_API_URL_SIZE];
    unsigned             has_key:1;

    /* of the last call */

    long                 status;       /* 0: there was no answer */
    time_t               date;         /* of the answer; -1: it had none */
    time_t               expires;      /* the certificate; -1: there is none */
    double               seconds;
    char                 error[OTTER_API_ERROR_SIZE];
} otter_api_t;


/* from the environment what the options did not tell */

void otter_api_environment(otter_api_where_t *where);

/* OTTER_EXIT_OK, or the exit code once it is told what is missing */

int otter_api_open(otter_api_t *api, const otter_cmd_t *cmd,
    const otter_api_where_t *where, unsigned need_key);
void otter_api_close(otter_api_t *api);

/*
 * path is below the base, or an URL.  NULL: api->error says why, and
 * api->status is that of the problem.  An answer without a body is {}.
 */

json_t *otter_api_call(otter_api_t *api, const char *method,
    const char *path);

/* all rooms that the key may see, an array; NULL: as above */

json_t *otter_api_rooms(otter_api_t *api);

/* the same as otter_api_call(); tells what went wrong */

json_t *otter_api_need(otter_api_t *api, const char *method,
    const char *path);


#endif /* OTTER_API_H_INCLUDED */
