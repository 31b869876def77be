
/*
 * Copyright (C) Otter contributors
 */

/* Where a server is, as a sentinel or a cluster tells it. */


#include "ngx_otter_redis_connection.h"


typedef struct {
    ngx_otter_redis_host_t    host;
    ngx_addr_t                addr;
    ngx_sockaddr_t            sockaddr;
    u_char                    text[1];
} ngx_otter_redis_told_t;


static void ngx_otter_redis_host_address(ngx_otter_redis_told_t *told);


ngx_otter_redis_host_t *
ngx_otter_redis_host_create(const u_char *host, size_t len, in_port_t port)
{
    u_char                  *p;
    ngx_otter_redis_told_t  *told;

    told = calloc(1, sizeof(ngx_otter_redis_told_t) + 2 * len
                     + sizeof("[]:65535"));
    if (told == NULL) {
        return NULL;
    }

    told->host.port = port;

    told->host.host.data = told->text;
    told->host.host.len = len;

    p = ngx_cpymem(told->text, host, len);
    *p++ = '\0';

    told->host.name.data = p;

    p = ngx_sprintf(p, ngx_strlchr(told->text, told->text + len, ':')
                       ? "[%V]:%d" : "%V:%d",
                    &told->host.host, (int) port);

    told->host.name.len = p - told->host.name.data;

    ngx_otter_redis_host_address(told);

    return &told->host;
}


/* a name has none before it is resolved */

static void
ngx_otter_redis_host_address(ngx_otter_redis_told_t *told)
{
    in_addr_t   addr;
    ngx_str_t  *host;

    host = &told->host.host;

    told->addr.sockaddr = &told->sockaddr.sockaddr;

    addr = ngx_inet_addr(host->data, host->len);

    if (addr != INADDR_NONE) {
        told->sockaddr.sockaddr_in.sin_family = AF_INET;
        told->sockaddr.sockaddr_in.sin_addr.s_addr = addr;
        told->addr.socklen = sizeof(struct sockaddr_in);

#if (NGX_HAVE_INET6)

    } else if (ngx_inet6_addr(host->data, host->len,
                   told->sockaddr.sockaddr_in6.sin6_addr.s6_addr)
               == NGX_OK)
    {
        told->sockaddr.sockaddr_in6.sin6_family = AF_INET6;
        told->addr.socklen = sizeof(struct sockaddr_in6);

#endif

    } else {
        return;
    }

    ngx_inet_set_port(&told->sockaddr.sockaddr, told->host.port);

    told->host.literal = 1;
    told->host.naddrs = 1;
    told->host.addrs = &told->addr;
}


void
ngx_otter_redis_host_free(ngx_otter_redis_host_t *host)
{
    free(host);
}


ngx_uint_t
ngx_otter_redis_host_is(ngx_otter_redis_host_t *host, const u_char *name,
    size_t len, in_port_t port)
{
    return host->port == port && host->host.len == len
           && ngx_memcmp(host->host.data, name, len) == 0;
}
