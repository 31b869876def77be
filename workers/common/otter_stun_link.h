
/*
 * Copyright (C) Otter contributors
 */

/*
 * The way of STUN messages to a server and back: retransmission over UDP,
 * framing over TCP and TLS, and an end to waiting.
 */


#ifndef OTTER_STUN_LINK_H_INCLUDED
#define OTTER_STUN_LINK_H_INCLUDED


#include <netdb.h>
#include <openssl/ssl.h>

#include "otter_stun.h"
#include "otter_stun_client.h"


typedef struct {
    int        fd;
    SSL       *ssl;                    /* NULL: no TLS */
    unsigned   tcp:1;
} otter_stun_link_t;


/* connects to an address of getaddrinfo(); NO_CONNECTION or FAILED else */

otter_stun_rc_t otter_stun_link_open(otter_stun_link_t *link,
    const struct addrinfo *address);
void otter_stun_link_close(otter_stun_link_t *link);

/*
 * The handshake of TLS over an open link, with the server's name checked as
 * browsers do it; UNTRUSTED with a reason in result, NO_ANSWER, BAD_ANSWER or
 * FAILED else.
 */

otter_stun_rc_t otter_stun_link_tls(otter_stun_result_t *result,
    otter_stun_link_t *link, const otter_stun_server_t *server);

/* sends a request and waits for the response to it */

otter_stun_rc_t otter_stun_link_ask(otter_stun_link_t *link,
    const otter_stun_message_t *request, otter_stun_message_t *response);


/* between otter_stun_link.c and otter_stun_link_tls.c */

otter_stun_rc_t otter_stun_link_wait(otter_stun_link_t *link, short events,
    int64_t end);
int64_t otter_stun_link_now(void);

/*
 * As recv() and send() have it; after EAGAIN, events says what to wait for.
 */

ssize_t otter_stun_link_tls_read(otter_stun_link_t *link, void *data,
    size_t len, short *events);
ssize_t otter_stun_link_tls_write(otter_stun_link_t *link, const void *data,
    size_t len, short *events);


#endif /* OTTER_STUN_LINK_H_INCLUDED */
