
/*
 * Copyright (C) Otter contributors
 */

/*
 * JSON text (RFC 8259) looked at and written without a tree: a validating
 * scanner, string escaping and unescaping.  Trees are jansson's business.
 */


#ifndef OTTER_JSON_H_INCLUDED
#define OTTER_JSON_H_INCLUDED


#include "otter_core.h"


enum {
    OTTER_JSON_DEPTH_MAX = 32
};


/*
 * Scans one value that starts at p (no white space before it) and returns
 * the byte after it, or NULL if it is not valid JSON or nests deeper than
 * depth levels.  Strings must be valid UTF-8 already.
 */

const unsigned char *otter_json_value(const unsigned char *p,
    const unsigned char *last, unsigned depth);

const unsigned char *otter_json_space(const unsigned char *p,
    const unsigned char *last);

/* 1: the whole text is one valid JSON value within OTTER_JSON_DEPTH_MAX */

int otter_json_valid(const unsigned char *data, size_t len);

/*
 * The size of data as the inside of a JSON string (no quotes), and the
 * writing of it; data is UTF-8.  Control characters, the quote, the reverse
 * solidus are escaped.  Returns the byte after the last one written.
 */

size_t otter_json_escaped_size(const unsigned char *data, size_t len);
unsigned char *otter_json_escape(unsigned char *dst,
    const unsigned char *data, size_t len);

/*
 * Decodes the inside of a valid JSON string (no quotes) into dst, which has
 * room for cap bytes.  Returns the length, or -1 if it does not fit or holds
 * a surrogate without its half.  A result is never longer than its source.
 */

int64_t otter_json_unescape(unsigned char *dst, size_t cap,
    const unsigned char *data, size_t len);


#endif /* OTTER_JSON_H_INCLUDED */
