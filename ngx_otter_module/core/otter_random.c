
/*
 * Copyright (C) Otter contributors
 */


#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "otter_random.h"


enum {
    OTTER_RANDOM_CHUNK = 64
};


static const unsigned char  otter_random_alphabet[] =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";


int
otter_random_name(unsigned char *dst, size_t len)
{
    int            rc;
    size_t         i, n;
    unsigned       c;
    unsigned char  chunk[OTTER_RANDOM_CHUNK];

    n = 0;
    rc = 0;

    while (n < len) {

        if (otter_random_bytes(chunk, OTTER_RANDOM_CHUNK) != 0) {
            rc = -1;
            break;
        }

        for (i = 0; i < OTTER_RANDOM_CHUNK && n < len; i++) {
            c = chunk[i] & 0x3f;

            /* 62 and 63 are thrown again: a remainder would favour some */

            if (c < sizeof(otter_random_alphabet) - 1) {
                dst[n++] = otter_random_alphabet[c];
            }
        }
    }

    OPENSSL_cleanse(chunk, OTTER_RANDOM_CHUNK);

    return rc;
}


int
otter_random_bytes(unsigned char *dst, size_t len)
{
    int  n;

    while (len > 0) {
        n = len > 4096 ? 4096 : (int) len;

        if (RAND_priv_bytes(dst, n) != 1) {
            return -1;
        }

        dst += n;
        len -= (size_t) n;
    }

    return 0;
}
