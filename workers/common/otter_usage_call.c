
/*
 * Copyright (C) Otter contributors
 */


#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "otter_usage.h"


/*
 * ARGV: what all keys begin with, who counts, room, number, time, what
 * happened, peer, its key, the day.  An event counts what was up to it.
 * A tick does the same without one; should an event of before come after it,
 * what was too much is taken off again.
 */

static const char  otter_usage_call_script[] =
    "local base, room = ARGV[1], ARGV[3]\n"
    "if redis.call('GET', base .. 'reaper') ~= ARGV[2] then\n"
    "  return -2\n"
    "end\n"
    "local c = base .. 'c:' .. room\n"
    "local n, time, what = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6]\n"
    "local all = redis.call('HGETALL', c)\n"
    "local at, last, peers, count = time, 0, {}, 0\n"
    "for i = 1, #all, 2 do\n"
    "  local name, value = all[i], all[i + 1]\n"
    "  if name == 'at' then\n"
    "    at = tonumber(value)\n"
    "  elseif name == 'n' then\n"
    "    last = tonumber(value)\n"
    "  else\n"
    "    peers[string.sub(name, 3)] = value\n"
    "    count = count + 1\n"
    "  end\n"
    "end\n"
    "if what == 'tick' then\n"
    "  if count == 0 or time <= at then return 0 end\n"
    "elseif n <= last then\n"
    "  return 0\n"
    "end\n"
    "if count >= 2 and time ~= at then\n"
    "  local day = base .. 'd:' .. ARGV[9]\n"
    "  for _, key in pairs(peers) do\n"
    "    redis.call('HINCRBY', day, 'm:' .. key,\n"
    "               string.format('%.0f', time - at))\n"
    "  end\n"
    "  redis.call('EXPIRE', day, 34560000)\n"
    "end\n"
    "local peer = ARGV[7]\n"
    "if what == 'peer.joined' or what == 'peer.updated' then\n"
    "  if not peers[peer] then count = count + 1 end\n"
    "  peers[peer] = ARGV[8]\n"
    "  redis.call('HSET', c, 'k:' .. peer, ARGV[8])\n"
    "elseif what == 'peer.left' then\n"
    "  if peers[peer] then count = count - 1 end\n"
    "  redis.call('HDEL', c, 'k:' .. peer)\n"
    "elseif what == 'room.closed' or what == 'room.opened' then\n"
    "  redis.call('DEL', c)\n"
    "  count = 0\n"
    "end\n"
    "redis.call('HSET', c, 'at', string.format('%.0f', time),\n"
    "           'n', string.format('%.0f', math.max(n, last)))\n"
    "if count == 0 then\n"
    "  redis.call('EXPIRE', c, 86400)\n"
    "  redis.call('ZREM', base .. 'calls', room)\n"
    "else\n"
    "  redis.call('PERSIST', c)\n"
    "  redis.call('ZADD', base .. 'calls', string.format('%.0f', time),\n"
    "             room)\n"
    "end\n"
    "return 1\n";


int
otter_usage_call(otter_redis_t *redis, const char *prefix,
    const otter_usage_call_t *call)
{
    int          rc;
    char         lease[256], base[256], n[24], time[24];
    char         day[OTTER_USAGE_DAY_SIZE];
    const char  *argv[11];
    redisReply  *reply;

    snprintf(base, sizeof(base), "%susage:{u}:", prefix);
    snprintf(lease, sizeof(lease), "%susage:{u}:reaper", prefix);
    snprintf(n, sizeof(n), "%" PRId64, call->n);
    snprintf(time, sizeof(time), "%" PRId64, call->time);
    otter_usage_day(day, call->time);

    argv[0] = "1";
    argv[1] = lease;
    argv[2] = base;
    argv[3] = call->counter;
    argv[4] = call->room;
    argv[5] = n;
    argv[6] = time;
    argv[7] = call->type;
    argv[8] = call->peer;
    argv[9] = call->key;
    argv[10] = day;

    reply = otter_redis_script(redis, lease, otter_usage_call_script, 11,
                               argv, NULL);

    rc = reply && reply->type == REDIS_REPLY_INTEGER ? (int) reply->integer
                                                     : -1;
    freeReplyObject(reply);

    return rc;
}
