
/*
 * Copyright (C) Otter contributors
 */


#include "otter_base64url.h"


static int otter_base64url_digit(unsigned char ch);


static const unsigned char  otter_base64url_alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";


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
    int       digit;
    size_t    i, n;
    uint32_t  bits;
    unsigned  held;

    if (len % 4 == 1 || len / 4 * 3 + (len % 4 ? len % 4 - 1 : 0) > cap) {
        return -1;
    }

    n = 0;
    bits = 0;
    held = 0;

    for (i = 0; i < len; i++) {
        digit = otter_base64url_digit(src[i]);
        if (digit < 0) {
            return -1;
        }

        bits = (bits << 6) | (uint32_t) digit;
        held += 6;

        if (held >= 8) {
            held -= 8;
            dst[n++] = (unsigned char) (bits >> held);
            bits &= (1u << held) - 1;
        }
    }

    return bits ? -1 : (int64_t) n;
}


static int
otter_base64url_digit(unsigned char ch)
{
    if (ch >= 'A' && ch <= 'Z') {
        return ch - 'A';
    }

    if (ch >= 'a' && ch <= 'z') {
        return ch - 'a' + 26;
    }

    if (ch >= '0' && ch <= '9') {
        return ch - '0' + 52;
    }

    if (ch == '-') {
        return 62;
    }

    return ch == '_' ? 63 : -1;
}
