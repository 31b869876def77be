
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <string.h>

#include "otter_ice.h"


static void otter_ice_one(otter_ice_result_t *r, const json_t *server,
    const char *ca);
static otter_span_t otter_ice_member(const json_t *server, const char *name);


void
otter_ice_try(const json_t *servers, const char *ca,
    void (*tell)(const otter_ice_result_t *r, void *data), void *data)
{
    size_t               i, k;
    const json_t        *server, *urls;
    otter_ice_result_t   r;

    for (i = 0; i < json_array_size(servers); i++) {
        server = json_array_get(servers, i);
        urls = json_object_get(server, "urls");

        for (k = 0; k < json_array_size(urls); k++) {
            memset(&r, 0, sizeof(otter_ice_result_t));

            r.uri = json_string_value(json_array_get(urls, k));

            if (r.uri) {
                otter_ice_one(&r, server, ca);
                tell(&r, data);
            }
        }
    }
}


static void
otter_ice_one(otter_ice_result_t *r, const json_t *server, const char *ca)
{
    otter_span_t    username, password;
    otter_target_t  target;

    if (otter_target_parse(&target, r->uri, ca) != 0) {
        return;
    }

    r->valid = 1;
    r->turn = target.uri.turn;
    r->transport = otter_target_transport(&target);

    if (!r->turn) {
        r->result.rc = otter_stun_bind(&r->result, &target.server);
        return;
    }

    username = otter_ice_member(server, "username");
    password = otter_ice_member(server, "credential");

    r->result.rc = otter_stun_allocate(&r->result, &target.server, &username,
                                       &password);
}


static otter_span_t
otter_ice_member(const json_t *server, const char *name)
{
    otter_span_t   span;
    const json_t  *value;

    value = json_object_get(server, name);

    span.data = (const unsigned char *) (value ? json_string_value(value)
                                               : "");
    span.len = json_string_length(value);

    return span;
}
