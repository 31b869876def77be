
/*
 * Copyright (C) Otter contributors
 */

/*
 * What otter-turn found at the STUN and TURN servers: a text of few lines, in
 * Redis or in a file, which nginx reads.
 *
 *     otter-turn 1 <seconds since 1970 until which it holds>
 *     ok <since, seconds since 1970> <round trip, ms> <URI>
 *     failing <since> 0 <URI>
 */


#ifndef OTTER_TURN_HEALTH_H_INCLUDED
#define OTTER_TURN_HEALTH_H_INCLUDED


#include "otter_core.h"


enum {
    OTTER_TURN_HEALTH_MAX = 64,        /* URIs */
    OTTER_TURN_HEALTH_SIZE = 32 * 1024
};

typedef struct {
    otter_span_t   uri;
    int64_t        since;
    int64_t        rtt;
    unsigned       failing:1;
} otter_turn_health_t;


/*
 * Reads the text, to which the URIs then point.  Returns their number, and
 * until when it holds; -1: it is no such text from head to tail, or longer
 * than OTTER_TURN_HEALTH_SIZE.
 */

int otter_turn_health_parse(
    otter_turn_health_t servers[OTTER_TURN_HEALTH_MAX], int64_t *until,
    const unsigned char *text, size_t len);

/*
 * Writes it; returns the length, 0: it does not fit.
 */

size_t otter_turn_health_print(unsigned char *dst, size_t size,
    const otter_turn_health_t *servers, size_t n, int64_t until);


#endif /* OTTER_TURN_HEALTH_H_INCLUDED */
