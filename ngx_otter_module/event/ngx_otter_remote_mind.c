
/*
 * Copyright (C) Otter contributors
 */

/*
 * A member of another host is away.  What is published for it is held here as
 * well, in case that its host dies before all of it is in the stream, and it
 * comes back at this one.
 */


#include "ngx_otter_remote.h"


enum {
    NGX_OTTER_MIND_PEERS = 64,         /* in the room, no more */
    NGX_OTTER_MIND_BYTES = 65536,      /* for a member, */
    NGX_OTTER_MIND_SHARE = 2           /* and a part of what may be held */
};


void
ngx_otter_remote_mind(ngx_otter_member_t *m)
{
    ngx_otter_room_t  *room;
    ngx_otter_text_t   text;

    room = m->room;

    if (m->slot != NGX_OTTER_SLOT_REMOTE || m->waiting || m->taking
        || room->n == room->remote || room->n > NGX_OTTER_MIND_PEERS)
    {
        return;
    }

    /* it is known from now on what the other host has to hear by itself */

    ngx_otter_text_init(&text);
    ngx_otter_remote_marks(&text, room);

    if (!text.failed) {
        m->marks = ngx_slab_alloc_locked(ngx_otter_remote_zone->shpool,
                                         text.len);
    }

    if (m->marks) {
        ngx_memcpy(m->marks, text.data, text.len);
        m->marks_len = text.len;

        m->minded = 1;
        m->taking = 1;
        room->taking++;

        m->gap = 0;
        m->held_max = NGX_OTTER_MIND_BYTES;
        ngx_otter_zone_held_clear(ngx_otter_remote_zone, m);
    }

    ngx_otter_text_free(&text);
}


/* what is held stays for who takes it */

void
ngx_otter_remote_mind_end(ngx_otter_member_t *m)
{
    if (!m->minded) {
        return;
    }

    m->minded = 0;

    ngx_slab_free_locked(ngx_otter_remote_zone->shpool, m->marks);
    m->marks = NULL;

    ngx_otter_remote_take_end(m);

    if (m->taking == 0) {
        ngx_otter_zone_held_clear(ngx_otter_remote_zone, m);
    }
}


/* 1: there is place; what is held for members of this host comes first */

ngx_uint_t
ngx_otter_remote_minds(ngx_otter_member_t *m, size_t len)
{
    size_t             size;
    ngx_otter_zone_t  *zone;

    if (!m->minded || m->taking > 1) {
        return 1;
    }

    zone = ngx_otter_remote_zone;
    size = zone->shm_zone->shm.size / NGX_OTTER_MIND_SHARE;

    return m->held_bytes + len <= NGX_OTTER_MIND_BYTES
           && m->room->held < size / NGX_OTTER_HELD_ROOM_SHARE
           && zone->sh->held < size / NGX_OTTER_HELD_SHARE;
}
