
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_module.h"


typedef struct {
    ngx_str_t   scheme;
    ngx_str_t   host;
    in_port_t   port;                  /* 0: none is known */
} ngx_http_otter_origin_t;


static ngx_int_t ngx_http_otter_origin_parse(ngx_str_t *text,
    ngx_http_otter_origin_t *origin);
static ngx_int_t ngx_http_otter_authority_parse(u_char *p, u_char *last,
    ngx_http_otter_origin_t *origin);
static ngx_uint_t ngx_http_otter_host_valid(ngx_str_t *host);
static ngx_uint_t ngx_http_otter_origin_same(
    const ngx_http_otter_origin_t *one, const ngx_http_otter_origin_t *two);
static ngx_int_t ngx_http_otter_origin_here(ngx_http_request_t *r,
    ngx_http_otter_origin_t *here);


ngx_int_t
ngx_http_otter_origin(ngx_http_request_t *r)
{
    ngx_str_t                   value, *allowed;
    ngx_uint_t                  i;
    ngx_http_otter_origin_t     origin, other;
    ngx_http_otter_srv_conf_t  *oscf;

    if (ngx_http_otter_header_in(r, "origin", 0, &value) != NGX_OK) {
        return NGX_OK;
    }

    oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);

    if (oscf->any_origin) {
        return NGX_OK;
    }

    /* two of them is what no browser sends */

    if (ngx_http_otter_header_in(r, "origin", 1, &other.host) == NGX_OK
        || ngx_http_otter_origin_parse(&value, &origin) != NGX_OK)
    {
        return NGX_DECLINED;
    }

    if (ngx_http_otter_origin_here(r, &other) == NGX_OK
        && ngx_http_otter_origin_same(&origin, &other))
    {
        return NGX_OK;
    }

    if (oscf->allowed_origins == NULL) {
        return NGX_DECLINED;
    }

    allowed = oscf->allowed_origins->elts;

    for (i = 0; i < oscf->allowed_origins->nelts; i++) {
        if (ngx_http_otter_origin_parse(&allowed[i], &other) == NGX_OK
            && ngx_http_otter_origin_same(&origin, &other))
        {
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}


ngx_uint_t
ngx_http_otter_origin_valid(ngx_str_t *origin)
{
    ngx_http_otter_origin_t  parsed;

    return ngx_http_otter_origin_parse(origin, &parsed) == NGX_OK;
}


static ngx_int_t
ngx_http_otter_origin_parse(ngx_str_t *text, ngx_http_otter_origin_t *origin)
{
    u_char  *p, *last;

    p = text->data;
    last = p + text->len;

    origin->scheme.data = p;

    while (p < last
           && ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z')
               || (p > text->data
                   && ((*p >= '0' && *p <= '9')
                       || *p == '+' || *p == '-' || *p == '.'))))
    {
        p++;
    }

    origin->scheme.len = p - origin->scheme.data;

    if (origin->scheme.len == 0
        || last - p < 3 || ngx_strncmp(p, "://", 3) != 0)
    {
        return NGX_DECLINED;
    }

    return ngx_http_otter_authority_parse(p + 3, last, origin);
}


/* host[:port]; the scheme stands already */

static ngx_int_t
ngx_http_otter_authority_parse(u_char *p, u_char *last,
    ngx_http_otter_origin_t *origin)
{
    u_char     *colon, *bracket;
    ngx_int_t   port;

    origin->host.data = p;

    bracket = (p < last && *p == '[') ? ngx_strlchr(p, last, ']') : p;
    if (bracket == NULL) {
        return NGX_DECLINED;
    }

    colon = ngx_strlchr(bracket, last, ':');
    origin->host.len = (colon ? colon : last) - p;

    if (!ngx_http_otter_host_valid(&origin->host)) {
        return NGX_DECLINED;
    }

    if (colon) {
        port = ngx_atoi(colon + 1, last - colon - 1);
        if (port < 1 || port > 65535) {
            return NGX_DECLINED;
        }

    } else if (origin->scheme.len == 5
               && ngx_strncasecmp(origin->scheme.data, (u_char *) "https", 5)
                  == 0)
    {
        port = 443;

    } else if (origin->scheme.len == 4
               && ngx_strncasecmp(origin->scheme.data, (u_char *) "http", 4)
                  == 0)
    {
        port = 80;

    } else {
        port = 0;
    }

    origin->port = (in_port_t) port;

    return NGX_OK;
}


/* a name, an IPv4 address, or an IPv6 address in brackets */

static ngx_uint_t
ngx_http_otter_host_valid(ngx_str_t *host)
{
    u_char  *p, *last;

    p = host->data;
    last = p + host->len;

    if (p == last) {
        return 0;
    }

    if (*p == '[') {
        if (host->len < 4 || last[-1] != ']') {
            return 0;
        }

        for (p++, last--; p < last; p++) {
            if ((*p < '0' || *p > '9') && (*p < 'a' || *p > 'f')
                && (*p < 'A' || *p > 'F') && *p != ':' && *p != '.')
            {
                return 0;
            }
        }

        return 1;
    }

    for ( /* void */ ; p < last; p++) {
        if ((*p < 'a' || *p > 'z') && (*p < 'A' || *p > 'Z')
            && (*p < '0' || *p > '9')
            && *p != '.' && *p != '-' && *p != '_')
        {
            return 0;
        }
    }

    return 1;
}


static ngx_uint_t
ngx_http_otter_origin_same(const ngx_http_otter_origin_t *one,
    const ngx_http_otter_origin_t *two)
{
    return one->port == two->port
           && one->scheme.len == two->scheme.len
           && one->host.len == two->host.len
           && ngx_strncasecmp(one->scheme.data, two->scheme.data,
                              one->scheme.len)
              == 0
           && ngx_strncasecmp(one->host.data, two->host.data, one->host.len)
              == 0;
}


/* the origin of pages that this request could have come from itself */

static ngx_int_t
ngx_http_otter_origin_here(ngx_http_request_t *r,
    ngx_http_otter_origin_t *here)
{
    ngx_str_t  host;

    if (ngx_http_otter_host(r, &host) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ngx_http_otter_secure(r)) {
        ngx_str_set(&here->scheme, "https");

    } else {
        ngx_str_set(&here->scheme, "http");
    }

    return ngx_http_otter_authority_parse(host.data, host.data + host.len,
                                          here);
}


ngx_int_t
ngx_http_otter_cors(ngx_http_request_t *r)
{
    ngx_str_t                   value;
    ngx_http_otter_srv_conf_t  *oscf;

    oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);

    if (oscf->allowed_origins == NULL) {
        return NGX_OK;
    }

    if (oscf->any_origin) {
        ngx_str_set(&value, "*");

    } else {
        if (ngx_http_otter_header_set(r, "Vary", "Origin") != NGX_OK) {
            return NGX_ERROR;
        }

        if (ngx_http_otter_header_in(r, "origin", 0, &value) != NGX_OK
            || ngx_http_otter_origin(r) != NGX_OK)
        {
            return NGX_OK;
        }
    }

    if (ngx_http_otter_header(r, "Access-Control-Allow-Origin", &value)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_otter_header_set(r, "Access-Control-Expose-Headers",
                                     "Allow, Link, Location, Retry-After, "
                                     "WWW-Authenticate");
}


/* prepared by ngx_http_otter_no_content(), which adds what cors() does */

ngx_int_t
ngx_http_otter_preflight(ngx_http_request_t *r, const char *methods)
{
    if (ngx_http_otter_header_set(r, "Access-Control-Allow-Methods", methods)
           != NGX_OK
        || ngx_http_otter_header_set(r, "Access-Control-Allow-Headers",
                                     "Authorization, Content-Type")
           != NGX_OK
        || ngx_http_otter_header_set(r, "Access-Control-Max-Age", "600")
           != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_otter_no_content(r);
}
