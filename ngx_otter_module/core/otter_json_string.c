
/*
 * Copyright (C) Otter contributors
 */


#include <string.h>

#include "otter_json_string.h"


static uint64_t otter_json_load(const unsigned char *p);
static unsigned char otter_json_letter(unsigned char c);
static uint32_t otter_json_character(const unsigned char **pos,
    const unsigned char *last);
static const unsigned char *otter_json_read_escape(const unsigned char *p,
    const unsigned char *last, uint32_t *code);
static size_t otter_json_encode(unsigned char bytes[4], uint32_t code);


/*
 * Eight bytes at a time: a byte borrows from the high bit of its own place
 * if it is the quote or the reverse solidus (made zero by the xor) or less
 * than 0x20.  Behind such a byte others may seem to be so; the lowest is
 * sure, and it is the first one.
 */

const unsigned char *
otter_json_plain(const unsigned char *p, const unsigned char *last)
{
    uint64_t  word, quote, solidus, found;

    static const uint64_t  ones = 0x0101010101010101;

    while (last - p >= 8) {
        word = otter_json_load(p);

        quote = word ^ ones * '"';
        solidus = word ^ ones * '\\';

        found = ((word - ones * 0x20) & ~word)
                | ((quote - ones) & ~quote)
                | ((solidus - ones) & ~solidus);

        found &= ones * 0x80;

        if (found) {
            return p + __builtin_ctzll(found) / 8;
        }

        p += 8;
    }

    while (p < last && *p >= 0x20 && *p != '"' && *p != '\\') {
        p++;
    }

    return p;
}


int
otter_json_unit(const unsigned char *p, const unsigned char *last,
    uint32_t *unit)
{
    unsigned       i;
    unsigned char  c;

    if (last - p < 6 || p[0] != '\\' || p[1] != 'u') {
        return 0;
    }

    *unit = 0;

    for (i = 2; i < 6; i++) {
        c = p[i];

        if (c >= '0' && c <= '9') {
            c = (unsigned char) (c - '0');

        } else {
            c |= 0x20;

            if (c < 'a' || c > 'f') {
                return 0;
            }

            c = (unsigned char) (c - 'a' + 10);
        }

        *unit = *unit << 4 | c;
    }

    return 1;
}


size_t
otter_json_escaped_size(const unsigned char *data, size_t len)
{
    size_t                size;
    const unsigned char  *p, *last;

    if (len == 0) {
        return 0;
    }

    size = len;
    last = data + len;

    for (p = otter_json_plain(data, last);
         p < last;
         p = otter_json_plain(p + 1, last))
    {
        size += otter_json_letter(*p) ? 1 : 5;
    }

    return size;
}


unsigned char *
otter_json_escape(unsigned char *dst, const unsigned char *data, size_t len)
{
    size_t                n;
    unsigned char         letter;
    const unsigned char  *p, *run, *last;

    static const char  hex[] = "0123456789abcdef";

    if (len == 0) {
        return dst;
    }

    run = data;
    last = data + len;

    for ( ;; ) {
        p = otter_json_plain(run, last);

        n = (size_t) (p - run);
        memcpy(dst, run, n);
        dst += n;

        if (p == last) {
            return dst;
        }

        *dst++ = '\\';
        letter = otter_json_letter(*p);

        if (letter) {
            *dst++ = letter;

        } else {
            memcpy(dst, "u00", 3);
            dst[3] = (unsigned char) hex[*p >> 4];
            dst[4] = (unsigned char) hex[*p & 0xf];
            dst += 5;
        }

        run = p + 1;
    }
}


int64_t
otter_json_unescape(unsigned char *dst, size_t cap,
    const unsigned char *data, size_t len)
{
    size_t                n, room;
    uint32_t              code;
    unsigned char         bytes[4];
    const unsigned char  *p, *q, *last;

    if (len == 0) {
        return 0;
    }

    p = data;
    last = data + len;
    room = cap;

    while (p < last) {

        q = memchr(p, '\\', (size_t) (last - p));
        n = (size_t) ((q ? q : last) - p);

        if (n > room) {
            return -1;
        }

        /* dst may be where data is */

        memmove(dst, p, n);
        dst += n;
        room -= n;

        if (q == NULL) {
            break;
        }

        p = otter_json_read_escape(q, last, &code);
        if (p == NULL || (code >= 0xd800 && code <= 0xdfff)) {
            return -1;
        }

        n = otter_json_encode(bytes, code);

        if (n > room) {
            return -1;
        }

        memcpy(dst, bytes, n);
        dst += n;
        room -= n;
    }

    return (int64_t) (cap - room);
}


uint64_t
otter_json_hash(const unsigned char *data, size_t len)
{
    uint64_t              hash;
    const unsigned char  *p, *last;

    hash = 0xcbf29ce484222325;         /* FNV-1a, but by characters */

    if (len == 0) {
        return hash;
    }

    p = data;
    last = data + len;

    while (p < last) {
        hash = (hash ^ otter_json_character(&p, last)) * 0x100000001b3;
    }

    return hash;
}


int
otter_json_same(const unsigned char *a, size_t alen, const unsigned char *b,
    size_t blen)
{
    const unsigned char  *alast, *blast;

    if (alen == 0 || blen == 0) {
        return alen == blen;
    }

    alast = a + alen;
    blast = b + blen;

    while (a < alast && b < blast) {

        if (otter_json_character(&a, alast)
            != otter_json_character(&b, blast))
        {
            return 0;
        }
    }

    return a == alast && b == blast;
}


/* the first byte lowest on every machine; compilers make one load of it */

static uint64_t
otter_json_load(const unsigned char *p)
{
    return (uint64_t) p[0] | (uint64_t) p[1] << 8
           | (uint64_t) p[2] << 16 | (uint64_t) p[3] << 24
           | (uint64_t) p[4] << 32 | (uint64_t) p[5] << 40
           | (uint64_t) p[6] << 48 | (uint64_t) p[7] << 56;
}


/* what stands for the byte in an escape of two; 0: there is none */

static unsigned char
otter_json_letter(unsigned char c)
{
    switch (c) {

    case '"':
    case '\\':
        return c;

    case '\b':
        return 'b';

    case '\f':
        return 'f';

    case '\n':
        return 'n';

    case '\r':
        return 'r';

    case '\t':
        return 't';

    default:
        return 0;
    }
}


/*
 * A character of the inside of a string, decoded: the bytes of its UTF-8 as
 * one number.  Half a surrogate pair has a number of its own, too.
 */

static uint32_t
otter_json_character(const unsigned char **pos, const unsigned char *last)
{
    size_t                i, n;
    uint32_t              code, character;
    unsigned char         bytes[4];
    const unsigned char  *p, *next;

    p = *pos;
    next = NULL;

    if (*p == '\\') {
        next = otter_json_read_escape(p, last, &code);
    }

    if (next) {
        n = otter_json_encode(bytes, code);
        p = bytes;

    } else {
        n = *p < 0xc0 ? 1 : *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : 4;

        if ((size_t) (last - p) < n) {
            n = (size_t) (last - p);
        }

        next = p + n;
    }

    character = 0;

    for (i = 0; i < n; i++) {
        character = character << 8 | p[i];
    }

    *pos = next;

    return character;
}


/* p is at the reverse solidus; the result is behind the escape, or NULL */

static const unsigned char *
otter_json_read_escape(const unsigned char *p, const unsigned char *last,
    uint32_t *code)
{
    uint32_t  low;

    if (last - p < 2) {
        return NULL;
    }

    switch (p[1]) {

    case 'b':
        *code = 0x08;
        return p + 2;

    case 'f':
        *code = 0x0c;
        return p + 2;

    case 'n':
        *code = 0x0a;
        return p + 2;

    case 'r':
        *code = 0x0d;
        return p + 2;

    case 't':
        *code = 0x09;
        return p + 2;

    case 'u':
        break;

    default:
        *code = p[1];
        return p + 2;
    }

    if (!otter_json_unit(p, last, code)) {
        return NULL;
    }

    p += 6;

    if (*code >= 0xd800 && *code <= 0xdbff
        && otter_json_unit(p, last, &low)
        && low >= 0xdc00 && low <= 0xdfff)
    {
        *code = 0x10000 + ((*code - 0xd800) << 10) + (low - 0xdc00);
        p += 6;
    }

    return p;
}


static size_t
otter_json_encode(unsigned char bytes[4], uint32_t code)
{
    if (code < 0x80) {
        bytes[0] = (unsigned char) code;
        return 1;
    }

    if (code < 0x800) {
        bytes[0] = (unsigned char) (0xc0 | code >> 6);
        bytes[1] = (unsigned char) (0x80 | (code & 0x3f));
        return 2;
    }

    if (code < 0x10000) {
        bytes[0] = (unsigned char) (0xe0 | code >> 12);
        bytes[1] = (unsigned char) (0x80 | (code >> 6 & 0x3f));
        bytes[2] = (unsigned char) (0x80 | (code & 0x3f));
        return 3;
    }

    bytes[0] = (unsigned char) (0xf0 | code >> 18);
    bytes[1] = (unsigned char) (0x80 | (code >> 12 & 0x3f));
    bytes[2] = (unsigned char) (0x80 | (code >> 6 & 0x3f));
    bytes[3] = (unsigned char) (0x80 | (code & 0x3f));

    return 4;
}
