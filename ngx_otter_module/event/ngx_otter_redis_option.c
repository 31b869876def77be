
/*
 * Copyright (C) Otter contributors
 */

/* What follows the "?" of a URL. */


#include "ngx_otter_redis_url.h"
#include "ngx_otter_keyring.h"


typedef struct {
    ngx_str_t                 name;
    const char             *(*set)(ngx_otter_redis_url_t *url,
                                 ngx_str_t *value, size_t offset);
    size_t                    offset;
} ngx_otter_redis_option_t;


static const char *ngx_otter_redis_url_option(ngx_otter_redis_url_t *url,
    ngx_str_t *name, ngx_str_t *value);
static const char *ngx_otter_redis_set_conf(ngx_otter_redis_url_t *url,
    ngx_str_t *value, size_t offset);
static const char *ngx_otter_redis_set_url(ngx_otter_redis_url_t *url,
    ngx_str_t *value, size_t offset);
static const char *ngx_otter_redis_set_file(ngx_otter_redis_url_t *url,
    ngx_str_t *value, size_t offset);
static const char *ngx_otter_redis_set_tls(ngx_otter_redis_url_t *url,
    ngx_str_t *value, size_t offset);
static const char *ngx_otter_redis_set_verify(ngx_otter_redis_url_t *url,
    ngx_str_t *value, size_t offset);


#define NGX_OTTER_REDIS_CONF(field)  offsetof(ngx_otter_redis_conf_t, field)
#define NGX_OTTER_REDIS_URL(field)   offsetof(ngx_otter_redis_url_t, field)

static const ngx_otter_redis_option_t  ngx_otter_redis_options[] = {
    { ngx_string("user"), ngx_otter_redis_set_conf,
      NGX_OTTER_REDIS_CONF(login.user) },
    { ngx_string("password"), ngx_otter_redis_set_conf,
      NGX_OTTER_REDIS_CONF(login.password) },
    { ngx_string("password_file"), ngx_otter_redis_set_file,
      NGX_OTTER_REDIS_CONF(login.password) },
    { ngx_string("sentinel_user"), ngx_otter_redis_set_conf,
      NGX_OTTER_REDIS_CONF(sentinel_login.user) },
    { ngx_string("sentinel_password"), ngx_otter_redis_set_conf,
      NGX_OTTER_REDIS_CONF(sentinel_login.password) },
    { ngx_string("sentinel_password_file"), ngx_otter_redis_set_file,
      NGX_OTTER_REDIS_CONF(sentinel_login.password) },
    { ngx_string("db"), ngx_otter_redis_set_db, 0 },
    { ngx_string("tls"), ngx_otter_redis_set_tls, 0 },
    { ngx_string("verify"), ngx_otter_redis_set_verify, 0 },
    { ngx_string("name"), ngx_otter_redis_set_conf,
      NGX_OTTER_REDIS_CONF(ssl_name) },
    { ngx_string("ca"), ngx_otter_redis_set_url, NGX_OTTER_REDIS_URL(ca) },
    { ngx_string("cert"), ngx_otter_redis_set_url,
      NGX_OTTER_REDIS_URL(cert) },
    { ngx_string("key"), ngx_otter_redis_set_url, NGX_OTTER_REDIS_URL(key) },
    { ngx_null_string, NULL, 0 }
};


const char *
ngx_otter_redis_url_options(ngx_otter_redis_url_t *url, u_char *p,
    u_char *last)
{
    u_char      *end, *equals;
    ngx_str_t    name, value;
    const char  *error;

    while (p < last) {

        end = ngx_strlchr(p, last, '&');
        if (end == NULL) {
            end = last;
        }

        equals = ngx_strlchr(p, end, '=');
        if (equals == NULL) {
            return "after \"?\" must come name=value, separated by \"&\"";
        }

        name.data = p;
        name.len = equals - p;

        error = ngx_otter_redis_url_decode(url, equals + 1, end, &value);

        if (error == NULL) {
            error = ngx_otter_redis_url_option(url, &name, &value);
        }

        if (error) {
            return error;
        }

        p = (end < last) ? end + 1 : last;
    }

    return NULL;
}


static const char *
ngx_otter_redis_url_option(ngx_otter_redis_url_t *url, ngx_str_t *name,
    ngx_str_t *value)
{
    const ngx_otter_redis_option_t  *option;

    for (option = ngx_otter_redis_options; option->name.len; option++) {

        if (name->len == option->name.len
            && ngx_memcmp(name->data, option->name.data, name->len) == 0)
        {
            if (value->len == 0) {
                return "an option after \"?\" has no value";
            }

            return option->set(url, value, option->offset);
        }
    }

    return "after \"?\" it takes db, user, password, password_file, "
           "sentinel_user, sentinel_password, sentinel_password_file, "
           "tls, verify, name, ca, cert and key";
}


/* the value ends with a zero */

const char *
ngx_otter_redis_url_decode(ngx_otter_redis_url_t *url, u_char *p,
    u_char *last, ngx_str_t *value)
{
    u_char     *dst;
    ngx_int_t   n;

    dst = ngx_pnalloc(url->cf->pool, last - p + 1);
    if (dst == NULL) {
        return "there is no memory for it";
    }

    value->data = dst;

    for ( /* void */ ; p < last; p++) {

        if (*p != '%') {
            *dst++ = *p;
            continue;
        }

        n = (last - p > 2) ? ngx_hextoi(p + 1, 2) : NGX_ERROR;

        if (n == NGX_ERROR || n == 0) {
            return "\"%\" must be followed by two hexadecimal digits";
        }

        *dst++ = (u_char) n;
        p += 2;
    }

    *dst = '\0';
    value->len = dst - value->data;

    return NULL;
}


static const char *
ngx_otter_redis_set_conf(ngx_otter_redis_url_t *url, ngx_str_t *value,
    size_t offset)
{
    *(ngx_str_t *) ((u_char *) url->conf + offset) = *value;

    if (offset == NGX_OTTER_REDIS_CONF(ssl_name)) {
        url->tls_options = 1;
    }

    return NULL;
}


static const char *
ngx_otter_redis_set_url(ngx_otter_redis_url_t *url, ngx_str_t *value,
    size_t offset)
{
    *(ngx_str_t *) ((u_char *) url + offset) = *value;

    url->tls_options = 1;

    return NULL;
}


/* the first line of a file that only its owner reads */

static const char *
ngx_otter_redis_set_file(ngx_otter_redis_url_t *url, ngx_str_t *value,
    size_t offset)
{
    ngx_otter_turn_secrets_t  *secrets;

    secrets = ngx_otter_keyring_turn(url->cf, value);
    if (secrets == NULL) {
        return "its password file can't be used";
    }

    *(ngx_str_t *) ((u_char *) url->conf + offset) = secrets->secrets[0];

    return NULL;
}


const char *
ngx_otter_redis_set_db(ngx_otter_redis_url_t *url, ngx_str_t *value,
    size_t offset)
{
    ngx_int_t  n;

    n = ngx_atoi(value->data, value->len);

    if (n == NGX_ERROR || n > 65535) {
        return "the database must be a number";
    }

    if (n && url->conf->kind == NGX_OTTER_REDIS_CLUSTER) {
        return "a cluster has no other database than 0";
    }

    if (url->has_db && url->conf->db != (ngx_uint_t) n) {
        return "all must have the same database";
    }

    url->conf->db = n;
    url->has_db = 1;

    return NULL;
}


static const char *
ngx_otter_redis_set_tls(ngx_otter_redis_url_t *url, ngx_str_t *value,
    size_t offset)
{
    if (ngx_strcmp(value->data, "on") != 0) {
        return "\"tls\" takes \"on\" alone";
    }

    url->tls = 1;

    return NULL;
}


static const char *
ngx_otter_redis_set_verify(ngx_otter_redis_url_t *url, ngx_str_t *value,
    size_t offset)
{
    url->tls_options = 1;

    if (ngx_strcmp(value->data, "off") == 0) {
        url->conf->ssl_verify = 0;
        return NULL;
    }

    return ngx_strcmp(value->data, "on") ? "\"verify\" takes \"on\" or \"off\""
                                         : NULL;
}
