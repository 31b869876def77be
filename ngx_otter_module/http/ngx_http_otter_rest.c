
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_websocket.h"


/*
 * What is kept of a request, as nginx has it.  Behind it lie strings, each
 * with a zero: the five named here, then names and values of headers; then
 * the variables that had values.
 */

typedef struct {
    time_t                     start_sec;
    ngx_msec_t                 start_msec;
    off_t                      request_length;
    ngx_uint_t                 method;
    ngx_uint_t                 http_version;
    ngx_http_connection_t     *hc;
    uint32_t                   request_line;   /* lengths */
    uint32_t                   unparsed_uri;
    uint32_t                   uri;
    uint32_t                   args;
    uint32_t                   host;
    uint16_t                   headers;
    uint16_t                   variables;
    unsigned                   limit_req_status:3;
    unsigned                   internal:1;
    u_char                     text[1];
} ngx_http_otter_rest_t;

typedef struct {
    uint32_t                   index;
    uint32_t                   len;
    unsigned                   not_found:1;
} ngx_http_otter_rest_value_t;


static ngx_uint_t ngx_http_otter_rest_can(ngx_http_request_t *r);
static size_t ngx_http_otter_rest_size(ngx_http_request_t *r);
static ngx_uint_t ngx_http_otter_rest_secret(ngx_table_elt_t *h);
static ngx_uint_t ngx_http_otter_rest_has_value(ngx_http_variable_value_t *v);
static void ngx_http_otter_rest_write(ngx_http_otter_rest_t *rest,
    ngx_http_request_t *r);
static u_char *ngx_http_otter_rest_headers(ngx_http_otter_rest_t *rest,
    u_char *p, ngx_http_request_t *r);
static void ngx_http_otter_rest_variables(ngx_http_otter_rest_t *rest,
    u_char *p, ngx_http_request_t *r);
static u_char *ngx_http_otter_rest_string(u_char *p, ngx_str_t *str);
static void ngx_http_otter_rest_buffers(ngx_connection_t *c,
    ngx_http_connection_t *hc);
static void ngx_http_otter_rest_chain(ngx_connection_t *c, ngx_chain_t *cl);

static ngx_int_t ngx_http_otter_wake_request(ngx_http_otter_open_t *open,
    ngx_http_request_t *r);
static void ngx_http_otter_wake_lines(ngx_http_otter_rest_t *rest,
    u_char **p, ngx_http_request_t *r);
static void ngx_http_otter_wake_string(u_char **p, size_t len,
    ngx_str_t *str);
static ngx_int_t ngx_http_otter_wake_header(ngx_http_request_t *r,
    u_char **p);
static void ngx_http_otter_wake_variables(ngx_http_otter_rest_t *rest,
    u_char *p, ngx_http_request_t *r);
static ngx_int_t ngx_http_otter_wake_context(ngx_http_otter_open_t *open,
    ngx_http_request_t *r);
static void ngx_http_otter_wake_counters(ngx_http_request_t *r);
static void ngx_http_otter_wake_cleanup(void *data);


void
ngx_http_otter_rest(ngx_http_otter_open_t *open)
{
    ngx_pool_t             *pool;
    ngx_connection_t       *c;
    ngx_http_request_t     *r;
    ngx_http_log_ctx_t     *ctx;
    ngx_http_otter_rest_t  *rest;

    r = open->request;
    c = open->connection;

    if (r == NULL || !ngx_http_otter_rest_can(r)) {
        return;
    }

    rest = ngx_alloc(ngx_http_otter_rest_size(r), c->log);
    if (rest == NULL) {
        return;
    }

    ngx_http_otter_rest_write(rest, r);

    open->rest = rest;
    open->request = NULL;
    ngx_http_otter_open_handlers(open);

    ctx = c->log->data;
    ctx->request = NULL;
    ctx->current_request = NULL;

    /* nothing is to be run: the connection lives on */

    r->cleanup = NULL;

    pool = r->pool;
    r->pool = NULL;
    ngx_destroy_pool(pool);

    ngx_http_otter_rest_buffers(c, rest->hc);
}


/*
 * A module that wants to be told of the end of the request, like "limit_conn"
 * or "set_real_ip_from", has to have it.  Values of its variables are kept.
 */

static ngx_uint_t
ngx_http_otter_rest_can(ngx_http_request_t *r)
{
    ngx_http_cleanup_t  *cln;
    ngx_pool_cleanup_t  *pcln;

    if (r != r->main || r->count != 1 || r->posted_requests || r->captures) {
        return 0;
    }

    for (cln = r->cleanup; cln; cln = cln->next) {

        if (cln->handler
            && cln->handler != ngx_http_otter_websocket_cleanup
            && cln->handler != ngx_http_otter_websocket_give_up)
        {
            return 0;
        }
    }

    for (pcln = r->pool->cleanup; pcln; pcln = pcln->next) {

        if (pcln->handler
            && pcln->handler != ngx_http_otter_claims_cleanup
            && pcln->handler != ngx_http_otter_wake_cleanup)
        {
            return 0;
        }
    }

    return 1;
}


static size_t
ngx_http_otter_rest_size(ngx_http_request_t *r)
{
    size_t                      size;
    ngx_uint_t                  i;
    ngx_list_part_t            *part;
    ngx_table_elt_t            *h;
    ngx_http_core_main_conf_t  *cmcf;

    size = sizeof(ngx_http_otter_rest_t) + r->request_line.len
           + r->unparsed_uri.len + r->uri.len + r->args.len
           + r->headers_in.server.len + 5;

    for (part = &r->headers_in.headers.part; part; part = part->next) {
        h = part->elts;

        for (i = 0; i < part->nelts; i++) {

            if (!ngx_http_otter_rest_secret(&h[i])) {
                size += h[i].key.len + h[i].value.len + 2;
            }
        }
    }

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_core_module);

    for (i = 0; i < cmcf->variables.nelts; i++) {

        if (ngx_http_otter_rest_has_value(&r->variables[i])) {
            size += sizeof(ngx_http_otter_rest_value_t)
                    + r->variables[i].len;
        }
    }

    return size;
}


/* the token is in one of them, and has done its work */

static ngx_uint_t
ngx_http_otter_rest_secret(ngx_table_elt_t *h)
{
    return (h->key.len == sizeof("authorization") - 1
            && ngx_memcmp(h->lowcase_key, "authorization", h->key.len) == 0)
           || (h->key.len == sizeof("sec-websocket-protocol") - 1
               && ngx_memcmp(h->lowcase_key, "sec-websocket-protocol",
                             h->key.len)
                  == 0);
}


static ngx_uint_t
ngx_http_otter_rest_has_value(ngx_http_variable_value_t *v)
{
    return (v->valid || v->not_found) && !v->no_cacheable;
}


static void
ngx_http_otter_rest_write(ngx_http_otter_rest_t *rest, ngx_http_request_t *r)
{
    u_char  *p;

    ngx_memzero(rest, offsetof(ngx_http_otter_rest_t, text));

    rest->start_sec = r->start_sec;
    rest->start_msec = r->start_msec;
    rest->request_length = r->request_length;
    rest->method = r->method;
    rest->http_version = r->http_version;
    rest->hc = r->http_connection;
    rest->limit_req_status = r->limit_req_status;
    rest->internal = r->internal;

    rest->request_line = (uint32_t) r->request_line.len;
    rest->unparsed_uri = (uint32_t) r->unparsed_uri.len;
    rest->uri = (uint32_t) r->uri.len;
    rest->args = (uint32_t) r->args.len;
    rest->host = (uint32_t) r->headers_in.server.len;

    p = rest->text;
    p = ngx_http_otter_rest_string(p, &r->request_line);
    p = ngx_http_otter_rest_string(p, &r->unparsed_uri);
    p = ngx_http_otter_rest_string(p, &r->uri);
    p = ngx_http_otter_rest_string(p, &r->args);
    p = ngx_http_otter_rest_string(p, &r->headers_in.server);

    p = ngx_http_otter_rest_headers(rest, p, r);
    ngx_http_otter_rest_variables(rest, p, r);
}


static u_char *
ngx_http_otter_rest_headers(ngx_http_otter_rest_t *rest, u_char *p,
    ngx_http_request_t *r)
{
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    for (part = &r->headers_in.headers.part; part; part = part->next) {
        h = part->elts;

        for (i = 0; i < part->nelts; i++) {

            if (ngx_http_otter_rest_secret(&h[i])) {
                continue;
            }

            p = ngx_http_otter_rest_string(p, &h[i].key);
            p = ngx_http_otter_rest_string(p, &h[i].value);
            rest->headers++;
        }
    }

    return p;
}


static void
ngx_http_otter_rest_variables(ngx_http_otter_rest_t *rest, u_char *p,
    ngx_http_request_t *r)
{
    ngx_uint_t                    i;
    ngx_http_variable_value_t    *v;
    ngx_http_core_main_conf_t    *cmcf;
    ngx_http_otter_rest_value_t   value;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_core_module);

    for (i = 0; i < cmcf->variables.nelts; i++) {
        v = &r->variables[i];

        if (!ngx_http_otter_rest_has_value(v)) {
            continue;
        }

        ngx_memzero(&value, sizeof(value));
        value.index = (uint32_t) i;
        value.len = v->len;
        value.not_found = v->not_found;

        p = ngx_cpymem(p, &value, sizeof(value));

        if (v->len) {
            p = ngx_cpymem(p, v->data, v->len);
        }

        rest->variables++;
    }
}


static u_char *
ngx_http_otter_rest_string(u_char *p, ngx_str_t *str)
{
    if (str->len) {
        p = ngx_cpymem(p, str->data, str->len);
    }

    *p++ = '\0';

    return p;
}


/* as nginx does when it waits for the next request of a connection */

static void
ngx_http_otter_rest_buffers(ngx_connection_t *c, ngx_http_connection_t *hc)
{
    ngx_buf_t  *b;

    b = c->buffer;

    if (b && b->start && ngx_pfree(c->pool, b->start) == NGX_OK) {
        ngx_memzero(b, sizeof(ngx_buf_t));
    }

    ngx_http_otter_rest_chain(c, hc->free);
    ngx_http_otter_rest_chain(c, hc->busy);

    hc->free = NULL;
    hc->busy = NULL;
    hc->nbusy = 0;
}


static void
ngx_http_otter_rest_chain(ngx_connection_t *c, ngx_chain_t *cl)
{
    ngx_chain_t  *next;

    for ( /* void */ ; cl; cl = next) {
        next = cl->next;

        (void) ngx_pfree(c->pool, cl->buf->start);
        cl->buf->start = NULL;

        ngx_free_chain(c->pool, cl);
    }
}


ngx_http_request_t *
ngx_http_otter_wake(ngx_http_otter_open_t *open)
{
    ngx_connection_t       *c;
    ngx_http_request_t     *r;
    ngx_http_log_ctx_t     *ctx;
    ngx_http_otter_rest_t  *rest;

    if (open->request) {
        return open->request;
    }

    c = open->connection;
    rest = open->rest;

    c->data = rest->hc;
    r = ngx_http_create_request(c);

    if (r == NULL) {
        c->data = open;
        return NULL;
    }

    ngx_http_otter_wake_counters(r);

    if (ngx_http_otter_wake_request(open, r) != NGX_OK) {
        ctx = c->log->data;
        ctx->request = NULL;
        ctx->current_request = NULL;

        ngx_destroy_pool(r->pool);
        c->data = open;

        return NULL;
    }

    /* from here on it goes with the request */

    r->pool->cleanup->data = rest;

    open->rest = NULL;
    open->request = r;
    ngx_http_otter_open_handlers(open);

    return r;
}


static ngx_int_t
ngx_http_otter_wake_request(ngx_http_otter_open_t *open,
    ngx_http_request_t *r)
{
    u_char                    *p;
    ngx_uint_t                 i;
    ngx_http_otter_rest_t     *rest;
    ngx_http_core_loc_conf_t  *clcf;

    rest = open->rest;
    p = rest->text;

    if (ngx_list_init(&r->headers_in.headers, r->pool, rest->headers + 1,
                      sizeof(ngx_table_elt_t))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_http_otter_wake_lines(rest, &p, r);

    for (i = 0; i < rest->headers; i++) {

        if (ngx_http_otter_wake_header(r, &p) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    ngx_http_otter_wake_variables(rest, p, r);

    if (ngx_http_otter_wake_context(open, r) != NGX_OK) {
        return NGX_ERROR;
    }

    r->main_conf = open->main_conf;
    r->srv_conf = open->srv_conf;
    r->loc_conf = open->loc_conf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);
    ngx_set_connection_log(r->connection, clcf->error_log);

    return NGX_OK;
}


static void
ngx_http_otter_wake_lines(ngx_http_otter_rest_t *rest, u_char **p,
    ngx_http_request_t *r)
{
    r->start_sec = rest->start_sec;
    r->start_msec = rest->start_msec;
    r->request_length = rest->request_length;
    r->method = rest->method;
    r->http_version = rest->http_version;
    r->limit_req_status = rest->limit_req_status;
    r->internal = rest->internal;

    ngx_http_otter_wake_string(p, rest->request_line, &r->request_line);
    ngx_http_otter_wake_string(p, rest->unparsed_uri, &r->unparsed_uri);
    ngx_http_otter_wake_string(p, rest->uri, &r->uri);
    ngx_http_otter_wake_string(p, rest->args, &r->args);
    ngx_http_otter_wake_string(p, rest->host, &r->headers_in.server);

    /* a WebSocket is asked for by GET, with HTTP/1.1 */

    ngx_str_set(&r->method_name, "GET");
    ngx_str_set(&r->http_protocol, "HTTP/1.1");

    r->http_state = NGX_HTTP_PROCESS_REQUEST_STATE;
    r->headers_out.status = NGX_HTTP_SWITCHING_PROTOCOLS;
    r->header_sent = 1;
}


static void
ngx_http_otter_wake_string(u_char **p, size_t len, ngx_str_t *str)
{
    if (len) {
        str->data = *p;
        str->len = len;
    }

    *p += len + 1;
}


static ngx_int_t
ngx_http_otter_wake_header(ngx_http_request_t *r, u_char **p)
{
    ngx_table_elt_t            *h;
    ngx_http_header_t          *hh;
    ngx_http_core_main_conf_t  *cmcf;

    h = ngx_list_push(&r->headers_in.headers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(h, sizeof(ngx_table_elt_t));

    h->key.len = ngx_strlen(*p);
    h->key.data = *p;
    *p += h->key.len + 1;

    h->value.len = ngx_strlen(*p);
    h->value.data = *p;
    *p += h->value.len + 1;

    h->lowcase_key = ngx_pnalloc(r->pool, h->key.len);
    if (h->lowcase_key == NULL) {
        return NGX_ERROR;
    }

    h->hash = ngx_hash_strlow(h->lowcase_key, h->key.data, h->key.len);

    /* the server was chosen by it long ago */

    if (h->key.len == 4 && ngx_strncmp(h->lowcase_key, "host", 4) == 0) {
        r->headers_in.host = h;
        return NGX_OK;
    }

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_core_module);

    hh = ngx_hash_find(&cmcf->headers_in_hash, h->hash, h->lowcase_key,
                       h->key.len);

    return hh ? hh->handler(r, h, hh->offset) : NGX_OK;
}


static void
ngx_http_otter_wake_variables(ngx_http_otter_rest_t *rest, u_char *p,
    ngx_http_request_t *r)
{
    ngx_uint_t                    i;
    ngx_http_variable_value_t    *v;
    ngx_http_otter_rest_value_t   value;

    for (i = 0; i < rest->variables; i++) {
        ngx_memcpy(&value, p, sizeof(value));
        p += sizeof(value);

        v = &r->variables[value.index];

        v->data = p;
        v->len = value.len;
        v->not_found = value.not_found;
        v->valid = !value.not_found;

        p += value.len;
    }
}


static ngx_int_t
ngx_http_otter_wake_context(ngx_http_otter_open_t *open,
    ngx_http_request_t *r)
{
    ngx_http_cleanup_t    *cln;
    ngx_pool_cleanup_t    *pcln;
    ngx_http_otter_ctx_t  *ctx;

    ctx = ngx_http_otter_get_ctx(r);
    if (ctx == NULL) {
        return NGX_ERROR;
    }

    ctx->websocket = open;

    /* "open" is gone before the log is written */

    ctx->room.data = ngx_pstrdup(r->pool, &open->room);
    ctx->identity.data = ngx_pstrdup(r->pool, &open->identity);
    ctx->peer.data = ngx_pstrdup(r->pool, &open->peer);
    ctx->key.data = ngx_pstrdup(r->pool, &open->key);

    if (ctx->room.data == NULL || ctx->identity.data == NULL
        || ctx->peer.data == NULL || ctx->key.data == NULL)
    {
        return NGX_ERROR;
    }

    ctx->room.len = open->room.len;
    ctx->identity.len = open->identity.len;
    ctx->peer.len = open->peer.len;
    ctx->key.len = open->key.len;
    ctx->session = ctx->peer;

    cln = ngx_http_cleanup_add(r, 0);
    pcln = ngx_pool_cleanup_add(r->pool, 0);

    if (cln == NULL || pcln == NULL) {
        return NGX_ERROR;
    }

    cln->handler = ngx_http_otter_websocket_cleanup;
    cln->data = open;

    pcln->handler = ngx_http_otter_wake_cleanup;
    pcln->data = NULL;

    return NGX_OK;
}


/* it is no new request, and has been read */

static void
ngx_http_otter_wake_counters(ngx_http_request_t *r)
{
    r->connection->requests--;

#if (NGX_STAT_STUB)
    (void) ngx_atomic_fetch_add(ngx_stat_requests, -1);
    (void) ngx_atomic_fetch_add(ngx_stat_reading, -1);

    r->stat_reading = 0;
    r->stat_writing = 1;
#endif
}


static void
ngx_http_otter_wake_cleanup(void *data)
{
    ngx_http_otter_rest_t *rest = data;

    if (rest) {
        ngx_free(rest);
    }
}
