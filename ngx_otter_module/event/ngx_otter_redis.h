
/*
 * Copyright (C) Otter contributors
 */

/*
 * A Redis client on nginx's event loop: hiredis' reader and formatter over
 * ngx_connection_t.  One interface for a single server, for Sentinel, where
 * the present master is followed, and for Cluster, where commands go to the
 * node of their key's slot and channels are sharded (SSUBSCRIBE).  It knows
 * nothing of rooms.
 */


#ifndef NGX_OTTER_REDIS_H_INCLUDED
#define NGX_OTTER_REDIS_H_INCLUDED


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include <hiredis/hiredis.h>

#include "otter_core.h"


typedef struct ngx_otter_redis_s       ngx_otter_redis_t;
typedef struct ngx_otter_redis_conf_s  ngx_otter_redis_conf_t;

/*
 * The answer to a command; gone on return.  NULL: the connection was lost,
 * or there was none, and it is not known whether the command ran.  An error
 * of Redis is a reply of REDIS_REPLY_ERROR.
 */

typedef void (*ngx_otter_redis_reply_pt)(redisReply *reply, void *data);

typedef struct {

    /* a message on a channel that is subscribed */

    void                (*message)(ngx_str_t *channel, ngx_str_t *data);

    /*
     * The subscription stands: what is published from now on will come.
     * "again" is 1 when it stood before and was lost meanwhile, so that
     * messages may be missing.
     */

    void                (*subscribed)(ngx_str_t *channel, ngx_uint_t again);

    /*
     * 1: every connection that is needed stands, all channels are
     * subscribed, and a probe came back; 0: not so any more.
     */

    void                (*state)(ngx_uint_t up);

    /*
     * A command whose reply nobody wants was not carried out, or may not
     * have been, and the state may stay as it is.  slot: that of its key.
     */

    void                (*missed)(ngx_uint_t slot);
} ngx_otter_redis_handlers_t;


/*
 * Reads the URLs of "otter_redis": redis://[user:password@]host:port[/db],
 * rediss://… (TLS), unix:/path[?db=n], sentinel://h:p,h:p/master[/db],
 * cluster://h:p,h:p; options follow as ?name=value&….  NULL: the error is
 * logged with the configuration's file and line.  Passwords never reach a
 * log.
 */

ngx_otter_redis_conf_t *ngx_otter_redis_parse(ngx_conf_t *cf,
    ngx_array_t *urls);

/*
 * Names are resolved now.  With a resolver they are so again for every
 * connection, and what can't be found now may be found then; without one
 * (NULL) that is an error.
 */

ngx_int_t ngx_otter_redis_resolver(ngx_conf_t *cf,
    ngx_otter_redis_conf_t *conf, ngx_resolver_t *resolver,
    ngx_msec_t timeout);

/* in a worker; it connects at once and for as long as the worker lives */

ngx_otter_redis_t *ngx_otter_redis_create(ngx_cycle_t *cycle,
    ngx_otter_redis_conf_t *conf, ngx_str_t *prefix,
    const ngx_otter_redis_handlers_t *handlers);
void ngx_otter_redis_close(ngx_otter_redis_t *redis);

ngx_uint_t ngx_otter_redis_up(ngx_otter_redis_t *redis);
ngx_uint_t ngx_otter_redis_is_cluster(ngx_otter_redis_t *redis);

/* the slot of a key or channel; always 0 if there is no cluster */

ngx_uint_t ngx_otter_redis_slot(ngx_otter_redis_t *redis, ngx_str_t *key);

/*
 * Sends a command to the server that has the key; NULL handler: the reply
 * does not matter.  Commands of one key are carried out in the order of the
 * calls.  All that are given in one turn of the loop go out in one write.
 * NGX_ERROR: no memory, or no connection now (the handler is not called).
 */

ngx_int_t ngx_otter_redis_command(ngx_otter_redis_t *redis, ngx_str_t *key,
    ngx_uint_t argc, const ngx_str_t *argv, ngx_otter_redis_reply_pt handler,
    void *data);

/*
 * The same with a script, by EVALSHA and, if it is not there, by EVAL.  Its
 * text is head and body, one after the other.  argv: the number of keys, the
 * keys, the arguments; key: the one by which it is routed.
 */

typedef struct {
    const char           *head;
    const char           *body;
    u_char                sha1[40];   /* computed when first used */
} ngx_otter_redis_script_t;

ngx_int_t ngx_otter_redis_script(ngx_otter_redis_t *redis, ngx_str_t *key,
    ngx_otter_redis_script_t *script, ngx_uint_t argc, const ngx_str_t *argv,
    ngx_otter_redis_reply_pt handler, void *data);

/* PUBLISH, or SPUBLISH in a cluster; the reply is the number of receivers */

ngx_int_t ngx_otter_redis_publish(ngx_otter_redis_t *redis,
    ngx_str_t *channel, const otter_span_t *parts, ngx_uint_t n,
    ngx_otter_redis_reply_pt handler, void *data);

/* counted by the caller: once for each channel */

ngx_int_t ngx_otter_redis_subscribe(ngx_otter_redis_t *redis,
    ngx_str_t *channel);
void ngx_otter_redis_unsubscribe(ngx_otter_redis_t *redis,
    ngx_str_t *name);


#endif /* NGX_OTTER_REDIS_H_INCLUDED */
