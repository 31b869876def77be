
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


#include "ngx_otter_zone.h"


typedef enum {
    NGX_OTTER_RECORD_SKIP = 0,         /* fills the ring up to its end */
    NGX_OTTER_RECORD_ROOM,             /* to all members but id */
    NGX_OTTER_RECORD_MEMBER,           /* to member id */
    NGX_OTTER_RECORD_CLOSE,            /* member id is out: code, data */
    NGX_OTTER_RECORD_CLOSE_ROOM,       /* all are out: code, data */
    NGX_OTTER_RECORD_CLAIM,            /* let go of member id's socket */
    NGX_OTTER_RECORD_RESYNC            /* all members missed something */
} ngx_otter_record_e;

/* data begins right behind the structure */

typedef struct {
    uint32_t              size;        /* in the ring; a multiple of 8 */
    uint32_t              len;         /* of data */
    uint16_t              kind;
    uint16_t              code;        /* a close code */
    uint32_t              external;    /* data is an u_char * to slab memory
                                          that the receiver frees */
    uint64_t              room;        /* serial */
    uint64_t              stamp;       /* order in the room */
    u_char                id[NGX_OTTER_ID_LEN];
    u_char                pad[4];
} ngx_otter_record_t;

/* what a worker does with a record; data is gone when it returns */

typedef void (*ngx_otter_bus_handler_pt)(ngx_otter_record_t *record,
    u_char *data);

typedef struct {
    ngx_uint_t            workers;     /* with a slot */
    ngx_uint_t            ready;       /* this worker has one */
} ngx_otter_bus_health_t;


/* in the master, before it makes workers */

ngx_int_t ngx_otter_bus_init_master(ngx_cycle_t *cycle);

/*
 * In a worker.  handler is called for each record, lost when one did not fit
 * into this worker's ring, closing when the worker is asked to leave.
 */

ngx_int_t ngx_otter_bus_init_worker(ngx_cycle_t *cycle,
    ngx_otter_zone_t *zone, ngx_otter_bus_handler_pt handler,
    void (*lost)(void), void (*closing)(void));
void ngx_otter_bus_exit_worker(void);

/* this worker's slot; NGX_OTTER_SLOT_NONE: it has none and can't take peers */

ngx_int_t ngx_otter_bus_slot(void);

void ngx_otter_bus_health(ngx_otter_zone_t *zone,
    ngx_otter_bus_health_t *health);


/* with the zone's lock held */

/*
 * Puts a record into one ring, or into the rings of every worker that holds
 * members of the room, but for "except" (NGX_OTTER_SLOT_NONE: for none), and
 * aside for the members that are away.  What does not fit is noted as lost
 * and answered by the receiver with "resync"; it never blocks.
 */

void ngx_otter_bus_push(ngx_int_t n, ngx_otter_record_t *record,
    const u_char *data);
void ngx_otter_bus_push_room(ngx_otter_room_t *room,
    ngx_otter_record_t *record, const u_char *data, ngx_int_t except);

/* 1: there is nothing in this worker's ring */

ngx_uint_t ngx_otter_bus_drained(void);

/* gives up the slots of workers that are no more */

void ngx_otter_bus_purge(void);


/* without the lock: hands every record in this worker's ring to handler */

void ngx_otter_bus_drain(void);


#endif /* NGX_OTTER_BUS_H_INCLUDED */
