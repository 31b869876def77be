
/*
 * Copyright (C) Otter contributors
 */

/* what the handlers below rooms/ have in common */


#ifndef NGX_HTTP_OTTER_ROOMS_H_INCLUDED
#define NGX_HTTP_OTTER_ROOMS_H_INCLUDED


#include "ngx_http_otter_members.h"
#include "ngx_otter_order.h"


/* what a body says of a room's policy */

void ngx_http_otter_policy_members(ngx_http_otter_members_t *m,
    ngx_otter_policy_t *policy);

/* the room as it is; 201 has Location as well */

ngx_int_t ngx_http_otter_room_answer(ngx_http_request_t *r,
    ngx_uint_t status, ngx_str_t *room);

/* may the caller change the room?  NGX_OK, or a problem has been sent */

ngx_int_t ngx_http_otter_room_right(ngx_http_request_t *r, ngx_str_t *room);

/* the zone, or NULL: there is none that could be used */

ngx_otter_zone_t *ngx_http_otter_room_zone(ngx_http_request_t *r);
ngx_int_t ngx_http_otter_room_no_zone(ngx_http_request_t *r);
ngx_int_t ngx_http_otter_room_not_found(ngx_http_request_t *r);

/*
 * Calls the handler, with its data, when the zone has what other hosts know
 * of the room, or of the rooms of the page if there is one.  Returns what a
 * content handler returns.
 */

typedef ngx_int_t (*ngx_http_otter_look_pt)(ngx_http_request_t *r,
    void *data);

ngx_int_t ngx_http_otter_look(ngx_http_request_t *r, ngx_str_t *room,
    ngx_otter_room_page_t *page, ngx_http_otter_look_pt handler, void *data);

/* an order about the policy of a room, and its answer */

ngx_int_t ngx_http_otter_room_order(ngx_http_request_t *r,
    ngx_otter_order_e kind, ngx_str_t *room, ngx_otter_policy_t *policy);

/* PATCH rooms/{room} */

ngx_int_t ngx_http_otter_room_patch(ngx_http_request_t *r, ngx_str_t *room);


#endif /* NGX_HTTP_OTTER_ROOMS_H_INCLUDED */
