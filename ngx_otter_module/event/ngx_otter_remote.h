
/*
 * Copyright (C) Otter contributors
 */

/*
 * Other hosts, by Redis.  docs/redis.md is the description of keys, channels
 * and scripts.  A host owns the members whose sockets are, or were last, at
 * one of its workers, and it alone writes what Redis knows of them; members
 * of other hosts stand in the zone with NGX_OTTER_SLOT_REMOTE.
 */


#ifndef NGX_OTTER_REMOTE_H_INCLUDED
#define NGX_OTTER_REMOTE_H_INCLUDED


#include "ngx_otter_redis.h"
#include "ngx_otter_room.h"
#include "ngx_otter_session.h"


enum {
    NGX_OTTER_LEASE = 6,               /* seconds that a host lives on after
                                          its last word */
    NGX_OTTER_LEASE_RENEW = 1,
    NGX_OTTER_LEASE_DOUBT = 3,         /* seconds without one, to be sure */
    NGX_OTTER_KEY_TTL = 30             /* of a room nobody renews */
};

/* what Redis keeps of a member: <host> <away> <resume> <timeout> <identity>
   <PEER>, with tabs between */

typedef struct {
    ngx_str_t                  host;
    ngx_uint_t                 away;
    ngx_str_t                  resume;         /* SHA-256, 64 hex digits */
    time_t                     timeout;
    ngx_str_t                  identity;
    ngx_str_t                  peer;
} ngx_otter_remote_record_t;


/* in a worker; NULL conf: there is no Redis, and nothing below does a thing */

ngx_int_t ngx_otter_remote_init_worker(ngx_cycle_t *cycle,
    ngx_otter_zone_t *zone, ngx_otter_redis_conf_t *conf, ngx_str_t *prefix);
void ngx_otter_remote_exit_worker(void);

/* 1: Redis is configured; 1: it can be reached now */

ngx_uint_t ngx_otter_remote_on(void);
ngx_uint_t ngx_otter_remote_up(void);


/*
 * A join, or a resume of a session that is not this host's: NGX_AGAIN, and
 * join->wake() is called when ngx_otter_session_join() is to be called again;
 * NGX_DECLINED: Redis is away, so this host decides alone.
 */

ngx_int_t ngx_otter_remote_join(ngx_otter_join_t *join);
ngx_int_t ngx_otter_remote_take(ngx_otter_join_t *join);

/* nobody waits for it any more */

void ngx_otter_remote_cancel(ngx_otter_join_t *join);

/* a session of this worker is in the room, and is not any more */

void ngx_otter_remote_enter(ngx_otter_room_t *room);
void ngx_otter_remote_exit(ngx_str_t *name);


/* with the zone's lock held: a member of this host changed, or is gone */

void ngx_otter_remote_changed(ngx_otter_member_t *m);
void ngx_otter_remote_left(ngx_otter_member_t *m, const char *reason);
void ngx_otter_remote_closed(ngx_otter_room_t *room, const char *reason);

/*
 * A message from a member of this host to the members of others, or to one
 * of them (to is not NULL).
 */

ngx_int_t ngx_otter_remote_publish(ngx_otter_room_t *room,
    ngx_otter_member_t *from, const u_char *to, ngx_otter_body_t *body);


/* within ngx_otter_remote_*.c */

typedef struct ngx_otter_channel_s  ngx_otter_channel_t;

/* a room's channel, while this worker has to do with it */

struct ngx_otter_channel_s {
    ngx_str_node_t             node;           /* by the room's name */
    ngx_queue_t                joins;          /* wait for the subscription */
    ngx_uint_t                 refs;           /* sessions and joins */
    ngx_uint_t                 ready;          /* it is subscribed */
    ngx_str_t                  name;           /* of the channel */
    u_char                     room[OTTER_ROOM_NAME_MAX];
};

/* a join or a resume that Redis is asked about */

typedef struct ngx_otter_remote_join_s  ngx_otter_remote_join_t;

struct ngx_otter_remote_join_s {
    ngx_queue_t                queue;          /* in the channel's joins */
    ngx_otter_join_t          *join;           /* NULL: nobody waits */
    ngx_otter_channel_t       *channel;
    void                     (*begin)(ngx_otter_remote_join_t *rj);
    ngx_str_t                  room;
    ngx_str_t                  identity;
    u_char                     id[NGX_OTTER_ID_LEN];
    u_char                     hash[32];       /* of the resume secret */
    u_char                     hex[64];
    ngx_otter_text_t           record;         /* of a resume: PEER */
    ngx_otter_text_t           blob;           /* what was handed over */
    ngx_uint_t                 max_peers;
    size_t                     held_max;
    time_t                     timeout;
    ngx_event_t                timer;
    ngx_uint_t                 tries;
    unsigned                   moderator:1;
};

extern ngx_otter_redis_t  *ngx_otter_remote_redis;
extern ngx_otter_zone_t   *ngx_otter_remote_zone;
extern ngx_str_t           ngx_otter_remote_prefix;

ngx_otter_channel_t *ngx_otter_channel_find(ngx_str_t *room);
ngx_otter_channel_t *ngx_otter_channel_get(ngx_str_t *room);
void ngx_otter_channel_release(ngx_otter_channel_t *channel);
void ngx_otter_channel_init(void);
void ngx_otter_channel_start(ngx_otter_channel_t *channel);
void ngx_otter_channel_give_up(ngx_otter_channel_t *channel);
void ngx_otter_channel_fail(void);
void ngx_otter_channel_each(void (*handler)(ngx_str_t *room));

/* the reply of JOIN, SET and TAKE: members and policy, told as differences */

ngx_int_t ngx_otter_remote_apply(ngx_str_t *name, redisReply *reply,
    ngx_uint_t max_peers);

/* one event or message of a channel; with no lock held */

void ngx_otter_remote_event(ngx_str_t *name, u_char *data, size_t len);
void ngx_otter_remote_message(ngx_str_t *name, u_char *data, size_t len);

/* asks Redis for the room as it is, and tells it of this host's members */

void ngx_otter_remote_sync(ngx_str_t *name);

ngx_int_t ngx_otter_remote_parse(ngx_str_t *text,
    ngx_otter_remote_record_t *record);
void ngx_otter_remote_write(ngx_otter_text_t *text, ngx_otter_member_t *m);

/*
 * With the lock held: Redis has a member of this host which the zone has not.
 * If that is still so in a while, for it may just be joining, Redis is told.
 */

void ngx_otter_remote_ghost(ngx_otter_room_t *room, ngx_str_t *id);

/* messages of other hosts may be missing: all are told */

void ngx_otter_remote_lost(ngx_str_t *room);

/* tells other hosts how much this one's members have sent */

void ngx_otter_remote_beat(ngx_str_t *room);

/* members of other hosts go with the last one of this host */

void ngx_otter_remote_forsake(ngx_str_t *room);

/*
 * The steps that a join and a resume have in common: made, begun as soon as
 * the channel is subscribed, what is sent to it held, done.
 */

ngx_otter_remote_join_t *ngx_otter_remote_join_create(ngx_otter_join_t *join);
void ngx_otter_remote_join_begin(ngx_otter_remote_join_t *rj);
ngx_int_t ngx_otter_remote_expect(ngx_otter_remote_join_t *rj,
    ngx_otter_join_t *join);
void ngx_otter_remote_join_done(ngx_otter_remote_join_t *rj,
    ngx_otter_join_stage_e stage, ngx_int_t rc);

/* the reply is a list that begins with that word */

ngx_uint_t ngx_otter_remote_says(redisReply *reply, const char *word);

/* the record of a member that is about to be */

void ngx_otter_remote_join_record(ngx_otter_remote_join_t *rj,
    ngx_otter_join_t *join);

/* with the lock held: what another host handed over */

void ngx_otter_remote_unpack(ngx_otter_member_t *m, ngx_otter_text_t *text);

/* with the lock held: members that are away may have missed messages */

void ngx_otter_remote_stranger(ngx_otter_room_t *room);

ngx_int_t ngx_otter_remote_leave(ngx_str_t *room, const u_char *id,
    const char *reason);

/* with the lock held: a room made or changed by the API */

void ngx_otter_remote_policy(ngx_otter_room_t *room);

/* a request to this host: let go of a session */

void ngx_otter_remote_request(u_char *data, size_t len);

/* leases; called once in a second, and when Redis has come up */

void ngx_otter_remote_tick(void);
void ngx_otter_remote_host_up(void);

/* 1: Redis has been there long enough for other hosts to be back, too */

ngx_uint_t ngx_otter_remote_settled(void);


#endif /* NGX_OTTER_REMOTE_H_INCLUDED */
