
/*
 * Copyright (C) Otter contributors
 */

/*
 * The negotiation of permessage-deflate (RFC 7692, section 7.1).  Neither
 * side keeps a window from one message to the next: "no context takeover" in
 * both directions, so that one compressor and one decompressor serve every
 * connection of a process.
 */


#ifndef OTTER_DEFLATE_H_INCLUDED
#define OTTER_DEFLATE_H_INCLUDED


#include "otter_core.h"


enum {
    OTTER_DEFLATE_BITS_MIN = 9,        /* zlib has no raw window of 8 bits */
    OTTER_DEFLATE_BITS_MAX = 15,
    OTTER_DEFLATE_ANSWER_MAX = 128
};

typedef enum {
    OTTER_DEFLATE_NONE = 0,            /* nothing that can be accepted */
    OTTER_DEFLATE_ACCEPTED,
    OTTER_DEFLATE_MALFORMED            /* RFC 6455, section 9.1: refuse */
} otter_deflate_rc_t;

typedef struct {
    uint8_t               window_bits; /* of what the server sends, 9 to 15 */
    unsigned              told:1;      /* the client asked for this window */
} otter_deflate_t;


/*
 * Reads the value of a Sec-WebSocket-Extensions header and takes the first
 * offer that can be accepted.  Other extensions are skipped.
 */

otter_deflate_rc_t otter_deflate_offer(const unsigned char *data, size_t len,
    otter_deflate_t *deflate);

/*
 * The answer's value, up to OTTER_DEFLATE_ANSWER_MAX bytes with no zero at
 * the end; returns its length.
 */

size_t otter_deflate_answer(const otter_deflate_t *deflate,
    unsigned char *buf);


#endif /* OTTER_DEFLATE_H_INCLUDED */
