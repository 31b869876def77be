
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_session.h"
#include "ngx_otter_cache.h"
#include "ngx_otter_remote.h"
#include "ngx_otter_room.h"
#include "ngx_otter_stream.h"
#include "otter_digest.h"

#include <openssl/crypto.h>


enum {
    NGX_OTTER_RESUME_LEN = NGX_OTTER_ID_LEN + NGX_OTTER_SECRET_LEN
};


static ngx_int_t ngx_otter_session_fetch(ngx_otter_join_t *join);
static ngx_otter_member_t *ngx_otter_session_opened(ngx_otter_join_t *join);
static ngx_otter_member_t *ngx_otter_session_resumable(
    ngx_otter_join_t *join);
static void ngx_otter_session_claim(ngx_otter_member_t *m);
static ngx_int_t ngx_otter_session_return(ngx_otter_join_t *join,
    ngx_otter_session_t *session, ngx_otter_member_t *m);


ngx_int_t
ngx_otter_session_resume(ngx_otter_join_t *join, ngx_otter_session_t *session)
{
    ngx_int_t              rc;
    ngx_otter_member_t    *m, *own;
    ngx_otter_hub_peer_t  *peer;

    ngx_otter_zone_lock(join->zone);

    m = ngx_otter_session_resumable(join);
    own = ngx_otter_session_opened(join);

    if (m == NULL && own && own->slot != NGX_OTTER_SLOT_REMOTE) {

        /* the token is not of that peer: no other host may say otherwise */

        ngx_otter_zone_unlock(join->zone);

        return NGX_DECLINED;
    }

    if ((m == NULL || m->slot == NGX_OTTER_SLOT_REMOTE)
        && join->stage == NGX_OTTER_JOIN_START)
    {
        ngx_otter_zone_unlock(join->zone);

        return ngx_otter_session_fetch(join);
    }

    if (m && m->slot == ngx_otter_bus_slot()) {
        ngx_otter_zone_unlock(join->zone);

        peer = ngx_otter_hub_find(join->resume.data, NGX_OTTER_ID_LEN);

        if (peer) {
            ngx_otter_session_yield(peer);
        }

        ngx_otter_zone_lock(join->zone);

        m = ngx_otter_session_resumable(join);
    }

    if (m == NULL || m->slot == NGX_OTTER_SLOT_REMOTE) {
        rc = NGX_DECLINED;

    } else if (m->slot == NGX_OTTER_SLOT_NONE) {
        rc = ngx_otter_session_return(join, session, m);

    } else {
        if (join->claims++ == 0) {
            ngx_otter_session_claim(m);
        }

        rc = NGX_AGAIN;
    }

    ngx_otter_zone_unlock(join->zone);

    if (rc == NGX_OK) {
        ngx_otter_stats->resumes++;
    }

    return rc;
}


/* the session is another host's, if it is anyone's */

static ngx_int_t
ngx_otter_session_fetch(ngx_otter_join_t *join)
{
    ngx_int_t  rc;

    if (join->resume.len != NGX_OTTER_RESUME_LEN) {
        return NGX_DECLINED;
    }

    if (ngx_otter_remote_starting()) {

        /* with no join->remote the caller tries again by itself */

        return NGX_AGAIN;
    }

    rc = ngx_otter_remote_take(join);

    if (rc == NGX_DECLINED && ngx_otter_remote_on()) {

        /* it may well be there, but Redis can't be asked now */

        return NGX_ERROR;
    }

    return rc;
}


/* the member that the secret opens */

static ngx_otter_member_t *
ngx_otter_session_opened(ngx_otter_join_t *join)
{
    u_char               hash[OTTER_SHA256_SIZE];
    ngx_otter_member_t  *m;

    if (join->resume.len != NGX_OTTER_RESUME_LEN) {
        return NULL;
    }

    m = ngx_otter_zone_member(join->zone, join->resume.data,
                              NGX_OTTER_ID_LEN);
    if (m == NULL || m->pending) {
        return NULL;
    }

    otter_sha256(hash, join->resume.data + NGX_OTTER_ID_LEN,
                 NGX_OTTER_SECRET_LEN);

    if (CRYPTO_memcmp(hash, m->resume, OTTER_SHA256_SIZE) != 0) {
        return NULL;
    }

    return m;
}


/* the same, if the token is of that peer, and gives it the rights it has */

static ngx_otter_member_t *
ngx_otter_session_resumable(ngx_otter_join_t *join)
{
    ngx_otter_member_t  *m;

    m = ngx_otter_session_opened(join);

    if (m == NULL) {
        return NULL;
    }

    if (m->identity_len != join->identity.len
        || ngx_memcmp(m->identity, join->identity.data, m->identity_len) != 0
        || m->moderator != join->moderator || (join->guest && !m->guest)
        || m->room->name_len != join->room.len
        || ngx_memcmp(m->room->name, join->room.data, join->room.len) != 0)
    {
        return NULL;
    }

    return m;
}


static void
ngx_otter_session_claim(ngx_otter_member_t *m)
{
    ngx_otter_record_t  record;

    ngx_memzero(&record, sizeof(ngx_otter_record_t));

    record.kind = NGX_OTTER_RECORD_CLAIM;
    record.room = m->room->serial;
    record.stamp = ++m->room->stamp;
    ngx_memcpy(record.id, m->id, NGX_OTTER_ID_LEN);

    ngx_otter_bus_push(m->slot, &record, (u_char *) "");
}


static ngx_int_t
ngx_otter_session_return(ngx_otter_join_t *join, ngx_otter_session_t *session,
    ngx_otter_member_t *m)
{
    u_char  secret[NGX_OTTER_SECRET_LEN], hash[OTTER_SHA256_SIZE];

    if (ngx_otter_session_secret(secret, hash) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_memcpy(session->peer.node.id, m->id, NGX_OTTER_ID_LEN);

    session->peer.waiting = m->waiting;

    /* who waits can have missed nothing but answers */

    join->gap = !m->waiting
                && (m->gap || join->seq < m->lost || join->seq > m->seq);
    session->received = m->counted ? m->received : 0;
    session->moderator = m->moderator;

    if (m->counted && join->seq > m->seq) {

        /* the client can't have seen that; the numbering is the server's */

        session->seq = m->seq;
    }

    if (!join->gap && !m->gap) {
        ngx_otter_session_take_held(join, m);
    }

    if (ngx_otter_session_first(join, session, m, secret) != NGX_OK
        || ngx_otter_hub_enter(&session->peer, m->room) != NGX_OK)
    {
        ngx_otter_session_secret_free(session);
        return NGX_ERROR;
    }

    /* from here on nothing can fail: the old secret is used up */

    ngx_memcpy(m->resume, hash, OTTER_SHA256_SIZE);
    m->grant = join->grant;
    m->gap = 0;
    m->counted = 0;
    ngx_otter_zone_held_clear(join->zone, m);

    ngx_otter_zone_member_move(join->zone, m, ngx_otter_bus_slot());
    ngx_otter_room_tell(m, "peer-back", NULL);
    ngx_otter_remote_changed(m);
    ngx_otter_stream_end(m);

    return NGX_OK;
}


void
ngx_otter_session_take_held(ngx_otter_join_t *join, ngx_otter_member_t *m)
{
    otter_span_t        part;
    ngx_queue_t        *q;
    ngx_otter_held_t   *held;
    ngx_otter_kept_t   *kept, **last;

    last = &join->replay;

    for (q = ngx_queue_head(&m->held);
         q != ngx_queue_sentinel(&m->held);
         q = ngx_queue_next(q))
    {
        held = ngx_queue_data(q, ngx_otter_held_t, queue);

        if (held->seq && held->seq <= join->seq) {
            continue;
        }

        kept = ngx_otter_cache_alloc(sizeof(ngx_otter_kept_t));

        if (kept) {
            part.data = held->data;
            part.len = held->len;

            kept->next = NULL;
            kept->seq = 0;
            kept->body = ngx_otter_body_create(&part, 1);

            if (kept->body == NULL) {
                ngx_otter_cache_free(kept, sizeof(ngx_otter_kept_t));
                kept = NULL;
            }
        }

        if (kept == NULL) {
            join->gap = 1;
            return;
        }

        *last = kept;
        last = &kept->next;
    }
}
