
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_hub.h"
#include "ngx_otter_remote.h"
#include "ngx_otter_session.h"


static void ngx_otter_hub_insert_peer(ngx_rbtree_node_t *temp,
    ngx_rbtree_node_t *node, ngx_rbtree_node_t *sentinel);
static ngx_otter_hub_room_t *ngx_otter_hub_room(uint64_t serial);
static ngx_otter_hub_room_t *ngx_otter_hub_room_add(ngx_otter_room_t *shared);
static void ngx_otter_hub_record(ngx_otter_record_t *record, u_char *data);
static void ngx_otter_hub_record_room(ngx_otter_record_t *record,
    ngx_otter_body_t *body);
static void ngx_otter_hub_record_close(ngx_otter_record_t *record,
    ngx_otter_body_t *body);
static void ngx_otter_hub_record_resync(ngx_otter_record_t *record);
static void ngx_otter_hub_lost(void);


static ngx_otter_zone_t   *ngx_otter_hub_zone;
static ngx_rbtree_t        ngx_otter_hub_peers;
static ngx_rbtree_node_t   ngx_otter_hub_peers_sentinel;
static ngx_rbtree_t        ngx_otter_hub_rooms;
static ngx_rbtree_node_t   ngx_otter_hub_rooms_sentinel;


ngx_int_t
ngx_otter_hub_init(ngx_cycle_t *cycle, ngx_otter_zone_t *zone,
    void (*closing)(void))
{
    ngx_otter_hub_zone = zone;

    ngx_rbtree_init(&ngx_otter_hub_peers, &ngx_otter_hub_peers_sentinel,
                    ngx_otter_hub_insert_peer);
    ngx_rbtree_init(&ngx_otter_hub_rooms, &ngx_otter_hub_rooms_sentinel,
                    ngx_rbtree_insert_value);

    return ngx_otter_bus_init_worker(cycle, zone, ngx_otter_hub_record,
                                     ngx_otter_hub_lost, closing);
}


static void
ngx_otter_hub_insert_peer(ngx_rbtree_node_t *temp, ngx_rbtree_node_t *node,
    ngx_rbtree_node_t *sentinel)
{
    ngx_rbtree_node_t     **p;
    ngx_otter_hub_peer_t   *a, *b;

    for ( ;; ) {

        if (node->key != temp->key) {
            p = (node->key < temp->key) ? &temp->left : &temp->right;

        } else {
            a = ngx_rbtree_data(node, ngx_otter_hub_peer_t, node);
            b = ngx_rbtree_data(temp, ngx_otter_hub_peer_t, node);

            p = (ngx_memcmp(a->id, b->id, NGX_OTTER_ID_LEN) < 0)
                ? &temp->left : &temp->right;
        }

        if (*p == sentinel) {
            break;
        }

        temp = *p;
    }

    *p = node;
    node->parent = temp;
    node->left = sentinel;
    node->right = sentinel;
    ngx_rbt_red(node);
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
    uint32_t               key;
    ngx_otter_hub_room_t  *room;

    room = ngx_otter_hub_room(shared->serial);

    if (room == NULL) {
        room = ngx_otter_hub_room_add(shared);
        if (room == NULL) {
            return NGX_ERROR;
        }
    }

    ngx_memcpy(&key, peer->id, sizeof(uint32_t));

    peer->room = room;
    peer->stamp = shared->stamp;
    peer->node.key = key;

    ngx_queue_insert_tail(&room->sessions, &peer->queue);
    ngx_rbtree_insert(&ngx_otter_hub_peers, &peer->node);

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
    ngx_rbtree_delete(&ngx_otter_hub_peers, &peer->node);

    ngx_otter_remote_exit(&room->name);

    if (ngx_queue_empty(&room->sessions)) {
        ngx_rbtree_delete(&ngx_otter_hub_rooms, &room->node);
        ngx_free(room);
    }
}


ngx_otter_hub_peer_t *
ngx_otter_hub_find(const u_char *id, size_t len)
{
    uint32_t               key;
    ngx_int_t              rc;
    ngx_rbtree_node_t     *node;
    ngx_otter_hub_peer_t  *peer;

    if (len != NGX_OTTER_ID_LEN) {
        return NULL;
    }

    ngx_memcpy(&key, id, sizeof(uint32_t));
    node = ngx_otter_hub_peers.root;

    while (node != ngx_otter_hub_peers.sentinel) {

        if (key != node->key) {
            node = (key < node->key) ? node->left : node->right;
            continue;
        }

        peer = ngx_rbtree_data(node, ngx_otter_hub_peer_t, node);

        rc = ngx_memcmp(id, peer->id, NGX_OTTER_ID_LEN);
        if (rc == 0) {
            return peer;
        }

        node = (rc < 0) ? node->left : node->right;
    }

    return NULL;
}


void
ngx_otter_hub_publish(ngx_otter_hub_peer_t *peer, ngx_otter_body_t *body)
{
    ngx_int_t              slot;
    ngx_queue_t           *q;
    ngx_otter_room_t      *shared;
    ngx_otter_record_t     record;
    ngx_otter_member_t    *m;
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

    slot = ngx_otter_bus_slot();

    if (room->shared->away == 0 && room->shared->remote == 0
        && ngx_otter_slots_only(&room->shared->slots, slot))
    {
        return;
    }

    ngx_memzero(&record, sizeof(ngx_otter_record_t));

    record.kind = NGX_OTTER_RECORD_ROOM;
    record.len = (uint32_t) body->len;
    ngx_memcpy(record.id, peer->id, NGX_OTTER_ID_LEN);

    ngx_otter_zone_lock(ngx_otter_hub_zone);

    shared = ngx_otter_zone_room(ngx_otter_hub_zone, &room->name);

    if (shared && shared->serial == room->serial) {
        ngx_otter_bus_push_room(shared, &record, body->data, slot);

        m = ngx_otter_zone_member(ngx_otter_hub_zone, peer->id,
                                  NGX_OTTER_ID_LEN);

        if (shared->remote && m) {
            (void) ngx_otter_remote_publish(shared, m, NULL, body);
        }
    }

    ngx_otter_zone_unlock(ngx_otter_hub_zone);
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
        if (other->room != peer->room || other == peer) {
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

    if (m && !m->pending && m->room->serial == peer->room->serial) {
        rc = NGX_OK;

        if (m->slot == NGX_OTTER_SLOT_NONE) {
            ngx_otter_zone_hold(ngx_otter_hub_zone, m, 0, body->data,
                                body->len);

        } else if (m->slot == NGX_OTTER_SLOT_REMOTE) {
            from = ngx_otter_zone_member(ngx_otter_hub_zone, peer->id,
                                         NGX_OTTER_ID_LEN);

            if (from == NULL
                || ngx_otter_remote_publish(m->room, from, to, body)
                   != NGX_OK)
            {
                rc = NGX_ERROR;
            }

        } else {
            ngx_memzero(&record, sizeof(ngx_otter_record_t));

            record.kind = NGX_OTTER_RECORD_MEMBER;
            record.len = (uint32_t) body->len;
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
        ngx_otter_hub_lost();
        return;
    }

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
        ngx_otter_hub_record_resync(record);
        break;

    case NGX_OTTER_RECORD_CLAIM:
        peer = ngx_otter_hub_find(record->id, NGX_OTTER_ID_LEN);

        if (peer) {
            ngx_otter_session_claimed(peer);
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
            && ngx_memcmp(record->id, peer->id, NGX_OTTER_ID_LEN) != 0)
        {
            ngx_otter_session_deliver(peer, body);
        }
    }
}


static void
ngx_otter_hub_record_close(ngx_otter_record_t *record, ngx_otter_body_t *body)
{
    ngx_uint_t             last;
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

    do {
        q = ngx_queue_head(&room->sessions);
        peer = ngx_queue_data(q, ngx_otter_hub_peer_t, queue);

        /* the room goes with its last session */

        last = (ngx_queue_next(q) == ngx_queue_sentinel(&room->sessions));

        ngx_otter_session_out(peer, body, record->code);

    } while (!last);
}


static void
ngx_otter_hub_record_resync(ngx_otter_record_t *record)
{
    ngx_uint_t             last;
    ngx_queue_t           *q, *next;
    ngx_otter_hub_peer_t  *peer;
    ngx_otter_hub_room_t  *room;

    room = ngx_otter_hub_room(record->room);

    if (room == NULL) {
        return;
    }

    q = ngx_queue_head(&room->sessions);

    do {
        peer = ngx_queue_data(q, ngx_otter_hub_peer_t, queue);

        /* a session that can't be told goes, and the room with its last */

        next = ngx_queue_next(q);
        last = (next == ngx_queue_sentinel(&room->sessions));

        if (record->stamp > peer->stamp) {
            ngx_otter_session_resync(peer);
        }

        q = next;

    } while (!last);
}


/* something for this worker did not get here; nobody knows for whom */

static void
ngx_otter_hub_lost(void)
{
    ngx_rbtree_node_t     *node, *next;
    ngx_otter_hub_peer_t  *peer;

    if (ngx_otter_hub_peers.root == ngx_otter_hub_peers.sentinel) {
        return;
    }

    for (node = ngx_rbtree_min(ngx_otter_hub_peers.root,
                               ngx_otter_hub_peers.sentinel);
         node;
         node = next)
    {
        next = ngx_rbtree_next(&ngx_otter_hub_peers, node);
        peer = ngx_rbtree_data(node, ngx_otter_hub_peer_t, node);

        ngx_otter_session_resync(peer);
    }
}
