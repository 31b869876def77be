
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_remote.h"


/* a published message: kind, number, from and to, and then the body */

enum {
    NGX_OTTER_WIRE_NUMBER = 1,
    NGX_OTTER_WIRE_FROM = NGX_OTTER_WIRE_NUMBER + 8,
    NGX_OTTER_WIRE_TO = NGX_OTTER_WIRE_FROM + NGX_OTTER_ID_LEN,
    NGX_OTTER_WIRE_HEAD = NGX_OTTER_WIRE_TO + NGX_OTTER_ID_LEN
};


static void ngx_otter_remote_tell_lost(ngx_otter_room_t *room);
static ngx_int_t ngx_otter_remote_send(ngx_otter_room_t *room, u_char kind,
    ngx_otter_member_t *from, const u_char *to, const u_char *data,
    size_t len);
static ngx_uint_t ngx_otter_remote_fresh(ngx_otter_room_t *room,
    ngx_otter_member_t *m, u_char kind, uint64_t n);
static void ngx_otter_remote_deliver(ngx_otter_room_t *room, u_char *data,
    size_t len, uint64_t n);
static void ngx_otter_remote_hold(ngx_otter_member_t *m, u_char *data,
    size_t len, uint64_t n);
static void ngx_otter_remote_hold_all(ngx_otter_room_t *room, u_char *data,
    size_t len, uint64_t n);


/* messages of other hosts may be missing */

void
ngx_otter_remote_lost(ngx_str_t *room)
{
    ngx_otter_room_t  *shared;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    shared = ngx_otter_zone_room(ngx_otter_remote_zone, room);

    if (shared && shared->remote) {
        ngx_otter_remote_tell_lost(shared);
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);

    ngx_otter_bus_drain();
}


static void
ngx_otter_remote_tell_lost(ngx_otter_room_t *room)
{
    ngx_queue_t         *q;
    ngx_otter_record_t   record;
    ngx_otter_member_t  *m;

    ngx_memzero(&record, sizeof(ngx_otter_record_t));
    record.kind = NGX_OTTER_RECORD_RESYNC;

    ngx_otter_bus_push_room(room, &record, (u_char *) "",
                            NGX_OTTER_SLOT_NONE);

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


/*
 * Tells the others how many messages this worker's members have sent, so
 * that they find out if the last ones did not come.
 */

void
ngx_otter_remote_beat(ngx_str_t *room)
{
    ngx_queue_t         *q;
    ngx_otter_room_t    *shared;
    ngx_otter_member_t  *m;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    shared = ngx_otter_zone_room(ngx_otter_remote_zone, room);

    if (shared && shared->remote) {

        for (q = ngx_queue_head(&shared->members);
             q != ngx_queue_sentinel(&shared->members);
             q = ngx_queue_next(q))
        {
            m = ngx_queue_data(q, ngx_otter_member_t, queue);

            if (m->slot != NGX_OTTER_SLOT_REMOTE) {
                (void) ngx_otter_remote_send(shared, 'H', m, NULL, NULL, 0);
            }
        }
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);
}


ngx_int_t
ngx_otter_remote_publish(ngx_otter_room_t *room, ngx_otter_member_t *from,
    const u_char *to, ngx_otter_body_t *body)
{
    from->published++;

    return ngx_otter_remote_send(room, to ? 'S' : 'M', from, to, body->data,
                                 body->len);
}


static ngx_int_t
ngx_otter_remote_send(ngx_otter_room_t *room, u_char kind,
    ngx_otter_member_t *from, const u_char *to, const u_char *data,
    size_t len)
{
    u_char        head[NGX_OTTER_WIRE_HEAD], name[384], *p;
    uint64_t      n;
    ngx_str_t     channel;
    ngx_uint_t    i;
    otter_span_t  parts[2];

    if (ngx_otter_remote_redis == NULL) {
        return NGX_ERROR;
    }

    head[0] = kind;

    for (i = 0, n = from->published; i < 8; i++, n >>= 8) {
        head[NGX_OTTER_WIRE_NUMBER + 7 - i] = (u_char) n;
    }

    ngx_memcpy(head + NGX_OTTER_WIRE_FROM, from->id, NGX_OTTER_ID_LEN);

    if (to) {
        ngx_memcpy(head + NGX_OTTER_WIRE_TO, to, NGX_OTTER_ID_LEN);

    } else {
        ngx_memzero(head + NGX_OTTER_WIRE_TO, NGX_OTTER_ID_LEN);
    }

    p = ngx_sprintf(name, "%V{%*s}", &ngx_otter_remote_prefix,
                    (size_t) room->name_len, room->name);

    channel.data = name;
    channel.len = p - name;

    parts[0].data = head;
    parts[0].len = sizeof(head);
    parts[1].data = data;
    parts[1].len = len;

    return ngx_otter_redis_publish(ngx_otter_remote_redis, &channel, parts, 2,
                                   NULL, NULL);
}


void
ngx_otter_remote_message(ngx_str_t *name, u_char *data, size_t len)
{
    uint64_t             n;
    ngx_uint_t           i, unknown;
    ngx_otter_room_t    *room;
    ngx_otter_member_t  *m;

    if (len < NGX_OTTER_WIRE_HEAD) {
        return;
    }

    for (i = 0, n = 0; i < 8; i++) {
        n = n << 8 | data[NGX_OTTER_WIRE_NUMBER + i];
    }

    unknown = 0;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    room = ngx_otter_zone_room(ngx_otter_remote_zone, name);

    if (room) {
        m = ngx_otter_zone_member(ngx_otter_remote_zone,
                                  data + NGX_OTTER_WIRE_FROM,
                                  NGX_OTTER_ID_LEN);

        if (m == NULL || m->room != room || m->pending) {

            /* it is in the room for others; what it says is lost here */

            unknown = 1;
            ngx_otter_remote_tell_lost(room);

        } else if (ngx_otter_remote_fresh(room, m, data[0], n)) {
            ngx_otter_remote_deliver(room, data, len, n);
        }
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);

    ngx_otter_bus_drain();

    if (unknown) {
        ngx_otter_remote_sync(name);
    }
}


/*
 * Each worker of a host gets the message from Redis; the first one brings it
 * in.  1: this is the first one.
 */

static ngx_uint_t
ngx_otter_remote_fresh(ngx_otter_room_t *room, ngx_otter_member_t *m,
    u_char kind, uint64_t n)
{
    if (m->slot != NGX_OTTER_SLOT_REMOTE) {

        /* this host's own, or on its way when the member came to this host */

        if (n <= m->seen || n > m->taken) {
            return 0;
        }

        m->seen = n;
        return kind != 'H';
    }

    if (!m->based) {

        /* what it sent before this host listened is none of its business */

        m->based = 1;
        m->seen = n;
        return kind != 'H';
    }

    if (n <= m->seen) {
        return 0;
    }

    if (n > m->seen + 1 || kind == 'H') {
        ngx_otter_remote_tell_lost(room);
    }

    m->seen = n;

    return kind != 'H';
}


static void
ngx_otter_remote_deliver(ngx_otter_room_t *room, u_char *data, size_t len,
    uint64_t n)
{
    ngx_otter_record_t   record;
    ngx_otter_member_t  *to;

    if (data[0] == 'M') {
        ngx_memzero(&record, sizeof(ngx_otter_record_t));

        record.kind = NGX_OTTER_RECORD_ROOM;
        record.len = (uint32_t) (len - NGX_OTTER_WIRE_HEAD);
        ngx_memcpy(record.id, data + NGX_OTTER_WIRE_FROM, NGX_OTTER_ID_LEN);

        ngx_otter_bus_push_room(room, &record, data + NGX_OTTER_WIRE_HEAD,
                                NGX_OTTER_SLOT_NONE);

        ngx_otter_remote_hold_all(room, data, len, n);
        return;
    }

    to = ngx_otter_zone_member(ngx_otter_remote_zone,
                               data + NGX_OTTER_WIRE_TO, NGX_OTTER_ID_LEN);

    if (to == NULL || to->room != room) {
        return;
    }

    if (to->slot < 0) {

        if (to->slot == NGX_OTTER_SLOT_NONE || to->taking) {
            ngx_otter_remote_hold(to, data, len, n);
        }

        return;
    }

    ngx_memzero(&record, sizeof(ngx_otter_record_t));

    record.kind = NGX_OTTER_RECORD_MEMBER;
    record.len = (uint32_t) (len - NGX_OTTER_WIRE_HEAD);
    record.room = room->serial;
    record.stamp = ++room->stamp;
    ngx_memcpy(record.id, to->id, NGX_OTTER_ID_LEN);

    ngx_otter_bus_push(to->slot, &record, data + NGX_OTTER_WIRE_HEAD);
}


static void
ngx_otter_remote_hold(ngx_otter_member_t *m, u_char *data, size_t len,
    uint64_t n)
{
    ngx_otter_held_t  *held;

    held = ngx_otter_zone_hold(ngx_otter_remote_zone, m, 0,
                               data + NGX_OTTER_WIRE_HEAD,
                               len - NGX_OTTER_WIRE_HEAD);
    if (held) {
        held->n = n;
        ngx_memcpy(held->from, data + NGX_OTTER_WIRE_FROM, NGX_OTTER_ID_LEN);
    }
}


/* for those who are about to become members of this host */

static void
ngx_otter_remote_hold_all(ngx_otter_room_t *room, u_char *data, size_t len,
    uint64_t n)
{
    ngx_queue_t         *q;
    ngx_otter_member_t  *m;

    for (q = ngx_queue_head(&room->expected);
         q != ngx_queue_sentinel(&room->expected);
         q = ngx_queue_next(q))
    {
        m = ngx_queue_data(q, ngx_otter_member_t, queue);

        if (m->active) {
            ngx_otter_remote_hold(m, data, len, n);
        }
    }

    if (room->taking == 0) {
        return;
    }

    for (q = ngx_queue_head(&room->members);
         q != ngx_queue_sentinel(&room->members);
         q = ngx_queue_next(q))
    {
        m = ngx_queue_data(q, ngx_otter_member_t, queue);

        if (m->taking) {
            ngx_otter_remote_hold(m, data, len, n);
        }
    }
}
