
/*
 * Copyright (C) Otter contributors
 */


#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "otter_base64url.h"
#include "otter_jwk.h"
#include "otter_time.h"


static const char *otter_jwk_kid(otter_key_t *key, const json_t *jwk);
static const char *otter_jwk_use(const json_t *jwk);
static const char *otter_jwk_key_ops(const json_t *ops);
static const char *otter_jwk_times(otter_key_t *key, const json_t *jwk);
static int otter_jwk_time(int64_t *seconds, const json_t *jwk,
    const char *name);
static const char *otter_jwk_oct(otter_key_t *key, const json_t *jwk);
static int otter_jwk_set(json_t *jwk, const char *name,
    const unsigned char *data);
static void otter_jwk_wipe_member(json_t *jwk, const char *name);


const char *
otter_alg_name(otter_alg_t alg)
{
    switch (alg) {

    case OTTER_ALG_HS256:
        return "HS256";

    case OTTER_ALG_ES256:
        return "ES256";

    default: /* OTTER_ALG_EDDSA */
        return "EdDSA";
    }
}


const char *
otter_jwk_read(otter_key_t *key, const json_t *jwk)
{
    const char    *error, *kty;
    const json_t  *alg;

    if (!json_is_object(jwk)) {
        return "a key must be an object";
    }

    error = otter_jwk_kid(key, jwk);
    if (error) {
        return error;
    }

    error = otter_jwk_use(jwk);
    if (error) {
        return error;
    }

    error = otter_jwk_times(key, jwk);
    if (error) {
        return error;
    }

    kty = json_string_value(json_object_get(jwk, "kty"));

    if (kty == NULL) {
        return "\"kty\" is missing";
    }

    if (strcmp(kty, "oct") == 0) {
        error = otter_jwk_oct(key, jwk);

    } else if (strcmp(kty, "EC") == 0) {
        error = otter_jwk_ec(key, jwk);

    } else if (strcmp(kty, "OKP") == 0) {
        error = otter_jwk_okp(key, jwk);

    } else {
        error = "\"kty\" must be \"oct\", \"EC\" or \"OKP\"";
    }

    if (error) {
        return error;
    }

    alg = json_object_get(jwk, "alg");

    if (alg && (!json_is_string(alg)
                || strcmp(json_string_value(alg), otter_alg_name(key->alg))))
    {
        return "\"alg\" does not fit the key";
    }

    return otter_key_prepare(key) == 0 ? NULL : "no memory";
}


static const char *
otter_jwk_kid(otter_key_t *key, const json_t *jwk)
{
    size_t         i, len;
    const char    *kid;
    const json_t  *value;

    value = json_object_get(jwk, "kid");
    kid = json_string_value(value);

    if (kid == NULL) {
        return "\"kid\" is missing";
    }

    len = json_string_length(value);

    if (len == 0 || len > OTTER_KID_MAX) {
        return "\"kid\" must have 1 to 128 characters";
    }

    for (i = 0; i < len; i++) {
        if (kid[i] < 0x20 || kid[i] > 0x7e) {
            return "\"kid\" must be printable ASCII";
        }
    }

    memcpy(key->kid, kid, len + 1);

    return NULL;
}


static const char *
otter_jwk_use(const json_t *jwk)
{
    const json_t  *use, *ops;

    use = json_object_get(jwk, "use");

    if (use && (!json_is_string(use)
                || strcmp(json_string_value(use), "sig")))
    {
        return "\"use\" must be \"sig\"";
    }

    ops = json_object_get(jwk, "key_ops");

    return ops ? otter_jwk_key_ops(ops) : NULL;
}


static const char *
otter_jwk_key_ops(const json_t *ops)
{
    size_t       i;
    const char  *op;

    for (i = 0; i < json_array_size(ops); i++) {
        op = json_string_value(json_array_get(ops, i));

        if (op && (strcmp(op, "verify") == 0 || strcmp(op, "sign") == 0)) {
            return NULL;
        }
    }

    return "\"key_ops\" allows neither \"sign\" nor \"verify\"";
}


static const char *
otter_jwk_times(otter_key_t *key, const json_t *jwk)
{
    if (otter_jwk_time(&key->signs_from, jwk, "otter_signs_from") != 0) {
        return "\"otter_signs_from\" must be as 2026-01-31T23:59:59Z";
    }

    if (otter_jwk_time(&key->verifies_until, jwk, "otter_verifies_until")
        != 0)
    {
        return "\"otter_verifies_until\" must be as 2026-01-31T23:59:59Z";
    }

    return NULL;
}


static int
otter_jwk_time(int64_t *seconds, const json_t *jwk, const char *name)
{
    const json_t  *value;

    value = json_object_get(jwk, name);

    if (value == NULL) {
        return 0;
    }

    if (!json_is_string(value)) {
        return -1;
    }

    *seconds = otter_time_parse((const unsigned char *)
                                    json_string_value(value),
                                json_string_length(value));

    return *seconds > 0 ? 0 : -1;
}


static const char *
otter_jwk_oct(otter_key_t *key, const json_t *jwk)
{
    int64_t        len;
    const json_t  *k;
    unsigned char  secret[OTTER_JWK_SECRET_MAX];

    k = json_object_get(jwk, "k");

    if (!json_is_string(k)) {
        return "\"k\" is missing";
    }

    len = otter_base64url_decode(secret, sizeof(secret),
                                 (const unsigned char *) json_string_value(k),
                                 json_string_length(k));
    if (len < 0) {
        OPENSSL_cleanse(secret, sizeof(secret));
        return "\"k\" must be base64url without padding, of 1024 bytes "
               "at most";
    }

    if (len < OTTER_KEYSET_SECRET_MIN) {
        OPENSSL_cleanse(secret, sizeof(secret));
        return "the secret is shorter than 32 bytes";
    }

    key->alg = OTTER_ALG_HS256;
    key->signs = 1;

    key->secret = malloc((size_t) len);

    if (key->secret) {
        memcpy(key->secret, secret, (size_t) len);
        key->secret_len = (size_t) len;
    }

    OPENSSL_cleanse(secret, sizeof(secret));

    return key->secret ? NULL : "no memory";
}


void
otter_jwk_clear(otter_key_t *key)
{
    if (key->secret) {
        OPENSSL_cleanse(key->secret, key->secret_len);
        free(key->secret);
    }

    if (key->private_pem) {
        OPENSSL_cleanse(key->private_pem, key->private_pem_len);
        free(key->private_pem);
    }

    free(key->public_pem);
    EVP_PKEY_free(key->pkey);

    otter_key_release(key);

    memset(key, 0, sizeof(otter_key_t));
}


json_t *
otter_jwk_public(const otter_key_t *key)
{
    int      ec, rc;
    json_t  *jwk;

    jwk = json_object();
    if (jwk == NULL) {
        return NULL;
    }

    ec = key->alg == OTTER_ALG_ES256;

    rc = json_object_set_new(jwk, "kty", json_string(ec ? "EC" : "OKP"));
    rc |= json_object_set_new(jwk, "use", json_string("sig"));
    rc |= json_object_set_new(jwk, "alg",
                              json_string(otter_alg_name(key->alg)));
    rc |= json_object_set_new(jwk, "kid", json_string(key->kid));
    rc |= json_object_set_new(jwk, "crv",
                              json_string(ec ? "P-256" : "Ed25519"));
    rc |= otter_jwk_set(jwk, "x", key->x);

    if (ec) {
        rc |= otter_jwk_set(jwk, "y", key->y);
    }

    if (rc != 0) {
        json_decref(jwk);
        return NULL;
    }

    return jwk;
}


static int
otter_jwk_set(json_t *jwk, const char *name, const unsigned char *data)
{
    int            rc;
    unsigned char *last, text[64];

    last = otter_base64url_encode(text, data, OTTER_JWK_HALF_SIZE);

    rc = json_object_set_new(jwk, name,
                             json_stringn((char *) text,
                                          (size_t) (last - text)));
    OPENSSL_cleanse(text, sizeof(text));

    return rc;
}


void
otter_jwk_wipe(json_t *jwk)
{
    otter_jwk_wipe_member(jwk, "k");
    otter_jwk_wipe_member(jwk, "d");
}


static void
otter_jwk_wipe_member(json_t *jwk, const char *name)
{
    json_t  *value;

    value = json_object_get(jwk, name);

    if (json_is_string(value)) {
        OPENSSL_cleanse((char *) json_string_value(value),
                        json_string_length(value));
    }
}
