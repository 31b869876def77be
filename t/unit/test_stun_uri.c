
/*
 * Copyright (C) Otter contributors
 */


#include <string.h>

#include "otter_stun_uri.h"
#include "tap.h"


typedef struct {
    const char  *uri;
    const char  *host;
    const char  *port;
    unsigned     turn;
    unsigned     tcp;
    unsigned     tls;
} uri_t;


static const uri_t  uris[] = {
    { "stun:a.example", "a.example", "3478", 0, 0, 0 },
    { "stuns:a.example", "a.example", "5349", 0, 1, 1 },
    { "turn:a.example", "a.example", "3478", 1, 0, 0 },
    { "turn:a.example:80?transport=tcp", "a.example", "80", 1, 1, 0 },
    { "turn:a.example?transport=udp", "a.example", "3478", 1, 0, 0 },
    { "turns:a.example:443?transport=tcp", "a.example", "443", 1, 1, 1 },
    { "TURNS:192.0.2.1?Transport=TCP", "192.0.2.1", "5349", 1, 1, 1 },
    { "turn:[2001:db8::1]:65535", "2001:db8::1", "65535", 1, 0, 0 },
    { "turn:[::1]", "::1", "3478", 1, 0, 0 }
};

static const char *const  bad[] = {
    "", "turn:", "http:a", "turn:a:0", "turn:a:65536", "turn:[::1",
    "turn:a?transport=sctp", "a.example"
};


int
main(void)
{
    char              uri[5 + 256 + 1];
    size_t            i;
    otter_stun_uri_t  u;

    for (i = 0; i < sizeof(uris) / sizeof(uris[0]); i++) {
        tap_is_int(otter_stun_uri(&u, uris[i].uri), 0, "%s", uris[i].uri);
        tap_is_str(u.host, uris[i].host, "its host");
        tap_is_str(u.port, uris[i].port, "its port");
        tap_ok(u.turn == uris[i].turn && u.tcp == uris[i].tcp
               && u.tls == uris[i].tls, "and its transport");
    }

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        tap_is_int(otter_stun_uri(&u, bad[i]), -1, "not \"%s\"", bad[i]);
    }

    memset(uri, 'a', sizeof(uri));
    memcpy(uri, "turn:", 5);

    uri[5 + 255] = '\0';
    tap_is_int(otter_stun_uri(&u, uri), 0, "a host of 255 bytes");

    uri[5 + 255] = 'a';
    uri[5 + 256] = '\0';
    tap_is_int(otter_stun_uri(&u, uri), -1, "one of 256");

    return tap_done();
}
