
/*
 * Copyright (C) Otter contributors
 */

/*
 * The scripts by which a room changes in Redis, and the calling of them.
 */


#ifndef NGX_OTTER_REMOTE_SCRIPT_H_INCLUDED
#define NGX_OTTER_REMOTE_SCRIPT_H_INCLUDED


#include "ngx_otter_redis.h"
#include "otter_core.h"


enum {
    NGX_OTTER_CALL_ARGS = 20
};

/* a call of a script, whose first arguments are the same for all */

typedef struct {
    ngx_str_t                  argv[NGX_OTTER_CALL_ARGS];
    ngx_uint_t                 argc;
    ngx_str_t                  key;            /* by which it is routed */
    u_char                     names[3 * 384];
    u_char                     version[NGX_INT64_LEN];
    u_char                     number[NGX_INT64_LEN];
} ngx_otter_call_t;


extern ngx_otter_redis_script_t  ngx_otter_script_join;
extern ngx_otter_redis_script_t  ngx_otter_script_set;
extern ngx_otter_redis_script_t  ngx_otter_script_take;
extern ngx_otter_redis_script_t  ngx_otter_script_leave;
extern ngx_otter_redis_script_t  ngx_otter_script_reap;
extern ngx_otter_redis_script_t  ngx_otter_script_renew;
extern ngx_otter_redis_script_t  ngx_otter_script_close;
extern ngx_otter_redis_script_t  ngx_otter_script_policy;


/* the first arguments: keys, channel, host and the version that is known */

void ngx_otter_call_init(ngx_otter_call_t *call, ngx_str_t *room,
    uint64_t version);
void ngx_otter_call_add(ngx_otter_call_t *call, const void *data, size_t len);
void ngx_otter_call_add_number(ngx_otter_call_t *call, uint64_t number);


#endif /* NGX_OTTER_REMOTE_SCRIPT_H_INCLUDED */
