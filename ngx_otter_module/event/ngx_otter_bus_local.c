
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_bus.h"
#include "ngx_otter_inherit.h"
#include "ngx_otter_room.h"

#include <sys/eventfd.h>


typedef struct {
    ngx_otter_zone_t                *zone;
    ngx_otter_slot_t                *slot;
    ngx_int_t                        n;        /* of the slot */
    ngx_connection_t                *connection;   /* of its eventfd */
    ngx_event_t                      wake;     /* posted: for the end of */
    ngx_otter_slots_t                woken;    /* the turn; whom to wake */
    ngx_uint_t                       draining;
    const ngx_otter_bus_handlers_t  *handlers;
} ngx_otter_bus_local_t;


static ngx_int_t ngx_otter_bus_claim(ngx_cycle_t *cycle);
static ngx_int_t ngx_otter_bus_listen(ngx_cycle_t *cycle);
static void ngx_otter_bus_event_handler(ngx_event_t *ev);
static void ngx_otter_bus_wake_handler(ngx_event_t *ev);
static void ngx_otter_bus_wake(ngx_int_t n);
static void ngx_otter_bus_wake_waiting(ngx_otter_slot_t *slot);
static void ngx_otter_bus_release(ngx_int_t n);


/*
 * An eventfd for each slot, made once by the first master so that every
 * worker, of whichever configuration and binary, inherits all of them.
 */

static int                    ngx_otter_bus_fds[NGX_OTTER_SLOTS];
static ngx_uint_t             ngx_otter_bus_opened;

static ngx_otter_bus_local_t  ngx_otter_bus;


ngx_int_t
ngx_otter_bus_init_master(ngx_cycle_t *cycle)
{
    ngx_uint_t  i;

    if (ngx_otter_bus_opened == 0) {
        ngx_otter_bus_opened = ngx_otter_inherit_events(ngx_otter_bus_fds,
                                                        NGX_OTTER_SLOTS);
    }

    while (ngx_otter_bus_opened < NGX_OTTER_SLOTS) {
        i = ngx_otter_bus_opened;

        ngx_otter_bus_fds[i] = eventfd(0, EFD_NONBLOCK);

        if (ngx_otter_bus_fds[i] == -1) {
            ngx_log_error(NGX_LOG_EMERG, cycle->log, ngx_errno,
                          "eventfd() failed");
            return NGX_ERROR;
        }

        ngx_otter_bus_opened++;
    }

    return ngx_otter_inherit_pass(cycle, ngx_otter_bus_fds, NGX_OTTER_SLOTS);
}


ngx_int_t
ngx_otter_bus_init_worker(ngx_cycle_t *cycle, ngx_otter_zone_t *zone,
    const ngx_otter_bus_handlers_t *handlers)
{
    ngx_memzero(&ngx_otter_bus, sizeof(ngx_otter_bus_local_t));

    ngx_otter_bus.zone = zone;
    ngx_otter_bus.n = NGX_OTTER_SLOT_NONE;
    ngx_otter_bus.handlers = handlers;

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

        if (ngx_otter_ring_create(ngx_otter_bus.zone, slot) != NGX_OK) {
            break;
        }

        slot->notified = 0;
        slot->waited = 0;
        ngx_memzero(&slot->waiting, sizeof(ngx_otter_slots_t));
        slot->leaving = 0;

        if (slot->stats == NULL) {
            slot->stats = ngx_slab_calloc_locked(ngx_otter_bus.zone->shpool,
                                                 sizeof(ngx_otter_stats_t));
        }

        ngx_otter_stats_use(slot->stats);

        ngx_memory_barrier();

        slot->pid = ngx_pid;

        ngx_otter_bus.n = n;
        ngx_otter_bus.slot = slot;

        break;
    }

    ngx_otter_zone_unlock(ngx_otter_bus.zone);

    return ngx_otter_bus.slot ? NGX_OK : NGX_ERROR;
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
        ngx_otter_bus.slot->leaving = 1;
        ngx_otter_bus.handlers->closing();
        return;
    }

    n = read(c->fd, &count, sizeof(uint64_t));

    if (n == -1 && ngx_errno != NGX_EAGAIN) {
        ngx_log_error(NGX_LOG_ALERT, ev->log, ngx_errno,
                      "read() from eventfd failed");
    }

    ngx_otter_bus_drain();

    ngx_otter_bus.handlers->space();
}


void
ngx_otter_bus_exit_worker(void)
{
    if (ngx_otter_bus.slot == NULL) {
        return;
    }

    ngx_otter_zone_lock(ngx_otter_bus.zone);

    ngx_otter_bus_release(ngx_otter_bus.n);
    ngx_otter_stats_use(NULL);

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
    ngx_otter_ring_put(ngx_otter_bus.zone, &ngx_otter_bus.zone->sh->slots[n],
                       record, data);

    /* the caller drains its own ring when it has let go of the lock */

    if (n != ngx_otter_bus.n) {
        ngx_otter_bus_wake(n);
    }
}


ngx_uint_t
ngx_otter_bus_takes(const ngx_otter_bus_wait_t *wait)
{
    return ngx_otter_ring_takes(ngx_otter_bus.zone,
                                &ngx_otter_bus.zone->sh->slots[wait->n],
                                wait->room, wait->len);
}


ngx_int_t
ngx_otter_bus_admit(ngx_int_t n, ngx_otter_room_t *room, size_t len,
    ngx_otter_bus_wait_t *wait)
{
    ngx_otter_slot_t  *slot;

    wait->n = n;
    wait->room = room->serial;
    wait->len = len;

    if (ngx_otter_bus_takes(wait)) {
        return NGX_OK;
    }

    slot = &ngx_otter_bus.zone->sh->slots[n];

    if (wait->now || ngx_otter_bus.slot == NULL) {
        ngx_otter_ring_lose(slot, room->serial);
        ngx_otter_bus_wake(n);
        return NGX_OK;
    }

    ngx_otter_slots_add(&slot->waiting, ngx_otter_bus.n);
    slot->waited = 1;

    /*
     * A full fence, as there is one in the worker that drains: it sees that
     * somebody waits, or what it took out is seen here.
     */

    __atomic_thread_fence(__ATOMIC_SEQ_CST);

    if (ngx_otter_bus_takes(wait)) {
        return NGX_OK;
    }

    ngx_otter_stats->bus_waits++;

    return NGX_AGAIN;
}


ngx_int_t
ngx_otter_bus_admit_room(ngx_otter_room_t *room, size_t len, ngx_int_t except,
    ngx_otter_bus_wait_t *wait)
{
    ngx_int_t   n;
    ngx_uint_t  i;
    uint64_t    word;

    for (i = 0; i < NGX_OTTER_SLOT_WORDS; i++) {

        for (word = room->slots.word[i]; word; word &= word - 1) {
            n = (ngx_int_t) i * 64 + __builtin_ctzll(word);

            if (n != except
                && ngx_otter_bus_admit(n, room, len, wait) != NGX_OK)
            {
                return NGX_AGAIN;
            }
        }
    }

    return NGX_OK;
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

        if (m->slot == NGX_OTTER_SLOT_NONE && !m->waiting
            && ngx_memcmp(m->id, record->id, NGX_OTTER_ID_LEN) != 0)
        {
            ngx_otter_zone_hold(ngx_otter_bus.zone, m, 0, data, record->len);
        }
    }
}


void
ngx_otter_bus_hold(ngx_otter_member_t *m, const u_char *data, size_t len)
{
    (void) ngx_otter_zone_hold(ngx_otter_bus.zone, m, 0, data, len);
}


ngx_uint_t
ngx_otter_bus_drained(void)
{
    return ngx_otter_ring_empty(ngx_otter_bus.slot);
}


void
ngx_otter_bus_drain(void)
{
    ngx_otter_slot_t  *slot;

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

    ngx_otter_stats->ring_peak = ngx_max(ngx_otter_stats->ring_peak,
                                         slot->tail - slot->head);

    ngx_otter_ring_drain(ngx_otter_bus.zone, slot,
                         ngx_otter_bus.handlers->record,
                         ngx_otter_bus.handlers->lost);

    __atomic_thread_fence(__ATOMIC_SEQ_CST);

    if (slot->waited) {
        ngx_otter_bus_wake_waiting(slot);
    }

    if (!ngx_otter_ring_empty(slot)) {

        /* what came meanwhile, after others have had their turn */

        ngx_post_event(ngx_otter_bus.connection->read,
                       &ngx_posted_next_events);
    }

    ngx_otter_bus.draining = 0;
}


static void
ngx_otter_bus_wake_waiting(ngx_otter_slot_t *slot)
{
    ngx_uint_t  i;

    ngx_otter_zone_lock(ngx_otter_bus.zone);

    for (i = 0; i < NGX_OTTER_SLOT_WORDS; i++) {
        ngx_otter_bus.woken.word[i] |= slot->waiting.word[i];
        slot->waiting.word[i] = 0;
    }

    slot->waited = 0;

    ngx_otter_zone_unlock(ngx_otter_bus.zone);

    if (!ngx_otter_bus.wake.posted) {
        ngx_post_event(&ngx_otter_bus.wake, &ngx_posted_events);
    }
}


static void
ngx_otter_bus_wake(ngx_int_t n)
{
    ngx_otter_slots_add(&ngx_otter_bus.woken, n);

    if (!ngx_otter_bus.wake.posted) {
        ngx_post_event(&ngx_otter_bus.wake, &ngx_posted_events);
    }
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

    ngx_otter_room_desert(ngx_otter_bus.zone, n);

    ngx_otter_ring_destroy(ngx_otter_bus.zone, slot);

    slot->pid = 0;
}
