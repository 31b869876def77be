
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_output.h"
#include "ngx_otter_cache.h"


static void ngx_otter_out_free(ngx_otter_out_t *out);
static u_char *ngx_otter_out_seq(u_char *p, uint64_t seq);
static ngx_uint_t ngx_otter_queue_fill(ngx_otter_queue_t *queue);
static void ngx_otter_queue_take(ngx_otter_queue_t *queue, ngx_uint_t n);


/*
 * One set of buffers serves every connection of the worker: they live no
 * longer than the call that writes them.
 */

static ngx_buf_t    ngx_otter_out_bufs[NGX_OTTER_OUT_BUFS];
static ngx_chain_t  ngx_otter_out_chain[NGX_OTTER_OUT_BUFS];


ngx_otter_body_t *
ngx_otter_body_create(const otter_span_t *parts, ngx_uint_t n)
{
    size_t             len;
    u_char            *p;
    ngx_uint_t         i;
    ngx_otter_body_t  *body;

    len = 0;

    for (i = 0; i < n; i++) {
        len += parts[i].len;
    }

    body = ngx_otter_cache_alloc(offsetof(ngx_otter_body_t, data) + len);
    if (body == NULL) {
        return NULL;
    }

    body->refs = 1;
    body->len = len;

    p = body->data;

    for (i = 0; i < n; i++) {
        if (parts[i].len) {
            p = ngx_cpymem(p, parts[i].data, parts[i].len);
        }
    }

    return body;
}


void
ngx_otter_body_free(ngx_otter_body_t *body)
{
    if (--body->refs == 0) {
        ngx_otter_cache_free(body,
                             offsetof(ngx_otter_body_t, data) + body->len);
    }
}


static void
ngx_otter_out_free(ngx_otter_out_t *out)
{
    if (out->body) {
        ngx_otter_body_free(out->body);
    }

    ngx_otter_cache_free(out, sizeof(ngx_otter_out_t));
}


void
ngx_otter_queue_init(ngx_otter_queue_t *queue)
{
    queue->first = NULL;
    queue->last = &queue->first;
    queue->bytes = 0;
    queue->sent = 0;
}


static u_char *
ngx_otter_out_seq(u_char *p, uint64_t seq)
{
    u_char  *last, digits[NGX_OTTER_SEQ_SIZE];

    last = digits + sizeof(digits);
    *--last = ',';

    do {
        *--last = (u_char) ('0' + seq % 10);
        seq /= 10;
    } while (seq);

    p = ngx_cpymem(p, "{\"seq\":", 7);

    return ngx_cpymem(p, last, digits + sizeof(digits) - last);
}


ngx_int_t
ngx_otter_queue_add(ngx_otter_queue_t *queue, ngx_uint_t opcode, uint64_t seq,
    ngx_otter_body_t *body)
{
    u_char           *p, prefix[NGX_OTTER_SEQ_SIZE];
    size_t            len;
    ngx_otter_out_t  *out;

    out = ngx_otter_cache_alloc(sizeof(ngx_otter_out_t));
    if (out == NULL) {
        return NGX_ERROR;
    }

    p = out->head;

    if (opcode) {
        len = 0;

        if (seq) {
            len = ngx_otter_out_seq(prefix, seq) - prefix;
        }

        p += otter_frame_head(p, (unsigned) opcode, 0,
                              len + (body ? body->len : 0));
        p = ngx_cpymem(p, prefix, len);
    }

    out->head_len = p - out->head;
    out->next = NULL;
    out->body = body;

    queue->bytes += out->head_len;

    if (body) {
        body->refs++;
        queue->bytes += body->len;
    }

    *queue->last = out;
    queue->last = &out->next;

    return NGX_OK;
}


ngx_int_t
ngx_otter_queue_send(ngx_otter_queue_t *queue, ngx_connection_t *c)
{
    ngx_uint_t    n;
    ngx_chain_t  *rest;

    if (c->error) {
        return NGX_ERROR;
    }

    while (queue->first) {
        n = ngx_otter_queue_fill(queue);

        rest = c->send_chain(c, ngx_otter_out_chain, 0);

        if (rest == NGX_CHAIN_ERROR) {
            c->error = 1;
            return NGX_ERROR;
        }

        ngx_otter_queue_take(queue, n);

        if (rest || c->buffered) {
            return NGX_AGAIN;
        }
    }

    if (c->buffered) {

        /* all of it is in the buffer of TLS, part of it not yet beyond */

        rest = c->send_chain(c, NULL, 0);

        if (rest == NGX_CHAIN_ERROR) {
            c->error = 1;
            return NGX_ERROR;
        }

        if (c->buffered) {
            return NGX_AGAIN;
        }
    }

    return NGX_OK;
}


static ngx_uint_t
ngx_otter_queue_fill(ngx_otter_queue_t *queue)
{
    size_t            skip;
    ngx_buf_t        *b;
    ngx_uint_t        n;
    ngx_otter_out_t  *out;

    n = 0;
    skip = queue->sent;

    for (out = queue->first;
         out && n + 2 <= NGX_OTTER_OUT_BUFS;
         out = out->next)
    {
        if (skip < out->head_len) {
            b = &ngx_otter_out_bufs[n++];
            ngx_memzero(b, sizeof(ngx_buf_t));
            b->start = out->head;
            b->pos = out->head + skip;
            b->last = out->head + out->head_len;
            skip = 0;

        } else {
            skip -= out->head_len;
        }

        if (out->body && skip < out->body->len) {
            b = &ngx_otter_out_bufs[n++];
            ngx_memzero(b, sizeof(ngx_buf_t));
            b->start = out->body->data;
            b->pos = out->body->data + skip;
            b->last = out->body->data + out->body->len;
        }

        skip = 0;
    }

    for (b = ngx_otter_out_bufs; b < ngx_otter_out_bufs + n; b++) {
        b->memory = 1;
        b->end = b->pos;

        ngx_otter_out_chain[b - ngx_otter_out_bufs].buf = b;
        ngx_otter_out_chain[b - ngx_otter_out_bufs].next =
                                  &ngx_otter_out_chain[b + 1
                                                       - ngx_otter_out_bufs];
    }

    b--;
    b->flush = 1;
    ngx_otter_out_chain[n - 1].next = NULL;

    return n;
}


/* b->end was set to where sending began */

static void
ngx_otter_queue_take(ngx_otter_queue_t *queue, ngx_uint_t n)
{
    size_t            size;
    ngx_uint_t        i;
    ngx_otter_out_t  *out;

    for (i = 0; i < n; i++) {
        size = ngx_otter_out_bufs[i].pos - ngx_otter_out_bufs[i].end;

        queue->sent += size;
        queue->bytes -= size;
    }

    while (queue->first) {
        out = queue->first;
        size = out->head_len + (out->body ? out->body->len : 0);

        if (queue->sent < size) {
            break;
        }

        queue->sent -= size;
        queue->first = out->next;

        ngx_otter_out_free(out);
    }

    if (queue->first == NULL) {
        queue->last = &queue->first;
    }
}


void
ngx_otter_queue_clear(ngx_otter_queue_t *queue, ngx_uint_t keep)
{
    ngx_otter_out_t  *out, *next;

    out = queue->first;

    if (keep && out && queue->sent) {
        next = out->next;
        out->next = NULL;

        queue->last = &out->next;
        queue->bytes = out->head_len + (out->body ? out->body->len : 0)
                       - queue->sent;

        out = next;

    } else {
        ngx_otter_queue_init(queue);
    }

    while (out) {
        next = out->next;
        ngx_otter_out_free(out);
        out = next;
    }
}
