
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_websocket.h"


static ngx_int_t ngx_http_otter_echo_message(ngx_otter_socket_t *s,
    u_char *data, size_t len, ngx_uint_t opcode);
static void ngx_http_otter_echo_ended(ngx_otter_socket_t *s, ngx_uint_t code,
    ngx_uint_t by_peer);
static void ngx_http_otter_echo_acknowledged(ngx_otter_socket_t *s,
    uint64_t mark);


static const ngx_otter_socket_handlers_t  ngx_http_otter_echo_handlers = {
    ngx_http_otter_echo_message,
    NULL,
    ngx_http_otter_echo_ended,
    ngx_http_otter_echo_acknowledged,
    NULL,
    ngx_http_otter_websocket_done
};


/* the diagnostic socket: what comes goes back, by the engine of signaling */

ngx_int_t
ngx_http_otter_echo_handler(ngx_http_request_t *r)
{
    ngx_int_t                 rc;
    otter_span_t              token;
    otter_token_rc_t          trc;
    ngx_http_otter_ws_t      *ws;
    ngx_http_otter_caller_t   caller;

    rc = ngx_http_otter_handshake(r, &ws);
    if (rc != NGX_OK) {
        return rc;
    }

    if (ws->bearer.data) {
        token.data = ws->bearer.data;
        token.len = ws->bearer.len;

        trc = ngx_http_otter_verify(r, &token, &caller.claims);

        if (trc != OTTER_TOKEN_OK) {
            return ngx_http_otter_problem(r, NGX_HTTP_UNAUTHORIZED,
                                          otter_token_code(trc),
                                          otter_token_detail(trc));
        }

    } else {
        rc = ngx_http_otter_need(r, &caller, NGX_HTTP_OTTER_NOBODY,
                                 OTTER_SCOPE_ALL);
        if (rc != NGX_OK) {
            return rc;
        }
    }

    if (ngx_http_otter_upgrade(ws, &ngx_http_otter_echo_handlers) == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_otter_take_over(ws);
}


static ngx_int_t
ngx_http_otter_echo_message(ngx_otter_socket_t *s, u_char *data, size_t len,
    ngx_uint_t opcode)
{
    otter_span_t       part;
    ngx_otter_body_t  *body;

    part.data = data;
    part.len = len;

    body = ngx_otter_body_create(&part, 1);

    if (body == NULL) {
        ngx_otter_socket_end(s, NGX_OTTER_CLOSE_INTERNAL);
        return NGX_OK;
    }

    ngx_otter_socket_send(s, opcode, 0, body);
    ngx_otter_body_free(body);

    return NGX_OK;
}


static void
ngx_http_otter_echo_ended(ngx_otter_socket_t *s, ngx_uint_t code,
    ngx_uint_t by_peer)
{
    /* nobody waits to be told */
}


static void
ngx_http_otter_echo_acknowledged(ngx_otter_socket_t *s, uint64_t mark)
{
    /* nothing is kept */
}
