
/*
 * Copyright (C) Otter contributors
 */


#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "otter_apikeys.h"
#include "otter_digest.h"
#include "otter_random.h"


typedef struct {
    const char  *name;
    unsigned     bit;
} otter_apikey_scope_t;


static const otter_apikey_t *otter_apikeys_find(const otter_apikeys_t *keys,
    const unsigned char *id, size_t len);
static size_t otter_apikey_split(const unsigned char *presented, size_t len);


static const otter_apikey_scope_t  otter_apikey_scopes[] = {
    { "token", OTTER_SCOPE_TOKEN },
    { "rooms", OTTER_SCOPE_ROOMS },
    { "turn", OTTER_SCOPE_TURN },
    { "admin", OTTER_SCOPE_ADMIN }
};


int
otter_apikey_compare(const void *one, const void *two)
{
    int                    rc;
    size_t                 len;
    const otter_apikey_t  *a, *b;

    a = one;
    b = two;

    len = a->id.len < b->id.len ? a->id.len : b->id.len;

    rc = memcmp(a->id.data, b->id.data, len);
    if (rc != 0) {
        return rc;
    }

    return (a->id.len > b->id.len) - (a->id.len < b->id.len);
}


size_t
otter_apikeys_count(const otter_apikeys_t *keys)
{
    return keys->nkeys;
}


int
otter_apikeys_only(const otter_apikeys_t *keys, const unsigned char *id,
    size_t len)
{
    return keys->nkeys == 1 && keys->keys[0].id.len == len
           && memcmp(keys->keys[0].id.data, id, len) == 0;
}


otter_apikey_rc_t
otter_apikeys_check(const otter_apikeys_t *keys,
    const unsigned char *presented, size_t len, int64_t now,
    const otter_apikey_t **key)
{
    int                    same, old;
    size_t                 id_len;
    unsigned char          hash[OTTER_APIKEY_HASH_SIZE];
    unsigned char          none[OTTER_APIKEY_HASH_SIZE] = { 0 };
    const otter_apikey_t  *found;

    id_len = otter_apikey_split(presented, len);

    if (id_len == 0) {
        return OTTER_APIKEY_MALFORMED;
    }

    otter_sha256(hash, presented, len);

    found = otter_apikeys_find(keys, presented + 4, id_len);

    /* an unknown id costs the same digest and comparisons */

    same = CRYPTO_memcmp(found ? found->hash : none, hash, sizeof(hash)) == 0;
    old = CRYPTO_memcmp(found ? found->previous : none, hash, sizeof(hash))
          == 0;

    old = old && found && now < found->previous_until;

    if (found == NULL || !(same || old)) {
        return OTTER_APIKEY_UNKNOWN;
    }

    if (found->revoked) {
        return OTTER_APIKEY_REVOKED;
    }

    if (found->expires && now >= found->expires) {
        return OTTER_APIKEY_EXPIRED;
    }

    *key = found;

    return OTTER_APIKEY_OK;
}


static const otter_apikey_t *
otter_apikeys_find(const otter_apikeys_t *keys, const unsigned char *id,
    size_t len)
{
    otter_apikey_t  sample;

    memset(&sample, 0, sizeof(otter_apikey_t));

    sample.id.data = id;
    sample.id.len = len;

    return bsearch(&sample, keys->keys, keys->nkeys, sizeof(otter_apikey_t),
                   otter_apikey_compare);
}


otter_span_t
otter_apikey_id(const unsigned char *presented, size_t len)
{
    otter_span_t  id;

    id.data = presented + 4;
    id.len = otter_apikey_split(presented, len);

    return id;
}


/* the length of the id in "otk_<id>_<secret>"; 0: it is not such a text */

static size_t
otter_apikey_split(const unsigned char *presented, size_t len)
{
    size_t         i, id_len;
    unsigned char  ch;

    if (len < 4 + 1 + 1 + OTTER_APIKEY_SECRET_SIZE
        || len > OTTER_APIKEY_SIZE_MAX
        || memcmp(presented, "otk_", 4) != 0)
    {
        return 0;
    }

    id_len = len - 4 - 1 - OTTER_APIKEY_SECRET_SIZE;

    if (!otter_apikey_id_valid(presented + 4, id_len)
        || presented[4 + id_len] != '_')
    {
        return 0;
    }

    for (i = 4 + id_len + 1; i < len; i++) {
        ch = presented[i];

        if (!((ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z')
              || (ch >= 'A' && ch <= 'Z')))
        {
            return 0;
        }
    }

    return id_len;
}


size_t
otter_apikey_generate(unsigned char dst[OTTER_APIKEY_SIZE_MAX],
    unsigned char hash[OTTER_APIKEY_HASH_SIZE], const char *id)
{
    size_t          len;
    unsigned char  *p;

    len = strlen(id);

    if (!otter_apikey_id_valid((const unsigned char *) id, len)) {
        return 0;
    }

    p = dst;

    memcpy(p, "otk_", 4);
    p += 4;

    memcpy(p, id, len);
    p += len;

    *p++ = '_';

    if (otter_random_name(p, OTTER_APIKEY_SECRET_SIZE) != 0) {
        return 0;
    }

    p += OTTER_APIKEY_SECRET_SIZE;

    len = (size_t) (p - dst);

    otter_sha256(hash, dst, len);

    return len;
}


int
otter_apikey_id_valid(const unsigned char *id, size_t len)
{
    size_t         i;
    unsigned char  ch;

    if (len == 0 || len > OTTER_APIKEY_ID_MAX) {
        return 0;
    }

    for (i = 0; i < len; i++) {
        ch = id[i];

        if (!((ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z')
              || (ch >= 'A' && ch <= 'Z') || ch == '.' || ch == '-'))
        {
            return 0;
        }
    }

    return 1;
}


int
otter_apikey_id_reserved(const unsigned char *id, size_t len)
{
    return len == sizeof("guest") - 1 && memcmp(id, "guest", len) == 0;
}


unsigned
otter_apikey_scope(const unsigned char *name, size_t len)
{
    size_t                       i;
    const otter_apikey_scope_t  *scope;

    for (i = 0; i < sizeof(otter_apikey_scopes) / sizeof(*scope); i++) {
        scope = &otter_apikey_scopes[i];

        if (strlen(scope->name) == len
            && memcmp(scope->name, name, len) == 0)
        {
            return scope->bit;
        }
    }

    return 0;
}
