
/*
 * Copyright (C) Otter contributors
 */

/* the frame parser: tables, lengths, heads, codes; logs as in frame_log.h */


#include <stdlib.h>

#include "frame_log.h"
#include "tap.h"


typedef struct {
    const char     *name;
    const char     *wire;              /* hexadecimal */
    const char     *log;
    uint64_t        max_message;       /* 0: 1000 */
    uint32_t        max_fragments;     /* 0: 8 */
    unsigned        deflate;
} sample_t;


static buffer_t  wire, expected, whole, parts;

static const otter_frame_limits_t  wide = { 1 << 20, 1000, 1 };


static const sample_t  samples[] = {

    { "text", "8183 00000000 616263", "1[616263]", 0, 0, 0 },
    { "binary", "8283 00000000 00ff80", "2[00ff80]", 0, 0, 0 },
    { "the mask is used", "8185 37fa213d 7f9f4d5158", "1[48656c6c6f]",
      0, 0, 0 },
    { "empty text", "8180 00000000", "1[]", 0, 0, 0 },
    { "empty binary", "8280 01020304", "2[]", 0, 0, 0 },
    { "Ping", "8982 00000000 6162", "9(6162)", 0, 0, 0 },
    { "empty Ping and Pong", "8980 00000000 8a80 00000000", "9()a()",
      0, 0, 0 },
    { "Close", "8882 00000000 03e8", "8(03e8)", 0, 0, 0 },
    { "two messages", "8181 00000000 61 8181 00000000 62", "1[61]1[62]",
      0, 0, 0 },
    { "two fragments", "0181 00000000 61 8081 00000000 62", "1[6162]",
      0, 0, 0 },
    { "a Ping between fragments",
      "0181 00000000 61 8981 00000000 70 8081 00000000 62",
      "1[619(70)62]", 0, 0, 0 },
    { "empty fragments",
      "0180 00000000 0080 00000000 0081 00000000 61 8080 00000000",
      "1[61]", 0, 0, 0 },
    { "a Close inside a message",
      "0181 00000000 61 8882 00000000 03e8", "1[618(03e8)", 0, 0, 0 },

    { "a character over two fragments",
      "0181 00000000 c3 8081 00000000 a9", "1[c3a9]", 0, 0, 0 },
    { "a character around a Ping",
      "0181 00000000 c3 8980 00000000 8081 00000000 a9", "1[c39()a9]",
      0, 0, 0 },
    { "a character around a Ping of other bytes",
      "0182 00000000 e282 8981 00000000 ff 8081 00000000 ac",
      "1[e2829(ff)ac]", 0, 0, 0 },
    { "a bad byte in text", "8183 00000000 61ff62", "!1007", 0, 0, 0 },
    { "a surrogate in text", "8183 00000000 eda080", "!1007", 0, 0, 0 },
    { "an unfinished character at the end", "8182 00000000 61c3", "!1007",
      0, 0, 0 },
    { "the same, then an empty fragment",
      "0181 00000000 c3 8080 00000000", "1[c3!1007", 0, 0, 0 },
    { "a character broken off by ASCII",
      "0181 00000000 c3 0081 00000000 61", "1[c3!1007", 0, 0, 0 },
    { "a character is not finished by the next message",
      "8281 00000000 c3 8181 00000000 a9", "2[c3]!1007", 0, 0, 0 },
    { "binary need not be text", "8281 00000000 ff", "2[ff]", 0, 0, 0 },
    { "binary fragments need not be text",
      "0281 00000000 ff 8081 00000000 ff", "2[ffff]", 0, 0, 0 },
    { "a Ping need not be text", "8981 00000000 ff", "9(ff)", 0, 0, 0 },
    { "fail fast, the message has not ended",
      "0183 00000000 f48fbf 0081 00000000 c0", "1[f48fbf!1007", 0, 0, 0 },
    { "fail fast, the frame has not ended",
      "81fe 00ff 00000000 f490", "!1007", 0, 0, 0 },

    { "not masked", "8101 61", "!1002", 0, 0, 0 },
    { "not masked and empty", "8100", "!1002", 0, 0, 0 },
    { "a Ping that is not masked", "8900", "!1002", 0, 0, 0 },
    { "opcode 3", "8380 00000000", "!1002", 0, 0, 0 },
    { "opcode 7", "8780 00000000", "!1002", 0, 0, 0 },
    { "opcode b", "8b80 00000000", "!1002", 0, 0, 0 },
    { "opcode f", "8f80 00000000", "!1002", 0, 0, 0 },
    { "RSV1 without the extension", "c180 00000000", "!1002", 0, 0, 0 },
    { "RSV1 with it", "c181 00000000 ff", "+1[ff]", 0, 0, 1 },
    { "no RSV1 with it", "8181 00000000 61", "1[61]", 0, 0, 1 },
    { "compressed fragments",
      "4181 00000000 ff 8081 00000000 fe 8181 00000000 61",
      "+1[fffe]1[61]", 0, 0, 1 },
    { "RSV1 on a continuation", "4181 00000000 61 c081 00000000 62",
      "+1[61!1002", 0, 0, 1 },
    { "RSV1 on a Ping", "c980 00000000", "!1002", 0, 0, 1 },
    { "RSV2", "a180 00000000", "!1002", 0, 0, 1 },
    { "RSV3", "9180 00000000", "!1002", 0, 0, 1 },
    { "RSV1 and RSV2", "e180 00000000", "!1002", 0, 0, 1 },

    { "a Ping in fragments", "0980 00000000", "!1002", 0, 0, 0 },
    { "a Ping of 125 bytes is taken, of 126 not",
      "89fe 007e 00000000", "!1002", 0, 0, 0 },
    { "a Ping with a length of 64 bits",
      "89ff 0000000000000001 00000000", "!1002", 0, 0, 0 },
    { "a continuation first", "8080 00000000", "!1002", 0, 0, 0 },
    { "a continuation after the end",
      "8181 00000000 61 8081 00000000 62", "1[61]!1002", 0, 0, 0 },
    { "text inside a message", "0181 00000000 61 8181 00000000 62",
      "1[61!1002", 0, 0, 0 },
    { "binary inside a message", "0181 00000000 61 8281 00000000 62",
      "1[61!1002", 0, 0, 0 },

    { "125 in 16 bits", "82fe 007d 00000000", "!1002", 0, 0, 0 },
    { "65535 in 64 bits", "82ff 000000000000ffff 00000000", "!1002",
      1 << 20, 0, 0 },
    { "5 in 64 bits", "82ff 0000000000000005 00000000", "!1002", 0, 0, 0 },
    { "the top bit of 64", "82ff 8000000000010000 00000000", "!1002",
      UINT64_MAX, 0, 0 },
    { "the same over the limit", "82ff ffffffffffffffff 00000000", "!1002",
      0, 0, 0 },

    { "a length at the limit", "8284 00000000 61626364", "2[61626364]",
      4, 0, 0 },
    { "a length over it, before a byte of payload", "8285 00000000",
      "!1009", 4, 0, 0 },
    { "a length of 16 bits over it", "82fe 03e9 00000000", "!1009", 0, 0, 0 },
    { "a length of 64 bits over it",
      "82ff 7fffffffffffffff 00000000", "!1009", 0, 0, 0 },
    { "all fragments together at the limit",
      "0282 00000000 6162 8082 00000000 6364", "2[61626364]", 4, 0, 0 },
    { "all fragments together over it",
      "0282 00000000 6162 8083 00000000", "2[6162!1009", 4, 0, 0 },
    { "no wrap-around of the sum",
      "0281 00000000 61 80ff 7fffffffffffffff 00000000", "2[61!1009",
      0x7fffffffffffffff, 0, 0 },
    { "the sum starts again with a message",
      "8283 00000000 616263 8283 00000000 646566", "2[616263]2[646566]",
      4, 0, 0 },
    { "as many fragments as may be",
      "0280 00000000 0080 00000000 8080 00000000", "2[]", 0, 3, 0 },
    { "one more",
      "0280 00000000 0080 00000000 0080 00000000 8080 00000000",
      "2[!1009", 0, 3, 0 },
    { "the count starts again with a message",
      "0280 00000000 8080 00000000 0280 00000000 8080 00000000",
      "2[]2[]", 0, 3, 0 },
    { "Pings are no fragments",
      "0280 00000000 8980 00000000 8980 00000000 8080 00000000",
      "2[9()9()]", 0, 2, 0 }
};


static void
test_samples(void)
{
    int                    good;
    size_t                 i, size;
    const sample_t        *s;
    otter_frame_limits_t   limits;

    for (i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        s = &samples[i];

        limits.max_message = s->max_message ? s->max_message : 1000;
        limits.max_fragments = s->max_fragments ? s->max_fragments : 8;
        limits.deflate = s->deflate;

        wire.len = 0;
        put_decoded(&wire, s->wire);

        parse(&wire, &limits, wire.len, NULL, &whole);
        tap_is_mem(whole.data, whole.len, s->log, strlen(s->log), "%s",
                   s->name);

        good = 1;

        for (size = 1; size < wire.len; size++) {
            parse(&wire, &limits, size, NULL, &parts);

            if (!consistent(&whole, &parts)) {
                good = 0;
                tap_show("in chunks", parts.data, parts.len);
            }
        }

        tap_ok(good, "%s: in chunks of any size", s->name);
    }
}


static const size_t  sizes[] = {
    0, 1, 2, 3, 7, 8, 9, 31, 32, 33, 63, 100, 124, 125, 126, 127, 255, 256,
    4096, 65534, 65535, 65536, 65537, 100000
};


/* every length encoding, and every length of the unmasking loops */

static void
test_round_trip(void)
{
    size_t                 i, j, len;
    prng_t                 r = { 1 };
    unsigned char          key[4], *data;
    otter_frame_parser_t   p;

    data = malloc(100000);
    if (data == NULL) {
        abort();
    }

    for (j = 0; j < 100000; j++) {
        data[j] = (unsigned char) prng_next(&r);
    }

    otter_frame_init(&p);

    for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        len = sizes[i];

        for (j = 0; j < 4; j++) {
            key[j] = (unsigned char) prng_next(&r);
        }

        wire.len = 0;
        put_frame(&wire, 0x82, key, data, len);

        expected.len = 0;
        put_text(&expected, "2[");
        put_hex(&expected, data, len);
        put_text(&expected, "]");

        whole.len = 0;
        feed(&p, &wide, wire.data, wire.len, &whole);

        parse(&wire, &wide, 0, &r, &parts);

        tap_ok(consistent(&expected, &whole), "%zu bytes", len);
        tap_ok(consistent(&expected, &parts), "%zu bytes in chunks", len);
    }

    free(data);
}


/* whichever word of the unmasking loops sees it */

static void
test_bad_places(void)
{
    size_t         i, len;
    unsigned       missed;
    unsigned char  text[100];

    missed = 0;

    for (len = 1; len < sizeof(text); len++) {

        for (i = 0; i < len; i++) {
            memset(text, 'a', len);
            text[i] = 0xff;

            wire.len = 0;
            put_frame(&wire, 0x81, (const unsigned char *) "\x80\1\2\3",
                      text, len);

            parse(&wire, &wide, wire.len, NULL, &whole);
            missed += whole.len != 5 || memcmp(whole.data, "!1007", 5) != 0;
        }
    }

    tap_is_int(missed, 0, "a bad byte of text is found at every place");
}


static void
test_heads(void)
{
    size_t         n;
    unsigned char  b[OTTER_FRAME_HEAD_MAX];

    n = otter_frame_head(b, OTTER_FRAME_TEXT, 0, 0);
    tap_is_mem(b, n, "\x81\x00", 2, "head of an empty text");

    n = otter_frame_head(b, OTTER_FRAME_CLOSE, 0, 125);
    tap_is_mem(b, n, "\x88\x7d", 2, "head of a Close of 125");

    n = otter_frame_head(b, OTTER_FRAME_BINARY, 0, 126);
    tap_is_mem(b, n, "\x82\x7e\x00\x7e", 4, "head of 126");

    n = otter_frame_head(b, OTTER_FRAME_TEXT, 1, 65535);
    tap_is_mem(b, n, "\xc1\x7e\xff\xff", 4, "compressed head of 65535");

    n = otter_frame_head(b, OTTER_FRAME_TEXT, 0, 65536);
    tap_is_mem(b, n, "\x81\x7f\0\0\0\0\0\1\0\0", 10, "head of 65536");

    n = otter_frame_head(b, OTTER_FRAME_TEXT, 0, 0x0123456789abcdef);
    tap_is_mem(b, n, "\x81\x7f\x01\x23\x45\x67\x89\xab\xcd\xef", 10,
               "head of 64 bits");
}


/* a frame that lies whole in the buffer is never copied */

static void
test_in_place(void)
{
    unsigned char         *pos;
    otter_frame_rc_t       rc;
    otter_frame_piece_t    piece;
    otter_frame_parser_t   p;

    wire.len = 0;
    put_decoded(&wire, "8983 01020304 606060 8183 01020304 606060");

    otter_frame_init(&p);
    pos = wire.data;

    rc = otter_frame_next(&p, &wide, &pos, wire.data + wire.len, &piece);
    tap_ok(rc == OTTER_FRAME_PIECE && piece.data == wire.data + 6,
           "a whole Ping lies in the buffer");
    tap_is_mem(piece.data, piece.len, "abc", 3, "and is unmasked there");

    rc = otter_frame_next(&p, &wide, &pos, wire.data + wire.len, &piece);
    tap_ok(rc == OTTER_FRAME_PIECE && piece.data == wire.data + 15,
           "a whole text lies in the buffer");
    tap_ok(piece.first && piece.last, "and is one piece");
    tap_is_mem(piece.data, piece.len, "abc", 3, "and is unmasked there");
}


static void
test_after_error(void)
{
    otter_frame_parser_t  p;

    otter_frame_init(&p);

    wire.len = 0;
    whole.len = 0;
    put_decoded(&wire, "8181 00000000 ff 8181 00000000 61");

    feed(&p, &wide, wire.data, 7, &whole);
    feed(&p, &wide, wire.data + 7, 7, &whole);

    tap_is_mem(whole.data, whole.len, "!1007!1007", 10,
               "after an error the parser stays in error");
}


static int
code_is_good(unsigned code)
{
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014)
           || (code >= 3000 && code <= 4999);
}


static void
test_close_codes(void)
{
    unsigned       code, wrong;
    uint16_t       got, error;
    unsigned char  b[2];

    error = 1;
    tap_is_int(otter_frame_close_code(NULL, 0, &error), 1005,
               "an empty Close");

    tap_is_int(otter_frame_close_code((const unsigned char *) "\x03", 1,
                                      &error),
               0, "a Close of one byte");
    tap_is_int(error, 1002, "is a protocol error");

    wrong = 0;

    for (code = 0; code < 65536; code++) {
        b[0] = (unsigned char) (code >> 8);
        b[1] = (unsigned char) code;
        error = 1;

        got = otter_frame_close_code(b, 2, &error);

        wrong += code_is_good(code) ? got != code || error != 0
                                    : got != 0 || error != 1002;
    }

    tap_is_int(wrong, 0, "each of all codes");

    tap_is_int(otter_frame_close_code(
                   (const unsigned char *) "\x03\xe8" "caf\xc3\xa9", 7,
                   &error),
               1000, "a reason in UTF-8");

    tap_is_int(otter_frame_close_code(
                   (const unsigned char *) "\x03\xe8" "caf\xc3", 6, &error),
               0, "a reason cut in a character");
    tap_is_int(error, 1007, "is bad data");
}


int
main(void)
{
    test_samples();
    test_round_trip();
    test_bad_places();
    test_heads();
    test_in_place();
    test_after_error();
    test_close_codes();

    return tap_done();
}
