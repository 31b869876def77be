
/*
 * Copyright (C) Otter contributors
 */


#ifndef NGX_OTTER_REDIS_URL_H_INCLUDED
#define NGX_OTTER_REDIS_URL_H_INCLUDED


#include "ngx_otter_redis_connection.h"


/* a URL that is being read */

typedef struct {
    ngx_conf_t               *cf;
    ngx_otter_redis_conf_t   *conf;
    ngx_str_t                 scheme;
    ngx_str_t                 hosts;
    ngx_str_t                 path;
    ngx_str_t                 ca;
    ngx_str_t                 cert;
    ngx_str_t                 key;
    in_port_t                 port;            /* by default */
    unsigned                  has_db:1;
    unsigned                  tls:1;
    unsigned                  tls_options:1;
    unsigned                  unix_socket:1;
} ngx_otter_redis_url_t;


/* each returns what is wrong, and NULL otherwise */

const char *ngx_otter_redis_url_options(ngx_otter_redis_url_t *url, u_char *p,
    u_char *last);
const char *ngx_otter_redis_set_db(ngx_otter_redis_url_t *url,
    ngx_str_t *value, size_t offset);

/* undoes the percent-encoding; the value ends with a zero */

const char *ngx_otter_redis_url_decode(ngx_otter_redis_url_t *url, u_char *p,
    u_char *last, ngx_str_t *value);


#endif /* NGX_OTTER_REDIS_URL_H_INCLUDED */
