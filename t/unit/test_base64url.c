
/*
 * Copyright (C) Otter contributors
 */


#include "otter_base64url.h"
#include "tap.h"


typedef struct {
    const char  *plain;
    const char  *encoded;
} pair_t;


/* RFC 4648, section 10, and the two characters base64 has otherwise */

static const pair_t  pairs[] = {
    { "", "" },
    { "f", "Zg" },
    { "fo", "Zm8" },
    { "foo", "Zm9v" },
    { "foob", "Zm9vYg" },
    { "fooba", "Zm9vYmE" },
    { "foobar", "Zm9vYmFy" },
    { "\xfb\xff\xfe", "-__-" },
    { "\xff", "_w" }
};

static const char *const  refused[] = {
    "A", "AAAAA", "Zg==", "Zm8=", "Zm9v=", "=", "====",
    "-__+", "/__-", "Zm 9v", " Zg", "Zg\n", "Zm9v.", "Zm\xc3\xa9",
    "Zh", "Zv", "Zm9", "Zm-", "__", "___"
};


static void
check_pairs(void)
{
    size_t          i, len;
    int64_t         n;
    const pair_t   *pair;
    unsigned char   out[16], *last;

    for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        pair = &pairs[i];
        len = strlen(pair->plain);

        last = otter_base64url_encode(out,
                                      (const unsigned char *) pair->plain,
                                      len);
        tap_is_mem(out, (size_t) (last - out), pair->encoded,
                   strlen(pair->encoded), "\"%s\" is written",
                   pair->encoded);
        tap_is_int((int64_t) otter_base64url_size(len),
                   (int64_t) strlen(pair->encoded), "its size is foretold");

        n = otter_base64url_decode(out, len,
                                   (const unsigned char *) pair->encoded,
                                   strlen(pair->encoded));
        tap_is_mem(out, n < 0 ? 0 : (size_t) n, pair->plain, len,
                   "\"%s\" is read", pair->encoded);

        if (len) {
            n = otter_base64url_decode(out, len - 1,
                                       (const unsigned char *) pair->encoded,
                                       strlen(pair->encoded));
            tap_is_int(n, -1, "not into one byte less");
        }
    }
}


static void
check_refused(void)
{
    size_t         i;
    int64_t        n;
    unsigned char  out[16];

    for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        n = otter_base64url_decode(out, sizeof(out),
                                   (const unsigned char *) refused[i],
                                   strlen(refused[i]));
        tap_is_int(n, -1, "row %zu is refused", i);
    }

    n = otter_base64url_decode(out, sizeof(out),
                               (const unsigned char *) "Zg\0v", 4);
    tap_is_int(n, -1, "a zero byte is refused");
}


/* of two characters one text in sixteen stands for a byte, and just once */

static void
check_canonical(void)
{
    int            one, two;
    int64_t        n;
    unsigned       read, same;
    unsigned char  text[2], out[4], again[4];

    read = 0;
    same = 0;

    for (one = 0; one < 256; one++) {
        for (two = 0; two < 256; two++) {
            text[0] = (unsigned char) one;
            text[1] = (unsigned char) two;

            n = otter_base64url_decode(out, sizeof(out), text, 2);

            if (n == -1) {
                continue;
            }

            read++;

            (void) otter_base64url_encode(again, out, (size_t) n);

            if (n == 1 && memcmp(again, text, 2) == 0) {
                same++;
            }
        }
    }

    tap_is_int(read, 256, "256 texts of two characters are read");
    tap_is_int(same, 256, "each of them is the only one of its byte");
}


int
main(void)
{
    check_pairs();
    check_refused();
    check_canonical();

    return tap_done();
}
