
/*
 * Copyright (C) Otter contributors
 */


#ifndef NGX_OTTER_LOBBY_H_INCLUDED
#define NGX_OTTER_LOBBY_H_INCLUDED


#include "ngx_otter_room.h"


/* all with the zone's lock held */

/* tells the moderators of this host that one is at the door */

void ngx_otter_lobby_knock(ngx_otter_member_t *m);
void ngx_otter_lobby_tell(ngx_otter_room_t *room, const u_char *data,
    size_t len);

/*
 * The knock of the next one that waits, added to the text; *after: the one
 * before, at first NULL.  NGX_DECLINED: there is no other.
 */

ngx_int_t ngx_otter_lobby_knocks(ngx_otter_room_t *room,
    ngx_otter_text_t *text, ngx_otter_member_t **after);

/* lets one in: it, and all others, are told */

void ngx_otter_lobby_admit(ngx_otter_member_t *m);

/* lets in all of this host, as long as there is room */

void ngx_otter_lobby_open(ngx_otter_room_t *room);

/* "self":…,"room":…,"peers":[…] as its welcome has them */

void ngx_otter_lobby_snapshot(ngx_otter_text_t *text, ngx_otter_member_t *m);


#endif /* NGX_OTTER_LOBBY_H_INCLUDED */
