
/*
 * Copyright (C) Otter contributors
 */

/*
 * The bus: how a message reaches the workers that hold a room's members.  A
 * worker has a slot in the zone with a ring of records.  Whoever holds the
 * zone's lock puts records into rings; since who is where is looked up under
 * the same lock, every worker sees the records of a room in one order, and a
 * record never arrives where its receiver no longer is.
 */


#ifndef NGX_OTTER_BUS_H_INCLUDED
#define NGX_OTTER_BUS_H_INCLUDED


#include "ngx_otter_ring.h"


/* what a worker is told of */

typedef struct {

    /* a record for it */

    ngx_otter_record_handler_pt    record;

    /* one did not get here: sessions of the room (0: all of them) resync */

    ngx_otter_lost_handler_pt      lost;

    /* there may be place again where ngx_otter_bus_admit() found none */

    void                         (*space)(void);

    /* it is asked to leave */

    void                         (*closing)(void);
} ngx_otter_bus_handlers_t;

/* a message that was not admitted */

typedef struct {
    ngx_int_t             n;           /* the slot */
    uint64_t              room;        /* serial */
    size_t                len;
    ngx_uint_t            now;         /* it has waited long enough; in */
} ngx_otter_bus_wait_t;

typedef struct {
    ngx_uint_t            workers;     /* with a slot */
    ngx_uint_t            ready;       /* this worker has one */
} ngx_otter_bus_health_t;


/* in the master, before it makes workers */

ngx_int_t ngx_otter_bus_init_master(ngx_cycle_t *cycle);

/* in a worker */

ngx_int_t ngx_otter_bus_init_worker(ngx_cycle_t *cycle,
    ngx_otter_zone_t *zone, const ngx_otter_bus_handlers_t *handlers);
void ngx_otter_bus_exit_worker(void);

/* this worker's slot; NGX_OTTER_SLOT_NONE: it has none and can't take peers */

ngx_int_t ngx_otter_bus_slot(void);

void ngx_otter_bus_health(ngx_otter_zone_t *zone,
    ngx_otter_bus_health_t *health);


/* with the zone's lock held */

/*
 * Before a message of a peer is pushed: is there place for it in the ring of
 * slot n, or in those of all workers that hold members of the room but for
 * "except"?  NGX_AGAIN: not now; "space" will be called, and "wait" tells
 * what for.  With wait->now set the answer is always NGX_OK; where there is
 * no place, the room is given up until its sessions there have resynced.
 */

ngx_int_t ngx_otter_bus_admit(ngx_int_t n, ngx_otter_room_t *room, size_t len,
    ngx_otter_bus_wait_t *wait);
ngx_int_t ngx_otter_bus_admit_room(ngx_otter_room_t *room, size_t len,
    ngx_int_t except, ngx_otter_bus_wait_t *wait);

/*
 * Puts a record into one ring, or into the rings of every worker that holds
 * members of the room, but for "except" (NGX_OTTER_SLOT_NONE: for none), and
 * aside for the members that are away.  It never blocks; what does not fit
 * waits beside the ring, or is answered by the receivers with "resync".
 */

void ngx_otter_bus_push(ngx_int_t n, ngx_otter_record_t *record,
    const u_char *data);
void ngx_otter_bus_hold(ngx_otter_member_t *m, const u_char *data,
    size_t len);
void ngx_otter_bus_push_room(ngx_otter_room_t *room,
    ngx_otter_record_t *record, const u_char *data, ngx_int_t except);

/* 1: there is nothing on its way to this worker */

ngx_uint_t ngx_otter_bus_drained(void);

/* gives up the slots of workers that are no more */

void ngx_otter_bus_purge(void);


/* without the lock: hands on every record that is there for this worker */

void ngx_otter_bus_drain(void);

/* without the lock: does it seem that there is place now? */

ngx_uint_t ngx_otter_bus_takes(const ngx_otter_bus_wait_t *wait);


#endif /* NGX_OTTER_BUS_H_INCLUDED */
