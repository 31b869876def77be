
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_module.h"


static ngx_int_t ngx_http_otter_variable_text(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_otter_variable_code(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_otter_variable_count(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_otter_variable_number(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uint64_t number);


static ngx_http_variable_t  ngx_http_otter_vars[] = {

    { ngx_string("otter_room"), NULL, ngx_http_otter_variable_text,
      offsetof(ngx_http_otter_ctx_t, room), NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("otter_peer"), NULL, ngx_http_otter_variable_text,
      offsetof(ngx_http_otter_ctx_t, peer), NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("otter_identity"), NULL, ngx_http_otter_variable_text,
      offsetof(ngx_http_otter_ctx_t, identity), NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("otter_key"), NULL, ngx_http_otter_variable_text,
      offsetof(ngx_http_otter_ctx_t, key), NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("otter_session"), NULL, ngx_http_otter_variable_text,
      offsetof(ngx_http_otter_ctx_t, session), NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("otter_close_code"), NULL, ngx_http_otter_variable_code,
      0, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("otter_messages_in"), NULL, ngx_http_otter_variable_count,
      offsetof(ngx_http_otter_ctx_t, messages_in), NGX_HTTP_VAR_NOCACHEABLE,
      0 },

    { ngx_string("otter_messages_out"), NULL, ngx_http_otter_variable_count,
      offsetof(ngx_http_otter_ctx_t, messages_out), NGX_HTTP_VAR_NOCACHEABLE,
      0 },

      ngx_http_null_variable
};


ngx_int_t
ngx_http_otter_add_variables(ngx_conf_t *cf)
{
    ngx_http_variable_t  *var, *v;

    for (v = ngx_http_otter_vars; v->name.len; v++) {
        var = ngx_http_add_variable(cf, &v->name, v->flags);
        if (var == NULL) {
            return NGX_ERROR;
        }

        var->get_handler = v->get_handler;
        var->data = v->data;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_otter_variable_text(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_str_t             *text;
    ngx_http_otter_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_otter_module);

    text = ctx ? (ngx_str_t *) ((char *) ctx + data) : NULL;

    if (text == NULL || text->len == 0) {

        /* it may be asked for before the request is handled */

        ngx_http_otter_peek(r);

        ctx = ngx_http_get_module_ctx(r, ngx_http_otter_module);
        text = ctx ? (ngx_str_t *) ((char *) ctx + data) : NULL;
    }

    if (text == NULL || text->len == 0) {
        v->not_found = 1;
        return NGX_OK;
    }

    v->len = text->len;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;
    v->data = text->data;

    return NGX_OK;
}


static ngx_int_t
ngx_http_otter_variable_code(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_http_otter_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_otter_module);

    if (ctx == NULL || ctx->close_code == 0) {
        v->not_found = 1;
        return NGX_OK;
    }

    return ngx_http_otter_variable_number(r, v, ctx->close_code);
}


/* of sockets only: other requests carry no messages */

static ngx_int_t
ngx_http_otter_variable_count(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_http_otter_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_otter_module);

    if (ctx == NULL || ctx->peer.len == 0) {
        v->not_found = 1;
        return NGX_OK;
    }

    return ngx_http_otter_variable_number(r, v,
                                     *(uint64_t *) ((char *) ctx + data));
}


static ngx_int_t
ngx_http_otter_variable_number(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uint64_t number)
{
    v->data = ngx_pnalloc(r->pool, NGX_INT64_LEN);
    if (v->data == NULL) {
        return NGX_ERROR;
    }

    v->len = ngx_sprintf(v->data, "%uL", number) - v->data;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;

    return NGX_OK;
}
