
/*
 * Copyright (C) Otter contributors
 */

/*
 * Random names for what each request and session needs.
 */


#ifndef NGX_OTTER_RANDOM_H_INCLUDED
#define NGX_OTTER_RANDOM_H_INCLUDED


#include <ngx_config.h>
#include <ngx_core.h>

#include "otter_random.h"


/* len characters of 0-9 a-z A-Z */

ngx_int_t ngx_otter_random_name(u_char *dst, size_t len);


#endif /* NGX_OTTER_RANDOM_H_INCLUDED */
