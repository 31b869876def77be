
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_remote.h"
#include "ngx_otter_remote_script.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>


enum {
    NGX_OTTER_TAKE_INTERVAL = 20,      /* milliseconds */
    NGX_OTTER_TAKE_TRIES = 100
};


static ngx_int_t ngx_otter_remote_expect_taken(ngx_otter_remote_join_t *rj);
static void ngx_otter_remote_activate(u_char *id);
static void ngx_otter_remote_take_look(ngx_otter_remote_join_t *rj);
static void ngx_otter_remote_take_found(redisReply *reply, void *data);
static ngx_int_t ngx_otter_remote_take_allowed(ngx_otter_remote_join_t *rj,
    ngx_otter_remote_record_t *record);
static void ngx_otter_remote_take_claim(ngx_otter_remote_join_t *rj,
    ngx_str_t *host);
static void ngx_otter_remote_take_claimed(redisReply *reply, void *data);
static void ngx_otter_remote_take_wait(ngx_event_t *ev);
static void ngx_otter_remote_take_fetched(redisReply *reply, void *data);
static void ngx_otter_remote_take_over(ngx_otter_remote_join_t *rj);
static void ngx_otter_remote_take_reply(redisReply *reply, void *data);
static ngx_int_t ngx_otter_remote_take_insert(ngx_otter_remote_join_t *rj);


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
    SHA256(join->resume.data + NGX_OTTER_ID_LEN, NGX_OTTER_SECRET_LEN,
           rj->hash);
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
    ngx_otter_member_t  *m;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    m = ngx_otter_zone_member(ngx_otter_remote_zone, rj->id,
                              NGX_OTTER_ID_LEN);
    rc = NGX_DECLINED;

    if (m) {
        rc = NGX_OK;

        if (m->slot == NGX_OTTER_SLOT_REMOTE && !m->taking) {
            m->taking = 1;
            m->room->taking++;
            m->held_max = rj->held_max;
            m->gap = 0;
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
    ngx_str_t         argv[3];
    ngx_otter_call_t  call;

    ngx_otter_call_init(&call, &rj->room, 0);

    ngx_str_set(&argv[0], "HGET");
    argv[1] = call.argv[1];
    argv[2].data = rj->id;
    argv[2].len = NGX_OTTER_ID_LEN;

    if (ngx_otter_redis_command(ngx_otter_remote_redis, &call.key, 3, argv,
                                ngx_otter_remote_take_found, rj)
        != NGX_OK)
    {
        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_REFUSED, NGX_ERROR);
    }
}


static void
ngx_otter_remote_take_found(redisReply *reply, void *data)
{
    ngx_otter_remote_join_t  *rj = data;

    ngx_str_t                   text;
    ngx_otter_remote_record_t   record;

    if (reply == NULL || reply->type == REDIS_REPLY_ERROR) {
        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_REFUSED, NGX_ERROR);
        return;
    }

    if (reply->type != REDIS_REPLY_STRING) {
        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_REFUSED, NGX_DECLINED);
        return;
    }

    text.data = (u_char *) reply->str;
    text.len = reply->len;

    if (ngx_otter_remote_parse(&text, &record) != NGX_OK
        || ngx_otter_remote_take_allowed(rj, &record) != NGX_OK)
    {
        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_REFUSED, NGX_DECLINED);
        return;
    }

    rj->timeout = record.timeout;

    ngx_otter_text_add(&rj->record, record.peer.data, record.peer.len);

    if (rj->record.failed) {
        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_REFUSED, NGX_ERROR);
        return;
    }

    if (ngx_otter_remote_expect_taken(rj) != NGX_OK) {
        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_REFUSED, NGX_ERROR);
        return;
    }

    if (ngx_memcmp(record.host.data, ngx_otter_remote_zone->sh->host,
                   NGX_OTTER_ID_LEN)
        == 0)
    {
        /* this host's, but it knows nothing of it */

        ngx_otter_remote_take_over(rj);
        return;
    }

    ngx_otter_remote_take_claim(rj, &record.host);
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

    return NGX_OK;
}


static void
ngx_otter_remote_take_claim(ngx_otter_remote_join_t *rj, ngx_str_t *host)
{
    u_char        name[384], *p;
    ngx_str_t     channel;
    otter_span_t  parts[3];

    p = ngx_sprintf(name, "%Vhost:{%V}", &ngx_otter_remote_prefix, host);

    channel.data = name;
    channel.len = p - name;

    parts[0].data = (const unsigned char *) "C";
    parts[0].len = 1;
    parts[1].data = rj->id;
    parts[1].len = NGX_OTTER_ID_LEN;
    parts[2].data = ngx_otter_remote_zone->sh->host;
    parts[2].len = NGX_OTTER_ID_LEN;

    if (ngx_otter_redis_publish(ngx_otter_remote_redis, &channel, parts, 3,
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

        /* its host is no more, and what waited for it neither */

        ngx_otter_remote_take_over(rj);
        return;
    }

    rj->timer.handler = ngx_otter_remote_take_wait;
    rj->timer.data = rj;
    rj->timer.log = ngx_cycle->log;
    ngx_add_timer(&rj->timer, NGX_OTTER_TAKE_INTERVAL);
}


static void
ngx_otter_remote_take_wait(ngx_event_t *ev)
{
    u_char                   *p, name[512];
    ngx_str_t                 argv[2];
    ngx_otter_remote_join_t  *rj;

    rj = ev->data;

    if (rj->tries++ == NGX_OTTER_TAKE_TRIES) {
        ngx_otter_remote_take_over(rj);
        return;
    }

    p = ngx_sprintf(name, "%V{%V}:s:%*s", &ngx_otter_remote_prefix,
                    &rj->room, (size_t) NGX_OTTER_ID_LEN, rj->id);

    ngx_str_set(&argv[0], "GETDEL");
    argv[1].data = name;
    argv[1].len = p - name;

    if (ngx_otter_redis_command(ngx_otter_remote_redis, &argv[1], 2, argv,
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

    if (reply == NULL) {
        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_REFUSED, NGX_ERROR);
        return;
    }

    if (reply->type != REDIS_REPLY_STRING) {
        ngx_add_timer(&rj->timer, NGX_OTTER_TAKE_INTERVAL);
        return;
    }

    ngx_otter_text_add(&rj->blob, reply->str, reply->len);

    ngx_otter_remote_take_over(rj);
}


/*
 * From now on this host answers for the session, as for one that is away.
 * The hash is taken out, so that only one host can get it.
 */

static void
ngx_otter_remote_take_over(ngx_otter_remote_join_t *rj)
{
    u_char            zeroes[64];
    ngx_otter_call_t  call;
    ngx_otter_text_t  text;

    ngx_memset(zeroes, '0', sizeof(zeroes));

    ngx_otter_text_init(&text);
    ngx_otter_text_add(&text, ngx_otter_remote_zone->sh->host,
                       NGX_OTTER_ID_LEN);
    ngx_otter_text_add_string(&text, "\t1\t");
    ngx_otter_text_add(&text, zeroes, sizeof(zeroes));
    ngx_otter_text_add(&text, "\t", 1);
    ngx_otter_text_add_number(&text, rj->timeout);
    ngx_otter_text_add(&text, "\t", 1);
    ngx_otter_text_add(&text, rj->identity.data, rj->identity.len);
    ngx_otter_text_add(&text, "\t", 1);
    ngx_otter_text_add(&text, rj->record.data, rj->record.len);

    ngx_otter_call_init(&call, &rj->room, 0);
    ngx_otter_call_add_number(&call, rj->max_peers);
    ngx_otter_call_add(&call, rj->id, NGX_OTTER_ID_LEN);
    ngx_otter_call_add(&call, rj->hex, sizeof(rj->hex));
    ngx_otter_call_add(&call, text.data, text.len);

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
ngx_otter_remote_take_reply(redisReply *reply, void *data)
{
    ngx_otter_remote_join_t  *rj = data;

    if (reply == NULL || reply->type != REDIS_REPLY_ARRAY) {
        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_REFUSED, NGX_ERROR);
        return;
    }

    if (!ngx_otter_remote_says(reply, "ok")) {
        ngx_otter_remote_join_done(rj, NGX_OTTER_JOIN_REFUSED, NGX_DECLINED);
        return;
    }

    if (ngx_otter_remote_apply(&rj->room, reply, rj->max_peers) != NGX_OK
        || ngx_otter_remote_take_insert(rj) != NGX_OK)
    {
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

        if (m->taking) {
            m->taking = 0;
            room->taking--;
        }

        if (m->slot == NGX_OTTER_SLOT_REMOTE) {
            ngx_otter_zone_member_move(ngx_otter_remote_zone, m,
                                       NGX_OTTER_SLOT_NONE);
        }

        ngx_memcpy(m->host, ngx_otter_remote_zone->sh->host,
                   NGX_OTTER_ID_LEN);
        ngx_memcpy(m->resume, rj->hash, sizeof(m->resume));
        m->moderator = rj->moderator;
        m->resume_timeout = rj->timeout;
        m->deadline = ngx_time() + rj->timeout;
        m->held_max = rj->held_max;

        ngx_otter_remote_unpack(m, &rj->blob);
        rc = NGX_OK;
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);

    return rc;
}
