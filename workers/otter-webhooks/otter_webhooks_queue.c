
/*
 * Copyright (C) Otter contributors
 */


#include <stdlib.h>
#include <string.h>

#include "otter_clock.h"
#include "otter_log.h"
#include "otter_webhooks.h"


enum {
    OTTER_WEBHOOKS_READ = 200,         /* events at a time */
    OTTER_WEBHOOKS_SPARE = 1000        /* milliseconds that a request may be
                                          late to end */
};


static void otter_webhooks_read_shard(otter_webhooks_t *w, unsigned i);
static void otter_webhooks_allowed(otter_webhooks_t *w);
static int otter_webhooks_queue_entry(otter_webhooks_t *w, unsigned shard,
    const redisReply *entry);
static char *otter_webhooks_body(const otter_event_t *event);
static void otter_webhooks_take_shard(otter_webhooks_t *w, unsigned shard,
    otter_webhooks_endpoint_t *endpoint);


void
otter_webhooks_read(otter_webhooks_t *w)
{
    unsigned  i;

    for (i = 0; i < OTTER_EVENT_SHARDS && !w->trouble; i++) {
        if (otter_webhooks_shard_safe(w, i)) {
            otter_webhooks_read_shard(w, i);
        }
    }
}


static void
otter_webhooks_read_shard(otter_webhooks_t *w, unsigned i)
{
    size_t                   n;
    redisReply              *reply, *entries;
    otter_webhooks_shard_t  *shard;

    shard = &w->shards[i];

    reply = otter_webhook_read(&w->store, i, shard->fresh,
                               OTTER_WEBHOOKS_READ, &entries);
    if (reply == NULL) {
        w->trouble = !otter_redis_up(w->redis);
        return;
    }

    if (entries == NULL || entries->elements == 0) {

        /* all that was pending is queued */

        w->busy |= shard->fresh;
        shard->fresh = 0;
        freeReplyObject(reply);
        return;
    }

    w->busy = 1;

    otter_webhooks_allowed(w);

    for (n = 0; n < entries->elements; n++) {
        if (otter_webhooks_queue_entry(w, i, entries->element[n]) != 1) {

            /* it stays pending, and nothing may overtake it */

            shard->fresh = 1;
            w->trouble = 1;
            break;
        }
    }

    freeReplyObject(reply);
}


/* what comes after an endpoint was allowed again is for it, too */

static void
otter_webhooks_allowed(otter_webhooks_t *w)
{
    size_t  i;

    for (i = 0; i < w->conf.nendpoints; i++) {
        if (w->conf.endpoints[i]->disabled) {
            otter_webhooks_disabled(w);
            return;
        }
    }
}


static int
otter_webhooks_queue_entry(otter_webhooks_t *w, unsigned shard,
    const redisReply *entry)
{
    int                         rc;
    char                       *body;
    size_t                      i, n;
    const char                 *names[OTTER_WEBHOOKS_ENDPOINTS_MAX];
    otter_event_t               event;
    otter_webhooks_endpoint_t  *endpoint;

    n = 0;

    /* an entry that was trimmed away while it was pending has no fields */

    if (otter_event_read(&event, entry) != 0) {
        otter_log(OTTER_LOG_WARNING, "an event of shard %u is lost: %s",
                  shard, event.id ? "it was trimmed" : "it is none");
        event.room = "-";
        event.type = "-";

        if (event.id == NULL) {
            return 1;
        }

        return otter_webhook_queue(&w->store, shard, &event, "", 0, names, 0,
                                   otter_clock_wall());
    }

    for (i = 0; i < w->conf.nendpoints; i++) {
        endpoint = w->conf.endpoints[i];

        if (!endpoint->disabled && otter_webhooks_wants(endpoint, &event)) {
            names[n++] = endpoint->name;
        }
    }

    body = otter_webhooks_body(&event);
    if (body == NULL) {
        otter_log(OTTER_LOG_ERROR, "event %s of %s is not readable",
                  event.id, event.room);
        n = 0;
    }

    rc = otter_webhook_queue(&w->store, shard, &event, body ? body : "",
                             body ? strlen(body) : 0, names, n,
                             otter_clock_wall());

    free(body);

    return rc;
}


static char *
otter_webhooks_body(const otter_event_t *event)
{
    char     time[OTTER_EVENT_TIME_SIZE], *body;
    json_t  *data, *json;

    data = otter_event_data(event);
    if (data == NULL) {
        return NULL;
    }

    otter_event_time(time, event->time);

    json = json_pack("{s:s, s:s, s:o}", "type", event->type, "timestamp",
                     time, "data", data);
    if (json == NULL) {
        return NULL;
    }

    body = json_dumps(json, JSON_COMPACT);

    json_decref(json);

    return body;
}


void
otter_webhooks_take(otter_webhooks_t *w)
{
    size_t                      k;
    int64_t                     now;
    unsigned                    i;
    otter_webhooks_endpoint_t  *endpoint;

    now = otter_clock_wall();

    for (i = 0; i < OTTER_EVENT_SHARDS && !w->trouble; i++) {

        for (k = 0; k < w->conf.nendpoints && !w->trouble; k++) {
            endpoint = w->conf.endpoints[k];

            if (!endpoint->disabled && endpoint->paused <= now
                && endpoint->active < w->conf.connections
                && otter_webhooks_shard_safe(w, i))
            {
                otter_webhooks_take_shard(w, i, endpoint);
            }
        }
    }
}


static void
otter_webhooks_take_shard(otter_webhooks_t *w, unsigned shard,
    otter_webhooks_endpoint_t *endpoint)
{
    size_t                i;
    int64_t               now;
    redisReply           *reply;
    otter_webhook_job_t   job;

    now = otter_clock_wall();

    reply = otter_webhook_take(&w->store, shard, endpoint->name,
                               (unsigned) w->conf.connections
                               - endpoint->active, now,
                               now + w->conf.timeout + OTTER_WEBHOOKS_SPARE);
    if (reply == NULL) {
        w->trouble = 1;
        return;
    }

    if (reply->type == REDIS_REPLY_ERROR) {
        otter_log(OTTER_LOG_ERROR, "Redis: %s", reply->str);
    }

    for (i = 0; reply->type == REDIS_REPLY_ARRAY && i < reply->elements;
         i++)
    {
        if (otter_webhook_job(&job, reply->element[i]) == 0) {
            otter_webhooks_send(w, shard, endpoint, &job);
        }
    }

    freeReplyObject(reply);
}


/* endpoints that said 410 under the URL that they still have */

void
otter_webhooks_disabled(otter_webhooks_t *w)
{
    size_t                      i;
    redisReply                 *reply;
    otter_webhooks_endpoint_t  *endpoint;

    reply = otter_webhook_disabled(&w->store);

    if (reply == NULL || reply->type != REDIS_REPLY_ARRAY) {
        w->trouble |= reply == NULL;

        if (reply) {
            freeReplyObject(reply);
        }

        return;
    }

    for (i = 0; i < w->conf.nendpoints; i++) {
        w->conf.endpoints[i]->disabled = 0;
    }

    for (i = 0; i + 1 < reply->elements; i += 2) {
        endpoint = otter_webhooks_endpoint(&w->conf, reply->element[i]->str);

        if (endpoint
            && strcmp(endpoint->url, reply->element[i + 1]->str) == 0)
        {
            endpoint->disabled = 1;
        }
    }

    freeReplyObject(reply);
}
