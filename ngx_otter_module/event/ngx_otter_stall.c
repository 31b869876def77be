
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_stall.h"
#include "ngx_otter_stats.h"


enum {
    NGX_OTTER_STALL_INTERVAL = 20,     /* to look again, if nobody says so */
    NGX_OTTER_STALL_PATIENCE = 3000
};


struct ngx_otter_stall_s {
    ngx_queue_t            queue;      /* in the order of waiting */
    ngx_otter_socket_t    *socket;
    ngx_msec_t             since;
    ngx_uint_t             opcode;
    u_char                *rest;       /* NULL: nothing came behind it */
    size_t                 rest_len;
    size_t                 len;
    u_char                 data[1];
};


static void ngx_otter_stall_handler(ngx_event_t *ev);
static ngx_uint_t ngx_otter_stall_over(ngx_otter_stall_t *stall);
static void ngx_otter_stall_go_on(ngx_otter_stall_t *stall);


static ngx_queue_t   ngx_otter_stalls;
static ngx_event_t   ngx_otter_stall_event;
static ngx_connection_t  ngx_otter_stall_dummy;


void
ngx_otter_stall_init_worker(ngx_cycle_t *cycle)
{
    ngx_event_t  *ev;

    ngx_queue_init(&ngx_otter_stalls);

    ngx_otter_stall_dummy.fd = (ngx_socket_t) -1;

    /* a stalled socket has a timer that keeps the worker, this needs not */

    ev = &ngx_otter_stall_event;
    ngx_memzero(ev, sizeof(ngx_event_t));
    ev->handler = ngx_otter_stall_handler;
    ev->data = &ngx_otter_stall_dummy;
    ev->log = cycle->log;
    ev->cancelable = 1;
}


void
ngx_otter_stall(ngx_otter_socket_t *s, u_char *data, size_t len,
    ngx_uint_t opcode)
{
    ngx_otter_stall_t  *stall;

    stall = ngx_alloc(offsetof(ngx_otter_stall_t, data) + len,
                      s->connection->log);

    if (stall == NULL) {
        ngx_otter_socket_end(s, NGX_OTTER_CLOSE_INTERNAL);
        return;
    }

    stall->socket = s;
    stall->since = ngx_current_msec;
    stall->opcode = opcode;
    stall->rest = NULL;
    stall->rest_len = 0;
    stall->len = len;
    ngx_memcpy(stall->data, data, len);

    s->stall = stall;
    ngx_queue_insert_tail(&ngx_otter_stalls, &stall->queue);

    if (!ngx_otter_stall_event.timer_set) {
        ngx_add_timer(&ngx_otter_stall_event, NGX_OTTER_STALL_INTERVAL);
    }
}


void
ngx_otter_stall_rest(ngx_otter_socket_t *s, u_char *data, size_t len)
{
    ngx_otter_stall_t  *stall;

    stall = s->stall;

    if (len == 0) {
        return;
    }

    stall->rest = ngx_alloc(len, s->connection->log);

    if (stall->rest == NULL) {
        ngx_otter_stall_drop(s);
        ngx_otter_socket_end(s, NGX_OTTER_CLOSE_INTERNAL);
        return;
    }

    stall->rest_len = len;
    ngx_memcpy(stall->rest, data, len);
}


void
ngx_otter_stall_drop(ngx_otter_socket_t *s)
{
    ngx_otter_stall_t  *stall;

    stall = s->stall;

    if (stall == NULL) {
        return;
    }

    s->stall = NULL;

    ngx_queue_remove(&stall->queue);

    if (stall->rest) {
        ngx_free(stall->rest);
    }

    ngx_free(stall);
}


static void
ngx_otter_stall_handler(ngx_event_t *ev)
{
    ngx_otter_stall_retry();
}


void
ngx_otter_stall_retry(void)
{
    ngx_queue_t         *q, stalls;
    ngx_otter_stall_t   *stall;

    if (ngx_queue_empty(&ngx_otter_stalls)) {
        return;
    }

    /*
     * Who goes on and has to wait again is behind all who wait already.  A
     * socket that ends meanwhile takes itself out of whichever queue it is in.
     */

    ngx_queue_init(&stalls);
    ngx_queue_add(&stalls, &ngx_otter_stalls);
    ngx_queue_init(&ngx_otter_stalls);

    while (!ngx_queue_empty(&stalls)) {
        q = ngx_queue_head(&stalls);
        stall = ngx_queue_data(q, ngx_otter_stall_t, queue);

        if (ngx_otter_stall_over(stall)) {
            ngx_otter_stall_go_on(stall);

        } else {
            ngx_queue_remove(q);
            ngx_queue_insert_tail(&ngx_otter_stalls, q);
        }
    }

    if (!ngx_queue_empty(&ngx_otter_stalls)
        && !ngx_otter_stall_event.timer_set)
    {
        ngx_add_timer(&ngx_otter_stall_event, NGX_OTTER_STALL_INTERVAL);
    }
}


/* the message is taken, or nobody wants it any more */

static ngx_uint_t
ngx_otter_stall_over(ngx_otter_stall_t *stall)
{
    ngx_int_t            rc;
    ngx_otter_socket_t  *s;

    s = stall->socket;

    if (s->state != NGX_OTTER_SOCKET_OPEN) {
        return 1;
    }

    if (ngx_current_msec - stall->since >= NGX_OTTER_STALL_PATIENCE) {
        s->patient = 0;

    } else if (!s->handlers->ready(s)) {
        return 0;
    }

    ngx_otter_stats_born = 0;

    rc = s->handlers->message(s, stall->data, stall->len, stall->opcode);

    s->patient = 1;

    return rc != NGX_AGAIN;
}


static void
ngx_otter_stall_go_on(ngx_otter_stall_t *stall)
{
    size_t               len;
    u_char              *rest;
    ngx_event_t         *rev;
    ngx_otter_socket_t  *s;

    s = stall->socket;
    rest = stall->rest;
    len = stall->rest_len;

    stall->rest = NULL;
    ngx_otter_stall_drop(s);

    if (rest) {

        if (!s->done) {
            ngx_otter_socket_parse(s, rest, len);
        }

        ngx_free(rest);
    }

    if (!s->done && s->stall == NULL) {
        rev = s->connection->read;
        ngx_post_event(rev, &ngx_posted_events);
    }
}
