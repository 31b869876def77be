
/*
 * Copyright (C) Otter contributors
 */

/* the insides of JSON strings: escaping, unescaping, comparing */


#include "json_random.h"
#include "otter_json.h"
#include "tap.h"


enum {
    TEXTS = 20000
};

typedef struct {
    const char         *inside;
    const char         *decoded;       /* NULL: refused */
} sample_t;

typedef struct {
    int                 same;
    const char         *a;
    const char         *b;
} pair_t;


static const sample_t  samples[] = {
    { "", "" },
    { "abc", "abc" },
    { "\\\"\\\\\\/", "\"\\/" },
    { "\\b\\f\\n\\r\\t", "\b\f\n\r\t" },
    { "x\\u0041y", "xAy" },
    { "\\u007f\\u0080\\u07ff\\u0800", "\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80" },
    { "\\uFFFF\\ud7ff\\ue000", "\xef\xbf\xbf\xed\x9f\xbf\xee\x80\x80" },
    { "\\ud800\\udc00", "\xf0\x90\x80\x80" },
    { "\\uDBFF\\uDFFF", "\xf4\x8f\xbf\xbf" },
    { "a\\uD83d\\uDe00b", "a\xf0\x9f\x98\x80" "b" },
    { "\xc3\xa9\\u00e9", "\xc3\xa9\xc3\xa9" },
    { "\\\\u0041", "\\u0041" },
    { "\\ud800", NULL },
    { "\\udc00", NULL },
    { "\\udbffx", NULL },
    { "\\ud800\\u0041", NULL },
    { "\\ud800\\ud800", NULL },
    { "\\ud800\\ue000", NULL },
    { "\\ud800\\n", NULL },
    { "\\udc00\\ud800", NULL },
    { "a\\", NULL },
    { "\\u12", NULL },
    { "\\u12g4", NULL }
};

static const pair_t  pairs[] = {
    { 1, "type", "type" },
    { 1, "type", "\\u0074ype" },
    { 1, "typ\\u0065", "\\u0074ype" },
    { 1, "\\n", "\\u000A" },
    { 1, "/", "\\/" },
    { 1, "\xc3\xa9", "\\u00e9" },
    { 1, "\xe4\xb8\xad", "\\u4e2d" },
    { 1, "\xf0\x9f\x98\x80", "\\ud83d\\ude00" },
    { 1, "\\ud800", "\\uD800" },
    { 1, "", "" },
    { 0, "", "a" },
    { 0, "type", "typ" },
    { 0, "type", "types" },
    { 0, "type", "Type" },
    { 0, "a\\u0000", "a" },
    { 0, "\\u0000", "" },
    { 0, "\\u0000\\u0000", "\\u0000" },
    { 0, "\\ud800", "\\udc00" },
    { 0, "\\ud83d", "\xf0\x9f\x98\x80" },
    { 0, "\\\\u0041", "\\u0041" },
    { 0, "\xc3\xa9", "\xc3\xa8" },
    { 0, "\\u00e9", "e\xcc\x81" }
};


static void
test_unescape(void)
{
    size_t                i, len;
    int64_t               n;
    const sample_t       *s;
    const unsigned char  *inside;
    unsigned char         dst[64];

    for (i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        s = &samples[i];
        inside = (const unsigned char *) s->inside;

        memset(dst, '#', sizeof(dst));
        n = otter_json_unescape(dst, sizeof(dst), inside,
                                strlen(s->inside));

        if (s->decoded == NULL) {
            tap_is_int(n, -1, "%s is refused", s->inside);
            continue;
        }

        len = strlen(s->decoded);

        tap_is_mem(dst, n < 0 ? 0 : (size_t) n, s->decoded, len,
                   "%s is decoded", s->inside);

        memset(dst, '#', sizeof(dst));
        n = otter_json_unescape(dst, len, inside, strlen(s->inside));
        tap_ok(n == (int64_t) len && dst[len] == '#', "it fits exactly");

        if (len) {
            memset(dst, '#', sizeof(dst));
            n = otter_json_unescape(dst, len - 1, inside,
                                    strlen(s->inside));
            tap_ok(n == -1 && dst[len - 1] == '#',
                   "and is refused with less room");
        }

        len = strlen(s->inside);
        memcpy(dst, s->inside, len);
        n = otter_json_unescape(dst, len, dst, len);
        tap_is_mem(dst, n < 0 ? 0 : (size_t) n, s->decoded,
                   strlen(s->decoded), "where it lies, too");
    }
}


static void
test_escape(void)
{
    size_t          i;
    unsigned        wrong;
    unsigned char   c, dst[64], *end;

    end = otter_json_escape(dst, (const unsigned char *)
                                 "a\"b\\c/\b\f\n\r\t\v\x01\x1f\x7f\xc3\xa9",
                            17);

    tap_is_mem(dst, (size_t) (end - dst),
               "a\\\"b\\\\c/\\b\\f\\n\\r\\t\\u000b\\u0001\\u001f\x7f\xc3\xa9",
               39, "what must be escaped is, and nothing else");

    end = otter_json_escape(dst, NULL, 0);
    tap_ok(end == dst && otter_json_escaped_size(NULL, 0) == 0,
           "nothing stays nothing");

    wrong = 0;

    for (i = 0; i < 0x100; i++) {
        c = (unsigned char) i;
        end = otter_json_escape(dst, &c, 1);

        wrong += otter_json_escaped_size(&c, 1) != (size_t) (end - dst)
                 || (i < 0x20) != (end - dst > 1 && i != '"' && i != '\\');
    }

    tap_is_int(wrong, 0, "the size of every byte");
}


/* any bytes: escaped, they are valid inside quotes and come back the same */

static void
test_round_trip(void)
{
    size_t         i, len, size, want;
    prng_t         r = { 20260103 };
    unsigned       n, wrong;
    unsigned char  data[100], text[700], back[100], *end;

    wrong = 0;

    for (n = 0; n < TEXTS; n++) {
        len = prng_below(&r, sizeof(data));
        want = 0;

        for (i = 0; i < len; i++) {
            data[i] = (unsigned char) prng_below(&r, n % 2 ? 0x80 : 0x40);
            want += data[i] >= 0x20 ? 1 + (strchr("\"\\", data[i]) != NULL)
                                    : strchr("\b\f\n\r\t", data[i])
                                      && data[i] ? 2 : 6;
        }

        text[0] = '"';
        end = otter_json_escape(text + 1, data, len);
        size = (size_t) (end - text) - 1;
        *end = '"';

        wrong += size != want || size != otter_json_escaped_size(data, len)
                 || !otter_json_valid(text, size + 2)
                 || otter_json_unescape(back, len, text + 1, size)
                    != (int64_t) len
                 || memcmp(data, back, len) != 0;
    }

    tap_is_int(wrong, 0, "%u random strings come back", n);
}


/* jansson decodes the same from strings at random */

static void
test_oracle(void)
{
    prng_t         r = { 20260104 };
    size_t         len;
    json_t        *tree;
    int64_t        n;
    unsigned       i, wrong;
    unsigned char  dst[2000];

    static text_t  t;

    wrong = 0;

    for (i = 0; i < TEXTS; i++) {
        t.len = 0;
        random_string(&r, &t);

        if (oracle_load(t.data, t.len, &tree) != ORACLE_VALID) {
            wrong++;
            continue;
        }

        len = json_string_length(tree);
        n = otter_json_unescape(dst, sizeof(dst), t.data + 1, t.len - 2);

        wrong += n != (int64_t) len
                 || memcmp(dst, json_string_value(tree), len) != 0;

        json_decref(tree);
    }

    tap_is_int(wrong, 0, "jansson decodes all of them the same");
}


static void
test_same(void)
{
    size_t                i, alen, blen;
    const unsigned char  *a, *b;

    for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        a = (const unsigned char *) pairs[i].a;
        b = (const unsigned char *) pairs[i].b;
        alen = strlen(pairs[i].a);
        blen = strlen(pairs[i].b);

        tap_ok(otter_json_same(a, alen, b, blen) == pairs[i].same
               && otter_json_same(b, blen, a, alen) == pairs[i].same,
               "pair %zu: %s", i, pairs[i].same ? "the same" : "not so");

        tap_ok((otter_json_hash(a, alen) == otter_json_hash(b, blen))
               == pairs[i].same, "pair %zu: their hashes", i);
    }

    tap_ok(otter_json_same(NULL, 0, NULL, 0), "nothing is nothing");
}


int
main(void)
{
    test_unescape();
    test_escape();
    test_round_trip();
    test_oracle();
    test_same();

    return tap_done();
}
