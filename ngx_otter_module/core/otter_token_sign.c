
/*
 * Copyright (C) Otter contributors
 */


#include <stdlib.h>
#include <string.h>

#include <jwt.h>
#include <openssl/err.h>

#include "otter_base64url.h"
#include "otter_claims.h"
#include "otter_json.h"
#include "otter_jwk.h"


static char *otter_token_sign_jwt(const otter_key_t *key,
    const char *payload);
static char *otter_token_sign_eddsa(const otter_key_t *key,
    const char *payload);
static unsigned char *otter_token_sign_input(const otter_key_t *key,
    const char *payload, size_t *len);
static char *otter_token_header(const otter_key_t *key);


char *
otter_token_sign(const otter_keyset_t *set, const otter_claims_t *claims,
    size_t *len)
{
    char               *payload, *token;
    json_t             *tree;
    const otter_key_t  *key;

    key = otter_keyset_signer(set);
    if (key == NULL) {
        return NULL;
    }

    tree = otter_claims_write(claims);
    if (tree == NULL) {
        return NULL;
    }

    payload = json_dumps(tree, JSON_COMPACT);
    json_decref(tree);

    /* metadata may be too deep within the payload */

    if (payload == NULL
        || !otter_json_valid((unsigned char *) payload, strlen(payload)))
    {
        free(payload);
        return NULL;
    }

    (void) ERR_set_mark();

    token = key->alg == OTTER_ALG_EDDSA ? otter_token_sign_eddsa(key, payload)
                                        : otter_token_sign_jwt(key, payload);
    (void) ERR_pop_to_mark();

    free(payload);

    if (token == NULL) {
        return NULL;
    }

    *len = strlen(token);

    if (*len > OTTER_TOKEN_MAX) {
        free(token);
        return NULL;
    }

    return token;
}


static char *
otter_token_sign_jwt(const otter_key_t *key, const char *payload)
{
    int                   rc;
    char                 *token;
    jwt_t                *jwt;
    size_t                len;
    jwt_alg_t             alg;
    const unsigned char  *secret;

    alg = key->alg == OTTER_ALG_HS256 ? JWT_ALG_HS256 : JWT_ALG_ES256;
    secret = alg == JWT_ALG_HS256 ? key->secret : key->private_pem;
    len = alg == JWT_ALG_HS256 ? key->secret_len : key->private_pem_len;

    if (jwt_new(&jwt) != 0) {
        return NULL;
    }

    /* libjwt adds "alg" and "typ" by itself */

    rc = jwt_add_header(jwt, "kid", key->kid);

    if (rc == 0) {
        rc = jwt_add_grants_json(jwt, payload);
    }

    if (rc == 0) {
        rc = jwt_set_alg(jwt, alg, secret, (int) len);
    }

    token = rc == 0 ? jwt_encode_str(jwt) : NULL;

    jwt_free(jwt);

    return token;
}


/* libjwt 1.10 has no EdDSA: RFC 8037, section 3.1, with OpenSSL */

static char *
otter_token_sign_eddsa(const otter_key_t *key, const char *payload)
{
    size_t          len, signature_len;
    EVP_MD_CTX     *ctx;
    unsigned char  *token, *last, signature[OTTER_JWK_SIGNATURE_SIZE];

    token = otter_token_sign_input(key, payload, &len);
    if (token == NULL) {
        return NULL;
    }

    signature_len = sizeof(signature);

    ctx = EVP_MD_CTX_new();

    if (ctx == NULL
        || EVP_DigestSignInit(ctx, NULL, NULL, NULL, key->pkey) != 1
        || EVP_DigestSign(ctx, signature, &signature_len, token, len) != 1)
    {
        EVP_MD_CTX_free(ctx);
        free(token);

        return NULL;
    }

    EVP_MD_CTX_free(ctx);

    last = token + len;
    *last++ = '.';
    last = otter_base64url_encode(last, signature, signature_len);
    *last = '\0';

    return (char *) token;
}


/* header and payload, encoded, with room left for the signature */

static unsigned char *
otter_token_sign_input(const otter_key_t *key, const char *payload,
    size_t *len)
{
    char           *header;
    size_t          header_len, payload_len;
    unsigned char  *input, *last;

    header = otter_token_header(key);
    if (header == NULL) {
        return NULL;
    }

    header_len = strlen(header);
    payload_len = strlen(payload);

    input = malloc(otter_base64url_size(header_len) + 1
                   + otter_base64url_size(payload_len) + 1
                   + otter_base64url_size(OTTER_JWK_SIGNATURE_SIZE) + 1);

    if (input) {
        last = otter_base64url_encode(input, (unsigned char *) header,
                                      header_len);
        *last++ = '.';
        last = otter_base64url_encode(last, (const unsigned char *) payload,
                                      payload_len);

        *len = (size_t) (last - input);
    }

    free(header);

    return input;
}


static char *
otter_token_header(const otter_key_t *key)
{
    int      rc;
    char    *text;
    json_t  *header;

    header = json_object();

    rc = json_object_set_new(header, "alg",
                             json_string(otter_alg_name(key->alg)));
    rc |= json_object_set_new(header, "kid", json_string(key->kid));
    rc |= json_object_set_new(header, "typ", json_string("JWT"));

    text = rc == 0 ? json_dumps(header, JSON_COMPACT) : NULL;

    json_decref(header);

    return text;
}
