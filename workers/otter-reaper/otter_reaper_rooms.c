
/*
 * Copyright (C) Otter contributors
 */


#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "otter_clock.h"
#include "otter_event_room.h"
#include "otter_log.h"
#include "otter_reaper.h"


enum {
    OTTER_REAPER_KEY_SIZE = 512
};


/*
 * KEYS: members, identities, the room, and what was told of it.  ARGV: how to
 * publish, the room's channel, the prefix, the room, the grace in seconds.
 *
 * Hosts close their rooms themselves, and renew what they keep; what is left
 * behind a grace is a dead one's.  It is told in the way of the hosts' own
 * scripts, so that webhooks and usage hear of it.  1: there was something.
 */

static const char  otter_reaper_script[] =
    "local m, i, r, e = KEYS[1], KEYS[2], KEYS[3], KEYS[4]\n"
    "local prefix, room = ARGV[3], ARGV[4]\n"
    "local t = redis.call('TIME')\n"
    "local now = tonumber(t[1])\n"
    "local time = now * 1000 + math.floor(t[2] / 1000)\n"
    "local function whole(n) return string.format('%.0f', n) end\n"
    "local p = redis.call('HMGET', r, 'max', 'locked', 'lobby', 'relay',\n"
    "    'exp', 'meta', 'kept', 'v')\n"
    "local exp = tonumber(p[5] or '0')\n"
    "local due = exp > 0 and exp + tonumber(ARGV[5]) <= now\n"
    "local members = redis.call('EXISTS', m) == 1\n"
    "if members and not due then return 0 end\n"
    "local kept = p[7] == '1' and not due\n"
    "local all = redis.call('HGETALL', e)\n"
    "local told, opened, n, peers = {}, 0, 0, 0\n"
    "for j = 1, #all, 2 do\n"
    "  local name, value = all[j], all[j + 1]\n"
    "  if name == 'opened' then opened = tonumber(value)\n"
    "  elseif name == 'n' then n = tonumber(value)\n"
    "  elseif name == 'peers' then peers = tonumber(value)\n"
    "  elseif string.match(name, '^[pw]') then told[name] = value end\n"
    "end\n"
    "if kept and next(told) == nil then return 0 end\n"
    "local function emit(what, peer, key, reason)\n"
    "  n = n + 1\n"
    "  local list = {'type', what, 'room', room, 'n', whole(n),\n"
    "    'time', whole(time), 'opened', whole(opened),\n"
    "    'peers', whole(peers), 'max', p[1] or '0', 'locked', p[2] or '0',\n"
    "    'lobby', p[3] or '0', 'relay', p[4] or '0', 'exp', p[5] or '0',\n"
    "    'meta', p[6] or '', 'peer', peer, 'key', key, 'reason', reason}\n"
    "  if ARGV[1] == 'PUBLISH' then\n"
    "    local shard = tonumber(string.sub(redis.sha1hex(room), 1, 4), 16)\n"
    "      % 16\n"
    "    redis.pcall('XADD', prefix .. '{events:' .. shard .. '}',\n"
    "      'NOMKSTREAM', 'MAXLEN', '~', '65536', '*', unpack(list))\n"
    "    return\n"
    "  end\n"
    "  local x = prefix .. '{' .. room .. '}:x'\n"
    "  redis.call('RPUSH', x, cjson.encode(list))\n"
    "  redis.call('LTRIM', x, -1000, -1)\n"
    "  redis.call('EXPIRE', x, 3600)\n"
    "  redis.call('PUBLISH', prefix .. 'events', room)\n"
    "end\n"
    "for name, value in pairs(told) do\n"
    "  redis.call('HDEL', e, name)\n"
    "  local key, peer = string.match(value, '^([^\\t]*)\\t(.*)$')\n"
    "  if key and string.sub(name, 1, 1) == 'p' then\n"
    "    peers = peers - 1\n"
    "    emit('peer.left', peer, key, due and 'closed' or 'timeout')\n"
    "  end\n"
    "end\n"
    "if kept then\n"
    "  redis.call('HSET', e, 'n', whole(n), 'peers', '0')\n"
    "  return 1\n"
    "end\n"
    "emit('room.closed', '', '', due and 'expired' or 'lost')\n"
    "if due then\n"
    "  local v = redis.call('HINCRBY', r, 'v', 1)\n"
    "  redis.call(ARGV[1], ARGV[2], 'E\\t' .. whole(v)\n"
    "    .. '\\tclosed\\t\\texpired\\t\\t')\n"
    "  redis.call('SET', string.sub(m, 1, -2) .. 'c', whole(v), 'EX', 30)\n"
    "end\n"
    "redis.call('DEL', m, i, r, e)\n"
    "return 1\n";


static int otter_reaper_node(otter_reaper_t *reaper, size_t node,
    const char *pattern, size_t *found);
static int otter_reaper_keys(otter_reaper_t *reaper, const redisReply *keys,
    size_t *found);
static int otter_reaper_room(otter_reaper_t *reaper, const char *room);
static void otter_reaper_pattern(char *dst, const char *prefix);


void
otter_reaper_rooms(otter_reaper_t *reaper)
{
    char    pattern[OTTER_REAPER_KEY_SIZE];
    size_t  i, n, found;

    otter_reaper_pattern(pattern, reaper->conf->prefix);

    n = otter_redis_nodes(reaper->redis);

    for (i = 0, found = 0; i < n; i++) {
        if (otter_reaper_node(reaper, i, pattern, &found) != 0) {
            otter_log(OTTER_LOG_WARNING, "rooms were not looked through: %s",
                      otter_redis_error(reaper->redis));
            break;
        }
    }

    if (found) {
        otter_log(OTTER_LOG_NOTICE, "%zu rooms were left behind or due, and "
                  "are cleared", found);
    }
}


static int
otter_reaper_node(otter_reaper_t *reaper, size_t node, const char *pattern,
    size_t *found)
{
    int          rc;
    char         cursor[24];
    redisReply  *reply;

    snprintf(cursor, sizeof(cursor), "0");

    do {
        reply = otter_redis_command_on(reaper->redis, node,
                                       "SCAN %s MATCH %s COUNT 500", cursor,
                                       pattern);

        if (reply == NULL || reply->type != REDIS_REPLY_ARRAY
            || reply->elements != 2
            || reply->element[0]->type != REDIS_REPLY_STRING
            || reply->element[1]->type != REDIS_REPLY_ARRAY)
        {
            freeReplyObject(reply);
            return -1;
        }

        snprintf(cursor, sizeof(cursor), "%s", reply->element[0]->str);

        rc = otter_reaper_keys(reaper, reply->element[1], found);

        freeReplyObject(reply);

        if (rc != 0) {
            return -1;
        }

    } while (strcmp(cursor, "0") != 0);

    return 0;
}


static int
otter_reaper_keys(otter_reaper_t *reaper, const redisReply *keys,
    size_t *found)
{
    int          rc;
    char         room[OTTER_EVENT_ROOM_SIZE];
    size_t       i;
    const char  *key, *prefix;

    prefix = reaper->conf->prefix;

    for (i = 0; i < keys->elements; i++) {
        key = keys->element[i]->str;

        if (otter_event_room_of(room, prefix, ":e", key) == 0) {
            rc = otter_reaper_room(reaper, room);

            if (rc == -1) {
                return -1;
            }

            *found += (size_t) rc;

        } else if (otter_event_room_of(room, prefix, ":x", key) == 0
                   && reaper->ready
                   && otter_event_fetch(reaper->redis, prefix, room) == -1)
        {
            return -1;
        }
    }

    return 0;
}


/* 1: it was cleared, 0: it is as it should be, -1 */

static int
otter_reaper_room(otter_reaper_t *reaper, const char *room)
{
    int          rc, i;
    char         keys[4][OTTER_REAPER_KEY_SIZE];
    char         channel[OTTER_REAPER_KEY_SIZE - 2], grace[24];
    const char  *argv[10];
    redisReply  *reply;

    snprintf(channel, sizeof(channel), "%s{%s}", reaper->conf->prefix, room);

    argv[0] = "4";

    for (i = 0; i < 4; i++) {
        snprintf(keys[i], sizeof(keys[i]), "%s:%c", channel, "mire"[i]);
        argv[i + 1] = keys[i];
    }

    snprintf(grace, sizeof(grace), "%lld",
             (long long) (reaper->conf->grace / 1000));

    argv[5] = reaper->conf->redis.kind == OTTER_REDIS_CLUSTER ? "SPUBLISH"
                                                              : "PUBLISH";
    argv[6] = channel;
    argv[7] = reaper->conf->prefix;
    argv[8] = room;
    argv[9] = grace;

    reply = otter_redis_script(reaper->redis, keys[0], otter_reaper_script,
                               10, argv, NULL);

    rc = reply && reply->type == REDIS_REPLY_INTEGER ? (int) reply->integer
                                                     : -1;
    freeReplyObject(reply);

    return rc;
}


/* a prefix may hold what means something in a pattern */

static void
otter_reaper_pattern(char *dst, const char *prefix)
{
    for ( /* void */ ; *prefix; prefix++) {
        if (!isalnum((unsigned char) *prefix)) {
            *dst++ = '\\';
        }

        *dst++ = *prefix;
    }

    (void) stpcpy(dst, "{*}:[ex]");
}
