
/*
 * Copyright (C) Otter contributors
 */


/* a generator that fails can be put in the place of OpenSSL's only this way */

#define OPENSSL_SUPPRESS_DEPRECATED

#include <openssl/rand.h>

#include "otter_random.h"
#include "tap.h"


enum {
    NAMES = 2000,
    NAME_SIZE = 310                    /* 5 times 62 */
};


static const char  alphabet[] =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";


/*
 * Chi-square of 61 degrees of freedom: 61 on average, over 200 less than
 * once in 10^15 runs.  A byte modulo 62 would make it about 7600.
 */

static void
test_even(void)
{
    double          chi, expected;
    size_t          i, j;
    unsigned        strange, counts[62];
    const char     *p;
    unsigned char   name[NAME_SIZE];

    memset(counts, 0, sizeof(counts));
    strange = 0;

    for (i = 0; i < NAMES; i++) {

        if (otter_random_name(name, NAME_SIZE) != 0) {
            tap_ok(0, "there is randomness");
            return;
        }

        for (j = 0; j < NAME_SIZE; j++) {
            p = name[j] ? strchr(alphabet, name[j]) : NULL;

            if (p) {
                counts[p - alphabet]++;

            } else {
                strange++;
            }
        }
    }

    tap_is_int(strange, 0, "names are letters and digits");

    chi = 0;
    expected = NAMES * NAME_SIZE / 62.0;

    for (i = 0; i < 62; i++) {
        chi += (counts[i] - expected) * (counts[i] - expected) / expected;
    }

    tap_ok(chi < 200, "each is as likely as the others (%.0f)", chi);
}


static void
test_extent(void)
{
    size_t         len, i;
    unsigned       wrong, kept;
    unsigned char  b[300];

    wrong = 0;

    for (len = 0; len < sizeof(b) - 1; len++) {
        memset(b, '#', sizeof(b));

        wrong += otter_random_name(b, len) != 0 || b[len] != '#'
                 || memchr(b, '#', sizeof(b)) != b + len;
    }

    tap_is_int(wrong, 0, "names have just the length asked for");

    /* 16 times: else a byte may be '#' by chance */

    wrong = 0;

    for (len = 0; len < sizeof(b) - 1; len++) {
        kept = 0;

        for (i = 0; i < 16; i++) {
            memset(b, '#', sizeof(b));
            wrong += otter_random_bytes(b, len) != 0 || b[len] != '#';
            kept += len && b[len - 1] == '#';
        }

        wrong += kept == 16;
    }

    tap_is_int(wrong, 0, "and so have bytes");
}


static void
test_different(void)
{
    unsigned char  a[16], b[16];

    static unsigned char  big[10000], other[10000];

    tap_ok(otter_random_name(a, 16) == 0 && otter_random_name(b, 16) == 0
           && memcmp(a, b, 16) != 0, "two names differ");

    tap_ok(otter_random_bytes(big, sizeof(big)) == 0
           && otter_random_bytes(other, sizeof(other)) == 0
           && memcmp(big, other, 16) != 0
           && memcmp(big, big + 4096, 16) != 0
           && memcmp(big + 9984, other + 9984, 16) != 0,
           "so do the bytes of large requests, to their ends");
}


/* what it gives is of every letter, never the same, and gone from it */

static void
test_pool(void)
{
    int                          wrong, kept;
    size_t                       i, n, seen;
    unsigned char                name[NAME_SIZE + 1], before[NAME_SIZE];
    unsigned char                letters[256];
    static otter_random_pool_t   pool;
    static const unsigned char   zero[OTTER_RANDOM_POOL_SIZE];

    memset(letters, 0, sizeof(letters));
    memset(before, 0, sizeof(before));

    wrong = 0;
    kept = 0;

    for (i = 0; i < 1000; i++) {
        n = 1 + i % NAME_SIZE;
        name[n] = '#';

        wrong += otter_random_pool_name(&pool, name, n) != 0
                 || name[n] != '#'
                 || (n > 8 && memcmp(name, before, 8) == 0);

        kept += memcmp(pool.bytes, zero, sizeof(zero) - pool.left) != 0;

        memcpy(before, name, n);

        while (n > 0) {
            letters[name[--n]] = 1;
        }
    }

    for (i = 0, seen = 0; i < 256; i++) {
        seen += letters[i];
    }

    tap_is_int(wrong, 0, "names of a pool are whole and differ");
    tap_is_int(kept, 0, "the pool does not keep what made them");
    tap_is_int((int64_t) seen, 62, "each letter is among them");

    pool.left = 0;
    tap_ok(otter_random_pool_name(&pool, name, NAME_SIZE) == 0
           && pool.left <= OTTER_RANDOM_POOL_SIZE - NAME_SIZE,
           "an empty one is filled");
}


static int
no_bytes(unsigned char *dst, int len)
{
    (void) dst;
    (void) len;

    return 0;
}


static void
test_none(void)
{
    unsigned char  b[16];

    static otter_random_pool_t  pool;
    static const RAND_METHOD    none = { .bytes = no_bytes };

    RAND_set_rand_method(&none);

    tap_is_int(otter_random_bytes(b, 16), -1, "no bytes without randomness");
    tap_is_int(otter_random_name(b, 16), -1, "nor a name");
    tap_is_int(otter_random_pool_name(&pool, b, 16), -1,
               "nor one of an empty pool");

    RAND_set_rand_method(NULL);

    tap_is_int(otter_random_name(b, 16), 0, "and a name with it again");
}


int
main(void)
{
    test_even();
    test_extent();
    test_different();
    test_pool();
    test_none();

    return tap_done();
}
