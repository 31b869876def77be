
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_module.h"


typedef struct {
    const char  *suffix;
    const char  *type;
} ngx_http_otter_type_t;


static const char *ngx_http_otter_file_type(ngx_str_t *path);
static ngx_int_t ngx_http_otter_file_headers(ngx_http_request_t *r,
    ngx_str_t *path);
static ngx_int_t ngx_http_otter_file_output(ngx_http_request_t *r,
    ngx_str_t *name, ngx_open_file_info_t *of);


/* a site's own "types" may lack some of these, and nosniff forgives nothing */

static const ngx_http_otter_type_t  ngx_http_otter_types[] = {
    { ".js", "text/javascript" },
    { ".css", "text/css" },
    { ".svg", "image/svg+xml" },
    { ".woff2", "font/woff2" },
    { ".wasm", "application/wasm" },
    { ".webmanifest", "application/manifest+json" },
    { ".json", "application/json" },
    { ".map", "application/json" },
    { ".png", "image/png" },
    { ".jpg", "image/jpeg" },
    { ".webp", "image/webp" },
    { ".ico", "image/x-icon" },
    { ".mp3", "audio/mpeg" },
    { ".ogg", "audio/ogg" },
    { ".txt", "text/plain; charset=utf-8" },
    { NULL, "application/octet-stream" }
};


ngx_int_t
ngx_http_otter_file_send(ngx_http_request_t *r, ngx_str_t *path)
{
    ngx_int_t              rc;
    ngx_str_t              name;
    ngx_open_file_info_t   of;

    rc = ngx_http_otter_file_open(r, path, &name, &of);

    if (rc == NGX_DECLINED) {
        return ngx_http_otter_problem(r, NGX_HTTP_NOT_FOUND, "not-found",
                                      "nothing lies at this path");
    }

    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_http_discard_request_body(r);
    if (rc != NGX_OK) {
        return rc;
    }

    r->headers_out.status = NGX_HTTP_OK;
    r->headers_out.content_length_n = of.size;
    r->headers_out.last_modified_time = of.mtime;
    r->allow_ranges = 1;

    ngx_http_otter_content_type(r, ngx_http_otter_file_type(path));

    if (ngx_http_set_etag(r) != NGX_OK
        || ngx_http_otter_file_headers(r, path) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_otter_file_output(r, &name, &of);
}


ngx_int_t
ngx_http_otter_file_open(ngx_http_request_t *r, ngx_str_t *path,
    ngx_str_t *name, ngx_open_file_info_t *of)
{
    u_char                     *p;
    ngx_uint_t                  level;
    ngx_http_core_loc_conf_t   *clcf;
    ngx_http_otter_srv_conf_t  *oscf;

    oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);
    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    name->len = oscf->web_root.len + 1 + path->len;
    name->data = ngx_pnalloc(r->pool, name->len + 1);

    if (name->data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    p = ngx_sprintf(name->data, "%V/%V", &oscf->web_root, path);
    *p = '\0';

    ngx_memzero(of, sizeof(ngx_open_file_info_t));

    of->read_ahead = clcf->read_ahead;
    of->directio = clcf->directio;
    of->valid = clcf->open_file_cache_valid;
    of->min_uses = clcf->open_file_cache_min_uses;
    of->errors = clcf->open_file_cache_errors;
    of->events = clcf->open_file_cache_events;

    if (ngx_http_set_disable_symlinks(r, clcf, name, of) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ngx_open_cached_file(clcf->open_file_cache, name, of, r->pool)
        == NGX_OK)
    {
        return of->is_file ? NGX_OK : NGX_DECLINED;
    }

    switch (of->err) {

    case 0:
        return NGX_HTTP_INTERNAL_SERVER_ERROR;

    case NGX_ENOENT:
    case NGX_ENOTDIR:
    case NGX_ENAMETOOLONG:
    case NGX_EACCES:
    case NGX_ELOOP:
#if (NGX_HAVE_OPENAT)
    case NGX_EMLINK:
#endif
        level = NGX_LOG_ERR;
        break;

    default:
        level = NGX_LOG_CRIT;
    }

    if (of->err != NGX_ENOENT || clcf->log_not_found) {
        ngx_log_error(level, r->connection->log, of->err, "%s \"%V\" failed",
                      of->failed, name);
    }

    return level == NGX_LOG_ERR ? NGX_DECLINED
                                : NGX_HTTP_INTERNAL_SERVER_ERROR;
}


static const char *
ngx_http_otter_file_type(ngx_str_t *path)
{
    size_t                        len;
    const ngx_http_otter_type_t  *t;

    for (t = ngx_http_otter_types; t->suffix; t++) {
        len = ngx_strlen(t->suffix);

        if (path->len > len
            && ngx_memcmp(path->data + path->len - len, t->suffix, len) == 0)
        {
            break;
        }
    }

    return t->type;
}


static ngx_int_t
ngx_http_otter_file_headers(ngx_http_request_t *r, ngx_str_t *path)
{
    const char  *kept;

    kept = "no-cache";

    if (ngx_strncmp(path->data, "assets/", sizeof("assets/") - 1) == 0) {

        /* their names have a hash of what is in them */

        kept = "public, max-age=31536000, immutable";
    }

    if (ngx_strncmp(path->data, "sdk/", sizeof("sdk/") - 1) == 0
        && ngx_http_otter_header_set(r, "Access-Control-Allow-Origin", "*")
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_http_otter_header_set(r, "Cache-Control", kept) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_otter_header_set(r, "X-Content-Type-Options", "nosniff");
}


/* as ngx_http_static_handler() does */

static ngx_int_t
ngx_http_otter_file_output(ngx_http_request_t *r, ngx_str_t *name,
    ngx_open_file_info_t *of)
{
    ngx_int_t     rc;
    ngx_buf_t    *b;
    ngx_chain_t   out;

    if (r != r->main && of->size == 0) {
        return ngx_http_send_header(r);
    }

    b = ngx_calloc_buf(r->pool);
    if (b == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    b->file = ngx_pcalloc(r->pool, sizeof(ngx_file_t));
    if (b->file == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_send_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    b->file_pos = 0;
    b->file_last = of->size;

    b->in_file = b->file_last ? 1 : 0;
    b->last_buf = (r == r->main) ? 1 : 0;
    b->last_in_chain = 1;
    b->sync = (b->last_buf || b->in_file) ? 0 : 1;

    b->file->fd = of->fd;
    b->file->name = *name;
    b->file->log = r->connection->log;
    b->file->directio = of->is_directio;

    out.buf = b;
    out.next = NULL;

    return ngx_http_output_filter(r, &out);
}
