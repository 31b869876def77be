
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_remote.h"
#include "ngx_otter_remote_script.h"
#include "ngx_otter_look.h"


enum {
    NGX_OTTER_LOOK_ROUNDS = 8          /* over names of rooms that are gone */
};

typedef struct {
    ngx_otter_look_t  *look;
    ngx_str_t         *room;
} ngx_otter_look_one_t;


static ngx_otter_look_t *ngx_otter_look_create(
    void (*done)(ngx_otter_look_t *look), void *caller);
static void ngx_otter_look_rooms(ngx_otter_look_t *look);
static ngx_int_t ngx_otter_look_one(ngx_otter_look_t *look, ngx_str_t *room);
static void ngx_otter_look_seen(redisReply *reply, void *data);
static void ngx_otter_look_missing(ngx_str_t *name);
static void ngx_otter_look_choose(ngx_otter_look_t *look);
static int ngx_libc_cdecl ngx_otter_look_compare(const void *one,
    const void *two);
static ngx_uint_t ngx_otter_look_here(ngx_str_t *name);


static ngx_otter_look_t *
ngx_otter_look_create(void (*done)(ngx_otter_look_t *look), void *caller)
{
    ngx_pool_t        *pool;
    ngx_otter_look_t  *look;

    pool = ngx_create_pool(4096, ngx_cycle->log);
    if (pool == NULL) {
        return NULL;
    }

    look = ngx_pcalloc(pool, sizeof(ngx_otter_look_t));

    if (look == NULL
        || ngx_array_init(&look->names, pool, 64, sizeof(ngx_str_t))
           != NGX_OK)
    {
        ngx_destroy_pool(pool);
        return NULL;
    }

    look->pool = pool;
    look->done = done;
    look->caller = caller;

    return look;
}


ngx_int_t
ngx_otter_look_room(ngx_str_t *room, void (*done)(ngx_otter_look_t *look),
    void *caller, ngx_otter_look_t **lookp)
{
    ngx_otter_look_t  *look;

    if (!ngx_otter_remote_up() || ngx_otter_look_here(room)) {
        return NGX_DECLINED;
    }

    look = ngx_otter_look_create(done, caller);
    if (look == NULL) {
        return NGX_ERROR;
    }

    look->rooms = ngx_palloc(look->pool, sizeof(ngx_str_t) + room->len);

    if (look->rooms == NULL) {
        ngx_destroy_pool(look->pool);
        return NGX_ERROR;
    }

    look->rooms->data = (u_char *) (look->rooms + 1);
    look->rooms->len = room->len;
    ngx_memcpy(look->rooms->data, room->data, room->len);
    look->n_rooms = 1;

    if (ngx_otter_look_one(look, look->rooms) != NGX_OK) {
        ngx_destroy_pool(look->pool);
        return NGX_DECLINED;
    }

    look->left = 1;
    *lookp = look;

    return NGX_AGAIN;
}


/* after, pattern and limit of the page are to outlive the look */

ngx_int_t
ngx_otter_look_page(ngx_otter_room_page_t *page,
    void (*done)(ngx_otter_look_t *look), void *caller,
    ngx_otter_look_t **lookp)
{
    u_char            *p;
    ngx_otter_look_t  *look;

    if (!ngx_otter_remote_up()) {
        return NGX_DECLINED;
    }

    look = ngx_otter_look_create(done, caller);
    if (look == NULL) {
        return NGX_ERROR;
    }

    p = ngx_pnalloc(look->pool, page->after.len + page->pattern.len);

    if (p == NULL) {
        ngx_destroy_pool(look->pool);
        return NGX_ERROR;
    }

    look->after.data = p;
    look->after.len = page->after.len;
    p = ngx_cpymem(p, page->after.data, page->after.len);
    look->pattern.data = p;
    look->pattern.len = page->pattern.len;
    ngx_memcpy(p, page->pattern.data, page->pattern.len);
    look->limit = ngx_min(page->limit, NGX_OTTER_LOOK_MAX - 1);

    *lookp = look;

    ngx_otter_index_list(look);

    return NGX_AGAIN;
}


/* the last answer of a round brings the next one, or the end */

void
ngx_otter_look_answered(ngx_otter_look_t *look)
{
    ngx_uint_t  i;

    if (--look->left) {
        return;
    }

    if (look->limit && look->rooms == NULL) {
        ngx_otter_look_choose(look);
        ngx_otter_look_rooms(look);
        return;
    }

    if (look->gone && look->limit && look->rounds < NGX_OTTER_LOOK_ROUNDS) {

        /* others may follow in the place of those that are gone */

        look->rounds++;
        look->gone = 0;
        look->rooms = NULL;
        look->names.nelts = 0;
        ngx_otter_index_list(look);
        return;
    }

    if (look->done) {
        look->done(look);
    }

    for (i = 0; i < look->n_rooms; i++) {
        ngx_otter_remote_forsake(&look->rooms[i]);
    }

    ngx_destroy_pool(look->pool);
}


/* the first of all names that were found */

static void
ngx_otter_look_choose(ngx_otter_look_t *look)
{
    ngx_qsort(look->names.elts, look->names.nelts, sizeof(ngx_str_t),
              ngx_otter_look_compare);

    look->n_rooms = ngx_min(look->names.nelts, look->limit + 1);
    look->rooms = ngx_palloc(look->pool,
                             (look->n_rooms + 1) * sizeof(ngx_str_t));

    if (look->rooms == NULL) {
        look->n_rooms = 0;
        look->limit = 0;
        return;
    }

    ngx_memcpy(look->rooms, look->names.elts,
               look->n_rooms * sizeof(ngx_str_t));
}


static int ngx_libc_cdecl
ngx_otter_look_compare(const void *one, const void *two)
{
    const ngx_str_t  *a = one, *b = two;

    return (int) ngx_memn2cmp(a->data, b->data, a->len, b->len);
}


static void
ngx_otter_look_rooms(ngx_otter_look_t *look)
{
    ngx_uint_t  i;

    look->left = 1;

    for (i = 0; i < look->n_rooms; i++) {

        if (!ngx_otter_look_here(&look->rooms[i])
            && ngx_otter_look_one(look, &look->rooms[i]) == NGX_OK)
        {
            look->left++;
        }
    }

    ngx_otter_look_answered(look);
}


static ngx_int_t
ngx_otter_look_one(ngx_otter_look_t *look, ngx_str_t *room)
{
    ngx_otter_call_t       call;
    ngx_otter_look_one_t  *one;

    one = ngx_palloc(look->pool, sizeof(ngx_otter_look_one_t));
    if (one == NULL) {
        return NGX_ERROR;
    }

    one->look = look;
    one->room = room;

    ngx_otter_call_init(&call, room, 0);

    return ngx_otter_redis_script(ngx_otter_remote_redis, &call.key,
                                  &ngx_otter_script_look, call.argc,
                                  call.argv, ngx_otter_look_seen, one);
}


static void
ngx_otter_look_seen(redisReply *reply, void *data)
{
    ngx_otter_look_one_t  *one = data;

    if (ngx_otter_remote_says(reply, "ok")) {
        (void) ngx_otter_remote_apply(one->room, reply, 1);

    } else if (ngx_otter_remote_says(reply, "none")) {
        one->look->gone++;
        ngx_otter_index_remove(one->room);
        ngx_otter_look_missing(one->room);
    }

    ngx_otter_look_answered(one->look);
}


/* a room that was kept here was closed by another host, or is lost */

static void
ngx_otter_look_missing(ngx_str_t *name)
{
    ngx_otter_room_t  *room;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    room = ngx_otter_zone_room(ngx_otter_remote_zone, name);

    if (room && room->kept && room->n == 0
        && ngx_queue_empty(&room->expected) && !room->ruled
        && ngx_otter_remote_settled() && ngx_time() > room->created + 3)
    {
        ngx_otter_zone_room_free(ngx_otter_remote_zone, room);
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);
}


/* 1: this host has members there, so it knows all of the others */

static ngx_uint_t
ngx_otter_look_here(ngx_str_t *name)
{
    ngx_uint_t         here;
    ngx_otter_room_t  *room;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    room = ngx_otter_zone_room(ngx_otter_remote_zone, name);

    here = (room && room->n > room->remote);

    ngx_otter_zone_unlock(ngx_otter_remote_zone);

    return here;
}
