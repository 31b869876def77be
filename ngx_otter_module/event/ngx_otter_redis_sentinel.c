
/*
 * Copyright (C) Otter contributors
 */

/* The master that the sentinels agreed on. */


#include "ngx_otter_redis_node.h"


static void ngx_otter_redis_sentinel_told(redisReply *reply, void *data);


ngx_int_t
ngx_otter_redis_sentinel_ask(ngx_otter_redis_t *redis)
{
    ngx_str_t                 argv[3];
    ngx_otter_redis_watch_t  *watch;

    watch = redis->watch;

    ngx_str_set(&argv[0], "SENTINEL");
    ngx_str_set(&argv[1], "GET-MASTER-ADDR-BY-NAME");
    argv[2] = redis->conf->master;

    if (ngx_otter_redis_send(&watch->ask, 3, argv,
                             ngx_otter_redis_sentinel_told, redis)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    watch->asking++;

    return NGX_OK;
}


ngx_int_t
ngx_otter_redis_sentinel_listen(ngx_otter_redis_t *redis)
{
    ngx_str_t  argv[2];

    ngx_str_set(&argv[0], "SUBSCRIBE");
    ngx_str_set(&argv[1], "+switch-master");

    return ngx_otter_redis_send(&redis->watch->listen, 2, argv, NULL, NULL);
}


static void
ngx_otter_redis_sentinel_told(redisReply *reply, void *data)
{
    ngx_otter_redis_t *redis = data;

    ngx_int_t                 port;
    redisReply               *host;
    ngx_otter_redis_node_t   *node;
    ngx_otter_redis_host_t   *new;
    ngx_otter_redis_watch_t  *watch;

    watch = redis->watch;
    watch->asking--;

    if (reply == NULL) {
        return;
    }

    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 2
        || reply->element[0]->type != REDIS_REPLY_STRING
        || reply->element[1]->type != REDIS_REPLY_STRING)
    {
        ngx_otter_redis_watch_bad(watch, (reply->type == REDIS_REPLY_NIL)
                                  ? "it knows no master of that name"
                                  : "it does not tell where the master is");
        return;
    }

    host = reply->element[0];
    port = ngx_atoi((u_char *) reply->element[1]->str,
                    reply->element[1]->len);

    if (port < 1 || port > 65535 || host->len == 0) {
        ngx_otter_redis_watch_bad(watch, "it tells nonsense of the master");
        return;
    }

    ngx_otter_redis_watch_good(watch);

    node = redis->node;

    if (node->host
        && ngx_otter_redis_host_is(node->host, (u_char *) host->str,
                                   host->len, (in_port_t) port))
    {
        return;
    }

    new = ngx_otter_redis_host_create((u_char *) host->str, host->len,
                                      (in_port_t) port);
    if (new == NULL) {
        watch->wanted = 1;
        return;
    }

    ngx_log_error(NGX_LOG_NOTICE, redis->log, 0,
                  "otter: redis master \"%V\" is %V", &redis->conf->master,
                  &new->name);

    ngx_otter_redis_node_move(node, new);
}
