
/*
 * Copyright (C) Otter contributors
 */


#include <string.h>
#include <time.h>

#include "otter_key.h"


static int otter_key_revoke(const otter_cmd_t *cmd, int argc, char **argv);
static int otter_key_mark(otter_keydb_t *db, const char *id,
    json_t **result);


const otter_cmd_t  otter_cmd_key_revoke = {
    "key", "revoke", "revokes an API key",
    "key revoke ID --file F | --redis URL [OPTION...]\n"
    "\n"
    "Marks the key as revoked: nginx refuses it within a second.\n"
    "\n"
    OTTER_KEY_PLACES
    "  --json            print {\"id\",\"revoked_at\"}",
    otter_key_revoke
};


static int
otter_key_revoke(const otter_cmd_t *cmd, int argc, char **argv)
{
    int             rc;
    json_t         *marked;
    const char     *id;
    otter_keydb_t   db;

    otter_option_t  options[] = {
        { "file", &db.file, 1, 0 },
        { "redis", &db.url, 1, 0 },
        { "redis-prefix", &db.prefix, 1, 0 },
        { "json", NULL, 0, 0 },
        { NULL, NULL, 0, 0 }
    };

    memset(&db, 0, sizeof(otter_keydb_t));
    marked = NULL;

    if (otter_cmd_options(cmd, options, argc, argv, &id, 1) != 0) {
        return OTTER_EXIT_USAGE;
    }

    rc = otter_keydb_open(&db, cmd, 1);

    if (rc == OTTER_EXIT_OK) {
        rc = otter_key_mark(&db, id, &marked);
    }

    otter_keydb_close(&db);

    if (rc != OTTER_EXIT_OK) {
        return rc;
    }

    if (options[3].count) {
        return otter_cmd_json(cmd, marked);
    }

    otter_cmd_note("The key \"%s\" is revoked since %s.", id,
                   json_string_value(json_object_get(marked, "revoked_at")));
    json_decref(marked);

    return OTTER_EXIT_OK;
}


/* a key keeps the time of its first revocation */

static int
otter_key_mark(otter_keydb_t *db, const char *id, json_t **result)
{
    int      rc;
    json_t  *key;

    rc = otter_keydb_find(db, id, &key);
    if (rc != OTTER_EXIT_OK) {
        return rc;
    }

    if (key == NULL) {
        return otter_cmd_refused(db->cmd, "%s has no key \"%s\"",
                                 otter_keydb_place(db), id);
    }

    if (json_object_get(key, "revoked_at") == NULL) {
        rc = json_object_set_new(key, "revoked_at",
                                 otter_cmd_time(time(NULL)))
             == 0
             ? otter_keydb_put(db, key)
             : otter_cmd_refused(db->cmd, "no memory");
    }

    if (rc == OTTER_EXIT_OK) {
        *result = json_pack("{ss sO}", "id", id, "revoked_at",
                            json_object_get(key, "revoked_at"));
    }

    json_decref(key);

    return rc;
}
