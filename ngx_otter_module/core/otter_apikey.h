
/*
 * Copyright (C) Otter contributors
 */

/*
 * API keys: "otk_<id>_<secret>".  At rest there is only SHA-256 of the whole
 * key (its secret has 256 random bits, so nothing slower is needed).  The
 * file is JSON:
 *
 *   {"keys":[{"id":"web","hash":"<64 hex digits>","rooms":"team-*",
 *             "scopes":["token","rooms"],"created_at":"<RFC 3339>",
 *             "rate":50,"expires_at":"<RFC 3339>",
 *             "revoked_at":"<RFC 3339>","previous_hash":"<64 hex digits>",
 *             "previous_until":"<RFC 3339>"}]}
 *
 * "rooms" is "*" when absent, "scopes" all of them, "rate" (requests a
 * second) no limit; the other times are optional.  The previous secret of a
 * key that was rotated is good until its time has come.  Members not known
 * here are kept by the command.
 */


#ifndef OTTER_APIKEY_H_INCLUDED
#define OTTER_APIKEY_H_INCLUDED


#include "otter_core.h"


enum {
    OTTER_APIKEY_ID_MAX = 64,          /* A-Z a-z 0-9 . - */
    OTTER_APIKEY_SECRET_SIZE = 43,     /* 0-9 a-z A-Z */
    OTTER_APIKEY_SIZE_MAX = 4 + OTTER_APIKEY_ID_MAX + 1
                            + OTTER_APIKEY_SECRET_SIZE,
    OTTER_APIKEY_HASH_SIZE = 32,
    OTTER_APIKEY_RATE_MAX = 1000000,
    OTTER_APIKEY_ERROR_SIZE = 160
};

enum {
    OTTER_SCOPE_TOKEN = 1,
    OTTER_SCOPE_ROOMS = 2,
    OTTER_SCOPE_TURN = 4,
    OTTER_SCOPE_ADMIN = 8,
    OTTER_SCOPE_ALL = 15
};

typedef enum {
    OTTER_APIKEY_OK = 0,
    OTTER_APIKEY_MALFORMED,
    OTTER_APIKEY_UNKNOWN,              /* no such id, or another secret */
    OTTER_APIKEY_REVOKED,
    OTTER_APIKEY_EXPIRED
} otter_apikey_rc_t;

typedef struct {
    otter_span_t    id;
    otter_span_t    rooms;             /* pattern, otter_name.h */
    unsigned char   hash[OTTER_APIKEY_HASH_SIZE];
    unsigned char   previous[OTTER_APIKEY_HASH_SIZE];
    int64_t         previous_until;    /* 0: there is none */
    unsigned        scopes;
    unsigned        rate;              /* requests a second; 0: no limit */
    int64_t         expires;           /* 0: never */
    unsigned        revoked:1;
} otter_apikey_t;

typedef struct otter_apikeys_s  otter_apikeys_t;


/* NULL and a sentence in error when the text is not such a file */

otter_apikeys_t *otter_apikeys_parse(const char *text, size_t len,
    char error[OTTER_APIKEY_ERROR_SIZE]);
void otter_apikeys_free(otter_apikeys_t *keys);
size_t otter_apikeys_count(const otter_apikeys_t *keys);

/* 1: there is one key, of that id */

int otter_apikeys_only(const otter_apikeys_t *keys, const unsigned char *id,
    size_t len);

/*
 * Looks up by id, compares in constant time.  The time does not tell an
 * unknown id from a wrong secret.  *key is set with OTTER_APIKEY_OK.
 */

otter_apikey_rc_t otter_apikeys_check(const otter_apikeys_t *keys,
    const unsigned char *presented, size_t len, int64_t now,
    const otter_apikey_t **key);

/* the id in "otk_<id>_<secret>"; its length is 0 if it is not such a text */

otter_span_t otter_apikey_id(const unsigned char *presented, size_t len);

/* writes a new key for id to dst (no zero) and its hash; length, 0: failed */

size_t otter_apikey_generate(unsigned char dst[OTTER_APIKEY_SIZE_MAX],
    unsigned char hash[OTTER_APIKEY_HASH_SIZE], const char *id);

int otter_apikey_id_valid(const unsigned char *id, size_t len);

/* 1: "guest", which as the issuer of a token says that no key minted it */

int otter_apikey_id_reserved(const unsigned char *id, size_t len);

/* the bit of a scope's name; 0: there is no such scope */

unsigned otter_apikey_scope(const unsigned char *name, size_t len);


#endif /* OTTER_APIKEY_H_INCLUDED */
