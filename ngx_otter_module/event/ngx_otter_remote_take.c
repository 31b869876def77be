
/*
 * Copyright (C) Otter contributors
 */

/*
 * A resume of a session that is not this host's: who has it is looked for,
 * and asked to let go of it.
 */


#include "ngx_otter_remote.h"
#include "ngx_otter_remote_script.h"
#include "otter_digest.h"

#include <openssl/crypto.h>


enum {
    NGX_OTTER_TAKE_TRIES = 100
};


static ngx_int_t ngx_otter_remote_expect_taken(ngx_otter_remote_join_t *rj);
static void ngx_otter_remote_take_hold(ngx_otter_remote_join_t *rj,
    ngx_otter_member_t *m);
static void ngx_otter_remote_activate(u_char *id);
static void ngx_otter_remote_take_look(ngx_otter_remote_join_t *rj);
static void ngx_otter_remote_take_again(ngx_event_t *ev);
static void ngx_otter_remote_take_found(redisReply *reply, void *data);
static void ngx_otter_remote_take_from(ngx_otter_remote_join_t *rj,
    ngx_otter_remote_record_t *record);
static ngx_uint_t ngx_otter_remote_take_own(ngx_otter_remote_join_t *rj);
static ngx_int_t ngx_otter_remote_take_allowed(ngx_otter_remote_join_t *rj,
    ngx_otter_remote_record_t *record);
static ngx_uint_t ngx_otter_remote_take_moderator(ngx_str_t *peer);
static void ngx_otter_remote_take_claim(ngx_event_t *ev);
static void ngx_otter_remote_take_claimed(redisReply *reply, void *data);
static ngx_uint_t ngx_otter_remote_take_given(ngx_otter_remote_join_t *rj);
static void ngx_otter_remote_take_wait(ngx_event_t *ev);
static void ngx_otter_remote_take_fetched(redisReply *reply, void *data);


ngx_int_t
ngx_otter_remote_take(ngx_otter_join_t *join)
{
    ngx_otter_remote_join_t  *rj;

    if (!ngx_otter_remote_up()) {
        return NGX_DECLINED;
    }

    rj = ngx_otter_remote_join_create(join);
    if (rj == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(rj->id, join->resume.data, NGX_OTTER_ID_LEN);
    otter_sha256(rj->hash, join->resume.data + NGX_OTTER_ID_LEN,
                 NGX_OTTER_SECRET_LEN);
    ngx_hex_dump(rj->hex, rj->hash, sizeof(rj->hash));

    rj->begin = ngx_otter_remote_take_look;
    ngx_otter_remote_join_begin(rj);

    return NGX_AGAIN;
}


/* the same for a session of another host, which may be known here */

static ngx_int_t
ngx_otter_remote_expect_taken(ngx_otter_remote_join_t *rj)
{
    ngx_int_t            rc;
    ngx_str_t            peer;
    ngx_otter_join_t     join;
    ngx_otter_room_t    *room;
    ngx_otter_member_t  *m;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    m = ngx_otter_zone_member(ngx_otter_remote_zone, rj->id,
                              NGX_OTTER_ID_LEN);
    rc = NGX_DECLINED;

    if (m) {
        rc = NGX_OK;

        if (m->pending && !rj->expecting) {
            rj->expecting = 1;
            m->expecting++;
        }

        if (m->slot == NGX_OTTER_SLOT_REMOTE && !rj->taking) {
            ngx_otter_remote_take_hold(rj, m);
        }

    } else {
        room = ngx_otter_zone_room(ngx_otter_remote_zone, &rj->room);

        if (room) {
            ngx_otter_remote_marks(&rj->marks, room);
        }
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);

    if (rc == NGX_OK) {
        return NGX_OK;
    }

    peer.data = rj->record.data;
    peer.len = rj->record.len;
    join.peer = peer;

    if (ngx_otter_remote_expect(rj, &join) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_otter_remote_activate(rj->id);

    return NGX_OK;
}


/* it may have been held since the member went away */

static void
ngx_otter_remote_take_hold(ngx_otter_remote_join_t *rj, ngx_otter_member_t *m)
{
    if (m->gap) {
        ngx_otter_remote_mind_end(m);
    }

    rj->taking = 1;

    if (m->taking++ == 0) {
        m->room->taking++;
        m->held_max = rj->held_max;
        m->gap = 0;
        ngx_otter_zone_held_clear(ngx_otter_remote_zone, m);
    }

    m->held_max = ngx_max(m->held_max, rj->held_max);

    if (m->minded) {
        ngx_otter_text_add(&rj->marks, m->marks, m->marks_len);

    } else {
        ngx_otter_remote_marks(&rj->marks, m->room);
    }
}


void
ngx_otter_remote_take_end(ngx_otter_member_t *m)
{
    if (m->taking && --m->taking == 0) {
        m->room->taking--;
    }
}


static void
ngx_otter_remote_activate(u_char *id)
{
    ngx_otter_member_t  *m;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    m = ngx_otter_zone_member(ngx_otter_remote_zone, id, NGX_OTTER_ID_LEN);

    if (m && m->pending) {
        m->active = 1;
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);
}


static void
ngx_otter_remote_take_look(ngx_otter_remote_join_t *rj)
{
    ngx_otter_call_t  call;

    ngx_otter_call_init(&call, &rj->room, 0);
    ngx_otter_call_add(&call, rj->id, NGX_OTTER_ID_LEN);

    if (ngx_otter_redis_script(ngx_otter_remote_redis, &call.key,
                               &ngx_otter_script_find, call.argc, call.argv,
                               ngx_otter_remote_take_found, rj)
        != NGX_OK)
    {
        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_REFUSED, NGX_ERROR);
    }
}


static void
ngx_otter_remote_take_again(ngx_event_t *ev)
{
    ngx_otter_remote_take_look(ev->data);
}


static void
ngx_otter_remote_take_found(redisReply *reply, void *data)
{
    ngx_otter_remote_join_t  *rj = data;

    ngx_str_t                   text;
    ngx_otter_remote_record_t   record;

    if (ngx_otter_remote_says(reply, "wait") && rj->join
        && rj->looks++ < NGX_OTTER_TAKE_LOOKS)
    {
        /* if Redis has lost it, its host is about to tell it again */

        ngx_otter_remote_take_later(rj, NGX_OTTER_TAKE_LOOK,
                                    ngx_otter_remote_take_again);
        return;
    }

    if (ngx_otter_remote_says(reply, "wait")
        || ngx_otter_remote_says(reply, "none"))
    {
        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_REFUSED, NGX_DECLINED);
        return;
    }

    if (!ngx_otter_remote_says(reply, "ok") || reply->elements != 2
        || reply->element[1]->type != REDIS_REPLY_STRING)
    {
        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_REFUSED, NGX_ERROR);
        return;
    }

    text.data = (u_char *) reply->element[1]->str;
    text.len = reply->element[1]->len;

    if (ngx_otter_remote_parse(&text, &record) != NGX_OK) {
        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_REFUSED, NGX_DECLINED);
        return;
    }

    if (ngx_memcmp(record.host.data, ngx_otter_remote_zone->sh->host,
                   NGX_OTTER_ID_LEN)
        == 0
        && ngx_otter_remote_take_own(rj))
    {
        /* it is this host that decides, and it knows best */

        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_TAKEN, NGX_OK);
        return;
    }

    if (ngx_otter_remote_take_allowed(rj, &record) != NGX_OK) {
        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_REFUSED, NGX_DECLINED);
        return;
    }

    ngx_otter_remote_take_from(rj, &record);
}


static void
ngx_otter_remote_take_from(ngx_otter_remote_join_t *rj,
    ngx_otter_remote_record_t *record)
{
    rj->timeout = record->timeout;
    rj->was_guest = record->guest;
    rj->moves = record->moves + 1;

    ngx_otter_text_add(&rj->record, record->peer.data, record->peer.len);

    if (rj->record.failed) {
        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_REFUSED, NGX_ERROR);
        return;
    }

    if (ngx_otter_remote_expect_taken(rj) != NGX_OK) {
        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_REFUSED, NGX_ERROR);
        return;
    }

    if (ngx_memcmp(record->host.data, ngx_otter_remote_zone->sh->host,
                   NGX_OTTER_ID_LEN)
        != 0)
    {
        ngx_memcpy(rj->host, record->host.data, NGX_OTTER_ID_LEN);

        /* what this host has sent until now is to be there first */

        ngx_otter_remote_take_later(rj, NGX_OTTER_TAKE_INTERVAL,
                                    ngx_otter_remote_take_claim);

    } else if (ngx_otter_remote_take_given(rj)) {
        ngx_otter_remote_take_later(rj, NGX_OTTER_TAKE_INTERVAL,
                                    ngx_otter_remote_take_wait);

    } else {

        /* this host's, but it knows nothing of it */

        ngx_otter_remote_take_over(rj);
    }
}


/* 1: this host has handed it over, but nobody has taken it yet */

static ngx_uint_t
ngx_otter_remote_take_given(ngx_otter_remote_join_t *rj)
{
    ngx_uint_t           given;
    ngx_otter_member_t  *m;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    m = ngx_otter_zone_member(ngx_otter_remote_zone, rj->id,
                              NGX_OTTER_ID_LEN);

    given = (m && m->slot == NGX_OTTER_SLOT_REMOTE
             && ngx_memcmp(m->host, ngx_otter_remote_zone->sh->host,
                           NGX_OTTER_ID_LEN)
                != 0);

    ngx_otter_zone_unlock(ngx_otter_remote_zone);

    return given;
}


/* 1: the session is here, and was not handed over */

static ngx_uint_t
ngx_otter_remote_take_own(ngx_otter_remote_join_t *rj)
{
    ngx_uint_t           own;
    ngx_otter_member_t  *m;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    m = ngx_otter_zone_member(ngx_otter_remote_zone, rj->id,
                              NGX_OTTER_ID_LEN);

    own = (m && !m->pending && m->slot != NGX_OTTER_SLOT_REMOTE);

    ngx_otter_zone_unlock(ngx_otter_remote_zone);

    return own;
}


static ngx_int_t
ngx_otter_remote_take_allowed(ngx_otter_remote_join_t *rj,
    ngx_otter_remote_record_t *record)
{
    if (CRYPTO_memcmp(record->resume.data, rj->hex, sizeof(rj->hex)) != 0
        || record->identity.len != rj->identity.len
        || ngx_memcmp(record->identity.data, rj->identity.data,
                      rj->identity.len)
           != 0)
    {
        return NGX_DECLINED;
    }

    /* a guest's token does not go on with the session of another */

    if (rj->guest && !record->guest) {
        return NGX_DECLINED;
    }

    return (ngx_otter_remote_take_moderator(&record->peer) == rj->moderator)
           ? NGX_OK : NGX_DECLINED;
}


/* of its members the role comes before any that a client can choose freely */

static ngx_uint_t
ngx_otter_remote_take_moderator(ngx_str_t *peer)
{
    u_char            *p, *last;
    static ngx_str_t   role = ngx_string(",\"role\":\"");
    static ngx_str_t   moderator = ngx_string("moderator\"");

    last = peer->data + peer->len;

    p = ngx_strlcasestrn(peer->data, last, role.data, role.len - 1);
    if (p == NULL) {
        return 0;
    }

    p += role.len;

    return (size_t) (last - p) >= moderator.len
           && ngx_memcmp(p, moderator.data, moderator.len) == 0;
}


static void
ngx_otter_remote_take_claim(ngx_event_t *ev)
{
    u_char                    name[384], *p;
    ngx_str_t                 channel;
    otter_span_t              parts[5];
    ngx_otter_remote_join_t  *rj;

    rj = ev->data;

    p = ngx_sprintf(name, "%Vhost:{%*s}", &ngx_otter_remote_prefix,
                    (size_t) NGX_OTTER_ID_LEN, rj->host);

    channel.data = name;
    channel.len = p - name;

    parts[0].data = (const unsigned char *) "C";
    parts[0].len = 1;
    parts[1].data = rj->id;
    parts[1].len = NGX_OTTER_ID_LEN;
    parts[2].data = ngx_otter_remote_zone->sh->host;
    parts[2].len = NGX_OTTER_ID_LEN;
    parts[3].data = rj->hash;
    parts[3].len = sizeof(rj->hash);
    parts[4].data = rj->marks.data;
    parts[4].len = rj->marks.len;

    if (ngx_otter_redis_publish(ngx_otter_remote_redis, &channel, parts, 5,
                                ngx_otter_remote_take_claimed, rj)
        != NGX_OK)
    {
        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_REFUSED, NGX_ERROR);
    }
}


static void
ngx_otter_remote_take_claimed(redisReply *reply, void *data)
{
    ngx_otter_remote_join_t  *rj = data;

    if (reply && reply->type == REDIS_REPLY_INTEGER && reply->integer == 0) {

        /* its host is no more */

        ngx_otter_remote_take_over(rj);
        return;
    }

    ngx_otter_remote_take_later(rj, NGX_OTTER_TAKE_INTERVAL,
                                ngx_otter_remote_take_wait);
}


void
ngx_otter_remote_take_later(ngx_otter_remote_join_t *rj, ngx_msec_t time,
    ngx_event_handler_pt handler)
{
    rj->timer.handler = handler;
    rj->timer.data = rj;
    rj->timer.log = ngx_cycle->log;
    ngx_add_timer(&rj->timer, time);
}


static void
ngx_otter_remote_take_wait(ngx_event_t *ev)
{
    ngx_otter_call_t          call;
    ngx_otter_remote_join_t  *rj;

    rj = ev->data;

    if (rj->tries++ == NGX_OTTER_TAKE_TRIES) {
        ngx_otter_remote_take_over(rj);
        return;
    }

    ngx_otter_call_init_stream(&call, &rj->room, rj->id);
    ngx_otter_call_add(&call, rj->id, NGX_OTTER_ID_LEN);
    ngx_otter_call_add(&call, rj->hex, sizeof(rj->hex));

    if (ngx_otter_redis_script(ngx_otter_remote_redis, &call.key,
                               &ngx_otter_script_fetch, call.argc, call.argv,
                               ngx_otter_remote_take_fetched, rj)
        != NGX_OK)
    {
        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_REFUSED, NGX_ERROR);
    }
}


static void
ngx_otter_remote_take_fetched(redisReply *reply, void *data)
{
    ngx_otter_remote_join_t  *rj = data;

    if (ngx_otter_remote_says(reply, "wait")) {
        ngx_otter_remote_take_later(rj, NGX_OTTER_TAKE_INTERVAL,
                                    ngx_otter_remote_take_wait);

    } else if (ngx_otter_remote_says(reply, "used")) {
        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_REFUSED, NGX_DECLINED);

    } else if (ngx_otter_remote_says(reply, "ok")) {
        ngx_otter_remote_take_over(rj);

    } else {
        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_REFUSED, NGX_ERROR);
    }
}
