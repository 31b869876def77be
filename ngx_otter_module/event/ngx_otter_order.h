
/*
 * Copyright (C) Otter contributors
 */

/*
 * What moderators and the HTTP API do to a room: where there is Redis, it
 * decides for all hosts, and the answer comes later.
 */


#ifndef NGX_OTTER_ORDER_H_INCLUDED
#define NGX_OTTER_ORDER_H_INCLUDED


#include "ngx_otter_room.h"


typedef enum {
    NGX_OTTER_ORDER_KICK = 0,
    NGX_OTTER_ORDER_ADMIT,             /* from the lobby */
    NGX_OTTER_ORDER_DENY,
    NGX_OTTER_ORDER_POLICY,
    NGX_OTTER_ORDER_CREATE,            /* or fetch: the room is to be */
    NGX_OTTER_ORDER_SAY                /* a message from the server */
} ngx_otter_order_e;

typedef struct ngx_otter_order_s  ngx_otter_order_t;

/*
 * NGX_OK; NGX_ABORT: there is no such room; NGX_DECLINED: no such peer in it;
 * NGX_BUSY: the room has no place for it, or the zone none for the room;
 * NGX_ERROR: no memory, or what has to be asked can't be reached.
 */

typedef void (*ngx_otter_order_done_pt)(ngx_otter_order_t *order,
    ngx_int_t rc);

struct ngx_otter_order_s {
    ngx_pool_t                *pool;           /* its own */
    ngx_otter_zone_t          *zone;
    ngx_otter_order_e          kind;
    ngx_str_t                  room;
    u_char                     id[NGX_OTTER_ID_LEN];
    ngx_uint_t                 directed;       /* say: to this id alone */
    ngx_otter_policy_t         policy;
    ngx_str_t                  data;           /* say: JSON */
    ngx_uint_t                 count;          /* say, out: receivers */
    ngx_uint_t                 created;        /* create, out: it is new */

    ngx_otter_order_done_pt    done;           /* NULL: nobody waits */
    void                      *caller;         /* of done() */
};


/* NULL: no memory; the policy has nothing set */

ngx_otter_order_t *ngx_otter_order_create(ngx_otter_zone_t *zone,
    ngx_otter_order_e kind, ngx_str_t *room);

/* the text is copied to the order's pool */

ngx_int_t ngx_otter_order_copy(ngx_otter_order_t *order, ngx_str_t *dst,
    const u_char *data, size_t len);

/*
 * The result, and the order is the caller's to free; or NGX_AGAIN: done() is
 * called with the result, and the order is freed after that.
 */

ngx_int_t ngx_otter_order_run(ngx_otter_order_t *order);
void ngx_otter_order_free(ngx_otter_order_t *order);

/* by this host alone */

ngx_int_t ngx_otter_order_here(ngx_otter_order_t *order);


#endif /* NGX_OTTER_ORDER_H_INCLUDED */
