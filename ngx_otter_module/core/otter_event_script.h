
/*
 * Copyright (C) Otter contributors
 */

/*
 * What happens in rooms, for those who are told later: webhooks, usage.  It
 * is a part of the scripts that change a room, so that each change is told
 * once, in the order of the changes, by the host that makes it, and goes out
 * with it or not at all.  docs/events.md describes streams and fields.
 */


#ifndef OTTER_EVENT_SCRIPT_H_INCLUDED
#define OTTER_EVENT_SCRIPT_H_INCLUDED


/*
 * A string literal of Lua, to be put into the scripts.  event(op, id, arg,
 * record) is called with what the other hosts are told: "set", "left", "room"
 * and "closed", before the room's keys are deleted if they are to be.  m and
 * r are the names of the keys of members and room, ARGV[1] is PUBLISH, or
 * SPUBLISH in a cluster.  The script of a join has "key=" and the id of the
 * API key, for which the token was minted, as its last argument.
 *
 * The hash P{room}:e has what was told so far: which peers have joined, since
 * when the room is open, and the number of the last event.  What differs from
 * it is an event, whatever the script was that changed the room, so that
 * nothing is told twice either when a host tells Redis everything again.
 * Numbers begin with the time in microseconds: a room that closes and opens
 * anew at once must not fall behind what it had come to.
 *
 * Streams are made by those who read them (NOMKSTREAM): nobody reads, nothing
 * is kept.  In a cluster the stream is on another node than the room; events
 * then wait in the room's own list for a reader to fetch them.  A stream that
 * takes nothing must not keep a peer from joining: pcall.
 */

#define OTTER_EVENT_SCRIPT                                                   \
"local function event_add(prefix, room, list)\n"                             \
"    if ARGV[1] == 'PUBLISH' then\n"                                         \
"        local shard = tonumber(string.sub(redis.sha1hex(room), 1, 4), 16)\n"\
"            % 16\n"                                                         \
"        redis.pcall('XADD', prefix .. '{events:' .. shard .. '}',\n"        \
"            'NOMKSTREAM', 'MAXLEN', '~', '65536', '*', unpack(list))\n"     \
"        return\n"                                                           \
"    end\n"                                                                  \
"    local x = prefix .. '{' .. room .. '}:x'\n"                             \
"    redis.call('RPUSH', x, cjson.encode(list))\n"                           \
"    redis.call('LTRIM', x, -1000, -1)\n"                                    \
"    redis.call('EXPIRE', x, 3600)\n"                                        \
"    redis.call('PUBLISH', prefix .. 'events', room)\n"                      \
"end\n"                                                                      \
"local function event(op, id, arg, record)\n"                                \
"    local prefix, room = string.match(m, '^([^{]*){(.*)}:m$')\n"            \
"    local e = string.sub(m, 1, -2) .. 'e'\n"                                \
"    local was = redis.call('HMGET', e, 'opened', 'n', 'peers',\n"           \
"        'p' .. id, 'w' .. id)\n"                                            \
"    local opened, n, peers =\n"                                             \
"        tonumber(was[1] or 0), tonumber(was[2] or 0), tonumber(was[3] or 0)\n"\
"    local t = redis.call('TIME')\n"                                         \
"    local time = t[1] * 1000 + math.floor(t[2] / 1000)\n"                   \
"    local function emit(what, peer, key, reason)\n"                         \
"        local p = redis.call('HMGET', r, 'max', 'locked', 'lobby',\n"       \
"            'relay', 'exp', 'meta')\n"                                      \
"        n = n + 1\n"                                                        \
"        event_add(prefix, room, {'type', what, 'room', room,\n"             \
"            'n', string.format('%.0f', n),\n"                               \
"            'time', string.format('%.0f', time),\n"                         \
"            'opened', string.format('%.0f', opened),\n"                     \
"            'peers', string.format('%.0f', peers),\n"                       \
"            'max', p[1] or '0', 'locked', p[2] or '0',\n"                   \
"            'lobby', p[3] or '0', 'relay', p[4] or '0',\n"                  \
"            'exp', p[5] or '0', 'meta', p[6] or '',\n"                      \
"            'peer', peer or '', 'key', key or '',\n"                        \
"            'reason', reason or ''})\n"                                     \
"    end\n"                                                                  \
"    local function gone(id, told, reason)\n"                                \
"        local key, peer = string.match(told, '^([^\\t]*)\\t(.*)$')\n"       \
"        redis.call('HDEL', e, 'p' .. id)\n"                                 \
"        peers = peers - 1\n"                                                \
"        emit('peer.left', peer, key, reason)\n"                             \
"    end\n"                                                                  \
"    local function closed(reason)\n"                                        \
"        local list = redis.call('HGETALL', e)\n"                            \
"        for j = 1, #list, 2 do\n"                                           \
"            local peer = string.match(list[j], '^p(.*)')\n"                 \
"            if peer and #peer == 20 then\n"                                 \
"                gone(peer, list[j + 1], 'closed')\n"                        \
"            end\n"                                                          \
"        end\n"                                                              \
"        emit('room.closed', '', '', reason)\n"                              \
"        redis.call('DEL', e)\n"                                             \
"    end\n"                                                                  \
"    if op == 'left' or op == 'closed' then\n"                               \
"        if opened == 0 then return end\n"                                   \
"        if op == 'closed' then return closed(arg) end\n"                    \
"        if was[5] then redis.call('HDEL', e, 'w' .. id) end\n"              \
"        if was[4] then gone(id, was[4], arg) end\n"                         \
"        if redis.call('HLEN', m) == 0\n"                                    \
"            and redis.call('HGET', r, 'kept') ~= '1'\n"                     \
"        then\n"                                                             \
"            return closed('empty')\n"                                       \
"        end\n"                                                              \
"    elseif op == 'set' or op == 'room' then\n"                              \
"        local new = opened == 0\n"                                          \
"        if new then\n"                                                      \
"            opened, n = time, t[1] * 1000000 + t[2]\n"                      \
"            emit('room.opened')\n"                                          \
"        end\n"                                                              \
"        if op == 'room' and not new then emit('room.updated') end\n"        \
"        if op == 'set' then\n"                                              \
"            local flags, peer = string.match(record,\n"                     \
"                '^[^\\t]*\\t(%d+)\\t[^\\t]*\\t[^\\t]*\\t[^\\t]*\\t(.*)$')\n"\
"            local waits = math.floor(tonumber(flags) / 2) % 2 == 1\n"       \
"            local known = was[4] or was[5]\n"                               \
"            local key = string.match(known or ARGV[#ARGV],\n"               \
"                known and '^([^\\t]*)\\t' or '^key=(.*)$') or ''\n"         \
"            key = string.gsub(key, '%c', '')\n"                             \
"            local told = key .. '\\t' .. peer\n"                            \
"            if waits and not was[4] and not was[5] then\n"                  \
"                redis.call('HSET', e, 'w' .. id, key .. '\\t')\n"           \
"                emit('peer.knocked', peer, key)\n"                          \
"            elseif not waits and was[4] ~= told then\n"                     \
"                if was[5] then redis.call('HDEL', e, 'w' .. id) end\n"      \
"                if not was[4] then peers = peers + 1 end\n"                 \
"                redis.call('HSET', e, 'p' .. id, told)\n"                   \
"                emit(was[4] and 'peer.updated' or 'peer.joined',\n"         \
"                    peer, key)\n"                                           \
"            end\n"                                                          \
"        end\n"                                                              \
"    end\n"                                                                  \
"    redis.call('HSET', e, 'opened', string.format('%.0f', opened),\n"       \
"        'n', string.format('%.0f', n),\n"                                   \
"        'peers', string.format('%.0f', peers))\n"                           \
"    redis.call('EXPIRE', e, 2592000)\n"                                     \
"end\n"


#endif /* OTTER_EVENT_SCRIPT_H_INCLUDED */
