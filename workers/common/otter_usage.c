
/*
 * Copyright (C) Otter contributors
 */


#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "otter_clock.h"
#include "otter_usage.h"


enum {
    OTTER_USAGE_KEY_SIZE = 256
};


/*
 * KEYS: any of "P usage:{u}:".  ARGV: that beginning, the counter, the number,
 * the allocation, its owner, bytes, total, the day, and whether another may
 * have counted this total a moment ago.  What coturn told of an
 * allocation before nobody listened is told again by its total.  Two servers
 * may give one number to allocations of one user: their totals are taken off
 * one after the other.
 */

static const char  otter_usage_relayed_script[] =
    "local base = ARGV[1]\n"
    "if redis.call('GET', base .. 'lease') ~= ARGV[2] then\n"
    "  return 0\n"
    "end\n"
    "local last = base .. 'n:' .. ARGV[2]\n"
    "if tonumber(ARGV[3]) <= tonumber(redis.call('GET', last) or 0) then\n"
    "  return 0\n"
    "end\n"
    "redis.call('SET', last, ARGV[3], 'EX', 3600)\n"
    "local counted = base .. 'z:' .. ARGV[4]\n"
    "if ARGV[9] == '1' and redis.call('EXISTS', counted) == 1 then\n"
    "  return 0\n"
    "end\n"
    "local function whole(n) return string.format('%.0f', n) end\n"
    "local allocation = base .. 'a:' .. ARGV[4]\n"
    "local known = redis.call('HMGET', allocation, 'n', 'owner')\n"
    "local owner = ARGV[5]\n"
    "if owner == '' then owner = known[2] or '\\t\\t' end\n"
    "local add, total = tonumber(ARGV[6]), tonumber(ARGV[7])\n"
    "local n = tonumber(known[1] or 0) + add\n"
    "if total >= 0 then\n"
    "  redis.call('SET', counted, '1', 'EX', 60)\n"
    "  if n < total then\n"
    "    add = add + total - n\n"
    "    n = 0\n"
    "  else\n"
    "    n = n - total\n"
    "  end\n"
    "end\n"
    "if total >= 0 and n == 0 then\n"
    "  redis.call('DEL', allocation)\n"
    "else\n"
    "  redis.call('HSET', allocation, 'n', whole(n), 'owner', owner)\n"
    "  redis.call('EXPIRE', allocation, 604800)\n"
    "end\n"
    "if add == 0 then\n"
    "  return 1\n"
    "end\n"
    "local key, room, identity =\n"
    "  string.match(owner, '^([^\\t]*)\\t([^\\t]*)\\t(.*)$')\n"
    "local day = base .. 'd:' .. ARGV[8]\n"
    "redis.call('HINCRBY', day, 'b:' .. key, whole(add))\n"
    "redis.call('EXPIRE', day, 34560000)\n"
    "redis.call('HINCRBY', base .. 'total', 'bytes', whole(add))\n"
    "if room ~= '' then\n"
    "  local r = base .. 'r:' .. room\n"
    "  redis.call('HINCRBY', r, 'bytes', whole(add))\n"
    "  redis.call('HINCRBY', r, 'i:' .. identity, whole(add))\n"
    "  redis.call('EXPIRE', r, 86400)\n"
    "end\n"
    "return 1\n";

static const char  otter_usage_lease_script[] =
    "local has = redis.call('GET', KEYS[1])\n"
    "if has and has ~= ARGV[1] then\n"
    "  return 0\n"
    "end\n"
    "redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])\n"
    "return 1\n";

static const char  otter_usage_leave_script[] =
    "if redis.call('GET', KEYS[1]) == ARGV[1] then\n"
    "  redis.call('DEL', KEYS[1])\n"
    "end\n"
    "return 1\n";


static int otter_usage_run(otter_redis_t *redis, const char *key,
    const char *script, int argc, const char **argv);


int
otter_usage_relayed(otter_redis_t *redis, const char *prefix,
    const otter_usage_relay_t *relay)
{
    char         key[OTTER_USAGE_KEY_SIZE], base[OTTER_USAGE_KEY_SIZE];
    char         number[24], bytes[24], total[24];
    char         day[OTTER_USAGE_DAY_SIZE];
    const char  *argv[11];

    snprintf(base, sizeof(base), "%susage:{u}:", prefix);
    snprintf(key, sizeof(key), "%susage:{u}:lease", prefix);
    snprintf(number, sizeof(number), "%" PRIu64, relay->number);
    snprintf(bytes, sizeof(bytes), "%" PRId64, relay->bytes);
    snprintf(total, sizeof(total), "%" PRId64, relay->total);
    otter_usage_day(day, otter_clock_wall());

    argv[0] = "1";
    argv[1] = key;
    argv[2] = base;
    argv[3] = relay->counter;
    argv[4] = number;
    argv[5] = relay->allocation;
    argv[6] = relay->owner;
    argv[7] = bytes;
    argv[8] = total;
    argv[9] = day;
    argv[10] = relay->again ? "1" : "0";

    return otter_usage_run(redis, key, otter_usage_relayed_script, 11, argv)
           == -1 ? -1 : 0;
}


int
otter_usage_lease(otter_redis_t *redis, const char *prefix,
    const char *role, const char *counter, int64_t ms)
{
    char         key[OTTER_USAGE_KEY_SIZE], life[24];
    const char  *argv[4];

    snprintf(key, sizeof(key), "%susage:{u}:%s", prefix, role);
    snprintf(life, sizeof(life), "%" PRId64, ms);

    argv[0] = "1";
    argv[1] = key;
    argv[2] = counter;
    argv[3] = life;

    return otter_usage_run(redis, key, otter_usage_lease_script, 4, argv);
}


void
otter_usage_leave(otter_redis_t *redis, const char *prefix,
    const char *role, const char *counter)
{
    char         key[OTTER_USAGE_KEY_SIZE];
    const char  *argv[3];

    snprintf(key, sizeof(key), "%susage:{u}:%s", prefix, role);

    argv[0] = "1";
    argv[1] = key;
    argv[2] = counter;

    (void) otter_usage_run(redis, key, otter_usage_leave_script, 3, argv);
}


static int
otter_usage_run(otter_redis_t *redis, const char *key, const char *script,
    int argc, const char **argv)
{
    int          rc;
    redisReply  *reply;

    reply = otter_redis_script(redis, key, script, argc, argv, NULL);

    rc = reply && reply->type == REDIS_REPLY_INTEGER ? (int) reply->integer
                                                     : -1;
    freeReplyObject(reply);

    return rc;
}


void
otter_usage_day(char day[OTTER_USAGE_DAY_SIZE], int64_t ms)
{
    time_t     seconds;
    struct tm  tm;

    seconds = (time_t) (ms / 1000);

    if (gmtime_r(&seconds, &tm) == NULL
        || strftime(day, OTTER_USAGE_DAY_SIZE, "%Y-%m-%d", &tm) == 0)
    {
        day[0] = '\0';
    }
}
