
/*
 * Copyright (C) Otter contributors
 */


#include "otter_digest.h"

#include <string.h>

#include <openssl/crypto.h>


enum {
    OTTER_DIGEST_BLOCK = SHA256_CBLOCK         /* SHA-1's is as large */
};


static void otter_hmac_block(unsigned char block[OTTER_DIGEST_BLOCK],
    unsigned char pad);


void
otter_sha256(unsigned char hash[OTTER_SHA256_SIZE], const unsigned char *data,
    size_t len)
{
    SHA256_CTX  ctx;

    (void) SHA256_Init(&ctx);
    (void) SHA256_Update(&ctx, data, len);
    (void) SHA256_Final(hash, &ctx);

    OPENSSL_cleanse(&ctx, sizeof(SHA256_CTX));
}


void
otter_hmac_init(otter_hmac_t *hmac, const unsigned char *key, size_t len)
{
    unsigned char  block[OTTER_DIGEST_BLOCK];

    memset(block, 0, OTTER_DIGEST_BLOCK);

    if (len > OTTER_DIGEST_BLOCK) {
        otter_sha256(block, key, len);

    } else if (len) {
        memcpy(block, key, len);
    }

    otter_hmac_block(block, 0x36);
    (void) SHA256_Init(&hmac->inner);
    (void) SHA256_Update(&hmac->inner, block, OTTER_DIGEST_BLOCK);

    otter_hmac_block(block, 0x36 ^ 0x5c);
    (void) SHA256_Init(&hmac->outer);
    (void) SHA256_Update(&hmac->outer, block, OTTER_DIGEST_BLOCK);

    OPENSSL_cleanse(block, OTTER_DIGEST_BLOCK);
}


void
otter_hmac(const otter_hmac_t *hmac, const unsigned char *data, size_t len,
    unsigned char mac[OTTER_SHA256_SIZE])
{
    SHA256_CTX  ctx;

    ctx = hmac->inner;
    (void) SHA256_Update(&ctx, data, len);
    (void) SHA256_Final(mac, &ctx);

    ctx = hmac->outer;
    (void) SHA256_Update(&ctx, mac, OTTER_SHA256_SIZE);
    (void) SHA256_Final(mac, &ctx);

    OPENSSL_cleanse(&ctx, sizeof(SHA256_CTX));
}


void
otter_hmac_sha1_init(otter_hmac_sha1_t *hmac, const unsigned char *key,
    size_t len)
{
    SHA_CTX        ctx;
    unsigned char  block[OTTER_DIGEST_BLOCK];

    memset(block, 0, OTTER_DIGEST_BLOCK);

    if (len > OTTER_DIGEST_BLOCK) {
        (void) SHA1_Init(&ctx);
        (void) SHA1_Update(&ctx, key, len);
        (void) SHA1_Final(block, &ctx);

        OPENSSL_cleanse(&ctx, sizeof(SHA_CTX));

    } else if (len) {
        memcpy(block, key, len);
    }

    otter_hmac_block(block, 0x36);
    (void) SHA1_Init(&hmac->inner);
    (void) SHA1_Update(&hmac->inner, block, OTTER_DIGEST_BLOCK);

    otter_hmac_block(block, 0x36 ^ 0x5c);
    (void) SHA1_Init(&hmac->outer);
    (void) SHA1_Update(&hmac->outer, block, OTTER_DIGEST_BLOCK);

    OPENSSL_cleanse(block, OTTER_DIGEST_BLOCK);
}


void
otter_hmac_sha1(const otter_hmac_sha1_t *hmac, const unsigned char *data,
    size_t len, unsigned char mac[OTTER_SHA1_SIZE])
{
    SHA_CTX  ctx;

    ctx = hmac->inner;
    (void) SHA1_Update(&ctx, data, len);
    (void) SHA1_Final(mac, &ctx);

    ctx = hmac->outer;
    (void) SHA1_Update(&ctx, mac, OTTER_SHA1_SIZE);
    (void) SHA1_Final(mac, &ctx);

    OPENSSL_cleanse(&ctx, sizeof(SHA_CTX));
}


static void
otter_hmac_block(unsigned char block[OTTER_DIGEST_BLOCK], unsigned char pad)
{
    size_t  i;

    for (i = 0; i < OTTER_DIGEST_BLOCK; i++) {
        block[i] ^= pad;
    }
}
