
/*
 * Copyright (C) Otter contributors
 */

/*
 * The keeper: a process beside the master that may read what the workers may
 * not.  It looks at the files of keys several times a second, which sees every
 * way of replacing one on every file system, and publishes what changed.
 *
 * It is no child of the master, who would tell of a process that it does not
 * know; it lives as long as the master's end of a socket is open, so it ends
 * with the configuration that started it, and when the master is killed.
 */


#ifndef NGX_OTTER_KEEPER_H_INCLUDED
#define NGX_OTTER_KEEPER_H_INCLUDED


#include "ngx_otter_keyring.h"


/* *fd is the master's end, closed with the cycle's pool */

ngx_int_t ngx_otter_keeper_start(ngx_cycle_t *cycle, ngx_array_t *rings,
    ngx_socket_t *fd);

/* closes this process' copy of the master's end */

void ngx_otter_keeper_detach(ngx_socket_t *fd, ngx_log_t *log);

/* closes the master's end, and waits a second at most for the keeper's */

void ngx_otter_keeper_stop(ngx_socket_t *fd, ngx_log_t *log);


#endif /* NGX_OTTER_KEEPER_H_INCLUDED */
