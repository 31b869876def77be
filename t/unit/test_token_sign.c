
/*
 * Copyright (C) Otter contributors
 */


#include "jwt_maker.h"
#include "otter_token.h"
#include "tap.h"


#define NOW  1700000000


typedef struct {
    const char      *name;
    const char      *sub;
    const char      *room;
    const char      *display;
    const char      *metadata;
    int64_t          exp;
} refused_t;


/* NULL: as it should be */

static const refused_t  refused[] = {
    { "no sub", "", NULL, NULL, NULL, NOW + 60 },
    { "sub with a line feed", "a\nb", NULL, NULL, NULL, NOW + 60 },
    { "sub not UTF-8", "\xff", NULL, NULL, NULL, NOW + 60 },
    { "no room", NULL, "", NULL, NULL, NOW + 60 },
    { "room with a slash", NULL, "a/b", NULL, NULL, NOW + 60 },
    { "name with a tab", NULL, NULL, "a\tb", NULL, NOW + 60 },
    { "metadata no JSON", NULL, NULL, NULL, "{", NOW + 60 },
    { "metadata an array", NULL, NULL, NULL, "[]", NOW + 60 },
    { "metadata a string", NULL, NULL, NULL, "\"x\"", NOW + 60 },
    { "metadata with a name twice", NULL, NULL, NULL, "{\"a\":1,\"a\":2}",
      NOW + 60 },
    { "metadata with a zero", NULL, NULL, NULL, "{\"a\":\"\\u0000\"}",
      NOW + 60 },
    { "no exp", NULL, NULL, NULL, NULL, 0 },
    { "exp negative", NULL, NULL, NULL, NULL, -1 },
    { "exp after the year 9999", NULL, NULL, NULL, NULL, 253402300800 }
};


static void
set_span(otter_span_t *span, const char *text)
{
    span->data = (const unsigned char *) text;
    span->len = strlen(text);
}


static void
fill(otter_claims_t *claims)
{
    memset(claims, 0, sizeof(otter_claims_t));

    set_span(&claims->iss, "web");
    set_span(&claims->sub, "\xce\xb1 \"quoted\" \\ <b>");
    set_span(&claims->jti, "0123456789abcdef");
    set_span(&claims->room, "the.room_of~many-things");
    set_span(&claims->name, "Alice \xf0\x9f\xa6\xa6");
    set_span(&claims->metadata, " { \"a\" : [ 1, 2.5, null ],\n \"b\": {} } ");

    claims->role = OTTER_ROLE_MODERATOR;
    claims->iat = NOW;
    claims->nbf = NOW - 1;
    claims->exp = NOW + 3600;
}


static otter_keyset_t *
make_set(otter_alg_t alg)
{
    char             text[1024], error[OTTER_KEYSET_ERROR_SIZE], *jwk;
    otter_keyset_t  *set;

    jwk = otter_key_generate(alg, "\"the\" key");
    snprintf(text, sizeof(text), "{\"keys\":[%s]}", jwk);
    free(jwk);

    set = otter_keyset_parse(text, strlen(text), error);

    if (set == NULL) {
        tap_diag("%s", error);
        abort();
    }

    return set;
}


static void
is_span(const otter_span_t *got, const char *expected, const char *name)
{
    tap_is_mem(got->data, got->len, expected, strlen(expected), "%s", name);
}


static void
check_round(otter_alg_t alg)
{
    char              *token;
    size_t             len;
    otter_claims_t     claims, read;
    otter_keyset_t    *set;
    otter_token_rc_t   rc;

    set = make_set(alg);

    fill(&claims);
    token = otter_token_sign(set, &claims, &len);

    tap_ok(token && strlen(token) == len, "algorithm %d: signed", (int) alg);

    rc = otter_token_verify(set, (unsigned char *) token, len, NOW, &read);

    if (tap_is_str(otter_token_code(rc), "ok", "it is verified")) {
        is_span(&read.iss, "web", "iss");
        is_span(&read.sub, "\xce\xb1 \"quoted\" \\ <b>", "sub");
        is_span(&read.jti, "0123456789abcdef", "jti");
        is_span(&read.room, "the.room_of~many-things", "room");
        is_span(&read.name, "Alice \xf0\x9f\xa6\xa6", "name");
        is_span(&read.metadata, "{\"a\":[1,2.5,null],\"b\":{}}", "metadata");
        tap_is_int(read.role, OTTER_ROLE_MODERATOR, "role");
        tap_is_int(read.iat, NOW, "iat");
        tap_is_int(read.nbf, NOW - 1, "nbf");
        tap_is_int(read.exp, NOW + 3600, "exp");

        otter_claims_free(&read);
        tap_ok(read.tree == NULL && read.text == NULL, "released");
    }

    free(token);
    otter_keyset_free(set);
}


static void
check_header(otter_alg_t alg, const char *name)
{
    char             expected[128], encoded[256], *token;
    size_t           len;
    otter_claims_t   claims;
    otter_keyset_t  *set;

    set = make_set(alg);

    fill(&claims);
    token = otter_token_sign(set, &claims, &len);

    snprintf(expected, sizeof(expected), "{\"alg\":\"%s\","
             "\"kid\":\"\\\"the\\\" key\",\"typ\":\"JWT\"}", name);
    (void) jwt_maker_encode(encoded, expected, strlen(expected));

    *strchr(token, '.') = '\0';
    tap_is_str(token, encoded, "the header of %s", name);

    free(token);
    otter_keyset_free(set);
}


/* one signature in 128 has a number that begins with a zero byte */

static void
check_short_numbers(void)
{
    char             *token;
    size_t            len;
    unsigned          i, good, size;
    otter_claims_t    claims, read;
    otter_keyset_t   *set;

    set = make_set(OTTER_ALG_ES256);

    fill(&claims);
    good = 0;
    size = 0;

    for (i = 0; i < 600; i++) {
        token = otter_token_sign(set, &claims, &len);

        if (strlen(strrchr(token, '.') + 1) == 86) {
            size++;
        }

        if (otter_token_verify(set, (unsigned char *) token, len, NOW, &read)
            == OTTER_TOKEN_OK)
        {
            good++;
            otter_claims_free(&read);
        }

        free(token);
    }

    tap_is_int(size, 600, "each of 600 ES256 signatures has 64 bytes");
    tap_is_int(good, 600, "and is verified");

    otter_keyset_free(set);
}


static void
check_least(void)
{
    char              *token;
    size_t             len;
    otter_claims_t     claims, read;
    otter_keyset_t    *set;
    otter_token_rc_t   rc;

    set = otter_keyset_random();

    memset(&claims, 0, sizeof(otter_claims_t));
    set_span(&claims.sub, "alice");
    set_span(&claims.room, "den");
    claims.exp = NOW + 60;

    token = otter_token_sign(set, &claims, &len);
    rc = otter_token_verify(set, (unsigned char *) token, len, NOW, &read);

    if (tap_is_int(rc, OTTER_TOKEN_OK, "the least that there can be")) {
        is_span(&read.iss, "", "no iss");
        is_span(&read.jti, "", "no jti");
        is_span(&read.name, "", "no name");
        is_span(&read.metadata, "{}", "metadata is an empty object");
        tap_is_int(read.role, OTTER_ROLE_PARTICIPANT, "a participant");
        tap_is_int(read.iat, 0, "no iat");
        tap_is_int(read.nbf, 0, "no nbf");

        otter_claims_free(&read);
    }

    free(token);
    otter_keyset_free(set);
}


static void
check_refused(void)
{
    size_t             i, len;
    char              *token;
    otter_claims_t     claims;
    otter_keyset_t    *set;
    const refused_t   *row;

    set = otter_keyset_random();

    for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        row = &refused[i];

        fill(&claims);
        claims.exp = row->exp;

        if (row->sub) {
            set_span(&claims.sub, row->sub);
        }

        if (row->room) {
            set_span(&claims.room, row->room);
        }

        if (row->display) {
            set_span(&claims.name, row->display);
        }

        if (row->metadata) {
            set_span(&claims.metadata, row->metadata);
        }

        token = otter_token_sign(set, &claims, &len);
        tap_ok(token == NULL, "not signed: %s", row->name);
        free(token);
    }

    otter_keyset_free(set);
}


static void
check_metadata(unsigned levels, unsigned size, int good)
{
    char             text[8192], *p, *token;
    size_t           len;
    unsigned         i;
    otter_claims_t   claims;
    otter_keyset_t  *set;

    p = text + sprintf(text, "{\"x\":\"%0*d\",\"y\":", (int) size, 0);

    for (i = 1; i < levels; i++) {
        *p++ = '[';
    }

    for (i = 1; i < levels; i++) {
        *p++ = ']';
    }

    strcpy(p, levels == 1 ? "0}" : "}");

    set = otter_keyset_random();

    fill(&claims);
    set_span(&claims.metadata, text);

    token = otter_token_sign(set, &claims, &len);
    tap_ok((token != NULL) == good, "metadata of %u levels, %zu bytes: %s",
           levels, strlen(text), good ? "signed" : "not signed");

    free(token);
    otter_keyset_free(set);
}


/* the largest of everything still makes a token that is taken */

static void
check_largest(void)
{
    char               text[4 * 1024 + 1], metadata[8192], *token;
    size_t             len;
    otter_claims_t     claims, read;
    otter_keyset_t    *set;
    otter_token_rc_t   rc;

    set = otter_keyset_random();

    memset(text, '"', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    snprintf(metadata, sizeof(metadata), "{\"x\":\"%0*d\"}", 4088, 0);

    fill(&claims);
    set_span(&claims.metadata, metadata);

    claims.sub.data = (unsigned char *) text;
    claims.sub.len = OTTER_IDENTITY_MAX;
    claims.name.data = (unsigned char *) text;
    claims.name.len = OTTER_DISPLAY_NAME_MAX;
    claims.iss.data = (unsigned char *) text;
    claims.iss.len = 64;

    token = otter_token_sign(set, &claims, &len);
    rc = OTTER_TOKEN_MALFORMED;

    if (token) {
        rc = otter_token_verify(set, (unsigned char *) token, len, NOW,
                                &read);
    }

    if (tap_is_int(rc, OTTER_TOKEN_OK, "the largest claims")) {
        otter_claims_free(&read);
    }

    free(token);
    otter_keyset_free(set);
}


static void
check_no_signer(void)
{
    char             error[OTTER_KEYSET_ERROR_SIZE];
    size_t           len;
    otter_claims_t   claims;
    otter_keyset_t  *set;

    static const char  text[] =
        "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"ed\","
        "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}";

    set = otter_keyset_parse(text, strlen(text), error);

    fill(&claims);
    tap_ok(otter_token_sign(set, &claims, &len) == NULL,
           "a public key signs nothing");

    otter_keyset_free(set);
}


int
main(void)
{
    check_round(OTTER_ALG_HS256);
    check_round(OTTER_ALG_ES256);
    check_round(OTTER_ALG_EDDSA);

    check_header(OTTER_ALG_HS256, "HS256");
    check_header(OTTER_ALG_ES256, "ES256");
    check_header(OTTER_ALG_EDDSA, "EdDSA");

    check_short_numbers();
    check_least();
    check_refused();

    check_metadata(31, 1, 1);
    check_metadata(32, 1, 0);
    check_metadata(33, 1, 0);
    check_metadata(1, 4082, 1);
    check_metadata(1, 4083, 0);

    check_largest();
    check_no_signer();

    return tap_done();
}
