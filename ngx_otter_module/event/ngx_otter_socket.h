
/*
 * Copyright (C) Otter contributors
 */

/*
 * The WebSocket of one peer (RFC 6455): messages in, frames out, pings, the
 * closing handshake and the limits.  It takes over a connection after the
 * handshake, of which it knows nothing.
 */


#ifndef NGX_OTTER_SOCKET_H_INCLUDED
#define NGX_OTTER_SOCKET_H_INCLUDED


#include "ngx_otter_output.h"


enum {
    NGX_OTTER_CLOSE_NORMAL = 1000,
    NGX_OTTER_CLOSE_GOING_AWAY = 1001,
    NGX_OTTER_CLOSE_UNSUPPORTED = 1003,
    NGX_OTTER_CLOSE_NO_STATUS = 1005,
    NGX_OTTER_CLOSE_ABNORMAL = 1006,
    NGX_OTTER_CLOSE_BAD_DATA = 1007,
    NGX_OTTER_CLOSE_TOO_BIG = 1009,
    NGX_OTTER_CLOSE_INTERNAL = 1011,
    NGX_OTTER_CLOSE_RESTART = 1012,
    NGX_OTTER_CLOSE_TOKEN_EXPIRED = 4401,
    NGX_OTTER_CLOSE_KICKED = 4403,
    NGX_OTTER_CLOSE_ROOM_CLOSED = 4404,
    NGX_OTTER_CLOSE_PONG_TIMEOUT = 4408,
    NGX_OTTER_CLOSE_REPLACED = 4409,
    NGX_OTTER_CLOSE_TOO_SLOW = 4413,
    NGX_OTTER_CLOSE_TOO_FAST = 4429,
    NGX_OTTER_CLOSE_BUS_LOST = 4503
};

typedef struct {
    otter_frame_limits_t          frame;
    size_t                        send_buffer;
    ngx_uint_t                    message_rate;    /* a second */
    ngx_msec_t                    ping_interval;   /* 0: no pings */
    ngx_msec_t                    ping_timeout;
} ngx_otter_socket_conf_t;

typedef struct ngx_otter_socket_s  ngx_otter_socket_t;
typedef struct ngx_otter_stall_s  ngx_otter_stall_t;

typedef struct {

    /*
     * A whole message; data may be changed and is gone on return.  NGX_OK, or
     * NGX_AGAIN: it can't be taken now, and data is as it was.  Then nothing
     * is read until it is; when it has waited for long, "patient" is not set.
     */

    ngx_int_t                   (*message)(ngx_otter_socket_t *s,
                                    u_char *data, size_t len,
                                    ngx_uint_t opcode);

    /* would it be taken now?  NULL where NGX_AGAIN is never returned */

    ngx_uint_t                  (*ready)(ngx_otter_socket_t *s);

    /*
     * The socket ends, of its own accord or the peer's (by_peer): called
     * once, while a last message can still be queued.  Not called when
     * ngx_otter_socket_close() was.
     */

    void                        (*ended)(ngx_otter_socket_t *s,
                                    ngx_uint_t code, ngx_uint_t by_peer);

    /* a pong came: the peer has all that was sent up to mark */

    void                        (*acknowledged)(ngx_otter_socket_t *s,
                                    uint64_t mark);

    /* the time in "renew" has come; it may be set anew */

    void                        (*renew)(ngx_otter_socket_t *s);

    /* the connection may be closed, and the socket destroyed */

    void                        (*done)(ngx_otter_socket_t *s);
} ngx_otter_socket_handlers_t;

typedef enum {
    NGX_OTTER_SOCKET_OPEN = 0,
    NGX_OTTER_SOCKET_CLOSING,          /* Close is sent, waits for the peer's */
    NGX_OTTER_SOCKET_CLOSED            /* waits for the last bytes to go out */
} ngx_otter_socket_state_e;

struct ngx_otter_socket_s {
    ngx_connection_t                   *connection;
    const ngx_otter_socket_conf_t      *conf;
    const ngx_otter_socket_handlers_t  *handlers;
    void                               *data;      /* of the handlers */
    void                               *request;   /* of who took over */

    ngx_queue_t                         queue;     /* of all of the worker */
    ngx_queue_t                         dirty;     /* frames were queued */
    ngx_otter_queue_t                   out;

    u_char                             *message;   /* gathered so far */
    size_t                              message_len;
    size_t                              message_size;
    ngx_otter_stall_t                  *stall;     /* it is not read now */

    ngx_msec_t                          pinged;    /* when, or opened */
    ngx_msec_t                          deadline;  /* of closing */
    time_t                              expires;   /* 0: never; 4401 */
    time_t                              renew;     /* 0: never */
    uint64_t                            mark;      /* the last one sent */
    uint64_t                            ping_mark; /* in the ping */

    ngx_msec_t                          credited;  /* when */
    uint64_t                            credit;    /* thousandths */

    uint64_t                            messages_in;
    uint64_t                            messages_out;
    uint16_t                            close_code;
    uint8_t                             state;     /* ..._state_e */
    uint8_t                             window;    /* of what is compressed,
                                                      bits; 0: nothing is */
    unsigned                            is_dirty:1;
    unsigned                            is_late:1; /* dirty, but in no haste */
    unsigned                            ended:1;
    unsigned                            done:1;
    unsigned                            waiting:1; /* for a pong */
    unsigned                            overflow:1;
    unsigned                            shut:1;    /* FIN is sent */
    unsigned                            patient:1; /* a message may wait */
    otter_frame_parser_t                parser;
};


void ngx_otter_socket_init_worker(ngx_cycle_t *cycle);

ngx_otter_socket_t *ngx_otter_socket_create(ngx_connection_t *c,
    const ngx_otter_socket_conf_t *conf,
    const ngx_otter_socket_handlers_t *handlers);
void ngx_otter_socket_destroy(ngx_otter_socket_t *s);

/* the connection's events; "early" came together with the handshake */

void ngx_otter_socket_start(ngx_otter_socket_t *s, u_char *early, size_t len);
void ngx_otter_socket_read(ngx_otter_socket_t *s);
void ngx_otter_socket_write(ngx_otter_socket_t *s);

/*
 * Queues a frame as ngx_otter_queue_add() does; it goes out at the end of
 * this turn of the loop.  Where more than the send buffer waits already, the
 * socket ends with 4413 instead, a little later.  Never calls a handler.
 */

void ngx_otter_socket_send(ngx_otter_socket_t *s, ngx_uint_t opcode,
    uint64_t seq, ngx_otter_body_t *body);

/* starts the closing handshake; never calls a handler before it returns */

void ngx_otter_socket_close(ngx_otter_socket_t *s, ngx_uint_t code);

/* as if the socket ended by itself */

void ngx_otter_socket_end(ngx_otter_socket_t *s, ngx_uint_t code);

/* sets off the timer anew after expires was changed */

void ngx_otter_socket_schedule(ngx_otter_socket_t *s);

/*
 * The worker leaves: up to n sockets that are open end with 1012; returns
 * how many others there still are.
 */

ngx_uint_t ngx_otter_socket_restart(ngx_uint_t n);
ngx_uint_t ngx_otter_socket_count(void);

/* what "renew" does is due for all who have it, within so many seconds */

void ngx_otter_socket_renew_all(ngx_uint_t seconds);


/* ngx_otter_socket_in.c: what the peer sends */

void ngx_otter_socket_input(ngx_otter_socket_t *s, u_char *pos, size_t len);

/* what was read and counted before */

void ngx_otter_socket_parse(ngx_otter_socket_t *s, u_char *pos, size_t len);

/* the message gathered so far */

void ngx_otter_socket_forget(ngx_otter_socket_t *s);


/* ngx_otter_socket.c, for others of this: a control frame, and the end */

enum {
    NGX_OTTER_CLOSE_TIMEOUT = 5000     /* for the peer's part in it */
};

void ngx_otter_socket_control(ngx_otter_socket_t *s, ngx_uint_t opcode,
    const u_char *data, size_t len);
void ngx_otter_socket_finish(ngx_otter_socket_t *s);

/* writes what the connection takes of what is queued */

void ngx_otter_socket_flush(ngx_otter_socket_t *s);


#endif /* NGX_OTTER_SOCKET_H_INCLUDED */
