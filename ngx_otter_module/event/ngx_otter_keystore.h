
/*
 * Copyright (C) Otter contributors
 */

/*
 * API keys in Redis, for all hosts: "<prefix>apikeys" is a hash with a field
 * for each id, which holds what a file of API keys has for it (otter_apikey.h).
 * Every worker has all of them.  A change is published on the channel of the
 * same name, with the id; the whole is read whenever the subscription stands
 * anew, or the hash is another one.  While Redis is away, what was known goes
 * on.
 */


#ifndef NGX_OTTER_KEYSTORE_H_INCLUDED
#define NGX_OTTER_KEYSTORE_H_INCLUDED


#include "ngx_otter_redis.h"
#include "otter_apikey.h"


/* subscribes; redis has to stay */

ngx_int_t ngx_otter_keystore_init(ngx_otter_redis_t *redis,
    ngx_str_t *prefix, ngx_log_t *log);
void ngx_otter_keystore_exit(void);

/* what comes on a channel; NGX_DECLINED: it is not that of the keys */

ngx_int_t ngx_otter_keystore_message(ngx_str_t *channel, ngx_str_t *data);
ngx_int_t ngx_otter_keystore_subscribed(ngx_str_t *channel);

/* once a second: what failed is tried again, what is gone is noticed */

void ngx_otter_keystore_tick(void);

/* 1: the keys are to come from Redis, and have never come yet */

ngx_uint_t ngx_otter_keystore_empty(void);

/* 1: and this worker is so young that they may come any moment */

ngx_uint_t ngx_otter_keystore_awaited(void);

/* as otter_apikeys_check(); *key is good until the next event */

otter_apikey_rc_t ngx_otter_keystore_check(ngx_str_t *presented, time_t now,
    const otter_apikey_t **key);


#endif /* NGX_OTTER_KEYSTORE_H_INCLUDED */
