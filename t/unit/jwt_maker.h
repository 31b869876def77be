
/*
 * Copyright (C) Otter contributors
 */

/*
 * Makes tokens, sound and broken, with OpenSSL alone: nothing that is under
 * test has a hand in them.  The keys are those of RFC 7515, appendices A.1
 * and A.3, and of RFC 8037, appendix A.1.
 */


#ifndef OTTER_JWT_MAKER_H_INCLUDED
#define OTTER_JWT_MAKER_H_INCLUDED


#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/params.h>


enum {
    JWT_MAKER_TEXT_SIZE = 65536
};

typedef enum {
    JWT_MAKER_HS = 0,
    JWT_MAKER_ES,
    JWT_MAKER_ED
} jwt_maker_t;


static const char  jwt_maker_k[] =
    "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgU"
    "uTwjAzZr1Z9CAow";

static const char  jwt_maker_es_x[] =
    "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
static const char  jwt_maker_es_y[] =
    "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
static const char  jwt_maker_es_d[] =
    "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI";

static const char  jwt_maker_ed_x[] =
    "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
static const char  jwt_maker_ed_d[] =
    "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";


/* base64url by way of OpenSSL's base64; returns the byte after the last */

static inline char *
jwt_maker_encode(char *dst, const void *src, size_t len)
{
    int    n;
    char  *p;

    n = EVP_EncodeBlock((unsigned char *) dst, src, (int) len);

    for (p = dst; p < dst + n && *p != '='; p++) {
        if (*p == '+') {
            *p = '-';

        } else if (*p == '/') {
            *p = '_';
        }
    }

    *p = '\0';

    return p;
}


static inline size_t
jwt_maker_decode(unsigned char *dst, const char *src)
{
    int     n;
    char    text[256];
    size_t  i, len;

    len = strlen(src);

    for (i = 0; i < len; i++) {
        text[i] = src[i] == '-' ? '+' : src[i] == '_' ? '/' : src[i];
    }

    while (i % 4) {
        text[i++] = '=';
    }

    n = EVP_DecodeBlock(dst, (unsigned char *) text, (int) i);

    return (size_t) n - (i - len);
}


static inline EVP_PKEY *
jwt_maker_es_pkey(void)
{
    char            group[] = "prime256v1";
    BIGNUM         *d;
    EVP_PKEY       *pkey;
    OSSL_PARAM      params[4];
    EVP_PKEY_CTX   *ctx;
    unsigned char   point[80], bytes[48], native[32];

    point[0] = 0x04;
    jwt_maker_decode(point + 1, jwt_maker_es_x);
    jwt_maker_decode(point + 33, jwt_maker_es_y);
    jwt_maker_decode(bytes, jwt_maker_es_d);

    d = BN_bin2bn(bytes, 32, NULL);
    BN_bn2nativepad(d, native, 32);
    BN_free(d);

    params[0] = OSSL_PARAM_construct_utf8_string("group", group, 0);
    params[1] = OSSL_PARAM_construct_octet_string("pub", point, 65);
    params[2] = OSSL_PARAM_construct_BN("priv", native, 32);
    params[3] = OSSL_PARAM_construct_end();

    pkey = NULL;
    ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);

    EVP_PKEY_fromdata_init(ctx);
    EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_KEYPAIR, params);
    EVP_PKEY_CTX_free(ctx);

    return pkey;
}


static inline size_t
jwt_maker_sign_es(unsigned char *dst, const char *input, size_t len)
{
    size_t                n;
    ECDSA_SIG            *pair;
    EVP_PKEY             *pkey;
    EVP_MD_CTX           *ctx;
    unsigned char         der[128];
    const unsigned char  *p;

    pkey = jwt_maker_es_pkey();
    ctx = EVP_MD_CTX_new();
    n = sizeof(der);

    EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, pkey);
    EVP_DigestSign(ctx, der, &n, (const unsigned char *) input, len);

    p = der;
    pair = d2i_ECDSA_SIG(NULL, &p, (long) n);

    BN_bn2binpad(ECDSA_SIG_get0_r(pair), dst, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair), dst + 32, 32);

    ECDSA_SIG_free(pair);
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(pkey);

    return 64;
}


static inline size_t
jwt_maker_sign_ed(unsigned char *dst, const char *input, size_t len)
{
    size_t          n;
    EVP_PKEY       *pkey;
    EVP_MD_CTX     *ctx;
    unsigned char   d[48];

    jwt_maker_decode(d, jwt_maker_ed_d);

    pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, d, 32);
    ctx = EVP_MD_CTX_new();
    n = 64;

    EVP_DigestSignInit(ctx, NULL, NULL, NULL, pkey);
    EVP_DigestSign(ctx, dst, &n, (const unsigned char *) input, len);

    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(pkey);

    return n;
}


static inline size_t
jwt_maker_sign_hs(unsigned char *dst, const void *key, size_t key_len,
    const char *input, size_t len)
{
    unsigned  n;

    HMAC(EVP_sha256(), key, (int) key_len, (const unsigned char *) input, len,
         dst, &n);

    return n;
}


static inline size_t
jwt_maker_signature(unsigned char *dst, jwt_maker_t maker, const char *input,
    size_t len)
{
    size_t         n;
    unsigned char  k[128];

    if (maker == JWT_MAKER_ES) {
        return jwt_maker_sign_es(dst, input, len);
    }

    if (maker == JWT_MAKER_ED) {
        return jwt_maker_sign_ed(dst, input, len);
    }

    n = jwt_maker_decode(k, jwt_maker_k);

    return jwt_maker_sign_hs(dst, k, n, input, len);
}


/* header and payload, encoded and joined by a dot; to be freed */

static inline char *
jwt_maker_input(const void *header, size_t header_len, const void *payload,
    size_t payload_len)
{
    char  *text, *p;

    text = malloc(JWT_MAKER_TEXT_SIZE);
    if (text == NULL) {
        abort();
    }

    p = jwt_maker_encode(text, header, header_len);
    *p++ = '.';
    (void) jwt_maker_encode(p, payload, payload_len);

    return text;
}


/* a token; header and payload may be any bytes; to be freed */

static inline char *
jwt_maker_bytes(jwt_maker_t maker, const void *header, size_t header_len,
    const void *payload, size_t payload_len)
{
    char           *text, *p;
    size_t          n;
    unsigned char   signature[64];

    text = jwt_maker_input(header, header_len, payload, payload_len);

    n = jwt_maker_signature(signature, maker, text, strlen(text));

    p = text + strlen(text);
    *p++ = '.';
    (void) jwt_maker_encode(p, signature, n);

    return text;
}


static inline char *
jwt_maker_token(jwt_maker_t maker, const char *header, const char *payload)
{
    return jwt_maker_bytes(maker, header, strlen(header), payload,
                           strlen(payload));
}


/* HS256 with a key of one's own */

static inline char *
jwt_maker_hmac(const void *key, size_t key_len, const char *header,
    const char *payload)
{
    char           *text, *p;
    size_t          n;
    unsigned char   signature[64];

    text = jwt_maker_input(header, strlen(header), payload, strlen(payload));

    n = jwt_maker_sign_hs(signature, key, key_len, text, strlen(text));

    p = text + strlen(text);
    *p++ = '.';
    (void) jwt_maker_encode(p, signature, n);

    return text;
}


#endif /* OTTER_JWT_MAKER_H_INCLUDED */
