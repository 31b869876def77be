
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_remote.h"


static ngx_otter_room_t *ngx_otter_remote_room(ngx_str_t *name,
    redisReply **policy, ngx_uint_t max_peers);
static ngx_uint_t ngx_otter_remote_number(redisReply *reply);
static void ngx_otter_remote_mark(ngx_otter_room_t *room);
static void ngx_otter_remote_sweep(ngx_otter_room_t *room);
static void ngx_otter_remote_put(ngx_otter_room_t *room, ngx_str_t *id,
    ngx_otter_remote_record_t *record);
static void ngx_otter_remote_add(ngx_otter_room_t *room, ngx_str_t *id,
    ngx_otter_remote_record_t *record);
static void ngx_otter_remote_given_away(ngx_otter_room_t *room,
    ngx_otter_member_t *m, ngx_str_t *host);
static void ngx_otter_remote_compare(ngx_otter_member_t *m,
    ngx_otter_remote_record_t *record);
static ngx_uint_t ngx_otter_remote_change(ngx_otter_room_t *room,
    ngx_str_t *part, ngx_str_t *text);
static void ngx_otter_remote_based(ngx_str_t *id);
static void ngx_otter_remote_gone(ngx_otter_room_t *room, ngx_str_t *id,
    ngx_str_t *reason);
static void ngx_otter_remote_rules(ngx_otter_room_t *room, ngx_str_t *arg);


/*
 * {"ok", version, max_peers, locked, lobby, relay_only, {id, record, …}}:
 * what the zone knows of members of other hosts is made to agree with it,
 * and the differences are told.
 */

ngx_int_t
ngx_otter_remote_apply(ngx_str_t *name, redisReply *reply,
    ngx_uint_t max_peers)
{
    size_t                      i;
    ngx_str_t                   id, text;
    redisReply                 *list;
    ngx_otter_room_t           *room;
    ngx_otter_remote_record_t   record;

    if (reply->elements != 7 || reply->element[6]->type != REDIS_REPLY_ARRAY)
    {
        return NGX_ERROR;
    }

    list = reply->element[6];

    ngx_otter_zone_lock(ngx_otter_remote_zone);

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

    ngx_otter_zone_unlock(ngx_otter_remote_zone);

    ngx_otter_bus_drain();

    return NGX_OK;
}


static ngx_otter_room_t *
ngx_otter_remote_room(ngx_str_t *name, redisReply **policy,
    ngx_uint_t max_peers)
{
    uint64_t           version;
    ngx_uint_t         size;
    ngx_otter_room_t  *room;

    room = ngx_otter_zone_room(ngx_otter_remote_zone, name);

    if (room == NULL) {
        room = ngx_otter_zone_room_add(ngx_otter_remote_zone, name,
                                       max_peers);
        if (room == NULL) {
            return NULL;
        }
    }

    version = ngx_otter_remote_number(policy[1]);
    size = ngx_otter_remote_number(policy[2]);

    room->version = ngx_max(room->version, version);
    room->max_peers = size ? size : room->max_peers;
    room->locked = ngx_otter_remote_number(policy[3]);
    room->lobby = ngx_otter_remote_number(policy[4]);
    room->relay_only = ngx_otter_remote_number(policy[5]);

    return room;
}


static ngx_uint_t
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
        m->stale = (m->slot == NGX_OTTER_SLOT_REMOTE);
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

        if (m->slot == NGX_OTTER_SLOT_REMOTE && m->stale
            && !ngx_otter_remote_settled())
        {
            /* Redis may have come back empty: its host may be late */

            room->unsettled = 1;
            continue;
        }

        if (m->slot == NGX_OTTER_SLOT_REMOTE && m->stale) {
            ngx_otter_room_tell(m, "peer-left", "timeout");
            ngx_otter_zone_member_free(ngx_otter_remote_zone, m);
        }
    }
}


static void
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

        if (m && m->slot == NGX_OTTER_SLOT_REMOTE && !m->taking) {
            ngx_memcpy(m->host, record->host.data, NGX_OTTER_ID_LEN);
            ngx_otter_zone_member_move(ngx_otter_remote_zone, m,
                                       NGX_OTTER_SLOT_NONE);
            m->stale = 0;
            m->gap = 1;
            m->deadline = ngx_time() + m->resume_timeout;

        } else if (m == NULL) {
            ngx_otter_remote_ghost(room, id);

        } else {
            m->stale = 0;
        }

        return;
    }

    if (m == NULL) {
        ngx_otter_remote_add(room, id, record);
        return;
    }

    m->stale = 0;

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

    if (room->remote == 0
        && ngx_otter_slots_only(&room->listeners, NGX_OTTER_SLOT_NONE))
    {
        /* it may have sent what no worker of this host heard */

        ngx_otter_remote_stranger(room);
    }

    ngx_otter_zone_member_link(ngx_otter_remote_zone, room, m);
    ngx_otter_zone_member_move(ngx_otter_remote_zone, m,
                               NGX_OTTER_SLOT_REMOTE);
    ngx_otter_room_tell_peer(m, "peer-joined");
}


void
ngx_otter_remote_stranger(ngx_otter_room_t *room)
{
    ngx_queue_t         *q;
    ngx_otter_member_t  *m;

    for (q = ngx_queue_head(&room->members);
         q != ngx_queue_sentinel(&room->members);
         q = ngx_queue_next(q))
    {
        m = ngx_queue_data(q, ngx_otter_member_t, queue);

        if (m->slot == NGX_OTTER_SLOT_NONE) {
            m->gap = 1;
            ngx_otter_zone_held_clear(ngx_otter_remote_zone, m);
        }
    }
}


/* another host has taken a member of this one */

static void
ngx_otter_remote_given_away(ngx_otter_room_t *room, ngx_otter_member_t *m,
    ngx_str_t *host)
{
    ngx_otter_record_t  record;

    if (m->slot != NGX_OTTER_SLOT_NONE) {
        ngx_memzero(&record, sizeof(ngx_otter_record_t));

        record.kind = NGX_OTTER_RECORD_CLOSE;
        record.code = NGX_OTTER_CLOSE_REPLACED;
        record.room = room->serial;
        record.stamp = ++room->stamp;
        ngx_memcpy(record.id, m->id, NGX_OTTER_ID_LEN);

        ngx_otter_bus_push(m->slot, &record, (u_char *) "");

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
    }
}


/* E <version> <op> <id> <argument> <record>, with tabs between */

void
ngx_otter_remote_event(ngx_str_t *name, u_char *data, size_t len)
{
    u_char            *p, *last, *tab;
    off_t              version;
    ngx_str_t          part[5], text;
    ngx_uint_t         i, sync, fresh;
    ngx_otter_room_t  *room;

    p = data;
    last = data + len;

    for (i = 0; i < 5; i++) {
        tab = ngx_strlchr(p, last, '\t');
        if (tab == NULL) {
            return;
        }

        part[i].data = p;
        part[i].len = tab - p;
        p = tab + 1;
    }

    text.data = p;
    text.len = last - p;

    version = ngx_atoof(part[1].data, part[1].len);
    sync = 0;
    fresh = 0;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    room = ngx_otter_zone_room(ngx_otter_remote_zone, name);

    if (room == NULL || room->version == 0) {

        /* no member of this host is there, or a sync is due anyway */

    } else if ((uint64_t) version > room->version + 1) {
        sync = 1;

    } else if ((uint64_t) version == room->version + 1) {
        room->version = (uint64_t) version;
        fresh = ngx_otter_remote_change(room, part, &text);
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);

    ngx_otter_bus_drain();

    if (sync) {
        ngx_otter_remote_sync(name);
    }

    if (fresh) {

        /* so that its host notices if a message gets lost */

        ngx_otter_remote_beat(name);
    }
}


/* 1: somebody is there who was not known */

static ngx_uint_t
ngx_otter_remote_change(ngx_otter_room_t *room, ngx_str_t *part,
    ngx_str_t *text)
{
    ngx_str_t                  *op, *id, *arg;
    ngx_uint_t                  fresh;
    ngx_otter_remote_record_t   record;

    op = &part[2];
    id = &part[3];
    arg = &part[4];

    if (op->len == 3 && ngx_strncmp(op->data, "set", 3) == 0) {

        if (id->len != NGX_OTTER_ID_LEN
            || ngx_otter_remote_parse(text, &record) != NGX_OK)
        {
            return 0;
        }

        fresh = (ngx_otter_zone_member(ngx_otter_remote_zone, id->data,
                                       id->len)
                 == NULL);

        ngx_otter_remote_put(room, id, &record);

        if (fresh) {
            ngx_otter_remote_based(id);
        }

        return fresh;
    }

    if (op->len == 4 && ngx_strncmp(op->data, "left", 4) == 0) {
        ngx_otter_remote_gone(room, id, arg);

    } else if (op->len == 4 && ngx_strncmp(op->data, "room", 4) == 0) {
        ngx_otter_remote_rules(room, arg);

    } else if (op->len == 6 && ngx_strncmp(op->data, "closed", 6) == 0) {
        ngx_otter_room_end(ngx_otter_remote_zone, room,
                           (arg->len == 7) ? "expired" : "closed");
    }

    return 0;
}


/* it joined while this host listened: its first message will be number 1 */

static void
ngx_otter_remote_based(ngx_str_t *id)
{
    ngx_otter_member_t  *m;

    m = ngx_otter_zone_member(ngx_otter_remote_zone, id->data, id->len);

    if (m) {
        m->based = 1;
    }
}


static void
ngx_otter_remote_gone(ngx_otter_room_t *room, ngx_str_t *id,
    ngx_str_t *reason)
{
    char                 text[16];
    ngx_otter_member_t  *m;

    m = ngx_otter_zone_member(ngx_otter_remote_zone, id->data, id->len);

    if (m == NULL || m->room != room || reason->len >= sizeof(text)) {
        return;
    }

    if (m->pending) {
        ngx_otter_zone_member_forget(ngx_otter_remote_zone, m);
        return;
    }

    ngx_memcpy(text, reason->data, reason->len);
    text[reason->len] = '\0';

    if (m->slot == NGX_OTTER_SLOT_REMOTE) {
        ngx_otter_room_tell(m, "peer-left", text);
        ngx_otter_zone_member_free(ngx_otter_remote_zone, m);
        ngx_otter_zone_room_release(ngx_otter_remote_zone, room);
        return;
    }

    if (ngx_strcmp(text, "replaced") == 0) {
        ngx_otter_room_remove(ngx_otter_remote_zone, m, text,
                              NGX_OTTER_CLOSE_REPLACED);
        return;
    }

    if (ngx_strcmp(text, "kicked") == 0) {
        ngx_otter_room_remove(ngx_otter_remote_zone, m, text,
                              NGX_OTTER_CLOSE_KICKED);
        return;
    }

    /* others took this host for dead: tell them that it isn't */

    room->version = 0;
}


/* "<max_peers> <locked> <lobby> <relay_only>" */

static void
ngx_otter_remote_rules(ngx_otter_room_t *room, ngx_str_t *arg)
{
    off_t       value[4];
    u_char     *p, *last, *end;
    ngx_uint_t  i;

    p = arg->data;
    last = arg->data + arg->len;

    for (i = 0; i < 4; i++) {
        end = ngx_strlchr(p, last, ' ');

        if (end == NULL) {
            end = last;
        }

        value[i] = (p < last) ? ngx_atoof(p, end - p) : NGX_ERROR;

        if (value[i] == (off_t) NGX_ERROR) {
            return;
        }

        p = ngx_min(end + 1, last);
    }

    if (value[0] < 1) {
        return;
    }

    room->max_peers = (ngx_uint_t) value[0];
    room->locked = (value[1] == 1);
    room->lobby = (value[2] == 1);
    room->relay_only = (value[3] == 1);
}
