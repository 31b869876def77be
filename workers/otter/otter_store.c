
/*
 * Copyright (C) Otter contributors
 */


#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "otter_apikey.h"
#include "otter_jwk.h"
#include "otter_store.h"


static int otter_store_load(otter_store_t *store, unsigned may_be_missing,
    char *error);
static int otter_store_parse(otter_store_t *store, const otter_file_t *file,
    char *error);
static int otter_store_fresh(otter_store_t *store, char *error);
static int otter_store_check(const otter_store_t *store, const char *text,
    size_t len, char *error);


int
otter_store_read(otter_store_t *store, otter_store_kind_t kind,
    const char *path, char error[OTTER_FILE_ERROR_SIZE])
{
    memset(store, 0, sizeof(otter_store_t));

    store->kind = kind;
    store->path = path;
    store->lock = -1;

    return otter_store_load(store, 0, error);
}


int
otter_store_edit(otter_store_t *store, otter_store_kind_t kind,
    const char *path, char error[OTTER_FILE_ERROR_SIZE])
{
    memset(store, 0, sizeof(otter_store_t));

    store->kind = kind;
    store->path = path;

    store->lock = otter_file_lock(path, error);
    if (store->lock == -1) {
        return -1;
    }

    if (otter_store_load(store, 1, error) != 0) {
        otter_store_close(store);
        return -1;
    }

    return 0;
}


static int
otter_store_load(otter_store_t *store, unsigned may_be_missing, char *error)
{
    int           rc;
    otter_file_t  file;

    rc = otter_file_read(&file, store->path, error);

    if (may_be_missing && (rc == ENOENT || (rc == 0 && file.len == 0))) {
        otter_file_free(&file);
        return otter_store_fresh(store, error);
    }

    if (rc != 0) {
        return -1;
    }

    rc = otter_store_parse(store, &file, error);

    otter_file_free(&file);

    if (rc != 0) {
        otter_store_close(store);
    }

    return rc;
}


static int
otter_store_parse(otter_store_t *store, const otter_file_t *file, char *error)
{
    store->root = json_loadb(file->data, file->len, JSON_REJECT_DUPLICATES,
                             NULL);

    store->keys = json_object_get(store->root, "keys");

    /* a set whose last key was taken out by hand is no mistake here */

    if (json_is_array(store->keys) && json_array_size(store->keys) == 0) {
        return 0;
    }

    return otter_store_check(store, file->data, file->len, error);
}


static int
otter_store_fresh(otter_store_t *store, char *error)
{
    store->root = json_object();
    store->keys = json_array();

    if (json_object_set_new(store->root, "keys", store->keys) != 0) {
        snprintf(error, OTTER_FILE_ERROR_SIZE, "no memory");
        return -1;
    }

    return 0;
}


static int
otter_store_check(const otter_store_t *store, const char *text, size_t len,
    char *error)
{
    char              reason[OTTER_KEYSET_ERROR_SIZE];
    otter_keyset_t   *set;
    otter_apikeys_t  *keys;

    if (store->kind == OTTER_STORE_API_KEYS) {
        keys = otter_apikeys_parse(text, len, reason);

        if (keys) {
            otter_apikeys_free(keys);
            return 0;
        }

    } else {
        set = otter_keyset_parse(text, len, reason);

        if (set) {
            otter_keyset_free(set);
            return 0;
        }
    }

    snprintf(error, OTTER_FILE_ERROR_SIZE, "%s: %s", store->path, reason);

    return -1;
}


int
otter_store_save(otter_store_t *store, char error[OTTER_FILE_ERROR_SIZE])
{
    int      rc;
    char    *text;
    size_t   len;

    text = json_dumps(store->root, JSON_INDENT(2));
    if (text == NULL) {
        snprintf(error, OTTER_FILE_ERROR_SIZE, "no memory");
        return -1;
    }

    len = strlen(text);

    rc = otter_store_check(store, text, len, error);

    if (rc == 0) {

        /* the terminating zero makes room for the last line's end */

        text[len] = '\n';
        rc = otter_file_write(store->path, text, len + 1, error);
    }

    OPENSSL_cleanse(text, len);
    free(text);

    return rc;
}


void
otter_store_close(otter_store_t *store)
{
    size_t  i;

    for (i = 0; i < json_array_size(store->keys); i++) {
        otter_jwk_wipe(json_array_get(store->keys, i));
    }

    json_decref(store->root);

    if (store->lock != -1) {
        (void) close(store->lock);
    }

    store->root = NULL;
    store->keys = NULL;
    store->lock = -1;
}


json_t *
otter_store_find(const otter_store_t *store, const char *member,
    const char *value)
{
    size_t       i;
    json_t      *key;
    const char  *text;

    for (i = 0; i < json_array_size(store->keys); i++) {
        key = json_array_get(store->keys, i);
        text = json_string_value(json_object_get(key, member));

        if (text && strcmp(text, value) == 0) {
            return key;
        }
    }

    return NULL;
}
