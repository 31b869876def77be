
/*
 * Copyright (C) Otter contributors
 */

/*
 * Commands as the protocol writes them, and the queue of those that wait for
 * their reply.
 */


#include "ngx_otter_redis_connection.h"
#include "ngx_otter_cache.h"

#include <ngx_sha1.h>


static void ngx_otter_redis_script_name(ngx_otter_redis_script_t *script);
static ngx_uint_t ngx_otter_redis_script_known(ngx_otter_redis_conn_t *conn,
    ngx_otter_redis_script_t *script);
static size_t ngx_otter_redis_script_size(ngx_otter_redis_request_t *request);
static u_char *ngx_otter_redis_script_write(u_char *p,
    ngx_otter_redis_conn_t *conn, ngx_otter_redis_request_t *request);


size_t
ngx_otter_redis_text_size(ngx_uint_t argc, const ngx_str_t *argv)
{
    size_t      size;
    ngx_uint_t  i;

    size = NGX_OTTER_REDIS_HEAD;

    for (i = 0; i < argc; i++) {
        size += NGX_OTTER_REDIS_ARG + argv[i].len;
    }

    return size;
}


u_char *
ngx_otter_redis_write_head(u_char *p, ngx_uint_t argc)
{
    return ngx_sprintf(p, "*%ui" CRLF, argc);
}


u_char *
ngx_otter_redis_write_len(u_char *p, size_t len)
{
    return ngx_sprintf(p, "$%uz" CRLF, len);
}


u_char *
ngx_otter_redis_write_arg(u_char *p, const void *data, size_t len)
{
    p = ngx_otter_redis_write_len(p, len);
    p = ngx_cpymem(p, data, len);

    *p++ = CR;
    *p++ = LF;

    return p;
}


ngx_otter_redis_request_t *
ngx_otter_redis_request_create(ngx_otter_redis_reply_pt handler, void *data,
    size_t text)
{
    size_t                      size;
    ngx_otter_redis_request_t  *request;

    size = sizeof(ngx_otter_redis_request_t) + text;

    request = ngx_otter_cache_alloc(size);
    if (request == NULL) {
        return NULL;
    }

    ngx_memzero(request, sizeof(ngx_otter_redis_request_t));

    request->handler = handler;
    request->data = data;
    request->size = size;
    request->left = 1;
    request->slot = NGX_OTTER_REDIS_NO_SLOT;

    return request;
}


void
ngx_otter_redis_request_free(ngx_otter_redis_request_t *request)
{
    ngx_otter_cache_free(request, request->size);
}


void
ngx_otter_redis_request_done(ngx_otter_redis_request_t *request,
    redisReply *reply)
{
    if (request->handler) {
        request->handler(reply, request->data);
    }

    ngx_otter_redis_request_free(request);
}


void
ngx_otter_redis_requests_init(ngx_otter_redis_requests_t *requests)
{
    requests->first = NULL;
    requests->last = &requests->first;
}


void
ngx_otter_redis_requests_add(ngx_otter_redis_requests_t *requests,
    ngx_otter_redis_request_t *request)
{
    request->next = NULL;

    *requests->last = request;
    requests->last = &request->next;
}


ngx_otter_redis_request_t *
ngx_otter_redis_requests_shift(ngx_otter_redis_requests_t *requests)
{
    ngx_otter_redis_request_t  *request;

    request = requests->first;

    if (request == NULL) {
        return NULL;
    }

    requests->first = request->next;

    if (requests->first == NULL) {
        requests->last = &requests->first;
    }

    return request;
}


ngx_int_t
ngx_otter_redis_send(ngx_otter_redis_conn_t *conn, ngx_uint_t argc,
    const ngx_str_t *argv, ngx_otter_redis_reply_pt handler, void *data)
{
    u_char                     *p;
    ngx_uint_t                  i;
    ngx_otter_redis_request_t  *request;

    request = ngx_otter_redis_request_create(handler, data, 0);
    if (request == NULL) {
        return NGX_ERROR;
    }

    p = ngx_otter_redis_conn_reserve(conn,
                                     ngx_otter_redis_text_size(argc, argv));
    if (p == NULL) {
        ngx_otter_redis_request_free(request);
        return NGX_ERROR;
    }

    p = ngx_otter_redis_write_head(p, argc);

    for (i = 0; i < argc; i++) {
        p = ngx_otter_redis_write_arg(p, argv[i].data, argv[i].len);
    }

    ngx_otter_redis_conn_commit(conn, p, request);

    return NGX_OK;
}


ngx_int_t
ngx_otter_redis_send_kept(ngx_otter_redis_conn_t *conn,
    ngx_otter_redis_request_t *request)
{
    u_char  *p;
    size_t   size;

    size = request->len;

    if (request->script) {
        size += ngx_otter_redis_script_size(request);
    }

    p = ngx_otter_redis_conn_reserve(conn, size);
    if (p == NULL) {
        return NGX_ERROR;
    }

    if (request->script) {
        p = ngx_otter_redis_script_write(p, conn, request);
    }

    p = ngx_cpymem(p, request->text, request->len);

    ngx_otter_redis_conn_commit(conn, p, request);

    return NGX_OK;
}


/*
 * The server has no script that this connection has not sent: so EVAL is the
 * first call and EVALSHA the others, and NOSCRIPT comes only when somebody
 * flushes them.
 */

static u_char *
ngx_otter_redis_script_write(u_char *p, ngx_otter_redis_conn_t *conn,
    ngx_otter_redis_request_t *request)
{
    size_t                     head, body;
    ngx_otter_redis_script_t  *script;

    script = request->script;

    p = ngx_otter_redis_write_head(p, request->argc);

    if (ngx_otter_redis_script_known(conn, script)) {
        p = ngx_otter_redis_write_arg(p, "EVALSHA", sizeof("EVALSHA") - 1);

        return ngx_otter_redis_write_arg(p, script->sha1,
                                         sizeof(script->sha1));
    }

    head = ngx_strlen(script->head);
    body = ngx_strlen(script->body);

    p = ngx_otter_redis_write_arg(p, "EVAL", sizeof("EVAL") - 1);
    p = ngx_otter_redis_write_len(p, head + body);
    p = ngx_cpymem(p, script->head, head);
    p = ngx_cpymem(p, script->body, body);

    *p++ = CR;
    *p++ = LF;

    if (conn->nscripts < NGX_OTTER_REDIS_SCRIPTS_MAX) {
        conn->scripts[conn->nscripts++] = script;
    }

    return p;
}


static size_t
ngx_otter_redis_script_size(ngx_otter_redis_request_t *request)
{
    if (request->script->sha1[0] == '\0') {
        ngx_otter_redis_script_name(request->script);
    }

    return NGX_OTTER_REDIS_HEAD
           + NGX_OTTER_REDIS_ARG + sizeof("EVALSHA")
           + NGX_OTTER_REDIS_ARG + sizeof(request->script->sha1)
           + ngx_strlen(request->script->head)
           + ngx_strlen(request->script->body);
}


static void
ngx_otter_redis_script_name(ngx_otter_redis_script_t *script)
{
    u_char      digest[20];
    ngx_sha1_t  sha1;

    ngx_sha1_init(&sha1);
    ngx_sha1_update(&sha1, script->head, ngx_strlen(script->head));
    ngx_sha1_update(&sha1, script->body, ngx_strlen(script->body));
    ngx_sha1_final(digest, &sha1);

    ngx_hex_dump(script->sha1, digest, sizeof(digest));
}


static ngx_uint_t
ngx_otter_redis_script_known(ngx_otter_redis_conn_t *conn,
    ngx_otter_redis_script_t *script)
{
    ngx_uint_t  i;

    for (i = 0; i < conn->nscripts; i++) {
        if (conn->scripts[i] == script) {
            return 1;
        }
    }

    return 0;
}


void
ngx_otter_redis_script_forget(ngx_otter_redis_conn_t *conn,
    ngx_otter_redis_script_t *script)
{
    ngx_uint_t  i;

    for (i = 0; i < conn->nscripts; i++) {
        if (conn->scripts[i] == script) {
            conn->scripts[i] = conn->scripts[--conn->nscripts];
            return;
        }
    }
}


ngx_uint_t
ngx_otter_redis_is_error(redisReply *reply, const char *word)
{
    size_t  len;

    len = ngx_strlen(word);

    return reply->type == REDIS_REPLY_ERROR && reply->len >= len
           && ngx_memcmp(reply->str, word, len) == 0
           && (reply->len == len || reply->str[len] == ' ');
}
