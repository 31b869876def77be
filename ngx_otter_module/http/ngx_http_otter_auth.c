
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_module.h"
#include "ngx_otter_ban.h"
#include "ngx_otter_keystore.h"
#include "ngx_otter_rate.h"
#include "otter_digest.h"
#include "otter_name.h"


static ngx_int_t ngx_http_otter_check_key(ngx_http_request_t *r,
    ngx_str_t *presented, ngx_http_otter_caller_t *caller);
static ngx_int_t ngx_http_otter_key_rate(ngx_http_request_t *r,
    const otter_apikey_t *key);
static ngx_int_t ngx_http_otter_keep_key(ngx_http_request_t *r,
    const otter_apikey_t *key, ngx_http_otter_caller_t *caller);


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


ngx_int_t
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


/* the file decides about ids that it has, Redis about others */

otter_apikey_rc_t
ngx_http_otter_find_key(ngx_http_request_t *r, ngx_str_t *presented,
    const otter_apikey_t **key)
{
    otter_apikey_rc_t           rc;
    ngx_http_otter_srv_conf_t  *oscf;

    oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);

    rc = OTTER_APIKEY_UNKNOWN;

    if (oscf->api_keys) {
        rc = otter_apikeys_check(oscf->api_keys->table.keys, presented->data,
                                 presented->len, ngx_time(), key);
    }

    if (rc == OTTER_APIKEY_UNKNOWN) {
        rc = ngx_otter_keystore_check(presented, ngx_time(), key);
    }

    return rc;
}


static ngx_int_t
ngx_http_otter_check_key(ngx_http_request_t *r, ngx_str_t *presented,
    ngx_http_otter_caller_t *caller)
{
    ngx_int_t              status;
    otter_apikey_rc_t      rc;
    const otter_apikey_t  *key;

    rc = ngx_http_otter_find_key(r, presented, &key);

    if (rc == OTTER_APIKEY_UNKNOWN && ngx_otter_keystore_empty()) {
        return ngx_http_otter_problem(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                                      "keys-loading",
                                      "API keys have not come from Redis yet");
    }

    switch (rc) {

    case OTTER_APIKEY_OK:
        status = ngx_http_otter_key_rate(r, key);

        return status == NGX_OK ? ngx_http_otter_keep_key(r, key, caller)
                                : status;

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


static ngx_int_t
ngx_http_otter_key_rate(ngx_http_request_t *r, const otter_apikey_t *key)
{
    ngx_str_t                    id, seconds;
    ngx_msec_t                   wait;
    ngx_http_otter_main_conf_t  *omcf;

    if (key->rate == 0) {
        return NGX_OK;
    }

    omcf = ngx_http_get_module_main_conf(r, ngx_http_otter_module);

    id.data = (u_char *) key->id.data;
    id.len = key->id.len;

    wait = ngx_otter_rate_take(omcf->zone, &id, key->rate);

    if (wait == 0) {
        return NGX_OK;
    }

    if (wait == NGX_OTTER_RATE_NO_MEMORY) {
        return ngx_http_otter_problem(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                                      "zone-full",
                                      "there is no memory for one more key "
                                      "with a rate");
    }

    seconds.data = ngx_pnalloc(r->pool, NGX_INT64_LEN);
    if (seconds.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    seconds.len = ngx_sprintf(seconds.data, "%M", (wait + 999) / 1000)
                  - seconds.data;

    if (ngx_http_otter_header(r, "Retry-After", &seconds) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_otter_problem(r, NGX_HTTP_TOO_MANY_REQUESTS, "key-rate",
                                  "this API key makes more requests a second "
                                  "than it may");
}


/* the table may be another one before the request has ended */

static ngx_int_t
ngx_http_otter_keep_key(ngx_http_request_t *r, const otter_apikey_t *key,
    ngx_http_otter_caller_t *caller)
{
    u_char          *p;
    otter_apikey_t  *copy;

    copy = ngx_palloc(r->pool, sizeof(otter_apikey_t) + key->id.len
                               + key->rooms.len);
    if (copy == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    *copy = *key;

    p = (u_char *) &copy[1];

    copy->id.data = p;
    p = ngx_cpymem(p, key->id.data, key->id.len);

    copy->rooms.data = p;
    ngx_memcpy(p, key->rooms.data, key->rooms.len);

    caller->kind = NGX_HTTP_OTTER_API_KEY;
    caller->key = copy;

    return NGX_OK;
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
    otter_token_rc_t             rc;
    ngx_pool_cleanup_t          *cln;
    ngx_http_otter_srv_conf_t   *oscf;
    ngx_http_otter_main_conf_t  *omcf;

    oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);

    cln = ngx_pool_cleanup_add(r->pool, sizeof(otter_claims_t));
    if (cln == NULL) {
        return OTTER_TOKEN_NO_MEMORY;
    }

    rc = otter_token_verify(oscf->jwt_keys->table.keyset, token->data,
                            token->len, ngx_time(), claims);

    if (rc == OTTER_TOKEN_OK) {
        *(otter_claims_t *) cln->data = *claims;
        cln->handler = ngx_http_otter_claims_cleanup;

        omcf = ngx_http_get_module_main_conf(r, ngx_http_otter_module);
        rc = ngx_http_otter_check_banned(omcf->zone, claims);
    }

    return rc;
}


otter_token_rc_t
ngx_http_otter_check_banned(ngx_otter_zone_t *zone, otter_claims_t *claims)
{
    ngx_str_t          room, identity;
    ngx_otter_grant_t  grant;

    if (zone->sh == NULL || zone->sh->n_bans == 0) {
        return OTTER_TOKEN_OK;
    }

    room.data = (u_char *) claims->room.data;
    room.len = claims->room.len;
    identity.data = (u_char *) claims->sub.data;
    identity.len = claims->sub.len;

    ngx_http_otter_grant(claims, &grant);

    return ngx_otter_banned(zone, &room, &identity, &grant)
           ? OTTER_TOKEN_REVOKED : OTTER_TOKEN_OK;
}


void
ngx_http_otter_grant(otter_claims_t *claims, ngx_otter_grant_t *grant)
{
    u_char  hash[OTTER_SHA256_SIZE];

    ngx_memzero(grant, sizeof(ngx_otter_grant_t));

    grant->iat = (time_t) claims->iat;
    grant->expires = (time_t) claims->exp;

    if (claims->jti.len) {
        otter_sha256(hash, claims->jti.data, claims->jti.len);
        ngx_memcpy(grant->jti, hash, NGX_OTTER_JTI_LEN);
    }

    if (otter_apikey_id_valid(claims->iss.data, claims->iss.len)
        && claims->iss.len <= NGX_OTTER_KEY_MAX)
    {
        grant->key_len = (u_char) claims->iss.len;
        ngx_memcpy(grant->key, claims->iss.data, claims->iss.len);
    }
}


void
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

    /* "admin" is for whatever there is, in the rooms of the key's pattern */

    if (caller->kind == NGX_HTTP_OTTER_API_KEY
        && !(caller->key->scopes & (scopes | OTTER_SCOPE_ADMIN)))
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
