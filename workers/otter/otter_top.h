
/*
 * Copyright (C) Otter contributors
 */

/*
 * The parts of "otter top": what is shown, and how.
 */


#ifndef OTTER_TOP_H_INCLUDED
#define OTTER_TOP_H_INCLUDED


#include <jansson.h>


enum {
    OTTER_TOP_WIDTH_MAX = 512
};


/*
 * From two answers of otter_status, so many seconds apart: totals, rates and
 * the quantiles of relaying in between.  rooms is a list of them or NULL.
 */

json_t *otter_top_view(const json_t *before, const json_t *after,
    double seconds, const json_t *rooms);

/* draws it into a page of that size, without its last newline; 0: no limit */

void otter_top_draw(const json_t *view, const char *where, size_t rows,
    size_t columns);


#endif /* OTTER_TOP_H_INCLUDED */
