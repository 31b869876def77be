
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/crypto.h>

#include "otter_apikey.h"
#include "otter_random.h"
#include "otter_key.h"


enum {
    OTTER_KEY_ID_SIZE = 8              /* of an id made here */
};

/* what a new key is to be like */

typedef struct {
    char          id[OTTER_APIKEY_ID_MAX + 1];
    const char   *rooms;
    json_t       *scopes;
    int64_t       rate;                /* 0: no limit */
    int64_t       expires;             /* 0: never */
} otter_key_wish_t;


static int otter_key_create(const otter_cmd_t *cmd, int argc, char **argv);
static int otter_key_wish(const otter_cmd_t *cmd, otter_key_wish_t *wish,
    const char *id, const char *scopes, const char *life, const char *rate);
static int otter_key_wish_id(const otter_cmd_t *cmd, otter_key_wish_t *wish,
    const char *id);
static int otter_key_wish_scopes(const otter_cmd_t *cmd,
    otter_key_wish_t *wish, const char *scopes);
static int otter_key_rooms_valid(const char *rooms);
static int otter_key_add(const otter_cmd_t *cmd, otter_keydb_t *db,
    const otter_key_wish_t *wish, char *key);
static json_t *otter_key_entry(const otter_key_wish_t *wish,
    const unsigned char *hash);


const otter_cmd_t  otter_cmd_key_create = {
    "key", "create", "adds an API key",
    "key create --file F | --redis URL [OPTION...]\n"
    "\n"
    "Adds an API key to the file F (otter_api_keys_file), which is made if\n"
    "it is not there, or to Redis (otter_redis), where every host finds it.\n"
    "Only a hash is kept: the key is shown this once.\n"
    "\n"
    OTTER_KEY_PLACES
    "  --id ID           the key's name: 1 to 64 of A-Z a-z 0-9 . -\n"
    "                    (default: a random one)\n"
    "  --rooms PATTERN   the rooms it is good for, \"*\" stands for anything\n"
    "                    (default: *)\n"
    "  --scopes A,B      what it may do: token, rooms, turn, admin\n"
    "                    (default: everything)\n"
    "  --rate N          how many requests it may make in a second, on each\n"
    "                    host (default: any number)\n"
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
    const char        *id, *scopes, *life, *rate;
    otter_keydb_t      db;
    otter_key_wish_t   wish;

    otter_option_t  options[] = {
        { "file", &db.file, 1, 0 },
        { "redis", &db.url, 1, 0 },
        { "redis-prefix", &db.prefix, 1, 0 },
        { "id", &id, 1, 0 },
        { "rooms", &wish.rooms, 1, 0 },
        { "scopes", &scopes, 1, 0 },
        { "expires-in", &life, 1, 0 },
        { "rate", &rate, 1, 0 },
        { "json", NULL, 0, 0 },
        { NULL, NULL, 0, 0 }
    };

    memset(&wish, 0, sizeof(otter_key_wish_t));
    memset(&db, 0, sizeof(otter_keydb_t));

    id = scopes = life = rate = NULL;
    wish.rooms = "*";

    if (otter_cmd_options(cmd, options, argc, argv, NULL, 0) != 0) {
        return OTTER_EXIT_USAGE;
    }

    rc = otter_key_wish(cmd, &wish, id, scopes, life, rate);

    if (rc == OTTER_EXIT_OK) {
        rc = otter_keydb_open(&db, cmd, 1);

        if (rc == OTTER_EXIT_OK) {
            rc = otter_key_add(cmd, &db, &wish, key);
        }

        otter_keydb_close(&db);
    }

    json_decref(wish.scopes);

    if (rc != OTTER_EXIT_OK) {
        return rc;
    }

    if (options[8].count) {
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
    const char *id, const char *scopes, const char *life, const char *rate)
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

    if (rate && otter_key_rate(rate, &wish->rate) != 0) {
        return otter_cmd_misused(cmd, "--rate must be 1 to 1000000 requests "
                                 "a second");
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

    if (otter_apikey_id_reserved((const unsigned char *) id, strlen(id))) {
        return otter_cmd_misused(cmd, "--id must not be \"guest\", which "
                                 "stands for those without a key");
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
otter_key_add(const otter_cmd_t *cmd, otter_keydb_t *db,
    const otter_key_wish_t *wish, char *key)
{
    int            rc;
    size_t         len;
    json_t        *entry;
    unsigned char  hash[OTTER_APIKEY_HASH_SIZE];

    len = otter_apikey_generate((unsigned char *) key, hash, wish->id);
    if (len == 0) {
        return otter_cmd_refused(cmd, "there is no randomness");
    }

    key[len] = '\0';

    rc = otter_keydb_find(db, wish->id, &entry);
    if (rc != OTTER_EXIT_OK) {
        return rc;
    }

    if (entry) {
        json_decref(entry);
        return otter_cmd_refused(cmd, "%s has a key \"%s\" already",
                                 otter_keydb_place(db), wish->id);
    }

    entry = otter_key_entry(wish, hash);
    if (entry == NULL) {
        return otter_cmd_refused(cmd, "no memory");
    }

    rc = otter_keydb_put(db, entry);

    json_decref(entry);

    return rc;
}


static json_t *
otter_key_entry(const otter_key_wish_t *wish, const unsigned char *hash)
{
    int      rc;
    json_t  *entry;

    entry = json_object();

    rc = json_object_set_new(entry, "id", json_string(wish->id));
    rc |= json_object_set_new(entry, "hash", otter_key_hex(hash));
    rc |= json_object_set_new(entry, "rooms", json_string(wish->rooms));

    if (wish->scopes) {
        rc |= json_object_set(entry, "scopes", wish->scopes);
    }

    if (wish->rate) {
        rc |= json_object_set_new(entry, "rate", json_integer(wish->rate));
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
