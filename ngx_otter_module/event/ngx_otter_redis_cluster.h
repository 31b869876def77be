
/*
 * Copyright (C) Otter contributors
 */

/* What the parts of the client that know of a cluster share. */


#ifndef NGX_OTTER_REDIS_CLUSTER_H_INCLUDED
#define NGX_OTTER_REDIS_CLUSTER_H_INCLUDED


#include "ngx_otter_redis_node.h"
#include "otter_slot.h"


/*
 * A slot whose commands wait: it is on its way to another node, or can't be
 * served just now.  They go on in the order in which they were given.
 */

typedef struct {
    ngx_queue_t                   queue;       /* in the cluster's holds */
    ngx_uint_t                    flying;      /* sent, without a reply yet */
    ngx_msec_t                    next;        /* not to be sent before */
    size_t                        size;        /* of those that wait */
    ngx_otter_redis_requests_t    returned;    /* were sent once */
    ngx_otter_redis_requests_t    fresh;       /* came after those */
    uint16_t                      slot;
    unsigned                      all:1;       /* what is published waits too */
} ngx_otter_redis_hold_t;

struct ngx_otter_redis_cluster_s {
    ngx_otter_redis_node_t       *slots[OTTER_SLOTS];
    ngx_uint_t                    covered;     /* slots that have a node */
    ngx_queue_t                   holds;
    ngx_event_t                   timer;       /* while there are holds */
};


/* ngx_otter_redis_cluster.c: commands on their way to the right node */

ngx_int_t ngx_otter_redis_cluster_init(ngx_otter_redis_t *redis);
void ngx_otter_redis_cluster_exit(ngx_otter_redis_t *redis);
void ngx_otter_redis_cluster_tick(ngx_otter_redis_t *redis);

ngx_int_t ngx_otter_redis_cluster_send(ngx_otter_redis_t *redis,
    ngx_otter_redis_request_t *request);

/* NGX_OK: the error is dealt with, and the request is on its way again */

ngx_int_t ngx_otter_redis_cluster_refused(ngx_otter_redis_node_t *node,
    ngx_otter_redis_request_t *request, redisReply *reply);

/* the requests of a node will have no reply */

void ngx_otter_redis_cluster_lost(ngx_otter_redis_node_t *node);


/* ngx_otter_redis_map.c: which node has which slot */

ngx_int_t ngx_otter_redis_map_ask(ngx_otter_redis_t *redis);

/* the node that MOVED or ASK tells of; NULL: it is not to be understood */

ngx_otter_redis_node_t *ngx_otter_redis_map_told(ngx_otter_redis_node_t *from,
    redisReply *reply, ngx_uint_t *slot);

/* MOVED is more recent than anything else */

void ngx_otter_redis_map_moved(ngx_otter_redis_t *redis, ngx_uint_t slot,
    ngx_otter_redis_node_t *node);


/* ngx_otter_redis_hold.c */

ngx_otter_redis_hold_t *ngx_otter_redis_hold_find(ngx_otter_redis_t *redis,
    ngx_uint_t slot);
ngx_otter_redis_hold_t *ngx_otter_redis_hold_get(ngx_otter_redis_t *redis,
    ngx_uint_t slot);

/* NGX_ERROR: there is no room for it */

ngx_int_t ngx_otter_redis_hold_fresh(ngx_otter_redis_hold_t *hold,
    ngx_otter_redis_request_t *request);
void ngx_otter_redis_hold_returned(ngx_otter_redis_hold_t *hold,
    ngx_otter_redis_request_t *request);

/* a request of the slot has its reply, or will have none */

void ngx_otter_redis_hold_landed(ngx_otter_redis_t *redis, ngx_uint_t slot);

/* lets go of those that can be sent, or not any more */

void ngx_otter_redis_holds_try(ngx_otter_redis_t *redis);
void ngx_otter_redis_holds_exit(ngx_otter_redis_t *redis);


#endif /* NGX_OTTER_REDIS_CLUSTER_H_INCLUDED */
