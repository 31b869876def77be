
/*
 * Copyright (C) Otter contributors
 */


#include <stdlib.h>

#include "otter_event.h"
#include "tap.h"


typedef struct {
    const char  *filter;
    const char  *type;
    int          matches;
} filter_t;


static const filter_t  filters[] = {
    { "*", "peer.joined", 1 },
    { "peer.*", "peer.joined", 1 },
    { "peer.*", "room.opened", 0 },
    { "peer.joined", "peer.joined", 1 },
    { "peer.joined", "peer.joined2", 0 },
    { "peer.joined2", "peer.joined", 0 },
    { "peer", "peer.joined", 0 },
    { "", "peer.joined", 0 }
};

static const char *const  left[] = {
    "type", "peer.left", "room", "den", "n", "1764111111112",
    "time", "1764111171999", "opened", "1764111111111", "peers", "0",
    "max", "8", "locked", "1", "lobby", "0", "relay", "0", "exp", "0",
    "meta", "{\"a\":1}", "peer",
    "{\"id\":\"x\",\"joined_at\":\"2025-11-25T22:52:00Z\"}", "key", "main",
    "reason", "timeout", "later", "what is added"
};


/* [id, [name, value, ...]] as hiredis has it */

static int
read_event(otter_event_t *event, const char *const *fields, size_t n)
{
    int                 rc;
    size_t              i;
    redisReply          entry, id, list, *pair[2];
    static redisReply   strings[64];
    static redisReply  *elements[64];

    memset(&entry, 0, sizeof(entry));
    memset(&id, 0, sizeof(id));
    memset(&list, 0, sizeof(list));

    id.type = REDIS_REPLY_STRING;
    id.str = (char *) "1764111171999-0";
    list.type = REDIS_REPLY_ARRAY;
    list.elements = n;
    list.element = elements;

    for (i = 0; i < n; i++) {
        strings[i].type = REDIS_REPLY_STRING;
        strings[i].str = (char *) fields[i];
        strings[i].len = strlen(fields[i]);
        elements[i] = &strings[i];
    }

    entry.type = REDIS_REPLY_ARRAY;
    entry.elements = 2;
    entry.element = pair;
    pair[0] = &id;
    pair[1] = &list;

    rc = otter_event_read(event, &entry);

    return rc;
}


static void
check_left(void)
{
    char           *text;
    json_t         *data;
    otter_event_t   event;

    tap_is_int(read_event(&event, left, sizeof(left) / sizeof(left[0])), 0,
               "an event is read");
    tap_is_str(event.id, "1764111171999-0", "its id");

    data = otter_event_data(&event);
    text = json_dumps(data, JSON_COMPACT);

    tap_is_str(text,
               "{\"room\":{\"room\":\"den\",\"status\":\"open\","
               "\"locked\":true,\"lobby\":false,\"relay_only\":false,"
               "\"max_peers\":8,\"created_at\":\"2025-11-25T22:51:51Z\","
               "\"updated_at\":\"2025-11-25T22:52:51Z\","
               "\"metadata\":{\"a\":1}},\"sequence\":1764111111112,"
               "\"peer\":{\"id\":\"x\","
               "\"joined_at\":\"2025-11-25T22:52:00Z\"},\"duration\":51,"
               "\"key\":\"main\",\"reason\":\"timeout\"}", "its data");

    free(text);
    json_decref(data);

    /* clocks that differ */

    event.time = 1764111111000;
    data = json_loads(event.peer, 0, NULL);

    tap_is_int(otter_event_duration(&event, data), 0,
               "left before it came: no time at all");

    json_decref(data);
}


static void
check_bad(void)
{
    static const char *const  no_room[] = { "type", "peer.left" };
    static const char *const  no_peer[] = {
        "type", "peer.left", "room", "den", "peer", "{"
    };

    otter_event_t  event;

    tap_is_int(read_event(&event, no_room, 2), -1, "no room");
    tap_is_int(read_event(&event, no_room, 0), -1, "nothing");
    tap_is_int(read_event(&event, no_peer, 6), 0, "a PEER that is none");
    tap_ok(otter_event_data(&event) == NULL, "has no data");
}


int
main(void)
{
    char    time[OTTER_EVENT_TIME_SIZE], key[OTTER_EVENT_KEY_SIZE];
    size_t  i;

    for (i = 0; i < sizeof(filters) / sizeof(filters[0]); i++) {
        tap_is_int(otter_event_matches(filters[i].filter, filters[i].type),
                   filters[i].matches, "\"%s\" and %s", filters[i].filter,
                   filters[i].type);
    }

    check_left();
    check_bad();

    otter_event_time(time, 1764111171007);
    tap_is_str(time, "2025-11-25T22:52:51.007Z", "a time");

    otter_event_key(key, "otter:", 15, ":dead");
    tap_is_str(key, "otter:{events:15}:dead", "a key");

    return tap_done();
}
