
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_hub.h"
#include "ngx_otter_remote.h"
#include "ngx_otter_session.h"


static ngx_otter_hub_room_t *ngx_otter_hub_room(uint64_t serial);
static ngx_otter_hub_room_t *ngx_otter_hub_room_add(ngx_otter_room_t *shared);
static void ngx_otter_hub_record(ngx_otter_record_t *record, u_char *data);
static void ngx_otter_hub_record_room(ngx_otter_record_t *record,
    ngx_otter_body_t *body);
static void ngx_otter_hub_record_close(ngx_otter_record_t *record,
    ngx_otter_body_t *body);
static void ngx_otter_hub_record_resync(ngx_otter_record_t *record,
    ngx_otter_body_t *body);
static void ngx_otter_hub_room_release(ngx_otter_hub_room_t *room);
static void ngx_otter_hub_resync_list(ngx_queue_t *list, uint64_t stamp);
static void ngx_otter_hub_lost(uint64_t serial);
static void ngx_otter_hub_resync_room(ngx_otter_hub_room_t *room,
    uint64_t stamp);
static void ngx_otter_hub_deliver(ngx_otter_hub_peer_t *peer,
    ngx_otter_body_t *body);


static ngx_otter_zone_t   *ngx_otter_hub_zone;
static ngx_rbtree_t        ngx_otter_hub_rooms;
static ngx_rbtree_node_t   ngx_otter_hub_rooms_sentinel;

static ngx_otter_bus_handlers_t  ngx_otter_hub_handlers;


ngx_int_t
ngx_otter_hub_init(ngx_cycle_t *cycle, ngx_otter_zone_t *zone,
    void (*closing)(void), void (*space)(void))
{
    ngx_otter_hub_zone = zone;

    ngx_rbtree_init(&ngx_otter_hub_rooms, &ngx_otter_hub_rooms_sentinel,
                    ngx_rbtree_insert_value);

    ngx_otter_hub_handlers.record = ngx_otter_hub_record;
    ngx_otter_hub_handlers.lost = ngx_otter_hub_lost;
    ngx_otter_hub_handlers.space = space;
    ngx_otter_hub_handlers.closing = closing;

    return ngx_otter_bus_init_worker(cycle, zone, &ngx_otter_hub_handlers);
}


static ngx_otter_hub_room_t *
ngx_otter_hub_room(uint64_t serial)
{
    ngx_rbtree_key_t    key;
    ngx_rbtree_node_t  *node;

    key = (ngx_rbtree_key_t) serial;
    node = ngx_otter_hub_rooms.root;

    while (node != ngx_otter_hub_rooms.sentinel) {

        if (key == node->key) {
            return ngx_rbtree_data(node, ngx_otter_hub_room_t, node);
        }

        node = (key < node->key) ? node->left : node->right;
    }

    return NULL;
}


static ngx_otter_hub_room_t *
ngx_otter_hub_room_add(ngx_otter_room_t *shared)
{
    ngx_otter_hub_room_t  *room;

    room = malloc(sizeof(ngx_otter_hub_room_t));
    if (room == NULL) {
        return NULL;
    }

    ngx_queue_init(&room->sessions);
    ngx_queue_init(&room->lobby);
    room->busy = 0;
    room->shared = shared;
    room->serial = shared->serial;
    room->name.data = room->data;
    room->name.len = shared->name_len;
    ngx_memcpy(room->data, shared->name, shared->name_len);

    room->node.key = (ngx_rbtree_key_t) shared->serial;
    ngx_rbtree_insert(&ngx_otter_hub_rooms, &room->node);

    return room;
}


ngx_int_t
ngx_otter_hub_enter(ngx_otter_hub_peer_t *peer, ngx_otter_room_t *shared)
{
    ngx_otter_hub_room_t  *room;

    room = ngx_otter_hub_room(shared->serial);

    if (room == NULL) {
        room = ngx_otter_hub_room_add(shared);
        if (room == NULL) {
            return NGX_ERROR;
        }
    }

    peer->room = room;
    peer->stamp = shared->stamp;

    ngx_queue_insert_tail(peer->waiting ? &room->lobby : &room->sessions,
                          &peer->queue);
    ngx_otter_peers_add(&peer->node);

    ngx_otter_remote_enter(shared);

    return NGX_OK;
}


void
ngx_otter_hub_leave(ngx_otter_hub_peer_t *peer)
{
    ngx_otter_hub_room_t  *room;

    room = peer->room;

    if (room == NULL) {
        return;
    }

    peer->room = NULL;

    ngx_queue_remove(&peer->queue);
    ngx_otter_peers_remove(&peer->node);

    ngx_otter_remote_exit(&room->name);

    ngx_otter_hub_room_release(room);
}


/* a room goes with its last session */

static void
ngx_otter_hub_room_release(ngx_otter_hub_room_t *room)
{
    if (!room->busy && ngx_queue_empty(&room->sessions)
        && ngx_queue_empty(&room->lobby))
    {
        ngx_rbtree_delete(&ngx_otter_hub_rooms, &room->node);
        ngx_free(room);
    }
}


void
ngx_otter_hub_admit(ngx_otter_hub_peer_t *peer, uint64_t stamp)
{
    ngx_queue_remove(&peer->queue);
    ngx_queue_insert_tail(&peer->room->sessions, &peer->queue);

    peer->waiting = 0;
    peer->stamp = stamp;
}


ngx_otter_hub_peer_t *
ngx_otter_hub_find(const u_char *id, size_t len)
{
    ngx_otter_peer_entry_t  *entry;

    if (len != NGX_OTTER_ID_LEN) {
        return NULL;
    }

    entry = ngx_otter_peers_find(id);

    return entry ? ngx_queue_data(entry, ngx_otter_hub_peer_t, node) : NULL;
}


ngx_int_t
ngx_otter_hub_publish(ngx_otter_hub_peer_t *peer, ngx_otter_body_t *body)
{
    ngx_int_t              rc, slot;
    ngx_otter_room_t      *shared;
    ngx_otter_record_t     record;
    ngx_otter_member_t    *m;
    ngx_otter_hub_room_t  *room;

    room = peer->room;
    slot = ngx_otter_bus_slot();

    if (room->shared->away == 0 && room->shared->remote == 0
        && ngx_otter_slots_only(&room->shared->slots, slot))
    {
        ngx_otter_hub_deliver(peer, body);
        return NGX_OK;
    }

    ngx_memzero(&record, sizeof(ngx_otter_record_t));

    record.kind = NGX_OTTER_RECORD_ROOM;
    record.len = (uint32_t) body->len;
    record.born = body->born;
    ngx_memcpy(record.id, peer->node.id, NGX_OTTER_ID_LEN);

    rc = NGX_OK;

    ngx_otter_zone_lock(ngx_otter_hub_zone);

    shared = ngx_otter_zone_room(ngx_otter_hub_zone, &room->name);

    if (shared && shared->serial == room->serial) {
        rc = ngx_otter_bus_admit_room(shared, body->len, slot, &peer->wait);

        if (rc == NGX_OK) {
            ngx_otter_bus_push_room(shared, &record, body->data, slot);

            m = ngx_otter_zone_member(ngx_otter_hub_zone, peer->node.id,
                                      NGX_OTTER_ID_LEN);

            if (shared->remote && m) {
                (void) ngx_otter_remote_publish(shared, m, NULL, body);
            }
        }
    }

    ngx_otter_zone_unlock(ngx_otter_hub_zone);

    if (rc == NGX_OK) {
        ngx_otter_hub_deliver(peer, body);
    }

    return rc;
}


/* to everybody else in the room who is of this worker */

static void
ngx_otter_hub_deliver(ngx_otter_hub_peer_t *peer, ngx_otter_body_t *body)
{
    ngx_queue_t           *q;
    ngx_otter_hub_peer_t  *other;
    ngx_otter_hub_room_t  *room;

    room = peer->room;

    for (q = ngx_queue_head(&room->sessions);
         q != ngx_queue_sentinel(&room->sessions);
         q = ngx_queue_next(q))
    {
        other = ngx_queue_data(q, ngx_otter_hub_peer_t, queue);

        if (other != peer) {
            ngx_otter_session_deliver(other, body);
        }
    }
}


ngx_int_t
ngx_otter_hub_direct(ngx_otter_hub_peer_t *peer, const u_char *to, size_t len,
    ngx_otter_body_t *body)
{
    ngx_int_t              rc;
    ngx_otter_record_t     record;
    ngx_otter_member_t    *m, *from;
    ngx_otter_hub_peer_t  *other;

    other = ngx_otter_hub_find(to, len);

    if (other) {
        if (other->room != peer->room || other == peer || other->waiting) {
            return NGX_DECLINED;
        }

        ngx_otter_session_deliver(other, body);
        return NGX_OK;
    }

    if (peer->room->shared->away == 0 && peer->room->shared->remote == 0
        && ngx_otter_slots_only(&peer->room->shared->slots,
                                ngx_otter_bus_slot()))
    {
        return NGX_DECLINED;
    }

    rc = NGX_DECLINED;

    ngx_otter_zone_lock(ngx_otter_hub_zone);

    m = ngx_otter_zone_member(ngx_otter_hub_zone, to, len);

    if (m && !m->pending && !m->waiting
        && m->room->serial == peer->room->serial)
    {
        rc = NGX_OK;

        if (m->slot == NGX_OTTER_SLOT_NONE) {
            ngx_otter_zone_hold(ngx_otter_hub_zone, m, 0, body->data,
                                body->len);

        } else if (m->slot == NGX_OTTER_SLOT_REMOTE) {
            from = ngx_otter_zone_member(ngx_otter_hub_zone, peer->node.id,
                                         NGX_OTTER_ID_LEN);

            if (from == NULL
                || ngx_otter_remote_publish(m->room, from, to, body)
                   != NGX_OK)
            {
                rc = NGX_ERROR;
            }

        } else if (ngx_otter_bus_admit(m->slot, m->room, body->len,
                                       &peer->wait)
                   != NGX_OK)
        {
            rc = NGX_AGAIN;

        } else {
            ngx_memzero(&record, sizeof(ngx_otter_record_t));

            record.kind = NGX_OTTER_RECORD_MEMBER;
            record.len = (uint32_t) body->len;
            record.born = body->born;
            record.room = m->room->serial;
            record.stamp = ++m->room->stamp;
            ngx_memcpy(record.id, to, NGX_OTTER_ID_LEN);

            ngx_otter_bus_push(m->slot, &record, body->data);
        }
    }

    ngx_otter_zone_unlock(ngx_otter_hub_zone);

    return rc;
}


static void
ngx_otter_hub_record(ngx_otter_record_t *record, u_char *data)
{
    otter_span_t           part;
    ngx_otter_body_t      *body;
    ngx_otter_hub_peer_t  *peer;

    part.data = data;
    part.len = record->len;

    body = ngx_otter_body_create(&part, 1);

    if (body == NULL) {
        ngx_otter_hub_lost(record->room);
        return;
    }

    body->born = record->born;

    switch (record->kind) {

    case NGX_OTTER_RECORD_ROOM:
        ngx_otter_hub_record_room(record, body);
        break;

    case NGX_OTTER_RECORD_MEMBER:
        peer = ngx_otter_hub_find(record->id, NGX_OTTER_ID_LEN);

        if (peer) {
            ngx_otter_session_deliver(peer, body);
        }

        break;

    case NGX_OTTER_RECORD_RESYNC:
        ngx_otter_hub_record_resync(record, body);
        break;

    case NGX_OTTER_RECORD_CLAIM:
        peer = ngx_otter_hub_find(record->id, NGX_OTTER_ID_LEN);

        if (peer) {
            ngx_otter_session_claimed(peer);
        }

        break;

    case NGX_OTTER_RECORD_ADMIT:
        peer = ngx_otter_hub_find(record->id, NGX_OTTER_ID_LEN);

        if (peer) {
            ngx_otter_session_admitted(peer, record->stamp, body);
        }

        break;

    default:
        ngx_otter_hub_record_close(record, body);
    }

    ngx_otter_body_free(body);
}


static void
ngx_otter_hub_record_room(ngx_otter_record_t *record, ngx_otter_body_t *body)
{
    ngx_queue_t           *q;
    ngx_otter_hub_peer_t  *peer;
    ngx_otter_hub_room_t  *room;

    room = ngx_otter_hub_room(record->room);

    if (room == NULL) {
        return;
    }

    for (q = ngx_queue_head(&room->sessions);
         q != ngx_queue_sentinel(&room->sessions);
         q = ngx_queue_next(q))
    {
        peer = ngx_queue_data(q, ngx_otter_hub_peer_t, queue);

        /* who came later has it from the snapshot or the held messages */

        if (record->stamp > peer->stamp
            && ngx_memcmp(record->id, peer->node.id, NGX_OTTER_ID_LEN) != 0)
        {
            ngx_otter_session_deliver(peer, body);
        }
    }
}


static void
ngx_otter_hub_record_close(ngx_otter_record_t *record, ngx_otter_body_t *body)
{
    ngx_queue_t           *q;
    ngx_otter_hub_peer_t  *peer;
    ngx_otter_hub_room_t  *room;

    if (record->kind == NGX_OTTER_RECORD_CLOSE) {
        peer = ngx_otter_hub_find(record->id, NGX_OTTER_ID_LEN);

        if (peer) {
            ngx_otter_session_out(peer, body, record->code);
        }

        return;
    }

    room = ngx_otter_hub_room(record->room);

    if (room == NULL) {
        return;
    }

    room->busy = 1;

    while (!ngx_queue_empty(&room->sessions)
           || !ngx_queue_empty(&room->lobby))
    {
        q = ngx_queue_empty(&room->sessions)
            ? ngx_queue_head(&room->lobby) : ngx_queue_head(&room->sessions);

        peer = ngx_queue_data(q, ngx_otter_hub_peer_t, queue);

        ngx_otter_session_out(peer, body, record->code);
    }

    room->busy = 0;
    ngx_otter_hub_room_release(room);
}


/* data: the stamp at which something was lost */

static void
ngx_otter_hub_record_resync(ngx_otter_record_t *record,
    ngx_otter_body_t *body)
{
    uint64_t               lost;
    ngx_otter_hub_room_t  *room;

    room = ngx_otter_hub_room(record->room);

    if (room) {
        ngx_memcpy(&lost, body->data, sizeof(uint64_t));
        ngx_otter_hub_resync_room(room, lost);
    }
}


/* those who came after that stamp know better */

static void
ngx_otter_hub_resync_room(ngx_otter_hub_room_t *room, uint64_t stamp)
{
    room->busy = 1;

    ngx_otter_hub_resync_list(&room->sessions, stamp);

    /* one that waits may have come in, and missed just that */

    ngx_otter_hub_resync_list(&room->lobby, (uint64_t) -1);

    room->busy = 0;
    ngx_otter_hub_room_release(room);
}


static void
ngx_otter_hub_resync_list(ngx_queue_t *list, uint64_t stamp)
{
    ngx_queue_t           *q, *next;
    ngx_otter_hub_peer_t  *peer;

    for (q = ngx_queue_head(list); q != ngx_queue_sentinel(list); q = next) {
        next = ngx_queue_next(q);
        peer = ngx_queue_data(q, ngx_otter_hub_peer_t, queue);

        /* a session that can't be told goes */

        if (stamp > peer->stamp) {
            ngx_otter_session_resync(peer);
        }
    }
}


/* something for this worker did not get here */

static void
ngx_otter_hub_lost(uint64_t serial)
{
    ngx_rbtree_node_t     *node, *next;
    ngx_otter_hub_room_t  *room;

    if (serial) {
        room = ngx_otter_hub_room(serial);

        if (room) {
            ngx_otter_hub_resync_room(room, (uint64_t) -1);
        }

        return;
    }

    if (ngx_otter_hub_rooms.root == ngx_otter_hub_rooms.sentinel) {
        return;
    }

    for (node = ngx_rbtree_min(ngx_otter_hub_rooms.root,
                               ngx_otter_hub_rooms.sentinel);
         node;
         node = next)
    {
        next = ngx_rbtree_next(&ngx_otter_hub_rooms, node);
        room = ngx_rbtree_data(node, ngx_otter_hub_room_t, node);

        ngx_otter_hub_resync_room(room, (uint64_t) -1);
    }
}
