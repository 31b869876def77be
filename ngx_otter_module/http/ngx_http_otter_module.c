
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_module.h"


static ngx_int_t ngx_http_otter_preconfiguration(ngx_conf_t *cf);
static void *ngx_http_otter_create_main_conf(ngx_conf_t *cf);
static void *ngx_http_otter_create_srv_conf(ngx_conf_t *cf);
static char *ngx_http_otter_merge_srv_conf(ngx_conf_t *cf, void *parent,
    void *child);
static void ngx_http_otter_merge_socket(ngx_http_otter_srv_conf_t *conf);
static void ngx_http_otter_merge_turn(ngx_http_otter_srv_conf_t *prev,
    ngx_http_otter_srv_conf_t *conf);
static char *ngx_http_otter_enable(ngx_conf_t *cf,
    ngx_http_otter_srv_conf_t *conf);
static char *ngx_http_otter_wrong(ngx_conf_t *cf, const char *reason,
    ngx_http_otter_place_t *place);
static ngx_int_t ngx_http_otter_init_module(ngx_cycle_t *cycle);
static char *ngx_http_otter_status(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_http_otter_not_zero(ngx_conf_t *cf, void *post, void *data);


static ngx_conf_num_bounds_t  ngx_http_otter_peers_bounds = {
    ngx_conf_check_num_bounds, 1, NGX_HTTP_OTTER_PEERS_MAX
};

static ngx_conf_post_t  ngx_http_otter_positive = {
    ngx_http_otter_not_zero
};


#define NGX_HTTP_OTTER_CONF  (NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF)


static ngx_command_t  ngx_http_otter_commands[] = {

    { ngx_string("otter_signaling"),
      NGX_HTTP_OTTER_CONF|NGX_CONF_FLAG,
      ngx_http_otter_signaling,
      NGX_HTTP_SRV_CONF_OFFSET,
      offsetof(ngx_http_otter_srv_conf_t, enable),
      NULL },

    { ngx_string("otter_prefix"),
      NGX_HTTP_SRV_CONF|NGX_CONF_TAKE1,
      ngx_http_otter_prefix,
      NGX_HTTP_SRV_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("otter_zone"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_http_otter_zone,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("otter_redis"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_1MORE,
      ngx_http_otter_redis,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("otter_redis_prefix"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_http_otter_redis_prefix,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("otter_turn_health_file"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_http_otter_turn_health_file,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("otter_api_keys_file"),
      NGX_HTTP_OTTER_CONF|NGX_CONF_TAKE1,
      ngx_http_otter_api_keys_file,
      NGX_HTTP_SRV_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("otter_jwt_key_file"),
      NGX_HTTP_OTTER_CONF|NGX_CONF_TAKE1,
      ngx_http_otter_jwt_key_file,
      NGX_HTTP_SRV_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("otter_token_ttl"),
      NGX_HTTP_OTTER_CONF|NGX_CONF_TAKE1,
      ngx_http_otter_ttl,
      NGX_HTTP_SRV_CONF_OFFSET,
      offsetof(ngx_http_otter_srv_conf_t, token_ttl),
      &ngx_http_otter_positive },

    { ngx_string("otter_token_max_ttl"),
      NGX_HTTP_OTTER_CONF|NGX_CONF_TAKE1,
      ngx_http_otter_ttl,
      NGX_HTTP_SRV_CONF_OFFSET,
      offsetof(ngx_http_otter_srv_conf_t, token_max_ttl),
      &ngx_http_otter_positive },

    { ngx_string("otter_guests"),
      NGX_HTTP_OTTER_CONF|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_SRV_CONF_OFFSET,
      offsetof(ngx_http_otter_srv_conf_t, guests),
      NULL },

    { ngx_string("otter_turn_uri"),
      NGX_HTTP_OTTER_CONF|NGX_CONF_1MORE,
      ngx_http_otter_turn_uri_set,
      NGX_HTTP_SRV_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("otter_turn_secret_file"),
      NGX_HTTP_OTTER_CONF|NGX_CONF_TAKE1,
      ngx_http_otter_turn_secret_file,
      NGX_HTTP_SRV_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("otter_turn_ttl"),
      NGX_HTTP_OTTER_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_sec_slot,
      NGX_HTTP_SRV_CONF_OFFSET,
      offsetof(ngx_http_otter_srv_conf_t, turn_ttl),
      &ngx_http_otter_positive },

    { ngx_string("otter_allowed_origins"),
      NGX_HTTP_OTTER_CONF|NGX_CONF_1MORE,
      ngx_http_otter_allowed_origins,
      NGX_HTTP_SRV_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("otter_max_peers"),
      NGX_HTTP_OTTER_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_SRV_CONF_OFFSET,
      offsetof(ngx_http_otter_srv_conf_t, max_peers),
      &ngx_http_otter_peers_bounds },

    { ngx_string("otter_max_message_size"),
      NGX_HTTP_OTTER_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_size_slot,
      NGX_HTTP_SRV_CONF_OFFSET,
      offsetof(ngx_http_otter_srv_conf_t, max_message_size),
      &ngx_http_otter_positive },

    { ngx_string("otter_send_buffer"),
      NGX_HTTP_OTTER_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_size_slot,
      NGX_HTTP_SRV_CONF_OFFSET,
      offsetof(ngx_http_otter_srv_conf_t, send_buffer),
      &ngx_http_otter_positive },

    { ngx_string("otter_message_rate"),
      NGX_HTTP_OTTER_CONF|NGX_CONF_TAKE12,
      ngx_http_otter_message_rate,
      NGX_HTTP_SRV_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("otter_ping_interval"),
      NGX_HTTP_OTTER_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_msec_slot,
      NGX_HTTP_SRV_CONF_OFFSET,
      offsetof(ngx_http_otter_srv_conf_t, ping_interval),
      &ngx_http_otter_positive },

    { ngx_string("otter_ping_timeout"),
      NGX_HTTP_OTTER_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_msec_slot,
      NGX_HTTP_SRV_CONF_OFFSET,
      offsetof(ngx_http_otter_srv_conf_t, ping_timeout),
      &ngx_http_otter_positive },

    { ngx_string("otter_resume_timeout"),
      NGX_HTTP_OTTER_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_msec_slot,
      NGX_HTTP_SRV_CONF_OFFSET,
      offsetof(ngx_http_otter_srv_conf_t, resume_timeout),
      NULL },

    { ngx_string("otter_deflate"),
      NGX_HTTP_OTTER_CONF|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_SRV_CONF_OFFSET,
      offsetof(ngx_http_otter_srv_conf_t, deflate),
      NULL },

    { ngx_string("otter_echo"),
      NGX_HTTP_OTTER_CONF|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_SRV_CONF_OFFSET,
      offsetof(ngx_http_otter_srv_conf_t, echo),
      NULL },

    { ngx_string("otter_web_root"),
      NGX_HTTP_OTTER_CONF|NGX_CONF_TAKE1,
      ngx_http_otter_web_root,
      NGX_HTTP_SRV_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("otter_logo"),
      NGX_HTTP_OTTER_CONF|NGX_CONF_TAKE1,
      ngx_http_otter_site_path,
      NGX_HTTP_SRV_CONF_OFFSET,
      offsetof(ngx_http_otter_srv_conf_t, logo),
      NULL },

    { ngx_string("otter_stylesheet"),
      NGX_HTTP_OTTER_CONF|NGX_CONF_TAKE1,
      ngx_http_otter_site_path,
      NGX_HTTP_SRV_CONF_OFFSET,
      offsetof(ngx_http_otter_srv_conf_t, stylesheet),
      NULL },

    { ngx_string("otter_status"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_otter_status,
      0,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_otter_module_ctx = {
    ngx_http_otter_preconfiguration,       /* preconfiguration */
    ngx_http_otter_limits_init,            /* postconfiguration */

    ngx_http_otter_create_main_conf,       /* create main configuration */
    ngx_http_otter_init_main_conf,         /* init main configuration */

    ngx_http_otter_create_srv_conf,        /* create server configuration */
    ngx_http_otter_merge_srv_conf,         /* merge server configuration */

    NULL,                                  /* create location configuration */
    NULL                                   /* merge location configuration */
};


ngx_module_t  ngx_http_otter_module = {
    NGX_MODULE_V1,
    &ngx_http_otter_module_ctx,            /* module context */
    ngx_http_otter_commands,               /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    ngx_http_otter_init_module,            /* init module */
    NULL,                                  /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    NULL,                                  /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_int_t
ngx_http_otter_preconfiguration(ngx_conf_t *cf)
{
    return ngx_http_otter_add_variables(cf);
}


static void *
ngx_http_otter_create_main_conf(ngx_conf_t *cf)
{
    /*
     * set by ngx_pcalloc():
     *
     *     omcf->zone = NULL;
     *     omcf->random_key = 0;
     */

    return ngx_pcalloc(cf->pool, sizeof(ngx_http_otter_main_conf_t));
}


static void *
ngx_http_otter_create_srv_conf(ngx_conf_t *cf)
{
    ngx_http_otter_srv_conf_t  *conf;

    conf = ngx_pcalloc(cf->pool, sizeof(ngx_http_otter_srv_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    /*
     * set by ngx_pcalloc():
     *
     *     conf->prefix = { 0, NULL };
     *     conf->api_keys = NULL;
     *     conf->jwt_keys = NULL;
     *     conf->turn_secrets = NULL;
     *     conf->web_root = { 0, NULL };
     *     conf->logo = { 0, NULL };
     *     conf->stylesheet = { 0, NULL };
     */

    conf->enable = NGX_CONF_UNSET;
    conf->token_ttl = NGX_CONF_UNSET;
    conf->token_max_ttl = NGX_CONF_UNSET;
    conf->guests = NGX_CONF_UNSET;
    conf->turn_uris = NGX_CONF_UNSET_PTR;
    conf->turn_ttl = NGX_CONF_UNSET;
    conf->allowed_origins = NGX_CONF_UNSET_PTR;
    conf->max_peers = NGX_CONF_UNSET_UINT;
    conf->max_message_size = NGX_CONF_UNSET_SIZE;
    conf->send_buffer = NGX_CONF_UNSET_SIZE;
    conf->message_rate = NGX_CONF_UNSET_UINT;
    conf->ping_interval = NGX_CONF_UNSET_MSEC;
    conf->ping_timeout = NGX_CONF_UNSET_MSEC;
    conf->resume_timeout = NGX_CONF_UNSET_MSEC;
    conf->deflate = NGX_CONF_UNSET;
    conf->echo = NGX_CONF_UNSET;

    return conf;
}


static char *
ngx_http_otter_merge_srv_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_http_otter_srv_conf_t  *prev = parent;
    ngx_http_otter_srv_conf_t  *conf = child;

    if (conf->enable == NGX_CONF_UNSET) {
        conf->enabled_at = prev->enabled_at;
    }

    ngx_conf_merge_value(conf->enable, prev->enable, 0);
    ngx_conf_merge_str_value(conf->prefix, prev->prefix, "/otter/");

    if (conf->api_keys == NULL) {
        conf->api_keys = prev->api_keys;
    }

    if (conf->jwt_keys == NULL) {
        conf->jwt_keys = prev->jwt_keys;
    }

    if (conf->ttl_at.file == NULL) {
        conf->ttl_at = prev->ttl_at;
    }

    ngx_conf_merge_sec_value(conf->token_max_ttl, prev->token_max_ttl,
                             24 * 3600);
    ngx_conf_merge_sec_value(conf->token_ttl, prev->token_ttl,
                             ngx_min(3600, conf->token_max_ttl));
    ngx_conf_merge_value(conf->guests, prev->guests, 0);

    ngx_http_otter_merge_turn(prev, conf);

    if (conf->allowed_origins == NGX_CONF_UNSET_PTR) {
        conf->any_origin = prev->any_origin;
    }

    ngx_conf_merge_ptr_value(conf->allowed_origins, prev->allowed_origins,
                             NULL);
    ngx_conf_merge_uint_value(conf->max_peers, prev->max_peers, 8);
    ngx_conf_merge_size_value(conf->max_message_size,
                              prev->max_message_size, 64 * 1024);
    ngx_conf_merge_size_value(conf->send_buffer, prev->send_buffer,
                              256 * 1024);
    ngx_conf_merge_uint_value(conf->message_rate, prev->message_rate, 100);
    ngx_conf_merge_msec_value(conf->ping_interval, prev->ping_interval,
                              25000);
    ngx_conf_merge_msec_value(conf->ping_timeout, prev->ping_timeout, 10000);
    ngx_conf_merge_msec_value(conf->resume_timeout, prev->resume_timeout,
                              30000);
    ngx_conf_merge_value(conf->deflate, prev->deflate, 0);
    ngx_conf_merge_value(conf->echo, prev->echo, 0);
    ngx_conf_merge_str_value(conf->web_root, prev->web_root,
                             NGX_OTTER_WEB_ROOT);
    ngx_conf_merge_str_value(conf->logo, prev->logo, "");
    ngx_conf_merge_str_value(conf->stylesheet, prev->stylesheet, "");

    ngx_http_otter_merge_socket(conf);

    return conf->enable ? ngx_http_otter_enable(cf, conf) : NGX_CONF_OK;
}


/* the limits as a socket wants them */

static void
ngx_http_otter_merge_socket(ngx_http_otter_srv_conf_t *conf)
{
    ngx_otter_socket_conf_t  *socket;

    socket = &conf->socket[0];

    socket->frame.max_message = conf->max_message_size;
    socket->frame.max_fragments = NGX_HTTP_OTTER_FRAGMENTS_MAX;
    socket->send_buffer = conf->send_buffer;
    socket->message_rate = conf->message_rate;
    socket->ping_interval = conf->ping_interval;
    socket->ping_timeout = conf->ping_timeout;

    conf->socket[1] = *socket;
    conf->socket[1].frame.deflate = 1;
}


static void
ngx_http_otter_merge_turn(ngx_http_otter_srv_conf_t *prev,
    ngx_http_otter_srv_conf_t *conf)
{
    if (conf->turn_uris == NGX_CONF_UNSET_PTR) {
        conf->turn = prev->turn;
        conf->turn_at = prev->turn_at;
    }

    ngx_conf_merge_ptr_value(conf->turn_uris, prev->turn_uris, NULL);
    ngx_conf_merge_sec_value(conf->turn_ttl, prev->turn_ttl, 3600);

    if (conf->turn_secrets == NULL) {
        conf->turn_secrets = prev->turn_secrets;
    }
}


static char *
ngx_http_otter_enable(ngx_conf_t *cf, ngx_http_otter_srv_conf_t *conf)
{
    ngx_str_t                    name;
    ngx_http_otter_main_conf_t  *omcf;

    if (conf->token_ttl > conf->token_max_ttl) {
        return ngx_http_otter_wrong(cf, "\"otter_token_ttl\" is longer than "
                                    "\"otter_token_max_ttl\"",
                                    conf->ttl_at.file ? &conf->ttl_at
                                                      : &conf->enabled_at);
    }

    if (conf->turn && conf->turn_secrets == NULL) {
        return ngx_http_otter_wrong(cf, "\"otter_turn_uri\" names a TURN "
                                    "server, which needs "
                                    "\"otter_turn_secret_file\"",
                                    &conf->turn_at);
    }

    omcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_otter_module);

    if (omcf->zone == NULL) {
        ngx_str_set(&name, "otter");

        omcf->zone = ngx_otter_zone_add(cf, &name, 32 * 1024 * 1024);
        if (omcf->zone == NULL) {
            return ngx_http_otter_wrong(cf, "could not add zone \"otter\"",
                                        &conf->enabled_at);
        }
    }

    omcf->zone->token_life = ngx_max(omcf->zone->token_life,
                                     conf->token_max_ttl);

    if (conf->jwt_keys == NULL) {
        conf->jwt_keys = ngx_otter_keyring_random(cf);
        if (conf->jwt_keys == NULL) {
            return NGX_CONF_ERROR;
        }

        omcf->random_key = 1;
    }

    return ngx_http_otter_mount(cf, conf);
}


static char *
ngx_http_otter_wrong(ngx_conf_t *cf, const char *reason,
    ngx_http_otter_place_t *place)
{
    ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "%s in %s:%ui",
                  reason, place->file, place->line);

    return NGX_CONF_ERROR;
}


static ngx_int_t
ngx_http_otter_init_module(ngx_cycle_t *cycle)
{
    ngx_http_otter_main_conf_t  *omcf;

    omcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_http_otter_module);

    if (omcf && omcf->random_key) {
        ngx_log_error(NGX_LOG_NOTICE, cycle->log, 0,
                      "otter: there is no \"otter_jwt_key_file\": "
                      "tokens are signed with a random key "
                      "and end with this nginx");
    }

    return NGX_OK;
}


static char *
ngx_http_otter_status(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    clcf->handler = ngx_http_otter_status_handler;

    return NGX_CONF_OK;
}


/* sizes, times in seconds and in milliseconds are all as wide as this */

static char *
ngx_http_otter_not_zero(ngx_conf_t *cf, void *post, void *data)
{
    size_t  *value = data;

    if (*value == 0) {
        return "must be greater than zero";
    }

    return NGX_CONF_OK;
}
