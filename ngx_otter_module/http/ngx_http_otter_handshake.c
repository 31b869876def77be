
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_websocket.h"

#include <openssl/sha.h>


enum {
    NGX_HTTP_OTTER_KEY_LEN = 24,       /* base64 of 16 bytes */
    NGX_HTTP_OTTER_ACCEPT_LEN = 28,    /* base64 of a SHA-1 */
    NGX_HTTP_OTTER_PROTOCOLS_MAX = 16
};


static ngx_int_t ngx_http_otter_handshake_check(ngx_http_request_t *r,
    ngx_http_otter_ws_t *ws);
static ngx_int_t ngx_http_otter_handshake_refuse(ngx_http_request_t *r,
    const char *detail);
static ngx_uint_t ngx_http_otter_handshake_listed(ngx_http_request_t *r,
    const char *name, const char *token);
static ngx_uint_t ngx_http_otter_handshake_next(ngx_str_t *list,
    ngx_str_t *item);
static ngx_int_t ngx_http_otter_handshake_key(ngx_http_request_t *r,
    ngx_http_otter_ws_t *ws);
static ngx_int_t ngx_http_otter_handshake_protocols(ngx_http_request_t *r,
    ngx_http_otter_ws_t *ws);
static ngx_otter_body_t *ngx_http_otter_handshake_answer(
    ngx_http_otter_ws_t *ws);
static void ngx_http_otter_websocket_read(ngx_event_t *ev);
static void ngx_http_otter_websocket_write(ngx_event_t *ev);
static void ngx_http_otter_websocket_begin(ngx_event_t *ev);
static void ngx_http_otter_websocket_finish(ngx_event_t *ev);
static void ngx_http_otter_websocket_cleanup(void *data);
static ngx_otter_socket_conf_t *ngx_http_otter_websocket_conf(
    ngx_http_request_t *r);


ngx_int_t
ngx_http_otter_handshake(ngx_http_request_t *r, ngx_http_otter_ws_t **wsp)
{
    ngx_int_t             rc;
    ngx_str_t             value;
    ngx_http_otter_ws_t  *ws;

    /* "auth_request" or "mirror": the connection is that of another request */

    if (r != r->main) {
        return ngx_http_otter_handshake_refuse(r,
                                      "a subrequest is no WebSocket");
    }

    rc = ngx_http_discard_request_body(r);
    if (rc != NGX_OK) {
        return rc;
    }

    ws = ngx_pcalloc(r->pool, sizeof(ngx_http_otter_ws_t));
    if (ws == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ws->request = r;
    ws->ctx = ngx_http_otter_get_ctx(r);
    if (ws->ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_otter_handshake_check(r, ws);
    if (rc != NGX_OK) {
        return rc;
    }

    if (ngx_http_otter_origin(r) != NGX_OK) {
        return ngx_http_otter_problem(r, NGX_HTTP_FORBIDDEN,
                                      "origin-not-allowed",
                                      "pages of that origin may not call; "
                                      "see otter_allowed_origins");
    }

    /* RFC 6750, section 2.3: a URL ends up in logs and histories */

    if (ngx_http_arg(r, (u_char *) "token", 5, &value) == NGX_OK) {
        return ngx_http_otter_problem(r, NGX_HTTP_UNAUTHORIZED,
                                      "token-in-url",
                                      "a token in the URL is not taken: "
                                      "offer it as a subprotocol, "
                                      "\"otter.bearer.<token>\"");
    }

    if (ngx_exiting) {
        return ngx_http_otter_problem(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                                      "restarting",
                                      "this worker is leaving: try again");
    }

    *wsp = ws;

    return NGX_OK;
}


static ngx_int_t
ngx_http_otter_handshake_check(ngx_http_request_t *r, ngx_http_otter_ws_t *ws)
{
    ngx_str_t  value;

    if (r->http_version != NGX_HTTP_VERSION_11) {
        return ngx_http_otter_handshake_refuse(r,
                                      "a WebSocket needs HTTP/1.1 here");
    }

    if (ngx_http_otter_header_in(r, "Host", 1, &value) == NGX_OK) {
        return ngx_http_otter_problem(r, NGX_HTTP_BAD_REQUEST,
                                      "bad-handshake",
                                      "there is more than one Host");
    }

    if (!ngx_http_otter_handshake_listed(r, "Upgrade", "websocket")
        || !ngx_http_otter_handshake_listed(r, "Connection", "upgrade"))
    {
        return ngx_http_otter_handshake_refuse(r,
                                      "this is a WebSocket (RFC 6455)");
    }

    if (ngx_http_otter_header_in(r, "Sec-WebSocket-Version", 0, &value)
        != NGX_OK
        || value.len != 2 || ngx_strncmp(value.data, "13", 2) != 0
        || ngx_http_otter_header_in(r, "Sec-WebSocket-Version", 1, &value)
           == NGX_OK)
    {
        return ngx_http_otter_handshake_refuse(r,
                                      "Sec-WebSocket-Version must be 13");
    }

    if (ngx_http_otter_handshake_key(r, ws) != NGX_OK) {
        return ngx_http_otter_problem(r, NGX_HTTP_BAD_REQUEST,
                                      "bad-handshake",
                                      "Sec-WebSocket-Key must be the base64 "
                                      "of 16 bytes");
    }

    return ngx_http_otter_handshake_protocols(r, ws);
}


/* 426 tells what to upgrade to: RFC 9110, 15.5.22; RFC 6455, 4.4 */

static ngx_int_t
ngx_http_otter_handshake_refuse(ngx_http_request_t *r, const char *detail)
{
    /* HTTP/2 knows no Upgrade (RFC 9113, section 8.2.2) */

    if (r->http_version < NGX_HTTP_VERSION_20
        && ngx_http_otter_header_set(r, "Upgrade", "websocket") != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ngx_http_otter_header_set(r, "Sec-WebSocket-Version", "13")
        != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_otter_problem(r, 426, "upgrade-required", detail);
}


static ngx_uint_t
ngx_http_otter_handshake_listed(ngx_http_request_t *r, const char *name,
    const char *token)
{
    size_t      len;
    ngx_str_t   list, item;
    ngx_uint_t  n;

    len = ngx_strlen(token);

    for (n = 0; ngx_http_otter_header_in(r, name, n, &list) == NGX_OK; n++) {

        while (ngx_http_otter_handshake_next(&list, &item)) {

            if (item.len == len
                && ngx_strncasecmp(item.data, (u_char *) token, len) == 0)
            {
                return 1;
            }
        }
    }

    return 0;
}


/* the next of a list with commas: RFC 9110, section 5.6.1 */

static ngx_uint_t
ngx_http_otter_handshake_next(ngx_str_t *list, ngx_str_t *item)
{
    u_char  *p, *last, *end;

    p = list->data;
    end = list->data + list->len;

    while (p < end && (*p == ' ' || *p == '\t' || *p == ',')) {
        p++;
    }

    if (p == end) {
        return 0;
    }

    item->data = p;

    while (p < end && *p != ',') {
        p++;
    }

    list->len = end - p;
    list->data = p;

    for (last = p; last[-1] == ' ' || last[-1] == '\t'; last--) {
        /* void */
    }

    item->len = last - item->data;

    return 1;
}


static ngx_int_t
ngx_http_otter_handshake_key(ngx_http_request_t *r, ngx_http_otter_ws_t *ws)
{
    u_char     buffer[NGX_HTTP_OTTER_KEY_LEN];
    ngx_str_t  decoded, second;

    if (ngx_http_otter_header_in(r, "Sec-WebSocket-Key", 0, &ws->key)
        != NGX_OK
        || ngx_http_otter_header_in(r, "Sec-WebSocket-Key", 1, &second)
           == NGX_OK
        || ws->key.len != NGX_HTTP_OTTER_KEY_LEN)
    {
        return NGX_DECLINED;
    }

    decoded.data = buffer;

    if (ngx_decode_base64(&decoded, &ws->key) != NGX_OK
        || decoded.len != 16)
    {
        return NGX_DECLINED;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_otter_handshake_protocols(ngx_http_request_t *r,
    ngx_http_otter_ws_t *ws)
{
    ngx_str_t   list, item;
    ngx_uint_t  n, items;

    static const char  bearer[] = "otter.bearer.";

    items = 0;

    for (n = 0;
         ngx_http_otter_header_in(r, "Sec-WebSocket-Protocol", n, &list)
         == NGX_OK;
         n++)
    {
        while (ngx_http_otter_handshake_next(&list, &item)) {

            if (++items > NGX_HTTP_OTTER_PROTOCOLS_MAX) {
                return ngx_http_otter_problem(r, NGX_HTTP_BAD_REQUEST,
                                              "bad-handshake",
                                              "too many subprotocols");
            }

            if (item.len == sizeof("otter.v1") - 1
                && ngx_strncmp(item.data, "otter.v1", item.len) == 0)
            {
                ws->protocol = 1;

            } else if (item.len >= sizeof(bearer) - 1
                       && ngx_strncmp(item.data, bearer, sizeof(bearer) - 1)
                          == 0)
            {
                if (ws->bearer.data) {
                    return ngx_http_otter_problem(r, NGX_HTTP_BAD_REQUEST,
                                                  "bad-handshake",
                                                  "there are two tokens");
                }

                ws->bearer.data = item.data + sizeof(bearer) - 1;
                ws->bearer.len = item.len - (sizeof(bearer) - 1);
            }
        }
    }

    return NGX_OK;
}


ngx_otter_socket_t *
ngx_http_otter_upgrade(ngx_http_otter_ws_t *ws,
    const ngx_otter_socket_handlers_t *handlers)
{
    ngx_otter_body_t         *answer;
    ngx_http_cleanup_t       *cln;
    ngx_http_request_t       *r;
    ngx_otter_socket_t       *s;
    ngx_otter_socket_conf_t  *conf;

    r = ws->request;

    cln = ngx_http_cleanup_add(r, 0);
    conf = ngx_http_otter_websocket_conf(r);
    answer = ngx_http_otter_handshake_answer(ws);

    if (cln == NULL || conf == NULL || answer == NULL) {
        s = NULL;

    } else {
        s = ngx_otter_socket_create(r->connection, conf, handlers);
    }

    if (s) {
        s->request = ws;
        ws->socket = s;

        cln->handler = ngx_http_otter_websocket_cleanup;
        cln->data = ws;

        ngx_otter_socket_send(s, 0, 0, answer);
    }

    if (answer) {
        ngx_otter_body_free(answer);
    }

    return s;
}


/* the limits of the server, as the socket wants them */

static ngx_otter_socket_conf_t *
ngx_http_otter_websocket_conf(ngx_http_request_t *r)
{
    ngx_otter_socket_conf_t    *conf;
    ngx_http_otter_srv_conf_t  *oscf;

    oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);

    conf = ngx_pcalloc(r->pool, sizeof(ngx_otter_socket_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    conf->frame.max_message = oscf->max_message_size;
    conf->frame.max_fragments = 1024;
    conf->send_buffer = oscf->send_buffer;
    conf->message_rate = oscf->message_rate;
    conf->ping_interval = oscf->ping_interval;
    conf->ping_timeout = oscf->ping_timeout;

    return conf;
}


static ngx_otter_body_t *
ngx_http_otter_handshake_answer(ngx_http_otter_ws_t *ws)
{
    u_char         hash[SHA_DIGEST_LENGTH];
    u_char         buffer[NGX_HTTP_OTTER_ACCEPT_LEN], text[256], *p;
    SHA_CTX        sha1;
    ngx_str_t      digest, accept;
    otter_span_t   part;

    SHA1_Init(&sha1);
    SHA1_Update(&sha1, ws->key.data, ws->key.len);
    SHA1_Update(&sha1, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", 36);
    SHA1_Final(hash, &sha1);

    digest.data = hash;
    digest.len = sizeof(hash);
    accept.data = buffer;
    ngx_encode_base64(&accept, &digest);

    p = ngx_sprintf(text, "HTTP/1.1 101 Switching Protocols" CRLF
                          "Upgrade: websocket" CRLF
                          "Connection: Upgrade" CRLF
                          "Sec-WebSocket-Accept: %V" CRLF "%s" CRLF,
                    &accept,
                    ws->protocol ? "Sec-WebSocket-Protocol: otter.v1" CRLF
                                 : "");

    part.data = text;
    part.len = p - text;

    return ngx_otter_body_create(&part, 1);
}


ngx_int_t
ngx_http_otter_take_over(ngx_http_otter_ws_t *ws)
{
    ngx_connection_t    *c;
    ngx_http_request_t  *r;

    r = ws->request;
    c = r->connection;

    /* for the access log: what was sent went past the header filters */

    r->headers_out.status = NGX_HTTP_SWITCHING_PROTOCOLS;
    r->header_sent = 1;
    r->keepalive = 0;
    r->lingering_close = 0;

    ws->ctx->websocket = ws;

    if (c->read->timer_set) {
        ngx_del_timer(c->read);
    }

    if (c->write->timer_set) {
        ngx_del_timer(c->write);
    }

    /* a short message must not wait for the one before to be acknowledged */

    if (ngx_tcp_nodelay(c) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    c->read->handler = ngx_http_otter_websocket_read;
    c->write->handler = ngx_http_otter_websocket_write;
    c->log->action = "serving a WebSocket";

    /*
     * nginx still looks at the request when this handler has returned, so
     * the first bytes are read in an event of their own.
     */

    ws->event.handler = ngx_http_otter_websocket_begin;
    ws->event.data = ws;
    ws->event.log = c->log;
    ngx_post_event(&ws->event, &ngx_posted_events);

    r->main->count++;

    return NGX_DONE;
}


static void
ngx_http_otter_websocket_begin(ngx_event_t *ev)
{
    ngx_buf_t            *b;
    ngx_connection_t     *c;
    ngx_http_otter_ws_t  *ws;

    ws = ev->data;

    if (ws->socket->done) {
        return;
    }

    /* a frame may have come in one piece with the handshake */

    b = ws->request->header_in;
    c = ws->request->connection;

    ngx_otter_socket_start(ws->socket, b->pos, b->last - b->pos);
    b->pos = b->last;

    /* a join that had to wait: the others of this worker were told before */

    if (ngx_exiting) {
        ngx_otter_socket_end(ws->socket, NGX_OTTER_CLOSE_RESTART);
    }

    if (!ws->socket->done) {
        c->read->handler(c->read);
    }
}


static void
ngx_http_otter_websocket_read(ngx_event_t *ev)
{
    ngx_connection_t      *c;
    ngx_http_request_t    *r;
    ngx_http_otter_ws_t   *ws;
    ngx_http_otter_ctx_t  *ctx;

    c = ev->data;
    r = c->data;
    ctx = ngx_http_get_module_ctx(r, ngx_http_otter_module);
    ws = ctx->websocket;

    ngx_otter_socket_read(ws->socket);
}


static void
ngx_http_otter_websocket_write(ngx_event_t *ev)
{
    ngx_connection_t      *c;
    ngx_http_request_t    *r;
    ngx_http_otter_ws_t   *ws;
    ngx_http_otter_ctx_t  *ctx;

    c = ev->data;
    r = c->data;
    ctx = ngx_http_get_module_ctx(r, ngx_http_otter_module);
    ws = ctx->websocket;

    ngx_otter_socket_write(ws->socket);
}


/* the socket may be in use above on the stack: the end is an event */

void
ngx_http_otter_websocket_done(ngx_otter_socket_t *s)
{
    ngx_http_otter_ws_t  *ws;

    ws = s->request;

    ws->event.handler = ngx_http_otter_websocket_finish;

    if (!ws->event.posted) {
        ngx_post_event(&ws->event, &ngx_posted_events);
    }
}


static void
ngx_http_otter_websocket_finish(ngx_event_t *ev)
{
    ngx_connection_t     *c;
    ngx_http_request_t   *r;
    ngx_http_otter_ws_t  *ws;

    ws = ev->data;
    r = ws->request;
    c = r->connection;

    ngx_http_finalize_request(r, NGX_HTTP_CLOSE);
    ngx_http_run_posted_requests(c);
}


static void
ngx_http_otter_websocket_cleanup(void *data)
{
    ngx_http_otter_ws_t  *ws = data;

    ngx_otter_zone_t           *zone;
    ngx_otter_socket_t         *s;
    ngx_otter_counters_t       *counters;
    ngx_http_otter_main_conf_t *omcf;

    s = ws->socket;

    if (ws->event.posted) {
        ngx_delete_posted_event(&ws->event);
    }

    ws->ctx->close_code = s->close_code;
    ws->ctx->messages_in = s->messages_in;
    ws->ctx->messages_out = s->messages_out;

    omcf = ngx_http_get_module_main_conf(ws->request, ngx_http_otter_module);
    zone = omcf->zone;
    counters = &zone->sh->counters;

    (void) ngx_atomic_fetch_add(&counters->messages_in, s->messages_in);
    (void) ngx_atomic_fetch_add(&counters->messages_out, s->messages_out);
    (void) ngx_atomic_fetch_add(&counters->bytes_in, s->bytes_in);
    (void) ngx_atomic_fetch_add(&counters->bytes_out, s->connection->sent);

    /* a request that nginx itself gave up */

    if (!s->ended) {
        s->ended = 1;
        s->handlers->ended(s, NGX_OTTER_CLOSE_ABNORMAL, 1);
    }

    ngx_otter_socket_destroy(s);
}
