
/*
 * Copyright (C) Otter contributors
 */


#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "otter_digest.h"
#include "prng.h"
#include "tap.h"


enum {
    TEXT_MAX = 300,
    ROUNDS = 2000
};


static void
fill(prng_t *r, unsigned char *data, size_t len)
{
    size_t  i;

    for (i = 0; i < len; i++) {
        data[i] = (unsigned char) prng_below(r, 256);
    }
}


/* FIPS 180-2, appendix B, and RFC 4231, section 4.3 and 4.7 */

static void
test_known(void)
{
    otter_hmac_t   hmac;
    unsigned char  out[OTTER_SHA256_SIZE], key[131];

    static const char  text[] = "what do ya want for nothing?";
    static const char  large[] =
        "Test Using Larger Than Block-Size Key - Hash Key First";

    otter_sha256(out, (const unsigned char *) "abc", 3);
    tap_is_mem(out, 4, "\xba\x78\x16\xbf", 4, "SHA-256 of \"abc\"");

    otter_sha256(out, (const unsigned char *) "", 0);
    tap_is_mem(out, 4, "\xe3\xb0\xc4\x42", 4, "SHA-256 of nothing");

    otter_hmac_init(&hmac, (const unsigned char *) "Jefe", 4);
    otter_hmac(&hmac, (const unsigned char *) text, sizeof(text) - 1, out);
    tap_is_mem(out, 4, "\x5b\xdc\xc1\x46", 4, "HMAC of RFC 4231");

    otter_hmac(&hmac, (const unsigned char *) text, sizeof(text) - 1, out);
    tap_is_mem(out, 4, "\x5b\xdc\xc1\x46", 4, "the same a second time");

    memset(key, 0xaa, sizeof(key));
    otter_hmac_init(&hmac, key, sizeof(key));
    otter_hmac(&hmac, (const unsigned char *) large, sizeof(large) - 1, out);
    tap_is_mem(out, 4, "\x60\xe4\x31\x59", 4, "with a key of 131 bytes");
}


/* against OpenSSL's other way, around the size of a block and beyond it */

static void
test_random(void)
{
    size_t             i, key_len, len;
    prng_t             r = { 20261126 };
    unsigned           n, wrong, wrong1, wrong_hash;
    otter_hmac_t       hmac;
    unsigned char      key[TEXT_MAX], data[TEXT_MAX];
    unsigned char      a[EVP_MAX_MD_SIZE], b[EVP_MAX_MD_SIZE];
    otter_hmac_sha1_t  sha1;

    wrong = 0;
    wrong1 = 0;
    wrong_hash = 0;

    for (i = 0; i < ROUNDS; i++) {
        key_len = i % 2 ? 55 + prng_below(&r, 20) : prng_below(&r, TEXT_MAX);
        len = prng_below(&r, TEXT_MAX);

        fill(&r, key, key_len);
        fill(&r, data, len);

        otter_hmac_init(&hmac, key, key_len);
        otter_hmac(&hmac, data, len, a);
        HMAC(EVP_sha256(), key, (int) key_len, data, len, b, &n);
        wrong += n != OTTER_SHA256_SIZE || memcmp(a, b, n) != 0;

        otter_hmac_sha1_init(&sha1, key, key_len);
        otter_hmac_sha1(&sha1, data, len, a);
        HMAC(EVP_sha1(), key, (int) key_len, data, len, b, &n);
        wrong1 += n != OTTER_SHA1_SIZE || memcmp(a, b, n) != 0;

        otter_sha256(a, data, len);
        (void) EVP_Digest(data, len, b, &n, EVP_sha256(), NULL);
        wrong_hash += memcmp(a, b, OTTER_SHA256_SIZE) != 0;
    }

    tap_is_int(wrong, 0, "HMAC-SHA256 of %d keys and texts", ROUNDS);
    tap_is_int(wrong1, 0, "HMAC-SHA1 of them");
    tap_is_int(wrong_hash, 0, "SHA-256 of the texts");
}


int
main(void)
{
    test_known();
    test_random();

    return tap_done();
}
