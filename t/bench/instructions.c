
/*
 * Copyright (C) Otter contributors
 */

/*
 * One operation of core/, many times, for callgrind to count: what counts is
 * inside bench_operation(), what goes before is not.
 *
 *   instructions NAME TIMES
 */


#include "otter_envelope.h"
#include "otter_frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>


enum { BENCH_SIZE_MAX = 8192 };

typedef struct bench_s  bench_t;

struct bench_s {
    const char       *name;
    void            (*operation)(bench_t *b);
    size_t            size;            /* of the data in the message */
    const char       *filler;
    const char       *prefix;          /* the envelope around the data */
    const char       *suffix;
};


void bench_operation(bench_t *b);

static void bench_frame(bench_t *b);
static void bench_frame_split(bench_t *b);
static void bench_head(bench_t *b);
static void bench_envelope(bench_t *b);


static const char  bench_signal[] =
    "{\"type\":\"signal\",\"to\":\"0123456789abcdefghij\",\"data\":\"";
static const char  bench_message[] = "{\"type\":\"message\",\"data\":\"";
static const char  bench_ack[] = "{\"type\":\"ack\",\"seq\":123456";
static const char  bench_ascii[] = "candidate ";

static bench_t  bench_list[] = {
    { "frame-300", bench_frame, 300, bench_ascii, bench_signal, "\"}" },
    { "frame-2048", bench_frame, 2048, bench_ascii, bench_signal, "\"}" },
    { "frame-300-utf8", bench_frame, 300, "\xc3\xa4\xe2\x82\xac",
      bench_signal, "\"}" },
    { "frame-300-split", bench_frame_split, 300, bench_ascii, bench_signal,
      "\"}" },
    { "head", bench_head, 300, bench_ascii, bench_signal, "\"}" },
    { "envelope-signal-300", bench_envelope, 300, bench_ascii, bench_signal,
      "\"}" },
    { "envelope-signal-300-escapes", bench_envelope, 300, "a=x:1 \\r\\n",
      bench_signal, "\"}" },
    { "envelope-message-300", bench_envelope, 300, bench_ascii,
      bench_message, "\"}" },
    { "envelope-message-2048", bench_envelope, 2048, bench_ascii,
      bench_message, "\"}" },
    { "envelope-ack", bench_envelope, 0, "", bench_ack, "}" }
};

static unsigned char         bench_text[BENCH_SIZE_MAX];
static unsigned char         bench_wire[BENCH_SIZE_MAX];
static unsigned char         bench_input[BENCH_SIZE_MAX];
static size_t                bench_text_len, bench_wire_len;
static otter_frame_parser_t  bench_parser;

static const otter_frame_limits_t  bench_limits = {
    .max_message = 65536, .max_fragments = 64
};


static void
bench_die(const char *what)
{
    fprintf(stderr, "instructions: %s\n", what);
    exit(1);
}


/* the message of a client, and its frame on the wire */

static void
bench_build(bench_t *b)
{
    size_t          n, len;
    unsigned char  *p;

    static const unsigned char  mask[] = { 0x37, 0xfa, 0x21, 0x3d };

    p = bench_text;
    p += sprintf((char *) p, "%s", b->prefix);
    len = strlen(b->filler);

    for (n = 0; n + len <= b->size && len; n += len) {
        memcpy(p, b->filler, len);
        p += len;
    }

    p += sprintf((char *) p, "%s", b->suffix);
    bench_text_len = (size_t) (p - bench_text);

    p = bench_wire;
    *p++ = 0x80 | OTTER_FRAME_TEXT;

    if (bench_text_len < 126) {
        *p++ = (unsigned char) (0x80 | bench_text_len);

    } else {
        *p++ = 0x80 | 126;
        *p++ = (unsigned char) (bench_text_len >> 8);
        *p++ = (unsigned char) bench_text_len;
    }

    memcpy(p, mask, sizeof(mask));
    p += sizeof(mask);

    for (n = 0; n < bench_text_len; n++) {
        *p++ = bench_text[n] ^ mask[n % 4];
    }

    bench_wire_len = (size_t) (p - bench_wire);
}


static void
bench_frame_part(unsigned char *pos, unsigned char *last)
{
    otter_frame_piece_t  piece;

    while (otter_frame_next(&bench_parser, &bench_limits, &pos, last, &piece)
           == OTTER_FRAME_PIECE)
    {
        if (piece.opcode != OTTER_FRAME_TEXT) {
            bench_die("no text came out");
        }
    }
}


static void
bench_frame(bench_t *b)
{
    (void) b;

    bench_frame_part(bench_input, bench_input + bench_wire_len);
}


/* as it comes in the worst case */

static void
bench_frame_split(bench_t *b)
{
    (void) b;

    for (size_t i = 0; i < bench_wire_len; i++) {
        bench_frame_part(bench_input + i, bench_input + i + 1);
    }
}


static void
bench_head(bench_t *b)
{
    unsigned char  head[OTTER_FRAME_HEAD_MAX];

    (void) otter_frame_head(head, OTTER_FRAME_TEXT, 0, b->size);
}


static void
bench_envelope(bench_t *b)
{
    otter_envelope_t  e;

    (void) b;

    if (otter_envelope_parse(&e, bench_text, bench_text_len) != NULL) {
        bench_die("the envelope is refused");
    }
}


__attribute__((noinline)) void
bench_operation(bench_t *b)
{
    b->operation(b);
}


static void
bench_run(bench_t *b, long times)
{
    bench_build(b);
    otter_frame_init(&bench_parser);

    while (times-- > 0) {
        memcpy(bench_input, bench_wire, bench_wire_len);
        bench_operation(b);
    }

    /* the last one came out whole, and unmasked */

    if (b->operation == bench_frame
        && memcmp(bench_input + bench_wire_len - bench_text_len, bench_text,
                  bench_text_len) != 0)
    {
        bench_die("the payload is not what was sent");
    }
}


int
main(int argc, char **argv)
{
    size_t  i, n;

    n = sizeof(bench_list) / sizeof(bench_list[0]);

    for (i = 0; i < n; i++) {

        if (argc < 3) {
            puts(bench_list[i].name);

        } else if (strcmp(argv[1], bench_list[i].name) == 0) {
            bench_run(&bench_list[i], atol(argv[2]));
            return 0;
        }
    }

    return argc < 3 ? 0 : 1;
}
