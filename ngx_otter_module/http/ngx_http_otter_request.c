
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_module.h"


static ngx_uint_t ngx_http_otter_host_plain(ngx_str_t *host);


/*
 * Walks the list of headers: nginx keeps lines of one name together only
 * since 1.23, and not those that it has no use for.
 */

ngx_int_t
ngx_http_otter_header_in(ngx_http_request_t *r, const char *name,
    ngx_uint_t n, ngx_str_t *value)
{
    size_t            len;
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *header;

    len = ngx_strlen(name);

    for (part = &r->headers_in.headers.part; part; part = part->next) {
        header = part->elts;

        for (i = 0; i < part->nelts; i++) {
            if (header[i].key.len != len
                || ngx_memcmp(header[i].lowcase_key, name, len) != 0)
            {
                continue;
            }

            if (n-- == 0) {
                *value = header[i].value;
                return NGX_OK;
            }
        }
    }

    return NGX_DECLINED;
}


ngx_int_t
ngx_http_otter_arg(ngx_http_request_t *r, const char *name, ngx_str_t *value)
{
    u_char     *dst, *src;
    ngx_str_t   raw;

    if (ngx_http_arg(r, (u_char *) name, ngx_strlen(name), &raw) != NGX_OK) {
        return NGX_DECLINED;
    }

    dst = ngx_pnalloc(r->pool, raw.len);
    if (dst == NULL) {
        return NGX_ERROR;
    }

    value->data = dst;
    src = raw.data;

    ngx_unescape_uri(&dst, &src, raw.len, 0);

    value->len = dst - value->data;

    return NGX_OK;
}


ngx_uint_t
ngx_http_otter_secure(ngx_http_request_t *r)
{
#if (NGX_HTTP_SSL)
    return r->connection->ssl != NULL;
#else
    return 0;
#endif
}


ngx_int_t
ngx_http_otter_host(ngx_http_request_t *r, ngx_str_t *host)
{
    size_t      len;
    in_port_t   port;
    ngx_str_t   server;

    if (r->headers_in.host
        && ngx_http_otter_host_plain(&r->headers_in.host->value))
    {
        *host = r->headers_in.host->value;
        return NGX_OK;
    }

    /* HTTP/1.0, or HTTP/3 where a port is cut off ":authority" */

    server = r->headers_in.server;

    if (!ngx_http_otter_host_plain(&server)) {
        ngx_str_null(&server);
    }

    if (ngx_connection_local_sockaddr(r->connection, NULL, 0) != NGX_OK) {
        return NGX_ERROR;
    }

    len = NGX_SOCKADDR_STRLEN + server.len + sizeof(":65535") - 1;

    host->data = ngx_pnalloc(r->pool, len);
    if (host->data == NULL) {
        return NGX_ERROR;
    }

    if (server.len == 0) {
        host->len = ngx_sock_ntop(r->connection->local_sockaddr,
                                  r->connection->local_socklen, host->data,
                                  NGX_SOCKADDR_STRLEN, 1);
        return NGX_OK;
    }

    port = ngx_inet_get_port(r->connection->local_sockaddr);

    if (port == 0 || port == (ngx_http_otter_secure(r) ? 443 : 80)) {
        *host = server;
        return NGX_OK;
    }

    host->len = ngx_sprintf(host->data, "%V:%d", &server, (int) port)
                - host->data;

    return NGX_OK;
}


/* nginx takes almost any character in a Host */

static ngx_uint_t
ngx_http_otter_host_plain(ngx_str_t *host)
{
    u_char  *p, *last;

    last = host->data + host->len;

    for (p = host->data; p < last; p++) {
        if ((*p < 'a' || *p > 'z') && (*p < 'A' || *p > 'Z')
            && (*p < '0' || *p > '9') && *p != '.' && *p != '-'
            && *p != '_' && *p != ':' && *p != '[' && *p != ']')
        {
            return 0;
        }
    }

    return host->len != 0;
}


ngx_http_otter_ctx_t *
ngx_http_otter_get_ctx(ngx_http_request_t *r)
{
    ngx_http_otter_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_otter_module);

    if (ctx == NULL) {
        ctx = ngx_pcalloc(r->pool, sizeof(ngx_http_otter_ctx_t));

        if (ctx) {
            ngx_http_set_ctx(r, ctx, ngx_http_otter_module);
        }
    }

    return ctx;
}


ngx_int_t
ngx_http_otter_show(ngx_http_request_t *r, ngx_str_t *room,
    ngx_str_t *identity)
{
    ngx_http_otter_ctx_t  *ctx;

    ctx = ngx_http_otter_get_ctx(r);
    if (ctx == NULL) {
        return NGX_ERROR;
    }

    ctx->room = *room;
    ctx->identity = *identity;

    return NGX_OK;
}
