
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_members.h"


static ngx_uint_t ngx_http_otter_member(ngx_http_otter_members_t *m,
    const char *name, otter_value_t *value);
static void ngx_http_otter_member_wrong(ngx_http_otter_members_t *m,
    const char *name, const char *must);


void
ngx_http_otter_members_init(ngx_http_otter_members_t *m,
    ngx_http_request_t *r, const otter_object_t *root)
{
    m->request = r;
    m->root = root;
    m->detail = NULL;
}


static ngx_uint_t
ngx_http_otter_member(ngx_http_otter_members_t *m, const char *name,
    otter_value_t *value)
{
    if (m->detail) {
        return 0;
    }

    otter_object_get(m->root, name, value);

    return value->type != OTTER_VALUE_ABSENT;
}


ngx_uint_t
ngx_http_otter_member_string(ngx_http_otter_members_t *m, const char *name,
    ngx_str_t *value)
{
    otter_value_t  member;

    if (!ngx_http_otter_member(m, name, &member)) {
        return 0;
    }

    if (member.type != OTTER_VALUE_STRING) {
        ngx_http_otter_member_wrong(m, name, "a string");
        return 0;
    }

    value->data = (u_char *) member.text.data;
    value->len = member.text.len;

    return 1;
}


ngx_uint_t
ngx_http_otter_member_name(ngx_http_otter_members_t *m, const char *name,
    int (*valid)(const unsigned char *data, size_t len), const char *must,
    ngx_str_t *value)
{
    if (!ngx_http_otter_member_string(m, name, value)) {
        return 0;
    }

    if (!valid(value->data, value->len)) {
        ngx_http_otter_member_wrong(m, name, must);
        return 0;
    }

    return 1;
}


ngx_uint_t
ngx_http_otter_member_number(ngx_http_otter_members_t *m, const char *name,
    int64_t min, int64_t max, int64_t *value)
{
    u_char         *must, *last;
    otter_value_t   member;

    if (!ngx_http_otter_member(m, name, &member)) {
        return 0;
    }

    if (member.type == OTTER_VALUE_INTEGER
        && member.number >= min && member.number <= max)
    {
        *value = member.number;
        return 1;
    }

    must = ngx_pnalloc(m->request->pool,
                       sizeof("an integer from  to ") + 2 * NGX_INT64_LEN);

    if (must) {
        if (max == INT64_MAX) {
            last = ngx_sprintf(must, "an integer of at least %L", min);

        } else {
            last = ngx_sprintf(must, "an integer from %L to %L", min, max);
        }

        *last = '\0';
    }

    ngx_http_otter_member_wrong(m, name,
                                must ? (char *) must : "an integer");

    return 0;
}


ngx_uint_t
ngx_http_otter_member_flag(ngx_http_otter_members_t *m, const char *name,
    ngx_int_t *value)
{
    otter_value_t  member;

    if (!ngx_http_otter_member(m, name, &member)) {
        return 0;
    }

    if (member.type != OTTER_VALUE_TRUE && member.type != OTTER_VALUE_FALSE) {
        ngx_http_otter_member_wrong(m, name, "true or false");
        return 0;
    }

    *value = member.type == OTTER_VALUE_TRUE;

    return 1;
}


ngx_uint_t
ngx_http_otter_member_object(ngx_http_otter_members_t *m, const char *name,
    size_t max, ngx_str_t *text)
{
    size_t         len;
    otter_value_t  member;

    if (!ngx_http_otter_member(m, name, &member)) {
        return 0;
    }

    if (member.type != OTTER_VALUE_OTHER || !json_is_object(member.tree)) {
        ngx_http_otter_member_wrong(m, name, "an object");
        return 0;
    }

    len = json_dumpb(member.tree, NULL, 0, JSON_COMPACT);

    if (len == 0 || len > max) {
        ngx_http_otter_member_wrong(m, name, "smaller");
        return 0;
    }

    text->data = ngx_pnalloc(m->request->pool, len);

    if (text->data == NULL
        || json_dumpb(member.tree, (char *) text->data, len, JSON_COMPACT)
           != len)
    {
        ngx_http_otter_member_wrong(m, name, "smaller");
        return 0;
    }

    text->len = len;

    return 1;
}


ngx_uint_t
ngx_http_otter_member_null(ngx_http_otter_members_t *m, const char *name)
{
    otter_value_t  member;

    return ngx_http_otter_member(m, name, &member)
           && member.type == OTTER_VALUE_NULL;
}


void
ngx_http_otter_member_needed(ngx_http_otter_members_t *m, const char *name)
{
    if (m->detail == NULL) {
        ngx_http_otter_member_wrong(m, name, "given");
    }
}


ngx_int_t
ngx_http_otter_members_done(ngx_http_otter_members_t *m)
{
    if (m->detail == NULL) {
        return NGX_OK;
    }

    return ngx_http_otter_problem(m->request, NGX_HTTP_BAD_REQUEST,
                                  "bad-member", m->detail);
}


static void
ngx_http_otter_member_wrong(ngx_http_otter_members_t *m, const char *name,
    const char *must)
{
    u_char  *detail, *last;

    detail = ngx_pnalloc(m->request->pool, sizeof("\"\" must be ")
                         + ngx_strlen(name) + ngx_strlen(must));

    if (detail == NULL) {
        m->detail = name;
        return;
    }

    last = ngx_sprintf(detail, "\"%s\" must be %s", name, must);
    *last = '\0';

    m->detail = (char *) detail;
}
