
/*
 * Copyright (C) Otter contributors
 */

/*
 * What a room's own keys know of its events (docs/events.md): in a cluster the
 * list of those that wait to be fetched, and always what was told so far.
 */


#ifndef OTTER_EVENT_ROOM_H_INCLUDED
#define OTTER_EVENT_ROOM_H_INCLUDED


#include "otter_event.h"
#include "otter_redis.h"


enum {
    OTTER_EVENT_ROOM_SIZE = OTTER_ROOM_NAME_MAX + 1
};


/*
 * The room of a key <prefix>{<room>}<suffix>; 0, or -1: it is another key.
 */

int otter_event_room_of(char room[OTTER_EVENT_ROOM_SIZE], const char *prefix,
    const char *suffix, const char *key);

/*
 * Brings what waits in the room's list into its stream, in order and once,
 * however many do it at a time.  The number of events; -1: no Redis.
 */

int otter_event_fetch(otter_redis_t *redis, const char *prefix,
    const char *room);

/*
 * What was told of the room is not so any more, and there is nobody left to
 * say so: its hosts are all dead.  With "tell" the events follow.  The number
 * of peers, and the room itself, that are not there; -1: no Redis.
 */

int otter_event_stale(otter_redis_t *redis, const char *prefix,
    const char *room, int cluster, int tell);


#endif /* OTTER_EVENT_ROOM_H_INCLUDED */
