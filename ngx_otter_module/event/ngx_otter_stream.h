
/*
 * Copyright (C) Otter contributors
 */

/*
 * What waits for a member that is away, also as a stream in Redis, so that
 * another host can go on with the session when this one is no more.  The
 * zone stays what counts; the stream follows it, written by any worker, at
 * the end of each turn of the loop.  docs/redis.md describes it.
 */


#ifndef NGX_OTTER_STREAM_H_INCLUDED
#define NGX_OTTER_STREAM_H_INCLUDED


#include "ngx_otter_redis.h"
#include "ngx_otter_zone.h"


/* in a worker with Redis */

void ngx_otter_stream_init(ngx_cycle_t *cycle);


/* with the lock held */

/* it has gone away; it is back, or no member any more */

void ngx_otter_stream_begin(ngx_otter_member_t *m);
void ngx_otter_stream_end(ngx_otter_member_t *m);

/* something in the room has changed; how much its members have sent has */

void ngx_otter_stream_room(ngx_otter_room_t *room);
void ngx_otter_stream_heard(ngx_otter_room_t *room);

/* all of it, for that host alone */

ngx_int_t ngx_otter_stream_give(ngx_otter_member_t *m, const u_char *host);


/* once in a second, by one worker: what did not get there, again */

void ngx_otter_stream_tick(void);


/* within ngx_otter_stream*.c: what was written and is not answered */

typedef struct {
    u_char                 id[NGX_OTTER_ID_LEN];
    u_char                 resume[32];     /* another one: it was away again */
    ngx_uint_t             given;          /* all of it, for another host */
} ngx_otter_stream_sent_t;

void ngx_otter_stream_answer(redisReply *reply, void *data);

/* with the lock held: it is written at the end of this turn */

void ngx_otter_stream_due(ngx_otter_member_t *m);


#endif /* NGX_OTTER_STREAM_H_INCLUDED */
