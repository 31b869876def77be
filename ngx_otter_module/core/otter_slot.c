
/*
 * Copyright (C) Otter contributors
 */


#include "otter_slot.h"

#include <string.h>


static unsigned otter_crc16(const unsigned char *p,
    const unsigned char *last);


unsigned
otter_slot(const unsigned char *key, size_t len)
{
    const unsigned char  *open, *close, *last;

    last = key + len;
    open = len ? memchr(key, '{', len) : NULL;

    if (open) {
        close = memchr(open + 1, '}', (size_t) (last - open - 1));

        /* an empty tag is none */

        if (close && close > open + 1) {
            key = open + 1;
            last = close;
        }
    }

    return otter_crc16(key, last) % OTTER_SLOTS;
}


/* four bits at a time: the table fits a cache line */

static unsigned
otter_crc16(const unsigned char *p, const unsigned char *last)
{
    unsigned  crc;

    static const uint16_t  table[16] = {
        0x0000, 0x1021, 0x2042, 0x3063, 0x4084, 0x50a5, 0x60c6, 0x70e7,
        0x8108, 0x9129, 0xa14a, 0xb16b, 0xc18c, 0xd1ad, 0xe1ce, 0xf1ef
    };

    crc = 0;

    for ( /* void */ ; p < last; p++) {
        crc = (crc << 4 & 0xffff) ^ table[crc >> 12 ^ *p >> 4];
        crc = (crc << 4 & 0xffff) ^ table[crc >> 12 ^ (*p & 15)];
    }

    return crc;
}
