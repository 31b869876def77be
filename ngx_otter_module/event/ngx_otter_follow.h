
/*
 * Copyright (C) Otter contributors
 */

/*
 * Files of keys that are followed while nginx runs: the memory by which the
 * keeper hands them on, and the workers' end of it.
 */


#ifndef NGX_OTTER_FOLLOW_H_INCLUDED
#define NGX_OTTER_FOLLOW_H_INCLUDED


#include "ngx_otter_keyring.h"


/* remembers a ring of this configuration */

ngx_int_t ngx_otter_follow_add(ngx_conf_t *cf, ngx_otter_keyring_t *ring);

/* in the master, once a configuration has been taken: starts the keeper */

ngx_int_t ngx_otter_follow_init_module(ngx_cycle_t *cycle);

/* in every process that the master starts */

void ngx_otter_follow_init_process(ngx_cycle_t *cycle);

/* in the master, when it leaves: waits until the keeper has gone */

void ngx_otter_follow_exit_master(ngx_cycle_t *cycle);


#endif /* NGX_OTTER_FOLLOW_H_INCLUDED */
