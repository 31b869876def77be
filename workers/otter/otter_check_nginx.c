
/*
 * Copyright (C) Otter contributors
 */


#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "otter_check.h"
#include "otter_conf.h"
#include "otter_turn.h"


/* what has been seen while reading */

typedef struct {
    otter_check_t  *check;
    const char     *path;
    unsigned        directives;        /* of Otter */
    unsigned        mounted;
    unsigned        guests;
    unsigned        redis;             /* which may hold API keys */
    unsigned        loaded;
    unsigned        turn;              /* a turn: or turns: URI */
} otter_check_conf_t;


static void otter_check_directive(void *data,
    const otter_conf_directive_t *d, const char *error);
static void otter_check_listens(otter_check_conf_t *conf,
    const otter_conf_directive_t *d);
static void otter_check_named(otter_check_conf_t *conf,
    const otter_conf_directive_t *d);
static void otter_check_certificate_named(otter_check_conf_t *conf,
    const char *name);
static char *otter_check_full_name(const otter_check_conf_t *conf,
    const char *name);
static void otter_check_uris(otter_check_conf_t *conf,
    const otter_conf_directive_t *d);
static void otter_check_web_root(otter_check_conf_t *conf,
    const otter_conf_directive_t *d);
static void otter_check_whole(const otter_check_conf_t *conf);
static void otter_check_lacks(const otter_check_conf_t *conf);


void
otter_check_nginx_conf(otter_check_t *check, const char *path)
{
    char                real[PATH_MAX];
    otter_check_conf_t  conf;

    memset(&conf, 0, sizeof(otter_check_conf_t));

    conf.check = check;
    conf.path = realpath(path, real) ? real : path;

    otter_conf_read(conf.path, otter_check_directive, &conf);
    otter_check_whole(&conf);
}


static void
otter_check_directive(void *data, const otter_conf_directive_t *d,
    const char *error)
{
    const char          *name;
    otter_check_conf_t  *conf;

    conf = data;

    if (error) {
        otter_findings_add(&conf->check->findings, OTTER_FINDING_PROBLEM,
                           d->file, "%s", error);
        otter_findings_remedy(&conf->check->findings, "Name the "
                              "configuration with --nginx-conf, and correct "
                              "its include directives");
        return;
    }

    name = d->words[0];

    if (strcmp(name, "load_module") == 0 && d->nwords == 2) {
        conf->loaded |= strstr(d->words[1], "ngx_otter_module") != NULL;
        return;
    }

    if (strcmp(name, "ssl_certificate") == 0 && d->nwords == 2) {
        otter_check_certificate_named(conf, d->words[1]);
        return;
    }

    if (strcmp(name, "listen") == 0) {
        otter_check_listens(conf, d);
        return;
    }

    if (strcmp(name, "pid") == 0 && d->nwords == 2 && *d->words[1] == '/') {
        free(conf->check->pid_file);
        conf->check->pid_file = strdup(d->words[1]);
        return;
    }

    if (strncmp(name, "otter_", 6) != 0) {
        return;
    }

    conf->directives++;
    conf->redis |= strcmp(name, "otter_redis") == 0;

    if (d->nwords == 2) {
        conf->mounted |= strcmp(name, "otter_signaling") == 0
                         && strcmp(d->words[1], "on") == 0;
        conf->guests |= strcmp(name, "otter_guests") == 0
                        && strcmp(d->words[1], "on") == 0;
    }

    otter_check_named(conf, d);
}


/* QUIC and "udp" of a stream are not connected to */

static void
otter_check_listens(otter_check_conf_t *conf,
    const otter_conf_directive_t *d)
{
    size_t  i;

    if (d->nwords < 2 || strncmp(d->words[1], "unix:", 5) == 0) {
        return;
    }

    for (i = 2; i < d->nwords; i++) {
        if (strcmp(d->words[i], "quic") == 0
            || strcmp(d->words[i], "udp") == 0)
        {
            return;
        }
    }

    otter_check_list_add(&conf->check->listens, d->words[1]);
}


static void
otter_check_named(otter_check_conf_t *conf, const otter_conf_directive_t *d)
{
    char                      *path;
    size_t                     kind;
    static const char *const   names[] = {
        "otter_api_keys_file",
        "otter_jwt_key_file",
        "otter_turn_secret_file"
    };

    if (strcmp(d->words[0], "otter_turn_uri") == 0) {
        otter_check_uris(conf, d);
        return;
    }

    if (strcmp(d->words[0], "otter_web_root") == 0) {
        otter_check_web_root(conf, d);
        return;
    }

    for (kind = 0; kind < OTTER_CHECK_KINDS; kind++) {
        if (d->nwords == 2 && strcmp(d->words[0], names[kind]) == 0) {
            path = otter_check_full_name(conf, d->words[1]);

            if (path) {
                otter_check_list_add(&conf->check->files[kind], path);
                free(path);
            }
        }
    }
}


/* a variable is known to a request alone, and "data:" is no file */

static void
otter_check_certificate_named(otter_check_conf_t *conf, const char *name)
{
    char  *path;

    if (strchr(name, '$') || strchr(name, ':')) {
        return;
    }

    path = otter_check_full_name(conf, name);

    if (path) {
        otter_check_list_add(&conf->check->certificates, path);
        free(path);
    }
}


/* nginx takes these names as relative to the folder of nginx.conf */

static char *
otter_check_full_name(const otter_check_conf_t *conf, const char *name)
{
    int          len;
    char        *path;
    const char  *slash;

    slash = strrchr(conf->path, '/');
    len = *name == '/' || slash == NULL ? 0 : (int) (slash + 1 - conf->path);

    return asprintf(&path, "%.*s%s", len, conf->path, name) == -1 ? NULL
                                                                  : path;
}


static void
otter_check_uris(otter_check_conf_t *conf, const otter_conf_directive_t *d)
{
    size_t             i;
    const char        *uri;
    otter_turn_uri_t   kind;

    for (i = 1; i < d->nwords; i++) {
        uri = d->words[i];

        conf->turn |= strncasecmp(uri, "turn", 4) == 0;

        /* only a request knows what a variable stands for */

        if (strchr(uri, '$')) {
            continue;
        }

        kind = otter_turn_uri((const unsigned char *) uri, strlen(uri));

        if (kind != OTTER_TURN_URI_INVALID) {
            otter_check_list_add(&conf->check->uris, uri);
            continue;
        }

        otter_findings_add(&conf->check->findings, OTTER_FINDING_PROBLEM,
                           d->file, "\"%s\" in line %u is no URI of a STUN or "
                           "TURN server", uri, d->line);
        otter_findings_remedy(&conf->check->findings, "Write it as "
                              "stun:HOST:PORT or turn:HOST:PORT?transport=udp"
                              ", with stuns: and turns: for TLS");
    }
}


static void
otter_check_web_root(otter_check_conf_t *conf,
    const otter_conf_directive_t *d)
{
    int    n;
    FILE  *file;
    char   page[PATH_MAX];

    /* others are relative to the prefix that nginx was built with */

    if (d->nwords != 2 || *d->words[1] != '/') {
        return;
    }

    n = snprintf(page, sizeof(page), "%s/index.html", d->words[1]);

    if (n < 0 || (size_t) n >= sizeof(page)) {
        return;
    }

    file = fopen(page, "re");

    if (file) {
        (void) fclose(file);
        return;
    }

    otter_findings_add(&conf->check->findings, OTTER_FINDING_PROBLEM, page,
                       "the web app is not there");
    otter_findings_remedy(&conf->check->findings, "Point otter_web_root in "
                          "%s:%u to where it was installed, or write "
                          "\"otter_web_root off;\"", d->file, d->line);
}


static void
otter_check_whole(const otter_check_conf_t *conf)
{
    otter_findings_t  *f;

    f = &conf->check->findings;

    if (!conf->mounted) {
        otter_findings_add(f, OTTER_FINDING_PROBLEM, conf->path,
                           "no server has \"otter_signaling on;\"");
        otter_findings_remedy(f, "Add it to the server block that Otter is "
                              "to live in");
        return;
    }

    otter_findings_add(f, OTTER_FINDING_OK, conf->path,
                       "%u directive%s of Otter", conf->directives,
                       conf->directives == 1 ? "" : "s");

    if (!conf->loaded) {
        otter_findings_add(f, OTTER_FINDING_WARNING, conf->path,
                           "it does not load ngx_otter_module.so");
        otter_findings_remedy(f, "Write \"load_module "
                              "modules/ngx_otter_module.so;\" at its top, "
                              "unless nginx was built with Otter");
    }

    otter_check_lacks(conf);
}


/* what Otter does without, and what that means */

static void
otter_check_lacks(const otter_check_conf_t *conf)
{
    otter_findings_t          *f;
    const otter_check_list_t  *files;

    f = &conf->check->findings;
    files = conf->check->files;

    if (files[OTTER_CHECK_JWT_KEYS].n == 0) {
        otter_findings_add(f, OTTER_FINDING_WARNING, conf->path,
                           "without otter_jwt_key_file no token outlives a "
                           "restart");
        otter_findings_remedy(f, "Run: otter secret new --file FILE; and name "
                              "it there");
    }

    if (files[OTTER_CHECK_API_KEYS].n == 0 && !conf->guests && !conf->redis) {
        otter_findings_add(f, OTTER_FINDING_WARNING, conf->path,
                           "without otter_api_keys_file nobody can ask for a "
                           "token");
        otter_findings_remedy(f, "Run: otter key create --file FILE; and name "
                              "it there; or write \"otter_guests on;\"");
    }

    if (conf->turn && files[OTTER_CHECK_TURN_SECRET].n == 0) {
        otter_findings_add(f, OTTER_FINDING_PROBLEM, conf->path,
                           "otter_turn_uri names a TURN server, but there is "
                           "no otter_turn_secret_file");
        otter_findings_remedy(f, "Put coturn's static-auth-secret into a file "
                              "of mode 0600, and name it there");
    }

    if (!conf->turn) {
        otter_findings_add(f, OTTER_FINDING_WARNING, conf->path,
                           "without a TURN server in otter_turn_uri some "
                           "networks let no call through");
        otter_findings_remedy(f, "Set up coturn, and name it there");
    }
}
