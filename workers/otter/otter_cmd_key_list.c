
/*
 * Copyright (C) Otter contributors
 */


#include <string.h>
#include <time.h>

#include "otter_key.h"
#include "otter_time.h"


static int otter_key_list(const otter_cmd_t *cmd, int argc, char **argv);
static json_t *otter_key_rows(const json_t *entries);
static json_t *otter_key_row(const json_t *key);
static const char *otter_key_status(const json_t *key);


const otter_cmd_t  otter_cmd_key_list = {
    "key", "list", "shows the API keys",
    "key list --file F | --redis URL [OPTION...]\n"
    "\n"
    OTTER_KEY_PLACES
    "  --json            print {\"keys\":[...]}",
    otter_key_list
};


static int
otter_key_list(const otter_cmd_t *cmd, int argc, char **argv)
{
    int             rc;
    json_t         *rows, *entries;
    otter_keydb_t   db;

    otter_option_t  options[] = {
        { "file", &db.file, 1, 0 },
        { "redis", &db.url, 1, 0 },
        { "redis-prefix", &db.prefix, 1, 0 },
        { "json", NULL, 0, 0 },
        { NULL, NULL, 0, 0 }
    };

    static const char *const  columns[] = {
        "id", "status", "rooms", "scopes", "rate", "created_at", "expires_at"
    };

    memset(&db, 0, sizeof(otter_keydb_t));

    if (otter_cmd_options(cmd, options, argc, argv, NULL, 0) != 0) {
        return OTTER_EXIT_USAGE;
    }

    rc = otter_keydb_open(&db, cmd, 0);

    if (rc == OTTER_EXIT_OK) {
        rc = otter_keydb_list(&db, &entries);
    }

    if (rc != OTTER_EXIT_OK) {
        otter_keydb_close(&db);
        return rc;
    }

    rows = otter_key_rows(entries);

    json_decref(entries);
    otter_keydb_close(&db);

    if (rows == NULL) {
        return otter_cmd_refused(cmd, "no memory");
    }

    if (options[3].count) {
        return otter_cmd_json(cmd, json_pack("{so}", "keys", rows));
    }

    otter_cmd_table(rows, columns, sizeof(columns) / sizeof(columns[0]));
    json_decref(rows);

    return OTTER_EXIT_OK;
}


static json_t *
otter_key_rows(const json_t *entries)
{
    size_t   i;
    json_t  *rows;

    rows = json_array();

    for (i = 0; i < json_array_size(entries); i++) {
        if (json_array_append_new(rows,
                                  otter_key_row(json_array_get(entries, i)))
            != 0)
        {
            json_decref(rows);
            return NULL;
        }
    }

    return rows;
}


/* never the hash: it is of no use to a person */

static json_t *
otter_key_row(const json_t *key)
{
    int                       rc;
    size_t                    i;
    json_t                   *row, *value;
    static const char *const  kept[] = {
        "rate", "created_at", "expires_at", "revoked_at", "previous_until"
    };

    row = json_object();

    rc = json_object_set(row, "id", json_object_get(key, "id"));
    rc |= json_object_set_new(row, "status",
                              json_string(otter_key_status(key)));

    value = json_object_get(key, "rooms");
    rc |= json_object_set_new(row, "rooms",
                              value ? json_incref(value) : json_string("*"));

    value = json_object_get(key, "scopes");
    rc |= json_object_set_new(row, "scopes",
                              value ? json_incref(value)
                                    : json_pack("[ssss]", "token", "rooms",
                                                "turn", "admin"));

    for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
        value = json_object_get(key, kept[i]);

        if (value) {
            rc |= json_object_set(row, kept[i], value);
        }
    }

    if (rc != 0) {
        json_decref(row);
        return NULL;
    }

    return row;
}


static const char *
otter_key_status(const json_t *key)
{
    int64_t        seconds;
    const json_t  *expires;

    if (json_object_get(key, "revoked_at")) {
        return "revoked";
    }

    expires = json_object_get(key, "expires_at");

    if (expires == NULL) {
        return "active";
    }

    seconds = otter_time_parse((const unsigned char *)
                                   json_string_value(expires),
                               json_string_length(expires));

    return time(NULL) >= seconds ? "expired" : "active";
}
