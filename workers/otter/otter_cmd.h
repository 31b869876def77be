
/*
 * Copyright (C) Otter contributors
 */

/*
 * The otter command: what its subcommands share.  Results go to stdout,
 * everything said to a person to stderr.
 */


#ifndef OTTER_CMD_H_INCLUDED
#define OTTER_CMD_H_INCLUDED


#include <jansson.h>

#include "otter_option.h"


/* exit codes (interface, section 4) */

enum {
    OTTER_EXIT_OK = 0,
    OTTER_EXIT_REFUSED = 1,
    OTTER_EXIT_USAGE = 2
};

typedef struct otter_cmd_s  otter_cmd_t;

struct otter_cmd_s {
    const char   *group;               /* "key" */
    const char   *action;              /* "create"; NULL: there is but one */
    const char   *summary;
    const char   *help;                /* what follows "usage: otter " */
    int         (*run)(const otter_cmd_t *cmd, int argc, char **argv);
};


extern const otter_cmd_t  otter_cmd_key_create;
extern const otter_cmd_t  otter_cmd_key_list;
extern const otter_cmd_t  otter_cmd_key_revoke;
extern const otter_cmd_t  otter_cmd_key_rotate;
extern const otter_cmd_t  otter_cmd_secret_new;
extern const otter_cmd_t  otter_cmd_secret_list;
extern const otter_cmd_t  otter_cmd_secret_rotate;
extern const otter_cmd_t  otter_cmd_token;
extern const otter_cmd_t  otter_cmd_check;
extern const otter_cmd_t  otter_cmd_status;
extern const otter_cmd_t  otter_cmd_rooms;
extern const otter_cmd_t  otter_cmd_peers;
extern const otter_cmd_t  otter_cmd_kick;
extern const otter_cmd_t  otter_cmd_usage;
extern const otter_cmd_t  otter_cmd_top;
extern const otter_cmd_t  otter_cmd_up;
extern const otter_cmd_t  otter_cmd_down;
extern const otter_cmd_t  otter_cmd_webhooks_list;
extern const otter_cmd_t  otter_cmd_webhooks_retry;
extern const otter_cmd_t  otter_cmd_webhooks_enable;


/* reads the command line; 0, or -1 once the mistake is told */

int otter_cmd_options(const otter_cmd_t *cmd, otter_option_t *options,
    int argc, char **argv, const char **operands, size_t noperands);

/* tell what is wrong; return the exit code */

__attribute__((format(printf, 2, 3)))
int otter_cmd_misused(const otter_cmd_t *cmd, const char *fmt, ...);

__attribute__((format(printf, 2, 3)))
int otter_cmd_refused(const otter_cmd_t *cmd, const char *fmt, ...);

/* a remark, to stderr */

__attribute__((format(printf, 1, 2)))
void otter_cmd_note(const char *fmt, ...);

/* one line of JSON to stdout; releases value; the exit code */

int otter_cmd_json(const otter_cmd_t *cmd, json_t *value);

/*
 * An aligned table: of each object in rows the members named, under those
 * names in capitals.  What a row lacks is shown as "-".
 */

void otter_cmd_table(const json_t *rows, const char *const *columns,
    size_t ncolumns);

/* RFC 3339, as a JSON string */

json_t *otter_cmd_time(int64_t seconds);


#endif /* OTTER_CMD_H_INCLUDED */
