
/*
 * Copyright (C) Otter contributors
 */

/*
 * Asks each STUN and TURN server, every few seconds, for what browsers ask it
 * for: an allocation, or a binding where there is nothing to relay.  A server
 * is failing after two attempts that failed, until one succeeds.
 */


#ifndef OTTER_TURN_PROBER_H_INCLUDED
#define OTTER_TURN_PROBER_H_INCLUDED


#include "otter_turn_conf.h"


/* the user of these allocations, so that nobody is charged for them */

#define OTTER_TURN_PROBER_USER  "otter-turn"


typedef struct otter_turn_prober_s  otter_turn_prober_t;


/* a thread for each URI; NULL: no memory, or no threads */

otter_turn_prober_t *otter_turn_prober_start(const otter_turn_conf_t *conf);

/* waits for the attempts that are under way */

void otter_turn_prober_stop(otter_turn_prober_t *prober);

/* what signs credentials from now on; without one there are none */

void otter_turn_prober_secret(otter_turn_prober_t *prober,
    const char *secret);

/*
 * What was found so far.  Returns the number of servers, and in *changed how
 * often one began to fail or came back.
 */

size_t otter_turn_prober_health(otter_turn_prober_t *prober,
    otter_turn_health_t servers[OTTER_TURN_HEALTH_MAX], unsigned *changed);


#endif /* OTTER_TURN_PROBER_H_INCLUDED */
