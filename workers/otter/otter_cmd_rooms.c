
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <string.h>

#include "otter_api.h"
#include "otter_name.h"


enum {
    OTTER_ROOMS_PATH_SIZE = 1024
};


static int otter_rooms(const otter_cmd_t *cmd, int argc, char **argv);
static int otter_peers(const otter_cmd_t *cmd, int argc, char **argv);
static int otter_kick(const otter_cmd_t *cmd, int argc, char **argv);
static json_t *otter_rooms_shown(const json_t *rooms);
static int otter_rooms_check(const otter_cmd_t *cmd, const char *room);


const otter_cmd_t  otter_cmd_rooms = {
    "rooms", NULL, "shows the rooms of a server",
    "rooms [--url URL] [--api-key-file F] [--json]\n"
    "\n"
    OTTER_API_HELP
    "  --json              print {\"rooms\":[...]}",
    otter_rooms
};

const otter_cmd_t  otter_cmd_peers = {
    "peers", NULL, "shows who is in a room",
    "peers ROOM [--url URL] [--api-key-file F] [--json]\n"
    "\n"
    OTTER_API_HELP
    "  --json              print {\"room\",\"peers\":[...]}",
    otter_peers
};

const otter_cmd_t  otter_cmd_kick = {
    "kick", NULL, "puts a peer out of a room",
    "kick ROOM PEER [--url URL] [--api-key-file F] [--json]\n"
    "\n"
    "PEER is an id that \"otter peers\" shows.  The identity's present token\n"
    "is refused from then on.\n"
    "\n"
    OTTER_API_HELP
    "  --json              print {\"room\",\"peer\"}",
    otter_kick
};


json_t *
otter_api_rooms(otter_api_t *api)
{
    int          rc;
    char         path[OTTER_ROOMS_PATH_SIZE], *escaped;
    json_t      *rooms, *page;
    const char  *cursor;

    rooms = json_array();
    snprintf(path, sizeof(path), "rooms?limit=100");

    do {
        page = otter_api_call(api, "GET", path);

        if (page == NULL) {
            json_decref(rooms);
            return NULL;
        }

        rc = json_array_extend(rooms, json_object_get(page, "rooms"));
        cursor = json_string_value(json_object_get(page, "cursor"));
        escaped = cursor ? curl_easy_escape(api->curl, cursor, 0) : NULL;

        if (escaped) {
            snprintf(path, sizeof(path), "rooms?limit=100&cursor=%s",
                     escaped);
            curl_free(escaped);
        }

        json_decref(page);

        if (rc != 0) {
            snprintf(api->error, sizeof(api->error), "the answer has no "
                     "list of rooms");
            json_decref(rooms);
            return NULL;
        }

    } while (escaped);

    return rooms;
}


static int
otter_rooms(const otter_cmd_t *cmd, int argc, char **argv)
{
    int                 rc;
    json_t             *rooms, *rows;
    otter_api_t         api;
    otter_api_where_t   where;

    otter_option_t  options[] = {
        { "json", NULL, 0, 0 },
        OTTER_API_OPTIONS(where),
        { NULL, NULL, 0, 0 }
    };

    static const char *const  columns[] = {
        "room", "status", "peers", "locked", "lobby", "created_at"
    };

    memset(&where, 0, sizeof(otter_api_where_t));

    if (otter_cmd_options(cmd, options, argc, argv, NULL, 0) != 0) {
        return OTTER_EXIT_USAGE;
    }

    otter_api_environment(&where);

    rc = otter_api_open(&api, cmd, &where, 1);
    if (rc != OTTER_EXIT_OK) {
        return rc;
    }

    rooms = otter_api_rooms(&api);

    if (rooms == NULL) {
        rc = otter_cmd_refused(cmd, "%s", api.error);
        otter_api_close(&api);
        return rc;
    }

    otter_api_close(&api);

    if (options[0].count) {
        return otter_cmd_json(cmd, json_pack("{so}", "rooms", rooms));
    }

    rows = otter_rooms_shown(rooms);

    otter_cmd_table(rows, columns, sizeof(columns) / sizeof(columns[0]));

    json_decref(rows);
    json_decref(rooms);

    return OTTER_EXIT_OK;
}


/* of the peers only how many they are, and may be */

static json_t *
otter_rooms_shown(const json_t *rooms)
{
    char     peers[64];
    size_t   i;
    json_t  *rows, *row;

    rows = json_array();

    for (i = 0; i < json_array_size(rooms); i++) {
        row = json_copy(json_array_get(rooms, i));

        snprintf(peers, sizeof(peers), "%zu/%lld",
                 json_array_size(json_object_get(row, "peers")),
                 json_integer_value(json_object_get(row, "max_peers")));

        if (json_object_set_new(row, "peers", json_string(peers)) != 0
            || json_array_append(rows, row) != 0)
        {
            otter_cmd_note("A room is left out: no memory.");
        }

        json_decref(row);
    }

    return rows;
}


static int
otter_peers(const otter_cmd_t *cmd, int argc, char **argv)
{
    int                 rc;
    char                path[OTTER_ROOMS_PATH_SIZE];
    json_t             *room, *peers;
    const char         *name;
    otter_api_t         api;
    otter_api_where_t   where;

    otter_option_t  options[] = {
        { "json", NULL, 0, 0 },
        OTTER_API_OPTIONS(where),
        { NULL, NULL, 0, 0 }
    };

    static const char *const  columns[] = {
        "id", "identity", "name", "role", "joined_at"
    };

    memset(&where, 0, sizeof(otter_api_where_t));

    if (otter_cmd_options(cmd, options, argc, argv, &name, 1) != 0) {
        return OTTER_EXIT_USAGE;
    }

    otter_api_environment(&where);

    rc = otter_rooms_check(cmd, name);

    if (rc == OTTER_EXIT_OK) {
        rc = otter_api_open(&api, cmd, &where, 1);
    }

    if (rc != OTTER_EXIT_OK) {
        return rc;
    }

    snprintf(path, sizeof(path), "rooms/%s", name);

    room = otter_api_need(&api, "GET", path);

    otter_api_close(&api);

    if (room == NULL) {
        return OTTER_EXIT_REFUSED;
    }

    peers = json_object_get(room, "peers");

    if (options[0].count) {
        rc = otter_cmd_json(cmd, json_pack("{ss sO}", "room", name, "peers",
                                           peers));
    } else {
        otter_cmd_table(peers, columns, sizeof(columns) / sizeof(columns[0]));
    }

    json_decref(room);

    return rc;
}


static int
otter_kick(const otter_cmd_t *cmd, int argc, char **argv)
{
    int                 rc;
    char                path[OTTER_ROOMS_PATH_SIZE], *peer;
    json_t             *answer;
    const char         *names[2];
    otter_api_t         api;
    otter_api_where_t   where;

    otter_option_t  options[] = {
        { "json", NULL, 0, 0 },
        OTTER_API_OPTIONS(where),
        { NULL, NULL, 0, 0 }
    };

    memset(&where, 0, sizeof(otter_api_where_t));

    if (otter_cmd_options(cmd, options, argc, argv, names, 2) != 0) {
        return OTTER_EXIT_USAGE;
    }

    otter_api_environment(&where);

    rc = otter_rooms_check(cmd, names[0]);

    if (rc == OTTER_EXIT_OK) {
        rc = otter_api_open(&api, cmd, &where, 1);
    }

    if (rc != OTTER_EXIT_OK) {
        return rc;
    }

    peer = curl_easy_escape(api.curl, names[1], 0);

    snprintf(path, sizeof(path), "rooms/%s/peers/%s", names[0],
             peer ? peer : "");

    curl_free(peer);

    answer = otter_api_need(&api, "DELETE", path);

    otter_api_close(&api);

    if (answer == NULL) {
        return OTTER_EXIT_REFUSED;
    }

    json_decref(answer);

    if (options[0].count) {
        return otter_cmd_json(cmd, json_pack("{ss ss}", "room", names[0],
                                             "peer", names[1]));
    }

    otter_cmd_note("The peer \"%s\" is out of the room \"%s\".", names[1],
                   names[0]);

    return OTTER_EXIT_OK;
}


static int
otter_rooms_check(const otter_cmd_t *cmd, const char *room)
{
    if (otter_room_name_valid((const unsigned char *) room, strlen(room))) {
        return OTTER_EXIT_OK;
    }

    return otter_cmd_misused(cmd, "\"%s\" is no name of a room", room);
}
