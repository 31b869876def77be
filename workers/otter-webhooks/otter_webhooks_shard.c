
/*
 * Copyright (C) Otter contributors
 */


#include "otter_clock.h"
#include "otter_log.h"
#include "otter_webhooks.h"


static void otter_webhooks_shard_renew(otter_webhooks_t *w, unsigned i,
    int64_t now);
static void otter_webhooks_shard_take(otter_webhooks_t *w, unsigned i,
    int64_t now);
static void otter_webhooks_shard_leave(otter_webhooks_t *w, unsigned i);
static unsigned otter_webhooks_shards_held(const otter_webhooks_t *w);


/* called several times in the life of a lease */

void
otter_webhooks_shards(otter_webhooks_t *w)
{
    int                      workers;
    int64_t                  now, wall;
    unsigned                 i, held, share;
    otter_webhooks_shard_t  *shard;

    now = otter_clock();
    wall = otter_clock_wall();

    workers = otter_webhook_workers(&w->store, wall, wall + w->store.lease);

    if (workers == -1) {
        w->trouble = 1;
    }

    share = workers > 0
            ? (OTTER_EVENT_SHARDS + (unsigned) workers - 1)
              / (unsigned) workers
            : OTTER_EVENT_SHARDS;

    for (i = 0; i < OTTER_EVENT_SHARDS; i++) {
        if (w->shards[i].renewed) {
            otter_webhooks_shard_renew(w, i, now);
        }
    }

    held = otter_webhooks_shards_held(w);

    for (i = 0; i < OTTER_EVENT_SHARDS; i++) {
        shard = &w->shards[i];

        if (!shard->renewed) {
            if (held < share && workers > 0) {
                otter_webhooks_shard_take(w, i, now);
                held += shard->renewed != 0;
            }

        } else if (shard->leaving) {
            otter_webhooks_shard_leave(w, i);

        } else if (held > share) {
            shard->leaving = 1;
            held--;
            otter_webhooks_shard_leave(w, i);
        }
    }
}


static unsigned
otter_webhooks_shards_held(const otter_webhooks_t *w)
{
    unsigned  i, n;

    n = 0;

    for (i = 0; i < OTTER_EVENT_SHARDS; i++) {
        n += w->shards[i].renewed && !w->shards[i].leaving;
    }

    return n;
}


static void
otter_webhooks_shard_renew(otter_webhooks_t *w, unsigned i, int64_t now)
{
    otter_webhooks_shard_t  *shard;

    shard = &w->shards[i];

    switch (otter_webhook_renew(&w->store, i)) {

    case 1:
        shard->renewed = now;
        break;

    case 0:
        otter_log(OTTER_LOG_NOTICE, "shard %u went to another worker", i);
        shard->renewed = 0;
        shard->leaving = 0;
        break;

    default:
        w->trouble = 1;

        if (now - shard->renewed > w->store.lease) {
            shard->renewed = 0;
            shard->leaving = 0;
        }
    }
}


static void
otter_webhooks_shard_take(otter_webhooks_t *w, unsigned i, int64_t now)
{
    otter_webhooks_shard_t  *shard;

    shard = &w->shards[i];

    switch (otter_webhook_lease(&w->store, i)) {

    case 1:
        otter_log(OTTER_LOG_DEBUG, "shard %u is this worker's", i);
        shard->renewed = now;
        shard->fresh = 1;
        shard->leaving = 0;
        break;

    case -1:
        w->trouble = 1;
        break;

    default:
        break;
    }
}


/* when nothing of it is under way */

static void
otter_webhooks_shard_leave(otter_webhooks_t *w, unsigned i)
{
    if (w->shards[i].active == 0) {
        otter_webhook_release(&w->store, i);
        w->shards[i].renewed = 0;
        w->shards[i].leaving = 0;
    }
}


void
otter_webhooks_shards_release(otter_webhooks_t *w)
{
    unsigned  i;

    otter_webhook_leave(&w->store);

    for (i = 0; i < OTTER_EVENT_SHARDS; i++) {
        if (w->shards[i].renewed) {
            otter_webhook_release(&w->store, i);
            w->shards[i].renewed = 0;
        }
    }
}


int
otter_webhooks_shard_safe(const otter_webhooks_t *w, unsigned i)
{
    const otter_webhooks_shard_t  *shard;

    shard = &w->shards[i];

    return shard->renewed && !shard->leaving
           && otter_clock() + w->conf.timeout
              < shard->renewed + w->store.lease;
}
