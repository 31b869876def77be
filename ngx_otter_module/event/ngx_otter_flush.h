
/*
 * Copyright (C) Otter contributors
 */

/*
 * The sockets of this worker that have frames to write: each is written once
 * at the end of the turn of the loop, however many frames were queued in it.
 */


#ifndef NGX_OTTER_FLUSH_H_INCLUDED
#define NGX_OTTER_FLUSH_H_INCLUDED


#include "ngx_otter_socket.h"


void ngx_otter_flush_init_worker(ngx_cycle_t *cycle);

void ngx_otter_flush_mark(ngx_otter_socket_t *s);
void ngx_otter_flush_drop(ngx_otter_socket_t *s);

/*
 * 1: what is marked from now on may wait for the end of the next turn, unless
 * something that may not is queued behind it.
 */

void ngx_otter_flush_may_wait(ngx_uint_t may);


#endif /* NGX_OTTER_FLUSH_H_INCLUDED */
