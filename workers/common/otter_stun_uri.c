
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <string.h>

#include "otter_stun_uri.h"
#include "otter_turn.h"


int
otter_stun_uri(otter_stun_uri_t *u, const char *uri)
{
    size_t             len;
    const char        *p, *host;
    otter_turn_uri_t   kind;

    memset(u, 0, sizeof(otter_stun_uri_t));

    kind = otter_turn_uri((const unsigned char *) uri, strlen(uri));

    if (kind == OTTER_TURN_URI_INVALID) {
        return -1;
    }

    len = strcspn(uri, ":");

    u->turn = (kind == OTTER_TURN_URI_TURN);
    u->tls = (len == sizeof("turns") - 1);

    host = uri + len + 1;

    if (*host == '[') {
        host++;
        len = strcspn(host, "]");
        p = host + len + 1;

    } else {
        len = strcspn(host, ":?");
        p = host + len;
    }

    if (len >= sizeof(u->host)) {
        return -1;
    }

    memcpy(u->host, host, len);

    if (*p == ':') {
        p++;
        snprintf(u->port, sizeof(u->port), "%.*s", (int) strcspn(p, "?"), p);

    } else {
        snprintf(u->port, sizeof(u->port), "%s", u->tls ? "5349" : "3478");
    }

    u->tcp = u->tls || strcasestr(p, "transport=tcp") != NULL;

    return 0;
}


void
otter_stun_uri_server(otter_stun_server_t *server, const otter_stun_uri_t *u)
{
    memset(server, 0, sizeof(otter_stun_server_t));

    server->host = u->host;
    server->port = u->port;
    server->tcp = u->tcp;
    server->tls = u->tls;
}
