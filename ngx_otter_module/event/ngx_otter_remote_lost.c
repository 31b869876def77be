
/*
 * Copyright (C) Otter contributors
 */

/*
 * What did not come from other hosts.  It shows by the numbers that senders
 * give their messages; and who was not subscribed for a while asks for these
 * numbers.  All that is found within a moment is told by one "resync".
 */


#include "ngx_otter_remote.h"


enum {
    NGX_OTTER_LOST_DELAY = 150         /* milliseconds */
};


static void ngx_otter_remote_lost_member(ngx_otter_member_t *m);
static void ngx_otter_remote_lost_handler(ngx_event_t *ev);


static ngx_event_t       ngx_otter_lost_timer;
static ngx_connection_t  ngx_otter_lost_dummy;


void
ngx_otter_remote_lost_init(ngx_cycle_t *cycle)
{
    ngx_event_t  *ev;

    ngx_otter_lost_dummy.fd = (ngx_socket_t) -1;

    /* what is not told when the worker ends is told by another one */

    ev = &ngx_otter_lost_timer;
    ngx_memzero(ev, sizeof(ngx_event_t));
    ev->handler = ngx_otter_remote_lost_handler;
    ev->data = &ngx_otter_lost_dummy;
    ev->log = cycle->log;
    ev->cancelable = 1;
}


/*
 * Members that have a socket are told in a moment; what is held for others
 * has a hole from now on.
 */

void
ngx_otter_remote_lost(ngx_otter_room_t *room)
{
    ngx_queue_t  *q;

    if (room->lost == 0) {
        room->lost_since = ngx_time();
    }

    room->lost = ++room->stamp;

    for (q = ngx_queue_head(&room->members);
         q != ngx_queue_sentinel(&room->members);
         q = ngx_queue_next(q))
    {
        ngx_otter_remote_lost_member(ngx_queue_data(q, ngx_otter_member_t,
                                                    queue));
    }

    for (q = ngx_queue_head(&room->expected);
         q != ngx_queue_sentinel(&room->expected);
         q = ngx_queue_next(q))
    {
        ngx_otter_remote_lost_member(ngx_queue_data(q, ngx_otter_member_t,
                                                    queue));
    }

    if (!ngx_otter_lost_timer.timer_set) {
        ngx_add_timer(&ngx_otter_lost_timer, NGX_OTTER_LOST_DELAY);
    }
}


static void
ngx_otter_remote_lost_member(ngx_otter_member_t *m)
{
    if (m->slot == NGX_OTTER_SLOT_NONE || m->taking) {
        ngx_otter_zone_gap(ngx_otter_remote_zone, m);
    }
}


static void
ngx_otter_remote_lost_handler(ngx_event_t *ev)
{
    u_char             data[OTTER_ROOM_NAME_MAX];
    ngx_str_t          name;
    ngx_otter_room_t  *room;

    name.data = data;
    name.len = 0;

    for ( ;; ) {
        ngx_otter_zone_lock(ngx_otter_remote_zone);

        room = ngx_otter_zone_room_after(ngx_otter_remote_zone, &name);

        if (room == NULL) {
            ngx_otter_zone_unlock(ngx_otter_remote_zone);
            break;
        }

        name.len = room->name_len;
        ngx_memcpy(name.data, room->name, room->name_len);

        ngx_otter_remote_tell_lost(room);

        ngx_otter_zone_unlock(ngx_otter_remote_zone);
    }

    ngx_otter_bus_drain();
}


/* who came after the loss knows of it, and is not told again */

void
ngx_otter_remote_tell_lost(ngx_otter_room_t *room)
{
    ngx_otter_record_t  record;

    if (room->lost == 0) {
        return;
    }

    ngx_memzero(&record, sizeof(ngx_otter_record_t));
    record.kind = NGX_OTTER_RECORD_RESYNC;
    record.len = sizeof(uint64_t);

    ngx_otter_bus_push_room(room, &record, (u_char *) &room->lost,
                            NGX_OTTER_SLOT_NONE);

    room->lost = 0;
}


/*
 * This worker was not subscribed for a while, and maybe no other one was.
 * All senders are asked for their numbers; of one whose first number is not
 * known here nobody can tell.
 */

void
ngx_otter_remote_question(ngx_str_t *name)
{
    ngx_queue_t         *q;
    ngx_otter_room_t    *room;
    ngx_otter_member_t  *m;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    room = ngx_otter_zone_room(ngx_otter_remote_zone, name);

    if (room && room->remote) {

        for (q = ngx_queue_head(&room->members);
             q != ngx_queue_sentinel(&room->members);
             q = ngx_queue_next(q))
        {
            m = ngx_queue_data(q, ngx_otter_member_t, queue);

            if (m->slot != NGX_OTTER_SLOT_REMOTE) {
                continue;
            }

            m->doubted = 1;

            if (!m->based && room->lost == 0) {
                ngx_otter_remote_lost(room);
            }
        }

        ngx_otter_remote_ask(room);
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);
}


/* where a sender's numbers begin is to be known, so that a loss shows */

void
ngx_otter_remote_hear_again(ngx_str_t *name)
{
    ngx_otter_room_t  *room;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    room = ngx_otter_zone_room(ngx_otter_remote_zone, name);

    /* not all the time, if one stays unknown */

    if (room && room->unheard && room->questioned != ngx_time()) {
        room->unheard = 0;
        room->questioned = ngx_time();
        ngx_otter_remote_ask(room);
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);
}


/* the last word of one who goes may have been missed */

void
ngx_otter_remote_vanish(ngx_otter_member_t *m)
{
    if (m->doubted) {
        ngx_otter_remote_lost(m->room);
    }
}
