
/*
 * Copyright (C) Otter contributors
 */

/*
 * A look at rooms that are not on this host: what Redis knows of a room, or
 * of those that follow a name, is put into the zone for as long as it takes
 * to answer a request.
 */


#ifndef NGX_OTTER_LOOK_H_INCLUDED
#define NGX_OTTER_LOOK_H_INCLUDED


#include "ngx_otter_remote.h"
#include "ngx_otter_room.h"


enum {
    NGX_OTTER_LOOK_MAX = 128           /* rooms */
};

struct ngx_otter_look_s {
    ngx_pool_t                *pool;           /* its own */
    ngx_str_t                  after;          /* of a page */
    ngx_str_t                  pattern;
    ngx_uint_t                 limit;
    ngx_array_t                names;          /* of ngx_str_t: found */
    ngx_str_t                 *rooms;          /* looked at */
    ngx_uint_t                 n_rooms;
    ngx_uint_t                 left;           /* answers to come */
    ngx_uint_t                 rounds;
    ngx_uint_t                 gone;           /* names of no room */

    /* the rooms are in the zone until it returns; NULL: nobody waits */

    void                     (*done)(ngx_otter_look_t *look);
    void                      *caller;
};


/*
 * NGX_AGAIN: done() will be called, and the look freed after that;
 * NGX_DECLINED: there is nobody to ask; NGX_ERROR: no memory.
 */

ngx_int_t ngx_otter_look_room(ngx_str_t *room,
    void (*done)(ngx_otter_look_t *look), void *caller,
    ngx_otter_look_t **lookp);
ngx_int_t ngx_otter_look_page(ngx_otter_room_page_t *page,
    void (*done)(ngx_otter_look_t *look), void *caller,
    ngx_otter_look_t **lookp);


#endif /* NGX_OTTER_LOOK_H_INCLUDED */
