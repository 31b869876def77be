
/*
 * Copyright (C) Otter contributors
 */

/*
 * Memory of what comes and goes with every message.  What is given back is
 * kept, by size, for the next one, so that a worker under a steady load asks
 * the system for nothing.
 */


#ifndef NGX_OTTER_CACHE_H_INCLUDED
#define NGX_OTTER_CACHE_H_INCLUDED


#include <ngx_config.h>
#include <ngx_core.h>


/* not zeroed; NULL: no memory.  The size must be told again on return */

void *ngx_otter_cache_alloc(size_t size);
void ngx_otter_cache_free(void *p, size_t size);

/* gives all that is kept back to the system */

void ngx_otter_cache_exit(void);


#endif /* NGX_OTTER_CACHE_H_INCLUDED */
