
/*
 * Copyright (C) Otter contributors
 */

/*
 * The <id> in the username of a TURN credential.  It says to whoever knows the
 * TURN secret for whom the credential was made, so that what coturn reports of
 * a username belongs to a peer, a room and an API key; to all others, the
 * network and coturn's log among them, it says nothing.  The same owner has
 * the same id for as long as the secret lasts, as coturn's quotas need it, and
 * of coturn's view any identity is good: itself it takes neither blanks nor
 * quotes.
 *
 * base64url(iv | AES-256-CTR(owner)), where iv is an HMAC-SHA-256 of the
 * owner, cut to 16 bytes: it makes the id, and tells a forged one.
 */


#ifndef OTTER_TURN_ID_H_INCLUDED
#define OTTER_TURN_ID_H_INCLUDED


#include <openssl/evp.h>

#include "otter_apikey.h"
#include "otter_core.h"
#include "otter_digest.h"


enum {
    OTTER_TURN_OWNER_MAX = OTTER_APIKEY_ID_MAX + 1 + OTTER_ROOM_NAME_MAX + 1
                           + OTTER_IDENTITY_MAX,
    OTTER_TURN_ID_IV_SIZE = 16,
    OTTER_TURN_ID_SIZE = OTTER_TURN_ID_IV_SIZE + OTTER_TURN_OWNER_MAX,

    /* in base64url */
    OTTER_TURN_ID_MAX = (OTTER_TURN_ID_SIZE * 4 + 2) / 3
};

/* what is not known or not there is empty */

typedef struct {
    otter_span_t  key;                 /* id of an API key, "guest" */
    otter_span_t  room;
    otter_span_t  identity;
} otter_turn_owner_t;


/* what is derived from a secret, which signs passwords as well */

typedef struct {
    otter_hmac_t     mac;
    EVP_CIPHER_CTX  *cipher;
} otter_turn_seal_t;


/* 0: done; -1: OpenSSL failed, and there is nothing to clear */

int otter_turn_seal_init(otter_turn_seal_t *seal, const unsigned char *secret,
    size_t secret_len);
void otter_turn_seal_clear(otter_turn_seal_t *seal);

/*
 * Writes the id, without a zero, and returns its length; 0: OpenSSL failed.
 * A part of the owner that can be none by its length or letters counts as
 * empty.
 */

size_t otter_turn_id_seal(unsigned char dst[OTTER_TURN_ID_MAX],
    const otter_turn_owner_t *owner, otter_turn_seal_t *seal);

/*
 * 0: the id was made with that secret, and owner lies in buf; -1: it was not.
 */

int otter_turn_id_open(otter_turn_owner_t *owner,
    unsigned char buf[OTTER_TURN_ID_SIZE], const unsigned char *id,
    size_t len, const unsigned char *secret, size_t secret_len);


#endif /* OTTER_TURN_ID_H_INCLUDED */
