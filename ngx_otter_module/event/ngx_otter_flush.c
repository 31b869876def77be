
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_flush.h"


static void ngx_otter_flush_handler(ngx_event_t *ev);


/* at the end of this turn, and of the next one */

static ngx_queue_t  ngx_otter_flush_now;
static ngx_queue_t  ngx_otter_flush_late;
static ngx_event_t  ngx_otter_flush_now_event;
static ngx_event_t  ngx_otter_flush_late_event;
static ngx_uint_t   ngx_otter_flush_waits;


void
ngx_otter_flush_init_worker(ngx_cycle_t *cycle)
{
    ngx_queue_init(&ngx_otter_flush_now);
    ngx_queue_init(&ngx_otter_flush_late);

    ngx_memzero(&ngx_otter_flush_now_event, sizeof(ngx_event_t));
    ngx_otter_flush_now_event.handler = ngx_otter_flush_handler;
    ngx_otter_flush_now_event.data = &ngx_otter_flush_now;
    ngx_otter_flush_now_event.log = cycle->log;

    ngx_otter_flush_late_event = ngx_otter_flush_now_event;
    ngx_otter_flush_late_event.data = &ngx_otter_flush_late;
}


void
ngx_otter_flush_may_wait(ngx_uint_t may)
{
    ngx_otter_flush_waits = may;
}


void
ngx_otter_flush_mark(ngx_otter_socket_t *s)
{
    if (s->is_dirty && (ngx_otter_flush_waits || !s->is_late)) {
        return;
    }

    ngx_otter_flush_drop(s);

    s->is_dirty = 1;
    s->is_late = (ngx_otter_flush_waits != 0);

    if (s->is_late) {
        ngx_queue_insert_tail(&ngx_otter_flush_late, &s->dirty);

        if (!ngx_otter_flush_late_event.posted) {
            ngx_post_event(&ngx_otter_flush_late_event,
                           &ngx_posted_next_events);
        }

        return;
    }

    ngx_queue_insert_tail(&ngx_otter_flush_now, &s->dirty);

    if (!ngx_otter_flush_now_event.posted) {
        ngx_post_event(&ngx_otter_flush_now_event, &ngx_posted_events);
    }
}


void
ngx_otter_flush_drop(ngx_otter_socket_t *s)
{
    if (s->is_dirty) {
        ngx_queue_remove(&s->dirty);
        s->is_dirty = 0;
    }
}


static void
ngx_otter_flush_handler(ngx_event_t *ev)
{
    ngx_queue_t         *q, *sockets;
    ngx_otter_socket_t  *s;

    sockets = ev->data;

    while (!ngx_queue_empty(sockets)) {
        q = ngx_queue_head(sockets);
        s = ngx_queue_data(q, ngx_otter_socket_t, dirty);

        ngx_otter_flush_drop(s);
        ngx_otter_socket_flush(s);
    }
}
