
/*
 * Copyright (C) Otter contributors
 */

/*
 * What is on its way to one worker: a ring of records in the zone, and what
 * did not fit into it, which waits in memory of the zone beside it.  Whoever
 * holds the zone's lock puts records in; the worker takes them out without
 * the lock.
 *
 * All rooms share a ring, and none may take it from the others: each has a
 * budget of bytes on their way.  A message of a peer is put in only where it
 * fits, else its sender waits.  What can't wait goes beside the ring up to a
 * limit; over it the room, and no other, is told to resync.
 */


#ifndef NGX_OTTER_RING_H_INCLUDED
#define NGX_OTTER_RING_H_INCLUDED


#include "ngx_otter_zone.h"


typedef enum {
    NGX_OTTER_RECORD_SKIP = 0,         /* fills the ring up to its end */
    NGX_OTTER_RECORD_ROOM,             /* to all members but id */
    NGX_OTTER_RECORD_MEMBER,           /* to member id */
    NGX_OTTER_RECORD_CLOSE,            /* member id is out: code, data */
    NGX_OTTER_RECORD_CLOSE_ROOM,       /* all are out: code, data */
    NGX_OTTER_RECORD_CLAIM,            /* let go of member id's socket */
    NGX_OTTER_RECORD_RESYNC,           /* all members missed something */
    NGX_OTTER_RECORD_ADMIT             /* member id comes in from the lobby:
                                          data is what it finds there */
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
    uint64_t              born;        /* see ngx_otter_stats_born */
    u_char                id[NGX_OTTER_ID_LEN];
    u_char                pad[4];
} ngx_otter_record_t;

/* what a worker does with a record; data is gone when it returns */

typedef void (*ngx_otter_record_handler_pt)(ngx_otter_record_t *record,
    u_char *data);

/* something for that room's sessions was lost; 0: nobody knows for whom */

typedef void (*ngx_otter_lost_handler_pt)(uint64_t room);


/* with the lock held */

ngx_int_t ngx_otter_ring_create(ngx_otter_zone_t *zone,
    ngx_otter_slot_t *slot);
void ngx_otter_ring_destroy(ngx_otter_zone_t *zone, ngx_otter_slot_t *slot);

void ngx_otter_ring_put(ngx_otter_zone_t *zone, ngx_otter_slot_t *slot,
    const ngx_otter_record_t *record, const u_char *data);

/* from now on nothing of the room gets there, until its sessions resync */

void ngx_otter_ring_lose(ngx_otter_slot_t *slot, uint64_t room);

/* 1: nothing is on its way; with the lock it stays so */

ngx_uint_t ngx_otter_ring_empty(ngx_otter_slot_t *slot);


/*
 * Would a message of that many bytes fit, now and within the budget of its
 * room?  With the lock the answer holds until it is let go of.
 */

ngx_uint_t ngx_otter_ring_takes(ngx_otter_zone_t *zone,
    ngx_otter_slot_t *slot, uint64_t room, size_t len);

/*
 * By the worker, without the lock: hands on what is there when it is called,
 * though not what comes meanwhile.
 */

void ngx_otter_ring_drain(ngx_otter_zone_t *zone, ngx_otter_slot_t *slot,
    ngx_otter_record_handler_pt handler, ngx_otter_lost_handler_pt lost);


#endif /* NGX_OTTER_RING_H_INCLUDED */
