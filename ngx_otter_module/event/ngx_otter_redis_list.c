
/*
 * Copyright (C) Otter contributors
 */

/*
 * Several URLs of one Redis: the first of them that is a master is used.  So
 * all hosts come to the same one, also after they had to use another.
 */


#include "ngx_otter_redis_node.h"


enum {
    NGX_OTTER_REDIS_LIST_VAIN = 2,             /* ticks of trouble */
    NGX_OTTER_REDIS_LIST_BACK = 5              /* ticks between two looks at
                                                  those that come first */
};


/* it is a master */

void
ngx_otter_redis_list_found(ngx_otter_redis_t *redis)
{
    ngx_otter_redis_node_t  *node;
    ngx_otter_redis_host_t  *found;

    node = redis->node;
    found = redis->watch->ask.host;

    if (node->host == NULL || found < node->host
        || (found > node->host && !redis->up))
    {
        ngx_log_error(NGX_LOG_NOTICE, redis->log, 0,
                      "otter: redis %V is the one that is used",
                      &found->name);

        ngx_otter_redis_node_move(node, found);
    }

    redis->watch->found = 1;
}


/* whether the next one is to be looked at */

ngx_uint_t
ngx_otter_redis_list_looks(ngx_otter_redis_t *redis)
{
    ngx_otter_redis_watch_t  *watch;

    watch = redis->watch;

    if (redis->node->host == NULL) {
        return 1;
    }

    if (!redis->up) {
        return watch->vain >= NGX_OTTER_REDIS_LIST_VAIN;
    }

    return redis->node->host != redis->conf->hosts.elts
           && watch->ticks >= NGX_OTTER_REDIS_LIST_BACK;
}


/* while it works, only those that stand before it */

ngx_otter_redis_host_t *
ngx_otter_redis_list_next(ngx_otter_redis_t *redis)
{
    ngx_uint_t                n;
    ngx_otter_redis_host_t   *first;
    ngx_otter_redis_watch_t  *watch;

    watch = redis->watch;
    first = redis->conf->hosts.elts;

    n = (redis->up && redis->node->host > first)
        ? (ngx_uint_t) (redis->node->host - first)
        : redis->conf->hosts.nelts;

    watch->turn = (watch->turn + 1) % n;

    return first + watch->turn;
}
