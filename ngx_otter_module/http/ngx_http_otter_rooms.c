
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_rooms.h"
#include "otter_base64url.h"
#include "otter_name.h"
#include "ngx_otter_random.h"


enum {
    NGX_HTTP_OTTER_PAGE_DEFAULT = 20,
    NGX_HTTP_OTTER_PAGE_MAX = 100,
    NGX_HTTP_OTTER_GENERATED_LEN = 12,
    NGX_HTTP_OTTER_EXPIRES_MAX = 366 * 24 * 3600
};

static ngx_int_t ngx_http_otter_rooms_list(ngx_http_request_t *r);
static ngx_int_t ngx_http_otter_rooms_listed(ngx_http_request_t *r,
    void *data);
static ngx_int_t ngx_http_otter_rooms_page(ngx_http_request_t *r,
    ngx_otter_room_page_t *page);
static ngx_int_t ngx_http_otter_rooms_cursor(ngx_http_request_t *r,
    ngx_str_t *name, ngx_str_t *cursor);
static ngx_int_t ngx_http_otter_rooms_create(ngx_http_request_t *r,
    const otter_object_t *root, void *data);
static ngx_int_t ngx_http_otter_rooms_policy(ngx_http_request_t *r,
    const otter_object_t *root, ngx_str_t *room, ngx_otter_policy_t *policy);
static ngx_int_t ngx_http_otter_rooms_generate(ngx_http_request_t *r,
    const otter_apikey_t *key, ngx_str_t *room);
static ngx_int_t ngx_http_otter_room_look(ngx_http_request_t *r,
    ngx_str_t *room, ngx_http_otter_look_pt handler);
static ngx_int_t ngx_http_otter_room_seen(ngx_http_request_t *r, void *data);
static ngx_int_t ngx_http_otter_room_close(ngx_http_request_t *r,
    ngx_str_t *room);
static ngx_int_t ngx_http_otter_room_closed(ngx_http_request_t *r,
    void *data);


ngx_int_t
ngx_http_otter_rooms_handler(ngx_http_request_t *r)
{
    ngx_int_t                 rc;
    ngx_http_otter_caller_t  *caller;

    if (r->method != NGX_HTTP_POST) {
        return ngx_http_otter_rooms_list(r);
    }

    caller = ngx_palloc(r->pool, sizeof(ngx_http_otter_caller_t));
    if (caller == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_otter_need(r, caller, NGX_HTTP_OTTER_API_KEY,
                             OTTER_SCOPE_ROOMS);
    if (rc != NGX_OK) {
        return rc;
    }

    return ngx_http_otter_read_json(r, ngx_http_otter_rooms_create, caller);
}


static ngx_int_t
ngx_http_otter_rooms_list(ngx_http_request_t *r)
{
    ngx_int_t                 rc;
    ngx_otter_room_page_t    *page;
    ngx_http_otter_caller_t   caller;

    rc = ngx_http_otter_need(r, &caller, NGX_HTTP_OTTER_API_KEY,
                             OTTER_SCOPE_ROOMS);
    if (rc != NGX_OK) {
        return rc;
    }

    page = ngx_pcalloc(r->pool, sizeof(ngx_otter_room_page_t));
    if (page == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    page->pattern = caller.key->rooms;

    rc = ngx_http_otter_rooms_page(r, page);
    if (rc != NGX_OK) {
        return rc;
    }

    if (ngx_http_otter_room_zone(r) == NULL) {
        return ngx_http_otter_room_no_zone(r);
    }

    return ngx_http_otter_look(r, NULL, page, ngx_http_otter_rooms_listed,
                               page);
}


static ngx_int_t
ngx_http_otter_rooms_listed(ngx_http_request_t *r, void *data)
{
    ngx_str_t               cursor;
    ngx_otter_zone_t       *zone;
    ngx_otter_text_t        text;
    ngx_otter_room_page_t  *page = data;

    zone = ngx_http_otter_room_zone(r);

    if (ngx_otter_room_list(zone, r->pool, page) != NGX_OK
        || ngx_http_otter_rooms_cursor(r, &page->next, &cursor) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_otter_text_init(&text);
    ngx_otter_text_add_string(&text, "{\"rooms\":[");
    ngx_otter_text_add(&text, page->json.data, page->json.len);
    ngx_otter_text_add_string(&text, "],\"cursor\":");

    if (cursor.len) {
        ngx_otter_text_add_json(&text, cursor.data, cursor.len);

    } else {
        ngx_otter_text_add_string(&text, "null");
    }

    ngx_otter_text_add_string(&text, "}\n");

    return ngx_http_otter_text(r, NGX_HTTP_OK, &text);
}


static ngx_int_t
ngx_http_otter_rooms_page(ngx_http_request_t *r, ngx_otter_room_page_t *page)
{
    int64_t    len;
    ngx_int_t  rc, limit;
    ngx_str_t  value;

    page->limit = NGX_HTTP_OTTER_PAGE_DEFAULT;

    rc = ngx_http_otter_arg(r, "limit", &value);

    if (rc == NGX_ERROR) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (rc == NGX_OK) {
        limit = ngx_atoi(value.data, value.len);

        if (limit < 1 || limit > NGX_HTTP_OTTER_PAGE_MAX) {
            return ngx_http_otter_problem(r, NGX_HTTP_BAD_REQUEST,
                                          "bad-argument",
                                          "\"limit\" must be an integer "
                                          "from 1 to 100");
        }

        page->limit = limit;
    }

    rc = ngx_http_otter_arg(r, "cursor", &value);

    if (rc != NGX_OK) {
        return rc == NGX_ERROR ? NGX_HTTP_INTERNAL_SERVER_ERROR : NGX_OK;
    }

    page->after.data = ngx_pnalloc(r->pool, OTTER_ROOM_NAME_MAX);
    if (page->after.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    len = otter_base64url_decode(page->after.data, OTTER_ROOM_NAME_MAX,
                                 value.data, value.len);

    if (len < 1 || !otter_room_name_valid(page->after.data, len)) {
        return ngx_http_otter_problem(r, NGX_HTTP_BAD_REQUEST,
                                      "bad-argument",
                                      "\"cursor\" must be that of another "
                                      "answer");
    }

    page->after.len = len;

    return NGX_OK;
}


/* opaque to callers: where the next page begins is nobody else's business */

static ngx_int_t
ngx_http_otter_rooms_cursor(ngx_http_request_t *r, ngx_str_t *name,
    ngx_str_t *cursor)
{
    cursor->len = otter_base64url_size(name->len);
    cursor->data = ngx_pnalloc(r->pool, cursor->len);

    if (cursor->data == NULL) {
        return NGX_ERROR;
    }

    (void) otter_base64url_encode(cursor->data, name->data, name->len);

    return NGX_OK;
}


static ngx_int_t
ngx_http_otter_rooms_create(ngx_http_request_t *r, const otter_object_t *root,
    void *data)
{
    ngx_int_t                   rc;
    ngx_str_t                   room;
    ngx_otter_policy_t          policy;
    ngx_http_otter_caller_t    *caller = data;
    ngx_http_otter_srv_conf_t  *oscf;

    rc = ngx_http_otter_rooms_policy(r, root, &room, &policy);
    if (rc != NGX_OK) {
        return rc;
    }

    if (room.len == 0) {
        rc = ngx_http_otter_rooms_generate(r, caller->key, &room);
        if (rc != NGX_OK) {
            return rc;
        }
    }

    rc = ngx_http_otter_key_room(r, caller->key, &room);
    if (rc != NGX_OK) {
        return rc;
    }

    if (policy.max_peers == NGX_CONF_UNSET) {
        oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);
        policy.max_peers = oscf->max_peers;
    }

    return ngx_http_otter_room_order(r, NGX_OTTER_ORDER_CREATE, &room,
                                     &policy);
}


static ngx_int_t
ngx_http_otter_rooms_policy(ngx_http_request_t *r, const otter_object_t *root,
    ngx_str_t *room, ngx_otter_policy_t *policy)
{
    ngx_http_otter_members_t  m;

    ngx_str_null(room);

    ngx_http_otter_members_init(&m, r, root);

    (void) ngx_http_otter_member_name(&m, "room", otter_room_name_valid,
                                      "1 to 128 of A-Z a-z 0-9 . _ ~ -, but "
                                      "neither \".\" nor \"..\"",
                                      room);

    ngx_http_otter_policy_members(&m, policy);

    return ngx_http_otter_members_done(&m);
}


/* JSON's null is for what can be taken away */

void
ngx_http_otter_policy_members(ngx_http_otter_members_t *m,
    ngx_otter_policy_t *policy)
{
    int64_t  number;

    ngx_otter_policy_init(policy);

    if (ngx_http_otter_member_number(m, "max_peers", 1,
                                     NGX_HTTP_OTTER_PEERS_MAX, &number))
    {
        policy->max_peers = (ngx_int_t) number;
    }

    (void) ngx_http_otter_member_flag(m, "locked", &policy->locked);
    (void) ngx_http_otter_member_flag(m, "lobby", &policy->lobby);
    (void) ngx_http_otter_member_flag(m, "relay_only", &policy->relay_only);

    if (ngx_http_otter_member_null(m, "expires_in")) {
        policy->expires = 0;

    } else if (ngx_http_otter_member_number(m, "expires_in", 1,
                                            NGX_HTTP_OTTER_EXPIRES_MAX,
                                            &number))
    {
        policy->expires = ngx_time() + (time_t) number;
    }

    if (ngx_http_otter_member_null(m, "metadata")) {
        ngx_str_set(&policy->metadata, "");

    } else {
        (void) ngx_http_otter_member_object(m, "metadata", OTTER_METADATA_MAX,
                                            &policy->metadata);
    }
}


/*
 * The key's pattern with something nobody guesses in place of its first "*".
 * NGX_OK, or what a content handler returns.
 */

static ngx_int_t
ngx_http_otter_rooms_generate(ngx_http_request_t *r,
    const otter_apikey_t *key, ngx_str_t *room)
{
    u_char      *p;
    size_t       i;
    ngx_uint_t   done;

    room->data = ngx_pnalloc(r->pool,
                             key->rooms.len + NGX_HTTP_OTTER_GENERATED_LEN);
    if (room->data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    p = room->data;
    done = 0;

    for (i = 0; i < key->rooms.len; i++) {
        if (key->rooms.data[i] != '*') {
            *p++ = key->rooms.data[i];
            continue;
        }

        if (done) {
            continue;
        }

        if (ngx_otter_random_name(p, NGX_HTTP_OTTER_GENERATED_LEN) != NGX_OK) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        p += NGX_HTTP_OTTER_GENERATED_LEN;
        done = 1;
    }

    room->len = p - room->data;

    if (!otter_room_name_valid(room->data, room->len)) {
        return ngx_http_otter_problem(r, NGX_HTTP_BAD_REQUEST, "bad-member",
                                      "\"room\" must be given: no name can "
                                      "be made of this API key's pattern");
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_otter_room_handler(ngx_http_request_t *r)
{
    ngx_int_t                 rc;
    ngx_str_t                 room;
    ngx_http_otter_caller_t   caller;

    ngx_http_otter_path(r, &room);

    room.data += sizeof("rooms/") - 1;
    room.len -= sizeof("rooms/") - 1;

    if (r->method == NGX_HTTP_DELETE) {
        return ngx_http_otter_room_close(r, &room);
    }

    if (r->method == NGX_HTTP_PATCH) {
        return ngx_http_otter_room_patch(r, &room);
    }

    rc = ngx_http_otter_need(r, &caller, NGX_HTTP_OTTER_API_KEY,
                             OTTER_SCOPE_ROOMS);
    if (rc != NGX_OK) {
        return rc;
    }

    if (!otter_room_name_valid(room.data, room.len)) {
        return ngx_http_otter_room_not_found(r);
    }

    rc = ngx_http_otter_key_room(r, caller.key, &room);
    if (rc != NGX_OK) {
        return rc;
    }

    return ngx_http_otter_room_look(r, &room, ngx_http_otter_room_seen);
}


static ngx_int_t
ngx_http_otter_room_look(ngx_http_request_t *r, ngx_str_t *room,
    ngx_http_otter_look_pt handler)
{
    ngx_str_t  *name;

    if (ngx_http_otter_room_zone(r) == NULL) {
        return ngx_http_otter_room_no_zone(r);
    }

    name = ngx_palloc(r->pool, sizeof(ngx_str_t));
    if (name == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    *name = *room;

    return ngx_http_otter_look(r, name, NULL, handler, name);
}


static ngx_int_t
ngx_http_otter_room_seen(ngx_http_request_t *r, void *data)
{
    return ngx_http_otter_room_answer(r, NGX_HTTP_OK, data);
}


ngx_int_t
ngx_http_otter_room_answer(ngx_http_request_t *r, ngx_uint_t status,
    ngx_str_t *room)
{
    ngx_int_t                   rc;
    ngx_str_t                   json, location;
    ngx_otter_zone_t           *zone;
    ngx_http_otter_srv_conf_t  *oscf;

    zone = ngx_http_otter_room_zone(r);
    if (zone == NULL) {
        return ngx_http_otter_room_no_zone(r);
    }

    rc = ngx_otter_room_json(zone, r->pool, room, 1, &json);

    if (rc == NGX_DECLINED) {
        return ngx_http_otter_room_not_found(r);
    }

    if (rc != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (status == NGX_HTTP_CREATED) {
        oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);

        location.data = ngx_pnalloc(r->pool, oscf->prefix.len
                                    + sizeof("rooms/") - 1 + room->len);
        if (location.data == NULL) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        location.len = ngx_sprintf(location.data, "%Vrooms/%V",
                                   &oscf->prefix, room)
                       - location.data;

        if (ngx_http_otter_header(r, "Location", &location) != NGX_OK) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }
    }

    return ngx_http_otter_json(r, status, &json);
}


static ngx_int_t
ngx_http_otter_room_close(ngx_http_request_t *r, ngx_str_t *room)
{
    ngx_int_t  rc;

    rc = ngx_http_otter_room_right(r, room);
    if (rc != NGX_OK) {
        return rc;
    }

    return ngx_http_otter_room_look(r, room, ngx_http_otter_room_closed);
}


static ngx_int_t
ngx_http_otter_room_closed(ngx_http_request_t *r, void *data)
{
    ngx_int_t  rc;

    rc = ngx_otter_room_close(ngx_http_otter_room_zone(r), data, "closed");

    if (rc == NGX_DECLINED) {
        return ngx_http_otter_room_not_found(r);
    }

    if (rc != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_otter_no_content(r);
}


/* may the caller change the room?  NGX_OK, or a problem has been sent */

ngx_int_t
ngx_http_otter_room_right(ngx_http_request_t *r, ngx_str_t *room)
{
    ngx_int_t                 rc;
    otter_claims_t           *claims;
    ngx_http_otter_caller_t   caller;

    rc = ngx_http_otter_need(r, &caller, NGX_HTTP_OTTER_NOBODY,
                             OTTER_SCOPE_ROOMS);
    if (rc != NGX_OK) {
        return rc;
    }

    if (!otter_room_name_valid(room->data, room->len)) {
        return ngx_http_otter_room_not_found(r);
    }

    if (caller.kind == NGX_HTTP_OTTER_API_KEY) {
        return ngx_http_otter_key_room(r, caller.key, room);
    }

    claims = &caller.claims;

    if (claims->role != OTTER_ROLE_MODERATOR
        || claims->room.len != room->len
        || ngx_memcmp(claims->room.data, room->data, room->len) != 0)
    {
        return ngx_http_otter_problem(r, NGX_HTTP_FORBIDDEN,
                                      "not-moderator",
                                      "this needs a moderator's token for "
                                      "that room, or an API key");
    }

    return NGX_OK;
}


/* NULL: there is none that could be used */

ngx_otter_zone_t *
ngx_http_otter_room_zone(ngx_http_request_t *r)
{
    ngx_http_otter_main_conf_t  *omcf;

    omcf = ngx_http_get_module_main_conf(r, ngx_http_otter_module);

    return omcf->zone->sh ? omcf->zone : NULL;
}


ngx_int_t
ngx_http_otter_room_no_zone(ngx_http_request_t *r)
{
    return ngx_http_otter_problem(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                                  "unavailable",
                                  "the shared memory is not there");
}


ngx_int_t
ngx_http_otter_room_not_found(ngx_http_request_t *r)
{
    return ngx_http_otter_problem(r, NGX_HTTP_NOT_FOUND, "room-not-found",
                                  "there is no such room");
}
