
/*
 * Copyright (C) Otter contributors
 */

/*
 * What goes out: the text of a message is built once and shared by every
 * receiver; each has its own frame head and sequence number in front of it.
 */


#ifndef NGX_OTTER_OUTPUT_H_INCLUDED
#define NGX_OTTER_OUTPUT_H_INCLUDED


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include "otter_core.h"
#include "otter_frame.h"


enum {
    NGX_OTTER_SEQ_SIZE = sizeof("{\"seq\":18446744073709551615,") - 1,
    NGX_OTTER_STORED_SIZE = 5,         /* head of a block that is stored */
    NGX_OTTER_OUT_HEAD = OTTER_FRAME_HEAD_MAX + NGX_OTTER_STORED_SIZE
                         + NGX_OTTER_SEQ_SIZE,
    NGX_OTTER_OUT_BUFS = 64,           /* in one system call */
    NGX_OTTER_OUT_COPY = 8192          /* bytes of a queue that is copied */
};

/* shared text; never changed once it is made */

typedef struct ngx_otter_body_s  ngx_otter_body_t;

struct ngx_otter_body_s {
    ngx_uint_t               refs;
    size_t                   len;
    ngx_otter_body_t        *deflated; /* NULL: not tried, or no shorter */
    ngx_uint_t               window;   /* bits; 0: not tried */
    uint64_t                 born;     /* see ngx_otter_stats_born */
    u_char                   data[1];
};

/* a frame that waits in a queue */

typedef struct ngx_otter_out_s  ngx_otter_out_t;

struct ngx_otter_out_s {
    ngx_otter_out_t         *next;
    ngx_otter_body_t        *body;     /* NULL: the head is all */
    unsigned                 timed:1;  /* not given to the connection yet */
    u_char                   head_len;
    u_char                   head[NGX_OTTER_OUT_HEAD];
};

/* frames in the order of sending */

typedef struct {
    ngx_otter_out_t         *first;
    ngx_otter_out_t        **last;
    size_t                   bytes;    /* not sent yet */
    size_t                   sent;     /* of the first frame */
} ngx_otter_queue_t;


/* the parts one after another; the caller has the one reference; NULL: none */

ngx_otter_body_t *ngx_otter_body_create(const otter_span_t *parts,
    ngx_uint_t n);
void ngx_otter_body_free(ngx_otter_body_t *body);


void ngx_otter_queue_init(ngx_otter_queue_t *queue);

/*
 * Queues a frame whose payload is "{"seq":N," and the body, or with seq 0 the
 * body alone, or with opcode 0 no frame but the body's bytes as they are.
 * Takes a reference of its own.
 */

ngx_int_t ngx_otter_queue_add(ngx_otter_queue_t *queue, ngx_uint_t opcode,
    uint64_t seq, ngx_otter_body_t *body);

/*
 * The same for a body that is compressed: what stands in front of it goes
 * into a block of its own that is not (RFC 1951, section 3.2.4), so that all
 * receivers share the body here, too.
 */

ngx_int_t ngx_otter_queue_add_deflated(ngx_otter_queue_t *queue,
    ngx_uint_t opcode, uint64_t seq, ngx_otter_body_t *body);

/*
 * Writes what the connection takes.  NGX_OK: all is out; NGX_AGAIN: the
 * write event will tell; NGX_ERROR: the connection is broken.
 */

ngx_int_t ngx_otter_queue_send(ngx_otter_queue_t *queue, ngx_connection_t *c);

/* drops all frames, but for one that is partly out if "keep" is set */

void ngx_otter_queue_clear(ngx_otter_queue_t *queue, ngx_uint_t keep);


#endif /* NGX_OTTER_OUTPUT_H_INCLUDED */
