
/*
 * Copyright (C) Otter contributors
 */

/*
 * The frame parser on streams that a client could have sent, cut in every
 * way, and on the same streams with a few bytes spoilt.
 */


#include "frame_log.h"
#include "tap.h"


enum {
    STREAMS = 1500
};


static buffer_t  wire, expected, whole, parts;

static const otter_frame_limits_t  wide = { 1 << 20, 1000, 1 };


static size_t
character(prng_t *r, unsigned char *b)
{
    switch (prng_below(r, 8)) {

    case 0:
        b[0] = (unsigned char) (0xc2 + prng_below(r, 0xe0 - 0xc2));
        b[1] = (unsigned char) (0x80 + prng_below(r, 64));
        return 2;

    case 1:
        b[0] = (unsigned char) (0xe1 + prng_below(r, 12));
        b[1] = (unsigned char) (0x80 + prng_below(r, 64));
        b[2] = (unsigned char) (0x80 + prng_below(r, 64));
        return 3;

    case 2:
        b[0] = (unsigned char) (0xf1 + prng_below(r, 3));
        b[1] = (unsigned char) (0x80 + prng_below(r, 64));
        b[2] = (unsigned char) (0x80 + prng_below(r, 64));
        b[3] = (unsigned char) (0x80 + prng_below(r, 64));
        return 4;

    default:
        b[0] = (unsigned char) prng_below(r, 128);
        return 1;
    }
}


static size_t
payload(prng_t *r, unsigned char *b, size_t max, int text)
{
    size_t  n, len;

    len = prng_below(r, max);

    for (n = 0; n < len; /* void */) {

        if (text) {
            n += character(r, b + n);

        } else {
            b[n++] = (unsigned char) prng_next(r);
        }
    }

    return n;
}


/* a frame on the wire, masked with a key of its own */

static void
send_frame(prng_t *r, unsigned first, const unsigned char *data, size_t len)
{
    size_t         i;
    unsigned char  key[4];

    for (i = 0; i < 4; i++) {
        key[i] = (unsigned char) prng_next(r);
    }

    put_frame(&wire, first, key, data, len);
}


static void
send_controls(prng_t *r)
{
    char           head[4];
    size_t         len;
    unsigned       opcode;
    unsigned char  b[OTTER_FRAME_CONTROL_MAX];

    while (prng_below(r, 3) == 0) {
        opcode = 0x8 + (unsigned) prng_below(r, 3);
        len = payload(r, b, OTTER_FRAME_CONTROL_MAX + 1, 0);

        send_frame(r, 0x80 | opcode, b, len);

        snprintf(head, sizeof(head), "%x(", opcode);
        put_text(&expected, head);
        put_hex(&expected, b, len);
        put_text(&expected, ")");
    }
}


static void
send_message(prng_t *r)
{
    size_t         len, pos, n;
    unsigned       opcode, first;
    unsigned char  b[600];

    opcode = 1 + (unsigned) prng_below(r, 2);
    first = opcode | (prng_below(r, 4) == 0 ? 0x40 : 0);
    len = payload(r, b, 500, opcode == 1 && first < 0x40);

    put_text(&expected, first & 0x40 ? "+" : "");
    put_text(&expected, opcode == 1 ? "1[" : "2[");

    for (pos = 0; /* void */ ; pos += n) {
        n = prng_below(r, 2) ? len - pos : prng_below(r, len - pos + 1);

        if (pos + n == len) {
            first |= 0x80;
        }

        send_frame(r, first, b + pos, n);
        put_hex(&expected, b + pos, n);

        if (first & 0x80) {
            break;
        }

        send_controls(r);
        first = 0;
    }

    put_text(&expected, "]");
}


static void
stream(prng_t *r)
{
    size_t  n;

    wire.len = 0;
    expected.len = 0;

    for (n = 1 + prng_below(r, 6); n; n--) {
        send_controls(r);
        send_message(r);
    }
}


/* rather at the beginning, where less has to be sound before */

static void
spoil(prng_t *r)
{
    size_t  n, i;

    for (n = 1 + prng_below(r, 3); n; n--) {
        i = prng_below(r, 1 + prng_below(r, 1 + prng_below(r, wire.len)));
        wire.data[i] ^= (unsigned char) (1 << prng_below(r, 8));
    }
}


/* the log of the whole against those of every kind of cut */

static int
cuts_agree(prng_t *r)
{
    unsigned  i;

    for (i = 0; i < 6; i++) {
        parse(&wire, &wide, 1, i ? r : NULL, &parts);

        if (!consistent(&whole, &parts)) {
            tap_show("whole", whole.data, whole.len);
            tap_show("parts", parts.data, parts.len);
            return 0;
        }
    }

    return 1;
}


int
main(void)
{
    prng_t    r = { 20260101 };
    unsigned  i, misread, cut, spoilt, refused;

    misread = 0;
    cut = 0;
    spoilt = 0;
    refused = 0;

    for (i = 0; i < STREAMS; i++) {
        stream(&r);

        parse(&wire, &wide, wire.len, NULL, &whole);
        misread += !consistent(&expected, &whole);
        cut += !cuts_agree(&r);

        spoil(&r);

        parse(&wire, &wide, wire.len, NULL, &whole);
        refused += whole.len >= 5 && whole.data[whole.len - 5] == '!';
        spoilt += !cuts_agree(&r);
    }

    tap_is_int(misread, 0, "%u streams are read as sent", i);
    tap_is_int(cut, 0, "and when cut, by bytes and at random");
    tap_ok(refused > STREAMS / 4, "%u of the spoilt ones are refused",
           refused);
    tap_is_int(spoilt, 0, "all of them the same way however they are cut");

    return tap_done();
}
