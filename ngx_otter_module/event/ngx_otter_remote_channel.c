
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_remote.h"


static ngx_rbtree_t       ngx_otter_channels;
static ngx_rbtree_node_t  ngx_otter_channels_sentinel;


void
ngx_otter_channel_init(void)
{
    ngx_rbtree_init(&ngx_otter_channels, &ngx_otter_channels_sentinel,
                    ngx_str_rbtree_insert_value);
}


ngx_otter_channel_t *
ngx_otter_channel_find(ngx_str_t *room)
{
    return (ngx_otter_channel_t *)
               ngx_str_rbtree_lookup(&ngx_otter_channels, room,
                                     ngx_crc32_short(room->data, room->len));
}


ngx_otter_channel_t *
ngx_otter_channel_get(ngx_str_t *room)
{
    u_char               *p;
    size_t                size;
    ngx_otter_channel_t  *channel;

    channel = ngx_otter_channel_find(room);

    if (channel) {
        channel->refs++;
        return channel;
    }

    size = ngx_otter_remote_prefix.len + room->len + 2;

    channel = calloc(1, sizeof(ngx_otter_channel_t) + size);
    if (channel == NULL) {
        return NULL;
    }

    channel->refs = 1;
    ngx_queue_init(&channel->joins);

    p = (u_char *) (channel + 1);
    channel->name.data = p;
    channel->name.len = size;
    p = ngx_cpymem(p, ngx_otter_remote_prefix.data,
                   ngx_otter_remote_prefix.len);
    *p++ = '{';
    channel->node.str.data = p;
    channel->node.str.len = room->len;
    p = ngx_cpymem(p, room->data, room->len);
    *p = '}';

    if (ngx_otter_redis_subscribe(ngx_otter_remote_redis, &channel->name)
        != NGX_OK)
    {
        free(channel);
        return NULL;
    }

    channel->node.node.key = ngx_crc32_short(room->data, room->len);
    ngx_rbtree_insert(&ngx_otter_channels, &channel->node.node);

    return channel;
}


void
ngx_otter_channel_release(ngx_otter_channel_t *channel)
{
    if (channel->refs > 1) {
        channel->refs--;
        return;
    }

    if (ngx_otter_remote_keep(channel)) {
        return;
    }

    ngx_otter_redis_unsubscribe(ngx_otter_remote_redis, &channel->name);
    ngx_rbtree_delete(&ngx_otter_channels, &channel->node.node);
    free(channel);
}


void
ngx_otter_channel_each(void (*handler)(ngx_str_t *room))
{
    ngx_rbtree_node_t    *node, *next;
    ngx_otter_channel_t  *channel;

    if (ngx_otter_channels.root == &ngx_otter_channels_sentinel) {
        return;
    }

    for (node = ngx_rbtree_min(ngx_otter_channels.root,
                               &ngx_otter_channels_sentinel);
         node;
         node = next)
    {
        next = ngx_rbtree_next(&ngx_otter_channels, node);
        channel = (ngx_otter_channel_t *) node;

        handler(&channel->node.str);
    }
}


void
ngx_otter_channel_fail(void)
{
    ngx_rbtree_node_t    *node, *next;
    ngx_otter_channel_t  *channel;

    if (ngx_otter_channels.root == &ngx_otter_channels_sentinel) {
        return;
    }

    for (node = ngx_rbtree_min(ngx_otter_channels.root,
                               &ngx_otter_channels_sentinel);
         node;
         node = next)
    {
        next = ngx_rbtree_next(&ngx_otter_channels, node);
        channel = (ngx_otter_channel_t *) node;

        ngx_otter_channel_give_up(channel);
    }
}


void
ngx_otter_remote_enter(ngx_otter_room_t *room)
{
    ngx_str_t             name;
    ngx_otter_channel_t  *channel;

    if (!ngx_otter_remote_on()) {
        return;
    }

    name.data = room->name;
    name.len = room->name_len;

    channel = ngx_otter_channel_get(&name);

    if (channel && channel->ready) {
        ngx_otter_slots_add(&room->listeners, ngx_otter_bus_slot());
    }
}


void
ngx_otter_remote_exit(ngx_str_t *name)
{
    ngx_otter_channel_t  *channel;

    if (!ngx_otter_remote_on()) {
        return;
    }

    channel = ngx_otter_channel_find(name);

    if (channel) {
        ngx_otter_channel_release(channel);
    }
}
