
/*
 * Copyright (C) Otter contributors
 */


#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "otter_log.h"
#include "otter_webhook_script.h"


/*
 * KEYS[1] is the stream, ARGV[1] the worker.  The other keys of the shard
 * have the stream's name in front and so its slot:
 *
 *     :lease                     who holds it
 *     :q:<endpoint>:<room>       list of "<id> <type> <body>", first to go
 *                                first
 *     :due:<endpoint>            zset of rooms, by when to try their first
 *     :tries                     hash "<endpoint> <room>": "<n> <first>"
 *     :count                     hash of endpoints: events in all queues
 *     :dead, :dead:times         hash "<endpoint> <id>": JSON, newline, item;
 *                                zset of the same, by time
 */

#define OTTER_WEBHOOK_HEAD                                                   \
"local t = KEYS[1]\n"                                                        \
"local function held()\n"                                                    \
"    return redis.call('GET', t .. ':lease') == ARGV[1]\n"                   \
"end\n"                                                                      \
"local function queue(e, room) return t .. ':q:' .. e .. ':' .. room end\n"  \
"local function first(e, room, id)\n"                                        \
"    local item = redis.call('LINDEX', queue(e, room), 0)\n"                 \
"    if item and string.sub(item, 1, #id + 1) == id .. ' ' then\n"           \
"        return item\n"                                                      \
"    end\n"                                                                  \
"    return nil\n"                                                           \
"end\n"                                                                      \
"local function drop(e, room, now)\n"                                        \
"    local q = queue(e, room)\n"                                             \
"    redis.call('LPOP', q)\n"                                                \
"    redis.call('HDEL', t .. ':tries', e .. ' ' .. room)\n"                  \
"    redis.call('HINCRBY', t .. ':count', e, -1)\n"                          \
"    if redis.call('EXISTS', q) == 1 then\n"                                 \
"        redis.call('ZADD', t .. ':due:' .. e, now, room)\n"                 \
"    else\n"                                                                 \
"        redis.call('ZREM', t .. ':due:' .. e, room)\n"                      \
"    end\n"                                                                  \
"end\n"                                                                      \
"local function bury(e, item, room, n, why, now, most)\n"                    \
"    local id, type = string.match(item, '^(%S+) (%S+) ')\n"                 \
"    local field = e .. ' ' .. id\n"                                         \
"    redis.call('HSET', t .. ':dead', field, cjson.encode({id = id,\n"       \
"        endpoint = e, type = type, room = room, attempts = n,\n"            \
"        error = why, failed = tonumber(now)}) .. '\\n' .. item)\n"          \
"    redis.call('ZADD', t .. ':dead:times', now, field)\n"                   \
"    while redis.call('ZCARD', t .. ':dead:times') > tonumber(most) do\n"    \
"        local old = redis.call('ZPOPMIN', t .. ':dead:times')\n"            \
"        redis.call('HDEL', t .. ':dead', old[1])\n"                         \
"    end\n"                                                                  \
"end\n"


const char  otter_webhook_script_renew[] =
"if redis.call('GET', KEYS[1] .. ':lease') ~= ARGV[1] then return 0 end\n"
"redis.call('PEXPIRE', KEYS[1] .. ':lease', ARGV[2])\n"
"return 1\n";


const char  otter_webhook_script_release[] =
"if redis.call('GET', KEYS[1] .. ':lease') ~= ARGV[1] then return 0 end\n"
"return redis.call('DEL', KEYS[1] .. ':lease')\n";


/*
 * ARGV: entry, room, now, most events waiting, most letters, item, and the
 * endpoints.  An entry that is not pending any more was queued before.
 */

const char  otter_webhook_script_queue[] =
OTTER_WEBHOOK_HEAD
"if not held() then return 0 end\n"
"if redis.call('XACK', t, 'webhooks', ARGV[2]) == 0 then return 1 end\n"
"for n = 8, #ARGV do\n"
"    local e = ARGV[n]\n"
"    if redis.call('HINCRBY', t .. ':count', e, 1) > tonumber(ARGV[5]) then\n"
"        redis.call('HINCRBY', t .. ':count', e, -1)\n"
"        bury(e, ARGV[7], ARGV[3], 0, 'too many events wait for it',\n"
"            ARGV[4], ARGV[6])\n"
"    else\n"
"        redis.call('RPUSH', queue(e, ARGV[3]), ARGV[7])\n"
"        redis.call('ZADD', t .. ':due:' .. e, 'NX', ARGV[4], ARGV[3])\n"
"    end\n"
"end\n"
"return 1\n";


/* ARGV: endpoint, count, now, until */

const char  otter_webhook_script_take[] =
OTTER_WEBHOOK_HEAD
"if not held() then return {} end\n"
"local e, list = ARGV[2], {}\n"
"local due = t .. ':due:' .. e\n"
"local rooms = redis.call('ZRANGEBYSCORE', due, '-inf', ARGV[4], 'LIMIT', 0,\n"
"    ARGV[3])\n"
"for _, room in ipairs(rooms) do\n"
"    local item = redis.call('LINDEX', queue(e, room), 0)\n"
"    if item then\n"
"        local tries = redis.call('HGET', t .. ':tries', e .. ' ' .. room)\n"
"        redis.call('ZADD', due, ARGV[5], room)\n"
"        local n, at = string.match(tries or '0 0', '^(%d+) (%d+)$')\n"
"        list[#list + 1] = {e, room, n, at, item}\n"
"    else\n"
"        redis.call('ZREM', due, room)\n"
"    end\n"
"end\n"
"return list\n";


/* ARGV: endpoint, room, id, now */

const char  otter_webhook_script_done[] =
OTTER_WEBHOOK_HEAD
"if not held() or not first(ARGV[2], ARGV[3], ARGV[4]) then return 0 end\n"
"drop(ARGV[2], ARGV[3], ARGV[5])\n"
"return 1\n";


/* ARGV: endpoint, room, id, attempts, time of the first, due */

const char  otter_webhook_script_again[] =
OTTER_WEBHOOK_HEAD
"if not held() or not first(ARGV[2], ARGV[3], ARGV[4]) then return 0 end\n"
"redis.call('HSET', t .. ':tries', ARGV[2] .. ' ' .. ARGV[3],\n"
"    ARGV[5] .. ' ' .. ARGV[6])\n"
"redis.call('ZADD', t .. ':due:' .. ARGV[2], ARGV[7], ARGV[3])\n"
"return 1\n";


/* ARGV: endpoint, room, id, attempts, now, error, most letters */

const char  otter_webhook_script_dead[] =
OTTER_WEBHOOK_HEAD
"if not held() then return 0 end\n"
"local item = first(ARGV[2], ARGV[3], ARGV[4])\n"
"if not item then return 0 end\n"
"bury(ARGV[2], item, ARGV[3], tonumber(ARGV[5]), ARGV[7], ARGV[6], ARGV[8])\n"
"drop(ARGV[2], ARGV[3], ARGV[6])\n"
"return 1\n";


/* ARGV: endpoint, id, now; the lease is not asked for */

const char  otter_webhook_script_retry[] =
OTTER_WEBHOOK_HEAD
"local e, field = ARGV[2], ARGV[2] .. ' ' .. ARGV[3]\n"
"local letter = redis.call('HGET', t .. ':dead', field)\n"
"if not letter then return 0 end\n"
"local about, item = string.match(letter, '^([^\\n]*)\\n(.*)$')\n"
"local room = cjson.decode(about).room\n"
"redis.call('HDEL', t .. ':dead', field)\n"
"redis.call('ZREM', t .. ':dead:times', field)\n"
"redis.call('RPUSH', queue(e, room), item)\n"
"redis.call('HINCRBY', t .. ':count', e, 1)\n"
"redis.call('ZADD', t .. ':due:' .. e, 'NX', ARGV[4], room)\n"
"return 1\n";


void
otter_webhook_call_init(otter_webhook_call_t *call,
    const otter_webhook_store_t *store, unsigned shard)
{
    call->argc = 0;
    call->nnumbers = 0;

    otter_event_key(call->key, store->prefix, shard, "");

    otter_webhook_call_add_string(call, "1");
    otter_webhook_call_add_string(call, call->key);
    otter_webhook_call_add_string(call, store->worker);
}


void
otter_webhook_call_add(otter_webhook_call_t *call, const char *text,
    size_t len)
{
    call->argv[call->argc] = text;
    call->lens[call->argc] = len;
    call->argc++;
}


void
otter_webhook_call_add_string(otter_webhook_call_t *call, const char *text)
{
    otter_webhook_call_add(call, text, strlen(text));
}


void
otter_webhook_call_add_number(otter_webhook_call_t *call, int64_t number)
{
    char  *text;

    text = call->numbers[call->nnumbers++];

    snprintf(text, sizeof(call->numbers[0]), "%" PRId64, number);
    otter_webhook_call_add_string(call, text);
}


redisReply *
otter_webhook_call(otter_webhook_call_t *call,
    const otter_webhook_store_t *store, const char *script)
{
    return otter_redis_script(store->redis, call->key, script, call->argc,
                              call->argv, call->lens);
}


int
otter_webhook_call_number(otter_webhook_call_t *call,
    const otter_webhook_store_t *store, const char *script)
{
    int          number;
    redisReply  *reply;

    reply = otter_webhook_call(call, store, script);

    if (reply == NULL) {
        return -1;
    }

    number = reply->type == REDIS_REPLY_INTEGER ? (int) reply->integer : -1;

    if (reply->type == REDIS_REPLY_ERROR) {
        otter_log(OTTER_LOG_ERROR, "Redis: %s", reply->str);
    }

    freeReplyObject(reply);

    return number;
}
