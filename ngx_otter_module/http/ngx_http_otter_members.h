
/*
 * Copyright (C) Otter contributors
 */

/*
 * The members of a JSON object that a client sent, each of them optional.
 * The first one that is not what it should be is remembered, those after it
 * are not looked at, and the end answers.
 */


#ifndef NGX_HTTP_OTTER_MEMBERS_H_INCLUDED
#define NGX_HTTP_OTTER_MEMBERS_H_INCLUDED


#include "ngx_http_otter_module.h"


typedef struct {
    ngx_http_request_t    *request;
    const otter_object_t  *root;
    const char            *detail;     /* NULL: all is well */
} ngx_http_otter_members_t;


void ngx_http_otter_members_init(ngx_http_otter_members_t *m,
    ngx_http_request_t *r, const otter_object_t *root);

/* each: 1 when the member is there and good; *value counts only then */

ngx_uint_t ngx_http_otter_member_string(ngx_http_otter_members_t *m,
    const char *name, ngx_str_t *value);

/* a string that valid() takes, or it "must be" what must says */

ngx_uint_t ngx_http_otter_member_name(ngx_http_otter_members_t *m,
    const char *name, int (*valid)(const unsigned char *data, size_t len),
    const char *must, ngx_str_t *value);

/* an integer; INT64_MAX is no bound */

ngx_uint_t ngx_http_otter_member_number(ngx_http_otter_members_t *m,
    const char *name, int64_t min, int64_t max, int64_t *value);
ngx_uint_t ngx_http_otter_member_flag(ngx_http_otter_members_t *m,
    const char *name, ngx_int_t *value);

/* an object, as compact text of at most max bytes */

ngx_uint_t ngx_http_otter_member_object(ngx_http_otter_members_t *m,
    const char *name, size_t max, ngx_str_t *text);

/* 1: the member is there and null */

ngx_uint_t ngx_http_otter_member_null(ngx_http_otter_members_t *m,
    const char *name);

/* a member that may not be absent is */

void ngx_http_otter_member_needed(ngx_http_otter_members_t *m,
    const char *name);

/* NGX_OK, or a problem has been sent */

ngx_int_t ngx_http_otter_members_done(ngx_http_otter_members_t *m);


#endif /* NGX_HTTP_OTTER_MEMBERS_H_INCLUDED */
