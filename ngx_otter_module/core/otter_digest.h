
/*
 * Copyright (C) Otter contributors
 */

/*
 * SHA-256, and HMAC with a key that is hashed once.  This is OpenSSL's own
 * code without its providers, through which a short text costs several times
 * what hashing it does.
 */


#ifndef OTTER_DIGEST_H_INCLUDED
#define OTTER_DIGEST_H_INCLUDED


#ifndef OPENSSL_SUPPRESS_DEPRECATED
#define OPENSSL_SUPPRESS_DEPRECATED
#endif

#include <openssl/sha.h>

#include "otter_core.h"


enum {
    OTTER_SHA1_SIZE = SHA_DIGEST_LENGTH,
    OTTER_SHA256_SIZE = SHA256_DIGEST_LENGTH
};

/* the states behind the key's block: as secret as the key */

typedef struct {
    SHA256_CTX  inner;
    SHA256_CTX  outer;
} otter_hmac_t;

typedef struct {
    SHA_CTX     inner;
    SHA_CTX     outer;
} otter_hmac_sha1_t;


void otter_sha256(unsigned char hash[OTTER_SHA256_SIZE],
    const unsigned char *data, size_t len);

/* RFC 2104 with SHA-256 */

void otter_hmac_init(otter_hmac_t *hmac, const unsigned char *key,
    size_t len);
void otter_hmac(const otter_hmac_t *hmac, const unsigned char *data,
    size_t len, unsigned char mac[OTTER_SHA256_SIZE]);

/* with SHA-1 */

void otter_hmac_sha1_init(otter_hmac_sha1_t *hmac, const unsigned char *key,
    size_t len);
void otter_hmac_sha1(const otter_hmac_sha1_t *hmac, const unsigned char *data,
    size_t len, unsigned char mac[OTTER_SHA1_SIZE]);


#endif /* OTTER_DIGEST_H_INCLUDED */
