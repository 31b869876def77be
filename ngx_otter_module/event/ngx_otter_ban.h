
/*
 * Copyright (C) Otter contributors
 */

/*
 * Who was put out of a room does not come back with the token that it had,
 * nor with another one from before.  The zone keeps that until those have
 * ended; there are NGX_OTTER_BANS at the most, and then the one that ends
 * first makes way.  Who was sent away from a lobby does not knock again with
 * such a token for a while.
 */


#ifndef NGX_OTTER_BAN_H_INCLUDED
#define NGX_OTTER_BAN_H_INCLUDED


#include "ngx_otter_zone.h"


enum {
    NGX_OTTER_DENIED_TIME = 30         /* seconds */
};


/* 1: the room does not take that token of the identity; without the lock */

ngx_uint_t ngx_otter_banned(ngx_otter_zone_t *zone, ngx_str_t *room,
    ngx_str_t *identity, ngx_otter_grant_t *grant);


/* with the lock held */

/* 1: it was sent away from the lobby a moment ago */

ngx_uint_t ngx_otter_denied(ngx_otter_zone_t *zone, ngx_str_t *room,
    ngx_str_t *identity, ngx_otter_grant_t *grant);

/*
 * The entry, which tells when it ends; NULL: that is over, or there is no
 * memory.
 */

ngx_otter_ban_t *ngx_otter_ban_add(ngx_otter_zone_t *zone, ngx_str_t *room,
    ngx_str_t *identity, ngx_otter_grant_t *grant, time_t since,
    ngx_uint_t denied);
void ngx_otter_ban_reap(ngx_otter_zone_t *zone, time_t now);

void ngx_otter_ban_insert(ngx_rbtree_node_t *temp, ngx_rbtree_node_t *node,
    ngx_rbtree_node_t *sentinel);


#endif /* NGX_OTTER_BAN_H_INCLUDED */
