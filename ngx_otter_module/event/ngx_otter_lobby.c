
/*
 * Copyright (C) Otter contributors
 */

/*
 * Who waits in the lobby of a room is a member that the others do not see:
 * only moderators are told of it, and nothing of the room gets to it.
 */


#include "ngx_otter_lobby.h"
#include "ngx_otter_bus.h"


static void ngx_otter_lobby_text(ngx_otter_text_t *text,
    ngx_otter_member_t *m);
static void ngx_otter_lobby_admitted(ngx_otter_member_t *m);


void
ngx_otter_lobby_knock(ngx_otter_member_t *m)
{
    ngx_otter_text_t  text;

    ngx_otter_text_init(&text);
    ngx_otter_lobby_text(&text, m);

    if (!text.failed) {
        ngx_otter_lobby_tell(m->room, text.data, text.len);
    }

    ngx_otter_text_free(&text);
}


static void
ngx_otter_lobby_text(ngx_otter_text_t *text, ngx_otter_member_t *m)
{
    ngx_otter_text_add_string(text, "\"type\":\"knock\",\"peer\":");
    ngx_otter_text_add(text, m->peer, m->peer_len);
    ngx_otter_text_add(text, "}", 1);
}


void
ngx_otter_lobby_tell(ngx_otter_room_t *room, const u_char *data, size_t len)
{
    ngx_queue_t         *q;
    ngx_otter_member_t  *m;

    for (q = ngx_queue_head(&room->members);
         q != ngx_queue_sentinel(&room->members);
         q = ngx_queue_next(q))
    {
        m = ngx_queue_data(q, ngx_otter_member_t, queue);

        /* each host tells its own */

        if (m->moderator && m->slot != NGX_OTTER_SLOT_REMOTE) {
            ngx_otter_room_send(m, data, len);
        }
    }
}


ngx_int_t
ngx_otter_lobby_knocks(ngx_otter_room_t *room, ngx_otter_text_t *text,
    ngx_otter_member_t **after)
{
    ngx_queue_t         *q;
    ngx_otter_member_t  *m;

    q = *after ? ngx_queue_next(&(*after)->queue)
               : ngx_queue_head(&room->members);

    for ( /* void */ ;
         q != ngx_queue_sentinel(&room->members);
         q = ngx_queue_next(q))
    {
        m = ngx_queue_data(q, ngx_otter_member_t, queue);

        if (m->waiting) {
            *after = m;
            ngx_otter_lobby_text(text, m);

            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}


void
ngx_otter_lobby_admit(ngx_otter_member_t *m)
{
    ngx_uint_t  away;

    m->waiting = 0;
    m->room->waiting--;
    m->room->updated = ngx_time();

    /* before the others hear of it and may send it something */

    ngx_otter_lobby_admitted(m);
    ngx_otter_room_tell_peer(m, "peer-joined");

    away = (m->slot == NGX_OTTER_SLOT_REMOTE)
           ? m->absent : (m->slot == NGX_OTTER_SLOT_NONE);

    if (away) {
        ngx_otter_room_tell(m, "peer-away", NULL);
    }

    ngx_otter_room_tell_status(m->room, m);
}


/*
 * Its worker gets the state of the room as it is now, for what is sent to the
 * room from here on is for the new peer as well.
 */

static void
ngx_otter_lobby_admitted(ngx_otter_member_t *m)
{
    ngx_otter_text_t    text;
    ngx_otter_record_t  record;

    static const u_char  admitted[] = "\"type\":\"admitted\"}";

    if (m->slot == NGX_OTTER_SLOT_REMOTE) {
        return;
    }

    if (m->slot == NGX_OTTER_SLOT_NONE) {
        ngx_otter_bus_hold(m, admitted, sizeof(admitted) - 1);
        return;
    }

    ngx_otter_text_init(&text);
    ngx_otter_lobby_snapshot(&text, m);

    ngx_memzero(&record, sizeof(ngx_otter_record_t));

    record.kind = NGX_OTTER_RECORD_ADMIT;
    record.room = m->room->serial;
    record.stamp = ++m->room->stamp;
    record.len = text.failed ? 0 : (uint32_t) text.len;
    ngx_memcpy(record.id, m->id, NGX_OTTER_ID_LEN);

    ngx_otter_bus_push(m->slot, &record,
                       text.failed ? (u_char *) "" : text.data);

    ngx_otter_text_free(&text);
}


void
ngx_otter_lobby_snapshot(ngx_otter_text_t *text, ngx_otter_member_t *m)
{
    ngx_otter_text_add_string(text, "\"self\":");
    ngx_otter_text_add(text, m->peer, m->peer_len);
    ngx_otter_text_add_string(text, ",\"room\":");
    ngx_otter_room_write(text, m->room);
    ngx_otter_text_add_string(text, ",\"peers\":");
    ngx_otter_room_write_peers(text, m->room, m);
}


void
ngx_otter_lobby_open(ngx_otter_room_t *room)
{
    ngx_queue_t         *q;
    ngx_otter_member_t  *m;

    for (q = ngx_queue_head(&room->members);
         q != ngx_queue_sentinel(&room->members);
         q = ngx_queue_next(q))
    {
        m = ngx_queue_data(q, ngx_otter_member_t, queue);

        if (room->n - room->waiting >= room->max_peers) {
            return;
        }

        if (m->waiting && m->slot != NGX_OTTER_SLOT_REMOTE) {
            ngx_otter_lobby_admit(m);

            /* Redis is told of it by the next sync */

            room->version = 0;
        }
    }
}
