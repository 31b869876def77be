
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "otter_time.h"
#include "otter_token.h"
#include "tap.h"


enum {
    NOW = 1800000000
};


/* one "oct" key of that name, with more members */

static char *
key(char *dst, const char *kid, const char *more)
{
    return dst + sprintf(dst, "%s{\"kty\":\"oct\",\"kid\":\"%s\",\"k\":"
                         "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"%s}",
                         dst[-1] == '[' ? "" : ",", kid, more);
}


/* ,"member":"<NOW + offset>" */

static const char *
when(char *dst, const char *member, int offset)
{
    unsigned char  text[OTTER_TIME_SIZE];

    otter_time_format(text, NOW + offset);
    sprintf(dst, ",\"%s\":\"%.20s\"", member, (char *) text);

    return dst;
}


static otter_keyset_t *
load(const char *from_a, const char *from_b, const char *until_b)
{
    char             text[1024], more[256], error[OTTER_KEYSET_ERROR_SIZE];
    char            *p;
    otter_keyset_t  *set;

    p = text + sprintf(text, "{\"keys\":[");
    p = key(p, "a", from_a);

    snprintf(more, sizeof(more), "%s%s", from_b, until_b);
    p = key(p, "b", more);

    strcpy(p, "]}");

    set = otter_keyset_parse(text, strlen(text), error);
    if (set == NULL) {
        printf("# %s\n", error);
        exit(1);
    }

    return set;
}


static const char *
signer(const otter_keyset_t *set, int offset)
{
    const otter_key_t  *found;

    found = otter_keyset_signer(set, NOW + offset);

    return found ? otter_key_kid(found) : "none";
}


static void
check_rotation(void)
{
    char             from[64], until[64];
    otter_keyset_t  *set;

    set = load(when(from, "otter_signs_from", 100), "",
               when(until, "otter_verifies_until", 200));

    tap_is_str(signer(set, 0), "b", "before its time the next key waits");
    tap_is_str(signer(set, 99), "b", "up to the last second");
    tap_is_str(signer(set, 100), "a", "from its time on it signs");
    tap_is_str(signer(set, 300), "a", "and goes on");

    otter_keyset_prefer(set, "b", NOW + 150);

    tap_is_str(signer(set, 149), "b", "the preferred key signs");
    tap_is_str(signer(set, 150), "a", "until then");

    otter_keyset_prefer(set, "b", NOW + 500);
    tap_is_str(signer(set, 199), "b", "as long as it verifies");
    tap_is_str(signer(set, 200), "a", "and no longer");

    otter_keyset_prefer(set, "c", NOW + 500);
    tap_is_str(signer(set, 199), "a", "one that is not there is not preferred");

    otter_keyset_free(set);
}


static void
check_fallback(void)
{
    char             one[64], two[64];
    otter_keyset_t  *set;

    set = load(when(one, "otter_signs_from", 100),
               when(two, "otter_signs_from", 50), "");

    tap_is_str(signer(set, 0), "b", "none is ready: the next one signs");
    tap_is_str(signer(set, 50), "b", "the one that is ready");
    tap_is_str(signer(set, 100), "a", "of two the first");

    otter_keyset_free(set);

    set = load(when(one, "otter_verifies_until", 10), "",
               when(two, "otter_verifies_until", 20));

    tap_is_str(signer(set, 9), "a", "the first");
    tap_is_str(signer(set, 10), "b", "a key that has retired does not sign");
    tap_is_str(signer(set, 20), "none", "all of them have retired");

    otter_keyset_free(set);
}


static void
check_tokens(void)
{
    char              text[64];
    char             *token;
    size_t            len;
    otter_claims_t    claims, read;
    otter_keyset_t   *set;
    otter_token_rc_t  rc;

    set = load(when(text, "otter_verifies_until", 200), "", "");

    memset(&claims, 0, sizeof(claims));

    claims.sub.data = claims.room.data = (const unsigned char *) "x";
    claims.sub.len = claims.room.len = 1;
    claims.iat = NOW;
    claims.exp = NOW + 1000;

    token = otter_token_sign(set, &claims, &len);

    if (!tap_ok(token != NULL, "a token is signed")) {
        otter_keyset_free(set);
        return;
    }

    rc = otter_token_verify(set, (unsigned char *) token, len, NOW + 199,
                            &read);
    tap_ok(rc == OTTER_TOKEN_OK, "it is taken while its key verifies");

    if (rc == OTTER_TOKEN_OK) {
        otter_claims_free(&read);
    }

    rc = otter_token_verify(set, (unsigned char *) token, len, NOW + 200,
                            &read);
    tap_is_str(otter_token_code(rc), "token-unknown-key",
               "and is unknown when the key has retired");

    free(token);
    otter_keyset_free(set);
}


static void
check_public(void)
{
    char             error[OTTER_KEYSET_ERROR_SIZE];
    char            *text, *jwk, set_text[1024], until[64];
    otter_keyset_t  *set;

    jwk = otter_key_generate(OTTER_ALG_EDDSA, "ed");
    when(until, "otter_verifies_until", 200);

    snprintf(set_text, sizeof(set_text), "{\"keys\":[%.*s%s}]}",
             (int) strlen(jwk) - 1, jwk, until);

    set = otter_keyset_parse(set_text, strlen(set_text), error);

    text = otter_keyset_public(set, NOW + 199);
    tap_ok(strstr(text, "\"ed\"") != NULL, "it is public while it verifies");
    tap_ok(strstr(text, "otter_") == NULL, "its times are not");
    free(text);

    text = otter_keyset_public(set, NOW + 200);
    tap_is_str(text, "{\"keys\":[]}", "and not when it has retired");
    free(text);

    otter_keyset_free(set);
    free(jwk);
}


static void
check_bad(const char *more, const char *reason)
{
    char   text[512], error[OTTER_KEYSET_ERROR_SIZE];
    char  *p;

    p = text + sprintf(text, "{\"keys\":[");
    p = key(p, "a", more);
    strcpy(p, "]}");

    tap_ok(otter_keyset_parse(text, strlen(text), error) == NULL
           && strstr(error, reason), "refused:%s", more);
}


int
main(void)
{
    check_rotation();
    check_fallback();
    check_tokens();
    check_public();

    check_bad(",\"otter_signs_from\":1800000000", "otter_signs_from");
    check_bad(",\"otter_signs_from\":\"tomorrow\"", "otter_signs_from");
    check_bad(",\"otter_signs_from\":null", "otter_signs_from");
    check_bad(",\"otter_verifies_until\":true", "otter_verifies_until");
    check_bad(",\"otter_verifies_until\":\"2026-01-31\"",
              "otter_verifies_until");

    return tap_done();
}
