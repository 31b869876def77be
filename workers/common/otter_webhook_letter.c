
/*
 * Copyright (C) Otter contributors
 */

/*
 * What people ask webhooks for: letters that were given up, and endpoints
 * that are gone; and the workers, who count each other.
 */


#include <stdlib.h>
#include <string.h>

#include "otter_log.h"
#include "otter_webhook_script.h"


enum {
    OTTER_WEBHOOK_LETTERS = 500        /* read at a time */
};


static int otter_webhook_letters(const otter_webhook_store_t *store,
    unsigned shard, long long first, const char *endpoint, json_t *list);
static int otter_webhook_letter(const redisReply *reply,
    const char *endpoint, json_t *list);
static void otter_webhook_own_key(char key[OTTER_EVENT_KEY_SIZE],
    const otter_webhook_store_t *store, const char *name);
static int otter_webhook_number(redisReply *reply);


int
otter_webhook_dead_list(const otter_webhook_store_t *store, unsigned shard,
    const char *endpoint, json_t *list)
{
    int        n;
    long long  first;

    for (first = 0; /* void */; first += n) {
        n = otter_webhook_letters(store, shard, first, endpoint, list);

        if (n <= 0) {
            return n;
        }
    }
}


/* how many there were, of any endpoint; -1: no Redis */

static int
otter_webhook_letters(const otter_webhook_store_t *store, unsigned shard,
    long long first, const char *endpoint, json_t *list)
{
    int          n;
    char         key[OTTER_EVENT_KEY_SIZE], times[OTTER_EVENT_KEY_SIZE];
    size_t       i;
    redisReply  *fields, *letter;

    otter_event_key(key, store->prefix, shard, ":dead");
    otter_event_key(times, store->prefix, shard, ":dead:times");

    fields = otter_redis_command(store->redis, times, "ZRANGE %s %lld %lld",
                                 times, first,
                                 first + OTTER_WEBHOOK_LETTERS - 1);

    if (fields == NULL || fields->type != REDIS_REPLY_ARRAY) {
        if (fields) {
            freeReplyObject(fields);
        }

        return -1;
    }

    n = (int) fields->elements;

    for (i = 0; i < fields->elements && n != -1; i++) {
        letter = otter_redis_command(store->redis, key, "HGET %s %b", key,
                                     fields->element[i]->str,
                                     fields->element[i]->len);

        if (letter == NULL
            || otter_webhook_letter(letter, endpoint, list) != 0)
        {
            n = -1;
        }

        if (letter) {
            freeReplyObject(letter);
        }
    }

    freeReplyObject(fields);

    return n;
}


/* JSON, a newline, and the item as it was queued */

static int
otter_webhook_letter(const redisReply *reply, const char *endpoint,
    json_t *list)
{
    char      time[OTTER_EVENT_TIME_SIZE];
    json_t   *letter, *failed;

    if (reply->type != REDIS_REPLY_STRING) {

        /* it was taken meanwhile */

        return 0;
    }

    letter = json_loadb(reply->str, strcspn(reply->str, "\n"), 0, NULL);
    failed = json_object_get(letter, "failed");

    if (!json_is_number(failed)
        || (endpoint
            && strcmp(json_string_value(json_object_get(letter, "endpoint")),
                      endpoint) != 0))
    {
        json_decref(letter);
        return 0;
    }

    otter_event_time(time, (int64_t) json_number_value(failed));

    if (json_object_set_new(letter, "failed_at", json_string(time)) != 0
        || json_object_del(letter, "failed") != 0)
    {
        json_decref(letter);
        return -1;
    }

    return json_array_append_new(list, letter);
}


int
otter_webhook_retry(const otter_webhook_store_t *store, unsigned shard,
    const char *endpoint, const char *id, int64_t now)
{
    otter_webhook_call_t  call;

    otter_webhook_call_init(&call, store, shard);
    otter_webhook_call_add_string(&call, endpoint);
    otter_webhook_call_add_string(&call, id);
    otter_webhook_call_add_number(&call, now);

    return otter_webhook_call_number(&call, store,
                                     otter_webhook_script_retry);
}


int
otter_webhook_shard_of(const char *id)
{
    char           *end;
    unsigned long   shard;

    if (strncmp(id, "evt_", 4) != 0 || id[4] < '0' || id[4] > '9') {
        return -1;
    }

    shard = strtoul(id + 4, &end, 10);

    return *end == '_' && shard < OTTER_EVENT_SHARDS ? (int) shard : -1;
}


static void
otter_webhook_own_key(char key[OTTER_EVENT_KEY_SIZE],
    const otter_webhook_store_t *store, const char *name)
{
    strncpy(key, store->prefix, OTTER_EVENT_KEY_SIZE - 1);
    key[OTTER_EVENT_KEY_SIZE - 1] = '\0';
    strncat(key, name, OTTER_EVENT_KEY_SIZE - strlen(key) - 1);
}


redisReply *
otter_webhook_disabled(const otter_webhook_store_t *store)
{
    char  key[OTTER_EVENT_KEY_SIZE];

    otter_webhook_own_key(key, store, "{webhooks}:disabled");

    return otter_redis_command(store->redis, key, "HGETALL %s", key);
}


int
otter_webhook_disable(const otter_webhook_store_t *store,
    const char *endpoint, const char *url)
{
    char  key[OTTER_EVENT_KEY_SIZE];

    otter_webhook_own_key(key, store, "{webhooks}:disabled");

    return otter_webhook_number(otter_redis_command(store->redis, key,
                                                    "HSET %s %s %s", key,
                                                    endpoint, url));
}


int
otter_webhook_enable(const otter_webhook_store_t *store,
    const char *endpoint)
{
    char  key[OTTER_EVENT_KEY_SIZE];

    otter_webhook_own_key(key, store, "{webhooks}:disabled");

    return otter_webhook_number(otter_redis_command(store->redis, key,
                                                    "HDEL %s %s", key,
                                                    endpoint));
}


int
otter_webhook_workers(const otter_webhook_store_t *store, int64_t now,
    int64_t until)
{
    char  key[OTTER_EVENT_KEY_SIZE];

    otter_webhook_own_key(key, store, "{webhooks}:workers");

    if (otter_webhook_number(otter_redis_command(store->redis, key,
                                                 "ZREMRANGEBYSCORE %s -inf "
                                                 "(%lld", key,
                                                 (long long) now))
        == -1
        || otter_webhook_number(otter_redis_command(store->redis, key,
                                                    "ZADD %s %lld %s", key,
                                                    (long long) until,
                                                    store->worker))
           == -1)
    {
        return -1;
    }

    return otter_webhook_number(otter_redis_command(store->redis, key,
                                                    "ZCARD %s", key));
}


void
otter_webhook_leave(const otter_webhook_store_t *store)
{
    char  key[OTTER_EVENT_KEY_SIZE];

    otter_webhook_own_key(key, store, "{webhooks}:workers");

    (void) otter_webhook_number(otter_redis_command(store->redis, key,
                                                    "ZREM %s %s", key,
                                                    store->worker));
}


static int
otter_webhook_number(redisReply *reply)
{
    int  number;

    if (reply == NULL) {
        return -1;
    }

    number = reply->type == REDIS_REPLY_INTEGER ? (int) reply->integer : -1;

    freeReplyObject(reply);

    return number;
}
