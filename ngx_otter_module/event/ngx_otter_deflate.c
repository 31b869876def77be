
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_deflate.h"
#include "otter_deflate.h"

#include <zlib.h>


enum {
    NGX_OTTER_DEFLATE_LEVEL = 3,
    NGX_OTTER_DEFLATE_MEMORY = 8,
    NGX_OTTER_DEFLATE_MIN = 128,       /* a shorter body stays as it is */
    NGX_OTTER_DEFLATE_TAIL = 4,        /* 00 00 ff ff: section 7.2.1 */
    NGX_OTTER_DEFLATE_STREAMS = OTTER_DEFLATE_BITS_MAX
                                - OTTER_DEFLATE_BITS_MIN + 1,
    NGX_OTTER_INFLATE_MIN = 16 * 1024,
    NGX_OTTER_INFLATE_KEPT = 256 * 1024
};

/* of z_stream.data_type: between two blocks */

enum {
    NGX_OTTER_INFLATE_BLOCK = 128
};


static z_stream *ngx_otter_deflate_stream(ngx_uint_t bits);
static ngx_otter_body_t *ngx_otter_deflate_make(ngx_otter_body_t *body,
    ngx_uint_t bits);
static ngx_int_t ngx_otter_inflate_start(void);
static ngx_int_t ngx_otter_inflate_part(u_char *data, size_t len,
    size_t max);
static ngx_int_t ngx_otter_inflate_room(size_t max);


static z_stream   *ngx_otter_deflaters[NGX_OTTER_DEFLATE_STREAMS];

static z_stream    ngx_otter_inflater;
static ngx_uint_t  ngx_otter_inflater_made;
static u_char     *ngx_otter_inflated;
static size_t      ngx_otter_inflated_size;
static size_t      ngx_otter_inflated_len;


ngx_otter_body_t *
ngx_otter_deflate_body(ngx_otter_body_t *body, ngx_uint_t bits)
{
    if (body->len < NGX_OTTER_DEFLATE_MIN) {
        return NULL;
    }

    if (body->window == 0 || body->window > bits) {

        /* one that waits in a queue keeps a reference of its own */

        if (body->deflated) {
            ngx_otter_body_free(body->deflated);
        }

        body->deflated = ngx_otter_deflate_make(body, bits);
        body->window = bits;
    }

    return body->deflated;
}


static ngx_otter_body_t *
ngx_otter_deflate_make(ngx_otter_body_t *body, ngx_uint_t bits)
{
    int                rc;
    size_t             len;
    z_stream          *z;
    otter_span_t       part;
    ngx_otter_body_t  *deflated;

    z = ngx_otter_deflate_stream(bits);
    if (z == NULL) {
        return NULL;
    }

    /* what does not fit into the length of the body is not worth it */

    len = body->len;

    part.data = ngx_alloc(len, ngx_cycle->log);
    if (part.data == NULL) {
        return NULL;
    }

    z->next_in = body->data;
    z->avail_in = (uInt) len;
    z->next_out = (u_char *) part.data;
    z->avail_out = (uInt) len;

    rc = deflate(z, Z_SYNC_FLUSH);

    part.len = len - z->avail_out;
    deflated = NULL;

    if (rc == Z_OK && z->avail_in == 0 && z->avail_out > 0
        && part.len > NGX_OTTER_DEFLATE_TAIL)
    {
        part.len -= NGX_OTTER_DEFLATE_TAIL;
        deflated = ngx_otter_body_create(&part, 1);
    }

    if (deflated) {
        deflated->born = body->born;
    }

    ngx_free((u_char *) part.data);

    return deflated;
}


static z_stream *
ngx_otter_deflate_stream(ngx_uint_t bits)
{
    z_stream  **zp;

    zp = &ngx_otter_deflaters[bits - OTTER_DEFLATE_BITS_MIN];

    if (*zp) {
        return (deflateReset(*zp) == Z_OK) ? *zp : NULL;
    }

    *zp = ngx_calloc(sizeof(z_stream), ngx_cycle->log);
    if (*zp == NULL) {
        return NULL;
    }

    if (deflateInit2(*zp, NGX_OTTER_DEFLATE_LEVEL, Z_DEFLATED, -(int) bits,
                     NGX_OTTER_DEFLATE_MEMORY, Z_DEFAULT_STRATEGY)
        != Z_OK)
    {
        ngx_free(*zp);
        *zp = NULL;
    }

    return *zp;
}


ngx_int_t
ngx_otter_inflate(u_char *data, size_t len, size_t max, ngx_str_t *message)
{
    ngx_int_t  rc;

    static u_char  tail[NGX_OTTER_DEFLATE_TAIL] = { 0, 0, 0xff, 0xff };

    if (ngx_otter_inflate_start() != NGX_OK) {
        return NGX_ERROR;
    }

    rc = ngx_otter_inflate_part(data, len, max);

    if (rc == NGX_OK) {
        rc = ngx_otter_inflate_part(tail, sizeof(tail), max);

        /* a message that ends in the middle of a block was cut off */

        if (rc == NGX_DONE
            || (rc == NGX_OK && !(ngx_otter_inflater.data_type
                                  & NGX_OTTER_INFLATE_BLOCK)))
        {
            return NGX_DECLINED;
        }
    }

    message->data = ngx_otter_inflated;
    message->len = ngx_otter_inflated_len;

    return (rc == NGX_DONE) ? NGX_OK : rc;
}


static ngx_int_t
ngx_otter_inflate_start(void)
{
    if (ngx_otter_inflated_size > NGX_OTTER_INFLATE_KEPT) {
        ngx_free(ngx_otter_inflated);
        ngx_otter_inflated = NULL;
        ngx_otter_inflated_size = 0;
    }

    if (ngx_otter_inflater_made) {

        if (inflateReset(&ngx_otter_inflater) != Z_OK) {
            return NGX_ERROR;
        }

    } else {
        ngx_memzero(&ngx_otter_inflater, sizeof(z_stream));

        if (inflateInit2(&ngx_otter_inflater, -OTTER_DEFLATE_BITS_MAX)
            != Z_OK)
        {
            return NGX_ERROR;
        }

        ngx_otter_inflater_made = 1;
    }

    ngx_otter_inflated_len = 0;

    return NGX_OK;
}


/*
 * NGX_DONE: all of it is taken, and it ends with a block that is marked as
 * the last one.  Such a block may be followed by others: section 7.2.3.5.
 */

static ngx_int_t
ngx_otter_inflate_part(u_char *data, size_t len, size_t max)
{
    int        rc;
    size_t     room;
    z_stream  *z;

    z = &ngx_otter_inflater;

    z->next_in = data;
    z->avail_in = (uInt) len;

    for ( ;; ) {

        if (ngx_otter_inflated_len > max) {
            return NGX_BUSY;
        }

        if (ngx_otter_inflate_room(max) != NGX_OK) {
            return NGX_ERROR;
        }

        room = ngx_otter_inflated_size - ngx_otter_inflated_len;

        z->next_out = ngx_otter_inflated + ngx_otter_inflated_len;
        z->avail_out = (uInt) room;

        rc = inflate(z, Z_SYNC_FLUSH);

        ngx_otter_inflated_len += room - z->avail_out;

        if (rc == Z_STREAM_END) {

            if (inflateReset(z) != Z_OK) {
                return NGX_ERROR;
            }

            if (z->avail_in == 0) {
                return (ngx_otter_inflated_len > max) ? NGX_BUSY : NGX_DONE;
            }

            continue;
        }

        if (rc == Z_MEM_ERROR) {
            return NGX_ERROR;
        }

        if (rc != Z_OK && rc != Z_BUF_ERROR) {
            return NGX_DECLINED;
        }

        if (z->avail_out) {
            return NGX_OK;
        }
    }
}


/*
 * Memory grows with what came out, up to one byte more than is allowed: that
 * byte tells a message of the greatest size from a longer one.
 */

static ngx_int_t
ngx_otter_inflate_room(size_t max)
{
    size_t   size;
    u_char  *p;

    if (ngx_otter_inflated_len < ngx_otter_inflated_size) {
        return NGX_OK;
    }

    size = ngx_max(ngx_otter_inflated_size * 2, NGX_OTTER_INFLATE_MIN);
    size = ngx_min(size, ngx_max(max, ngx_otter_inflated_size) + 1);

    p = realloc(ngx_otter_inflated, size);
    if (p == NULL) {
        return NGX_ERROR;
    }

    ngx_otter_inflated = p;
    ngx_otter_inflated_size = size;

    return NGX_OK;
}


void
ngx_otter_deflate_exit_worker(void)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_OTTER_DEFLATE_STREAMS; i++) {

        if (ngx_otter_deflaters[i]) {
            (void) deflateEnd(ngx_otter_deflaters[i]);
            ngx_free(ngx_otter_deflaters[i]);
            ngx_otter_deflaters[i] = NULL;
        }
    }

    if (ngx_otter_inflater_made) {
        (void) inflateEnd(&ngx_otter_inflater);
        ngx_otter_inflater_made = 0;
    }

    if (ngx_otter_inflated) {
        ngx_free(ngx_otter_inflated);
        ngx_otter_inflated = NULL;
        ngx_otter_inflated_size = 0;
    }
}
