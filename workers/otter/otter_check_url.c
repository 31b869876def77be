
/*
 * Copyright (C) Otter contributors
 */


#include <stdlib.h>
#include <string.h>

#include "otter_check.h"
#include "otter_ice.h"


enum {
    OTTER_CHECK_CLOCK = 5              /* s that two clocks may differ */
};


static void otter_check_health(otter_check_t *check, otter_api_t *api);
static void otter_check_clock(otter_check_t *check, const otter_api_t *api);
static void otter_check_ice(otter_check_t *check, otter_api_t *api);
static void otter_check_ice_one(const otter_ice_result_t *r, void *data);


int
otter_check_url(otter_check_t *check, const otter_cmd_t *cmd,
    const otter_api_where_t *where)
{
    int          rc;
    otter_api_t  api;

    rc = otter_api_open(&api, cmd, where, 0);
    if (rc != OTTER_EXIT_OK) {
        return rc;
    }

    otter_findings_print(&check->findings);
    otter_check_health(check, &api);

    if (api.status) {
        otter_check_clock(check, &api);

        if (api.expires != -1) {
            otter_check_expiry(check, api.base, api.expires);
        }
    }

    if (api.has_key && api.status) {
        otter_check_ice(check, &api);
    }

    otter_api_close(&api);

    return OTTER_EXIT_OK;
}


static void
otter_check_health(otter_check_t *check, otter_api_t *api)
{
    json_t      *health;
    const char  *status;

    health = otter_api_call(api, "GET", "health");
    status = json_string_value(json_object_get(health, "status"));

    if (health == NULL) {
        otter_findings_add(&check->findings, OTTER_FINDING_PROBLEM, api->base,
                           "%s", api->error);
        otter_findings_remedy(&check->findings, "Start nginx, see that "
                              "firewalls pass this port, and look into its "
                              "error log");

    } else if (status == NULL || strcmp(status, "ok") != 0) {
        otter_findings_add(&check->findings, OTTER_FINDING_PROBLEM, api->base,
                           "its health is %s", status ? status : "unknown");
        otter_findings_remedy(&check->findings, "See whether Redis runs, and "
                              "is reached from there");

    } else {
        otter_findings_add(&check->findings, OTTER_FINDING_OK, api->base,
                           "it is healthy");
    }

    json_decref(health);
}


/* tokens and TURN credentials have times in them */

static void
otter_check_clock(otter_check_t *check, const otter_api_t *api)
{
    long  apart;

    if (api->date == -1) {
        return;
    }

    apart = labs((long) (time(NULL) - api->date));

    if (apart > OTTER_CHECK_CLOCK) {
        otter_findings_add(&check->findings, OTTER_FINDING_PROBLEM, api->base,
                           "its clock and the one here are %ld seconds "
                           "apart", apart);
        otter_findings_remedy(&check->findings, "Have both machines keep "
                              "their time by NTP");
        return;
    }

    otter_findings_add(&check->findings, OTTER_FINDING_OK, api->base,
                       "its clock is right");
}


static void
otter_check_ice(otter_check_t *check, otter_api_t *api)
{
    json_t  *answer, *servers;

    answer = otter_api_call(api, "GET", "ice-servers");

    if (answer == NULL) {
        otter_findings_add(&check->findings, OTTER_FINDING_PROBLEM, api->base,
                           "its TURN servers are not known: %s", api->error);
        otter_findings_remedy(&check->findings, api->status == 401
                              ? "Name a key that \"otter key list\" shows as "
                                "active"
                              : "Use an API key of the scope turn");
        return;
    }

    servers = json_object_get(answer, "ice_servers");

    if (json_array_size(servers) == 0) {
        otter_findings_add(&check->findings, OTTER_FINDING_WARNING, api->base,
                           "it gives browsers no STUN or TURN server");
        otter_findings_remedy(&check->findings, "Set otter_turn_uri");
    }

    otter_ice_try(servers, api->ca_file, otter_check_ice_one, check);

    json_decref(answer);
}


static void
otter_check_ice_one(const otter_ice_result_t *r, void *data)
{
    char            what[OTTER_TARGET_TROUBLE_SIZE];
    const char     *remedy;
    otter_check_t  *check = data;

    otter_findings_print(&check->findings);

    if (!r->valid) {
        otter_findings_add(&check->findings, OTTER_FINDING_PROBLEM, r->uri,
                           "browsers are given it, and it is no URI of RFC "
                           "7064 or 7065");
        otter_findings_remedy(&check->findings, "Correct otter_turn_uri");
        return;
    }

    switch (r->result.rc) {

    case OTTER_STUN_RC_OK:
        otter_findings_add(&check->findings, OTTER_FINDING_OK, r->uri,
                           r->turn ? "it relays for browsers"
                                   : "it answers browsers");
        return;

    case OTTER_STUN_RC_REFUSED:
        otter_findings_add(&check->findings, OTTER_FINDING_PROBLEM, r->uri,
                           "it refuses what browsers are given: %u %s",
                           r->result.code, r->result.text);
        otter_findings_remedy(&check->findings, "Give nginx and coturn the "
                              "same secret, and look into the log of coturn");
        return;

    case OTTER_STUN_RC_OPEN:
        otter_findings_add(&check->findings, OTTER_FINDING_PROBLEM, r->uri,
                           "it relays for anyone, without credentials");
        otter_findings_remedy(&check->findings, "Put use-auth-secret and "
                              "static-auth-secret into turnserver.conf, and "
                              "take no-auth out");
        return;

    default:
        remedy = otter_target_trouble(what, &r->result);

        otter_findings_add(&check->findings, OTTER_FINDING_PROBLEM, r->uri,
                           "browsers are given it, but %s", what);
        otter_findings_remedy(&check->findings, "%s", remedy);
    }
}
