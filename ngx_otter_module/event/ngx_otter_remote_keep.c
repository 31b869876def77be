
/*
 * Copyright (C) Otter contributors
 */

/*
 * While a room has members of this host, one of its workers at least listens
 * to what other hosts say there: also for members that are away, so that it
 * can be held for them, and while one worker takes over from another.  A
 * worker keeps a channel after its own sessions have left until it has seen
 * for a while that another one listens.
 */


#include "ngx_otter_remote.h"


enum {
    NGX_OTTER_KEEP_INTERVAL = 50,      /* milliseconds; of one that leaves */
    NGX_OTTER_KEEP_ROUNDS = 100,       /* no longer, then */
    NGX_OTTER_KEEP_SPARE = 3           /* rounds with another listener */
};


static ngx_uint_t ngx_otter_remote_heard(ngx_otter_room_t *room,
    ngx_int_t but);
static ngx_uint_t ngx_otter_remote_spare(ngx_otter_channel_t *channel);
static void ngx_otter_remote_keep_each(ngx_str_t *name);
static void ngx_otter_remote_keep_handler(ngx_event_t *ev);


static ngx_event_t       ngx_otter_keep_timer;
static ngx_connection_t  ngx_otter_keep_dummy;
static ngx_uint_t        ngx_otter_keep_rounds;
static ngx_uint_t        ngx_otter_keep_count;
static ngx_uint_t        ngx_otter_keep_over;      /* nothing is kept */


/* a worker but that one listens, and is not about to leave */

static ngx_uint_t
ngx_otter_remote_heard(ngx_otter_room_t *room, ngx_int_t but)
{
    uint64_t    word;
    ngx_int_t   n;
    ngx_uint_t  i;

    for (i = 0; i < NGX_OTTER_SLOT_WORDS; i++) {

        for (word = room->listeners.word[i]; word; word &= word - 1) {
            n = (ngx_int_t) i * 64 + __builtin_ctzll(word);

            if (n != but && !ngx_otter_remote_zone->sh->slots[n].leaving) {
                return 1;
            }
        }
    }

    return 0;
}


/*
 * The last reference to a channel goes.  1: it is kept for the members that
 * the host still has in the room.
 */

ngx_uint_t
ngx_otter_remote_keep(ngx_otter_channel_t *channel)
{
    ngx_int_t          slot;
    ngx_uint_t         keep;
    ngx_otter_room_t  *room;

    keep = 0;
    slot = ngx_otter_bus_slot();

    if (slot == NGX_OTTER_SLOT_NONE) {
        return 0;
    }

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    room = ngx_otter_zone_room(ngx_otter_remote_zone, &channel->node.str);

    if (room) {
        keep = (!ngx_otter_keep_over && room->n > room->remote
                && (!channel->keeper || !ngx_otter_remote_heard(room, slot)));

        if (!keep) {
            ngx_otter_remote_deaf(ngx_otter_remote_zone, room, slot);
        }
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);

    channel->keeper = keep;
    channel->rounds = 0;

    return keep;
}


/* it may have been the only one that listened to some rooms */

void
ngx_otter_remote_deserted(ngx_otter_zone_t *zone, ngx_int_t slot)
{
    ngx_rbtree_t       *tree;
    ngx_rbtree_node_t  *node;

    tree = &zone->sh->rooms;

    if (tree->root == tree->sentinel) {
        return;
    }

    for (node = ngx_rbtree_min(tree->root, tree->sentinel);
         node;
         node = ngx_rbtree_next(tree, node))
    {
        ngx_otter_remote_deaf(zone, ngx_rbtree_data(node, ngx_otter_room_t,
                                                    node),
                              slot);
    }
}


void
ngx_otter_remote_deaf(ngx_otter_zone_t *zone, ngx_otter_room_t *room,
    ngx_int_t slot)
{
    if (!ngx_otter_slots_has(&room->listeners, slot)) {
        return;
    }

    room->listeners.word[slot / 64] &= ~((uint64_t) 1 << (slot % 64));

    if (room->remote
        && ngx_otter_slots_only(&room->listeners, NGX_OTTER_SLOT_NONE))
    {
        ngx_otter_remote_stranger(zone, room);
    }
}


/* with the lock held: nobody listens, or only who leaves */

ngx_uint_t
ngx_otter_remote_orphan(ngx_otter_room_t *room)
{
    return room->n > room->remote
           && !ngx_otter_remote_heard(room, NGX_OTTER_SLOT_NONE);
}


ngx_uint_t
ngx_otter_remote_listens(ngx_otter_room_t *room)
{
    ngx_int_t  slot;

    slot = ngx_otter_bus_slot();

    return (slot >= 0 && ngx_otter_slots_has(&room->listeners, slot))
           || ngx_otter_slots_only(&room->listeners, NGX_OTTER_SLOT_NONE);
}


void
ngx_otter_remote_adopt(ngx_str_t *room)
{
    ngx_otter_channel_t  *channel;

    if (ngx_otter_channel_find(room) || ngx_otter_keep_over) {
        return;
    }

    channel = ngx_otter_channel_get(room);

    if (channel) {
        channel->keeper = 1;
        channel->late = 1;
    }
}


/* 1: others listen, and have for so long that nothing can be on its way */

static ngx_uint_t
ngx_otter_remote_spare(ngx_otter_channel_t *channel)
{
    ngx_uint_t         spare;
    ngx_otter_room_t  *room;

    spare = 1;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    room = ngx_otter_zone_room(ngx_otter_remote_zone, &channel->node.str);

    if (room && room->n > room->remote) {

        if (ngx_otter_remote_heard(room, ngx_otter_bus_slot())) {
            spare = (++channel->rounds >= NGX_OTTER_KEEP_SPARE);

        } else {
            channel->rounds = 0;
            spare = 0;
        }
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);

    return spare;
}


static void
ngx_otter_remote_keep_each(ngx_str_t *name)
{
    ngx_otter_channel_t  *channel;

    channel = ngx_otter_channel_find(name);

    if (channel == NULL || !channel->keeper) {
        return;
    }

    if (channel->refs > 1) {

        /* sessions are here again */

        channel->keeper = 0;
        channel->rounds = 0;
        ngx_otter_channel_release(channel);
        return;
    }

    if (ngx_otter_keep_over || ngx_otter_remote_spare(channel)) {
        ngx_otter_channel_release(channel);
        return;
    }

    ngx_otter_keep_count++;
}


void
ngx_otter_remote_keep_check(void)
{
    ngx_otter_keep_count = 0;
    ngx_otter_channel_each(ngx_otter_remote_keep_each);
}


/*
 * A worker that is asked to leave stays until others have taken over what it
 * listens to: the timer is not cancelable.
 */

void
ngx_otter_remote_closing(void)
{
    ngx_event_t  *ev;

    if (!ngx_otter_remote_on()) {
        return;
    }

    ngx_otter_keep_dummy.fd = (ngx_socket_t) -1;

    ev = &ngx_otter_keep_timer;
    ngx_memzero(ev, sizeof(ngx_event_t));
    ev->handler = ngx_otter_remote_keep_handler;
    ev->data = &ngx_otter_keep_dummy;
    ev->log = ngx_cycle->log;

    ngx_add_timer(ev, NGX_OTTER_KEEP_INTERVAL);
}


static void
ngx_otter_remote_keep_handler(ngx_event_t *ev)
{
    /* while there are sockets, their sessions may still go away */

    if (ngx_otter_socket_count() == 0) {
        ngx_otter_keep_rounds++;
    }

    if (ngx_otter_keep_rounds > NGX_OTTER_KEEP_ROUNDS) {
        ngx_otter_keep_over = 1;
    }

    ngx_otter_remote_keep_check();

    if (ngx_otter_keep_count || ngx_otter_socket_count()) {
        ngx_add_timer(ev, NGX_OTTER_KEEP_INTERVAL);
    }
}
