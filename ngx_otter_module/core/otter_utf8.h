
/*
 * Copyright (C) Otter contributors
 */

/*
 * UTF-8 (RFC 3629) checked piecewise, failing at the first byte that no
 * continuation could mend.
 */


#ifndef OTTER_UTF8_H_INCLUDED
#define OTTER_UTF8_H_INCLUDED


#include "otter_core.h"


typedef struct {
    uint8_t               need;        /* continuation bytes still due */
    uint8_t               lower;       /* bounds of the next one */
    uint8_t               upper;
} otter_utf8_t;


void otter_utf8_init(otter_utf8_t *u);

/* 1: sound so far (perhaps in the midst of a character), 0: broken */

int otter_utf8_feed(otter_utf8_t *u, const unsigned char *data, size_t len);

/* 1: not in the midst of a character */

int otter_utf8_done(const otter_utf8_t *u);

int otter_utf8_valid(const unsigned char *data, size_t len);


#endif /* OTTER_UTF8_H_INCLUDED */
