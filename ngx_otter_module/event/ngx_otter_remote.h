
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


#include "ngx_otter_order.h"
#include "ngx_otter_redis.h"
#include "ngx_otter_room.h"
#include "ngx_otter_session.h"


enum {
    NGX_OTTER_LEASE = 6,               /* seconds that a host lives on after
                                          its last word */
    NGX_OTTER_LEASE_RENEW = 1,
    NGX_OTTER_LEASE_DOUBT = 3,         /* seconds without one, to be sure */
    NGX_OTTER_LEASE_FORGET = 4,        /* seconds that nobody looked for it */
    NGX_OTTER_KEY_TTL = 30,            /* of a room nobody renews */
    NGX_OTTER_REASON_SIZE = 16         /* why one left, with its end */
};

/*
 * What Redis keeps of a member: <host> <flags> <resume> <token> <identity>
 * <PEER>, with tabs between.  The flags are the sum of 1 away, 2 waiting, 4
 * guest, and 8 for each time that it came to another host; the token is
 * <resume timeout> <iat> <exp> <jti> and, if it is of an API key, <key>, with
 * spaces.
 */

typedef struct {
    ngx_str_t                  host;
    ngx_uint_t                 away;
    ngx_uint_t                 waiting;
    ngx_uint_t                 guest;
    ngx_uint_t                 moves;
    ngx_str_t                  resume;         /* SHA-256, 64 hex digits */
    time_t                     timeout;
    ngx_otter_grant_t          grant;
    ngx_str_t                  identity;
    ngx_str_t                  peer;
} ngx_otter_remote_record_t;


/* in a worker; NULL conf: there is no Redis, and nothing below does a thing */

ngx_int_t ngx_otter_remote_init_worker(ngx_cycle_t *cycle,
    ngx_otter_zone_t *zone, ngx_otter_redis_conf_t *conf, ngx_str_t *prefix);
void ngx_otter_remote_exit_worker(void);

/*
 * 1: Redis is configured; it can be reached now; this worker has just begun
 * and had no answer yet.
 */

ngx_uint_t ngx_otter_remote_on(void);
ngx_uint_t ngx_otter_remote_up(void);
ngx_uint_t ngx_otter_remote_starting(void);


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

/* this worker is asked to leave; another one lost its slot (lock held) */

void ngx_otter_remote_closing(void);
void ngx_otter_remote_deserted(ngx_otter_zone_t *zone, ngx_int_t slot);


/* with the zone's lock held: a member of this host changed, or is gone */

void ngx_otter_remote_changed(ngx_otter_member_t *m);
void ngx_otter_remote_left(ngx_otter_member_t *m, const char *reason);
void ngx_otter_remote_closed(ngx_otter_room_t *room, const char *reason);

/*
 * The room's time has come, but another host may have given it a later one:
 * NGX_OK: Redis is asked; NGX_DECLINED: this host decides alone.
 */

ngx_int_t ngx_otter_remote_expired(ngx_otter_room_t *room);

/*
 * NGX_AGAIN: Redis is asked; NGX_DECLINED: there is none, or it is away, so
 * that this host decides alone; NGX_ERROR: no memory.
 */

ngx_int_t ngx_otter_remote_order(ngx_otter_order_t *order);

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
    ngx_uint_t                 refs;           /* sessions, joins, keeper */
    ngx_uint_t                 ready;          /* it is subscribed */
    ngx_uint_t                 rounds;         /* that others listen, too */
    unsigned                   keeper:1;       /* a reference for members
                                                  that are not here */
    unsigned                   late:1;         /* nobody may have listened
                                                  before */
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
    ngx_otter_text_t           marks;          /* what was heard of each peer
                                                  when it was asked for */
    u_char                     host[NGX_OTTER_ID_LEN];  /* that has it */
    ngx_otter_text_t           key;            /* "key=<id>", for events */
    ngx_uint_t                 max_peers;
    ngx_otter_policy_t         policy;         /* as this host knows it */
    ngx_otter_grant_t          grant;
    size_t                     held_max;
    time_t                     timeout;
    ngx_uint_t                 moves;          /* with this one */
    ngx_event_t                timer;
    ngx_uint_t                 tries;
    ngx_uint_t                 looks;
    uint64_t                   seq;            /* that the client has seen */
    uint64_t                   told;           /* the last version of what
                                                  it had to hear */
    unsigned                   moderator:1;
    unsigned                   taking:1;       /* counted at the member */
    unsigned                   expecting:1;    /* counted as well */
    unsigned                   guest:1;
    unsigned                   was_guest:1;    /* the session taken */
    unsigned                   known:1;        /* policy is set */
    unsigned                   given:1;        /* its host let go of it */
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

ngx_uint_t ngx_otter_remote_number(redisReply *reply);
ngx_int_t ngx_otter_remote_apply(ngx_str_t *name, redisReply *reply,
    ngx_uint_t max_peers);

/* with the lock held: the record of one member */

void ngx_otter_remote_put(ngx_otter_room_t *room, ngx_str_t *id,
    ngx_otter_remote_record_t *record);

/* one event or message of a channel; with no lock held */

void ngx_otter_remote_event(ngx_str_t *name, u_char *data, size_t len);
void ngx_otter_remote_message(ngx_str_t *name, u_char *data, size_t len);

/*
 * The room was closed, by another host too, and that was its version.  With
 * the lock held: Redis knows of a room that was closed with that version; 1:
 * what an answer of that version tells was closed since.
 */

void ngx_otter_remote_ended(ngx_str_t *name, uint64_t version,
    const char *reason);
void ngx_otter_remote_closed_before(ngx_str_t *name, uint64_t version);
ngx_uint_t ngx_otter_remote_was_closed(ngx_str_t *name, uint64_t version);

/* asks Redis for the room as it is, and tells it of this host's members */

void ngx_otter_remote_sync(ngx_str_t *name);

ngx_int_t ngx_otter_remote_parse(ngx_str_t *text,
    ngx_otter_remote_record_t *record);
void ngx_otter_remote_write(ngx_otter_text_t *text, ngx_otter_member_t *m);
void ngx_otter_remote_record(ngx_otter_text_t *text,
    ngx_otter_remote_record_t *record);
ngx_int_t ngx_otter_remote_parse_jti(u_char *p, size_t len, u_char *jti);

/* with the lock held; the metadata stays the room's */

void ngx_otter_remote_policy_of(ngx_otter_room_t *room,
    ngx_otter_policy_t *policy);
ngx_int_t ngx_otter_remote_policy_call(ngx_str_t *room, uint64_t version,
    ngx_otter_policy_t *policy, const char *kept, const char *must,
    ngx_otter_redis_reply_pt handler, void *data);

/* with the lock held: what Redis knows of the policy; tells what differs */

void ngx_otter_remote_rule(ngx_otter_room_t *room,
    ngx_otter_policy_t *policy);

/* tokens that were put out: told to all hosts, and asked for again */

extern ngx_str_t  ngx_otter_remote_bans;       /* the channel, and the key */

ngx_int_t ngx_otter_remote_bans_init(void);
void ngx_otter_remote_bans_load(void);
void ngx_otter_remote_bans_heard(ngx_str_t *data);
void ngx_otter_remote_ban(ngx_str_t *room, ngx_str_t *identity,
    ngx_otter_grant_t *grant, ngx_uint_t denied);

/*
 * With the lock held: Redis has a member of this host which the zone has not.
 * If that is still so in a while, for it may just be joining, Redis is told.
 */

void ngx_otter_remote_ghost(ngx_otter_room_t *room, ngx_str_t *id);

/* the same for a room of which this host has no more than the name */

void ngx_otter_remote_close(ngx_str_t *room, uint64_t version,
    const char *reason);

/*
 * Redis could not be told that it left, and is when that is possible; an id
 * of zeroes: that the room was closed.
 */

void ngx_otter_remote_lingers(ngx_str_t *room, const u_char *id,
    const char *reason);

/*
 * With the lock held: messages of other hosts are missing, and all members
 * are to be told; and they are.
 */

void ngx_otter_remote_lost_init(ngx_cycle_t *cycle);
void ngx_otter_remote_lost(ngx_otter_room_t *room);
void ngx_otter_remote_tell_lost(ngx_otter_room_t *room);

/* with the lock held: a member of another host goes */

void ngx_otter_remote_vanish(ngx_otter_member_t *m);

/* asks other hosts how much their members have sent, for some may be lost */

void ngx_otter_remote_question(ngx_str_t *name);
void ngx_otter_remote_hear_again(ngx_str_t *name);
void ngx_otter_remote_ask(ngx_otter_room_t *room);
void ngx_otter_remote_owe(ngx_otter_room_t *room);

/* tells other hosts how much this worker's members have sent */

void ngx_otter_remote_beat(ngx_str_t *room);

/*
 * The last reference of a channel goes; with the lock held, a worker does
 * not listen any more, nobody who stays does; this worker does from now on.
 */

ngx_uint_t ngx_otter_remote_keep(ngx_otter_channel_t *channel);
void ngx_otter_remote_deaf(ngx_otter_zone_t *zone, ngx_otter_room_t *room,
    ngx_int_t slot);
ngx_uint_t ngx_otter_remote_orphan(ngx_otter_room_t *room);
void ngx_otter_remote_adopt(ngx_str_t *room);

/* the names of all rooms: one is there, or it is its turn to say so, or not */

enum {
    NGX_OTTER_INDEX_SHARDS = 16
};

typedef struct ngx_otter_look_s  ngx_otter_look_t;

void ngx_otter_index_add(ngx_str_t *room);
void ngx_otter_index_again(ngx_str_t *room, time_t now);
void ngx_otter_index_remove(ngx_str_t *room);

/* names for a look; and one of the answers that it waits for has come */

void ngx_otter_index_list(ngx_otter_look_t *look);
void ngx_otter_look_answered(ngx_otter_look_t *look);

/* with the lock held: this worker listens, or nobody does */

ngx_uint_t ngx_otter_remote_listens(ngx_otter_room_t *room);

/* once in a second */

void ngx_otter_remote_keep_check(void);

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

/* the steps of a resume: the next one after a time; this host takes it */

enum {
    NGX_OTTER_TAKE_INTERVAL = 20,      /* milliseconds */
    NGX_OTTER_TAKE_LOOK = 100,         /* while Redis does not have it */
    NGX_OTTER_TAKE_LOOKS = 25
};

void ngx_otter_remote_take_later(ngx_otter_remote_join_t *rj, ngx_msec_t time,
    ngx_event_handler_pt handler);
void ngx_otter_remote_take_over(ngx_otter_remote_join_t *rj);

/* the reply is a list that begins with that word */

ngx_uint_t ngx_otter_remote_says(redisReply *reply, const char *word);

/* the record of a member that is about to be */

void ngx_otter_remote_join_record(ngx_otter_remote_join_t *rj,
    ngx_otter_join_t *join);

/* what is in the stream of a session; and, with the lock held, in its place */

enum {
    NGX_OTTER_STATE_NUMBERS = 8,
    NGX_OTTER_TAKE_REPLY = 17          /* elements of what TAKE answers */
};

void ngx_otter_remote_replay(ngx_otter_remote_join_t *rj, redisReply *reply);
ngx_uint_t ngx_otter_remote_unsettled(ngx_otter_room_t *room,
    ngx_otter_remote_join_t *rj);
void ngx_otter_remote_unpack(ngx_otter_member_t *m,
    ngx_otter_remote_join_t *rj);

/* with the lock held: how far each peer of the room was heard */

void ngx_otter_remote_marks(ngx_otter_text_t *text, ngx_otter_room_t *room);

/* with the lock held: a member of another host is away, and not any more */

void ngx_otter_remote_mind(ngx_otter_member_t *m);
void ngx_otter_remote_mind_end(ngx_otter_member_t *m);
ngx_uint_t ngx_otter_remote_minds(ngx_otter_member_t *m, size_t len);

/* with the lock held: one request less */

void ngx_otter_remote_take_end(ngx_otter_member_t *m);

/* with the lock held: members that are away may have missed messages */

void ngx_otter_remote_stranger(ngx_otter_zone_t *zone,
    ngx_otter_room_t *room);

ngx_int_t ngx_otter_remote_leave(ngx_str_t *room, const u_char *id,
    const char *reason);

/* with the lock held: a room made or changed by the API */

void ngx_otter_remote_policy(ngx_otter_room_t *room);

/* a request to this host: let go of a session; and, with the lock held, it
   is this host's again */

void ngx_otter_remote_request(u_char *data, size_t len);
void ngx_otter_remote_regain(ngx_otter_member_t *m);

/* leases; called once in a second, and when Redis has come up */

void ngx_otter_remote_tick(void);
void ngx_otter_remote_lease(void);
void ngx_otter_remote_host_up(void);

/* 1: Redis has been there long enough for other hosts to be back, too */

ngx_uint_t ngx_otter_remote_settled(void);


#endif /* NGX_OTTER_REMOTE_H_INCLUDED */
