
/*
 * Copyright (C) Otter contributors
 */

/*
 * A server.  The connection for subscriptions goes where the one for commands
 * is.  Once a second a message is published through the one that must come
 * back through the other.
 */


#include "ngx_otter_redis_cluster.h"
#include "otter_random.h"


enum {
    NGX_OTTER_REDIS_PROBE_RANDOM = 20,
    NGX_OTTER_REDIS_PROBE_TRIES = 400 * 1000   /* for a node of one slot */
};


static void ngx_otter_redis_node_ready(ngx_otter_redis_conn_t *conn);
static void ngx_otter_redis_node_reply(ngx_otter_redis_conn_t *conn,
    redisReply *reply);
static void ngx_otter_redis_node_lost(ngx_otter_redis_conn_t *conn);
static void ngx_otter_redis_node_listening(ngx_otter_redis_conn_t *conn);
static void ngx_otter_redis_node_message(ngx_otter_redis_conn_t *conn,
    redisReply *reply);
static void ngx_otter_redis_node_deaf(ngx_otter_redis_conn_t *conn);
static ngx_int_t ngx_otter_redis_node_repeat(ngx_otter_redis_node_t *node,
    ngx_otter_redis_request_t *request, redisReply *reply);
static void ngx_otter_redis_node_refused(ngx_otter_redis_node_t *node,
    ngx_otter_redis_request_t *request, redisReply *reply);
static void ngx_otter_redis_node_complain(ngx_otter_redis_node_t *node,
    redisReply *reply);
static ngx_int_t ngx_otter_redis_node_listen(ngx_otter_redis_node_t *node);
static ngx_int_t ngx_otter_redis_node_probe_name(ngx_otter_redis_node_t *node,
    ngx_str_t *name);
static void ngx_otter_redis_node_unproved(ngx_otter_redis_node_t *node);
static void ngx_otter_redis_node_probe(ngx_otter_redis_node_t *node);


static const ngx_otter_redis_events_t  ngx_otter_redis_command_events = {
    ngx_otter_redis_node_ready,
    ngx_otter_redis_node_reply,
    ngx_otter_redis_node_lost
};

static const ngx_otter_redis_events_t  ngx_otter_redis_subscribe_events = {
    ngx_otter_redis_node_listening,
    ngx_otter_redis_node_message,
    ngx_otter_redis_node_deaf
};


ngx_otter_redis_node_t *
ngx_otter_redis_node_create(ngx_otter_redis_t *redis,
    ngx_otter_redis_host_t *host)
{
    ngx_otter_redis_node_t  *node;

    node = calloc(1, sizeof(ngx_otter_redis_node_t));
    if (node == NULL) {
        return NULL;
    }

    node->redis = redis;
    node->host = host;

    ngx_queue_init(&node->channels);

    ngx_otter_redis_conn_init(&node->command, redis->conf, redis->log, node,
                              &ngx_otter_redis_command_events, "commands");
    ngx_otter_redis_conn_init(&node->subscribe, redis->conf, redis->log, node,
                              &ngx_otter_redis_subscribe_events,
                              "subscriptions");

    node->command.select = 1;
    node->command.role = (host == NULL);       /* it is told later */

    ngx_queue_insert_tail(&redis->nodes, &node->queue);

    if (host) {
        ngx_otter_redis_conn_open(&node->command, host);
    }

    return node;
}


/* the old one's address goes with it */

void
ngx_otter_redis_node_move(ngx_otter_redis_node_t *node,
    ngx_otter_redis_host_t *host)
{
    ngx_otter_redis_host_t  *old;

    old = node->host;
    node->host = host;

    if (node->subscribe.state != NGX_OTTER_REDIS_CLOSED) {
        ngx_otter_redis_conn_close(&node->subscribe,
                                   "another server is in its place");
    }

    ngx_otter_redis_conn_stop(&node->subscribe);
    ngx_otter_redis_conn_open(&node->command, host);

    if (old && node->redis->conf->kind == NGX_OTTER_REDIS_SENTINEL) {
        ngx_otter_redis_host_free(old);
    }
}


void
ngx_otter_redis_node_stop(ngx_otter_redis_node_t *node)
{
    ngx_otter_redis_conn_stop(&node->command);
    ngx_otter_redis_conn_stop(&node->subscribe);
}


void
ngx_otter_redis_node_free(ngx_otter_redis_node_t *node)
{
    ngx_queue_remove(&node->queue);

    if (node->host
        && node->redis->conf->kind != NGX_OTTER_REDIS_SINGLE)
    {
        ngx_otter_redis_host_free(node->host);
    }

    free(node);
}


void
ngx_otter_redis_node_exit(ngx_otter_redis_node_t *node)
{
    ngx_otter_redis_conn_exit(&node->command);
    ngx_otter_redis_conn_exit(&node->subscribe);
}


static void
ngx_otter_redis_node_ready(ngx_otter_redis_conn_t *conn)
{
    ngx_otter_redis_node_t  *node;

    node = conn->owner;

    if (node->redis->cluster) {
        ngx_otter_redis_node_settle(node);
        ngx_otter_redis_holds_try(node->redis);

    } else if (node->probe == NULL
               && ngx_otter_redis_node_listen(node) != NGX_OK)
    {
        ngx_otter_redis_conn_fail(conn, "no memory");
        return;
    }

    ngx_otter_redis_conn_follow(&node->subscribe, conn);
    ngx_otter_redis_node_check(node);
}


void
ngx_otter_redis_node_settle(ngx_otter_redis_node_t *node)
{
    ngx_otter_redis_t          *redis;
    ngx_otter_redis_channel_t  *old;

    redis = node->redis;
    old = node->probe;

    if (old) {
        if (redis->cluster->slots[old->slot] == node) {
            return;
        }

        node->probe = NULL;
        ngx_otter_redis_channel_unwant(redis, old);
    }

    if (node->nslots && node->command.state == NGX_OTTER_REDIS_READY) {

        /* if there is no memory, the next tick tries it again */

        (void) ngx_otter_redis_node_listen(node);
    }
}


/* a channel of this worker alone */

static ngx_int_t
ngx_otter_redis_node_listen(ngx_otter_redis_node_t *node)
{
    ngx_str_t  name;

    name.data = ngx_alloc(node->redis->prefix.len + sizeof("probe:{}")
                          + NGX_OTTER_REDIS_PROBE_RANDOM + NGX_INT_T_LEN,
                          node->redis->log);
    if (name.data == NULL) {
        return NGX_ERROR;
    }

    if (ngx_otter_redis_node_probe_name(node, &name) == NGX_OK) {
        node->probe = ngx_otter_redis_channel_want(node->redis, &name);
    }

    ngx_free(name.data);

    return node->probe ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_otter_redis_node_probe_name(ngx_otter_redis_node_t *node, ngx_str_t *name)
{
    u_char              random[NGX_OTTER_REDIS_PROBE_RANDOM];
    ngx_uint_t          i;
    ngx_otter_redis_t  *redis;

    redis = node->redis;

    if (otter_random_name(random, sizeof(random)) != 0) {
        return NGX_ERROR;
    }

    for (i = 0; i < NGX_OTTER_REDIS_PROBE_TRIES; i++) {
        name->len = ngx_sprintf(name->data, "%Vprobe:{%*s%ui}",
                                &redis->prefix, sizeof(random), random, i)
                    - name->data;

        if (redis->cluster == NULL
            || redis->cluster->slots[ngx_otter_redis_slot(redis, name)]
               == node)
        {
            return NGX_OK;
        }
    }

    return NGX_ERROR;
}


static void
ngx_otter_redis_node_reply(ngx_otter_redis_conn_t *conn, redisReply *reply)
{
    ngx_otter_redis_node_t     *node;
    ngx_otter_redis_request_t  *request;

    node = conn->owner;

    request = ngx_otter_redis_requests_shift(&conn->requests);

    if (request == NULL) {
        ngx_otter_redis_conn_fail(conn, "it says what nobody asked for");
        return;
    }

    if (node->redis->cluster && request->slot != NGX_OTTER_REDIS_NO_SLOT) {
        ngx_otter_redis_hold_landed(node->redis, request->slot);
    }

    if (reply->type != REDIS_REPLY_ERROR) {
        ngx_otter_redis_request_done(request, reply);

    } else if (ngx_otter_redis_node_repeat(node, request, reply) != NGX_OK) {
        ngx_otter_redis_node_refused(node, request, reply);
    }

    if (node->redis->cluster) {
        ngx_otter_redis_holds_try(node->redis);
    }
}


/* NGX_OK: the request is on its way again */

static ngx_int_t
ngx_otter_redis_node_repeat(ngx_otter_redis_node_t *node,
    ngx_otter_redis_request_t *request, redisReply *reply)
{
    if (node->redis->cluster) {
        return ngx_otter_redis_cluster_refused(node, request, reply);
    }

    if (request->script && !request->repeated
        && ngx_otter_redis_is_error(reply, "NOSCRIPT"))
    {
        request->repeated = 1;

        ngx_otter_redis_script_forget(&node->command, request->script);

        return ngx_otter_redis_send_kept(&node->command, request);
    }

    return NGX_DECLINED;
}


static void
ngx_otter_redis_node_refused(ngx_otter_redis_node_t *node,
    ngx_otter_redis_request_t *request, redisReply *reply)
{
    if (ngx_otter_redis_is_error(reply, "READONLY")) {
        ngx_otter_redis_conn_fail(&node->command,
                                  "it is not the master any more");

    } else if (request->handler == NULL
               && request->slot != NGX_OTTER_REDIS_NO_SLOT)
    {
        ngx_otter_redis_node_complain(node, reply);
    }

    ngx_otter_redis_done(node->redis, request, reply);
}


/* what the server quotes is nobody's business */

static void
ngx_otter_redis_node_complain(ngx_otter_redis_node_t *node, redisReply *reply)
{
    size_t              len;
    ngx_otter_redis_t  *redis;

    redis = node->redis;

    if (redis->complained && ngx_current_msec - redis->complained < 10000) {
        return;
    }

    redis->complained = ngx_current_msec;

    for (len = 0; len < reply->len && len < 128; len++) {
        if (reply->str[len] == '\'' || reply->str[len] == '"'
            || reply->str[len] < ' ')
        {
            break;
        }
    }

    ngx_log_error(NGX_LOG_WARN, redis->log, 0, "otter: redis %V says: %*s",
                  &node->host->name, len, reply->str);
}


static void
ngx_otter_redis_node_lost(ngx_otter_redis_conn_t *conn)
{
    ngx_otter_redis_node_t  *node;

    node = conn->owner;

    if (node->redis->cluster) {
        ngx_otter_redis_cluster_lost(node);
    }

    ngx_otter_redis_node_unproved(node);
}


static void
ngx_otter_redis_node_listening(ngx_otter_redis_conn_t *conn)
{
    ngx_otter_redis_node_t  *node;

    node = conn->owner;
    node->silent = 0;

    ngx_otter_redis_channels_enter(node);
}


static void
ngx_otter_redis_node_message(ngx_otter_redis_conn_t *conn, redisReply *reply)
{
    ngx_otter_redis_channels_reply(conn->owner, reply);
}


static void
ngx_otter_redis_node_deaf(ngx_otter_redis_conn_t *conn)
{
    ngx_otter_redis_node_t  *node;

    node = conn->owner;

    ngx_otter_redis_channels_lost(node);
    ngx_otter_redis_node_unproved(node);
}


static void
ngx_otter_redis_node_unproved(ngx_otter_redis_node_t *node)
{
    node->proved = 0;
    node->silent = 0;
    node->base = node->probed;

    if (node->nslots) {
        ngx_otter_redis_down(node->redis);
    }
}


void
ngx_otter_redis_node_check(ngx_otter_redis_node_t *node)
{
    if (!node->proved) {
        ngx_otter_redis_node_probe(node);
    }
}


static void
ngx_otter_redis_node_probe(ngx_otter_redis_node_t *node)
{
    u_char     number[NGX_INT64_LEN];
    ngx_str_t  argv[3];

    if (node->command.state != NGX_OTTER_REDIS_READY
        || node->subscribe.state != NGX_OTTER_REDIS_READY
        || node->probe == NULL
        || node->probe->node != node
        || node->probe->standing != NGX_OTTER_REDIS_STANDING)
    {
        return;
    }

    if (node->redis->cluster) {
        ngx_str_set(&argv[0], "SPUBLISH");

    } else {
        ngx_str_set(&argv[0], "PUBLISH");
    }

    node->probed_at = ngx_otter_stats_now();

    argv[1] = node->probe->sn.str;
    argv[2].data = number;
    argv[2].len = ngx_sprintf(number, "%uL", ++node->probed) - number;

    (void) ngx_otter_redis_send(&node->command, 3, argv, NULL, NULL);
}


void
ngx_otter_redis_node_heard(ngx_otter_redis_node_t *node, ngx_str_t *data)
{
    off_t  n;

    n = ngx_atoof(data->data, data->len);

    if (n == NGX_ERROR || (uint64_t) n <= node->base) {
        return;
    }

    node->silent = 0;

    if ((uint64_t) n == node->probed) {
        ngx_otter_stats_observe(&ngx_otter_stats->redis_probe,
                                ngx_otter_stats_now() - node->probed_at);
    }

    if (!node->proved) {
        node->proved = 1;
        node->command.tries = 0;
        node->subscribe.tries = 0;

        ngx_otter_redis_changed(node->redis);
    }
}


void
ngx_otter_redis_node_tick(ngx_otter_redis_node_t *node)
{
    if (node->command.state == NGX_OTTER_REDIS_READY
        && node->subscribe.state == NGX_OTTER_REDIS_READY)
    {
        if (node->silent++ >= NGX_OTTER_REDIS_SILENCE) {
            ngx_otter_redis_conn_close(&node->command,
                                       "no probe comes back");

            if (node->subscribe.state == NGX_OTTER_REDIS_READY) {
                ngx_otter_redis_conn_close(&node->subscribe,
                                           "no probe comes back");
            }

            return;
        }

        ngx_otter_redis_node_probe(node);
    }

    ngx_otter_redis_conn_tick(&node->command);
    ngx_otter_redis_conn_tick(&node->subscribe);
}
