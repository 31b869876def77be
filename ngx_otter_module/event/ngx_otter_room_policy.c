
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_room.h"
#include "ngx_otter_bus.h"
#include "ngx_otter_lobby.h"
#include "ngx_otter_remote.h"


static ngx_int_t ngx_otter_room_metadata(ngx_otter_zone_t *zone,
    ngx_otter_room_t *room, ngx_str_t *metadata);
static void ngx_otter_room_expiry(ngx_otter_zone_t *zone,
    ngx_otter_room_t *room, time_t expires);
static ngx_uint_t ngx_otter_room_is_full(ngx_otter_room_t *room);
static ngx_uint_t ngx_otter_room_stays_full(ngx_otter_room_t *room);
static void ngx_otter_room_tell_room(ngx_otter_room_t *room,
    ngx_otter_member_t *but);


void
ngx_otter_policy_init(ngx_otter_policy_t *policy)
{
    ngx_memzero(policy, sizeof(ngx_otter_policy_t));

    policy->max_peers = NGX_CONF_UNSET;
    policy->locked = NGX_CONF_UNSET;
    policy->lobby = NGX_CONF_UNSET;
    policy->relay_only = NGX_CONF_UNSET;
    policy->expires = NGX_CONF_UNSET;
}


ngx_int_t
ngx_otter_room_rule(ngx_otter_zone_t *zone, ngx_otter_room_t *room,
    ngx_otter_policy_t *policy)
{
    if (policy->metadata.data
        && ngx_otter_room_metadata(zone, room, &policy->metadata) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (policy->max_peers != NGX_CONF_UNSET) {
        room->max_peers = (ngx_uint_t) policy->max_peers;
    }

    if (policy->locked != NGX_CONF_UNSET) {
        room->locked = (policy->locked != 0);
    }

    if (policy->lobby != NGX_CONF_UNSET) {
        room->lobby = (policy->lobby != 0);
    }

    if (policy->relay_only != NGX_CONF_UNSET) {
        room->relay_only = (policy->relay_only != 0);
    }

    if (policy->expires != NGX_CONF_UNSET) {
        ngx_otter_room_expiry(zone, room, policy->expires);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_otter_room_metadata(ngx_otter_zone_t *zone, ngx_otter_room_t *room,
    ngx_str_t *metadata)
{
    u_char  *data;

    data = NULL;

    if (metadata->len) {
        data = ngx_slab_alloc_locked(zone->shpool, metadata->len);

        if (data == NULL) {
            return NGX_ERROR;
        }

        ngx_memcpy(data, metadata->data, metadata->len);
    }

    if (room->metadata) {
        ngx_slab_free_locked(zone->shpool, room->metadata);
    }

    room->metadata = data;
    room->metadata_len = metadata->len;

    return NGX_OK;
}


static void
ngx_otter_room_expiry(ngx_otter_zone_t *zone, ngx_otter_room_t *room,
    time_t expires)
{
    ngx_queue_remove(&room->expiring);
    ngx_queue_init(&room->expiring);

    room->expires = expires;

    if (expires) {
        ngx_queue_insert_tail(&zone->sh->expiring, &room->expiring);
    }
}


ngx_int_t
ngx_otter_room_change(ngx_otter_zone_t *zone, ngx_otter_room_t *room,
    ngx_otter_policy_t *policy)
{
    if (ngx_otter_room_rule(zone, room, policy) != NGX_OK) {
        return NGX_ERROR;
    }

    room->updated = ngx_time();

    ngx_otter_room_tell_room(room, NULL);

    return NGX_OK;
}


static ngx_uint_t
ngx_otter_room_is_full(ngx_otter_room_t *room)
{
    return room->n - room->waiting >= room->max_peers;
}


/* it is full, or will be as soon as those whom Redis has let in are there */

static ngx_uint_t
ngx_otter_room_stays_full(ngx_otter_room_t *room)
{
    ngx_uint_t           n;
    ngx_queue_t         *q;
    ngx_otter_member_t  *m;

    n = room->n - room->waiting;

    for (q = ngx_queue_head(&room->expected);
         q != ngx_queue_sentinel(&room->expected);
         q = ngx_queue_next(q))
    {
        m = ngx_queue_data(q, ngx_otter_member_t, queue);

        n += (m->active && !m->waiting);
    }

    return n >= room->max_peers;
}


void
ngx_otter_room_settle(ngx_otter_room_t *room)
{
    if (room->waiting && !room->lobby) {

        if (ngx_otter_remote_up()) {

            /* Redis says who comes in, and then the room is full again */

            return;
        }

        ngx_otter_lobby_open(room);
    }

    ngx_otter_room_tell_status(room, NULL);
}


void
ngx_otter_room_tell_status(ngx_otter_room_t *room, ngx_otter_member_t *but)
{
    ngx_uint_t  full;

    /* one that is replaced may be gone before the other is there */

    full = room->full ? ngx_otter_room_stays_full(room)
                      : ngx_otter_room_is_full(room);

    if (full != room->full) {
        ngx_otter_room_tell_room(room, but);
    }
}


static void
ngx_otter_room_tell_room(ngx_otter_room_t *room, ngx_otter_member_t *but)
{
    ngx_otter_text_t    text;
    ngx_otter_record_t  record;

    room->full = ngx_otter_room_is_full(room);

    ngx_otter_text_init(&text);

    ngx_otter_text_add_string(&text, "\"type\":\"room-updated\",\"room\":");
    ngx_otter_room_write(&text, room);
    ngx_otter_text_add(&text, "}", 1);

    ngx_memzero(&record, sizeof(ngx_otter_record_t));

    record.kind = NGX_OTTER_RECORD_ROOM;
    record.len = (uint32_t) text.len;

    if (but) {
        ngx_memcpy(record.id, but->id, NGX_OTTER_ID_LEN);
    }

    if (!text.failed) {
        ngx_otter_bus_push_room(room, &record, text.data,
                                NGX_OTTER_SLOT_NONE);
    }

    ngx_otter_text_free(&text);
}


ngx_uint_t
ngx_otter_room_say(ngx_otter_room_t *room, ngx_otter_member_t *m,
    ngx_str_t *data)
{
    ngx_uint_t          n;
    ngx_otter_text_t    text;
    ngx_otter_record_t  record;

    n = m ? 1 : room->n - room->waiting;

    ngx_otter_text_init(&text);

    ngx_otter_text_add_string(&text,
                              "\"type\":\"message\",\"from\":null,\"data\":");
    ngx_otter_text_add(&text, data->data, data->len);
    ngx_otter_text_add(&text, "}", 1);

    if (text.failed) {
        n = 0;

    } else if (m) {
        ngx_otter_room_send(m, text.data, text.len);

    } else {
        ngx_memzero(&record, sizeof(ngx_otter_record_t));

        record.kind = NGX_OTTER_RECORD_ROOM;
        record.len = (uint32_t) text.len;

        ngx_otter_bus_push_room(room, &record, text.data,
                                NGX_OTTER_SLOT_NONE);
    }

    ngx_otter_text_free(&text);

    return n;
}


void
ngx_otter_room_send(ngx_otter_member_t *m, const u_char *data, size_t len)
{
    ngx_otter_record_t  record;

    if (m->slot == NGX_OTTER_SLOT_NONE) {
        ngx_otter_bus_hold(m, data, len);
        return;
    }

    if (m->slot < 0) {
        return;
    }

    ngx_memzero(&record, sizeof(ngx_otter_record_t));

    record.kind = NGX_OTTER_RECORD_MEMBER;
    record.len = (uint32_t) len;
    record.room = m->room->serial;
    record.stamp = ++m->room->stamp;
    ngx_memcpy(record.id, m->id, NGX_OTTER_ID_LEN);

    ngx_otter_bus_push(m->slot, &record, data);
}


ngx_uint_t
ngx_otter_room_relay_only(ngx_otter_zone_t *zone, ngx_str_t *name)
{
    ngx_uint_t         relay_only;
    ngx_otter_room_t  *room;

    ngx_otter_zone_lock(zone);

    room = ngx_otter_zone_room(zone, name);
    relay_only = room ? room->relay_only : 0;

    ngx_otter_zone_unlock(zone);

    return relay_only;
}


/*
 * Who is in the room already is replaced and needs no place.  A guest names
 * itself as it likes: it takes nobody's place, and past a lobby or a lock
 * only that of its own token.
 */

ngx_int_t
ngx_otter_room_admission(ngx_otter_room_t *room, ngx_otter_member_t *old,
    ngx_uint_t moderator, ngx_uint_t guest, ngx_otter_grant_t *grant,
    ngx_uint_t max_peers)
{
    ngx_uint_t  inside;

    static const u_char  none[NGX_OTTER_JTI_LEN];

    inside = (old && !old->waiting);

    if (old && guest && !old->guest) {
        return NGX_DONE;
    }

    if (inside && guest && (room->lobby || room->locked)
        && (ngx_memcmp(grant->jti, none, NGX_OTTER_JTI_LEN) == 0
            || ngx_memcmp(grant->jti, old->grant.jti, NGX_OTTER_JTI_LEN) != 0))
    {
        return NGX_DONE;
    }

    if (inside) {
        return NGX_OK;
    }

    if (room->locked && !moderator) {
        return NGX_ABORT;
    }

    if (room->n - room->waiting >= max_peers) {
        return NGX_BUSY;
    }

    if (!room->lobby || moderator) {
        return NGX_OK;
    }

    /* as many may wait as may be inside */

    return (old == NULL && room->waiting >= max_peers) ? NGX_BUSY : NGX_AGAIN;
}
