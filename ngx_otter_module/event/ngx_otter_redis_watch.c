
/*
 * Copyright (C) Otter contributors
 */

/*
 * Asks where the servers are: one of the sentinels, or one of the cluster's
 * nodes, and the next one when that is lost or what it says is of no use.
 */


#include "ngx_otter_redis_cluster.h"


enum {
    NGX_OTTER_REDIS_WATCH_ASK = 5,             /* ticks, while all is well */
    NGX_OTTER_REDIS_WATCH_VAIN = 3             /* ticks with one of them */
};


static void ngx_otter_redis_watch_ready(ngx_otter_redis_conn_t *conn);
static void ngx_otter_redis_watch_reply(ngx_otter_redis_conn_t *conn,
    redisReply *reply);
static void ngx_otter_redis_watch_lost(ngx_otter_redis_conn_t *conn);
static void ngx_otter_redis_watch_listening(ngx_otter_redis_conn_t *conn);
static void ngx_otter_redis_watch_heard(ngx_otter_redis_conn_t *conn,
    redisReply *reply);
static void ngx_otter_redis_watch_deaf(ngx_otter_redis_conn_t *conn);
static ngx_uint_t ngx_otter_redis_watch_hosts(ngx_otter_redis_watch_t *watch);
static ngx_otter_redis_host_t *ngx_otter_redis_watch_host(
    ngx_otter_redis_watch_t *watch, ngx_uint_t n);
static void ngx_otter_redis_watch_look(ngx_otter_redis_watch_t *watch);
static void ngx_otter_redis_watch_ask(ngx_otter_redis_watch_t *watch);


static const ngx_otter_redis_events_t  ngx_otter_redis_ask_events = {
    ngx_otter_redis_watch_ready,
    ngx_otter_redis_watch_reply,
    ngx_otter_redis_watch_lost
};

static const ngx_otter_redis_events_t  ngx_otter_redis_listen_events = {
    ngx_otter_redis_watch_listening,
    ngx_otter_redis_watch_heard,
    ngx_otter_redis_watch_deaf
};


ngx_otter_redis_watch_t *
ngx_otter_redis_watch_create(ngx_otter_redis_t *redis)
{
    ngx_otter_redis_conf_t   *conf;
    ngx_otter_redis_watch_t  *watch;

    watch = calloc(1, sizeof(ngx_otter_redis_watch_t));
    if (watch == NULL) {
        return NULL;
    }

    conf = redis->conf;

    watch->redis = redis;

    if (conf->kind == NGX_OTTER_REDIS_SENTINEL) {
        ngx_otter_redis_conn_init(&watch->ask, conf, redis->log, watch,
                                  &ngx_otter_redis_ask_events, "sentinel");
        ngx_otter_redis_conn_init(&watch->listen, conf, redis->log, watch,
                                  &ngx_otter_redis_listen_events,
                                  "news of the sentinel");

        watch->ask.login = &conf->sentinel_login;
        watch->listen.login = &conf->sentinel_login;

        if (conf->sentinel_login.password.len == 0) {
            watch->ask.spare = &conf->login;
            watch->listen.spare = &conf->login;
        }

    } else {
        ngx_otter_redis_conn_init(&watch->ask, conf, redis->log, watch,
                                  &ngx_otter_redis_ask_events,
                                  redis->cluster ? "cluster" : "its role");
    }

    if (conf->kind == NGX_OTTER_REDIS_SINGLE) {
        watch->ask.role = 1;

    } else {

        /* not all workers at the same one */

        watch->turn = (ngx_uint_t) ngx_random() % conf->hosts.nelts;
    }

    ngx_otter_redis_conn_open(&watch->ask,
                              ngx_otter_redis_watch_host(watch, watch->turn));

    return watch;
}


void
ngx_otter_redis_watch_exit(ngx_otter_redis_watch_t *watch)
{
    ngx_uint_t  i;

    ngx_otter_redis_conn_stop(&watch->ask);

    if (watch->listen.events) {
        ngx_otter_redis_conn_stop(&watch->listen);
    }

    for (i = 0; i < watch->ntold; i++) {
        ngx_otter_redis_host_free(watch->told[i]);
    }

    free(watch);
}


static ngx_uint_t
ngx_otter_redis_watch_hosts(ngx_otter_redis_watch_t *watch)
{
    return watch->redis->conf->hosts.nelts + watch->ntold;
}


static ngx_otter_redis_host_t *
ngx_otter_redis_watch_host(ngx_otter_redis_watch_t *watch, ngx_uint_t n)
{
    ngx_array_t  *hosts;

    hosts = &watch->redis->conf->hosts;

    if (n < hosts->nelts) {
        return (ngx_otter_redis_host_t *) hosts->elts + n;
    }

    return watch->told[n - hosts->nelts];
}


void
ngx_otter_redis_watch_tell(ngx_otter_redis_watch_t *watch, const u_char *host,
    size_t len, in_port_t port)
{
    ngx_uint_t               i, n;
    ngx_otter_redis_host_t  *new;

    n = ngx_otter_redis_watch_hosts(watch);

    for (i = 0; i < n; i++) {
        if (ngx_otter_redis_host_is(ngx_otter_redis_watch_host(watch, i),
                                    host, len, port))
        {
            return;
        }
    }

    new = ngx_otter_redis_host_create(host, len, port);
    if (new == NULL) {
        return;
    }

    if (watch->ntold < NGX_OTTER_REDIS_TOLD_MAX) {
        watch->told[watch->ntold++] = new;
        return;
    }

    /* addresses change over the years: one of the others is forgotten */

    i = (ngx_uint_t) ngx_random() % NGX_OTTER_REDIS_TOLD_MAX;

    if (watch->told[i] == watch->ask.host) {
        i = (i + 1) % NGX_OTTER_REDIS_TOLD_MAX;
    }

    ngx_otter_redis_host_free(watch->told[i]);
    watch->told[i] = new;
}


void
ngx_otter_redis_watch_tick(ngx_otter_redis_watch_t *watch)
{
    ngx_otter_redis_conn_tick(&watch->ask);

    if (watch->listen.events) {
        ngx_otter_redis_conn_tick(&watch->listen);
    }

    watch->ticks++;

    watch->vain = watch->redis->up ? 0 : watch->vain + 1;

    if (watch->redis->conf->kind == NGX_OTTER_REDIS_SINGLE) {
        ngx_otter_redis_watch_look(watch);
        return;
    }

    if (watch->ask.state != NGX_OTTER_REDIS_READY) {
        return;
    }

    if (watch->vain > NGX_OTTER_REDIS_WATCH_VAIN
        && ngx_otter_redis_watch_hosts(watch) > 1)
    {
        watch->vain = 0;
        watch->turn = (watch->turn + 1) % ngx_otter_redis_watch_hosts(watch);

        ngx_otter_redis_conn_stop(&watch->ask);
        ngx_otter_redis_conn_open(&watch->ask,
                              ngx_otter_redis_watch_host(watch, watch->turn));
        return;
    }

    if (watch->defer) {
        watch->defer--;
    }

    if (!watch->redis->up || watch->ticks >= NGX_OTTER_REDIS_WATCH_ASK
        || (watch->wanted && watch->defer == 0))
    {
        ngx_otter_redis_watch_ask(watch);
    }
}


/* a connection of its own for each look, and none in between */

static void
ngx_otter_redis_watch_look(ngx_otter_redis_watch_t *watch)
{
    if (watch->found) {
        watch->found = 0;
        watch->ticks = 0;

        ngx_otter_redis_conn_stop(&watch->ask);
    }

    if (watch->ask.host == NULL && ngx_otter_redis_list_looks(watch->redis)) {
        ngx_otter_redis_conn_open(&watch->ask,
                                  ngx_otter_redis_list_next(watch->redis));
    }
}


static void
ngx_otter_redis_watch_ask(ngx_otter_redis_watch_t *watch)
{
    ngx_int_t           rc;
    ngx_otter_redis_t  *redis;

    redis = watch->redis;

    if (watch->asking) {
        return;
    }

    watch->ticks = 0;
    watch->wanted = 0;

    rc = redis->cluster ? ngx_otter_redis_map_ask(redis)
                        : ngx_otter_redis_sentinel_ask(redis);

    if (rc != NGX_OK) {
        ngx_otter_redis_conn_fail(&watch->ask, "no memory");
    }
}


static void
ngx_otter_redis_watch_ready(ngx_otter_redis_conn_t *conn)
{
    ngx_otter_redis_watch_t  *watch;

    watch = conn->owner;

    if (watch->redis->conf->kind == NGX_OTTER_REDIS_SINGLE) {
        ngx_otter_redis_list_found(watch->redis);
        return;
    }

    ngx_otter_redis_watch_ask(watch);

    if (watch->listen.events) {
        ngx_otter_redis_conn_follow(&watch->listen, conn);
    }
}


static void
ngx_otter_redis_watch_reply(ngx_otter_redis_conn_t *conn, redisReply *reply)
{
    ngx_otter_redis_request_t  *request;

    request = ngx_otter_redis_requests_shift(&conn->requests);

    if (request == NULL) {
        ngx_otter_redis_conn_fail(conn, "it says what nobody asked for");
        return;
    }

    ngx_otter_redis_request_done(request, reply);
}


/* the connection is about to be made again: to the next one */

static void
ngx_otter_redis_watch_lost(ngx_otter_redis_conn_t *conn)
{
    ngx_otter_redis_watch_t  *watch;

    watch = conn->owner;

    if (watch->redis->conf->kind == NGX_OTTER_REDIS_SINGLE) {
        conn->host = ngx_otter_redis_list_next(watch->redis);
        return;
    }

    watch->turn = (watch->turn + 1) % ngx_otter_redis_watch_hosts(watch);

    conn->host = ngx_otter_redis_watch_host(watch, watch->turn);
}


void
ngx_otter_redis_watch_good(ngx_otter_redis_watch_t *watch)
{
    watch->ask.tries = 0;
    watch->complained = 0;
}


/* once, until it is better */

void
ngx_otter_redis_watch_bad(ngx_otter_redis_watch_t *watch, const char *reason)
{
    ngx_uint_t  level;

    level = watch->complained ? NGX_LOG_INFO : NGX_LOG_ERR;

    ngx_log_error(level, watch->redis->log, 0, "otter: redis %V (%s): %s",
                  &watch->ask.host->name, watch->ask.purpose, reason);

    watch->complained = 1;
}


static void
ngx_otter_redis_watch_listening(ngx_otter_redis_conn_t *conn)
{
    ngx_otter_redis_watch_t  *watch;

    watch = conn->owner;

    conn->tries = 0;

    if (ngx_otter_redis_sentinel_listen(watch->redis) != NGX_OK) {
        ngx_otter_redis_conn_fail(conn, "no memory");
    }
}


/* whatever it tells, it is asked for the rest */

static void
ngx_otter_redis_watch_heard(ngx_otter_redis_conn_t *conn, redisReply *reply)
{
    ngx_otter_redis_watch_t    *watch;
    ngx_otter_redis_request_t  *request;

    watch = conn->owner;

    request = ngx_otter_redis_requests_shift(&conn->requests);

    if (request) {
        ngx_otter_redis_request_free(request);
    }

    if (reply->type == REDIS_REPLY_ERROR) {
        ngx_otter_redis_conn_fail(conn, ngx_otter_redis_refused(conn, reply));
        return;
    }

    if (watch->ask.state == NGX_OTTER_REDIS_READY) {
        ngx_otter_redis_watch_ask(watch);
    }
}


static void
ngx_otter_redis_watch_deaf(ngx_otter_redis_conn_t *conn)
{
}
