
/*
 * Copyright (C) Otter contributors
 */


#ifndef OTTER_TIME_H_INCLUDED
#define OTTER_TIME_H_INCLUDED


#include "otter_core.h"


enum {
    OTTER_TIME_SIZE = 20               /* 2026-01-31T23:59:59Z, no zero */
};


/* seconds since the epoch, as RFC 3339 in UTC; years 0 to 9999 */

void otter_time_format(unsigned char *dst, int64_t seconds);

/* reads just that form; -1 if it is another or no such date */

int64_t otter_time_parse(const unsigned char *data, size_t len);


#endif /* OTTER_TIME_H_INCLUDED */
