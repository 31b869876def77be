
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_zone.h"


static uint32_t ngx_otter_zone_key(const u_char *id);


/* ids are random characters, so any four of them spread well */

static uint32_t
ngx_otter_zone_key(const u_char *id)
{
    uint32_t  key;

    ngx_memcpy(&key, id, sizeof(uint32_t));

    return key;
}


void
ngx_otter_zone_insert_member(ngx_rbtree_node_t *temp, ngx_rbtree_node_t *node,
    ngx_rbtree_node_t *sentinel)
{
    ngx_rbtree_node_t   **p;
    ngx_otter_member_t   *m, *t;

    for ( ;; ) {

        if (node->key != temp->key) {
            p = (node->key < temp->key) ? &temp->left : &temp->right;

        } else {
            m = ngx_rbtree_data(node, ngx_otter_member_t, node);
            t = ngx_rbtree_data(temp, ngx_otter_member_t, node);

            p = (ngx_memcmp(m->id, t->id, NGX_OTTER_ID_LEN) < 0)
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


ngx_otter_member_t *
ngx_otter_zone_member(ngx_otter_zone_t *zone, const u_char *id, size_t len)
{
    ngx_int_t            rc;
    ngx_rbtree_key_t     key;
    ngx_rbtree_node_t   *node, *sentinel;
    ngx_otter_member_t  *m;

    if (len != NGX_OTTER_ID_LEN) {
        return NULL;
    }

    key = ngx_otter_zone_key(id);
    node = zone->sh->members.root;
    sentinel = zone->sh->members.sentinel;

    while (node != sentinel) {

        if (key != node->key) {
            node = (key < node->key) ? node->left : node->right;
            continue;
        }

        m = ngx_rbtree_data(node, ngx_otter_member_t, node);

        rc = ngx_memcmp(id, m->id, NGX_OTTER_ID_LEN);
        if (rc == 0) {
            return m;
        }

        node = (rc < 0) ? node->left : node->right;
    }

    return NULL;
}


ngx_otter_member_t *
ngx_otter_zone_member_alloc(ngx_otter_zone_t *zone, ngx_str_t *identity,
    ngx_str_t *peer)
{
    size_t               size;
    ngx_otter_member_t  *m;

    /* the identity and the JSON of the peer lie behind the structure */

    size = offsetof(ngx_otter_member_t, identity) + identity->len + peer->len;

    m = ngx_slab_calloc_locked(zone->shpool, size);
    if (m == NULL) {
        return NULL;
    }

    ngx_queue_init(&m->held);
    ngx_queue_init(&m->away);

    m->slot = NGX_OTTER_SLOT_NONE;
    ngx_memcpy(m->host, zone->sh->host, NGX_OTTER_ID_LEN);

    m->identity_len = (u_short) identity->len;
    ngx_memcpy(m->identity, identity->data, identity->len);

    m->peer = m->identity + identity->len;
    m->peer_len = peer->len;
    ngx_memcpy(m->peer, peer->data, peer->len);

    return m;
}


void
ngx_otter_zone_member_link(ngx_otter_zone_t *zone, ngx_otter_room_t *room,
    ngx_otter_member_t *m)
{
    m->room = room;
    m->node.key = ngx_otter_zone_key(m->id);

    ngx_queue_insert_tail(&room->members, &m->queue);
    ngx_rbtree_insert(&zone->sh->members, &m->node);
    ngx_queue_insert_tail(&zone->sh->away, &m->away);

    room->n++;
    room->away++;
    room->updated = ngx_time();
    zone->sh->n_members++;
    zone->sh->n_away++;
}


void
ngx_otter_zone_member_free(ngx_otter_zone_t *zone, ngx_otter_member_t *m)
{
    ngx_otter_room_t  *room;

    room = m->room;

    if (m->slot != NGX_OTTER_SLOT_NONE) {
        ngx_otter_zone_member_move(zone, m, NGX_OTTER_SLOT_NONE);
    }

    if (m->taking) {
        room->taking--;
    }

    ngx_otter_zone_held_clear(zone, m);

    ngx_queue_remove(&m->queue);
    ngx_queue_remove(&m->away);
    ngx_rbtree_delete(&zone->sh->members, &m->node);

    room->n--;
    room->away--;
    room->updated = ngx_time();
    zone->sh->n_members--;
    zone->sh->n_away--;

    if (m->peer != m->identity + m->identity_len) {
        ngx_slab_free_locked(zone->shpool, m->peer);
    }

    ngx_slab_free_locked(zone->shpool, m);
}


void
ngx_otter_zone_member_expect(ngx_otter_zone_t *zone, ngx_otter_room_t *room,
    ngx_otter_member_t *m)
{
    m->room = room;
    m->pending = 1;
    m->node.key = ngx_otter_zone_key(m->id);

    ngx_rbtree_insert(&zone->sh->members, &m->node);
    ngx_queue_insert_tail(&room->expected, &m->queue);
    ngx_queue_insert_tail(&zone->sh->pending, &m->away);
}


void
ngx_otter_zone_member_admit(ngx_otter_zone_t *zone, ngx_otter_member_t *m)
{
    ngx_rbtree_delete(&zone->sh->members, &m->node);
    ngx_queue_remove(&m->queue);
    ngx_queue_remove(&m->away);

    m->pending = 0;

    ngx_otter_zone_member_link(zone, m->room, m);
}


void
ngx_otter_zone_member_forget(ngx_otter_zone_t *zone, ngx_otter_member_t *m)
{
    ngx_otter_room_t  *room;

    room = m->room;

    ngx_rbtree_delete(&zone->sh->members, &m->node);
    ngx_queue_remove(&m->queue);
    ngx_queue_remove(&m->away);

    ngx_otter_zone_held_clear(zone, m);
    ngx_slab_free_locked(zone->shpool, m);

    ngx_otter_zone_room_release(zone, room);
}


void
ngx_otter_zone_member_move(ngx_otter_zone_t *zone, ngx_otter_member_t *m,
    ngx_int_t slot)
{
    ngx_int_t            old;
    ngx_queue_t         *q;
    ngx_otter_room_t    *room;
    ngx_otter_member_t  *other;

    room = m->room;
    old = m->slot;

    if (old == slot) {
        return;
    }

    if (slot == NGX_OTTER_SLOT_NONE) {
        ngx_queue_insert_tail(&zone->sh->away, &m->away);
        zone->sh->n_away++;
        room->away++;

    } else if (slot == NGX_OTTER_SLOT_REMOTE) {
        room->remote++;

    } else {
        ngx_otter_slots_add(&room->slots, slot);
    }

    m->slot = slot;

    if (old == NGX_OTTER_SLOT_NONE) {
        ngx_queue_remove(&m->away);
        ngx_queue_init(&m->away);
        zone->sh->n_away--;
        room->away--;
        return;
    }

    if (old == NGX_OTTER_SLOT_REMOTE) {
        room->remote--;
        return;
    }

    for (q = ngx_queue_head(&room->members);
         q != ngx_queue_sentinel(&room->members);
         q = ngx_queue_next(q))
    {
        other = ngx_queue_data(q, ngx_otter_member_t, queue);

        if (other->slot == old) {
            return;
        }
    }

    room->slots.word[old / 64] &= ~((uint64_t) 1 << (old % 64));
}


ngx_otter_held_t *
ngx_otter_zone_hold(ngx_otter_zone_t *zone, ngx_otter_member_t *m,
    uint64_t seq, const u_char *data, size_t len)
{
    ngx_otter_held_t  *held;

    /* after a hole there is no use in what comes behind it */

    if (m->gap) {
        return NULL;
    }

    if (m->held_bytes + len > m->held_max) {
        held = NULL;

    } else {
        held = ngx_slab_alloc_locked(zone->shpool,
                                     offsetof(ngx_otter_held_t, data) + len);
    }

    if (held == NULL) {
        m->gap = 1;
        ngx_otter_zone_held_clear(zone, m);
        return NULL;
    }

    held->seq = seq;
    held->n = 0;
    held->len = len;
    ngx_memcpy(held->data, data, len);

    m->held_bytes += len;
    ngx_queue_insert_tail(&m->held, &held->queue);

    return held;
}


void
ngx_otter_zone_held_clear(ngx_otter_zone_t *zone, ngx_otter_member_t *m)
{
    ngx_queue_t       *q;
    ngx_otter_held_t  *held;

    while (!ngx_queue_empty(&m->held)) {
        q = ngx_queue_head(&m->held);
        held = ngx_queue_data(q, ngx_otter_held_t, queue);

        ngx_queue_remove(q);
        ngx_slab_free_locked(zone->shpool, held);
    }

    m->held_bytes = 0;
}
