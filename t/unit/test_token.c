
/*
 * Copyright (C) Otter contributors
 */


#include <openssl/err.h>

#include "token_check.h"


/* what is in no way a token, and tokens taken to pieces */

static void
check_texts(const otter_keyset_t *set)
{
    char                      *good, *text;
    size_t                     i, len;
    otter_token_rc_t           rc;
    static const char *const   texts[] = {
        "", "x", ".", "..", "...", "....", "a.b", "a..", ".b.", "..c",
        "a.b.", "a..c", ".b.c", "a.b.c.d", "e30.e30.", "e30.e30.AA",
        "e30..AA", ".e30.AA", "bnVsbA.bnVsbA.AA", "{}.{}.{}",
        "e30.e30.AA ", " e30.e30.AA", "e30\n.e30.AA", "e30.e30.A",
        "e30.e31.AA", "e31.e30.AA", "e30=.e30=.AA==", "W10.W10.AA",
        "Bearer e30.e30.AA", "%65%33%30.e30.AA"
    };

    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        rc = verify(set, texts[i], strlen(texts[i]));
        tap_ok(rc == OTTER_TOKEN_MALFORMED || rc == OTTER_TOKEN_UNKNOWN_KEY,
               "text %zu is refused: %s", i, otter_token_code(rc));
    }

    good = jwt_maker_token(JWT_MAKER_HS, headers[0], claims_text);
    len = strlen(good);

    text = malloc(len + 4);
    if (text == NULL) {
        abort();
    }

    for (i = 0; i < 4; i++) {
        sprintf(text, "%s%s%s", i == 0 ? " " : "", good,
                i == 1 ? " " : i == 2 ? "=" : i == 3 ? "." : "");
        tap_is_int(verify(set, text, strlen(text)), OTTER_TOKEN_MALFORMED,
                   "a good one with a byte more");
    }

    memcpy(text, good, len + 1);
    tap_is_int(verify(set, text, len + 1), OTTER_TOKEN_MALFORMED,
               "a good one with a zero byte behind it");

    free(text);
    free(good);
}


static void
check_megabyte(const otter_keyset_t *set)
{
    char    *text;
    size_t   i, size;

    size = 1024 * 1024;

    text = malloc(size);
    if (text == NULL) {
        abort();
    }

    memset(text, 'A', size);
    tap_is_int(verify(set, text, size), OTTER_TOKEN_MALFORMED,
               "a megabyte of letters");

    text[size / 3] = '.';
    text[size / 2] = '.';
    tap_is_int(verify(set, text, size), OTTER_TOKEN_MALFORMED,
               "a megabyte in three segments");

    memset(text, '.', size);
    tap_is_int(verify(set, text, size), OTTER_TOKEN_MALFORMED,
               "a megabyte of dots");

    for (i = 0; i < size; i++) {
        text[i] = (char) i;
    }

    tap_is_int(verify(set, text, size), OTTER_TOKEN_MALFORMED,
               "a megabyte of bytes");

    free(text);
}


/* one byte over the limit, and one that just fits */

static void
check_longest(const otter_keyset_t *set)
{
    char    *token, payload[8192];
    size_t   pad;

    for (pad = 5900; pad < 6100; pad++) {
        snprintf(payload, sizeof(payload), "%.*s,\"x\":\"%0*d\"}",
                 (int) strlen(claims_text) - 1, claims_text, (int) pad, 0);
        token = jwt_maker_token(JWT_MAKER_HS, headers[0], payload);

        if (strlen(token) > OTTER_TOKEN_MAX - 2) {
            is_verdict(set, token, strlen(token) > OTTER_TOKEN_MAX
                                   ? OTTER_TOKEN_MALFORMED : OTTER_TOKEN_OK,
                       "near the limit of 8192 bytes");

            if (pad == 6099) {
                return;
            }

            continue;
        }

        free(token);
    }
}


/* no other text of the same length passes, and no beginning of one */

static void
check_tampered(const otter_keyset_t *set, jwt_maker_t maker)
{
    char      *token, kept;
    size_t     i, k, len;
    unsigned   passed;

    static const char  others[] = { 'A', 'B', '_', '-', '.', '=', '+', 0 };

    token = jwt_maker_token(maker, headers[maker], claims_text);
    len = strlen(token);
    passed = 0;

    for (i = 0; i < len; i++) {
        kept = token[i];

        for (k = 0; k < sizeof(others); k++) {
            token[i] = others[k];

            if (token[i] != kept
                && verify(set, token, len) == OTTER_TOKEN_OK)
            {
                passed++;
            }
        }

        token[i] = kept;

        if (verify(set, token, i) == OTTER_TOKEN_OK) {
            passed++;
        }
    }

    tap_is_int(passed, 0, "%s: nothing like it passes", headers[maker]);
    tap_is_int(verify(set, token, len), OTTER_TOKEN_OK, "it does itself");

    free(token);
}


/* a public key taken for the secret of HS256, in every form it comes in */

static void
check_confusion(const otter_keyset_t *set)
{
    size_t                    i;
    unsigned char             raw[64];
    static const char         es_header[] =
        "{\"alg\":\"HS256\",\"kid\":\"es\"}";
    static const char *const  public_keys[] = {
        "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        "-----BEGIN PUBLIC KEY-----\n"
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV7\n"
        "6e8Tus9uPHvRVEXH8UTNG72bfocs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==\n"
        "-----END PUBLIC KEY-----\n",
        ""
    };

    for (i = 0; i < sizeof(public_keys) / sizeof(public_keys[0]); i++) {
        is_verdict(set, jwt_maker_hmac(public_keys[i],
                                       strlen(public_keys[i]), es_header,
                                       claims_text),
                   OTTER_TOKEN_BAD_ALG, "HMAC with a public key");
        is_verdict(set, jwt_maker_hmac(public_keys[i],
                                       strlen(public_keys[i]), headers[1],
                                       claims_text),
                   OTTER_TOKEN_BAD_SIGNATURE, "the same called ES256");
    }

    jwt_maker_decode(raw, jwt_maker_ed_x);

    is_verdict(set, jwt_maker_hmac(raw, 32,
                                   "{\"alg\":\"HS256\",\"kid\":\"ed\"}",
                                   claims_text),
               OTTER_TOKEN_BAD_ALG, "HMAC with a public Ed25519 key");
    is_verdict(set, jwt_maker_hmac("AyM1SysP", 8, headers[0], claims_text),
               OTTER_TOKEN_BAD_SIGNATURE, "HMAC with another secret");
    is_verdict(set, jwt_maker_hmac("", 0, headers[0], claims_text),
               OTTER_TOKEN_BAD_SIGNATURE, "HMAC with no secret");
}


/* signatures that are not of the size or the range that there is */

static void
check_signatures(const otter_keyset_t *set, jwt_maker_t maker)
{
    char           *token, *end;
    size_t          i;
    unsigned char   bytes[80];

    static const size_t  sizes[] = { 1, 16, 31, 32, 33, 63, 64, 65, 70, 72 };

    for (i = 0; i < 2 * sizeof(sizes) / sizeof(sizes[0]); i++) {
        memset(bytes, i % 2 ? 0xff : 0, sizeof(bytes));

        token = jwt_maker_token(maker, headers[maker], claims_text);
        end = strrchr(token, '.') + 1;
        (void) jwt_maker_encode(end, bytes, sizes[i / 2]);

        is_verdict(set, token, OTTER_TOKEN_BAD_SIGNATURE,
                   "a signature of zeros, or of ones");
    }
}


static void
check_vector(const otter_keyset_t *set)
{
    is_verdict(set,
               strdup("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJq"
                      "b2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
                      "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uh"
                      "bUJU1p1r_wW1gFWFOEjXk"),
               OTTER_TOKEN_UNKNOWN_KEY,
               "RFC 7515, A.1, is sound but names no key");
}


static void
check_errors(const otter_keyset_t *set)
{
    char  *token;

    ERR_clear_error();

    /* OpenSSL complains of numbers that are out of their range */

    token = jwt_maker_token(JWT_MAKER_ES, headers[1], claims_text);
    memset(strrchr(token, '.') + 1, 'A', 86);
    (void) verify(set, token, strlen(token));
    tap_is_int((int64_t) ERR_peek_error(), 0,
               "a refusal leaves nothing in OpenSSL's queue");

    ERR_raise(ERR_LIB_USER, 42);
    (void) verify(set, token, strlen(token));
    tap_is_int(ERR_GET_REASON(ERR_peek_last_error()), 42,
               "and what was there stays");
    ERR_clear_error();

    free(token);
}


static void
check_codes(void)
{
    int  rc;

    static const char *const  codes[] = {
        "ok", "token-malformed", "token-unknown-key", "token-bad-algorithm",
        "token-bad-signature", "token-bad-claims", "token-wrong-audience",
        "token-not-yet-valid", "token-expired", "token-revoked", "no-memory"
    };

    for (rc = OTTER_TOKEN_OK; rc <= OTTER_TOKEN_NO_MEMORY; rc++) {
        tap_is_str(otter_token_code((otter_token_rc_t) rc), codes[rc],
                   "code %d", rc);
        tap_ok(strlen(otter_token_detail((otter_token_rc_t) rc)) > 10,
               "it has a sentence");
    }
}


int
main(void)
{
    otter_keyset_t  *set;

    set = read_set();

    check_texts(set);
    check_megabyte(set);
    check_longest(set);

    check_tampered(set, JWT_MAKER_HS);
    check_tampered(set, JWT_MAKER_ES);
    check_tampered(set, JWT_MAKER_ED);

    check_confusion(set);

    check_signatures(set, JWT_MAKER_HS);
    check_signatures(set, JWT_MAKER_ES);
    check_signatures(set, JWT_MAKER_ED);

    check_vector(set);
    check_errors(set);
    check_codes();

    otter_keyset_free(set);

    return tap_done();
}
