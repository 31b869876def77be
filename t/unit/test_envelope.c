
/*
 * Copyright (C) Otter contributors
 */

/*
 * The envelope by tables.  What comes out is written as "signal to=x data=1",
 * a refusal as "!detail", both with " ref=.." if there was one.
 */


#include <stdlib.h>

#include "otter_envelope.h"
#include "tap.h"


#define INVALID  "!not valid JSON or nested deeper than 32 levels"

typedef struct {
    const char         *text;
    const char         *log;
} sample_t;


static char  log_text[1 << 16];

static const char *const  types[] = {
    "signal", "message", "update", "ack", "token", "kick", "admit", "deny",
    "room", "leave"
};


static const sample_t  samples[] = {

    /* each type, with what it needs and what it takes */

    { "{\"type\":\"signal\",\"to\":\"x\",\"data\":{\"sdp\":\"\"}}",
      "signal to=x data={\"sdp\":\"\"}" },
    { "{\"type\":\"signal\",\"to\":\"x\",\"data\":null,\"ref\":7}",
      "signal to=x data=null ref=7" },
    { "{\"type\":\"message\",\"data\":\"hi\"}", "message data=\"hi\"" },
    { "{\"type\":\"message\",\"data\":false}", "message data=false" },
    { "{\"type\":\"update\"}", "update" },
    { "{\"type\":\"update\",\"name\":\"\"}", "update name=" },
    { "{\"type\":\"update\",\"name\":\"A\",\"metadata\":{}}",
      "update name=A metadata={}" },
    { "{\"type\":\"ack\",\"seq\":0}", "ack seq=0" },
    { "{\"type\":\"ack\",\"seq\":-0}", "ack seq=0" },
    { "{\"type\":\"ack\",\"seq\":9223372036854775807}",
      "ack seq=9223372036854775807" },
    { "{\"type\":\"token\",\"token\":\"a.b.c\"}", "token token=a.b.c" },
    { "{\"type\":\"kick\",\"peer\":\"x\"}", "kick peer=x" },
    { "{\"type\":\"admit\",\"peer\":\"x\"}", "admit peer=x" },
    { "{\"type\":\"deny\",\"peer\":\"x\"}", "deny peer=x" },
    { "{\"type\":\"room\"}", "room" },
    { "{\"type\":\"room\",\"locked\":true,\"lobby\":false,\"max_peers\":1}",
      "room max_peers=1 locked=1 lobby=0" },
    { "{\"type\":\"leave\"}", "leave" },

    /* spans are as the client wrote them */

    { " \t\r\n{ \"data\" : [ 1 , 2 ] , \"type\" : \"message\" } \n",
      "message data=[ 1 , 2 ]" },
    { "{\"data\":1.50e+01,\"type\":\"message\",\"ref\":{ }}",
      "message data=1.50e+01 ref={ }" },
    { "{\"type\":\"signal\",\"to\":\"\\u0041\\n\",\"data\":\"\\/\"}",
      "signal to=\\u0041\\n data=\"\\/\"" },
    { "{\"type\":\"signal\",\"to\":\"\",\"data\":\"\"}",
      "signal to= data=\"\"" },

    /* names and types are compared decoded */

    { "{\"\\u0074ype\":\"leave\"}", "leave" },
    { "{\"type\":\"\\u006ceav\\u0065\"}", "leave" },
    { "{\"type\":\"room\",\"max\\u005fpeers\":4}", "room max_peers=4" },
    { "{\"type\":\"leave\",\"\\u0074ype\":\"leave\"}",
      "!a member stands twice" },
    { "{\"type\":\"leave\",\"\xc3\xa9\":1,\"\\u00e9\":2}",
      "!a member stands twice" },
    { "{\"type\":\"leave\",\"\":1,\"\":2}", "!a member stands twice" },
    { "{\"type\":\"leave\",\"\\ud800\":1,\"\\uD800\":2}",
      "!a member stands twice" },
    { "{\"type\":\"leave\",\"\\ud800\":1,\"\\ud801\":2}", "leave" },
    { "{\"type\":\"leave\",\"type\\u0000\":1,\"types\":2,\"typ\":3}",
      "leave" },
    { "{\"type\":\"message\",\"data\":{\"a\":1,\"a\":2}}",
      "message data={\"a\":1,\"a\":2}" },
    { "{\"ref\":1,\"ref\":2,\"type\":\"leave\"}",
      "!a member stands twice ref=1" },

    /* members that a type does not know are ignored, whatever they are */

    { "{\"type\":\"leave\",\"to\":1,\"data\":2,\"seq\":\"x\",\"peer\":null,"
      "\"name\":1,\"metadata\":1,\"token\":1,\"max_peers\":\"\","
      "\"locked\":1,\"lobby\":1,\"other\":1}", "leave" },
    { "{\"type\":\"message\",\"data\":1,\"to\":\"x\"}", "message data=1" },
    { "{\"type\":\"leave\",\"ref\":null}", "leave ref=null" },

    /* not one JSON object */

    { "", "!not a JSON object" },
    { " ", "!not a JSON object" },
    { "[]", "!not a JSON object" },
    { "[{\"type\":\"leave\"}]", "!not a JSON object" },
    { "\"leave\"", "!not a JSON object" },
    { "\xef\xbb\xbf{}", "!not a JSON object" },
    { "{", INVALID },
    { "{\"type\":\"leave\"", INVALID },
    { "{\"type\":\"leave\",", INVALID },
    { "{\"type\":\"leave\",}", INVALID },
    { "{\"type\":\"leave\"}}", INVALID },
    { "{\"type\":\"leave\"}{}", INVALID },
    { "{\"type\":\"leave\"} x", INVALID },
    { "{\"type\":\"leave\"]", INVALID },
    { "{\"type\":\"leave\" \"a\":1}", INVALID },
    { "{,\"type\":\"leave\"}", INVALID },
    { "{\"type\"}", INVALID },
    { "{\"type\" \"leave\"}", INVALID },
    { "{\"type\":}", INVALID },
    { "{type:\"leave\"}", INVALID },
    { "{1:2}", INVALID },
    { "{\"typ", INVALID },
    { "{\"type\":\"leave\",\"a\":01}", INVALID },
    { "{\"type\":\"leave\",\"a\":\"\t\"}", INVALID },
    { "{\"type\":\"leave\",\"a\n\":1}", INVALID },
    { "{\"type\":\"leave\",\"a\":[1,]}", INVALID },
    { "{\"type\":\"leave\",\v\"a\":1}", INVALID },

    /* ref comes with the refusal if it was there in full */

    { "{\"ref\":\"r\",\"type\":1}", "!type must be a string ref=\"r\"" },
    { "{\"type\":1,\"ref\":[ 1 ]}", "!type must be a string ref=[ 1 ]" },
    { "{\"ref\":12,", INVALID " ref=12" },
    { "{\"ref\":12", INVALID },
    { "{\"ref\":12 x", INVALID },
    { "{\"ref\":tru,", INVALID },
    { "{\"\\u0072ef\":5}", "!type is missing ref=5" },

    /* the type */

    { "{}", "!type is missing" },
    { "{ }", "!type is missing" },
    { "{\"Type\":\"leave\"}", "!type is missing" },
    { "{\"type\":null}", "!type must be a string" },
    { "{\"type\":[\"leave\"]}", "!type must be a string" },
    { "{\"type\":\"\"}", "!type is unknown" },
    { "{\"type\":\"Leave\"}", "!type is unknown" },
    { "{\"type\":\"leave \"}", "!type is unknown" },
    { "{\"type\":\"leav\"}", "!type is unknown" },
    { "{\"type\":\"leave\\u0000\"}", "!type is unknown" },
    { "{\"type\":\"welcome\"}", "!type is unknown" },
    { "{\"type\":\"a type that is longer than any\"}", "!type is unknown" },
    { "{\"type\":\"\\ud800\"}", "!type is unknown" },

    /* a member that is missing, or of the wrong kind */

    { "{\"type\":\"signal\",\"data\":1}", "!to must be a string" },
    { "{\"type\":\"signal\",\"to\":null,\"data\":1}",
      "!to must be a string" },
    { "{\"type\":\"signal\",\"to\":\"x\"}", "!data is missing" },
    { "{\"type\":\"message\"}", "!data is missing" },
    { "{\"type\":\"update\",\"name\":null}", "!name must be a string" },
    { "{\"type\":\"update\",\"metadata\":null}",
      "!metadata must be an object" },
    { "{\"type\":\"update\",\"metadata\":[]}",
      "!metadata must be an object" },
    { "{\"type\":\"update\",\"metadata\":\"{}\"}",
      "!metadata must be an object" },
    { "{\"type\":\"ack\"}", "!seq must be an integer of 0 or more" },
    { "{\"type\":\"ack\",\"seq\":\"1\"}",
      "!seq must be an integer of 0 or more" },
    { "{\"type\":\"ack\",\"seq\":-1}",
      "!seq must be an integer of 0 or more" },
    { "{\"type\":\"ack\",\"seq\":1.0}",
      "!seq must be an integer of 0 or more" },
    { "{\"type\":\"ack\",\"seq\":1e2}",
      "!seq must be an integer of 0 or more" },
    { "{\"type\":\"ack\",\"seq\":9223372036854775808}",
      "!seq must be an integer of 0 or more" },
    { "{\"type\":\"ack\",\"seq\":18446744073709551617}",
      "!seq must be an integer of 0 or more" },
    { "{\"type\":\"token\"}", "!token must be a string" },
    { "{\"type\":\"token\",\"token\":{}}", "!token must be a string" },
    { "{\"type\":\"kick\"}", "!peer must be a string" },
    { "{\"type\":\"admit\",\"peer\":1}", "!peer must be a string" },
    { "{\"type\":\"deny\",\"peer\":[\"x\"]}", "!peer must be a string" },
    { "{\"type\":\"room\",\"locked\":1}", "!locked must be true or false" },
    { "{\"type\":\"room\",\"locked\":null}",
      "!locked must be true or false" },
    { "{\"type\":\"room\",\"lobby\":\"true\"}",
      "!lobby must be true or false" },
    { "{\"type\":\"room\",\"max_peers\":0}",
      "!max_peers must be an integer of 1 or more" },
    { "{\"type\":\"room\",\"max_peers\":-0}",
      "!max_peers must be an integer of 1 or more" },
    { "{\"type\":\"room\",\"max_peers\":null}",
      "!max_peers must be an integer of 1 or more" }
};


static void
add(const char *name, const void *data, size_t len)
{
    size_t  used;

    used = strlen(log_text);

    if (data) {
        snprintf(log_text + used, sizeof(log_text) - used, "%s%.*s", name,
                 (int) len, (const char *) data);
    }
}


static void
add_span(const char *name, const otter_span_t *span)
{
    add(name, span->data, span->len);
}


static void
add_number(const char *name, int64_t n)
{
    char  digits[24];

    snprintf(digits, sizeof(digits), "%" PRId64, n);
    add(name, digits, strlen(digits));
}


/* bytes of their own, so that an overrun is seen */

static const char *
parse(const void *text, size_t len)
{
    char              *copy;
    const char        *detail;
    otter_envelope_t   e;

    copy = malloc(len ? len : 1);
    if (copy == NULL) {
        abort();
    }

    memcpy(copy, text, len);
    memset(&e, 0xa5, sizeof(e));
    detail = otter_envelope_parse(&e, (unsigned char *) copy, len);

    log_text[0] = '\0';

    if (detail) {
        add("!", detail, strlen(detail));

    } else {
        add("", types[e.type], strlen(types[e.type]));
        add_span(" to=", &e.to);
        add_span(" data=", &e.data);
        add_span(" peer=", &e.peer);
        add_span(" name=", &e.name);
        add_span(" metadata=", &e.metadata);
        add_span(" token=", &e.token);

        if (e.type == OTTER_ENVELOPE_ACK) {
            add_number(" seq=", e.seq);
        }

        if (e.max_peers != -1) {
            add_number(" max_peers=", e.max_peers);
        }

        if (e.locked != OTTER_ENVELOPE_UNSET) {
            add_number(" locked=", e.locked);
        }

        if (e.lobby != OTTER_ENVELOPE_UNSET) {
            add_number(" lobby=", e.lobby);
        }
    }

    add_span(" ref=", &e.ref);
    free(copy);

    return log_text;
}


static void
test_samples(void)
{
    size_t           i;
    const sample_t  *s;

    for (i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        s = &samples[i];
        tap_is_str(parse(s->text, strlen(s->text)), s->log, "sample %zu: %s",
                   i, s->log);
    }

    tap_is_str(parse("{\"type\":\"leave\"}\0", 17), INVALID,
               "a zero byte behind it");
    tap_is_str(parse("{\"type\":\"leave\",\"a\":\"\0\"}", 24), INVALID,
               "a zero byte in a string");
}


static void
test_depth(void)
{
    size_t       i, n;
    char         text[200];

    static const char  head[] = "{\"type\":\"leave\",\"x\":";

    for (n = 31; n <= 32; n++) {
        memcpy(text, head, sizeof(head) - 1);

        for (i = 0; i < n; i++) {
            text[sizeof(head) - 1 + i] = '[';
            text[sizeof(head) - 1 + n + i] = ']';
        }

        text[sizeof(head) - 1 + 2 * n] = '}';

        tap_is_str(parse(text, sizeof(head) + 2 * n),
                   n == 31 ? "leave" : INVALID, "%zu levels", n + 1);
    }
}


/* the type and n members more, named by prefix and number */

static const char *
parse_many(const char *prefix, unsigned n)
{
    char      *text, *p;
    unsigned   i;

    text = malloc(64 + n * (strlen(prefix) + 16));
    if (text == NULL) {
        abort();
    }

    p = text + sprintf(text, "{\"type\":\"leave\"");

    for (i = 0; i < n; i++) {
        p += sprintf(p, ",\"%s%u\":0", prefix, i);
    }

    *p++ = '}';

    parse(text, (size_t) (p - text));
    free(text);

    return log_text;
}


static void
test_many(void)
{
    tap_is_str(parse_many("x", 63), "leave", "64 members");
    tap_is_str(parse_many("x", 64), "!too many members", "65 members");
    tap_is_str(parse_many("x", 5000), "!too many members", "5001 members");
}


/*
 * Names of one hash, found by search: each of three places has two choices.
 * Some may be in a message, as they differ; many are there only to be costly.
 */

static const char *
parse_colliding(unsigned n)
{
    char      text[1024], *p;
    unsigned  i;

    static const char *const  halves[3][2] = {
        { "\\u5302\\u4f36\\u4e00", "\\u530d\\u4e38\\u16e9" },
        { "\\u50af\\u4eff\\u4e00", "\\u50ae\\u4eff\\u9769" },
        { "\\u5a6b\\u4e7c\\u4e00", "\\u5a6a\\u4e7a\\u197f" }
    };

    p = text + sprintf(text, "{\"type\":\"leave\"");

    for (i = 0; i < n; i++) {
        p += sprintf(p, ",\"%s%s%s\":0", halves[0][i & 1],
                     halves[1][i >> 1 & 1], halves[2][i >> 2 & 1]);
    }

    *p++ = '}';

    return parse(text, (size_t) (p - text));
}


static void
test_colliding(void)
{
    tap_is_str(parse_colliding(4), "leave", "4 names of one hash");
    tap_is_str(parse_colliding(5), "!names of members collide",
               "5 names of one hash");
    tap_is_str(parse_colliding(8), "!names of members collide",
               "8 names of one hash");
}


int
main(void)
{
    test_samples();
    test_depth();
    test_many();
    test_colliding();

    return tap_done();
}
