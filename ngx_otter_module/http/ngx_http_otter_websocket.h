
/*
 * Copyright (C) Otter contributors
 */


#ifndef NGX_HTTP_OTTER_WEBSOCKET_H_INCLUDED
#define NGX_HTTP_OTTER_WEBSOCKET_H_INCLUDED


#include "ngx_http_otter_module.h"
#include "ngx_otter_session.h"
#include "otter_deflate.h"


/*
 * What stays of a request while its WebSocket is open: "request" of the
 * socket.  The request itself, with headers, buffers and variables, takes
 * more memory than all the rest of an idle session.  So it is put away: what
 * the log wants to know at the end is kept as text, and a request is made of
 * that.
 */

typedef struct {
    ngx_http_request_t    *request;            /* NULL: put away */
    ngx_connection_t      *connection;
    ngx_otter_socket_t    *socket;
    void                  *rest;               /* of what is put away */
    void                 **main_conf;
    void                 **srv_conf;
    void                 **loc_conf;
    ngx_event_t           *begin;              /* posted; or NULL */
    ngx_queue_t            queue;              /* of those that are done */
    ngx_str_t              room;               /* their text lies behind */
    ngx_str_t              identity;
    ngx_str_t              peer;
    ngx_str_t              key;                /* that the token is of */
    ngx_otter_zone_t      *zone;
    unsigned               guest:1;
    unsigned               moderator:1;
    unsigned               is_done:1;          /* in the queue */
} ngx_http_otter_open_t;

/* a request that is, or is about to be, a WebSocket */

#define NGX_HTTP_OTTER_BEARER  "otter.bearer."   /* and the token */


typedef struct {
    ngx_http_request_t    *request;
    ngx_http_otter_ctx_t  *ctx;
    ngx_http_otter_open_t *open;
    ngx_otter_join_t       join;
    ngx_str_t              key;                /* Sec-WebSocket-Key */
    ngx_uint_t             protocol;           /* otter.v1 was offered */
    otter_deflate_t        deflate;            /* window_bits 0: none */
    ngx_str_t              bearer;             /* of otter.bearer.<jwt> */
    ngx_event_t            event;              /* tries again, or finishes */
} ngx_http_otter_ws_t;


/*
 * The opening handshake (RFC 6455, section 4.2).  NGX_OK with *wsp set, or
 * the answer of ngx_http_otter_problem().
 */

ngx_int_t ngx_http_otter_handshake(ngx_http_request_t *r,
    ngx_http_otter_ws_t **wsp);

/* the next one of a header's list; 0: there is none, the list is used up */

ngx_uint_t ngx_http_otter_handshake_next(ngx_str_t *list, ngx_str_t *item);

/*
 * ngx_http_otter_takeover.c.
 *
 * Makes the connection a WebSocket: the 101 is queued as its first bytes.
 * NULL: no memory.
 */

ngx_otter_socket_t *ngx_http_otter_upgrade(ngx_http_otter_ws_t *ws,
    const ngx_otter_socket_handlers_t *handlers);

/* takes the connection's events over; then NGX_DONE is to be returned */

ngx_int_t ngx_http_otter_take_over(ngx_http_otter_ws_t *ws);

/* sets the connection's events and data, for it is put away or made anew */

void ngx_http_otter_open_handlers(ngx_http_otter_open_t *open);

/* cleanups of a request, by which it is seen that they are Otter's own */

void ngx_http_otter_websocket_cleanup(void *data);
void ngx_http_otter_websocket_give_up(void *data);

/* the configuration that the request had */

ngx_http_otter_srv_conf_t *ngx_http_otter_open_conf(
    ngx_http_otter_open_t *open);


/*
 * ngx_http_otter_rest.c.
 *
 * Puts the request away, unless another module still needs it; then, as when
 * there is no memory, it stays.  The caller's connection events must not look
 * at the request any more.
 */

void ngx_http_otter_rest(ngx_http_otter_open_t *open);

/*
 * The request, made anew if it was put away, so that its variables can be
 * asked for; to be put away again.  NULL: no memory.
 */

ngx_http_request_t *ngx_http_otter_wake(ngx_http_otter_open_t *open);

/* "done" of the handlers */

void ngx_http_otter_websocket_done(ngx_otter_socket_t *s);


#endif /* NGX_HTTP_OTTER_WEBSOCKET_H_INCLUDED */
