
/*
 * Copyright (C) Otter contributors
 */

/* The way from a host to a connection that may be used. */


#include "ngx_otter_redis_connection.h"


enum {
    NGX_OTTER_REDIS_REPLIES = 8 * 1024         /* memory for them at first */
};


static ngx_int_t ngx_otter_redis_conn_resolve(ngx_otter_redis_conn_t *conn);
static void ngx_otter_redis_conn_resolved(ngx_resolver_ctx_t *ctx);
static void ngx_otter_redis_conn_known(ngx_otter_redis_conn_t *conn);
static void ngx_otter_redis_conn_connect(ngx_otter_redis_conn_t *conn);
static void ngx_otter_redis_conn_secured(ngx_connection_t *c);
static void ngx_otter_redis_conn_greet(ngx_otter_redis_conn_t *conn);


void
ngx_otter_redis_conn_begin(ngx_otter_redis_conn_t *conn)
{
    if (conn->host == NULL) {
        return;
    }

    if (conn->following) {
        ngx_otter_redis_conn_connect(conn);
        return;
    }

    if (conn->conf->resolver && !conn->host->literal
        && ngx_otter_redis_conn_resolve(conn) == NGX_OK)
    {
        return;
    }

    ngx_otter_redis_conn_known(conn);
}


/* NGX_OK: the answer has come or will come */

static ngx_int_t
ngx_otter_redis_conn_resolve(ngx_otter_redis_conn_t *conn)
{
    ngx_resolver_ctx_t  *ctx;

    ctx = ngx_resolve_start(conn->conf->resolver, NULL);

    if (ctx == NULL || ctx == NGX_NO_RESOLVER) {
        return NGX_ERROR;
    }

    ctx->name = conn->host->host;
    ctx->handler = ngx_otter_redis_conn_resolved;
    ctx->data = conn;
    ctx->timeout = conn->conf->resolver_timeout;
    ctx->cancelable = 1;

    conn->resolving = ctx;
    conn->state = NGX_OTTER_REDIS_RESOLVING;

    if (ngx_resolve_name(ctx) != NGX_OK) {
        conn->resolving = NULL;
        conn->state = NGX_OTTER_REDIS_CLOSED;
        return NGX_ERROR;
    }

    return NGX_OK;
}


static void
ngx_otter_redis_conn_resolved(ngx_resolver_ctx_t *ctx)
{
    ngx_uint_t               n, level;
    ngx_otter_redis_conn_t  *conn;

    conn = ctx->data;
    conn->resolving = NULL;
    conn->state = NGX_OTTER_REDIS_CLOSED;

    if (ctx->state || ctx->naddrs == 0) {
        level = conn->complained ? NGX_LOG_INFO : NGX_LOG_WARN;

        ngx_log_error(level, conn->log, 0,
                      "otter: redis %V (%s): its name can't be resolved: %s",
                      &conn->host->name, conn->purpose,
                      ngx_resolver_strerror(ctx->state));

        ngx_resolve_name_done(ctx);
        ngx_otter_redis_conn_known(conn);
        return;
    }

    n = conn->turn % ctx->naddrs;

    ngx_memcpy(&conn->sockaddr, ctx->addrs[n].sockaddr, ctx->addrs[n].socklen);
    conn->socklen = ctx->addrs[n].socklen;

    ngx_inet_set_port(&conn->sockaddr.sockaddr, conn->host->port);

    conn->host->known = conn->sockaddr;
    conn->host->knownlen = conn->socklen;

    ngx_resolve_name_done(ctx);

    ngx_otter_redis_conn_connect(conn);
}


/* no resolver, or it fails: what was known before is better than nothing */

static void
ngx_otter_redis_conn_known(ngx_otter_redis_conn_t *conn)
{
    ngx_addr_t              *addr;
    ngx_otter_redis_host_t  *host;

    host = conn->host;

    if (host->knownlen) {
        conn->sockaddr = host->known;
        conn->socklen = host->knownlen;

    } else if (host->naddrs) {
        addr = &host->addrs[conn->turn % host->naddrs];

        ngx_memcpy(&conn->sockaddr, addr->sockaddr, addr->socklen);
        conn->socklen = addr->socklen;

    } else {
        ngx_otter_redis_conn_close(conn, conn->conf->resolver
                                   ? "its name has no address"
                                   : "to find names that Redis tells, nginx "
                                     "needs a \"resolver\"");
        return;
    }

    ngx_otter_redis_conn_connect(conn);
}


static void
ngx_otter_redis_conn_connect(ngx_otter_redis_conn_t *conn)
{
    ngx_int_t               rc;
    ngx_log_t               quiet;
    ngx_connection_t       *c;
    ngx_peer_connection_t   peer;

    /* a server that is away is no critical error, and is told once */

    quiet = *conn->log;
    quiet.log_level = NGX_LOG_ALERT;

    ngx_memzero(&peer, sizeof(ngx_peer_connection_t));

    peer.sockaddr = &conn->sockaddr.sockaddr;
    peer.socklen = conn->socklen;
    peer.name = &conn->host->name;
    peer.get = ngx_event_get_peer;
    peer.log = &quiet;
    peer.log_error = NGX_ERROR_INFO;
    peer.so_keepalive = (peer.sockaddr->sa_family != AF_UNIX);

    rc = ngx_event_connect_peer(&peer);

    if (rc != NGX_OK && rc != NGX_AGAIN) {
        conn->err = ngx_socket_errno;
        ngx_otter_redis_conn_close(conn, "connect() failed");
        return;
    }

    c = peer.connection;
    c->data = conn;
    c->log = conn->log;
    c->read->log = conn->log;
    c->write->log = conn->log;
    c->read->handler = ngx_otter_redis_conn_read_handler;
    c->write->handler = ngx_otter_redis_conn_write_handler;

    /* the worker's last sessions need it: no shutdown timer may close it */

    c->read->channel = 1;

    conn->connection = c;
    conn->fd = c->fd;
    conn->state = NGX_OTTER_REDIS_CONNECTING;

    ngx_add_timer(&conn->timer, NGX_OTTER_REDIS_TIMEOUT);

    if (rc == NGX_OK) {
        ngx_otter_redis_conn_connected(conn);
    }
}


void
ngx_otter_redis_conn_connected(ngx_otter_redis_conn_t *conn)
{
    int                err;
    socklen_t          len;
    ngx_int_t          rc;
    ngx_connection_t  *c;

    c = conn->connection;
    err = 0;
    len = sizeof(int);

    if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, (void *) &err, &len) == -1) {
        err = ngx_socket_errno;
    }

    if (err) {
        conn->err = err;
        ngx_otter_redis_conn_close(conn, "connect() failed");
        return;
    }

    if (conn->sockaddr.sockaddr.sa_family != AF_UNIX
        && ngx_tcp_nodelay(c) != NGX_OK)
    {
        ngx_otter_redis_conn_close(conn, "setsockopt() failed");
        return;
    }

    if (conn->conf->ssl == NULL) {
        ngx_otter_redis_conn_greet(conn);
        return;
    }

    conn->state = NGX_OTTER_REDIS_SECURING;

    rc = ngx_otter_redis_tls_start(conn);

    if (rc == NGX_AGAIN) {
        c->ssl->handler = ngx_otter_redis_conn_secured;
        return;
    }

    if (rc == NGX_ERROR) {
        ngx_otter_redis_conn_close(conn, "TLS can't be used");
        return;
    }

    ngx_otter_redis_conn_secured(c);
}


static void
ngx_otter_redis_conn_secured(ngx_connection_t *c)
{
    const char              *reason;
    ngx_otter_redis_conn_t  *conn;

    conn = c->data;

    reason = ngx_otter_redis_tls_check(conn);

    if (reason) {
        ngx_otter_redis_conn_close(conn, reason);
        return;
    }

    c->read->handler = ngx_otter_redis_conn_read_handler;
    c->write->handler = ngx_otter_redis_conn_write_handler;

    ngx_otter_redis_conn_greet(conn);

    if (conn->state == NGX_OTTER_REDIS_GREETING && c->read->ready) {
        ngx_post_event(c->read, &ngx_posted_events);
    }
}


static void
ngx_otter_redis_conn_greet(ngx_otter_redis_conn_t *conn)
{
    conn->replies = ngx_create_pool(NGX_OTTER_REDIS_REPLIES, conn->log);

    if (conn->replies) {
        conn->reader = ngx_otter_redis_reader_create(conn->replies);
    }

    if (conn->reader == NULL) {
        ngx_otter_redis_conn_close(conn, "no memory");
        return;
    }

    conn->state = NGX_OTTER_REDIS_GREETING;
    conn->nscripts = 0;

    if (ngx_otter_redis_greet(conn) != NGX_OK) {
        ngx_otter_redis_conn_close(conn, "no memory");
        return;
    }

    ngx_otter_redis_conn_send(conn);
}
