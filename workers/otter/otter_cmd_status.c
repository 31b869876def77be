
/*
 * Copyright (C) Otter contributors
 */


#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "otter_api.h"
#include "otter_ice.h"


enum {
    OTTER_STATUS_DETAIL_SIZE = 600
};

typedef struct {
    const otter_cmd_t   *cmd;
    json_t              *parts;
    unsigned             faults;
} otter_status_t;


static int otter_status(const otter_cmd_t *cmd, int argc, char **argv);
static void otter_status_all(otter_status_t *status, otter_api_t *api,
    const char *url);
static void otter_status_health(otter_status_t *status, otter_api_t *api);
static void otter_status_metrics(otter_status_t *status, otter_api_t *api,
    const char *url);
static void otter_status_redis(otter_status_t *status, const json_t *metrics);
static void otter_status_turn(otter_status_t *status, otter_api_t *api);
static void otter_status_ice(const otter_ice_result_t *r, void *data);
static void otter_status_failed(otter_status_t *status, const char *part,
    const otter_api_t *api);
static void otter_status_companions(otter_status_t *status);
static unsigned otter_status_processes(const char *name, char *pids,
    size_t size);
static long long otter_status_sum(const json_t *object);
__attribute__((format(printf, 4, 5)))
static void otter_status_add(otter_status_t *status, const char *part,
    const char *state, const char *fmt, ...);


const otter_cmd_t  otter_cmd_status = {
    "status", NULL, "shows how every part of a server is",
    "status [--url URL] [--status-url URL] [--json]\n"
    "\n"
    "Asks Otter for its health, and with an API key of the scope \"turn\" for\n"
    "its TURN servers, which it tries as a browser would.  Companions are\n"
    "looked for on this machine.\n"
    "\n"
    OTTER_API_HELP
    "  --status-url URL    a location with otter_status;\n"
    "                      default: $OTTER_STATUS_URL\n"
    "  --json              print {\"ok\",\"parts\":[...]}",
    otter_status
};


static int
otter_status(const otter_cmd_t *cmd, int argc, char **argv)
{
    int                 rc;
    const char         *url;
    otter_api_t         api;
    otter_status_t      status;
    otter_api_where_t   where;

    otter_option_t  options[] = {
        { "json", NULL, 0, 0 },
        { "status-url", &url, 1, 0 },
        OTTER_API_OPTIONS(where),
        { NULL, NULL, 0, 0 }
    };

    static const char *const  columns[] = { "part", "state", "detail" };

    url = NULL;
    memset(&where, 0, sizeof(otter_api_where_t));
    memset(&status, 0, sizeof(otter_status_t));

    if (otter_cmd_options(cmd, options, argc, argv, NULL, 0) != 0) {
        return OTTER_EXIT_USAGE;
    }

    otter_api_environment(&where);

    rc = otter_api_open(&api, cmd, &where, 0);
    if (rc != OTTER_EXIT_OK) {
        return rc;
    }

    status.cmd = cmd;
    status.parts = json_array();

    otter_status_all(&status, &api, url ? url : getenv("OTTER_STATUS_URL"));
    otter_api_close(&api);

    rc = status.faults ? OTTER_EXIT_REFUSED : OTTER_EXIT_OK;

    if (options[0].count) {
        return otter_cmd_json(cmd, json_pack("{sb so}", "ok",
                                             status.faults == 0, "parts",
                                             status.parts))
               == OTTER_EXIT_OK ? rc : OTTER_EXIT_REFUSED;
    }

    otter_cmd_table(status.parts, columns,
                    sizeof(columns) / sizeof(columns[0]));
    json_decref(status.parts);

    return rc;
}


static void
otter_status_all(otter_status_t *status, otter_api_t *api, const char *url)
{
    otter_status_health(status, api);

    if (url) {
        otter_status_metrics(status, api, url);
    }

    otter_status_turn(status, api);
    otter_status_companions(status);
}


static void
otter_status_health(otter_status_t *status, otter_api_t *api)
{
    json_t      *health, *bus;
    const char  *state, *type;

    health = otter_api_call(api, "GET", "health");

    if (health == NULL) {
        otter_status_add(status, "otter", "down", "%s", api->error);
        return;
    }

    state = json_string_value(json_object_get(health, "status"));

    otter_status_add(status, "otter", state ? state : "down",
                     "%s answers in %.0f ms", api->base,
                     api->seconds * 1000);

    bus = json_object_get(health, "bus");
    state = json_string_value(json_object_get(bus, "status"));
    type = json_string_value(json_object_get(bus, "type"));

    otter_status_add(status, "bus", state ? state : "down",
                     "%s, %lld worker processes", type ? type : "unknown",
                     json_integer_value(json_object_get(bus, "workers")));

    json_decref(health);
}


static void
otter_status_metrics(otter_status_t *status, otter_api_t *api,
    const char *url)
{
    char      whole[OTTER_API_URL_SIZE + 16];
    double    size, free;
    json_t   *m;

    snprintf(whole, sizeof(whole), "%s%sformat=json", url,
             strchr(url, '?') ? "&" : "?");

    m = otter_api_call(api, "GET", whole);

    if (m == NULL) {
        otter_status_failed(status, "calls", api);
        return;
    }

    otter_status_add(status, "calls", "ok", "%lld rooms, %lld peers, %lld of "
                     "them away",
                     otter_status_sum(json_object_get(m, "rooms")),
                     json_integer_value(json_object_get(m, "sessions")),
                     json_integer_value(json_object_get(m, "sessions_away")));

    size = json_number_value(json_object_get(m, "zone_size_bytes"));
    free = json_number_value(json_object_get(m, "zone_free_bytes"));

    otter_status_add(status, "zone", free * 10 < size ? "degraded" : "ok",
                     "%.0f %% of %.0f MiB are free",
                     size > 0 ? free / size * 100 : 0, size / 1048576);

    otter_status_redis(status, m);

    json_decref(m);
}


static void
otter_status_redis(otter_status_t *status, const json_t *metrics)
{
    double         count;
    const json_t  *up, *probe;

    up = json_object_get(metrics, "redis_up");

    if (up == NULL) {
        return;
    }

    probe = json_object_get(metrics, "redis_probe_seconds");
    count = json_number_value(json_object_get(probe, "count"));

    otter_status_add(status, "redis", json_integer_value(up) ? "ok" : "down",
                     "%lld workers reach it, lost %lld times, %.1f ms there "
                     "and back",
                     json_integer_value(json_object_get(metrics,
                                                        "redis_workers")),
                     json_integer_value(json_object_get(metrics,
                                                        "redis_losses")),
                     count > 0
                     ? json_number_value(json_object_get(probe, "sum"))
                       / count * 1000
                     : 0);
}


static void
otter_status_turn(otter_status_t *status, otter_api_t *api)
{
    json_t  *answer, *servers;

    if (!api->has_key) {
        otter_status_add(status, "turn", "unknown", "there is no API key to "
                         "ask with: see --api-key-file");
        return;
    }

    answer = otter_api_call(api, "GET", "ice-servers");

    if (answer == NULL) {
        otter_status_failed(status, "turn", api);
        return;
    }

    servers = json_object_get(answer, "ice_servers");

    if (json_array_size(servers) == 0) {
        otter_status_add(status, "turn", "off", "there is no otter_turn_uri");
    }

    otter_ice_try(servers, api->ca_file, otter_status_ice, status);

    json_decref(answer);
}


static void
otter_status_ice(const otter_ice_result_t *r, void *data)
{
    char             what[OTTER_TARGET_TROUBLE_SIZE];
    const char      *part;
    otter_status_t  *status = data;

    part = r->turn ? "turn" : "stun";

    if (!r->valid) {
        otter_status_add(status, part, "down", "%s is no URI of RFC 7064 or "
                         "7065", r->uri);
        return;
    }

    switch (r->result.rc) {

    case OTTER_STUN_RC_OK:
        otter_status_add(status, part, "ok", "%s %s %s", r->uri,
                         r->turn ? "relays by" : "sees", r->result.text);
        break;

    case OTTER_STUN_RC_REFUSED:
        otter_status_add(status, part, "down", "%s refuses: %u %s", r->uri,
                         r->result.code, r->result.text);
        break;

    case OTTER_STUN_RC_OPEN:
        otter_status_add(status, part, "degraded", "%s relays for anyone",
                         r->uri);
        break;

    default:
        (void) otter_target_trouble(what, &r->result);
        otter_status_add(status, part, "down", "%s: %s", r->uri, what);
    }
}


/* what was asked for and cannot be had */

static void
otter_status_failed(otter_status_t *status, const char *part,
    const otter_api_t *api)
{
    switch (api->status) {

    case 401:
        otter_status_add(status, part, "refused", "the API key is not "
                         "accepted: %s", api->error);
        break;

    case 403:
    case 429:
        otter_status_add(status, part, "refused", "%s", api->error);
        break;

    default:
        otter_status_add(status, part, "down", "%s", api->error);
    }
}


/* none has to run, and each may run elsewhere */

static void
otter_status_companions(otter_status_t *status)
{
    char    pids[128];
    size_t  i;

    static const char *const  names[] = {
        "otter-webhooks", "otter-turn", "otter-reaper"
    };

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (otter_status_processes(names[i], pids, sizeof(pids))) {
            otter_status_add(status, names[i], "ok", "process%s", pids);

        } else {
            otter_status_add(status, names[i], "off",
                             "does not run on this machine");
        }
    }
}


static unsigned
otter_status_processes(const char *name, char *pids, size_t size)
{
    char            path[300], comm[32];
    DIR            *dir;
    FILE           *file;
    size_t          len;
    unsigned        n;
    struct dirent  *entry;

    n = 0;
    len = 0;
    dir = opendir("/proc");

    while (dir && (entry = readdir(dir)) != NULL) {

        if (strspn(entry->d_name, "0123456789") != strlen(entry->d_name)) {
            continue;
        }

        snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);

        comm[0] = '\0';
        file = fopen(path, "r");

        if (file) {
            if (fgets(comm, sizeof(comm), file) == NULL) {
                comm[0] = '\0';
            }

            fclose(file);
        }

        comm[strcspn(comm, "\n")] = '\0';

        if (strcmp(comm, name) == 0) {
            n++;

            if (len + strlen(entry->d_name) + 2 < size) {
                len += (size_t) snprintf(pids + len, size - len, " %s",
                                         entry->d_name);
            }
        }
    }

    if (dir) {
        closedir(dir);
    }

    return n;
}


static long long
otter_status_sum(const json_t *object)
{
    long long    sum;
    const char  *key;
    json_t      *value;

    sum = 0;

    json_object_foreach((json_t *) object, key, value) {
        sum += json_integer_value(value);
    }

    return sum;
}


static void
otter_status_add(otter_status_t *status, const char *part, const char *state,
    const char *fmt, ...)
{
    char     detail[OTTER_STATUS_DETAIL_SIZE];
    va_list  args;

    va_start(args, fmt);
    vsnprintf(detail, sizeof(detail), fmt, args);
    va_end(args);

    if (json_array_append_new(status->parts,
                              json_pack("{ss ss ss}", "part", part, "state",
                                        state, "detail", detail))
        != 0)
    {
        status->faults++;
        otter_cmd_note("%s: %s: %s", part, state, detail);
    }

    if (strcmp(state, "down") == 0 || strcmp(state, "degraded") == 0
        || strcmp(state, "refused") == 0)
    {
        status->faults++;
    }
}
