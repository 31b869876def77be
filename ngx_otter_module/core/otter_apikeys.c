
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "otter_apikeys.h"
#include "otter_time.h"


enum {
    OTTER_APIKEY_ROOMS_MAX = 256       /* bytes of a pattern */
};


static int otter_apikeys_read(otter_apikeys_t *keys, const json_t *list,
    char *error);
static const char *otter_apikey_read(otter_apikey_t *key,
    const json_t *entry);
static int otter_apikey_read_hash(unsigned char *dst, const json_t *entry,
    const char *name);
static const char *otter_apikey_read_previous(otter_apikey_t *key,
    const json_t *entry);
static const char *otter_apikey_read_rate(otter_apikey_t *key,
    const json_t *entry);
static const char *otter_apikey_read_rooms(otter_apikey_t *key,
    const json_t *entry);
static const char *otter_apikey_read_scopes(otter_apikey_t *key,
    const json_t *entry);
static const char *otter_apikey_read_times(otter_apikey_t *key,
    const json_t *entry);
static int otter_apikey_read_time(int64_t *seconds, const json_t *entry,
    const char *name);
static int otter_apikey_hex(unsigned char ch);


otter_apikeys_t *
otter_apikeys_parse(const char *text, size_t len,
    char error[OTTER_APIKEY_ERROR_SIZE])
{
    json_t           *list;
    json_error_t      je;
    otter_apikeys_t  *keys;

    keys = calloc(1, sizeof(otter_apikeys_t));
    if (keys == NULL) {
        snprintf(error, OTTER_APIKEY_ERROR_SIZE, "no memory");
        return NULL;
    }

    keys->root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &je);

    if (keys->root == NULL) {
        snprintf(error, OTTER_APIKEY_ERROR_SIZE, "%s in line %d",
                 json_error_code(&je) == json_error_duplicate_key
                 ? "a name stands twice in one object"
                 : "it is not valid JSON", je.line);
        goto failed;
    }

    list = json_object_get(keys->root, "keys");

    if (!json_is_array(list)) {
        snprintf(error, OTTER_APIKEY_ERROR_SIZE,
                 "it is not a file of API keys: there is no array \"keys\"");
        goto failed;
    }

    if (otter_apikeys_read(keys, list, error) != 0) {
        goto failed;
    }

    return keys;

failed:

    otter_apikeys_free(keys);

    return NULL;
}


static int
otter_apikeys_read(otter_apikeys_t *keys, const json_t *list, char *error)
{
    size_t           i, n;
    const char      *reason;
    otter_apikey_t  *key;

    n = json_array_size(list);

    keys->keys = calloc(n ? n : 1, sizeof(otter_apikey_t));
    if (keys->keys == NULL) {
        snprintf(error, OTTER_APIKEY_ERROR_SIZE, "no memory");
        return -1;
    }

    for (i = 0; i < n; i++) {
        key = &keys->keys[i];

        reason = otter_apikey_read(key, json_array_get(list, i));
        if (reason) {
            snprintf(error, OTTER_APIKEY_ERROR_SIZE, "key %zu%s%.*s%s: %s",
                     i + 1, key->id.len ? " (\"" : "", (int) key->id.len,
                     key->id.len ? (const char *) key->id.data : "",
                     key->id.len ? "\")" : "", reason);
            return -1;
        }

        keys->nkeys++;
    }

    qsort(keys->keys, n, sizeof(otter_apikey_t), otter_apikey_compare);

    for (i = 1; i < n; i++) {
        key = &keys->keys[i];

        if (otter_apikey_compare(key - 1, key) == 0) {
            snprintf(error, OTTER_APIKEY_ERROR_SIZE,
                     "two keys have the id \"%.*s\"", (int) key->id.len,
                     (const char *) key->id.data);
            return -1;
        }
    }

    return 0;
}


static const char *
otter_apikey_read(otter_apikey_t *key, const json_t *entry)
{
    const char           *error;
    const json_t         *id;
    const unsigned char  *data;

    if (!json_is_object(entry)) {
        return "a key must be an object";
    }

    id = json_object_get(entry, "id");
    data = (const unsigned char *) json_string_value(id);

    if (data == NULL || !otter_apikey_id_valid(data, json_string_length(id))) {
        return "\"id\" must be 1 to 64 of A-Z a-z 0-9 . -";
    }

    key->id.data = data;
    key->id.len = json_string_length(id);

    if (otter_apikey_id_reserved(key->id.data, key->id.len)) {
        return "\"id\" must not be \"guest\", which stands for those without "
               "a key";
    }

    if (otter_apikey_read_hash(key->hash, entry, "hash") != 0) {
        return "\"hash\" must be 64 hex digits";
    }

    error = otter_apikey_read_previous(key, entry);
    if (error) {
        return error;
    }

    error = otter_apikey_read_rate(key, entry);
    if (error) {
        return error;
    }

    error = otter_apikey_read_rooms(key, entry);
    if (error) {
        return error;
    }

    error = otter_apikey_read_scopes(key, entry);
    if (error) {
        return error;
    }

    return otter_apikey_read_times(key, entry);
}


static int
otter_apikey_read_hash(unsigned char *dst, const json_t *entry,
    const char *name)
{
    int                   high, low;
    size_t                i;
    const json_t         *hash;
    const unsigned char  *hex;

    hash = json_object_get(entry, name);
    hex = (const unsigned char *) json_string_value(hash);

    if (hex == NULL
        || json_string_length(hash) != (size_t) 2 * OTTER_APIKEY_HASH_SIZE)
    {
        return -1;
    }

    for (i = 0; i < OTTER_APIKEY_HASH_SIZE; i++) {
        high = otter_apikey_hex(hex[2 * i]);
        low = otter_apikey_hex(hex[2 * i + 1]);

        if (high < 0 || low < 0) {
            return -1;
        }

        dst[i] = (unsigned char) (high << 4 | low);
    }

    return 0;
}


/* none without the time, which is how long it is still good */

static const char *
otter_apikey_read_previous(otter_apikey_t *key, const json_t *entry)
{
    if (json_object_get(entry, "previous_hash") == NULL) {
        return json_object_get(entry, "previous_until")
               ? "\"previous_until\" stands without \"previous_hash\"" : NULL;
    }

    if (otter_apikey_read_hash(key->previous, entry, "previous_hash") != 0) {
        return "\"previous_hash\" must be 64 hex digits";
    }

    if (otter_apikey_read_time(&key->previous_until, entry, "previous_until")
        != 0
        || key->previous_until == 0)
    {
        return "\"previous_until\" must be as 2026-01-31T23:59:59Z";
    }

    return NULL;
}


static const char *
otter_apikey_read_rate(otter_apikey_t *key, const json_t *entry)
{
    json_int_t     n;
    const json_t  *rate;

    rate = json_object_get(entry, "rate");

    if (rate == NULL) {
        return NULL;
    }

    n = json_integer_value(rate);

    if (n < 1 || n > OTTER_APIKEY_RATE_MAX) {
        return "\"rate\" must be 1 to 1000000 requests a second";
    }

    key->rate = (unsigned) n;

    return NULL;
}


static const char *
otter_apikey_read_rooms(otter_apikey_t *key, const json_t *entry)
{
    size_t         i;
    const json_t  *rooms;

    rooms = json_object_get(entry, "rooms");

    if (rooms == NULL) {
        key->rooms.data = (const unsigned char *) "*";
        key->rooms.len = 1;

        return NULL;
    }

    key->rooms.data = (const unsigned char *) json_string_value(rooms);
    key->rooms.len = json_string_length(rooms);

    if (key->rooms.data == NULL
        || key->rooms.len == 0 || key->rooms.len > OTTER_APIKEY_ROOMS_MAX)
    {
        return "\"rooms\" must be a pattern of 1 to 256 characters";
    }

    for (i = 0; i < key->rooms.len; i++) {
        if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                   "0123456789._~-*", key->rooms.data[i])
            == NULL)
        {
            return "\"rooms\" may hold A-Z a-z 0-9 . _ ~ - and * only";
        }
    }

    return NULL;
}


static const char *
otter_apikey_read_scopes(otter_apikey_t *key, const json_t *entry)
{
    size_t         i;
    unsigned       bit;
    const char    *name;
    const json_t  *scopes, *scope;

    scopes = json_object_get(entry, "scopes");

    if (scopes == NULL) {
        key->scopes = OTTER_SCOPE_ALL;
        return NULL;
    }

    if (!json_is_array(scopes)) {
        return "\"scopes\" must be an array";
    }

    for (i = 0; i < json_array_size(scopes); i++) {
        scope = json_array_get(scopes, i);
        name = json_string_value(scope);

        bit = name ? otter_apikey_scope((const unsigned char *) name,
                                        json_string_length(scope))
                   : 0;

        if (bit == 0) {
            return "a scope must be \"token\", \"rooms\", \"turn\" or "
                   "\"admin\"";
        }

        key->scopes |= bit;
    }

    return NULL;
}


static const char *
otter_apikey_read_times(otter_apikey_t *key, const json_t *entry)
{
    int64_t  created, revoked;

    if (otter_apikey_read_time(&created, entry, "created_at") != 0) {
        return "\"created_at\" must be as 2026-01-31T23:59:59Z";
    }

    if (otter_apikey_read_time(&key->expires, entry, "expires_at") != 0) {
        return "\"expires_at\" must be as 2026-01-31T23:59:59Z";
    }

    if (otter_apikey_read_time(&revoked, entry, "revoked_at") != 0) {
        return "\"revoked_at\" must be as 2026-01-31T23:59:59Z";
    }

    key->revoked = json_object_get(entry, "revoked_at") != NULL;

    return NULL;
}


static int
otter_apikey_read_time(int64_t *seconds, const json_t *entry,
    const char *name)
{
    const json_t  *value;

    *seconds = 0;

    value = json_object_get(entry, name);

    if (value == NULL) {
        return 0;
    }

    if (!json_is_string(value)) {
        return -1;
    }

    *seconds = otter_time_parse((const unsigned char *)
                                    json_string_value(value),
                                json_string_length(value));

    /* 0 stands for "never" */

    return *seconds > 0 ? 0 : -1;
}


static int
otter_apikey_hex(unsigned char ch)
{
    if (ch >= '0' && ch <= '9') {
        return ch - '0';
    }

    if (ch >= 'a' && ch <= 'f') {
        return ch - 'a' + 10;
    }

    return ch >= 'A' && ch <= 'F' ? ch - 'A' + 10 : -1;
}


void
otter_apikeys_free(otter_apikeys_t *keys)
{
    if (keys == NULL) {
        return;
    }

    json_decref(keys->root);
    free(keys->keys);
    free(keys);
}
