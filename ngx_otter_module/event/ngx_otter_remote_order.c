
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_remote.h"
#include "ngx_otter_ban.h"
#include "ngx_otter_remote_script.h"


static ngx_int_t ngx_otter_remote_order_call(ngx_otter_order_t *order);
static void ngx_otter_remote_ordered(redisReply *reply, void *data);
static ngx_int_t ngx_otter_remote_order_result(ngx_otter_order_t *order,
    redisReply *reply);
static ngx_int_t ngx_otter_remote_order_done(ngx_otter_order_t *order,
    redisReply *reply);
static ngx_int_t ngx_otter_remote_order_made(ngx_otter_order_t *order,
    redisReply *reply);
static void ngx_otter_remote_order_out(ngx_otter_order_t *order,
    redisReply *reply);
static void ngx_otter_remote_expired_reply(redisReply *reply, void *data);


ngx_int_t
ngx_otter_remote_order(ngx_otter_order_t *order)
{
    if (!ngx_otter_remote_up()) {
        return NGX_DECLINED;
    }

    return (ngx_otter_remote_order_call(order) == NGX_OK) ? NGX_AGAIN
                                                          : NGX_DECLINED;
}


static ngx_int_t
ngx_otter_remote_order_call(ngx_otter_order_t *order)
{
    ngx_uint_t                 kick, create;
    ngx_otter_call_t           call;
    ngx_otter_redis_script_t  *script;

    if (order->kind == NGX_OTTER_ORDER_POLICY
        || order->kind == NGX_OTTER_ORDER_CREATE)
    {
        create = (order->kind == NGX_OTTER_ORDER_CREATE);

        return ngx_otter_remote_policy_call(&order->room, 0, &order->policy,
                                            create ? "1" : "",
                                            create ? "2" : "1",
                                            ngx_otter_remote_ordered, order);
    }

    ngx_otter_call_init(&call, &order->room, 0);

    switch (order->kind) {

    case NGX_OTTER_ORDER_SAY:
        script = &ngx_otter_script_say;
        ngx_otter_call_add(&call, order->id,
                           order->directed ? NGX_OTTER_ID_LEN : 0);
        ngx_otter_call_add(&call, order->data.data, order->data.len);
        break;

    case NGX_OTTER_ORDER_ADMIT:
        script = &ngx_otter_script_admit;
        ngx_otter_call_add(&call, order->id, NGX_OTTER_ID_LEN);
        break;

    default:
        script = &ngx_otter_script_kick;
        kick = (order->kind == NGX_OTTER_ORDER_KICK);
        ngx_otter_call_add(&call, order->id, NGX_OTTER_ID_LEN);
        ngx_otter_call_add(&call, kick ? "kicked" : "denied", 6);
        ngx_otter_call_add_number(&call,
                                  kick ? (uint64_t)
                                         ngx_otter_remote_zone->token_life
                                       : NGX_OTTER_DENIED_TIME);
    }

    return ngx_otter_redis_script(ngx_otter_remote_redis, &call.key, script,
                                  call.argc, call.argv,
                                  ngx_otter_remote_ordered, order);
}


static void
ngx_otter_remote_ordered(redisReply *reply, void *data)
{
    ngx_int_t           rc;
    ngx_otter_order_t  *order = data;

    rc = ngx_otter_remote_order_result(order, reply);

    if (order->done) {
        order->done(order, rc);
    }

    if (rc == NGX_OK && order->kind == NGX_OTTER_ORDER_POLICY) {

        /* a room that this host looked at alone */

        ngx_otter_remote_forsake(&order->room);
    }

    ngx_otter_order_free(order);
}


static ngx_int_t
ngx_otter_remote_order_result(ngx_otter_order_t *order, redisReply *reply)
{
    ngx_int_t  rc, here;

    if (ngx_otter_remote_says(reply, "ok")
        || ngx_otter_remote_says(reply, "made"))
    {
        return ngx_otter_remote_order_done(order, reply);
    }

    if (order->kind == NGX_OTTER_ORDER_CREATE) {

        /* Redis was lost, or can't: this host alone decides */

        return ngx_otter_order_here(order);
    }

    if (ngx_otter_remote_says(reply, "full")) {
        return NGX_BUSY;
    }

    if (ngx_otter_remote_says(reply, "no-room")) {
        rc = NGX_ABORT;

    } else if (ngx_otter_remote_says(reply, "no-peer")) {
        rc = NGX_DECLINED;

    } else {
        return NGX_ERROR;
    }

    /* Redis may not have heard yet of what this host let in alone */

    here = ngx_otter_order_here(order);

    return (here == NGX_OK || here == NGX_BUSY) ? here : rc;
}


static ngx_int_t
ngx_otter_remote_order_done(ngx_otter_order_t *order, redisReply *reply)
{
    off_t  n;

    switch (order->kind) {

    case NGX_OTTER_ORDER_POLICY:
        return ngx_otter_remote_apply(&order->room, reply, 1);

    case NGX_OTTER_ORDER_CREATE:
        return ngx_otter_remote_order_made(order, reply);

    case NGX_OTTER_ORDER_KICK:
    case NGX_OTTER_ORDER_DENY:
        ngx_otter_remote_order_out(order, reply);
        break;

    case NGX_OTTER_ORDER_SAY:
        if (reply->elements == 2
            && reply->element[1]->type == REDIS_REPLY_STRING)
        {
            n = ngx_atoof((u_char *) reply->element[1]->str,
                          reply->element[1]->len);
            order->count = (n == (off_t) NGX_ERROR) ? 0 : (ngx_uint_t) n;
        }

        break;

    default:
        break;
    }

    return NGX_OK;
}


/* the room as Redis has it, which this host keeps from now on as well */

static ngx_int_t
ngx_otter_remote_order_made(ngx_otter_order_t *order, redisReply *reply)
{
    ngx_otter_room_t  *room;

    order->created = ngx_otter_remote_says(reply, "made");

    if (ngx_otter_remote_apply(&order->room, reply,
                               (ngx_uint_t) order->policy.max_peers)
        != NGX_OK)
    {
        return NGX_BUSY;
    }

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    room = ngx_otter_zone_room(ngx_otter_remote_zone, &order->room);

    if (room) {
        room->kept = 1;
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);

    ngx_otter_index_add(&order->room);

    return room ? NGX_OK : NGX_ERROR;
}


static void
ngx_otter_remote_order_out(ngx_otter_order_t *order, redisReply *reply)
{
    ngx_str_t                  text;
    ngx_otter_remote_record_t  record;

    if (reply->elements != 2 || reply->element[1]->type != REDIS_REPLY_STRING)
    {
        return;
    }

    text.data = (u_char *) reply->element[1]->str;
    text.len = reply->element[1]->len;

    if (ngx_otter_remote_parse(&text, &record) == NGX_OK) {
        ngx_otter_remote_ban(&order->room, &record.identity, &record.grant,
                             order->kind == NGX_OTTER_ORDER_DENY);
    }
}


ngx_int_t
ngx_otter_remote_expired(ngx_otter_room_t *room)
{
    ngx_str_t         *name;
    ngx_otter_call_t   call;

    if (!ngx_otter_remote_up() || room->ruled) {
        return NGX_DECLINED;
    }

    name = malloc(sizeof(ngx_str_t) + room->name_len);
    if (name == NULL) {
        return NGX_DECLINED;
    }

    name->data = (u_char *) (name + 1);
    name->len = room->name_len;
    ngx_memcpy(name->data, room->name, room->name_len);

    ngx_otter_call_init(&call, name, room->version);

    if (ngx_otter_redis_script(ngx_otter_remote_redis, &call.key,
                               &ngx_otter_script_expire, call.argc, call.argv,
                               ngx_otter_remote_expired_reply, name)
        != NGX_OK)
    {
        free(name);
        return NGX_DECLINED;
    }

    /* asked again if there is no answer */

    room->asked = ngx_time() + 2;

    return NGX_OK;
}


static void
ngx_otter_remote_expired_reply(redisReply *reply, void *data)
{
    ngx_str_t         *name = data;
    ngx_otter_room_t  *room;

    if (ngx_otter_remote_says(reply, "ok")) {
        (void) ngx_otter_remote_apply(name, reply, 1);
        ngx_otter_remote_forsake(name);

    } else if (ngx_otter_remote_says(reply, "closed")) {

        ngx_otter_zone_lock(ngx_otter_remote_zone);

        room = ngx_otter_zone_room(ngx_otter_remote_zone, name);

        if (room && room->expires) {
            ngx_otter_room_end(ngx_otter_remote_zone, room, "expired");
        }

        ngx_otter_zone_unlock(ngx_otter_remote_zone);

        ngx_otter_bus_drain();
    }

    free(name);
}
