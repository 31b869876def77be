
/*
 * Copyright (C) Otter contributors
 */

/*
 * otter-webhooks: brings events of rooms from Redis to HTTPS endpoints.  A
 * worker holds some of the shards by leases, puts their new events into the
 * queues of the endpoints, and posts the first event of each room.  All that
 * must not be lost is in Redis; here is only what is under way.
 */


#ifndef OTTER_WEBHOOKS_H_INCLUDED
#define OTTER_WEBHOOKS_H_INCLUDED


#include <curl/curl.h>

#include "otter_companion.h"
#include "otter_event_listen.h"
#include "otter_event_room.h"
#include "otter_webhooks_conf.h"


enum {
    OTTER_WEBHOOKS_ID_SIZE = 21,
    OTTER_WEBHOOKS_STALE_MAX = 256     /* rooms remembered; others wait */
};

typedef struct otter_webhooks_s  otter_webhooks_t;
typedef struct otter_webhooks_request_s  otter_webhooks_request_t;

typedef struct {
    int64_t       renewed;             /* otter_clock(); 0: not held */
    unsigned      fresh:1;             /* what was pending is to be read */
    unsigned      leaving:1;           /* to another worker */
    unsigned      active;              /* requests under way */
} otter_webhooks_shard_t;

typedef struct {
    otter_event_listen_t  listen;
    int64_t               due;
    size_t                node;        /* that is gone through */
    size_t                nstale;      /* rooms of the last time */
    size_t                nfound;      /* rooms of this time */
    unsigned              running;
    char                  cursor[24];
    char                  stale[OTTER_WEBHOOKS_STALE_MAX]
                               [OTTER_EVENT_ROOM_SIZE];
    char                  found[OTTER_WEBHOOKS_STALE_MAX]
                               [OTTER_EVENT_ROOM_SIZE];
} otter_webhooks_sweep_t;

struct otter_webhooks_s {
    otter_companion_t           companion;
    otter_webhooks_conf_t       conf;
    otter_redis_t              *redis;
    otter_webhook_store_t       store;
    CURLM                      *multi;
    otter_webhooks_shard_t      shards[OTTER_EVENT_SHARDS];
    otter_webhooks_sweep_t      sweep;
    otter_webhooks_request_t   *requests;
    unsigned                    active;
    int64_t                     due;           /* of the next round */
    int64_t                     housekeeping;  /* of the next one */
    unsigned                    busy:1;        /* there may be more at once */
    unsigned                    trouble:1;     /* with Redis, in this round */
    char                        id[OTTER_WEBHOOKS_ID_SIZE];
};


/* otter_webhooks_shard.c: takes, renews and gives back shards */

void otter_webhooks_shards(otter_webhooks_t *w);
void otter_webhooks_shards_release(otter_webhooks_t *w);

/* 1: for a request that starts now and takes its full time, the lease lasts */

int otter_webhooks_shard_safe(const otter_webhooks_t *w, unsigned i);

/* otter_webhooks_queue.c: from the streams into the queues, and from there */

void otter_webhooks_read(otter_webhooks_t *w);
void otter_webhooks_take(otter_webhooks_t *w);
void otter_webhooks_disabled(otter_webhooks_t *w);

/* otter_webhooks_sweep.c: events that only the room's keys know of */

void otter_webhooks_sweep(otter_webhooks_t *w);
void otter_webhooks_sweep_exit(otter_webhooks_t *w);

/* otter_webhooks_send.c: requests */

int otter_webhooks_send_init(otter_webhooks_t *w);
void otter_webhooks_send_exit(otter_webhooks_t *w);
void otter_webhooks_send(otter_webhooks_t *w, unsigned shard,
    otter_webhooks_endpoint_t *endpoint, const otter_webhook_job_t *job);
void otter_webhooks_send_run(otter_webhooks_t *w);

/* what came of it; status 0: nothing, and error says why */

typedef struct {
    unsigned       shard;
    long           status;
    int64_t        retry_after;        /* milliseconds; 0: not told */
    const char    *error;
} otter_webhooks_outcome_t;

/* otter_webhooks_outcome.c */

void otter_webhooks_outcome(otter_webhooks_t *w,
    otter_webhooks_endpoint_t *endpoint, const otter_webhook_job_t *job,
    const otter_webhooks_outcome_t *outcome);


#endif /* OTTER_WEBHOOKS_H_INCLUDED */
