
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_zone.h"


static ngx_otter_member_t **ngx_otter_zone_chain(ngx_otter_zone_t *zone,
    const u_char *id);
static void ngx_otter_zone_chain_add(ngx_otter_zone_t *zone,
    ngx_otter_member_t *m);
static void ngx_otter_zone_chain_remove(ngx_otter_zone_t *zone,
    ngx_otter_member_t *m);
static size_t ngx_otter_zone_held_size(size_t len);


void  (*ngx_otter_zone_waiting)(ngx_otter_member_t *m);


ngx_int_t
ngx_otter_zone_chains(ngx_slab_pool_t *shpool, ngx_otter_sh_t *sh,
    size_t size)
{
    sh->chains = 1;

    while (sh->chains * NGX_OTTER_CHAIN_SHARE < size) {
        sh->chains *= 2;
    }

    sh->members = ngx_slab_calloc(shpool, sh->chains * sizeof(void *));

    return sh->members ? NGX_OK : NGX_ERROR;
}


/* ids are random characters, so any of them spread well */

static ngx_otter_member_t **
ngx_otter_zone_chain(ngx_otter_zone_t *zone, const u_char *id)
{
    uint64_t  key;

    ngx_memcpy(&key, id, sizeof(uint64_t));

    key *= 0x9e3779b97f4a7c15;

    return &zone->sh->members[(key >> 32) & (zone->sh->chains - 1)];
}


/* one store puts a member in or out, should the worker die at it */

static void
ngx_otter_zone_chain_add(ngx_otter_zone_t *zone, ngx_otter_member_t *m)
{
    ngx_otter_member_t  **chain;

    chain = ngx_otter_zone_chain(zone, m->id);

    m->next = *chain;
    *chain = m;
}


static void
ngx_otter_zone_chain_remove(ngx_otter_zone_t *zone, ngx_otter_member_t *m)
{
    ngx_otter_member_t  **p;

    for (p = ngx_otter_zone_chain(zone, m->id); *p; p = &(*p)->next) {

        if (*p == m) {
            *p = m->next;
            return;
        }
    }
}


ngx_otter_member_t *
ngx_otter_zone_member(ngx_otter_zone_t *zone, const u_char *id, size_t len)
{
    ngx_otter_member_t  *m;

    if (len != NGX_OTTER_ID_LEN) {
        return NULL;
    }

    for (m = *ngx_otter_zone_chain(zone, id); m; m = m->next) {

        if (ngx_memcmp(id, m->id, NGX_OTTER_ID_LEN) == 0) {
            return m;
        }
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

    ngx_queue_insert_tail(&room->members, &m->queue);
    ngx_otter_zone_chain_add(zone, m);
    ngx_queue_insert_tail(&zone->sh->away, &m->away);

    room->n++;
    room->waiting += m->waiting;
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

    if (m->marks) {
        ngx_slab_free_locked(zone->shpool, m->marks);
    }

    ngx_otter_zone_held_clear(zone, m);

    ngx_queue_remove(&m->queue);
    ngx_queue_remove(&m->away);
    ngx_otter_zone_chain_remove(zone, m);

    room->n--;
    room->waiting -= m->waiting;
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

    ngx_otter_zone_chain_add(zone, m);
    ngx_queue_insert_tail(&room->expected, &m->queue);
    ngx_queue_insert_tail(&zone->sh->pending, &m->away);
}


void
ngx_otter_zone_member_admit(ngx_otter_zone_t *zone, ngx_otter_member_t *m)
{
    ngx_otter_zone_chain_remove(zone, m);
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

    ngx_otter_zone_chain_remove(zone, m);
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
    size_t             size;
    ngx_otter_held_t  *held;

    /* after a hole there is no use in what comes behind it */

    if (m->gap) {
        return NULL;
    }

    size = ngx_otter_zone_held_size(len);

    if (m->held_bytes + len > m->held_max
        || m->room->held + size
           > zone->shm_zone->shm.size / NGX_OTTER_HELD_ROOM_SHARE
        || zone->sh->held + size
           > zone->shm_zone->shm.size / NGX_OTTER_HELD_SHARE)
    {
        held = NULL;

    } else {
        held = ngx_slab_alloc_locked(zone->shpool,
                                     offsetof(ngx_otter_held_t, data) + len);
    }

    if (held == NULL) {
        ngx_otter_stats->held_over++;
        ngx_otter_zone_gap(zone, m);
        return NULL;
    }

    held->seq = seq;
    held->place = seq ? seq : ++m->last;
    held->n = 0;
    held->len = len;
    ngx_memcpy(held->data, data, len);

    m->held_n++;
    m->held_bytes += len;
    m->room->held += size;
    zone->sh->held += size;

    ngx_queue_insert_tail(&m->held, &held->queue);

    if (ngx_otter_zone_waiting) {
        ngx_otter_zone_waiting(m);
    }

    return held;
}


void
ngx_otter_zone_gap(ngx_otter_zone_t *zone, ngx_otter_member_t *m)
{
    m->gap = 1;
    ngx_otter_zone_held_clear(zone, m);

    if (ngx_otter_zone_waiting) {
        ngx_otter_zone_waiting(m);
    }
}


/* what the slab takes for it: a power of two, or whole pages */

static size_t
ngx_otter_zone_held_size(size_t len)
{
    size_t  size, power;

    size = offsetof(ngx_otter_held_t, data) + len;

    if (size > ngx_pagesize / 2) {
        return ngx_align(size, ngx_pagesize);
    }

    for (power = 64; power < size; power *= 2) { /* void */ }

    return power;
}


void
ngx_otter_zone_held_free(ngx_otter_zone_t *zone, ngx_otter_member_t *m,
    ngx_otter_held_t *held)
{
    size_t  size;

    size = ngx_otter_zone_held_size(held->len);

    m->room->held -= size;
    zone->sh->held -= size;

    ngx_queue_remove(&held->queue);
    ngx_slab_free_locked(zone->shpool, held);
}


void
ngx_otter_zone_held_clear(ngx_otter_zone_t *zone, ngx_otter_member_t *m)
{
    ngx_queue_t  *q;

    while (!ngx_queue_empty(&m->held)) {
        q = ngx_queue_head(&m->held);

        ngx_otter_zone_held_free(zone, m,
                                 ngx_queue_data(q, ngx_otter_held_t, queue));
    }

    m->held_n = 0;
    m->held_bytes = 0;
}
