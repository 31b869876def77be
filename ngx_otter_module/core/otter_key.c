
/*
 * Copyright (C) Otter contributors
 */


#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "otter_base64url.h"
#include "otter_jwk.h"


static char *otter_key_make_header(const otter_key_t *key,
    const char *const *names);


/* as Otter and libjwt write it, and as many libraries for other languages */

static const char *const  otter_key_headers[OTTER_JWK_HEADERS][3] = {
    { "alg", "kid", "typ" },
    { "alg", "typ", "kid" }
};


int
otter_key_prepare(otter_key_t *key)
{
    unsigned  i;

    for (i = 0; i < OTTER_JWK_HEADERS; i++) {
        key->headers[i] = otter_key_make_header(key, otter_key_headers[i]);

        if (key->headers[i] == NULL) {
            return -1;
        }
    }

    if (key->alg == OTTER_ALG_HS256) {
        otter_hmac_init(&key->hmac, key->secret, key->secret_len);
    }

    return 0;
}


void
otter_key_release(otter_key_t *key)
{
    unsigned  i;

    for (i = 0; i < OTTER_JWK_HEADERS; i++) {
        free(key->headers[i]);
    }

    OPENSSL_cleanse(&key->hmac, sizeof(otter_hmac_t));
}


static char *
otter_key_make_header(const otter_key_t *key, const char *const *names)
{
    int          rc;
    char        *text, *header;
    size_t       i, len;
    json_t      *tree;
    const char  *value;

    rc = 0;
    tree = json_object();

    for (i = 0; i < 3; i++) {
        value = names[i][0] == 'k' ? key->kid
                : names[i][0] == 'a' ? otter_alg_name(key->alg) : "JWT";

        rc |= json_object_set_new(tree, names[i], json_string(value));
    }

    text = rc == 0 ? json_dumps(tree, JSON_COMPACT) : NULL;

    json_decref(tree);

    if (text == NULL) {
        return NULL;
    }

    len = strlen(text);
    header = malloc(otter_base64url_size(len) + 1);

    if (header) {
        *otter_base64url_encode((unsigned char *) header,
                                (unsigned char *) text, len) = '\0';
    }

    free(text);

    return header;
}


const char *
otter_key_header(const otter_key_t *key)
{
    return key->headers[0];
}


int
otter_key_has_header(const otter_key_t *key, const otter_span_t *segment)
{
    unsigned  i;

    for (i = 0; i < OTTER_JWK_HEADERS; i++) {

        if (strlen(key->headers[i]) == segment->len
            && memcmp(key->headers[i], segment->data, segment->len) == 0)
        {
            return 1;
        }
    }

    return 0;
}
