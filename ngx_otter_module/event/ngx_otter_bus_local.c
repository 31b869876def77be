
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_bus.h"
#include "ngx_otter_room.h"

#include <sys/eventfd.h>


typedef struct {
    ngx_otter_zone_t          *zone;
    ngx_otter_slot_t          *slot;
    ngx_int_t                  n;              /* of the slot */
    ngx_connection_t          *connection;     /* of the slot's eventfd */
    ngx_event_t                wake;           /* posted: rings were filled */
    ngx_otter_slots_t          woken;          /* whose ones */
    ngx_uint_t                 draining;
    ngx_otter_bus_handler_pt   handler;
    void                     (*lost)(void);
    void                     (*closing)(void);
} ngx_otter_bus_local_t;


static ngx_int_t ngx_otter_bus_claim(ngx_cycle_t *cycle);
static u_char *ngx_otter_bus_ring(ngx_otter_slot_t *slot);
static ngx_int_t ngx_otter_bus_listen(ngx_cycle_t *cycle);
static void ngx_otter_bus_event_handler(ngx_event_t *ev);
static void ngx_otter_bus_wake_handler(ngx_event_t *ev);
static ngx_otter_record_t *ngx_otter_bus_reserve(ngx_otter_slot_t *slot,
    size_t size);
static void ngx_otter_bus_release(ngx_int_t n);
static void ngx_otter_bus_forget(ngx_int_t n);


/*
 * An eventfd for each slot, made once by the first master so that every
 * worker, of whichever configuration, inherits all of them.
 */

static int                    ngx_otter_bus_fds[NGX_OTTER_SLOTS];
static ngx_uint_t             ngx_otter_bus_opened;

static ngx_otter_bus_local_t  ngx_otter_bus;


ngx_int_t
ngx_otter_bus_init_master(ngx_cycle_t *cycle)
{
    ngx_uint_t  i;

    while (ngx_otter_bus_opened < NGX_OTTER_SLOTS) {
        i = ngx_otter_bus_opened;

        ngx_otter_bus_fds[i] = eventfd(0, EFD_NONBLOCK|EFD_CLOEXEC);

        if (ngx_otter_bus_fds[i] == -1) {
            ngx_log_error(NGX_LOG_EMERG, cycle->log, ngx_errno,
                          "eventfd() failed");
            return NGX_ERROR;
        }

        ngx_otter_bus_opened++;
    }

    return NGX_OK;
}


ngx_int_t
ngx_otter_bus_init_worker(ngx_cycle_t *cycle, ngx_otter_zone_t *zone,
    ngx_otter_bus_handler_pt handler, void (*lost)(void),
    void (*closing)(void))
{
    ngx_memzero(&ngx_otter_bus, sizeof(ngx_otter_bus_local_t));

    ngx_otter_bus.zone = zone;
    ngx_otter_bus.n = NGX_OTTER_SLOT_NONE;
    ngx_otter_bus.handler = handler;
    ngx_otter_bus.lost = lost;
    ngx_otter_bus.closing = closing;

    ngx_otter_bus.wake.handler = ngx_otter_bus_wake_handler;
    ngx_otter_bus.wake.log = cycle->log;

    if (ngx_otter_bus_claim(cycle) != NGX_OK) {
        ngx_log_error(NGX_LOG_ERR, cycle->log, 0,
                      "otter: no slot for this worker in \"otter_zone\", "
                      "it will refuse peers");
        return NGX_OK;
    }

    return ngx_otter_bus_listen(cycle);
}


static ngx_int_t
ngx_otter_bus_claim(ngx_cycle_t *cycle)
{
    ngx_int_t          n;
    ngx_otter_slot_t  *slot;

    ngx_otter_zone_lock(ngx_otter_bus.zone);

    ngx_otter_bus_purge();

    for (n = 0; n < NGX_OTTER_SLOTS; n++) {
        slot = &ngx_otter_bus.zone->sh->slots[n];

        if (slot->pid) {
            continue;
        }

        slot->ring = ngx_otter_bus_ring(slot);
        if (slot->ring == NULL) {
            break;
        }

        slot->head = 0;
        slot->tail = 0;
        slot->lost = 0;
        slot->notified = 0;

        ngx_memory_barrier();

        slot->pid = ngx_pid;

        ngx_otter_bus.n = n;
        ngx_otter_bus.slot = slot;

        break;
    }

    ngx_otter_zone_unlock(ngx_otter_bus.zone);

    return ngx_otter_bus.slot ? NGX_OK : NGX_ERROR;
}


static u_char *
ngx_otter_bus_ring(ngx_otter_slot_t *slot)
{
    u_char  *ring;
    size_t   size;

    for (size = NGX_OTTER_RING_SIZE; size >= NGX_OTTER_RING_MIN; size /= 2) {

        ring = ngx_slab_alloc_locked(ngx_otter_bus.zone->shpool, size);
        if (ring) {
            slot->ring_size = size;
            return ring;
        }
    }

    return NULL;
}


static ngx_int_t
ngx_otter_bus_listen(ngx_cycle_t *cycle)
{
    ngx_event_t       *rev;
    ngx_connection_t  *c;

    c = ngx_get_connection(ngx_otter_bus_fds[ngx_otter_bus.n], cycle->log);
    if (c == NULL) {
        return NGX_ERROR;
    }

    rev = c->read;
    rev->handler = ngx_otter_bus_event_handler;
    rev->log = cycle->log;
    c->write->log = cycle->log;

    /*
     * idle: the handler is called with c->close when the worker is asked to
     * leave; channel: it may stay open to the end without an alert.
     */

    c->idle = 1;
    rev->channel = 1;

    if (ngx_add_event(rev, NGX_READ_EVENT, NGX_CLEAR_EVENT) != NGX_OK) {
        ngx_free_connection(c);
        return NGX_ERROR;
    }

    ngx_otter_bus.connection = c;

    /* the fd may have been signalled for a worker that had the slot before */

    ngx_post_event(rev, &ngx_posted_events);

    return NGX_OK;
}


static void
ngx_otter_bus_event_handler(ngx_event_t *ev)
{
    ssize_t            n;
    uint64_t           count;
    ngx_connection_t  *c;

    c = ev->data;

    if (c->close) {
        c->close = 0;
        c->idle = 0;
        ngx_otter_bus.closing();
        return;
    }

    n = read(c->fd, &count, sizeof(uint64_t));

    if (n == -1 && ngx_errno != NGX_EAGAIN) {
        ngx_log_error(NGX_LOG_ALERT, ev->log, ngx_errno,
                      "read() from eventfd failed");
    }

    ngx_otter_bus_drain();
}


void
ngx_otter_bus_exit_worker(void)
{
    if (ngx_otter_bus.slot == NULL) {
        return;
    }

    ngx_otter_zone_lock(ngx_otter_bus.zone);

    ngx_otter_bus_release(ngx_otter_bus.n);

    ngx_otter_zone_unlock(ngx_otter_bus.zone);

    ngx_otter_bus.slot = NULL;
    ngx_otter_bus.n = NGX_OTTER_SLOT_NONE;

    /* members that this worker held to its very end are away now */

    ngx_otter_bus_wake_handler(&ngx_otter_bus.wake);
}


ngx_int_t
ngx_otter_bus_slot(void)
{
    return ngx_otter_bus.n;
}


void
ngx_otter_bus_health(ngx_otter_zone_t *zone, ngx_otter_bus_health_t *health)
{
    ngx_int_t  n;

    health->workers = 0;
    health->ready = (ngx_otter_bus.slot != NULL);

    for (n = 0; n < NGX_OTTER_SLOTS; n++) {
        if (zone->sh->slots[n].pid) {
            health->workers++;
        }
    }
}


void
ngx_otter_bus_push(ngx_int_t n, ngx_otter_record_t *record,
    const u_char *data)
{
    u_char              *copy;
    size_t               size;
    ngx_otter_slot_t    *slot;
    ngx_otter_record_t  *place;

    slot = &ngx_otter_bus.zone->sh->slots[n];

    copy = NULL;
    size = record->len;

    if (slot->ring && size > slot->ring_size / 8) {

        /* too large for a ring that others share: it goes beside it */

        copy = ngx_slab_alloc_locked(ngx_otter_bus.zone->shpool, size);
        size = (copy == NULL) ? slot->ring_size : sizeof(u_char *);
    }

    place = ngx_otter_bus_reserve(slot, sizeof(ngx_otter_record_t) + size);

    if (place == NULL) {

        if (copy) {
            ngx_slab_free_locked(ngx_otter_bus.zone->shpool, copy);
        }

        slot->lost = 1;
        ngx_otter_bus.zone->sh->counters.bus_full++;

    } else {
        record->size = place->size;
        record->external = (copy != NULL);

        *place = *record;

        if (copy) {
            ngx_memcpy(copy, data, record->len);
            ngx_memcpy(place + 1, &copy, sizeof(u_char *));

        } else {
            ngx_memcpy(place + 1, data, record->len);
        }

        ngx_otter_bus.zone->sh->counters.bus_messages++;

        /* the one store by which it is there */

        ngx_memory_barrier();
        slot->tail += record->size;
    }

    if (n == ngx_otter_bus.n) {

        /* the caller drains its own ring when it has let go of the lock */

        return;
    }

    ngx_otter_slots_add(&ngx_otter_bus.woken, n);

    if (!ngx_otter_bus.wake.posted) {
        ngx_post_event(&ngx_otter_bus.wake, &ngx_posted_events);
    }
}


/*
 * A record lies in one piece; where the end of the ring is too near, it is
 * filled with a record to skip.  Returns the place with "size" set.
 */

static ngx_otter_record_t *
ngx_otter_bus_reserve(ngx_otter_slot_t *slot, size_t size)
{
    size_t               left, rest, used;
    ngx_otter_record_t  *place;

    if (slot->ring == NULL) {
        return NULL;
    }

    size = ngx_align(size, 8);
    used = slot->tail - slot->head;
    rest = slot->ring_size - (slot->tail & (slot->ring_size - 1));
    left = slot->ring_size - used;

    if (size > rest) {

        if (size + rest > left) {
            return NULL;
        }

        /* rest is a multiple of 8, so size and len of a record fit */

        place = (ngx_otter_record_t *)
                    (slot->ring + (slot->tail & (slot->ring_size - 1)));

        place->size = (uint32_t) rest;

        if (rest >= offsetof(ngx_otter_record_t, code)) {
            place->kind = NGX_OTTER_RECORD_SKIP;
        }

        ngx_memory_barrier();
        slot->tail += rest;

    } else if (size > left) {
        return NULL;
    }

    place = (ngx_otter_record_t *)
                (slot->ring + (slot->tail & (slot->ring_size - 1)));
    place->size = (uint32_t) size;

    return place;
}


void
ngx_otter_bus_push_room(ngx_otter_room_t *room, ngx_otter_record_t *record,
    const u_char *data, ngx_int_t except)
{
    ngx_int_t            n;
    ngx_uint_t           i;
    uint64_t             word;
    ngx_queue_t         *q;
    ngx_otter_member_t  *m;

    record->room = room->serial;
    record->stamp = ++room->stamp;

    for (i = 0; i < NGX_OTTER_SLOT_WORDS; i++) {

        for (word = room->slots.word[i]; word; word &= word - 1) {
            n = (ngx_int_t) i * 64 + __builtin_ctzll(word);

            if (n != except) {
                ngx_otter_bus_push(n, record, data);
            }
        }
    }

    if (room->away == 0 || record->kind != NGX_OTTER_RECORD_ROOM) {
        return;
    }

    for (q = ngx_queue_head(&room->members);
         q != ngx_queue_sentinel(&room->members);
         q = ngx_queue_next(q))
    {
        m = ngx_queue_data(q, ngx_otter_member_t, queue);

        if (m->slot == NGX_OTTER_SLOT_NONE
            && ngx_memcmp(m->id, record->id, NGX_OTTER_ID_LEN) != 0)
        {
            ngx_otter_zone_hold(ngx_otter_bus.zone, m, 0, data, record->len);
        }
    }
}


ngx_uint_t
ngx_otter_bus_drained(void)
{
    ngx_otter_slot_t  *slot;

    slot = ngx_otter_bus.slot;

    return slot->head == slot->tail && !slot->lost;
}


void
ngx_otter_bus_drain(void)
{
    u_char              *data, *copy;
    ngx_uint_t           lost;
    ngx_otter_slot_t    *slot;
    ngx_otter_record_t  *record;

    slot = ngx_otter_bus.slot;

    if (slot == NULL || ngx_otter_bus.draining) {
        return;
    }

    ngx_otter_bus.draining = 1;

    /*
     * A full fence: the tail must not be read before the others can see that
     * they have to wake this worker again.
     */

    slot->notified = 0;
    __atomic_thread_fence(__ATOMIC_SEQ_CST);

    lost = slot->lost;

    while (slot->head != slot->tail) {

        ngx_memory_barrier();

        record = (ngx_otter_record_t *)
                     (slot->ring + (slot->head & (slot->ring_size - 1)));

        if (slot->ring_size - (slot->head & (slot->ring_size - 1))
            < sizeof(ngx_otter_record_t)
            || record->kind == NGX_OTTER_RECORD_SKIP)
        {
            slot->head += record->size;
            continue;
        }

        data = (u_char *) (record + 1);
        copy = NULL;

        if (record->external) {
            ngx_memcpy(&copy, data, sizeof(u_char *));
            data = copy;
        }

        ngx_otter_bus.handler(record, data);

        if (copy) {

            /* whoever cleans up after a crash must not free it again */

            record->external = 0;
            ngx_slab_free(ngx_otter_bus.zone->shpool, copy);
        }

        ngx_memory_barrier();
        slot->head += record->size;
    }

    if (lost) {
        slot->lost = 0;
        ngx_otter_bus.lost();
    }

    ngx_otter_bus.draining = 0;
}


/*
 * The rings that were filled in this turn of the loop are told at its end,
 * once each.
 */

static void
ngx_otter_bus_wake_handler(ngx_event_t *ev)
{
    ssize_t                   sent;
    uint64_t                  one, word;
    ngx_uint_t                i, n;
    ngx_otter_slot_t         *slot;

    for (i = 0; i < NGX_OTTER_SLOT_WORDS; i++) {
        word = ngx_otter_bus.woken.word[i];
        ngx_otter_bus.woken.word[i] = 0;

        for ( /* void */ ; word; word &= word - 1) {
            n = i * 64 + __builtin_ctzll(word);
            slot = &ngx_otter_bus.zone->sh->slots[n];

            if (slot->notified
                || !ngx_atomic_cmp_set(&slot->notified, 0, 1))
            {
                continue;
            }

            one = 1;
            sent = write(ngx_otter_bus_fds[n], &one, sizeof(uint64_t));

            if (sent == -1 && ngx_errno != NGX_EAGAIN) {
                ngx_log_error(NGX_LOG_ALERT, ev->log, ngx_errno,
                              "write() to eventfd failed");
            }
        }
    }
}


void
ngx_otter_bus_purge(void)
{
    ngx_int_t          n;
    ngx_otter_slot_t  *slot;

    for (n = 0; n < NGX_OTTER_SLOTS; n++) {
        slot = &ngx_otter_bus.zone->sh->slots[n];

        if (slot->pid == 0 || n == ngx_otter_bus.n) {
            continue;
        }

        if (slot->pid == ngx_pid
            || (kill(slot->pid, 0) == -1 && ngx_errno == NGX_ESRCH))
        {
            ngx_otter_bus_release(n);
        }
    }
}


/*
 * Members of the slot are away from now on.  What was on its way to them is
 * known to the ring alone, which is thrown away, so they will be told to
 * resync.
 */

static void
ngx_otter_bus_release(ngx_int_t n)
{
    ngx_otter_slot_t  *slot;

    slot = &ngx_otter_bus.zone->sh->slots[n];

    ngx_otter_bus_forget(n);

    ngx_otter_room_desert(ngx_otter_bus.zone, n);

    ngx_slab_free_locked(ngx_otter_bus.zone->shpool, slot->ring);
    slot->ring = NULL;
    slot->ring_size = 0;

    slot->pid = 0;
}


/* frees what lies beside the ring */

static void
ngx_otter_bus_forget(ngx_int_t n)
{
    u_char              *copy;
    ngx_otter_slot_t    *slot;
    ngx_otter_record_t  *record;

    slot = &ngx_otter_bus.zone->sh->slots[n];

    while (slot->head != slot->tail) {
        record = (ngx_otter_record_t *)
                     (slot->ring + (slot->head & (slot->ring_size - 1)));

        if (slot->ring_size - (slot->head & (slot->ring_size - 1))
            >= sizeof(ngx_otter_record_t)
            && record->kind != NGX_OTTER_RECORD_SKIP && record->external)
        {
            ngx_memcpy(&copy, record + 1, sizeof(u_char *));
            ngx_slab_free_locked(ngx_otter_bus.zone->shpool, copy);
        }

        slot->head += record->size;
    }
}
