
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/crypto.h>

#include "otter_random.h"
#include "otter_secret.h"
#include "otter_time.h"


static int otter_secret_kid_valid(const char *kid);
static int otter_secret_kid_make(char *kid);


static const char *const  otter_secret_algs[] = { "HS256", "ES256", "EdDSA" };


int
otter_secret_alg(const char *name, otter_alg_t *alg)
{
    size_t  i;

    for (i = 0; i < sizeof(otter_secret_algs) / sizeof(char *); i++) {
        if (strcmp(name, otter_secret_algs[i]) == 0) {
            *alg = (otter_alg_t) i;
            return 0;
        }
    }

    return -1;
}


const char *
otter_secret_alg_name(otter_alg_t alg)
{
    return otter_secret_algs[alg];
}


int
otter_secret_kid(const otter_cmd_t *cmd, const char **kid,
    char made[OTTER_SECRET_KID_SIZE])
{
    if (*kid == NULL) {
        *kid = made;

        return otter_secret_kid_make(made) == 0
               ? OTTER_EXIT_OK
               : otter_cmd_refused(cmd, "there is no randomness");
    }

    return otter_secret_kid_valid(*kid)
           ? OTTER_EXIT_OK
           : otter_cmd_misused(cmd, "--kid must be 1 to 128 characters of "
                               "printable ASCII");
}


static int
otter_secret_kid_valid(const char *kid)
{
    const char  *p;

    for (p = kid; *p; p++) {
        if (*p < 0x20 || *p > 0x7e) {
            return 0;
        }
    }

    return p > kid && p - kid <= OTTER_KID_MAX;
}


/* the date tells a person which is which */

static int
otter_secret_kid_make(char *kid)
{
    time_t         now;
    struct tm      tm;
    unsigned char  name[4];

    now = time(NULL);

    if (gmtime_r(&now, &tm) == NULL
        || otter_random_name(name, sizeof(name)) != 0)
    {
        return -1;
    }

    snprintf(kid, OTTER_SECRET_KID_SIZE, "%04d-%02d-%02d-%.4s",
             (tm.tm_year + 1900) % 10000, (tm.tm_mon + 1) % 100,
             tm.tm_mday % 100, (char *) name);

    return 0;
}


json_t *
otter_secret_generate(otter_alg_t alg, const char *kid, int64_t signs_from)
{
    int      rc;
    char    *text;
    size_t   len;
    json_t  *key;

    text = otter_key_generate(alg, kid);
    if (text == NULL) {
        return NULL;
    }

    len = strlen(text);
    key = json_loadb(text, len, 0, NULL);

    OPENSSL_cleanse(text, len);
    free(text);

    rc = json_object_set_new(key, "otter_created_at",
                             otter_cmd_time(time(NULL)));
    if (signs_from) {
        rc |= json_object_set_new(key, "otter_signs_from",
                                  otter_cmd_time(signs_from));
    }

    if (rc != 0) {
        json_decref(key);
        return NULL;
    }

    return key;
}


int64_t
otter_secret_time(const json_t *key, const char *member)
{
    const json_t  *value;

    value = json_object_get(key, member);

    if (!json_is_string(value)) {
        return 0;
    }

    return otter_time_parse((const unsigned char *) json_string_value(value),
                            json_string_length(value));
}


int
otter_secret_private(const json_t *key)
{
    return json_object_get(key, "d") || json_object_get(key, "k");
}


otter_alg_t
otter_secret_alg_of(const json_t *key)
{
    const char  *kty;

    kty = json_string_value(json_object_get(key, "kty"));

    return strcmp(kty, "oct") == 0 ? OTTER_ALG_HS256
           : strcmp(kty, "EC") == 0 ? OTTER_ALG_ES256 : OTTER_ALG_EDDSA;
}


/* as nginx picks it: the file is small */

json_t *
otter_secret_signer(const otter_store_t *store, int64_t now)
{
    char               *text;
    size_t              len;
    json_t             *key;
    otter_keyset_t     *set;
    const otter_key_t  *signer;
    char                error[OTTER_KEYSET_ERROR_SIZE];

    text = json_dumps(store->root, JSON_COMPACT);
    if (text == NULL) {
        return NULL;
    }

    len = strlen(text);
    set = otter_keyset_parse(text, len, error);

    OPENSSL_cleanse(text, len);
    free(text);

    if (set == NULL) {
        return NULL;
    }

    signer = otter_keyset_signer(set, now);
    key = signer ? otter_store_find(store, "kid", otter_key_kid(signer))
                 : NULL;

    otter_keyset_free(set);

    return key;
}
