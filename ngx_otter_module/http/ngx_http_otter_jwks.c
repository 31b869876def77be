
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_module.h"


ngx_int_t
ngx_http_otter_jwks_handler(ngx_http_request_t *r)
{
    ngx_http_otter_srv_conf_t  *oscf;

    oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);

    if (ngx_http_otter_header_set(r, "Cache-Control", "public, max-age=300")
        != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_otter_send(r, NGX_HTTP_OK, "application/jwk-set+json",
                               &oscf->jwks);
}
