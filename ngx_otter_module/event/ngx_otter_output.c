
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_output.h"
#include "ngx_otter_cache.h"
#include "ngx_otter_stats.h"


static void ngx_otter_out_free(ngx_otter_out_t *out);
static ngx_int_t ngx_otter_queue_frame(ngx_otter_queue_t *queue,
    ngx_uint_t opcode, uint64_t seq, ngx_otter_body_t *body,
    ngx_uint_t deflated);
static u_char *ngx_otter_out_stored(u_char *p, size_t len);
static u_char *ngx_otter_out_seq(u_char *p, uint64_t seq);
static ngx_int_t ngx_otter_queue_write(ngx_otter_queue_t *queue,
    ngx_connection_t *c);
static ngx_int_t ngx_otter_queue_copy(ngx_otter_queue_t *queue,
    ngx_connection_t *c);
static ngx_int_t ngx_otter_queue_chain(ngx_otter_queue_t *queue,
    ngx_connection_t *c);
static ngx_uint_t ngx_otter_queue_fill(ngx_otter_queue_t *queue);
static void ngx_otter_out_time(ngx_otter_out_t *out);
static void ngx_otter_queue_observe(void);
static void ngx_otter_queue_take(ngx_otter_queue_t *queue, size_t size);


/*
 * One set of buffers serves every connection of the worker: they live no
 * longer than the call that writes them.
 */

static ngx_buf_t    ngx_otter_out_bufs[NGX_OTTER_OUT_BUFS];
static ngx_chain_t  ngx_otter_out_chain[NGX_OTTER_OUT_BUFS];
static u_char       ngx_otter_out_copy[NGX_OTTER_OUT_COPY];

/* of the frames among them that are timed: when their messages were read */

static uint64_t     ngx_otter_out_born[NGX_OTTER_OUT_BUFS];
static ngx_uint_t   ngx_otter_out_timed;


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
    body->deflated = NULL;
    body->window = 0;
    body->born = 0;

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

        if (body->deflated) {
            ngx_otter_body_free(body->deflated);
        }

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


/* the head of a block that is neither the last one nor compressed */

static u_char *
ngx_otter_out_stored(u_char *p, size_t len)
{
    *p++ = 0;
    *p++ = (u_char) len;
    *p++ = (u_char) (len >> 8);
    *p++ = (u_char) ~len;
    *p++ = (u_char) (~len >> 8);

    return p;
}


ngx_int_t
ngx_otter_queue_add(ngx_otter_queue_t *queue, ngx_uint_t opcode, uint64_t seq,
    ngx_otter_body_t *body)
{
    return ngx_otter_queue_frame(queue, opcode, seq, body, 0);
}


ngx_int_t
ngx_otter_queue_add_deflated(ngx_otter_queue_t *queue, ngx_uint_t opcode,
    uint64_t seq, ngx_otter_body_t *body)
{
    return ngx_otter_queue_frame(queue, opcode, seq, body, 1);
}


static ngx_int_t
ngx_otter_queue_frame(ngx_otter_queue_t *queue, ngx_uint_t opcode,
    uint64_t seq, ngx_otter_body_t *body, ngx_uint_t deflated)
{
    u_char           *p, prefix[NGX_OTTER_SEQ_SIZE];
    size_t            len, stored;
    ngx_otter_out_t  *out;

    out = ngx_otter_cache_alloc(sizeof(ngx_otter_out_t));
    if (out == NULL) {
        return NGX_ERROR;
    }

    p = out->head;

    if (opcode) {
        len = 0;
        stored = 0;

        if (seq) {
            len = ngx_otter_out_seq(prefix, seq) - prefix;
            stored = deflated ? NGX_OTTER_STORED_SIZE : 0;
        }

        p += otter_frame_head(p, (unsigned) opcode, (unsigned) deflated,
                              stored + len + (body ? body->len : 0));

        if (stored) {
            p = ngx_otter_out_stored(p, len);
        }

        p = ngx_cpymem(p, prefix, len);
    }

    out->head_len = (u_char) (p - out->head);
    out->timed = (body && body->born);
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
    ngx_int_t     rc;
    ngx_chain_t  *rest;

    if (c->error) {
        return NGX_ERROR;
    }

    while (queue->first) {
        ngx_otter_out_timed = 0;

        rc = ngx_otter_queue_write(queue, c);

        if (rc == NGX_ERROR) {
            c->error = 1;
            return NGX_ERROR;
        }

        if (ngx_otter_out_timed) {
            ngx_otter_queue_observe();
        }

        if (rc == NGX_AGAIN) {
            ngx_otter_stats->send_queue_peak =
                    ngx_max(ngx_otter_stats->send_queue_peak, queue->bytes);
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


/* TLS gathers for itself */

static ngx_int_t
ngx_otter_queue_write(ngx_otter_queue_t *queue, ngx_connection_t *c)
{
    /* of the first frame what is sent is copied along */

    if (queue->sent + queue->bytes > NGX_OTTER_OUT_COPY) {
        return ngx_otter_queue_chain(queue, c);
    }

#if (NGX_SSL)
    if (c->ssl) {
        return ngx_otter_queue_chain(queue, c);
    }
#endif

    return ngx_otter_queue_copy(queue, c);
}


/*
 * A few short frames are sooner copied once more than described to the kernel
 * piece by piece.
 */

static ngx_int_t
ngx_otter_queue_copy(ngx_otter_queue_t *queue, ngx_connection_t *c)
{
    u_char           *p;
    size_t            size;
    ssize_t           n;
    ngx_otter_out_t  *out;

    p = ngx_otter_out_copy;

    for (out = queue->first; out; out = out->next) {
        ngx_otter_out_time(out);

        p = ngx_cpymem(p, out->head, out->head_len);

        if (out->body) {
            p = ngx_cpymem(p, out->body->data, out->body->len);
        }
    }

    size = queue->bytes;

    n = c->send(c, ngx_otter_out_copy + queue->sent, size);

    if (n < 0) {
        return n;
    }

    ngx_otter_queue_take(queue, n);

    return (size_t) n == size ? NGX_OK : NGX_AGAIN;
}


static ngx_int_t
ngx_otter_queue_chain(ngx_otter_queue_t *queue, ngx_connection_t *c)
{
    size_t        size;
    ngx_uint_t    i, n;
    ngx_chain_t  *rest;

    n = ngx_otter_queue_fill(queue);

    rest = c->send_chain(c, ngx_otter_out_chain, 0);

    if (rest == NGX_CHAIN_ERROR) {
        return NGX_ERROR;
    }

    /* b->end was set to where sending began */

    size = 0;

    for (i = 0; i < n; i++) {
        size += ngx_otter_out_bufs[i].pos - ngx_otter_out_bufs[i].end;
    }

    ngx_otter_queue_take(queue, size);

    return rest || c->buffered ? NGX_AGAIN : NGX_OK;
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
        ngx_otter_out_time(out);

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


static void
ngx_otter_out_time(ngx_otter_out_t *out)
{
    if (out->timed && ngx_otter_out_timed < NGX_OTTER_OUT_BUFS) {
        out->timed = 0;
        ngx_otter_out_born[ngx_otter_out_timed++] = out->body->born;
    }
}


/* how long a receiver takes to read is not the server's time */

static void
ngx_otter_queue_observe(void)
{
    uint64_t    now;
    ngx_uint_t  i;

    now = ngx_otter_stats_now();

    for (i = 0; i < ngx_otter_out_timed; i++) {
        ngx_otter_stats_observe(&ngx_otter_stats->relay,
                                now - ngx_otter_out_born[i]);
    }
}


static void
ngx_otter_queue_take(ngx_otter_queue_t *queue, size_t size)
{
    ngx_otter_out_t  *out;

    queue->sent += size;
    queue->bytes -= size;
    ngx_otter_stats->bytes_out += size;

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
