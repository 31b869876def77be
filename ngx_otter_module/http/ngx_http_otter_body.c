
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_module.h"
#include "otter_json.h"
#include "otter_utf8.h"


enum {
    NGX_HTTP_OTTER_DRAIN_MAX = 4 * 1024 * 1024
};

struct ngx_http_otter_body_s {
    ngx_http_otter_handler_pt   then;      /* when it has come */
    ngx_http_otter_json_pt      handler;
    ngx_http_otter_raw_pt       raw;
    void                       *data;
    u_char                     *start;
    size_t                      len;
    size_t                      size;      /* of what start points to */
    size_t                      max;       /* that is read at all */
    size_t                      received;  /* more than len: too long */
    unsigned                    done:1;
};


static ngx_http_otter_body_t *ngx_http_otter_body(ngx_http_request_t *r);
static ngx_int_t ngx_http_otter_body_start(ngx_http_request_t *r,
    ngx_http_otter_body_t *body);
static ngx_int_t ngx_http_otter_body_read(ngx_http_request_t *r);
static void ngx_http_otter_body_first(ngx_http_request_t *r);
static void ngx_http_otter_body_more(ngx_http_request_t *r);
static ngx_int_t ngx_http_otter_body_take(ngx_http_request_t *r,
    ngx_http_otter_body_t *body);
static ngx_int_t ngx_http_otter_body_append(ngx_http_request_t *r,
    ngx_http_otter_body_t *body, u_char *data, size_t len);
static ngx_int_t ngx_http_otter_body_failed(ngx_http_request_t *r,
    ngx_int_t rc);
static ngx_int_t ngx_http_otter_body_parse(ngx_http_request_t *r);
static ngx_int_t ngx_http_otter_body_object(ngx_http_request_t *r,
    ngx_http_otter_body_t *body);
static const char *ngx_http_otter_body_detail(otter_object_rc_t rc);
static void ngx_http_otter_body_cleanup(void *data);


/*
 * Over HTTP/2 nginx resets a stream that it answers before the body has come,
 * and there are clients, curl for one, that take this for a failure and lose
 * the answer.  So what comes is read to its end, if that is not too far away.
 */

ngx_int_t
ngx_http_otter_read_first(ngx_http_request_t *r,
    ngx_http_otter_handler_pt handler)
{
    ngx_http_otter_body_t  *body;

    if (r->http_version < NGX_HTTP_VERSION_20
        || r != r->main || r->request_body || r->discard_body
        || (r->headers_in.content_length_n <= 0 && !r->headers_in.chunked)
        || r->headers_in.content_length_n > NGX_HTTP_OTTER_DRAIN_MAX)
    {
        return handler(r);
    }

    body = ngx_http_otter_body(r);
    if (body == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    body->then = handler;
    body->max = NGX_HTTP_OTTER_DRAIN_MAX;

    return ngx_http_otter_body_read(r);
}


ngx_int_t
ngx_http_otter_read_json(ngx_http_request_t *r,
    ngx_http_otter_json_pt handler, void *data)
{
    ngx_http_otter_body_t  *body;

    body = ngx_http_otter_body(r);
    if (body == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    body->handler = handler;
    body->data = data;

    return ngx_http_otter_body_start(r, body);
}


ngx_int_t
ngx_http_otter_read_raw(ngx_http_request_t *r, ngx_http_otter_raw_pt handler,
    void *data)
{
    ngx_http_otter_body_t  *body;

    body = ngx_http_otter_body(r);
    if (body == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    body->raw = handler;
    body->data = data;

    return ngx_http_otter_body_start(r, body);
}


static ngx_int_t
ngx_http_otter_body_start(ngx_http_request_t *r, ngx_http_otter_body_t *body)
{
    if (r->headers_in.content_length_n > NGX_HTTP_OTTER_BODY_MAX) {
        return ngx_http_otter_body_failed(r,
                                          NGX_HTTP_REQUEST_ENTITY_TOO_LARGE);
    }

    if (body->done) {
        return ngx_http_otter_body_parse(r);
    }

    body->then = ngx_http_otter_body_parse;
    body->max = NGX_HTTP_OTTER_BODY_MAX;

    return ngx_http_otter_body_read(r);
}


static ngx_http_otter_body_t *
ngx_http_otter_body(ngx_http_request_t *r)
{
    ngx_http_otter_ctx_t  *ctx;

    ctx = ngx_http_otter_get_ctx(r);
    if (ctx == NULL) {
        return NULL;
    }

    if (ctx->body == NULL) {
        ctx->body = ngx_pcalloc(r->pool, sizeof(ngx_http_otter_body_t));

        if (ctx->body) {
            ctx->body->start = (u_char *) "";
        }
    }

    return ctx->body;
}


/*
 * The body is read without nginx's buffering: that would let a body of no
 * declared length fill a file, and answer one that is too long by itself.
 */

static ngx_int_t
ngx_http_otter_body_read(ngx_http_request_t *r)
{
    ngx_int_t  rc;

    r->request_body_no_buffering = 1;

    rc = ngx_http_read_client_request_body(r, ngx_http_otter_body_first);

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        return ngx_http_otter_body_failed(r, rc);
    }

    return NGX_DONE;
}


static void
ngx_http_otter_body_first(ngx_http_request_t *r)
{
    if (r->reading_body) {
        r->read_event_handler = ngx_http_otter_body_more;
    }

    ngx_http_otter_body_more(r);
}


static void
ngx_http_otter_body_more(ngx_http_request_t *r)
{
    ngx_int_t               rc;
    ngx_http_otter_ctx_t   *ctx;
    ngx_http_otter_body_t  *body;

    ctx = ngx_http_get_module_ctx(r, ngx_http_otter_module);
    body = ctx->body;

    for ( ;; ) {
        rc = ngx_http_otter_body_take(r, body);
        if (rc != NGX_OK) {
            break;
        }

        if (!r->reading_body) {
            body->done = 1;
            ngx_http_finalize_request(r, body->then(r));
            return;
        }

        rc = ngx_http_read_unbuffered_request_body(r);

        if (rc >= NGX_HTTP_SPECIAL_RESPONSE || rc == NGX_ERROR) {
            break;
        }

        if (rc == NGX_AGAIN && r->request_body->bufs == NULL) {
            return;
        }
    }

    ngx_http_finalize_request(r, ngx_http_otter_body_failed(r, rc));
}


/* moves what nginx has read to where the body is put together */

static ngx_int_t
ngx_http_otter_body_take(ngx_http_request_t *r, ngx_http_otter_body_t *body)
{
    ngx_int_t     rc;
    ngx_buf_t    *b;
    ngx_chain_t  *cl, *ln;

    if (r->request_body == NULL) {
        return NGX_OK;
    }

    for (cl = r->request_body->bufs; cl; /* void */) {
        b = cl->buf;

        rc = ngx_http_otter_body_append(r, body, b->pos, b->last - b->pos);
        if (rc != NGX_OK) {
            return rc;
        }

        b->pos = b->last;

        ln = cl;
        cl = cl->next;
        ngx_free_chain(r->pool, ln);

        r->request_body->bufs = cl;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_otter_body_append(ngx_http_request_t *r,
    ngx_http_otter_body_t *body, u_char *data, size_t len)
{
    u_char  *start;
    size_t   size;

    body->received += len;

    if (body->received > NGX_HTTP_OTTER_BODY_MAX) {
        return body->received > body->max ? NGX_HTTP_REQUEST_ENTITY_TOO_LARGE
                                          : NGX_OK;
    }

    if (len > body->size - body->len) {
        size = ngx_max(body->len + len, 2 * body->size);

        start = ngx_pnalloc(r->pool, size);
        if (start == NULL) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        if (body->len) {
            ngx_memcpy(start, body->start, body->len);
            (void) ngx_pfree(r->pool, body->start);
        }

        body->start = start;
        body->size = size;
    }

    if (len) {
        ngx_memcpy(body->start + body->len, data, len);
        body->len += len;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_otter_body_failed(ngx_http_request_t *r, ngx_int_t rc)
{
    if (r->connection->error || rc == NGX_HTTP_REQUEST_TIME_OUT) {
        return rc;
    }

    /* what is left of the body would be read as the next request */

    r->keepalive = 0;

    switch (rc) {

    case NGX_HTTP_REQUEST_ENTITY_TOO_LARGE:
        return ngx_http_otter_problem(r, rc, "body-too-large",
                                      "the body is larger than 64 KiB");

    case NGX_HTTP_BAD_REQUEST:
        return ngx_http_otter_problem(r, rc, "bad-body",
                                      "the body breaks the rules of HTTP");

    default:
        return rc;
    }
}


static ngx_int_t
ngx_http_otter_body_parse(ngx_http_request_t *r)
{
    ngx_str_t               text;
    const char             *detail;
    ngx_http_otter_body_t  *body;

    body = ngx_http_otter_body(r);
    if (body == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (body->received > body->len) {
        return ngx_http_otter_body_failed(r,
                                          NGX_HTTP_REQUEST_ENTITY_TOO_LARGE);
    }

    if (body->raw == NULL) {
        return ngx_http_otter_body_object(r, body);
    }

    if (!otter_utf8_valid(body->start, body->len)) {
        detail = ngx_http_otter_body_detail(OTTER_OBJECT_NOT_UTF8);

    } else if (!otter_json_valid(body->start, body->len)) {
        detail = ngx_http_otter_body_detail(OTTER_OBJECT_NOT_JSON);

    } else {
        text.data = body->start;
        text.len = body->len;

        return body->raw(r, &text, body->data);
    }

    return ngx_http_otter_problem(r, NGX_HTTP_BAD_REQUEST, "bad-json",
                                  detail);
}


static ngx_int_t
ngx_http_otter_body_object(ngx_http_request_t *r, ngx_http_otter_body_t *body)
{
    otter_object_t      *object;
    otter_object_rc_t    rc;
    ngx_pool_cleanup_t  *cln;

    object = ngx_palloc(r->pool, sizeof(otter_object_t));
    if (object == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    cln = ngx_pool_cleanup_add(r->pool, 0);
    if (cln == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = otter_object_read(object, body->start, body->len);

    if (rc == OTTER_OBJECT_NO_MEMORY) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (rc != OTTER_OBJECT_OK) {
        return ngx_http_otter_problem(r, NGX_HTTP_BAD_REQUEST, "bad-json",
                                      ngx_http_otter_body_detail(rc));
    }

    cln->handler = ngx_http_otter_body_cleanup;
    cln->data = object;

    return body->handler(r, object, body->data);
}


static const char *
ngx_http_otter_body_detail(otter_object_rc_t rc)
{
    switch (rc) {

    case OTTER_OBJECT_NOT_UTF8:
        return "the body is not valid UTF-8";

    case OTTER_OBJECT_TWICE:
        return "a name stands twice in an object of the body";

    case OTTER_OBJECT_ZERO:
        return "a string of the body holds the character U+0000";

    case OTTER_OBJECT_TOO_LARGE:
        return "a number of the body is too large";

    case OTTER_OBJECT_OTHER:
        return "the body must be a JSON object";

    default:
        return "the body is not valid JSON of at most 32 levels";
    }
}


static void
ngx_http_otter_body_cleanup(void *data)
{
    otter_object_t  *object = data;

    otter_object_free(object);
}
