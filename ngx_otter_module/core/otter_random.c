
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


static size_t otter_random_letters(unsigned char *dst, size_t len,
    const unsigned char *bytes, size_t *used);


int
otter_random_name(unsigned char *dst, size_t len)
{
    int            rc;
    size_t         n, used;
    unsigned char  chunk[OTTER_RANDOM_CHUNK];

    rc = 0;

    for (n = 0; n < len; n += otter_random_letters(dst + n, len - n, chunk,
                                                   &used))
    {
        if (otter_random_bytes(chunk, OTTER_RANDOM_CHUNK) != 0) {
            rc = -1;
            break;
        }

        used = OTTER_RANDOM_CHUNK;
    }

    OPENSSL_cleanse(chunk, OTTER_RANDOM_CHUNK);

    return rc;
}


int
otter_random_pool_name(otter_random_pool_t *pool, unsigned char *dst,
    size_t len)
{
    size_t          n, used;
    unsigned char  *bytes;

    n = 0;

    while (n < len) {

        if (pool->left == 0) {
            if (otter_random_bytes(pool->bytes, OTTER_RANDOM_POOL_SIZE) != 0) {
                return -1;
            }

            pool->left = OTTER_RANDOM_POOL_SIZE;
        }

        bytes = pool->bytes + OTTER_RANDOM_POOL_SIZE - pool->left;
        used = pool->left;

        n += otter_random_letters(dst + n, len - n, bytes, &used);

        OPENSSL_cleanse(bytes, used);
        pool->left -= used;
    }

    return 0;
}


/*
 * As many letters as are wanted or can be made of so many bytes; *used tells
 * how many of these it took.
 */

static size_t
otter_random_letters(unsigned char *dst, size_t len,
    const unsigned char *bytes, size_t *used)
{
    size_t    i, n;
    unsigned  c;

    n = 0;

    for (i = 0; i < *used && n < len; i++) {
        c = bytes[i] & 0x3f;

        /* 62 and 63 are thrown again: a remainder would favour some */

        if (c < sizeof(otter_random_alphabet) - 1) {
            dst[n++] = otter_random_alphabet[c];
        }
    }

    *used = i;

    return n;
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
