
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_websocket.h"

#include <openssl/sha.h>


enum {
    NGX_HTTP_OTTER_ACCEPT_LEN = 28,    /* base64 of a SHA-1 */
    NGX_HTTP_OTTER_ANSWER_SIZE = 256 + OTTER_DEFLATE_ANSWER_MAX
};


static ngx_http_otter_open_t *ngx_http_otter_takeover_open(
    ngx_http_otter_ws_t *ws);
static u_char *ngx_http_otter_takeover_copy(u_char *p, ngx_str_t *to,
    ngx_str_t *from);
static ngx_otter_body_t *ngx_http_otter_takeover_answer(
    ngx_http_otter_ws_t *ws);
static void ngx_http_otter_websocket_begin(ngx_event_t *ev);
static void ngx_http_otter_websocket_read(ngx_event_t *ev);
static void ngx_http_otter_websocket_write(ngx_event_t *ev);
static ngx_http_otter_open_t *ngx_http_otter_open_of(ngx_http_request_t *r);
static void ngx_http_otter_websocket_read_rest(ngx_event_t *ev);
static void ngx_http_otter_websocket_write_rest(ngx_event_t *ev);
static void ngx_http_otter_websocket_finish(ngx_event_t *ev);


/* sockets that are done, and who ends their connections */

static ngx_queue_t  ngx_http_otter_done;
static ngx_event_t  ngx_http_otter_done_event;


ngx_otter_socket_t *
ngx_http_otter_upgrade(ngx_http_otter_ws_t *ws,
    const ngx_otter_socket_handlers_t *handlers)
{
    ngx_otter_body_t           *answer;
    ngx_http_cleanup_t         *cln;
    ngx_http_request_t         *r;
    ngx_otter_socket_t         *s;
    ngx_http_otter_open_t      *open;
    ngx_http_otter_srv_conf_t  *oscf;

    r = ws->request;
    oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);

    s = NULL;

    cln = ngx_http_cleanup_add(r, 0);
    open = ngx_http_otter_takeover_open(ws);
    answer = ngx_http_otter_takeover_answer(ws);

    if (cln && open && answer) {
        s = ngx_otter_socket_create(r->connection,
                                    &oscf->socket[ws->deflate.window_bits
                                                  != 0],
                                    handlers);
    }

    if (s) {
        s->request = open;
        s->window = ws->deflate.window_bits;

        open->socket = s;
        ws->open = open;

        cln->handler = ngx_http_otter_websocket_cleanup;
        cln->data = open;

        ngx_otter_socket_send(s, 0, 0, answer);

    } else if (open) {
        ngx_free(open);
    }

    if (answer) {
        ngx_otter_body_free(answer);
    }

    return s;
}


static ngx_http_otter_open_t *
ngx_http_otter_takeover_open(ngx_http_otter_ws_t *ws)
{
    u_char                 *p;
    ngx_http_request_t     *r;
    ngx_http_otter_open_t  *open;

    r = ws->request;

    open = ngx_alloc(sizeof(ngx_http_otter_open_t) + ws->ctx->room.len
                     + ws->ctx->identity.len + ws->ctx->peer.len
                     + ws->join.key.len,
                     r->connection->log);
    if (open == NULL) {
        return NULL;
    }

    ngx_memzero(open, sizeof(ngx_http_otter_open_t));

    open->request = r;
    open->connection = r->connection;
    open->main_conf = r->main_conf;
    open->srv_conf = r->srv_conf;
    open->loc_conf = r->loc_conf;
    open->zone = ws->join.zone;
    open->guest = ws->join.guest;
    open->moderator = (ws->join.moderator != 0);

    p = (u_char *) open + sizeof(ngx_http_otter_open_t);
    p = ngx_http_otter_takeover_copy(p, &open->room, &ws->ctx->room);
    p = ngx_http_otter_takeover_copy(p, &open->identity, &ws->ctx->identity);
    p = ngx_http_otter_takeover_copy(p, &open->peer, &ws->ctx->peer);
    (void) ngx_http_otter_takeover_copy(p, &open->key, &ws->join.key);

    return open;
}


static u_char *
ngx_http_otter_takeover_copy(u_char *p, ngx_str_t *to, ngx_str_t *from)
{
    to->data = p;
    to->len = from->len;

    return from->len ? ngx_cpymem(p, from->data, from->len) : p;
}


ngx_http_otter_srv_conf_t *
ngx_http_otter_open_conf(ngx_http_otter_open_t *open)
{
    return open->srv_conf[ngx_http_otter_module.ctx_index];
}


static ngx_otter_body_t *
ngx_http_otter_takeover_answer(ngx_http_otter_ws_t *ws)
{
    u_char         hash[SHA_DIGEST_LENGTH];
    u_char         buffer[NGX_HTTP_OTTER_ACCEPT_LEN];
    u_char         text[NGX_HTTP_OTTER_ANSWER_SIZE], *p;
    SHA_CTX        sha1;
    ngx_str_t      digest, accept;
    otter_span_t   part;

    static const char  status[] = "HTTP/1.1 101 Switching Protocols" CRLF
                                  "Upgrade: websocket" CRLF
                                  "Connection: Upgrade" CRLF
                                  "Sec-WebSocket-Accept: ";
    static const char  protocol[] = CRLF "Sec-WebSocket-Protocol: otter.v1";

    SHA1_Init(&sha1);
    SHA1_Update(&sha1, ws->key.data, ws->key.len);
    SHA1_Update(&sha1, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", 36);
    SHA1_Final(hash, &sha1);

    digest.data = hash;
    digest.len = sizeof(hash);
    accept.data = buffer;
    ngx_encode_base64(&accept, &digest);

    p = ngx_cpymem(text, status, sizeof(status) - 1);
    p = ngx_cpymem(p, accept.data, accept.len);

    if (ws->protocol) {
        p = ngx_cpymem(p, protocol, sizeof(protocol) - 1);
    }

    *p++ = CR;
    *p++ = LF;

    if (ws->deflate.window_bits) {
        p = ngx_sprintf(p, "Sec-WebSocket-Extensions: ");
        p += otter_deflate_answer(&ws->deflate, p);
        *p++ = CR;
        *p++ = LF;
    }

    *p++ = CR;
    *p++ = LF;

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

    ws->ctx->websocket = ws->open;

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

    ngx_http_otter_open_handlers(ws->open);
    c->log->action = "serving a WebSocket";

    /*
     * nginx still looks at the request when this handler has returned, so
     * the first bytes are read in an event of their own.
     */

    ws->open->begin = &ws->event;
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
    ngx_buf_t              *b;
    ngx_connection_t       *c;
    ngx_otter_socket_t     *s;
    ngx_http_otter_ws_t    *ws;
    ngx_http_otter_open_t  *open;

    ws = ev->data;
    open = ws->open;
    s = open->socket;

    open->begin = NULL;

    if (s->done) {
        return;
    }

    /* a frame may have come in one piece with the handshake */

    b = ws->request->header_in;
    c = ws->request->connection;

    ngx_otter_socket_start(s, b->pos, b->last - b->pos);
    b->pos = b->last;

    /* a join that had to wait: the others of this worker were told before */

    if (ngx_exiting) {
        ngx_otter_socket_end(s, NGX_OTTER_CLOSE_RESTART);
    }

    if (!s->done) {
        ngx_http_otter_rest(open);
        c->read->handler(c->read);
    }
}


void
ngx_http_otter_open_handlers(ngx_http_otter_open_t *open)
{
    ngx_connection_t  *c;

    c = open->connection;

    /* nginx takes the connection's data for a request, if there is one */

    if (open->request) {
        c->data = open->request;
        c->read->handler = ngx_http_otter_websocket_read;
        c->write->handler = ngx_http_otter_websocket_write;

    } else {
        c->data = open;
        c->read->handler = ngx_http_otter_websocket_read_rest;
        c->write->handler = ngx_http_otter_websocket_write_rest;
    }
}


static void
ngx_http_otter_websocket_read(ngx_event_t *ev)
{
    ngx_connection_t       *c;
    ngx_http_otter_open_t  *open;

    c = ev->data;
    open = ngx_http_otter_open_of(c->data);

    ngx_otter_socket_read(open->socket);
}


static void
ngx_http_otter_websocket_write(ngx_event_t *ev)
{
    ngx_connection_t       *c;
    ngx_http_otter_open_t  *open;

    c = ev->data;
    open = ngx_http_otter_open_of(c->data);

    ngx_otter_socket_write(open->socket);
}


static ngx_http_otter_open_t *
ngx_http_otter_open_of(ngx_http_request_t *r)
{
    ngx_http_otter_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_otter_module);

    return ctx->websocket;
}


static void
ngx_http_otter_websocket_read_rest(ngx_event_t *ev)
{
    ngx_connection_t       *c;
    ngx_http_otter_open_t  *open;

    c = ev->data;
    open = c->data;

    ngx_otter_socket_read(open->socket);
}


static void
ngx_http_otter_websocket_write_rest(ngx_event_t *ev)
{
    ngx_connection_t       *c;
    ngx_http_otter_open_t  *open;

    c = ev->data;
    open = c->data;

    ngx_otter_socket_write(open->socket);
}


/* the socket may be in use above on the stack: the end is an event */

void
ngx_http_otter_websocket_done(ngx_otter_socket_t *s)
{
    ngx_http_otter_open_t  *open;

    open = s->request;

    if (ngx_http_otter_done_event.handler == NULL) {
        ngx_queue_init(&ngx_http_otter_done);

        ngx_http_otter_done_event.handler = ngx_http_otter_websocket_finish;
        ngx_http_otter_done_event.log = ngx_cycle->log;
    }

    open->is_done = 1;
    ngx_queue_insert_tail(&ngx_http_otter_done, &open->queue);

    if (!ngx_http_otter_done_event.posted) {
        ngx_post_event(&ngx_http_otter_done_event, &ngx_posted_events);
    }
}


static void
ngx_http_otter_websocket_finish(ngx_event_t *ev)
{
    ngx_queue_t            *q;
    ngx_connection_t       *c;
    ngx_http_request_t     *r;
    ngx_http_otter_open_t  *open;

    while (!ngx_queue_empty(&ngx_http_otter_done)) {
        q = ngx_queue_head(&ngx_http_otter_done);
        open = ngx_queue_data(q, ngx_http_otter_open_t, queue);

        c = open->connection;
        r = ngx_http_otter_wake(open);

        if (r == NULL) {

            /* there is no memory to log it */

            ngx_http_otter_websocket_cleanup(open);
            ngx_http_close_connection(c);
            continue;
        }

        ngx_http_finalize_request(r, NGX_HTTP_CLOSE);
        ngx_http_run_posted_requests(c);
    }
}


void
ngx_http_otter_websocket_cleanup(void *data)
{
    ngx_http_otter_open_t *open = data;

    ngx_otter_socket_t    *s;
    ngx_http_otter_ctx_t  *ctx;

    s = open->socket;

    if (open->is_done) {
        ngx_queue_remove(&open->queue);
    }

    if (open->begin) {
        ngx_delete_posted_event(open->begin);
    }

    if (open->request) {
        ctx = ngx_http_get_module_ctx(open->request, ngx_http_otter_module);

        ctx->close_code = s->close_code;
        ctx->messages_in = s->messages_in;
        ctx->messages_out = s->messages_out;
        ctx->websocket = NULL;
    }

    /* a request that nginx itself gave up */

    if (!s->ended) {
        s->ended = 1;
        s->handlers->ended(s, NGX_OTTER_CLOSE_ABNORMAL, 1);
    }

    ngx_otter_socket_destroy(s);

    if (open->rest) {
        ngx_free(open->rest);
    }

    ngx_free(open);
}
