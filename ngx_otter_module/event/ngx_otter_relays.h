
/*
 * Copyright (C) Otter contributors
 */

/*
 * What otter-turn tells of STUN and TURN servers, and how much was relayed.
 * Each worker reads it every second, from Redis or from a file.  What is not
 * told any more, or not understood, is not known: then no server is failing.
 */


#ifndef NGX_OTTER_RELAYS_H_INCLUDED
#define NGX_OTTER_RELAYS_H_INCLUDED


#include <ngx_config.h>
#include <ngx_core.h>

#include "otter_turn_health.h"


/* a file comes before Redis; without both there is nothing to read */

ngx_int_t ngx_otter_relays_init_worker(ngx_cycle_t *cycle, ngx_str_t *file,
    ngx_str_t *prefix, ngx_uint_t redis);

/* called when other servers are failing than before */

typedef void (*ngx_otter_relays_pt)(void);

void ngx_otter_relays_on_change(ngx_otter_relays_pt handler);

ngx_uint_t ngx_otter_relays_failing(ngx_str_t *uri);

/* what is known now; URIs have a zero behind them */

ngx_uint_t ngx_otter_relays_known(const otter_turn_health_t **servers);

/* bytes, of all hosts and for good; 0 without Redis */

uint64_t ngx_otter_relays_bytes(void);


#endif /* NGX_OTTER_RELAYS_H_INCLUDED */
