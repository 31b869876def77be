
/*
 * Copyright (C) Otter contributors
 */

/*
 * Join tokens: JWT (RFC 7519) in JWS compact form, verified as RFC 8725
 * asks.  libjwt does ES256 and signs HS256, OpenSSL the rest.
 */


#ifndef OTTER_TOKEN_H_INCLUDED
#define OTTER_TOKEN_H_INCLUDED


#include "otter_keyset.h"


enum {
    OTTER_TOKEN_MAX = 8192,            /* bytes of a token taken at all */
    OTTER_TOKEN_LEEWAY = 5             /* seconds that nbf and iat may be
                                          ahead, for clocks differ */
};

/* why a token was refused, in the order of the checks */

typedef enum {
    OTTER_TOKEN_OK = 0,
    OTTER_TOKEN_MALFORMED,     /* too long, not three segments, not JSON */
    OTTER_TOKEN_UNKNOWN_KEY,   /* no kid, or no key of that kid */
    OTTER_TOKEN_BAD_ALG,       /* "alg" is not the key's; or "crit" is there */
    OTTER_TOKEN_BAD_SIGNATURE,
    OTTER_TOKEN_BAD_CLAIMS,    /* one is missing or of the wrong type */
    OTTER_TOKEN_WRONG_AUDIENCE,
    OTTER_TOKEN_NOT_YET_VALID,
    OTTER_TOKEN_EXPIRED,
    OTTER_TOKEN_REVOKED,       /* of who was put out; never by verify() */
    OTTER_TOKEN_NO_MEMORY
} otter_token_rc_t;

typedef enum {
    OTTER_ROLE_PARTICIPANT = 0,
    OTTER_ROLE_MODERATOR
} otter_role_t;

/*
 * Claims as read or to be written.  When read, the spans lie in memory of the
 * last three, which otter_claims_free() releases; metadata is compact JSON
 * text of an object, "{}" if there was none; name is empty when absent.
 */

typedef struct {
    otter_span_t    iss;       /* the API key's id; "guest" for a guest */
    otter_span_t    sub;       /* identity */
    otter_span_t    jti;       /* may be empty when read */
    otter_span_t    room;
    otter_span_t    name;
    otter_span_t    metadata;
    otter_role_t    role;
    int64_t         iat;       /* 0: absent */
    int64_t         nbf;       /* 0: absent */
    int64_t         exp;
    void           *tree;      /* of json_t, or the payload where it lies */
    void           *payload;
    char           *text;      /* of metadata */
} otter_claims_t;


/*
 * Verifies a token against the set at the time now (seconds).  Claims are
 * filled in only with OTTER_TOKEN_OK.  sub, room, aud and exp are required;
 * aud is "otter" or an array that has it; exp, nbf, iat are JSON integers;
 * names must not stand twice at the top of header or claims; base64url is
 * taken in its canonical form only.
 */

otter_token_rc_t otter_token_verify(const otter_keyset_t *set,
    const unsigned char *token, size_t len, int64_t now,
    otter_claims_t *claims);

void otter_claims_free(otter_claims_t *claims);

/*
 * Signs with the set's signer at the time of iat; header
 * {"alg","kid","typ":"JWT"}.  The token comes from malloc(), *len without the
 * zero.  NULL without a signer or memory, or when a claim is not valid.
 * metadata may be absent.
 */

char *otter_token_sign(const otter_keyset_t *set,
    const otter_claims_t *claims, size_t *len);

/* "token-expired" and its like: the stable code of a problem */

const char *otter_token_code(otter_token_rc_t rc);

/* a sentence for "detail" */

const char *otter_token_detail(otter_token_rc_t rc);


#endif /* OTTER_TOKEN_H_INCLUDED */
