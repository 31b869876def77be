
/*
 * Copyright (C) Otter contributors
 */

/*
 * Events of rooms as nginx puts them into Redis (docs/events.md): a stream for
 * each of so many shards, all events of a room in one, in their order.
 */


#ifndef OTTER_EVENT_H_INCLUDED
#define OTTER_EVENT_H_INCLUDED


#include <hiredis/hiredis.h>
#include <jansson.h>
#include <stdint.h>

#include "otter_core.h"


enum {
    OTTER_EVENT_SHARDS = 16,
    OTTER_EVENT_PREFIX_MAX = 64,
    OTTER_EVENT_KEY_SIZE = 512,
    OTTER_EVENT_TIME_SIZE = 25         /* 2026-01-31T23:59:59.123Z */
};

/* what an entry says; it points into the reply */

typedef struct {
    const char    *id;                 /* of the entry */
    const char    *type;               /* "peer.joined" */
    const char    *room;
    const char    *peer;               /* PEER as JSON; or empty */
    const char    *key;                /* id of the API key; or empty */
    const char    *reason;
    const char    *meta;               /* of the room, as JSON; or empty */
    int64_t        n;                  /* grows by one with each of a room */
    int64_t        time;               /* milliseconds since 1970 */
    int64_t        opened;             /* the same */
    int64_t        peers;              /* in the room, afterwards */
    int64_t        max;
    int64_t        expires;            /* seconds since 1970; 0: never */
    unsigned       locked:1;
    unsigned       lobby:1;
    unsigned       relay_only:1;
} otter_event_t;


/* the shard of a room: of the first 16 bits of the SHA-1 of its name */

unsigned otter_event_shard(const char *room);

/* the name of a shard's stream: <prefix>{events:<shard>}<suffix> */

void otter_event_key(char key[OTTER_EVENT_KEY_SIZE], const char *prefix,
    unsigned shard, const char *suffix);

/* one entry of XRANGE or XREADGROUP: [id, [name, value, ...]]; 0, or -1 */

int otter_event_read(otter_event_t *event, const redisReply *entry);

/*
 * The event's "data": {"room":ROOM,"sequence":n} with "peer", "key",
 * "reason" and, of who left, "duration" in seconds.  NULL: no memory, or a
 * PEER that is none.
 */

json_t *otter_event_data(const otter_event_t *event);

/* seconds that the peer was in the room; -1: not known */

int64_t otter_event_duration(const otter_event_t *event, const json_t *peer);

/* RFC 3339, with milliseconds and a zero behind */

void otter_event_time(char text[OTTER_EVENT_TIME_SIZE], int64_t ms);

/* 1: a filter takes the type: "*", "peer.*", "peer.joined" */

int otter_event_matches(const char *filter, const char *type);


#endif /* OTTER_EVENT_H_INCLUDED */
