
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/crypto.h>

#include "otter_apikey.h"
#include "otter_key.h"


enum {
    OTTER_KEY_OVERLAP = 24 * 3600
};


static int otter_key_rotate(const otter_cmd_t *cmd, int argc, char **argv);
static int otter_key_renew(otter_keydb_t *db, const char *id,
    int64_t overlap, char *key, json_t **result);
static int otter_key_renew_entry(json_t *entry, const unsigned char *hash,
    int64_t until);


const otter_cmd_t  otter_cmd_key_rotate = {
    "key", "rotate", "gives an API key a new secret",
    "key rotate ID --file F | --redis URL [OPTION...]\n"
    "\n"
    "Makes a new secret for the key, which is shown this once.  The old one\n"
    "is good for a while longer; one before it ends now.\n"
    "\n"
    OTTER_KEY_PLACES
    "  --overlap D       how long the old secret is still good, in seconds or\n"
    "                    as 12h, 30d (default: 24h)\n"
    "  --json            print {\"id\",\"key\",\"previous_until\"}",
    otter_key_rotate
};


static int
otter_key_rotate(const otter_cmd_t *cmd, int argc, char **argv)
{
    int             rc;
    char            key[OTTER_APIKEY_SIZE_MAX + 1];
    json_t         *result;
    int64_t         overlap;
    const char     *id, *life;
    otter_keydb_t   db;

    otter_option_t  options[] = {
        { "file", &db.file, 1, 0 },
        { "redis", &db.url, 1, 0 },
        { "redis-prefix", &db.prefix, 1, 0 },
        { "overlap", &life, 1, 0 },
        { "json", NULL, 0, 0 },
        { NULL, NULL, 0, 0 }
    };

    memset(&db, 0, sizeof(otter_keydb_t));
    life = NULL;
    result = NULL;

    if (otter_cmd_options(cmd, options, argc, argv, &id, 1) != 0) {
        return OTTER_EXIT_USAGE;
    }

    overlap = life ? otter_option_duration(life) : OTTER_KEY_OVERLAP;

    if (overlap == -1) {
        return otter_cmd_misused(cmd, "--overlap must be a number of seconds, "
                                 "or as 12h, 30d");
    }

    rc = otter_keydb_open(&db, cmd, 1);

    if (rc == OTTER_EXIT_OK) {
        rc = otter_key_renew(&db, id, overlap, key, &result);
    }

    otter_keydb_close(&db);

    if (rc != OTTER_EXIT_OK) {
        return rc;
    }

    if (options[4].count) {
        rc = otter_cmd_json(cmd, result);

    } else {
        printf("%s\n", key);
        otter_cmd_note("This is the key \"%s\".  It is shown this once: keep "
                       "it now.  The old one is good until %s.", id,
                       json_string_value(json_object_get(result,
                                                         "previous_until")));
        json_decref(result);
    }

    OPENSSL_cleanse(key, sizeof(key));

    return rc;
}


static int
otter_key_renew(otter_keydb_t *db, const char *id, int64_t overlap,
    char *key, json_t **result)
{
    int            rc;
    size_t         len;
    json_t        *entry;
    unsigned char  hash[OTTER_APIKEY_HASH_SIZE];

    rc = otter_keydb_find(db, id, &entry);
    if (rc != OTTER_EXIT_OK) {
        return rc;
    }

    if (entry == NULL) {
        return otter_cmd_refused(db->cmd, "%s has no key \"%s\"",
                                 otter_keydb_place(db), id);
    }

    len = otter_apikey_generate((unsigned char *) key, hash, id);

    if (json_object_get(entry, "revoked_at")) {
        rc = otter_cmd_refused(db->cmd, "the key \"%s\" is revoked", id);

    } else if (len == 0) {
        rc = otter_cmd_refused(db->cmd, "there is no randomness");

    } else if (otter_key_renew_entry(entry, hash, time(NULL) + overlap)
               != 0)
    {
        rc = otter_cmd_refused(db->cmd, "no memory");

    } else {
        key[len] = '\0';
        rc = otter_keydb_put(db, entry);
    }

    if (rc == OTTER_EXIT_OK) {
        *result = json_pack("{ss ss sO}", "id", id, "key", key,
                            "previous_until",
                            json_object_get(entry, "previous_until"));
    }

    json_decref(entry);

    return rc;
}


static int
otter_key_renew_entry(json_t *entry, const unsigned char *hash,
    int64_t until)
{
    int  rc;

    rc = json_object_set(entry, "previous_hash",
                         json_object_get(entry, "hash"));
    rc |= json_object_set_new(entry, "previous_until", otter_cmd_time(until));
    rc |= json_object_set_new(entry, "hash", otter_key_hex(hash));
    rc |= json_object_set_new(entry, "rotated_at",
                              otter_cmd_time(time(NULL)));

    return rc;
}
