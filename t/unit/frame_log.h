
/*
 * Copyright (C) Otter contributors
 */

/*
 * What the frame parser gives, written down in one line that does not depend
 * on the cuts between pieces:
 *
 *   1[616263]   a text message "abc"; 2[..]: binary; +1[..]: compressed
 *   9(6162)     a Ping with the payload "ab"; 8(..): Close; a(..): Pong
 *   !1002       refused with that code
 *
 * So 1[619()62] is a message of two fragments with a Ping between them.
 */


#ifndef OTTER_FRAME_LOG_H_INCLUDED
#define OTTER_FRAME_LOG_H_INCLUDED


#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "otter_frame.h"
#include "prng.h"


enum {
    BUFFER_SIZE = 1 << 19
};

typedef struct {
    size_t          len;
    unsigned char   data[BUFFER_SIZE];
} buffer_t;


static inline void
put(buffer_t *b, const void *data, size_t len)
{
    if (len > sizeof(b->data) - b->len) {
        abort();
    }

    if (len) {
        memcpy(b->data + b->len, data, len);
        b->len += len;
    }
}


static inline void
put_text(buffer_t *b, const char *text)
{
    put(b, text, strlen(text));
}


static inline void
put_hex(buffer_t *b, const unsigned char *data, size_t len)
{
    size_t                i;
    static const char     digits[] = "0123456789abcdef";

    for (i = 0; i < len; i++) {
        put(b, &digits[data[i] >> 4], 1);
        put(b, &digits[data[i] & 15], 1);
    }
}


static inline void
put_decoded(buffer_t *b, const char *hex)
{
    char           pair[3];
    unsigned char  c;

    pair[2] = '\0';

    for ( /* void */ ; *hex; hex++) {

        if (*hex == ' ') {
            continue;
        }

        pair[0] = *hex++;
        pair[1] = *hex;
        c = (unsigned char) strtoul(pair, NULL, 16);
        put(b, &c, 1);
    }
}


static inline void
put_frame(buffer_t *b, unsigned first, const unsigned char key[4],
    const unsigned char *data, size_t len)
{
    size_t         i, n;
    unsigned char  c, head[OTTER_FRAME_HEAD_MAX];

    n = otter_frame_head(head, 0, 0, len);
    head[0] = (unsigned char) first;
    head[1] |= 0x80;

    put(b, head, n);
    put(b, key, 4);

    for (i = 0; i < len; i++) {
        c = data[i] ^ key[i % 4];
        put(b, &c, 1);
    }
}


static inline void
note(buffer_t *log, const otter_frame_piece_t *piece)
{
    char  head[8];

    if (piece->opcode & 8) {
        snprintf(head, sizeof(head), "%x(", piece->opcode);
        put_text(log, head);
        put_hex(log, piece->data, piece->len);
        put_text(log, ")");
        return;
    }

    if (piece->first) {
        snprintf(head, sizeof(head), "%s%x[", piece->compressed ? "+" : "",
                 piece->opcode);
        put_text(log, head);
    }

    put_hex(log, piece->data, piece->len);

    if (piece->last) {
        put_text(log, "]");
    }
}


/* gives the parser bytes of their own, so that an overrun is seen */

static inline int
feed(otter_frame_parser_t *p, const otter_frame_limits_t *limits,
    const unsigned char *data, size_t len, buffer_t *log)
{
    char                  error[8];
    unsigned char        *copy, *pos;
    otter_frame_rc_t      rc;
    otter_frame_piece_t   piece;

    copy = malloc(len ? len : 1);
    if (copy == NULL) {
        abort();
    }

    memcpy(copy, data, len);
    pos = copy;

    for ( ;; ) {
        rc = otter_frame_next(p, limits, &pos, copy + len, &piece);

        if (rc != OTTER_FRAME_PIECE) {
            break;
        }

        note(log, &piece);
    }

    if (rc == OTTER_FRAME_ERROR) {
        snprintf(error, sizeof(error), "!%u", p->error);
        put_text(log, error);

    } else if (pos != copy + len) {
        put_text(log, "(bytes left)");
    }

    free(copy);

    return rc != OTTER_FRAME_ERROR;
}


/* parses in chunks of size bytes, or of random ones up to 40 */

static inline void
parse(const buffer_t *b, const otter_frame_limits_t *limits, size_t size,
    prng_t *r, buffer_t *log)
{
    size_t                n, pos;
    otter_frame_parser_t  p;

    log->len = 0;
    otter_frame_init(&p);

    for (pos = 0; pos < b->len; pos += n) {
        n = r ? prng_below(r, 41) : size;

        if (n > b->len - pos) {
            n = b->len - pos;
        }

        if (!feed(&p, limits, b->data + pos, n, log)) {
            break;
        }
    }
}


/* whole: the error may come before bytes of the same chunk are given out */

static inline int
consistent(const buffer_t *a, const buffer_t *b)
{
    size_t  n;

    if (a->len < 5 || a->data[a->len - 5] != '!') {
        return a->len == b->len && memcmp(a->data, b->data, a->len) == 0;
    }

    n = a->len - 5;

    return b->len >= a->len && memcmp(a->data, b->data, n) == 0
           && memcmp(a->data + n, b->data + b->len - 5, 5) == 0;
}


#endif /* OTTER_FRAME_LOG_H_INCLUDED */
