
/*
 * Copyright (C) Otter contributors
 */

/*
 * The keys that sign and verify join tokens: a JWK Set (RFC 7517) of "oct"
 * for HS256, "EC" P-256 for ES256 and "OKP" Ed25519 for EdDSA (RFC 7518,
 * RFC 8037).  The algorithm belongs to the key.  The first private key
 * signs; all verify.
 *
 * Two members of a key, times as RFC 3339 writes them in UTC, let one follow
 * another: "otter_signs_from", before which it only verifies, and
 * "otter_verifies_until", after which it is as if it were not there.
 */


#ifndef OTTER_KEYSET_H_INCLUDED
#define OTTER_KEYSET_H_INCLUDED


#include "otter_core.h"


enum {
    OTTER_KEYSET_MAX = 64,             /* keys in a set */
    OTTER_KEYSET_ERROR_SIZE = 160,
    OTTER_KEYSET_SECRET_MIN = 32,      /* bytes of an "oct": RFC 7518, 3.2 */
    OTTER_KID_MAX = 128
};

typedef enum {
    OTTER_ALG_HS256 = 0,
    OTTER_ALG_ES256,
    OTTER_ALG_EDDSA
} otter_alg_t;

typedef struct otter_key_s     otter_key_t;
typedef struct otter_keyset_s  otter_keyset_t;


/*
 * Reads a JWK Set.  Each key must have a "kid" of its own (1 to 128 bytes of
 * printable ASCII), an "alg" that fits or none, and no "use" but "sig".
 * Refused with NULL and a sentence in error: bad JSON, names twice, no key,
 * unknown "kty" or curve, a short secret, a point off the curve, private and
 * public halves that do not belong together, two keys of one kid.
 * The set is the caller's, for otter_keyset_free(), which zeroes it.
 */

otter_keyset_t *otter_keyset_parse(const char *text, size_t len,
    char error[OTTER_KEYSET_ERROR_SIZE]);

/* a set of one fresh HS256 key; NULL if there is no randomness or memory */

otter_keyset_t *otter_keyset_random(void);

void otter_keyset_free(otter_keyset_t *set);

/*
 * The key of that kid, the key whose usual header that segment of a token is;
 * NULL if there is none.
 */

const otter_key_t *otter_keyset_find(const otter_keyset_t *set,
    const unsigned char *kid, size_t len);
const otter_key_t *otter_keyset_of_header(const otter_keyset_t *set,
    const otter_span_t *segment);

/*
 * The key that signs at the time now: the first private one that may.  If all
 * of them are to sign later, the one that comes first does; NULL: there is no
 * private key.
 */

const otter_key_t *otter_keyset_signer(const otter_keyset_t *set,
    int64_t now);

/* until then the key of that kid signs, if it can */

void otter_keyset_prefer(otter_keyset_t *set, const char *kid, int64_t until);

/* 1: tokens of the key are taken at the time now */

int otter_key_verifies(const otter_key_t *key, int64_t now);

/* its "otter_verifies_until"; 0: there is none */

int64_t otter_key_end(const otter_key_t *key);

otter_alg_t otter_key_alg(const otter_key_t *key);
const char *otter_key_kid(const otter_key_t *key);

/*
 * The public halves of the keys that verify, as a JWK Set, as compact JSON
 * from malloc(); symmetric keys have none and are left out.  NULL if there is
 * no memory.
 */

char *otter_keyset_public(const otter_keyset_t *set, int64_t now);

/*
 * A new private key as one JWK (compact JSON from malloc()), for the command:
 * alg HS256, ES256 or EdDSA.  NULL if it could not be made.
 */

char *otter_key_generate(otter_alg_t alg, const char *kid);


#endif /* OTTER_KEYSET_H_INCLUDED */
