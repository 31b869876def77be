
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "otter_clock.h"
#include "otter_event_room.h"
#include "otter_log.h"
#include "otter_reaper.h"
#include "otter_usage.h"


enum {
    OTTER_REAPER_BATCH = 128,
    OTTER_REAPER_LAG = 15000           /* ms that events may take to come */
};


static void otter_reaper_hear(void *data, const char *room);
static int otter_reaper_groups(otter_reaper_t *reaper);
static int otter_reaper_read(otter_reaper_t *reaper,
    otter_redis_request_t requests[OTTER_EVENT_SHARDS]);
static int otter_reaper_shard(otter_reaper_t *reaper, unsigned shard,
    const redisReply *reply);
static int otter_reaper_entry(otter_reaper_t *reaper,
    const redisReply *entry);
static int otter_reaper_peer(const char *json, char *id, size_t size);
static int otter_reaper_done(otter_reaper_t *reaper, unsigned shard,
    const char *id);


/*
 * The streams have to be there, with this reader's group, before anything is
 * brought into them.
 */

void
otter_reaper_listen(otter_reaper_t *reaper)
{
    if (reaper->ready
        && otter_event_listen(&reaper->listen, &reaper->conf->redis,
                              reaper->conf->prefix, otter_reaper_hear, reaper))
    {
        reaper->next_round = 0;
    }
}


static void
otter_reaper_hear(void *data, const char *room)
{
    otter_reaper_t  *reaper = data;

    /* one that is not fetched now is found in the next round */

    (void) otter_event_fetch(reaper->redis, reaper->conf->prefix, room);
}


int
otter_reaper_events(otter_reaper_t *reaper)
{
    int                     n, all;
    unsigned                i;
    otter_redis_request_t   requests[OTTER_EVENT_SHARDS];

    if (!reaper->ready && otter_reaper_groups(reaper) != 0) {
        return -1;
    }

    memset(requests, 0, sizeof(requests));

    if (otter_reaper_read(reaper, requests) != 0) {
        reaper->ready = 0;
        otter_redis_clear(requests, OTTER_EVENT_SHARDS);
        return -1;
    }

    for (i = 0, all = 0; i < OTTER_EVENT_SHARDS; i++) {
        n = otter_reaper_shard(reaper, i, requests[i].reply);

        if (n == -1) {

            /* what was read is not done: it is read again from the group */

            reaper->ready = 0;
            all = -1;
            break;
        }

        all += n;
    }

    otter_redis_clear(requests, OTTER_EVENT_SHARDS);

    if (all == 0 && reaper->pending) {
        reaper->pending = 0;
        return 1;
    }

    return all;
}


/* what one of before has read and not done comes first */

static int
otter_reaper_groups(otter_reaper_t *reaper)
{
    char         key[OTTER_EVENT_KEY_SIZE];
    unsigned     i;
    redisReply  *reply;

    for (i = 0; i < OTTER_EVENT_SHARDS; i++) {
        otter_event_key(key, reaper->conf->prefix, i, "");

        reply = otter_redis_command(reaper->redis, key,
                                    "XGROUP CREATE %s usage 0 MKSTREAM", key);

        if (!otter_redis_says(reply, "OK")
            && !otter_redis_failed(reply, "BUSYGROUP"))
        {
            freeReplyObject(reply);
            return -1;
        }

        freeReplyObject(reply);
    }

    reaper->ready = 1;
    reaper->pending = 1;

    return 0;
}


static int
otter_reaper_read(otter_reaper_t *reaper,
    otter_redis_request_t requests[OTTER_EVENT_SHARDS])
{
    char      key[OTTER_EVENT_KEY_SIZE];
    unsigned  i;

    for (i = 0; i < OTTER_EVENT_SHARDS; i++) {
        otter_event_key(key, reaper->conf->prefix, i, "");

        if (otter_redis_format(&requests[i], key,
                               "XREADGROUP GROUP usage reaper COUNT %d "
                               "STREAMS %s %s", OTTER_REAPER_BATCH, key,
                               reaper->pending ? "0" : ">")
            != 0)
        {
            return -1;
        }
    }

    return otter_redis_run(reaper->redis, requests, OTTER_EVENT_SHARDS);
}


/* [[key, [entry, ...]]], or nil; the number of entries, or -1 */

static int
otter_reaper_shard(otter_reaper_t *reaper, unsigned shard,
    const redisReply *reply)
{
    size_t             i;
    const redisReply  *stream, *entries, *entry;

    if (reply->type == REDIS_REPLY_NIL) {
        return 0;
    }

    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 1) {
        return -1;
    }

    stream = reply->element[0];

    if (stream->type != REDIS_REPLY_ARRAY || stream->elements != 2
        || stream->element[1]->type != REDIS_REPLY_ARRAY)
    {
        return -1;
    }

    entries = stream->element[1];

    for (i = 0; i < entries->elements; i++) {
        entry = entries->element[i];

        if (entry->type != REDIS_REPLY_ARRAY || entry->elements != 2
            || entry->element[0]->type != REDIS_REPLY_STRING
            || otter_reaper_entry(reaper, entry) != 0
            || otter_reaper_done(reaper, shard, entry->element[0]->str) != 0)
        {
            return -1;
        }
    }

    return (int) entries->elements;
}


/* one that says nothing, or was trimmed meanwhile, is passed over */

static int
otter_reaper_entry(otter_reaper_t *reaper, const redisReply *entry)
{
    int                  rc;
    char                 peer[64];
    otter_event_t        event;
    otter_usage_call_t   call;

    if (otter_event_read(&event, entry) != 0
        || otter_reaper_peer(event.peer, peer, sizeof(peer)) != 0)
    {
        return 0;
    }

    call.counter = reaper->name;
    call.room = event.room;
    call.type = event.type;
    call.peer = peer;
    call.key = event.key;
    call.n = event.n;
    call.time = event.time;

    rc = otter_usage_call(reaper->redis, reaper->conf->prefix, &call);

    return rc >= 0 ? 0 : -1;
}


static int
otter_reaper_peer(const char *json, char *id, size_t size)
{
    int          rc;
    json_t      *peer;
    const char  *text;

    id[0] = '\0';

    if (json[0] == '\0') {
        return 0;
    }

    peer = json_loads(json, 0, NULL);
    text = json_string_value(json_object_get(peer, "id"));

    rc = text && snprintf(id, size, "%s", text) < (int) size ? 0 : -1;

    json_decref(peer);

    return rc;
}


static int
otter_reaper_done(otter_reaper_t *reaper, unsigned shard, const char *id)
{
    int          rc;
    char         key[OTTER_EVENT_KEY_SIZE];
    redisReply  *reply;

    otter_event_key(key, reaper->conf->prefix, shard, "");

    reply = otter_redis_command(reaper->redis, key, "XACK %s usage %s", key,
                                id);

    rc = reply && reply->type == REDIS_REPLY_INTEGER ? 0 : -1;
    freeReplyObject(reply);

    return rc;
}


/* calls that go on are counted up to a while ago */

void
otter_reaper_tick(otter_reaper_t *reaper)
{
    char                 key[128];
    size_t               i;
    redisReply          *reply;
    otter_usage_call_t   call;

    snprintf(key, sizeof(key), "%susage:{u}:calls", reaper->conf->prefix);

    memset(&call, 0, sizeof(call));

    call.counter = reaper->name;
    call.type = "tick";
    call.peer = "";
    call.key = "";
    call.time = otter_clock_wall() - OTTER_REAPER_LAG;

    reply = otter_redis_command(reaper->redis, key,
                                "ZRANGE %s -inf %lld BYSCORE", key,
                                (long long) call.time);

    if (reply && reply->type == REDIS_REPLY_ARRAY) {
        for (i = 0; i < reply->elements; i++) {
            call.room = reply->element[i]->str;

            if (otter_usage_call(reaper->redis, reaper->conf->prefix, &call)
                < 0)
            {
                break;
            }
        }
    }

    freeReplyObject(reply);
}
