
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_members.h"
#include "ngx_http_otter_rooms.h"
#include "ngx_otter_random.h"
#include "ngx_otter_remote.h"
#include "otter_name.h"


enum {
    NGX_HTTP_OTTER_JTI_LEN = 20,
    NGX_HTTP_OTTER_NAME_LEN = 12       /* behind "guest-" or "user-" */
};

/* what is asked for, with the defaults put in */

typedef struct {
    otter_span_t   iss;
    ngx_str_t      room;
    ngx_str_t      identity;
    ngx_str_t      name;
    ngx_str_t      metadata;
    otter_role_t   role;
    int64_t        ttl;
    int64_t        expires;
} ngx_http_otter_wish_t;


static ngx_int_t ngx_http_otter_token_issue(ngx_http_request_t *r,
    const otter_object_t *root, void *data);
static ngx_int_t ngx_http_otter_token_look(ngx_http_request_t *r,
    ngx_http_otter_wish_t *wish);
static ngx_int_t ngx_http_otter_token_give(ngx_http_request_t *r, void *data);
static ngx_int_t ngx_http_otter_token_wish(ngx_http_request_t *r,
    const otter_object_t *root, ngx_http_otter_wish_t *wish);
static int ngx_http_otter_role_valid(const unsigned char *data, size_t len);
static ngx_int_t ngx_http_otter_token_right(ngx_http_request_t *r,
    ngx_http_otter_caller_t *caller, ngx_http_otter_wish_t *wish);
static ngx_int_t ngx_http_otter_token_identity(ngx_http_request_t *r,
    const char *kind, ngx_str_t *identity);
static char *ngx_http_otter_token_sign(ngx_http_request_t *r,
    ngx_http_otter_wish_t *wish, size_t *len);
static ngx_int_t ngx_http_otter_token_ice(ngx_http_request_t *r,
    ngx_http_otter_wish_t *wish, ngx_str_t *json, time_t *expires);
static ngx_int_t ngx_http_otter_token_answer(ngx_http_request_t *r,
    ngx_http_otter_wish_t *wish, const char *token, size_t len);


ngx_int_t
ngx_http_otter_token_handler(ngx_http_request_t *r)
{
    ngx_int_t                   rc;
    ngx_http_otter_caller_t    *caller;
    ngx_http_otter_srv_conf_t  *oscf;

    caller = ngx_palloc(r->pool, sizeof(ngx_http_otter_caller_t));
    if (caller == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_otter_caller(r, caller);
    if (rc != NGX_OK) {
        return rc;
    }

    oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);

    if (caller->kind != NGX_HTTP_OTTER_NOBODY || !oscf->guests) {
        rc = ngx_http_otter_check_caller(r, caller, NGX_HTTP_OTTER_API_KEY,
                                         OTTER_SCOPE_TOKEN);
        if (rc != NGX_OK) {
            return rc;
        }
    }

    if (otter_keyset_signer(oscf->jwt_keys->table.keyset, ngx_time())
        == NULL)
    {
        return ngx_http_otter_problem(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                                      "no-signing-key",
                                      "this server verifies tokens, "
                                      "but has no key to sign any");
    }

    return ngx_http_otter_read_json(r, ngx_http_otter_token_issue, caller);
}


static ngx_int_t
ngx_http_otter_token_issue(ngx_http_request_t *r, const otter_object_t *root,
    void *data)
{
    ngx_int_t                 rc;
    const char               *kind;
    ngx_http_otter_wish_t     wish;
    ngx_http_otter_caller_t  *caller = data;

    rc = ngx_http_otter_token_wish(r, root, &wish);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_http_otter_token_right(r, caller, &wish);
    if (rc != NGX_OK) {
        return rc;
    }

    kind = caller->kind == NGX_HTTP_OTTER_API_KEY ? "user-" : "guest-";

    if (wish.identity.len == 0
        && ngx_http_otter_token_identity(r, kind, &wish.identity) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ngx_http_otter_show(r, &wish.room, &wish.identity) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (caller->kind == NGX_HTTP_OTTER_API_KEY) {
        wish.iss = caller->key->id;

    } else {
        wish.iss.data = (u_char *) "guest";
        wish.iss.len = sizeof("guest") - 1;
    }

    return ngx_http_otter_token_look(r, &wish);
}


/* another host may have the room, and no STUN server is for its peers */

static ngx_int_t
ngx_http_otter_token_look(ngx_http_request_t *r, ngx_http_otter_wish_t *wish)
{
    ngx_http_otter_wish_t      *kept;
    ngx_http_otter_srv_conf_t  *oscf;

    oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);

    if (oscf->turn_uris == NULL || !ngx_otter_remote_up()) {
        return ngx_http_otter_token_give(r, wish);
    }

    kept = ngx_palloc(r->pool, sizeof(ngx_http_otter_wish_t));
    if (kept == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    *kept = *wish;

    return ngx_http_otter_look(r, &kept->room, NULL,
                               ngx_http_otter_token_give, kept);
}


static ngx_int_t
ngx_http_otter_token_give(ngx_http_request_t *r, void *data)
{
    char                   *token;
    size_t                  len;
    ngx_int_t               rc;
    ngx_http_otter_wish_t  *wish = data;

    token = ngx_http_otter_token_sign(r, wish, &len);
    if (token == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_otter_token_answer(r, wish, token, len);

    free(token);

    return rc;
}


static ngx_int_t
ngx_http_otter_token_wish(ngx_http_request_t *r, const otter_object_t *root,
    ngx_http_otter_wish_t *wish)
{
    ngx_str_t                   role;
    ngx_http_otter_members_t    m;
    ngx_http_otter_srv_conf_t  *oscf;

    oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);

    ngx_memzero(wish, sizeof(ngx_http_otter_wish_t));

    ngx_http_otter_members_init(&m, r, root);

    if (!ngx_http_otter_member_name(&m, "room", otter_room_name_valid,
                                    "1 to 128 of A-Z a-z 0-9 . _ ~ -, but "
                                    "neither \".\" nor \"..\"",
                                    &wish->room))
    {
        ngx_http_otter_member_needed(&m, "room");
    }

    (void) ngx_http_otter_member_name(&m, "identity", otter_identity_valid,
                                      "1 to 128 bytes with no control "
                                      "character", &wish->identity);
    (void) ngx_http_otter_member_name(&m, "name", otter_display_name_valid,
                                      "at most 256 bytes with no control "
                                      "character", &wish->name);
    (void) ngx_http_otter_member_object(&m, "metadata", OTTER_METADATA_MAX,
                                        &wish->metadata);

    if (ngx_http_otter_member_name(&m, "role", ngx_http_otter_role_valid,
                                   "\"moderator\" or \"participant\"",
                                   &role))
    {
        wish->role = (role.data[0] == 'm') ? OTTER_ROLE_MODERATOR
                                           : OTTER_ROLE_PARTICIPANT;
    }

    if (!ngx_http_otter_member_number(&m, "ttl", 1, INT64_MAX, &wish->ttl)) {
        wish->ttl = oscf->token_ttl;
    }

    /* more than the most is cut: expires_at tells the caller */

    wish->ttl = ngx_min(wish->ttl, oscf->token_max_ttl);
    wish->expires = ngx_time() + wish->ttl;

    return ngx_http_otter_members_done(&m);
}


static int
ngx_http_otter_role_valid(const unsigned char *data, size_t len)
{
    return (len == sizeof("moderator") - 1
            && ngx_memcmp(data, "moderator", len) == 0)
           || (len == sizeof("participant") - 1
               && ngx_memcmp(data, "participant", len) == 0);
}


static ngx_int_t
ngx_http_otter_token_right(ngx_http_request_t *r,
    ngx_http_otter_caller_t *caller, ngx_http_otter_wish_t *wish)
{
    if (caller->kind == NGX_HTTP_OTTER_API_KEY) {
        return ngx_http_otter_key_room(r, caller->key, &wish->room);
    }

    if (wish->role == OTTER_ROLE_MODERATOR) {
        return ngx_http_otter_problem(r, NGX_HTTP_FORBIDDEN, "guest-role",
                                      "guests do not moderate");
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_otter_token_identity(ngx_http_request_t *r, const char *kind,
    ngx_str_t *identity)
{
    size_t  len;

    len = ngx_strlen(kind);

    identity->len = len + NGX_HTTP_OTTER_NAME_LEN;
    identity->data = ngx_pnalloc(r->pool, identity->len);

    if (identity->data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(identity->data, kind, len);

    return ngx_otter_random_name(identity->data + len,
                                 NGX_HTTP_OTTER_NAME_LEN);
}


static char *
ngx_http_otter_token_sign(ngx_http_request_t *r,
    ngx_http_otter_wish_t *wish, size_t *len)
{
    u_char                      jti[NGX_HTTP_OTTER_JTI_LEN];
    otter_claims_t              claims;
    ngx_http_otter_srv_conf_t  *oscf;

    oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);

    if (ngx_otter_random_name(jti, NGX_HTTP_OTTER_JTI_LEN) != NGX_OK) {
        return NULL;
    }

    ngx_memzero(&claims, sizeof(otter_claims_t));

    claims.iss = wish->iss;
    claims.sub.data = wish->identity.data;
    claims.sub.len = wish->identity.len;
    claims.jti.data = jti;
    claims.jti.len = NGX_HTTP_OTTER_JTI_LEN;
    claims.room.data = wish->room.data;
    claims.room.len = wish->room.len;
    claims.name.data = wish->name.data;
    claims.name.len = wish->name.len;
    claims.metadata.data = wish->metadata.data;
    claims.metadata.len = wish->metadata.len;
    claims.role = wish->role;
    claims.exp = wish->expires;
    claims.iat = wish->expires - wish->ttl;
    claims.nbf = claims.iat;

    return otter_token_sign(oscf->jwt_keys->table.keyset, &claims, len);
}


static ngx_int_t
ngx_http_otter_token_ice(ngx_http_request_t *r, ngx_http_otter_wish_t *wish,
    ngx_str_t *json, time_t *expires)
{
    ngx_str_t                    relays;
    ngx_uint_t                   relay_only;
    otter_turn_owner_t           owner;
    ngx_http_otter_main_conf_t  *omcf;

    owner.key = wish->iss;
    owner.room.data = wish->room.data;
    owner.room.len = wish->room.len;
    owner.identity.data = wish->identity.data;
    owner.identity.len = wish->identity.len;

    omcf = ngx_http_get_module_main_conf(r, ngx_http_otter_module);

    relay_only = omcf->zone->sh
                 && ngx_otter_room_relay_only(omcf->zone, &wish->room);

    if (ngx_http_otter_ice_servers(r, &owner, json,
                                   relay_only ? &relays : NULL, expires)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (relay_only) {
        *json = relays;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_otter_token_answer(ngx_http_request_t *r,
    ngx_http_otter_wish_t *wish, const char *token, size_t len)
{
    time_t                      ice_expires;
    ngx_str_t                   host, ice;
    ngx_uint_t                  secure;
    ngx_otter_text_t            text;
    ngx_http_otter_srv_conf_t  *oscf;

    oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);

    if (ngx_http_otter_host(r, &host) != NGX_OK
        || ngx_http_otter_token_ice(r, wish, &ice, &ice_expires) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_otter_stats->tokens++;

    secure = ngx_http_otter_secure(r);

    /* host, prefix, room and token are of letters that need no escape */

    ngx_otter_text_init(&text);
    ngx_otter_text_add_string(&text, "{\"token\":\"");
    ngx_otter_text_add(&text, token, len);
    ngx_otter_text_add_string(&text, "\",\"expires_at\":");
    ngx_otter_text_add_time(&text, (time_t) wish->expires);
    ngx_otter_text_add_string(&text, ",\"room\":");
    ngx_otter_text_add_json(&text, wish->room.data, wish->room.len);
    ngx_otter_text_add_string(&text, ",\"identity\":");
    ngx_otter_text_add_json(&text, wish->identity.data, wish->identity.len);
    ngx_otter_text_add_string(&text, secure ? ",\"ws_url\":\"wss://"
                                            : ",\"ws_url\":\"ws://");
    ngx_otter_text_add(&text, host.data, host.len);
    ngx_otter_text_add(&text, oscf->prefix.data, oscf->prefix.len);
    ngx_otter_text_add_string(&text, secure ? "ws\",\"join_url\":\"https://"
                                            : "ws\",\"join_url\":\"http://");
    ngx_otter_text_add(&text, host.data, host.len);
    ngx_otter_text_add(&text, oscf->prefix.data, oscf->prefix.len);
    ngx_otter_text_add_string(&text, "room/");
    ngx_otter_text_add(&text, wish->room.data, wish->room.len);
    ngx_otter_text_add_string(&text, "#token=");
    ngx_otter_text_add(&text, token, len);
    ngx_otter_text_add_string(&text, "\",\"ice_servers\":");
    ngx_otter_text_add(&text, ice.data, ice.len);
    ngx_otter_text_add_string(&text, ",\"ice_expires_at\":");

    if (ice_expires) {
        ngx_otter_text_add_time(&text, ice_expires);

    } else {
        ngx_otter_text_add_string(&text, "null");
    }

    ngx_otter_text_add_string(&text, "}\n");

    return ngx_http_otter_text(r, NGX_HTTP_OK, &text);
}
