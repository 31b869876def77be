
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_remote_script.h"
#include "otter_event_script.h"


/*
 * What all scripts begin with.  KEYS: members, identities, room, tokens that
 * were put out.  ARGV: the command that publishes, the channel, the life of
 * the keys in milliseconds, the host, and what it knows the version to be.
 *
 * A room's version starts with the time, so that it also grows when Redis
 * has lost the room and it is made anew; and above that of one of its name
 * that went just now.  For a while it is known up to which version rooms of
 * the name were closed, and which one the last of them had in the end.
 *
 * Who waits has its place in the line, w<id> of the room.  Where there is no
 * lobby, fill() lets those in for whom there is room, the first ones first;
 * each script that makes room ends with it.
 */

const char  ngx_otter_script_head[] =
"local m, i, r, k = KEYS[1], KEYS[2], KEYS[3], KEYS[4]\n"
"local c = string.sub(m, 1, -2) .. 'c'\n"
"local none = string.rep('0', 32)\n"
"local host = ARGV[4]\n"
"local function went()\n"
"    local closed, last = string.match(redis.call('GET', c) or '',\n"
"        '^(%d+) ?(%d*)$')\n"
"    closed = tonumber(closed or '0')\n"
"    return closed, tonumber(last or '') or closed\n"
"end\n"
"local function version()\n"
"    local v = tonumber(redis.call('HGET', r, 'v') or '0')\n"
"    local known = tonumber(ARGV[5])\n"
"    if v == 0 then\n"
"        local t = redis.call('TIME')\n"
"        v = t[1] * 1000 + math.floor(t[2] / 1000)\n"
"        redis.call('HSET', r, 'at', t[1])\n"
"        local _, last = went()\n"
"        if v <= last then v = last + 1 end\n"
"    end\n"
"    if v < known then v = known end\n"
"    redis.call('HSET', r, 'v', string.format('%.0f', v))\n"
"end\n"
OTTER_EVENT_SCRIPT
"local function tell(op, id, arg, record)\n"
"    event(op, id, arg, record)\n"
"    local v = redis.call('HINCRBY', r, 'v', 1)\n"
"    local time = redis.call('TIME')[1]\n"
"    redis.call('HSET', r, 'up', time)\n"
"    redis.call(ARGV[1], ARGV[2], 'E\\t' .. string.format('%.0f', v)\n"
"        .. '\\t' .. op .. '\\t' .. id .. '\\t' .. arg .. '\\t' .. time\n"
"        .. '\\t' .. record)\n"
"    return string.format('%.0f', v)\n"
"end\n"
"local function part(record, n)\n"
"    for s in string.gmatch(record, '([^\\t]*)\\t') do\n"
"        if n == 1 then return s end\n"
"        n = n - 1\n"
"    end\n"
"    return ''\n"
"end\n"
"local function flag(record, bit)\n"
"    return math.floor((tonumber(part(record, 2)) or 0) / bit) % 2 == 1\n"
"end\n"
"local function waits(record)\n"
"    return flag(record, 2)\n"
"end\n"
"local function flagged(record, flags)\n"
"    return (string.gsub(record, '\\t%d+\\t',\n"
"        '\\t' .. string.format('%d', flags) .. '\\t', 1))\n"
"end\n"
"local function grant(record)\n"
"    local iat, exp, jti = string.match(part(record, 4),\n"
"        '^%d+ (%d+) (%d+) (%x+)')\n"
"    return tonumber(iat or 0), tonumber(exp or 0), jti or none\n"
"end\n"
"local function now()\n"
"    return tonumber(redis.call('TIME')[1])\n"
"end\n"
"local function renew()\n"
"    redis.call('PEXPIRE', m, ARGV[3])\n"
"    redis.call('PEXPIRE', i, ARGV[3])\n"
"    local p = redis.call('HMGET', r, 'kept', 'exp')\n"
"    if p[1] == '1' and (p[2] or '0') ~= '0' then\n"
"        redis.call('EXPIREAT', r, tonumber(p[2]) + 30)\n"
"    elseif p[1] == '1' then\n"
"        redis.call('PERSIST', r)\n"
"    else\n"
"        redis.call('PEXPIRE', r, ARGV[3])\n"
"    end\n"
"end\n"
"local function queued(id, record)\n"
"    if waits(record) and redis.call('HEXISTS', r, 'w' .. id) == 0 then\n"
"        redis.call('HSET', r, 'w' .. id,\n"
"            redis.call('HINCRBY', r, 'waits', 1))\n"
"    end\n"
"end\n"
"local function put(id, identity, record)\n"
"    queued(id, record)\n"
"    redis.call('HSET', m, id, record)\n"
"    redis.call('HSET', i, identity, id)\n"
"    tell('set', id, '', record)\n"
"end\n"
"local function drop(id, record, reason)\n"
"    local identity = part(record, 5)\n"
"    redis.call('HDEL', m, id)\n"
"    redis.call('HDEL', r, 'w' .. id)\n"
"    if redis.call('HGET', i, identity) == id then\n"
"        redis.call('HDEL', i, identity)\n"
"    end\n"
"    local v = tell('left', id, reason, '')\n"
"    if redis.call('HLEN', m) == 0\n"
"        and redis.call('HGET', r, 'kept') ~= '1' then\n"
"        redis.call('SET', c, string.format('%.0f ', (went())) .. v,\n"
"            'PX', ARGV[3])\n"
"        redis.call('DEL', m, i, r)\n"
"    end\n"
"end\n"
"local function twin(id, identity)\n"
"    local old = redis.call('HGET', i, identity)\n"
"    if not old or old == id then return nil end\n"
"    return redis.call('HGET', m, old) and old or nil\n"
"end\n"
"local function count()\n"
"    local n, w = redis.call('HLEN', m), 0\n"
"    if redis.call('HEXISTS', r, 'waits') == 1 then\n"
"        for _, record in ipairs(redis.call('HVALS', m)) do\n"
"            if waits(record) then w = w + 1 end\n"
"        end\n"
"    end\n"
"    return n - w, w\n"
"end\n"
"local function most()\n"
"    return tonumber(redis.call('HGET', r, 'max'))\n"
"end\n"
"local function fill()\n"
"    local p = redis.call('HMGET', r, 'lobby', 'waits', 'max')\n"
"    if p[1] == '1' or not p[2] or not p[3] then return end\n"
"    local list, line = redis.call('HGETALL', m), {}\n"
"    for n = 1, #list, 2 do\n"
"        local id, record = list[n], list[n + 1]\n"
"        if waits(record) then\n"
"            line[#line + 1] = {id, record,\n"
"                tonumber(redis.call('HGET', r, 'w' .. id) or '0')}\n"
"        end\n"
"    end\n"
"    table.sort(line, function(a, b) return a[3] < b[3] end)\n"
"    local free = tonumber(p[3]) - #list / 2 + #line\n"
"    for n = 1, math.min(free, #line) do\n"
"        local id, record = line[n][1], line[n][2]\n"
"        put(id, part(record, 5),\n"
"            flagged(record, tonumber(part(record, 2)) - 2))\n"
"    end\n"
"end\n"
"local function rules(max, policy)\n"
"    redis.call('HSETNX', r, 'max', max)\n"
"    local locked, lobby, relay, exp =\n"
"        string.match(policy, '^(%d+) (%d+) (%d+) (%d+)$')\n"
"    if not locked then return end\n"
"    redis.call('HSETNX', r, 'locked', locked)\n"
"    redis.call('HSETNX', r, 'lobby', lobby)\n"
"    redis.call('HSETNX', r, 'relay', relay)\n"
"    redis.call('HSETNX', r, 'exp', exp)\n"
"end\n"
"local function banned(identity, record)\n"
"    local ban = redis.call('HGET', k, identity)\n"
"    if not ban then return false end\n"
"    local iat, _, jti = grant(record)\n"
"    for till, since, biat, bjti in string.gmatch(ban,\n"
"        '(%d+) (%d+) (%d+) (%x+);') do\n"
"        if tonumber(till) > now() and ((jti ~= none and jti == bjti)\n"
"            or iat <= tonumber(biat) or iat <= tonumber(since))\n"
"        then\n"
"            return true\n"
"        end\n"
"    end\n"
"    return false\n"
"end\n"
"local function all()\n"
"    local p = redis.call('HMGET', r, 'v', 'max', 'locked', 'lobby',\n"
"        'relay', 'exp', 'said', 'meta', 'at', 'up')\n"
"    return {'ok', p[1] or '0', p[2] or '0', p[3] or '0', p[4] or '0',\n"
"        p[5] or '0', redis.call('HGETALL', m), p[6] or '0', p[7] or '0',\n"
"        p[8] or '', p[9] or '0', p[10] or '0',\n"
"        string.format('%.0f', (went()))}\n"
"end\n";


/*
 * ARGV: most members, policy, 1 for a moderator, 1 for a guest, id, identity,
 * record.  A guest names itself as it likes: it takes the place of no other,
 * and past a lobby or a lock only that of its own token.
 */

ngx_otter_redis_script_t  ngx_otter_script_join = {
    ngx_otter_script_head,
"version()\n"
"rules(ARGV[6], ARGV[7])\n"
"local moderator, guest = ARGV[8] == '1', ARGV[9] == '1'\n"
"local id, identity, record = ARGV[10], ARGV[11], ARGV[12]\n"
"local function refuse(why)\n"
"    renew()\n"
"    return {why}\n"
"end\n"
"if banned(identity, record) then return refuse('banned') end\n"
"local old = twin(id, identity)\n"
"local was = old and redis.call('HGET', m, old)\n"
"local inside = was and not waits(was)\n"
"local p = redis.call('HMGET', r, 'locked', 'lobby')\n"
"if was and guest and not flag(was, 4) then return refuse('taken') end\n"
"if inside and guest and (p[1] == '1' or p[2] == '1') then\n"
"    local _, _, jti = grant(record)\n"
"    local _, _, other = grant(was)\n"
"    if jti == none or jti ~= other then return refuse('taken') end\n"
"end\n"
"if not inside then\n"
"    if p[1] == '1' and not moderator then return refuse('locked') end\n"
"    local n, w = count()\n"
"    if n >= most() then return refuse('full') end\n"
"    if p[2] == '1' and not moderator then\n"
"        if not was and w >= most() then return refuse('full') end\n"
"        if banned('\\t' .. identity, record) then\n"
"            return refuse('denied')\n"
"        end\n"
"        record = flagged(record, guest and 6 or 2)\n"
"    end\n"
"end\n"
"queued(id, record)\n"
"redis.call('HSET', m, id, record)\n"
"redis.call('HSET', i, identity, id)\n"
"if old then drop(old, was, 'replaced') end\n"
"tell('set', id, '', record)\n"
"renew()\n"
"return all()\n",
    { 0 }
};


/*
 * ARGV: most members, policy; then id, identity, record of each member.  A
 * member that has gone on to another host meanwhile is that one's; and a room
 * that was closed since its host heard of it stays so.  Of two members of one
 * identity the one that joined later stays, by whole seconds, if a join would
 * have let it in for the other.
 */

ngx_otter_redis_script_t  ngx_otter_script_set = {
    ngx_otter_script_head,
"local gone, reply = {}, nil\n"
"local known, closed = tonumber(ARGV[5]), went()\n"
"if known > 0 and known <= closed then\n"
"    return {'closed', string.format('%.0f', closed)}\n"
"end\n"
"local function moves(record)\n"
"    return math.floor((tonumber(part(record, 2)) or 0) / 8)\n"
"end\n"
"local function joined(record)\n"
"    local ok, peer = pcall(cjson.decode,\n"
"        string.match(record, '[^\\t]*$'))\n"
"    return ok and type(peer) == 'table' and tostring(peer.joined_at) or ''\n"
"end\n"
"local function older(record, other)\n"
"    return joined(record) <= joined(other)\n"
"        or flag(record, 4) and not flag(other, 4)\n"
"        or waits(record) and not waits(other)\n"
"end\n"
"version()\n"
"rules(ARGV[6], ARGV[7])\n"
"for n = 8, #ARGV, 3 do\n"
"    local id, identity, record = ARGV[n], ARGV[n + 1], ARGV[n + 2]\n"
"    local was = redis.call('HGET', m, id)\n"
"    local old = not was and twin(id, identity)\n"
"    local other = old and redis.call('HGET', m, old)\n"
"    if was and waits(record) and not waits(was) then\n"
"        record = flagged(record, tonumber(part(record, 2)) - 2)\n"
"    end\n"
"    if was and moves(was) > moves(record) then\n"
"        record = was\n"
"    elseif other and older(record, other) then\n"
"        tell('left', id, 'replaced', '')\n"
"        gone[#gone + 1] = id\n"
"        gone[#gone + 1] = 'replaced'\n"
"    elseif not was and banned(identity, record) then\n"
"        tell('left', id, 'kicked', '')\n"
"        gone[#gone + 1] = id\n"
"        gone[#gone + 1] = 'kicked'\n"
"    elseif was ~= record then\n"
"        redis.call('HSET', m, id, record)\n"
"        if other then drop(old, other, 'replaced') end\n"
"        put(id, identity, record)\n"
"    end\n"
"end\n"
"fill()\n"
"renew()\n"
"reply = all()\n"
"reply[14] = gone\n"
"return reply\n",
    { 0 }
};


/* the room as it is, if it is */

ngx_otter_redis_script_t  ngx_otter_script_look = {
    ngx_otter_script_head,
"if redis.call('EXISTS', m, r) == 0 then return {'none'} end\n"
"return all()\n",
    { 0 }
};


/*
 * ARGV: id, reason; 'ended': the room is no more.  One that left while Redis
 * was out of reach may be forgotten here, but not by those who are told of
 * events; or it is at another host by now, and misses what it was told where
 * its time ended.
 */

ngx_otter_redis_script_t  ngx_otter_script_leave = {
    ngx_otter_script_head,
"local was = redis.call('HGET', m, ARGV[6])\n"
"if was and part(was, 1) == host then\n"
"    drop(ARGV[6], was, ARGV[7])\n"
"    fill()\n"
"elseif was and ARGV[7] ~= 'left' then\n"
"    redis.call(ARGV[1], ARGV[2], 'L' .. string.rep('\\0', 48))\n"
"elseif not was and redis.call('HEXISTS', string.sub(m, 1, -2) .. 'e',\n"
"    'p' .. ARGV[6]) == 1\n"
"then\n"
"    event('left', ARGV[6], ARGV[7], '')\n"
"end\n"
"return {redis.call('EXISTS', r) == 1 and 'ok' or 'ended'}\n",
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
"fill()\n"
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
"redis.call('SET', c, tell('closed', '', ARGV[6], ''), 'PX', ARGV[3])\n"
"redis.call('DEL', m, i, r)\n"
"return {'ok'}\n",
    { 0 }
};


/* closes the room if that is due by what Redis knows */

ngx_otter_redis_script_t  ngx_otter_script_expire = {
    ngx_otter_script_head,
"if redis.call('EXISTS', m, r) == 0 then return {'closed'} end\n"
"local exp = tonumber(redis.call('HGET', r, 'exp') or '0')\n"
"if exp == 0 or exp > now() then return all() end\n"
"version()\n"
"redis.call('SET', c, tell('closed', '', 'expired', ''), 'PX', ARGV[3])\n"
"redis.call('DEL', m, i, r)\n"
"return {'closed'}\n",
    { 0 }
};


/*
 * ARGV: 1 if the room must be there, 2 if it stays as it is when it is; then
 * what is to be set, or nothing: most members, locked, lobby, relay_only,
 * expiry, metadata ("-": none), kept.
 * Who waits in a lobby that is no more comes in, as far as there is room.
 */

ngx_otter_redis_script_t  ngx_otter_script_policy = {
    ngx_otter_script_head,
"local must, there = ARGV[6], redis.call('EXISTS', m, r) > 0\n"
"if must == '1' and not there then return {'no-room'} end\n"
"if must == '2' and there then\n"
"    redis.call('HSET', r, 'kept', '1')\n"
"    renew()\n"
"    return all()\n"
"end\n"
"version()\n"
"local names = {'max', 'locked', 'lobby', 'relay', 'exp', 'meta', 'kept'}\n"
"for n, name in ipairs(names) do\n"
"    local value = ARGV[6 + n]\n"
"    if value ~= '' then\n"
"        redis.call('HSET', r, name, value == '-' and '' or value)\n"
"    end\n"
"end\n"
"local p = redis.call('HMGET', r, 'max', 'locked', 'lobby', 'relay', 'exp',\n"
"    'meta')\n"
"tell('room', '', (p[1] or '0') .. ' ' .. (p[2] or '0') .. ' '\n"
"    .. (p[3] or '0') .. ' ' .. (p[4] or '0') .. ' ' .. (p[5] or '0'),\n"
"    p[6] or '')\n"
"fill()\n"
"renew()\n"
"local reply = all()\n"
"if must == '2' then reply[1] = 'made' end\n"
"return reply\n",
    { 0 }
};


/*
 * ARGV: id, "kicked" or "denied", of one who waits, and for how many seconds
 * at the least it is kept out, with its token and those from before.  A tab in
 * front of its identity marks who was denied.  There are not more than a
 * thousand of them.
 */

ngx_otter_redis_script_t  ngx_otter_script_kick = {
    ngx_otter_script_head,
"if redis.call('EXISTS', m, r) == 0 then return {'no-room'} end\n"
"local id = ARGV[6]\n"
"local was = redis.call('HGET', m, id)\n"
"local deny = ARGV[7] == 'denied'\n"
"if not was or (deny and not waits(was)) then return {'no-peer'} end\n"
"local iat, exp, jti = grant(was)\n"
"local time = now()\n"
"local till = time + tonumber(ARGV[8])\n"
"if not deny and exp > till then till = exp end\n"
"if redis.call('HLEN', k) >= 1000 then\n"
"    local list, first, least = redis.call('HGETALL', k), nil, nil\n"
"    for n = 1, #list, 2 do\n"
"        local ends = tonumber(string.match(list[n + 1],\n"
"            '(%d+) %d+ %d+ %x+;$'))\n"
"        if ends <= time then redis.call('HDEL', k, list[n]) end\n"
"        if not least or ends < least then\n"
"            first, least = list[n], ends\n"
"        end\n"
"    end\n"
"    redis.call('HDEL', k, first)\n"
"end\n"
"local name = (deny and '\\t' or '') .. part(was, 5)\n"
"local bans = redis.call('HGET', k, name) or ''\n"
"if string.len(bans) > 600 then\n"
"    bans = string.sub(bans, string.find(bans, ';', 1, true) + 1)\n"
"end\n"
"redis.call('HSET', k, name, bans\n"
"    .. string.format('%d %d %d ', till, time, iat) .. jti .. ';')\n"
"if redis.call('TTL', k) < till - time then\n"
"    redis.call('EXPIREAT', k, till)\n"
"end\n"
"version()\n"
"drop(id, was, ARGV[7])\n"
"fill()\n"
"return {'ok', was}\n",
    { 0 }
};


/* ARGV: id */

ngx_otter_redis_script_t  ngx_otter_script_admit = {
    ngx_otter_script_head,
"if redis.call('EXISTS', m, r) == 0 then return {'no-room'} end\n"
"local id = ARGV[6]\n"
"local was = redis.call('HGET', m, id)\n"
"if not was or not waits(was) then return {'no-peer'} end\n"
"local n = count()\n"
"if n >= most() then return {'full'} end\n"
"version()\n"
"put(id, part(was, 5), flagged(was, tonumber(part(was, 2)) - 2))\n"
"renew()\n"
"return {'ok'}\n",
    { 0 }
};


/* ARGV: id or nothing, message */

ngx_otter_redis_script_t  ngx_otter_script_say = {
    ngx_otter_script_head,
"if redis.call('EXISTS', m, r) == 0 then return {'no-room'} end\n"
"local n = 1\n"
"if ARGV[6] ~= '' then\n"
"    local to = redis.call('HGET', m, ARGV[6])\n"
"    if not to or waits(to) then return {'no-peer'} end\n"
"else\n"
"    n = count()\n"
"end\n"
"version()\n"
"redis.call('HSET', r, 'said', tell('say', ARGV[6], '', ARGV[7]))\n"
"renew()\n"
"return {'ok', string.format('%d', n)}\n",
    { 0 }
};
