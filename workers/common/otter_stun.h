
/*
 * Copyright (C) Otter contributors
 */

/*
 * STUN messages (RFC 8489) as a client of STUN and TURN (RFC 8656) writes and
 * reads them, with the long-term credential mechanism.  No I/O.
 */


#ifndef OTTER_STUN_H_INCLUDED
#define OTTER_STUN_H_INCLUDED


#include <sys/socket.h>

#include "otter_core.h"


enum {
    OTTER_STUN_HEAD_SIZE = 20,
    OTTER_STUN_TID_SIZE = 12,
    OTTER_STUN_KEY_SIZE = 16,          /* MD5 */
    OTTER_STUN_SIZE_MAX = 1500,
    OTTER_STUN_VALUE_MAX = 763         /* of a realm or nonce, in bytes */
};

/* methods with their class */

enum {
    OTTER_STUN_BINDING = 0x0001,
    OTTER_STUN_ALLOCATE = 0x0003,
    OTTER_STUN_REFRESH = 0x0004,

    OTTER_STUN_SUCCESS = 0x0100,
    OTTER_STUN_FAILURE = 0x0110
};

enum {
    OTTER_STUN_USERNAME = 0x0006,
    OTTER_STUN_MESSAGE_INTEGRITY = 0x0008,
    OTTER_STUN_ERROR_CODE = 0x0009,
    OTTER_STUN_LIFETIME = 0x000d,
    OTTER_STUN_REALM = 0x0014,
    OTTER_STUN_NONCE = 0x0015,
    OTTER_STUN_XOR_RELAYED_ADDRESS = 0x0016,
    OTTER_STUN_REQUESTED_TRANSPORT = 0x0019,
    OTTER_STUN_XOR_MAPPED_ADDRESS = 0x0020,
    OTTER_STUN_FINGERPRINT = 0x8028
};

typedef struct {
    size_t         len;
    unsigned char  data[OTTER_STUN_SIZE_MAX];
} otter_stun_message_t;


/* writing; 0, or -1 if the message gets too long or OpenSSL fails */

void otter_stun_begin(otter_stun_message_t *m, unsigned type,
    const unsigned char tid[OTTER_STUN_TID_SIZE]);
int otter_stun_add(otter_stun_message_t *m, unsigned attribute,
    const void *data, size_t len);
int otter_stun_add_integrity(otter_stun_message_t *m,
    const unsigned char *key, size_t len);
int otter_stun_add_fingerprint(otter_stun_message_t *m);

/* the key of long-term credentials: MD5(username ":" realm ":" password) */

int otter_stun_long_term_key(unsigned char key[OTTER_STUN_KEY_SIZE],
    const otter_span_t *username, const otter_span_t *realm,
    const otter_span_t *password);

/*
 * Reading.  1: it is a STUN message from head to tail, attributes included;
 * the other functions take nothing else.
 */

int otter_stun_valid(const otter_stun_message_t *m);

/* the length of the whole message, from its head alone; 0: no such head */

size_t otter_stun_size(const unsigned char head[OTTER_STUN_HEAD_SIZE]);

unsigned otter_stun_type(const otter_stun_message_t *m);
const unsigned char *otter_stun_tid(const otter_stun_message_t *m);

/*
 * The first attribute of that type, data NULL if there is none.  What comes
 * after MESSAGE-INTEGRITY is not protected by it and is not found.
 */

otter_span_t otter_stun_find(const otter_stun_message_t *m,
    unsigned attribute);

/* 300 to 699, with the reason; 0: there is no such attribute */

unsigned otter_stun_error(const otter_stun_message_t *m,
    otter_span_t *reason);

/* an XOR-...-ADDRESS; 0, or -1 if it is not there or no address */

int otter_stun_address(const otter_stun_message_t *m, unsigned attribute,
    struct sockaddr_storage *address);

/* 1: MESSAGE-INTEGRITY is there and was made with that key */

int otter_stun_integrity_valid(const otter_stun_message_t *m,
    const unsigned char *key, size_t len);

/* 1: FINGERPRINT is the last attribute, and right */

int otter_stun_fingerprint_valid(const otter_stun_message_t *m);


#endif /* OTTER_STUN_H_INCLUDED */
