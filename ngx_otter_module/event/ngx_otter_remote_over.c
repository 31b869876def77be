
/*
 * Copyright (C) Otter contributors
 */

/*
 * A session of another host, which has let go of it or is no more, becomes
 * one of this host.
 */


#include "ngx_otter_remote.h"
#include "ngx_otter_remote_script.h"
#include "ngx_otter_stream.h"


enum {
    NGX_OTTER_TAKE_SETTLE = 25         /* tries */
};


static void ngx_otter_remote_take_over_again(ngx_event_t *ev);
static void ngx_otter_remote_take_reply(redisReply *reply, void *data);
static void ngx_otter_remote_take_told(ngx_otter_remote_join_t *rj,
    redisReply *version);
static ngx_uint_t ngx_otter_remote_take_ask(ngx_otter_remote_join_t *rj);
static void ngx_otter_remote_take_settle(ngx_event_t *ev);
static void ngx_otter_remote_take_finish(ngx_otter_remote_join_t *rj);
static ngx_int_t ngx_otter_remote_take_insert(ngx_otter_remote_join_t *rj);


/*
 * From now on this host answers for the session, as for one that is away.
 * The hash is taken out, so that only one host can get it.
 */

void
ngx_otter_remote_take_over(ngx_otter_remote_join_t *rj)
{
    u_char                     zeroes[64], seq[NGX_INT64_LEN];
    ngx_otter_call_t           call;
    ngx_otter_text_t           text;
    ngx_otter_remote_record_t  record;

    ngx_memset(zeroes, '0', sizeof(zeroes));

    /* the script keeps what the flags say but "away" */

    record.host.data = ngx_otter_remote_zone->sh->host;
    record.host.len = NGX_OTTER_ID_LEN;
    record.away = 1;
    record.waiting = 0;
    record.guest = 0;
    record.moves = 0;
    record.resume.data = zeroes;
    record.resume.len = sizeof(zeroes);
    record.timeout = rj->timeout;
    record.grant = rj->grant;
    record.identity = rj->identity;
    record.peer.data = rj->record.data;
    record.peer.len = rj->record.len;

    ngx_otter_text_init(&text);
    ngx_otter_remote_record(&text, &record);

    if (rj->record.failed) {
        text.failed = 1;
    }

    ngx_otter_call_init_stream(&call, &rj->room, rj->id);
    ngx_otter_call_add_rules(&call, rj->known ? (ngx_uint_t)
                                               rj->policy.max_peers
                                             : rj->max_peers,
                             rj->known ? &rj->policy : NULL);
    ngx_otter_call_add(&call, rj->id, NGX_OTTER_ID_LEN);
    ngx_otter_call_add(&call, rj->hex, sizeof(rj->hex));
    ngx_otter_call_add(&call, text.data, text.len);
    ngx_otter_call_add(&call, seq,
                       ngx_sprintf(seq, "%uL", rj->seq) - seq);

    if (text.failed
        || ngx_otter_redis_script(ngx_otter_remote_redis, &call.key,
                                  &ngx_otter_script_take, call.argc,
                                  call.argv, ngx_otter_remote_take_reply, rj)
           != NGX_OK)
    {
        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_REFUSED, NGX_ERROR);
    }

    ngx_otter_text_free(&text);
}


static void
ngx_otter_remote_take_over_again(ngx_event_t *ev)
{
    ngx_otter_remote_take_over(ev->data);
}


static void
ngx_otter_remote_take_reply(redisReply *reply, void *data)
{
    ngx_otter_remote_join_t  *rj = data;

    if (reply == NULL || reply->type != REDIS_REPLY_ARRAY) {
        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_REFUSED, NGX_ERROR);
        return;
    }

    if (ngx_otter_remote_says(reply, "gone") && rj->join
        && rj->looks++ < NGX_OTTER_TAKE_LOOKS)
    {
        /* if Redis has lost it, its host is about to tell it again */

        ngx_otter_remote_take_later(rj, NGX_OTTER_TAKE_LOOK,
                                    ngx_otter_remote_take_over_again);
        return;
    }

    if (!ngx_otter_remote_says(reply, "ok")) {
        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_REFUSED, NGX_DECLINED);
        return;
    }

    if (reply->elements != NGX_OTTER_TAKE_REPLY) {
        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_REFUSED, NGX_ERROR);
        return;
    }

    ngx_otter_remote_take_told(rj, reply->element[1]);

    if (ngx_otter_remote_apply(&rj->room, reply, rj->max_peers) != NGX_OK) {
        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_REFUSED, NGX_ERROR);
        return;
    }

    ngx_otter_remote_replay(rj, reply);

    rj->tries = 0;

    if (rj->blob.len && !rj->given && ngx_otter_remote_take_ask(rj)) {
        ngx_otter_remote_take_later(rj, NGX_OTTER_TAKE_INTERVAL,
                                    ngx_otter_remote_take_settle);
        return;
    }

    ngx_otter_remote_take_finish(rj);
}


/*
 * What the room's members were last told, but for news of this one.  The
 * version that is new now tells nobody anything: where the one before it is
 * known nothing was missed.
 */

static void
ngx_otter_remote_take_told(ngx_otter_remote_join_t *rj, redisReply *version)
{
    off_t              n;
    ngx_otter_room_t  *room;

    n = (version->type == REDIS_REPLY_STRING)
        ? ngx_atoof((u_char *) version->str, version->len) : NGX_ERROR;

    if (n == (off_t) NGX_ERROR) {
        rj->told = (uint64_t) -1;
        return;
    }

    rj->told = (uint64_t) n - 1;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    room = ngx_otter_zone_room(ngx_otter_remote_zone, &rj->room);

    if (room && room->version && room->version + 1 >= (uint64_t) n) {
        room->version = ngx_max(room->version, (uint64_t) n);
        room->heard = room->version;

        rj->told = (ngx_memcmp(room->told_of, rj->id, NGX_OTTER_ID_LEN) == 0)
                   ? room->told_before : room->told;
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);
}


/* 1: other hosts are asked how much their members have sent */

static ngx_uint_t
ngx_otter_remote_take_ask(ngx_otter_remote_join_t *rj)
{
    ngx_uint_t         unsettled;
    ngx_otter_room_t  *room;

    unsettled = 0;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    room = ngx_otter_zone_room(ngx_otter_remote_zone, &rj->room);

    if (room && ngx_otter_remote_unsettled(room, rj)) {
        unsettled = 1;

        if (rj->tries == 0) {
            ngx_otter_remote_ask(room);
        }
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);

    return unsettled;
}


static void
ngx_otter_remote_take_settle(ngx_event_t *ev)
{
    ngx_otter_remote_join_t  *rj;

    rj = ev->data;

    if (rj->tries++ < NGX_OTTER_TAKE_SETTLE && ngx_otter_remote_take_ask(rj)) {
        ngx_otter_remote_take_later(rj, NGX_OTTER_TAKE_INTERVAL,
                                    ngx_otter_remote_take_settle);
        return;
    }

    ngx_otter_remote_take_finish(rj);
}


static void
ngx_otter_remote_take_finish(ngx_otter_remote_join_t *rj)
{
    if (ngx_otter_remote_take_insert(rj) != NGX_OK) {
        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_REFUSED, NGX_ERROR);
        return;
    }

    ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_TAKEN, NGX_OK);
}


static ngx_int_t
ngx_otter_remote_take_insert(ngx_otter_remote_join_t *rj)
{
    ngx_int_t            rc;
    ngx_otter_room_t    *room;
    ngx_otter_member_t  *m;

    rc = NGX_ERROR;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    room = ngx_otter_zone_room(ngx_otter_remote_zone, &rj->room);
    m = ngx_otter_zone_member(ngx_otter_remote_zone, rj->id,
                              NGX_OTTER_ID_LEN);

    if (room && m && m->room == room) {

        if (m->pending) {
            ngx_otter_zone_member_admit(ngx_otter_remote_zone, m);
        }

        /* this one is the last to end it: what is held is needed below */

        ngx_otter_remote_mind_end(m);

        if (rj->taking) {
            rj->taking = 0;
            ngx_otter_remote_take_end(m);
        }

        if (m->slot == NGX_OTTER_SLOT_REMOTE) {
            ngx_otter_zone_member_move(ngx_otter_remote_zone, m,
                                       NGX_OTTER_SLOT_NONE);
        }

        ngx_memcpy(m->host, ngx_otter_remote_zone->sh->host,
                   NGX_OTTER_ID_LEN);
        ngx_memcpy(m->resume, rj->hash, sizeof(m->resume));
        m->moderator = rj->moderator;
        m->guest = rj->was_guest;
        m->moves = rj->moves;
        m->grant = rj->grant;
        m->resume_timeout = rj->timeout;
        m->deadline = ngx_time() + rj->timeout;
        m->held_max = rj->held_max;

        ngx_otter_remote_unpack(m, rj);

        if (rj->join == NULL) {

            /* who asked is gone, but may come again, and anywhere */

            ngx_otter_remote_changed(m);
        }

        ngx_otter_stream_begin(m);
        rc = NGX_OK;
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);

    return rc;
}
