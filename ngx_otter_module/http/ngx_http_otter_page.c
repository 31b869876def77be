
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_module.h"
#include "otter_name.h"


enum {
    NGX_HTTP_OTTER_INDEX_MAX = 1024 * 1024
};


static ngx_uint_t ngx_http_otter_page_is_index(ngx_str_t *path);
static ngx_uint_t ngx_http_otter_page_is_admin(ngx_str_t *path);
static ngx_uint_t ngx_http_otter_page_is_file(ngx_str_t *path);
static ngx_uint_t ngx_http_otter_page_ends(ngx_str_t *path,
    const char *suffix);
static ngx_uint_t ngx_http_otter_page_is_mistyped(ngx_str_t *path);
static ngx_uint_t ngx_http_otter_page_wanted(ngx_http_request_t *r);
static ngx_int_t ngx_http_otter_page_index(ngx_http_request_t *r,
    ngx_uint_t status);
static ngx_int_t ngx_http_otter_page_read(ngx_http_request_t *r,
    ngx_open_file_info_t *of, ngx_str_t *name, ngx_str_t *text);
static ngx_int_t ngx_http_otter_page_fill(ngx_http_request_t *r,
    ngx_str_t *text, ngx_str_t *page);
static ngx_int_t ngx_http_otter_page_config(ngx_http_request_t *r,
    ngx_str_t *config);
static ngx_int_t ngx_http_otter_page_headers(ngx_http_request_t *r,
    ngx_str_t *page);
static ngx_int_t ngx_http_otter_page_csp(ngx_http_request_t *r);


ngx_int_t
ngx_http_otter_page_handler(ngx_http_request_t *r)
{
    ngx_str_t  path;

    ngx_http_otter_path(r, &path);

    if (ngx_http_otter_page_is_index(&path)) {
        return ngx_http_otter_page_index(r, NGX_HTTP_OK);
    }

    if (ngx_http_otter_page_is_mistyped(&path)) {

        /* the page says so to people */

        if (ngx_http_otter_page_wanted(r)) {
            return ngx_http_otter_page_index(r, NGX_HTTP_NOT_FOUND);
        }

        return ngx_http_otter_problem(r, NGX_HTTP_NOT_FOUND, "not-found",
                                      "that is no name of a room");
    }

    return ngx_http_otter_file_send(r, &path);
}


ngx_uint_t
ngx_http_otter_page_known(ngx_str_t *path)
{
    return ngx_http_otter_page_is_index(path)
           || ngx_http_otter_page_is_mistyped(path)
           || ngx_http_otter_page_is_file(path);
}


/* a link to a room, but for the name */

static ngx_uint_t
ngx_http_otter_page_is_mistyped(ngx_str_t *path)
{
    size_t  len;

    len = sizeof("room/") - 1;

    return path->len >= len && ngx_strncmp(path->data, "room/", len) == 0
           && !ngx_http_otter_page_is_index(path);
}


/* does a browser ask, to show it? */

static ngx_uint_t
ngx_http_otter_page_wanted(ngx_http_request_t *r)
{
    ngx_str_t  accept;

    return ngx_http_otter_header_in(r, "accept", 0, &accept) == NGX_OK
           && ngx_strlcasestrn(accept.data, accept.data + accept.len,
                               (u_char *) "text/html",
                               sizeof("text/html") - 2)
              != NULL;
}


/* the app looks at the rest of the address by itself */

static ngx_uint_t
ngx_http_otter_page_is_index(ngx_str_t *path)
{
    size_t  len;

    len = sizeof("room/") - 1;

    return path->len == 0
           || ngx_http_otter_page_is_admin(path)
           || (path->len == 5 && ngx_strncmp(path->data, "check", 5) == 0)
           || (path->len > len
               && ngx_strncmp(path->data, "room/", len) == 0
               && otter_room_name_valid(path->data + len, path->len - len));
}


static ngx_uint_t
ngx_http_otter_page_is_admin(ngx_str_t *path)
{
    return path->len == sizeof("admin") - 1
           && ngx_strncmp(path->data, "admin", path->len) == 0;
}


/*
 * Files that the build makes, and no others: below assets/ and sdk/, and the
 * few that browsers look for at the top.  No part of a path is empty or
 * begins with a dot, so none leads out of the root.
 */

static ngx_uint_t
ngx_http_otter_page_is_file(ngx_str_t *path)
{
    u_char  *p, *last;

    p = path->data;
    last = p + path->len;

    for ( /* void */ ; p < last; p++) {
        if ((p == path->data || p[-1] == '/') && (*p == '/' || *p == '.')) {
            return 0;
        }

        if (*p < ' ' || *p == 0x7f) {
            return 0;
        }
    }

    if (path->len == 0 || last[-1] == '/') {
        return 0;
    }

    if (ngx_strlchr(path->data, last, '/')) {
        return (path->len > 7 && ngx_strncmp(path->data, "assets/", 7) == 0)
               || (path->len > 4 && ngx_strncmp(path->data, "sdk/", 4) == 0);
    }

    return ngx_http_otter_page_ends(path, ".svg")
           || ngx_http_otter_page_ends(path, ".png")
           || ngx_http_otter_page_ends(path, ".ico")
           || ngx_http_otter_page_ends(path, ".webmanifest")
           || (path->len == 5 && ngx_strncmp(path->data, "sw.js", 5) == 0);
}


static ngx_uint_t
ngx_http_otter_page_ends(ngx_str_t *path, const char *suffix)
{
    size_t  len;

    len = ngx_strlen(suffix);

    return path->len > len
           && ngx_memcmp(path->data + path->len - len, suffix, len) == 0;
}


static ngx_int_t
ngx_http_otter_page_index(ngx_http_request_t *r, ngx_uint_t status)
{
    ngx_int_t              rc;
    ngx_str_t              path, name, text, page;
    ngx_open_file_info_t   of;

    ngx_str_set(&path, "index.html");

    rc = ngx_http_otter_file_open(r, &path, &name, &of);

    if (rc == NGX_DECLINED) {
        return ngx_http_otter_problem(r, NGX_HTTP_NOT_FOUND, "no-web-app",
                                      "the web app is not installed here: "
                                      "see \"otter_web_root\"");
    }

    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_http_discard_request_body(r);
    if (rc != NGX_OK) {
        return rc;
    }

    if (ngx_http_otter_page_read(r, &of, &name, &text) != NGX_OK
        || ngx_http_otter_page_fill(r, &text, &page) != NGX_OK
        || ngx_http_otter_page_headers(r, &page) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    r->headers_out.status = status;

    return ngx_http_otter_output(r, "text/html; charset=utf-8", &page);
}


static ngx_int_t
ngx_http_otter_page_read(ngx_http_request_t *r, ngx_open_file_info_t *of,
    ngx_str_t *name, ngx_str_t *text)
{
    ssize_t     n;
    ngx_file_t  file;

    if (of->size > NGX_HTTP_OTTER_INDEX_MAX) {
        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "\"%V\" is too large for a page", name);
        return NGX_ERROR;
    }

    text->len = (size_t) of->size;
    text->data = ngx_pnalloc(r->pool, text->len + 1);

    if (text->data == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(&file, sizeof(ngx_file_t));

    file.fd = of->fd;
    file.name = *name;
    file.log = r->connection->log;

    n = ngx_read_file(&file, text->data, text->len, 0);

    if (n == NGX_ERROR) {
        return NGX_ERROR;
    }

    text->len = n;

    return NGX_OK;
}


/* puts the configuration where the build has left a place for it */

static ngx_int_t
ngx_http_otter_page_fill(ngx_http_request_t *r, ngx_str_t *text,
    ngx_str_t *page)
{
    u_char                     *p, *mark, *last;
    ngx_str_t                   config;
    ngx_otter_text_t            out;
    ngx_http_otter_srv_conf_t  *oscf;

    oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);

    if (ngx_http_otter_page_config(r, &config) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_otter_text_init(&out);

    p = text->data;
    last = p + text->len;

    for (mark = p; mark < last; /* void */) {

        if (last - mark >= 14
            && ngx_strncmp(mark, "%OTTER_PREFIX%", 14) == 0)
        {
            ngx_otter_text_add(&out, p, mark - p);
            ngx_otter_text_add(&out, oscf->prefix.data, oscf->prefix.len);
            mark += 14;
            p = mark;

        } else if (last - mark >= 14
                   && ngx_strncmp(mark, "%OTTER_CONFIG%", 14) == 0)
        {
            ngx_otter_text_add(&out, p, mark - p);
            ngx_otter_text_add(&out, config.data, config.len);
            mark += 14;
            p = mark;

        } else {
            mark++;
        }
    }

    ngx_otter_text_add(&out, p, last - p);

    return ngx_http_otter_text_take(r, &out, page);
}


/* JSON, escaped for an attribute of HTML */

static ngx_int_t
ngx_http_otter_page_config(ngx_http_request_t *r, ngx_str_t *config)
{
    ngx_str_t                   json;
    ngx_otter_text_t            text;
    ngx_http_otter_srv_conf_t  *oscf;

    oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);

    ngx_otter_text_init(&text);
    ngx_otter_text_add_string(&text, "{\"prefix\":");
    ngx_otter_text_add_json(&text, oscf->prefix.data, oscf->prefix.len);
    ngx_otter_text_add_string(&text, oscf->guests ? ",\"guests\":true"
                                                  : ",\"guests\":false");
    ngx_otter_text_add_string(&text, ",\"max_peers\":");
    ngx_otter_text_add_number(&text, oscf->max_peers);

    if (oscf->logo.len) {
        ngx_otter_text_add_string(&text, ",\"logo\":");
        ngx_otter_text_add_json(&text, oscf->logo.data, oscf->logo.len);
    }

    if (oscf->stylesheet.len) {
        ngx_otter_text_add_string(&text, ",\"stylesheet\":");
        ngx_otter_text_add_json(&text, oscf->stylesheet.data,
                                oscf->stylesheet.len);
    }

    ngx_otter_text_add_string(&text, "}");

    if (ngx_http_otter_text_take(r, &text, &json) != NGX_OK) {
        return NGX_ERROR;
    }

    config->len = json.len + ngx_escape_html(NULL, json.data, json.len);
    config->data = ngx_pnalloc(r->pool, config->len);

    if (config->data == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_escape_html(config->data, json.data, json.len);

    return NGX_OK;
}


static ngx_int_t
ngx_http_otter_page_headers(ngx_http_request_t *r, ngx_str_t *page)
{
    ngx_table_elt_t  *etag;

    static const char  permissions[] =
        "camera=(self), microphone=(self), display-capture=(self), "
        "autoplay=(self), fullscreen=(self), picture-in-picture=(self), "
        "screen-wake-lock=(self), speaker-selection=(self), geolocation=(), "
        "payment=(), usb=()";

    etag = ngx_http_otter_push_header(r, "ETag");
    if (etag == NULL) {
        return NGX_ERROR;
    }

    etag->value.data = ngx_pnalloc(r->pool, sizeof("\"01234567-\"")
                                            + NGX_SIZE_T_LEN);
    if (etag->value.data == NULL) {
        return NGX_ERROR;
    }

    /* of what is sent: the file stays when the configuration changes */

    etag->value.len = ngx_sprintf(etag->value.data, "\"%08xD-%xz\"",
                                  ngx_crc32_long(page->data, page->len),
                                  page->len)
                      - etag->value.data;

    r->headers_out.etag = etag;

    if (ngx_http_otter_page_csp(r) != NGX_OK
        || ngx_http_otter_header_set(r, "Cache-Control", "no-cache")
           != NGX_OK
        || ngx_http_otter_header_set(r, "Referrer-Policy", "no-referrer")
           != NGX_OK
        || ngx_http_otter_header_set(r, "X-Content-Type-Options", "nosniff")
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_otter_header_set(r, "Permissions-Policy", permissions);
}


static ngx_int_t
ngx_http_otter_page_csp(ngx_http_request_t *r)
{
    ngx_str_t                  *origin, value, path;
    ngx_uint_t                  i;
    ngx_otter_text_t            text;
    ngx_http_otter_srv_conf_t  *oscf;

    oscf = ngx_http_get_module_srv_conf(r, ngx_http_otter_module);

    ngx_otter_text_init(&text);
    ngx_otter_text_add_string(&text, "default-src 'self'; "
                              "script-src 'self'; style-src 'self'; "
                              "img-src 'self' blob: data:; "
                              "media-src 'self' blob:; "
                              "connect-src 'self' ws: wss:; "
                              "base-uri 'self'; form-action 'self'; "
                              "object-src 'none'; frame-ancestors ");

    ngx_http_otter_path(r, &path);

    if (ngx_http_otter_page_is_admin(&path)) {

        /* an API key is typed there */

        ngx_otter_text_add_string(&text, "'none'");

    } else if (oscf->any_origin) {
        ngx_otter_text_add_string(&text, "*");

    } else {
        ngx_otter_text_add_string(&text, "'self'");

        origin = oscf->allowed_origins ? oscf->allowed_origins->elts : NULL;

        for (i = 0; origin && i < oscf->allowed_origins->nelts; i++) {
            ngx_otter_text_add_string(&text, " ");
            ngx_otter_text_add(&text, origin[i].data, origin[i].len);
        }
    }

    if (ngx_http_otter_text_take(r, &text, &value) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_otter_header(r, "Content-Security-Policy", &value);
}
