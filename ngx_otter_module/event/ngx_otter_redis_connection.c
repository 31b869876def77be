
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_redis_connection.h"

#include <poll.h>


static void ngx_otter_redis_conn_timer_handler(ngx_event_t *ev);
static void ngx_otter_redis_conn_flush_handler(ngx_event_t *ev);
static void ngx_otter_redis_conn_complain(ngx_otter_redis_conn_t *conn,
    const char *reason);
static void ngx_otter_redis_conn_clear(ngx_otter_redis_conn_t *conn);
static void ngx_otter_redis_conn_give_up(ngx_otter_redis_conn_t *conn);
static void ngx_otter_redis_conn_later(ngx_otter_redis_conn_t *conn);


void
ngx_otter_redis_conn_init(ngx_otter_redis_conn_t *conn,
    ngx_otter_redis_conf_t *conf, ngx_log_t *log, void *owner,
    const ngx_otter_redis_events_t *events, const char *purpose)
{
    ngx_memzero(conn, sizeof(ngx_otter_redis_conn_t));

    conn->fd = (ngx_socket_t) -1;
    conn->conf = conf;
    conn->login = &conf->login;
    conn->log = log;
    conn->purpose = purpose;
    conn->owner = owner;
    conn->events = events;

    conn->timer.handler = ngx_otter_redis_conn_timer_handler;
    conn->timer.data = conn;
    conn->timer.log = log;

    /* it must not keep a worker that is to leave */

    conn->timer.cancelable = 1;

    conn->flush.handler = ngx_otter_redis_conn_flush_handler;
    conn->flush.data = conn;
    conn->flush.log = log;

    ngx_otter_redis_requests_init(&conn->requests);
}


void
ngx_otter_redis_conn_open(ngx_otter_redis_conn_t *conn,
    ngx_otter_redis_host_t *host)
{
    if (conn->state != NGX_OTTER_REDIS_CLOSED) {
        ngx_otter_redis_conn_close(conn, "another server is in its place");
    }

    conn->host = host;
    conn->turn = 0;
    conn->tries = 0;

    if (conn->timer.timer_set) {
        ngx_del_timer(&conn->timer);
    }

    ngx_add_timer(&conn->timer, 0);
}


void
ngx_otter_redis_conn_follow(ngx_otter_redis_conn_t *conn,
    ngx_otter_redis_conn_t *other)
{
    if (conn->state != NGX_OTTER_REDIS_CLOSED
        && ngx_cmp_sockaddr(&conn->sockaddr.sockaddr, conn->socklen,
                            &other->sockaddr.sockaddr, other->socklen, 1)
           == NGX_OK)
    {
        return;
    }

    conn->following = 1;

    ngx_otter_redis_conn_open(conn, other->host);

    conn->sockaddr = other->sockaddr;
    conn->socklen = other->socklen;
}


static void
ngx_otter_redis_conn_timer_handler(ngx_event_t *ev)
{
    ngx_otter_redis_conn_t *conn = ev->data;

    if (conn->state == NGX_OTTER_REDIS_CLOSED) {
        ngx_otter_redis_conn_begin(conn);
        return;
    }

    switch (conn->state) {

    case NGX_OTTER_REDIS_CONNECTING:
        ngx_otter_redis_conn_close(conn, "connect() timed out");
        break;

    case NGX_OTTER_REDIS_SECURING:
        ngx_otter_redis_conn_close(conn, "the TLS handshake timed out");
        break;

    default:
        ngx_otter_redis_conn_close(conn, "does not answer");
    }
}


static void
ngx_otter_redis_conn_flush_handler(ngx_event_t *ev)
{
    ngx_otter_redis_conn_t *conn = ev->data;

    if (conn->failed) {
        ngx_otter_redis_conn_close(conn, conn->failed);
        return;
    }

    ngx_otter_redis_conn_send(conn);
}


void
ngx_otter_redis_conn_tick(ngx_otter_redis_conn_t *conn)
{
    if (conn->state == NGX_OTTER_REDIS_READY && conn->requests.first
        && conn->silent++ >= NGX_OTTER_REDIS_SILENCE)
    {
        ngx_otter_redis_conn_close(conn, "does not answer");
    }
}


void
ngx_otter_redis_conn_fail(ngx_otter_redis_conn_t *conn, const char *reason)
{
    if (conn->state < NGX_OTTER_REDIS_GREETING || conn->failed) {
        return;
    }

    conn->failed = reason;

    ngx_post_event(&conn->flush, &ngx_posted_events);
}


void
ngx_otter_redis_conn_close(ngx_otter_redis_conn_t *conn, const char *reason)
{
    ngx_otter_redis_conn_complain(conn, reason);

    if (conn->state != NGX_OTTER_REDIS_READY) {
        conn->turn++;
    }

    ngx_otter_redis_conn_clear(conn);
    ngx_otter_redis_conn_later(conn);

    conn->events->lost(conn);

    ngx_otter_redis_conn_give_up(conn);
}


void
ngx_otter_redis_conn_stop(ngx_otter_redis_conn_t *conn)
{
    ngx_otter_redis_conn_clear(conn);

    conn->host = NULL;

    ngx_otter_redis_conn_give_up(conn);
}


/*
 * The server closes its side when it has done all that was sent, which is
 * waited for: what a worker says last is that its peers left.
 */

void
ngx_otter_redis_conn_exit(ngx_otter_redis_conn_t *conn)
{
    int                waited;
    char               buffer[4096];
    ssize_t            n;
    struct pollfd      fd;
    ngx_connection_t  *c;

    c = conn->connection;

    if (c && conn->state == NGX_OTTER_REDIS_READY && conn->requests.first) {

        if (conn->pos < conn->last) {
            (void) c->send(c, conn->pos, conn->last - conn->pos);
        }

        (void) ngx_shutdown_socket(c->fd, NGX_WRITE_SHUTDOWN);

        fd.fd = c->fd;
        fd.events = POLLIN;

        for (waited = 0; waited < 10; waited++) {

            if (poll(&fd, 1, 20) == 0) {
                continue;
            }

            do {
                n = recv(c->fd, buffer, sizeof(buffer), 0);
            } while (n > 0);

            if (n == 0 || ngx_socket_errno != NGX_EAGAIN) {
                break;
            }
        }
    }

    ngx_otter_redis_conn_stop(conn);
}


/* what follows the first complaint is of less interest */

static void
ngx_otter_redis_conn_complain(ngx_otter_redis_conn_t *conn,
    const char *reason)
{
    ngx_uint_t  level;

    level = conn->complained ? NGX_LOG_INFO : NGX_LOG_ERR;

    if (conn->host) {
        ngx_log_error(level, conn->log, conn->err,
                      "otter: redis %V (%s): %s",
                      &conn->host->name, conn->purpose, reason);
    }

    conn->complained = 1;
    conn->err = 0;
}


static void
ngx_otter_redis_conn_clear(ngx_otter_redis_conn_t *conn)
{
    ngx_pool_t        *pool;
    ngx_connection_t  *c;

    c = conn->connection;

    if (conn->resolving) {
        ngx_resolve_name_done(conn->resolving);
        conn->resolving = NULL;
    }

    if (c) {
        pool = c->pool;

#if (NGX_SSL)
        if (c->ssl) {
            c->ssl->no_wait_shutdown = 1;
            (void) ngx_ssl_shutdown(c);
        }
#endif

        ngx_close_connection(c);

        if (pool) {
            ngx_destroy_pool(pool);
        }
    }

    if (conn->timer.timer_set) {
        ngx_del_timer(&conn->timer);
    }

    if (conn->flush.posted) {
        ngx_delete_posted_event(&conn->flush);
    }

    if (conn->reader) {
        redisReaderFree(conn->reader);
    }

    if (conn->replies) {
        ngx_destroy_pool(conn->replies);
    }

    if (conn->out) {
        ngx_explicit_memzero(conn->out, conn->end - conn->out);
        ngx_free(conn->out);
    }

    conn->connection = NULL;
    conn->fd = (ngx_socket_t) -1;
    conn->state = NGX_OTTER_REDIS_CLOSED;
    conn->failed = NULL;
    conn->silent = 0;
    conn->greetings = 0;
    conn->reader = NULL;
    conn->replies = NULL;
    conn->out = NULL;
    conn->pos = NULL;
    conn->last = NULL;
    conn->end = NULL;
}


static void
ngx_otter_redis_conn_give_up(ngx_otter_redis_conn_t *conn)
{
    ngx_otter_redis_request_t  *request, *next;

    request = conn->requests.first;

    ngx_otter_redis_requests_init(&conn->requests);

    while (request) {
        next = request->next;
        ngx_otter_redis_request_done(request, NULL);
        request = next;
    }
}


/* exponential backoff with full jitter */

static void
ngx_otter_redis_conn_later(ngx_otter_redis_conn_t *conn)
{
    ngx_msec_t  most;

    most = NGX_OTTER_REDIS_BACKOFF_MIN;
    most <<= ngx_min(conn->tries, 10);
    most = ngx_min(most, NGX_OTTER_REDIS_BACKOFF_MAX);

    conn->tries++;

    ngx_add_timer(&conn->timer, ngx_random() % (most + 1));
}
