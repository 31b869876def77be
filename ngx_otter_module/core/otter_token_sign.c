
/*
 * Copyright (C) Otter contributors
 */


#include <stdlib.h>
#include <string.h>

#include <jwt.h>
#include <openssl/err.h>

#include "otter_base64url.h"
#include "otter_claims.h"
#include "otter_jwk.h"


static char *otter_token_sign_jwt(const otter_key_t *key,
    const char *payload);
static char *otter_token_sign_here(const otter_key_t *key,
    const char *payload, size_t len);
static int otter_token_sign_eddsa(const otter_key_t *key,
    const unsigned char *input, size_t len, unsigned char *signature);
static unsigned char *otter_token_sign_input(const otter_key_t *key,
    const char *payload, size_t payload_len, size_t *len);


char *
otter_token_sign(const otter_keyset_t *set, const otter_claims_t *claims,
    size_t *len)
{
    char               *payload, *token;
    size_t              payload_len;
    const otter_key_t  *key;

    key = otter_keyset_signer(set, claims->iat);
    if (key == NULL) {
        return NULL;
    }

    payload = otter_claims_write(claims, &payload_len);
    if (payload == NULL) {
        return NULL;
    }

    (void) ERR_set_mark();

    token = key->alg == OTTER_ALG_ES256
            ? otter_token_sign_jwt(key, payload)
            : otter_token_sign_here(key, payload, payload_len);

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
    int     rc;
    char   *token;
    jwt_t  *jwt;

    if (jwt_new(&jwt) != 0) {
        return NULL;
    }

    /* libjwt adds "alg" and "typ" by itself */

    rc = jwt_add_header(jwt, "kid", key->kid);

    if (rc == 0) {
        rc = jwt_add_grants_json(jwt, payload);
    }

    if (rc == 0) {
        rc = jwt_set_alg(jwt, JWT_ALG_ES256, key->private_pem,
                         (int) key->private_pem_len);
    }

    token = rc == 0 ? jwt_encode_str(jwt) : NULL;

    jwt_free(jwt);

    return token;
}


/*
 * HS256, for which libjwt would hash the secret each time, and EdDSA, which
 * libjwt 1.10 does not have.
 */

static char *
otter_token_sign_here(const otter_key_t *key, const char *payload,
    size_t payload_len)
{
    int             rc;
    size_t          len, size;
    unsigned char  *token, *last, signature[OTTER_JWK_SIGNATURE_SIZE];

    token = otter_token_sign_input(key, payload, payload_len, &len);
    if (token == NULL) {
        return NULL;
    }

    if (key->alg == OTTER_ALG_HS256) {
        otter_hmac(&key->hmac, token, len, signature);
        size = OTTER_JWK_HMAC_SIZE;
        rc = 0;

    } else {
        rc = otter_token_sign_eddsa(key, token, len, signature);
        size = OTTER_JWK_SIGNATURE_SIZE;
    }

    if (rc != 0) {
        free(token);
        return NULL;
    }

    last = token + len;
    *last++ = '.';
    last = otter_base64url_encode(last, signature, size);
    *last = '\0';

    return (char *) token;
}


/* RFC 8037, section 3.1 */

static int
otter_token_sign_eddsa(const otter_key_t *key, const unsigned char *input,
    size_t len, unsigned char *signature)
{
    int          rc;
    size_t       size;
    EVP_MD_CTX  *ctx;

    size = OTTER_JWK_SIGNATURE_SIZE;

    ctx = EVP_MD_CTX_new();

    rc = ctx && EVP_DigestSignInit(ctx, NULL, NULL, NULL, key->pkey) == 1
         && EVP_DigestSign(ctx, signature, &size, input, len) == 1;

    EVP_MD_CTX_free(ctx);

    return rc ? 0 : -1;
}


/* header and payload, encoded, with room left for the signature */

static unsigned char *
otter_token_sign_input(const otter_key_t *key, const char *payload,
    size_t payload_len, size_t *len)
{
    size_t          header_len;
    const char     *header;
    unsigned char  *input, *last;

    header = otter_key_header(key);
    header_len = strlen(header);

    input = malloc(header_len + 1
                   + otter_base64url_size(payload_len) + 1
                   + otter_base64url_size(OTTER_JWK_SIGNATURE_SIZE) + 1);

    if (input) {
        memcpy(input, header, header_len);

        last = input + header_len;
        *last++ = '.';
        last = otter_base64url_encode(last, (const unsigned char *) payload,
                                      payload_len);

        *len = (size_t) (last - input);
    }

    return input;
}
