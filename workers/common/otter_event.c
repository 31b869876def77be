
/*
 * Copyright (C) Otter contributors
 */


#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "otter_event.h"
#include "otter_time.h"


typedef struct {
    const char  *name;
    size_t       offset;
} otter_event_field_t;


static void otter_event_field(otter_event_t *event, const char *name,
    const char *value);
static json_t *otter_event_room(const otter_event_t *event);
static const char *otter_event_status(const otter_event_t *event);
static int otter_event_add_peer(const otter_event_t *event, json_t *data);
static json_t *otter_event_seconds(int64_t seconds);


#define OTTER_EVENT(field)  offsetof(otter_event_t, field)

static const otter_event_field_t  otter_event_strings[] = {
    { "type", OTTER_EVENT(type) },
    { "room", OTTER_EVENT(room) },
    { "peer", OTTER_EVENT(peer) },
    { "key", OTTER_EVENT(key) },
    { "reason", OTTER_EVENT(reason) },
    { "meta", OTTER_EVENT(meta) }
};

static const otter_event_field_t  otter_event_numbers[] = {
    { "n", OTTER_EVENT(n) },
    { "time", OTTER_EVENT(time) },
    { "opened", OTTER_EVENT(opened) },
    { "peers", OTTER_EVENT(peers) },
    { "max", OTTER_EVENT(max) },
    { "exp", OTTER_EVENT(expires) }
};


unsigned
otter_event_shard(const char *room)
{
    unsigned char  digest[SHA_DIGEST_LENGTH];

    SHA1((const unsigned char *) room, strlen(room), digest);

    return ((unsigned) digest[0] << 8 | digest[1]) % OTTER_EVENT_SHARDS;
}


void
otter_event_key(char key[OTTER_EVENT_KEY_SIZE], const char *prefix,
    unsigned shard, const char *suffix)
{
    snprintf(key, OTTER_EVENT_KEY_SIZE, "%s{events:%u}%s", prefix, shard,
             suffix);
}


int
otter_event_read(otter_event_t *event, const redisReply *entry)
{
    size_t             i;
    const redisReply  *fields;

    memset(event, 0, sizeof(*event));

    event->type = "";
    event->room = "";
    event->peer = "";
    event->key = "";
    event->reason = "";
    event->meta = "";

    if (entry->type != REDIS_REPLY_ARRAY || entry->elements != 2
        || entry->element[0]->type != REDIS_REPLY_STRING
        || entry->element[1]->type != REDIS_REPLY_ARRAY)
    {
        return -1;
    }

    event->id = entry->element[0]->str;
    fields = entry->element[1];

    for (i = 0; i + 1 < fields->elements; i += 2) {
        if (fields->element[i]->type != REDIS_REPLY_STRING
            || fields->element[i + 1]->type != REDIS_REPLY_STRING)
        {
            return -1;
        }

        otter_event_field(event, fields->element[i]->str,
                          fields->element[i + 1]->str);
    }

    return event->type[0] && event->room[0] ? 0 : -1;
}


static void
otter_event_field(otter_event_t *event, const char *name, const char *value)
{
    size_t                      i;
    const otter_event_field_t  *f;

    for (i = 0;
         i < sizeof(otter_event_strings) / sizeof(otter_event_strings[0]);
         i++)
    {
        f = &otter_event_strings[i];

        if (strcmp(f->name, name) == 0) {
            *(const char **) (void *) ((char *) event + f->offset) = value;
            return;
        }
    }

    for (i = 0;
         i < sizeof(otter_event_numbers) / sizeof(otter_event_numbers[0]);
         i++)
    {
        f = &otter_event_numbers[i];

        if (strcmp(f->name, name) == 0) {
            *(int64_t *) (void *) ((char *) event + f->offset)
                = strtoll(value, NULL, 10);
            return;
        }
    }

    if (strcmp(name, "locked") == 0) {
        event->locked = (value[0] == '1');

    } else if (strcmp(name, "lobby") == 0) {
        event->lobby = (value[0] == '1');

    } else if (strcmp(name, "relay") == 0) {
        event->relay_only = (value[0] == '1');
    }
}


json_t *
otter_event_data(const otter_event_t *event)
{
    int      rc;
    json_t  *data;

    data = json_pack("{s:o?, s:I}", "room", otter_event_room(event),
                     "sequence", (json_int_t) event->n);
    if (data == NULL) {
        return NULL;
    }

    rc = event->peer[0] ? otter_event_add_peer(event, data) : 0;

    if (event->key[0]) {
        rc |= json_object_set_new(data, "key", json_string(event->key));
    }

    if (event->reason[0]) {
        rc |= json_object_set_new(data, "reason",
                                  json_string(event->reason));
    }

    if (rc != 0 || json_is_null(json_object_get(data, "room"))) {
        json_decref(data);
        return NULL;
    }

    return data;
}


/* ROOM of the interface, without peers */

static json_t *
otter_event_room(const otter_event_t *event)
{
    json_t  *room, *meta;

    room = json_pack("{s:s, s:s, s:b, s:b, s:b, s:I, s:o, s:o}",
                     "room", event->room,
                     "status", otter_event_status(event),
                     "locked", (int) event->locked,
                     "lobby", (int) event->lobby,
                     "relay_only", (int) event->relay_only,
                     "max_peers", (json_int_t) event->max,
                     "created_at", otter_event_seconds(event->opened / 1000),
                     "updated_at", otter_event_seconds(event->time / 1000));

    if (room && event->expires) {
        (void) json_object_set_new(room, "expires_at",
                                   otter_event_seconds(event->expires));
    }

    meta = event->meta[0] ? json_loads(event->meta, 0, NULL) : NULL;

    if (room && meta) {
        (void) json_object_set(room, "metadata", meta);
    }

    json_decref(meta);

    return room;
}


static const char *
otter_event_status(const otter_event_t *event)
{
    if (strcmp(event->type, "room.closed") == 0) {
        return "closed";
    }

    if (event->peers == 0) {
        return "open";
    }

    return event->peers < event->max ? "occupied" : "full";
}


static int
otter_event_add_peer(const otter_event_t *event, json_t *data)
{
    int64_t  seconds;
    json_t  *peer;

    peer = json_loads(event->peer, JSON_REJECT_DUPLICATES, NULL);

    if (json_object_set_new(data, "peer", peer) != 0) {
        return -1;
    }

    if (strcmp(event->type, "peer.left") != 0) {
        return 0;
    }

    seconds = otter_event_duration(event, peer);

    return seconds == -1 ? 0
                         : json_object_set_new(data, "duration",
                                               json_integer(seconds));
}


int64_t
otter_event_duration(const otter_event_t *event, const json_t *peer)
{
    int64_t        joined, left;
    const json_t  *text;

    text = json_object_get(peer, "joined_at");

    if (!json_is_string(text)) {
        return -1;
    }

    joined = otter_time_parse((const unsigned char *)
                                  json_string_value(text),
                              json_string_length(text));
    left = event->time / 1000;

    if (joined < 0) {
        return -1;
    }

    /* clocks of hosts and Redis differ */

    return left > joined ? left - joined : 0;
}


static json_t *
otter_event_seconds(int64_t seconds)
{
    unsigned char  text[OTTER_TIME_SIZE];

    otter_time_format(text, seconds);

    return json_stringn((char *) text, OTTER_TIME_SIZE);
}


void
otter_event_time(char text[OTTER_EVENT_TIME_SIZE], int64_t ms)
{
    unsigned char  seconds[OTTER_TIME_SIZE];

    otter_time_format(seconds, ms / 1000);

    /* without the Z */

    snprintf(text, OTTER_EVENT_TIME_SIZE, "%.19s.%03uZ", (char *) seconds,
             (unsigned) (ms % 1000) % 1000);
}


int
otter_event_matches(const char *filter, const char *type)
{
    size_t  len;

    len = strlen(filter);

    if (len && filter[len - 1] == '*') {
        return strncmp(filter, type, len - 1) == 0;
    }

    return strcmp(filter, type) == 0;
}
