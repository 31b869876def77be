
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_remote.h"
#include "ngx_otter_remote_script.h"
#include "otter_json.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>


enum {
    NGX_OTTER_EXPECT_TIME = 30         /* seconds */
};


static void ngx_otter_remote_unexpect(ngx_otter_remote_join_t *rj);
static void ngx_otter_remote_join_free(ngx_otter_remote_join_t *rj);
static ngx_otter_remote_join_t *ngx_otter_channel_next_join(
    ngx_otter_channel_t *channel);
static void ngx_otter_remote_join_ask(ngx_otter_remote_join_t *rj);
static void ngx_otter_remote_join_reply(redisReply *reply, void *data);


ngx_int_t
ngx_otter_remote_join(ngx_otter_join_t *join)
{
    ngx_otter_remote_join_t  *rj;

    if (!ngx_otter_remote_up()) {
        return NGX_DECLINED;
    }

    rj = ngx_otter_remote_join_create(join);
    if (rj == NULL) {
        return NGX_ERROR;
    }

    if (ngx_otter_remote_expect(rj, join) != NGX_OK) {
        ngx_otter_remote_join_free(rj);
        return NGX_ERROR;
    }

    rj->begin = ngx_otter_remote_join_ask;
    ngx_otter_remote_join_begin(rj);

    return NGX_AGAIN;
}


/* from now on what is sent to it is held */

ngx_int_t
ngx_otter_remote_expect(ngx_otter_remote_join_t *rj, ngx_otter_join_t *join)
{
    ngx_otter_room_t    *room;
    ngx_otter_member_t  *m;

    m = NULL;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    room = ngx_otter_zone_room(ngx_otter_remote_zone, &rj->room);

    if (room == NULL) {
        room = ngx_otter_zone_room_add(ngx_otter_remote_zone, &rj->room,
                                       rj->max_peers);
    } else {
        ngx_otter_remote_policy_of(room, &rj->policy);
        rj->known = 1;
    }

    if (room) {
        m = ngx_otter_zone_member_alloc(ngx_otter_remote_zone, &rj->identity,
                                        &join->peer);
    }

    if (m) {
        ngx_memcpy(m->id, rj->id, NGX_OTTER_ID_LEN);
        m->held_max = rj->held_max;
        m->deadline = ngx_time() + NGX_OTTER_EXPECT_TIME;
        m->expecting = 1;
        rj->expecting = 1;

        ngx_otter_zone_member_expect(ngx_otter_remote_zone, room, m);
        join->serial = room->serial;

    } else if (room) {
        ngx_otter_zone_room_release(ngx_otter_remote_zone, room);
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);

    return m ? NGX_OK : NGX_ERROR;
}


static void
ngx_otter_remote_unexpect(ngx_otter_remote_join_t *rj)
{
    ngx_otter_member_t  *m;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    m = ngx_otter_zone_member(ngx_otter_remote_zone, rj->id,
                              NGX_OTTER_ID_LEN);

    if (m && m->pending) {

        /* others may have come with the same secret */

        if (rj->expecting && --m->expecting == 0) {
            m->active = 0;
            ngx_otter_room_settle(m->room);
            ngx_otter_zone_member_forget(ngx_otter_remote_zone, m);
        }

    } else if (m && rj->taking) {
        ngx_otter_remote_take_end(m);

        if (m->taking == 0 && m->slot == NGX_OTTER_SLOT_REMOTE) {
            ngx_otter_zone_held_clear(ngx_otter_remote_zone, m);
        }
    }

    rj->taking = 0;
    rj->expecting = 0;

    ngx_otter_zone_unlock(ngx_otter_remote_zone);
}


/*
 * It has copies of all it needs, for the client that asked may go away, but
 * what was asked of Redis has to be answered.
 */

ngx_otter_remote_join_t *
ngx_otter_remote_join_create(ngx_otter_join_t *join)
{
    u_char                   *p;
    ngx_otter_remote_join_t  *rj;

    rj = calloc(1, sizeof(ngx_otter_remote_join_t) + join->room.len
                   + join->identity.len);
    if (rj == NULL) {
        return NULL;
    }

    rj->channel = ngx_otter_channel_get(&join->room);
    if (rj->channel == NULL) {
        free(rj);
        return NULL;
    }

    p = (u_char *) (rj + 1);
    rj->room.data = p;
    rj->room.len = join->room.len;
    p = ngx_cpymem(p, join->room.data, join->room.len);
    rj->identity.data = p;
    rj->identity.len = join->identity.len;
    ngx_memcpy(p, join->identity.data, join->identity.len);

    ngx_otter_text_init(&rj->key);
    ngx_otter_text_add_string(&rj->key, "key=");
    ngx_otter_text_add(&rj->key, join->key.data, join->key.len);

    ngx_otter_text_init(&rj->record);
    ngx_otter_text_init(&rj->blob);
    ngx_otter_text_init(&rj->marks);

    ngx_memcpy(rj->id, join->id, NGX_OTTER_ID_LEN);
    rj->moderator = join->moderator;
    rj->guest = join->guest;
    rj->grant = join->grant;
    rj->max_peers = join->max_peers;
    rj->timeout = join->resume_timeout;
    rj->held_max = join->kept_max;
    rj->seq = join->seq;
    rj->join = join;
    join->remote = rj;

    if (join->resume.len == 0) {
        ngx_otter_remote_join_record(rj, join);
    }

    return rj;
}


void
ngx_otter_remote_join_record(ngx_otter_remote_join_t *rj,
    ngx_otter_join_t *join)
{
    u_char                     hex[64];
    ngx_otter_remote_record_t  record;

    ngx_hex_dump(hex, join->hash, sizeof(join->hash));

    record.host.data = ngx_otter_remote_zone->sh->host;
    record.host.len = NGX_OTTER_ID_LEN;
    record.away = 0;
    record.waiting = 0;
    record.guest = join->guest;
    record.moves = 0;
    record.resume.data = hex;
    record.resume.len = sizeof(hex);
    record.timeout = join->resume_timeout;
    record.grant = join->grant;
    record.identity = join->identity;
    record.peer = join->peer;

    ngx_otter_remote_record(&rj->record, &record);
}


void
ngx_otter_remote_cancel(ngx_otter_join_t *join)
{
    ngx_otter_remote_join_t  *rj;

    rj = join->remote;

    if (rj) {
        rj->join = NULL;
        join->remote = NULL;
    }
}


/* not before the channel is subscribed: nothing that follows may be missed */

void
ngx_otter_remote_join_begin(ngx_otter_remote_join_t *rj)
{
    if (rj->channel->ready) {
        rj->begin(rj);
        return;
    }

    ngx_queue_insert_tail(&rj->channel->joins, &rj->queue);
}


static ngx_otter_remote_join_t *
ngx_otter_channel_next_join(ngx_otter_channel_t *channel)
{
    ngx_queue_t  *q;

    if (ngx_queue_empty(&channel->joins)) {
        return NULL;
    }

    q = ngx_queue_head(&channel->joins);

    /* the analyzer forgets that what was freed had been taken out */

    ngx_queue_remove(q);  /* NOLINT */

    return ngx_queue_data(q, ngx_otter_remote_join_t, queue);
}


void
ngx_otter_channel_start(ngx_otter_channel_t *channel)
{
    ngx_otter_remote_join_t  *rj;

    channel->refs++;

    for ( ;; ) {
        rj = ngx_otter_channel_next_join(channel);
        if (rj == NULL) {
            break;
        }

        rj->begin(rj);
    }

    ngx_otter_channel_release(channel);
}


/* Redis went away: those who wait are let in by this host alone */

void
ngx_otter_channel_give_up(ngx_otter_channel_t *channel)
{
    ngx_otter_remote_join_t  *rj;

    channel->refs++;

    for ( ;; ) {
        rj = ngx_otter_channel_next_join(channel);
        if (rj == NULL) {
            break;
        }

        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_ALONE, NGX_OK);
    }

    ngx_otter_channel_release(channel);
}


static void
ngx_otter_remote_join_ask(ngx_otter_remote_join_t *rj)
{
    ngx_otter_call_t  call;

    ngx_otter_call_init(&call, &rj->room, 0);
    ngx_otter_call_add_rules(&call, rj->known ? (ngx_uint_t)
                                               rj->policy.max_peers
                                             : rj->max_peers,
                             rj->known ? &rj->policy : NULL);
    ngx_otter_call_add(&call, rj->moderator ? "1" : "0", 1);
    ngx_otter_call_add(&call, rj->guest ? "1" : "0", 1);
    ngx_otter_call_add(&call, rj->id, NGX_OTTER_ID_LEN);
    ngx_otter_call_add(&call, rj->identity.data, rj->identity.len);
    ngx_otter_call_add(&call, rj->record.data, rj->record.len);
    ngx_otter_call_add(&call, rj->key.data, rj->key.len);

    if (rj->record.failed || rj->key.failed
        || ngx_otter_redis_script(ngx_otter_remote_redis, &call.key,
                                  &ngx_otter_script_join, call.argc,
                                  call.argv, ngx_otter_remote_join_reply, rj)
           != NGX_OK)
    {
        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_ALONE, NGX_OK);
    }
}


ngx_uint_t
ngx_otter_remote_says(redisReply *reply, const char *word)
{
    return reply && reply->type == REDIS_REPLY_ARRAY && reply->elements
           && reply->element[0]->type == REDIS_REPLY_STRING
           && ngx_strcmp(reply->element[0]->str, word) == 0;
}


static void
ngx_otter_remote_join_reply(redisReply *reply, void *data)
{
    ngx_otter_remote_join_t  *rj = data;

    if (ngx_otter_remote_says(reply, "full")) {
        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_REFUSED, NGX_BUSY);
        return;
    }

    if (ngx_otter_remote_says(reply, "locked")) {
        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_REFUSED, NGX_ABORT);
        return;
    }

    if (ngx_otter_remote_says(reply, "taken")) {
        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_REFUSED, NGX_DONE);
        return;
    }

    if (ngx_otter_remote_says(reply, "denied")) {
        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_REFUSED,
                                   NGX_OTTER_ROOM_DENIED);
        return;
    }

    if (ngx_otter_remote_says(reply, "banned")) {
        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_REFUSED,
                                   NGX_OTTER_JOIN_BANNED);
        return;
    }

    if (!ngx_otter_remote_says(reply, "ok")
        || ngx_otter_remote_apply(&rj->room, reply, rj->max_peers) != NGX_OK)
    {
        /* Redis was lost, or can't: this host alone decides */

        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_ALONE, NGX_OK);
        return;
    }

    ngx_otter_index_add(&rj->room);
    ngx_otter_remote_hear_again(&rj->room);

    if (rj->join) {
        rj->join->version = ngx_otter_remote_number(reply->element[1]);
    }

    ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_ADMITTED, NGX_OK);
}


void
ngx_otter_remote_forsake(ngx_str_t *room)
{
    ngx_otter_room_t  *shared;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    shared = ngx_otter_zone_room(ngx_otter_remote_zone, room);

    if (shared) {
        ngx_otter_zone_room_release(ngx_otter_remote_zone, shared);
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);
}


void
ngx_otter_remote_join_done(ngx_otter_remote_join_t *rj,
    ngx_otter_join_stage_e stage, ngx_int_t rc)
{
    ngx_otter_join_t  *join;

    join = rj->join;

    if (rj->timer.timer_set) {
        ngx_del_timer(&rj->timer);
    }

    if (stage == NGX_OTTER_JOIN_REFUSED || join == NULL) {
        ngx_otter_remote_unexpect(rj);
    }

    if (join) {
        join->remote = NULL;
        join->stage = stage;
        join->rc = rc;
        join->wake(join);

    } else if (stage == NGX_OTTER_JOIN_ADMITTED) {

        /* who asked is gone */

        (void) ngx_otter_remote_leave(&rj->room, rj->id, "left");
        ngx_otter_remote_forsake(&rj->room);
    }

    ngx_otter_remote_join_free(rj);
}


static void
ngx_otter_remote_join_free(ngx_otter_remote_join_t *rj)
{
    ngx_otter_channel_release(rj->channel);

    ngx_otter_text_free(&rj->key);
    ngx_otter_text_free(&rj->record);
    ngx_otter_text_free(&rj->blob);
    ngx_otter_text_free(&rj->marks);
    free(rj);
}
