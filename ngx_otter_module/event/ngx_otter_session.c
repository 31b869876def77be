
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_session.h"
#include "ngx_otter_ban.h"
#include "ngx_otter_cache.h"
#include "ngx_otter_flush.h"
#include "ngx_otter_lobby.h"
#include "ngx_otter_remote.h"
#include "ngx_otter_random.h"
#include "ngx_otter_room.h"
#include "otter_digest.h"

#include <openssl/crypto.h>


enum {
    NGX_OTTER_SESSION_TRIES = 3        /* to join a room that is closed */
};


static ngx_int_t ngx_otter_session_try(ngx_otter_join_t *join,
    ngx_otter_session_t **sp);
static ngx_int_t ngx_otter_session_prepare(ngx_otter_join_t *join);
static void ngx_otter_session_release(ngx_otter_join_t *join);
static ngx_otter_session_t *ngx_otter_session_create(ngx_otter_join_t *join);
static ngx_int_t ngx_otter_session_enter(ngx_otter_join_t *join,
    ngx_otter_session_t *session);
static ngx_int_t ngx_otter_session_admit(ngx_otter_join_t *join,
    ngx_otter_room_t *room, ngx_otter_member_t *old);
static ngx_uint_t ngx_otter_session_outdated(ngx_otter_join_t *join,
    ngx_otter_room_t *room, ngx_otter_member_t *old);
static void ngx_otter_session_replace(ngx_otter_zone_t *zone,
    ngx_otter_member_t *old);
static ngx_int_t ngx_otter_session_insert(ngx_otter_join_t *join,
    ngx_otter_session_t *session, ngx_otter_room_t *room);
static ngx_otter_member_t *ngx_otter_session_expected(ngx_otter_join_t *join,
    ngx_otter_room_t *room);
static void ngx_otter_session_peer(ngx_otter_text_t *text,
    ngx_otter_join_t *join, u_char *id);


/*
 * When the room was closed before it was in it, it joins the one that is made
 * by that, as somebody else: of the one that joined the other room all is
 * gone.
 */

ngx_int_t
ngx_otter_session_join(ngx_otter_join_t *join, ngx_otter_session_t **sp)
{
    ngx_int_t  rc;

    for ( ;; ) {
        join->closed = 0;

        rc = ngx_otter_session_try(join, sp);

        if (!join->closed || join->tries++ == NGX_OTTER_SESSION_TRIES) {
            return rc;
        }

        join->stage = NGX_OTTER_JOIN_START;
    }
}


static ngx_int_t
ngx_otter_session_try(ngx_otter_join_t *join, ngx_otter_session_t **sp)
{
    ngx_int_t             rc;
    ngx_otter_session_t  *session;

    if (ngx_otter_bus_slot() == NGX_OTTER_SLOT_NONE) {
        return NGX_ERROR;
    }

    if (join->stage == NGX_OTTER_JOIN_REFUSED) {
        rc = join->rc;
        goto failed;
    }

    if (join->resume.len == 0 && join->stage == NGX_OTTER_JOIN_START) {
        rc = ngx_otter_session_prepare(join);

        if (rc != NGX_OK) {
            goto failed;
        }
    }

    session = ngx_otter_session_create(join);
    if (session == NULL) {
        rc = NGX_ERROR;
        goto failed;
    }

    if (join->resume.len) {
        rc = ngx_otter_session_resume(join, session);

    } else {
        rc = ngx_otter_session_enter(join, session);
    }

    if (rc == NGX_OK) {
        ngx_otter_session_release(join);

        *sp = session;
        return NGX_OK;
    }

    ngx_free(session);

failed:

    if (rc != NGX_AGAIN) {
        ngx_otter_session_cancel(join);

        /* whom it was to replace has to be told all the same */

        ngx_otter_bus_drain();
    }

    return rc;
}


/*
 * Who it is that joins.  NGX_AGAIN: whether there is room is for Redis to
 * say.
 */

static ngx_int_t
ngx_otter_session_prepare(ngx_otter_join_t *join)
{
    ngx_int_t         rc;
    ngx_otter_text_t  text;

    if (ngx_otter_random_name(join->id, NGX_OTTER_ID_LEN) != NGX_OK
        || ngx_otter_session_secret(join->secret, join->hash) != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_otter_text_init(&text);
    ngx_otter_session_peer(&text, join, join->id);

    if (text.failed) {
        ngx_otter_text_free(&text);
        return NGX_ERROR;
    }

    join->peer.data = text.data;
    join->peer.len = text.len;

    rc = ngx_otter_remote_join(join);

    if (rc == NGX_DECLINED) {
        join->stage = NGX_OTTER_JOIN_ALONE;
        return NGX_OK;
    }

    return rc;
}


static void
ngx_otter_session_release(ngx_otter_join_t *join)
{
    free(join->peer.data);
    ngx_str_null(&join->peer);

    OPENSSL_cleanse(join->secret, sizeof(join->secret));
}


void
ngx_otter_session_cancel(ngx_otter_join_t *join)
{
    if (join->remote) {
        ngx_otter_remote_cancel(join);
    }

    ngx_otter_session_release(join);

    if (join->welcome) {
        ngx_otter_body_free(join->welcome);
        join->welcome = NULL;
    }

    ngx_otter_session_kept_free(join->replay);
    join->replay = NULL;
}


static ngx_otter_session_t *
ngx_otter_session_create(ngx_otter_join_t *join)
{
    ngx_otter_session_t  *session;

    session = calloc(1, sizeof(ngx_otter_session_t));
    if (session == NULL) {
        return NULL;
    }

    session->zone = join->zone;
    session->kept_last = &session->kept;
    session->kept_max = join->kept_max;
    session->resume_timeout = join->resume_timeout;
    session->moderator = join->moderator;
    session->token = join->token;
    session->ice = join->renewal;
    session->seq = join->seq;

    return session;
}


void
ngx_otter_session_attach(ngx_otter_session_t *session, ngx_otter_join_t *join,
    ngx_otter_socket_t *s)
{
    ngx_otter_kept_t  *kept;

    session->socket = s;
    s->data = session;
    s->expires = join->grant.expires;
    s->renew = session->peer.waiting ? 0 : join->renew;

    ngx_otter_socket_send(s, OTTER_FRAME_TEXT, ++session->seq, join->welcome);

    ngx_otter_body_free(join->welcome);
    join->welcome = NULL;

    if (join->gap) {
        ngx_otter_session_resync(&session->peer);

    } else {
        for (kept = join->replay; kept; kept = kept->next) {
            ngx_otter_session_deliver(&session->peer, kept->body);
        }
    }

    ngx_otter_session_kept_free(join->replay);
    join->replay = NULL;

    /*
     * What others did meanwhile, and what they were told of this peer.  The
     * latter goes out a turn of the loop later: when a crowd comes back, the
     * next ones have joined by then, and one write tells of them all.
     */

    ngx_otter_flush_may_wait(1);
    ngx_otter_bus_drain();
    ngx_otter_flush_may_wait(0);
}


void
ngx_otter_session_abandon(ngx_otter_session_t *session,
    ngx_otter_join_t *join)
{
    ngx_otter_session_cancel(join);
    ngx_otter_session_leave(session, "left");
}


static ngx_int_t
ngx_otter_session_enter(ngx_otter_join_t *join, ngx_otter_session_t *session)
{
    ngx_int_t            rc;
    ngx_uint_t           kept;
    ngx_otter_room_t    *room;
    ngx_otter_member_t  *old;

    ngx_memcpy(session->peer.node.id, join->id, NGX_OTTER_ID_LEN);

    ngx_otter_zone_lock(join->zone);

    room = ngx_otter_zone_room(join->zone, &join->room);

    if (room == NULL) {
        room = ngx_otter_zone_room_add(join->zone, &join->room,
                                       join->max_peers);
        if (room == NULL) {
            rc = NGX_ERROR;
            goto done;
        }
    }

    old = ngx_otter_room_identity(room, &join->identity);
    rc = ngx_otter_session_admit(join, room, old);

    /* the room must not go with a member that is replaced */

    kept = room->kept;
    room->kept = 1;

    if (rc == NGX_OK && old) {

        if (ngx_otter_session_outdated(join, room, old)) {
            rc = NGX_ERROR;

        } else {
            ngx_otter_session_replace(join->zone, old);
        }
    }

    room->kept = kept;

    if (rc == NGX_OK) {
        rc = ngx_otter_session_insert(join, session, room);
    }

    if (rc != NGX_OK) {
        ngx_otter_zone_room_release(join->zone, room);
    }

done:

    ngx_otter_zone_unlock(join->zone);

    if (rc == NGX_OK) {
        ngx_otter_stats->joins++;

    } else if (join->stage == NGX_OTTER_JOIN_ADMITTED) {
        (void) ngx_otter_remote_leave(&join->room, join->id, "left");
    }

    return rc;
}


/*
 * 1: one of its identity joined later, and has replaced it before this worker
 * heard that it was let in: answers to several workers of a host cross.
 */

static ngx_uint_t
ngx_otter_session_outdated(ngx_otter_join_t *join, ngx_otter_room_t *room,
    ngx_otter_member_t *old)
{
    ngx_otter_member_t  *m;

    if (join->stage != NGX_OTTER_JOIN_ADMITTED || join->version == 0) {
        return 0;
    }

    m = ngx_otter_zone_member(join->zone, join->id, NGX_OTTER_ID_LEN);

    if (m == NULL || !m->pending || m->room != room) {
        join->closed = (room->serial != join->serial);
        return 1;
    }

    if (old->entered <= join->version) {
        return 0;
    }

    m->active = 0;
    ngx_otter_room_settle(room);
    ngx_otter_zone_member_forget(join->zone, m);

    return 1;
}


static void
ngx_otter_session_replace(ngx_otter_zone_t *zone, ngx_otter_member_t *old)
{
    if (old->slot == NGX_OTTER_SLOT_REMOTE) {

        /* its own host closes it when it hears of this */

        ngx_otter_remote_vanish(old);
        ngx_otter_room_tell(old, "peer-left", "replaced");
        ngx_otter_zone_member_free(zone, old);
        return;
    }

    ngx_otter_room_remove(zone, old, "replaced", NGX_OTTER_CLOSE_REPLACED);
}


static ngx_int_t
ngx_otter_session_admit(ngx_otter_join_t *join, ngx_otter_room_t *room,
    ngx_otter_member_t *old)
{
    ngx_int_t  rc;

    if (join->stage == NGX_OTTER_JOIN_ADMITTED) {
        return NGX_OK;
    }

    rc = ngx_otter_room_admission(room, old, join->moderator, join->guest,
                                  &join->grant, room->max_peers);

    if (rc != NGX_AGAIN) {
        return rc;
    }

    if (ngx_otter_denied(join->zone, &join->room, &join->identity,
                         &join->grant))
    {
        return NGX_OTTER_ROOM_DENIED;
    }

    join->waiting = 1;

    return NGX_OK;
}


static ngx_int_t
ngx_otter_session_insert(ngx_otter_join_t *join, ngx_otter_session_t *session,
    ngx_otter_room_t *room)
{
    ngx_otter_member_t  *m;

    m = ngx_otter_session_expected(join, room);
    if (m == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(m->resume, join->hash, sizeof(m->resume));
    m->moderator = join->moderator;
    m->guest = join->guest;
    m->grant = join->grant;
    m->resume_timeout = join->resume_timeout;
    m->held_max = join->kept_max;
    m->entered = join->version;
    m->counted = 1;

    session->peer.waiting = m->waiting;

    /* what came for it while Redis was asked */

    if (!m->waiting) {
        join->gap = m->gap;
        ngx_otter_session_take_held(join, m);
    }

    ngx_otter_zone_held_clear(join->zone, m);
    m->gap = 0;

    ngx_otter_zone_member_move(join->zone, m, ngx_otter_bus_slot());

    if (ngx_otter_session_first(join, session, m, join->secret) != NGX_OK
        || ngx_otter_hub_enter(&session->peer, room) != NGX_OK)
    {
        ngx_otter_session_secret_free(session);
        ngx_otter_zone_member_free(join->zone, m);
        return NGX_ERROR;
    }

    m->counted = 0;

    if (m->waiting) {
        ngx_otter_lobby_knock(m);

    } else {
        ngx_otter_room_tell_peer(m, "peer-joined");
        ngx_otter_room_tell_status(room, m);
    }

    if (join->stage != NGX_OTTER_JOIN_ADMITTED) {

        /* Redis is told of it by the next sync */

        room->version = 0;
    }

    return NGX_OK;
}


/* its first message, and for a moderator who waits */

ngx_int_t
ngx_otter_session_first(ngx_otter_join_t *join, ngx_otter_session_t *session,
    ngx_otter_member_t *m, u_char *secret)
{
    if (m->waiting) {
        return ngx_otter_session_lobby(join, session, m, secret);
    }

    if (ngx_otter_session_welcome(join, m, secret) != NGX_OK) {
        return NGX_ERROR;
    }

    if (m->moderator && join->resume.len == 0) {
        return ngx_otter_session_knocks(m->room, &join->replay);
    }

    return NGX_OK;
}


/* the member, as one that is away; with Redis it is there already */

static ngx_otter_member_t *
ngx_otter_session_expected(ngx_otter_join_t *join, ngx_otter_room_t *room)
{
    ngx_otter_member_t  *m;

    m = ngx_otter_zone_member(join->zone, join->id, NGX_OTTER_ID_LEN);

    if (m) {
        if (!m->pending || m->room != room) {
            return NULL;
        }

        ngx_otter_zone_member_admit(join->zone, m);
        return m;
    }

    if (join->stage == NGX_OTTER_JOIN_ADMITTED) {

        /* replaced, or the room was closed, before it was in it */

        join->closed = (room->serial != join->serial);

        return NULL;
    }

    m = ngx_otter_zone_member_alloc(join->zone, &join->identity, &join->peer);

    if (m) {
        ngx_memcpy(m->id, join->id, NGX_OTTER_ID_LEN);
        m->waiting = join->waiting;
        ngx_otter_zone_member_link(join->zone, room, m);
    }

    return m;
}


/* PEER of the interface, section 3 */

static void
ngx_otter_session_peer(ngx_otter_text_t *text, ngx_otter_join_t *join,
    u_char *id)
{
    ngx_otter_text_add_string(text, "{\"id\":");
    ngx_otter_text_add_json(text, id, NGX_OTTER_ID_LEN);
    ngx_otter_text_add_string(text, ",\"identity\":");
    ngx_otter_text_add_json(text, join->identity.data, join->identity.len);
    ngx_otter_text_add_string(text, ",\"name\":");
    ngx_otter_text_add_json(text, join->name.data, join->name.len);
    ngx_otter_text_add_string(text, join->moderator
                                    ? ",\"role\":\"moderator\""
                                    : ",\"role\":\"participant\"");
    ngx_otter_text_add_string(text, ",\"metadata\":");

    if (join->metadata.len) {
        ngx_otter_text_add(text, join->metadata.data, join->metadata.len);

    } else {
        ngx_otter_text_add_string(text, "{}");
    }

    ngx_otter_text_add_string(text, ",\"joined_at\":");
    ngx_otter_text_add_time(text, ngx_time());
    ngx_otter_text_add(text, "}", 1);
}


ngx_int_t
ngx_otter_session_secret(u_char *secret, u_char *hash)
{
    if (ngx_otter_random_name(secret, NGX_OTTER_SECRET_LEN) != NGX_OK) {
        return NGX_ERROR;
    }

    otter_sha256(hash, secret, NGX_OTTER_SECRET_LEN);

    return NGX_OK;
}


/* with the lock held, so that the list of peers fits what follows it */

ngx_int_t
ngx_otter_session_welcome(ngx_otter_join_t *join, ngx_otter_member_t *m,
    u_char *secret)
{
    otter_span_t      part;
    ngx_otter_text_t  text;

    ngx_otter_text_init(&text);

    ngx_otter_text_add_string(&text, "\"type\":\"welcome\",\"session\":\"");
    ngx_otter_text_add(&text, m->id, NGX_OTTER_ID_LEN);
    ngx_otter_text_add_string(&text, "\",\"resume\":\"");
    ngx_otter_text_add(&text, m->id, NGX_OTTER_ID_LEN);
    ngx_otter_text_add(&text, secret, NGX_OTTER_SECRET_LEN);
    ngx_otter_text_add_string(&text, join->resume.len
                                     ? "\",\"resumed\":true,\"self\":"
                                     : "\",\"resumed\":false,\"self\":");
    ngx_otter_text_add(&text, m->peer, m->peer_len);
    ngx_otter_text_add_string(&text, ",\"room\":");
    ngx_otter_room_write(&text, m->room);
    ngx_otter_text_add_string(&text, ",\"peers\":");
    ngx_otter_room_write_peers(&text, m->room, m);

    if (m->room->relay_only) {
        ngx_otter_text_add(&text, join->ice_relay.data, join->ice_relay.len);

    } else {
        ngx_otter_text_add(&text, join->ice.data, join->ice.len);
    }

    if (m->counted) {
        ngx_otter_text_add_string(&text, ",\"received\":");
        ngx_otter_text_add_number(&text, m->received);
    }

    ngx_otter_text_add(&text, "}", 1);

    if (!text.failed) {
        part.data = text.data;
        part.len = text.len;
        join->welcome = ngx_otter_body_create(&part, 1);
    }

    ngx_otter_text_free(&text);

    return join->welcome ? NGX_OK : NGX_ERROR;
}
