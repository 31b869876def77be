
/*
 * Copyright (C) Otter contributors
 */

/*
 * Tells nginx how the TURN servers are: in Redis, and in a file for a host
 * without one.  What is told ends by itself, so that a dead otter-turn leaves
 * no server out.
 */


#ifndef OTTER_TURN_PUBLISH_H_INCLUDED
#define OTTER_TURN_PUBLISH_H_INCLUDED


#include "otter_turn_prober.h"


/* redis NULL: into the file alone; 0, or -1 when some of it failed */

int otter_turn_publish(const otter_turn_conf_t *conf, otter_redis_t *redis,
    const otter_turn_health_t *servers, size_t n);


#endif /* OTTER_TURN_PUBLISH_H_INCLUDED */
