
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_room.h"
#include "ngx_otter_ban.h"
#include "ngx_otter_bus.h"
#include "ngx_otter_lobby.h"
#include "ngx_otter_remote.h"
#include "ngx_otter_stream.h"


ngx_int_t
ngx_otter_room_create(ngx_otter_zone_t *zone, ngx_str_t *name,
    ngx_otter_policy_t *policy, ngx_uint_t *created)
{
    ngx_int_t          rc;
    ngx_otter_room_t  *room;

    rc = NGX_OK;
    *created = 0;

    ngx_otter_zone_lock(zone);

    room = ngx_otter_zone_room(zone, name);

    if (room == NULL) {
        room = ngx_otter_zone_room_add(zone, name, policy->max_peers);

        if (room == NULL) {
            rc = NGX_ERROR;

        } else {
            rc = ngx_otter_room_rule(zone, room, policy);

            if (rc != NGX_OK) {
                ngx_otter_zone_room_free(zone, room);

            } else {
                *created = 1;
            }
        }
    }

    if (rc == NGX_OK && !room->kept) {
        room->kept = 1;
        ngx_otter_remote_policy(room);
    }

    ngx_otter_zone_unlock(zone);

    return rc;
}


ngx_int_t
ngx_otter_room_close(ngx_otter_zone_t *zone, ngx_str_t *name,
    const char *reason)
{
    ngx_otter_room_t  *room;

    ngx_otter_zone_lock(zone);

    room = ngx_otter_zone_room(zone, name);

    if (room) {
        ngx_otter_remote_closed(room, reason);
        ngx_otter_room_end(zone, room, reason);
    }

    ngx_otter_zone_unlock(zone);

    ngx_otter_bus_drain();

    return room ? NGX_OK : NGX_DECLINED;
}


void
ngx_otter_room_end(ngx_otter_zone_t *zone, ngx_otter_room_t *room,
    const char *reason)
{
    u_char              *last, body[256];
    ngx_queue_t         *q;
    ngx_otter_record_t   record;
    ngx_otter_member_t  *m;

    ngx_memzero(&record, sizeof(ngx_otter_record_t));

    last = ngx_snprintf(body, sizeof(body),
                        "\"type\":\"bye\",\"reason\":\"%s\"}", reason);

    record.kind = NGX_OTTER_RECORD_CLOSE_ROOM;
    record.code = 4404;
    record.len = (uint32_t) (last - body);

    ngx_otter_bus_push_room(room, &record, body, NGX_OTTER_SLOT_NONE);

    while (!ngx_queue_empty(&room->members)) {
        q = ngx_queue_head(&room->members);
        m = ngx_queue_data(q, ngx_otter_member_t, queue);

        ngx_otter_stream_end(m);
        ngx_otter_zone_member_free(zone, m);
    }

    /* who is about to join finds that it is not expected any more */

    room->kept = 1;

    while (!ngx_queue_empty(&room->expected)) {
        q = ngx_queue_head(&room->expected);
        m = ngx_queue_data(q, ngx_otter_member_t, queue);

        ngx_otter_zone_member_forget(zone, m);
    }

    ngx_otter_zone_room_free(zone, room);
}


ngx_int_t
ngx_otter_room_check(ngx_otter_zone_t *zone, ngx_str_t *name,
    ngx_str_t *identity, ngx_uint_t moderator, ngx_uint_t guest,
    ngx_otter_grant_t *grant)
{
    ngx_int_t            rc;
    ngx_otter_room_t    *room;
    ngx_otter_member_t  *old;

    rc = NGX_OK;

    ngx_otter_zone_lock(zone);

    room = ngx_otter_zone_room(zone, name);

    if (room) {
        old = ngx_otter_room_identity(room, identity);
        rc = ngx_otter_room_admission(room, old, moderator, guest, grant,
                                      room->max_peers);

    } else if (ngx_otter_remote_on() && !moderator) {

        /* other hosts may have it, and then with a lobby */

        rc = NGX_AGAIN;
    }

    if (rc == NGX_AGAIN) {
        rc = ngx_otter_denied(zone, name, identity, grant)
             ? NGX_OTTER_ROOM_DENIED : NGX_OK;
    }

    ngx_otter_zone_unlock(zone);

    return rc;
}


ngx_otter_member_t *
ngx_otter_room_identity(ngx_otter_room_t *room, ngx_str_t *identity)
{
    ngx_queue_t         *q;
    ngx_otter_member_t  *m;

    for (q = ngx_queue_head(&room->members);
         q != ngx_queue_sentinel(&room->members);
         q = ngx_queue_next(q))
    {
        m = ngx_queue_data(q, ngx_otter_member_t, queue);

        if (m->identity_len == identity->len
            && ngx_memcmp(m->identity, identity->data, identity->len) == 0)
        {
            return m;
        }
    }

    return NULL;
}


void
ngx_otter_room_tell(ngx_otter_member_t *m, const char *type,
    const char *reason)
{
    u_char              *p, *end, body[256];
    ngx_otter_record_t   record;

    end = body + sizeof(body);

    p = ngx_slprintf(body, end, "\"type\":\"%s\",\"peer\":\"%*s\"", type,
                     (size_t) NGX_OTTER_ID_LEN, m->id);

    if (reason) {
        p = ngx_slprintf(p, end, ",\"reason\":\"%s\"", reason);
    }

    p = ngx_slprintf(p, end, "}");

    if (m->waiting) {

        /* those who let it wait hear only that it does not any more */

        if (reason) {
            ngx_otter_lobby_tell(m->room, body, p - body);
        }

        return;
    }

    ngx_memzero(&record, sizeof(ngx_otter_record_t));

    record.kind = NGX_OTTER_RECORD_ROOM;
    record.len = (uint32_t) (p - body);
    ngx_memcpy(record.id, m->id, NGX_OTTER_ID_LEN);

    ngx_otter_bus_push_room(m->room, &record, body, NGX_OTTER_SLOT_NONE);
}


void
ngx_otter_room_tell_peer(ngx_otter_member_t *m, const char *type)
{
    ngx_otter_text_t    text;
    ngx_otter_record_t  record;

    if (m->waiting) {
        return;
    }

    ngx_otter_text_init(&text);

    ngx_otter_text_add_string(&text, "\"type\":\"");
    ngx_otter_text_add_string(&text, type);
    ngx_otter_text_add_string(&text, "\",\"peer\":");
    ngx_otter_text_add(&text, m->peer, m->peer_len);
    ngx_otter_text_add(&text, "}", 1);

    ngx_memzero(&record, sizeof(ngx_otter_record_t));

    record.kind = NGX_OTTER_RECORD_ROOM;
    record.len = (uint32_t) text.len;
    ngx_memcpy(record.id, m->id, NGX_OTTER_ID_LEN);

    if (!text.failed) {
        ngx_otter_bus_push_room(m->room, &record, text.data,
                                NGX_OTTER_SLOT_NONE);
    }

    ngx_otter_text_free(&text);
}


void
ngx_otter_room_remove(ngx_otter_zone_t *zone, ngx_otter_member_t *m,
    const char *reason, ngx_uint_t code)
{
    u_char              *last, body[128];
    ngx_otter_room_t    *room;
    ngx_otter_record_t   record;

    room = m->room;

    if (code && m->slot != NGX_OTTER_SLOT_NONE) {
        last = ngx_snprintf(body, sizeof(body),
                            "\"type\":\"bye\",\"reason\":\"%s\"}", reason);

        ngx_memzero(&record, sizeof(ngx_otter_record_t));

        record.kind = NGX_OTTER_RECORD_CLOSE;
        record.code = (uint16_t) code;
        record.len = (uint32_t) (last - body);
        record.room = room->serial;
        record.stamp = ++room->stamp;
        ngx_memcpy(record.id, m->id, NGX_OTTER_ID_LEN);

        ngx_otter_bus_push(m->slot, &record, body);
    }

    /* "denied" is for its own ears */

    ngx_otter_room_tell(m, "peer-left", (code == NGX_OTTER_CLOSE_KICKED)
                                        ? "kicked" : reason);
    ngx_otter_remote_left(m, reason);
    ngx_otter_stream_end(m);

    ngx_otter_zone_member_free(zone, m);

    /* the place of one that is replaced is taken at once */

    if (code != NGX_OTTER_CLOSE_REPLACED) {
        ngx_otter_room_settle(room);
    }

    ngx_otter_zone_room_release(zone, room);

    ngx_otter_stats->leaves++;
}


void
ngx_otter_room_away(ngx_otter_zone_t *zone, ngx_otter_member_t *m)
{
    m->deadline = ngx_time() + m->resume_timeout;

    if (m->room->lost) {

        /* it was about to be told */

        ngx_otter_zone_gap(zone, m);
    }

    ngx_otter_zone_member_move(zone, m, NGX_OTTER_SLOT_NONE);
    ngx_otter_room_tell(m, "peer-away", NULL);
    ngx_otter_remote_changed(m);
    ngx_otter_stream_begin(m);
}


void
ngx_otter_room_desert(ngx_otter_zone_t *zone, ngx_int_t slot)
{
    ngx_uint_t           i;
    ngx_otter_member_t  *m;

    ngx_otter_remote_deserted(zone, slot);

    for (i = 0; i < zone->sh->chains; i++) {
        for (m = zone->sh->members[i]; m; m = m->next) {

            if (m->slot != slot) {
                continue;
            }

            ngx_otter_zone_gap(zone, m);
            ngx_otter_room_away(zone, m);

            /* a worker that ends may not have been able to tell Redis */

            m->room->version = 0;
        }
    }
}


void
ngx_otter_room_reap(ngx_otter_zone_t *zone)
{
    time_t               now;
    ngx_queue_t         *q, *next;
    ngx_otter_room_t    *room;
    ngx_otter_member_t  *m;

    now = ngx_time();

    if (zone->sh->reaped == now) {
        return;
    }

    ngx_otter_zone_lock(zone);

    zone->sh->reaped = now;

    ngx_otter_bus_purge();
    ngx_otter_ban_reap(zone, now);

    for (q = ngx_queue_head(&zone->sh->away);
         q != ngx_queue_sentinel(&zone->sh->away);
         q = next)
    {
        next = ngx_queue_next(q);
        m = ngx_queue_data(q, ngx_otter_member_t, away);

        if (m->deadline <= now) {
            ngx_otter_room_remove(zone, m, "timeout", 0);
        }
    }

    for (q = ngx_queue_head(&zone->sh->pending);
         q != ngx_queue_sentinel(&zone->sh->pending);
         q = next)
    {
        next = ngx_queue_next(q);
        m = ngx_queue_data(q, ngx_otter_member_t, away);

        if (m->deadline <= now) {
            ngx_otter_zone_member_forget(zone, m);
        }
    }

    for (q = ngx_queue_head(&zone->sh->expiring);
         q != ngx_queue_sentinel(&zone->sh->expiring);
         q = next)
    {
        next = ngx_queue_next(q);
        room = ngx_queue_data(q, ngx_otter_room_t, expiring);

        if (room->expires <= now && room->asked <= now
            && ngx_otter_remote_expired(room) == NGX_DECLINED)
        {
            ngx_otter_remote_closed(room, "expired");
            ngx_otter_room_end(zone, room, "expired");
        }
    }

    ngx_otter_zone_unlock(zone);

    ngx_otter_bus_drain();
}
