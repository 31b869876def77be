
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_rooms.h"
#include "otter_envelope.h"
#include "otter_json.h"
#include "otter_name.h"


/* a request that waits for Redis */

typedef struct {
    ngx_http_request_t    *request;
    ngx_otter_order_t     *order;      /* NULL: it is done */
} ngx_http_otter_order_t;


static ngx_int_t ngx_http_otter_room_patch_body(ngx_http_request_t *r,
    const otter_object_t *root, void *data);
static ngx_int_t ngx_http_otter_policy_copy(ngx_otter_order_t *order,
    ngx_otter_policy_t *policy);
static void ngx_http_otter_room_part(ngx_http_request_t *r, ngx_str_t *room,
    ngx_str_t *rest);
static void ngx_http_otter_order_id(ngx_otter_order_t *order,
    const u_char *data, size_t len);
static ngx_int_t ngx_http_otter_room_message(ngx_http_request_t *r,
    ngx_str_t *text, void *data);
static ngx_int_t ngx_http_otter_room_message_to(ngx_otter_order_t *order,
    otter_envelope_t *e);
static ngx_int_t ngx_http_otter_order_run(ngx_http_request_t *r,
    ngx_otter_order_t *order);
static void ngx_http_otter_order_done(ngx_otter_order_t *order,
    ngx_int_t rc);
static void ngx_http_otter_order_forget(void *data);
static ngx_int_t ngx_http_otter_order_answer(ngx_http_request_t *r,
    ngx_otter_order_t *order, ngx_int_t rc);
static ngx_int_t ngx_http_otter_order_said(ngx_http_request_t *r,
    ngx_otter_order_t *order);


ngx_int_t
ngx_http_otter_room_patch(ngx_http_request_t *r, ngx_str_t *room)
{
    ngx_int_t   rc;
    ngx_str_t  *name;

    rc = ngx_http_otter_room_right(r, room);
    if (rc != NGX_OK) {
        return rc;
    }

    name = ngx_palloc(r->pool, sizeof(ngx_str_t));
    if (name == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    *name = *room;

    return ngx_http_otter_read_json(r, ngx_http_otter_room_patch_body, name);
}


static ngx_int_t
ngx_http_otter_room_patch_body(ngx_http_request_t *r,
    const otter_object_t *root, void *data)
{
    ngx_int_t                  rc;
    ngx_otter_policy_t         policy;
    ngx_http_otter_members_t   m;

    ngx_http_otter_members_init(&m, r, root);
    ngx_http_otter_policy_members(&m, &policy);

    rc = ngx_http_otter_members_done(&m);
    if (rc != NGX_OK) {
        return rc;
    }

    return ngx_http_otter_room_order(r, NGX_OTTER_ORDER_POLICY, data,
                                     &policy);
}


ngx_int_t
ngx_http_otter_room_order(ngx_http_request_t *r, ngx_otter_order_e kind,
    ngx_str_t *room, ngx_otter_policy_t *policy)
{
    ngx_otter_zone_t   *zone;
    ngx_otter_order_t  *order;

    zone = ngx_http_otter_room_zone(r);
    if (zone == NULL) {
        return ngx_http_otter_room_no_zone(r);
    }

    order = ngx_otter_order_create(zone, kind, room);
    if (order == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ngx_http_otter_policy_copy(order, policy) != NGX_OK) {
        ngx_otter_order_free(order);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_otter_order_run(r, order);
}


static ngx_int_t
ngx_http_otter_policy_copy(ngx_otter_order_t *order,
    ngx_otter_policy_t *policy)
{
    order->policy = *policy;

    if (policy->metadata.data == NULL) {
        return NGX_OK;
    }

    return ngx_otter_order_copy(order, &order->policy.metadata,
                                policy->metadata.data, policy->metadata.len);
}


/* rooms/{room}/messages or rooms/{room}/peers/{rest} */

static void
ngx_http_otter_room_part(ngx_http_request_t *r, ngx_str_t *room,
    ngx_str_t *rest)
{
    u_char  *p, *last;

    ngx_http_otter_path(r, room);

    room->data += sizeof("rooms/") - 1;
    room->len -= sizeof("rooms/") - 1;

    last = room->data + room->len;
    p = ngx_strlchr(room->data, last, '/');
    room->len = p - room->data;

    p = ngx_strlchr(p + 1, last, '/');

    rest->data = p ? p + 1 : last;
    rest->len = last - rest->data;
}


/* what can be no id is nobody's */

static void
ngx_http_otter_order_id(ngx_otter_order_t *order, const u_char *data,
    size_t len)
{
    if (len == NGX_OTTER_ID_LEN) {
        ngx_memcpy(order->id, data, NGX_OTTER_ID_LEN);
    }
}


ngx_int_t
ngx_http_otter_room_peer_handler(ngx_http_request_t *r)
{
    ngx_int_t           rc;
    ngx_str_t           room, peer;
    ngx_otter_zone_t   *zone;
    ngx_otter_order_t  *order;

    ngx_http_otter_room_part(r, &room, &peer);

    rc = ngx_http_otter_room_right(r, &room);
    if (rc != NGX_OK) {
        return rc;
    }

    zone = ngx_http_otter_room_zone(r);
    if (zone == NULL) {
        return ngx_http_otter_room_no_zone(r);
    }

    order = ngx_otter_order_create(zone, NGX_OTTER_ORDER_KICK, &room);
    if (order == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_http_otter_order_id(order, peer.data, peer.len);

    return ngx_http_otter_order_run(r, order);
}


ngx_int_t
ngx_http_otter_room_messages_handler(ngx_http_request_t *r)
{
    ngx_int_t                 rc;
    ngx_str_t                *room, rest;
    ngx_http_otter_caller_t   caller;

    room = ngx_palloc(r->pool, sizeof(ngx_str_t));
    if (room == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_http_otter_room_part(r, room, &rest);

    rc = ngx_http_otter_need(r, &caller, NGX_HTTP_OTTER_API_KEY,
                             OTTER_SCOPE_ROOMS);
    if (rc != NGX_OK) {
        return rc;
    }

    if (!otter_room_name_valid(room->data, room->len)) {
        return ngx_http_otter_room_not_found(r);
    }

    rc = ngx_http_otter_key_room(r, caller.key, room);
    if (rc != NGX_OK) {
        return rc;
    }

    return ngx_http_otter_read_raw(r, ngx_http_otter_room_message, room);
}


/* "data" goes on byte for byte, as that of a peer does */

static ngx_int_t
ngx_http_otter_room_message(ngx_http_request_t *r, ngx_str_t *text,
    void *data)
{
    ngx_str_t          *room = data;
    const char         *detail;
    otter_envelope_t    e;
    ngx_otter_zone_t   *zone;
    ngx_otter_order_t  *order;

    detail = otter_envelope_parse_posted(&e, text->data, text->len);

    if (detail) {
        return ngx_http_otter_problem(r, NGX_HTTP_BAD_REQUEST, "bad-member",
                                      detail);
    }

    zone = ngx_http_otter_room_zone(r);
    if (zone == NULL) {
        return ngx_http_otter_room_no_zone(r);
    }

    order = ngx_otter_order_create(zone, NGX_OTTER_ORDER_SAY, room);
    if (order == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ngx_otter_order_copy(order, &order->data, e.data.data, e.data.len)
        != NGX_OK
        || ngx_http_otter_room_message_to(order, &e) != NGX_OK)
    {
        ngx_otter_order_free(order);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_otter_order_run(r, order);
}


static ngx_int_t
ngx_http_otter_room_message_to(ngx_otter_order_t *order, otter_envelope_t *e)
{
    int64_t  len;
    u_char   id[NGX_OTTER_ID_LEN];

    if (e->to.data == NULL) {
        return NGX_OK;
    }

    order->directed = 1;

    len = otter_json_unescape(id, sizeof(id), e->to.data, e->to.len);

    if (len > 0) {
        ngx_http_otter_order_id(order, id, (size_t) len);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_otter_order_run(ngx_http_request_t *r, ngx_otter_order_t *order)
{
    ngx_int_t                rc;
    ngx_http_cleanup_t      *cln;
    ngx_http_otter_order_t  *wait;

    cln = ngx_http_cleanup_add(r, sizeof(ngx_http_otter_order_t));

    if (cln == NULL) {
        ngx_otter_order_free(order);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    wait = cln->data;
    wait->request = r;
    wait->order = order;

    order->done = ngx_http_otter_order_done;
    order->caller = wait;

    rc = ngx_otter_order_run(order);

    if (rc == NGX_AGAIN) {
        cln->handler = ngx_http_otter_order_forget;

        r->main->count++;
        r->read_event_handler = ngx_http_test_reading;

        return NGX_DONE;
    }

    rc = ngx_http_otter_order_answer(r, order, rc);

    ngx_otter_order_free(order);

    return rc;
}


static void
ngx_http_otter_order_done(ngx_otter_order_t *order, ngx_int_t rc)
{
    ngx_connection_t        *c;
    ngx_http_request_t      *r;
    ngx_http_otter_order_t  *wait;

    wait = order->caller;
    wait->order = NULL;

    r = wait->request;
    c = r->connection;

    ngx_http_finalize_request(r, ngx_http_otter_order_answer(r, order, rc));
    ngx_http_run_posted_requests(c);
}


/* the client is gone; what it wanted is done all the same */

static void
ngx_http_otter_order_forget(void *data)
{
    ngx_http_otter_order_t  *wait = data;

    if (wait->order) {
        wait->order->done = NULL;
    }
}


static ngx_int_t
ngx_http_otter_order_answer(ngx_http_request_t *r, ngx_otter_order_t *order,
    ngx_int_t rc)
{
    switch (rc) {

    case NGX_OK:
        break;

    case NGX_ABORT:
        return ngx_http_otter_room_not_found(r);

    case NGX_DECLINED:
        return ngx_http_otter_problem(r, NGX_HTTP_NOT_FOUND,
                                      "peer-not-found",
                                      "no peer of this room has that id");

    case NGX_BUSY:
        if (order->kind == NGX_OTTER_ORDER_CREATE) {
            return ngx_http_otter_problem(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                                          "zone-full",
                                          "the shared memory has no room "
                                          "left");
        }

        /* fall through */

    default:
        return ngx_http_otter_problem(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                                      "unavailable",
                                      "that can't be done now: try again");
    }

    switch (order->kind) {

    case NGX_OTTER_ORDER_POLICY:
        return ngx_http_otter_room_answer(r, NGX_HTTP_OK, &order->room);

    case NGX_OTTER_ORDER_CREATE:
        return ngx_http_otter_room_answer(r, order->created ? NGX_HTTP_CREATED
                                                            : NGX_HTTP_OK,
                                          &order->room);

    case NGX_OTTER_ORDER_SAY:
        return ngx_http_otter_order_said(r, order);

    default:
        return ngx_http_otter_no_content(r);
    }
}


static ngx_int_t
ngx_http_otter_order_said(ngx_http_request_t *r, ngx_otter_order_t *order)
{
    ngx_otter_text_t  text;

    ngx_otter_text_init(&text);
    ngx_otter_text_add_string(&text, "{\"peers\":");
    ngx_otter_text_add_number(&text, order->count);
    ngx_otter_text_add_string(&text, "}\n");

    return ngx_http_otter_text(r, NGX_HTTP_OK, &text);
}
