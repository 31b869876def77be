
/*
 * Copyright (C) Otter contributors
 */


#include <string.h>

#include "otter_frame.h"


enum {
    OTTER_FRAME_STATE_HEAD = 0,
    OTTER_FRAME_STATE_DATA,
    OTTER_FRAME_STATE_CONTROL,
    OTTER_FRAME_STATE_FAILED
};

enum {
    OTTER_FRAME_FIN = 0x80,
    OTTER_FRAME_RSV = 0x70,
    OTTER_FRAME_RSV1 = 0x40,
    OTTER_FRAME_OPCODE = 0x0f,
    OTTER_FRAME_IS_CONTROL = 0x08,     /* of an opcode */
    OTTER_FRAME_MASKED = 0x80,         /* of the second byte */
    OTTER_FRAME_LEN = 0x7f,
    OTTER_FRAME_LEN16 = 126,
    OTTER_FRAME_LEN64 = 127
};

enum {
    OTTER_FRAME_PROTOCOL_ERROR = 1002,
    OTTER_FRAME_NO_STATUS = 1005,
    OTTER_FRAME_BAD_DATA = 1007,
    OTTER_FRAME_TOO_BIG = 1009
};


static void otter_frame_restart(otter_frame_parser_t *p);
static otter_frame_rc_t otter_frame_fail(otter_frame_parser_t *p,
    uint16_t error);
static otter_frame_rc_t otter_frame_read_head(otter_frame_parser_t *p,
    const otter_frame_limits_t *limits, unsigned char **pos,
    const unsigned char *last);
static int otter_frame_gather(otter_frame_parser_t *p, unsigned char **pos,
    const unsigned char *last);
static uint16_t otter_frame_check_start(otter_frame_parser_t *p,
    const otter_frame_limits_t *limits);
static uint16_t otter_frame_check_length(otter_frame_parser_t *p);
static uint16_t otter_frame_check_message(otter_frame_parser_t *p,
    const otter_frame_limits_t *limits);
static otter_frame_rc_t otter_frame_read_control(otter_frame_parser_t *p,
    unsigned char **pos, const unsigned char *last,
    otter_frame_piece_t *piece);
static otter_frame_rc_t otter_frame_read_data(otter_frame_parser_t *p,
    unsigned char **pos, const unsigned char *last,
    otter_frame_piece_t *piece);
static int otter_frame_text(otter_frame_parser_t *p,
    const unsigned char *data, size_t len, uint64_t seen);
static size_t otter_frame_available(const otter_frame_parser_t *p,
    const unsigned char *pos, const unsigned char *last);
static uint64_t otter_frame_unmask(otter_frame_parser_t *p,
    unsigned char *data, size_t len);


void
otter_frame_init(otter_frame_parser_t *p)
{
    memset(p, 0, sizeof(otter_frame_parser_t));

    otter_utf8_init(&p->utf8);
    otter_frame_restart(p);
}


otter_frame_rc_t
otter_frame_next(otter_frame_parser_t *p, const otter_frame_limits_t *limits,
    unsigned char **pos, unsigned char *last, otter_frame_piece_t *piece)
{
    otter_frame_rc_t  rc;

    if (p->state == OTTER_FRAME_STATE_FAILED) {
        return OTTER_FRAME_ERROR;
    }

    if (p->state == OTTER_FRAME_STATE_HEAD) {
        rc = otter_frame_read_head(p, limits, pos, last);

        if (rc != OTTER_FRAME_PIECE) {
            return rc;
        }
    }

    if (p->state == OTTER_FRAME_STATE_CONTROL) {
        return otter_frame_read_control(p, pos, last, piece);
    }

    return otter_frame_read_data(p, pos, last, piece);
}


size_t
otter_frame_head(unsigned char *buf, unsigned opcode, unsigned rsv1,
    uint64_t len)
{
    unsigned  i, n;

    buf[0] = (unsigned char) (OTTER_FRAME_FIN | opcode);

    if (rsv1) {
        buf[0] |= OTTER_FRAME_RSV1;
    }

    if (len < OTTER_FRAME_LEN16) {
        buf[1] = (unsigned char) len;
        return 2;
    }

    if (len <= 0xffff) {
        buf[1] = OTTER_FRAME_LEN16;
        n = 2;

    } else {
        buf[1] = OTTER_FRAME_LEN64;
        n = 8;
    }

    for (i = 0; i < n; i++) {
        buf[2 + i] = (unsigned char) (len >> (8 * (n - 1 - i)));
    }

    return 2 + n;
}


uint16_t
otter_frame_close_code(const unsigned char *data, size_t len, uint16_t *error)
{
    unsigned  code;

    if (len == 0) {
        return OTTER_FRAME_NO_STATUS;
    }

    *error = OTTER_FRAME_PROTOCOL_ERROR;

    if (len == 1) {
        return 0;
    }

    code = (unsigned) data[0] << 8 | data[1];

    /*
     * 1004 is reserved; 1005, 1006 and 1015 are for use inside an endpoint
     * and never sent; 1012 to 1014 were registered after RFC 6455.
     */

    if (code < 1000 || (code > 1003 && code < 1007)
        || (code > 1014 && code < 3000) || code > 4999)
    {
        return 0;
    }

    if (!otter_utf8_valid(data + 2, len - 2)) {
        *error = OTTER_FRAME_BAD_DATA;
        return 0;
    }

    *error = 0;

    return (uint16_t) code;
}


static void
otter_frame_restart(otter_frame_parser_t *p)
{
    p->state = OTTER_FRAME_STATE_HEAD;
    p->head_len = 0;
    p->head_need = 2;
}


static otter_frame_rc_t
otter_frame_fail(otter_frame_parser_t *p, uint16_t error)
{
    p->state = OTTER_FRAME_STATE_FAILED;
    p->error = error;

    return OTTER_FRAME_ERROR;
}


/* PIECE: the head is complete and sound, payload follows */

static otter_frame_rc_t
otter_frame_read_head(otter_frame_parser_t *p,
    const otter_frame_limits_t *limits, unsigned char **pos,
    const unsigned char *last)
{
    uint16_t  error;

    if (p->head_need == 2) {

        if (!otter_frame_gather(p, pos, last)) {
            return OTTER_FRAME_MORE;
        }

        error = otter_frame_check_start(p, limits);
        if (error) {
            return otter_frame_fail(p, error);
        }
    }

    if (!otter_frame_gather(p, pos, last)) {
        return OTTER_FRAME_MORE;
    }

    error = otter_frame_check_length(p);
    if (error) {
        return otter_frame_fail(p, error);
    }

    memcpy(p->mask, p->head + p->head_need - 4, 4);
    p->mask_pos = 0;

    if (p->opcode & OTTER_FRAME_IS_CONTROL) {
        p->state = OTTER_FRAME_STATE_CONTROL;
        p->control_len = 0;
        return OTTER_FRAME_PIECE;
    }

    error = otter_frame_check_message(p, limits);
    if (error) {
        return otter_frame_fail(p, error);
    }

    p->state = OTTER_FRAME_STATE_DATA;

    return OTTER_FRAME_PIECE;
}


/* 1: head[] holds head_need bytes */

static int
otter_frame_gather(otter_frame_parser_t *p, unsigned char **pos,
    const unsigned char *last)
{
    while (p->head_len < p->head_need) {

        if (*pos == last) {
            return 0;
        }

        p->head[p->head_len++] = *(*pos)++;
    }

    return 1;
}


/* what the first two bytes tell; sets head_need to the size of the head */

static uint16_t
otter_frame_check_start(otter_frame_parser_t *p,
    const otter_frame_limits_t *limits)
{
    unsigned  rsv, len;

    p->fin = (p->head[0] & OTTER_FRAME_FIN) != 0;
    p->opcode = p->head[0] & OTTER_FRAME_OPCODE;

    rsv = p->head[0] & OTTER_FRAME_RSV;
    len = p->head[1] & OTTER_FRAME_LEN;

    if (!(p->head[1] & OTTER_FRAME_MASKED)) {
        return OTTER_FRAME_PROTOCOL_ERROR;
    }

    if (p->opcode & OTTER_FRAME_IS_CONTROL) {

        if (p->opcode > OTTER_FRAME_PONG || rsv || !p->fin
            || len > OTTER_FRAME_CONTROL_MAX)
        {
            return OTTER_FRAME_PROTOCOL_ERROR;
        }

    } else {

        if (p->opcode > OTTER_FRAME_BINARY) {
            return OTTER_FRAME_PROTOCOL_ERROR;
        }

        /* a message open calls for a continuation, and none for none */

        if ((p->opcode == OTTER_FRAME_CONTINUATION)
            != (p->message_opcode != 0))
        {
            return OTTER_FRAME_PROTOCOL_ERROR;
        }

        if (rsv && (rsv != OTTER_FRAME_RSV1 || !limits->deflate
                    || p->opcode == OTTER_FRAME_CONTINUATION))
        {
            return OTTER_FRAME_PROTOCOL_ERROR;
        }
    }

    p->head_need = 2 + 4;

    if (len == OTTER_FRAME_LEN16) {
        p->head_need += 2;

    } else if (len == OTTER_FRAME_LEN64) {
        p->head_need += 8;
    }

    return 0;
}


/* reads the length, which must be written in the shortest way */

static uint16_t
otter_frame_check_length(otter_frame_parser_t *p)
{
    unsigned  i;

    p->left = p->head[1] & OTTER_FRAME_LEN;

    if (p->left < OTTER_FRAME_LEN16) {
        return 0;
    }

    p->left = 0;

    for (i = 2; i < p->head_need - 4u; i++) {
        p->left = p->left << 8 | p->head[i];
    }

    if (p->head_need == 2 + 2 + 4) {
        return p->left < OTTER_FRAME_LEN16 ? OTTER_FRAME_PROTOCOL_ERROR : 0;
    }

    if (p->left <= 0xffff || p->left >> 63) {
        return OTTER_FRAME_PROTOCOL_ERROR;
    }

    return 0;
}


static uint16_t
otter_frame_check_message(otter_frame_parser_t *p,
    const otter_frame_limits_t *limits)
{
    if (p->opcode != OTTER_FRAME_CONTINUATION) {
        p->message_opcode = p->opcode;
        p->message_size = 0;
        p->fragments = 0;
        p->first = 1;
        p->compressed = (p->head[0] & OTTER_FRAME_RSV1) != 0;
    }

    if (p->left > limits->max_message
        || p->message_size > limits->max_message - p->left)
    {
        return OTTER_FRAME_TOO_BIG;
    }

    if (p->fragments >= limits->max_fragments) {
        return OTTER_FRAME_TOO_BIG;
    }

    p->message_size += p->left;
    p->fragments++;

    return 0;
}


static otter_frame_rc_t
otter_frame_read_control(otter_frame_parser_t *p, unsigned char **pos,
    const unsigned char *last, otter_frame_piece_t *piece)
{
    size_t          n;
    unsigned char  *data;

    n = otter_frame_available(p, *pos, last);

    if (p->control_len == 0 && n == p->left) {
        data = *pos;
        otter_frame_unmask(p, data, n);

    } else if (n == 0) {
        return OTTER_FRAME_MORE;

    } else {
        data = p->control;
        memcpy(data + p->control_len, *pos, n);
        otter_frame_unmask(p, data + p->control_len, n);
    }

    *pos += n;
    p->left -= n;
    p->control_len = (uint8_t) (p->control_len + n);

    if (p->left) {
        return OTTER_FRAME_MORE;
    }

    piece->data = data;
    piece->len = p->control_len;
    piece->opcode = p->opcode;
    piece->first = 1;
    piece->last = 1;
    piece->compressed = 0;

    otter_frame_restart(p);

    return OTTER_FRAME_PIECE;
}


static otter_frame_rc_t
otter_frame_read_data(otter_frame_parser_t *p, unsigned char **pos,
    const unsigned char *last, otter_frame_piece_t *piece)
{
    size_t    n;
    uint64_t  seen;

    n = otter_frame_available(p, *pos, last);

    if (n == 0 && p->left) {
        return OTTER_FRAME_MORE;
    }

    piece->data = *pos;
    piece->len = n;
    piece->opcode = p->message_opcode;
    piece->first = p->first;
    piece->last = p->fin && n == p->left;
    piece->compressed = p->compressed;

    seen = otter_frame_unmask(p, *pos, n);

    *pos += n;
    p->left -= n;
    p->first = 0;

    if (p->message_opcode == OTTER_FRAME_TEXT && !p->compressed) {

        if (!otter_frame_text(p, piece->data, n, seen)
            || (piece->last && !otter_utf8_done(&p->utf8)))
        {
            return otter_frame_fail(p, OTTER_FRAME_BAD_DATA);
        }
    }

    if (p->left == 0) {
        otter_frame_restart(p);
    }

    if (piece->last) {
        p->message_opcode = 0;
    }

    return OTTER_FRAME_PIECE;
}


/* what is all ASCII was seen to be so while it was unmasked */

static int
otter_frame_text(otter_frame_parser_t *p, const unsigned char *data,
    size_t len, uint64_t seen)
{
    if ((seen & 0x8080808080808080) == 0 && otter_utf8_done(&p->utf8)) {
        return 1;
    }

    return otter_utf8_feed(&p->utf8, data, len);
}


/* how much of the frame's payload lies in the buffer */

static size_t
otter_frame_available(const otter_frame_parser_t *p,
    const unsigned char *pos, const unsigned char *last)
{
    size_t  n;

    n = (size_t) (last - pos);

    return p->left < n ? (size_t) p->left : n;
}


/*
 * Unmasks in place by words of eight bytes, whose mask starts at the byte
 * that is due, so neither alignment nor byte order matters.  Returns all
 * bytes of the result or-ed together, spread over the word.
 */

static uint64_t
otter_frame_unmask(otter_frame_parser_t *p, unsigned char *data, size_t len)
{
    size_t         i;
    uint64_t       mask, seen, word[4];
    unsigned char  key[8];

    for (i = 0; i < 8; i++) {
        key[i] = p->mask[(p->mask_pos + i) & 3];
    }

    p->mask_pos = (uint8_t) ((p->mask_pos + len) & 3);

    memcpy(&mask, key, 8);
    seen = 0;

    while (len >= 32) {
        memcpy(word, data, 32);

        word[0] ^= mask;
        word[1] ^= mask;
        word[2] ^= mask;
        word[3] ^= mask;
        seen |= word[0] | word[1] | word[2] | word[3];

        memcpy(data, word, 32);

        data += 32;
        len -= 32;
    }

    while (len >= 8) {
        memcpy(word, data, 8);
        word[0] ^= mask;
        seen |= word[0];
        memcpy(data, word, 8);

        data += 8;
        len -= 8;
    }

    for (i = 0; i < len; i++) {
        data[i] ^= key[i & 7];
        seen |= data[i];
    }

    return seen;
}
