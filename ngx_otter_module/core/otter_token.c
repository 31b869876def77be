
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
#include "otter_json.h"
#include "otter_jwk.h"


enum {
    OTTER_TOKEN_HS256_SIZE = 32
};

/* the three segments of a token that is being verified */

typedef struct {
    char           *text;              /* the token, with a zero */
    size_t          len;
    unsigned char  *scratch;           /* a segment decoded */
    otter_span_t    header;
    otter_span_t    payload;
    otter_span_t    signature;
    json_t         *header_tree;
    json_t         *payload_tree;
} otter_token_t;

typedef struct {
    const char     *code;
    const char     *detail;
} otter_token_reason_t;


static otter_token_rc_t otter_token_open(otter_token_t *t,
    const unsigned char *token, size_t len);
static void otter_token_close(otter_token_t *t);
static int otter_token_split(otter_token_t *t);
static otter_token_rc_t otter_token_load(otter_token_t *t, json_t **tree,
    const otter_span_t *segment);
static otter_token_rc_t otter_token_check(otter_token_t *t,
    const otter_keyset_t *set);
static size_t otter_token_signature_size(otter_alg_t alg);
static otter_token_rc_t otter_token_check_header(const json_t *header,
    const otter_keyset_t *set, const otter_key_t **key);
static otter_token_rc_t otter_token_check_jwt(const otter_token_t *t,
    const unsigned char *key, size_t len, jwt_alg_t alg);
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
    { "no-memory", "The server is out of memory." }
};


otter_token_rc_t
otter_token_verify(const otter_keyset_t *set, const unsigned char *token,
    size_t len, int64_t now, otter_claims_t *claims)
{
    otter_token_t     t;
    otter_claims_t    c;
    otter_token_rc_t  rc;

    memset(&t, 0, sizeof(otter_token_t));

    rc = otter_token_open(&t, token, len);

    if (rc == OTTER_TOKEN_OK) {
        rc = otter_token_check(&t, set);
    }

    if (rc == OTTER_TOKEN_OK) {
        rc = otter_claims_read(&c, t.payload_tree);
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
otter_token_open(otter_token_t *t, const unsigned char *token, size_t len)
{
    int64_t           n;
    otter_token_rc_t  rc;

    if (len > OTTER_TOKEN_MAX) {
        return OTTER_TOKEN_MALFORMED;
    }

    t->len = len;
    t->text = malloc(len + 1);
    t->scratch = malloc(len + 1);

    if (t->text == NULL || t->scratch == NULL) {
        return OTTER_TOKEN_NO_MEMORY;
    }

    memcpy(t->text, token, len);
    t->text[len] = '\0';

    if (otter_token_split(t) != 0) {
        return OTTER_TOKEN_MALFORMED;
    }

    rc = otter_token_load(t, &t->header_tree, &t->header);

    if (rc == OTTER_TOKEN_OK) {
        rc = otter_token_load(t, &t->payload_tree, &t->payload);
    }

    if (rc != OTTER_TOKEN_OK) {
        return rc;
    }

    n = otter_base64url_decode(t->scratch, len, t->signature.data,
                               t->signature.len);
    if (n < 0) {
        return OTTER_TOKEN_MALFORMED;
    }

    /* from here on "signature" is the decoded one */

    t->signature.data = t->scratch;
    t->signature.len = (size_t) n;

    return OTTER_TOKEN_OK;
}


static void
otter_token_close(otter_token_t *t)
{
    json_decref(t->header_tree);
    json_decref(t->payload_tree);

    /* who reads it from freed memory could join with it */

    if (t->text) {
        OPENSSL_cleanse(t->text, t->len);
    }

    free(t->text);
    free(t->scratch);
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
otter_token_load(otter_token_t *t, json_t **tree, const otter_span_t *segment)
{
    int64_t       len;
    json_error_t  error;

    len = otter_base64url_decode(t->scratch, t->len, segment->data,
                                 segment->len);

    /* the scanner bounds the depth before jansson recurses */

    if (len < 0 || !otter_json_valid(t->scratch, (size_t) len)) {
        return OTTER_TOKEN_MALFORMED;
    }

    *tree = json_loadb((const char *) t->scratch, (size_t) len,
                       JSON_REJECT_DUPLICATES, &error);

    if (*tree == NULL) {
        return json_error_code(&error) == json_error_out_of_memory
               ? OTTER_TOKEN_NO_MEMORY : OTTER_TOKEN_MALFORMED;
    }

    return json_is_object(*tree) ? OTTER_TOKEN_OK : OTTER_TOKEN_MALFORMED;
}


static otter_token_rc_t
otter_token_check(otter_token_t *t, const otter_keyset_t *set)
{
    otter_token_rc_t    rc;
    const otter_key_t  *key;

    rc = otter_token_check_header(t->header_tree, set, &key);
    if (rc != OTTER_TOKEN_OK) {
        return rc;
    }

    if (t->signature.len != otter_token_signature_size(key->alg)) {
        return OTTER_TOKEN_BAD_SIGNATURE;
    }

    /* OpenSSL's queue of errors is the caller's */

    (void) ERR_set_mark();

    switch (key->alg) {

    case OTTER_ALG_HS256:
        rc = otter_token_check_jwt(t, key->secret, key->secret_len,
                                   JWT_ALG_HS256);
        break;

    case OTTER_ALG_ES256:
        rc = otter_token_check_jwt(t, key->public_pem, key->public_pem_len,
                                   JWT_ALG_ES256);
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
    return alg == OTTER_ALG_HS256 ? OTTER_TOKEN_HS256_SIZE
                                  : OTTER_JWK_SIGNATURE_SIZE;
}


static otter_token_rc_t
otter_token_check_header(const json_t *header, const otter_keyset_t *set,
    const otter_key_t **key)
{
    const json_t  *typ, *kid, *alg;

    typ = json_object_get(header, "typ");

    if (typ && (!json_is_string(typ)
                || strcasecmp(json_string_value(typ), "JWT")))
    {
        return OTTER_TOKEN_MALFORMED;
    }

    kid = json_object_get(header, "kid");

    if (!json_is_string(kid)) {
        return OTTER_TOKEN_UNKNOWN_KEY;
    }

    *key = otter_keyset_find(set,
                             (const unsigned char *) json_string_value(kid),
                             json_string_length(kid));
    if (*key == NULL) {
        return OTTER_TOKEN_UNKNOWN_KEY;
    }

    alg = json_object_get(header, "alg");

    if (!json_is_string(alg)
        || strcmp(json_string_value(alg), otter_alg_name((*key)->alg)))
    {
        return OTTER_TOKEN_BAD_ALG;
    }

    /* RFC 7515, section 4.1.11: no extension is understood here */

    return json_object_get(header, "crit") ? OTTER_TOKEN_BAD_ALG
                                           : OTTER_TOKEN_OK;
}


static otter_token_rc_t
otter_token_check_jwt(const otter_token_t *t, const unsigned char *key,
    size_t len, jwt_alg_t alg)
{
    int     rc;
    jwt_t  *jwt;

    jwt = NULL;

    rc = jwt_decode(&jwt, t->text, key, (int) len);

    if (rc == 0 && jwt_get_alg(jwt) != alg) {
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
