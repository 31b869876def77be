
/*
 * Copyright (C) Otter contributors
 */

/*
 * How many requests a second an API key may make, on all workers of this host
 * together: a leaky bucket each, that holds one second's worth.
 */


#ifndef NGX_OTTER_RATE_H_INCLUDED
#define NGX_OTTER_RATE_H_INCLUDED


#include "ngx_otter_zone.h"


/*
 * A request of that key: 0, it may go on; otherwise the milliseconds until
 * the next one may.  NGX_OTTER_RATE_NO_MEMORY: the zone is full.
 */

#define NGX_OTTER_RATE_NO_MEMORY  ((ngx_msec_t) -1)

ngx_msec_t ngx_otter_rate_take(ngx_otter_zone_t *zone, ngx_str_t *id,
    ngx_uint_t rate);


#endif /* NGX_OTTER_RATE_H_INCLUDED */
