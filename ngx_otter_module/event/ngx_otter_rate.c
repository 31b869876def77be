
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_rate.h"


enum {
    NGX_OTTER_RATE_SECOND = 1000000,   /* microseconds */
    NGX_OTTER_RATE_KEPT = 10           /* seconds after the last request */
};

/* "due" is when the bucket will be empty, in microseconds */

typedef struct {
    ngx_str_node_t    node;            /* by the key's id */
    ngx_queue_t       queue;           /* in sh->rated */
    uint64_t          due;
    u_char            id[1];
} ngx_otter_rate_t;


static ngx_otter_rate_t *ngx_otter_rate_get(ngx_otter_zone_t *zone,
    ngx_str_t *id, uint64_t now);
static ngx_otter_rate_t *ngx_otter_rate_add(ngx_otter_zone_t *zone,
    ngx_str_t *id, uint32_t hash);
static void ngx_otter_rate_expire(ngx_otter_zone_t *zone, uint64_t now);
static void ngx_otter_rate_drop(ngx_otter_zone_t *zone);


ngx_msec_t
ngx_otter_rate_take(ngx_otter_zone_t *zone, ngx_str_t *id, ngx_uint_t rate)
{
    uint64_t           now, interval, most;
    ngx_msec_t         wait;
    ngx_otter_rate_t  *bucket;

    now = (uint64_t) ngx_current_msec * 1000;
    interval = NGX_OTTER_RATE_SECOND / rate;
    most = NGX_OTTER_RATE_SECOND - interval;
    wait = 0;

    ngx_otter_zone_lock(zone);

    bucket = ngx_otter_rate_get(zone, id, now);

    if (bucket == NULL) {
        ngx_otter_zone_unlock(zone);
        return NGX_OTTER_RATE_NO_MEMORY;
    }

    if (bucket->due < now) {
        bucket->due = now;
    }

    if (bucket->due - now > most) {
        wait = (ngx_msec_t) ((bucket->due - now - most) / 1000 + 1);

    } else {
        bucket->due += interval;
    }

    ngx_otter_zone_unlock(zone);

    return wait;
}


static ngx_otter_rate_t *
ngx_otter_rate_get(ngx_otter_zone_t *zone, ngx_str_t *id, uint64_t now)
{
    uint32_t           hash;
    ngx_otter_rate_t  *bucket;

    hash = ngx_crc32_short(id->data, id->len);

    bucket = (ngx_otter_rate_t *) ngx_str_rbtree_lookup(&zone->sh->rates, id,
                                                        hash);

    if (bucket == NULL) {
        ngx_otter_rate_expire(zone, now);

        bucket = ngx_otter_rate_add(zone, id, hash);

        if (bucket == NULL) {
            return NULL;
        }

    } else {
        ngx_queue_remove(&bucket->queue);
    }

    ngx_queue_insert_head(&zone->sh->rated, &bucket->queue);

    return bucket;
}


/* in a zone that is full the least used key starts anew */

static ngx_otter_rate_t *
ngx_otter_rate_add(ngx_otter_zone_t *zone, ngx_str_t *id, uint32_t hash)
{
    size_t             size;
    ngx_otter_rate_t  *bucket;

    size = offsetof(ngx_otter_rate_t, id) + id->len;

    bucket = ngx_slab_alloc_locked(zone->shpool, size);

    if (bucket == NULL && !ngx_queue_empty(&zone->sh->rated)) {
        ngx_otter_rate_drop(zone);

        bucket = ngx_slab_alloc_locked(zone->shpool, size);
    }

    if (bucket == NULL) {
        return NULL;
    }

    bucket->due = 0;
    bucket->node.str.data = bucket->id;
    bucket->node.str.len = id->len;
    ngx_memcpy(bucket->id, id->data, id->len);

    bucket->node.node.key = hash;
    ngx_rbtree_insert(&zone->sh->rates, &bucket->node.node);

    return bucket;
}


/* two at a time are enough: they are added one by one */

static void
ngx_otter_rate_expire(ngx_otter_zone_t *zone, uint64_t now)
{
    ngx_uint_t         n;
    ngx_queue_t       *q;
    ngx_otter_rate_t  *bucket;

    for (n = 0; n < 2 && !ngx_queue_empty(&zone->sh->rated); n++) {
        q = ngx_queue_last(&zone->sh->rated);
        bucket = ngx_queue_data(q, ngx_otter_rate_t, queue);

        if (bucket->due
            + (uint64_t) NGX_OTTER_RATE_KEPT * NGX_OTTER_RATE_SECOND
            > now)
        {
            return;
        }

        ngx_otter_rate_drop(zone);
    }
}


static void
ngx_otter_rate_drop(ngx_otter_zone_t *zone)
{
    ngx_queue_t       *q;
    ngx_otter_rate_t  *bucket;

    q = ngx_queue_last(&zone->sh->rated);
    bucket = ngx_queue_data(q, ngx_otter_rate_t, queue);

    ngx_queue_remove(q);
    ngx_rbtree_delete(&zone->sh->rates, &bucket->node.node);
    ngx_slab_free_locked(zone->shpool, bucket);
}
