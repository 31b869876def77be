
/*
 * Copyright (C) Otter contributors
 */


#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <openssl/pem.h>

#include "otter_base64url.h"
#include "otter_jwk.h"


enum {
    OTTER_JWK_POINT_SIZE = 1 + 2 * OTTER_JWK_HALF_SIZE
};


static const char *otter_jwk_kid(otter_key_t *key, const json_t *jwk);
static const char *otter_jwk_use(const json_t *jwk);
static const char *otter_jwk_key_ops(const json_t *ops);
static const char *otter_jwk_oct(otter_key_t *key, const json_t *jwk);
static const char *otter_jwk_ec(otter_key_t *key, const json_t *jwk);
static const char *otter_jwk_okp(otter_key_t *key, const json_t *jwk);
static const char *otter_jwk_halves(otter_key_t *key, const json_t *jwk,
    unsigned char *d);
static int otter_jwk_half(unsigned char *dst, const json_t *value);
static const char *otter_jwk_ec_pem(otter_key_t *key, const unsigned char *d);
static EVP_PKEY *otter_jwk_ec_pkey(const otter_key_t *key,
    const unsigned char *d);
static int otter_jwk_ec_sound(EVP_PKEY *pkey, unsigned whole);
static const char *otter_jwk_okp_pkey(otter_key_t *key,
    const unsigned char *d);
static unsigned char *otter_jwk_pem(EVP_PKEY *pkey, unsigned secret,
    size_t *len);
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

    return NULL;
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


static const char *
otter_jwk_ec(otter_key_t *key, const json_t *jwk)
{
    const char     *crv, *error;
    const json_t   *y;
    unsigned char   d[OTTER_JWK_HALF_SIZE];

    key->alg = OTTER_ALG_ES256;

    crv = json_string_value(json_object_get(jwk, "crv"));

    if (crv == NULL || strcmp(crv, "P-256") != 0) {
        return "\"crv\" of an \"EC\" key must be \"P-256\"";
    }

    y = json_object_get(jwk, "y");

    if (otter_jwk_half(key->y, y) != 0) {
        return "\"y\" must be 32 bytes in base64url without padding";
    }

    error = otter_jwk_halves(key, jwk, d);
    if (error == NULL) {
        error = otter_jwk_ec_pem(key, key->signs ? d : NULL);
    }

    OPENSSL_cleanse(d, sizeof(d));

    return error;
}


static const char *
otter_jwk_okp(otter_key_t *key, const json_t *jwk)
{
    const char     *crv, *error;
    unsigned char   d[OTTER_JWK_HALF_SIZE];

    key->alg = OTTER_ALG_EDDSA;

    crv = json_string_value(json_object_get(jwk, "crv"));

    if (crv == NULL || strcmp(crv, "Ed25519") != 0) {
        return "\"crv\" of an \"OKP\" key must be \"Ed25519\"";
    }

    error = otter_jwk_halves(key, jwk, d);
    if (error == NULL) {
        error = otter_jwk_okp_pkey(key, key->signs ? d : NULL);
    }

    OPENSSL_cleanse(d, sizeof(d));

    return error;
}


/* "x" and, if the key is a private one, "d" */

static const char *
otter_jwk_halves(otter_key_t *key, const json_t *jwk, unsigned char *d)
{
    const json_t  *value;

    if (otter_jwk_half(key->x, json_object_get(jwk, "x")) != 0) {
        return "\"x\" must be 32 bytes in base64url without padding";
    }

    value = json_object_get(jwk, "d");

    if (value == NULL) {
        return NULL;
    }

    if (otter_jwk_half(d, value) != 0) {
        return "\"d\" must be 32 bytes in base64url without padding";
    }

    key->signs = 1;

    return NULL;
}


static int
otter_jwk_half(unsigned char *dst, const json_t *value)
{
    int64_t  len;

    if (!json_is_string(value)) {
        return -1;
    }

    len = otter_base64url_decode(dst, OTTER_JWK_HALF_SIZE,
                                 (const unsigned char *)
                                     json_string_value(value),
                                 json_string_length(value));

    return len == OTTER_JWK_HALF_SIZE ? 0 : -1;
}


static const char *
otter_jwk_ec_pem(otter_key_t *key, const unsigned char *d)
{
    EVP_PKEY    *pkey;
    const char  *error;

    (void) ERR_set_mark();

    error = NULL;

    pkey = otter_jwk_ec_pkey(key, d);

    if (pkey == NULL) {
        error = "the point is not on the curve";

    } else if (!otter_jwk_ec_sound(pkey, 0)) {
        error = "the point is not a public key";

    } else if (d && !otter_jwk_ec_sound(pkey, 1)) {
        error = "the private and the public half do not belong together";
    }

    if (error == NULL) {
        key->public_pem = otter_jwk_pem(pkey, 0, &key->public_pem_len);

        if (d) {
            key->private_pem = otter_jwk_pem(pkey, 1, &key->private_pem_len);
        }

        if (key->public_pem == NULL || (d && key->private_pem == NULL)) {
            error = "no memory";
        }
    }

    EVP_PKEY_free(pkey);

    (void) ERR_pop_to_mark();

    return error;
}


static EVP_PKEY *
otter_jwk_ec_pkey(const otter_key_t *key, const unsigned char *d)
{
    BIGNUM         *bn;
    EVP_PKEY       *pkey;
    OSSL_PARAM      params[4], *param;
    EVP_PKEY_CTX   *ctx;
    unsigned char   point[OTTER_JWK_POINT_SIZE];
    unsigned char   native[OTTER_JWK_HALF_SIZE];
    char            group[] = "prime256v1";

    /* SEC 1, section 2.3.3: uncompressed */

    point[0] = 0x04;
    memcpy(point + 1, key->x, OTTER_JWK_HALF_SIZE);
    memcpy(point + 1 + OTTER_JWK_HALF_SIZE, key->y, OTTER_JWK_HALF_SIZE);

    param = params;

    *param++ = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
                                                group, 0);
    *param++ = OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY,
                                                 point, sizeof(point));

    if (d) {
        bn = BN_bin2bn(d, OTTER_JWK_HALF_SIZE, NULL);

        if (bn == NULL
            || BN_bn2nativepad(bn, native, sizeof(native)) < 0)
        {
            BN_clear_free(bn);
            return NULL;
        }

        BN_clear_free(bn);

        *param++ = OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_PRIV_KEY, native,
                                           sizeof(native));
    }

    *param = OSSL_PARAM_construct_end();

    pkey = NULL;

    ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);

    if (ctx == NULL
        || EVP_PKEY_fromdata_init(ctx) <= 0
        || EVP_PKEY_fromdata(ctx, &pkey,
                             d ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
                             params)
           <= 0)
    {
        pkey = NULL;
    }

    EVP_PKEY_CTX_free(ctx);
    OPENSSL_cleanse(native, sizeof(native));

    return pkey;
}


static int
otter_jwk_ec_sound(EVP_PKEY *pkey, unsigned whole)
{
    int            rc;
    EVP_PKEY_CTX  *ctx;

    ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    if (ctx == NULL) {
        return 0;
    }

    rc = whole ? EVP_PKEY_check(ctx) : EVP_PKEY_public_check(ctx);

    EVP_PKEY_CTX_free(ctx);

    return rc == 1;
}


static const char *
otter_jwk_okp_pkey(otter_key_t *key, const unsigned char *d)
{
    size_t         len;
    const char    *error;
    unsigned char  x[OTTER_JWK_HALF_SIZE];

    (void) ERR_set_mark();

    error = NULL;
    len = sizeof(x);

    if (d) {
        key->pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, d,
                                                 OTTER_JWK_HALF_SIZE);
    } else {
        key->pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL,
                                                key->x, OTTER_JWK_HALF_SIZE);
    }

    if (key->pkey == NULL
        || EVP_PKEY_get_raw_public_key(key->pkey, x, &len) != 1)
    {
        error = "OpenSSL does not take the key";

    } else if (len != sizeof(x) || memcmp(x, key->x, sizeof(x)) != 0) {
        error = "the private and the public half do not belong together";
    }

    (void) ERR_pop_to_mark();

    return error;
}


static unsigned char *
otter_jwk_pem(EVP_PKEY *pkey, unsigned secret, size_t *len)
{
    int             ok;
    BIO            *bio;
    long            size;
    char           *data;
    unsigned char  *pem;

    bio = BIO_new(BIO_s_mem());
    if (bio == NULL) {
        return NULL;
    }

    ok = secret ? PEM_write_bio_PrivateKey(bio, pkey, NULL, NULL, 0, NULL,
                                           NULL)
                : PEM_write_bio_PUBKEY(bio, pkey);

    pem = NULL;
    size = BIO_get_mem_data(bio, &data);

    if (ok == 1 && size > 0) {
        pem = malloc((size_t) size);

        if (pem) {
            memcpy(pem, data, (size_t) size);
            *len = (size_t) size;
        }
    }

    /* OpenSSL zeroes the memory of the BIO */

    BIO_free(bio);

    return pem;
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
