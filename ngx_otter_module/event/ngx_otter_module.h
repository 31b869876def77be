
/*
 * Copyright (C) Otter contributors
 */


#ifndef NGX_OTTER_MODULE_H_INCLUDED
#define NGX_OTTER_MODULE_H_INCLUDED


#include "ngx_otter_redis.h"
#include "ngx_otter_zone.h"


typedef struct {
    ngx_otter_zone_t        *zone;     /* NULL: Otter is mounted nowhere */
    ngx_otter_redis_conf_t  *redis;    /* NULL: there is one host */
    ngx_str_t                redis_prefix;
} ngx_otter_conf_t;


extern ngx_module_t  ngx_otter_module;


#endif /* NGX_OTTER_MODULE_H_INCLUDED */
