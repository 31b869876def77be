
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_remote_script.h"


/*
 * The stream of a member that is away, the last of KEYS.  What waits for it
 * has the id "<place>-0" and a field "d".  The last entry, "<place of the
 * last one>-<n>", tells what its host knows: "k" the hash of the secret by
 * which it comes back, "w" the number of the write, "n" how many messages
 * there are, "s" the state, "g" the host that it was handed over to.
 */

#define NGX_OTTER_STREAM_SCRIPT                                              \
"local s = KEYS[#KEYS]\n"                                                    \
"local function field(entry, name)\n"                                        \
"    for j = 1, #entry[2], 2 do\n"                                           \
"        if entry[2][j] == name then return entry[2][j + 1] end\n"           \
"    end\n"                                                                  \
"    return ''\n"                                                            \
"end\n"                                                                      \
"local function head(hash)\n"                                                \
"    local top = redis.call('XREVRANGE', s, '+', '-', 'COUNT', 1)[1]\n"      \
"    return top and field(top, 'k') == hash and top or nil\n"                \
"end\n"


/*
 * ARGV: id, the hash of its secret, seconds to live, most entries, number of
 * the write, 1 to begin anew, the place that must be there, the last place,
 * state, the host that it is handed over to; then id and message of each.
 * Writes of several workers may come in any order: one that does not go on
 * where the stream ends, or ends before it, is not taken.
 */

ngx_otter_redis_script_t  ngx_otter_script_stream = {
    ngx_otter_script_head,
NGX_OTTER_STREAM_SCRIPT
"local was = redis.call('HGET', m, ARGV[6])\n"
"if not was or part(was, 1) ~= host or part(was, 3) ~= ARGV[7] then\n"
"    return {'used'}\n"
"end\n"
"local top = head(ARGV[7])\n"
"if top and tonumber(field(top, 'w')) >= tonumber(ARGV[10]) then\n"
"    return {'late'}\n"
"end\n"
"local last, n, count = -1, 0, 0\n"
"if ARGV[11] == '1' then\n"
"    redis.call('DEL', s)\n"
"elseif not top then\n"
"    return {'none'}\n"
"else\n"
"    local place, k = string.match(top[1], '^(%d+)%-(%d+)$')\n"
"    if tonumber(place) < tonumber(ARGV[12]) then\n"
"        return {'behind', place}\n"
"    elseif tonumber(place) > tonumber(ARGV[13]) then\n"
"        return {'beyond', place}\n"
"    end\n"
"    last, n, count = tonumber(place), tonumber(k), tonumber(field(top, 'n'))\n"
"    redis.call('XDEL', s, top[1])\n"
"end\n"
"for j = 16, #ARGV, 2 do\n"
"    if tonumber(string.match(ARGV[j], '^%d+')) > last then\n"
"        redis.call('XADD', s, 'MAXLEN', ARGV[9], ARGV[j],\n"
"            'd', ARGV[j + 1])\n"
"        count = count + 1\n"
"    end\n"
"end\n"
"if tonumber(ARGV[13]) > last then n = 0 end\n"
"redis.call('XADD', s, ARGV[13] .. '-' .. string.format('%d', n + 1),\n"
"    'k', ARGV[7], 'w', ARGV[10], 'n', string.format('%d', count),\n"
"    's', ARGV[14], 'g', ARGV[15])\n"
"redis.call('EXPIRE', s, ARGV[8])\n"
"return {'ok', ARGV[13]}\n",
    { 0 }
};


/*
 * ARGV: id.  After FLUSHALL the room, or the member, may not be there again
 * yet: "wait".
 */

ngx_otter_redis_script_t  ngx_otter_script_find = {
    ngx_otter_script_head,
"local was = redis.call('HGET', m, ARGV[6])\n"
"if was then return {'ok', was} end\n"
"local at = redis.call('HGET', r, 'at')\n"
"if not at or now() < tonumber(at) + 3 then return {'wait'} end\n"
"return {'none'}\n",
    { 0 }
};


/*
 * ARGV: id, the hash of its secret; has it been handed over to this host?
 * After FLUSHALL its host is about to write it again.
 */

ngx_otter_redis_script_t  ngx_otter_script_fetch = {
    ngx_otter_script_head,
NGX_OTTER_STREAM_SCRIPT
"local was = redis.call('HGET', m, ARGV[6])\n"
"if not was then return {'wait'} end\n"
"if part(was, 3) ~= ARGV[7] then return {'used'} end\n"
"local top = head(ARGV[7])\n"
"return {top and field(top, 'g') == host and 'ok' or 'wait'}\n",
    { 0 }
};


/*
 * ARGV: most members, policy, id, the hash of its secret, record, the last
 * message that the client has seen.  What followed is given back, unless the
 * stream has lost some of it.
 */

ngx_otter_redis_script_t  ngx_otter_script_take = {
    ngx_otter_script_head,
NGX_OTTER_STREAM_SCRIPT
"local id, record = ARGV[8], ARGV[10]\n"
"local was = redis.call('HGET', m, id)\n"
"if not was then return {'gone'} end\n"
"if part(was, 3) ~= ARGV[9] then return {'used'} end\n"
"local state, given, list = '', '', {}\n"
"local top = head(ARGV[9])\n"
"if top and redis.call('XLEN', s) == tonumber(field(top, 'n')) + 1 then\n"
"    state, given = field(top, 's'), field(top, 'g')\n"
"    local first = string.format('%.0f-0', tonumber(ARGV[11]) + 1)\n"
"    for _, entry in ipairs(redis.call('XRANGE', s, first, '+')) do\n"
"        if entry[1] ~= top[1] then\n"
"            list[#list + 1] = string.match(entry[1], '^%d+')\n"
"            list[#list + 1] = field(entry, 'd')\n"
"        end\n"
"    end\n"
"end\n"
"version()\n"
"rules(ARGV[6], ARGV[7])\n"
"local flags = tonumber(part(was, 2))\n"
"put(id, part(was, 5), flagged(record, flags - flags % 2 + 9))\n"
"renew()\n"
"redis.call('DEL', s)\n"
"local reply = all()\n"
"reply[14], reply[15], reply[16], reply[17] = {}, state, given, list\n"
"return reply\n",
    { 0 }
};
