
/*
 * Copyright (C) Otter contributors
 */


#include <string.h>

#include "otter_utf8.h"


static const unsigned char *otter_utf8_ascii(const unsigned char *p,
    const unsigned char *last);
static size_t otter_utf8_character(const unsigned char *p,
    const unsigned char *last);
static void otter_utf8_lead(otter_utf8_t *u, unsigned char c);


void
otter_utf8_init(otter_utf8_t *u)
{
    u->need = 0;
    u->lower = 0x80;
    u->upper = 0xbf;
}


int
otter_utf8_feed(otter_utf8_t *u, const unsigned char *data, size_t len)
{
    size_t                n;
    otter_utf8_t          s;
    const unsigned char  *p, *last;

    if (len == 0) {
        return 1;
    }

    /* a copy: *u might alias the bytes, and would be reloaded for each */

    s = *u;
    p = data;
    last = data + len;

    while (p < last) {

        if (s.need == 0) {

            if (*p < 0x80) {
                p = otter_utf8_ascii(p, last);
                continue;
            }

            n = otter_utf8_character(p, last);

            if (n) {
                p += n;
                continue;
            }

            /* cut off or broken */

            otter_utf8_lead(&s, *p++);
            continue;
        }

        if (*p < s.lower || *p > s.upper) {

            /* bounds that no byte meets: what is broken stays broken */

            u->need = 1;
            u->lower = 0xff;
            u->upper = 0;

            return 0;
        }

        p++;
        s.need--;
        s.lower = 0x80;
        s.upper = 0xbf;
    }

    *u = s;

    return s.lower <= s.upper;
}


int
otter_utf8_done(const otter_utf8_t *u)
{
    return u->need == 0;
}


int
otter_utf8_valid(const unsigned char *data, size_t len)
{
    otter_utf8_t  u;

    otter_utf8_init(&u);

    return otter_utf8_feed(&u, data, len) && otter_utf8_done(&u);
}


/* the first byte that is not ASCII, or last; eight or sixteen at a time */

static const unsigned char *
otter_utf8_ascii(const unsigned char *p, const unsigned char *last)
{
    uint64_t  word[2];

    while (last - p >= 16) {
        memcpy(word, p, 16);

        if ((word[0] | word[1]) & 0x8080808080808080) {
            break;
        }

        p += 16;
    }

    if (last - p >= 8) {
        memcpy(word, p, 8);

        if ((word[0] & 0x8080808080808080) == 0) {
            p += 8;
        }
    }

    while (p < last && *p < 0x80) {
        p++;
    }

    return p;
}


/* the length of the character at p, of two bytes or more; 0: look closer */

static size_t
otter_utf8_character(const unsigned char *p, const unsigned char *last)
{
    uint32_t  c;

    if (last - p < 4) {
        return 0;
    }

    c = (uint32_t) p[0] << 24 | (uint32_t) p[1] << 16
        | (uint32_t) p[2] << 8 | p[3];

    if ((c & 0xe0c00000) == 0xc0800000) {
        return c >= 0xc2000000 ? 2 : 0;
    }

    if ((c & 0xf0c0c000) == 0xe0808000) {

        /* neither overlong nor a surrogate */

        return c >= 0xe0a00000 && (c & 0xffe00000) != 0xeda00000 ? 3 : 0;
    }

    if ((c & 0xf8c0c0c0) == 0xf0808080) {
        return c >= 0xf0900000 && c < 0xf4900000 ? 4 : 0;
    }

    return 0;
}


/*
 * Takes the first byte of a character of two bytes or more.  The bounds of
 * the second one shut out overlong forms, surrogates and what lies beyond
 * U+10FFFF; a byte that cannot stand first leaves bounds that nothing meets.
 */

static void
otter_utf8_lead(otter_utf8_t *u, unsigned char c)
{
    u->lower = 0x80;
    u->upper = 0xbf;

    if (c >= 0xc2 && c <= 0xdf) {
        u->need = 1;

    } else if (c >= 0xe0 && c <= 0xef) {
        u->need = 2;

        if (c == 0xe0) {
            u->lower = 0xa0;

        } else if (c == 0xed) {
            u->upper = 0x9f;
        }

    } else if (c >= 0xf0 && c <= 0xf4) {
        u->need = 3;

        if (c == 0xf0) {
            u->lower = 0x90;

        } else if (c == 0xf4) {
            u->upper = 0x8f;
        }

    } else {
        u->need = 1;
        u->lower = 0xff;
        u->upper = 0;
    }
}
