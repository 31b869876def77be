
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_cache.h"


enum {
    NGX_OTTER_CACHE_SHIFT = 6,         /* the least size is 64 */
    NGX_OTTER_CACHE_CLASSES = 7,       /* the largest one 4096 */
    NGX_OTTER_CACHE_KEPT = 512 * 1024  /* bytes of a class */
};


typedef struct ngx_otter_cached_s  ngx_otter_cached_t;

struct ngx_otter_cached_s {
    ngx_otter_cached_t        *next;
};

typedef struct {
    ngx_otter_cached_t        *first;
    size_t                     kept;   /* bytes */
} ngx_otter_cache_class_t;


static ngx_uint_t ngx_otter_cache_class(size_t size);


static ngx_otter_cache_class_t  ngx_otter_cache[NGX_OTTER_CACHE_CLASSES];


static ngx_uint_t
ngx_otter_cache_class(size_t size)
{
    ngx_uint_t  n;

    n = 0;
    size = (size - 1) >> NGX_OTTER_CACHE_SHIFT;

    while (size) {
        size >>= 1;
        n++;
    }

    return n;
}


void *
ngx_otter_cache_alloc(size_t size)
{
    ngx_uint_t           n;
    ngx_otter_cached_t  *p;

    n = ngx_otter_cache_class(size);

    if (n >= NGX_OTTER_CACHE_CLASSES) {
        return malloc(size);
    }

    p = ngx_otter_cache[n].first;
    size = (size_t) 1 << (n + NGX_OTTER_CACHE_SHIFT);

    if (p) {
        ngx_otter_cache[n].first = p->next;
        ngx_otter_cache[n].kept -= size;
        return p;
    }

    return malloc(size);
}


void
ngx_otter_cache_free(void *p, size_t size)
{
    ngx_uint_t           n;
    ngx_otter_cached_t  *cached;

    n = ngx_otter_cache_class(size);

    if (n >= NGX_OTTER_CACHE_CLASSES
        || ngx_otter_cache[n].kept >= NGX_OTTER_CACHE_KEPT)
    {
        ngx_free(p);
        return;
    }

    cached = p;
    cached->next = ngx_otter_cache[n].first;

    ngx_otter_cache[n].first = cached;
    ngx_otter_cache[n].kept += (size_t) 1 << (n + NGX_OTTER_CACHE_SHIFT);
}


void
ngx_otter_cache_exit(void)
{
    ngx_uint_t           n;
    ngx_otter_cached_t  *p;

    for (n = 0; n < NGX_OTTER_CACHE_CLASSES; n++) {

        while (ngx_otter_cache[n].first) {
            p = ngx_otter_cache[n].first;
            ngx_otter_cache[n].first = p->next;
            ngx_free(p);
        }

        ngx_otter_cache[n].kept = 0;
    }
}
