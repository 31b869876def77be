
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
#include "ngx_otter_socket.h"
#include "ngx_otter_text.h"
#include "ngx_otter_zone.h"
#include "otter_object.h"
#include "otter_token.h"
#include "otter_turn_id.h"


#ifndef NGX_OTTER_WEB_ROOT
#define NGX_OTTER_WEB_ROOT  "/usr/share/otter/html"
#endif


enum {
    NGX_HTTP_OTTER_BODY_MAX = 64 * 1024,
    NGX_HTTP_OTTER_FRAGMENTS_MAX = 1024,   /* frames of one message */
    NGX_HTTP_OTTER_PEERS_MAX = NGX_OTTER_PEERS_MAX
};


typedef struct {
    ngx_otter_zone_t          *zone;
    ngx_flag_t                 random_key;     /* some server has no file */
} ngx_http_otter_main_conf_t;

/* where a directive stands, for errors found after all has been read */

typedef struct {
    u_char                    *file;
    ngx_uint_t                 line;
} ngx_http_otter_place_t;

typedef struct {
    ngx_flag_t                 enable;
    ngx_http_otter_place_t     enabled_at;
    ngx_str_t                  prefix;         /* begins and ends with "/" */

    ngx_str_t                  api_keys_file;
    ngx_otter_keyring_t       *api_keys;       /* NULL: none */
    ngx_str_t                  jwt_key_file;
    ngx_otter_keyring_t       *jwt_keys;

    time_t                     token_ttl;      /* seconds */
    time_t                     token_max_ttl;
    ngx_http_otter_place_t     ttl_at;         /* of the last one of both */
    ngx_flag_t                 guests;

    ngx_array_t               *turn_uris;      /* of ngx_http_complex_value_t,
                                                  NULL: none */
    ngx_http_otter_place_t     turn_at;
    ngx_flag_t                 turn;           /* one is turn: or turns: */
    ngx_str_t                  turn_secret_file;
    ngx_otter_keyring_t       *turn_secrets;   /* NULL: none */
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
    ngx_otter_socket_conf_t    socket[2];      /* of the above; the second
                                                  with compression */
    ngx_flag_t                 echo;

    ngx_str_t                  web_root;       /* empty: off */
    ngx_str_t                  logo;           /* empty: the otter */
    ngx_str_t                  stylesheet;     /* empty: none */
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


typedef struct ngx_http_otter_body_s  ngx_http_otter_body_t;

/* the module's context of a request: what the variables show */

typedef struct {
    ngx_str_t                  room;
    ngx_str_t                  identity;
    ngx_str_t                  peer;
    ngx_str_t                  session;
    ngx_uint_t                 close_code;     /* 0: not closed yet */
    uint64_t                   messages_in;
    uint64_t                   messages_out;
    ngx_str_t                  key;            /* the id of an API key */
    ngx_uint_t                 peeked;         /* see ngx_http_otter_peek() */
    ngx_http_otter_body_t     *body;           /* while it is being read */
    void                      *websocket;      /* ngx_http_otter_ws_t */
} ngx_http_otter_ctx_t;


typedef ngx_int_t (*ngx_http_otter_handler_pt)(ngx_http_request_t *r);
typedef ngx_int_t (*ngx_http_otter_json_pt)(ngx_http_request_t *r,
    const otter_object_t *root, void *data);
typedef ngx_int_t (*ngx_http_otter_raw_pt)(ngx_http_request_t *r,
    ngx_str_t *text, void *data);


/* ngx_http_otter_conf.c: directives whose values want a closer look */

char *ngx_http_otter_signaling(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_otter_prefix(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_otter_zone(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_otter_api_keys_file(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_otter_jwt_key_file(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_otter_turn_secret_file(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_otter_ttl(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_otter_turn_uri_set(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_otter_allowed_origins(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_otter_message_rate(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_otter_web_root(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_otter_site_path(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


/* ngx_http_otter_redis.c: the directives of the Redis bus */

char *ngx_http_otter_redis(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_otter_redis_prefix(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_otter_turn_health_file(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_otter_init_main_conf(ngx_conf_t *cf, void *conf);


/* ngx_http_otter_mount.c: the server's location of the prefix */

char *ngx_http_otter_mount(ngx_conf_t *cf, ngx_http_otter_srv_conf_t *oscf);


/* ngx_http_otter_route.c: the content handler of that location */

ngx_int_t ngx_http_otter_handler(ngx_http_request_t *r);

/* the path below the prefix, without a slash before it */

void ngx_http_otter_path(ngx_http_request_t *r, ngx_str_t *path);


/* ngx_http_otter_request.c: what a request says */

/*
 * The n-th header line of that name, counted from 0; NGX_DECLINED when there
 * is none.
 */

ngx_int_t ngx_http_otter_header_in(ngx_http_request_t *r, const char *name,
    ngx_uint_t n, ngx_str_t *value);

/* the decoded argument; NGX_DECLINED: absent, NGX_ERROR: no memory */

ngx_int_t ngx_http_otter_arg(ngx_http_request_t *r, const char *name,
    ngx_str_t *value);

/*
 * Host and port as the client wrote them, or the socket's where it wrote none
 * or such as cannot be one.
 */

ngx_int_t ngx_http_otter_host(ngx_http_request_t *r, ngx_str_t *host);

ngx_uint_t ngx_http_otter_secure(ngx_http_request_t *r);

/* the module's context, made when there is none; NULL: no memory */

ngx_http_otter_ctx_t *ngx_http_otter_get_ctx(ngx_http_request_t *r);

/* puts room and identity where the variables look; copies neither */

ngx_int_t ngx_http_otter_show(ngx_http_request_t *r, ngx_str_t *room,
    ngx_str_t *identity);


/* ngx_http_otter_body.c: a body of JSON */

/* calls the handler, over HTTP/2 when the body has come */

ngx_int_t ngx_http_otter_read_first(ngx_http_request_t *r,
    ngx_http_otter_handler_pt handler);

/* calls the handler, when API keys can be told if the request has one */

ngx_int_t ngx_http_otter_hold(ngx_http_request_t *r,
    ngx_http_otter_handler_pt handler);

/*
 * Reads the body and calls the handler with the object that it is; other
 * bodies are answered.  Returns what a content handler returns.
 */

ngx_int_t ngx_http_otter_read_json(ngx_http_request_t *r,
    ngx_http_otter_json_pt handler, void *data);

/* the same, with the text of the body: it is valid JSON, of any kind */

ngx_int_t ngx_http_otter_read_raw(ngx_http_request_t *r,
    ngx_http_otter_raw_pt handler, void *data);


/* ngx_http_otter_response.c: answers, as JSON and as problems (RFC 9457) */

/*
 * Sends {"type":"about:blank","status":n,"title":"","detail":"","code":""} and
 * returns what a content handler returns, but never NGX_OK: that would read
 * as leave to go on where a check may answer.  401 gets WWW-Authenticate.
 */

ngx_int_t ngx_http_otter_problem(ngx_http_request_t *r, ngx_uint_t status,
    const char *code, const char *detail);
ngx_int_t ngx_http_otter_json(ngx_http_request_t *r, ngx_uint_t status,
    ngx_str_t *json);

/* both free the text; _take() moves what it holds to the request's pool */

ngx_int_t ngx_http_otter_text(ngx_http_request_t *r, ngx_uint_t status,
    ngx_otter_text_t *text);
ngx_int_t ngx_http_otter_text_take(ngx_http_request_t *r,
    ngx_otter_text_t *text, ngx_str_t *str);

/* an answer of any type, never kept by caches unless a header says so */

ngx_int_t ngx_http_otter_send(ngx_http_request_t *r, ngx_uint_t status,
    const char *type, ngx_str_t *body);

/* sends a body with the status and the headers that stand already */

ngx_int_t ngx_http_otter_output(ngx_http_request_t *r, const char *type,
    ngx_str_t *body);
void ngx_http_otter_content_type(ngx_http_request_t *r, const char *type);

ngx_int_t ngx_http_otter_no_content(ngx_http_request_t *r);

/* adds a header line; the name lives as long as the program */

ngx_table_elt_t *ngx_http_otter_push_header(ngx_http_request_t *r,
    const char *name);
ngx_int_t ngx_http_otter_header(ngx_http_request_t *r, const char *name,
    ngx_str_t *value);
ngx_int_t ngx_http_otter_header_set(ngx_http_request_t *r, const char *name,
    const char *value);

/* 405 with Allow, e.g. "GET, HEAD" */

ngx_int_t ngx_http_otter_not_allowed(ngx_http_request_t *r,
    const char *allow);


/* ngx_http_otter_limits.c: counts what nginx refuses by its own limits */

ngx_int_t ngx_http_otter_limits_init(ngx_conf_t *cf);


/* ngx_http_otter_auth.c: who asks */

/*
 * NGX_OK, or the answer of ngx_http_otter_problem(), already sent.  A scheme
 * other than Bearer is for others to judge: that is nobody.
 */

ngx_int_t ngx_http_otter_caller(ngx_http_request_t *r,
    ngx_http_otter_caller_t *caller);

/* the credential of "Authorization: Bearer" (RFC 6750), or NGX_DECLINED */

ngx_int_t ngx_http_otter_bearer(ngx_http_request_t *r,
    ngx_str_t *credential);

/* the API key; gone with the next turn of the loop, where it may be replaced */

otter_apikey_rc_t ngx_http_otter_find_key(ngx_http_request_t *r,
    ngx_str_t *presented, const otter_apikey_t **key);

/* ngx_http_otter_peek.c: room, identity and key for the context, if known */

void ngx_http_otter_peek(ngx_http_request_t *r);

/*
 * NGX_OK, or the problem that the caller is not of that kind, has been sent.
 * NGX_HTTP_OTTER_NOBODY takes either kind.  A key needs one of the scopes.
 */

ngx_int_t ngx_http_otter_check_caller(ngx_http_request_t *r,
    ngx_http_otter_caller_t *caller, ngx_http_otter_caller_e kind,
    unsigned scopes);

/* both of them in one */

ngx_int_t ngx_http_otter_need(ngx_http_request_t *r,
    ngx_http_otter_caller_t *caller, ngx_http_otter_caller_e kind,
    unsigned scopes);

/* NGX_OK, or a problem has been sent */

ngx_int_t ngx_http_otter_key_room(ngx_http_request_t *r,
    const otter_apikey_t *key, ngx_str_t *room);

/*
 * Verifies a token given apart from the Authorization header; frees the
 * claims with the request's pool.
 */

ngx_uint_t ngx_http_otter_is_guest(otter_claims_t *claims);
void ngx_http_otter_grant(otter_claims_t *claims, ngx_otter_grant_t *grant);

/* OTTER_TOKEN_REVOKED: its owner was put out of the room; or OTTER_TOKEN_OK */

otter_token_rc_t ngx_http_otter_check_banned(ngx_otter_zone_t *zone,
    otter_claims_t *claims);
otter_token_rc_t ngx_http_otter_verify(ngx_http_request_t *r,
    otter_span_t *token, otter_claims_t *claims);

/* of the claims: by it the cleanup of a request is known as Otter's own */

void ngx_http_otter_claims_cleanup(void *data);


/* ngx_http_otter_origin.c: the pages of which sites may call */

/*
 * NGX_OK: there is no Origin, it is this very site, or it is on the list;
 * NGX_DECLINED otherwise.
 */

ngx_int_t ngx_http_otter_origin(ngx_http_request_t *r);

/* the headers that let a page of another, allowed origin read the answer */

ngx_int_t ngx_http_otter_cors(ngx_http_request_t *r);
ngx_int_t ngx_http_otter_preflight(ngx_http_request_t *r,
    const char *methods);

/* scheme://host[:port] with nothing before or behind it */

ngx_uint_t ngx_http_otter_origin_valid(ngx_str_t *origin);


/* ngx_http_otter_session.c */

/*
 * Would the owner of these claims be let into the room now?  NGX_OK, or a
 * problem has been sent.
 */

ngx_int_t ngx_http_otter_admission(ngx_http_request_t *r,
    otter_claims_t *claims);

/* the problem of one whom a moderator has sent away from the lobby */

ngx_int_t ngx_http_otter_denied(ngx_http_request_t *r);


/* ngx_http_otter_turn.c: what browsers need to reach STUN and TURN */

/*
 * RTCIceServer list as JSON ("[…]") with credentials for the owner, the same
 * with relays alone unless that is NULL, and when the credentials end (in
 * seconds; 0 when none was made).
 */

ngx_int_t ngx_http_otter_ice_servers(ngx_http_request_t *r,
    const otter_turn_owner_t *owner, ngx_str_t *json, ngx_str_t *relays,
    time_t *expires);

/* who a token says it is, as the owner of a TURN credential */

void ngx_http_otter_claims_owner(const otter_claims_t *claims,
    otter_turn_owner_t *owner);


/* ngx_http_otter_page.c, ngx_http_otter_file.c: the web app */

/* may it have something at this path? */

ngx_uint_t ngx_http_otter_page_known(ngx_str_t *path);

/* a file below the root, by a path that page_known() takes */

ngx_int_t ngx_http_otter_file_send(ngx_http_request_t *r, ngx_str_t *path);

/* NGX_OK, NGX_DECLINED: no such file, or a status */

ngx_int_t ngx_http_otter_file_open(ngx_http_request_t *r, ngx_str_t *path,
    ngx_str_t *name, ngx_open_file_info_t *of);


/* ngx_http_otter_variables.c */

ngx_int_t ngx_http_otter_add_variables(ngx_conf_t *cf);


/* handlers of one path each, below the prefix */

ngx_int_t ngx_http_otter_token_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_otter_session_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_otter_ice_servers_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_otter_turn_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_otter_rooms_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_otter_room_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_otter_room_peer_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_otter_room_messages_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_otter_health_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_otter_jwks_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_otter_page_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_otter_websocket_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_otter_echo_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_otter_status_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_otter_admin_status_handler(ngx_http_request_t *r);


extern ngx_module_t  ngx_http_otter_module;


#endif /* NGX_HTTP_OTTER_MODULE_H_INCLUDED */
