
/*
 * Copyright (C) Otter contributors
 */

/* Where the URI of a STUN or TURN server (RFC 7064, RFC 7065) leads to. */


#ifndef OTTER_STUN_URI_H_INCLUDED
#define OTTER_STUN_URI_H_INCLUDED


#include "otter_stun_client.h"


typedef struct {
    char       host[256];
    char       port[6];
    unsigned   turn:1;                 /* it relays */
    unsigned   tcp:1;                  /* TLS as well */
    unsigned   tls:1;
} otter_stun_uri_t;


/* 0, or -1: it is no such URI, or its host is too long for any name */

int otter_stun_uri(otter_stun_uri_t *u, const char *uri);

/* what the client asks; it points into u, and trusts what the system does */

void otter_stun_uri_server(otter_stun_server_t *server,
    const otter_stun_uri_t *u);


#endif /* OTTER_STUN_URI_H_INCLUDED */
