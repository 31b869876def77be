
/*
 * Copyright (C) Otter contributors
 */

/*
 * Rooms as the HTTP API sees them.  They live in the zone, so every worker
 * sees the same; each call locks it, copies what it needs and lets go.
 */


#ifndef NGX_OTTER_ROOM_H_INCLUDED
#define NGX_OTTER_ROOM_H_INCLUDED


#include "ngx_otter_zone.h"


/* a room's policy; what a caller left out is NGX_CONF_UNSET */

typedef struct {
    ngx_int_t             max_peers;
    ngx_int_t             locked;
    ngx_int_t             lobby;
    ngx_int_t             relay_only;
    time_t                expires;        /* 0: never */
    ngx_str_t             metadata;       /* JSON object; data NULL: unset */
} ngx_otter_policy_t;

/* a page of the list; filled in by ngx_otter_room_list() */

typedef struct {
    ngx_str_t             after;          /* names after this one; in */
    ngx_uint_t            limit;          /* in */
    otter_span_t          pattern;        /* only names that match it; in */
    ngx_str_t             json;           /* "{…},{…}" without brackets */
    ngx_uint_t            count;
    ngx_str_t             next;           /* the last name; empty: no more */
} ngx_otter_room_page_t;


/*
 * Fetch or create.  A room made so stays until it is closed or expires, one
 * made by a join leaves with its last member.  Returns NGX_OK with *created
 * 0 or 1, or NGX_ERROR when the zone is full.  Unset members of the policy
 * are taken from defaults (max_peers must be set in them); an existing room
 * keeps its policy.
 */

ngx_int_t ngx_otter_room_create(ngx_otter_zone_t *zone, ngx_str_t *name,
    ngx_otter_policy_t *policy, ngx_otter_policy_t *defaults,
    ngx_uint_t *created);

/*
 * The room as JSON (interface, section 2) from the pool, with "peers" or
 * without.  NGX_DECLINED: no such room.
 */

ngx_int_t ngx_otter_room_json(ngx_otter_zone_t *zone, ngx_pool_t *pool,
    ngx_str_t *name, ngx_uint_t peers, ngx_str_t *json);

/* rooms in the byte order of their names; "limit" of them at the most */

ngx_int_t ngx_otter_room_list(ngx_otter_zone_t *zone, ngx_pool_t *pool,
    ngx_otter_room_page_t *page);

/*
 * Closes the room: every member gets "bye" with the reason and is closed
 * with 4404.  NGX_DECLINED: no such room.
 */

ngx_int_t ngx_otter_room_close(ngx_otter_zone_t *zone, ngx_str_t *name,
    const char *reason);

/*
 * Would a join of that identity be let in?  NGX_OK, NGX_BUSY (full; not for
 * an identity that is in there and would be replaced), NGX_ABORT (locked).
 * max_peers is the size that a room made by this join would have.
 */

ngx_int_t ngx_otter_room_check(ngx_otter_zone_t *zone, ngx_str_t *name,
    ngx_str_t *identity, ngx_uint_t moderator, ngx_uint_t max_peers);


#endif /* NGX_OTTER_ROOM_H_INCLUDED */
