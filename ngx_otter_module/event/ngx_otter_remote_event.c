
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_remote.h"
#include "ngx_otter_ban.h"
#include "ngx_otter_stream.h"


static ngx_int_t ngx_otter_remote_event_parse(u_char *p, u_char *last,
    ngx_str_t *part, ngx_str_t *text);
static ngx_uint_t ngx_otter_remote_change(ngx_otter_room_t *room,
    ngx_str_t *part, ngx_str_t *text);
static ngx_uint_t ngx_otter_remote_tells(ngx_str_t *op, ngx_str_t *text);
static void ngx_otter_remote_told(ngx_otter_room_t *room, ngx_str_t *id);
static void ngx_otter_remote_based(ngx_str_t *id);
static void ngx_otter_remote_gone(ngx_otter_room_t *room, ngx_str_t *id,
    ngx_str_t *reason);
static void ngx_otter_remote_out(ngx_otter_member_t *m, ngx_uint_t denied);
static void ngx_otter_remote_rules(ngx_otter_room_t *room, ngx_str_t *arg,
    ngx_str_t *metadata);
static void ngx_otter_remote_said(ngx_otter_room_t *room, ngx_str_t *id,
    ngx_str_t *data);


/* E <version> <op> <id> <argument> <time> <record>, with tabs between */

void
ngx_otter_remote_event(ngx_str_t *name, u_char *data, size_t len)
{
    off_t              version;
    time_t             time;
    uint64_t           stamp, serial;
    ngx_str_t          part[6], text;
    ngx_uint_t         sync, fresh;
    ngx_otter_room_t  *room;

    if (ngx_otter_remote_event_parse(data, data + len, part, &text)
        != NGX_OK)
    {
        return;
    }

    version = ngx_atoof(part[1].data, part[1].len);

    if (part[2].len == 6 && ngx_strncmp(part[2].data, "closed", 6) == 0) {
        ngx_otter_remote_ended(name, (uint64_t) version,
                               (part[4].len == 7) ? "expired" : "closed");
        return;
    }

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
        room->heard = room->version;
        stamp = room->stamp;
        serial = room->serial;

        fresh = ngx_otter_remote_change(room, part, &text);

        /* the room may have gone with its last member */

        room = ngx_otter_zone_room(ngx_otter_remote_zone, name);

        if (room && room->serial == serial) {
            time = ngx_atotm(part[5].data, part[5].len);
            room->updated = (time == NGX_ERROR) ? ngx_time() : time;

            if (room->stamp != stamp
                || ngx_otter_remote_tells(&part[2], &text))
            {
                ngx_otter_remote_told(room, &part[3]);
            }

            ngx_otter_stream_room(room);
        }
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


static ngx_int_t
ngx_otter_remote_event_parse(u_char *p, u_char *last, ngx_str_t *part,
    ngx_str_t *text)
{
    u_char      *tab;
    ngx_uint_t   i;

    for (i = 0; i < 6; i++) {
        tab = ngx_strlchr(p, last, '\t');
        if (tab == NULL) {
            return NGX_ERROR;
        }

        part[i].data = p;
        part[i].len = tab - p;
        p = tab + 1;
    }

    text->data = p;
    text->len = last - p;

    return NGX_OK;
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
        ngx_otter_remote_rules(room, arg, text);

    } else if (op->len == 3 && ngx_strncmp(op->data, "say", 3) == 0) {
        ngx_otter_remote_said(room, id, text);
    }

    return 0;
}


/*
 * 1: members were told of it before it was heard here, for it is a change by
 * this host.  Nobody is told that it has taken a session, whose secret is
 * left out then.
 */

static ngx_uint_t
ngx_otter_remote_tells(ngx_str_t *op, ngx_str_t *text)
{
    size_t                      i;
    ngx_otter_remote_record_t   record;

    if (op->len != 3 || ngx_strncmp(op->data, "set", 3) != 0
        || ngx_otter_remote_parse(text, &record) != NGX_OK)
    {
        return 1;
    }

    if (ngx_memcmp(record.host.data, ngx_otter_remote_zone->sh->host,
                   NGX_OTTER_ID_LEN)
        != 0)
    {
        return 0;
    }

    for (i = 0; i < record.resume.len; i++) {
        if (record.resume.data[i] != '0') {
            return 1;
        }
    }

    return 0;
}


static void
ngx_otter_remote_told(ngx_otter_room_t *room, ngx_str_t *id)
{
    if (id->len != NGX_OTTER_ID_LEN) {
        room->told_before = room->version;
        ngx_memzero(room->told_of, NGX_OTTER_ID_LEN);

    } else if (ngx_memcmp(room->told_of, id->data, NGX_OTTER_ID_LEN) != 0) {
        room->told_before = room->told;
        ngx_memcpy(room->told_of, id->data, NGX_OTTER_ID_LEN);
    }

    room->told = room->version;
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
        m->active = 0;
        ngx_otter_room_settle(room);
        ngx_otter_zone_member_forget(ngx_otter_remote_zone, m);
        return;
    }

    ngx_memcpy(text, reason->data, reason->len);
    text[reason->len] = '\0';

    if (m->slot == NGX_OTTER_SLOT_REMOTE) {
        ngx_otter_remote_vanish(m);
        ngx_otter_room_tell(m, "peer-left",
                            ngx_strcmp(text, "denied") ? text : "kicked");
        ngx_otter_zone_member_free(ngx_otter_remote_zone, m);

        if (ngx_strcmp(text, "replaced") != 0) {
            ngx_otter_room_settle(room);
        }

        ngx_otter_zone_room_release(ngx_otter_remote_zone, room);
        return;
    }

    if (ngx_strcmp(text, "replaced") == 0) {
        ngx_otter_room_remove(ngx_otter_remote_zone, m, text,
                              NGX_OTTER_CLOSE_REPLACED);
        return;
    }

    if (ngx_strcmp(text, "kicked") == 0) {
        ngx_otter_remote_out(m, 0);
        return;
    }

    if (ngx_strcmp(text, "denied") == 0) {
        ngx_otter_remote_out(m, 1);
        return;
    }

    /* others took this host for dead: tell them that it isn't */

    room->version = 0;
}


/* its token is put out here at once; the other hosts are told of it */

static void
ngx_otter_remote_out(ngx_otter_member_t *m, ngx_uint_t denied)
{
    ngx_str_t  room, identity;

    room.data = m->room->name;
    room.len = m->room->name_len;
    identity.data = m->identity;
    identity.len = m->identity_len;

    (void) ngx_otter_ban_add(ngx_otter_remote_zone, &room, &identity,
                             &m->grant, ngx_time(), denied);
    ngx_otter_room_remove(ngx_otter_remote_zone, m,
                          denied ? "denied" : "kicked",
                          NGX_OTTER_CLOSE_KICKED);
}


/* "<max_peers> <locked> <lobby> <relay_only> <expires>" */

static void
ngx_otter_remote_rules(ngx_otter_room_t *room, ngx_str_t *arg,
    ngx_str_t *metadata)
{
    off_t                value[5];
    u_char              *p, *last, *end;
    ngx_uint_t           i;
    ngx_otter_policy_t   rules;

    p = arg->data;
    last = arg->data + arg->len;

    for (i = 0; i < 5; i++) {
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

    ngx_otter_policy_init(&rules);

    rules.max_peers = (ngx_int_t) value[0];
    rules.locked = (value[1] == 1);
    rules.lobby = (value[2] == 1);
    rules.relay_only = (value[3] == 1);
    rules.expires = (time_t) value[4];
    rules.metadata = *metadata;

    (void) ngx_otter_room_change(ngx_otter_remote_zone, room, &rules);
}


void
ngx_otter_remote_rule(ngx_otter_room_t *room, ngx_otter_policy_t *policy)
{
    ngx_otter_policy_t  known;

    ngx_otter_remote_policy_of(room, &known);

    if (known.max_peers == policy->max_peers
        && known.locked == policy->locked
        && known.lobby == policy->lobby
        && known.relay_only == policy->relay_only
        && known.expires == policy->expires
        && known.metadata.len == policy->metadata.len
        && ngx_memcmp(known.metadata.data, policy->metadata.data,
                      known.metadata.len)
           == 0)
    {
        return;
    }

    (void) ngx_otter_room_change(ngx_otter_remote_zone, room, policy);
}


static void
ngx_otter_remote_said(ngx_otter_room_t *room, ngx_str_t *id, ngx_str_t *data)
{
    ngx_otter_member_t  *m;

    room->said = room->version;
    m = NULL;

    if (id->len) {
        m = ngx_otter_zone_member(ngx_otter_remote_zone, id->data, id->len);

        if (m == NULL || m->room != room || m->pending || m->waiting) {
            return;
        }
    }

    (void) ngx_otter_room_say(room, m, data);
}
