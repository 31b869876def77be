
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_room.h"
#include "ngx_otter_bus.h"
#include "ngx_otter_remote.h"
#include "otter_name.h"


static void ngx_otter_room_write_members(ngx_otter_text_t *text,
    ngx_otter_room_t *room);
static ngx_int_t ngx_otter_room_set(ngx_otter_zone_t *zone,
    ngx_otter_room_t *room, ngx_otter_policy_t *policy,
    ngx_otter_policy_t *defaults);
static ngx_int_t ngx_otter_room_copy(ngx_pool_t *pool, ngx_otter_text_t *text,
    ngx_str_t *out);


ngx_int_t
ngx_otter_room_create(ngx_otter_zone_t *zone, ngx_str_t *name,
    ngx_otter_policy_t *policy, ngx_otter_policy_t *defaults,
    ngx_uint_t *created)
{
    ngx_int_t          rc;
    ngx_otter_room_t  *room;

    rc = NGX_OK;
    *created = 0;

    ngx_otter_zone_lock(zone);

    room = ngx_otter_zone_room(zone, name);

    if (room == NULL) {
        room = ngx_otter_zone_room_add(zone, name, defaults->max_peers);

        if (room == NULL) {
            rc = NGX_ERROR;

        } else {
            rc = ngx_otter_room_set(zone, room, policy, defaults);

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


static ngx_int_t
ngx_otter_room_set(ngx_otter_zone_t *zone, ngx_otter_room_t *room,
    ngx_otter_policy_t *policy, ngx_otter_policy_t *defaults)
{
    ngx_int_t  value;

    value = policy->max_peers;
    room->max_peers = (value != NGX_CONF_UNSET) ? value : defaults->max_peers;

    value = policy->locked;
    room->locked = (value != NGX_CONF_UNSET) ? value : 0;

    value = policy->lobby;
    room->lobby = (value != NGX_CONF_UNSET) ? value : 0;

    value = policy->relay_only;
    room->relay_only = (value != NGX_CONF_UNSET) ? value : 0;

    room->expires = policy->expires;

    if (room->expires) {
        ngx_queue_insert_tail(&zone->sh->expiring, &room->expiring);
    }

    if (policy->metadata.data) {
        room->metadata = ngx_slab_alloc_locked(zone->shpool,
                                               policy->metadata.len);
        if (room->metadata == NULL) {
            return NGX_ERROR;
        }

        ngx_memcpy(room->metadata, policy->metadata.data,
                   policy->metadata.len);
        room->metadata_len = policy->metadata.len;
    }

    return NGX_OK;
}


ngx_int_t
ngx_otter_room_json(ngx_otter_zone_t *zone, ngx_pool_t *pool,
    ngx_str_t *name, ngx_uint_t peers, ngx_str_t *json)
{
    ngx_otter_room_t  *room;
    ngx_otter_text_t   text;

    ngx_otter_text_init(&text);

    ngx_otter_zone_lock(zone);

    room = ngx_otter_zone_room(zone, name);

    if (room == NULL) {
        ngx_otter_zone_unlock(zone);
        return NGX_DECLINED;
    }

    if (peers) {
        ngx_otter_room_write_members(&text, room);

    } else {
        ngx_otter_room_write(&text, room);
    }

    ngx_otter_zone_unlock(zone);

    return ngx_otter_room_copy(pool, &text, json);
}


ngx_int_t
ngx_otter_room_list(ngx_otter_zone_t *zone, ngx_pool_t *pool,
    ngx_otter_room_page_t *page)
{
    ngx_str_t          name;
    ngx_int_t          more;
    ngx_otter_room_t  *room, *last;
    ngx_otter_text_t   text;

    ngx_otter_text_init(&text);

    more = 0;
    last = NULL;
    name = page->after;
    page->count = 0;
    ngx_str_null(&page->next);

    ngx_otter_zone_lock(zone);

    while ((room = ngx_otter_zone_room_after(zone, &name)) != NULL) {
        name.data = room->name;
        name.len = room->name_len;

        if (!otter_room_pattern_match(page->pattern.data, page->pattern.len,
                                      room->name, room->name_len))
        {
            continue;
        }

        if (page->count == page->limit) {
            more = 1;
            break;
        }

        if (page->count++) {
            ngx_otter_text_add(&text, ",", 1);
        }

        ngx_otter_room_write_members(&text, room);
        last = room;
    }

    if (more && last) {
        page->next.data = ngx_pnalloc(pool, last->name_len);

        if (page->next.data == NULL) {
            text.failed = 1;

        } else {
            page->next.len = last->name_len;
            ngx_memcpy(page->next.data, last->name, last->name_len);
        }
    }

    ngx_otter_zone_unlock(zone);

    return ngx_otter_room_copy(pool, &text, &page->json);
}


static ngx_int_t
ngx_otter_room_copy(ngx_pool_t *pool, ngx_otter_text_t *text, ngx_str_t *out)
{
    out->len = text->len;
    out->data = NULL;

    if (!text->failed) {
        out->data = ngx_pnalloc(pool, text->len);

        if (out->data && text->len) {
            ngx_memcpy(out->data, text->data, text->len);
        }
    }

    ngx_otter_text_free(text);

    return out->data ? NGX_OK : NGX_ERROR;
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
    ngx_uint_t max_peers)
{
    ngx_int_t            rc;
    ngx_otter_room_t    *room;
    ngx_otter_member_t  *old;

    rc = NGX_OK;

    ngx_otter_zone_lock(zone);

    room = ngx_otter_zone_room(zone, name);

    if (room) {
        max_peers = room->max_peers;
    }

    old = room ? ngx_otter_room_identity(room, identity) : NULL;

    if (old) {
        rc = (guest && !old->guest) ? NGX_DONE : NGX_OK;

    } else if (room) {

        if (room->locked && !moderator) {
            rc = NGX_ABORT;

        } else if (room->n >= max_peers) {
            rc = NGX_BUSY;
        }
    }

    ngx_otter_zone_unlock(zone);

    return rc;
}


void
ngx_otter_room_write(ngx_otter_text_t *text, ngx_otter_room_t *room)
{
    const char  *status;

    status = (room->n == 0) ? "open"
             : (room->n < room->max_peers) ? "occupied" : "full";

    ngx_otter_text_add_string(text, "{\"room\":\"");
    ngx_otter_text_add(text, room->name, room->name_len);
    ngx_otter_text_add_string(text, "\",\"status\":\"");
    ngx_otter_text_add_string(text, status);
    ngx_otter_text_add_string(text, room->locked ? "\",\"locked\":true"
                                                 : "\",\"locked\":false");
    ngx_otter_text_add_string(text, room->lobby ? ",\"lobby\":true"
                                                : ",\"lobby\":false");
    ngx_otter_text_add_string(text, room->relay_only
                                    ? ",\"relay_only\":true"
                                    : ",\"relay_only\":false");
    ngx_otter_text_add_string(text, ",\"max_peers\":");
    ngx_otter_text_add_number(text, room->max_peers);
    ngx_otter_text_add_string(text, ",\"created_at\":");
    ngx_otter_text_add_time(text, room->created);
    ngx_otter_text_add_string(text, ",\"updated_at\":");
    ngx_otter_text_add_time(text, room->updated);

    if (room->expires) {
        ngx_otter_text_add_string(text, ",\"expires_at\":");
        ngx_otter_text_add_time(text, room->expires);
    }

    if (room->metadata) {
        ngx_otter_text_add_string(text, ",\"metadata\":");
        ngx_otter_text_add(text, room->metadata, room->metadata_len);
    }

    ngx_otter_text_add(text, "}", 1);
}


static void
ngx_otter_room_write_members(ngx_otter_text_t *text, ngx_otter_room_t *room)
{
    ngx_otter_room_write(text, room);

    /* over the closing brace */

    if (text->len) {
        text->len--;
    }

    ngx_otter_text_add_string(text, ",\"peers\":");
    ngx_otter_room_write_peers(text, room, NULL);
    ngx_otter_text_add(text, "}", 1);
}


void
ngx_otter_room_write_peers(ngx_otter_text_t *text, ngx_otter_room_t *room,
    ngx_otter_member_t *but)
{
    ngx_uint_t           n;
    ngx_queue_t         *q;
    ngx_otter_member_t  *m;

    n = 0;
    ngx_otter_text_add(text, "[", 1);

    for (q = ngx_queue_head(&room->members);
         q != ngx_queue_sentinel(&room->members);
         q = ngx_queue_next(q))
    {
        m = ngx_queue_data(q, ngx_otter_member_t, queue);

        if (m == but) {
            continue;
        }

        if (n++) {
            ngx_otter_text_add(text, ",", 1);
        }

        ngx_otter_text_add(text, m->peer, m->peer_len);
    }

    ngx_otter_text_add(text, "]", 1);
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

    ngx_otter_room_tell(m, "peer-left", reason);
    ngx_otter_remote_left(m, reason);

    ngx_otter_zone_member_free(zone, m);
    ngx_otter_zone_room_release(zone, room);

    (void) ngx_atomic_fetch_add(&zone->sh->counters.leaves, 1);
}


void
ngx_otter_room_away(ngx_otter_zone_t *zone, ngx_otter_member_t *m)
{
    m->deadline = ngx_time() + m->resume_timeout;

    ngx_otter_zone_member_move(zone, m, NGX_OTTER_SLOT_NONE);
    ngx_otter_room_tell(m, "peer-away", NULL);
    ngx_otter_remote_changed(m);
}


void
ngx_otter_room_desert(ngx_otter_zone_t *zone, ngx_int_t slot)
{
    ngx_rbtree_t        *tree;
    ngx_rbtree_node_t   *node;
    ngx_otter_member_t  *m;

    tree = &zone->sh->members;

    if (tree->root == tree->sentinel) {
        return;
    }

    for (node = ngx_rbtree_min(tree->root, tree->sentinel);
         node;
         node = ngx_rbtree_next(tree, node))
    {
        m = ngx_rbtree_data(node, ngx_otter_member_t, node);

        if (m->slot != slot) {
            continue;
        }

        m->room->listeners.word[slot / 64] &= ~((uint64_t) 1 << (slot % 64));

        m->gap = 1;
        ngx_otter_zone_held_clear(zone, m);
        ngx_otter_room_away(zone, m);

        /* a worker that ends may not have been able to tell Redis */

        m->room->version = 0;
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

        if (room->expires <= now) {
            ngx_otter_remote_closed(room, "expired");
            ngx_otter_room_end(zone, room, "expired");
        }
    }

    ngx_otter_zone_unlock(zone);

    ngx_otter_bus_drain();
}
