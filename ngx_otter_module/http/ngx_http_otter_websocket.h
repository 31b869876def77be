
/*
 * Copyright (C) Otter contributors
 */


#ifndef NGX_HTTP_OTTER_WEBSOCKET_H_INCLUDED
#define NGX_HTTP_OTTER_WEBSOCKET_H_INCLUDED


#include "ngx_http_otter_module.h"
#include "ngx_otter_session.h"


/* a request that is, or is about to be, a WebSocket */

typedef struct {
    ngx_http_request_t    *request;
    ngx_http_otter_ctx_t  *ctx;
    ngx_otter_socket_t    *socket;
    ngx_otter_join_t       join;
    ngx_str_t              key;                /* Sec-WebSocket-Key */
    ngx_uint_t             protocol;           /* otter.v1 was offered */
    ngx_str_t              bearer;             /* of otter.bearer.<jwt> */
    ngx_event_t            event;              /* tries again, or finishes */
} ngx_http_otter_ws_t;


/*
 * The opening handshake (RFC 6455, section 4.2).  NGX_OK with *wsp set, or
 * the answer of ngx_http_otter_problem().
 */

ngx_int_t ngx_http_otter_handshake(ngx_http_request_t *r,
    ngx_http_otter_ws_t **wsp);

/*
 * Makes the connection a WebSocket: the 101 is queued as its first bytes.
 * NULL: no memory.
 */

ngx_otter_socket_t *ngx_http_otter_upgrade(ngx_http_otter_ws_t *ws,
    const ngx_otter_socket_handlers_t *handlers);

/* takes the connection's events over; then NGX_DONE is to be returned */

ngx_int_t ngx_http_otter_take_over(ngx_http_otter_ws_t *ws);

/* "done" of the handlers */

void ngx_http_otter_websocket_done(ngx_otter_socket_t *s);


#endif /* NGX_HTTP_OTTER_WEBSOCKET_H_INCLUDED */
