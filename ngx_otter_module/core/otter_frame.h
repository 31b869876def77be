
/*
 * Copyright (C) Otter contributors
 */

/*
 * The WebSocket frame codec (RFC 6455, section 5) of a server: bytes to
 * pieces of messages, and the head of an outgoing frame.  It does no I/O and
 * allocates nothing.  Payload is unmasked in place in the caller's buffer, so
 * a frame that lies whole in the buffer is never copied.
 */


#ifndef OTTER_FRAME_H_INCLUDED
#define OTTER_FRAME_H_INCLUDED


#include "otter_core.h"
#include "otter_utf8.h"


enum {
    OTTER_FRAME_CONTINUATION = 0x0,
    OTTER_FRAME_TEXT = 0x1,
    OTTER_FRAME_BINARY = 0x2,
    OTTER_FRAME_CLOSE = 0x8,
    OTTER_FRAME_PING = 0x9,
    OTTER_FRAME_PONG = 0xa
};

enum {
    OTTER_FRAME_CONTROL_MAX = 125,     /* RFC 6455, section 5.5 */
    OTTER_FRAME_HEAD_MAX = 10          /* a server's head carries no mask */
};

/* what otter_frame_next() returns */

typedef enum {
    OTTER_FRAME_MORE = 0,      /* the input is used up */
    OTTER_FRAME_PIECE,         /* *piece is filled in */
    OTTER_FRAME_ERROR          /* fail the connection with parser->error */
} otter_frame_rc_t;

typedef struct {
    uint64_t              max_message;     /* bytes in all fragments */
    uint32_t              max_fragments;   /* frames of one message */
    unsigned              deflate:1;       /* RSV1 is allowed (RFC 7692) */
} otter_frame_limits_t;

typedef struct {
    uint64_t              left;            /* payload bytes still to come */
    uint64_t              message_size;    /* of the fragments so far */
    uint32_t              fragments;
    uint16_t              error;           /* a close code: 1002 1007 1009 */
    uint8_t               state;
    uint8_t               head_len;        /* bytes gathered in head[] */
    uint8_t               head_need;
    uint8_t               head[14];
    uint8_t               mask_pos;
    uint8_t               mask[4];
    uint8_t               opcode;          /* of the frame */
    uint8_t               message_opcode;  /* of the message; 0: none open */
    uint8_t               control_len;
    unsigned              fin:1;
    unsigned              first:1;         /* next piece opens a message */
    unsigned              compressed:1;    /* message came with RSV1 */
    otter_utf8_t          utf8;
    uint8_t               control[OTTER_FRAME_CONTROL_MAX];
} otter_frame_parser_t;

/*
 * A control frame always comes as one whole piece; it lies in the parser, up
 * to the next call, if it came in parts.  A data message comes as one piece
 * or more: "first" opens it, "last" ends it; a piece may be empty.
 * Text is checked as UTF-8 while it comes, across pieces and frames (not when
 * compressed: the inflater's output is the text then).
 */

typedef struct {
    unsigned char        *data;
    size_t                len;
    uint8_t               opcode;          /* TEXT BINARY CLOSE PING PONG */
    unsigned              first:1;
    unsigned              last:1;
    unsigned              compressed:1;
} otter_frame_piece_t;


void otter_frame_init(otter_frame_parser_t *p);

/*
 * Takes bytes from *pos up to last and moves *pos past those taken.  Call it
 * until it returns MORE.  A declared length over the limit is refused from
 * the head, before any payload byte (1009).  After ERROR the parser stays in
 * error.
 */

otter_frame_rc_t otter_frame_next(otter_frame_parser_t *p,
    const otter_frame_limits_t *limits, unsigned char **pos,
    unsigned char *last, otter_frame_piece_t *piece);

/*
 * Writes the head of an unfragmented, unmasked frame; returns its length,
 * 2 to OTTER_FRAME_HEAD_MAX.  rsv1 is set for a compressed message.
 */

size_t otter_frame_head(unsigned char *buf, unsigned opcode, unsigned rsv1,
    uint64_t len);

/*
 * The code of a received Close payload: 1005 if it is empty, the code if it
 * is well-formed and may appear on the wire (RFC 6455, section 7.4) with a
 * UTF-8 reason; 0 if the frame is a protocol error, with *error set to 1002
 * or 1007.
 */

uint16_t otter_frame_close_code(const unsigned char *data, size_t len,
    uint16_t *error);


#endif /* OTTER_FRAME_H_INCLUDED */
