
/*
 * Copyright (C) Otter contributors
 */

/*
 * Goes through the keys of rooms.  In a cluster events wait in lists of
 * their rooms until somebody fetches them: a message says where, and a look
 * at all of them finds what that missed.  Everywhere peers are left over
 * whose hosts died with nobody else in the room: they are told as gone when
 * two looks have found them so, for a host may be about to tell Redis of its
 * rooms again.
 */


#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "otter_clock.h"
#include "otter_event_room.h"
#include "otter_log.h"
#include "otter_webhooks.h"


enum {
    OTTER_WEBHOOKS_SCAN = 500          /* keys looked at in a round */
};


static void otter_webhooks_sweep_hear(void *data, const char *room);
static void otter_webhooks_sweep_begin(otter_webhooks_t *w, int64_t now);
static void otter_webhooks_sweep_step(otter_webhooks_t *w);
static void otter_webhooks_sweep_key(otter_webhooks_t *w, const char *key);
static void otter_webhooks_sweep_stale(otter_webhooks_t *w,
    const char *room);
static void otter_webhooks_sweep_end(otter_webhooks_t *w);


void
otter_webhooks_sweep(otter_webhooks_t *w)
{
    int64_t                  now;
    otter_webhooks_sweep_t  *sweep;

    sweep = &w->sweep;
    now = otter_clock();

    if (otter_event_listen(&sweep->listen, &w->conf.redis, w->conf.prefix,
                           otter_webhooks_sweep_hear, w))
    {
        sweep->due = 0;
    }

    if (!sweep->running && now >= sweep->due) {
        otter_webhooks_sweep_begin(w, now);
    }

    if (sweep->running) {
        otter_webhooks_sweep_step(w);
    }
}


static void
otter_webhooks_sweep_hear(void *data, const char *room)
{
    otter_webhooks_t  *w = data;

    w->busy = 1;

    if (otter_event_fetch(w->redis, w->conf.prefix, room) == -1) {
        w->trouble = 1;
    }
}


/* one worker at a time, for as long as until the next one */

static void
otter_webhooks_sweep_begin(otter_webhooks_t *w, int64_t now)
{
    char                     key[OTTER_EVENT_KEY_SIZE];
    redisReply              *reply;
    otter_webhooks_sweep_t  *sweep;

    sweep = &w->sweep;
    sweep->due = now + w->conf.sweep + otter_clock_jitter(w->conf.sweep / 4);

    snprintf(key, sizeof(key), "%s{webhooks}:sweep", w->conf.prefix);

    reply = otter_redis_command(w->redis, key, "SET %s %s NX PX %lld", key,
                                w->id, (long long) w->conf.sweep * 3 / 4);

    if (otter_redis_says(reply, "OK")) {
        sweep->running = 1;
        sweep->node = 0;
        snprintf(sweep->cursor, sizeof(sweep->cursor), "0");
    }

    if (reply) {
        freeReplyObject(reply);

    } else {
        w->trouble = 1;
    }
}


static void
otter_webhooks_sweep_step(otter_webhooks_t *w)
{
    char                     match[OTTER_EVENT_KEY_SIZE];
    size_t                   i;
    redisReply              *reply, *keys;
    otter_webhooks_sweep_t  *sweep;

    sweep = &w->sweep;

    if (sweep->node >= otter_redis_nodes(w->redis)) {
        otter_webhooks_sweep_end(w);
        return;
    }

    snprintf(match, sizeof(match), "%s{*}:[ex]", w->conf.prefix);

    reply = otter_redis_command_on(w->redis, sweep->node,
                                   "SCAN %s MATCH %s COUNT %d", sweep->cursor,
                                   match, OTTER_WEBHOOKS_SCAN);

    if (reply == NULL || reply->type != REDIS_REPLY_ARRAY
        || reply->elements != 2
        || reply->element[0]->type != REDIS_REPLY_STRING)
    {
        otter_webhooks_sweep_end(w);

        if (reply) {
            freeReplyObject(reply);
        }

        return;
    }

    snprintf(sweep->cursor, sizeof(sweep->cursor), "%s",
             reply->element[0]->str);

    if (strcmp(sweep->cursor, "0") == 0) {
        sweep->node++;
    }

    keys = reply->element[1];

    for (i = 0; i < keys->elements && !w->trouble; i++) {
        otter_webhooks_sweep_key(w, keys->element[i]->str);
    }

    freeReplyObject(reply);
}


static void
otter_webhooks_sweep_key(otter_webhooks_t *w, const char *key)
{
    char  room[OTTER_EVENT_ROOM_SIZE];

    if (otter_event_room_of(room, w->conf.prefix, ":e", key) == 0) {
        otter_webhooks_sweep_stale(w, room);

    } else if (otter_event_room_of(room, w->conf.prefix, ":x", key) == 0) {
        if (otter_event_fetch(w->redis, w->conf.prefix, room) == -1) {
            w->trouble = 1;
        }
    }
}


/* rooms found stale now are remembered for the next time */

static void
otter_webhooks_sweep_stale(otter_webhooks_t *w, const char *room)
{
    int                      n, cluster;
    size_t                   i;
    otter_webhooks_sweep_t  *sweep;

    sweep = &w->sweep;
    cluster = (w->conf.redis.kind == OTTER_REDIS_CLUSTER);

    n = otter_event_stale(w->redis, w->conf.prefix, room, cluster, 0);

    if (n <= 0) {
        if (n == -1) {
            w->trouble = 1;
        }

        return;
    }

    for (i = 0; i < sweep->nstale; i++) {
        if (strcmp(sweep->stale[i], room) != 0) {
            continue;
        }

        otter_log(OTTER_LOG_NOTICE, "room %s: peers of hosts that are no "
                  "more are told as gone", room);

        if (otter_event_stale(w->redis, w->conf.prefix, room, cluster, 1)
            == -1)
        {
            w->trouble = 1;
        }

        return;
    }

    if (sweep->nfound < OTTER_WEBHOOKS_STALE_MAX) {
        snprintf(sweep->found[sweep->nfound++], OTTER_EVENT_ROOM_SIZE, "%s",
                 room);
    }
}


static void
otter_webhooks_sweep_end(otter_webhooks_t *w)
{
    otter_webhooks_sweep_t  *sweep;

    sweep = &w->sweep;

    memcpy(sweep->stale, sweep->found,
           sweep->nfound * sizeof(sweep->found[0]));

    sweep->nstale = sweep->nfound;
    sweep->nfound = 0;
    sweep->running = 0;
}


void
otter_webhooks_sweep_exit(otter_webhooks_t *w)
{
    otter_event_listen_end(&w->sweep.listen);
}
