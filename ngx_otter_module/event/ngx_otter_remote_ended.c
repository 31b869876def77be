
/*
 * Copyright (C) Otter contributors
 */

/*
 * A room that was closed.  What other workers, or other connections of this
 * one, have heard of it before may arrive after that: the answer to a join
 * that was taken just before is not to bring it back.
 */


#include "ngx_otter_remote.h"


static ngx_otter_closed_t *ngx_otter_remote_closed_of(ngx_str_t *name);


void
ngx_otter_remote_ended(ngx_str_t *name, uint64_t version, const char *reason)
{
    ngx_otter_room_t    *room;
    ngx_otter_closed_t  *closed;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    closed = ngx_otter_remote_closed_of(name);

    closed->name = ngx_crc32_short(name->data, name->len);
    closed->version = ngx_max(closed->version, version);

    room = ngx_otter_zone_room(ngx_otter_remote_zone, name);

    /* not one that was made since then */

    if (room && room->heard < version) {
        ngx_otter_room_end(ngx_otter_remote_zone, room, reason);
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);

    ngx_otter_bus_drain();
}


/*
 * What Redis has may be another room of that name already, which is known here
 * before the end of the one that this host has members in.
 */

void
ngx_otter_remote_closed_before(ngx_str_t *name, uint64_t version)
{
    ngx_otter_room_t  *room;

    room = ngx_otter_zone_room(ngx_otter_remote_zone, name);

    if (room && room->heard && room->heard < version) {
        ngx_otter_room_end(ngx_otter_remote_zone, room, "closed");
    }
}


ngx_uint_t
ngx_otter_remote_was_closed(ngx_str_t *name, uint64_t version)
{
    ngx_otter_closed_t  *closed;

    closed = ngx_otter_remote_closed_of(name);

    return closed->name == ngx_crc32_short(name->data, name->len)
           && version <= closed->version;
}


/*
 * Versions begin with the time, so that one of another name in this place
 * does no harm: it is older than all that is to come.
 */

static ngx_otter_closed_t *
ngx_otter_remote_closed_of(ngx_str_t *name)
{
    uint32_t  hash;

    hash = ngx_crc32_short(name->data, name->len);

    return &ngx_otter_remote_zone->sh->closed[hash % NGX_OTTER_CLOSED];
}
