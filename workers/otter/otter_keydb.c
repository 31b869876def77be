
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "otter_apikey.h"
#include "otter_keydb.h"


static int otter_keydb_connect(otter_keydb_t *db);
static int otter_keydb_find_redis(otter_keydb_t *db, const char *id,
    json_t **entry);
static int otter_keydb_put_file(otter_keydb_t *db, json_t *entry);
static int otter_keydb_put_redis(otter_keydb_t *db, const json_t *entry);
static int otter_keydb_write(otter_keydb_t *db, const char *id,
    const char *text);
static int otter_keydb_sound(const otter_keydb_t *db, const json_t *entry);
static int otter_keydb_list_redis(otter_keydb_t *db, json_t **entries);
static json_t *otter_keydb_sorted(json_t *all);
static int otter_keydb_compare(const void *one, const void *two);
static int otter_keydb_failed(const otter_keydb_t *db,
    const redisReply *reply);


/* only if the entry is still what it was; who follows is told in one step */

static const char  otter_keydb_script[] =
    "local old = redis.call('HGET', KEYS[1], ARGV[1]) or ''\n"
    "if old ~= ARGV[2] then return 0 end\n"
    "redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])\n"
    "redis.call(ARGV[4], KEYS[1], ARGV[1])\n"
    "return 1\n";


int
otter_keydb_open(otter_keydb_t *db, const otter_cmd_t *cmd, unsigned change)
{
    int   rc;
    char  error[OTTER_FILE_ERROR_SIZE];

    db->cmd = cmd;
    db->store.lock = -1;

    if ((db->file == NULL) == (db->url == NULL)) {
        return otter_cmd_misused(cmd, db->file ? "--file and --redis exclude "
                                 "each other"
                                 : "--file or --redis is missing");
    }

    if (db->url) {
        return otter_keydb_connect(db);
    }

    if (db->prefix) {
        return otter_cmd_misused(cmd, "--redis-prefix goes with --redis");
    }

    rc = change ? otter_store_edit(&db->store, OTTER_STORE_API_KEYS,
                                   db->file, error)
                : otter_store_read(&db->store, OTTER_STORE_API_KEYS,
                                   db->file, error);

    return rc == 0 ? OTTER_EXIT_OK : otter_cmd_refused(cmd, "%s", error);
}


static int
otter_keydb_connect(otter_keydb_t *db)
{
    int   n;
    char  error[OTTER_REDIS_ERROR_SIZE];

    if (otter_redis_conf_add(&db->conf, db->url, error) != 0
        || otter_redis_conf_check(&db->conf, error) != 0)
    {
        return otter_cmd_misused(db->cmd, "--redis: %s", error);
    }

    n = snprintf(db->name, sizeof(db->name), "%sapikeys",
                 db->prefix ? db->prefix : "otter:");

    if (n >= (int) sizeof(db->name)) {
        return otter_cmd_misused(db->cmd, "--redis-prefix is too long");
    }

    db->redis = otter_redis_create(&db->conf, error);
    if (db->redis == NULL) {
        return otter_cmd_refused(db->cmd, "%s", error);
    }

    return otter_redis_up(db->redis)
           ? OTTER_EXIT_OK
           : otter_cmd_refused(db->cmd, "Redis cannot be reached: %s",
                               otter_redis_error(db->redis));
}


void
otter_keydb_close(otter_keydb_t *db)
{
    free(db->before);

    if (db->url) {
        if (db->redis) {
            otter_redis_free(db->redis);
        }

        otter_redis_conf_free(&db->conf);
        return;
    }

    otter_store_close(&db->store);
}


const char *
otter_keydb_place(const otter_keydb_t *db)
{
    return db->url ? "Redis" : db->file;
}


int
otter_keydb_find(otter_keydb_t *db, const char *id, json_t **entry)
{
    if (db->url) {
        return otter_keydb_find_redis(db, id, entry);
    }

    *entry = json_incref(otter_store_find(&db->store, "id", id));

    return OTTER_EXIT_OK;
}


static int
otter_keydb_find_redis(otter_keydb_t *db, const char *id, json_t **entry)
{
    redisReply  *reply;

    *entry = NULL;

    reply = otter_redis_command(db->redis, db->name, "HGET %s %s", db->name,
                                id);

    if (reply == NULL || otter_redis_failed(reply, NULL)) {
        return otter_keydb_failed(db, reply);
    }

    if (reply->type == REDIS_REPLY_STRING) {
        db->before = strdup(reply->str);
        *entry = json_loadb(reply->str, reply->len, JSON_REJECT_DUPLICATES,
                            NULL);
    }

    if (reply->type == REDIS_REPLY_STRING
        && (db->before == NULL || !json_is_object(*entry)))
    {
        freeReplyObject(reply);
        json_decref(*entry);

        return otter_cmd_refused(db->cmd, "what Redis has for \"%s\" is no "
                                 "API key", id);
    }

    freeReplyObject(reply);

    return OTTER_EXIT_OK;
}


int
otter_keydb_put(otter_keydb_t *db, json_t *entry)
{
    return db->url ? otter_keydb_put_redis(db, entry)
                   : otter_keydb_put_file(db, entry);
}


static int
otter_keydb_put_file(otter_keydb_t *db, json_t *entry)
{
    char         error[OTTER_FILE_ERROR_SIZE];
    const char  *id;

    id = json_string_value(json_object_get(entry, "id"));

    if (otter_store_find(&db->store, "id", id) == NULL
        && json_array_append(db->store.keys, entry) != 0)
    {
        return otter_cmd_refused(db->cmd, "no memory");
    }

    return otter_store_save(&db->store, error) == 0
           ? OTTER_EXIT_OK : otter_cmd_refused(db->cmd, "%s", error);
}


static int
otter_keydb_put_redis(otter_keydb_t *db, const json_t *entry)
{
    int          rc;
    char        *text;
    const char  *id;

    rc = otter_keydb_sound(db, entry);
    if (rc != OTTER_EXIT_OK) {
        return rc;
    }

    text = json_dumps(entry, JSON_COMPACT);
    if (text == NULL) {
        return otter_cmd_refused(db->cmd, "no memory");
    }

    id = json_string_value(json_object_get(entry, "id"));
    rc = otter_keydb_write(db, id, text);

    free(text);

    return rc;
}


static int
otter_keydb_write(otter_keydb_t *db, const char *id, const char *text)
{
    int          written;
    size_t       i, lens[6];
    redisReply  *reply;

    const char  *argv[] = {
        "1", db->name, id, db->before ? db->before : "", text,
        db->conf.kind == OTTER_REDIS_CLUSTER ? "SPUBLISH" : "PUBLISH"
    };

    for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
        lens[i] = strlen(argv[i]);
    }

    reply = otter_redis_script(db->redis, db->name, otter_keydb_script,
                               (int) i, argv, lens);

    if (reply == NULL || otter_redis_failed(reply, NULL)) {
        return otter_keydb_failed(db, reply);
    }

    written = reply->type == REDIS_REPLY_INTEGER && reply->integer == 1;

    freeReplyObject(reply);

    return written ? OTTER_EXIT_OK
                   : otter_cmd_refused(db->cmd, "another command has changed "
                                       "\"%s\" meanwhile: try again", id);
}


/* nginx would leave out what it cannot read */

static int
otter_keydb_sound(const otter_keydb_t *db, const json_t *entry)
{
    char              *text, error[OTTER_APIKEY_ERROR_SIZE];
    json_t            *root;
    otter_apikeys_t   *keys;

    root = json_pack("{s[O]}", "keys", entry);
    text = root ? json_dumps(root, JSON_COMPACT) : NULL;

    json_decref(root);

    if (text == NULL) {
        return otter_cmd_refused(db->cmd, "no memory");
    }

    keys = otter_apikeys_parse(text, strlen(text), error);

    free(text);

    if (keys == NULL) {
        return otter_cmd_refused(db->cmd, "%s", error);
    }

    otter_apikeys_free(keys);

    return OTTER_EXIT_OK;
}


int
otter_keydb_list(otter_keydb_t *db, json_t **entries)
{
    if (db->url) {
        return otter_keydb_list_redis(db, entries);
    }

    *entries = json_incref(db->store.keys);

    return OTTER_EXIT_OK;
}


/* in the order of their ids; what is no key is left out, as nginx does it */

static int
otter_keydb_list_redis(otter_keydb_t *db, json_t **entries)
{
    int          rc;
    size_t       i;
    json_t      *all, *entry;
    redisReply  *reply;
    const char  *id;

    reply = otter_redis_command(db->redis, db->name, "HGETALL %s", db->name);

    if (reply == NULL || otter_redis_failed(reply, NULL)) {
        return otter_keydb_failed(db, reply);
    }

    rc = 0;
    all = json_object();

    for (i = 1; i < reply->elements; i += 2) {
        entry = json_loadb(reply->element[i]->str, reply->element[i]->len,
                           JSON_REJECT_DUPLICATES, NULL);
        id = json_string_value(json_object_get(entry, "id"));

        if (id && strcmp(id, reply->element[i - 1]->str) == 0) {
            rc |= json_object_set(all, id, entry);
        }

        json_decref(entry);
    }

    freeReplyObject(reply);

    *entries = rc == 0 ? otter_keydb_sorted(all) : NULL;

    json_decref(all);

    return *entries ? OTTER_EXIT_OK : otter_cmd_refused(db->cmd, "no memory");
}


static json_t *
otter_keydb_sorted(json_t *all)
{
    int           rc;
    size_t        i, n;
    void         *it;
    json_t       *entries;
    const char  **ids;

    n = json_object_size(all);

    ids = calloc(n ? n : 1, sizeof(char *));
    if (ids == NULL) {
        return NULL;
    }

    i = 0;

    for (it = json_object_iter(all); it; it = json_object_iter_next(all, it)) {
        ids[i++] = json_object_iter_key(it);
    }

    qsort(ids, n, sizeof(char *), otter_keydb_compare);

    rc = 0;
    entries = json_array();

    for (i = 0; i < n; i++) {
        rc |= json_array_append(entries, json_object_get(all, ids[i]));
    }

    free(ids);

    if (rc != 0) {
        json_decref(entries);
        return NULL;
    }

    return entries;
}


static int
otter_keydb_compare(const void *one, const void *two)
{
    return strcmp(*(const char *const *) one, *(const char *const *) two);
}


static int
otter_keydb_failed(const otter_keydb_t *db, const redisReply *reply)
{
    int  rc;

    if (reply == NULL) {
        return otter_cmd_refused(db->cmd, "Redis cannot be reached: %s",
                                 otter_redis_error(db->redis));
    }

    rc = otter_cmd_refused(db->cmd, "Redis: %s", reply->str);

    freeReplyObject((void *) reply);

    return rc;
}
