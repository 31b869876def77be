
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_module.h"


ngx_int_t
ngx_http_otter_jwks_handler(ngx_http_request_t *r)
{
    ngx_str_t                   jwks;
    const char                 *text;
    ngx_http_otter_srv_conf_t  *oscf;

    oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);

    text = ngx_otter_keyring_public(oscf->jwt_keys);
    if (text == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    /* the ring's own may be gone before all of it is sent */

    jwks.len = ngx_strlen(text);
    jwks.data = ngx_pnalloc(r->pool, jwks.len);

    if (jwks.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_memcpy(jwks.data, text, jwks.len);

    if (ngx_http_otter_header_set(r, "Cache-Control", "public, max-age=300")
        != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_otter_send(r, NGX_HTTP_OK, "application/jwk-set+json",
                               &jwks);
}
