
/*
 * Copyright (C) Otter contributors
 */


#include "token_check.h"


typedef struct {
    const char        *name;
    const char        *header;
    jwt_maker_t        maker;
    otter_token_rc_t   rc;
} header_row_t;


static const header_row_t  header_rows[] = {
    { "HS256", "{\"alg\":\"HS256\",\"kid\":\"hs\"}", JWT_MAKER_HS,
      OTTER_TOKEN_OK },
    { "ES256", "{\"alg\":\"ES256\",\"kid\":\"es\"}", JWT_MAKER_ES,
      OTTER_TOKEN_OK },
    { "EdDSA", "{\"alg\":\"EdDSA\",\"kid\":\"ed\"}", JWT_MAKER_ED,
      OTTER_TOKEN_OK },
    { "typ JWT", "{\"typ\":\"JWT\",\"alg\":\"HS256\",\"kid\":\"hs\"}",
      JWT_MAKER_HS, OTTER_TOKEN_OK },
    { "typ jwt", "{\"typ\":\"jwt\",\"alg\":\"EdDSA\",\"kid\":\"ed\"}",
      JWT_MAKER_ED, OTTER_TOKEN_OK },
    { "members unknown",
      "{\"x5t\":\"a\",\"cty\":\"b\",\"alg\":\"HS256\",\"kid\":\"hs\"}",
      JWT_MAKER_HS, OTTER_TOKEN_OK },
    { "white space", " { \"alg\" : \"HS256\" ,\r\n\t\"kid\" : \"hs\" } ",
      JWT_MAKER_HS, OTTER_TOKEN_OK },
    { "kid escaped", "{\"alg\":\"HS256\",\"kid\":\"\\u0068s\"}",
      JWT_MAKER_HS, OTTER_TOKEN_OK },
    { "a key in the header",
      "{\"alg\":\"HS256\",\"kid\":\"hs\",\"jwk\":{\"kty\":\"oct\","
      "\"k\":\"AAAA\"},\"jku\":\"http://127.0.0.1/\"}",
      JWT_MAKER_HS, OTTER_TOKEN_OK },

    { "typ another", "{\"typ\":\"JWE\",\"alg\":\"HS256\",\"kid\":\"hs\"}",
      JWT_MAKER_HS, OTTER_TOKEN_MALFORMED },
    { "typ longer", "{\"typ\":\"JWT2\",\"alg\":\"HS256\",\"kid\":\"hs\"}",
      JWT_MAKER_HS, OTTER_TOKEN_MALFORMED },
    { "typ a number", "{\"typ\":1,\"alg\":\"HS256\",\"kid\":\"hs\"}",
      JWT_MAKER_HS, OTTER_TOKEN_MALFORMED },
    { "typ null", "{\"typ\":null,\"alg\":\"HS256\",\"kid\":\"hs\"}",
      JWT_MAKER_HS, OTTER_TOKEN_MALFORMED },

    { "alg none", "{\"alg\":\"none\",\"kid\":\"hs\"}", JWT_MAKER_HS,
      OTTER_TOKEN_BAD_ALG },
    { "alg None", "{\"alg\":\"None\",\"kid\":\"es\"}", JWT_MAKER_ES,
      OTTER_TOKEN_BAD_ALG },
    { "alg none, no kid", "{\"alg\":\"none\"}", JWT_MAKER_HS,
      OTTER_TOKEN_UNKNOWN_KEY },
    { "alg hs256", "{\"alg\":\"hs256\",\"kid\":\"hs\"}", JWT_MAKER_HS,
      OTTER_TOKEN_BAD_ALG },
    { "alg HS512", "{\"alg\":\"HS512\",\"kid\":\"hs\"}", JWT_MAKER_HS,
      OTTER_TOKEN_BAD_ALG },
    { "alg RS256", "{\"alg\":\"RS256\",\"kid\":\"hs\"}", JWT_MAKER_HS,
      OTTER_TOKEN_BAD_ALG },
    { "alg empty", "{\"alg\":\"\",\"kid\":\"hs\"}", JWT_MAKER_HS,
      OTTER_TOKEN_BAD_ALG },
    { "alg missing", "{\"kid\":\"hs\"}", JWT_MAKER_HS, OTTER_TOKEN_BAD_ALG },
    { "alg a number", "{\"alg\":1,\"kid\":\"hs\"}", JWT_MAKER_HS,
      OTTER_TOKEN_BAD_ALG },
    { "alg null", "{\"alg\":null,\"kid\":\"hs\"}", JWT_MAKER_HS,
      OTTER_TOKEN_BAD_ALG },
    { "alg an array", "{\"alg\":[\"HS256\"],\"kid\":\"hs\"}", JWT_MAKER_HS,
      OTTER_TOKEN_BAD_ALG },
    { "alg twice", "{\"alg\":\"HS256\",\"alg\":\"HS256\",\"kid\":\"hs\"}",
      JWT_MAKER_HS, OTTER_TOKEN_MALFORMED },
    { "alg twice, escaped",
      "{\"alg\":\"HS256\",\"\\u0061lg\":\"none\",\"kid\":\"hs\"}",
      JWT_MAKER_HS, OTTER_TOKEN_MALFORMED },
    { "alg with a zero", "{\"alg\":\"HS256\\u0000\",\"kid\":\"hs\"}",
      JWT_MAKER_HS, OTTER_TOKEN_MALFORMED },
    { "alg of another key", "{\"alg\":\"HS256\",\"kid\":\"es\"}",
      JWT_MAKER_HS, OTTER_TOKEN_BAD_ALG },
    { "alg ES256 of a symmetric key", "{\"alg\":\"ES256\",\"kid\":\"hs\"}",
      JWT_MAKER_ES, OTTER_TOKEN_BAD_ALG },
    { "alg ES256 of an Ed25519 key", "{\"alg\":\"ES256\",\"kid\":\"ed\"}",
      JWT_MAKER_ES, OTTER_TOKEN_BAD_ALG },
    { "alg Ed25519", "{\"alg\":\"Ed25519\",\"kid\":\"ed\"}", JWT_MAKER_ED,
      OTTER_TOKEN_BAD_ALG },

    { "kid missing", "{\"alg\":\"HS256\"}", JWT_MAKER_HS,
      OTTER_TOKEN_UNKNOWN_KEY },
    { "kid unknown", "{\"alg\":\"HS256\",\"kid\":\"h\"}", JWT_MAKER_HS,
      OTTER_TOKEN_UNKNOWN_KEY },
    { "kid longer", "{\"alg\":\"HS256\",\"kid\":\"hss\"}", JWT_MAKER_HS,
      OTTER_TOKEN_UNKNOWN_KEY },
    { "kid in capitals", "{\"alg\":\"HS256\",\"kid\":\"HS\"}", JWT_MAKER_HS,
      OTTER_TOKEN_UNKNOWN_KEY },
    { "kid empty", "{\"alg\":\"HS256\",\"kid\":\"\"}", JWT_MAKER_HS,
      OTTER_TOKEN_UNKNOWN_KEY },
    { "kid a number", "{\"alg\":\"HS256\",\"kid\":0}", JWT_MAKER_HS,
      OTTER_TOKEN_UNKNOWN_KEY },
    { "kid an array", "{\"alg\":\"HS256\",\"kid\":[\"hs\"]}", JWT_MAKER_HS,
      OTTER_TOKEN_UNKNOWN_KEY },
    { "kid null", "{\"alg\":\"HS256\",\"kid\":null}", JWT_MAKER_HS,
      OTTER_TOKEN_UNKNOWN_KEY },
    { "kid with a zero", "{\"alg\":\"HS256\",\"kid\":\"hs\\u0000\"}",
      JWT_MAKER_HS, OTTER_TOKEN_MALFORMED },

    { "crit", "{\"alg\":\"HS256\",\"kid\":\"hs\",\"crit\":[\"exp\"],"
      "\"exp\":1}", JWT_MAKER_HS, OTTER_TOKEN_BAD_ALG },
    { "crit empty", "{\"alg\":\"HS256\",\"kid\":\"hs\",\"crit\":[]}",
      JWT_MAKER_HS, OTTER_TOKEN_BAD_ALG },
    { "crit null", "{\"alg\":\"HS256\",\"kid\":\"hs\",\"crit\":null}",
      JWT_MAKER_HS, OTTER_TOKEN_BAD_ALG },
    { "crit b64", "{\"alg\":\"EdDSA\",\"kid\":\"ed\",\"crit\":[\"b64\"],"
      "\"b64\":false}", JWT_MAKER_ED, OTTER_TOKEN_BAD_ALG },

    { "signed by another algorithm, HS", "{\"alg\":\"HS256\",\"kid\":\"hs\"}",
      JWT_MAKER_ED, OTTER_TOKEN_BAD_SIGNATURE },
    { "signed by another algorithm, ES", "{\"alg\":\"ES256\",\"kid\":\"es\"}",
      JWT_MAKER_ED, OTTER_TOKEN_BAD_SIGNATURE },
    { "signed by another algorithm, Ed", "{\"alg\":\"EdDSA\",\"kid\":\"ed\"}",
      JWT_MAKER_ES, OTTER_TOKEN_BAD_SIGNATURE },
    { "ES256 signed with HMAC", "{\"alg\":\"ES256\",\"kid\":\"es\"}",
      JWT_MAKER_HS, OTTER_TOKEN_BAD_SIGNATURE },

    { "header an array", "[]", JWT_MAKER_HS, OTTER_TOKEN_MALFORMED },
    { "header null", "null", JWT_MAKER_HS, OTTER_TOKEN_MALFORMED },
    { "header a string", "\"HS256\"", JWT_MAKER_HS, OTTER_TOKEN_MALFORMED },
    { "header no JSON", "{alg:HS256}", JWT_MAKER_HS, OTTER_TOKEN_MALFORMED },
    { "header cut short", "{\"alg\":\"HS256\"", JWT_MAKER_HS,
      OTTER_TOKEN_MALFORMED },
    { "header with more behind", "{\"alg\":\"HS256\",\"kid\":\"hs\"}{}",
      JWT_MAKER_HS, OTTER_TOKEN_MALFORMED },
    { "header with a byte order mark",
      "\xef\xbb\xbf{\"alg\":\"HS256\",\"kid\":\"hs\"}", JWT_MAKER_HS,
      OTTER_TOKEN_MALFORMED },
    { "header not UTF-8", "{\"alg\":\"HS256\",\"kid\":\"hs\",\"x\":\"\xff\"}",
      JWT_MAKER_HS, OTTER_TOKEN_MALFORMED }
};


static void
check_headers(const otter_keyset_t *set)
{
    size_t               i;
    const header_row_t  *row;

    for (i = 0; i < sizeof(header_rows) / sizeof(header_rows[0]); i++) {
        row = &header_rows[i];

        is_verdict(set, jwt_maker_token(row->maker, row->header, claims_text),
                   row->rc, row->name);
    }
}


int
main(void)
{
    otter_keyset_t  *set;

    set = read_set();

    check_headers(set);

    otter_keyset_free(set);

    return tap_done();
}
