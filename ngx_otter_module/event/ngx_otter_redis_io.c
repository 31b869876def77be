
/*
 * Copyright (C) Otter contributors
 */

/* What goes out over a connection, and what comes in. */


#include "ngx_otter_redis_connection.h"


enum {
    NGX_OTTER_REDIS_READ = 64 * 1024,          /* at once */
    NGX_OTTER_REDIS_SLICE = 8 * 1024,          /* of it to the parser, which
                                                  moves the rest each time */
    NGX_OTTER_REDIS_READS = 8,                 /* in a turn of the loop */
    NGX_OTTER_REDIS_OUT_MIN = 4096
};


static ngx_int_t ngx_otter_redis_conn_feed(ngx_otter_redis_conn_t *conn,
    u_char *data, size_t len);
static void ngx_otter_redis_conn_reply(ngx_otter_redis_conn_t *conn,
    redisReply *reply);
static u_char *ngx_otter_redis_conn_grow(ngx_otter_redis_conn_t *conn,
    size_t size);


void
ngx_otter_redis_conn_read_handler(ngx_event_t *rev)
{
    ssize_t                  n;
    ngx_uint_t               i;
    ngx_connection_t        *c;
    ngx_otter_redis_conn_t  *conn;

    static u_char            buffer[NGX_OTTER_REDIS_READ];

    c = rev->data;
    conn = c->data;

    if (conn->state == NGX_OTTER_REDIS_CONNECTING) {
        ngx_otter_redis_conn_connected(conn);
        return;
    }

    for (i = 0; i < NGX_OTTER_REDIS_READS; i++) {

        n = c->recv(c, buffer, sizeof(buffer));

        if (n == NGX_AGAIN) {
            if (ngx_handle_read_event(rev, 0) != NGX_OK) {
                ngx_otter_redis_conn_close(conn, "no event for it");
            }

            return;
        }

        if (n <= 0) {
            conn->err = n ? c->read->pending_eof ? 0 : ngx_socket_errno : 0;
            ngx_otter_redis_conn_close(conn, "the server closed it");
            return;
        }

        if (ngx_otter_redis_conn_feed(conn, buffer, n) != NGX_OK) {
            ngx_otter_redis_conn_close(conn, conn->failed);
            return;
        }
    }

    ngx_post_event(rev, &ngx_posted_next_events);
}


static ngx_int_t
ngx_otter_redis_conn_feed(ngx_otter_redis_conn_t *conn, u_char *data,
    size_t len)
{
    void    *reply;
    size_t   size;

    conn->silent = 0;

    while (len) {
        size = ngx_min(len, NGX_OTTER_REDIS_SLICE);

        if (redisReaderFeed(conn->reader, (char *) data, size) != REDIS_OK) {
            conn->failed = "no memory";
            return NGX_ERROR;
        }

        data += size;
        len -= size;

        for ( ;; ) {
            if (redisReaderGetReply(conn->reader, &reply) != REDIS_OK) {
                conn->failed = "it does not speak the protocol of Redis";
                return NGX_ERROR;
            }

            if (reply == NULL) {
                break;
            }

            ngx_otter_redis_conn_reply(conn, reply);

            if (conn->failed) {
                return NGX_ERROR;
            }

            ngx_reset_pool(conn->replies);
        }
    }

    return NGX_OK;
}


static void
ngx_otter_redis_conn_reply(ngx_otter_redis_conn_t *conn, redisReply *reply)
{
    ngx_uint_t  level;

    if (conn->state == NGX_OTTER_REDIS_READY) {
        conn->events->reply(conn, reply);
        return;
    }

    conn->failed = ngx_otter_redis_greeted(conn, reply);

    if (conn->failed || --conn->greetings) {
        return;
    }

    /* there was a password in it */

    ngx_explicit_memzero(conn->out, conn->end - conn->out);

    ngx_del_timer(&conn->timer);

    conn->state = NGX_OTTER_REDIS_READY;

    level = conn->complained ? NGX_LOG_NOTICE : NGX_LOG_INFO;

    ngx_log_error(level, conn->log, 0, "otter: redis %V (%s): connected",
                  &conn->host->name, conn->purpose);

    conn->complained = 0;

    conn->events->ready(conn);
}


void
ngx_otter_redis_conn_write_handler(ngx_event_t *wev)
{
    ngx_connection_t        *c;
    ngx_otter_redis_conn_t  *conn;

    c = wev->data;
    conn = c->data;

    if (conn->state == NGX_OTTER_REDIS_CONNECTING) {
        ngx_otter_redis_conn_connected(conn);
        return;
    }

    ngx_otter_redis_conn_send(conn);
}


void
ngx_otter_redis_conn_send(ngx_otter_redis_conn_t *conn)
{
    ssize_t            n;
    ngx_connection_t  *c;

    c = conn->connection;

    while (conn->pos < conn->last) {

        n = c->send(c, conn->pos, conn->last - conn->pos);

        if (n == NGX_AGAIN) {
            if (ngx_handle_write_event(c->write, 0) != NGX_OK) {
                ngx_otter_redis_conn_close(conn, "no event for it");
            }

            return;
        }

        if (n < 0) {
            conn->err = ngx_socket_errno;
            ngx_otter_redis_conn_close(conn, "send() failed");
            return;
        }

        conn->pos += n;
    }

    conn->pos = conn->out;
    conn->last = conn->out;

    if (conn->end - conn->out > NGX_OTTER_REDIS_OUT_KEPT) {
        ngx_free(conn->out);

        conn->out = NULL;
        conn->pos = NULL;
        conn->last = NULL;
        conn->end = NULL;
    }
}


u_char *
ngx_otter_redis_conn_reserve(ngx_otter_redis_conn_t *conn, size_t size)
{
    size_t  used;

    if (conn->state < NGX_OTTER_REDIS_GREETING || conn->failed) {
        return NULL;
    }

    if ((size_t) (conn->end - conn->last) >= size) {
        return conn->last;
    }

    used = conn->last - conn->pos;

    if (used + size > NGX_OTTER_REDIS_OUT_MAX) {
        ngx_otter_redis_conn_fail(conn, "it does not take what waits for it");
        return NULL;
    }

    if ((size_t) (conn->end - conn->out) < used + size) {
        return ngx_otter_redis_conn_grow(conn, used + size);
    }

    ngx_memmove(conn->out, conn->pos, used);

    conn->pos = conn->out;
    conn->last = conn->out + used;

    return conn->last;
}


static u_char *
ngx_otter_redis_conn_grow(ngx_otter_redis_conn_t *conn, size_t size)
{
    u_char  *out;
    size_t   used, room;

    used = conn->last - conn->pos;
    room = ngx_max(conn->end - conn->out, NGX_OTTER_REDIS_OUT_MIN);

    while (room < size) {
        room *= 2;
    }

    out = ngx_alloc(room, conn->log);
    if (out == NULL) {
        return NULL;
    }

    if (conn->out) {
        ngx_memcpy(out, conn->pos, used);
        ngx_free(conn->out);
    }

    conn->out = out;
    conn->pos = out;
    conn->last = out + used;
    conn->end = out + room;

    return conn->last;
}


void
ngx_otter_redis_conn_commit(ngx_otter_redis_conn_t *conn, u_char *last,
    ngx_otter_redis_request_t *request)
{
    conn->last = last;

    if (conn->requests.first == NULL) {
        conn->silent = 0;
    }

    ngx_otter_redis_requests_add(&conn->requests, request);

    ngx_post_event(&conn->flush, &ngx_posted_events);
}
