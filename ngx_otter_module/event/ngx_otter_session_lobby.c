
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_session.h"
#include "ngx_otter_cache.h"
#include "ngx_otter_lobby.h"
#include "ngx_otter_room.h"

#include <openssl/crypto.h>


static void ngx_otter_session_admitted_welcome(ngx_otter_session_t *session,
    ngx_otter_text_t *snapshot, ngx_uint_t relay_only);


/* the first message of one who waits: how to come back, and nothing else */

ngx_int_t
ngx_otter_session_lobby(ngx_otter_join_t *join, ngx_otter_session_t *session,
    ngx_otter_member_t *m, u_char *secret)
{
    otter_span_t      part;
    ngx_otter_text_t  text;

    session->secret = malloc(NGX_OTTER_SECRET_LEN);
    if (session->secret == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(session->secret, secret, NGX_OTTER_SECRET_LEN);

    ngx_otter_text_init(&text);

    ngx_otter_text_add_string(&text, "\"type\":\"lobby\",\"session\":\"");
    ngx_otter_text_add(&text, m->id, NGX_OTTER_ID_LEN);
    ngx_otter_text_add_string(&text, "\",\"resume\":\"");
    ngx_otter_text_add(&text, m->id, NGX_OTTER_ID_LEN);
    ngx_otter_text_add(&text, secret, NGX_OTTER_SECRET_LEN);
    ngx_otter_text_add_string(&text, join->resume.len
                                     ? "\",\"resumed\":true,\"self\":"
                                     : "\",\"resumed\":false,\"self\":");
    ngx_otter_text_add(&text, m->peer, m->peer_len);
    ngx_otter_text_add(&text, "}", 1);

    if (!text.failed) {
        part.data = text.data;
        part.len = text.len;
        join->welcome = ngx_otter_body_create(&part, 1);
    }

    ngx_otter_text_free(&text);

    return join->welcome ? NGX_OK : NGX_ERROR;
}


void
ngx_otter_session_secret_free(ngx_otter_session_t *session)
{
    if (session->secret) {
        OPENSSL_cleanse(session->secret, NGX_OTTER_SECRET_LEN);
        free(session->secret);
        session->secret = NULL;
    }
}


ngx_int_t
ngx_otter_session_knocks(ngx_otter_room_t *room, ngx_otter_kept_t **list)
{
    otter_span_t         part;
    ngx_otter_kept_t    *kept;
    ngx_otter_text_t     text;
    ngx_otter_member_t  *m;

    m = NULL;

    while (*list) {
        list = &(*list)->next;
    }

    if (room->waiting == 0) {
        return NGX_OK;
    }

    for ( ;; ) {
        ngx_otter_text_init(&text);

        if (ngx_otter_lobby_knocks(room, &text, &m) != NGX_OK) {
            ngx_otter_text_free(&text);
            return NGX_OK;
        }

        kept = text.failed ? NULL
                           : ngx_otter_cache_alloc(sizeof(ngx_otter_kept_t));

        if (kept) {
            part.data = text.data;
            part.len = text.len;

            kept->next = NULL;
            kept->seq = 0;
            kept->body = ngx_otter_body_create(&part, 1);

            if (kept->body == NULL) {
                ngx_otter_cache_free(kept, sizeof(ngx_otter_kept_t));
                kept = NULL;
            }
        }

        ngx_otter_text_free(&text);

        if (kept == NULL) {
            return NGX_ERROR;
        }

        *list = kept;
        list = &kept->next;
    }
}


void
ngx_otter_session_admitted(ngx_otter_hub_peer_t *peer, uint64_t stamp,
    ngx_otter_body_t *body)
{
    ngx_uint_t            relay_only;
    ngx_otter_text_t      snapshot;
    ngx_otter_member_t   *m;
    ngx_otter_session_t  *session;

    session = (ngx_otter_session_t *) peer;

    if (!peer->waiting) {
        return;
    }

    ngx_otter_text_init(&snapshot);
    relay_only = 0;

    ngx_otter_zone_lock(session->zone);

    m = ngx_otter_zone_member(session->zone, peer->node.id, NGX_OTTER_ID_LEN);

    if (m && !m->waiting) {
        relay_only = m->room->relay_only;

        if (body && body->len) {
            ngx_otter_text_add(&snapshot, body->data, body->len);

        } else {

            /* the record was lost, and what came behind it as well */

            stamp = m->room->stamp;
            ngx_otter_lobby_snapshot(&snapshot, m);
        }
    }

    ngx_otter_zone_unlock(session->zone);

    if (m == NULL || m->waiting) {
        ngx_otter_text_free(&snapshot);
        return;
    }

    ngx_otter_hub_admit(peer, stamp);
    ngx_otter_session_admitted_welcome(session, &snapshot, relay_only);
    ngx_otter_text_free(&snapshot);
}


static void
ngx_otter_session_admitted_welcome(ngx_otter_session_t *session,
    ngx_otter_text_t *snapshot, ngx_uint_t relay_only)
{
    otter_span_t         part;
    ngx_otter_body_t    *body;
    ngx_otter_text_t     text;
    ngx_otter_socket_t  *s;

    static const char  admitted[] = "\"type\":\"admitted\"}";

    s = session->socket;

    part.data = (const unsigned char *) admitted;
    part.len = sizeof(admitted) - 1;

    body = ngx_otter_body_create(&part, 1);

    if (body) {
        ngx_otter_session_deliver(&session->peer, body);
        ngx_otter_body_free(body);
    }

    ngx_otter_text_init(&text);

    ngx_otter_text_add_string(&text, "\"type\":\"welcome\",\"session\":\"");
    ngx_otter_text_add(&text, session->peer.node.id, NGX_OTTER_ID_LEN);
    ngx_otter_text_add_string(&text, "\",\"resume\":\"");
    ngx_otter_text_add(&text, session->peer.node.id, NGX_OTTER_ID_LEN);

    if (session->secret) {
        ngx_otter_text_add(&text, session->secret, NGX_OTTER_SECRET_LEN);
    }

    ngx_otter_text_add_string(&text, "\",\"resumed\":false,");
    ngx_otter_text_add(&text, snapshot->data, snapshot->len);

    if (s && session->ice) {
        s->renew = session->ice(s, relay_only, &text);
        ngx_otter_socket_schedule(s);
    }

    ngx_otter_text_add_string(&text, ",\"received\":");
    ngx_otter_text_add_number(&text, session->received);
    ngx_otter_text_add(&text, "}", 1);

    ngx_otter_session_secret_free(session);

    part.data = text.data;
    part.len = text.len;

    body = (text.failed || snapshot->failed)
           ? NULL : ngx_otter_body_create(&part, 1);

    OPENSSL_cleanse(text.data, text.len);
    ngx_otter_text_free(&text);

    if (body == NULL) {

        /* it resumes, and has its welcome then */

        if (s) {
            ngx_otter_socket_close(s, NGX_OTTER_CLOSE_RESTART);
        }

        return;
    }

    if (s) {
        ngx_otter_socket_send(s, OTTER_FRAME_TEXT, ++session->seq, body);
    }

    ngx_otter_body_free(body);
}


/* one who waits may have missed that it is in; there is nothing else */

ngx_int_t
ngx_otter_session_resync_waiting(ngx_otter_session_t *session)
{
    ngx_uint_t           waiting;
    ngx_otter_member_t  *m;

    ngx_otter_zone_lock(session->zone);

    m = ngx_otter_zone_member(session->zone, session->peer.node.id,
                              NGX_OTTER_ID_LEN);
    waiting = (m && m->waiting);

    ngx_otter_zone_unlock(session->zone);

    if (m == NULL) {
        return NGX_DECLINED;
    }

    if (!waiting) {
        ngx_otter_session_admitted(&session->peer, 0, NULL);
    }

    return NGX_OK;
}
