
/*
 * Copyright (C) Otter contributors
 */

/* Time in milliseconds, and how long to wait before the next attempt. */


#ifndef OTTER_CLOCK_H_INCLUDED
#define OTTER_CLOCK_H_INCLUDED


#include <stdint.h>


/* it never jumps, and says nothing about the time of day */

int64_t otter_clock(void);

/* since 1970 */

int64_t otter_clock_wall(void);

/*
 * Exponential, with full jitter: between 0 and base * 2^attempt, which is at
 * most cap.  attempt counts from 0.
 */

int64_t otter_clock_backoff(int64_t base, int64_t cap, unsigned attempt);

/* evenly between 0 and most */

int64_t otter_clock_jitter(int64_t most);


#endif /* OTTER_CLOCK_H_INCLUDED */
