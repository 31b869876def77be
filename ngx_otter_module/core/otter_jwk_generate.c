
/*
 * Copyright (C) Otter contributors
 */


#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>

#include "otter_base64url.h"
#include "otter_jwk.h"
#include "otter_random.h"


static int otter_jwk_generate_oct(json_t *jwk);
static int otter_jwk_generate_ec(json_t *jwk);
static int otter_jwk_generate_okp(json_t *jwk);
static int otter_jwk_set_bn(json_t *jwk, const char *name, EVP_PKEY *pkey,
    const char *param);
static int otter_jwk_set_bytes(json_t *jwk, const char *name,
    const unsigned char *data, size_t len);


char *
otter_key_generate(otter_alg_t alg, const char *kid)
{
    int      rc;
    char    *text;
    json_t  *jwk;

    jwk = json_object();
    if (jwk == NULL) {
        return NULL;
    }

    (void) ERR_set_mark();

    rc = json_object_set_new(jwk, "kid", json_string(kid));
    rc |= json_object_set_new(jwk, "use", json_string("sig"));
    rc |= json_object_set_new(jwk, "alg", json_string(otter_alg_name(alg)));

    switch (alg) {

    case OTTER_ALG_HS256:
        rc |= otter_jwk_generate_oct(jwk);
        break;

    case OTTER_ALG_ES256:
        rc |= otter_jwk_generate_ec(jwk);
        break;

    default: /* OTTER_ALG_EDDSA */
        rc |= otter_jwk_generate_okp(jwk);
        break;
    }

    (void) ERR_pop_to_mark();

    text = rc == 0 ? json_dumps(jwk, JSON_COMPACT) : NULL;

    otter_jwk_wipe(jwk);
    json_decref(jwk);

    return text;
}


static int
otter_jwk_generate_oct(json_t *jwk)
{
    int            rc;
    unsigned char  secret[OTTER_KEYSET_SECRET_MIN];

    if (otter_random_bytes(secret, sizeof(secret)) != 0) {
        return -1;
    }

    rc = json_object_set_new(jwk, "kty", json_string("oct"));
    rc |= otter_jwk_set_bytes(jwk, "k", secret, sizeof(secret));

    OPENSSL_cleanse(secret, sizeof(secret));

    return rc;
}


static int
otter_jwk_generate_ec(json_t *jwk)
{
    int        rc;
    EVP_PKEY  *pkey;

    pkey = EVP_EC_gen("P-256");
    if (pkey == NULL) {
        return -1;
    }

    rc = json_object_set_new(jwk, "kty", json_string("EC"));
    rc |= json_object_set_new(jwk, "crv", json_string("P-256"));
    rc |= otter_jwk_set_bn(jwk, "x", pkey, OSSL_PKEY_PARAM_EC_PUB_X);
    rc |= otter_jwk_set_bn(jwk, "y", pkey, OSSL_PKEY_PARAM_EC_PUB_Y);
    rc |= otter_jwk_set_bn(jwk, "d", pkey, OSSL_PKEY_PARAM_PRIV_KEY);

    EVP_PKEY_free(pkey);

    return rc;
}


static int
otter_jwk_generate_okp(json_t *jwk)
{
    int            rc;
    size_t         xlen, dlen;
    EVP_PKEY      *pkey;
    unsigned char  x[OTTER_JWK_HALF_SIZE], d[OTTER_JWK_HALF_SIZE];

    pkey = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    if (pkey == NULL) {
        return -1;
    }

    rc = -1;
    xlen = sizeof(x);
    dlen = sizeof(d);

    if (EVP_PKEY_get_raw_public_key(pkey, x, &xlen) == 1
        && EVP_PKEY_get_raw_private_key(pkey, d, &dlen) == 1)
    {
        rc = json_object_set_new(jwk, "kty", json_string("OKP"));
        rc |= json_object_set_new(jwk, "crv", json_string("Ed25519"));
        rc |= otter_jwk_set_bytes(jwk, "x", x, xlen);
        rc |= otter_jwk_set_bytes(jwk, "d", d, dlen);
    }

    OPENSSL_cleanse(d, sizeof(d));
    EVP_PKEY_free(pkey);

    return rc;
}


/* RFC 7518, section 6.2: numbers keep their leading zero bytes */

static int
otter_jwk_set_bn(json_t *jwk, const char *name, EVP_PKEY *pkey,
    const char *param)
{
    int            rc;
    BIGNUM        *bn;
    unsigned char  bytes[OTTER_JWK_HALF_SIZE];

    bn = NULL;

    if (EVP_PKEY_get_bn_param(pkey, param, &bn) != 1) {
        return -1;
    }

    rc = -1;

    if (BN_bn2binpad(bn, bytes, sizeof(bytes)) == (int) sizeof(bytes)) {
        rc = otter_jwk_set_bytes(jwk, name, bytes, sizeof(bytes));
    }

    OPENSSL_cleanse(bytes, sizeof(bytes));
    BN_clear_free(bn);

    return rc;
}


static int
otter_jwk_set_bytes(json_t *jwk, const char *name, const unsigned char *data,
    size_t len)
{
    int             rc;
    unsigned char  *last, text[64];

    if (otter_base64url_size(len) > sizeof(text)) {
        return -1;
    }

    last = otter_base64url_encode(text, data, len);

    rc = json_object_set_new(jwk, name,
                             json_stringn((char *) text,
                                          (size_t) (last - text)));
    OPENSSL_cleanse(text, sizeof(text));

    return rc;
}
