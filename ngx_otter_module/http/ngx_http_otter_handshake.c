
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_websocket.h"


enum {
    NGX_HTTP_OTTER_KEY_LEN = 24,       /* base64 of 16 bytes */
    NGX_HTTP_OTTER_PROTOCOLS_MAX = 16
};


static ngx_int_t ngx_http_otter_handshake_check(ngx_http_request_t *r,
    ngx_http_otter_ws_t *ws);
static ngx_int_t ngx_http_otter_handshake_refuse(ngx_http_request_t *r,
    const char *detail);
static ngx_uint_t ngx_http_otter_handshake_listed(ngx_http_request_t *r,
    const char *name, const char *token);
static ngx_int_t ngx_http_otter_handshake_key(ngx_http_request_t *r,
    ngx_http_otter_ws_t *ws);
static ngx_int_t ngx_http_otter_handshake_protocols(ngx_http_request_t *r,
    ngx_http_otter_ws_t *ws);
static ngx_int_t ngx_http_otter_handshake_extensions(ngx_http_request_t *r,
    ngx_http_otter_ws_t *ws);


ngx_int_t
ngx_http_otter_handshake(ngx_http_request_t *r, ngx_http_otter_ws_t **wsp)
{
    ngx_int_t             rc;
    ngx_str_t             value;
    ngx_http_otter_ws_t  *ws;

    /* "auth_request" or "mirror": the connection is that of another request */

    if (r != r->main) {
        return ngx_http_otter_handshake_refuse(r,
                                      "a subrequest is no WebSocket");
    }

    rc = ngx_http_discard_request_body(r);
    if (rc != NGX_OK) {
        return rc;
    }

    ws = ngx_pcalloc(r->pool, sizeof(ngx_http_otter_ws_t));
    if (ws == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ws->request = r;
    ws->ctx = ngx_http_otter_get_ctx(r);
    if (ws->ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_otter_handshake_check(r, ws);
    if (rc != NGX_OK) {
        return rc;
    }

    if (ngx_http_otter_origin(r) != NGX_OK) {
        return ngx_http_otter_problem(r, NGX_HTTP_FORBIDDEN,
                                      "origin-not-allowed",
                                      "pages of that origin may not call; "
                                      "see otter_allowed_origins");
    }

    /* RFC 6750, section 2.3: a URL ends up in logs and histories */

    if (ngx_http_arg(r, (u_char *) "token", 5, &value) == NGX_OK) {
        return ngx_http_otter_problem(r, NGX_HTTP_UNAUTHORIZED,
                                      "token-in-url",
                                      "a token in the URL is not taken: "
                                      "offer it as a subprotocol, "
                                      "\"otter.bearer.<token>\"");
    }

    if (ngx_exiting) {

        if (ngx_http_otter_header_set(r, "Retry-After", "1") != NGX_OK) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        return ngx_http_otter_problem(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                                      "restarting",
                                      "this worker is leaving: try again");
    }

    *wsp = ws;

    return NGX_OK;
}


static ngx_int_t
ngx_http_otter_handshake_check(ngx_http_request_t *r, ngx_http_otter_ws_t *ws)
{
    ngx_str_t  value;

    if (r->http_version != NGX_HTTP_VERSION_11) {
        return ngx_http_otter_handshake_refuse(r,
                                      "a WebSocket needs HTTP/1.1 here");
    }

    if (ngx_http_otter_header_in(r, "host", 1, &value) == NGX_OK) {
        return ngx_http_otter_problem(r, NGX_HTTP_BAD_REQUEST,
                                      "bad-handshake",
                                      "there is more than one Host");
    }

    if (!ngx_http_otter_handshake_listed(r, "upgrade", "websocket")
        || !ngx_http_otter_handshake_listed(r, "connection", "upgrade"))
    {
        return ngx_http_otter_handshake_refuse(r,
                                      "this is a WebSocket (RFC 6455)");
    }

    if (ngx_http_otter_header_in(r, "sec-websocket-version", 0, &value)
        != NGX_OK
        || value.len != 2 || ngx_strncmp(value.data, "13", 2) != 0
        || ngx_http_otter_header_in(r, "sec-websocket-version", 1, &value)
           == NGX_OK)
    {
        return ngx_http_otter_handshake_refuse(r,
                                      "Sec-WebSocket-Version must be 13");
    }

    if (ngx_http_otter_handshake_key(r, ws) != NGX_OK) {
        return ngx_http_otter_problem(r, NGX_HTTP_BAD_REQUEST,
                                      "bad-handshake",
                                      "Sec-WebSocket-Key must be the base64 "
                                      "of 16 bytes");
    }

    if (ngx_http_otter_handshake_extensions(r, ws) != NGX_OK) {
        return ngx_http_otter_problem(r, NGX_HTTP_BAD_REQUEST,
                                      "bad-handshake",
                                      "Sec-WebSocket-Extensions is no list "
                                      "of extensions");
    }

    return ngx_http_otter_handshake_protocols(r, ws);
}


/* 426 tells what to upgrade to: RFC 9110, 15.5.22; RFC 6455, 4.4 */

static ngx_int_t
ngx_http_otter_handshake_refuse(ngx_http_request_t *r, const char *detail)
{
    /* HTTP/2 knows no Upgrade (RFC 9113, section 8.2.2) */

    if (r->http_version < NGX_HTTP_VERSION_20
        && ngx_http_otter_header_set(r, "Upgrade", "websocket") != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ngx_http_otter_header_set(r, "Sec-WebSocket-Version", "13")
        != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_otter_problem(r, 426, "upgrade-required", detail);
}


static ngx_uint_t
ngx_http_otter_handshake_listed(ngx_http_request_t *r, const char *name,
    const char *token)
{
    size_t      len;
    ngx_str_t   list, item;
    ngx_uint_t  n;

    len = ngx_strlen(token);

    for (n = 0; ngx_http_otter_header_in(r, name, n, &list) == NGX_OK; n++) {

        while (ngx_http_otter_handshake_next(&list, &item)) {

            if (item.len == len
                && ngx_strncasecmp(item.data, (u_char *) token, len) == 0)
            {
                return 1;
            }
        }
    }

    return 0;
}


/* the next of a list with commas: RFC 9110, section 5.6.1 */

ngx_uint_t
ngx_http_otter_handshake_next(ngx_str_t *list, ngx_str_t *item)
{
    u_char  *p, *last, *end;

    p = list->data;
    end = list->data + list->len;

    while (p < end && (*p == ' ' || *p == '\t' || *p == ',')) {
        p++;
    }

    if (p == end) {
        return 0;
    }

    item->data = p;

    while (p < end && *p != ',') {
        p++;
    }

    list->len = end - p;
    list->data = p;

    for (last = p; last[-1] == ' ' || last[-1] == '\t'; last--) {
        /* void */
    }

    item->len = last - item->data;

    return 1;
}


static ngx_int_t
ngx_http_otter_handshake_key(ngx_http_request_t *r, ngx_http_otter_ws_t *ws)
{
    u_char     buffer[NGX_HTTP_OTTER_KEY_LEN];
    ngx_str_t  decoded, second;

    if (ngx_http_otter_header_in(r, "sec-websocket-key", 0, &ws->key)
        != NGX_OK
        || ngx_http_otter_header_in(r, "sec-websocket-key", 1, &second)
           == NGX_OK
        || ws->key.len != NGX_HTTP_OTTER_KEY_LEN)
    {
        return NGX_DECLINED;
    }

    decoded.data = buffer;

    if (ngx_decode_base64(&decoded, &ws->key) != NGX_OK
        || decoded.len != 16)
    {
        return NGX_DECLINED;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_otter_handshake_protocols(ngx_http_request_t *r,
    ngx_http_otter_ws_t *ws)
{
    ngx_str_t   list, item;
    ngx_uint_t  n, items;

    static const char  bearer[] = NGX_HTTP_OTTER_BEARER;

    items = 0;

    for (n = 0;
         ngx_http_otter_header_in(r, "sec-websocket-protocol", n, &list)
         == NGX_OK;
         n++)
    {
        while (ngx_http_otter_handshake_next(&list, &item)) {

            if (++items > NGX_HTTP_OTTER_PROTOCOLS_MAX) {
                return ngx_http_otter_problem(r, NGX_HTTP_BAD_REQUEST,
                                              "bad-handshake",
                                              "too many subprotocols");
            }

            if (item.len == sizeof("otter.v1") - 1
                && ngx_strncmp(item.data, "otter.v1", item.len) == 0)
            {
                ws->protocol = 1;

            } else if (item.len >= sizeof(bearer) - 1
                       && ngx_strncmp(item.data, bearer, sizeof(bearer) - 1)
                          == 0)
            {
                if (ws->bearer.data) {
                    return ngx_http_otter_problem(r, NGX_HTTP_BAD_REQUEST,
                                                  "bad-handshake",
                                                  "there are two tokens");
                }

                ws->bearer.data = item.data + sizeof(bearer) - 1;
                ws->bearer.len = item.len - (sizeof(bearer) - 1);
            }
        }
    }

    return NGX_OK;
}


/* RFC 7692, section 5: the first offer that can be accepted */

static ngx_int_t
ngx_http_otter_handshake_extensions(ngx_http_request_t *r,
    ngx_http_otter_ws_t *ws)
{
    ngx_str_t                   value;
    ngx_uint_t                  n;
    otter_deflate_t             deflate;
    otter_deflate_rc_t          rc;
    ngx_http_otter_srv_conf_t  *oscf;

    oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);

    if (!oscf->deflate) {
        return NGX_OK;
    }

    for (n = 0;
         ngx_http_otter_header_in(r, "sec-websocket-extensions", n, &value)
         == NGX_OK;
         n++)
    {
        rc = otter_deflate_offer(value.data, value.len, &deflate);

        if (rc == OTTER_DEFLATE_MALFORMED) {
            return NGX_DECLINED;
        }

        if (rc == OTTER_DEFLATE_ACCEPTED && ws->deflate.window_bits == 0) {
            ws->deflate = deflate;
        }
    }

    return NGX_OK;
}
