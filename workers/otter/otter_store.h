
/*
 * Copyright (C) Otter contributors
 */

/*
 * A file of keys, read and changed as a tree, so that members which are not
 * known here are kept.
 */


#ifndef OTTER_STORE_H_INCLUDED
#define OTTER_STORE_H_INCLUDED


#include <jansson.h>

#include "otter_file.h"


typedef enum {
    OTTER_STORE_API_KEYS = 0,
    OTTER_STORE_SIGNING_KEYS
} otter_store_kind_t;

typedef struct {
    otter_store_kind_t   kind;
    const char          *path;
    int                  lock;         /* -1: not locked */
    json_t              *root;
    json_t              *keys;         /* the array in it */
} otter_store_t;


/* to look at; the file must be there */

int otter_store_read(otter_store_t *store, otter_store_kind_t kind,
    const char *path, char error[OTTER_FILE_ERROR_SIZE]);

/*
 * To change: locks out others until otter_store_close().  A file that is not
 * there, or empty, is as one without keys.
 */

int otter_store_edit(otter_store_t *store, otter_store_kind_t kind,
    const char *path, char error[OTTER_FILE_ERROR_SIZE]);

/* writes what has been changed, unless Otter would not read it */

int otter_store_save(otter_store_t *store, char error[OTTER_FILE_ERROR_SIZE]);

void otter_store_close(otter_store_t *store);

/* the key whose member has that value; NULL: none */

json_t *otter_store_find(const otter_store_t *store, const char *member,
    const char *value);


#endif /* OTTER_STORE_H_INCLUDED */
