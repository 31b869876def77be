
/*
 * Copyright (C) Otter contributors
 */

/*
 * base64url without padding (RFC 4648, section 5; RFC 7515, section 2), read
 * in its canonical form only: one text for one value.
 */


#ifndef OTTER_BASE64URL_H_INCLUDED
#define OTTER_BASE64URL_H_INCLUDED


#include "otter_core.h"


/* the size of len bytes when encoded; no terminating zero */

size_t otter_base64url_size(size_t len);

/* writes otter_base64url_size(len) characters, returns the one after */

unsigned char *otter_base64url_encode(unsigned char *dst,
    const unsigned char *src, size_t len);

/*
 * Decodes into dst, which has room for cap bytes.  Returns the length, or -1
 * if it does not fit, holds a character of another alphabet (also padding),
 * or its last character has bits that mean nothing and are not zero.
 */

int64_t otter_base64url_decode(unsigned char *dst, size_t cap,
    const unsigned char *src, size_t len);


#endif /* OTTER_BASE64URL_H_INCLUDED */
