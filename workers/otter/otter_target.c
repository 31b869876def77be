
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>

#include "otter_target.h"


int
otter_target_parse(otter_target_t *t, const char *uri, const char *ca)
{
    if (otter_stun_uri(&t->uri, uri) != 0) {
        return -1;
    }

    otter_stun_uri_server(&t->server, &t->uri);

    t->server.ca = ca;
    t->subject = uri;

    return 0;
}


const char *
otter_target_transport(const otter_target_t *t)
{
    return t->server.tls ? "TLS" : t->server.tcp ? "TCP" : "UDP";
}


const char *
otter_target_trouble(char what[OTTER_TARGET_TROUBLE_SIZE],
    const otter_stun_result_t *r)
{
    const char  *text, *remedy;

    remedy = "Start coturn there, or name another host and port";

    switch (r->rc) {

    case OTTER_STUN_RC_NO_ADDRESS:
        text = "its name has no address";
        remedy = "Correct the name, or its entry in the DNS";
        break;

    case OTTER_STUN_RC_NO_CONNECTION:
        text = "nothing listens there";
        break;

    case OTTER_STUN_RC_NO_ANSWER:
        text = "nothing answers there";
        remedy = "Start coturn there, and let firewalls pass this port";
        break;

    case OTTER_STUN_RC_BAD_ANSWER:
        text = "what answers there is no STUN and TURN server";
        break;

    case OTTER_STUN_RC_UNTRUSTED:
        snprintf(what, OTTER_TARGET_TROUBLE_SIZE,
                 "its certificate is not trusted: %s", r->text);

        return "Give coturn a certificate for this name, with the chain up to "
               "a CA that browsers know, or name your own CA with --ca-file";

    default:
        text = "it could not be asked";
        remedy = "See whether this host has a network, and memory";
        break;
    }

    snprintf(what, OTTER_TARGET_TROUBLE_SIZE, "%s", text);

    return remedy;
}
