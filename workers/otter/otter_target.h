
/*
 * Copyright (C) Otter contributors
 */

/*
 * A STUN or TURN server, by one transport.
 */


#ifndef OTTER_TARGET_H_INCLUDED
#define OTTER_TARGET_H_INCLUDED


#include "otter_stun_uri.h"


enum {
    OTTER_TARGET_TROUBLE_SIZE = 200
};

typedef struct {
    otter_stun_uri_t      uri;
    otter_stun_server_t   server;      /* points to the one above */
    const char           *subject;     /* the URI */
} otter_target_t;


/* ca: a file of CAs, or NULL; -1: it is no URI of RFC 7064 or 7065 */

int otter_target_parse(otter_target_t *t, const char *uri, const char *ca);

/* "UDP", "TCP" or "TLS" */

const char *otter_target_transport(const otter_target_t *t);

/* fills in what is wrong; what can be done about it is returned */

const char *otter_target_trouble(char what[OTTER_TARGET_TROUBLE_SIZE],
    const otter_stun_result_t *r);


#endif /* OTTER_TARGET_H_INCLUDED */
