
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_remote.h"
#include "ngx_otter_lobby.h"


static ngx_otter_room_t *ngx_otter_remote_room(ngx_str_t *name,
    redisReply **policy, ngx_uint_t max_peers);
static void ngx_otter_remote_room_rules(ngx_otter_room_t *room,
    redisReply **policy);
static void ngx_otter_remote_outs(ngx_otter_room_t *room, redisReply *list);
static void ngx_otter_remote_jump(ngx_otter_room_t *room, uint64_t version);
static ngx_uint_t ngx_otter_remote_late(ngx_str_t *name, redisReply *version);
static void ngx_otter_remote_mark(ngx_otter_room_t *room);
static void ngx_otter_remote_sweep(ngx_otter_room_t *room);
static void ngx_otter_remote_add(ngx_otter_room_t *room, ngx_str_t *id,
    ngx_otter_remote_record_t *record);
static void ngx_otter_remote_given_away(ngx_otter_room_t *room,
    ngx_otter_member_t *m, ngx_str_t *host);
static void ngx_otter_remote_compare(ngx_otter_member_t *m,
    ngx_otter_remote_record_t *record);


/*
 * {"ok", version, max_peers, locked, lobby, relay_only, {id, record, …},
 * expires, said, metadata, created, updated, closed}, and then may come {id,
 * reason, …}: members of this host that were put out while it did not listen.
 * What the zone knows of members of other hosts is made to agree with it,
 * and the differences are told.
 */

ngx_int_t
ngx_otter_remote_apply(ngx_str_t *name, redisReply *reply,
    ngx_uint_t max_peers)
{
    size_t                      i;
    time_t                      updated;
    ngx_str_t                   id, text;
    redisReply                 *list;
    ngx_otter_room_t           *room;
    ngx_otter_remote_record_t   record;

    if (reply->elements < 13
        || reply->element[6]->type != REDIS_REPLY_ARRAY)
    {
        return NGX_ERROR;
    }

    list = reply->element[6];

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    ngx_otter_remote_closed_before(name,
                                   ngx_otter_remote_number(reply->element[12]));

    if (ngx_otter_remote_late(name, reply->element[1])) {
        ngx_otter_zone_unlock(ngx_otter_remote_zone);
        return NGX_OK;
    }

    room = ngx_otter_remote_room(name, reply->element, max_peers);

    if (room == NULL) {
        ngx_otter_zone_unlock(ngx_otter_remote_zone);
        return NGX_ERROR;
    }

    ngx_otter_remote_mark(room);

    for (i = 0; i + 1 < list->elements; i += 2) {
        id.data = (u_char *) list->element[i]->str;
        id.len = list->element[i]->len;
        text.data = (u_char *) list->element[i + 1]->str;
        text.len = list->element[i + 1]->len;

        if (id.len == NGX_OTTER_ID_LEN
            && ngx_otter_remote_parse(&text, &record) == NGX_OK)
        {
            ngx_otter_remote_put(room, &id, &record);
        }
    }

    ngx_otter_remote_sweep(room);
    ngx_otter_room_settle(room);

    updated = (time_t) ngx_otter_remote_number(reply->element[11]);

    if (updated) {
        room->updated = updated;
    }

    if (reply->elements == 14
        && reply->element[13]->type == REDIS_REPLY_ARRAY)
    {
        ngx_otter_remote_outs(room, reply->element[13]);
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);

    ngx_otter_bus_drain();

    return NGX_OK;
}


/* 1: more is known already than the answer of that version tells */

static ngx_uint_t
ngx_otter_remote_late(ngx_str_t *name, redisReply *version)
{
    uint64_t           number;
    ngx_otter_room_t  *room;

    number = ngx_otter_remote_number(version);

    room = ngx_otter_zone_room(ngx_otter_remote_zone, name);

    return (room && number < room->version)
           || ngx_otter_remote_was_closed(name, number);
}


/* the room may go with the last of them */

static void
ngx_otter_remote_outs(ngx_otter_room_t *room, redisReply *list)
{
    size_t               i;
    ngx_uint_t           kicked, kept;
    ngx_otter_member_t  *m;

    kept = room->kept;
    room->kept = 1;

    for (i = 0; i + 1 < list->elements; i += 2) {
        m = ngx_otter_zone_member(ngx_otter_remote_zone,
                                  (u_char *) list->element[i]->str,
                                  list->element[i]->len);

        if (m && m->room == room && !m->pending
            && m->slot != NGX_OTTER_SLOT_REMOTE)
        {
            kicked = (ngx_strcmp(list->element[i + 1]->str, "kicked") == 0);

            ngx_otter_room_remove(ngx_otter_remote_zone, m,
                                  kicked ? "kicked" : "replaced",
                                  kicked ? NGX_OTTER_CLOSE_KICKED
                                         : NGX_OTTER_CLOSE_REPLACED);
        }
    }

    room->kept = kept;

    ngx_otter_room_settle(room);
    ngx_otter_zone_room_release(ngx_otter_remote_zone, room);
}


static ngx_otter_room_t *
ngx_otter_remote_room(ngx_str_t *name, redisReply **policy,
    ngx_uint_t max_peers)
{
    time_t               made;
    uint64_t             version, said;
    ngx_otter_room_t    *room;

    made = (time_t) ngx_otter_remote_number(policy[10]);

    room = ngx_otter_zone_room(ngx_otter_remote_zone, name);

    if (room == NULL) {
        room = ngx_otter_zone_room_add(ngx_otter_remote_zone, name,
                                       max_peers);
        if (room == NULL) {
            return NULL;
        }
    }

    if (room->made == 0 && made) {

        /* one time for all hosts, though this one may have begun earlier */

        room->created = made;
    }

    if (room->made && made != room->made) {

        /* Redis had lost it; hosts tell their members again, one by one */

        room->anew = ngx_time();
    }

    room->made = made;

    version = ngx_otter_remote_number(policy[1]);
    said = ngx_otter_remote_number(policy[8]);

    if (room->n > room->remote && said > room->said) {

        /* a message of the server did not get here */

        ngx_otter_remote_lost(room);
    }

    room->said = ngx_max(room->said, said);

    ngx_otter_remote_jump(room, version);

    if (room->ruled) {

        /* changed here while Redis was away */

        room->ruled = 0;
        ngx_otter_remote_policy(room);

    } else {
        ngx_otter_remote_room_rules(room, policy);
    }

    return room;
}


static void
ngx_otter_remote_room_rules(ngx_otter_room_t *room, redisReply **policy)
{
    ngx_uint_t          size;
    ngx_otter_policy_t  rules;

    size = ngx_otter_remote_number(policy[2]);

    ngx_otter_policy_init(&rules);

    rules.max_peers = (ngx_int_t) (size ? size : room->max_peers);
    rules.locked = (ngx_int_t) ngx_otter_remote_number(policy[3]);
    rules.lobby = (ngx_int_t) ngx_otter_remote_number(policy[4]);
    rules.relay_only = (ngx_int_t) ngx_otter_remote_number(policy[5]);
    rules.expires = (time_t) ngx_otter_remote_number(policy[7]);

    if (policy[9]->type == REDIS_REPLY_STRING) {
        rules.metadata.data = (u_char *) policy[9]->str;
        rules.metadata.len = policy[9]->len;
    }

    ngx_otter_remote_rule(room, &rules);
}


/* nobody can tell what all that was about */

static void
ngx_otter_remote_jump(ngx_otter_room_t *room, uint64_t version)
{
    if (version <= room->version) {
        return;
    }

    room->version = version;
    room->heard = ngx_max(room->heard, version);
    room->told = version;
    room->told_before = version;
    ngx_memzero(room->told_of, NGX_OTTER_ID_LEN);
}


ngx_uint_t
ngx_otter_remote_number(redisReply *reply)
{
    off_t  n;

    if (reply->type != REDIS_REPLY_STRING) {
        return 0;
    }

    n = ngx_atoof((u_char *) reply->str, reply->len);

    return (n == (off_t) NGX_ERROR) ? 0 : (ngx_uint_t) n;
}


static void
ngx_otter_remote_mark(ngx_otter_room_t *room)
{
    ngx_queue_t         *q;
    ngx_otter_member_t  *m;

    for (q = ngx_queue_head(&room->members);
         q != ngx_queue_sentinel(&room->members);
         q = ngx_queue_next(q))
    {
        m = ngx_queue_data(q, ngx_otter_member_t, queue);
        m->stale = 1;
    }
}


static void
ngx_otter_remote_sweep(ngx_otter_room_t *room)
{
    ngx_queue_t         *q, *next;
    ngx_otter_member_t  *m;

    room->unsettled = 0;

    for (q = ngx_queue_head(&room->members);
         q != ngx_queue_sentinel(&room->members);
         q = next)
    {
        next = ngx_queue_next(q);
        m = ngx_queue_data(q, ngx_otter_member_t, queue);

        if (!m->stale) {
            continue;
        }

        if (m->slot != NGX_OTTER_SLOT_REMOTE) {

            /* Redis does not have it, and is told by a sync */

            room->unsettled = 1;
            continue;
        }

        if (!ngx_otter_remote_settled()
            || ngx_time() < room->anew + NGX_OTTER_LEASE)
        {
            /* Redis may have come back empty: its host may be late */

            room->unsettled = 1;
            continue;
        }

        ngx_otter_remote_vanish(m);
        ngx_otter_room_tell(m, "peer-left", "timeout");
        ngx_otter_zone_member_free(ngx_otter_remote_zone, m);
    }
}


void
ngx_otter_remote_put(ngx_otter_room_t *room, ngx_str_t *id,
    ngx_otter_remote_record_t *record)
{
    ngx_uint_t           own;
    ngx_otter_member_t  *m;

    m = ngx_otter_zone_member(ngx_otter_remote_zone, id->data, id->len);

    if (m && m->room != room) {
        return;
    }

    if (m && m->pending) {

        /* Redis has it now: what is sent from here on is for it as well */

        m->active = 1;
        m->waiting = record->waiting;
        return;
    }

    own = (ngx_memcmp(record->host.data, ngx_otter_remote_zone->sh->host,
                      NGX_OTTER_ID_LEN)
           == 0);

    if (own) {

        /*
         * Nobody knows better than this host, but for one that was handed
         * over and never taken: it is here again, without its messages.
         */

        if (m && m->slot == NGX_OTTER_SLOT_REMOTE
            && m->taking == m->minded
            && !(m->given && ngx_time() < m->deadline))
        {
            ngx_otter_remote_regain(m);
            m->stale = 0;

        } else if (m == NULL) {
            ngx_otter_remote_ghost(room, id);

        } else {
            m->stale = 0;

            if (m->waiting && !record->waiting) {
                ngx_otter_lobby_admit(m);
            }
        }

        return;
    }

    if (m == NULL) {
        ngx_otter_remote_add(room, id, record);
        return;
    }

    m->stale = 0;
    m->given = 0;

    if (m->slot != NGX_OTTER_SLOT_REMOTE) {
        ngx_otter_remote_given_away(room, m, &record->host);
    }

    ngx_otter_remote_compare(m, record);
}


static void
ngx_otter_remote_add(ngx_otter_room_t *room, ngx_str_t *id,
    ngx_otter_remote_record_t *record)
{
    ngx_otter_member_t  *m;

    m = ngx_otter_zone_member_alloc(ngx_otter_remote_zone, &record->identity,
                                    &record->peer);
    if (m == NULL) {

        /* asked for again, when the zone may have room */

        room->version = 0;
        return;
    }

    ngx_memcpy(m->id, id->data, NGX_OTTER_ID_LEN);
    ngx_memcpy(m->host, record->host.data, NGX_OTTER_ID_LEN);
    m->resume_timeout = record->timeout;
    m->absent = record->away;
    m->guest = record->guest;
    m->waiting = record->waiting;
    m->grant = record->grant;
    m->moves = record->moves;
    m->entered = room->version;

    if (room->remote == 0
        && ngx_otter_slots_only(&room->listeners, NGX_OTTER_SLOT_NONE))
    {
        /* it may have sent what no worker of this host heard */

        ngx_otter_remote_stranger(ngx_otter_remote_zone, room);
    }

    ngx_otter_zone_member_link(ngx_otter_remote_zone, room, m);
    ngx_otter_zone_member_move(ngx_otter_remote_zone, m,
                               NGX_OTTER_SLOT_REMOTE);

    if (m->waiting) {
        ngx_otter_lobby_knock(m);

    } else {
        ngx_otter_room_tell_peer(m, "peer-joined");
        ngx_otter_room_tell_status(room, NULL);
    }
}


void
ngx_otter_remote_stranger(ngx_otter_zone_t *zone, ngx_otter_room_t *room)
{
    ngx_queue_t         *q;
    ngx_otter_member_t  *m;

    for (q = ngx_queue_head(&room->members);
         q != ngx_queue_sentinel(&room->members);
         q = ngx_queue_next(q))
    {
        m = ngx_queue_data(q, ngx_otter_member_t, queue);

        if (m->slot == NGX_OTTER_SLOT_NONE || m->taking) {
            ngx_otter_zone_gap(zone, m);
        }
    }
}


/* another host has taken a member of this one */

static void
ngx_otter_remote_given_away(ngx_otter_room_t *room, ngx_otter_member_t *m,
    ngx_str_t *host)
{
    ngx_otter_record_t  record;

    static const char  bye[] = "\"type\":\"bye\",\"reason\":\"replaced\"}";

    if (m->slot != NGX_OTTER_SLOT_NONE
        || m->gap
        || (m->last > m->stored && m->held_n))
    {
        /* what it was sent here, or waits for it, is not all in its stream */

        ngx_otter_remote_owe(room);
    }

    if (m->slot != NGX_OTTER_SLOT_NONE) {
        ngx_memzero(&record, sizeof(ngx_otter_record_t));

        record.kind = NGX_OTTER_RECORD_CLOSE;
        record.code = NGX_OTTER_CLOSE_REPLACED;
        record.room = room->serial;
        record.stamp = ++room->stamp;
        record.len = sizeof(bye) - 1;
        ngx_memcpy(record.id, m->id, NGX_OTTER_ID_LEN);

        ngx_otter_bus_push(m->slot, &record, (const u_char *) bye);

    } else {
        m->absent = 1;
    }

    ngx_otter_zone_held_clear(ngx_otter_remote_zone, m);
    ngx_otter_zone_member_move(ngx_otter_remote_zone, m,
                               NGX_OTTER_SLOT_REMOTE);
    ngx_memcpy(m->host, host->data, NGX_OTTER_ID_LEN);
    m->seen = m->published;
}


static void
ngx_otter_remote_compare(ngx_otter_member_t *m,
    ngx_otter_remote_record_t *record)
{
    u_char  *peer;

    ngx_memcpy(m->host, record->host.data, NGX_OTTER_ID_LEN);
    m->grant = record->grant;
    m->moves = record->moves;

    if (m->waiting && !record->waiting) {
        ngx_otter_lobby_admit(m);
    }

    if (m->peer_len != record->peer.len
        || ngx_memcmp(m->peer, record->peer.data, m->peer_len) != 0)
    {
        peer = ngx_slab_alloc_locked(ngx_otter_remote_zone->shpool,
                                     record->peer.len);
        if (peer == NULL) {
            m->room->version = 0;
            return;
        }

        ngx_memcpy(peer, record->peer.data, record->peer.len);

        if (m->peer != m->identity + m->identity_len) {
            ngx_slab_free_locked(ngx_otter_remote_zone->shpool, m->peer);
        }

        m->peer = peer;
        m->peer_len = record->peer.len;

        ngx_otter_room_tell_peer(m, "peer-updated");
    }

    if (m->absent != record->away) {
        m->absent = record->away;
        ngx_otter_room_tell(m, record->away ? "peer-away" : "peer-back",
                            NULL);

        if (m->absent) {
            ngx_otter_remote_mind(m);

        } else {
            ngx_otter_remote_mind_end(m);
        }
    }
}
