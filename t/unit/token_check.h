
/*
 * Copyright (C) Otter contributors
 */

/*
 * Keys and verdicts that the tests of otter_token_verify() share.
 */


#ifndef OTTER_TOKEN_CHECK_H_INCLUDED
#define OTTER_TOKEN_CHECK_H_INCLUDED


#include "jwt_maker.h"
#include "otter_token.h"
#include "tap.h"


enum {
    NOW = 1700000000
};


static const char  set_text[] =
    "{\"keys\":["
    "{\"kty\":\"oct\",\"kid\":\"hs\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMko"
    "qQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow\"},"
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"es\","
    "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
    "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"},"
    "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"ed\","
    "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}";

static const char *const  headers[] = {
    "{\"alg\":\"HS256\",\"kid\":\"hs\"}",
    "{\"alg\":\"ES256\",\"kid\":\"es\"}",
    "{\"alg\":\"EdDSA\",\"kid\":\"ed\"}"
};

static const char  claims_text[] =
    "{\"sub\":\"alice\",\"room\":\"den\",\"aud\":\"otter\",\"exp\":1700000600}";


static inline otter_keyset_t *
read_set(void)
{
    char             error[OTTER_KEYSET_ERROR_SIZE];
    otter_keyset_t  *set;

    set = otter_keyset_parse(set_text, strlen(set_text), error);

    if (set == NULL) {
        tap_diag("%s", error);
        abort();
    }

    return set;
}


/* the result; what has been filled in is released, and if nothing, untouched */

static inline otter_token_rc_t
verify(const otter_keyset_t *set, const void *token, size_t len)
{
    otter_claims_t    claims, before;
    otter_token_rc_t  rc;

    memset(&before, 0x5a, sizeof(otter_claims_t));
    claims = before;

    rc = otter_token_verify(set, token, len, NOW, &claims);

    if (rc == OTTER_TOKEN_OK) {
        otter_claims_free(&claims);

    } else if (memcmp(&claims, &before, sizeof(otter_claims_t)) != 0) {
        tap_ok(0, "claims of a refused token are not filled in");
    }

    return rc;
}


static inline void
is_verdict(const otter_keyset_t *set, char *token, otter_token_rc_t rc,
    const char *name)
{
    otter_token_rc_t  got;

    got = verify(set, token, strlen(token));

    tap_is_str(otter_token_code(got), otter_token_code(rc), "%s", name);

    free(token);
}


#endif /* OTTER_TOKEN_CHECK_H_INCLUDED */
