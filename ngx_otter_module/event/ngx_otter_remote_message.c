
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_remote.h"
#include "ngx_otter_stream.h"


/* a published message: kind, number, from and to, and then the body */

enum {
    NGX_OTTER_WIRE_NUMBER = 1,
    NGX_OTTER_WIRE_FROM = NGX_OTTER_WIRE_NUMBER + 8,
    NGX_OTTER_WIRE_TO = NGX_OTTER_WIRE_FROM + NGX_OTTER_ID_LEN,
    NGX_OTTER_WIRE_HEAD = NGX_OTTER_WIRE_TO + NGX_OTTER_ID_LEN
};


static ngx_int_t ngx_otter_remote_send(ngx_otter_room_t *room, u_char kind,
    ngx_otter_member_t *from, const u_char *to, const u_char *data,
    size_t len);
static void ngx_otter_remote_unknown(ngx_otter_room_t *room, u_char kind,
    uint64_t n);
static ngx_uint_t ngx_otter_remote_fresh(ngx_otter_room_t *room,
    ngx_otter_member_t *m, u_char kind, uint64_t n);
static void ngx_otter_remote_deliver(ngx_otter_room_t *room, u_char *data,
    size_t len, uint64_t n);
static void ngx_otter_remote_hold_taken(ngx_otter_room_t *room,
    ngx_otter_member_t *from, const u_char *to, ngx_otter_body_t *body);
static void ngx_otter_remote_hold(ngx_otter_member_t *m, const u_char *from,
    uint64_t n, const u_char *data, size_t len);
static void ngx_otter_remote_hold_all(ngx_otter_room_t *room, u_char *data,
    size_t len, uint64_t n);


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

            /* what another worker has sent may still be on its way */

            if (m->slot == NGX_OTTER_SLOT_NONE
                || m->slot == ngx_otter_bus_slot())
            {
                (void) ngx_otter_remote_send(shared, 'H', m, NULL, NULL, 0);
            }
        }
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);
}


/* each host answers with a beat */

void
ngx_otter_remote_ask(ngx_otter_room_t *room)
{
    (void) ngx_otter_remote_send(room, 'Q', NULL, NULL, NULL, 0);
}


/* what was for a member of another host will not come */

void
ngx_otter_remote_owe(ngx_otter_room_t *room)
{
    (void) ngx_otter_remote_send(room, 'L', NULL, NULL, NULL, 0);
}


ngx_int_t
ngx_otter_remote_publish(ngx_otter_room_t *room, ngx_otter_member_t *from,
    const u_char *to, ngx_otter_body_t *body)
{
    ngx_int_t  rc;

    from->published++;

    rc = ngx_otter_remote_send(room, to ? 'S' : 'M', from, to, body->data,
                               body->len);

    if (rc != NGX_OK && to) {

        /* its sender is told, so nobody has to miss it */

        from->published--;
        return rc;
    }

    ngx_otter_stream_heard(room);

    if (room->taking) {
        ngx_otter_remote_hold_taken(room, from, to, body);
    }

    return rc;
}


/* who is on the way to this host may have left the other one already */

static void
ngx_otter_remote_hold_taken(ngx_otter_room_t *room, ngx_otter_member_t *from,
    const u_char *to, ngx_otter_body_t *body)
{
    ngx_queue_t         *q;
    ngx_otter_member_t  *m;

    for (q = ngx_queue_head(&room->members);
         q != ngx_queue_sentinel(&room->members);
         q = ngx_queue_next(q))
    {
        m = ngx_queue_data(q, ngx_otter_member_t, queue);

        if (m->taking && m->slot == NGX_OTTER_SLOT_REMOTE
            && (to == NULL || ngx_memcmp(m->id, to, NGX_OTTER_ID_LEN) == 0))
        {
            ngx_otter_remote_hold(m, from->id, from->published, body->data,
                                  body->len);
        }
    }
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

    ngx_memzero(head + 1, sizeof(head) - 1);

    if (from) {

        for (i = 0, n = from->published; i < 8; i++, n >>= 8) {
            head[NGX_OTTER_WIRE_NUMBER + 7 - i] = (u_char) n;
        }

        ngx_memcpy(head + NGX_OTTER_WIRE_FROM, from->id, NGX_OTTER_ID_LEN);
    }

    if (to) {
        ngx_memcpy(head + NGX_OTTER_WIRE_TO, to, NGX_OTTER_ID_LEN);
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

    if (data[0] == 'Q') {
        ngx_otter_remote_beat(name);
        return;
    }

    unknown = 0;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    room = ngx_otter_zone_room(ngx_otter_remote_zone, name);

    if (room && data[0] == 'L') {
        ngx_otter_remote_lost(room);

    } else if (room) {
        m = ngx_otter_zone_member(ngx_otter_remote_zone,
                                  data + NGX_OTTER_WIRE_FROM,
                                  NGX_OTTER_ID_LEN);

        if (m == NULL || m->room != room || m->pending) {

            unknown = 1;
            ngx_otter_remote_unknown(room, data[0], n);

        } else {

            if (ngx_otter_remote_fresh(room, m, data[0], n)) {
                ngx_otter_remote_deliver(room, data, len, n);
            }

            ngx_otter_stream_heard(room);
        }
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);

    ngx_otter_bus_drain();

    if (unknown) {
        ngx_otter_remote_sync(name);
    }
}


/*
 * The sender is in the room for others, and what it says is lost here.  Its
 * number alone is no loss to one who is just joining: that may be here before
 * the answer that tells who is there, and is asked for again then.
 */

static void
ngx_otter_remote_unknown(ngx_otter_room_t *room, u_char kind, uint64_t n)
{
    if (kind == 'H' && (n == 0 || room->n == room->remote)) {
        room->unheard = 1;
        return;
    }

    ngx_otter_remote_lost(room);
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

        if (m->based && n > m->seen + 1) {
            ngx_otter_remote_lost(room);
        }

        m->seen = n;
        return kind != 'H';
    }

    if (!m->based) {

        /* what it sent before this host listened is none of its business */

        m->based = 1;
        m->doubted = 0;
        m->base = (kind == 'H') ? n : n - 1;
        m->seen = n;
        return kind != 'H';
    }

    m->doubted = 0;

    if (n <= m->seen) {
        return 0;
    }

    if (n > m->seen + 1 || kind == 'H') {
        ngx_otter_remote_lost(room);
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

    if (to == NULL || to->room != room || to->waiting) {
        return;
    }

    if (to->slot < 0) {

        if (to->slot == NGX_OTTER_SLOT_NONE || to->taking) {
            ngx_otter_remote_hold(to, data + NGX_OTTER_WIRE_FROM, n,
                                  data + NGX_OTTER_WIRE_HEAD,
                                  len - NGX_OTTER_WIRE_HEAD);
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
ngx_otter_remote_hold(ngx_otter_member_t *m, const u_char *from, uint64_t n,
    const u_char *data, size_t len)
{
    ngx_otter_held_t  *held;

    if (!ngx_otter_remote_minds(m, len)) {
        ngx_otter_zone_gap(ngx_otter_remote_zone, m);
        return;
    }

    held = ngx_otter_zone_hold(ngx_otter_remote_zone, m, 0, data, len);

    if (held) {
        held->n = n;
        ngx_memcpy(held->from, from, NGX_OTTER_ID_LEN);
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

        if (m->active && !m->waiting) {
            ngx_otter_remote_hold(m, data + NGX_OTTER_WIRE_FROM, n,
                                  data + NGX_OTTER_WIRE_HEAD,
                                  len - NGX_OTTER_WIRE_HEAD);
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

        if (m->taking && m->slot == NGX_OTTER_SLOT_REMOTE && !m->waiting) {
            ngx_otter_remote_hold(m, data + NGX_OTTER_WIRE_FROM, n,
                                  data + NGX_OTTER_WIRE_HEAD,
                                  len - NGX_OTTER_WIRE_HEAD);
        }
    }
}
