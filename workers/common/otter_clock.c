
/*
 * Copyright (C) Otter contributors
 */


#include <time.h>

#include "otter_clock.h"
#include "otter_random.h"


static int64_t otter_clock_get(clockid_t clock);


int64_t
otter_clock(void)
{
    return otter_clock_get(CLOCK_MONOTONIC);
}


int64_t
otter_clock_wall(void)
{
    return otter_clock_get(CLOCK_REALTIME);
}


static int64_t
otter_clock_get(clockid_t clock)
{
    struct timespec  ts;

    (void) clock_gettime(clock, &ts);

    return (int64_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}


int64_t
otter_clock_backoff(int64_t base, int64_t cap, unsigned attempt)
{
    int64_t  most;

    for (most = base; attempt && most < cap; attempt--) {
        most = most > cap / 2 ? cap : most * 2;
    }

    return otter_clock_jitter(most < cap ? most : cap);
}


int64_t
otter_clock_jitter(int64_t most)
{
    uint64_t  n;

    if (most <= 0
        || otter_random_bytes((unsigned char *) &n, sizeof(n)) != 0)
    {
        return most > 0 ? most : 0;
    }

    return (int64_t) (n % ((uint64_t) most + 1));
}
