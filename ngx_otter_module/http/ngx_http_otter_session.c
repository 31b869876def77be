
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_rooms.h"


static ngx_int_t ngx_http_otter_session_seen(ngx_http_request_t *r,
    void *data);
static ngx_int_t ngx_http_otter_session_answer(ngx_http_request_t *r,
    otter_claims_t *claims);
static void ngx_http_otter_claim_text(ngx_otter_text_t *text,
    const char *name, otter_span_t *value);
static void ngx_http_otter_claim_time(ngx_otter_text_t *text,
    const char *name, int64_t value);


/* what a WebSocket handshake with this token would meet: it can't be seen */

ngx_int_t
ngx_http_otter_session_handler(ngx_http_request_t *r)
{
    ngx_int_t                 rc;
    ngx_str_t                 room;
    ngx_http_otter_caller_t  *caller;

    if (ngx_http_otter_origin(r) != NGX_OK) {
        return ngx_http_otter_problem(r, NGX_HTTP_FORBIDDEN,
                                      "origin-not-allowed",
                                      "pages of that origin may not call; "
                                      "see otter_allowed_origins");
    }

    caller = ngx_palloc(r->pool, sizeof(ngx_http_otter_caller_t));
    if (caller == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_otter_need(r, caller, NGX_HTTP_OTTER_TOKEN, 0);
    if (rc != NGX_OK) {
        return rc;
    }

    room.data = (u_char *) caller->claims.room.data;
    room.len = caller->claims.room.len;

    /* a handshake asks about a room of other hosts as well */

    return ngx_http_otter_look(r, &room, NULL, ngx_http_otter_session_seen,
                               &caller->claims);
}


static ngx_int_t
ngx_http_otter_session_seen(ngx_http_request_t *r, void *data)
{
    ngx_int_t        rc;
    otter_claims_t  *claims = data;

    rc = ngx_http_otter_admission(r, claims);
    if (rc != NGX_OK) {
        return rc;
    }

    return ngx_http_otter_session_answer(r, claims);
}


ngx_int_t
ngx_http_otter_admission(ngx_http_request_t *r, otter_claims_t *claims)
{
    ngx_str_t                    room, identity;
    ngx_otter_grant_t            grant;
    ngx_http_otter_main_conf_t  *omcf;

    omcf = ngx_http_get_module_main_conf(r, ngx_http_otter_module);

    room.data = (u_char *) claims->room.data;
    room.len = claims->room.len;
    identity.data = (u_char *) claims->sub.data;
    identity.len = claims->sub.len;

    if (ngx_http_otter_show(r, &room, &identity) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (omcf->zone->sh == NULL) {
        return ngx_http_otter_problem(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                                      "unavailable",
                                      "the shared memory is not there");
    }

    ngx_http_otter_grant(claims, &grant);

    switch (ngx_otter_room_check(omcf->zone, &room, &identity,
                                 claims->role == OTTER_ROLE_MODERATOR,
                                 ngx_http_otter_is_guest(claims), &grant))
    {
    case NGX_OK:
        return NGX_OK;

    case NGX_DONE:
        return ngx_http_otter_problem(r, NGX_HTTP_CONFLICT, "identity-taken",
                                      "somebody who is no guest has that "
                                      "identity in the room");

    case NGX_BUSY:
        return ngx_http_otter_problem(r, NGX_HTTP_CONFLICT, "room-full",
                                      "the room has no place left");

    case NGX_OTTER_ROOM_DENIED:
        return ngx_http_otter_denied(r);

    default: /* NGX_ABORT */
        return ngx_http_otter_problem(r, NGX_HTTP_FORBIDDEN, "room-locked",
                                      "the room is locked");
    }
}


ngx_int_t
ngx_http_otter_denied(ngx_http_request_t *r)
{
    return ngx_http_otter_problem(r, NGX_HTTP_FORBIDDEN, "denied",
                                  "a moderator has just sent that identity "
                                  "away: it may knock again in half a "
                                  "minute");
}


/* the claims by their names of RFC 7519, and the API's own words for some */

static ngx_int_t
ngx_http_otter_session_answer(ngx_http_request_t *r, otter_claims_t *claims)
{
    ngx_otter_text_t  text;

    ngx_otter_text_init(&text);
    ngx_otter_text_add_string(&text, "{\"room\":");
    ngx_otter_text_add_json(&text, claims->room.data, claims->room.len);

    ngx_http_otter_claim_text(&text, "identity", &claims->sub);
    ngx_http_otter_claim_text(&text, "name", &claims->name);

    ngx_otter_text_add_string(&text, ",\"role\":");
    ngx_otter_text_add_string(&text, claims->role == OTTER_ROLE_MODERATOR
                                     ? "\"moderator\"" : "\"participant\"");
    ngx_otter_text_add_string(&text, ",\"metadata\":");
    ngx_otter_text_add(&text, claims->metadata.data, claims->metadata.len);
    ngx_otter_text_add_string(&text, ",\"expires_at\":");
    ngx_otter_text_add_time(&text, (time_t) claims->exp);

    if (claims->iss.data) {
        ngx_http_otter_claim_text(&text, "iss", &claims->iss);
    }

    ngx_http_otter_claim_text(&text, "sub", &claims->sub);
    ngx_otter_text_add_string(&text, ",\"aud\":\"otter\"");
    ngx_http_otter_claim_time(&text, ",\"iat\":", claims->iat);
    ngx_http_otter_claim_time(&text, ",\"nbf\":", claims->nbf);
    ngx_http_otter_claim_time(&text, ",\"exp\":", claims->exp);

    if (claims->jti.len) {
        ngx_http_otter_claim_text(&text, "jti", &claims->jti);
    }

    ngx_otter_text_add_string(&text, "}\n");

    return ngx_http_otter_text(r, NGX_HTTP_OK, &text);
}


static void
ngx_http_otter_claim_text(ngx_otter_text_t *text, const char *name,
    otter_span_t *value)
{
    ngx_otter_text_add_string(text, ",\"");
    ngx_otter_text_add_string(text, name);
    ngx_otter_text_add_string(text, "\":");
    ngx_otter_text_add_json(text, value->data, value->len);
}


static void
ngx_http_otter_claim_time(ngx_otter_text_t *text, const char *name,
    int64_t value)
{
    if (value) {
        ngx_otter_text_add_string(text, name);
        ngx_otter_text_add_number(text, value);
    }
}
