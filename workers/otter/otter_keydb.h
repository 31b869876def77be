
/*
 * Copyright (C) Otter contributors
 */

/*
 * Where API keys are: a file, or a hash in Redis.  There the key
 * "<prefix>apikeys" has a field for each id with what stands for it in a
 * file, and a change is published on the channel of the same name.
 */


#ifndef OTTER_KEYDB_H_INCLUDED
#define OTTER_KEYDB_H_INCLUDED


#include "otter_cmd.h"
#include "otter_redis.h"
#include "otter_store.h"


typedef struct {
    const otter_cmd_t    *cmd;
    const char           *file;        /* as given: one of both */
    const char           *url;
    const char           *prefix;      /* NULL: "otter:" */
    otter_store_t         store;
    otter_redis_conf_t    conf;
    otter_redis_t        *redis;
    char                  name[128];   /* of hash and channel */
    char                 *before;      /* what the entry was in Redis */
} otter_keydb_t;


/*
 * Opens it, to change it or to look at it.  This and what follows tell what
 * went wrong and return the exit code.
 */

int otter_keydb_open(otter_keydb_t *db, const otter_cmd_t *cmd,
    unsigned change);
void otter_keydb_close(otter_keydb_t *db);

/* the name of the place, for messages: no password is in it */

const char *otter_keydb_place(const otter_keydb_t *db);

/* the entry of that id, for json_decref(), or NULL in *entry */

int otter_keydb_find(otter_keydb_t *db, const char *id, json_t **entry);

/* writes the entry that was looked for, as it is now */

int otter_keydb_put(otter_keydb_t *db, json_t *entry);

/* all of them, as an array */

int otter_keydb_list(otter_keydb_t *db, json_t **entries);


#endif /* OTTER_KEYDB_H_INCLUDED */
