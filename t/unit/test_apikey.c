
/*
 * Copyright (C) Otter contributors
 */


#include <stdlib.h>

#include <openssl/evp.h>

#include "otter_apikey.h"
#include "tap.h"


/* of the key "otk_web_" and 43 times "a", by "openssl dgst -sha256" */

#define HASH    "e3f0724d375a300f2836933d64a4456e" \
                "5770bb301093dc53279607591855aad0"
#define SECRET  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define KEY(s)  "{\"keys\":[{\"id\":\"web\",\"hash\":\"" HASH "\"" s "}]}"


enum {
    NOW = 1700000000                   /* 2023-11-14T22:13:20Z */
};

typedef struct {
    const char        *name;
    const char        *text;
    const char        *error;          /* a part of it */
} bad_t;

typedef struct {
    const char        *presented;
    otter_apikey_rc_t  rc;
} check_t;


static const bad_t  bad[] = {
    { "empty", "", "line 1" },
    { "no JSON", "{keys:[]}", "not valid JSON" },
    { "an array", "[]", "array \"keys\"" },
    { "no keys", "{}", "array \"keys\"" },
    { "keys an object", "{\"keys\":{}}", "array \"keys\"" },
    { "keys twice", "{\"keys\":[],\"keys\":[]}", "twice" },
    { "a key a string", "{\"keys\":[\"web\"]}", "object" },
    { "no id", "{\"keys\":[{\"hash\":\"" HASH "\"}]}", "id" },
    { "id empty", "{\"keys\":[{\"id\":\"\",\"hash\":\"" HASH "\"}]}", "id" },
    { "id a number", "{\"keys\":[{\"id\":1,\"hash\":\"" HASH "\"}]}", "id" },
    { "id with an underscore",
      "{\"keys\":[{\"id\":\"a_b\",\"hash\":\"" HASH "\"}]}", "id" },
    { "id with a zero",
      "{\"keys\":[{\"id\":\"a\\u0000\",\"hash\":\"" HASH "\"}]}",
      "not valid JSON" },
    { "id of guests",
      "{\"keys\":[{\"id\":\"guest\",\"hash\":\"" HASH "\"}]}",
      "stands for those without a key" },
    { "id twice", "{\"keys\":[{\"id\":\"a\",\"hash\":\"" HASH "\"},"
      "{\"id\":\"b\",\"hash\":\"" HASH "\"},"
      "{\"id\":\"a\",\"hash\":\"" HASH "\"}]}", "two keys" },
    { "no hash", "{\"keys\":[{\"id\":\"a\"}]}", "hash" },
    { "hash a number", "{\"keys\":[{\"id\":\"a\",\"hash\":1}]}", "hash" },
    { "hash too short", "{\"keys\":[{\"id\":\"a\",\"hash\":\"00\"}]}",
      "hash" },
    { "hash too long",
      "{\"keys\":[{\"id\":\"a\",\"hash\":\"" HASH "00\"}]}", "hash" },
    { "hash no hex",
      "{\"keys\":[{\"id\":\"a\",\"hash\":\"zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"
      "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz\"}]}", "hash" },
    { "rooms empty", KEY(",\"rooms\":\"\""), "rooms" },
    { "rooms an array", KEY(",\"rooms\":[\"a\"]"), "rooms" },
    { "rooms with a slash", KEY(",\"rooms\":\"a/*\""), "rooms" },
    { "rooms null", KEY(",\"rooms\":null"), "rooms" },
    { "scopes a string", KEY(",\"scopes\":\"token\""), "scopes" },
    { "a scope unknown", KEY(",\"scopes\":[\"token\",\"root\"]"), "scope" },
    { "a scope in capitals", KEY(",\"scopes\":[\"TOKEN\"]"), "scope" },
    { "a scope a number", KEY(",\"scopes\":[1]"), "scope" },
    { "created_at no time", KEY(",\"created_at\":\"today\""), "created_at" },
    { "expires_at a number", KEY(",\"expires_at\":1700000000"),
      "expires_at" },
    { "expires_at with a zone",
      KEY(",\"expires_at\":\"2026-01-01T00:00:00+01:00\""), "expires_at" },
    { "expires_at no date", KEY(",\"expires_at\":\"2026-02-30T00:00:00Z\""),
      "expires_at" },
    { "expires_at 1970", KEY(",\"expires_at\":\"1970-01-01T00:00:00Z\""),
      "expires_at" },
    { "expires_at null", KEY(",\"expires_at\":null"), "expires_at" },
    { "revoked_at false", KEY(",\"revoked_at\":false"), "revoked_at" },
    { "revoked_at empty", KEY(",\"revoked_at\":\"\""), "revoked_at" }
};


static const check_t  checks[] = {
    { "otk_web_" SECRET, OTTER_APIKEY_OK },
    { "otk_web_" SECRET "a", OTTER_APIKEY_MALFORMED },
    { "otk_web_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
      OTTER_APIKEY_UNKNOWN },
    { "otk_we_" SECRET, OTTER_APIKEY_UNKNOWN },
    { "otk_webb_" SECRET, OTTER_APIKEY_UNKNOWN },
    { "otk_WEB_" SECRET, OTTER_APIKEY_UNKNOWN },
    { "otk_app_" SECRET, OTTER_APIKEY_UNKNOWN },
    { "", OTTER_APIKEY_MALFORMED },
    { "otk", OTTER_APIKEY_MALFORMED },
    { "otk_", OTTER_APIKEY_MALFORMED },
    { "otk_web", OTTER_APIKEY_MALFORMED },
    { "otk_web_", OTTER_APIKEY_MALFORMED },
    { "otk__" SECRET, OTTER_APIKEY_MALFORMED },
    { "otk_" SECRET, OTTER_APIKEY_MALFORMED },
    { "otk_web" SECRET, OTTER_APIKEY_MALFORMED },
    { "otk_we_b_" SECRET, OTTER_APIKEY_MALFORMED },
    { "OTK_web_" SECRET, OTTER_APIKEY_MALFORMED },
    { " otk_web_" SECRET, OTTER_APIKEY_MALFORMED },
    { "otk_web_" SECRET " ", OTTER_APIKEY_MALFORMED },
    { "otk-web-" SECRET, OTTER_APIKEY_MALFORMED },
    { "otk_web_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
      OTTER_APIKEY_MALFORMED },
    { "otk_web_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-",
      OTTER_APIKEY_MALFORMED },
    { "otk_web_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
      OTTER_APIKEY_MALFORMED },
    { "otk_w\xc3\xa9_" SECRET, OTTER_APIKEY_MALFORMED }
};


static otter_apikeys_t *
parse(const char *text)
{
    char              error[OTTER_APIKEY_ERROR_SIZE];
    otter_apikeys_t  *keys;

    error[0] = '\0';

    keys = otter_apikeys_parse(text, strlen(text), error);

    if (keys == NULL) {
        tap_diag("%s", error);
    }

    return keys;
}


static otter_apikey_rc_t
check(const otter_apikeys_t *keys, const char *presented, int64_t now,
    const otter_apikey_t **key)
{
    *key = NULL;

    return otter_apikeys_check(keys, (const unsigned char *) presented,
                               strlen(presented), now, key);
}


static void
check_bad(void)
{
    char              error[OTTER_APIKEY_ERROR_SIZE];
    size_t            i;
    otter_apikeys_t  *keys;

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        memset(error, 'x', sizeof(error));

        keys = otter_apikeys_parse(bad[i].text, strlen(bad[i].text), error);

        if (!tap_ok(keys == NULL && memchr(error, '\0', sizeof(error))
                    && strstr(error, bad[i].error),
                    "refused: %s", bad[i].name))
        {
            tap_diag("%.*s", (int) sizeof(error), error);
        }

        otter_apikeys_free(keys);
    }
}


static void
check_presented(void)
{
    size_t                 i;
    otter_apikeys_t       *keys;
    otter_apikey_rc_t      rc;
    const otter_apikey_t  *key;

    keys = parse(KEY(""));

    for (i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
        rc = check(keys, checks[i].presented, NOW, &key);

        tap_is_int(rc, checks[i].rc, "presented key %zu", i);
        tap_ok((key != NULL) == (rc == OTTER_APIKEY_OK),
               "the key is told if it is good, and only then");
    }

    (void) check(keys, "otk_web_" SECRET, NOW, &key);
    tap_is_mem(key->id.data, key->id.len, "web", 3, "its id");
    tap_is_mem(key->rooms.data, key->rooms.len, "*", 1, "all rooms");
    tap_is_int(key->scopes, OTTER_SCOPE_ALL, "all scopes");
    tap_is_int(key->expires, 0, "no end");

    otter_apikeys_free(keys);
}


static void
check_life(void)
{
    otter_apikeys_t       *keys;
    const otter_apikey_t  *key;

    keys = parse(KEY(",\"rooms\":\"team-*\",\"scopes\":[\"turn\",\"token\"],"
                     "\"created_at\":\"2023-01-01T00:00:00Z\",\"note\":7,"
                     "\"expires_at\":\"2023-11-14T22:13:20Z\""));

    tap_is_int(check(keys, "otk_web_" SECRET, NOW - 1, &key), OTTER_APIKEY_OK,
               "good a second before its end");
    tap_is_mem(key->rooms.data, key->rooms.len, "team-*", 6, "its rooms");
    tap_is_int(key->scopes, OTTER_SCOPE_TOKEN | OTTER_SCOPE_TURN,
               "its scopes");
    tap_is_int(check(keys, "otk_web_" SECRET, NOW, &key),
               OTTER_APIKEY_EXPIRED, "expired then");
    tap_is_int(check(keys, "otk_web_baaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                           "aaa", NOW, &key),
               OTTER_APIKEY_UNKNOWN, "a wrong secret learns nothing of that");

    otter_apikeys_free(keys);

    keys = parse(KEY(",\"revoked_at\":\"2023-11-14T22:13:20Z\","
                     "\"expires_at\":\"2023-11-14T22:13:20Z\""));

    tap_is_int(check(keys, "otk_web_" SECRET, NOW - 1, &key),
               OTTER_APIKEY_REVOKED, "revoked");
    tap_is_int(check(keys, "otk_web_" SECRET, NOW + 1, &key),
               OTTER_APIKEY_REVOKED, "revoked goes before expired");
    tap_is_int(check(keys, "otk_web_baaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                           "aaa", NOW, &key),
               OTTER_APIKEY_UNKNOWN, "a wrong secret learns nothing of that");

    otter_apikeys_free(keys);

    keys = parse(KEY(",\"scopes\":[]"));
    (void) check(keys, "otk_web_" SECRET, NOW, &key);
    tap_is_int(key->scopes, 0, "an empty list of scopes allows nothing");
    otter_apikeys_free(keys);

    keys = parse("{\"keys\":[],\"more\":1}");
    tap_is_int((int64_t) otter_apikeys_count(keys), 0, "no keys is no mistake");
    tap_is_int(check(keys, "otk_web_" SECRET, NOW, &key),
               OTTER_APIKEY_UNKNOWN, "none of them is good");
    otter_apikeys_free(keys);

    otter_apikeys_free(NULL);
}


/* ids of which one begins another, in no order */

static void
check_many(void)
{
    enum { N = 300 };

    char                   id[32], presented[N][OTTER_APIKEY_SIZE_MAX + 1];
    char                  *text, *p;
    size_t                 i, k, len;
    unsigned               good;
    unsigned char          hash[OTTER_APIKEY_HASH_SIZE];
    otter_apikeys_t       *keys;
    const otter_apikey_t  *key;

    text = malloc((size_t) N * 200);
    if (text == NULL) {
        abort();
    }

    p = text + sprintf(text, "{\"keys\":[");

    for (i = 0; i < N; i++) {
        sprintf(id, "k%zu", i * 7919 % 1000);
        len = otter_apikey_generate((unsigned char *) presented[i], hash, id);
        presented[i][len] = '\0';

        p += sprintf(p, "%s{\"id\":\"%s\",\"hash\":\"", i ? "," : "", id);

        for (k = 0; k < sizeof(hash); k++) {
            p += sprintf(p, i % 2 ? "%02x" : "%02X", hash[k]);
        }

        p += sprintf(p, "\"}");
    }

    strcpy(p, "]}");

    keys = parse(text);
    tap_is_int((int64_t) otter_apikeys_count(keys), N, "300 keys are read");

    good = 0;

    for (i = 0; i < N; i++) {
        if (check(keys, presented[i], NOW, &key) == OTTER_APIKEY_OK
            && memcmp(presented[i] + 4, key->id.data, key->id.len) == 0
            && presented[i][4 + key->id.len] == '_')
        {
            good++;
        }
    }

    tap_is_int(good, N, "each opens as itself");

    otter_apikeys_free(keys);
    free(text);
}


static void
check_generate(void)
{
    size_t         one, two;
    unsigned       size;
    const char     id[] = "A.b-9";
    unsigned char  key[OTTER_APIKEY_SIZE_MAX], other[OTTER_APIKEY_SIZE_MAX];
    unsigned char  hash[OTTER_APIKEY_HASH_SIZE], sum[EVP_MAX_MD_SIZE];

    one = otter_apikey_generate(other, hash, id);
    two = otter_apikey_generate(key, hash, id);

    tap_is_int((int64_t) two, 4 + 5 + 1 + OTTER_APIKEY_SECRET_SIZE,
               "its length");
    tap_is_mem(key, 10, "otk_A.b-9_", 10, "it begins with the id");
    tap_ok(one == two && memcmp(key, other, one) != 0, "no two are alike");

    (void) EVP_Digest(key, two, sum, &size, EVP_sha256(), NULL);
    tap_is_mem(hash, sizeof(hash), sum, size, "the hash is SHA-256 of it");

    tap_is_int((int64_t) otter_apikey_generate(key, hash, ""), 0,
               "none for an empty id");
    tap_is_int((int64_t) otter_apikey_generate(key, hash, "a_b"), 0,
               "none for an id with an underscore");
    tap_is_int((int64_t) otter_apikey_generate(key, hash,
               "0123456789012345678901234567890123456789012345678901234567890"
               "123"), OTTER_APIKEY_SIZE_MAX, "the longest");
    tap_is_int((int64_t) otter_apikey_generate(key, hash,
               "0123456789012345678901234567890123456789012345678901234567890"
               "1234"), 0, "none for an id of 65");
}


static void
check_scopes(void)
{
    tap_is_int(otter_apikey_scope((const unsigned char *) "token", 5),
               OTTER_SCOPE_TOKEN, "token");
    tap_is_int(otter_apikey_scope((const unsigned char *) "rooms", 5),
               OTTER_SCOPE_ROOMS, "rooms");
    tap_is_int(otter_apikey_scope((const unsigned char *) "turn", 4),
               OTTER_SCOPE_TURN, "turn");
    tap_is_int(otter_apikey_scope((const unsigned char *) "admin", 5),
               OTTER_SCOPE_ADMIN, "admin");
    tap_is_int(otter_apikey_scope((const unsigned char *) "token", 4), 0,
               "a beginning of one is none");
    tap_is_int(otter_apikey_scope((const unsigned char *) "tokens", 6), 0,
               "neither is a longer one");
    tap_is_int(otter_apikey_scope((const unsigned char *) "", 0), 0,
               "nor an empty one");
}


int
main(void)
{
    check_bad();
    check_presented();
    check_life();
    check_many();
    check_generate();
    check_scopes();

    return tap_done();
}
