
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_module.h"
#include "ngx_otter_module.h"


enum {
    NGX_HTTP_OTTER_REDIS_PREFIX_MAX = 64,
    NGX_HTTP_OTTER_REDIS_RESOLVER = 5000       /* milliseconds */
};


static ngx_otter_conf_t *ngx_http_otter_core_conf(ngx_conf_t *cf);


static ngx_otter_conf_t *
ngx_http_otter_core_conf(ngx_conf_t *cf)
{
    return (ngx_otter_conf_t *) ngx_get_conf(cf->cycle->conf_ctx,
                                             ngx_otter_module);
}


char *
ngx_http_otter_redis(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t         *value, *url;
    ngx_uint_t         i;
    ngx_array_t       *urls;
    ngx_otter_conf_t  *ocf;

    ocf = ngx_http_otter_core_conf(cf);

    if (ocf->redis) {
        return "is duplicate";
    }

    urls = ngx_array_create(cf->pool, cf->args->nelts, sizeof(ngx_str_t));
    if (urls == NULL) {
        return NGX_CONF_ERROR;
    }

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {
        url = ngx_array_push(urls);
        if (url == NULL) {
            return NGX_CONF_ERROR;
        }

        *url = value[i];
    }

    ocf->redis = ngx_otter_redis_parse(cf, urls);

    return ocf->redis ? NGX_CONF_OK : NGX_CONF_ERROR;
}


/* it stands before a hash tag, so it must not have one itself */

char *
ngx_http_otter_redis_prefix(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t         *value;
    ngx_uint_t         i;
    ngx_otter_conf_t  *ocf;

    ocf = ngx_http_otter_core_conf(cf);

    if (ocf->redis_prefix.data) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (value[1].len == 0) {
        return "must not be empty";
    }

    if (value[1].len > NGX_HTTP_OTTER_REDIS_PREFIX_MAX) {
        return "is longer than 64 bytes";
    }

    for (i = 0; i < value[1].len; i++) {
        if (value[1].data[i] == '{' || value[1].data[i] == '}') {
            return "must have no braces";
        }
    }

    ocf->redis_prefix = value[1];

    return NGX_CONF_OK;
}


/* a "resolver" of the http block is also that of Redis */

char *
ngx_http_otter_init_main_conf(ngx_conf_t *cf, void *conf)
{
    ngx_msec_t                 timeout;
    ngx_resolver_t            *resolver;
    ngx_otter_conf_t          *ocf;
    ngx_http_core_loc_conf_t  *clcf;

    ocf = ngx_http_otter_core_conf(cf);

    if (ocf->redis_prefix.data == NULL) {
        ngx_str_set(&ocf->redis_prefix, "otter:");
    }

    if (ocf->redis == NULL) {
        return NGX_CONF_OK;
    }

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    /* where there is none, nginx has made one that knows no servers */

    resolver = (clcf->resolver && clcf->resolver->connections.nelts)
               ? clcf->resolver : NULL;

    timeout = (clcf->resolver_timeout == NGX_CONF_UNSET_MSEC)
              ? NGX_HTTP_OTTER_REDIS_RESOLVER : clcf->resolver_timeout;

    return (ngx_otter_redis_resolver(cf, ocf->redis, resolver, timeout)
            == NGX_OK)
           ? NGX_CONF_OK : NGX_CONF_ERROR;
}


/* it need not be there: nothing is known then */

char *
ngx_http_otter_turn_health_file(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_str_t         *value;
    ngx_otter_conf_t  *ocf;

    ocf = ngx_http_otter_core_conf(cf);

    if (ocf->turn_health.len) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (value[1].len == 0) {
        return "must not be empty";
    }

    ocf->turn_health = value[1];

    if (ngx_conf_full_name(cf->cycle, &ocf->turn_health, 1) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}
