
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


const char *
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


const char *
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

    } else if (!otter_jwk_ec_sound(pkey, d != NULL)) {
        error = d ? "the private and the public half do not belong together"
                  : "the point is not a public key";
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
