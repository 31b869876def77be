
/*
 * Copyright (C) Otter contributors
 */

/*
 * The parts of "otter check".
 */


#ifndef OTTER_CHECK_H_INCLUDED
#define OTTER_CHECK_H_INCLUDED


#include <time.h>

#include "otter_api.h"
#include "otter_findings.h"


enum {
    OTTER_CHECK_LIST_MAX = 32
};

typedef enum {
    OTTER_CHECK_API_KEYS = 0,
    OTTER_CHECK_JWT_KEYS,
    OTTER_CHECK_TURN_SECRET,
    OTTER_CHECK_KINDS
} otter_check_kind_t;

/* names without doubles, each for free() */

typedef struct {
    size_t    n;
    char     *items[OTTER_CHECK_LIST_MAX];
} otter_check_list_t;

/* what there is to look at: from the command line and from nginx.conf */

typedef struct {
    otter_findings_t     findings;
    otter_check_list_t   files[OTTER_CHECK_KINDS];
    otter_check_list_t   uris;         /* STUN and TURN, RFC 7064 and 7065 */
    otter_check_list_t   servers;      /* HOST:PORT */
    otter_check_list_t   certificates; /* files of ssl_certificate */
    otter_check_list_t   listens;      /* addresses of listen, but UDP's */
    char                *pid_file;     /* NULL: where Debian's nginx has it */
    const char          *ca;           /* file of CAs; NULL: the system's */
} otter_check_t;


void otter_check_list_add(otter_check_list_t *list, const char *item);
void otter_check_list_free(otter_check_list_t *list);

/* reads the directives of Otter in nginx.conf, adds to *check what they name */

void otter_check_nginx_conf(otter_check_t *check, const char *path);

/* has nginx itself test the configuration */

void otter_check_nginx_test(otter_check_t *check, const char *path);

/* who listens where nginx is to, and whether it is reached */

void otter_check_listen(otter_check_t *check);

/* a file of keys or secrets: content, mode, owner */

void otter_check_file(otter_check_t *check, otter_check_kind_t kind,
    const char *path);

/* a file of certificates; and when one ends */

void otter_check_certificate(otter_check_t *check, const char *path);
void otter_check_expiry(otter_check_t *check, const char *subject,
    time_t expires);

/*
 * A server that runs, as a browser has it: health, clock, certificate, and
 * the TURN servers that it gives.  OTTER_EXIT_OK, or the exit code when it is
 * told that the options are wrong.
 */

int otter_check_url(otter_check_t *check, const otter_cmd_t *cmd,
    const otter_api_where_t *where);

/* every server and URI, with every secret */

void otter_check_turn(otter_check_t *check);


#endif /* OTTER_CHECK_H_INCLUDED */
