
/*
 * Copyright (C) Otter contributors
 */

/*
 * Who a request is of, for variables that are asked for before it is handled:
 * by limit_conn, limit_req and the like.  Only a credential that is good
 * counts, and nothing is answered: that is the handler's part.
 */


#include "ngx_http_otter_module.h"
#include "ngx_http_otter_websocket.h"


static ngx_int_t ngx_http_otter_peek_protocol(ngx_http_request_t *r,
    ngx_str_t *token);
static void ngx_http_otter_peek_key(ngx_http_request_t *r,
    ngx_http_otter_ctx_t *ctx, ngx_str_t *presented);
static void ngx_http_otter_peek_token(ngx_http_request_t *r,
    ngx_http_otter_ctx_t *ctx, ngx_str_t *text);


void
ngx_http_otter_peek(ngx_http_request_t *r)
{
    ngx_str_t              credential;
    ngx_http_otter_ctx_t  *ctx;

    if (r->content_handler != ngx_http_otter_handler) {
        return;
    }

    ctx = ngx_http_otter_get_ctx(r);

    if (ctx == NULL || ctx->peeked) {
        return;
    }

    ctx->peeked = 1;

    if (ngx_http_otter_bearer(r, &credential) != NGX_OK
        && ngx_http_otter_peek_protocol(r, &credential) != NGX_OK)
    {
        return;
    }

    if (credential.len >= 4 && ngx_strncmp(credential.data, "otk_", 4) == 0) {
        ngx_http_otter_peek_key(r, ctx, &credential);

    } else {
        ngx_http_otter_peek_token(r, ctx, &credential);
    }
}


/* browsers can't set a header */

static ngx_int_t
ngx_http_otter_peek_protocol(ngx_http_request_t *r, ngx_str_t *token)
{
    size_t      len;
    ngx_str_t   list, item;
    ngx_uint_t  n;

    len = sizeof(NGX_HTTP_OTTER_BEARER) - 1;

    for (n = 0;
         ngx_http_otter_header_in(r, "sec-websocket-protocol", n, &list)
         == NGX_OK;
         n++)
    {
        while (ngx_http_otter_handshake_next(&list, &item)) {

            if (item.len > len
                && ngx_strncmp(item.data, NGX_HTTP_OTTER_BEARER, len) == 0)
            {
                token->data = item.data + len;
                token->len = item.len - len;
                return NGX_OK;
            }
        }
    }

    return NGX_DECLINED;
}


static void
ngx_http_otter_peek_key(ngx_http_request_t *r, ngx_http_otter_ctx_t *ctx,
    ngx_str_t *presented)
{
    const otter_apikey_t  *key;

    if (ngx_http_otter_find_key(r, presented, &key) != OTTER_APIKEY_OK) {
        return;
    }

    /* the table may be another one before the request has ended */

    ctx->key.data = ngx_pnalloc(r->pool, key->id.len);

    if (ctx->key.data) {
        ctx->key.len = key->id.len;
        ngx_memcpy(ctx->key.data, key->id.data, key->id.len);
    }
}


static void
ngx_http_otter_peek_token(ngx_http_request_t *r, ngx_http_otter_ctx_t *ctx,
    ngx_str_t *text)
{
    otter_span_t    token;
    otter_claims_t  claims;

    token.data = text->data;
    token.len = text->len;

    if (ngx_http_otter_verify(r, &token, &claims) != OTTER_TOKEN_OK) {
        return;
    }

    ctx->key.data = (u_char *) claims.iss.data;
    ctx->key.len = claims.iss.len;

    /* what the handler knows is no less true */

    if (ctx->room.len == 0) {
        ctx->room.data = (u_char *) claims.room.data;
        ctx->room.len = claims.room.len;
        ctx->identity.data = (u_char *) claims.sub.data;
        ctx->identity.len = claims.sub.len;
    }
}
