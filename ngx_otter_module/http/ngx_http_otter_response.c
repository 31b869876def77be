
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_module.h"
#include "ngx_http_otter_status.h"


typedef struct {
    ngx_uint_t   status;
    const char  *title;
} ngx_http_otter_title_t;


static const char *ngx_http_otter_title(ngx_uint_t status);
static ngx_int_t ngx_http_otter_challenge(ngx_http_request_t *r,
    const char *code);
static ngx_int_t ngx_http_otter_prepare(ngx_http_request_t *r,
    ngx_uint_t status);
static ngx_int_t ngx_http_otter_unkept(ngx_http_request_t *r);


static const ngx_http_otter_title_t  ngx_http_otter_titles[] = {
    { 400, "Bad Request" },
    { 401, "Unauthorized" },
    { 403, "Forbidden" },
    { 404, "Not Found" },
    { 405, "Method Not Allowed" },
    { 408, "Request Timeout" },
    { 409, "Conflict" },
    { 413, "Content Too Large" },
    { 415, "Unsupported Media Type" },
    { 426, "Upgrade Required" },
    { 429, "Too Many Requests" },
    { 503, "Service Unavailable" }
};


ngx_int_t
ngx_http_otter_problem(ngx_http_request_t *r, ngx_uint_t status,
    const char *code, const char *detail)
{
    ngx_int_t         rc;
    ngx_str_t         body;
    ngx_uint_t        level;
    const char       *title;
    ngx_otter_text_t  text;

    level = status < 500 ? NGX_LOG_INFO : NGX_LOG_ERR;

    ngx_log_error(level, r->connection->log, 0, "otter: %ui %s: %s",
                  status, code, detail);

    ngx_http_otter_status_refused(code);

    title = ngx_http_otter_title(status);

    ngx_otter_text_init(&text);
    ngx_otter_text_add_string(&text, "{\"type\":\"about:blank\",\"status\":");
    ngx_otter_text_add_number(&text, status);
    ngx_otter_text_add_string(&text, ",\"title\":");
    ngx_otter_text_add_json(&text, (u_char *) title, ngx_strlen(title));
    ngx_otter_text_add_string(&text, ",\"detail\":");
    ngx_otter_text_add_json(&text, (u_char *) detail, ngx_strlen(detail));
    ngx_otter_text_add_string(&text, ",\"code\":");
    ngx_otter_text_add_json(&text, (u_char *) code, ngx_strlen(code));
    ngx_otter_text_add_string(&text, "}\n");

    if (ngx_http_otter_text_take(r, &text, &body) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (status == NGX_HTTP_UNAUTHORIZED
        && ngx_http_otter_challenge(r, code) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_otter_send(r, status, "application/problem+json", &body);

    return rc == NGX_OK ? NGX_AGAIN : rc;
}


static const char *
ngx_http_otter_title(ngx_uint_t status)
{
    ngx_uint_t  i, n;

    n = sizeof(ngx_http_otter_titles) / sizeof(ngx_http_otter_titles[0]);

    for (i = 0; i < n; i++) {
        if (ngx_http_otter_titles[i].status == status) {
            return ngx_http_otter_titles[i].title;
        }
    }

    return status < 500 ? "Bad Request" : "Internal Server Error";
}


/* RFC 6750, section 3: no error code where nothing was presented */

static ngx_int_t
ngx_http_otter_challenge(ngx_http_request_t *r, const char *code)
{
    ngx_table_elt_t  *h;

    h = ngx_http_otter_push_header(r, "WWW-Authenticate");
    if (h == NULL) {
        return NGX_ERROR;
    }

    if (ngx_strcmp(code, "auth-required") == 0) {
        ngx_str_set(&h->value, "Bearer realm=\"otter\"");

    } else {
        ngx_str_set(&h->value,
                    "Bearer realm=\"otter\", error=\"invalid_token\"");
    }

    /* auth_request takes it from here when this is its subrequest */

    r->headers_out.www_authenticate = h;

    return NGX_OK;
}


ngx_int_t
ngx_http_otter_not_allowed(ngx_http_request_t *r, const char *allow)
{
    if (ngx_http_otter_header_set(r, "Allow", allow) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_otter_problem(r, NGX_HTTP_NOT_ALLOWED,
                                  "method-not-allowed",
                                  "this path has other methods: see Allow");
}


ngx_int_t
ngx_http_otter_json(ngx_http_request_t *r, ngx_uint_t status, ngx_str_t *json)
{
    return ngx_http_otter_send(r, status, "application/json", json);
}


ngx_int_t
ngx_http_otter_text(ngx_http_request_t *r, ngx_uint_t status,
    ngx_otter_text_t *text)
{
    ngx_str_t  json;

    if (ngx_http_otter_text_take(r, text, &json) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_otter_json(r, status, &json);
}


ngx_int_t
ngx_http_otter_text_take(ngx_http_request_t *r, ngx_otter_text_t *text,
    ngx_str_t *str)
{
    str->len = text->len;
    str->data = text->failed ? NULL : ngx_pnalloc(r->pool, text->len);

    if (str->data) {
        ngx_memcpy(str->data, text->data, text->len);
    }

    ngx_otter_text_free(text);

    return str->data ? NGX_OK : NGX_ERROR;
}


ngx_int_t
ngx_http_otter_send(ngx_http_request_t *r, ngx_uint_t status,
    const char *type, ngx_str_t *body)
{
    ngx_int_t  rc;

    rc = ngx_http_otter_prepare(r, status);

    return rc == NGX_OK ? ngx_http_otter_output(r, type, body) : rc;
}


ngx_int_t
ngx_http_otter_output(ngx_http_request_t *r, const char *type,
    ngx_str_t *body)
{
    ngx_int_t     rc;
    ngx_buf_t    *b;
    ngx_chain_t   out;

    ngx_http_otter_content_type(r, type);
    r->headers_out.content_length_n = body->len;

    b = ngx_calloc_buf(r->pool);
    if (b == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_send_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    b->pos = body->data;
    b->last = body->data + body->len;
    b->memory = body->len ? 1 : 0;
    b->last_buf = (r == r->main) ? 1 : 0;
    b->last_in_chain = 1;

    out.buf = b;
    out.next = NULL;

    return ngx_http_output_filter(r, &out);
}


void
ngx_http_otter_content_type(ngx_http_request_t *r, const char *type)
{
    r->headers_out.content_type.data = (u_char *) type;
    r->headers_out.content_type.len = ngx_strlen(type);
    r->headers_out.content_type_len = strcspn(type, ";");
    r->headers_out.content_type_lowcase = NULL;
}


ngx_int_t
ngx_http_otter_no_content(ngx_http_request_t *r)
{
    ngx_int_t  rc;

    rc = ngx_http_otter_prepare(r, NGX_HTTP_NO_CONTENT);
    if (rc != NGX_OK) {
        return rc;
    }

    r->header_only = 1;

    return ngx_http_send_header(r);
}


/* what every answer has; a body that nobody read is thrown away */

static ngx_int_t
ngx_http_otter_prepare(ngx_http_request_t *r, ngx_uint_t status)
{
    ngx_int_t  rc;

    rc = ngx_http_discard_request_body(r);
    if (rc != NGX_OK) {
        return rc;
    }

    r->headers_out.status = status;

    /* If-Match and its like are about files */

    r->disable_not_modified = 1;

    if (ngx_http_otter_unkept(r) != NGX_OK
        || ngx_http_otter_cors(r) != NGX_OK
        || ngx_http_otter_header_set(r, "X-Content-Type-Options", "nosniff")
           != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return NGX_OK;
}


/* keeps the answer out of caches, unless its handler has said otherwise */

static ngx_int_t
ngx_http_otter_unkept(ngx_http_request_t *r)
{
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *header;

    for (part = &r->headers_out.headers.part; part; part = part->next) {
        header = part->elts;

        for (i = 0; i < part->nelts; i++) {
            if (header[i].hash
                && header[i].key.len == sizeof("Cache-Control") - 1
                && ngx_strncmp(header[i].key.data, "Cache-Control",
                               header[i].key.len)
                   == 0)
            {
                return NGX_OK;
            }
        }
    }

    return ngx_http_otter_header_set(r, "Cache-Control", "no-store");
}


ngx_table_elt_t *
ngx_http_otter_push_header(ngx_http_request_t *r, const char *name)
{
    ngx_table_elt_t  *h;

    h = ngx_list_push(&r->headers_out.headers);

    if (h) {
        ngx_memzero(h, sizeof(ngx_table_elt_t));

        h->hash = 1;
        h->key.data = (u_char *) name;
        h->key.len = ngx_strlen(name);
    }

    return h;
}


ngx_int_t
ngx_http_otter_header(ngx_http_request_t *r, const char *name,
    ngx_str_t *value)
{
    ngx_table_elt_t  *h;

    h = ngx_http_otter_push_header(r, name);
    if (h == NULL) {
        return NGX_ERROR;
    }

    h->value = *value;

    return NGX_OK;
}


ngx_int_t
ngx_http_otter_header_set(ngx_http_request_t *r, const char *name,
    const char *value)
{
    ngx_str_t  str;

    str.data = (u_char *) value;
    str.len = ngx_strlen(value);

    return ngx_http_otter_header(r, name, &str);
}
