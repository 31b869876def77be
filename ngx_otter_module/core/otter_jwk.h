
/*
 * Copyright (C) Otter contributors
 */

/*
 * One key of a set, from and to a JWK.  Inside of core/: the fields are for
 * otter_keyset.c and otter_token.c.
 */


#ifndef OTTER_JWK_H_INCLUDED
#define OTTER_JWK_H_INCLUDED


#include <jansson.h>
#include <openssl/evp.h>

#include "otter_digest.h"
#include "otter_keyset.h"


enum {
    OTTER_JWK_SECRET_MAX = 1024,       /* bytes of an "oct" */
    OTTER_JWK_HALF_SIZE = 32,          /* bytes of "x", "y" and "d" */
    OTTER_JWK_SIGNATURE_SIZE = 64,     /* of ES256 and EdDSA */
    OTTER_JWK_HMAC_SIZE = OTTER_SHA256_SIZE,
    OTTER_JWK_HEADERS = 2              /* that are known by heart */
};

/* libjwt takes PEM for ES256, so it is made once, when the key is read */

struct otter_key_s {
    otter_alg_t     alg;
    unsigned        signs:1;
    int64_t         signs_from;        /* 0: at once */
    int64_t         verifies_until;    /* 0: for ever */
    char            kid[OTTER_KID_MAX + 1];
    unsigned char  *secret;            /* HS256 */
    size_t          secret_len;
    unsigned char  *private_pem;       /* ES256, when it signs */
    size_t          private_pem_len;
    unsigned char  *public_pem;        /* ES256 */
    size_t          public_pem_len;
    EVP_PKEY       *pkey;              /* EdDSA */
    unsigned char   x[OTTER_JWK_HALF_SIZE];
    unsigned char   y[OTTER_JWK_HALF_SIZE];
    otter_hmac_t    hmac;              /* HS256, with the secret in it */
    char           *headers[OTTER_JWK_HEADERS];
};


/*
 * Fills in *key, which is all zero.  Returns NULL, or what is wrong; either
 * way otter_jwk_clear() frees what the key holds.
 */

const char *otter_jwk_read(otter_key_t *key, const json_t *jwk);

/* the part that belongs to "kty" EC and OKP (otter_jwk_pair.c) */

const char *otter_jwk_ec(otter_key_t *key, const json_t *jwk);
const char *otter_jwk_okp(otter_key_t *key, const json_t *jwk);

void otter_jwk_clear(otter_key_t *key);

/*
 * otter_key.c: what makes the use of a key quick.  The secret is hashed into
 * its HMAC once, and the headers that usual tokens of this key have are known
 * as they stand there, so that these need not be read.  0: done; -1: no
 * memory.
 */

int otter_key_prepare(otter_key_t *key);
void otter_key_release(otter_key_t *key);

/* the header {"alg","kid","typ"} of tokens that this key signs, encoded */

const char *otter_key_header(const otter_key_t *key);

/* 1: the segment is a header of a token of this key, and nothing more */

int otter_key_has_header(const otter_key_t *key, const otter_span_t *segment);

/* the public half, for json_decref(); NULL: no memory */

json_t *otter_jwk_public(const otter_key_t *key);

/* overwrites the private members of a JWK before it is released */

void otter_jwk_wipe(json_t *jwk);

const char *otter_alg_name(otter_alg_t alg);


#endif /* OTTER_JWK_H_INCLUDED */
