
/*
 * Copyright (C) Otter contributors
 */

/*
 * The scripts by which a room changes in Redis, and the calling of them.
 */


#ifndef NGX_OTTER_REMOTE_SCRIPT_H_INCLUDED
#define NGX_OTTER_REMOTE_SCRIPT_H_INCLUDED


#include "ngx_otter_redis.h"
#include "ngx_otter_room.h"
#include "otter_core.h"


enum {
    NGX_OTTER_CALL_ARGS = 26
};

/* a call of a script, whose first arguments are the same for all */

typedef struct {
    ngx_str_t                  argv[NGX_OTTER_CALL_ARGS];
    ngx_uint_t                 argc;
    ngx_str_t                  key;            /* by which it is routed */
    u_char                     keys;           /* their number */
    u_char                     names[8 * 384];
    u_char                     version[NGX_INT64_LEN];
    u_char                     number[NGX_INT64_LEN];
    u_char                     rules[4 * NGX_INT64_LEN];
} ngx_otter_call_t;


extern const char                ngx_otter_script_head[];

extern ngx_otter_redis_script_t  ngx_otter_script_join;
extern ngx_otter_redis_script_t  ngx_otter_script_set;
extern ngx_otter_redis_script_t  ngx_otter_script_stream;
extern ngx_otter_redis_script_t  ngx_otter_script_find;
extern ngx_otter_redis_script_t  ngx_otter_script_fetch;
extern ngx_otter_redis_script_t  ngx_otter_script_look;
extern ngx_otter_redis_script_t  ngx_otter_script_take;
extern ngx_otter_redis_script_t  ngx_otter_script_leave;
extern ngx_otter_redis_script_t  ngx_otter_script_reap;
extern ngx_otter_redis_script_t  ngx_otter_script_renew;
extern ngx_otter_redis_script_t  ngx_otter_script_close;
extern ngx_otter_redis_script_t  ngx_otter_script_expire;
extern ngx_otter_redis_script_t  ngx_otter_script_policy;
extern ngx_otter_redis_script_t  ngx_otter_script_kick;
extern ngx_otter_redis_script_t  ngx_otter_script_admit;
extern ngx_otter_redis_script_t  ngx_otter_script_say;


/* the first arguments: keys, channel, host and the version that is known */

void ngx_otter_call_init(ngx_otter_call_t *call, ngx_str_t *room,
    uint64_t version);

/* the last of the keys is the stream of a member */

void ngx_otter_call_init_stream(ngx_otter_call_t *call, ngx_str_t *room,
    const u_char *id);

void ngx_otter_call_add(ngx_otter_call_t *call, const void *data, size_t len);
void ngx_otter_call_add_number(ngx_otter_call_t *call, uint64_t number);

/* most members, and what Redis is to know if it has lost the room */

void ngx_otter_call_add_rules(ngx_otter_call_t *call, ngx_uint_t max_peers,
    ngx_otter_policy_t *policy);


#endif /* NGX_OTTER_REMOTE_SCRIPT_H_INCLUDED */
