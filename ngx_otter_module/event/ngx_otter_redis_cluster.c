
/*
 * Copyright (C) Otter contributors
 */

/*
 * Commands in a cluster: each goes to the node of its key's slot, and on to
 * where that one sends it.
 */


#include "ngx_otter_redis_cluster.h"


enum {
    NGX_OTTER_REDIS_MOVES_MAX = 3,             /* at once */
    NGX_OTTER_REDIS_RETRY = 50,                /* milliseconds */
    NGX_OTTER_REDIS_RETRY_MAX = 2000,
    NGX_OTTER_REDIS_IDLE_MAX = 10              /* ticks without slots */
};


static void ngx_otter_redis_cluster_timer_handler(ngx_event_t *ev);
static ngx_int_t ngx_otter_redis_cluster_hold(ngx_otter_redis_t *redis,
    ngx_otter_redis_request_t *request, ngx_uint_t all, ngx_msec_t delay);
static ngx_int_t ngx_otter_redis_cluster_moved(ngx_otter_redis_node_t *node,
    ngx_otter_redis_request_t *request, redisReply *reply);
static ngx_int_t ngx_otter_redis_cluster_asked(ngx_otter_redis_node_t *node,
    ngx_otter_redis_request_t *request, redisReply *reply);


ngx_int_t
ngx_otter_redis_cluster_init(ngx_otter_redis_t *redis)
{
    ngx_otter_redis_cluster_t  *cluster;

    cluster = calloc(1, sizeof(ngx_otter_redis_cluster_t));
    if (cluster == NULL) {
        return NGX_ERROR;
    }

    ngx_queue_init(&cluster->holds);

    cluster->timer.handler = ngx_otter_redis_cluster_timer_handler;
    cluster->timer.data = redis;
    cluster->timer.log = redis->log;
    cluster->timer.cancelable = 1;

    redis->cluster = cluster;

    return NGX_OK;
}


/* what waits is sent; after that, there are only the nodes */

void
ngx_otter_redis_cluster_exit(ngx_otter_redis_t *redis)
{
    ngx_otter_redis_holds_exit(redis);

    if (redis->cluster->timer.timer_set) {
        ngx_del_timer(&redis->cluster->timer);
    }
}


static void
ngx_otter_redis_cluster_timer_handler(ngx_event_t *ev)
{
    ngx_otter_redis_holds_try(ev->data);
}


/* nodes that have had no slots for a while are forgotten */

void
ngx_otter_redis_cluster_tick(ngx_otter_redis_t *redis)
{
    ngx_queue_t             *q, *next;
    ngx_otter_redis_node_t  *node;

    for (q = ngx_queue_head(&redis->nodes);
         q != ngx_queue_sentinel(&redis->nodes);
         q = next)
    {
        next = ngx_queue_next(q);
        node = ngx_queue_data(q, ngx_otter_redis_node_t, queue);

        ngx_otter_redis_node_settle(node);

        if (node->nslots == 0 && node->idle++ > NGX_OTTER_REDIS_IDLE_MAX
            && node->command.requests.first == NULL
            && ngx_queue_empty(&node->channels))
        {
            ngx_otter_redis_node_stop(node);
            ngx_otter_redis_node_free(node);
        }
    }

    ngx_otter_redis_channels_tick(redis);
}


ngx_int_t
ngx_otter_redis_cluster_send(ngx_otter_redis_t *redis,
    ngx_otter_redis_request_t *request)
{
    ngx_otter_redis_hold_t  *hold;
    ngx_otter_redis_node_t  *node;

    hold = ngx_otter_redis_hold_find(redis, request->slot);

    if (hold && (hold->all || !request->publish)) {
        return ngx_otter_redis_hold_fresh(hold, request);
    }

    node = redis->cluster->slots[request->slot];

    if (node == NULL) {
        return NGX_ERROR;
    }

    if (node->command.state != NGX_OTTER_REDIS_READY) {

        if (node->command.tries) {
            return NGX_ERROR;
        }

        /* it was only just heard of */

        hold = ngx_otter_redis_hold_get(redis, request->slot);
        if (hold == NULL) {
            return NGX_ERROR;
        }

        hold->all = 1;

        return ngx_otter_redis_hold_fresh(hold, request);
    }

    if (ngx_otter_redis_send_kept(&node->command, request) != NGX_OK) {
        return NGX_ERROR;
    }

    if (hold) {
        hold->flying++;
    }

    return NGX_OK;
}


ngx_int_t
ngx_otter_redis_cluster_refused(ngx_otter_redis_node_t *node,
    ngx_otter_redis_request_t *request, redisReply *reply)
{
    ngx_otter_redis_t  *redis;

    redis = node->redis;

    if (request->slot == NGX_OTTER_REDIS_NO_SLOT) {
        return NGX_DECLINED;
    }

    if (request->script) {

        /* what is not carried out is not kept by the server either */

        ngx_otter_redis_script_forget(&node->command, request->script);
    }

    if (ngx_otter_redis_is_error(reply, "MOVED")) {
        return ngx_otter_redis_cluster_moved(node, request, reply);
    }

    if (ngx_otter_redis_is_error(reply, "ASK")) {
        return ngx_otter_redis_cluster_asked(node, request, reply);
    }

    if (ngx_otter_redis_is_error(reply, "NOSCRIPT") && !request->repeated) {
        request->repeated = 1;

        return ngx_otter_redis_cluster_hold(redis, request, 0, 0);
    }

    if (ngx_otter_redis_is_error(reply, "TRYAGAIN")) {
        return ngx_otter_redis_cluster_hold(redis, request, 0,
                                            NGX_OTTER_REDIS_RETRY);
    }

    if (ngx_otter_redis_is_error(reply, "CLUSTERDOWN")) {
        redis->watch->wanted = 1;

        return ngx_otter_redis_cluster_hold(redis, request, 1,
                                            NGX_OTTER_REDIS_RETRY);
    }

    return NGX_DECLINED;
}


static ngx_int_t
ngx_otter_redis_cluster_hold(ngx_otter_redis_t *redis,
    ngx_otter_redis_request_t *request, ngx_uint_t all, ngx_msec_t delay)
{
    ngx_msec_t               next;
    ngx_otter_redis_hold_t  *hold;

    if (ngx_current_msec - request->since > NGX_OTTER_REDIS_RETRY_MAX) {
        return NGX_DECLINED;
    }

    hold = ngx_otter_redis_hold_get(redis, request->slot);
    if (hold == NULL) {
        return NGX_DECLINED;
    }

    if (all) {
        hold->all = 1;
    }

    next = ngx_current_msec + delay;

    if ((ngx_msec_int_t) (next - hold->next) > 0) {
        hold->next = next;
    }

    ngx_otter_redis_hold_returned(hold, request);

    return NGX_OK;
}


static ngx_int_t
ngx_otter_redis_cluster_moved(ngx_otter_redis_node_t *node,
    ngx_otter_redis_request_t *request, redisReply *reply)
{
    ngx_int_t                rc;
    ngx_uint_t               slot;
    ngx_otter_redis_node_t  *to;

    to = ngx_otter_redis_map_told(node, reply, &slot);

    if (to == NULL || slot != request->slot) {
        return NGX_DECLINED;
    }

    /* two nodes that know nothing better than each other */

    rc = ngx_otter_redis_cluster_hold(node->redis, request, 1,
                                      (request->moves++
                                       < NGX_OTTER_REDIS_MOVES_MAX)
                                      ? 0 : NGX_OTTER_REDIS_RETRY);

    ngx_otter_redis_map_moved(node->redis, slot, to);

    return rc;
}


/* the key is on its way to another node, the slot is still with this one */

static ngx_int_t
ngx_otter_redis_cluster_asked(ngx_otter_redis_node_t *node,
    ngx_otter_redis_request_t *request, redisReply *reply)
{
    ngx_str_t                argv[1];
    ngx_uint_t               slot;
    ngx_otter_redis_t       *redis;
    ngx_otter_redis_node_t  *to;

    redis = node->redis;

    to = ngx_otter_redis_map_told(node, reply, &slot);

    if (to == NULL || slot != request->slot) {
        return NGX_DECLINED;
    }

    to->idle = 0;

    ngx_str_set(&argv[0], "ASKING");

    if (ngx_otter_redis_hold_find(redis, slot)
        || ngx_otter_redis_send(&to->command, 1, argv, NULL, NULL) != NGX_OK)
    {
        return ngx_otter_redis_cluster_hold(redis, request, 0,
                                            NGX_OTTER_REDIS_RETRY);
    }

    return ngx_otter_redis_send_kept(&to->command, request);
}


void
ngx_otter_redis_cluster_lost(ngx_otter_redis_node_t *node)
{
    ngx_otter_redis_t          *redis;
    ngx_otter_redis_request_t  *request;

    redis = node->redis;

    for (request = node->command.requests.first;
         request;
         request = request->next)
    {
        if (request->slot == NGX_OTTER_REDIS_NO_SLOT) {
            continue;
        }

        ngx_otter_redis_hold_landed(redis, request->slot);

        if (request->handler == NULL) {
            redis->handlers->missed(request->slot);
        }
    }
}
