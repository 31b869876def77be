
/*
 * Copyright (C) Otter contributors
 */


#include "otter_base64url.h"


static const unsigned char  otter_base64url_alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* what each is worth; 64: it is none */

static const unsigned char  otter_base64url_digits[256] = {
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 62, 64, 64,
    52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 64, 64, 64, 64, 64, 64,
    64,  0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14,
    15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 64, 64, 64, 64, 63,
    64, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
    41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64
};


size_t
otter_base64url_size(size_t len)
{
    size_t  rest;

    rest = len % 3;

    return len / 3 * 4 + (rest ? rest + 1 : 0);
}


unsigned char *
otter_base64url_encode(unsigned char *dst, const unsigned char *src,
    size_t len)
{
    uint32_t              bits;
    const unsigned char  *basis;

    basis = otter_base64url_alphabet;

    while (len >= 3) {
        bits = ((uint32_t) src[0] << 16) | ((uint32_t) src[1] << 8) | src[2];

        *dst++ = basis[bits >> 18];
        *dst++ = basis[(bits >> 12) & 0x3f];
        *dst++ = basis[(bits >> 6) & 0x3f];
        *dst++ = basis[bits & 0x3f];

        src += 3;
        len -= 3;
    }

    if (len == 0) {
        return dst;
    }

    bits = (uint32_t) src[0] << 16;

    if (len == 2) {
        bits |= (uint32_t) src[1] << 8;
    }

    *dst++ = basis[bits >> 18];
    *dst++ = basis[(bits >> 12) & 0x3f];

    if (len == 2) {
        *dst++ = basis[(bits >> 6) & 0x3f];
    }

    return dst;
}


int64_t
otter_base64url_decode(unsigned char *dst, size_t cap,
    const unsigned char *src, size_t len)
{
    size_t                rest;
    uint32_t              a, b, c, d;
    unsigned char        *start;
    const unsigned char  *digits, *last;

    rest = len % 4;

    if (rest == 1 || len / 4 * 3 + (rest ? rest - 1 : 0) > cap) {
        return -1;
    }

    start = dst;
    digits = otter_base64url_digits;

    for (last = src + len - rest; src < last; src += 4) {
        a = digits[src[0]];
        b = digits[src[1]];
        c = digits[src[2]];
        d = digits[src[3]];

        if ((a | b | c | d) > 63) {
            return -1;
        }

        a = a << 18 | b << 12 | c << 6 | d;

        *dst++ = (unsigned char) (a >> 16);
        *dst++ = (unsigned char) (a >> 8);
        *dst++ = (unsigned char) a;
    }

    if (rest) {
        a = digits[src[0]];
        b = digits[src[1]];
        c = rest == 3 ? digits[src[2]] : 0;

        if ((a | b | c) > 63) {
            return -1;
        }

        a = a << 18 | b << 12 | c << 6;

        /* bits that no byte takes must be zero */

        if (a & (rest == 3 ? 0xff : 0xffff)) {
            return -1;
        }

        *dst++ = (unsigned char) (a >> 16);

        if (rest == 3) {
            *dst++ = (unsigned char) (a >> 8);
        }
    }

    return dst - start;
}
