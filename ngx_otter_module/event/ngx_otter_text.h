
/*
 * Copyright (C) Otter contributors
 */

/*
 * A text that grows on the heap.  A failed allocation is remembered and asked
 * for once, at the end.
 */


#ifndef NGX_OTTER_TEXT_H_INCLUDED
#define NGX_OTTER_TEXT_H_INCLUDED


#include <ngx_config.h>
#include <ngx_core.h>


typedef struct {
    u_char               *data;
    size_t                len;
    size_t                size;
    unsigned              failed:1;
} ngx_otter_text_t;


void ngx_otter_text_init(ngx_otter_text_t *text);
void ngx_otter_text_free(ngx_otter_text_t *text);

void ngx_otter_text_more(ngx_otter_text_t *text, const void *data,
    size_t len);

/* in line, for the length of a literal is known to the compiler */

static ngx_inline void
ngx_otter_text_add(ngx_otter_text_t *text, const void *data, size_t len)
{
    if (len == 0) {
        return;
    }

    if (len <= text->size - text->len) {
        ngx_memcpy(text->data + text->len, data, len);
        text->len += len;
        return;
    }

    ngx_otter_text_more(text, data, len);
}


static ngx_inline void
ngx_otter_text_add_string(ngx_otter_text_t *text, const char *string)
{
    ngx_otter_text_add(text, string, ngx_strlen(string));
}

/* as a JSON string, with quotes */

void ngx_otter_text_add_json(ngx_otter_text_t *text, const u_char *data,
    size_t len);

/* as RFC 3339, with quotes */

void ngx_otter_text_add_time(ngx_otter_text_t *text, time_t seconds);
void ngx_otter_text_add_number(ngx_otter_text_t *text, uint64_t number);


#endif /* NGX_OTTER_TEXT_H_INCLUDED */
