
/*
 * Copyright (C) Otter contributors
 */

/* What comes over a connection for subscriptions. */


#include "ngx_otter_redis_cluster.h"


enum {
    NGX_OTTER_REDIS_CHANNEL_MOVES = 3          /* from one tick to the next */
};


static void ngx_otter_redis_channels_answered(ngx_otter_redis_conn_t *conn);
static void ngx_otter_redis_channel_message(ngx_otter_redis_node_t *node,
    ngx_str_t *name, ngx_str_t *data);
static void ngx_otter_redis_channel_entered(ngx_otter_redis_node_t *node,
    ngx_str_t *name);
static void ngx_otter_redis_channel_left(ngx_otter_redis_node_t *node,
    ngx_str_t *name);
static void ngx_otter_redis_channel_answered(ngx_otter_redis_node_t *node,
    ngx_otter_redis_channel_t *channel);
static void ngx_otter_redis_channel_out(ngx_otter_redis_t *redis,
    ngx_otter_redis_channel_t *channel);
static void ngx_otter_redis_channel_refused(ngx_otter_redis_node_t *node,
    redisReply *reply);
static void ngx_otter_redis_channel_moved(ngx_otter_redis_node_t *node,
    redisReply *reply);


void
ngx_otter_redis_channels_reply(ngx_otter_redis_node_t *node,
    redisReply *reply)
{
    char        *kind;
    ngx_str_t    name, data;
    redisReply **element;

    if (reply->type == REDIS_REPLY_ERROR) {
        ngx_otter_redis_channel_refused(node, reply);
        return;
    }

    element = reply->element;

    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 3
        || element[0]->type != REDIS_REPLY_STRING
        || element[1]->type != REDIS_REPLY_STRING)
    {
        ngx_otter_redis_conn_fail(&node->subscribe,
                                  "it says what nobody asked for");
        return;
    }

    kind = element[0]->str;

    if (node->redis->cluster && *kind == 's') {
        kind++;
    }

    name.data = (u_char *) element[1]->str;
    name.len = element[1]->len;

    if (ngx_strcmp(kind, "message") == 0) {
        data.data = (u_char *) element[2]->str;
        data.len = element[2]->len;

        ngx_otter_redis_channel_message(node, &name, &data);

    } else if (ngx_strcmp(kind, "subscribe") == 0) {
        ngx_otter_redis_channel_entered(node, &name);

    } else if (ngx_strcmp(kind, "unsubscribe") == 0) {
        ngx_otter_redis_channel_left(node, &name);
    }
}


static void
ngx_otter_redis_channel_message(ngx_otter_redis_node_t *node,
    ngx_str_t *name, ngx_str_t *data)
{
    ngx_otter_redis_channel_t  *channel;

    channel = ngx_otter_redis_channel_find(node->redis, name);

    if (channel == NULL || channel->node != node
        || channel->standing != NGX_OTTER_REDIS_STANDING)
    {
        return;
    }

    if (channel == node->probe) {
        ngx_otter_redis_node_heard(node, data);
        return;
    }

    ngx_otter_stats->redis_received++;

    node->redis->handlers->message(name, data);
}


/* one of the replies that the first request waits for */

static void
ngx_otter_redis_channels_answered(ngx_otter_redis_conn_t *conn)
{
    ngx_otter_redis_request_t  *request;

    request = conn->requests.first;

    if (request && --request->left == 0) {
        (void) ngx_otter_redis_requests_shift(&conn->requests);
        ngx_otter_redis_request_free(request);
    }
}


static void
ngx_otter_redis_channel_entered(ngx_otter_redis_node_t *node, ngx_str_t *name)
{
    ngx_uint_t                  again;
    ngx_otter_redis_channel_t  *channel;

    ngx_otter_redis_channels_answered(&node->subscribe);

    channel = ngx_otter_redis_channel_find(node->redis, name);

    if (channel == NULL || channel->node != node
        || channel->standing != NGX_OTTER_REDIS_ENTERING)
    {
        ngx_otter_redis_conn_fail(&node->subscribe,
                                  "it says what nobody asked for");
        return;
    }

    if (!channel->wanted
        || (node->redis->cluster
            && node->redis->cluster->slots[channel->slot] != node))
    {
        ngx_otter_redis_channel_leave(node->redis, channel);
        return;
    }

    ngx_otter_redis_channel_set(node->redis, channel, 1,
                                NGX_OTTER_REDIS_STANDING);

    if (channel == node->probe) {
        ngx_otter_redis_node_check(node);
        return;
    }

    again = channel->stood;
    channel->stood = 1;

    node->redis->handlers->subscribed(name, again);
}


/*
 * It was asked for, or the node has lost the slot.  If both, the question gets
 * an error besides, of which there is nothing left to be done.
 */

static void
ngx_otter_redis_channel_left(ngx_otter_redis_node_t *node, ngx_str_t *name)
{
    ngx_otter_redis_channel_t  *channel;

    channel = ngx_otter_redis_channel_find(node->redis, name);

    if (channel == NULL || channel->node != node
        || channel->standing == NGX_OTTER_REDIS_UNKNOWN
        || (node->redis->cluster == NULL
            && channel->standing != NGX_OTTER_REDIS_LEAVING))
    {
        ngx_otter_redis_conn_fail(&node->subscribe,
                                  "it says what nobody asked for");
        return;
    }

    if (channel->standing == NGX_OTTER_REDIS_ENTERING) {

        /* the answer is still to come */

        return;
    }

    if (channel->standing == NGX_OTTER_REDIS_LEAVING) {
        ngx_otter_redis_channel_answered(node, channel);
    }

    ngx_otter_redis_channel_out(node->redis, channel);
}


/*
 * The question about it may not be the first of those without an answer: then
 * the node was faster to tell, and an error will come as the answer.
 */

static void
ngx_otter_redis_channel_answered(ngx_otter_redis_node_t *node,
    ngx_otter_redis_channel_t *channel)
{
    ngx_otter_redis_request_t  *request;

    request = node->subscribe.requests.first;

    if (request && (request->data == NULL || request->data == channel)) {
        ngx_otter_redis_channels_answered(&node->subscribe);
        return;
    }

    for ( /* void */ ; request; request = request->next) {
        if (request->data == channel) {
            request->data = NULL;
        }
    }
}


/* it is at no node now */

static void
ngx_otter_redis_channel_out(ngx_otter_redis_t *redis,
    ngx_otter_redis_channel_t *channel)
{
    ngx_otter_redis_channel_set(redis, channel, channel->wanted,
                                NGX_OTTER_REDIS_UNKNOWN);

    if (!channel->wanted) {
        ngx_otter_redis_channel_free(redis, channel);
        return;
    }

    if (channel->moves++ < NGX_OTTER_REDIS_CHANNEL_MOVES) {
        ngx_otter_redis_channel_place(redis, channel);
    }

    /* else at the next tick */
}


/* a user that may not subscribe can do so on no other connection either */

static void
ngx_otter_redis_channel_refused(ngx_otter_redis_node_t *node,
    redisReply *reply)
{
    if (node->redis->cluster
        && (ngx_otter_redis_is_error(reply, "MOVED")
            || ngx_otter_redis_is_error(reply, "CLUSTERDOWN")))
    {
        ngx_otter_redis_channel_moved(node, reply);
        return;
    }

    ngx_otter_redis_conn_fail(&node->subscribe,
                              ngx_otter_redis_refused(&node->subscribe,
                                                      reply));
}


static void
ngx_otter_redis_channel_moved(ngx_otter_redis_node_t *node, redisReply *reply)
{
    ngx_uint_t                  slot;
    ngx_otter_redis_t          *redis;
    ngx_otter_redis_node_t     *to;
    ngx_otter_redis_request_t  *request;
    ngx_otter_redis_channel_t  *channel;

    redis = node->redis;

    slot = 0;
    to = ngx_otter_redis_is_error(reply, "MOVED")
         ? ngx_otter_redis_map_told(node, reply, &slot) : NULL;

    request = node->subscribe.requests.first;
    channel = request ? request->data : NULL;

    if (request == NULL || (channel && to && channel->slot != slot)) {

        /* the answer about one that was out before */

        return;
    }

    ngx_otter_redis_channels_answered(&node->subscribe);

    if (channel == NULL) {
        return;
    }

    if (to) {
        ngx_otter_redis_map_moved(redis, slot, to);

    } else {
        redis->watch->wanted = 1;
        channel->moves = NGX_OTTER_REDIS_CHANNEL_MOVES;
    }

    ngx_otter_redis_channel_out(redis, channel);
}
