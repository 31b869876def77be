
/*
 * Copyright (C) Otter contributors
 */

/*
 * Bytes relayed: what coturn reports of its allocations, added up for keys and
 * days, rooms and peers.  Every otter-turn hears the reports; the one that has
 * the lease counts them.  What nobody heard is in the total that coturn tells
 * when an allocation ends.
 */


#ifndef OTTER_TURN_TRAFFIC_H_INCLUDED
#define OTTER_TURN_TRAFFIC_H_INCLUDED


#include "otter_turn_conf.h"
#include "otter_turn_secrets.h"


typedef struct otter_turn_traffic_s  otter_turn_traffic_t;


/* NULL with a sentence in error */

otter_turn_traffic_t *otter_turn_traffic_create(
    const otter_turn_conf_t *conf, char error[OTTER_REDIS_ERROR_SIZE]);
void otter_turn_traffic_free(otter_turn_traffic_t *traffic);

/*
 * Hears reports for so many milliseconds.  It returns at once when there is no
 * connection to hear them by.  The secrets tell whose they are.
 */

int otter_turn_traffic_hear(otter_turn_traffic_t *traffic, int64_t ms,
    const otter_turn_secrets_t *secrets);

/* counts what was heard, if this one has or gets the lease: each second */

void otter_turn_traffic_count(otter_turn_traffic_t *traffic,
    otter_redis_t *redis);

/* 1: this one counts, and publishes what it finds at the servers */

unsigned otter_turn_traffic_leads(const otter_turn_traffic_t *traffic);

/* lets go of the lease, so that another takes over at once */

void otter_turn_traffic_leave(otter_turn_traffic_t *traffic,
    otter_redis_t *redis);


#endif /* OTTER_TURN_TRAFFIC_H_INCLUDED */
