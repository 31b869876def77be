
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "otter_clock.h"
#include "otter_cmd.h"
#include "otter_redis.h"
#include "otter_time.h"
#include "otter_usage.h"


enum {
    OTTER_USAGE_DAYS = 30,             /* shown when no range is given */
    OTTER_USAGE_DAYS_MAX = 400,        /* kept, and at most asked for */
    OTTER_USAGE_MINUTE = 60000
};

#define OTTER_USAGE_DAY  ((int64_t) 24 * 3600 * 1000)


static int otter_usage_show(const otter_cmd_t *cmd, int argc, char **argv);
static int otter_usage_print(const otter_cmd_t *cmd, const char *url,
    const char *prefix, const char *key, int64_t from, int64_t to,
    unsigned json);
static int otter_usage_rows(json_t *rows, otter_redis_t *redis,
    const char *prefix, const char *key, int64_t from, int64_t to);
static int otter_usage_day_rows(json_t *rows, const redisReply *reply,
    const char *day, const char *key);
static json_t *otter_usage_row(json_t *list, const char *day,
    const char *key);
static int otter_usage_compare(const void *one, const void *two);
static int otter_usage_add(json_t *rows, json_t *list);
static int otter_usage_date(int64_t *ms, const char *text);


const otter_cmd_t  otter_cmd_usage = {
    "usage", NULL, "shows call minutes and relayed bytes, by key and day",
    "usage --redis URL [--redis-prefix P] [--key ID] [--from DAY] "
    "[--to DAY]\n"
    "             [--json]\n"
    "\n"
    "  --redis URL       what \"otter_redis\" has\n"
    "  --redis-prefix P  what \"otter_redis_prefix\" has (otter:)\n"
    "  --key ID          of this API key alone; \"guest\" for guests\n"
    "  --from DAY        2026-01-31, in UTC (29 days ago)\n"
    "  --to DAY          and this one included (today)\n"
    "  --json            print {\"usage\":[...]}",
    otter_usage_show
};


static int
otter_usage_show(const otter_cmd_t *cmd, int argc, char **argv)
{
    int64_t      first, last;
    const char  *url, *prefix, *key, *from, *to;

    otter_option_t  options[] = {
        { "redis", &url, 1, 0 },
        { "redis-prefix", &prefix, 1, 0 },
        { "key", &key, 1, 0 },
        { "from", &from, 1, 0 },
        { "to", &to, 1, 0 },
        { "json", NULL, 0, 0 },
        { "prefix", &prefix, 1, 0 },   /* as it was called at first */
        { NULL, NULL, 0, 0 }
    };

    url = NULL;
    prefix = "otter:";
    key = NULL;
    from = NULL;
    to = NULL;

    if (otter_cmd_options(cmd, options, argc, argv, NULL, 0) != 0) {
        return OTTER_EXIT_USAGE;
    }

    if (url == NULL) {
        return otter_cmd_misused(cmd, "--redis is missing");
    }

    if (strlen(prefix) > 64 || strpbrk(prefix, "{}")) {
        return otter_cmd_misused(cmd, "--redis-prefix must be at most 64 "
                                 "bytes, without braces");
    }

    last = otter_clock_wall() / OTTER_USAGE_DAY * OTTER_USAGE_DAY;

    if (to && otter_usage_date(&last, to) != 0) {
        return otter_cmd_misused(cmd, "--to must be a day like 2026-01-31");
    }

    first = last - (OTTER_USAGE_DAYS - 1) * OTTER_USAGE_DAY;

    if (from && otter_usage_date(&first, from) != 0) {
        return otter_cmd_misused(cmd, "--from must be a day like 2026-01-31");
    }

    if (first > last
        || last - first >= OTTER_USAGE_DAYS_MAX * OTTER_USAGE_DAY)
    {
        return otter_cmd_misused(cmd, "--from to --to must be 1 to %d days",
                                 OTTER_USAGE_DAYS_MAX);
    }

    return otter_usage_print(cmd, url, prefix, key, first, last,
                             options[5].count != 0);
}


static int
otter_usage_print(const otter_cmd_t *cmd, const char *url,
    const char *prefix, const char *key, int64_t from, int64_t to,
    unsigned json)
{
    int                  rc;
    char                 error[OTTER_REDIS_ERROR_SIZE];
    json_t              *rows;
    otter_redis_t       *redis;
    otter_redis_conf_t   conf;

    static const char *const  columns[] = {
        "day", "key", "call_minutes", "relayed_bytes"
    };

    memset(&conf, 0, sizeof(conf));

    if (otter_redis_conf_add(&conf, url, error) != 0
        || otter_redis_conf_check(&conf, error) != 0)
    {
        otter_redis_conf_free(&conf);
        return otter_cmd_misused(cmd, "--redis: %s", error);
    }

    rows = json_array();
    redis = otter_redis_create(&conf, error);
    rc = -1;

    if (redis && rows) {
        rc = otter_usage_rows(rows, redis, prefix, key, from, to);
        snprintf(error, sizeof(error), "%s", otter_redis_error(redis));
    }

    otter_redis_free(redis);
    otter_redis_conf_free(&conf);

    if (rc != 0) {
        json_decref(rows);
        return otter_cmd_refused(cmd, "Redis: %s", error);
    }

    if (json) {
        return otter_cmd_json(cmd, json_pack("{so}", "usage", rows));
    }

    otter_cmd_table(rows, columns, sizeof(columns) / sizeof(columns[0]));
    json_decref(rows);

    return OTTER_EXIT_OK;
}


static int
otter_usage_rows(json_t *rows, otter_redis_t *redis, const char *prefix,
    const char *key, int64_t from, int64_t to)
{
    int          rc;
    char         day[OTTER_USAGE_DAY_SIZE], name[128];
    redisReply  *reply;

    for (rc = 0; from <= to && rc == 0; from += OTTER_USAGE_DAY) {
        otter_usage_day(day, from);
        snprintf(name, sizeof(name), "%susage:{u}:d:%s", prefix, day);

        reply = otter_redis_command(redis, name, "HGETALL %s", name);

        rc = reply && reply->type == REDIS_REPLY_ARRAY
             ? otter_usage_day_rows(rows, reply, day, key) : -1;

        freeReplyObject(reply);
    }

    return rc;
}


/* fields are "b:<key>" with bytes and "m:<key>" with milliseconds */

static int
otter_usage_day_rows(json_t *rows, const redisReply *reply, const char *day,
    const char *key)
{
    size_t       i;
    json_t      *list, *row;
    long long    n;
    const char  *name;

    list = json_array();
    if (list == NULL) {
        return -1;
    }

    for (i = 0; i + 1 < reply->elements; i += 2) {
        name = reply->element[i]->str;

        if (strlen(name) < 2 || (key && strcmp(name + 2, key) != 0)) {
            continue;
        }

        row = otter_usage_row(list, day, name + 2);
        if (row == NULL) {
            json_decref(list);
            return -1;
        }

        n = strtoll(reply->element[i + 1]->str, NULL, 10);

        if (name[0] == 'b') {
            (void) json_object_set_new(row, "relayed_bytes",
                                       json_integer(n));

        } else if (name[0] == 'm') {
            (void) json_object_set_new(row, "call_minutes",
                                       json_real((double) n
                                                 / OTTER_USAGE_MINUTE));
        }
    }

    return otter_usage_add(rows, list);
}


/* the row of the key in this day's list, new if need be */

static json_t *
otter_usage_row(json_t *list, const char *day, const char *key)
{
    size_t       i;
    json_t      *row;
    const char  *name;

    json_array_foreach(list, i, row) {
        name = json_string_value(json_object_get(row, "key"));

        if (strcmp(name ? name : "", key) == 0) {
            return row;
        }
    }

    row = json_pack("{ss ss* sf si}", "day", day, "key",
                    key[0] ? key : NULL, "call_minutes", 0.0,
                    "relayed_bytes", 0);

    if (row && key[0] == '\0') {
        (void) json_object_set_new(row, "key", json_null());
    }

    return json_array_append_new(list, row) == 0 ? row : NULL;
}


/* in the order of their keys; releases the list */

static int
otter_usage_add(json_t *rows, json_t *list)
{
    int       rc;
    size_t    i, n;
    json_t  **sorted;

    n = json_array_size(list);
    sorted = calloc(n + 1, sizeof(json_t *));

    if (sorted == NULL) {
        json_decref(list);
        return -1;
    }

    for (i = 0; i < n; i++) {
        sorted[i] = json_array_get(list, i);
    }

    qsort(sorted, n, sizeof(json_t *), otter_usage_compare);

    for (i = 0, rc = 0; i < n && rc == 0; i++) {
        rc = json_array_append(rows, sorted[i]);
    }

    free(sorted);
    json_decref(list);

    return rc;
}


static int
otter_usage_compare(const void *one, const void *two)
{
    const char  *a, *b;

    a = json_string_value(json_object_get(*(json_t *const *) one, "key"));
    b = json_string_value(json_object_get(*(json_t *const *) two, "key"));

    return strcmp(a ? a : "", b ? b : "");
}


static int
otter_usage_date(int64_t *ms, const char *text)
{
    char     full[32], day[OTTER_USAGE_DAY_SIZE];
    int64_t  seconds;

    if (strlen(text) != OTTER_USAGE_DAY_SIZE - 1) {
        return -1;
    }

    snprintf(full, sizeof(full), "%sT00:00:00Z", text);

    seconds = otter_time_parse((unsigned char *) full, strlen(full));
    if (seconds < 0) {
        return -1;
    }

    *ms = seconds * 1000;
    otter_usage_day(day, *ms);

    return strcmp(day, text) == 0 ? 0 : -1;
}
