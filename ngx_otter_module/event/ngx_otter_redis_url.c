
/*
 * Copyright (C) Otter contributors
 */

/*
 * The URLs of "otter_redis":
 *
 *     scheme://[user:password@]host[:port][,host[:port]...][/path][?name=value]
 *
 * What stands in them may be a password, so no error quotes more than a host,
 * and this one only when it was told from the rest without doubt.
 */


#include "ngx_otter_redis_url.h"


enum {
    NGX_OTTER_REDIS_LOGIN_MAX = 512
};


typedef struct {
    ngx_str_t                 name;
    ngx_otter_redis_kind_e    kind;
    in_port_t                 port;
    ngx_uint_t                tls;
} ngx_otter_redis_scheme_t;


static const char *ngx_otter_redis_url(ngx_otter_redis_url_t *url,
    ngx_str_t *text);
static const char *ngx_otter_redis_url_split(ngx_otter_redis_url_t *url,
    u_char *p, u_char *last);
static const char *ngx_otter_redis_url_login(ngx_otter_redis_url_t *url,
    u_char *p, u_char *last);
static ngx_uint_t ngx_otter_redis_url_same(ngx_str_t *one, ngx_str_t *two);
static const char *ngx_otter_redis_url_path(ngx_otter_redis_url_t *url);
static ngx_int_t ngx_otter_redis_url_hosts(ngx_otter_redis_url_t *url);
static ngx_int_t ngx_otter_redis_url_host(ngx_otter_redis_url_t *url,
    u_char *p, size_t len);
static const char *ngx_otter_redis_url_check(ngx_otter_redis_url_t *url);
static void ngx_otter_redis_conf_cleanup(void *data);


static const ngx_otter_redis_scheme_t  ngx_otter_redis_schemes[] = {
    { ngx_string("redis://"), NGX_OTTER_REDIS_SINGLE, 6379, 0 },
    { ngx_string("rediss://"), NGX_OTTER_REDIS_SINGLE, 6379, 1 },
    { ngx_string("unix:"), NGX_OTTER_REDIS_SINGLE, 0, 0 },
    { ngx_string("sentinel://"), NGX_OTTER_REDIS_SENTINEL, 26379, 0 },
    { ngx_string("sentinels://"), NGX_OTTER_REDIS_SENTINEL, 26379, 1 },
    { ngx_string("cluster://"), NGX_OTTER_REDIS_CLUSTER, 6379, 0 },
    { ngx_string("clusters://"), NGX_OTTER_REDIS_CLUSTER, 6379, 1 },
    { ngx_null_string, NGX_OTTER_REDIS_SINGLE, 0, 0 }
};


ngx_otter_redis_conf_t *
ngx_otter_redis_parse(ngx_conf_t *cf, ngx_array_t *urls)
{
    ngx_str_t               *value;
    ngx_uint_t               i;
    const char              *error;
    ngx_pool_cleanup_t      *cln;
    ngx_otter_redis_url_t    url;
    ngx_otter_redis_conf_t  *conf;

    cln = ngx_pool_cleanup_add(cf->pool, sizeof(ngx_otter_redis_conf_t));
    if (cln == NULL) {
        return NULL;
    }

    conf = cln->data;
    ngx_memzero(conf, sizeof(ngx_otter_redis_conf_t));

    cln->handler = ngx_otter_redis_conf_cleanup;

    conf->ssl_verify = 1;
    conf->where = *cf->conf_file;

    if (ngx_array_init(&conf->hosts, cf->pool, 4,
                       sizeof(ngx_otter_redis_host_t))
        != NGX_OK)
    {
        return NULL;
    }

    ngx_memzero(&url, sizeof(ngx_otter_redis_url_t));

    url.cf = cf;
    url.conf = conf;

    value = urls->elts;

    for (i = 0; i < urls->nelts; i++) {

        error = ngx_otter_redis_url(&url, &value[i]);

        if (error) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid URL in \"otter_redis\": %s", error);
            return NULL;
        }

        if (ngx_otter_redis_url_hosts(&url) != NGX_OK) {
            return NULL;
        }
    }

    error = ngx_otter_redis_url_check(&url);

    if (error) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid URL in \"otter_redis\": %s", error);
        return NULL;
    }

    if (url.tls
        && ngx_otter_redis_tls_conf(cf, conf, &url.ca, &url.cert, &url.key)
           != NGX_OK)
    {
        return NULL;
    }

    return conf;
}


ngx_int_t
ngx_otter_redis_resolver(ngx_conf_t *cf, ngx_otter_redis_conf_t *conf,
    ngx_resolver_t *resolver, ngx_msec_t timeout)
{
    ngx_url_t                u;
    ngx_conf_t               at;
    ngx_uint_t               i, level;
    ngx_otter_redis_host_t  *host;

    conf->resolver = resolver;
    conf->resolver_timeout = timeout;

    level = resolver ? NGX_LOG_WARN : NGX_LOG_EMERG;

    at = *cf;
    at.conf_file = &conf->where;

    host = conf->hosts.elts;

    for (i = 0; i < conf->hosts.nelts; i++) {

        if (host[i].naddrs) {
            continue;
        }

        ngx_memzero(&u, sizeof(ngx_url_t));

        u.host = host[i].host;
        u.port = host[i].port;

        if (ngx_inet_resolve_host(cf->pool, &u) == NGX_OK) {
            host[i].naddrs = u.naddrs;
            host[i].addrs = u.addrs;
            continue;
        }

        ngx_conf_log_error(level, &at, 0, "%s in \"otter_redis\": \"%V\"",
                           u.err ? u.err : "no memory", &u.host);

        if (resolver == NULL) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static const char *
ngx_otter_redis_url(ngx_otter_redis_url_t *url, ngx_str_t *text)
{
    u_char                          *p, *last;
    const ngx_otter_redis_scheme_t  *scheme;

    last = text->data + text->len;

    for (scheme = ngx_otter_redis_schemes; scheme->name.len; scheme++) {
        if (text->len >= scheme->name.len
            && ngx_strncasecmp(text->data, scheme->name.data,
                               scheme->name.len)
               == 0)
        {
            break;
        }
    }

    if (scheme->name.len == 0) {
        return "it must begin with redis://, rediss://, unix:, sentinel:// "
               "or cluster://";
    }

    if (url->scheme.len && url->scheme.data != scheme->name.data) {
        return "all must be of the same kind";
    }

    url->scheme = scheme->name;
    url->port = scheme->port;
    url->conf->kind = scheme->kind;

    if (scheme->tls) {
        url->tls = 1;
    }

    p = text->data + scheme->name.len;

    if (scheme->port == 0) {
        url->unix_socket = 1;
        url->path.len = 0;

        url->hosts.data = text->data;
        url->hosts.len = text->len;

        if (p == last || *p != '/') {
            return "the path of a unix socket must begin with \"/\"";
        }

        p = ngx_strlchr(p, last, '?');

        if (p) {
            url->hosts.len = p - text->data;
            return ngx_otter_redis_url_options(url, p + 1, last);
        }

        return NULL;
    }

    return ngx_otter_redis_url_split(url, p, last);
}


static const char *
ngx_otter_redis_url_split(ngx_otter_redis_url_t *url, u_char *p, u_char *last)
{
    u_char      *at, *end;
    const char  *error;

    for (end = p; end < last; end++) {
        if (*end == '/' || *end == '?') {
            break;
        }
    }

    /* a "/" or "?" of a password would end the host, which is quoted then */

    if (ngx_strlchr(end, last, '@')) {
        return "\"@\", \"/\" and \"?\" must be percent-encoded in a password";
    }

    for (at = end; at > p; at--) {
        if (at[-1] == '@') {

            error = ngx_otter_redis_url_login(url, p, at - 1);
            if (error) {
                return error;
            }

            p = at;
            break;
        }
    }

    url->hosts.data = p;
    url->hosts.len = end - p;

    p = end;

    while (end < last && *end != '?') {
        end++;
    }

    url->path.data = p;
    url->path.len = end - p;

    error = ngx_otter_redis_url_path(url);

    if (error || end == last) {
        return error;
    }

    return ngx_otter_redis_url_options(url, end + 1, last);
}


static const char *
ngx_otter_redis_url_login(ngx_otter_redis_url_t *url, u_char *p, u_char *last)
{
    u_char                   *colon;
    const char               *error;
    ngx_otter_redis_login_t   new, *login;

    login = &url->conf->login;

    colon = ngx_strlchr(p, last, ':');

    if (colon == NULL) {
        return "a password must follow the user name: "
               "redis://user:password@host";
    }

    error = ngx_otter_redis_url_decode(url, p, colon, &new.user);
    if (error) {
        return error;
    }

    error = ngx_otter_redis_url_decode(url, colon + 1, last, &new.password);
    if (error) {
        return error;
    }

    if (login->password.len
        && !(ngx_otter_redis_url_same(&login->user, &new.user)
             && ngx_otter_redis_url_same(&login->password, &new.password)))
    {
        return "all must have the same user and password";
    }

    *login = new;

    return NULL;
}


static ngx_uint_t
ngx_otter_redis_url_same(ngx_str_t *one, ngx_str_t *two)
{
    return one->len == two->len
           && ngx_memcmp(one->data, two->data, one->len) == 0;
}


static const char *
ngx_otter_redis_url_path(ngx_otter_redis_url_t *url)
{
    u_char      *p, *last, *slash;
    ngx_str_t    part, *master;
    const char  *error;

    p = url->path.data;
    last = p + url->path.len;

    if (p < last) {
        p++;
    }

    if (url->conf->kind == NGX_OTTER_REDIS_SENTINEL) {
        slash = ngx_strlchr(p, last, '/');

        if (slash == NULL) {
            slash = last;
        }

        error = ngx_otter_redis_url_decode(url, p, slash, &part);
        if (error) {
            return error;
        }

        master = &url->conf->master;

        if (part.len == 0
            || (master->len && !ngx_otter_redis_url_same(master, &part)))
        {
            return "the name of the master must follow the sentinels, the "
                   "same one everywhere: sentinel://host:port,host:port/name";
        }

        *master = part;

        p = (slash < last) ? slash + 1 : last;
    }

    if (p == last) {
        return NULL;
    }

    part.data = p;
    part.len = last - p;

    return ngx_otter_redis_set_db(url, &part, 0);
}


static ngx_int_t
ngx_otter_redis_url_hosts(ngx_otter_redis_url_t *url)
{
    u_char  *p, *last, *comma;

    p = url->hosts.data;
    last = p + url->hosts.len;

    for ( ;; ) {
        comma = url->unix_socket ? NULL : ngx_strlchr(p, last, ',');

        if (comma && url->conf->kind == NGX_OTTER_REDIS_SINGLE) {
            ngx_conf_log_error(NGX_LOG_EMERG, url->cf, 0,
                               "invalid URL in \"otter_redis\": several "
                               "servers need sentinel:// or cluster://, or "
                               "a URL each");
            return NGX_ERROR;
        }

        if (ngx_otter_redis_url_host(url, p, (comma ? comma : last) - p)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        if (comma == NULL) {
            return NGX_OK;
        }

        p = comma + 1;
    }
}


static ngx_int_t
ngx_otter_redis_url_host(ngx_otter_redis_url_t *url, u_char *p, size_t len)
{
    ngx_url_t                u;
    ngx_str_t                name;
    ngx_otter_redis_host_t  *host;

    host = ngx_array_push(&url->conf->hosts);
    if (host == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(host, sizeof(ngx_otter_redis_host_t));
    ngx_memzero(&u, sizeof(ngx_url_t));

    u.url.data = p;
    u.url.len = len;
    u.default_port = url->port;
    u.no_resolve = 1;

    if (ngx_parse_url(url->cf->pool, &u) != NGX_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, url->cf, 0,
                           "invalid URL in \"otter_redis\": %s",
                           u.err ? u.err : "no memory");
        return NGX_ERROR;
    }

    host->port = u.port;
    host->naddrs = u.naddrs;
    host->addrs = u.addrs;

    name = url->unix_socket ? u.url : u.host;

    if (name.len > 2 && name.data[0] == '[') {
        name.data++;
        name.len -= 2;
        host->literal = 1;
    }

    if (url->unix_socket || ngx_inet_addr(name.data, name.len) != INADDR_NONE)
    {
        host->literal = 1;
    }

    host->host.len = name.len;
    host->host.data = ngx_pnalloc(url->cf->pool, name.len + 1);
    host->name.data = ngx_pnalloc(url->cf->pool, len + sizeof(":65535"));

    if (host->host.data == NULL || host->name.data == NULL) {
        return NGX_ERROR;
    }

    ngx_cpystrn(host->host.data, name.data, name.len + 1);

    if (url->unix_socket) {
        host->name = host->host;
        return NGX_OK;
    }

    host->name.len = ngx_sprintf(host->name.data,
                                 strchr((char *) host->host.data, ':')
                                 ? "[%V]:%d" : "%V:%d",
                                 &host->host, (int) host->port)
                     - host->name.data;

    return NGX_OK;
}


static const char *
ngx_otter_redis_url_check(ngx_otter_redis_url_t *url)
{
    ngx_otter_redis_conf_t  *conf;

    conf = url->conf;

    if (conf->login.user.len && conf->login.password.len == 0) {
        return "the user has no password";
    }

    if (conf->login.user.len + conf->login.password.len
        > NGX_OTTER_REDIS_LOGIN_MAX
        || conf->sentinel_login.user.len + conf->sentinel_login.password.len
           > NGX_OTTER_REDIS_LOGIN_MAX)
    {
        return "user and password are too long";
    }

    if (conf->kind != NGX_OTTER_REDIS_SENTINEL
        && (conf->sentinel_login.user.len
            || conf->sentinel_login.password.len))
    {
        return "there are no sentinels to log in to";
    }

    if (url->tls_options && !url->tls) {
        return "it has options of TLS, but TLS is not on: "
               "rediss:// or \"tls=on\"";
    }

    if (url->tls && url->unix_socket) {
        return "there is no TLS over a unix socket";
    }

    return NULL;
}


static void
ngx_otter_redis_conf_cleanup(void *data)
{
    ngx_otter_redis_conf_t *conf = data;

    if (conf->login.password.data) {
        ngx_explicit_memzero(conf->login.password.data,
                             conf->login.password.len);
    }

    if (conf->sentinel_login.password.data) {
        ngx_explicit_memzero(conf->sentinel_login.password.data,
                             conf->sentinel_login.password.len);
    }
}
