
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/crypto.h>

#include "otter_apikey.h"
#include "otter_cmd.h"
#include "otter_random.h"
#include "otter_store.h"


enum {
    OTTER_KEY_ID_SIZE = 8              /* of an id made here */
};

/* what a new key is to be like */

typedef struct {
    char          id[OTTER_APIKEY_ID_MAX + 1];
    const char   *rooms;
    json_t       *scopes;
    int64_t       expires;             /* 0: never */
} otter_key_wish_t;


static int otter_key_create(const otter_cmd_t *cmd, int argc, char **argv);
static int otter_key_wish(const otter_cmd_t *cmd, otter_key_wish_t *wish,
    const char *id, const char *scopes, const char *life);
static int otter_key_wish_id(const otter_cmd_t *cmd, otter_key_wish_t *wish,
    const char *id);
static int otter_key_wish_scopes(const otter_cmd_t *cmd,
    otter_key_wish_t *wish, const char *scopes);
static int otter_key_rooms_valid(const char *rooms);
static int otter_key_add(const otter_cmd_t *cmd, const char *path,
    const otter_key_wish_t *wish, char *key);
static json_t *otter_key_entry(const otter_key_wish_t *wish,
    const unsigned char *hash);


const otter_cmd_t  otter_cmd_key_create = {
    "key", "create", "adds an API key to a file",
    "key create --file F [OPTION...]\n"
    "\n"
    "Adds an API key to the file F (otter_api_keys_file), which is made if\n"
    "it is not there.  The file gets only a hash: the key is shown this once.\n"
    "\n"
    "  --file F          the file of API keys\n"
    "  --id ID           the key's name: 1 to 64 of A-Z a-z 0-9 . -\n"
    "                    (default: a random one)\n"
    "  --rooms PATTERN   the rooms it is good for, \"*\" stands for anything\n"
    "                    (default: *)\n"
    "  --scopes A,B      what it may do: token, rooms, turn, admin\n"
    "                    (default: everything)\n"
    "  --expires-in S    how long it lives, in seconds or as 12h, 30d, 8w\n"
    "                    (default: until it is revoked)\n"
    "  --json            print {\"id\",\"key\"}",
    otter_key_create
};


static int
otter_key_create(const otter_cmd_t *cmd, int argc, char **argv)
{
    int                rc;
    char               key[OTTER_APIKEY_SIZE_MAX + 1];
    const char        *file, *id, *scopes, *life;
    otter_key_wish_t   wish;

    otter_option_t  options[] = {
        { "file", &file, 1, 0 },
        { "id", &id, 1, 0 },
        { "rooms", &wish.rooms, 1, 0 },
        { "scopes", &scopes, 1, 0 },
        { "expires-in", &life, 1, 0 },
        { "json", NULL, 0, 0 },
        { NULL, NULL, 0, 0 }
    };

    memset(&wish, 0, sizeof(otter_key_wish_t));

    file = id = scopes = life = NULL;
    wish.rooms = "*";

    if (otter_cmd_options(cmd, options, argc, argv, NULL, 0) != 0) {
        return OTTER_EXIT_USAGE;
    }

    if (file == NULL) {
        return otter_cmd_misused(cmd, "--file is missing");
    }

    rc = otter_key_wish(cmd, &wish, id, scopes, life);

    if (rc == OTTER_EXIT_OK) {
        rc = otter_key_add(cmd, file, &wish, key);
    }

    json_decref(wish.scopes);

    if (rc != OTTER_EXIT_OK) {
        return rc;
    }

    if (options[5].count) {
        rc = otter_cmd_json(cmd, json_pack("{ss ss}", "id", wish.id,
                                           "key", key));
    } else {
        printf("%s\n", key);
        otter_cmd_note("This is the key \"%s\".  It is shown this once: keep "
                       "it now.", wish.id);
    }

    OPENSSL_cleanse(key, sizeof(key));

    return rc;
}


static int
otter_key_wish(const otter_cmd_t *cmd, otter_key_wish_t *wish,
    const char *id, const char *scopes, const char *life)
{
    int      rc;
    int64_t  seconds;

    rc = otter_key_wish_id(cmd, wish, id);
    if (rc != OTTER_EXIT_OK) {
        return rc;
    }

    if (!otter_key_rooms_valid(wish->rooms)) {
        return otter_cmd_misused(cmd, "--rooms may hold 1 to 256 of A-Z a-z "
                                 "0-9 . _ ~ - and *");
    }

    if (life) {
        seconds = otter_option_duration(life);

        if (seconds == -1) {
            return otter_cmd_misused(cmd, "--expires-in must be a number of "
                                     "seconds, or as 12h, 30d, 8w");
        }

        wish->expires = time(NULL) + seconds;
    }

    return scopes ? otter_key_wish_scopes(cmd, wish, scopes) : OTTER_EXIT_OK;
}


static int
otter_key_wish_id(const otter_cmd_t *cmd, otter_key_wish_t *wish,
    const char *id)
{
    if (id == NULL) {
        if (otter_random_name((unsigned char *) wish->id, OTTER_KEY_ID_SIZE)
            != 0)
        {
            return otter_cmd_refused(cmd, "there is no randomness");
        }

        return OTTER_EXIT_OK;
    }

    if (!otter_apikey_id_valid((const unsigned char *) id, strlen(id))) {
        return otter_cmd_misused(cmd, "--id must be 1 to 64 of A-Z a-z 0-9 "
                                 ". -");
    }

    memcpy(wish->id, id, strlen(id) + 1);

    return OTTER_EXIT_OK;
}


static int
otter_key_wish_scopes(const otter_cmd_t *cmd, otter_key_wish_t *wish,
    const char *scopes)
{
    size_t       len;
    unsigned     bit, given;
    const char  *name;

    given = 0;
    wish->scopes = json_array();

    for (name = scopes; /* void */ ; name += len + 1) {
        len = strcspn(name, ",");

        bit = otter_apikey_scope((const unsigned char *) name, len);

        if (bit == 0) {
            return otter_cmd_misused(cmd, "\"%.*s\" is no scope: there are "
                                     "token, rooms, turn, admin",
                                     (int) len, name);
        }

        if (!(given & bit)
            && json_array_append_new(wish->scopes, json_stringn(name, len))
               != 0)
        {
            return otter_cmd_refused(cmd, "no memory");
        }

        given |= bit;

        if (name[len] == '\0') {
            return OTTER_EXIT_OK;
        }
    }
}


static int
otter_key_rooms_valid(const char *rooms)
{
    size_t  len;

    len = strspn(rooms, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                        "0123456789._~-*");

    return len >= 1 && len <= 256 && rooms[len] == '\0';
}


static int
otter_key_add(const otter_cmd_t *cmd, const char *path,
    const otter_key_wish_t *wish, char *key)
{
    int            rc;
    char           error[OTTER_FILE_ERROR_SIZE];
    size_t         len;
    otter_store_t  store;
    unsigned char  hash[OTTER_APIKEY_HASH_SIZE];

    len = otter_apikey_generate((unsigned char *) key, hash, wish->id);
    if (len == 0) {
        return otter_cmd_refused(cmd, "there is no randomness");
    }

    key[len] = '\0';

    if (otter_store_edit(&store, OTTER_STORE_API_KEYS, path, error) != 0) {
        return otter_cmd_refused(cmd, "%s", error);
    }

    rc = OTTER_EXIT_OK;

    if (otter_store_find(&store, "id", wish->id)) {
        rc = otter_cmd_refused(cmd, "%s has a key \"%s\" already", path,
                               wish->id);

    } else if (json_array_append_new(store.keys,
                                     otter_key_entry(wish, hash))
               != 0)
    {
        rc = otter_cmd_refused(cmd, "no memory");

    } else if (otter_store_save(&store, error) != 0) {
        rc = otter_cmd_refused(cmd, "%s", error);
    }

    otter_store_close(&store);

    return rc;
}


static json_t *
otter_key_entry(const otter_key_wish_t *wish, const unsigned char *hash)
{
    int      rc;
    char     hex[2 * OTTER_APIKEY_HASH_SIZE + 1];
    size_t   i;
    json_t  *entry;

    for (i = 0; i < OTTER_APIKEY_HASH_SIZE; i++) {
        snprintf(hex + 2 * i, 3, "%02x", hash[i]);
    }

    entry = json_object();

    rc = json_object_set_new(entry, "id", json_string(wish->id));
    rc |= json_object_set_new(entry, "hash", json_string(hex));
    rc |= json_object_set_new(entry, "rooms", json_string(wish->rooms));

    if (wish->scopes) {
        rc |= json_object_set(entry, "scopes", wish->scopes);
    }

    rc |= json_object_set_new(entry, "created_at",
                              otter_cmd_time(time(NULL)));
    if (wish->expires) {
        rc |= json_object_set_new(entry, "expires_at",
                                  otter_cmd_time(wish->expires));
    }

    if (rc != 0) {
        json_decref(entry);
        return NULL;
    }

    return entry;
}
