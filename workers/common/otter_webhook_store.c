
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "otter_log.h"
#include "otter_webhook_script.h"


enum {
    OTTER_WEBHOOK_ENDPOINTS_MAX = 32
};


static void otter_webhook_make_group(const otter_webhook_store_t *store,
    const char *key);
static void otter_webhook_call_job(otter_webhook_call_t *call,
    const otter_webhook_store_t *store, unsigned shard,
    const otter_webhook_job_t *job);


int
otter_webhook_lease(const otter_webhook_store_t *store, unsigned shard)
{
    int          rc;
    char         key[OTTER_EVENT_KEY_SIZE];
    redisReply  *reply;

    otter_event_key(key, store->prefix, shard, ":lease");

    reply = otter_redis_command(store->redis, key, "SET %s %s NX PX %lld",
                                key, store->worker,
                                (long long) store->lease);
    if (reply == NULL) {
        return -1;
    }

    rc = otter_redis_says(reply, "OK");

    freeReplyObject(reply);

    return rc;
}


int
otter_webhook_renew(const otter_webhook_store_t *store, unsigned shard)
{
    otter_webhook_call_t  call;

    otter_webhook_call_init(&call, store, shard);
    otter_webhook_call_add_number(&call, store->lease);

    return otter_webhook_call_number(&call, store,
                                     otter_webhook_script_renew);
}


void
otter_webhook_release(const otter_webhook_store_t *store, unsigned shard)
{
    otter_webhook_call_t  call;

    otter_webhook_call_init(&call, store, shard);

    (void) otter_webhook_call_number(&call, store,
                                     otter_webhook_script_release);
}


redisReply *
otter_webhook_read(const otter_webhook_store_t *store, unsigned shard,
    int again, unsigned count, redisReply **entries)
{
    char         key[OTTER_EVENT_KEY_SIZE];
    redisReply  *reply;

    otter_event_key(key, store->prefix, shard, "");

    reply = otter_redis_command(store->redis, key,
                                "XREADGROUP GROUP " OTTER_WEBHOOK_GROUP
                                " holder COUNT %u STREAMS %s %s", count, key,
                                again ? "0" : ">");

    if (otter_redis_failed(reply, "NOGROUP")) {
        otter_webhook_make_group(store, key);
        freeReplyObject(reply);
        return NULL;
    }

    if (otter_redis_failed(reply, NULL)) {
        otter_log(OTTER_LOG_ERROR, "Redis: %s", reply->str);
        freeReplyObject(reply);
        return NULL;
    }

    *entries = NULL;

    if (reply && reply->type == REDIS_REPLY_ARRAY && reply->elements == 1
        && reply->element[0]->type == REDIS_REPLY_ARRAY
        && reply->element[0]->elements == 2)
    {
        *entries = reply->element[0]->element[1];
    }

    return reply;
}


/* what happened before anybody wanted to know is not told */

static void
otter_webhook_make_group(const otter_webhook_store_t *store, const char *key)
{
    redisReply  *reply;

    reply = otter_redis_command(store->redis, key,
                                "XGROUP CREATE %s " OTTER_WEBHOOK_GROUP
                                " $ MKSTREAM", key);

    if (otter_redis_failed(reply, NULL)
        && !otter_redis_failed(reply, "BUSYGROUP"))
    {
        otter_log(OTTER_LOG_ERROR, "Redis: %s", reply->str);
    }

    if (reply) {
        freeReplyObject(reply);
    }
}


int
otter_webhook_queue(const otter_webhook_store_t *store, unsigned shard,
    const otter_event_t *event, const char *body, size_t len,
    const char *const *endpoints, size_t nendpoints, int64_t now)
{
    int                    rc, n;
    char                  *item;
    size_t                 i, size;
    otter_webhook_call_t   call;

    if (nendpoints > OTTER_WEBHOOK_ENDPOINTS_MAX) {
        return -1;
    }

    /* an id without dots, which separate it in what is signed */

    size = len + strlen(event->id) + strlen(event->type) + 32;

    item = malloc(size);
    if (item == NULL) {
        return -1;
    }

    n = snprintf(item, size, "evt_%u_%s %s ", shard, event->id, event->type);
    memcpy(item + n, body, len);

    otter_webhook_call_init(&call, store, shard);
    otter_webhook_call_add_string(&call, event->id);
    otter_webhook_call_add_string(&call, event->room);
    otter_webhook_call_add_number(&call, now);
    otter_webhook_call_add_number(&call, store->backlog);
    otter_webhook_call_add_number(&call, OTTER_WEBHOOK_DEAD_MAX);
    otter_webhook_call_add(&call, item, (size_t) n + len);

    for (i = 0; i < nendpoints; i++) {
        otter_webhook_call_add_string(&call, endpoints[i]);
    }

    rc = otter_webhook_call_number(&call, store, otter_webhook_script_queue);

    free(item);

    return rc;
}


redisReply *
otter_webhook_take(const otter_webhook_store_t *store, unsigned shard,
    const char *endpoint, unsigned count, int64_t now, int64_t until)
{
    otter_webhook_call_t  call;

    otter_webhook_call_init(&call, store, shard);
    otter_webhook_call_add_string(&call, endpoint);
    otter_webhook_call_add_number(&call, count);
    otter_webhook_call_add_number(&call, now);
    otter_webhook_call_add_number(&call, until);

    return otter_webhook_call(&call, store, otter_webhook_script_take);
}


int
otter_webhook_job(otter_webhook_job_t *job, const redisReply *reply)
{
    size_t       i, len;
    const char  *item, *space;

    memset(job, 0, sizeof(*job));

    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 5) {
        return -1;
    }

    for (i = 0; i < 5; i++) {
        if (reply->element[i]->type != REDIS_REPLY_STRING) {
            return -1;
        }
    }

    job->endpoint = reply->element[0]->str;
    job->room = reply->element[1]->str;
    job->attempts = strtoll(reply->element[2]->str, NULL, 10);
    job->first = strtoll(reply->element[3]->str, NULL, 10);

    item = reply->element[4]->str;
    len = reply->element[4]->len;

    space = memchr(item, ' ', len);
    if (space == NULL) {
        return -1;
    }

    job->id = item;
    job->id_len = (size_t) (space - item);
    job->type = space + 1;

    space = memchr(job->type, ' ', len - job->id_len - 1);
    if (space == NULL) {
        return -1;
    }

    job->type_len = (size_t) (space - job->type);
    job->body = space + 1;
    job->body_len = len - (size_t) (job->body - item);

    return 0;
}


static void
otter_webhook_call_job(otter_webhook_call_t *call,
    const otter_webhook_store_t *store, unsigned shard,
    const otter_webhook_job_t *job)
{
    otter_webhook_call_init(call, store, shard);
    otter_webhook_call_add_string(call, job->endpoint);
    otter_webhook_call_add_string(call, job->room);
    otter_webhook_call_add(call, job->id, job->id_len);
}


int
otter_webhook_done(const otter_webhook_store_t *store, unsigned shard,
    const otter_webhook_job_t *job, int64_t now)
{
    otter_webhook_call_t  call;

    otter_webhook_call_job(&call, store, shard, job);
    otter_webhook_call_add_number(&call, now);

    return otter_webhook_call_number(&call, store,
                                     otter_webhook_script_done);
}


int
otter_webhook_again(const otter_webhook_store_t *store, unsigned shard,
    const otter_webhook_job_t *job, int64_t now, int64_t due)
{
    otter_webhook_call_t  call;

    otter_webhook_call_job(&call, store, shard, job);
    otter_webhook_call_add_number(&call, job->attempts + 1);
    otter_webhook_call_add_number(&call, job->first ? job->first : now);
    otter_webhook_call_add_number(&call, due);

    return otter_webhook_call_number(&call, store,
                                     otter_webhook_script_again);
}


int
otter_webhook_dead(const otter_webhook_store_t *store, unsigned shard,
    const otter_webhook_job_t *job, int64_t now, const char *error)
{
    otter_webhook_call_t  call;

    otter_webhook_call_job(&call, store, shard, job);
    otter_webhook_call_add_number(&call, job->attempts + 1);
    otter_webhook_call_add_number(&call, now);
    otter_webhook_call_add_string(&call, error);
    otter_webhook_call_add_number(&call, OTTER_WEBHOOK_DEAD_MAX);

    return otter_webhook_call_number(&call, store,
                                     otter_webhook_script_dead);
}
