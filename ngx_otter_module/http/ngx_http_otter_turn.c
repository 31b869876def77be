
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_rooms.h"
#include "ngx_otter_relays.h"
#include "otter_name.h"
#include "otter_turn.h"


/* the servers of one request: URIs may have variables */

typedef struct {
    ngx_array_t               stun;            /* of ngx_str_t */
    ngx_array_t               turn;
    otter_turn_credential_t   credential;      /* when there is a turn */
    time_t                    expires;         /* 0: no credential */
} ngx_http_otter_ice_t;


static ngx_int_t ngx_http_otter_ice(ngx_http_request_t *r,
    const otter_turn_owner_t *owner, ngx_http_otter_ice_t *ice);
static ngx_int_t ngx_http_otter_ice_fill(ngx_http_request_t *r,
    ngx_http_otter_ice_t *ice);
static ngx_int_t ngx_http_otter_ice_credential(ngx_http_request_t *r,
    ngx_http_otter_ice_t *ice, const u_char *id, size_t len);
static ngx_int_t ngx_http_otter_ice_owned(ngx_http_request_t *r,
    ngx_http_otter_ice_t *ice, const otter_turn_owner_t *owner);
static void ngx_http_otter_ice_rule(ngx_http_request_t *r,
    ngx_http_otter_caller_t *caller, ngx_http_otter_ice_t *ice);
static ngx_int_t ngx_http_otter_ice_uris(ngx_http_request_t *r,
    ngx_http_otter_srv_conf_t *oscf, ngx_http_otter_ice_t *ice);
static void ngx_http_otter_ice_leave_out(ngx_array_t *uris);
static ngx_int_t ngx_http_otter_ice_text(ngx_http_request_t *r,
    ngx_http_otter_ice_t *ice, ngx_str_t *json);
static void ngx_http_otter_ice_list(ngx_otter_text_t *text,
    ngx_array_t *uris);
static ngx_int_t ngx_http_otter_ice_links(ngx_http_request_t *r,
    ngx_http_otter_ice_t *ice);
static ngx_int_t ngx_http_otter_ice_link(ngx_http_request_t *r,
    ngx_str_t *uri, otter_turn_credential_t *credential);
static void ngx_http_otter_quote(ngx_otter_text_t *text, u_char *data,
    size_t len);
static ngx_int_t ngx_http_otter_ice_seen(ngx_http_request_t *r, void *data);
static ngx_int_t ngx_http_otter_turn_owner(ngx_http_request_t *r,
    ngx_http_otter_caller_t *caller, otter_turn_owner_t *owner);
static ngx_int_t ngx_http_otter_turn_ice(ngx_http_request_t *r,
    ngx_http_otter_caller_t *caller, ngx_http_otter_ice_t *ice);
static ngx_int_t ngx_http_otter_turn_answer(ngx_http_request_t *r,
    ngx_http_otter_ice_t *ice);


ngx_int_t
ngx_http_otter_ice_servers(ngx_http_request_t *r,
    const otter_turn_owner_t *owner, ngx_str_t *json, ngx_str_t *relays,
    time_t *expires)
{
    ngx_http_otter_ice_t        ice;
    ngx_http_otter_srv_conf_t  *oscf;

    oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);

    if (oscf->turn_uris == NULL) {
        ngx_str_set(json, "[]");
        *expires = 0;

        if (relays) {
            *relays = *json;
        }

        return NGX_OK;
    }

    if (ngx_http_otter_ice(r, owner, &ice) != NGX_OK) {
        return NGX_ERROR;
    }

    *expires = ice.expires;

    if (ngx_http_otter_ice_text(r, &ice, json) != NGX_OK) {
        return NGX_ERROR;
    }

    if (relays == NULL) {
        return NGX_OK;
    }

    if (ice.stun.nelts == 0) {
        *relays = *json;
        return NGX_OK;
    }

    ice.stun.nelts = 0;

    return ngx_http_otter_ice_text(r, &ice, relays);
}


/*
 * Where peers meet over relays alone, who asked a STUN server would only show
 * its address to it.
 */

static void
ngx_http_otter_ice_rule(ngx_http_request_t *r,
    ngx_http_otter_caller_t *caller, ngx_http_otter_ice_t *ice)
{
    ngx_str_t                    room;
    ngx_http_otter_main_conf_t  *omcf;

    omcf = ngx_http_get_module_main_conf(r, ngx_http_otter_module);

    if (caller->kind != NGX_HTTP_OTTER_TOKEN || omcf->zone->sh == NULL) {
        return;
    }

    room.data = (u_char *) caller->claims.room.data;
    room.len = caller->claims.room.len;

    if (ngx_otter_room_relay_only(omcf->zone, &room)) {
        ice->stun.nelts = 0;
    }
}


static ngx_int_t
ngx_http_otter_ice(ngx_http_request_t *r, const otter_turn_owner_t *owner,
    ngx_http_otter_ice_t *ice)
{
    if (ngx_http_otter_ice_fill(r, ice) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_otter_ice_owned(r, ice, owner);
}


static ngx_int_t
ngx_http_otter_ice_fill(ngx_http_request_t *r, ngx_http_otter_ice_t *ice)
{
    ngx_http_otter_srv_conf_t  *oscf;

    oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);

    if (ngx_array_init(&ice->stun, r->pool, 2, sizeof(ngx_str_t)) != NGX_OK
        || ngx_array_init(&ice->turn, r->pool, 4, sizeof(ngx_str_t))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    ice->expires = 0;

    if (oscf->turn_uris == NULL) {
        return NGX_OK;
    }

    return ngx_http_otter_ice_uris(r, oscf, ice);
}


/* a credential by which coturn's reports find their owner */

static ngx_int_t
ngx_http_otter_ice_owned(ngx_http_request_t *r, ngx_http_otter_ice_t *ice,
    const otter_turn_owner_t *owner)
{
    size_t                      len;
    u_char                      id[OTTER_TURN_ID_MAX];
    ngx_http_otter_srv_conf_t  *oscf;

    if (ice->turn.nelts == 0) {
        return NGX_OK;
    }

    oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);

    len = otter_turn_id_seal(id, owner,
                             &oscf->turn_secrets->table.secrets->seal);

    return ngx_http_otter_ice_credential(r, ice, id, len);
}


/* id is empty when it could not be made */

static ngx_int_t
ngx_http_otter_ice_credential(ngx_http_request_t *r,
    ngx_http_otter_ice_t *ice, const u_char *id, size_t len)
{
    ngx_str_t                  *secret;
    ngx_http_otter_srv_conf_t  *oscf;

    if (ice->turn.nelts == 0) {
        return NGX_OK;
    }

    oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);

    ice->expires = ngx_time() + oscf->turn_ttl;

    secret = &oscf->turn_secrets->table.secrets->secrets[0];

    if (len == 0
        || otter_turn_credential(&ice->credential, secret->data, secret->len,
                                 ice->expires, id, len)
           != 0)
    {
        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "otter: could not make a TURN credential");
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_otter_ice_uris(ngx_http_request_t *r,
    ngx_http_otter_srv_conf_t *oscf, ngx_http_otter_ice_t *ice)
{
    ngx_str_t                  uri, *dst;
    ngx_uint_t                 i;
    otter_turn_uri_t           kind;
    ngx_http_complex_value_t  *cv;

    cv = oscf->turn_uris->elts;

    for (i = 0; i < oscf->turn_uris->nelts; i++) {

        if (ngx_http_complex_value(r, &cv[i], &uri) != NGX_OK) {
            return NGX_ERROR;
        }

        kind = otter_turn_uri(uri.data, uri.len);

        /* one that comes out empty is meant to be left out */

        if (kind == OTTER_TURN_URI_INVALID
            || (kind == OTTER_TURN_URI_TURN && oscf->turn_secrets == NULL))
        {
            if (uri.len) {
                ngx_log_error(NGX_LOG_WARN, r->connection->log, 0,
                              "otter: \"%V\" of \"otter_turn_uri\" is left "
                              "out: %s", &uri,
                              kind == OTTER_TURN_URI_INVALID
                              ? "it is not a STUN or TURN URI"
                              : "there is no \"otter_turn_secret_file\"");
            }

            continue;
        }

        dst = ngx_array_push(kind == OTTER_TURN_URI_STUN ? &ice->stun
                                                         : &ice->turn);
        if (dst == NULL) {
            return NGX_ERROR;
        }

        *dst = uri;
    }

    ngx_http_otter_ice_leave_out(&ice->stun);
    ngx_http_otter_ice_leave_out(&ice->turn);

    return NGX_OK;
}


/* takes out what is failing; if all are, it may be who says so that is wrong */

static void
ngx_http_otter_ice_leave_out(ngx_array_t *uris)
{
    ngx_str_t   *uri;
    ngx_uint_t   i, n;

    uri = uris->elts;

    for (i = 0, n = 0; i < uris->nelts; i++) {
        n += ngx_otter_relays_failing(&uri[i]);
    }

    if (n == 0 || n == uris->nelts) {
        return;
    }

    for (i = 0, n = 0; i < uris->nelts; i++) {
        if (!ngx_otter_relays_failing(&uri[i])) {
            uri[n++] = uri[i];
        }
    }

    uris->nelts = n;
}


static ngx_int_t
ngx_http_otter_ice_text(ngx_http_request_t *r, ngx_http_otter_ice_t *ice,
    ngx_str_t *json)
{
    ngx_otter_text_t  text;

    ngx_otter_text_init(&text);
    ngx_otter_text_add_string(&text, "[");

    if (ice->stun.nelts) {
        ngx_otter_text_add_string(&text, "{\"urls\":");
        ngx_http_otter_ice_list(&text, &ice->stun);
        ngx_otter_text_add_string(&text, ice->turn.nelts ? "}," : "}");
    }

    if (ice->turn.nelts) {
        ngx_otter_text_add_string(&text, "{\"urls\":");
        ngx_http_otter_ice_list(&text, &ice->turn);
        ngx_otter_text_add_string(&text, ",\"username\":");
        ngx_otter_text_add_json(&text, ice->credential.username,
                                ice->credential.username_len);
        ngx_otter_text_add_string(&text, ",\"credential\":");
        ngx_otter_text_add_json(&text, ice->credential.password,
                                OTTER_TURN_PASSWORD_SIZE);
        ngx_otter_text_add_string(&text, "}");
    }

    ngx_otter_text_add_string(&text, "]");

    return ngx_http_otter_text_take(r, &text, json);
}


static void
ngx_http_otter_ice_list(ngx_otter_text_t *text, ngx_array_t *uris)
{
    ngx_str_t   *uri;
    ngx_uint_t   i;

    uri = uris->elts;

    for (i = 0; i < uris->nelts; i++) {
        ngx_otter_text_add_string(text, i ? "," : "[");
        ngx_otter_text_add_json(text, uri[i].data, uri[i].len);
    }

    ngx_otter_text_add_string(text, i ? "]" : "[]");
}


ngx_int_t
ngx_http_otter_ice_servers_handler(ngx_http_request_t *r)
{
    ngx_int_t                 rc;
    ngx_str_t                 room;
    ngx_http_otter_caller_t  *caller;

    caller = ngx_palloc(r->pool, sizeof(ngx_http_otter_caller_t));
    if (caller == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_otter_need(r, caller, NGX_HTTP_OTTER_NOBODY,
                             OTTER_SCOPE_TURN);
    if (rc != NGX_OK) {
        return rc;
    }

    if (caller->kind != NGX_HTTP_OTTER_TOKEN) {
        return ngx_http_otter_ice_seen(r, caller);
    }

    room.data = (u_char *) caller->claims.room.data;
    room.len = caller->claims.room.len;

    return ngx_http_otter_look(r, &room, NULL, ngx_http_otter_ice_seen,
                               caller);
}


static ngx_int_t
ngx_http_otter_ice_seen(ngx_http_request_t *r, void *data)
{
    ngx_str_t                 json;
    ngx_otter_text_t          text;
    otter_turn_owner_t        owner;
    ngx_http_otter_ice_t      ice;
    ngx_http_otter_caller_t  *caller = data;

    if (ngx_http_otter_turn_owner(r, caller, &owner) != NGX_OK
        || ngx_http_otter_ice(r, &owner, &ice) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_http_otter_ice_rule(r, caller, &ice);

    if (ngx_http_otter_ice_links(r, &ice) != NGX_OK
        || ngx_http_otter_ice_text(r, &ice, &json) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_otter_text_init(&text);
    ngx_otter_text_add_string(&text, "{\"ice_servers\":");
    ngx_otter_text_add(&text, json.data, json.len);
    ngx_otter_text_add_string(&text, ",\"expires_at\":");

    if (ice.expires) {
        ngx_otter_text_add_time(&text, ice.expires);

    } else {
        ngx_otter_text_add_string(&text, "null");
    }

    ngx_otter_text_add_string(&text, "}\n");

    return ngx_http_otter_text(r, NGX_HTTP_OK, &text);
}


static ngx_int_t
ngx_http_otter_turn_owner(ngx_http_request_t *r,
    ngx_http_otter_caller_t *caller, otter_turn_owner_t *owner)
{
    ngx_str_t  room, identity;

    ngx_memzero(owner, sizeof(otter_turn_owner_t));

    if (caller->kind == NGX_HTTP_OTTER_API_KEY) {
        owner->key = caller->key->id;
        return NGX_OK;
    }

    ngx_http_otter_claims_owner(&caller->claims, owner);

    room.data = (u_char *) owner->room.data;
    room.len = owner->room.len;
    identity.data = (u_char *) owner->identity.data;
    identity.len = owner->identity.len;

    return ngx_http_otter_show(r, &room, &identity);
}


void
ngx_http_otter_claims_owner(const otter_claims_t *claims,
    otter_turn_owner_t *owner)
{
    owner->key = claims->iss;
    owner->room = claims->room;
    owner->identity = claims->sub;
}


/* RFC 9725, section 4.6 */

static ngx_int_t
ngx_http_otter_ice_links(ngx_http_request_t *r, ngx_http_otter_ice_t *ice)
{
    ngx_str_t   *uri;
    ngx_uint_t   i;

    uri = ice->stun.elts;

    for (i = 0; i < ice->stun.nelts; i++) {
        if (ngx_http_otter_ice_link(r, &uri[i], NULL) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    uri = ice->turn.elts;

    for (i = 0; i < ice->turn.nelts; i++) {
        if (ngx_http_otter_ice_link(r, &uri[i], &ice->credential) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_otter_ice_link(ngx_http_request_t *r, ngx_str_t *uri,
    otter_turn_credential_t *credential)
{
    ngx_str_t         value;
    ngx_otter_text_t  text;

    ngx_otter_text_init(&text);
    ngx_otter_text_add_string(&text, "<");
    ngx_otter_text_add(&text, uri->data, uri->len);
    ngx_otter_text_add_string(&text, ">; rel=\"ice-server\"");

    if (credential) {
        ngx_otter_text_add_string(&text, "; username=");
        ngx_http_otter_quote(&text, credential->username,
                             credential->username_len);
        ngx_otter_text_add_string(&text, "; credential=");
        ngx_http_otter_quote(&text, credential->password,
                             OTTER_TURN_PASSWORD_SIZE);
        ngx_otter_text_add_string(&text, "; credential-type=\"password\"");
    }

    if (ngx_http_otter_text_take(r, &text, &value) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_otter_header(r, "Link", &value);
}


/* a quoted-string (RFC 9110, section 5.6.4); controls are not in there */

static void
ngx_http_otter_quote(ngx_otter_text_t *text, u_char *data, size_t len)
{
    size_t  i;

    ngx_otter_text_add_string(text, "\"");

    for (i = 0; i < len; i++) {
        if (data[i] == '"' || data[i] == '\\') {
            ngx_otter_text_add_string(text, "\\");
        }

        ngx_otter_text_add(text, &data[i], 1);
    }

    ngx_otter_text_add_string(text, "\"");
}


/* draft-uberti-behave-turn-rest-00, section 2 */

ngx_int_t
ngx_http_otter_turn_handler(ngx_http_request_t *r)
{
    ngx_int_t                 rc;
    ngx_str_t                 service;
    ngx_http_otter_ice_t      ice;
    ngx_http_otter_caller_t   caller;

    rc = ngx_http_otter_need(r, &caller, NGX_HTTP_OTTER_NOBODY,
                             OTTER_SCOPE_TURN);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_http_otter_arg(r, "service", &service);

    if (rc == NGX_ERROR) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (rc != NGX_OK || service.len != sizeof("turn") - 1
        || ngx_strncmp(service.data, "turn", service.len) != 0)
    {
        return ngx_http_otter_problem(r, NGX_HTTP_BAD_REQUEST, "bad-argument",
                                      "\"service\" must be \"turn\"");
    }

    rc = ngx_http_otter_turn_ice(r, &caller, &ice);

    if (rc == NGX_ERROR) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (rc != NGX_OK) {
        return rc;
    }

    return ngx_http_otter_turn_answer(r, &ice);
}


/*
 * A key may name the user, and the name stands in the credential as it is.
 * NGX_OK, NGX_ERROR, or the problem that has been sent.
 */

static ngx_int_t
ngx_http_otter_turn_ice(ngx_http_request_t *r,
    ngx_http_otter_caller_t *caller, ngx_http_otter_ice_t *ice)
{
    ngx_int_t           rc;
    ngx_str_t           id;
    otter_turn_owner_t  owner;

    if (ngx_http_otter_ice_fill(r, ice) != NGX_OK
        || ngx_http_otter_turn_owner(r, caller, &owner) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (caller->kind == NGX_HTTP_OTTER_API_KEY) {
        rc = ngx_http_otter_arg(r, "username", &id);

        if (rc == NGX_ERROR) {
            return NGX_ERROR;
        }

        if (rc == NGX_OK && !otter_identity_valid(id.data, id.len)) {
            return ngx_http_otter_problem(r, NGX_HTTP_BAD_REQUEST,
                                          "bad-argument",
                                          "\"username\" must be 1 to 128 "
                                          "bytes with no control character");
        }

        if (rc == NGX_OK) {
            return ngx_http_otter_ice_credential(r, ice, id.data, id.len);
        }
    }

    return ngx_http_otter_ice_owned(r, ice, &owner);
}


static ngx_int_t
ngx_http_otter_turn_answer(ngx_http_request_t *r, ngx_http_otter_ice_t *ice)
{
    ngx_otter_text_t            text;
    ngx_http_otter_srv_conf_t  *oscf;

    if (ice->turn.nelts == 0) {
        return ngx_http_otter_problem(r, NGX_HTTP_NOT_FOUND, "no-turn",
                                      "this site has no TURN server");
    }

    oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);

    ngx_otter_text_init(&text);
    ngx_otter_text_add_string(&text, "{\"username\":");
    ngx_otter_text_add_json(&text, ice->credential.username,
                            ice->credential.username_len);
    ngx_otter_text_add_string(&text, ",\"password\":");
    ngx_otter_text_add_json(&text, ice->credential.password,
                            OTTER_TURN_PASSWORD_SIZE);
    ngx_otter_text_add_string(&text, ",\"ttl\":");
    ngx_otter_text_add_number(&text, oscf->turn_ttl);
    ngx_otter_text_add_string(&text, ",\"uris\":");
    ngx_http_otter_ice_list(&text, &ice->turn);
    ngx_otter_text_add_string(&text, "}\n");

    return ngx_http_otter_text(r, NGX_HTTP_OK, &text);
}
