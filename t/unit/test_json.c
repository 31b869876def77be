
/*
 * Copyright (C) Otter contributors
 */

/* the JSON scanner: by tables, and against jansson on text at random */


#include "json_random.h"
#include "otter_json.h"
#include "otter_utf8.h"
#include "tap.h"


enum {
    TEXTS = 20000
};

typedef struct {
    int                 valid;
    const char         *text;
} sample_t;


static const sample_t  samples[] = {

    { 1, "{}" }, { 1, "[]" }, { 1, " { } " }, { 1, "[ ]" },
    { 1, "\t\n\r [\t\n\r 1\t\n\r ,\t\n\r 2\t\n\r ]\t\n\r " },
    { 1, "{\"a\":1}" }, { 1, "{ \"a\" : 1 , \"b\" : [ ] }" },
    { 1, "[[],{},[{}],{\"a\":[]}]" }, { 1, "{\"a\":1,\"a\":1}" },
    { 1, "\"\"" }, { 1, "true" }, { 1, "false" }, { 1, "null" },

    { 0, "" }, { 0, " " }, { 0, "{" }, { 0, "}" }, { 0, "[" }, { 0, "]" },
    { 0, "[1" }, { 0, "[1," }, { 0, "[1,]" }, { 0, "[,1]" }, { 0, "[,]" },
    { 0, "[1 2]" }, { 0, "[1,,2]" }, { 0, "[}" }, { 0, "{]" },
    { 0, "[1}" }, { 0, "{\"a\":1]" }, { 0, "[{]}" }, { 0, "[1:2]" },
    { 0, "[1;2]" },
    { 0, "{\"a\"}" }, { 0, "{\"a\":}" }, { 0, "{:1}" }, { 0, "{\"a\":1,}" },
    { 0, "{,\"a\":1}" }, { 0, "{\"a\":1 \"b\":2}" }, { 0, "{\"a\" 1}" },
    { 0, "{a:1}" }, { 0, "{'a':1}" }, { 0, "{1:1}" }, { 0, "{\"a\"::1}" },
    { 0, "{\"a\":1:2}" }, { 0, "{\"a\",1}" }, { 0, "{null:1}" },
    { 0, "{} {}" }, { 0, "[]1" }, { 0, "1 2" }, { 0, "{},," },

    { 0, "tru" }, { 0, "truE" }, { 0, "True" }, { 0, "truee" },
    { 0, "fals" }, { 0, "nul" }, { 0, "nulll" }, { 0, "NaN" },
    { 0, "Infinity" }, { 0, "undefined" },

    { 0, "\v1" }, { 0, "\f1" }, { 0, "1\b" }, { 0, "\xc2\xa0" "1" },
    { 0, "\xef\xbb\xbf" "1" }, { 0, "/**/1" }, { 0, "1//" },

    { 1, "0" }, { 1, "-0" }, { 1, "10" }, { 1, "-1" }, { 1, "0.0" },
    { 1, "1.5e3" }, { 1, "1E+10" }, { 1, "1e-10" }, { 1, "0e0" },
    { 1, "1e999" }, { 1, "123456789012345678901234567890" },
    { 0, "01" }, { 0, "-01" }, { 0, "00" }, { 0, "+1" }, { 0, "-" },
    { 0, "--1" }, { 0, "1." }, { 0, ".5" }, { 0, "1.e1" }, { 0, "1e" },
    { 0, "1e+" }, { 0, "1e1.5" }, { 0, "0x10" }, { 0, "1_0" }, { 0, "-a" },
    { 0, "1.5.5" }, { 0, "- 1" }, { 0, "1e 1" },

    { 1, "\"abc\"" }, { 1, "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"" },
    { 1, "\"\\u0000\\u00e9\\uABCD\\uabcd\"" },
    { 1, "\"\\ud83d\\ude00\"" }, { 1, "\"\\ud83d\"" }, { 1, "\"\\ude00\"" },
    { 1, "\"\x7f\"" }, { 1, "\"\xc3\xa9\"" },
    { 0, "\"" }, { 0, "\"abc" }, { 0, "\"\\\"" }, { 0, "\"\\" },
    { 0, "\"\\x41\"" }, { 0, "\"\\a\"" }, { 0, "\"\\'\"" },
    { 0, "\"\\u\"" }, { 0, "\"\\u123\"" }, { 0, "\"\\u12g4\"" },
    { 0, "\"\\u 123\"" }, { 0, "\"\\U0041\"" }, { 0, "\"\\u00" },
    { 0, "\"\n\"" }, { 0, "\"\t\"" }, { 0, "\"\x1f\"" }, { 0, "\"\x01\"" },
    { 0, "'a'" }, { 0, "\"a\"b\"" }
};


/* bytes of their own, so that an overrun is seen */

static int
valid(const unsigned char *text, size_t len)
{
    int             rc;
    unsigned char  *copy;

    copy = malloc(len ? len : 1);
    if (copy == NULL) {
        abort();
    }

    memcpy(copy, text, len);
    rc = otter_json_valid(copy, len);
    free(copy);

    return rc;
}


static void
test_samples(void)
{
    size_t           i;
    json_t          *tree;
    const sample_t  *s;

    for (i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        s = &samples[i];

        tap_is_int(valid((const unsigned char *) s->text, strlen(s->text)),
                   s->valid, "sample %zu: %s", i,
                   s->valid ? "valid" : "refused");

        /* the table must be right, too */

        if (oracle_load((const unsigned char *) s->text, strlen(s->text),
                        &tree)
            == (s->valid ? ORACLE_INVALID : ORACLE_VALID))
        {
            tap_ok(0, "sample %zu: jansson differs", i);
        }

        json_decref(tree);
    }

    tap_ok(!valid((const unsigned char *) "\"a\0b\"", 5),
           "no zero byte in a string");
    tap_ok(!valid((const unsigned char *) "1\0", 2), "nor behind a value");
    tap_ok(!otter_json_valid(NULL, 0), "nor is nothing valid");
}


/* every place of a block, so each path over words and its rest is met */

static void
test_places(void)
{
    size_t         i, len;
    unsigned       c, wrong;
    unsigned char  text[42];

    wrong = 0;

    for (len = 3; len < sizeof(text); len++) {

        for (i = 1; i < len - 1; i++) {

            for (c = 0; c < 0x100; c++) {
                memset(text, 'a', len);
                text[0] = '"';
                text[len - 1] = '"';
                text[i] = (unsigned char) c;

                /* the escape of an "a" is none */

                wrong += valid(text, len)
                         != (c >= 0x20 && c != '"' && c != '\\');
            }
        }
    }

    tap_is_int(wrong, 0, "every byte at every place of a string");
}


static void
nest(text_t *t, unsigned depth, const char *open, const char *close)
{
    unsigned  i;

    t->len = 0;

    for (i = 0; i < depth; i++) {
        text_put(t, open);
    }

    text_put(t, "1");

    for (i = 0; i < depth; i++) {
        text_put(t, close);
    }
}


static void
test_depth(void)
{
    unsigned              depth;
    const unsigned char  *p, *last;

    static text_t         t;

    nest(&t, 32, "[", "]");
    tap_ok(valid(t.data, t.len), "32 levels of arrays");
    nest(&t, 33, "[", "]");
    tap_ok(!valid(t.data, t.len), "but not 33");

    nest(&t, 32, "{\"a\":", "}");
    tap_ok(valid(t.data, t.len), "32 levels of objects");
    nest(&t, 33, "{\"a\":", "}");
    tap_ok(!valid(t.data, t.len), "but not 33");

    nest(&t, 16, "[{\"a\":", "}]");
    tap_ok(valid(t.data, t.len), "32 levels of both");
    nest(&t, 16, "[{\"a\":", "]}");
    tap_ok(!valid(t.data, t.len), "that close in their order");

    nest(&t, 32, "[{},[],", "]");
    tap_ok(!valid(t.data, t.len), "an empty one is a level, too");

    for (depth = 0; depth <= 64; depth += 8) {
        nest(&t, depth, "[", "]");
        last = t.data + t.len;

        p = otter_json_value(t.data, last, depth);
        tap_ok(p == last, "%u levels of %u", depth, depth);

        nest(&t, depth + 1, "[", "]");

        p = otter_json_value(t.data, last, depth);
        tap_ok(p == NULL, "%u levels are too many", depth + 1);
    }

    nest(&t, 65, "[", "]");
    p = otter_json_value(t.data, t.data + t.len, 1000);
    tap_ok(p == NULL, "more than 64 levels cannot be asked for");

    nest(&t, 20000, "[", "]");
    tap_ok(!valid(t.data, t.len), "nor do 20000 overflow anything");
}


static void
test_end(void)
{
    const unsigned char  *p;
    const unsigned char   text[] = "[1,\"]\"] ,2";

    p = otter_json_value(text, text + 10, 1);
    tap_ok(p == text + 7, "a value ends where it ends");

    p = otter_json_space(text + 7, text + 10);
    tap_ok(p == text + 8, "space ends at the comma");
}


static void
test_random(void)
{
    prng_t         r = { 20260102 };
    json_t        *tree;
    unsigned       i, j, n[3], wrong, members;
    oracle_t       oracle;

    static text_t  t;

    memset(n, 0, sizeof(n));
    wrong = 0;

    for (i = 0; i < TEXTS; i++) {
        t.len = 0;
        random_space(&r, &t);
        random_value(&r, &t, 6);
        random_space(&r, &t);

        for (j = 0; j < 2; j++) {

            if (!otter_utf8_valid(t.data, t.len)) {
                continue;
            }

            oracle = oracle_load(t.data, t.len, &tree);
            n[oracle]++;

            if (oracle != ORACLE_SILENT
                && valid(t.data, t.len)
                   != (oracle == ORACLE_VALID
                       && oracle_depth(t.data, t.len, &members) <= 32))
            {
                wrong++;
                tap_show("text", t.data, t.len);
            }

            json_decref(tree);
            random_spoil(&r, &t);
        }
    }

    tap_is_int(wrong, 0, "jansson agrees on all of them");
    tap_ok(n[ORACLE_VALID] >= TEXTS && n[ORACLE_INVALID] > TEXTS / 2,
           "%u valid, %u invalid, %u it cannot tell", n[ORACLE_VALID],
           n[ORACLE_INVALID], n[ORACLE_SILENT]);
}


int
main(void)
{
    test_samples();
    test_places();
    test_depth();
    test_end();
    test_random();

    return tap_done();
}
