
/*
 * Copyright (C) Otter contributors
 */


#include "token_check.h"


typedef struct {
    const char        *name;
    const char        *more;           /* before the brace that closes */
    const char        *sub;            /* NULL: as it should be, "": none */
    const char        *room;
    const char        *aud;
    const char        *exp;
    otter_token_rc_t   rc;
} claims_row_t;

typedef struct {
    const char        *name;
    const char        *payload;
    otter_token_rc_t   rc;
} payload_row_t;


static const claims_row_t  claims_rows[] = {
    { .name = "the least", .rc = OTTER_TOKEN_OK },
    { .name = "all of them",
      .more = ",\"iss\":\"web\",\"jti\":\"1\",\"iat\":1700000000,"
              "\"nbf\":1699999990,\"name\":\"Alice\",\"role\":\"moderator\","
              "\"metadata\":{\"a\":[1,{}]}", .rc = OTTER_TOKEN_OK },
    { .name = "unknown ones", .more = ",\"a\":1,\"b\":null,\"c\":{\"d\":[]}",
      .rc = OTTER_TOKEN_OK },

    { .name = "exp missing", .exp = "", .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "exp a string", .exp = "\"1700000600\"",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "exp a float", .exp = "1700000600.0",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "exp with an exponent", .exp = "17000006e2",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "exp an array", .exp = "[1700000600]",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "exp an object", .exp = "{}", .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "exp true", .exp = "true", .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "exp null", .exp = "null", .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "exp negative", .exp = "-1", .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "exp after the year 9999", .exp = "253402300800",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "exp in the year 9999", .exp = "253402300799",
      .rc = OTTER_TOKEN_OK },
    { .name = "exp the largest number", .exp = "9223372036854775807",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "exp the smallest number", .exp = "-9223372036854775808",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "exp over 64 bits", .exp = "18446744075409552216",
      .rc = OTTER_TOKEN_MALFORMED },
    { .name = "exp huge", .exp = "1e400", .rc = OTTER_TOKEN_MALFORMED },
    { .name = "exp with a leading zero", .exp = "01700000600",
      .rc = OTTER_TOKEN_MALFORMED },
    { .name = "exp hexadecimal", .exp = "0x7fffffff",
      .rc = OTTER_TOKEN_MALFORMED },
    { .name = "exp NaN", .exp = "NaN", .rc = OTTER_TOKEN_MALFORMED },
    { .name = "exp twice", .more = ",\"exp\":1700000601",
      .rc = OTTER_TOKEN_MALFORMED },
    { .name = "exp 0", .exp = "0", .rc = OTTER_TOKEN_EXPIRED },
    { .name = "expired", .exp = "1699999995", .rc = OTTER_TOKEN_EXPIRED },
    { .name = "expired now", .exp = "1700000000", .rc = OTTER_TOKEN_EXPIRED },
    { .name = "expires in a second", .exp = "1700000001",
      .rc = OTTER_TOKEN_OK },

    { .name = "nbf a string", .more = ",\"nbf\":\"1700000000\"",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "nbf a float", .more = ",\"nbf\":1700000000.5",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "nbf null", .more = ",\"nbf\":null",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "nbf negative", .more = ",\"nbf\":-1",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "nbf the largest number", .more = ",\"nbf\":9223372036854775807",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "nbf to come", .more = ",\"nbf\":1700000006",
      .rc = OTTER_TOKEN_NOT_YET_VALID },
    { .name = "nbf within the leeway", .more = ",\"nbf\":1700000005",
      .rc = OTTER_TOKEN_OK },
    { .name = "iat a string", .more = ",\"iat\":\"1700000000\"",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "iat to come", .more = ",\"iat\":1700000006",
      .rc = OTTER_TOKEN_NOT_YET_VALID },
    { .name = "iat within the leeway", .more = ",\"iat\":1700000005",
      .rc = OTTER_TOKEN_OK },

    { .name = "sub missing", .sub = "", .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "sub empty", .sub = "\"\"", .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "sub a number", .sub = "1", .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "sub null", .sub = "null", .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "sub an array", .sub = "[\"alice\"]",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "sub with a line feed", .sub = "\"a\\nb\"",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "sub with DEL", .sub = "\"a\x7f\"",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "sub with C1", .sub = "\"\\u0085\"",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "sub with a zero", .sub = "\"a\\u0000\"",
      .rc = OTTER_TOKEN_MALFORMED },
    { .name = "sub with half a character", .sub = "\"\\ud800\"",
      .rc = OTTER_TOKEN_MALFORMED },
    { .name = "sub in Greek", .sub = "\"\xce\xb2\xce\xaf\xce\xb4\xcf\x81\xce"
                                      "\xb1\"", .rc = OTTER_TOKEN_OK },

    { .name = "room missing", .room = "", .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "room empty", .room = "\"\"", .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "room a star", .room = "\"*\"", .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "room with a slash", .room = "\"a/b\"",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "room with a space", .room = "\"a b\"",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "room not ASCII", .room = "\"\xc3\xa4\"",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "room an array", .room = "[\"den\"]",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "room true", .room = "true", .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "room twice", .more = ",\"room\":\"lodge\"",
      .rc = OTTER_TOKEN_MALFORMED },

    { .name = "aud missing", .aud = "", .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "aud a number", .aud = "1", .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "aud an object", .aud = "{\"otter\":1}",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "aud another", .aud = "\"badger\"",
      .rc = OTTER_TOKEN_WRONG_AUDIENCE },
    { .name = "aud empty", .aud = "\"\"", .rc = OTTER_TOKEN_WRONG_AUDIENCE },
    { .name = "aud in capitals", .aud = "\"OTTER\"",
      .rc = OTTER_TOKEN_WRONG_AUDIENCE },
    { .name = "aud longer", .aud = "\"otters\"",
      .rc = OTTER_TOKEN_WRONG_AUDIENCE },
    { .name = "aud an empty array", .aud = "[]",
      .rc = OTTER_TOKEN_WRONG_AUDIENCE },
    { .name = "aud an array of others", .aud = "[\"badger\",\"beaver\"]",
      .rc = OTTER_TOKEN_WRONG_AUDIENCE },
    { .name = "aud an array with it", .aud = "[\"badger\",\"otter\"]",
      .rc = OTTER_TOKEN_OK },
    { .name = "aud an array with a number", .aud = "[\"otter\",1]",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "aud an array in an array", .aud = "[[\"otter\"]]",
      .rc = OTTER_TOKEN_BAD_CLAIMS },

    { .name = "iss a number", .more = ",\"iss\":1",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "iss with a line feed", .more = ",\"iss\":\"a\\nb\"",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "jti a number", .more = ",\"jti\":1",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "jti with a line feed", .more = ",\"jti\":\"a\\nb\"",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "name an object", .more = ",\"name\":{}",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "name null", .more = ",\"name\":null",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "name empty", .more = ",\"name\":\"\"", .rc = OTTER_TOKEN_OK },
    { .name = "name with an escape", .more = ",\"name\":\"a\\u001bb\"",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "role unknown", .more = ",\"role\":\"king\"",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "role in capitals", .more = ",\"role\":\"MODERATOR\"",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "role empty", .more = ",\"role\":\"\"",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "role an array", .more = ",\"role\":[\"moderator\"]",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "role twice",
      .more = ",\"role\":\"participant\",\"role\":\"moderator\"",
      .rc = OTTER_TOKEN_MALFORMED },
    { .name = "metadata a string", .more = ",\"metadata\":\"{}\"",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "metadata an array", .more = ",\"metadata\":[]",
      .rc = OTTER_TOKEN_BAD_CLAIMS },
    { .name = "metadata null", .more = ",\"metadata\":null",
      .rc = OTTER_TOKEN_BAD_CLAIMS }
};


static const payload_row_t  payload_rows[] = {
    { "an array", "[]", OTTER_TOKEN_MALFORMED },
    { "null", "null", OTTER_TOKEN_MALFORMED },
    { "a number", "1700000600", OTTER_TOKEN_MALFORMED },
    { "no JSON", "sub=alice", OTTER_TOKEN_MALFORMED },
    { "single quotes", "{'sub':'alice'}", OTTER_TOKEN_MALFORMED },
    { "a comma too many", "{\"sub\":\"alice\",}", OTTER_TOKEN_MALFORMED },
    { "a comment", "/**/{}", OTTER_TOKEN_MALFORMED },
    { "two objects", "{}{}", OTTER_TOKEN_MALFORMED },
    { "a byte order mark", "\xef\xbb\xbf{}", OTTER_TOKEN_MALFORMED },
    { "not UTF-8", "{\"sub\":\"\xc0\xaf\"}", OTTER_TOKEN_MALFORMED },
    { "a raw line feed in a string", "{\"sub\":\"a\nb\"}",
      OTTER_TOKEN_MALFORMED },
    { "an empty object", "{}", OTTER_TOKEN_BAD_CLAIMS },
    { "another token",
      "{\"eyJhbGciOiJub25lIn0.e30.\":1}", OTTER_TOKEN_BAD_CLAIMS }
};


static int
add_claim(char *dst, const char *name, const char *given, const char *usual)
{
    if (given == NULL) {
        given = usual;
    }

    return *given ? sprintf(dst, ",\"%s\":%s", name, given) : 0;
}


static void
check_claims(const otter_keyset_t *set)
{
    int                  n;
    char                 payload[1024];
    size_t               i, k;
    const claims_row_t  *row;

    for (i = 0; i < sizeof(claims_rows) / sizeof(claims_rows[0]); i++) {
        row = &claims_rows[i];

        n = sprintf(payload, "{\"zero\":0");
        n += add_claim(payload + n, "sub", row->sub, "\"alice\"");
        n += add_claim(payload + n, "room", row->room, "\"den\"");
        n += add_claim(payload + n, "aud", row->aud, "\"otter\"");
        n += add_claim(payload + n, "exp", row->exp, "1700000600");
        sprintf(payload + n, "%s}", row->more ? row->more : "");

        for (k = 0; k < 3; k++) {
            is_verdict(set, jwt_maker_token((jwt_maker_t) k, headers[k],
                                            payload),
                       row->rc, row->name);
        }
    }

    for (i = 0; i < sizeof(payload_rows) / sizeof(payload_rows[0]); i++) {
        is_verdict(set, jwt_maker_token(JWT_MAKER_HS, headers[0],
                                        payload_rows[i].payload),
                   payload_rows[i].rc, payload_rows[i].name);
    }

    is_verdict(set, jwt_maker_bytes(JWT_MAKER_HS, headers[0],
                                    strlen(headers[0]),
                                    "{}\0", 3),
               OTTER_TOKEN_MALFORMED, "a zero byte behind the claims");
    is_verdict(set, jwt_maker_bytes(JWT_MAKER_HS,
                                    "{\"alg\":\"HS256\",\"kid\":\"hs\"}\0", 27,
                                    claims_text, strlen(claims_text)),
               OTTER_TOKEN_MALFORMED, "a zero byte behind the header");
}


/* claims whose length or depth is at the limit and beyond */

static void
check_limits(const otter_keyset_t *set)
{
    char      payload[8192];
    size_t    i;
    unsigned  n;

    static const struct {
        const char        *format;
        unsigned           most;
    } rows[] = {
        { "{\"sub\":\"%0*d\",\"room\":\"den\",\"aud\":\"otter\","
          "\"exp\":1700000600}", 128 },
        { "{\"sub\":\"alice\",\"room\":\"%0*d\",\"aud\":\"otter\","
          "\"exp\":1700000600}", 128 },
        { "{\"sub\":\"alice\",\"room\":\"den\",\"name\":\"%0*d\","
          "\"aud\":\"otter\",\"exp\":1700000600}", 256 },
        { "{\"sub\":\"alice\",\"room\":\"den\",\"aud\":\"otter\","
          "\"exp\":1700000600,\"metadata\":{ \"a\" : \"%0*d\"}}",
          4096 - 8 }
    };

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (n = rows[i].most; n < rows[i].most + 2; n++) {
            sprintf(payload, rows[i].format, (int) n, 0);
            is_verdict(set, jwt_maker_token(JWT_MAKER_HS, headers[0],
                                            payload),
                       n == rows[i].most ? OTTER_TOKEN_OK
                                         : OTTER_TOKEN_BAD_CLAIMS,
                       "a claim at its limit, then beyond");
        }
    }
}


static void
check_depth(const otter_keyset_t *set, unsigned levels, otter_token_rc_t rc)
{
    char      payload[JWT_MAKER_TEXT_SIZE / 2], *p;
    unsigned  i;

    p = payload + sprintf(payload, "%.*s,\"x\":",
                          (int) strlen(claims_text) - 1, claims_text);

    for (i = 1; i < levels; i++) {
        *p++ = '[';
    }

    for (i = 1; i < levels; i++) {
        *p++ = ']';
    }

    strcpy(p, "}");

    is_verdict(set, jwt_maker_token(JWT_MAKER_HS, headers[0], payload), rc,
               "levels of nesting");
}


int
main(void)
{
    otter_keyset_t  *set;

    set = read_set();

    check_claims(set);
    check_limits(set);

    check_depth(set, 32, OTTER_TOKEN_OK);
    check_depth(set, 33, OTTER_TOKEN_MALFORMED);
    check_depth(set, 2500, OTTER_TOKEN_MALFORMED);

    otter_keyset_free(set);

    return tap_done();
}
