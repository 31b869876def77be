
/*
 * Copyright (C) Otter contributors
 */


#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "otter_webhook.h"


enum {
    OTTER_WEBHOOK_HASH_SIZE = 32,
    OTTER_WEBHOOK_BASE64_MAX = (OTTER_WEBHOOK_SECRET_MAX + 2) / 3 * 4
};


static const char  otter_webhook_prefix[] = "whsec_";


const char *
otter_webhook_secret(otter_webhook_secret_t *secret, const char *text)
{
    int            n;
    size_t         len, pad;
    unsigned char  data[OTTER_WEBHOOK_BASE64_MAX];

    if (strncmp(text, otter_webhook_prefix,
                sizeof(otter_webhook_prefix) - 1) != 0)
    {
        return "must begin with \"whsec_\"";
    }

    text += sizeof(otter_webhook_prefix) - 1;
    len = strlen(text);

    if (len == 0 || len > OTTER_WEBHOOK_BASE64_MAX || len % 4) {
        return "must be base64 of 24 to 64 bytes after \"whsec_\"";
    }

    n = EVP_DecodeBlock(data, (const unsigned char *) text, (int) len);

    pad = (text[len - 1] == '=') + (size_t) (text[len - 2] == '=');

    if (n < 0 || strcspn(text, "=") != len - pad
        || (size_t) n - pad < OTTER_WEBHOOK_SECRET_MIN
        || (size_t) n - pad > OTTER_WEBHOOK_SECRET_MAX)
    {
        OPENSSL_cleanse(data, sizeof(data));
        return "must be base64 of 24 to 64 bytes after \"whsec_\"";
    }

    secret->len = (size_t) n - pad;
    memcpy(secret->data, data, secret->len);

    OPENSSL_cleanse(data, sizeof(data));

    return NULL;
}


int
otter_webhook_sign(char signature[OTTER_WEBHOOK_SIGNATURE_SIZE],
    const otter_webhook_secret_t *secret, const char *id, int64_t timestamp,
    const char *body, size_t len)
{
    int             rc, n;
    char            head[128];
    size_t          size;
    EVP_MAC        *mac;
    OSSL_PARAM      params[2];
    EVP_MAC_CTX    *ctx;
    unsigned char   hash[OTTER_WEBHOOK_HASH_SIZE];

    n = snprintf(head, sizeof(head), "%s.%lld.", id, (long long) timestamp);

    if (n < 0 || (size_t) n >= sizeof(head)) {
        return -1;
    }

    params[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST,
                                                 (char *) "SHA256", 0);
    params[1] = OSSL_PARAM_construct_end();

    mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    ctx = mac ? EVP_MAC_CTX_new(mac) : NULL;

    rc = -1;

    if (ctx && EVP_MAC_init(ctx, secret->data, secret->len, params)
        && EVP_MAC_update(ctx, (unsigned char *) head, (size_t) n)
        && EVP_MAC_update(ctx, (const unsigned char *) body, len)
        && EVP_MAC_final(ctx, hash, &size, sizeof(hash))
        && size == sizeof(hash))
    {
        memcpy(signature, "v1,", 3);
        (void) EVP_EncodeBlock((unsigned char *) signature + 3, hash,
                               sizeof(hash));
        rc = 0;
    }

    EVP_MAC_CTX_free(ctx);
    EVP_MAC_free(mac);

    return rc;
}
