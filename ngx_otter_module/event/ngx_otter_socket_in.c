
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_socket.h"
#include "ngx_otter_deflate.h"
#include "ngx_otter_stats.h"
#include "ngx_otter_stall.h"


enum {
    NGX_OTTER_MESSAGE_MIN = 1024
};


static void ngx_otter_socket_piece(ngx_otter_socket_t *s,
    otter_frame_piece_t *piece);
static void ngx_otter_socket_data(ngx_otter_socket_t *s,
    otter_frame_piece_t *piece);
static void ngx_otter_socket_whole(ngx_otter_socket_t *s, u_char *data,
    size_t len, otter_frame_piece_t *piece);
static void ngx_otter_socket_inflate(ngx_otter_socket_t *s, u_char *data,
    size_t len, ngx_uint_t opcode);
static void ngx_otter_socket_take(ngx_otter_socket_t *s, u_char *data,
    size_t len, ngx_uint_t opcode);
static ngx_int_t ngx_otter_socket_gather(ngx_otter_socket_t *s, u_char *data,
    size_t len);
static void ngx_otter_socket_closed(ngx_otter_socket_t *s,
    otter_frame_piece_t *piece);
static void ngx_otter_socket_pong(ngx_otter_socket_t *s,
    otter_frame_piece_t *piece);
static ngx_uint_t ngx_otter_socket_taken(ngx_otter_socket_t *s);


void
ngx_otter_socket_input(ngx_otter_socket_t *s, u_char *pos, size_t len)
{
    ngx_otter_stats->bytes_in += len;
    ngx_otter_stats_read(len);

    ngx_otter_socket_parse(s, pos, len);
}


void
ngx_otter_socket_parse(ngx_otter_socket_t *s, u_char *pos, size_t len)
{
    u_char               *last;
    otter_frame_rc_t      rc;
    otter_frame_piece_t   piece;

    last = pos + len;

    while (s->state != NGX_OTTER_SOCKET_CLOSED) {

        rc = otter_frame_next(&s->parser, &s->conf->frame, &pos, last,
                              &piece);

        if (rc == OTTER_FRAME_MORE) {
            return;
        }

        if (rc == OTTER_FRAME_ERROR) {

            /*
             * What still comes is thrown away, for closing over unread bytes
             * would reset the connection and take the Close frame along.
             */

            ngx_otter_socket_end(s, s->parser.error);
            return;
        }

        ngx_otter_socket_piece(s, &piece);

        if (s->stall) {
            ngx_otter_stall_rest(s, pos, last - pos);
            return;
        }
    }
}


static void
ngx_otter_socket_piece(ngx_otter_socket_t *s, otter_frame_piece_t *piece)
{
    if (piece->opcode == OTTER_FRAME_CLOSE) {
        ngx_otter_socket_closed(s, piece);
        return;
    }

    if (s->state != NGX_OTTER_SOCKET_OPEN) {
        return;
    }

    switch (piece->opcode) {

    case OTTER_FRAME_PING:

        if (ngx_otter_socket_taken(s)) {
            ngx_otter_socket_control(s, OTTER_FRAME_PONG, piece->data,
                                     piece->len);
        }

        return;

    case OTTER_FRAME_PONG:

        if (ngx_otter_socket_taken(s)) {
            ngx_otter_socket_pong(s, piece);
        }

        return;

    default:
        ngx_otter_socket_data(s, piece);
    }
}


static void
ngx_otter_socket_data(ngx_otter_socket_t *s, otter_frame_piece_t *piece)
{
    if (piece->first && !ngx_otter_socket_taken(s)) {
        return;
    }

    if (piece->first && piece->last) {

        /* the usual case: nothing was copied */

        ngx_otter_socket_whole(s, piece->data, piece->len, piece);
        return;
    }

    if (ngx_otter_socket_gather(s, piece->data, piece->len) != NGX_OK) {
        ngx_otter_socket_end(s, NGX_OTTER_CLOSE_INTERNAL);
        return;
    }

    if (piece->last) {
        ngx_otter_socket_whole(s, s->message, s->message_len, piece);
        ngx_otter_socket_forget(s);
    }
}


static void
ngx_otter_socket_whole(ngx_otter_socket_t *s, u_char *data, size_t len,
    otter_frame_piece_t *piece)
{
    s->messages_in++;
    ngx_otter_stats_message();

    if (piece->compressed) {
        ngx_otter_socket_inflate(s, data, len, piece->opcode);
        return;
    }

    ngx_otter_socket_take(s, data, len, piece->opcode);
}


static void
ngx_otter_socket_inflate(ngx_otter_socket_t *s, u_char *data, size_t len,
    ngx_uint_t opcode)
{
    ngx_str_t  message;

    switch (ngx_otter_inflate(data, len, s->conf->frame.max_message,
                              &message))
    {
    case NGX_OK:
        break;

    case NGX_BUSY:
        ngx_otter_socket_end(s, NGX_OTTER_CLOSE_TOO_BIG);
        return;

    case NGX_DECLINED:
        ngx_otter_socket_end(s, NGX_OTTER_CLOSE_BAD_DATA);
        return;

    default:
        ngx_otter_socket_end(s, NGX_OTTER_CLOSE_INTERNAL);
        return;
    }

    if (opcode == OTTER_FRAME_TEXT
        && !otter_utf8_valid(message.data, message.len))
    {
        ngx_otter_socket_end(s, NGX_OTTER_CLOSE_BAD_DATA);
        return;
    }

    ngx_otter_socket_take(s, message.data, message.len, opcode);
}


static void
ngx_otter_socket_take(ngx_otter_socket_t *s, u_char *data, size_t len,
    ngx_uint_t opcode)
{
    if (s->handlers->message(s, data, len, opcode) == NGX_AGAIN) {
        ngx_otter_stall(s, data, len, opcode);
    }
}


/*
 * Memory grows with the bytes that came, not with a length that the peer
 * wrote; the frame codec has checked them against the limit.
 */

static ngx_int_t
ngx_otter_socket_gather(ngx_otter_socket_t *s, u_char *data, size_t len)
{
    size_t   size;
    u_char  *p;

    if (len == 0) {
        return NGX_OK;
    }

    if (s->message_len + len > s->message_size) {
        size = ngx_max(s->message_size * 2, s->message_len + len);
        size = ngx_max(size, NGX_OTTER_MESSAGE_MIN);

        p = realloc(s->message, size);
        if (p == NULL) {
            return NGX_ERROR;
        }

        s->message = p;
        s->message_size = size;
    }

    ngx_memcpy(s->message + s->message_len, data, len);
    s->message_len += len;

    return NGX_OK;
}


void
ngx_otter_socket_forget(ngx_otter_socket_t *s)
{
    if (s->message) {
        ngx_free(s->message);
    }

    s->message = NULL;
    s->message_len = 0;
    s->message_size = 0;
}


static void
ngx_otter_socket_closed(ngx_otter_socket_t *s, otter_frame_piece_t *piece)
{
    uint16_t  code, error;
    u_char    payload[2];

    if (s->state == NGX_OTTER_SOCKET_CLOSING) {

        /* the answer to this side's Close */

        ngx_otter_socket_finish(s);
        return;
    }

    code = otter_frame_close_code(piece->data, piece->len, &error);

    if (code == 0) {

        /* it was the peer's last frame all the same */

        s->parser.error = error;
        ngx_otter_socket_end(s, error);
        return;
    }

    s->close_code = code;

    if (!s->ended) {
        s->ended = 1;
        s->handlers->ended(s, code, 1);
    }

    if (s->state == NGX_OTTER_SOCKET_OPEN) {
        payload[0] = (u_char) (code >> 8);
        payload[1] = (u_char) code;

        ngx_otter_socket_control(s, OTTER_FRAME_CLOSE, payload,
                                 (code == NGX_OTTER_CLOSE_NO_STATUS) ? 0 : 2);
    }

    /* else it was put out at this very moment, and one is on its way */

    s->state = NGX_OTTER_SOCKET_CLOSED;
    s->deadline = ngx_current_msec + NGX_OTTER_CLOSE_TIMEOUT;
    ngx_otter_socket_schedule(s);
}


/*
 * A ping carries the number of the last message before it.  Its pong tells
 * that the peer's end of the socket has taken all of them.
 */

static void
ngx_otter_socket_pong(ngx_otter_socket_t *s, otter_frame_piece_t *piece)
{
    if (!s->waiting || piece->len != sizeof(uint64_t)
        || ngx_memcmp(piece->data, &s->ping_mark, sizeof(uint64_t)) != 0)
    {
        return;
    }

    s->waiting = 0;
    s->handlers->acknowledged(s, s->ping_mark);

    ngx_otter_socket_schedule(s);
}


/* a message or control frame came: may the peer send that many? */

static ngx_uint_t
ngx_otter_socket_taken(ngx_otter_socket_t *s)
{
    uint64_t    most;
    ngx_msec_t  elapsed;

    most = (uint64_t) s->conf->message_rate * 5 * 1000;

    elapsed = ngx_current_msec - s->credited;
    s->credited = ngx_current_msec;

    s->credit += (uint64_t) elapsed * s->conf->message_rate;

    if (s->credit > most) {
        s->credit = most;
    }

    if (s->credit < 1000) {
        ngx_otter_socket_end(s, NGX_OTTER_CLOSE_TOO_FAST);
        return 0;
    }

    s->credit -= 1000;

    return 1;
}
