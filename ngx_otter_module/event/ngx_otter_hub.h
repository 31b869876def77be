
/*
 * Copyright (C) Otter contributors
 */

/*
 * The peers of this worker: which of its sessions are in which room, and the
 * delivery to them.
 */


#ifndef NGX_OTTER_HUB_H_INCLUDED
#define NGX_OTTER_HUB_H_INCLUDED


#include "ngx_otter_bus.h"
#include "ngx_otter_peers.h"
#include "ngx_otter_output.h"
#include "ngx_otter_zone.h"


/* a room that has sessions in this worker */

typedef struct {
    ngx_rbtree_node_t          node;           /* by serial */
    ngx_queue_t                sessions;
    ngx_queue_t                lobby;          /* sessions that wait */
    ngx_uint_t                 busy;           /* must not be freed */
    ngx_otter_room_t          *shared;         /* for ->slots, ->away alone */
    uint64_t                   serial;
    ngx_str_t                  name;
    u_char                     data[OTTER_ROOM_NAME_MAX];
} ngx_otter_hub_room_t;

/* what the hub knows of a session; the first member of it */

typedef struct {
    ngx_otter_peer_entry_t     node;           /* with its id */
    ngx_queue_t                queue;          /* in the room's sessions */
    ngx_otter_hub_room_t      *room;           /* NULL: in none any more */
    uint64_t                   stamp;          /* knows all up to this one */
    ngx_uint_t                 waiting;        /* in the lobby: of the room
                                                  nothing gets to it */
    ngx_otter_bus_wait_t       wait;           /* what its message waits for */
} ngx_otter_hub_peer_t;


/*
 * In a worker; closing is called when it is asked to leave, space when what
 * was answered by NGX_AGAIN may be tried again.
 */

ngx_int_t ngx_otter_hub_init(ngx_cycle_t *cycle, ngx_otter_zone_t *zone,
    void (*closing)(void), void (*space)(void));

/* with the zone's lock held; NGX_ERROR: no memory */

ngx_int_t ngx_otter_hub_enter(ngx_otter_hub_peer_t *peer,
    ngx_otter_room_t *shared);
void ngx_otter_hub_leave(ngx_otter_hub_peer_t *peer);

/* from the lobby into the room, of which it knows all up to the stamp */

void ngx_otter_hub_admit(ngx_otter_hub_peer_t *peer, uint64_t stamp);

ngx_otter_hub_peer_t *ngx_otter_hub_find(const u_char *id, size_t len);

/*
 * Brings a message to everybody else in the peer's room, or to one of them:
 * those of this worker at once, the others by the bus.  NGX_DECLINED: that
 * peer is not there; NGX_ERROR: its host can't be reached now; NGX_AGAIN: the
 * bus has no place for it now, and nobody got it, see peer->wait.
 */

ngx_int_t ngx_otter_hub_publish(ngx_otter_hub_peer_t *peer,
    ngx_otter_body_t *body);
ngx_int_t ngx_otter_hub_direct(ngx_otter_hub_peer_t *peer, const u_char *to,
    size_t len, ngx_otter_body_t *body);


#endif /* NGX_OTTER_HUB_H_INCLUDED */
