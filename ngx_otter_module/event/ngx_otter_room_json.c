
/*
 * Copyright (C) Otter contributors
 */

/*
 * A room as JSON: ROOM of the interface, section 3, and the same with its
 * peers, section 2.
 */


#include "ngx_otter_room.h"
#include "otter_name.h"


static void ngx_otter_room_write_all(ngx_otter_text_t *text,
    ngx_otter_room_t *room, ngx_uint_t peers);
static ngx_int_t ngx_otter_room_copy(ngx_pool_t *pool, ngx_otter_text_t *text,
    ngx_str_t *out);


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

    ngx_otter_room_write_all(&text, room, peers);

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

        ngx_otter_room_write_all(&text, room, 1);
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


const char *
ngx_otter_room_status(ngx_otter_room_t *room)
{
    ngx_uint_t  n;

    if (room->expires && room->expires <= ngx_time()) {

        /* about to be taken away */

        return "closed";
    }

    n = room->n - room->waiting;

    return (n == 0) ? "open" : (n < room->max_peers) ? "occupied" : "full";
}


void
ngx_otter_room_write(ngx_otter_text_t *text, ngx_otter_room_t *room)
{
    ngx_otter_room_write_all(text, room, 0);
}


static void
ngx_otter_room_write_all(ngx_otter_text_t *text, ngx_otter_room_t *room,
    ngx_uint_t peers)
{
    ngx_otter_text_add_string(text, "{\"room\":\"");
    ngx_otter_text_add(text, room->name, room->name_len);
    ngx_otter_text_add_string(text, "\",\"status\":\"");
    ngx_otter_text_add_string(text, ngx_otter_room_status(room));
    ngx_otter_text_add_string(text, room->locked ? "\",\"locked\":true"
                                                 : "\",\"locked\":false");
    ngx_otter_text_add_string(text, room->lobby ? ",\"lobby\":true"
                                                : ",\"lobby\":false");
    ngx_otter_text_add_string(text, room->relay_only
                                    ? ",\"relay_only\":true"
                                    : ",\"relay_only\":false");
    ngx_otter_text_add_string(text, ",\"max_peers\":");
    ngx_otter_text_add_number(text, room->max_peers);

    if (peers) {
        ngx_otter_text_add_string(text, ",\"peers\":");
        ngx_otter_room_write_peers(text, room, NULL);
    }

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

        if (m == but || m->waiting) {
            continue;
        }

        if (n++) {
            ngx_otter_text_add(text, ",", 1);
        }

        ngx_otter_text_add(text, m->peer, m->peer_len);
    }

    ngx_otter_text_add(text, "]", 1);
}
