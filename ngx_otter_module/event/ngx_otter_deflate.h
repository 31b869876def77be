
/*
 * Copyright (C) Otter contributors
 */

/*
 * Compressed messages (RFC 7692, section 7.2).  No window outlives a message,
 * so a worker has one decompressor, and one compressor for each size of
 * window that a client has asked for.
 */


#ifndef NGX_OTTER_DEFLATE_H_INCLUDED
#define NGX_OTTER_DEFLATE_H_INCLUDED


#include "ngx_otter_output.h"


/*
 * The body compressed, to be decompressed with a window of that many bits;
 * made once and kept with the body, whose it stays.  NULL: it would not be
 * shorter, or no memory; it is to be sent as it is.
 */

ngx_otter_body_t *ngx_otter_deflate_body(ngx_otter_body_t *body,
    ngx_uint_t bits);

/*
 * Decompresses a whole message of up to max bytes.  The result is good until
 * the next call.  NGX_DECLINED: it is no compressed message; NGX_BUSY: it
 * would be longer than max; NGX_ERROR: no memory.
 */

ngx_int_t ngx_otter_inflate(u_char *data, size_t len, size_t max,
    ngx_str_t *message);

void ngx_otter_deflate_exit_worker(void);


#endif /* NGX_OTTER_DEFLATE_H_INCLUDED */
