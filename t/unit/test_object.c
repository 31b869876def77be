
/*
 * Copyright (C) Otter contributors
 */

/* A plain object and a tree of jansson's must be the same to who asks. */


#include "json_random.h"
#include "otter_json.h"
#include "otter_object.h"
#include "tap.h"


enum {
    ROUNDS = 60000
};

typedef struct {
    const char         *text;
    otter_object_rc_t   rc;
    int                 plain;
} case_t;


static const case_t  cases[] = {
    { "{}", OTTER_OBJECT_OK, 1 },
    { " { } ", OTTER_OBJECT_OK, 1 },
    { "{\"a\":\"b\"}", OTTER_OBJECT_OK, 1 },
    { "\t{ \"a\" : 1 ,\r\n\"b\" : true } ", OTTER_OBJECT_OK, 1 },
    { "{\"a\":\"\xc3\xa9\"}", OTTER_OBJECT_OK, 1 },
    { "{\"a\":999999999999999999}", OTTER_OBJECT_OK, 1 },
    { "{\"a\":-999999999999999999}", OTTER_OBJECT_OK, 1 },
    { "{\"a\":1000000000000000000}", OTTER_OBJECT_OK, 0 },
    { "{\"a\":9223372036854775807}", OTTER_OBJECT_OK, 0 },
    { "{\"a\":9223372036854775808}", OTTER_OBJECT_TOO_LARGE, 0 },
    { "{\"a\":1.5}", OTTER_OBJECT_OK, 0 },
    { "{\"a\":1e5}", OTTER_OBJECT_OK, 0 },
    { "{\"a\":1e999}", OTTER_OBJECT_TOO_LARGE, 0 },
    { "{\"a\":[]}", OTTER_OBJECT_OK, 0 },
    { "{\"a\":{}}", OTTER_OBJECT_OK, 0 },
    { "{\"a\":\"\\n\"}", OTTER_OBJECT_OK, 0 },
    { "{\"\\u0061\":1}", OTTER_OBJECT_OK, 0 },
    { "{\"a\":\"\\u0000\"}", OTTER_OBJECT_ZERO, 0 },
    { "{\"a\":1,\"a\":2}", OTTER_OBJECT_TWICE, 0 },
    { "{\"a\":1,\"\\u0061\":2}", OTTER_OBJECT_TWICE, 0 },
    { "{\"a\":{\"b\":1,\"b\":1}}", OTTER_OBJECT_TWICE, 0 },
    { "{\"\":1,\"\":2}", OTTER_OBJECT_TWICE, 0 },
    { "{\"a\":\"\xc3\"}", OTTER_OBJECT_NOT_UTF8, 0 },
    { "[]", OTTER_OBJECT_OTHER, 0 },
    { "\"a\"", OTTER_OBJECT_OTHER, 0 },
    { "12", OTTER_OBJECT_OTHER, 0 },
    { "", OTTER_OBJECT_NOT_JSON, 0 },
    { "{", OTTER_OBJECT_NOT_JSON, 0 },
    { "{\"a\"}", OTTER_OBJECT_NOT_JSON, 0 },
    { "{\"a\":}", OTTER_OBJECT_NOT_JSON, 0 },
    { "{\"a\":1,}", OTTER_OBJECT_NOT_JSON, 0 },
    { "{\"a\":1 \"b\":1}", OTTER_OBJECT_NOT_JSON, 0 },
    { "{\"a\":01}", OTTER_OBJECT_NOT_JSON, 0 },
    { "{\"a\":-}", OTTER_OBJECT_NOT_JSON, 0 },
    { "{\"a\":+1}", OTTER_OBJECT_NOT_JSON, 0 },
    { "{\"a\":tru}", OTTER_OBJECT_NOT_JSON, 0 },
    { "{\"a\":truex}", OTTER_OBJECT_NOT_JSON, 0 },
    { "{\"a\":\"\n\"}", OTTER_OBJECT_NOT_JSON, 0 },
    { "{\"a\":1}}", OTTER_OBJECT_NOT_JSON, 0 },
    { "{\"a\":1} x", OTTER_OBJECT_NOT_JSON, 0 },
    { "{a:1}", OTTER_OBJECT_NOT_JSON, 0 },
    { "{\"a\":1", OTTER_OBJECT_NOT_JSON, 0 },
    { "{\"a", OTTER_OBJECT_NOT_JSON, 0 },
};


static otter_object_rc_t
read_text(otter_object_t *object, const char *text)
{
    return otter_object_read(object, (const unsigned char *) text,
                             strlen(text));
}


static void
test_cases(void)
{
    size_t             i;
    const case_t      *c;
    otter_object_t     object;
    otter_object_rc_t  rc;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        c = &cases[i];
        rc = read_text(&object, c->text);

        tap_is_int(rc, c->rc, "%s", c->text[0] == '{' && c->text[1] != '\0'
                                    && strchr(c->text, '\n') == NULL
                                    ? c->text : "another text");

        if (rc == OTTER_OBJECT_OK) {
            tap_is_int(object.tree == NULL, c->plain, "%s",
                       c->plain ? "is plain" : "is a tree");
            otter_object_free(&object);
        }
    }
}


/* at and over the members that are held */

static void
test_members(void)
{
    int             n;
    char            name[8], text[512];
    size_t          len;
    otter_value_t   value;
    otter_object_t  object;

    for (n = OTTER_OBJECT_MEMBERS; n <= OTTER_OBJECT_MEMBERS + 1; n++) {
        len = 0;

        for (int i = 0; i < n; i++) {
            len += (size_t) sprintf(text + len, "%s\"m%d\":%d",
                                    i ? "," : "{", i, i);
        }

        memcpy(text + len, "}", 2);

        tap_is_int(read_text(&object, text), OTTER_OBJECT_OK, "%d members",
                   n);
        tap_is_int(object.tree == NULL, n == OTTER_OBJECT_MEMBERS,
                   "held or in a tree");

        sprintf(name, "m%d", n - 1);
        otter_object_get(&object, name, &value);

        tap_ok(value.type == OTTER_VALUE_INTEGER && value.number == n - 1,
               "the last one is there");

        otter_object_get(&object, "m", &value);
        tap_is_int(value.type, OTTER_VALUE_ABSENT, "and no other");

        otter_object_free(&object);
    }
}


static int
same(const otter_value_t *value, const json_t *json)
{
    switch (value->type) {

    case OTTER_VALUE_STRING:
        return json_is_string(json)
               && json_string_length(json) == value->text.len
               && memcmp(json_string_value(json), value->text.data,
                         value->text.len)
                  == 0;

    case OTTER_VALUE_INTEGER:
        return json_is_integer(json)
               && json_integer_value(json) == value->number;

    case OTTER_VALUE_TRUE:
        return json_is_true(json);

    case OTTER_VALUE_FALSE:
        return json_is_false(json);

    case OTTER_VALUE_NULL:
        return json_is_null(json);

    case OTTER_VALUE_OTHER:
        return json_equal(json, (json_t *) value->tree);

    default:
        return 0;
    }
}


/* members of one level, seldom nested, seldom with a name twice */

static void
random_object(prng_t *r, text_t *t)
{
    size_t  i, n;

    static const char *const  names[] = {
        "\"room\"", "\"identity\"", "\"ttl\"", "\"x\"", "\"\"", "\"r\\u0061\"",
        "\"name\"", "\"aud\"", "\"sub\"", "\"exp\""
    };
    static const char *const  values[] = {
        "\"den\"", "1", "-17", "0", "true", "false", "null", "\"\"",
        "\"a b\"", "\"\xe2\x82\xac\"", "123456789012345678", "-0",
        "1234567890123456789", "0.5", "[1]", "{\"a\":1}", "\"\\\\\""
    };

    random_space(r, t);
    text_put(t, "{");
    random_space(r, t);

    n = prng_below(r, 5);

    for (i = 0; i < n; i++) {
        text_put(t, i ? "," : "");
        random_space(r, t);
        text_put(t, pick(r, names, sizeof(names) / sizeof(names[0])));
        random_space(r, t);
        text_put(t, ":");
        random_space(r, t);
        text_put(t, pick(r, values, prng_below(r, 4) ? 12 : 17));
        random_space(r, t);
    }

    text_put(t, "}");
    random_space(r, t);
}


static void
test_random(void)
{
    int              ok;
    void            *iter;
    json_t          *tree;
    prng_t           r;
    unsigned         i, wrong, wrong_member, plain, taken;
    json_error_t     error;
    otter_value_t    value;
    otter_object_t   object;
    static text_t    t;

    r.state = 7;
    wrong = 0;
    wrong_member = 0;
    plain = 0;
    taken = 0;

    for (i = 0; i < ROUNDS; i++) {
        t.len = 0;
        random_object(&r, &t);

        if (i % 2) {
            random_spoil(&r, &t);
        }

        ok = otter_object_read(&object, t.data, t.len) == OTTER_OBJECT_OK;

        tree = otter_json_valid(t.data, t.len)
               ? json_loadb((char *) t.data, t.len,
                            JSON_REJECT_DUPLICATES|JSON_DECODE_ANY, &error)
               : NULL;

        if (ok != json_is_object(tree)) {
            wrong++;
            tap_diag("%.*s", (int) t.len, (char *) t.data);

        } else if (ok) {
            taken++;
            plain += object.tree == NULL;

            for (iter = json_object_iter(tree);
                 iter;
                 iter = json_object_iter_next(tree, iter))
            {
                otter_object_get(&object, json_object_iter_key(iter), &value);
                wrong_member += !same(&value, json_object_iter_value(iter));
            }

            wrong_member += object.tree == NULL
                            && object.nmembers != json_object_size(tree);
        }

        if (ok) {
            otter_object_free(&object);
        }

        json_decref(tree);
    }

    tap_is_int(wrong, 0, "what jansson takes, of %d texts", ROUNDS);
    tap_is_int(wrong_member, 0, "and the members it finds");
    tap_ok(plain > ROUNDS / 10 && taken > plain,
           "%u were taken, %u of them plain", taken, plain);
}


int
main(void)
{
    test_cases();
    test_members();
    test_random();

    return tap_done();
}
