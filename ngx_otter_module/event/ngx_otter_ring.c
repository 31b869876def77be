
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_ring.h"


/* a record beside the ring */

typedef struct {
    ngx_queue_t           queue;
    ngx_otter_record_t    record;
    u_char                data[1];
} ngx_otter_spill_t;


static void ngx_otter_ring_forget(ngx_otter_zone_t *zone,
    ngx_otter_slot_t *slot);
static ngx_uint_t ngx_otter_ring_beside(ngx_otter_zone_t *zone, size_t len);
static ngx_uint_t ngx_otter_ring_lossy(ngx_otter_slot_t *slot, uint64_t room);
static ngx_uint_t ngx_otter_ring_fits(ngx_otter_slot_t *slot, size_t size);
static ngx_otter_record_t *ngx_otter_ring_reserve(ngx_otter_slot_t *slot,
    size_t size);
static ngx_otter_record_t *ngx_otter_ring_record(ngx_otter_slot_t *slot,
    u_char **data);
static ngx_int_t ngx_otter_ring_write(ngx_otter_zone_t *zone,
    ngx_otter_slot_t *slot, const ngx_otter_record_t *record,
    const u_char *data);
static ngx_int_t ngx_otter_ring_spill(ngx_otter_zone_t *zone,
    ngx_otter_slot_t *slot, const ngx_otter_record_t *record,
    const u_char *data);
static void ngx_otter_ring_drain_spilled(ngx_otter_zone_t *zone,
    ngx_otter_slot_t *slot, ngx_otter_record_handler_pt handler);
static void ngx_otter_ring_drain_lost(ngx_otter_zone_t *zone,
    ngx_otter_slot_t *slot, ngx_otter_lost_handler_pt lost);
static ngx_atomic_t *ngx_otter_ring_flight(ngx_otter_slot_t *slot,
    uint64_t room);


ngx_int_t
ngx_otter_ring_create(ngx_otter_zone_t *zone, ngx_otter_slot_t *slot)
{
    size_t  size;

    slot->flight = ngx_slab_calloc_locked(zone->shpool,
                                NGX_OTTER_FLIGHTS * sizeof(ngx_atomic_t));
    if (slot->flight == NULL) {
        return NGX_ERROR;
    }

    for (size = NGX_OTTER_RING_SIZE; size >= NGX_OTTER_RING_MIN; size /= 2) {

        slot->ring = ngx_slab_alloc_locked(zone->shpool, size);

        if (slot->ring) {
            slot->ring_size = size;
            break;
        }
    }

    if (slot->ring == NULL) {
        ngx_slab_free_locked(zone->shpool, (void *) slot->flight);
        slot->flight = NULL;
        return NGX_ERROR;
    }

    slot->head = 0;
    slot->tail = 0;
    slot->lost = 0;
    slot->n_lossy = 0;
    slot->spilled = 0;
    ngx_queue_init(&slot->spill);

    return NGX_OK;
}


void
ngx_otter_ring_destroy(ngx_otter_zone_t *zone, ngx_otter_slot_t *slot)
{
    ngx_otter_ring_forget(zone, slot);

    ngx_slab_free_locked(zone->shpool, slot->ring);
    slot->ring = NULL;
    slot->ring_size = 0;

    ngx_slab_free_locked(zone->shpool, (void *) slot->flight);
    slot->flight = NULL;
}


/* frees what lies beside the ring */

static void
ngx_otter_ring_forget(ngx_otter_zone_t *zone, ngx_otter_slot_t *slot)
{
    u_char              *data;
    ngx_queue_t         *q;
    ngx_otter_spill_t   *spill;
    ngx_otter_record_t  *record;

    while (slot->head != slot->tail) {
        record = ngx_otter_ring_record(slot, &data);

        if (record && record->external) {
            zone->sh->beside -= record->len;
            ngx_slab_free_locked(zone->shpool, data);
        }

        slot->head += ((ngx_otter_record_t *)
                       (slot->ring + (slot->head & (slot->ring_size - 1))))
                      ->size;
    }

    while (!ngx_queue_empty(&slot->spill)) {
        q = ngx_queue_head(&slot->spill);
        spill = ngx_queue_data(q, ngx_otter_spill_t, queue);

        ngx_queue_remove(q);
        zone->sh->beside -= spill->record.len;

        ngx_slab_free_locked(zone->shpool, spill);
    }

    slot->spilled = 0;
}


/*
 * Rooms share a counter when their serials are that far apart: then they
 * share the budget too.
 */

static ngx_atomic_t *
ngx_otter_ring_flight(ngx_otter_slot_t *slot, uint64_t room)
{
    return &slot->flight[room % NGX_OTTER_FLIGHTS];
}


ngx_uint_t
ngx_otter_ring_empty(ngx_otter_slot_t *slot)
{
    return slot->head == slot->tail && slot->spilled == 0 && !slot->lost
           && slot->n_lossy == 0;
}


ngx_uint_t
ngx_otter_ring_takes(ngx_otter_zone_t *zone, ngx_otter_slot_t *slot,
    uint64_t room, size_t len)
{
    ngx_atomic_t       *flight;
    ngx_atomic_uint_t   used;

    flight = slot->flight;

    if (flight == NULL || ngx_otter_ring_lossy(slot, room)) {

        /* nobody is there, or who is there resyncs anyway */

        return 1;
    }

    if (slot->spilled) {
        return 0;
    }

    used = flight[room % NGX_OTTER_FLIGHTS];

    if (used && used + len > slot->ring_size / NGX_OTTER_ROOM_SHARE) {
        return 0;
    }

    if (len > slot->ring_size / NGX_OTTER_RECORD_SHARE) {

        if (!ngx_otter_ring_beside(zone, len)) {
            return 0;
        }

        len = sizeof(u_char *);
    }

    return ngx_otter_ring_fits(slot, sizeof(ngx_otter_record_t) + len);
}


/* may that much more of the zone be taken up by what is on its way? */

static ngx_uint_t
ngx_otter_ring_beside(ngx_otter_zone_t *zone, size_t len)
{
    size_t  used;

    used = zone->sh->beside;

    return used == 0
           || used + len <= zone->shm_zone->shm.size / NGX_OTTER_BESIDE_SHARE;
}


static ngx_uint_t
ngx_otter_ring_lossy(ngx_otter_slot_t *slot, uint64_t room)
{
    ngx_uint_t  i, n;

    if (slot->lost) {
        return 1;
    }

    n = slot->n_lossy;

    for (i = 0; i < n; i++) {
        if (slot->lossy[i] == room) {
            return 1;
        }
    }

    return 0;
}


void
ngx_otter_ring_lose(ngx_otter_slot_t *slot, uint64_t room)
{
    if (ngx_otter_ring_lossy(slot, room)) {
        return;
    }

    /* its sessions are told when they have all that got there before */

    slot->lossy_tail = slot->tail;

    if (slot->n_lossy == NGX_OTTER_LOSSY || room == 0) {
        slot->lost = 1;
        return;
    }

    slot->lossy[slot->n_lossy] = room;

    ngx_memory_barrier();
    slot->n_lossy++;
}


void
ngx_otter_ring_put(ngx_otter_zone_t *zone, ngx_otter_slot_t *slot,
    const ngx_otter_record_t *record, const u_char *data)
{
    ngx_uint_t  message;

    if (slot->ring == NULL) {
        return;
    }

    /* an order to let go of a socket is carried out all the same */

    message = (record->kind == NGX_OTTER_RECORD_ROOM
               || record->kind == NGX_OTTER_RECORD_MEMBER
               || record->kind == NGX_OTTER_RECORD_RESYNC);

    if (message && ngx_otter_ring_lossy(slot, record->room)) {
        ngx_otter_stats->bus_full++;
        return;
    }

    if (slot->spilled == 0
        && ngx_otter_ring_write(zone, slot, record, data) == NGX_OK)
    {
        ngx_otter_stats->bus_messages++;
        return;
    }

    if (ngx_otter_ring_spill(zone, slot, record, data) == NGX_OK) {
        ngx_otter_stats->bus_messages++;
        return;
    }

    ngx_otter_ring_lose(slot, record->room);
    ngx_otter_stats->bus_full++;
}


static ngx_int_t
ngx_otter_ring_write(ngx_otter_zone_t *zone, ngx_otter_slot_t *slot,
    const ngx_otter_record_t *record, const u_char *data)
{
    u_char              *copy;
    size_t               len, size;
    ngx_otter_record_t  *place;

    len = record->len;
    copy = NULL;

    if (len > slot->ring_size / NGX_OTTER_RECORD_SHARE) {

        /* too large for a ring that others share: it goes beside it */

        if (!ngx_otter_ring_beside(zone, len)) {
            return NGX_DECLINED;
        }

        copy = ngx_slab_alloc_locked(zone->shpool, len);
        if (copy == NULL) {
            return NGX_DECLINED;
        }

        ngx_memcpy(copy, data, len);

        data = (u_char *) &copy;
        len = sizeof(u_char *);
    }

    place = ngx_otter_ring_reserve(slot, sizeof(ngx_otter_record_t) + len);

    if (place == NULL) {

        if (copy) {
            ngx_slab_free_locked(zone->shpool, copy);
        }

        return NGX_DECLINED;
    }

    size = place->size;

    *place = *record;
    place->size = (uint32_t) size;
    place->external = (copy != NULL);

    if (len) {
        ngx_memcpy(place + 1, data, len);
    }

    if (copy) {
        zone->sh->beside += record->len;
    }

    (void) ngx_atomic_fetch_add(ngx_otter_ring_flight(slot, record->room),
                                record->len);

    /* the one store by which it is there */

    ngx_memory_barrier();
    slot->tail += size;

    return NGX_OK;
}


/* a record lies in one piece; the rest of the ring may have to be skipped */

static ngx_uint_t
ngx_otter_ring_fits(ngx_otter_slot_t *slot, size_t size)
{
    size_t  left, rest;

    size = ngx_align(size, 8);
    rest = slot->ring_size - (slot->tail & (slot->ring_size - 1));
    left = slot->ring_size - (slot->tail - slot->head);

    return (size > rest) ? size + rest <= left : size <= left;
}


/*
 * Where the end of the ring is too near, it is filled with a record to skip.
 * Returns the place with "size" set.
 */

static ngx_otter_record_t *
ngx_otter_ring_reserve(ngx_otter_slot_t *slot, size_t size)
{
    size_t               rest;
    ngx_otter_record_t  *place;

    if (!ngx_otter_ring_fits(slot, size)) {
        return NULL;
    }

    size = ngx_align(size, 8);
    rest = slot->ring_size - (slot->tail & (slot->ring_size - 1));

    if (size > rest) {

        /* rest is a multiple of 8, so size and len of a record fit */

        place = (ngx_otter_record_t *)
                    (slot->ring + (slot->tail & (slot->ring_size - 1)));

        place->size = (uint32_t) rest;

        if (rest >= offsetof(ngx_otter_record_t, code)) {
            place->kind = NGX_OTTER_RECORD_SKIP;
        }

        ngx_memory_barrier();
        slot->tail += rest;
    }

    place = (ngx_otter_record_t *)
                (slot->ring + (slot->tail & (slot->ring_size - 1)));
    place->size = (uint32_t) size;

    return place;
}


static ngx_int_t
ngx_otter_ring_spill(ngx_otter_zone_t *zone, ngx_otter_slot_t *slot,
    const ngx_otter_record_t *record, const u_char *data)
{
    ngx_uint_t          small;
    ngx_atomic_t       *flight;
    ngx_otter_spill_t  *spill;

    /* what a peer can't make many of is bounded by the zone alone */

    small = (record->kind != NGX_OTTER_RECORD_ROOM
             && record->kind != NGX_OTTER_RECORD_MEMBER);

    flight = ngx_otter_ring_flight(slot, record->room);

    if (!small
        && (*flight + record->len > slot->ring_size
            || !ngx_otter_ring_beside(zone, record->len)))
    {
        return NGX_DECLINED;
    }

    spill = ngx_slab_alloc_locked(zone->shpool,
                           offsetof(ngx_otter_spill_t, data) + record->len);
    if (spill == NULL) {
        return NGX_DECLINED;
    }

    spill->record = *record;
    spill->record.external = 0;

    if (record->len) {
        ngx_memcpy(spill->data, data, record->len);
    }

    ngx_queue_insert_tail(&slot->spill, &spill->queue);

    zone->sh->beside += record->len;
    (void) ngx_atomic_fetch_add(flight, record->len);

    ngx_memory_barrier();
    slot->spilled++;

    return NGX_OK;
}


/* at the head of the ring, and its data; NULL: to be skipped */

static ngx_otter_record_t *
ngx_otter_ring_record(ngx_otter_slot_t *slot, u_char **data)
{
    size_t               rest;
    ngx_otter_record_t  *record;

    rest = slot->ring_size - (slot->head & (slot->ring_size - 1));

    record = (ngx_otter_record_t *)
                 (slot->ring + (slot->head & (slot->ring_size - 1)));

    if (rest < sizeof(ngx_otter_record_t)
        || record->kind == NGX_OTTER_RECORD_SKIP)
    {
        return NULL;
    }

    *data = (u_char *) (record + 1);

    if (record->external) {
        ngx_memcpy(data, record + 1, sizeof(u_char *));
    }

    return record;
}


void
ngx_otter_ring_drain(ngx_otter_zone_t *zone, ngx_otter_slot_t *slot,
    ngx_otter_record_handler_pt handler, ngx_otter_lost_handler_pt lost)
{
    size_t               size;
    u_char              *data;
    ngx_atomic_uint_t    end;
    ngx_otter_record_t  *record;

    end = slot->tail;

    while (slot->head != end) {

        ngx_memory_barrier();

        size = ((ngx_otter_record_t *)
                (slot->ring + (slot->head & (slot->ring_size - 1))))->size;

        record = ngx_otter_ring_record(slot, &data);

        if (record) {
            handler(record, data);

            (void) ngx_atomic_fetch_add(
                                   ngx_otter_ring_flight(slot, record->room),
                                   -(ngx_atomic_int_t) record->len);

            if (record->external) {

                /* whoever cleans up after a crash must not free it again */

                record->external = 0;

                ngx_otter_zone_lock(zone);
                ngx_slab_free_locked(zone->shpool, data);
                zone->sh->beside -= record->len;
                ngx_otter_zone_unlock(zone);
            }
        }

        ngx_memory_barrier();
        slot->head += size;
    }

    if (slot->spilled) {
        ngx_otter_ring_drain_spilled(zone, slot, handler);
    }

    if (slot->lost || slot->n_lossy) {
        ngx_otter_ring_drain_lost(zone, slot, lost);
    }
}


/*
 * They came after all that is in the ring, into which nothing is put as long
 * as there are some.  A record stays in the queue while it is handled: if the
 * worker dies over it, it is found there and freed.
 */

static void
ngx_otter_ring_drain_spilled(ngx_otter_zone_t *zone, ngx_otter_slot_t *slot,
    ngx_otter_record_handler_pt handler)
{
    ngx_uint_t          n;
    ngx_queue_t        *q;
    ngx_otter_spill_t  *spill;

    for (n = slot->spilled; n; n--) {

        ngx_otter_zone_lock(zone);

        if (slot->head != slot->tail) {
            ngx_otter_zone_unlock(zone);
            return;
        }

        q = ngx_queue_head(&slot->spill);
        spill = ngx_queue_data(q, ngx_otter_spill_t, queue);

        ngx_otter_zone_unlock(zone);

        handler(&spill->record, spill->data);

        ngx_otter_zone_lock(zone);

        ngx_queue_remove(q);
        slot->spilled--;
        zone->sh->beside -= spill->record.len;

        (void) ngx_atomic_fetch_add(
                             ngx_otter_ring_flight(slot, spill->record.room),
                             -(ngx_atomic_int_t) spill->record.len);

        ngx_slab_free_locked(zone->shpool, spill);

        ngx_otter_zone_unlock(zone);
    }
}


static void
ngx_otter_ring_drain_lost(ngx_otter_zone_t *zone, ngx_otter_slot_t *slot,
    ngx_otter_lost_handler_pt lost)
{
    uint64_t    lossy[NGX_OTTER_LOSSY];
    ngx_uint_t  i, n, all;

    ngx_otter_zone_lock(zone);

    if (slot->head < slot->lossy_tail || slot->spilled) {
        ngx_otter_zone_unlock(zone);
        return;
    }

    all = slot->lost;
    n = slot->n_lossy;
    ngx_memcpy(lossy, slot->lossy, n * sizeof(uint64_t));

    slot->lost = 0;
    slot->n_lossy = 0;

    ngx_otter_zone_unlock(zone);

    if (all) {
        lost(0);
        return;
    }

    for (i = 0; i < n; i++) {
        lost(lossy[i]);
    }
}
