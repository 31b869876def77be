
/*
 * Copyright (C) Otter contributors
 */

/*
 * A server.  The connection for subscriptions goes where the one for commands
 * is.  Once a second a message is published through the one that must come
 * back through the other.
 */


#include "ngx_otter_redis_node.h"
#include "otter_random.h"


enum {
    NGX_OTTER_REDIS_PROBE_RANDOM = 20
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
static void ngx_otter_redis_node_complain(ngx_otter_redis_node_t *node,
    redisReply *reply);
static ngx_int_t ngx_otter_redis_node_listen(ngx_otter_redis_node_t *node);
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
    node->command.role = (redis->conf->kind == NGX_OTTER_REDIS_SENTINEL);

    ngx_queue_insert_tail(&redis->nodes, &node->queue);

    if (host) {
        ngx_otter_redis_conn_open(&node->command, host);
    }

    return node;
}


void
ngx_otter_redis_node_free(ngx_otter_redis_node_t *node)
{
    ngx_queue_remove(&node->queue);
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

    if (node->probe == NULL
        && ngx_otter_redis_node_listen(node) != NGX_OK)
    {
        ngx_otter_redis_conn_fail(conn, "no memory");
        return;
    }

    ngx_otter_redis_conn_follow(&node->subscribe, conn);
    ngx_otter_redis_node_check(node);
}


/* a channel of this worker alone */

static ngx_int_t
ngx_otter_redis_node_listen(ngx_otter_redis_node_t *node)
{
    u_char     *p, random[NGX_OTTER_REDIS_PROBE_RANDOM];
    ngx_str_t   name;

    if (otter_random_name(random, sizeof(random)) != 0) {
        return NGX_ERROR;
    }

    name.len = node->redis->prefix.len + sizeof("probe:{}") - 1
               + sizeof(random);

    name.data = ngx_alloc(name.len, node->redis->log);
    if (name.data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_sprintf(name.data, "%Vprobe:{%*s}", &node->redis->prefix,
                    sizeof(random), random);

    name.len = p - name.data;

    node->probe = ngx_otter_redis_channel_want(node->redis, &name);

    ngx_free(name.data);

    return node->probe ? NGX_OK : NGX_ERROR;
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

    if (reply->type == REDIS_REPLY_ERROR) {

        if (ngx_otter_redis_node_repeat(node, request, reply) == NGX_OK) {
            return;
        }

        if (request->handler == NULL) {
            ngx_otter_redis_node_complain(node, reply);
        }
    }

    ngx_otter_redis_request_done(request, reply);
}


/* NGX_OK: the request is on its way again */

static ngx_int_t
ngx_otter_redis_node_repeat(ngx_otter_redis_node_t *node,
    ngx_otter_redis_request_t *request, redisReply *reply)
{
    if (request->script && !request->repeated
        && ngx_otter_redis_is_error(reply, "NOSCRIPT"))
    {
        request->repeated = 1;

        ngx_otter_redis_script_forget(&node->command, request->script);

        return ngx_otter_redis_send_kept(&node->command, request);
    }

    return NGX_DECLINED;
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

    ngx_otter_redis_down(node->redis);
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
        || node->probe->standing != NGX_OTTER_REDIS_STANDING)
    {
        return;
    }

    if (node->redis->cluster) {
        ngx_str_set(&argv[0], "SPUBLISH");

    } else {
        ngx_str_set(&argv[0], "PUBLISH");
    }

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
