
/*
 * Copyright (C) Otter contributors
 */

/*
 * Which addresses are somebody's on the internet, and which lead into one's
 * own networks: private, loopback, link-local and with it the metadata
 * services of clouds, shared by carriers, reserved, multicast.
 */


#ifndef OTTER_ADDRESS_H_INCLUDED
#define OTTER_ADDRESS_H_INCLUDED


#include <sys/socket.h>


/* an IPv4 address within IPv6 (mapped, translated, 6to4) counts as itself */

int otter_address_public(const struct sockaddr *address);

/* the same of one in words, which no name is */

int otter_address_text_public(const char *text);


#endif /* OTTER_ADDRESS_H_INCLUDED */
