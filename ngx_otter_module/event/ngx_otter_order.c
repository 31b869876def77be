
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_order.h"
#include "ngx_otter_ban.h"
#include "ngx_otter_bus.h"
#include "ngx_otter_lobby.h"
#include "ngx_otter_remote.h"


static ngx_int_t ngx_otter_order_peer(ngx_otter_order_t *order,
    ngx_otter_room_t *room);
static ngx_int_t ngx_otter_order_say(ngx_otter_order_t *order,
    ngx_otter_room_t *room);


ngx_otter_order_t *
ngx_otter_order_create(ngx_otter_zone_t *zone, ngx_otter_order_e kind,
    ngx_str_t *room)
{
    ngx_pool_t         *pool;
    ngx_otter_order_t  *order;

    pool = ngx_create_pool(1024, ngx_cycle->log);
    if (pool == NULL) {
        return NULL;
    }

    order = ngx_pcalloc(pool, sizeof(ngx_otter_order_t));

    if (order == NULL) {
        ngx_destroy_pool(pool);
        return NULL;
    }

    order->pool = pool;
    order->zone = zone;
    order->kind = kind;
    ngx_otter_policy_init(&order->policy);

    if (ngx_otter_order_copy(order, &order->room, room->data, room->len)
        != NGX_OK)
    {
        ngx_destroy_pool(pool);
        return NULL;
    }

    return order;
}


ngx_int_t
ngx_otter_order_copy(ngx_otter_order_t *order, ngx_str_t *dst,
    const u_char *data, size_t len)
{
    dst->data = ngx_pnalloc(order->pool, len);

    if (dst->data == NULL) {
        return NGX_ERROR;
    }

    dst->len = len;
    ngx_memcpy(dst->data, data, len);

    return NGX_OK;
}


void
ngx_otter_order_free(ngx_otter_order_t *order)
{
    ngx_destroy_pool(order->pool);
}


ngx_int_t
ngx_otter_order_run(ngx_otter_order_t *order)
{
    ngx_int_t  rc;

    rc = ngx_otter_remote_order(order);

    return (rc == NGX_DECLINED) ? ngx_otter_order_here(order) : rc;
}


ngx_int_t
ngx_otter_order_here(ngx_otter_order_t *order)
{
    ngx_int_t          rc;
    ngx_otter_room_t  *room;

    if (order->kind == NGX_OTTER_ORDER_CREATE) {
        return (ngx_otter_room_create(order->zone, &order->room,
                                      &order->policy, &order->created)
                == NGX_OK)
               ? NGX_OK : NGX_BUSY;
    }

    ngx_otter_zone_lock(order->zone);

    room = ngx_otter_zone_room(order->zone, &order->room);

    if (room == NULL) {
        rc = NGX_ABORT;

    } else {

        switch (order->kind) {

        case NGX_OTTER_ORDER_POLICY:
            rc = ngx_otter_room_change(order->zone, room, &order->policy);

            if (rc == NGX_OK) {
                room->ruled = ngx_otter_remote_on();

                if (!room->lobby) {
                    ngx_otter_lobby_open(room);
                }
            }

            break;

        case NGX_OTTER_ORDER_SAY:
            rc = ngx_otter_order_say(order, room);
            break;

        default:
            rc = ngx_otter_order_peer(order, room);
        }
    }

    ngx_otter_zone_unlock(order->zone);

    ngx_otter_bus_drain();

    return rc;
}


static ngx_int_t
ngx_otter_order_peer(ngx_otter_order_t *order, ngx_otter_room_t *room)
{
    ngx_str_t            identity;
    ngx_uint_t           denied;
    ngx_otter_ban_t     *ban;
    ngx_otter_member_t  *m;

    m = ngx_otter_zone_member(order->zone, order->id, NGX_OTTER_ID_LEN);

    if (m == NULL || m->room != room || m->pending) {
        return NGX_DECLINED;
    }

    if (order->kind != NGX_OTTER_ORDER_KICK && !m->waiting) {
        return NGX_DECLINED;
    }

    if (m->slot == NGX_OTTER_SLOT_REMOTE) {
        return NGX_ERROR;
    }

    if (order->kind == NGX_OTTER_ORDER_ADMIT) {

        if (room->n - room->waiting >= room->max_peers) {
            return NGX_BUSY;
        }

        ngx_otter_lobby_admit(m);

        /* Redis is told of it by the next sync */

        room->version = 0;

        return NGX_OK;
    }

    denied = (order->kind == NGX_OTTER_ORDER_DENY);

    identity.data = m->identity;
    identity.len = m->identity_len;

    ban = ngx_otter_ban_add(order->zone, &order->room, &identity, &m->grant,
                            ngx_time(), denied);

    if (ban) {
        ban->unsaid = ngx_otter_remote_on();
    }

    ngx_otter_room_remove(order->zone, m, denied ? "denied" : "kicked",
                          NGX_OTTER_CLOSE_KICKED);

    return NGX_OK;
}


static ngx_int_t
ngx_otter_order_say(ngx_otter_order_t *order, ngx_otter_room_t *room)
{
    ngx_otter_member_t  *m;

    m = NULL;

    if (order->directed) {
        m = ngx_otter_zone_member(order->zone, order->id, NGX_OTTER_ID_LEN);

        if (m == NULL || m->room != room || m->pending || m->waiting) {
            return NGX_DECLINED;
        }

        if (m->slot == NGX_OTTER_SLOT_REMOTE) {
            return NGX_ERROR;
        }
    }

    order->count = ngx_otter_room_say(room, m, &order->data);

    return NGX_OK;
}
