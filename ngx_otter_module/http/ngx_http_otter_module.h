
/*
 * Copyright (C) Otter contributors
 */


#ifndef NGX_HTTP_OTTER_MODULE_H_INCLUDED
#define NGX_HTTP_OTTER_MODULE_H_INCLUDED


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include "ngx_otter_keyring.h"
#include "ngx_otter_room.h"
#include "ngx_otter_zone.h"
#include "otter_token.h"


typedef struct {
    ngx_otter_zone_t          *zone;
    ngx_array_t               *redis;          /* of ngx_str_t: URLs */
    ngx_str_t                  redis_prefix;
} ngx_http_otter_main_conf_t;

typedef struct {
    ngx_flag_t                 enable;
    ngx_str_t                  prefix;         /* begins and ends with "/" */

    ngx_str_t                  api_keys_file;
    otter_apikeys_t           *api_keys;       /* NULL: none */
    ngx_str_t                  jwt_key_file;
    otter_keyset_t            *keyset;

    time_t                     token_ttl;      /* seconds */
    time_t                     token_max_ttl;
    ngx_flag_t                 guests;

    ngx_array_t               *turn_uris;      /* of ngx_http_complex_value_t,
                                                  NULL: none */
    ngx_str_t                  turn_secret_file;
    ngx_otter_turn_secrets_t  *turn_secrets;   /* NULL: none */
    time_t                     turn_ttl;

    ngx_array_t               *allowed_origins; /* of ngx_str_t; NULL: same */
    ngx_flag_t                 any_origin;      /* "*" */

    ngx_uint_t                 max_peers;
    size_t                     max_message_size;
    size_t                     send_buffer;
    ngx_uint_t                 message_rate;   /* a second; burst 5 times */
    ngx_msec_t                 ping_interval;
    ngx_msec_t                 ping_timeout;
    ngx_msec_t                 resume_timeout;
    ngx_flag_t                 deflate;
    ngx_flag_t                 echo;

    ngx_str_t                  web_root;       /* empty: off */
} ngx_http_otter_srv_conf_t;

/* who asks: what the Authorization header of a request turned out to hold */

typedef enum {
    NGX_HTTP_OTTER_NOBODY = 0,
    NGX_HTTP_OTTER_API_KEY,
    NGX_HTTP_OTTER_TOKEN
} ngx_http_otter_caller_e;

typedef struct {
    ngx_http_otter_caller_e    kind;
    const otter_apikey_t      *key;            /* of an API key */
    otter_claims_t             claims;         /* of a token; freed with the
                                                  request's pool */
} ngx_http_otter_caller_t;


/* the module's context of a WebSocket request: what the variables show */

typedef struct {
    ngx_str_t                  room;
    ngx_str_t                  identity;
    ngx_str_t                  peer;
    ngx_str_t                  session;
    ngx_uint_t                 close_code;     /* 0: not closed yet */
    uint64_t                   messages_in;
    uint64_t                   messages_out;
} ngx_http_otter_ctx_t;


typedef ngx_int_t (*ngx_http_otter_handler_pt)(ngx_http_request_t *r);


/* ngx_http_otter_response.c: answers, as JSON and as problems (RFC 9457) */

/*
 * Sends {"type":"about:blank","status":…,"title":…,"detail":…,"code":…} and
 * returns what a content handler returns.  401 gets WWW-Authenticate.
 */

ngx_int_t ngx_http_otter_problem(ngx_http_request_t *r, ngx_uint_t status,
    const char *code, const char *detail);
ngx_int_t ngx_http_otter_json(ngx_http_request_t *r, ngx_uint_t status,
    ngx_str_t *json);
ngx_int_t ngx_http_otter_header(ngx_http_request_t *r, const char *name,
    ngx_str_t *value);

/* 405 with Allow, e.g. "GET, HEAD" */

ngx_int_t ngx_http_otter_not_allowed(ngx_http_request_t *r,
    const char *allow);


/* ngx_http_otter_auth.c: who asks, and from which page */

/* NGX_OK, or the answer of ngx_http_otter_problem(), already sent */

ngx_int_t ngx_http_otter_caller(ngx_http_request_t *r,
    ngx_http_otter_caller_t *caller);

/*
 * Verifies a token given apart from the Authorization header; frees the
 * claims with the request's pool.
 */

otter_token_rc_t ngx_http_otter_verify(ngx_http_request_t *r,
    otter_span_t *token, otter_claims_t *claims);

/*
 * NGX_OK: there is no Origin, it is this very site, or it is on the list;
 * NGX_DECLINED otherwise.
 */

ngx_int_t ngx_http_otter_origin(ngx_http_request_t *r);


/* ngx_http_otter_turn.c: what browsers need to reach STUN and TURN */

/*
 * RTCIceServer list as JSON ("[…]") with credentials for the identity, and
 * when they end (seconds; 0 when no credential was made).
 */

ngx_int_t ngx_http_otter_ice_servers(ngx_http_request_t *r,
    ngx_str_t *identity, ngx_str_t *json, time_t *expires);


/* handlers of one path each, below the prefix */

ngx_int_t ngx_http_otter_token_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_otter_session_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_otter_ice_servers_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_otter_turn_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_otter_rooms_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_otter_health_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_otter_jwks_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_otter_page_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_otter_websocket_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_otter_echo_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_otter_status_handler(ngx_http_request_t *r);


extern ngx_module_t  ngx_http_otter_module;


#endif /* NGX_HTTP_OTTER_MODULE_H_INCLUDED */
