
/*
 * Copyright (C) Otter contributors
 */


#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <jwt.h>
#include <openssl/crypto.h>
#include <openssl/err.h>

#include "otter_base64url.h"
#include "otter_claims.h"
#include "otter_jwk.h"


/* the three segments of a token that is being verified */

typedef struct {
    char               *text;          /* the token, with a zero */
    size_t              len;
    unsigned char      *scratch;       /* header and signature decoded */
    otter_span_t        header;
    otter_span_t        payload;
    otter_span_t        signature;
    otter_object_t      header_object;
    otter_object_t      payload_object;
    void               *payload_text;  /* what the object may point into */
    const otter_key_t  *key;           /* NULL: the header tells */
} otter_token_t;

typedef struct {
    const char     *code;
    const char     *detail;
} otter_token_reason_t;


static otter_token_rc_t otter_token_open(otter_token_t *t,
    const otter_keyset_t *set, const unsigned char *token, size_t len);
static void otter_token_close(otter_token_t *t);
static int otter_token_split(otter_token_t *t);
static otter_token_rc_t otter_token_load(otter_object_t *object,
    unsigned char *text, size_t size, const otter_span_t *segment);
static otter_token_rc_t otter_token_check(otter_token_t *t,
    const otter_keyset_t *set, int64_t now);
static size_t otter_token_signature_size(otter_alg_t alg);
static otter_token_rc_t otter_token_check_header(const otter_object_t *header,
    const otter_keyset_t *set, const otter_key_t **key);
static otter_token_rc_t otter_token_check_hmac(const otter_token_t *t,
    const otter_key_t *key);
static otter_token_rc_t otter_token_check_jwt(const otter_token_t *t,
    const unsigned char *key, size_t len);
static otter_token_rc_t otter_token_check_eddsa(const otter_token_t *t,
    EVP_PKEY *pkey);


static const otter_token_reason_t  otter_token_reasons[] = {
    { "ok", "The token is valid." },
    { "token-malformed", "The token is not a JWT in JWS compact form." },
    { "token-unknown-key", "The token names no key that is known here." },
    { "token-bad-algorithm",
      "The token's algorithm is not that of its key." },
    { "token-bad-signature", "The token's signature is not valid." },
    { "token-bad-claims", "A claim of the token is missing or not valid." },
    { "token-wrong-audience", "The token is not meant for Otter." },
    { "token-not-yet-valid", "The token is not valid yet." },
    { "token-expired", "The token has expired." },
    { "token-revoked", "The owner of the token was put out of the room." },
    { "no-memory", "The server is out of memory." }
};


otter_token_rc_t
otter_token_verify(const otter_keyset_t *set, const unsigned char *token,
    size_t len, int64_t now, otter_claims_t *claims)
{
    otter_token_t     t;
    otter_claims_t    c;
    otter_token_rc_t  rc;

    /* not zeroed: "members" of objects, which are large */

    t.text = NULL;
    t.scratch = NULL;
    t.payload_text = NULL;
    t.header_object.tree = NULL;
    t.payload_object.tree = NULL;

    rc = otter_token_open(&t, set, token, len);

    if (rc == OTTER_TOKEN_OK) {
        rc = otter_token_check(&t, set, now);
    }

    if (rc == OTTER_TOKEN_OK) {
        rc = otter_claims_read(&c, &t.payload_object);
    }

    if (rc == OTTER_TOKEN_OK) {
        c.tree = t.payload_object.tree;
        c.payload = t.payload_text;

        t.payload_object.tree = NULL;
        t.payload_text = NULL;
    }

    otter_token_close(&t);

    if (rc != OTTER_TOKEN_OK) {
        return rc;
    }

    rc = otter_claims_check_time(&c, now);

    if (rc != OTTER_TOKEN_OK) {
        otter_claims_free(&c);
        return rc;
    }

    *claims = c;

    return OTTER_TOKEN_OK;
}


static otter_token_rc_t
otter_token_open(otter_token_t *t, const otter_keyset_t *set,
    const unsigned char *token, size_t len)
{
    int64_t           n;
    otter_token_rc_t  rc;

    if (len > OTTER_TOKEN_MAX) {
        return OTTER_TOKEN_MALFORMED;
    }

    t->len = len;
    t->text = malloc(len + 1);
    t->scratch = malloc(2 * len + 1);
    t->payload_text = malloc(len + 1);

    if (t->text == NULL || t->scratch == NULL || t->payload_text == NULL) {
        return OTTER_TOKEN_NO_MEMORY;
    }

    memcpy(t->text, token, len);
    t->text[len] = '\0';

    if (otter_token_split(t) != 0) {
        return OTTER_TOKEN_MALFORMED;
    }

    /* the usual case: nothing in the header that isn't known already */

    t->key = otter_keyset_of_header(set, &t->header);

    rc = t->key ? OTTER_TOKEN_OK
                : otter_token_load(&t->header_object, t->scratch, len,
                                   &t->header);

    if (rc == OTTER_TOKEN_OK) {
        rc = otter_token_load(&t->payload_object, t->payload_text, len,
                              &t->payload);
    }

    if (rc != OTTER_TOKEN_OK) {
        return rc;
    }

    n = otter_base64url_decode(t->scratch + len, len, t->signature.data,
                               t->signature.len);
    if (n < 0) {
        return OTTER_TOKEN_MALFORMED;
    }

    /* from here on "signature" is the decoded one */

    t->signature.data = t->scratch + len;
    t->signature.len = (size_t) n;

    return OTTER_TOKEN_OK;
}


static void
otter_token_close(otter_token_t *t)
{
    otter_object_free(&t->header_object);
    otter_object_free(&t->payload_object);

    /* who reads it from freed memory could join with it */

    if (t->text) {
        OPENSSL_cleanse(t->text, t->len);
    }

    free(t->text);
    free(t->scratch);
    free(t->payload_text);
}


/*
 * Three segments, none of them empty: libjwt writes over the end of its
 * memory when given "..".
 */

static int
otter_token_split(otter_token_t *t)
{
    const unsigned char  *first, *second, *start, *last;

    start = (const unsigned char *) t->text;
    last = start + t->len;

    first = memchr(start, '.', t->len);
    if (first == NULL) {
        return -1;
    }

    second = memchr(first + 1, '.', (size_t) (last - first - 1));
    if (second == NULL) {
        return -1;
    }

    t->header.data = start;
    t->header.len = (size_t) (first - start);

    t->payload.data = first + 1;
    t->payload.len = (size_t) (second - first - 1);

    t->signature.data = second + 1;
    t->signature.len = (size_t) (last - second - 1);

    /* a third dot is no digit of base64url, and is found in decoding */

    return t->header.len && t->payload.len && t->signature.len ? 0 : -1;
}


static otter_token_rc_t
otter_token_load(otter_object_t *object, unsigned char *text, size_t size,
    const otter_span_t *segment)
{
    int64_t  len;

    len = otter_base64url_decode(text, size, segment->data, segment->len);

    if (len < 0) {
        return OTTER_TOKEN_MALFORMED;
    }

    switch (otter_object_read(object, text, (size_t) len)) {

    case OTTER_OBJECT_OK:
        return OTTER_TOKEN_OK;

    case OTTER_OBJECT_NO_MEMORY:
        return OTTER_TOKEN_NO_MEMORY;

    default:
        return OTTER_TOKEN_MALFORMED;
    }
}


static otter_token_rc_t
otter_token_check(otter_token_t *t, const otter_keyset_t *set, int64_t now)
{
    otter_token_rc_t    rc;
    const otter_key_t  *key;

    key = t->key;

    if (key == NULL) {
        rc = otter_token_check_header(&t->header_object, set, &key);

        if (rc != OTTER_TOKEN_OK) {
            return rc;
        }
    }

    if (!otter_key_verifies(key, now)) {
        return OTTER_TOKEN_UNKNOWN_KEY;
    }

    if (t->signature.len != otter_token_signature_size(key->alg)) {
        return OTTER_TOKEN_BAD_SIGNATURE;
    }

    /* OpenSSL's queue of errors is the caller's */

    (void) ERR_set_mark();

    switch (key->alg) {

    case OTTER_ALG_HS256:
        rc = otter_token_check_hmac(t, key);
        break;

    case OTTER_ALG_ES256:
        rc = otter_token_check_jwt(t, key->public_pem, key->public_pem_len);
        break;

    default: /* OTTER_ALG_EDDSA */
        rc = otter_token_check_eddsa(t, key->pkey);
        break;
    }

    (void) ERR_pop_to_mark();

    return rc;
}


static size_t
otter_token_signature_size(otter_alg_t alg)
{
    return alg == OTTER_ALG_HS256 ? OTTER_JWK_HMAC_SIZE
                                  : OTTER_JWK_SIGNATURE_SIZE;
}


static otter_token_rc_t
otter_token_check_header(const otter_object_t *header,
    const otter_keyset_t *set, const otter_key_t **key)
{
    otter_value_t  typ, kid, alg, crit;

    otter_object_get(header, "typ", &typ);

    if (typ.type != OTTER_VALUE_ABSENT
        && (typ.type != OTTER_VALUE_STRING || typ.text.len != 3
            || strncasecmp((const char *) typ.text.data, "JWT", 3) != 0))
    {
        return OTTER_TOKEN_MALFORMED;
    }

    otter_object_get(header, "kid", &kid);

    if (kid.type != OTTER_VALUE_STRING) {
        return OTTER_TOKEN_UNKNOWN_KEY;
    }

    *key = otter_keyset_find(set, kid.text.data, kid.text.len);

    if (*key == NULL) {
        return OTTER_TOKEN_UNKNOWN_KEY;
    }

    otter_object_get(header, "alg", &alg);

    if (!otter_value_is(&alg, otter_alg_name((*key)->alg))) {
        return OTTER_TOKEN_BAD_ALG;
    }

    /* RFC 7515, section 4.1.11: no extension is understood here */

    otter_object_get(header, "crit", &crit);

    return crit.type == OTTER_VALUE_ABSENT ? OTTER_TOKEN_OK
                                           : OTTER_TOKEN_BAD_ALG;
}


static otter_token_rc_t
otter_token_check_hmac(const otter_token_t *t, const otter_key_t *key)
{
    unsigned char  mac[OTTER_JWK_HMAC_SIZE];

    otter_hmac(&key->hmac, t->header.data, t->header.len + 1 + t->payload.len,
               mac);

    return CRYPTO_memcmp(mac, t->signature.data, sizeof(mac)) == 0
           ? OTTER_TOKEN_OK : OTTER_TOKEN_BAD_SIGNATURE;
}


static otter_token_rc_t
otter_token_check_jwt(const otter_token_t *t, const unsigned char *key,
    size_t len)
{
    int     rc;
    jwt_t  *jwt;

    jwt = NULL;

    rc = jwt_decode(&jwt, t->text, key, (int) len);

    if (rc == 0 && jwt_get_alg(jwt) != JWT_ALG_ES256) {
        rc = EINVAL;
    }

    if (rc == 0) {
        jwt_free(jwt);
        return OTTER_TOKEN_OK;
    }

    jwt_free(jwt);

    return rc == ENOMEM ? OTTER_TOKEN_NO_MEMORY : OTTER_TOKEN_BAD_SIGNATURE;
}


static otter_token_rc_t
otter_token_check_eddsa(const otter_token_t *t, EVP_PKEY *pkey)
{
    int          rc;
    EVP_MD_CTX  *ctx;

    ctx = EVP_MD_CTX_new();

    if (ctx == NULL
        || EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, pkey) != 1)
    {
        EVP_MD_CTX_free(ctx);
        return OTTER_TOKEN_NO_MEMORY;
    }

    rc = EVP_DigestVerify(ctx, t->signature.data, t->signature.len,
                          t->header.data,
                          t->header.len + 1 + t->payload.len);

    EVP_MD_CTX_free(ctx);

    return rc == 1 ? OTTER_TOKEN_OK : OTTER_TOKEN_BAD_SIGNATURE;
}


const char *
otter_token_code(otter_token_rc_t rc)
{
    return otter_token_reasons[rc].code;
}


const char *
otter_token_detail(otter_token_rc_t rc)
{
    return otter_token_reasons[rc].detail;
}
