
/*
 * Copyright (C) Otter contributors
 */

/*
 * The insides of JSON strings (RFC 8259, section 7): finding their end,
 * escaping, unescaping, comparing them.
 */


#ifndef OTTER_JSON_STRING_H_INCLUDED
#define OTTER_JSON_STRING_H_INCLUDED


#include "otter_core.h"


/*
 * The first byte that cannot stand for itself in a string (a control
 * character, the quote, the reverse solidus), or last.
 */

const unsigned char *otter_json_plain(const unsigned char *p,
    const unsigned char *last);

/* the UTF-16 code unit of the escape \uXXXX at p; 0: there is none */

int otter_json_unit(const unsigned char *p, const unsigned char *last,
    uint32_t *unit);

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

/*
 * Two insides of valid JSON strings as a reader sees them, however they are
 * escaped: a number that is equal for equal ones, and the comparison (1: the
 * same).  A surrogate without its half equals only itself.
 */

uint64_t otter_json_hash(const unsigned char *data, size_t len);
int otter_json_same(const unsigned char *a, size_t alen,
    const unsigned char *b, size_t blen);


#endif /* OTTER_JSON_STRING_H_INCLUDED */
