
/*
 * Copyright (C) Otter contributors
 */

/*
 * What the parts of the Redis client share: a server with its connection for
 * commands and its connection for subscriptions, and the channels.
 */


#ifndef NGX_OTTER_REDIS_NODE_H_INCLUDED
#define NGX_OTTER_REDIS_NODE_H_INCLUDED


#include "ngx_otter_redis_connection.h"


typedef struct ngx_otter_redis_node_s     ngx_otter_redis_node_t;
typedef struct ngx_otter_redis_cluster_s  ngx_otter_redis_cluster_t;
typedef struct ngx_otter_redis_watch_s    ngx_otter_redis_watch_t;

typedef enum {
    NGX_OTTER_REDIS_UNKNOWN = 0,               /* to the server */
    NGX_OTTER_REDIS_ENTERING,
    NGX_OTTER_REDIS_STANDING,
    NGX_OTTER_REDIS_LEAVING
} ngx_otter_redis_standing_e;

/* freed when it is neither wanted nor waits for an answer */

typedef struct {
    ngx_str_node_t                sn;          /* by name */
    ngx_queue_t                   queue;       /* in the node's channels */
    ngx_otter_redis_node_t       *node;        /* NULL: of none now */
    ngx_otter_redis_standing_e    standing;
    ngx_uint_t                    ticks;       /* wanted, but not standing */
    size_t                        size;        /* of all of this */
    uint16_t                      slot;
    unsigned                      wanted:1;
    unsigned                      stood:1;     /* since it is wanted */
    u_char                        name[1];
} ngx_otter_redis_channel_t;

struct ngx_otter_redis_node_s {
    ngx_queue_t                   queue;       /* in redis->nodes */
    ngx_otter_redis_t            *redis;
    ngx_otter_redis_host_t       *host;
    ngx_otter_redis_conn_t        command;
    ngx_otter_redis_conn_t        subscribe;
    ngx_queue_t                   channels;
    ngx_otter_redis_channel_t    *probe;
    uint64_t                      probed;      /* number of the last probe */
    uint64_t                      base;        /* older ones prove nothing */
    ngx_uint_t                    silent;      /* ticks with no probe back */
    ngx_uint_t                    nslots;
    unsigned                      proved:1;    /* a probe came back */
    unsigned                      gone:1;      /* not of the cluster any more */
};

struct ngx_otter_redis_s {
    ngx_otter_redis_conf_t       *conf;
    ngx_log_t                    *log;
    ngx_str_t                     prefix;
    const ngx_otter_redis_handlers_t
                                 *handlers;

    ngx_queue_t                   nodes;
    ngx_otter_redis_node_t       *node;        /* the one; not in a cluster */
    ngx_otter_redis_cluster_t    *cluster;
    ngx_otter_redis_watch_t      *watch;       /* of sentinels or a cluster */

    ngx_rbtree_t                  channels;
    ngx_rbtree_node_t             sentinel;
    ngx_queue_t                   homeless;    /* channels of no node */
    ngx_uint_t                    waiting;     /* wanted, but not standing */

    ngx_event_t                   tick;
    ngx_event_t                   changed;     /* posted: look at the state */
    ngx_msec_t                    complained;  /* of an error reply */
    unsigned                      up:1;
    unsigned                      told:1;      /* that it is up */
};


/* ngx_otter_redis.c */

void ngx_otter_redis_changed(ngx_otter_redis_t *redis);
void ngx_otter_redis_down(ngx_otter_redis_t *redis);


/* ngx_otter_redis_node.c */

ngx_otter_redis_node_t *ngx_otter_redis_node_create(ngx_otter_redis_t *redis,
    ngx_otter_redis_host_t *host);
void ngx_otter_redis_node_free(ngx_otter_redis_node_t *node);

/* as the worker exits: what has been said is still sent */

void ngx_otter_redis_node_exit(ngx_otter_redis_node_t *node);
void ngx_otter_redis_node_tick(ngx_otter_redis_node_t *node);

/* it may be time for a probe */

void ngx_otter_redis_node_check(ngx_otter_redis_node_t *node);
void ngx_otter_redis_node_heard(ngx_otter_redis_node_t *node,
    ngx_str_t *data);


/* ngx_otter_redis_channel.c: subscriptions */

ngx_otter_redis_channel_t *ngx_otter_redis_channel_find(
    ngx_otter_redis_t *redis, ngx_str_t *name);
ngx_otter_redis_channel_t *ngx_otter_redis_channel_want(
    ngx_otter_redis_t *redis, ngx_str_t *name);
void ngx_otter_redis_channel_unwant(ngx_otter_redis_t *redis,
    ngx_otter_redis_channel_t *channel);
void ngx_otter_redis_channels_free(ngx_otter_redis_t *redis);

/* gives it to the node that has its slot now, if there is one */

void ngx_otter_redis_channel_place(ngx_otter_redis_t *redis,
    ngx_otter_redis_channel_t *channel);

void ngx_otter_redis_channels_enter(ngx_otter_redis_node_t *node);
void ngx_otter_redis_channels_lost(ngx_otter_redis_node_t *node);
void ngx_otter_redis_channels_reply(ngx_otter_redis_node_t *node,
    redisReply *reply);


#endif /* NGX_OTTER_REDIS_NODE_H_INCLUDED */
