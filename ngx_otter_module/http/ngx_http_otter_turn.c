
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_module.h"
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
    ngx_str_t *identity, ngx_http_otter_ice_t *ice);
static ngx_int_t ngx_http_otter_ice_uris(ngx_http_request_t *r,
    ngx_http_otter_srv_conf_t *oscf, ngx_http_otter_ice_t *ice);
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
static ngx_int_t ngx_http_otter_turn_id(ngx_http_request_t *r,
    ngx_http_otter_caller_t *caller, ngx_str_t *id);
static ngx_int_t ngx_http_otter_turn_answer(ngx_http_request_t *r,
    ngx_str_t *id);


ngx_int_t
ngx_http_otter_ice_servers(ngx_http_request_t *r, ngx_str_t *identity,
    ngx_str_t *json, time_t *expires)
{
    ngx_http_otter_ice_t        ice;
    ngx_http_otter_srv_conf_t  *oscf;

    oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);

    if (oscf->turn_uris == NULL) {
        ngx_str_set(json, "[]");
        *expires = 0;
        return NGX_OK;
    }

    if (ngx_http_otter_ice(r, identity, &ice) != NGX_OK) {
        return NGX_ERROR;
    }

    *expires = ice.expires;

    return ngx_http_otter_ice_text(r, &ice, json);
}


static ngx_int_t
ngx_http_otter_ice(ngx_http_request_t *r, ngx_str_t *identity,
    ngx_http_otter_ice_t *ice)
{
    ngx_str_t                  *secret;
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

    if (ngx_http_otter_ice_uris(r, oscf, ice) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ice->turn.nelts == 0) {
        return NGX_OK;
    }

    ice->expires = ngx_time() + oscf->turn_ttl;

    secret = &oscf->turn_secrets->secrets[0];

    if (otter_turn_credential(&ice->credential, secret->data, secret->len,
                              ice->expires, identity->data, identity->len)
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

    return NGX_OK;
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
    ngx_str_t                 id, json;
    ngx_otter_text_t          text;
    ngx_http_otter_ice_t      ice;
    ngx_http_otter_caller_t   caller;

    rc = ngx_http_otter_need(r, &caller, NGX_HTTP_OTTER_NOBODY,
                             OTTER_SCOPE_TURN);
    if (rc != NGX_OK) {
        return rc;
    }

    if (ngx_http_otter_turn_id(r, &caller, &id) != NGX_OK
        || ngx_http_otter_ice(r, &id, &ice) != NGX_OK
        || ngx_http_otter_ice_links(r, &ice) != NGX_OK
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


/* a token is its identity, a key its id, whatever else the caller says */

static ngx_int_t
ngx_http_otter_turn_id(ngx_http_request_t *r,
    ngx_http_otter_caller_t *caller, ngx_str_t *id)
{
    ngx_str_t      room;
    otter_span_t  *span;

    if (caller->kind == NGX_HTTP_OTTER_API_KEY) {
        id->data = (u_char *) caller->key->id.data;
        id->len = caller->key->id.len;
        return NGX_OK;
    }

    span = &caller->claims.sub;
    id->data = (u_char *) span->data;
    id->len = span->len;

    span = &caller->claims.room;
    room.data = (u_char *) span->data;
    room.len = span->len;

    return ngx_http_otter_show(r, &room, id);
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
    ngx_str_t                 service, id;
    ngx_http_otter_caller_t   caller;

    rc = ngx_http_otter_need(r, &caller, NGX_HTTP_OTTER_NOBODY,
                             OTTER_SCOPE_TURN);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_http_otter_arg(r, "service", &service);

    if (rc == NGX_ERROR
        || ngx_http_otter_turn_id(r, &caller, &id) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (rc != NGX_OK || service.len != sizeof("turn") - 1
        || ngx_strncmp(service.data, "turn", service.len) != 0)
    {
        return ngx_http_otter_problem(r, NGX_HTTP_BAD_REQUEST, "bad-argument",
                                      "\"service\" must be \"turn\"");
    }

    if (caller.kind == NGX_HTTP_OTTER_API_KEY) {
        rc = ngx_http_otter_arg(r, "username", &id);

        if (rc == NGX_ERROR) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        if (rc == NGX_OK && !otter_identity_valid(id.data, id.len)) {
            return ngx_http_otter_problem(r, NGX_HTTP_BAD_REQUEST,
                                          "bad-argument",
                                          "\"username\" must be 1 to 128 "
                                          "bytes with no control character");
        }
    }

    return ngx_http_otter_turn_answer(r, &id);
}


static ngx_int_t
ngx_http_otter_turn_answer(ngx_http_request_t *r, ngx_str_t *id)
{
    ngx_otter_text_t            text;
    ngx_http_otter_ice_t        ice;
    ngx_http_otter_srv_conf_t  *oscf;

    if (ngx_http_otter_ice(r, id, &ice) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ice.turn.nelts == 0) {
        return ngx_http_otter_problem(r, NGX_HTTP_NOT_FOUND, "no-turn",
                                      "this site has no TURN server");
    }

    oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);

    ngx_otter_text_init(&text);
    ngx_otter_text_add_string(&text, "{\"username\":");
    ngx_otter_text_add_json(&text, ice.credential.username,
                            ice.credential.username_len);
    ngx_otter_text_add_string(&text, ",\"password\":");
    ngx_otter_text_add_json(&text, ice.credential.password,
                            OTTER_TURN_PASSWORD_SIZE);
    ngx_otter_text_add_string(&text, ",\"ttl\":");
    ngx_otter_text_add_number(&text, oscf->turn_ttl);
    ngx_otter_text_add_string(&text, ",\"uris\":");
    ngx_http_otter_ice_list(&text, &ice.turn);
    ngx_otter_text_add_string(&text, "}\n");

    return ngx_http_otter_text(r, NGX_HTTP_OK, &text);
}
