
/*
 * Copyright (C) Otter contributors
 */

/*
 * Rooms as the HTTP API sees them.  They live in the zone, so every worker
 * sees the same; each call locks it, copies what it needs and lets go.
 */


#ifndef NGX_OTTER_ROOM_H_INCLUDED
#define NGX_OTTER_ROOM_H_INCLUDED


#include "ngx_otter_text.h"
#include "ngx_otter_zone.h"


/* a room's policy; what a caller left out is NGX_CONF_UNSET */

typedef struct {
    ngx_int_t             max_peers;
    ngx_int_t             locked;
    ngx_int_t             lobby;
    ngx_int_t             relay_only;
    time_t                expires;        /* 0: never */
    ngx_str_t             metadata;       /* JSON object; data NULL: unset;
                                             empty: none */
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


/* a moderator has just sent that identity away from the lobby */

enum {
    NGX_OTTER_ROOM_DENIED = -101
};


void ngx_otter_policy_init(ngx_otter_policy_t *policy);

/*
 * Fetch or create.  A room made so stays until it is closed or expires, one
 * made by a join leaves with its last member.  Returns NGX_OK with *created
 * 0 or 1, or NGX_ERROR when the zone is full.  max_peers must be set in the
 * policy; an existing room keeps its own.
 */

ngx_int_t ngx_otter_room_create(ngx_otter_zone_t *zone, ngx_str_t *name,
    ngx_otter_policy_t *policy, ngx_uint_t *created);

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
 * an identity that is in there and would be replaced), NGX_ABORT (locked),
 * NGX_DONE (a guest does not replace one who is none), NGX_OTTER_ROOM_DENIED.
 */

ngx_int_t ngx_otter_room_check(ngx_otter_zone_t *zone, ngx_str_t *name,
    ngx_str_t *identity, ngx_uint_t moderator, ngx_uint_t guest,
    ngx_otter_grant_t *grant);

/* does the room want its peers to meet over relays alone? */

ngx_uint_t ngx_otter_room_relay_only(ngx_otter_zone_t *zone,
    ngx_str_t *name);


/* with the lock held: what the event layer does with rooms and members */

/* "open", "occupied", "full", or "closed" when its time is over */

const char *ngx_otter_room_status(ngx_otter_room_t *room);

/*
 * The same, with the member of that identity or NULL; NGX_AGAIN: it comes to
 * the lobby.
 */

ngx_int_t ngx_otter_room_admission(ngx_otter_room_t *room,
    ngx_otter_member_t *old, ngx_uint_t moderator, ngx_uint_t guest,
    ngx_otter_grant_t *grant, ngx_uint_t max_peers);

/* ROOM of the interface, section 3, and the list of PEERs but one */

void ngx_otter_room_write(ngx_otter_text_t *text, ngx_otter_room_t *room);
void ngx_otter_room_write_peers(ngx_otter_text_t *text,
    ngx_otter_room_t *room, ngx_otter_member_t *but);

/* sets what is set in the policy; NGX_ERROR: no memory, nothing was set */

ngx_int_t ngx_otter_room_rule(ngx_otter_zone_t *zone, ngx_otter_room_t *room,
    ngx_otter_policy_t *policy);

/* the same, and all members are told */

ngx_int_t ngx_otter_room_change(ngx_otter_zone_t *zone,
    ngx_otter_room_t *room, ngx_otter_policy_t *policy);

/*
 * After peers have come or gone: who waits though there is no lobby takes the
 * places that are free, and all members, but for one, are told when the room
 * has become full or is no longer so.
 */

void ngx_otter_room_settle(ngx_otter_room_t *room);
void ngx_otter_room_tell_status(ngx_otter_room_t *room,
    ngx_otter_member_t *but);

/*
 * A message from the server, to m or, where that is NULL, to all members that
 * are this host's; returns the number of its receivers.
 */

ngx_uint_t ngx_otter_room_say(ngx_otter_room_t *room, ngx_otter_member_t *m,
    ngx_str_t *data);

/* to one member of this host: by its worker, or held for it */

void ngx_otter_room_send(ngx_otter_member_t *m, const u_char *data,
    size_t len);

/* the member of that identity */

ngx_otter_member_t *ngx_otter_room_identity(ngx_otter_room_t *room,
    ngx_str_t *identity);

/*
 * Tells all members but m: {"type":TYPE,"peer":ID} with a "reason" if there
 * is one, or {"type":TYPE,"peer":PEER}.
 */

void ngx_otter_room_tell(ngx_otter_member_t *m, const char *type,
    const char *reason);
void ngx_otter_room_tell_peer(ngx_otter_member_t *m, const char *type);

/*
 * Takes a member out, and its room with the last one.  Its worker, if it has
 * one, is told to close the socket with the code (0: it knows already).
 */

void ngx_otter_room_remove(ngx_otter_zone_t *zone, ngx_otter_member_t *m,
    const char *reason, ngx_uint_t code);

/* everybody is out: bye, 4404; the room is freed */

void ngx_otter_room_end(ngx_otter_zone_t *zone, ngx_otter_room_t *room,
    const char *reason);

/* a member's socket is gone; it is held for a while */

void ngx_otter_room_away(ngx_otter_zone_t *zone, ngx_otter_member_t *m);

/* a worker is gone: all its members are away, with a gap */

void ngx_otter_room_desert(ngx_otter_zone_t *zone, ngx_int_t slot);


/* without the lock: what time has ended, looked for once in a second */

void ngx_otter_room_reap(ngx_otter_zone_t *zone);


#endif /* NGX_OTTER_ROOM_H_INCLUDED */
