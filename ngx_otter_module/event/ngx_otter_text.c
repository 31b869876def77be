
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_text.h"
#include "otter_json.h"
#include "otter_time.h"


static u_char *ngx_otter_text_reserve(ngx_otter_text_t *text, size_t len);


void
ngx_otter_text_init(ngx_otter_text_t *text)
{
    ngx_memzero(text, sizeof(ngx_otter_text_t));
}


void
ngx_otter_text_free(ngx_otter_text_t *text)
{
    if (text->data) {
        ngx_free(text->data);
    }

    ngx_otter_text_init(text);
}


static u_char *
ngx_otter_text_reserve(ngx_otter_text_t *text, size_t len)
{
    u_char  *data;
    size_t   size;

    if (text->failed) {
        return NULL;
    }

    if (len > text->size - text->len) {
        size = ngx_max(text->size * 2, text->len + len);
        size = ngx_max(size, 512);

        data = realloc(text->data, size);
        if (data == NULL) {
            text->failed = 1;
            return NULL;
        }

        text->data = data;
        text->size = size;
    }

    return text->data + text->len;
}


void
ngx_otter_text_more(ngx_otter_text_t *text, const void *data, size_t len)
{
    u_char  *p;

    p = ngx_otter_text_reserve(text, len);

    if (p) {
        ngx_memcpy(p, data, len);
        text->len += len;
    }
}


void
ngx_otter_text_add_json(ngx_otter_text_t *text, const u_char *data,
    size_t len)
{
    u_char  *p;

    p = ngx_otter_text_reserve(text, otter_json_escaped_size(data, len) + 2);

    if (p) {
        *p++ = '"';
        p = otter_json_escape(p, data, len);
        *p++ = '"';

        text->len = p - text->data;
    }
}


void
ngx_otter_text_add_time(ngx_otter_text_t *text, time_t seconds)
{
    u_char  *p;

    p = ngx_otter_text_reserve(text, OTTER_TIME_SIZE + 2);

    if (p) {
        *p++ = '"';
        otter_time_format(p, seconds);
        p += OTTER_TIME_SIZE;
        *p = '"';

        text->len += OTTER_TIME_SIZE + 2;
    }
}


void
ngx_otter_text_add_number(ngx_otter_text_t *text, uint64_t number)
{
    u_char  *p;

    p = ngx_otter_text_reserve(text, NGX_INT64_LEN);

    if (p) {
        text->len = ngx_sprintf(p, "%uL", number) - text->data;
    }
}
