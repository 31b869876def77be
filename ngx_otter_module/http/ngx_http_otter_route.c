
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_module.h"


typedef struct {
    ngx_str_t                  path;
    ngx_uint_t                 methods;
    const char                *allow;
    ngx_http_otter_handler_pt  handler;
} ngx_http_otter_route_t;


static ngx_int_t ngx_http_otter_dispatch(ngx_http_request_t *r);
static ngx_http_otter_route_t *ngx_http_otter_find_route(
    ngx_http_request_t *r);
static ngx_http_otter_route_t *ngx_http_otter_find_room_route(
    ngx_str_t *path);


enum {
    NGX_HTTP_OTTER_READ = NGX_HTTP_GET|NGX_HTTP_HEAD
};


static ngx_http_otter_route_t  ngx_http_otter_routes[] = {

    { ngx_string("ws"), NGX_HTTP_GET, "GET",
      ngx_http_otter_websocket_handler },

    { ngx_string("echo"), NGX_HTTP_GET, "GET",
      ngx_http_otter_echo_handler },

    { ngx_string("token"), NGX_HTTP_POST, "POST",
      ngx_http_otter_token_handler },

    { ngx_string("session"), NGX_HTTP_OTTER_READ, "GET, HEAD",
      ngx_http_otter_session_handler },

    { ngx_string("ice-servers"), NGX_HTTP_OTTER_READ, "GET, HEAD",
      ngx_http_otter_ice_servers_handler },

    { ngx_string("turn"), NGX_HTTP_OTTER_READ, "GET, HEAD",
      ngx_http_otter_turn_handler },

    { ngx_string("rooms"), NGX_HTTP_OTTER_READ|NGX_HTTP_POST,
      "GET, HEAD, POST",
      ngx_http_otter_rooms_handler },

    { ngx_string("health"), NGX_HTTP_OTTER_READ, "GET, HEAD",
      ngx_http_otter_health_handler },

    { ngx_string("status"), NGX_HTTP_OTTER_READ, "GET, HEAD",
      ngx_http_otter_admin_status_handler },

    { ngx_string("jwks.json"), NGX_HTTP_OTTER_READ, "GET, HEAD",
      ngx_http_otter_jwks_handler },

    { ngx_null_string, 0, NULL, NULL }
};


/* paths that the table cannot name */

static ngx_http_otter_route_t  ngx_http_otter_room_route = {
    ngx_string("rooms/"),
    NGX_HTTP_OTTER_READ|NGX_HTTP_PATCH|NGX_HTTP_DELETE,
    "GET, HEAD, PATCH, DELETE",
    ngx_http_otter_room_handler
};

static ngx_http_otter_route_t  ngx_http_otter_room_peer_route = {
    ngx_string("/peers/"), NGX_HTTP_DELETE, "DELETE",
    ngx_http_otter_room_peer_handler
};

static ngx_http_otter_route_t  ngx_http_otter_room_messages_route = {
    ngx_string("/messages"), NGX_HTTP_POST, "POST",
    ngx_http_otter_room_messages_handler
};

static ngx_http_otter_route_t  ngx_http_otter_page_route = {
    ngx_null_string, NGX_HTTP_OTTER_READ, "GET, HEAD",
    ngx_http_otter_page_handler
};


ngx_int_t
ngx_http_otter_handler(ngx_http_request_t *r)
{
    return ngx_http_otter_read_first(r, ngx_http_otter_dispatch);
}


static ngx_int_t
ngx_http_otter_dispatch(ngx_http_request_t *r)
{
    ngx_str_t                origin;
    ngx_http_otter_route_t  *route;

    route = ngx_http_otter_find_route(r);

    if (route == NULL) {
        return ngx_http_otter_problem(r, NGX_HTTP_NOT_FOUND, "not-found",
                                      "nothing lies at this path");
    }

    if (r->method & route->methods) {
        return ngx_http_otter_hold(r, route->handler);
    }

    if (r->method == NGX_HTTP_OPTIONS
        && ngx_http_otter_header_in(r, "access-control-request-method", 0,
                                    &origin)
           == NGX_OK
        && ngx_http_otter_header_in(r, "origin", 0, &origin) == NGX_OK
        && ngx_http_otter_origin(r) == NGX_OK)
    {
        return ngx_http_otter_preflight(r, route->allow);
    }

    return ngx_http_otter_not_allowed(r, route->allow);
}


void
ngx_http_otter_path(ngx_http_request_t *r, ngx_str_t *path)
{
    ngx_http_otter_srv_conf_t  *oscf;

    oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);

    /* a rewrite of the site may have led here with another path */

    if (r->uri.len < oscf->prefix.len
        || ngx_strncmp(r->uri.data, oscf->prefix.data, oscf->prefix.len) != 0)
    {
        *path = r->uri;
        return;
    }

    path->data = r->uri.data + oscf->prefix.len;
    path->len = r->uri.len - oscf->prefix.len;
}


static ngx_http_otter_route_t *
ngx_http_otter_find_route(ngx_http_request_t *r)
{
    size_t                      len;
    ngx_str_t                   path;
    ngx_http_otter_route_t     *route;
    ngx_http_otter_srv_conf_t  *oscf;

    oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);

    ngx_http_otter_path(r, &path);

    for (route = ngx_http_otter_routes; route->handler; route++) {
        if (route->path.len == path.len
            && ngx_memcmp(route->path.data, path.data, path.len) == 0)
        {
            return (route->handler == ngx_http_otter_echo_handler
                    && !oscf->echo) ? NULL : route;
        }
    }

    len = ngx_http_otter_room_route.path.len;

    if (path.len > len
        && ngx_memcmp(path.data, ngx_http_otter_room_route.path.data, len)
           == 0)
    {
        path.data += len;
        path.len -= len;

        return ngx_http_otter_find_room_route(&path);
    }

    if (oscf->web_root.len && ngx_http_otter_page_known(&path)) {
        return &ngx_http_otter_page_route;
    }

    return NULL;
}


/* {room}, {room}/peers/{peer} or {room}/messages */

static ngx_http_otter_route_t *
ngx_http_otter_find_room_route(ngx_str_t *path)
{
    u_char     *p, *last;
    ngx_str_t  *name;

    last = path->data + path->len;
    p = ngx_strlchr(path->data, last, '/');

    if (p == NULL) {
        return &ngx_http_otter_room_route;
    }

    if (p == path->data) {
        return NULL;
    }

    name = &ngx_http_otter_room_messages_route.path;

    if ((size_t) (last - p) == name->len
        && ngx_memcmp(p, name->data, name->len) == 0)
    {
        return &ngx_http_otter_room_messages_route;
    }

    name = &ngx_http_otter_room_peer_route.path;

    if ((size_t) (last - p) > name->len
        && ngx_memcmp(p, name->data, name->len) == 0
        && ngx_strlchr(p + name->len, last, '/') == NULL)
    {
        return &ngx_http_otter_room_peer_route;
    }

    return NULL;
}
