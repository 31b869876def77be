
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
#include "ngx_otter_stats.h"


typedef struct ngx_otter_redis_node_s     ngx_otter_redis_node_t;
typedef struct ngx_otter_redis_cluster_s  ngx_otter_redis_cluster_t;
typedef struct ngx_otter_redis_watch_s    ngx_otter_redis_watch_t;

enum {
    NGX_OTTER_REDIS_TOLD_MAX = 32
};

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
    ngx_uint_t                    moves;       /* sent elsewhere, since then */
    size_t                        size;        /* of all of this */
    uint16_t                      slot;        /* in a cluster */
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
    uint64_t                      probed_at;   /* by ngx_otter_stats_now() */
    uint64_t                      base;        /* older ones prove nothing */
    ngx_uint_t                    silent;      /* ticks with no probe back */
    ngx_uint_t                    nslots;      /* 0: it has no keys any more */
    ngx_uint_t                    idle;        /* ticks without slots */
    unsigned                      proved:1;    /* a probe came back */
};

/*
 * Who is asked where the servers are: a sentinel, or a node of a cluster; or
 * which of several servers is to be used.
 */

struct ngx_otter_redis_watch_s {
    ngx_otter_redis_t            *redis;
    ngx_otter_redis_conn_t        ask;
    ngx_otter_redis_conn_t        listen;      /* a sentinel tells by itself */
    ngx_otter_redis_host_t       *told[NGX_OTTER_REDIS_TOLD_MAX];
    ngx_uint_t                    ntold;
    ngx_uint_t                    turn;
    ngx_uint_t                    asking;      /* replies to come */
    ngx_uint_t                    ticks;       /* since it was asked */
    ngx_uint_t                    vain;        /* and since nothing works */
    ngx_uint_t                    defer;       /* ticks to wait */
    unsigned                      wanted:1;    /* ask at the next tick */
    unsigned                      useless:1;   /* what it says next */
    unsigned                      found:1;     /* of a list: it was ready */
    unsigned                      complained:1;
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

/* the end of a request; NULL: it did not run, or that is not known */

void ngx_otter_redis_done(ngx_otter_redis_t *redis,
    ngx_otter_redis_request_t *request, redisReply *reply);


/* ngx_otter_redis_node.c */

ngx_otter_redis_node_t *ngx_otter_redis_node_create(ngx_otter_redis_t *redis,
    ngx_otter_redis_host_t *host);
void ngx_otter_redis_node_stop(ngx_otter_redis_node_t *node);
void ngx_otter_redis_node_free(ngx_otter_redis_node_t *node);

/* in a cluster: the probe is in a slot of its node, which may have changed */

void ngx_otter_redis_node_settle(ngx_otter_redis_node_t *node);

/* another server takes its place */

void ngx_otter_redis_node_move(ngx_otter_redis_node_t *node,
    ngx_otter_redis_host_t *host);

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
void ngx_otter_redis_channel_free(ngx_otter_redis_t *redis,
    ngx_otter_redis_channel_t *channel);
void ngx_otter_redis_channels_free(ngx_otter_redis_t *redis);

/* keeps the number of those that are waited for */

void ngx_otter_redis_channel_set(ngx_otter_redis_t *redis,
    ngx_otter_redis_channel_t *channel, ngx_uint_t wanted,
    ngx_otter_redis_standing_e standing);

/* asks its node to send no more of it */

void ngx_otter_redis_channel_leave(ngx_otter_redis_t *redis,
    ngx_otter_redis_channel_t *channel);

/* gives it to the node that has its slot now, if there is one */

void ngx_otter_redis_channel_place(ngx_otter_redis_t *redis,
    ngx_otter_redis_channel_t *channel);

/* the same for one that may be at another node, and for all of them */

void ngx_otter_redis_channel_move(ngx_otter_redis_t *redis,
    ngx_otter_redis_channel_t *channel);
void ngx_otter_redis_channels_move(ngx_otter_redis_t *redis);

/* those that have not found their node are tried again */

void ngx_otter_redis_channels_tick(ngx_otter_redis_t *redis);

void ngx_otter_redis_channels_enter(ngx_otter_redis_node_t *node);
void ngx_otter_redis_channels_lost(ngx_otter_redis_node_t *node);


/* ngx_otter_redis_answer.c */

void ngx_otter_redis_channels_reply(ngx_otter_redis_node_t *node,
    redisReply *reply);


/* ngx_otter_redis_watch.c */

ngx_otter_redis_watch_t *ngx_otter_redis_watch_create(
    ngx_otter_redis_t *redis);
void ngx_otter_redis_watch_exit(ngx_otter_redis_watch_t *watch);
void ngx_otter_redis_watch_tick(ngx_otter_redis_watch_t *watch);

/* one more who can be asked */

void ngx_otter_redis_watch_tell(ngx_otter_redis_watch_t *watch,
    const u_char *host, size_t len, in_port_t port);

/* what it answered is of use, or is not and will be said to the log */

void ngx_otter_redis_watch_good(ngx_otter_redis_watch_t *watch);
void ngx_otter_redis_watch_bad(ngx_otter_redis_watch_t *watch,
    const char *reason);


/* ngx_otter_redis_list.c */

void ngx_otter_redis_list_found(ngx_otter_redis_t *redis);
ngx_uint_t ngx_otter_redis_list_looks(ngx_otter_redis_t *redis);
ngx_otter_redis_host_t *ngx_otter_redis_list_next(ngx_otter_redis_t *redis);


/* ngx_otter_redis_sentinel.c: asks, and does what is answered */

ngx_int_t ngx_otter_redis_sentinel_ask(ngx_otter_redis_t *redis);
ngx_int_t ngx_otter_redis_sentinel_listen(ngx_otter_redis_t *redis);


#endif /* NGX_OTTER_REDIS_NODE_H_INCLUDED */
