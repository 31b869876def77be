
/*
 * Copyright (C) Otter contributors
 */

/*
 * An upgrade of the binary (USR2).  The new master goes on with the zone of
 * the one before and with its eventfds, so that workers of both see the same
 * rooms and reach each other, as after a reload.  For that the memory of the
 * zone is a memfd; its number and those of the eventfds come to the new binary
 * by the environment, as nginx's listening sockets do.
 */


#ifndef NGX_OTTER_INHERIT_H_INCLUDED
#define NGX_OTTER_INHERIT_H_INCLUDED


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * A new zone: puts a memfd in the place of its memory, and makes the slab
 * pool in it anew.  Where there is no memfd to be had it stays as it is, and
 * is not handed on.
 */

ngx_int_t ngx_otter_inherit_share(ngx_shm_zone_t *shm_zone);

/*
 * Takes over the zone of the binary before: it is mapped where it was there,
 * and shm_zone->shm.addr changed.  The first member of what the pool's data
 * points to must be "layout".  NGX_DECLINED: there is none, or none that can
 * be used, which is logged.
 */

ngx_int_t ngx_otter_inherit_take(ngx_shm_zone_t *shm_zone,
    ngx_uint_t layout);

/* descriptors that came with a zone taken over; how many */

ngx_uint_t ngx_otter_inherit_events(int *fds, ngx_uint_t n);

/* hands them and the zone on to a binary that this master may start */

ngx_int_t ngx_otter_inherit_pass(ngx_cycle_t *cycle, const int *fds,
    ngx_uint_t n);


#endif /* NGX_OTTER_INHERIT_H_INCLUDED */
