
/*
 * Copyright (C) Otter contributors
 */

/*
 * The way of STUN messages to a server and back: retransmission over UDP,
 * framing over TCP, and an end to waiting.
 */


#ifndef OTTER_STUN_LINK_H_INCLUDED
#define OTTER_STUN_LINK_H_INCLUDED


#include <netdb.h>

#include "otter_stun.h"
#include "otter_stun_client.h"


typedef struct {
    int        fd;
    unsigned   tcp:1;
} otter_stun_link_t;


/* connects to an address of getaddrinfo(); NO_CONNECTION or FAILED else */

otter_stun_rc_t otter_stun_link_open(otter_stun_link_t *link,
    const struct addrinfo *address);
void otter_stun_link_close(otter_stun_link_t *link);

/* sends a request and waits for the response to it */

otter_stun_rc_t otter_stun_link_ask(otter_stun_link_t *link,
    const otter_stun_message_t *request, otter_stun_message_t *response);


#endif /* OTTER_STUN_LINK_H_INCLUDED */
