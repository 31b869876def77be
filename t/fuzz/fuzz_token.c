
/*
 * Copyright (C) Otter contributors
 */

/*
 * Tokens, and the files of keys they are verified with.  The first byte says
 * what the rest is: a mutated token never gets past its signature, so claims
 * and headers are signed here.
 */


#include <string.h>

#include "jwt_maker.h"
#include "otter_apikey.h"
#include "otter_json.h"
#include "otter_name.h"
#include "otter_token.h"


enum {
    FUZZ_SIZE_MAX = 12000,
    FUZZ_NOW = 1700000000
};


static const char  fuzz_set[] =
    "{\"keys\":["
    "{\"kty\":\"oct\",\"kid\":\"hs\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMko"
    "qQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow\"},"
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"es\","
    "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
    "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"},"
    "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"ed\","
    "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}";

static const char  fuzz_header[] = "{\"alg\":\"HS256\",\"kid\":\"hs\"}";
static const char  fuzz_claims[] =
    "{\"sub\":\"alice\",\"room\":\"den\",\"aud\":\"otter\",\"exp\":1700000600}";


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static void
fuzz_must(int good)
{
    if (!good) {
        abort();
    }
}


/* what a token that is taken says is what the rest of Otter counts on */

static void
fuzz_verify(const otter_keyset_t *set, const uint8_t *data, size_t size)
{
    otter_claims_t  c;

    if (otter_token_verify(set, data, size, FUZZ_NOW, &c) != OTTER_TOKEN_OK) {
        return;
    }

    fuzz_must(size <= OTTER_TOKEN_MAX);
    fuzz_must(otter_room_name_valid(c.room.data, c.room.len));
    fuzz_must(otter_identity_valid(c.sub.data, c.sub.len));
    fuzz_must(otter_display_name_valid(c.name.data, c.name.len));
    fuzz_must(c.exp > FUZZ_NOW);
    fuzz_must(c.nbf >= 0 && c.nbf <= FUZZ_NOW + OTTER_TOKEN_LEEWAY);
    fuzz_must(c.metadata.len >= 2 && c.metadata.len <= OTTER_METADATA_MAX);
    fuzz_must(c.metadata.data[0] == '{');
    fuzz_must(otter_json_valid(c.metadata.data, c.metadata.len));

    otter_claims_free(&c);
}


static void
fuzz_signed(const otter_keyset_t *set, const void *header, size_t header_len,
    const void *claims, size_t claims_len)
{
    char  *token;

    token = jwt_maker_bytes(JWT_MAKER_HS, header, header_len, claims,
                            claims_len);

    fuzz_verify(set, (uint8_t *) token, strlen(token));

    free(token);
}


static void
fuzz_keyset(const char *text, size_t len)
{
    char             error[OTTER_KEYSET_ERROR_SIZE], *public;
    otter_keyset_t  *set;

    set = otter_keyset_parse(text, len, error);

    if (set == NULL) {
        fuzz_must(memchr(error, '\0', sizeof(error)) != NULL);
        return;
    }

    public = otter_keyset_public(set, 1);
    fuzz_must(public != NULL);

    free(public);
    otter_keyset_free(set);
}


static void
fuzz_apikeys(const char *text, size_t len)
{
    char                   error[OTTER_APIKEY_ERROR_SIZE];
    otter_apikeys_t       *keys;
    const otter_apikey_t  *key;

    keys = otter_apikeys_parse(text, len, error);

    if (keys == NULL) {
        fuzz_must(memchr(error, '\0', sizeof(error)) != NULL);
        return;
    }

    (void) otter_apikeys_check(keys, (const unsigned char *) text, len,
                               FUZZ_NOW, &key);
    otter_apikeys_free(keys);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t                 what;
    char                    error[OTTER_KEYSET_ERROR_SIZE];
    static otter_keyset_t  *set;

    if (size == 0 || size > FUZZ_SIZE_MAX) {
        return 0;
    }

    what = *data++;
    size--;

    if (what == 'k') {
        fuzz_keyset((const char *) data, size);
        return 0;
    }

    if (what == 'a') {
        fuzz_apikeys((const char *) data, size);
        return 0;
    }

    if (set == NULL) {
        set = otter_keyset_parse(fuzz_set, strlen(fuzz_set), error);
        fuzz_must(set != NULL);
    }

    if (what == 'c') {
        fuzz_signed(set, fuzz_header, strlen(fuzz_header), data, size);

    } else if (what == 'h') {
        fuzz_signed(set, data, size, fuzz_claims, strlen(fuzz_claims));

    } else {
        fuzz_verify(set, data, size);
    }

    return 0;
}
