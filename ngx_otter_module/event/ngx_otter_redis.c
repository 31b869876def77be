
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_redis_cluster.h"


enum {
    NGX_OTTER_REDIS_TICK = 1000
};


/* a command that is being written */

typedef struct {
    ngx_otter_redis_t            *redis;
    ngx_otter_redis_conn_t       *conn;
    ngx_otter_redis_request_t    *request;
    ngx_uint_t                    kept;
} ngx_otter_redis_draft_t;


static ngx_int_t ngx_otter_redis_begin(ngx_otter_redis_t *redis);
static void ngx_otter_redis_tick_handler(ngx_event_t *ev);
static void ngx_otter_redis_changed_handler(ngx_event_t *ev);
static ngx_uint_t ngx_otter_redis_stands(ngx_otter_redis_t *redis);
static u_char *ngx_otter_redis_draft(ngx_otter_redis_draft_t *draft,
    ngx_otter_redis_t *redis, ngx_str_t *key, size_t size,
    ngx_otter_redis_reply_pt handler, void *data);
static ngx_int_t ngx_otter_redis_draft_send(ngx_otter_redis_draft_t *draft,
    u_char *last);


ngx_otter_redis_t *
ngx_otter_redis_create(ngx_cycle_t *cycle, ngx_otter_redis_conf_t *conf,
    ngx_str_t *prefix, const ngx_otter_redis_handlers_t *handlers)
{
    ngx_otter_redis_t  *redis;

    redis = ngx_pcalloc(cycle->pool, sizeof(ngx_otter_redis_t));
    if (redis == NULL) {
        return NULL;
    }

    redis->conf = conf;
    redis->log = cycle->log;
    redis->prefix = *prefix;
    redis->handlers = handlers;

    ngx_queue_init(&redis->nodes);
    ngx_queue_init(&redis->homeless);
    ngx_rbtree_init(&redis->channels, &redis->sentinel,
                    ngx_str_rbtree_insert_value);

    redis->tick.handler = ngx_otter_redis_tick_handler;
    redis->tick.data = redis;
    redis->tick.log = cycle->log;
    redis->tick.cancelable = 1;

    redis->changed.handler = ngx_otter_redis_changed_handler;
    redis->changed.data = redis;
    redis->changed.log = cycle->log;

    if (ngx_otter_redis_begin(redis) != NGX_OK) {
        return NULL;
    }

    /* not all workers at once */

    ngx_add_timer(&redis->tick, ngx_random() % NGX_OTTER_REDIS_TICK + 1);

    return redis;
}


static ngx_int_t
ngx_otter_redis_begin(ngx_otter_redis_t *redis)
{
    ngx_uint_t  watched;

    watched = (redis->conf->kind != NGX_OTTER_REDIS_SINGLE
               || redis->conf->hosts.nelts > 1);

    if (redis->conf->kind == NGX_OTTER_REDIS_CLUSTER) {

        if (ngx_otter_redis_cluster_init(redis) != NGX_OK) {
            return NGX_ERROR;
        }

    } else {
        redis->node = ngx_otter_redis_node_create(redis,
                                                  watched ? NULL
                                                  : redis->conf->hosts.elts);

        if (redis->node == NULL) {
            return NGX_ERROR;
        }

        redis->node->nslots = OTTER_SLOTS;
    }

    if (!watched) {
        return NGX_OK;
    }

    redis->watch = ngx_otter_redis_watch_create(redis);

    return redis->watch ? NGX_OK : NGX_ERROR;
}


void
ngx_otter_redis_close(ngx_otter_redis_t *redis)
{
    ngx_queue_t             *q;
    ngx_otter_redis_node_t  *node;

    if (redis->tick.timer_set) {
        ngx_del_timer(&redis->tick);
    }

    redis->up = 0;

    if (redis->cluster) {
        ngx_otter_redis_cluster_exit(redis);
    }

    for (q = ngx_queue_head(&redis->nodes);
         q != ngx_queue_sentinel(&redis->nodes);
         q = ngx_queue_next(q))
    {
        node = ngx_queue_data(q, ngx_otter_redis_node_t, queue);
        ngx_otter_redis_node_exit(node);
    }

    ngx_otter_redis_channels_free(redis);

    while (!ngx_queue_empty(&redis->nodes)) {
        q = ngx_queue_head(&redis->nodes);
        node = ngx_queue_data(q, ngx_otter_redis_node_t, queue);
        ngx_otter_redis_node_free(node);
    }

    if (redis->watch) {
        ngx_otter_redis_watch_exit(redis->watch);
    }

    free(redis->cluster);

    if (redis->changed.posted) {
        ngx_delete_posted_event(&redis->changed);
    }
}


ngx_uint_t
ngx_otter_redis_up(ngx_otter_redis_t *redis)
{
    return redis->up;
}


ngx_uint_t
ngx_otter_redis_is_cluster(ngx_otter_redis_t *redis)
{
    return redis->conf->kind == NGX_OTTER_REDIS_CLUSTER;
}


ngx_uint_t
ngx_otter_redis_slot(ngx_otter_redis_t *redis, ngx_str_t *key)
{
    return redis->cluster ? otter_slot(key->data, key->len) : 0;
}


static void
ngx_otter_redis_tick_handler(ngx_event_t *ev)
{
    ngx_queue_t             *q, *next;
    ngx_otter_redis_t       *redis;
    ngx_otter_redis_node_t  *node;

    redis = ev->data;

    ngx_add_timer(ev, NGX_OTTER_REDIS_TICK);

    for (q = ngx_queue_head(&redis->nodes);
         q != ngx_queue_sentinel(&redis->nodes);
         q = next)
    {
        next = ngx_queue_next(q);
        node = ngx_queue_data(q, ngx_otter_redis_node_t, queue);

        ngx_otter_redis_node_tick(node);
    }

    if (redis->cluster) {
        ngx_otter_redis_cluster_tick(redis);
    }

    if (redis->watch) {
        ngx_otter_redis_watch_tick(redis->watch);
    }
}


void
ngx_otter_redis_changed(ngx_otter_redis_t *redis)
{
    ngx_post_event(&redis->changed, &ngx_posted_events);
}


void
ngx_otter_redis_down(ngx_otter_redis_t *redis)
{
    redis->up = 0;

    ngx_otter_redis_changed(redis);
}


static void
ngx_otter_redis_changed_handler(ngx_event_t *ev)
{
    ngx_otter_redis_t *redis = ev->data;

    if (redis->up) {
        return;
    }

    if (redis->told) {
        redis->told = 0;
        redis->handlers->state(0);
    }

    if (ngx_otter_redis_stands(redis)) {
        redis->up = 1;
        redis->told = 1;
        redis->handlers->state(1);
    }
}


static ngx_uint_t
ngx_otter_redis_stands(ngx_otter_redis_t *redis)
{
    ngx_queue_t             *q;
    ngx_otter_redis_node_t  *node;

    if (redis->waiting || ngx_queue_empty(&redis->nodes)) {
        return 0;
    }

    if (redis->cluster && redis->cluster->covered != OTTER_SLOTS) {
        return 0;
    }

    for (q = ngx_queue_head(&redis->nodes);
         q != ngx_queue_sentinel(&redis->nodes);
         q = ngx_queue_next(q))
    {
        node = ngx_queue_data(q, ngx_otter_redis_node_t, queue);

        if (node->nslots && !node->proved) {
            return 0;
        }
    }

    return 1;
}


void
ngx_otter_redis_done(ngx_otter_redis_t *redis,
    ngx_otter_redis_request_t *request, redisReply *reply)
{
    if (request->handler == NULL && request->slot != NGX_OTTER_REDIS_NO_SLOT
        && (reply == NULL || reply->type == REDIS_REPLY_ERROR))
    {
        redis->handlers->missed(request->slot);
    }

    ngx_otter_redis_request_done(request, reply);
}


ngx_int_t
ngx_otter_redis_command(ngx_otter_redis_t *redis, ngx_str_t *key,
    ngx_uint_t argc, const ngx_str_t *argv, ngx_otter_redis_reply_pt handler,
    void *data)
{
    u_char                   *p;
    ngx_uint_t                i;
    ngx_otter_redis_draft_t   draft;

    draft.kept = (redis->cluster != NULL);

    p = ngx_otter_redis_draft(&draft, redis, key,
                              ngx_otter_redis_text_size(argc, argv), handler,
                              data);
    if (p == NULL) {
        return NGX_ERROR;
    }

    p = ngx_otter_redis_write_head(p, argc);

    for (i = 0; i < argc; i++) {
        p = ngx_otter_redis_write_arg(p, argv[i].data, argv[i].len);
    }

    return ngx_otter_redis_draft_send(&draft, p);
}


ngx_int_t
ngx_otter_redis_script(ngx_otter_redis_t *redis, ngx_str_t *key,
    ngx_otter_redis_script_t *script, ngx_uint_t argc, const ngx_str_t *argv,
    ngx_otter_redis_reply_pt handler, void *data)
{
    u_char                   *p;
    ngx_uint_t                i;
    ngx_otter_redis_draft_t   draft;

    draft.kept = 1;

    p = ngx_otter_redis_draft(&draft, redis, key,
                              ngx_otter_redis_text_size(argc, argv), handler,
                              data);
    if (p == NULL) {
        return NGX_ERROR;
    }

    /* EVAL or EVALSHA, and the script itself, come when it is sent */

    draft.request->script = script;
    draft.request->argc = argc + 2;

    for (i = 0; i < argc; i++) {
        p = ngx_otter_redis_write_arg(p, argv[i].data, argv[i].len);
    }

    return ngx_otter_redis_draft_send(&draft, p);
}


ngx_int_t
ngx_otter_redis_publish(ngx_otter_redis_t *redis, ngx_str_t *channel,
    const otter_span_t *parts, ngx_uint_t n, ngx_otter_redis_reply_pt handler,
    void *data)
{
    u_char                   *p;
    size_t                    len;
    ngx_uint_t                i;
    ngx_otter_redis_draft_t   draft;

    for (len = 0, i = 0; i < n; i++) {
        len += parts[i].len;
    }

    draft.kept = (redis->cluster != NULL);

    p = ngx_otter_redis_draft(&draft, redis, channel,
                              NGX_OTTER_REDIS_HEAD + 3 * NGX_OTTER_REDIS_ARG
                              + sizeof("SPUBLISH") + channel->len + len,
                              handler, data);
    if (p == NULL) {
        return NGX_ERROR;
    }

    draft.request->publish = 1;

    p = ngx_otter_redis_write_head(p, 3);

    p = redis->cluster
        ? ngx_otter_redis_write_arg(p, "SPUBLISH", sizeof("SPUBLISH") - 1)
        : ngx_otter_redis_write_arg(p, "PUBLISH", sizeof("PUBLISH") - 1);

    p = ngx_otter_redis_write_arg(p, channel->data, channel->len);
    p = ngx_otter_redis_write_len(p, len);

    for (i = 0; i < n; i++) {
        if (parts[i].len) {
            p = ngx_cpymem(p, parts[i].data, parts[i].len);
        }
    }

    *p++ = CR;
    *p++ = LF;

    ngx_otter_stats->redis_published++;

    return ngx_otter_redis_draft_send(&draft, p);
}


/* where a command of at most so many bytes is written; NULL: not now */

static u_char *
ngx_otter_redis_draft(ngx_otter_redis_draft_t *draft,
    ngx_otter_redis_t *redis, ngx_str_t *key, size_t size,
    ngx_otter_redis_reply_pt handler, void *data)
{
    u_char  *p;

    draft->redis = redis;
    draft->conn = redis->node ? &redis->node->command : NULL;

    if (draft->conn && draft->conn->state != NGX_OTTER_REDIS_READY) {
        return NULL;
    }

    draft->request = ngx_otter_redis_request_create(handler, data,
                                                    draft->kept ? size : 0);
    if (draft->request == NULL) {
        return NULL;
    }

    draft->request->slot = (uint16_t) ngx_otter_redis_slot(redis, key);
    draft->request->since = ngx_current_msec;

    if (draft->kept) {
        return draft->request->text;
    }

    p = ngx_otter_redis_conn_reserve(draft->conn, size);

    if (p == NULL) {
        ngx_otter_redis_request_free(draft->request);
    }

    return p;
}


static ngx_int_t
ngx_otter_redis_draft_send(ngx_otter_redis_draft_t *draft, u_char *last)
{
    ngx_int_t  rc;

    if (!draft->kept) {
        ngx_otter_redis_conn_commit(draft->conn, last, draft->request);
        return NGX_OK;
    }

    draft->request->len = last - draft->request->text;

    rc = draft->redis->cluster
         ? ngx_otter_redis_cluster_send(draft->redis, draft->request)
         : ngx_otter_redis_send_kept(draft->conn, draft->request);

    if (rc != NGX_OK) {
        ngx_otter_redis_request_free(draft->request);
    }

    return rc;
}


ngx_int_t
ngx_otter_redis_subscribe(ngx_otter_redis_t *redis, ngx_str_t *channel)
{
    return ngx_otter_redis_channel_want(redis, channel) ? NGX_OK : NGX_ERROR;
}


void
ngx_otter_redis_unsubscribe(ngx_otter_redis_t *redis, ngx_str_t *name)
{
    ngx_otter_redis_channel_t  *channel;

    channel = ngx_otter_redis_channel_find(redis, name);

    if (channel) {
        ngx_otter_redis_channel_unwant(redis, channel);
    }
}
