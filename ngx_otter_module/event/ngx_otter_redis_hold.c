
/*
 * Copyright (C) Otter contributors
 */

/*
 * Slots whose commands wait.  A command that comes back from the wrong node
 * waits for those that were sent there after it and come back as well, and
 * what is new of the slot waits behind them: so all of them go on in the
 * order in which they were given.
 */


#include "ngx_otter_redis_cluster.h"


enum {
    NGX_OTTER_REDIS_HOLD_TIMER = 20,
    NGX_OTTER_REDIS_HOLD_TIME = 3000,
    NGX_OTTER_REDIS_HOLD_MAX = 16 * 1024 * 1024
};


static ngx_uint_t ngx_otter_redis_hold_flying(ngx_otter_redis_t *redis,
    ngx_uint_t slot);
static void ngx_otter_redis_hold_try(ngx_otter_redis_t *redis,
    ngx_otter_redis_hold_t *hold);
static ngx_uint_t ngx_otter_redis_hold_old(ngx_otter_redis_hold_t *hold);
static void ngx_otter_redis_hold_send(ngx_otter_redis_t *redis,
    ngx_otter_redis_requests_t *requests, ngx_otter_redis_conn_t *conn);


ngx_otter_redis_hold_t *
ngx_otter_redis_hold_find(ngx_otter_redis_t *redis, ngx_uint_t slot)
{
    ngx_queue_t             *q;
    ngx_otter_redis_hold_t  *hold;

    for (q = ngx_queue_head(&redis->cluster->holds);
         q != ngx_queue_sentinel(&redis->cluster->holds);
         q = ngx_queue_next(q))
    {
        hold = ngx_queue_data(q, ngx_otter_redis_hold_t, queue);

        if (hold->slot == slot) {
            return hold;
        }
    }

    return NULL;
}


/* NULL: no memory */

ngx_otter_redis_hold_t *
ngx_otter_redis_hold_get(ngx_otter_redis_t *redis, ngx_uint_t slot)
{
    ngx_otter_redis_hold_t     *hold;
    ngx_otter_redis_cluster_t  *cluster;

    cluster = redis->cluster;

    hold = ngx_otter_redis_hold_find(redis, slot);
    if (hold) {
        return hold;
    }

    hold = calloc(1, sizeof(ngx_otter_redis_hold_t));
    if (hold == NULL) {
        return NULL;
    }

    hold->slot = (uint16_t) slot;
    hold->next = ngx_current_msec;
    hold->flying = ngx_otter_redis_hold_flying(redis, slot);

    ngx_otter_redis_requests_init(&hold->returned);
    ngx_otter_redis_requests_init(&hold->fresh);

    ngx_queue_insert_tail(&cluster->holds, &hold->queue);

    if (!cluster->timer.timer_set) {
        ngx_add_timer(&cluster->timer, NGX_OTTER_REDIS_HOLD_TIMER);
    }

    return hold;
}


static ngx_uint_t
ngx_otter_redis_hold_flying(ngx_otter_redis_t *redis, ngx_uint_t slot)
{
    ngx_uint_t                  n;
    ngx_queue_t                *q;
    ngx_otter_redis_node_t     *node;
    ngx_otter_redis_request_t  *request;

    n = 0;

    for (q = ngx_queue_head(&redis->nodes);
         q != ngx_queue_sentinel(&redis->nodes);
         q = ngx_queue_next(q))
    {
        node = ngx_queue_data(q, ngx_otter_redis_node_t, queue);

        for (request = node->command.requests.first;
             request;
             request = request->next)
        {
            if (request->slot == slot) {
                n++;
            }
        }
    }

    return n;
}


ngx_int_t
ngx_otter_redis_hold_fresh(ngx_otter_redis_hold_t *hold,
    ngx_otter_redis_request_t *request)
{
    if (hold->size + request->size > NGX_OTTER_REDIS_HOLD_MAX) {
        return NGX_ERROR;
    }

    hold->size += request->size;

    ngx_otter_redis_requests_add(&hold->fresh, request);

    return NGX_OK;
}


void
ngx_otter_redis_hold_returned(ngx_otter_redis_hold_t *hold,
    ngx_otter_redis_request_t *request)
{
    hold->size += request->size;

    ngx_otter_redis_requests_add(&hold->returned, request);
}


void
ngx_otter_redis_hold_landed(ngx_otter_redis_t *redis, ngx_uint_t slot)
{
    ngx_otter_redis_hold_t  *hold;

    hold = ngx_otter_redis_hold_find(redis, slot);

    if (hold && hold->flying) {
        hold->flying--;
    }
}


void
ngx_otter_redis_holds_try(ngx_otter_redis_t *redis)
{
    ngx_queue_t                *q, *next;
    ngx_otter_redis_cluster_t  *cluster;

    cluster = redis->cluster;

    for (q = ngx_queue_head(&cluster->holds);
         q != ngx_queue_sentinel(&cluster->holds);
         q = next)
    {
        next = ngx_queue_next(q);

        ngx_otter_redis_hold_try(redis, ngx_queue_data(q,
                                              ngx_otter_redis_hold_t, queue));
    }

    if (!ngx_queue_empty(&cluster->holds) && !cluster->timer.timer_set) {
        ngx_add_timer(&cluster->timer, NGX_OTTER_REDIS_HOLD_TIMER);
    }
}


static void
ngx_otter_redis_hold_try(ngx_otter_redis_t *redis,
    ngx_otter_redis_hold_t *hold)
{
    ngx_otter_redis_conn_t      *conn;
    ngx_otter_redis_node_t      *node;

    node = redis->cluster->slots[hold->slot];
    conn = node ? &node->command : NULL;

    if (conn && conn->state != NGX_OTTER_REDIS_READY && conn->tries) {

        /* it is not just being connected */

        conn = NULL;
    }

    if (!ngx_otter_redis_hold_old(hold)) {

        if (hold->flying
            || (ngx_msec_int_t) (hold->next - ngx_current_msec) > 0
            || (conn && conn->state != NGX_OTTER_REDIS_READY))
        {
            return;
        }
    }

    if (conn && conn->state != NGX_OTTER_REDIS_READY) {
        conn = NULL;
    }

    /* those who hear of it may ask for more */

    ngx_queue_remove(&hold->queue);

    ngx_otter_redis_hold_send(redis, &hold->returned, conn);
    ngx_otter_redis_hold_send(redis, &hold->fresh, conn);

    free(hold);
}


static ngx_uint_t
ngx_otter_redis_hold_old(ngx_otter_redis_hold_t *hold)
{
    ngx_otter_redis_request_t  *request;

    request = hold->returned.first ? hold->returned.first
                                   : hold->fresh.first;

    return request
           && ngx_current_msec - request->since > NGX_OTTER_REDIS_HOLD_TIME;
}


static void
ngx_otter_redis_hold_send(ngx_otter_redis_t *redis,
    ngx_otter_redis_requests_t *requests, ngx_otter_redis_conn_t *conn)
{
    ngx_otter_redis_request_t  *request;

    for ( ;; ) {
        request = ngx_otter_redis_requests_shift(requests);

        if (request == NULL) {
            return;
        }

        if (conn == NULL
            || ngx_otter_redis_send_kept(conn, request) != NGX_OK)
        {
            ngx_otter_redis_done(redis, request, NULL);
        }
    }
}


/* the worker exits: the order matters less than that they go out */

void
ngx_otter_redis_holds_exit(ngx_otter_redis_t *redis)
{
    ngx_queue_t                *q;
    ngx_otter_redis_hold_t     *hold;

    for (q = ngx_queue_head(&redis->cluster->holds);
         q != ngx_queue_sentinel(&redis->cluster->holds);
         q = ngx_queue_next(q))
    {
        hold = ngx_queue_data(q, ngx_otter_redis_hold_t, queue);

        hold->flying = 0;
        hold->next = ngx_current_msec;
    }

    ngx_otter_redis_holds_try(redis);
}
