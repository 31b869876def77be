
/*
 * Copyright (C) Otter contributors
 */

/*
 * Sockets whose message could not be taken: the way to its receivers is full.
 * They are not read until it is on its way, so that TCP holds the peer back;
 * nothing is lost, and their turn comes in the order in which they began to
 * wait.
 */


#ifndef NGX_OTTER_STALL_H_INCLUDED
#define NGX_OTTER_STALL_H_INCLUDED


#include "ngx_otter_socket.h"


void ngx_otter_stall_init_worker(ngx_cycle_t *cycle);

/* keeps a message that was answered by NGX_AGAIN, and what came behind it */

void ngx_otter_stall(ngx_otter_socket_t *s, u_char *data, size_t len,
    ngx_uint_t opcode);
void ngx_otter_stall_rest(ngx_otter_socket_t *s, u_char *data, size_t len);
void ngx_otter_stall_drop(ngx_otter_socket_t *s);

/* there may be place: tries all of them once more */

void ngx_otter_stall_retry(void);


#endif /* NGX_OTTER_STALL_H_INCLUDED */
