
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_module.h"
#include "otter_name.h"


static ngx_int_t ngx_http_otter_bearer(ngx_http_request_t *r,
    ngx_str_t *credential);
static ngx_int_t ngx_http_otter_check_key(ngx_http_request_t *r,
    ngx_str_t *presented, ngx_http_otter_caller_t *caller);
static void ngx_http_otter_claims_cleanup(void *data);


ngx_int_t
ngx_http_otter_caller(ngx_http_request_t *r, ngx_http_otter_caller_t *caller)
{
    ngx_str_t         credential;
    otter_span_t      token;
    otter_token_rc_t  rc;

    ngx_memzero(caller, sizeof(ngx_http_otter_caller_t));

    if (ngx_http_otter_bearer(r, &credential) != NGX_OK) {
        return NGX_OK;
    }

    if (credential.len >= 4 && ngx_strncmp(credential.data, "otk_", 4) == 0) {
        return ngx_http_otter_check_key(r, &credential, caller);
    }

    token.data = credential.data;
    token.len = credential.len;

    rc = ngx_http_otter_verify(r, &token, &caller->claims);

    if (rc == OTTER_TOKEN_NO_MEMORY) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (rc != OTTER_TOKEN_OK) {
        return ngx_http_otter_problem(r, NGX_HTTP_UNAUTHORIZED,
                                      otter_token_code(rc),
                                      otter_token_detail(rc));
    }

    caller->kind = NGX_HTTP_OTTER_TOKEN;

    return NGX_OK;
}


/* RFC 6750, section 2.1 */

static ngx_int_t
ngx_http_otter_bearer(ngx_http_request_t *r, ngx_str_t *credential)
{
    u_char     *p, *last;
    ngx_str_t   value;

    if (r->headers_in.authorization == NULL) {
        return NGX_DECLINED;
    }

    value = r->headers_in.authorization->value;

    if (value.len < sizeof("Bearer") - 1
        || ngx_strncasecmp(value.data, (u_char *) "Bearer",
                           sizeof("Bearer") - 1)
           != 0)
    {
        return NGX_DECLINED;
    }

    p = value.data + sizeof("Bearer") - 1;
    last = value.data + value.len;

    if (p < last && *p != ' ') {
        return NGX_DECLINED;
    }

    while (p < last && *p == ' ') {
        p++;
    }

    credential->data = p;
    credential->len = last - p;

    return NGX_OK;
}


static ngx_int_t
ngx_http_otter_check_key(ngx_http_request_t *r, ngx_str_t *presented,
    ngx_http_otter_caller_t *caller)
{
    otter_apikey_rc_t           rc;
    ngx_http_otter_srv_conf_t  *oscf;

    oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);

    rc = OTTER_APIKEY_UNKNOWN;

    if (oscf->api_keys) {
        rc = otter_apikeys_check(oscf->api_keys, presented->data,
                                 presented->len, ngx_time(), &caller->key);
    }

    switch (rc) {

    case OTTER_APIKEY_OK:
        caller->kind = NGX_HTTP_OTTER_API_KEY;
        return NGX_OK;

    case OTTER_APIKEY_REVOKED:
        return ngx_http_otter_problem(r, NGX_HTTP_UNAUTHORIZED, "key-revoked",
                                      "this API key has been revoked");

    case OTTER_APIKEY_EXPIRED:
        return ngx_http_otter_problem(r, NGX_HTTP_UNAUTHORIZED, "key-expired",
                                      "this API key has expired");

    default: /* OTTER_APIKEY_MALFORMED, OTTER_APIKEY_UNKNOWN */
        return ngx_http_otter_problem(r, NGX_HTTP_UNAUTHORIZED, "key-unknown",
                                      "this API key is not known");
    }
}


/* "iss" of a guest's token is set by POST token alone */

ngx_uint_t
ngx_http_otter_is_guest(otter_claims_t *claims)
{
    return claims->iss.len == sizeof("guest") - 1
           && ngx_memcmp(claims->iss.data, "guest", claims->iss.len) == 0;
}


otter_token_rc_t
ngx_http_otter_verify(ngx_http_request_t *r, otter_span_t *token,
    otter_claims_t *claims)
{
    otter_token_rc_t            rc;
    ngx_pool_cleanup_t         *cln;
    ngx_http_otter_srv_conf_t  *oscf;

    oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);

    cln = ngx_pool_cleanup_add(r->pool, sizeof(otter_claims_t));
    if (cln == NULL) {
        return OTTER_TOKEN_NO_MEMORY;
    }

    rc = otter_token_verify(oscf->keyset, token->data, token->len, ngx_time(),
                            claims);

    if (rc == OTTER_TOKEN_OK) {
        *(otter_claims_t *) cln->data = *claims;
        cln->handler = ngx_http_otter_claims_cleanup;
    }

    return rc;
}


static void
ngx_http_otter_claims_cleanup(void *data)
{
    otter_claims_t  *claims = data;

    otter_claims_free(claims);
}


ngx_int_t
ngx_http_otter_check_caller(ngx_http_request_t *r,
    ngx_http_otter_caller_t *caller, ngx_http_otter_caller_e kind,
    unsigned scopes)
{
    if (caller->kind == NGX_HTTP_OTTER_NOBODY) {
        return ngx_http_otter_problem(r, NGX_HTTP_UNAUTHORIZED,
                                      "auth-required",
                                      "this needs an Authorization header "
                                      "with a Bearer credential");
    }

    if (kind == NGX_HTTP_OTTER_API_KEY && caller->kind != kind) {
        return ngx_http_otter_problem(r, NGX_HTTP_UNAUTHORIZED,
                                      "key-required",
                                      "this needs an API key: "
                                      "a join token is none");
    }

    if (kind == NGX_HTTP_OTTER_TOKEN && caller->kind != kind) {
        return ngx_http_otter_problem(r, NGX_HTTP_UNAUTHORIZED,
                                      "token-required",
                                      "this needs a join token: "
                                      "an API key is none");
    }

    if (caller->kind == NGX_HTTP_OTTER_API_KEY
        && !(caller->key->scopes & scopes))
    {
        return ngx_http_otter_problem(r, NGX_HTTP_FORBIDDEN, "key-scope",
                                      "this API key has no scope for that");
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_otter_need(ngx_http_request_t *r, ngx_http_otter_caller_t *caller,
    ngx_http_otter_caller_e kind, unsigned scopes)
{
    ngx_int_t  rc;

    rc = ngx_http_otter_caller(r, caller);

    if (rc == NGX_OK) {
        rc = ngx_http_otter_check_caller(r, caller, kind, scopes);
    }

    return rc;
}


ngx_int_t
ngx_http_otter_key_room(ngx_http_request_t *r, const otter_apikey_t *key,
    ngx_str_t *room)
{
    if (otter_room_pattern_match(key->rooms.data, key->rooms.len,
                                 room->data, room->len))
    {
        return NGX_OK;
    }

    return ngx_http_otter_problem(r, NGX_HTTP_FORBIDDEN, "key-room",
                                  "this API key is not for that room");
}
