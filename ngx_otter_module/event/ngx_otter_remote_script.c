
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_remote_script.h"


/*
 * What all scripts begin with.  KEYS: members, identities, room.  ARGV: the
 * command that publishes, the channel, the life of the keys in milliseconds,
 * the host, and what it knows the version to be.
 *
 * A room's version starts with the time, so that it also grows when Redis
 * has lost the room and it is made anew.
 */

static const char  ngx_otter_script_head[] =
"local m, i, r = KEYS[1], KEYS[2], KEYS[3]\n"
"local host = ARGV[4]\n"
"local function version()\n"
"    local v = tonumber(redis.call('HGET', r, 'v') or '0')\n"
"    local known = tonumber(ARGV[5])\n"
"    if v == 0 then\n"
"        local t = redis.call('TIME')\n"
"        v = t[1] * 1000 + math.floor(t[2] / 1000)\n"
"    end\n"
"    if v < known then v = known end\n"
"    redis.call('HSET', r, 'v', string.format('%.0f', v))\n"
"end\n"
"local function tell(op, id, arg, record)\n"
"    local v = redis.call('HINCRBY', r, 'v', 1)\n"
"    redis.call(ARGV[1], ARGV[2], 'E\\t' .. string.format('%.0f', v)\n"
"        .. '\\t' .. op .. '\\t' .. id .. '\\t' .. arg .. '\\t' .. record)\n"
"end\n"
"local function part(record, n)\n"
"    for s in string.gmatch(record, '([^\\t]*)\\t') do\n"
"        if n == 1 then return s end\n"
"        n = n - 1\n"
"    end\n"
"    return ''\n"
"end\n"
"local function renew()\n"
"    redis.call('PEXPIRE', m, ARGV[3])\n"
"    redis.call('PEXPIRE', i, ARGV[3])\n"
"    if redis.call('HGET', r, 'kept') == '1' then\n"
"        redis.call('PERSIST', r)\n"
"    else\n"
"        redis.call('PEXPIRE', r, ARGV[3])\n"
"    end\n"
"end\n"
"local function put(id, identity, record)\n"
"    redis.call('HSET', m, id, record)\n"
"    redis.call('HSET', i, identity, id)\n"
"    tell('set', id, '', record)\n"
"end\n"
"local function drop(id, record, reason)\n"
"    local identity = part(record, 5)\n"
"    redis.call('HDEL', m, id)\n"
"    if redis.call('HGET', i, identity) == id then\n"
"        redis.call('HDEL', i, identity)\n"
"    end\n"
"    tell('left', id, reason, '')\n"
"    if redis.call('HLEN', m) == 0\n"
"        and redis.call('HGET', r, 'kept') ~= '1' then\n"
"        redis.call('DEL', m, i, r)\n"
"    end\n"
"end\n"
"local function twin(id, identity)\n"
"    local old = redis.call('HGET', i, identity)\n"
"    if not old or old == id then return nil end\n"
"    return redis.call('HGET', m, old) and old or nil\n"
"end\n"
"local function size(max)\n"
"    redis.call('HSETNX', r, 'max', max)\n"
"end\n"
"local function all()\n"
"    local p = redis.call('HMGET', r, 'v', 'max', 'locked', 'lobby',\n"
"        'relay')\n"
"    return {'ok', p[1] or '0', p[2] or '0', p[3] or '0', p[4] or '0',\n"
"        p[5] or '0', redis.call('HGETALL', m)}\n"
"end\n";


/* ARGV: most members, 1 for a moderator, id, identity, record */

ngx_otter_redis_script_t  ngx_otter_script_join = {
    ngx_otter_script_head,
"version()\n"
"size(ARGV[6])\n"
"local id, identity, record = ARGV[8], ARGV[9], ARGV[10]\n"
"local old = twin(id, identity)\n"
"if not old then\n"
"    if redis.call('HGET', r, 'locked') == '1' and ARGV[7] ~= '1' then\n"
"        renew()\n"
"        return {'locked'}\n"
"    end\n"
"    if redis.call('HLEN', m) >= tonumber(redis.call('HGET', r, 'max'))\n"
"    then\n"
"        renew()\n"
"        return {'full'}\n"
"    end\n"
"end\n"
"redis.call('HSET', m, id, record)\n"
"redis.call('HSET', i, identity, id)\n"
"if old then drop(old, redis.call('HGET', m, old), 'replaced') end\n"
"tell('set', id, '', record)\n"
"renew()\n"
"return all()\n",
    { 0 }
};


/* ARGV: most members; then id, identity, record of each member */

ngx_otter_redis_script_t  ngx_otter_script_set = {
    ngx_otter_script_head,
"version()\n"
"size(ARGV[6])\n"
"for n = 7, #ARGV, 3 do\n"
"    local id, identity, record = ARGV[n], ARGV[n + 1], ARGV[n + 2]\n"
"    local now = redis.call('HGET', m, id)\n"
"    if not now and twin(id, identity) then\n"
"        tell('left', id, 'replaced', '')\n"
"    elseif now ~= record then\n"
"        put(id, identity, record)\n"
"    end\n"
"end\n"
"renew()\n"
"return all()\n",
    { 0 }
};


/* ARGV: most members, id, the hash of its secret, record */

ngx_otter_redis_script_t  ngx_otter_script_take = {
    ngx_otter_script_head,
"local id, record = ARGV[7], ARGV[9]\n"
"local now = redis.call('HGET', m, id)\n"
"if not now then return {'gone'} end\n"
"if part(now, 3) ~= ARGV[8] then return {'used'} end\n"
"version()\n"
"size(ARGV[6])\n"
"put(id, part(now, 5), record)\n"
"renew()\n"
"return all()\n",
    { 0 }
};


/* ARGV: id, reason */

ngx_otter_redis_script_t  ngx_otter_script_leave = {
    ngx_otter_script_head,
"local now = redis.call('HGET', m, ARGV[6])\n"
"if now and part(now, 1) == host then drop(ARGV[6], now, ARGV[7]) end\n"
"return {'ok'}\n",
    { 0 }
};


/* ARGV: a host that is no more */

ngx_otter_redis_script_t  ngx_otter_script_reap = {
    ngx_otter_script_head,
"local list = redis.call('HGETALL', m)\n"
"for n = 1, #list, 2 do\n"
"    if part(list[n + 1], 1) == ARGV[6] then\n"
"        drop(list[n], list[n + 1], 'timeout')\n"
"    end\n"
"end\n"
"return {'ok'}\n",
    { 0 }
};


/* 1: nothing has changed, and the keys live on */

ngx_otter_redis_script_t  ngx_otter_script_renew = {
    ngx_otter_script_head,
"if redis.call('HGET', r, 'v') ~= ARGV[5] then return 0 end\n"
"renew()\n"
"return 1\n",
    { 0 }
};


/* ARGV: reason */

ngx_otter_redis_script_t  ngx_otter_script_close = {
    ngx_otter_script_head,
"version()\n"
"tell('closed', '', ARGV[6], '')\n"
"redis.call('DEL', m, i, r)\n"
"return {'ok'}\n",
    { 0 }
};


/* ARGV: most members, locked, lobby, relay_only, kept */

ngx_otter_redis_script_t  ngx_otter_script_policy = {
    ngx_otter_script_head,
"version()\n"
"redis.call('HSET', r, 'max', ARGV[6], 'locked', ARGV[7],\n"
"    'lobby', ARGV[8], 'relay', ARGV[9], 'kept', ARGV[10])\n"
"tell('room', '', ARGV[6] .. ' ' .. ARGV[7] .. ' ' .. ARGV[8] .. ' '\n"
"    .. ARGV[9], '')\n"
"renew()\n"
"return {'ok'}\n",
    { 0 }
};
