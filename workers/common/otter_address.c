
/*
 * Copyright (C) Otter contributors
 */


#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "otter_address.h"


typedef struct {
    unsigned char  bytes[16];
    unsigned       bits;
} otter_address_net_t;


static int otter_address_public4(const unsigned char *a);
static int otter_address_public6(const unsigned char *a);
static int otter_address_in(const unsigned char *a,
    const otter_address_net_t *nets, size_t n);


/* IANA's registry of special-purpose addresses; what may be anywhere is not
   listed, what is of no use to a webhook is */

static const otter_address_net_t  otter_address_nets4[] = {
    { { 0 }, 8 },
    { { 10 }, 8 },
    { { 100, 64 }, 10 },
    { { 127 }, 8 },
    { { 169, 254 }, 16 },
    { { 172, 16 }, 12 },
    { { 192, 0, 0 }, 24 },
    { { 192, 0, 2 }, 24 },
    { { 192, 31, 196 }, 24 },
    { { 192, 52, 193 }, 24 },
    { { 192, 88, 99 }, 24 },
    { { 192, 168 }, 16 },
    { { 192, 175, 48 }, 24 },
    { { 198, 18 }, 15 },
    { { 198, 51, 100 }, 24 },
    { { 203, 0, 113 }, 24 },
    { { 224 }, 3 }                     /* multicast, reserved, broadcast */
};

/* global unicast is 2000::/3; of that: */

static const otter_address_net_t  otter_address_nets6[] = {
    { { 0x20, 0x01, 0x00 }, 23 },      /* IETF, Teredo among them */
    { { 0x20, 0x01, 0x0d, 0xb8 }, 32 },
    { { 0x3f, 0xff, 0x00 }, 20 }       /* documentation, RFC 9637 */
};

static const otter_address_net_t  otter_address_unicast[] = {
    { { 0x20 }, 3 }
};

static const otter_address_net_t  otter_address_mapped[] = {
    { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff }, 96 },
    { { 0x00, 0x64, 0xff, 0x9b }, 96 }
};

static const otter_address_net_t  otter_address_6to4[] = {
    { { 0x20, 0x02 }, 16 }
};


int
otter_address_public(const struct sockaddr *address)
{
    const void  *bytes;

    if (address->sa_family == AF_INET) {
        bytes = &((const struct sockaddr_in *) (const void *) address)
                 ->sin_addr;

        return otter_address_public4(bytes);
    }

    if (address->sa_family == AF_INET6) {
        bytes = &((const struct sockaddr_in6 *) (const void *) address)
                 ->sin6_addr;

        return otter_address_public6(bytes);
    }

    return 0;
}


int
otter_address_text_public(const char *text)
{
    char                  host[INET6_ADDRSTRLEN];
    struct sockaddr_in    in;
    struct sockaddr_in6   in6;

    memset(&in, 0, sizeof(in));
    memset(&in6, 0, sizeof(in6));

    in.sin_family = AF_INET;
    in6.sin6_family = AF_INET6;

    if (inet_pton(AF_INET, text, &in.sin_addr) == 1) {
        return otter_address_public((struct sockaddr *) &in);
    }

    /* without the zone of a link */

    snprintf(host, sizeof(host), "%.*s", (int) strcspn(text, "%"), text);

    return inet_pton(AF_INET6, host, &in6.sin6_addr) == 1
           && otter_address_public((struct sockaddr *) &in6);
}


static int
otter_address_public4(const unsigned char *a)
{
    return !otter_address_in(a, otter_address_nets4,
                             sizeof(otter_address_nets4)
                             / sizeof(otter_address_nets4[0]));
}


static int
otter_address_public6(const unsigned char *a)
{
    if (otter_address_in(a, otter_address_mapped, 2)) {
        return otter_address_public4(a + 12);
    }

    if (otter_address_in(a, otter_address_6to4, 1)) {
        return otter_address_public4(a + 2);
    }

    return otter_address_in(a, otter_address_unicast, 1)
           && !otter_address_in(a, otter_address_nets6,
                                sizeof(otter_address_nets6)
                                / sizeof(otter_address_nets6[0]));
}


static int
otter_address_in(const unsigned char *a, const otter_address_net_t *nets,
    size_t n)
{
    size_t    i, whole;
    unsigned  rest, mask;

    for (i = 0; i < n; i++) {
        whole = nets[i].bits / 8;
        rest = nets[i].bits % 8;
        mask = rest ? 0xffU << (8 - rest) & 0xff : 0;

        if (memcmp(a, nets[i].bytes, whole) == 0
            && (rest == 0 || (a[whole] & mask) == nets[i].bytes[whole]))
        {
            return 1;
        }
    }

    return 0;
}
