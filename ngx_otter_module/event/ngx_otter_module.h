
/*
 * Copyright (C) Otter contributors
 */


#ifndef NGX_OTTER_MODULE_H_INCLUDED
#define NGX_OTTER_MODULE_H_INCLUDED


#include "ngx_otter_keyring.h"
#include "ngx_otter_redis.h"
#include "ngx_otter_zone.h"


typedef struct {
    ngx_otter_zone_t        *zone;     /* NULL: Otter is mounted nowhere */
    ngx_otter_redis_conf_t  *redis;    /* NULL: there is one host */
    ngx_str_t                redis_prefix;
    ngx_str_t                turn_health;      /* a file; empty: none */
    ngx_array_t             *rings;    /* of ngx_otter_keyring_t *, that have a
                                          file; NULL: none */
    ngx_socket_t             keeper;   /* the master's end; -1: none */
} ngx_otter_conf_t;


extern ngx_module_t  ngx_otter_module;


#endif /* NGX_OTTER_MODULE_H_INCLUDED */
