
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_module.h"
#include "otter_turn.h"


enum {
    NGX_HTTP_OTTER_ZONE_MIN = 1024 * 1024,
    NGX_HTTP_OTTER_RATE_MAX = 1000000
};


static void ngx_http_otter_here(ngx_conf_t *cf,
    ngx_http_otter_place_t *place);
static char *ngx_http_otter_turn_uri_add(ngx_conf_t *cf,
    ngx_http_otter_srv_conf_t *oscf, ngx_str_t *uri);
static ngx_uint_t ngx_http_otter_prefix_valid(ngx_str_t *prefix);
static ngx_int_t ngx_http_otter_web_index(ngx_conf_t *cf, ngx_str_t *root);


static void
ngx_http_otter_here(ngx_conf_t *cf, ngx_http_otter_place_t *place)
{
    place->file = cf->conf_file->file.name.data;
    place->line = cf->conf_file->line;
}


char *
ngx_http_otter_signaling(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_otter_srv_conf_t  *oscf = conf;

    ngx_http_otter_here(cf, &oscf->enabled_at);

    return ngx_conf_set_flag_slot(cf, cmd, conf);
}


char *
ngx_http_otter_prefix(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_otter_srv_conf_t  *oscf = conf;

    ngx_str_t  *value;

    if (oscf->prefix.data) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (!ngx_http_otter_prefix_valid(&value[1])) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid prefix \"%V\": it must begin and end with "
                           "\"/\" and have nothing but letters, digits and "
                           "\"._~-\" between", &value[1]);
        return NGX_CONF_ERROR;
    }

    oscf->prefix = value[1];

    return NGX_CONF_OK;
}


static ngx_uint_t
ngx_http_otter_prefix_valid(ngx_str_t *prefix)
{
    u_char  *p, *last;

    p = prefix->data;
    last = p + prefix->len;

    if (prefix->len == 0 || *p != '/' || last[-1] != '/') {
        return 0;
    }

    for (p++; p < last; p++) {

        /* what stands behind a slash: neither a second one nor a dot */

        if (p[-1] == '/' && (*p == '/' || *p == '.')) {
            return 0;
        }

        if ((*p < 'a' || *p > 'z') && (*p < 'A' || *p > 'Z')
            && (*p < '0' || *p > '9')
            && *p != '/' && *p != '.' && *p != '_' && *p != '~' && *p != '-')
        {
            return 0;
        }
    }

    return 1;
}


char *
ngx_http_otter_zone(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_otter_main_conf_t  *omcf = conf;

    u_char     *p;
    ssize_t     size;
    ngx_str_t  *value, name, s;

    if (omcf->zone) {
        return "is duplicate";
    }

    value = cf->args->elts;

    p = ngx_strlchr(value[1].data, value[1].data + value[1].len, ':');

    if (p == NULL || p == value[1].data) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid zone \"%V\": it must be name:size",
                           &value[1]);
        return NGX_CONF_ERROR;
    }

    name.data = value[1].data;
    name.len = p - name.data;

    s.data = p + 1;
    s.len = value[1].data + value[1].len - s.data;

    size = ngx_parse_size(&s);

    if (size == NGX_ERROR) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid zone size \"%V\"",
                           &value[1]);
        return NGX_CONF_ERROR;
    }

    if (size < NGX_HTTP_OTTER_ZONE_MIN) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "zone \"%V\" is too small: at least %uzk",
                           &value[1], (size_t) NGX_HTTP_OTTER_ZONE_MIN / 1024);
        return NGX_CONF_ERROR;
    }

    omcf->zone = ngx_otter_zone_add(cf, &name, size);
    if (omcf->zone == NULL) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "could not add zone \"%V\"",
                           &name);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


char *
ngx_http_otter_api_keys_file(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_otter_srv_conf_t  *oscf = conf;

    ngx_str_t  *value;

    if (oscf->api_keys) {
        return "is duplicate";
    }

    value = cf->args->elts;

    oscf->api_keys_file = value[1];
    oscf->api_keys = ngx_otter_keyring_add(cf, &oscf->api_keys_file,
                                           NGX_OTTER_KEYRING_API);

    return oscf->api_keys ? NGX_CONF_OK : NGX_CONF_ERROR;
}


char *
ngx_http_otter_jwt_key_file(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_otter_srv_conf_t  *oscf = conf;

    ngx_str_t  *value;

    if (oscf->jwt_keys) {
        return "is duplicate";
    }

    value = cf->args->elts;

    oscf->jwt_key_file = value[1];
    oscf->jwt_keys = ngx_otter_keyring_add(cf, &oscf->jwt_key_file,
                                           NGX_OTTER_KEYRING_JWT);

    return oscf->jwt_keys ? NGX_CONF_OK : NGX_CONF_ERROR;
}


char *
ngx_http_otter_turn_secret_file(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_otter_srv_conf_t  *oscf = conf;

    ngx_str_t  *value;

    if (oscf->turn_secrets) {
        return "is duplicate";
    }

    value = cf->args->elts;

    oscf->turn_secret_file = value[1];
    oscf->turn_secrets = ngx_otter_keyring_add(cf, &oscf->turn_secret_file,
                                               NGX_OTTER_KEYRING_TURN);

    return oscf->turn_secrets ? NGX_CONF_OK : NGX_CONF_ERROR;
}


char *
ngx_http_otter_ttl(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_otter_srv_conf_t  *oscf = conf;

    ngx_http_otter_here(cf, &oscf->ttl_at);

    return ngx_conf_set_sec_slot(cf, cmd, conf);
}


char *
ngx_http_otter_turn_uri_set(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_otter_srv_conf_t  *oscf = conf;

    ngx_str_t   *value;
    ngx_uint_t   i;

    /* may stand again: that adds to the list */

    if (oscf->turn_uris == NGX_CONF_UNSET_PTR) {
        oscf->turn_uris = ngx_array_create(cf->pool, 4,
                                           sizeof(ngx_http_complex_value_t));
        if (oscf->turn_uris == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {
        if (ngx_http_otter_turn_uri_add(cf, oscf, &value[i])
            != NGX_CONF_OK)
        {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_otter_turn_uri_add(ngx_conf_t *cf, ngx_http_otter_srv_conf_t *oscf,
    ngx_str_t *uri)
{
    otter_turn_uri_t                   kind;
    ngx_http_complex_value_t          *cv;
    ngx_http_compile_complex_value_t   ccv;

    cv = ngx_array_push(oscf->turn_uris);
    if (cv == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(&ccv, sizeof(ngx_http_compile_complex_value_t));

    ccv.cf = cf;
    ccv.value = uri;
    ccv.complex_value = cv;

    if (ngx_http_compile_complex_value(&ccv) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    if (cv->lengths == NULL) {
        kind = otter_turn_uri(uri->data, uri->len);

        if (kind == OTTER_TURN_URI_INVALID) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%V\" is not a STUN or TURN URI "
                               "(RFC 7064, RFC 7065)", uri);
            return NGX_CONF_ERROR;
        }

    } else {

        /* of one with variables the scheme alone is known, perhaps */

        kind = (ngx_strncasecmp(uri->data, (u_char *) "turn", 4) == 0)
               ? OTTER_TURN_URI_TURN : OTTER_TURN_URI_STUN;
    }

    if (kind == OTTER_TURN_URI_TURN && !oscf->turn) {
        oscf->turn = 1;
        ngx_http_otter_here(cf, &oscf->turn_at);
    }

    return NGX_CONF_OK;
}


char *
ngx_http_otter_allowed_origins(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_otter_srv_conf_t  *oscf = conf;

    ngx_str_t   *value, *origin;
    ngx_uint_t   i;

    if (oscf->allowed_origins == NGX_CONF_UNSET_PTR) {
        oscf->allowed_origins = ngx_array_create(cf->pool, 4,
                                                 sizeof(ngx_str_t));
        if (oscf->allowed_origins == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {

        if (value[i].len == 1 && value[i].data[0] == '*') {
            oscf->any_origin = 1;
            continue;
        }

        if (!ngx_http_otter_origin_valid(&value[i])) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid origin \"%V\": it must be "
                               "scheme://host[:port] or \"*\"", &value[i]);
            return NGX_CONF_ERROR;
        }

        origin = ngx_array_push(oscf->allowed_origins);
        if (origin == NULL) {
            return NGX_CONF_ERROR;
        }

        *origin = value[i];
    }

    return NGX_CONF_OK;
}


/* 100, 100r/s or 100 r/s */

char *
ngx_http_otter_message_rate(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_otter_srv_conf_t  *oscf = conf;

    size_t      len;
    ngx_int_t   rate;
    ngx_str_t  *value;

    if (oscf->message_rate != NGX_CONF_UNSET_UINT) {
        return "is duplicate";
    }

    value = cf->args->elts;
    len = value[1].len;

    if (cf->args->nelts == 3) {
        if (ngx_strcmp(value[2].data, "r/s") != 0) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid unit \"%V\": it must be \"r/s\"",
                               &value[2]);
            return NGX_CONF_ERROR;
        }

    } else if (len > 3
               && ngx_strncmp(value[1].data + len - 3, "r/s", 3) == 0)
    {
        len -= 3;
    }

    rate = ngx_atoi(value[1].data, len);

    if (rate < 1 || rate > NGX_HTTP_OTTER_RATE_MAX) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid rate \"%V\": it must be 1 to %d messages "
                           "a second", &value[1], NGX_HTTP_OTTER_RATE_MAX);
        return NGX_CONF_ERROR;
    }

    oscf->message_rate = rate;

    return NGX_CONF_OK;
}


char *
ngx_http_otter_web_root(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_otter_srv_conf_t  *oscf = conf;

    ngx_str_t  *value;

    if (oscf->web_root.data) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (value[1].len == 0) {
        return "must not be empty";
    }

    if (ngx_strcmp(value[1].data, "off") == 0) {
        ngx_str_set(&oscf->web_root, "");
        return NGX_CONF_OK;
    }

    oscf->web_root = value[1];

    if (ngx_conf_full_name(cf->cycle, &oscf->web_root, 0) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    if (ngx_http_otter_web_index(cf, &oscf->web_root) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    while (oscf->web_root.len > 1
           && oscf->web_root.data[oscf->web_root.len - 1] == '/')
    {
        oscf->web_root.len--;
    }

    return NGX_CONF_OK;
}


/* what the packages of the app have; it is read again for each request */

static ngx_int_t
ngx_http_otter_web_index(ngx_conf_t *cf, ngx_str_t *root)
{
    u_char           *name;
    ngx_file_info_t   fi;

    name = ngx_pnalloc(cf->temp_pool, root->len + sizeof("/index.html"));
    if (name == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_sprintf(name, "%V/index.html%Z", root);

    if (ngx_file_info(name, &fi) == NGX_FILE_ERROR) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           "\"%s\" is missing: \"otter_web_root\" is where "
                           "the built web app lies, or \"off\"", name);
        return NGX_ERROR;
    }

    return NGX_OK;
}


/*
 * The address of something that the site gives to the page: on this host,
 * since the policy of the page lets in nothing from elsewhere.
 */

char *
ngx_http_otter_site_path(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char  *p = conf;

    size_t      i;
    ngx_str_t  *field, *value;

    field = (ngx_str_t *) (p + cmd->offset);

    if (field->data) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (value[1].len < 2 || value[1].data[0] != '/'
        || value[1].data[1] == '/')
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid path \"%V\": it must be one of this "
                           "host, such as \"/logo.svg\"", &value[1]);
        return NGX_CONF_ERROR;
    }

    for (i = 0; i < value[1].len; i++) {
        if (value[1].data[i] <= ' ' || value[1].data[i] >= 0x7f
            || value[1].data[i] == '\\')
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid path \"%V\": it must have no blanks, "
                               "backslashes, or bytes beyond ASCII",
                               &value[1]);
            return NGX_CONF_ERROR;
        }
    }

    *field = value[1];

    return NGX_CONF_OK;
}
