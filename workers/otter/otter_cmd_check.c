
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "otter_check.h"
#include "otter_cmd.h"
#include "otter_turn.h"


static int otter_check_cmd(const otter_cmd_t *cmd, int argc, char **argv);
static int otter_check_servers(const otter_cmd_t *cmd, otter_check_t *check,
    const char *const *servers, size_t n);
static void otter_check_run_all(otter_check_t *check, const char *conf);
static int otter_check_report(const otter_cmd_t *cmd, otter_check_t *check,
    unsigned json);
static void otter_check_free(otter_check_t *check);


static const char  otter_check_default_conf[] = "/etc/nginx/nginx.conf";


const otter_cmd_t  otter_cmd_check = {
    "check", NULL, "finds what is wrong with an installation",
    "check [OPTION...]\n"
    "\n"
    "Says what is right and wrong, a line each, with the remedy.  Ports,\n"
    "files and TURN servers that nginx.conf names are looked at, too.\n"
    "Without an option /etc/nginx/nginx.conf is checked.\n"
    "\n"
    "  --nginx-conf F    the configuration of nginx, which tests it as well\n"
    "  --api-keys F      a file of API keys (otter_api_keys_file)\n"
    "  --jwt-keys F      a file of signing keys (otter_jwt_key_file)\n"
    "  --turn-secret F   a file of TURN secrets (otter_turn_secret_file)\n"
    "  --turn HOST:PORT...\n"
    "                    coturn servers, asked over UDP and TCP; with a TURN\n"
    "                    secret a relay is tried\n"
    "  --url URL         a server that runs, as a browser has it: its health,\n"
    "                    clock and certificate\n"
    "  --api-key-file F  and with a key of the scope \"turn\" its TURN "
    "servers\n"
    "  --ca-file F       certificates to trust instead of the system's\n"
    "  --json            print {\"ok\",\"problems\",\"warnings\","
    "\"findings\"}\n"
    "\n"
    "Exit status: 0 nothing is wrong, 1 something is, 2 misused.",
    otter_check_cmd
};


static int
otter_check_cmd(const otter_cmd_t *cmd, int argc, char **argv)
{
    int             rc;
    size_t          i;
    const char     *conf, *files[OTTER_CHECK_KINDS];
    const char     *servers[OTTER_CHECK_LIST_MAX];
    otter_check_t   check;

    otter_api_where_t  where;

    otter_option_t  options[] = {
        { "api-keys", &files[OTTER_CHECK_API_KEYS], 1, 0 },
        { "jwt-keys", &files[OTTER_CHECK_JWT_KEYS], 1, 0 },
        { "turn-secret", &files[OTTER_CHECK_TURN_SECRET], 1, 0 },
        { "nginx-conf", &conf, 1, 0 },
        { "turn", servers, OTTER_CHECK_LIST_MAX, 0 },
        { "json", NULL, 0, 0 },
        OTTER_API_OPTIONS(where),
        { NULL, NULL, 0, 0 }
    };

    memset(&check, 0, sizeof(otter_check_t));
    memset(&where, 0, sizeof(otter_api_where_t));

    conf = NULL;

    if (otter_cmd_options(cmd, options, argc, argv, NULL, 0) != 0) {
        return OTTER_EXIT_USAGE;
    }

    rc = otter_check_servers(cmd, &check, servers, options[4].count);

    if (rc != OTTER_EXIT_OK) {
        otter_check_free(&check);
        return rc;
    }

    for (i = 0; i < OTTER_CHECK_KINDS; i++) {
        if (options[i].count) {
            otter_check_list_add(&check.files[i], files[i]);
        }
    }

    if (argc == 1 || (argc == 2 && options[5].count)) {
        conf = otter_check_default_conf;
    }

    check.ca = where.ca_file;
    check.findings.list = json_array();
    check.findings.quiet = options[5].count != 0;

    otter_check_run_all(&check, conf);

    /* a server is asked when it is named, and not by the environment */

    if (where.url) {
        rc = otter_check_url(&check, cmd, &where);
    }

    if (rc == OTTER_EXIT_OK) {
        rc = otter_check_report(cmd, &check, options[5].count != 0);
    }

    otter_check_free(&check);

    return rc;
}


static int
otter_check_servers(const otter_cmd_t *cmd, otter_check_t *check,
    const char *const *servers, size_t n)
{
    char    uri[300];
    size_t  i;

    for (i = 0; i < n; i++) {
        snprintf(uri, sizeof(uri), "turn:%s", servers[i]);

        if (strlen(servers[i]) > sizeof(uri) - 16
            || strchr(servers[i], '?')
            || otter_turn_uri((unsigned char *) uri, strlen(uri))
               == OTTER_TURN_URI_INVALID)
        {
            return otter_cmd_misused(cmd, "\"%s\" is not HOST:PORT",
                                     servers[i]);
        }

        otter_check_list_add(&check->servers, servers[i]);
    }

    return OTTER_EXIT_OK;
}


static void
otter_check_run_all(otter_check_t *check, const char *conf)
{
    size_t  i, kind;

    if (conf) {
        otter_check_nginx_conf(check, conf);
        otter_check_nginx_test(check, conf);
        otter_check_listen(check);
    }

    for (kind = 0; kind < OTTER_CHECK_KINDS; kind++) {
        for (i = 0; i < check->files[kind].n; i++) {
            otter_check_file(check, (otter_check_kind_t) kind,
                             check->files[kind].items[i]);
        }
    }

    for (i = 0; i < check->certificates.n; i++) {
        otter_check_certificate(check, check->certificates.items[i]);
    }

    otter_check_turn(check);
}


static int
otter_check_report(const otter_cmd_t *cmd, otter_check_t *check,
    unsigned json)
{
    int                rc;
    otter_findings_t  *f;

    f = &check->findings;
    rc = f->nproblems ? OTTER_EXIT_REFUSED : OTTER_EXIT_OK;

    if (json) {
        return otter_cmd_json(cmd, json_pack("{sb si si sO}",
                                             "ok", f->nproblems == 0,
                                             "problems", (int) f->nproblems,
                                             "warnings", (int) f->nwarnings,
                                             "findings", f->list))
               == OTTER_EXIT_OK ? rc : OTTER_EXIT_REFUSED;
    }

    otter_findings_print(f);

    if (f->nproblems || f->nwarnings) {
        otter_cmd_note("%u problem%s, %u warning%s.", f->nproblems,
                       f->nproblems == 1 ? "" : "s", f->nwarnings,
                       f->nwarnings == 1 ? "" : "s");
    } else {
        otter_cmd_note("Nothing is wrong.");
    }

    return rc;
}


static void
otter_check_free(otter_check_t *check)
{
    size_t  kind;

    for (kind = 0; kind < OTTER_CHECK_KINDS; kind++) {
        otter_check_list_free(&check->files[kind]);
    }

    otter_check_list_free(&check->uris);
    otter_check_list_free(&check->servers);
    otter_check_list_free(&check->certificates);
    otter_check_list_free(&check->listens);
    free(check->pid_file);

    json_decref(check->findings.list);
}


void
otter_check_list_add(otter_check_list_t *list, const char *item)
{
    size_t  i;

    for (i = 0; i < list->n; i++) {
        if (strcmp(list->items[i], item) == 0) {
            return;
        }
    }

    if (list->n < OTTER_CHECK_LIST_MAX) {
        list->items[list->n] = strdup(item);

        if (list->items[list->n]) {
            list->n++;
        }
    }
}


void
otter_check_list_free(otter_check_list_t *list)
{
    size_t  i;

    for (i = 0; i < list->n; i++) {
        free(list->items[i]);
    }

    list->n = 0;
}
