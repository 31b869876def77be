
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "otter_jwk.h"
#include "otter_random.h"


enum {
    OTTER_KEYSET_KID_SHOWN = 40,       /* of a kid in an error */
    OTTER_KEYSET_RANDOM_KID = 16
};


struct otter_keyset_s {
    size_t       nkeys;
    size_t       preferred;            /* its number, from 1; 0: none */
    int64_t      preferred_until;
    otter_key_t  keys[OTTER_KEYSET_MAX];
};


static json_t *otter_keyset_load(const char *text, size_t len, char *error);
static int otter_keyset_read(otter_keyset_t *set, const json_t *keys,
    char *error);
static void otter_keyset_wipe(json_t *root);


otter_keyset_t *
otter_keyset_parse(const char *text, size_t len,
    char error[OTTER_KEYSET_ERROR_SIZE])
{
    int              rc;
    json_t          *root, *keys;
    otter_keyset_t  *set;

    root = otter_keyset_load(text, len, error);
    if (root == NULL) {
        return NULL;
    }

    rc = -1;
    set = NULL;

    keys = json_object_get(root, "keys");

    if (!json_is_array(keys)) {
        snprintf(error, OTTER_KEYSET_ERROR_SIZE,
                 "it is not a JWK Set: there is no array \"keys\"");

    } else if (json_array_size(keys) == 0) {
        snprintf(error, OTTER_KEYSET_ERROR_SIZE, "there is no key in it");

    } else if (json_array_size(keys) > OTTER_KEYSET_MAX) {
        snprintf(error, OTTER_KEYSET_ERROR_SIZE,
                 "there are more than %d keys in it", OTTER_KEYSET_MAX);

    } else {
        set = calloc(1, sizeof(otter_keyset_t));

        if (set == NULL) {
            snprintf(error, OTTER_KEYSET_ERROR_SIZE, "no memory");

        } else {
            rc = otter_keyset_read(set, keys, error);
        }
    }

    otter_keyset_wipe(root);
    json_decref(root);

    if (rc != 0) {
        otter_keyset_free(set);
        return NULL;
    }

    return set;
}


/*
 * jansson's own messages quote the text, and a secret must not get into an
 * error: only the line is told.
 */

static json_t *
otter_keyset_load(const char *text, size_t len, char *error)
{
    json_t        *root;
    json_error_t   je;

    root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &je);

    if (root == NULL) {
        if (json_error_code(&je) == json_error_duplicate_key) {
            snprintf(error, OTTER_KEYSET_ERROR_SIZE,
                     "a name stands twice in one object in line %d",
                     je.line);
        } else {
            snprintf(error, OTTER_KEYSET_ERROR_SIZE,
                     "it is not valid JSON in line %d", je.line);
        }
    }

    return root;
}


static int
otter_keyset_read(otter_keyset_t *set, const json_t *keys, char *error)
{
    size_t        i;
    const char   *reason;
    otter_key_t   key;

    for (i = 0; i < json_array_size(keys); i++) {
        memset(&key, 0, sizeof(otter_key_t));

        reason = otter_jwk_read(&key, json_array_get(keys, i));

        if (reason == NULL
            && otter_keyset_find(set, (unsigned char *) key.kid,
                                 strlen(key.kid)))
        {
            reason = "another key has this \"kid\"";
        }

        if (reason) {
            snprintf(error, OTTER_KEYSET_ERROR_SIZE, "key %zu%s%.*s%s: %s",
                     i + 1, key.kid[0] ? " (\"" : "",
                     OTTER_KEYSET_KID_SHOWN, key.kid,
                     key.kid[0] ? "\")" : "", reason);
            otter_jwk_clear(&key);

            return -1;
        }

        set->keys[i] = key;
        set->nkeys = i + 1;
    }

    return 0;
}


static void
otter_keyset_wipe(json_t *root)
{
    size_t   i;
    json_t  *keys;

    keys = json_object_get(root, "keys");

    for (i = 0; i < json_array_size(keys); i++) {
        otter_jwk_wipe(json_array_get(keys, i));
    }
}


otter_keyset_t *
otter_keyset_random(void)
{
    otter_key_t     *key;
    otter_keyset_t  *set;

    set = calloc(1, sizeof(otter_keyset_t));
    if (set == NULL) {
        return NULL;
    }

    set->nkeys = 1;

    key = &set->keys[0];
    key->alg = OTTER_ALG_HS256;
    key->signs = 1;
    key->secret_len = OTTER_KEYSET_SECRET_MIN;
    key->secret = malloc(key->secret_len);

    if (key->secret == NULL
        || otter_random_bytes(key->secret, key->secret_len) != 0
        || otter_random_name((unsigned char *) key->kid,
                             OTTER_KEYSET_RANDOM_KID)
           != 0
        || otter_key_prepare(key) != 0)
    {
        otter_keyset_free(set);
        return NULL;
    }

    return set;
}


void
otter_keyset_free(otter_keyset_t *set)
{
    size_t  i;

    if (set == NULL) {
        return;
    }

    for (i = 0; i < set->nkeys; i++) {
        otter_jwk_clear(&set->keys[i]);
    }

    free(set);
}


const otter_key_t *
otter_keyset_find(const otter_keyset_t *set, const unsigned char *kid,
    size_t len)
{
    size_t              i;
    const otter_key_t  *key;

    for (i = 0; i < set->nkeys; i++) {
        key = &set->keys[i];

        if (strlen(key->kid) == len && memcmp(key->kid, kid, len) == 0) {
            return key;
        }
    }

    return NULL;
}


const otter_key_t *
otter_keyset_of_header(const otter_keyset_t *set, const otter_span_t *segment)
{
    size_t  i;

    for (i = 0; i < set->nkeys; i++) {
        if (otter_key_has_header(&set->keys[i], segment)) {
            return &set->keys[i];
        }
    }

    return NULL;
}


const otter_key_t *
otter_keyset_signer(const otter_keyset_t *set, int64_t now)
{
    size_t              i;
    const otter_key_t  *key, *next;

    if (set->preferred && now < set->preferred_until) {
        key = &set->keys[set->preferred - 1];

        if (otter_key_verifies(key, now)) {
            return key;
        }
    }

    next = NULL;

    for (i = 0; i < set->nkeys; i++) {
        key = &set->keys[i];

        if (!key->signs || !otter_key_verifies(key, now)) {
            continue;
        }

        if (key->signs_from <= now) {
            return key;
        }

        if (next == NULL || key->signs_from < next->signs_from) {
            next = key;
        }
    }

    return next;
}


void
otter_keyset_prefer(otter_keyset_t *set, const char *kid, int64_t until)
{
    size_t  i;

    set->preferred = 0;
    set->preferred_until = until;

    for (i = 0; i < set->nkeys; i++) {
        if (set->keys[i].signs && strcmp(set->keys[i].kid, kid) == 0) {
            set->preferred = i + 1;
        }
    }
}


int
otter_key_verifies(const otter_key_t *key, int64_t now)
{
    return key->verifies_until == 0 || now < key->verifies_until;
}


int64_t
otter_key_end(const otter_key_t *key)
{
    return key->verifies_until;
}


otter_alg_t
otter_key_alg(const otter_key_t *key)
{
    return key->alg;
}


const char *
otter_key_kid(const otter_key_t *key)
{
    return key->kid;
}


char *
otter_keyset_public(const otter_keyset_t *set, int64_t now)
{
    int      rc;
    char    *text;
    size_t   i;
    json_t  *root, *keys;

    root = json_object();
    keys = json_array();

    rc = json_object_set(root, "keys", keys);

    for (i = 0; rc == 0 && i < set->nkeys; i++) {
        if (set->keys[i].alg != OTTER_ALG_HS256
            && otter_key_verifies(&set->keys[i], now))
        {
            rc = json_array_append_new(keys, otter_jwk_public(&set->keys[i]));
        }
    }

    text = rc == 0 ? json_dumps(root, JSON_COMPACT) : NULL;

    json_decref(keys);
    json_decref(root);

    return text;
}
