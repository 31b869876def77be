
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_websocket.h"
#include "otter_json.h"


enum {
    NGX_HTTP_OTTER_CLAIM_INTERVAL = 10,    /* milliseconds */
    NGX_HTTP_OTTER_CLAIM_TRIES = 200,
    NGX_HTTP_OTTER_RENEW_EARLY = 300,      /* seconds, if there are as many */
    NGX_HTTP_OTTER_RENEW_AGAIN = 5         /* when it has failed */
};


static ngx_int_t ngx_http_otter_websocket_token(ngx_http_request_t *r,
    ngx_http_otter_ws_t *ws, ngx_http_otter_caller_t *caller);
static ngx_int_t ngx_http_otter_websocket_ask(ngx_http_request_t *r,
    ngx_http_otter_ws_t *ws, otter_claims_t *claims);
static ngx_int_t ngx_http_otter_websocket_ice(ngx_http_request_t *r,
    ngx_http_otter_ws_t *ws, otter_claims_t *claims);
static void ngx_http_otter_websocket_ice_text(ngx_otter_text_t *text,
    ngx_str_t *json, time_t expires);
static time_t ngx_http_otter_websocket_renew_at(ngx_http_request_t *r,
    time_t expires);
static time_t ngx_http_otter_websocket_renewal(ngx_otter_socket_t *s,
    ngx_uint_t relay_only, ngx_otter_text_t *text);
static void ngx_http_otter_websocket_span(otter_span_t *span,
    ngx_str_t *str);
static ngx_int_t ngx_http_otter_websocket_resume(ngx_http_request_t *r,
    ngx_http_otter_ws_t *ws);
static ngx_int_t ngx_http_otter_websocket_join(ngx_http_request_t *r,
    ngx_http_otter_ws_t *ws);
static ngx_int_t ngx_http_otter_websocket_refuse(ngx_http_request_t *r,
    ngx_int_t rc);
static ngx_int_t ngx_http_otter_websocket_wait(ngx_http_request_t *r,
    ngx_http_otter_ws_t *ws);
static void ngx_http_otter_websocket_wake(ngx_otter_join_t *join);
static void ngx_http_otter_websocket_retry(ngx_event_t *ev);
static ngx_int_t ngx_http_otter_websocket_open(ngx_http_request_t *r,
    ngx_http_otter_ws_t *ws, ngx_otter_session_t *session);
static void ngx_http_otter_websocket_str(ngx_str_t *str, otter_span_t *span);
static const char *ngx_http_otter_websocket_fresh(ngx_otter_socket_t *s,
    otter_span_t *text, ngx_otter_grant_t *grant);


ngx_int_t
ngx_http_otter_websocket_handler(ngx_http_request_t *r)
{
    ngx_int_t                 rc;
    ngx_http_otter_ws_t      *ws;
    ngx_http_otter_caller_t   caller;

    rc = ngx_http_otter_handshake(r, &ws);
    if (rc != NGX_OK) {
        return rc;
    }

    if (!ws->protocol) {

        /* RFC 9110, 15.5.22: 426 names what to upgrade to */

        if (ngx_http_otter_header_set(r, "Upgrade", "websocket") != NGX_OK) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        return ngx_http_otter_problem(r, 426, "subprotocol-required",
                                      "offer the subprotocol \"otter.v1\"");
    }

    rc = ngx_http_otter_websocket_token(r, ws, &caller);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_http_otter_websocket_ask(r, ws, &caller.claims);
    if (rc != NGX_OK) {
        return rc;
    }

    return ngx_http_otter_websocket_join(r, ws);
}


static ngx_int_t
ngx_http_otter_websocket_token(ngx_http_request_t *r, ngx_http_otter_ws_t *ws,
    ngx_http_otter_caller_t *caller)
{
    otter_span_t      token;
    otter_token_rc_t  rc;

    if (ws->bearer.data == NULL) {
        return ngx_http_otter_need(r, caller, NGX_HTTP_OTTER_TOKEN, 0);
    }

    token.data = ws->bearer.data;
    token.len = ws->bearer.len;

    rc = ngx_http_otter_verify(r, &token, &caller->claims);

    if (rc == OTTER_TOKEN_NO_MEMORY) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (rc != OTTER_TOKEN_OK) {
        return ngx_http_otter_problem(r, NGX_HTTP_UNAUTHORIZED,
                                      otter_token_code(rc),
                                      otter_token_detail(rc));
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_otter_websocket_ask(ngx_http_request_t *r, ngx_http_otter_ws_t *ws,
    otter_claims_t *claims)
{
    ngx_otter_join_t            *join;
    ngx_http_otter_srv_conf_t   *oscf;
    ngx_http_otter_main_conf_t  *omcf;

    oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);
    omcf = ngx_http_get_module_main_conf(r, ngx_http_otter_module);

    join = &ws->join;

    join->zone = omcf->zone;
    join->moderator = (claims->role == OTTER_ROLE_MODERATOR);
    join->guest = ngx_http_otter_is_guest(claims);
    ngx_http_otter_grant(claims, &join->grant);
    join->token = ngx_http_otter_websocket_fresh;
    join->wake = ngx_http_otter_websocket_wake;
    join->max_peers = oscf->max_peers;
    join->resume_timeout = (time_t) ((oscf->resume_timeout + 999) / 1000);
    join->kept_max = oscf->send_buffer;

    ngx_http_otter_websocket_str(&join->room, &claims->room);
    ngx_http_otter_websocket_str(&join->identity, &claims->sub);
    ngx_http_otter_websocket_str(&join->name, &claims->name);
    ngx_http_otter_websocket_str(&join->metadata, &claims->metadata);
    ngx_http_otter_websocket_str(&join->key, &claims->iss);

    ws->ctx->room = join->room;
    ws->ctx->identity = join->identity;
    ws->ctx->key = join->key;

    if (ngx_http_otter_websocket_ice(r, ws, claims) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_otter_websocket_resume(r, ws);
}


static void
ngx_http_otter_websocket_str(ngx_str_t *str, otter_span_t *span)
{
    str->data = (u_char *) span->data;
    str->len = span->len;
}


static ngx_int_t
ngx_http_otter_websocket_ice(ngx_http_request_t *r, ngx_http_otter_ws_t *ws,
    otter_claims_t *claims)
{
    time_t              expires;
    ngx_str_t           json, relays;
    ngx_otter_text_t    text;
    otter_turn_owner_t  owner;

    ngx_http_otter_claims_owner(claims, &owner);

    if (ngx_http_otter_ice_servers(r, &owner, &json, &relays, &expires)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ws->join.renewal = ngx_http_otter_websocket_renewal;
    ws->join.renew = ngx_http_otter_websocket_renew_at(r, expires);

    ngx_otter_text_init(&text);
    ngx_http_otter_websocket_ice_text(&text, &json, expires);

    if (ngx_http_otter_text_take(r, &text, &ws->join.ice) != NGX_OK) {
        return NGX_ERROR;
    }

    if (relays.data == json.data) {
        ws->join.ice_relay = ws->join.ice;
        return NGX_OK;
    }

    ngx_otter_text_init(&text);
    ngx_http_otter_websocket_ice_text(&text, &relays, expires);

    return ngx_http_otter_text_take(r, &text, &ws->join.ice_relay);
}


static void
ngx_http_otter_websocket_ice_text(ngx_otter_text_t *text, ngx_str_t *json,
    time_t expires)
{
    ngx_otter_text_add_string(text, ",\"ice_servers\":");
    ngx_otter_text_add(text, json->data, json->len);
    ngx_otter_text_add_string(text, ",\"ice_expires_at\":");

    if (expires) {
        ngx_otter_text_add_time(text, expires);

    } else {
        ngx_otter_text_add_string(text, "null");
    }
}


/* early enough for what is under way with the old ones */

static time_t
ngx_http_otter_websocket_renew_at(ngx_http_request_t *r, time_t expires)
{
    time_t                      early;
    ngx_http_otter_srv_conf_t  *oscf;

    if (expires == 0) {
        return 0;
    }

    oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);

    early = ngx_min(oscf->turn_ttl / 3, NGX_HTTP_OTTER_RENEW_EARLY);

    return expires - ngx_max(early, 1);
}


static time_t
ngx_http_otter_websocket_renewal(ngx_otter_socket_t *s, ngx_uint_t relay_only,
    ngx_otter_text_t *text)
{
    time_t                  at, expires;
    ngx_str_t               json, relays;
    ngx_uint_t              rests;
    ngx_http_request_t     *r;
    otter_turn_owner_t      owner;
    ngx_http_otter_open_t  *open;

    open = s->request;

    ngx_http_otter_websocket_span(&owner.key, &open->key);
    ngx_http_otter_websocket_span(&owner.room, &open->room);
    ngx_http_otter_websocket_span(&owner.identity, &open->identity);

    /* URIs may have variables */

    rests = (open->request == NULL);
    r = ngx_http_otter_wake(open);

    if (r == NULL
        || ngx_http_otter_ice_servers(r, &owner, &json, &relays, &expires)
           != NGX_OK)
    {
        text->failed = 1;
        at = ngx_time() + NGX_HTTP_OTTER_RENEW_AGAIN;

    } else {
        ngx_http_otter_websocket_ice_text(text, relay_only ? &relays : &json,
                                          expires);
        at = ngx_http_otter_websocket_renew_at(r, expires);
    }

    if (rests) {
        ngx_http_otter_rest(open);
    }

    return at;
}


static void
ngx_http_otter_websocket_span(otter_span_t *span, ngx_str_t *str)
{
    span->data = str->data;
    span->len = str->len;
}


static ngx_int_t
ngx_http_otter_websocket_resume(ngx_http_request_t *r,
    ngx_http_otter_ws_t *ws)
{
    off_t      seq;
    ngx_str_t  value;

    if (ngx_http_arg(r, (u_char *) "resume", 6, &ws->join.resume) != NGX_OK) {
        return NGX_OK;
    }

    if (ws->join.resume.len == 0) {
        return ngx_http_otter_websocket_refuse(r, NGX_DECLINED);
    }

    if (ngx_http_arg(r, (u_char *) "seq", 3, &value) != NGX_OK) {
        return ngx_http_otter_problem(r, NGX_HTTP_BAD_REQUEST, "bad-seq",
                                      "a resume needs \"seq\", the number of "
                                      "the last message seen");
    }

    seq = ngx_atoof(value.data, value.len);

    if (seq == (off_t) NGX_ERROR) {
        return ngx_http_otter_problem(r, NGX_HTTP_BAD_REQUEST, "bad-seq",
                                      "\"seq\" must be a whole number");
    }

    ws->join.seq = (uint64_t) seq;

    return NGX_OK;
}


static ngx_int_t
ngx_http_otter_websocket_join(ngx_http_request_t *r, ngx_http_otter_ws_t *ws)
{
    ngx_int_t             rc;
    ngx_otter_session_t  *session;

    rc = ngx_otter_session_join(&ws->join, &session);

    if (rc == NGX_AGAIN
        && (ws->join.remote || ws->join.claims < NGX_HTTP_OTTER_CLAIM_TRIES))
    {
        return ngx_http_otter_websocket_wait(r, ws);
    }

    if (rc != NGX_OK) {
        return ngx_http_otter_websocket_refuse(r, rc);
    }

    return ngx_http_otter_websocket_open(r, ws, session);
}


static ngx_int_t
ngx_http_otter_websocket_refuse(ngx_http_request_t *r, ngx_int_t rc)
{
    switch (rc) {

    case NGX_BUSY:
        return ngx_http_otter_problem(r, NGX_HTTP_CONFLICT, "room-full",
                                      "the room is full");

    case NGX_DONE:
        return ngx_http_otter_problem(r, NGX_HTTP_CONFLICT, "identity-taken",
                                      "somebody who is no guest has that "
                                      "identity in the room");

    case NGX_ABORT:
        return ngx_http_otter_problem(r, NGX_HTTP_FORBIDDEN, "room-locked",
                                      "the room is locked");

    case NGX_OTTER_ROOM_DENIED:
        return ngx_http_otter_denied(r);

    case NGX_OTTER_JOIN_BANNED:
        return ngx_http_otter_problem(r, NGX_HTTP_UNAUTHORIZED,
                                      otter_token_code(OTTER_TOKEN_REVOKED),
                                      otter_token_detail(
                                                    OTTER_TOKEN_REVOKED));

    case NGX_DECLINED:
        return ngx_http_otter_problem(r, NGX_HTTP_UNAUTHORIZED,
                                      "resume-invalid",
                                      "that session can't be resumed: "
                                      "it ended, or the secret is not its");

    default:

        /* by then Redis may be back, or there may be place in the zone */

        if (ngx_http_otter_header_set(r, "Retry-After", "2") != NGX_OK) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        return ngx_http_otter_problem(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                                      "unavailable",
                                      "the server can't take more peers now");
    }
}


/* another worker has the session's socket and was asked to let it go */

static ngx_int_t
ngx_http_otter_websocket_wait(ngx_http_request_t *r, ngx_http_otter_ws_t *ws)
{
    ngx_http_cleanup_t  *cln;

    if (ws->event.handler == NULL) {
        cln = ngx_http_cleanup_add(r, 0);
        if (cln == NULL) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        cln->handler = ngx_http_otter_websocket_give_up;
        cln->data = ws;

        ws->event.handler = ngx_http_otter_websocket_retry;
        ws->event.data = ws;
        ws->event.log = r->connection->log;

        r->main->count++;
        r->read_event_handler = ngx_http_test_reading;
    }

    if (ws->join.remote == NULL) {
        ngx_add_timer(&ws->event, NGX_HTTP_OTTER_CLAIM_INTERVAL);
    }

    return NGX_DONE;
}


/* Redis has answered */

static void
ngx_http_otter_websocket_wake(ngx_otter_join_t *join)
{
    ngx_http_otter_ws_t  *ws;

    ws = (ngx_http_otter_ws_t *) ((u_char *) join
                                  - offsetof(ngx_http_otter_ws_t, join));

    ngx_http_otter_websocket_retry(&ws->event);
}


static void
ngx_http_otter_websocket_retry(ngx_event_t *ev)
{
    ngx_int_t             rc;
    ngx_connection_t     *c;
    ngx_http_request_t   *r;
    ngx_http_otter_ws_t  *ws;

    ws = ev->data;
    r = ws->request;
    c = r->connection;

    rc = ngx_http_otter_websocket_join(r, ws);

    if (ev->timer_set || ws->join.remote) {
        return;
    }

    if (rc == NGX_DONE) {

        /* the WebSocket has counted itself; this wait has ended */

        r->main->count--;

    } else {
        ngx_http_finalize_request(r, rc);
    }

    ngx_http_run_posted_requests(c);
}


void
ngx_http_otter_websocket_give_up(void *data)
{
    ngx_http_otter_ws_t  *ws = data;

    if (ws->event.timer_set) {
        ngx_del_timer(&ws->event);
    }

    ngx_otter_session_cancel(&ws->join);
}


static ngx_int_t
ngx_http_otter_websocket_open(ngx_http_request_t *r, ngx_http_otter_ws_t *ws,
    ngx_otter_session_t *session)
{
    ngx_str_t           *peer;
    ngx_otter_socket_t  *s;

    static ngx_otter_socket_handlers_t  handlers;

    if (handlers.done == NULL) {
        ngx_otter_session_base_handlers(&handlers);
        handlers.done = ngx_http_otter_websocket_done;
    }

    peer = &ws->ctx->peer;
    peer->data = ngx_pnalloc(r->pool, NGX_OTTER_ID_LEN);
    s = NULL;

    if (peer->data) {
        ngx_memcpy(peer->data, session->peer.node.id, NGX_OTTER_ID_LEN);
        peer->len = NGX_OTTER_ID_LEN;
        ws->ctx->session = *peer;

        s = ngx_http_otter_upgrade(ws, &handlers);
    }

    if (s == NULL) {
        ngx_otter_session_abandon(session, &ws->join);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_otter_session_attach(session, &ws->join, s);

    return ngx_http_otter_take_over(ws);
}


/* "token" of a client: the same identity, room and rights */

static const char *
ngx_http_otter_websocket_fresh(ngx_otter_socket_t *s, otter_span_t *text,
    ngx_otter_grant_t *grant)
{
    u_char                      decoded[OTTER_TOKEN_MAX];
    int64_t                     len;
    const char                 *code;
    otter_claims_t              claims;
    otter_token_rc_t            rc;
    ngx_http_otter_open_t      *open;
    ngx_http_otter_srv_conf_t  *oscf;

    open = s->request;
    oscf = ngx_http_otter_open_conf(open);

    len = otter_json_unescape(decoded, sizeof(decoded), text->data,
                              text->len);
    if (len < 0) {
        return otter_token_code(OTTER_TOKEN_MALFORMED);
    }

    rc = otter_token_verify(oscf->jwt_keys->table.keyset, decoded,
                            (size_t) len, ngx_time(), &claims);
    if (rc != OTTER_TOKEN_OK) {
        return otter_token_code(rc);
    }

    code = NULL;

    if (claims.room.len != open->room.len
        || ngx_memcmp(claims.room.data, open->room.data, claims.room.len)
           != 0
        || claims.sub.len != open->identity.len
        || ngx_memcmp(claims.sub.data, open->identity.data, claims.sub.len)
           != 0
        || (claims.role == OTTER_ROLE_MODERATOR) != open->moderator
        || (ngx_http_otter_is_guest(&claims) && !open->guest))
    {
        code = "token-of-another";

    } else if (ngx_http_otter_check_banned(open->zone, &claims)
               != OTTER_TOKEN_OK)
    {
        code = otter_token_code(OTTER_TOKEN_REVOKED);
    }

    ngx_http_otter_grant(&claims, grant);

    otter_claims_free(&claims);

    return code;
}
