
/*
 * Copyright (C) Otter contributors
 */

/*
 * JSON text (RFC 8259) looked at without a tree: a validating scanner.
 * Trees are jansson's business.
 */


#ifndef OTTER_JSON_H_INCLUDED
#define OTTER_JSON_H_INCLUDED


#include "otter_core.h"
#include "otter_json_string.h"


enum {
    OTTER_JSON_DEPTH_MAX = 32
};


/*
 * Scans one value that starts at p (no white space before it) and returns
 * the byte after it, or NULL if it is not valid JSON or nests deeper than
 * depth levels, or 64.  Strings must be valid UTF-8 already.
 */

const unsigned char *otter_json_value(const unsigned char *p,
    const unsigned char *last, unsigned depth);

const unsigned char *otter_json_space(const unsigned char *p,
    const unsigned char *last);

/* 1: the whole text is one valid JSON value within OTTER_JSON_DEPTH_MAX */

int otter_json_valid(const unsigned char *data, size_t len);


#endif /* OTTER_JSON_H_INCLUDED */
