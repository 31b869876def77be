
/*
 * Copyright (C) Otter contributors
 */

/*
 * Hears which rooms of a cluster have events that wait to be fetched.  What is
 * said while nobody listens is missed: the lists of all rooms have to be
 * looked at every now and then as well.
 */


#ifndef OTTER_EVENT_LISTEN_H_INCLUDED
#define OTTER_EVENT_LISTEN_H_INCLUDED


#include "otter_redis.h"


typedef struct {
    otter_redis_conf_t    conf;
    otter_redis_t        *redis;       /* a connection of its own */
    size_t                host;
    unsigned              listens:1;
} otter_event_listen_t;

typedef void (*otter_event_listen_pt)(void *data, const char *room);


/*
 * Tells the rooms that were named since the last time; of a Redis that is no
 * cluster, none.  1: it has only begun to listen, so that rooms may have been
 * missed; 0 otherwise.
 */

unsigned otter_event_listen(otter_event_listen_t *l,
    const otter_redis_conf_t *conf, const char *prefix,
    otter_event_listen_pt hear, void *data);

void otter_event_listen_end(otter_event_listen_t *l);


#endif /* OTTER_EVENT_LISTEN_H_INCLUDED */
