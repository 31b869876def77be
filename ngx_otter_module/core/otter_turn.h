
/*
 * Copyright (C) Otter contributors
 */

/*
 * TURN REST credentials (draft-uberti-behave-turn-rest-00, section 2.2) and
 * the URIs of STUN and TURN servers (RFC 7064, RFC 7065).
 */


#ifndef OTTER_TURN_H_INCLUDED
#define OTTER_TURN_H_INCLUDED


#include "otter_core.h"
#include "otter_turn_id.h"


enum {
    OTTER_TURN_USERNAME_MAX = 20 + 1 + OTTER_TURN_ID_MAX,
    OTTER_TURN_PASSWORD_SIZE = 28      /* base64 of a SHA-1 */
};

typedef enum {
    OTTER_TURN_URI_INVALID = 0,
    OTTER_TURN_URI_STUN,               /* stun: stuns: no credential */
    OTTER_TURN_URI_TURN                /* turn: turns: */
} otter_turn_uri_t;

typedef struct {
    unsigned char  username[OTTER_TURN_USERNAME_MAX];
    size_t         username_len;
    unsigned char  password[OTTER_TURN_PASSWORD_SIZE];
} otter_turn_credential_t;


/*
 * username is "<expires>:<id>", password base64(HMAC-SHA1(secret, username)).
 * Returns 0, or -1 if id is longer than OTTER_TURN_ID_MAX or OpenSSL fails.
 */

int otter_turn_credential(otter_turn_credential_t *c,
    const unsigned char *secret, size_t secret_len, int64_t expires,
    const unsigned char *id, size_t id_len);

otter_turn_uri_t otter_turn_uri(const unsigned char *data, size_t len);


#endif /* OTTER_TURN_H_INCLUDED */
