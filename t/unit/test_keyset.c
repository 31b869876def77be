
/*
 * Copyright (C) Otter contributors
 */


#include <openssl/err.h>

#include <jwt.h>

#include "jwt_maker.h"
#include "otter_jwk.h"
#include "tap.h"


#define SECRET  "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3" \
                "Yj0iPS4hcgUuTwjAzZr1Z9CAow"
#define HS      "{\"kty\":\"oct\",\"kid\":\"hs\",\"k\":\"" SECRET "\"}"
#define EC_X    "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\""
#define EC_Y    "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\""
#define EC_D    "\"d\":\"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI\""
#define EC      "\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"es\""
#define OKP_X   "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\""
#define OKP_D   "\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\""
#define OKP     "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"ed\""
#define KEY(s)  "{\"keys\":[{" s "}]}"


typedef struct {
    const char  *name;
    const char  *text;
    const char  *error;                /* a part of it */
} bad_t;


/* RFC 7515, appendices A.1 and A.3, without their signatures */

static const char  a1_input[] =
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOj"
    "EzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
static const char  a1_signature[] =
    "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
static const char  a3_token[] =
    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogIm"
    "h0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKA"
    "M6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

/* RFC 8037, appendix A.4 */

static const char  ed_input[] =
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
static const char  ed_signature[] =
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g"
    "7sVvpAr_MuM0KAg";


static const char  whole[] =
    "{\"keys\":["
    "{" EC "," EC_X "," EC_Y "," EC_D ",\"alg\":\"ES256\",\"use\":\"sig\"},"
    "{" OKP "," OKP_X "," OKP_D ",\"key_ops\":[\"sign\",\"verify\"]},"
    HS "],\"comment\":\"kept\"}";


static const bad_t  bad[] = {
    { "empty", "", "line 1" },
    { "no JSON", "{\"keys\":", "not valid JSON" },
    { "an array", "[]", "JWK Set" },
    { "a string", "\"x\"", "not valid JSON" },
    { "one JWK", HS, "JWK Set" },
    { "keys no array", "{\"keys\":{}}", "JWK Set" },
    { "no key", "{\"keys\":[]}", "no key" },
    { "more behind it", "{\"keys\":[" HS "]} x", "not valid JSON" },
    { "a name twice", "{\"keys\":[" HS "],\"keys\":[]}", "twice" },
    { "a name twice in a key",
      KEY("\"kty\":\"oct\",\"kid\":\"hs\",\"kid\":\"a\",\"k\":\"" SECRET "\""),
      "twice" },
    { "a key no object", "{\"keys\":[1]}", "object" },
    { "no kty", KEY("\"kid\":\"a\",\"k\":\"" SECRET "\""), "kty" },
    { "kty a number", KEY("\"kty\":1,\"kid\":\"a\""), "kty" },
    { "kty RSA",
      KEY("\"kty\":\"RSA\",\"kid\":\"a\",\"n\":\"AQAB\",\"e\":\"AQAB\""),
      "kty" },
    { "kty in capitals",
      KEY("\"kty\":\"OCT\",\"kid\":\"a\",\"k\":\"" SECRET "\""), "kty" },
    { "no kid", KEY("\"kty\":\"oct\",\"k\":\"" SECRET "\""), "kid" },
    { "kid empty", KEY("\"kty\":\"oct\",\"kid\":\"\",\"k\":\"" SECRET "\""),
      "1 to 128" },
    { "kid a number", KEY("\"kty\":\"oct\",\"kid\":1,\"k\":\"" SECRET "\""),
      "kid" },
    { "kid not ASCII",
      KEY("\"kty\":\"oct\",\"kid\":\"\xc3\xa9\",\"k\":\"" SECRET "\""),
      "ASCII" },
    { "kid with a tab",
      KEY("\"kty\":\"oct\",\"kid\":\"a\\tb\",\"k\":\"" SECRET "\""), "ASCII" },
    { "kid with a zero",
      KEY("\"kty\":\"oct\",\"kid\":\"a\\u0000b\",\"k\":\"" SECRET "\""),
      "not valid JSON" },
    { "kid twice", "{\"keys\":[" HS "," HS "]}", "another key" },
    { "alg of another", KEY("\"kty\":\"oct\",\"kid\":\"a\",\"alg\":\"ES256\","
                            "\"k\":\"" SECRET "\""), "alg" },
    { "alg HS512", KEY("\"kty\":\"oct\",\"kid\":\"a\",\"alg\":\"HS512\","
                       "\"k\":\"" SECRET "\""), "alg" },
    { "alg none", KEY("\"kty\":\"oct\",\"kid\":\"a\",\"alg\":\"none\","
                      "\"k\":\"" SECRET "\""), "alg" },
    { "alg a number", KEY("\"kty\":\"oct\",\"kid\":\"a\",\"alg\":1,"
                          "\"k\":\"" SECRET "\""), "alg" },
    { "use enc", KEY("\"kty\":\"oct\",\"kid\":\"a\",\"use\":\"enc\","
                     "\"k\":\"" SECRET "\""), "use" },
    { "use a number", KEY("\"kty\":\"oct\",\"kid\":\"a\",\"use\":1,"
                          "\"k\":\"" SECRET "\""), "use" },
    { "key_ops of another kind",
      KEY("\"kty\":\"oct\",\"kid\":\"a\",\"key_ops\":[\"encrypt\"],"
          "\"k\":\"" SECRET "\""), "key_ops" },
    { "key_ops no array",
      KEY("\"kty\":\"oct\",\"kid\":\"a\",\"key_ops\":\"sign\","
          "\"k\":\"" SECRET "\""), "key_ops" },
    { "no k", KEY("\"kty\":\"oct\",\"kid\":\"a\""), "\"k\" is missing" },
    { "k a number", KEY("\"kty\":\"oct\",\"kid\":\"a\",\"k\":7"),
      "\"k\" is missing" },
    { "k empty", KEY("\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"\""), "shorter" },
    { "k of 31 bytes",
      KEY("\"kty\":\"oct\",\"kid\":\"a\","
          "\"k\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\""),
      "shorter" },
    { "k padded",
      KEY("\"kty\":\"oct\",\"kid\":\"a\","
          "\"k\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\""),
      "base64url" },
    { "k in base64",
      KEY("\"kty\":\"oct\",\"kid\":\"a\","
          "\"k\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+A\""),
      "base64url" },
    { "k not canonical",
      KEY("\"kty\":\"oct\",\"kid\":\"a\","
          "\"k\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB\""),
      "base64url" },
    { "no crv", KEY("\"kty\":\"EC\",\"kid\":\"a\"," EC_X "," EC_Y), "crv" },
    { "another crv",
      KEY("\"kty\":\"EC\",\"kid\":\"a\",\"crv\":\"P-384\"," EC_X "," EC_Y),
      "crv" },
    { "no x", KEY(EC "," EC_Y), "\"x\"" },
    { "no y", KEY(EC "," EC_X), "\"y\"" },
    { "x too short", KEY(EC ",\"x\":\"f83O\"," EC_Y), "\"x\"" },
    { "x too long",
      KEY(EC ",\"x\":\"AH_NzidwxvRdQYPL7m_bS3tYBzM1e-nvE7rPbjx70VRF\","
          EC_Y), "\"x\"" },
    { "x a number", KEY(EC ",\"x\":1," EC_Y), "\"x\"" },
    { "point off the curve",
      KEY(EC ",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
          "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a4\""),
      "not on the curve" },
    { "point zero",
      KEY(EC ",\"x\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\","
          "\"y\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\""),
      "not on the curve" },
    { "x beyond the field",
      KEY(EC ",\"x\":\"__________________________________________8\","
          EC_Y), "not on the curve" },
    { "d of another key",
      KEY(EC "," EC_X "," EC_Y
          ",\"d\":\"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE\""),
      "belong" },
    { "d zero",
      KEY(EC "," EC_X "," EC_Y
          ",\"d\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\""),
      "belong" },
    { "d beyond the order",
      KEY(EC "," EC_X "," EC_Y
          ",\"d\":\"__________________________________________8\""),
      "belong" },
    { "d null", KEY(EC "," EC_X "," EC_Y ",\"d\":null"), "\"d\"" },
    { "d too short", KEY(EC "," EC_X "," EC_Y ",\"d\":\"AAAA\""), "\"d\"" },
    { "Ed448",
      KEY("\"kty\":\"OKP\",\"kid\":\"a\",\"crv\":\"Ed448\"," OKP_X), "crv" },
    { "X25519",
      KEY("\"kty\":\"OKP\",\"kid\":\"a\",\"crv\":\"X25519\"," OKP_X), "crv" },
    { "Ed25519 without x", KEY(OKP "," OKP_D), "\"x\"" },
    { "Ed25519 with d of another",
      KEY(OKP "," OKP_X
          ",\"d\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\""),
      "belong" },
    { "Ed25519 with alg ES256", KEY(OKP "," OKP_X ",\"alg\":\"ES256\""),
      "alg" },
    { "not UTF-8", "{\"keys\":[{\"kid\":\"\xff\"}]}", "not valid JSON" }
};


static void
check_bad(void)
{
    char             error[OTTER_KEYSET_ERROR_SIZE];
    size_t           i;
    otter_keyset_t  *set;

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        memset(error, 'x', sizeof(error));

        set = otter_keyset_parse(bad[i].text, strlen(bad[i].text), error);

        if (!tap_ok(set == NULL && memchr(error, '\0', sizeof(error))
                    && strstr(error, bad[i].error),
                    "refused: %s", bad[i].name))
        {
            tap_diag("%.*s", (int) sizeof(error), error);
        }

        tap_ok(set || strstr(error, "AyM1") == NULL,
               "its error holds no secret");
        otter_keyset_free(set);
    }

    tap_is_int((int64_t) ERR_peek_error(), 0, "OpenSSL's queue is clean");
}


static void
check_whole(void)
{
    char                error[OTTER_KEYSET_ERROR_SIZE], *text;
    otter_keyset_t     *set;
    const otter_key_t  *key;

    set = otter_keyset_parse(whole, strlen(whole), error);

    if (!tap_ok(set != NULL, "a set of three is read")) {
        tap_diag("%s", error);
        return;
    }

    key = otter_keyset_find(set, (unsigned char *) "hs", 2);
    tap_ok(key && otter_key_alg(key) == OTTER_ALG_HS256, "hs is HS256");

    key = otter_keyset_find(set, (unsigned char *) "ed", 2);
    tap_ok(key && otter_key_alg(key) == OTTER_ALG_EDDSA, "ed is EdDSA");

    key = otter_keyset_find(set, (unsigned char *) "es", 2);
    tap_ok(key && otter_key_alg(key) == OTTER_ALG_ES256, "es is ES256");
    tap_ok(key == otter_keyset_signer(set, 1), "the first one signs");
    tap_is_str(key ? otter_key_kid(key) : NULL, "es", "it knows its kid");

    tap_ok(otter_keyset_find(set, (unsigned char *) "e", 1) == NULL
           && otter_keyset_find(set, (unsigned char *) "es\0", 3) == NULL
           && otter_keyset_find(set, (unsigned char *) "ES", 2) == NULL
           && otter_keyset_find(set, (unsigned char *) "", 0) == NULL,
           "nothing is found by a kid that is almost right");

    text = otter_keyset_public(set, 1);
    tap_is_str(text, "{\"keys\":[{\"kty\":\"EC\",\"use\":\"sig\","
               "\"alg\":\"ES256\",\"kid\":\"es\",\"crv\":\"P-256\","
               EC_X "," EC_Y "},{\"kty\":\"OKP\",\"use\":\"sig\","
               "\"alg\":\"EdDSA\",\"kid\":\"ed\",\"crv\":\"Ed25519\","
               OKP_X "}]}",
               "the public halves, and nothing of the symmetric key");
    free(text);

    otter_keyset_free(set);
}


/* keys read from JWK are those of the RFCs' signatures */

static void
check_vectors(void)
{
    char                error[OTTER_KEYSET_ERROR_SIZE], text[128];
    jwt_t              *jwt;
    size_t              len;
    EVP_MD_CTX         *ctx;
    unsigned char       signature[64];
    otter_keyset_t     *set;
    const otter_key_t  *key;

    set = otter_keyset_parse(whole, strlen(whole), error);
    key = otter_keyset_find(set, (unsigned char *) "hs", 2);

    len = jwt_maker_sign_hs(signature, key->secret, key->secret_len, a1_input,
                            strlen(a1_input));
    (void) jwt_maker_encode(text, signature, len);
    tap_is_str(text, a1_signature, "RFC 7515, A.1");

    key = otter_keyset_find(set, (unsigned char *) "es", 2);

    jwt = NULL;
    tap_is_int(jwt_decode(&jwt, a3_token, key->public_pem,
                          (int) key->public_pem_len),
               0, "RFC 7515, A.3");
    jwt_free(jwt);

    key = otter_keyset_find(set, (unsigned char *) "ed", 2);

    len = sizeof(signature);
    ctx = EVP_MD_CTX_new();
    EVP_DigestSignInit(ctx, NULL, NULL, NULL, key->pkey);
    EVP_DigestSign(ctx, signature, &len, (const unsigned char *) ed_input,
                   strlen(ed_input));
    EVP_MD_CTX_free(ctx);

    (void) jwt_maker_encode(text, signature, len);
    tap_is_str(text, ed_signature, "RFC 8037, A.4");

    otter_keyset_free(set);
}


static void
check_public_only(void)
{
    char             error[OTTER_KEYSET_ERROR_SIZE];
    const char      *text;
    otter_keyset_t  *set;

    text = KEY(EC "," EC_X "," EC_Y);
    set = otter_keyset_parse(text, strlen(text), error);
    tap_ok(set && otter_keyset_signer(set, 1) == NULL,
           "a public EC key does not sign");
    otter_keyset_free(set);

    text = KEY(OKP "," OKP_X);
    set = otter_keyset_parse(text, strlen(text), error);
    tap_ok(set && otter_keyset_signer(set, 1) == NULL,
           "a public Ed25519 key does not sign");
    otter_keyset_free(set);

    text = "{\"keys\":[{" EC "," EC_X "," EC_Y "}," HS "]}";
    set = otter_keyset_parse(text, strlen(text), error);
    tap_is_str(set ? otter_key_kid(otter_keyset_signer(set, 1)) : NULL, "hs",
               "the first private key signs, behind a public one");
    otter_keyset_free(set);
}


static void
check_number(unsigned n, int good)
{
    char            *text, *p, error[OTTER_KEYSET_ERROR_SIZE];
    unsigned         i;
    otter_keyset_t  *set;

    text = malloc(n * 200 + 100);
    if (text == NULL) {
        abort();
    }

    p = text + sprintf(text, "{\"keys\":[");

    for (i = 0; i < n; i++) {
        p += sprintf(p, "%s{\"kty\":\"oct\",\"kid\":\"%u\",\"k\":\"%s\"}",
                     i ? "," : "", i, SECRET);
    }

    p += sprintf(p, "]}");

    set = otter_keyset_parse(text, (size_t) (p - text), error);
    tap_ok((set != NULL) == good, "%u keys are %s", n,
           good ? "taken" : "refused");

    otter_keyset_free(set);
    free(text);
}


static void
check_kid_length(unsigned n, int good)
{
    char             text[600], error[OTTER_KEYSET_ERROR_SIZE];
    otter_keyset_t  *set;

    sprintf(text, "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"%0*d\","
                  "\"k\":\"%s\"}]}", (int) n, 0, SECRET);

    set = otter_keyset_parse(text, strlen(text), error);
    tap_ok((set != NULL) == good, "a kid of %u characters is %s", n,
           good ? "taken" : "refused");
    tap_ok(set == NULL
           || strlen(otter_key_kid(otter_keyset_signer(set, 1))) == n,
           "and kept whole");

    otter_keyset_free(set);
}


static void
check_secret_length(unsigned n, int good)
{
    char             text[4096], error[OTTER_KEYSET_ERROR_SIZE], *p;
    otter_keyset_t  *set;
    unsigned char    secret[2048] = { 1 };

    p = text + sprintf(text, "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"a\","
                             "\"k\":\"");
    p = jwt_maker_encode(p, secret, n);
    (void) sprintf(p, "\"}]}");

    set = otter_keyset_parse(text, strlen(text), error);
    tap_ok((set != NULL) == good, "a secret of %u bytes is %s", n,
           good ? "taken" : "refused");

    otter_keyset_free(set);
}


static void
check_random(void)
{
    otter_keyset_t     *one, *two;
    const otter_key_t  *key;

    one = otter_keyset_random();
    two = otter_keyset_random();

    key = otter_keyset_signer(one, 1);

    tap_ok(key && otter_key_alg(key) == OTTER_ALG_HS256
           && otter_keyset_find(one, (unsigned char *) otter_key_kid(key),
                                strlen(otter_key_kid(key))) == key,
           "a random set has one HS256 key");
    tap_ok(strcmp(otter_key_kid(key),
                  otter_key_kid(otter_keyset_signer(two, 1))) != 0,
           "another has another");

    otter_keyset_free(one);
    otter_keyset_free(two);
    otter_keyset_free(NULL);
}


static void
check_generate(otter_alg_t alg)
{
    char             set_text[1024], error[OTTER_KEYSET_ERROR_SIZE];
    char            *one, *two;
    otter_keyset_t  *set;

    one = otter_key_generate(alg, "it \"is\" mine");
    two = otter_key_generate(alg, "it \"is\" mine");

    tap_ok(one && two && strcmp(one, two) != 0, "%s: a new key each time",
           otter_alg_name(alg));

    snprintf(set_text, sizeof(set_text), "{\"keys\":[%s]}", one);

    set = otter_keyset_parse(set_text, strlen(set_text), error);

    if (!tap_ok(set && otter_keyset_signer(set, 1)
                && otter_key_alg(otter_keyset_signer(set, 1)) == alg,
                "it is read again and signs"))
    {
        tap_diag("%s: %s", error, set_text);
    }

    tap_is_str(set ? otter_key_kid(otter_keyset_signer(set, 1)) : NULL,
               "it \"is\" mine", "its kid is the one asked for");

    otter_keyset_free(set);
    free(one);
    free(two);
}


int
main(void)
{
    check_bad();
    check_whole();
    check_vectors();
    check_public_only();

    check_number(1, 1);
    check_number(64, 1);
    check_number(65, 0);

    check_kid_length(1, 1);
    check_kid_length(128, 1);
    check_kid_length(129, 0);

    check_secret_length(31, 0);
    check_secret_length(32, 1);
    check_secret_length(1024, 1);
    check_secret_length(1025, 0);

    check_random();

    check_generate(OTTER_ALG_HS256);
    check_generate(OTTER_ALG_ES256);
    check_generate(OTTER_ALG_EDDSA);

    return tap_done();
}
