
/*
 * Copyright (C) Otter contributors
 */

/*
 * The frame parser: the same whatever the cuts, every piece inside what was
 * given, messages opened and ended in turn, text that is UTF-8 throughout.
 * Four bytes come first: limits and a seed for the cuts.
 */


#include "frame_log.h"


typedef struct {
    int             open;
    int             text;
    uint64_t        size;
    otter_utf8_t    utf8;
} message_t;


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static void
fuzz_must(int good)
{
    if (!good) {
        abort();
    }
}


static void
check_control(const otter_frame_piece_t *piece)
{
    uint16_t  code, error;

    fuzz_must(piece->opcode >= OTTER_FRAME_CLOSE
              && piece->opcode <= OTTER_FRAME_PONG
              && piece->len <= OTTER_FRAME_CONTROL_MAX
              && piece->first && piece->last && !piece->compressed);

    if (piece->opcode != OTTER_FRAME_CLOSE) {
        return;
    }

    error = 0;
    code = otter_frame_close_code(piece->data, piece->len, &error);

    fuzz_must(code ? code >= 1000 && code <= 4999
                   : error == 1002 || error == 1007);
    fuzz_must(code == 0 || piece->len < 3
              || otter_utf8_valid(piece->data + 2, piece->len - 2));
}


static void
check_data(const otter_frame_piece_t *piece, message_t *m,
    const otter_frame_limits_t *limits)
{
    fuzz_must(piece->opcode == OTTER_FRAME_TEXT
              || piece->opcode == OTTER_FRAME_BINARY);
    fuzz_must(piece->first == !m->open);
    fuzz_must(!piece->compressed || limits->deflate);

    if (piece->first) {
        m->open = 1;
        m->text = piece->opcode == OTTER_FRAME_TEXT && !piece->compressed;
        m->size = 0;
        otter_utf8_init(&m->utf8);
    }

    m->size += piece->len;
    fuzz_must(m->size <= limits->max_message);

    if (m->text) {
        fuzz_must(otter_utf8_feed(&m->utf8, piece->data, piece->len));
        fuzz_must(!piece->last || otter_utf8_done(&m->utf8));
    }

    if (piece->last) {
        m->open = 0;
    }
}


static void
check_whole(const uint8_t *data, size_t size,
    const otter_frame_limits_t *limits)
{
    message_t             m;
    unsigned char        *copy, *pos, *before;
    otter_frame_rc_t      rc;
    otter_frame_piece_t   piece;
    otter_frame_parser_t  p;

    copy = malloc(size ? size : 1);
    if (copy == NULL) {
        return;
    }

    memcpy(copy, data, size);
    memset(&m, 0, sizeof(m));
    otter_frame_init(&p);
    pos = copy;

    for ( ;; ) {
        before = pos;
        rc = otter_frame_next(&p, limits, &pos, copy + size, &piece);

        if (rc != OTTER_FRAME_PIECE) {
            break;
        }

        fuzz_must(pos > before && pos <= copy + size);
        fuzz_must(piece.data >= copy && piece.data + piece.len == pos);

        if (piece.opcode & 8) {
            check_control(&piece);

        } else {
            check_data(&piece, &m, limits);
        }
    }

    fuzz_must(rc == OTTER_FRAME_MORE
              ? pos == copy + size
              : p.error == 1002 || p.error == 1007 || p.error == 1009);

    free(copy);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    prng_t                r;
    otter_frame_limits_t  limits;

    static buffer_t       wire, whole, parts;

    if (size < 4 || size > 100000) {
        return 0;
    }

    limits.deflate = data[0] & 1;
    limits.max_message = (uint64_t) data[1] << (data[0] >> 1 & 63);
    limits.max_fragments = data[2];
    r.state = data[3];

    data += 4;
    size -= 4;

    check_whole(data, size, &limits);

    wire.len = 0;
    put(&wire, data, size);

    parse(&wire, &limits, size ? size : 1, NULL, &whole);

    parse(&wire, &limits, 1, NULL, &parts);
    fuzz_must(consistent(&whole, &parts));

    parse(&wire, &limits, 0, &r, &parts);
    fuzz_must(consistent(&whole, &parts));

    return 0;
}
