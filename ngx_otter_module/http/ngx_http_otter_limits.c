
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_module.h"
#include "ngx_http_otter_status.h"


/* how nginx's own modules mark a request that they refused */

enum {
    NGX_HTTP_OTTER_LIMIT_CONN_REJECTED = 2,
    NGX_HTTP_OTTER_LIMIT_REQ_REJECTED = 3
};


static ngx_int_t ngx_http_otter_limits_handler(ngx_http_request_t *r);


/*
 * What nginx refuses before a handler of Otter is asked is counted when it is
 * logged.
 */

ngx_int_t
ngx_http_otter_limits_init(ngx_conf_t *cf)
{
    ngx_http_handler_pt        *h;
    ngx_http_core_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    h = ngx_array_push(&cmcf->phases[NGX_HTTP_LOG_PHASE].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = ngx_http_otter_limits_handler;

    return NGX_OK;
}


static ngx_int_t
ngx_http_otter_limits_handler(ngx_http_request_t *r)
{
    ngx_http_core_loc_conf_t   *clcf;
    ngx_http_otter_srv_conf_t  *oscf;

    /* one whose headers did not come in time has no path */

    if (r->headers_out.status == NGX_HTTP_REQUEST_TIME_OUT) {
        oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);

        if (oscf->enable) {
            ngx_http_otter_status_refused("request-timeout");
        }

        return NGX_OK;
    }

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    if (clcf->handler != ngx_http_otter_handler) {
        return NGX_OK;
    }

    if (r->main->limit_conn_status == NGX_HTTP_OTTER_LIMIT_CONN_REJECTED) {
        ngx_http_otter_status_refused("limit-conn");
    }

    if (r->main->limit_req_status == NGX_HTTP_OTTER_LIMIT_REQ_REJECTED) {
        ngx_http_otter_status_refused("limit-req");
    }

    return NGX_OK;
}
