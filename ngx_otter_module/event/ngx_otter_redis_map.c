
/*
 * Copyright (C) Otter contributors
 */

/*
 * Which node of the cluster has which slot: from CLUSTER SLOTS, and from the
 * redirections of single commands in between.
 */


#include "ngx_otter_redis_cluster.h"


enum {
    NGX_OTTER_REDIS_MAP_DEFER = 3              /* ticks after MOVED, until the
                                                  others have heard of it */
};


static void ngx_otter_redis_map_state(redisReply *reply, void *data);
static void ngx_otter_redis_map_slots(redisReply *reply, void *data);
static ngx_otter_redis_node_t *ngx_otter_redis_map_entry(
    ngx_otter_redis_t *redis, redisReply *entry);
static ngx_otter_redis_node_t *ngx_otter_redis_map_server(
    ngx_otter_redis_t *redis, redisReply *server, ngx_uint_t master);
static ngx_otter_redis_node_t *ngx_otter_redis_map_node(
    ngx_otter_redis_t *redis, const u_char *host, size_t len,
    in_port_t port);
static void ngx_otter_redis_map_give(ngx_otter_redis_t *redis,
    ngx_uint_t slot, ngx_otter_redis_node_t *node);
static void ngx_otter_redis_map_changed(ngx_otter_redis_t *redis);


ngx_int_t
ngx_otter_redis_map_ask(ngx_otter_redis_t *redis)
{
    ngx_str_t                 argv[2];
    ngx_otter_redis_watch_t  *watch;

    watch = redis->watch;

    ngx_str_set(&argv[0], "CLUSTER");
    ngx_str_set(&argv[1], "INFO");

    if (ngx_otter_redis_send(&watch->ask, 2, argv, ngx_otter_redis_map_state,
                             redis)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    watch->asking++;

    ngx_str_set(&argv[1], "SLOTS");

    if (ngx_otter_redis_send(&watch->ask, 2, argv, ngx_otter_redis_map_slots,
                             redis)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    watch->asking++;

    return NGX_OK;
}


/* who is cut off from the others knows only how it was */

static void
ngx_otter_redis_map_state(redisReply *reply, void *data)
{
    ngx_otter_redis_t *redis = data;

    redis->watch->asking--;
    redis->watch->useless = 1;

    if (reply == NULL) {
        return;
    }

    if (reply->type == REDIS_REPLY_ERROR) {
        ngx_otter_redis_watch_bad(redis->watch,
                          ngx_otter_redis_is_error(reply, "ERR")
                          ? "it is no cluster"
                          : ngx_otter_redis_refused(&redis->watch->ask,
                                                    reply));
        return;
    }

    if (reply->type != REDIS_REPLY_STRING
        || ngx_strstr(reply->str, "cluster_state:ok") == NULL)
    {
        ngx_otter_redis_watch_bad(redis->watch, "the cluster is not whole");
        return;
    }

    redis->watch->useless = 0;
}


static void
ngx_otter_redis_map_slots(redisReply *reply, void *data)
{
    ngx_otter_redis_t *redis = data;

    ngx_uint_t                 i, slot, last;
    redisReply                *entry;
    ngx_otter_redis_node_t    *node;
    static u_char              seen[OTTER_SLOTS];

    redis->watch->asking--;

    if (reply == NULL || redis->watch->useless) {
        return;
    }

    if (reply->type != REDIS_REPLY_ARRAY || reply->elements == 0) {
        ngx_otter_redis_watch_bad(redis->watch, "it knows no nodes");
        return;
    }

    ngx_otter_redis_watch_good(redis->watch);

    ngx_memzero(seen, sizeof(seen));

    for (i = 0; i < reply->elements; i++) {
        entry = reply->element[i];
        node = ngx_otter_redis_map_entry(redis, entry);

        if (node == NULL) {
            continue;
        }

        last = (ngx_uint_t) entry->element[1]->integer;

        for (slot = (ngx_uint_t) entry->element[0]->integer; slot <= last;
             slot++)
        {
            seen[slot] = 1;
            ngx_otter_redis_map_give(redis, slot, node);
        }
    }

    for (slot = 0; slot < OTTER_SLOTS; slot++) {
        if (!seen[slot]) {
            ngx_otter_redis_map_give(redis, slot, NULL);
        }
    }

    ngx_otter_redis_map_changed(redis);
}


/* first slot, last slot, master, replicas */

static ngx_otter_redis_node_t *
ngx_otter_redis_map_entry(ngx_otter_redis_t *redis, redisReply *entry)
{
    size_t  i;

    if (entry->type != REDIS_REPLY_ARRAY || entry->elements < 3
        || entry->element[0]->type != REDIS_REPLY_INTEGER
        || entry->element[1]->type != REDIS_REPLY_INTEGER
        || entry->element[0]->integer < 0
        || entry->element[1]->integer >= OTTER_SLOTS)
    {
        return NULL;
    }

    for (i = 3; i < entry->elements; i++) {
        (void) ngx_otter_redis_map_server(redis, entry->element[i], 0);
    }

    return ngx_otter_redis_map_server(redis, entry->element[2], 1);
}


/* host, port, …; without a host: it is where the question went */

static ngx_otter_redis_node_t *
ngx_otter_redis_map_server(ngx_otter_redis_t *redis, redisReply *server,
    ngx_uint_t master)
{
    ngx_str_t   host;
    long long   port;

    if (server->type != REDIS_REPLY_ARRAY || server->elements < 2
        || server->element[1]->type != REDIS_REPLY_INTEGER)
    {
        return NULL;
    }

    port = server->element[1]->integer;

    if (port < 1 || port > 65535) {
        return NULL;
    }

    host = redis->watch->ask.host->host;

    if (server->element[0]->type == REDIS_REPLY_STRING
        && server->element[0]->len)
    {
        host.data = (u_char *) server->element[0]->str;
        host.len = server->element[0]->len;
    }

    /* a node whose name the one that was asked does not know */

    if (host.len == 1 && host.data[0] == '?') {
        return NULL;
    }

    ngx_otter_redis_watch_tell(redis->watch, host.data, host.len,
                               (in_port_t) port);

    return master ? ngx_otter_redis_map_node(redis, host.data, host.len,
                                             (in_port_t) port)
                  : NULL;
}


static ngx_otter_redis_node_t *
ngx_otter_redis_map_node(ngx_otter_redis_t *redis, const u_char *host,
    size_t len, in_port_t port)
{
    ngx_queue_t             *q;
    ngx_otter_redis_host_t  *new;
    ngx_otter_redis_node_t  *node;

    for (q = ngx_queue_head(&redis->nodes);
         q != ngx_queue_sentinel(&redis->nodes);
         q = ngx_queue_next(q))
    {
        node = ngx_queue_data(q, ngx_otter_redis_node_t, queue);

        if (ngx_otter_redis_host_is(node->host, host, len, port)) {
            return node;
        }
    }

    new = ngx_otter_redis_host_create(host, len, port);
    if (new == NULL) {
        return NULL;
    }

    node = ngx_otter_redis_node_create(redis, new);

    if (node == NULL) {
        ngx_otter_redis_host_free(new);
    }

    return node;
}


static void
ngx_otter_redis_map_give(ngx_otter_redis_t *redis, ngx_uint_t slot,
    ngx_otter_redis_node_t *node)
{
    ngx_otter_redis_node_t     *old;
    ngx_otter_redis_cluster_t  *cluster;

    cluster = redis->cluster;
    old = cluster->slots[slot];

    if (old == node) {
        return;
    }

    if (old) {
        old->nslots--;
        cluster->covered--;
    }

    if (node) {
        node->nslots++;
        node->idle = 0;
        cluster->covered++;
    }

    cluster->slots[slot] = node;
}


/*
 * What is on its way to a node that does not have the slot any more comes
 * back, and nothing of the slot may overtake it.
 */

static void
ngx_otter_redis_map_changed(ngx_otter_redis_t *redis)
{
    ngx_queue_t                *q;
    ngx_otter_redis_hold_t     *hold;
    ngx_otter_redis_node_t     *node;
    ngx_otter_redis_request_t  *request;

    for (q = ngx_queue_head(&redis->nodes);
         q != ngx_queue_sentinel(&redis->nodes);
         q = ngx_queue_next(q))
    {
        node = ngx_queue_data(q, ngx_otter_redis_node_t, queue);

        for (request = node->command.requests.first;
             request;
             request = request->next)
        {
            if (request->slot == NGX_OTTER_REDIS_NO_SLOT
                || redis->cluster->slots[request->slot] == node)
            {
                continue;
            }

            hold = ngx_otter_redis_hold_get(redis, request->slot);

            if (hold) {
                hold->all = 1;
            }
        }

        ngx_otter_redis_node_settle(node);
    }

    ngx_otter_redis_channels_move(redis);
    ngx_otter_redis_changed(redis);
}


void
ngx_otter_redis_map_moved(ngx_otter_redis_t *redis, ngx_uint_t slot,
    ngx_otter_redis_node_t *node)
{
    redis->watch->wanted = 1;
    redis->watch->defer = NGX_OTTER_REDIS_MAP_DEFER;

    if (redis->cluster->slots[slot] != node) {
        ngx_otter_redis_map_give(redis, slot, node);
        ngx_otter_redis_map_changed(redis);
    }
}


/* MOVED 3999 127.0.0.1:6381; the host may be missing, and have colons */

ngx_otter_redis_node_t *
ngx_otter_redis_map_told(ngx_otter_redis_node_t *from, redisReply *reply,
    ngx_uint_t *slot)
{
    u_char     *p, *last, *space, *colon;
    ngx_int_t   n, port;
    ngx_str_t   host;

    last = (u_char *) reply->str + reply->len;

    p = ngx_strlchr((u_char *) reply->str, last, ' ');
    space = p ? ngx_strlchr(p + 1, last, ' ') : NULL;

    if (space == NULL) {
        return NULL;
    }

    n = ngx_atoi(p + 1, space - p - 1);

    for (colon = last; colon > space + 1 && *colon != ':'; colon--) {
        /* void */
    }

    if (n < 0 || n >= OTTER_SLOTS || *colon != ':') {
        return NULL;
    }

    port = ngx_atoi(colon + 1, last - colon - 1);

    if (port < 1 || port > 65535) {
        return NULL;
    }

    host.data = space + 1;
    host.len = colon - host.data;

    if (host.len == 0 || (host.len == 1 && host.data[0] == '?')) {
        host = from->host->host;
    }

    *slot = n;

    return ngx_otter_redis_map_node(from->redis, host.data, host.len,
                                    (in_port_t) port);
}
