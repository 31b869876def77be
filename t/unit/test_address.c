
/*
 * Copyright (C) Otter contributors
 */


#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include "otter_address.h"
#include "tap.h"


static const char *const  public[] = {
    "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255",
    "100.128.0.0", "126.255.255.255", "128.0.0.0", "169.253.255.255",
    "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255",
    "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255",
    "2606:4700::1111", "2a00::1", "2001:4860:4860::8888", "2001:200::1",
    "3ffe::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1"
};

static const char *const  own[] = {
    "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0",
    "100.127.255.255", "127.0.0.1", "127.255.255.255", "169.254.0.0",
    "169.254.169.254", "172.16.0.0", "172.31.255.255", "192.0.0.1",
    "192.0.2.1", "192.88.99.1", "192.168.0.0", "192.168.255.255",
    "198.18.0.0", "198.19.255.255", "198.51.100.1", "203.0.113.1",
    "224.0.0.1", "239.255.255.255", "240.0.0.0", "255.255.255.255",
    "::", "::1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:169.254.169.254",
    "::ffff:10.1.2.3", "::ffff:100.64.0.1", "64:ff9b::127.0.0.1",
    "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::1", "2002:a00:1::",
    "2002:a9fe:a9fe::1", "100::1", "fc00::1", "fd00:ec2::254", "fe80::1",
    "fec0::1", "ff02::1", "2001::1", "2001:1ff:ffff::1", "2001:db8::1",
    "3fff::1", "3fff:fff::1", "4000::1", "1fff::1", "5f00::1"
};


static const char *const  none[] = {
    "", "localhost", "8.8.8", "8.8.8.8.8", "fe80::1%eth0", "[2a00::1]", "%",
    "2a00:0000:0000:0000:0000:0000:0000:0000:0001"
};


static int
is_public(const char *text)
{
    struct sockaddr_in   in;
    struct sockaddr_in6  in6;

    memset(&in, 0, sizeof(in));
    memset(&in6, 0, sizeof(in6));

    in.sin_family = AF_INET;
    in6.sin6_family = AF_INET6;

    if (inet_pton(AF_INET, text, &in.sin_addr) == 1) {
        return otter_address_public((struct sockaddr *) &in);
    }

    if (inet_pton(AF_INET6, text, &in6.sin6_addr) == 1) {
        return otter_address_public((struct sockaddr *) &in6);
    }

    return -1;
}


int
main(void)
{
    size_t              i;
    struct sockaddr_un  un;

    for (i = 0; i < sizeof(public) / sizeof(public[0]); i++) {
        tap_is_int(is_public(public[i]), 1, "%s is public", public[i]);
        tap_is_int(otter_address_text_public(public[i]), 1, "in words");
    }

    for (i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
        tap_is_int(is_public(own[i]), 0, "%s is not", own[i]);
        tap_is_int(otter_address_text_public(own[i]), 0, "in words");
    }

    for (i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        tap_is_int(otter_address_text_public(none[i]), 0, "\"%s\" is none",
                   none[i]);
    }

    memset(&un, 0, sizeof(un));
    un.sun_family = AF_UNIX;

    tap_is_int(otter_address_public((struct sockaddr *) &un), 0,
               "a unix socket is not");

    return tap_done();
}
