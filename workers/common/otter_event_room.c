
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "otter_event_room.h"
#include "otter_event_script.h"
#include "otter_log.h"


enum {
    OTTER_EVENT_FETCH = 50,            /* events at a time */
    OTTER_EVENT_ARGS = OTTER_EVENT_FETCH + 3
};


static int otter_event_number(redisReply *reply);
static int otter_event_move(otter_redis_t *redis, const char *prefix,
    const char *room, const redisReply *list, char last[24]);


/*
 * KEYS: the stream.  ARGV: room, then events as JSON.  What the stream has
 * already is left out: numbers of a room only grow, and begin with the time in
 * microseconds.  They are remembered for a day.
 */

static const char  otter_event_script_move[] =
"local seen = KEYS[1] .. ':seen'\n"
"local last = tonumber(redis.call('ZSCORE', seen, ARGV[1]) or '0')\n"
"for j = 2, #ARGV do\n"
"    local fields, n = cjson.decode(ARGV[j]), 0\n"
"    for k = 1, #fields, 2 do\n"
"        if fields[k] == 'n' then n = tonumber(fields[k + 1]) end\n"
"    end\n"
"    if n > last then\n"
"        last = n\n"
"        redis.call('XADD', KEYS[1], 'NOMKSTREAM', 'MAXLEN', '~', '65536',\n"
"            '*', unpack(fields))\n"
"    end\n"
"end\n"
"redis.call('ZADD', seen, last, ARGV[1])\n"
"redis.call('ZREMRANGEBYSCORE', seen, '-inf', last - 86400000000)\n"
"return string.format('%.0f', last)\n";


/* KEYS: the room's list.  ARGV: the last number that is in the stream */

static const char  otter_event_script_trim[] =
"local n = 0\n"
"while true do\n"
"    local item = redis.call('LINDEX', KEYS[1], 0)\n"
"    if not item then return n end\n"
"    local fields = cjson.decode(item)\n"
"    for k = 1, #fields, 2 do\n"
"        if fields[k] == 'n'\n"
"            and tonumber(fields[k + 1]) > tonumber(ARGV[1])\n"
"        then\n"
"            return n\n"
"        end\n"
"    end\n"
"    redis.call('LPOP', KEYS[1])\n"
"    n = n + 1\n"
"end\n";


/* KEYS: members, room.  ARGV: PUBLISH or SPUBLISH, 1 to tell */

static const char  otter_event_script_stale[] =
"local m, r = KEYS[1], KEYS[2]\n"
OTTER_EVENT_SCRIPT
"local list = redis.call('HGETALL', string.sub(m, 1, -2) .. 'e')\n"
"local gone = {}\n"
"for j = 1, #list, 2 do\n"
"    local id = string.match(list[j], '^[pw](.*)')\n"
"    if id and #id == 20 and redis.call('HEXISTS', m, id) == 0 then\n"
"        gone[#gone + 1] = id\n"
"    end\n"
"end\n"
"local closed = #list > 0 and redis.call('HLEN', m) == 0\n"
"    and redis.call('HGET', r, 'kept') ~= '1'\n"
"if ARGV[2] == '1' then\n"
"    for _, id in ipairs(gone) do event('left', id, 'timeout', '') end\n"
"    if closed then event('left', '', '', '') end\n"
"end\n"
"return #gone + (closed and 1 or 0)\n";


int
otter_event_room_of(char room[OTTER_EVENT_ROOM_SIZE], const char *prefix,
    const char *suffix, const char *key)
{
    size_t  start, len, end;

    start = strlen(prefix) + 1;
    end = strlen(suffix) + 1;
    len = strlen(key);

    if (len <= start + end || len - start - end >= OTTER_EVENT_ROOM_SIZE
        || strncmp(key, prefix, start - 1) != 0 || key[start - 1] != '{'
        || key[len - end] != '}' || strcmp(key + len - end + 1, suffix) != 0)
    {
        return -1;
    }

    memcpy(room, key + start, len - start - end);
    room[len - start - end] = '\0';

    return strpbrk(room, "{}:") ? -1 : 0;
}


int
otter_event_fetch(otter_redis_t *redis, const char *prefix, const char *room)
{
    int          n, moved;
    char         key[OTTER_EVENT_KEY_SIZE], last[24];
    redisReply  *list;
    const char  *argv[3];

    snprintf(key, sizeof(key), "%s{%s}:x", prefix, room);

    for (moved = 0; /* void */; moved += n) {
        list = otter_redis_command(redis, key, "LRANGE %s 0 %d", key,
                                   OTTER_EVENT_FETCH - 1);

        if (list == NULL || list->type != REDIS_REPLY_ARRAY
            || list->elements == 0)
        {
            n = list && list->type == REDIS_REPLY_ARRAY ? moved : -1;

            if (list) {
                freeReplyObject(list);
            }

            return n;
        }

        n = otter_event_move(redis, prefix, room, list, last);

        freeReplyObject(list);

        if (n == -1) {
            return -1;
        }

        argv[0] = "1";
        argv[1] = key;
        argv[2] = last;

        n = otter_event_number(otter_redis_script(redis, key,
                                                  otter_event_script_trim, 3,
                                                  argv, NULL));
        if (n <= 0) {
            return n == 0 ? moved : -1;
        }
    }
}


static int
otter_event_move(otter_redis_t *redis, const char *prefix, const char *room,
    const redisReply *list, char last[24])
{
    int          argc, rc;
    char         key[OTTER_EVENT_KEY_SIZE];
    size_t       i;
    redisReply  *reply;
    const char  *argv[OTTER_EVENT_ARGS];

    otter_event_key(key, prefix, otter_event_shard(room), "");

    argc = 0;
    argv[argc++] = "1";
    argv[argc++] = key;
    argv[argc++] = room;

    for (i = 0; i < list->elements && i < OTTER_EVENT_FETCH; i++) {
        argv[argc++] = list->element[i]->str;
    }

    reply = otter_redis_script(redis, key, otter_event_script_move, argc,
                               argv, NULL);

    rc = -1;

    if (reply && reply->type == REDIS_REPLY_STRING && reply->len < 24) {
        memcpy(last, reply->str, reply->len + 1);
        rc = 0;
    }

    if (reply && reply->type == REDIS_REPLY_ERROR) {
        otter_log(OTTER_LOG_ERROR, "Redis: %s", reply->str);
    }

    if (reply) {
        freeReplyObject(reply);
    }

    return rc;
}


int
otter_event_stale(otter_redis_t *redis, const char *prefix, const char *room,
    int cluster, int tell)
{
    char         m[OTTER_EVENT_KEY_SIZE], r[OTTER_EVENT_KEY_SIZE];
    const char  *argv[5];

    snprintf(m, sizeof(m), "%s{%s}:m", prefix, room);
    snprintf(r, sizeof(r), "%s{%s}:r", prefix, room);

    argv[0] = "2";
    argv[1] = m;
    argv[2] = r;
    argv[3] = cluster ? "SPUBLISH" : "PUBLISH";
    argv[4] = tell ? "1" : "0";

    return otter_event_number(otter_redis_script(redis, m,
                                                 otter_event_script_stale, 5,
                                                 argv, NULL));
}


static int
otter_event_number(redisReply *reply)
{
    int  number;

    if (reply == NULL) {
        return -1;
    }

    if (reply->type == REDIS_REPLY_ERROR) {
        otter_log(OTTER_LOG_ERROR, "Redis: %s", reply->str);
    }

    number = reply->type == REDIS_REPLY_INTEGER ? (int) reply->integer : -1;

    freeReplyObject(reply);

    return number;
}
