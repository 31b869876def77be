
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_random.h"


static otter_random_pool_t  ngx_otter_random_pool;
static ngx_pid_t            ngx_otter_random_owner;


/* what the master has left in its pool its workers would all give out */

ngx_int_t
ngx_otter_random_name(u_char *dst, size_t len)
{
    if (ngx_otter_random_owner != ngx_pid) {
        ngx_memzero(&ngx_otter_random_pool, sizeof(otter_random_pool_t));
        ngx_otter_random_owner = ngx_pid;
    }

    return otter_random_pool_name(&ngx_otter_random_pool, dst, len) == 0
           ? NGX_OK : NGX_ERROR;
}
