
/*
 * Copyright (C) Otter contributors
 */

/*
 * Asks a STUN and TURN server, over UDP, TCP or TLS, whether it is there and
 * whether it takes credentials.  Each call waits for an answer, for a few
 * seconds at most.
 */


#ifndef OTTER_STUN_CLIENT_H_INCLUDED
#define OTTER_STUN_CLIENT_H_INCLUDED


#include "otter_core.h"


typedef enum {
    OTTER_STUN_RC_OK = 0,
    OTTER_STUN_RC_NO_ADDRESS,      /* the name is not known */
    OTTER_STUN_RC_NO_CONNECTION,   /* nothing listens there */
    OTTER_STUN_RC_NO_ANSWER,
    OTTER_STUN_RC_BAD_ANSWER,      /* of something else, or forged */
    OTTER_STUN_RC_REFUSED,         /* with code and text */
    OTTER_STUN_RC_OPEN,            /* it relays for anyone */
    OTTER_STUN_RC_UNTRUSTED,       /* its certificate, with a text */
    OTTER_STUN_RC_FAILED           /* here, not there */
} otter_stun_rc_t;

typedef struct {
    const char       *host;
    const char       *port;
    const char       *ca;          /* file of CAs; NULL: the system's */
    unsigned          tcp:1;
    unsigned          tls:1;       /* and tcp */
    unsigned          no_verify:1; /* any certificate will do */
} otter_stun_server_t;

typedef struct {
    otter_stun_rc_t   rc;
    unsigned          code;
    char              text[128];       /* a reason, or an address and port */
} otter_stun_result_t;


/* a Binding request; text is the address it was seen from */

otter_stun_rc_t otter_stun_bind(otter_stun_result_t *result,
    const otter_stun_server_t *server);

/*
 * Allocates a relay for UDP and releases it; text is the relayed address.
 * The server has to ask for credentials first.
 */

otter_stun_rc_t otter_stun_allocate(otter_stun_result_t *result,
    const otter_stun_server_t *server, const otter_span_t *username,
    const otter_span_t *password);


#endif /* OTTER_STUN_CLIENT_H_INCLUDED */
