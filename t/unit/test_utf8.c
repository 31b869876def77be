
/*
 * Copyright (C) Otter contributors
 */

/*
 * UTF-8 against a table of every prefix that some character has: each byte
 * sequence of three bytes, and those of four that begin with F0 to FF.
 */


#include <stdlib.h>

#include "otter_utf8.h"
#include "tap.h"


enum {
    PREFIX = 1,                        /* begins a longer character */
    WHOLE = 2                          /* is a character */
};

/* by the number of bytes, then by their value, the first one highest */

static unsigned char  one[0x100], two[0x10000], three[0x1000000];


static size_t
encode(unsigned char *b, uint32_t c)
{
    if (c < 0x80) {
        b[0] = (unsigned char) c;
        return 1;
    }

    if (c < 0x800) {
        b[0] = (unsigned char) (0xc0 + c / 64);
        b[1] = (unsigned char) (0x80 + c % 64);
        return 2;
    }

    if (c < 0x10000) {
        b[0] = (unsigned char) (0xe0 + c / 4096);
        b[1] = (unsigned char) (0x80 + c / 64 % 64);
        b[2] = (unsigned char) (0x80 + c % 64);
        return 3;
    }

    b[0] = (unsigned char) (0xf0 + c / 262144);
    b[1] = (unsigned char) (0x80 + c / 4096 % 64);
    b[2] = (unsigned char) (0x80 + c / 64 % 64);
    b[3] = (unsigned char) (0x80 + c % 64);

    return 4;
}


static void
learn(void)
{
    size_t         n;
    uint32_t       c;
    unsigned char  b[4];

    for (c = 0; c < 0x110000; c++) {

        if (c >= 0xd800 && c < 0xe000) {
            continue;
        }

        n = encode(b, c);

        one[b[0]] |= n == 1 ? WHOLE : PREFIX;

        if (n >= 2) {
            two[b[0] << 8 | b[1]] |= n == 2 ? WHOLE : PREFIX;
        }

        if (n >= 3) {
            three[b[0] << 16 | b[1] << 8 | b[2]] |= n == 3 ? WHOLE : PREFIX;
        }
    }
}


/* how many bytes of the three can stand; *done: no character is open then */

static size_t
sound(const unsigned char *b, int *done)
{
    size_t    i, start;
    unsigned  kind;

    start = 0;

    for (i = 0; i < 3; i++) {

        switch (i - start) {

        case 0:
            kind = one[b[i]];
            break;

        case 1:
            kind = two[b[start] << 8 | b[i]];
            break;

        default:
            kind = three[b[start] << 16 | b[start + 1] << 8 | b[i]];
            break;
        }

        if (kind == 0) {
            break;
        }

        if (kind == WHOLE) {
            start = i + 1;
        }
    }

    *done = start == i;

    return i;
}


/* how many bytes are taken when they come one at a time */

static size_t
taken(const unsigned char *b, size_t len, otter_utf8_t *u)
{
    size_t  i;

    otter_utf8_init(u);

    for (i = 0; i < len; i++) {

        if (!otter_utf8_feed(u, b + i, 1)) {
            break;
        }
    }

    return i;
}


/* the bytes behind them let whole characters be taken at once */

static void
test_three_bytes(void)
{
    int            done;
    size_t         n;
    uint32_t       i, wrong, late;
    otter_utf8_t   u;
    unsigned char  b[] = "...aa";

    wrong = 0;
    late = 0;

    for (i = 0; i < 0x1000000; i++) {
        b[0] = (unsigned char) (i >> 16);
        b[1] = (unsigned char) (i >> 8);
        b[2] = (unsigned char) i;

        n = sound(b, &done);

        if (taken(b, 3, &u) != n
            || (n == 3 && otter_utf8_done(&u) != done))
        {
            late++;
        }

        if (otter_utf8_valid(b, 3) != (n == 3 && done)
            || otter_utf8_valid(b, 5) != (n == 3 && done))
        {
            wrong++;
        }
    }

    tap_is_int(late, 0, "three bytes: each fails at the first bad one");
    tap_is_int(wrong, 0, "three bytes: the same when they come together");
}


static void
test_four_bytes(void)
{
    int            good;
    unsigned       c;
    uint32_t       i, opened, late, wrong;
    otter_utf8_t   u;
    unsigned char  b[4];

    opened = 0;
    late = 0;
    wrong = 0;

    for (i = 0xf00000; i < 0x1000000; i++) {
        opened += three[i] == PREFIX;

        b[0] = (unsigned char) (i >> 16);
        b[1] = (unsigned char) (i >> 8);
        b[2] = (unsigned char) i;

        for (c = 0x3f; c < 0x100; c += 0x40) {
            b[3] = (unsigned char) c;
            good = three[i] == PREFIX && c == 0xbf;

            wrong += otter_utf8_valid(b, 4) != good;
            late += three[i] == PREFIX && (taken(b, 4, &u) == 4) != good;

            b[3]++;
            good = three[i] == PREFIX && b[3] == 0x80;

            wrong += otter_utf8_valid(b, 4) != good;
            late += three[i] == PREFIX && (taken(b, 4, &u) == 4) != good;
        }
    }

    tap_is_int(opened, 0x100000 / 64, "three bytes that open a fourth");
    tap_is_int(late, 0, "four bytes: the last must be a continuation");
    tap_is_int(wrong, 0, "four bytes: the same when they come together");
}


/* every place of a block, so each path over words and its rest is met */

static void
test_places(void)
{
    size_t          len, i, cut;
    unsigned        missed, refused, split;
    otter_utf8_t    u;
    unsigned char  *b;

    missed = 0;
    refused = 0;
    split = 0;

    for (len = 1; len <= 70; len++) {
        b = malloc(len);
        if (b == NULL) {
            abort();
        }

        for (i = 0; i < len; i++) {
            memset(b, 'a', len);
            b[i] = 0x80;
            missed += otter_utf8_valid(b, len) != 0;

            b[i] = 0xff;
            missed += otter_utf8_valid(b, len) != 0;

            b[i] = 0xc3;
            missed += otter_utf8_valid(b, len) != 0;

            if (i + 1 == len) {
                continue;
            }

            b[i + 1] = 0xa9;
            refused += otter_utf8_valid(b, len) != 1;

            for (cut = 0; cut <= len; cut++) {
                otter_utf8_init(&u);

                split += otter_utf8_feed(&u, b, cut) != 1
                         || otter_utf8_done(&u) != (cut != i + 1)
                         || otter_utf8_feed(&u, b + cut, len - cut) != 1
                         || otter_utf8_done(&u) != 1;
            }
        }

        free(b);
    }

    tap_is_int(missed, 0, "a bad byte is found at every place");
    tap_is_int(refused, 0, "a character is taken at every place");
    tap_is_int(split, 0, "and wherever the input is cut");
}


static void
test_broken(void)
{
    otter_utf8_t  u;

    otter_utf8_init(&u);

    tap_ok(otter_utf8_feed(&u, NULL, 0), "nothing is sound");
    tap_ok(otter_utf8_done(&u), "and done");
    tap_ok(!otter_utf8_feed(&u, (const unsigned char *) "a\xc0", 2),
           "C0 can never stand");
    tap_ok(!otter_utf8_done(&u), "what is broken is not done");
    tap_ok(!otter_utf8_feed(&u, (const unsigned char *) "a", 1),
           "what is broken stays broken");
    tap_ok(otter_utf8_valid(NULL, 0), "the empty text is valid");
}


int
main(void)
{
    learn();

    test_three_bytes();
    test_four_bytes();
    test_places();
    test_broken();

    return tap_done();
}
