
/*
 * Copyright (C) Otter contributors
 */

/*
 * The channels, and what is asked of their servers.  One thing at a time is
 * asked about a channel, so that an answer never has two meanings.
 */


#include "ngx_otter_redis_cluster.h"
#include "ngx_otter_cache.h"


enum {
    NGX_OTTER_REDIS_BATCH = 256
};


static ngx_otter_redis_channel_t *ngx_otter_redis_channel_create(
    ngx_otter_redis_t *redis, ngx_str_t *name);
static void ngx_otter_redis_channel_ask(ngx_otter_redis_channel_t *channel,
    const char *command);
static void ngx_otter_redis_channel_enter(ngx_otter_redis_t *redis,
    ngx_otter_redis_channel_t *channel);
static void ngx_otter_redis_channels_batch(ngx_otter_redis_node_t *node);


ngx_otter_redis_channel_t *
ngx_otter_redis_channel_find(ngx_otter_redis_t *redis, ngx_str_t *name)
{
    return (ngx_otter_redis_channel_t *)
           ngx_str_rbtree_lookup(&redis->channels, name,
                                 ngx_murmur_hash2(name->data, name->len));
}


ngx_otter_redis_channel_t *
ngx_otter_redis_channel_want(ngx_otter_redis_t *redis, ngx_str_t *name)
{
    ngx_otter_redis_channel_t  *channel;

    channel = ngx_otter_redis_channel_find(redis, name);

    if (channel) {

        /* it was about to be left; the answers lead it back */

        ngx_otter_redis_channel_set(redis, channel, 1, channel->standing);
        return channel;
    }

    channel = ngx_otter_redis_channel_create(redis, name);
    if (channel == NULL) {
        return NULL;
    }

    ngx_otter_redis_channel_set(redis, channel, 1, NGX_OTTER_REDIS_UNKNOWN);
    ngx_otter_redis_channel_place(redis, channel);

    return channel;
}


void
ngx_otter_redis_channel_unwant(ngx_otter_redis_t *redis,
    ngx_otter_redis_channel_t *channel)
{
    channel->stood = 0;

    ngx_otter_redis_channel_set(redis, channel, 0, channel->standing);

    if (channel->standing == NGX_OTTER_REDIS_STANDING) {
        ngx_otter_redis_channel_leave(redis, channel);

    } else if (channel->standing == NGX_OTTER_REDIS_UNKNOWN) {
        ngx_otter_redis_channel_free(redis, channel);
    }
}


static ngx_otter_redis_channel_t *
ngx_otter_redis_channel_create(ngx_otter_redis_t *redis, ngx_str_t *name)
{
    size_t                      size;
    ngx_otter_redis_channel_t  *channel;

    size = sizeof(ngx_otter_redis_channel_t) + name->len;

    channel = ngx_otter_cache_alloc(size);
    if (channel == NULL) {
        return NULL;
    }

    ngx_memzero(channel, sizeof(ngx_otter_redis_channel_t));
    ngx_memcpy(channel->name, name->data, name->len);

    channel->size = size;
    channel->slot = (uint16_t) ngx_otter_redis_slot(redis, name);
    channel->sn.str.data = channel->name;
    channel->sn.str.len = name->len;
    channel->sn.node.key = ngx_murmur_hash2(name->data, name->len);

    ngx_rbtree_insert(&redis->channels, &channel->sn.node);
    ngx_queue_insert_tail(&redis->homeless, &channel->queue);

    return channel;
}


void
ngx_otter_redis_channel_free(ngx_otter_redis_t *redis,
    ngx_otter_redis_channel_t *channel)
{
    ngx_rbtree_delete(&redis->channels, &channel->sn.node);
    ngx_queue_remove(&channel->queue);

    ngx_otter_cache_free(channel, channel->size);
}


void
ngx_otter_redis_channels_free(ngx_otter_redis_t *redis)
{
    while (redis->channels.root != redis->channels.sentinel) {
        ngx_otter_redis_channel_free(redis,
                       (ngx_otter_redis_channel_t *) redis->channels.root);
    }
}


void
ngx_otter_redis_channel_set(ngx_otter_redis_t *redis,
    ngx_otter_redis_channel_t *channel, ngx_uint_t wanted,
    ngx_otter_redis_standing_e standing)
{
    if (channel->wanted && channel->standing != NGX_OTTER_REDIS_STANDING) {
        redis->waiting--;
    }

    channel->wanted = wanted;
    channel->standing = standing;

    if (wanted && standing != NGX_OTTER_REDIS_STANDING) {
        redis->waiting++;

    } else {
        channel->moves = 0;
    }

    if (redis->waiting == 0) {
        ngx_otter_redis_changed(redis);
    }
}


void
ngx_otter_redis_channel_place(ngx_otter_redis_t *redis,
    ngx_otter_redis_channel_t *channel)
{
    ngx_queue_remove(&channel->queue);

    channel->node = redis->cluster ? redis->cluster->slots[channel->slot]
                                   : redis->node;

    if (channel->node == NULL) {
        ngx_queue_insert_tail(&redis->homeless, &channel->queue);
        return;
    }

    ngx_queue_insert_tail(&channel->node->channels, &channel->queue);

    if (channel->node->subscribe.state == NGX_OTTER_REDIS_READY) {
        ngx_otter_redis_channel_enter(redis, channel);
    }
}


/*
 * A channel stays at its old node until that one says that it is left: what
 * was published there comes first.
 */

void
ngx_otter_redis_channel_move(ngx_otter_redis_t *redis,
    ngx_otter_redis_channel_t *channel)
{
    if (channel->node == redis->cluster->slots[channel->slot]) {
        return;
    }

    if (channel->standing == NGX_OTTER_REDIS_UNKNOWN) {
        ngx_otter_redis_channel_place(redis, channel);

    } else if (channel->standing == NGX_OTTER_REDIS_STANDING) {
        ngx_otter_redis_channel_leave(redis, channel);
    }
}


void
ngx_otter_redis_channels_move(ngx_otter_redis_t *redis)
{
    ngx_rbtree_node_t          *node;

    if (redis->channels.root == redis->channels.sentinel) {
        return;
    }

    for (node = ngx_rbtree_min(redis->channels.root,
                               redis->channels.sentinel);
         node;
         node = ngx_rbtree_next(&redis->channels, node))
    {
        ngx_otter_redis_channel_move(redis,
                                     (ngx_otter_redis_channel_t *) node);
    }
}


void
ngx_otter_redis_channels_tick(ngx_otter_redis_t *redis)
{
    ngx_rbtree_node_t          *node;
    ngx_otter_redis_channel_t  *channel;

    if (redis->waiting == 0) {
        return;
    }

    for (node = ngx_rbtree_min(redis->channels.root,
                               redis->channels.sentinel);
         node;
         node = ngx_rbtree_next(&redis->channels, node))
    {
        channel = (ngx_otter_redis_channel_t *) node;

        if (channel->wanted && channel->standing == NGX_OTTER_REDIS_UNKNOWN) {
            channel->moves = 0;
            ngx_otter_redis_channel_place(redis, channel);
        }
    }
}


static void
ngx_otter_redis_channel_enter(ngx_otter_redis_t *redis,
    ngx_otter_redis_channel_t *channel)
{
    ngx_otter_redis_channel_set(redis, channel, channel->wanted,
                                NGX_OTTER_REDIS_ENTERING);

    ngx_otter_redis_channel_ask(channel, redis->cluster ? "SSUBSCRIBE"
                                                        : "SUBSCRIBE");
}


void
ngx_otter_redis_channel_leave(ngx_otter_redis_t *redis,
    ngx_otter_redis_channel_t *channel)
{
    ngx_otter_redis_channel_set(redis, channel, channel->wanted,
                                NGX_OTTER_REDIS_LEAVING);

    ngx_otter_redis_channel_ask(channel, redis->cluster ? "SUNSUBSCRIBE"
                                                        : "UNSUBSCRIBE");
}


static void
ngx_otter_redis_channel_ask(ngx_otter_redis_channel_t *channel,
    const char *command)
{
    ngx_str_t                argv[2];
    ngx_otter_redis_conn_t  *conn;

    argv[0].data = (u_char *) command;
    argv[0].len = ngx_strlen(command);
    argv[1] = channel->sn.str;

    conn = &channel->node->subscribe;

    if (ngx_otter_redis_send(conn, 2, argv, NULL, channel) != NGX_OK) {

        /* all is asked again on the next connection */

        ngx_otter_redis_conn_fail(conn, "no memory");
    }
}


/* a new connection: it knows nothing yet */

void
ngx_otter_redis_channels_enter(ngx_otter_redis_node_t *node)
{
    ngx_queue_t                *q;
    ngx_otter_redis_channel_t  *channel;

    if (node->redis->cluster == NULL) {
        ngx_otter_redis_channels_batch(node);
        return;
    }

    /* channels of one command must be of one slot */

    for (q = ngx_queue_head(&node->channels);
         q != ngx_queue_sentinel(&node->channels);
         q = ngx_queue_next(q))
    {
        channel = ngx_queue_data(q, ngx_otter_redis_channel_t, queue);
        ngx_otter_redis_channel_enter(node->redis, channel);
    }
}


static void
ngx_otter_redis_channels_batch(ngx_otter_redis_node_t *node)
{
    u_char                     *p;
    size_t                      size;
    ngx_uint_t                  n, i;
    ngx_queue_t                *q, *first;
    ngx_otter_redis_request_t  *request;
    ngx_otter_redis_channel_t  *channel;

    q = ngx_queue_head(&node->channels);

    while (q != ngx_queue_sentinel(&node->channels)) {

        first = q;
        size = NGX_OTTER_REDIS_HEAD + NGX_OTTER_REDIS_ARG
               + sizeof("SUBSCRIBE");

        for (n = 0; n < NGX_OTTER_REDIS_BATCH; n++) {

            if (q == ngx_queue_sentinel(&node->channels)) {
                break;
            }

            channel = ngx_queue_data(q, ngx_otter_redis_channel_t, queue);
            size += NGX_OTTER_REDIS_ARG + channel->sn.str.len;

            q = ngx_queue_next(q);
        }

        request = ngx_otter_redis_request_create(NULL, NULL, 0);
        p = ngx_otter_redis_conn_reserve(&node->subscribe, size);

        if (request == NULL || p == NULL) {

            if (request) {
                ngx_otter_redis_request_free(request);
            }

            ngx_otter_redis_conn_fail(&node->subscribe, "no memory");
            return;
        }

        request->left = n;

        p = ngx_otter_redis_write_head(p, n + 1);
        p = ngx_otter_redis_write_arg(p, "SUBSCRIBE",
                                      sizeof("SUBSCRIBE") - 1);

        for (i = 0; i < n; i++, first = ngx_queue_next(first)) {

            channel = ngx_queue_data(first, ngx_otter_redis_channel_t, queue);

            ngx_otter_redis_channel_set(node->redis, channel, channel->wanted,
                                        NGX_OTTER_REDIS_ENTERING);

            p = ngx_otter_redis_write_arg(p, channel->name,
                                          channel->sn.str.len);
        }

        ngx_otter_redis_conn_commit(&node->subscribe, p, request);
    }
}


void
ngx_otter_redis_channels_lost(ngx_otter_redis_node_t *node)
{
    ngx_queue_t                *q, *next;
    ngx_otter_redis_channel_t  *channel;

    for (q = ngx_queue_head(&node->channels);
         q != ngx_queue_sentinel(&node->channels);
         q = next)
    {
        next = ngx_queue_next(q);
        channel = ngx_queue_data(q, ngx_otter_redis_channel_t, queue);

        if (channel->wanted) {
            ngx_otter_redis_channel_set(node->redis, channel, 1,
                                        NGX_OTTER_REDIS_UNKNOWN);

            if (node->redis->cluster) {
                ngx_otter_redis_channel_move(node->redis, channel);
            }

        } else {
            ngx_otter_redis_channel_free(node->redis, channel);
        }
    }
}
