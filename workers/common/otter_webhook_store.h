
/*
 * Copyright (C) Otter contributors
 */

/*
 * What webhooks keep in Redis (docs/webhooks.md).  All of a shard has one
 * hash tag and changes by scripts, which do nothing for a worker that does
 * not hold the shard's lease any more.
 */


#ifndef OTTER_WEBHOOK_STORE_H_INCLUDED
#define OTTER_WEBHOOK_STORE_H_INCLUDED


#include "otter_event.h"
#include "otter_redis.h"


enum {
    OTTER_WEBHOOK_NAME_MAX = 32,       /* of an endpoint */
    OTTER_WEBHOOK_DEAD_MAX = 10000     /* letters kept, of a shard */
};

/* the consumer group; its one consumer is whoever holds the lease */

#define OTTER_WEBHOOK_GROUP  "webhooks"

typedef struct {
    otter_redis_t  *redis;
    const char     *prefix;
    const char     *worker;            /* its id */
    int64_t         lease;             /* milliseconds */
    int64_t         backlog;           /* events waiting for an endpoint, of
                                          a shard */
} otter_webhook_store_t;

/* an event on its way to an endpoint; it points into the reply */

typedef struct {
    const char  *endpoint;
    const char  *room;
    const char  *id;                   /* of the event */
    size_t       id_len;
    const char  *type;
    size_t       type_len;
    const char  *body;
    size_t       body_len;
    int64_t      attempts;             /* that failed */
    int64_t      first;                /* when the first one was, or 0 */
} otter_webhook_job_t;


/* 1: the lease of the shard is this worker's; 0: another's; -1: no Redis */

int otter_webhook_lease(const otter_webhook_store_t *store, unsigned shard);
int otter_webhook_renew(const otter_webhook_store_t *store, unsigned shard);
void otter_webhook_release(const otter_webhook_store_t *store,
    unsigned shard);

/*
 * Events for this shard's holder: those it or another had before and did not
 * get done with, or new ones.  NULL: no Redis, or no stream yet; otherwise
 * entries, for otter_event_read(), in a reply that may be empty.
 */

redisReply *otter_webhook_read(const otter_webhook_store_t *store,
    unsigned shard, int again, unsigned count, redisReply **entries);

/*
 * Puts the event into the queue of each endpoint and takes it from the
 * stream's pending ones, in one step.  1; 0: the lease is lost; -1: no Redis.
 */

int otter_webhook_queue(const otter_webhook_store_t *store, unsigned shard,
    const otter_event_t *event, const char *body, size_t len,
    const char *const *endpoints, size_t nendpoints, int64_t now);

/*
 * Takes rooms whose first event is due, and puts them off until then, lest
 * another takes them, too.  Each: [room, attempts, time of the first, item].
 */

redisReply *otter_webhook_take(const otter_webhook_store_t *store,
    unsigned shard, const char *endpoint, unsigned count, int64_t now,
    int64_t until);
int otter_webhook_job(otter_webhook_job_t *job, const redisReply *reply);

/*
 * What came of a delivery: done; to be tried again at "due"; given up for
 * "error".  1: noted; 0: the lease is lost, or it is noted already; -1.
 */

int otter_webhook_done(const otter_webhook_store_t *store, unsigned shard,
    const otter_webhook_job_t *job, int64_t now);
int otter_webhook_again(const otter_webhook_store_t *store, unsigned shard,
    const otter_webhook_job_t *job, int64_t now, int64_t due);
int otter_webhook_dead(const otter_webhook_store_t *store, unsigned shard,
    const otter_webhook_job_t *job, int64_t now, const char *error);


/* for the otter command, by whomever */

/*
 * Letters of a shard, oldest first: {"id", "endpoint", "type", "room",
 * "attempts", "error", "failed_at"} each, appended to list.  0, or -1.
 */

int otter_webhook_dead_list(const otter_webhook_store_t *store,
    unsigned shard, const char *endpoint, json_t *list);

/* back into the queue.  1; 0: there is no such letter; -1: no Redis */

int otter_webhook_retry(const otter_webhook_store_t *store, unsigned shard,
    const char *endpoint, const char *id, int64_t now);

/* the shard that an event's id names; -1: it is none */

int otter_webhook_shard_of(const char *id);

/* endpoints that said 410: name and the URL that said it, as a flat list */

redisReply *otter_webhook_disabled(const otter_webhook_store_t *store);
int otter_webhook_disable(const otter_webhook_store_t *store,
    const char *endpoint, const char *url);
int otter_webhook_enable(const otter_webhook_store_t *store,
    const char *endpoint);

/* who is there: this worker is until then; the number of all, or -1 */

int otter_webhook_workers(const otter_webhook_store_t *store, int64_t now,
    int64_t until);

/* this one is no more: its share is the others' at once */

void otter_webhook_leave(const otter_webhook_store_t *store);


#endif /* OTTER_WEBHOOK_STORE_H_INCLUDED */
