
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_session.h"
#include "ngx_otter_remote.h"
#include "ngx_otter_room.h"
#include "otter_json.h"
#include "otter_name.h"

#include <jansson.h>


static void ngx_otter_session_signal(ngx_otter_session_t *session,
    otter_envelope_t *e);
static void ngx_otter_session_publish(ngx_otter_session_t *session,
    otter_envelope_t *e);
static ngx_otter_body_t *ngx_otter_session_body(ngx_otter_session_t *session,
    const char *type, otter_span_t *data);
static void ngx_otter_session_update(ngx_otter_session_t *session,
    otter_envelope_t *e);
static const char *ngx_otter_session_rewrite(ngx_otter_session_t *session,
    otter_envelope_t *e, ngx_otter_member_t *m);
static const char *ngx_otter_session_update_name(json_t *peer,
    otter_span_t *name);
static const char *ngx_otter_session_update_metadata(json_t *peer,
    otter_span_t *metadata);
static void ngx_otter_session_moderate(ngx_otter_session_t *session,
    otter_envelope_t *e);
static void ngx_otter_session_token(ngx_otter_session_t *session,
    otter_envelope_t *e);


void
ngx_otter_session_message(ngx_otter_socket_t *s, u_char *data, size_t len,
    ngx_uint_t opcode)
{
    const char           *detail;
    otter_envelope_t      e;
    ngx_otter_session_t  *session;

    session = s->data;

    if (session == NULL) {
        return;
    }

    if (opcode == OTTER_FRAME_BINARY) {
        ngx_otter_socket_end(s, NGX_OTTER_CLOSE_UNSUPPORTED);
        return;
    }

    session->received++;

    detail = otter_envelope_parse(&e, data, len);

    if (detail) {
        ngx_otter_session_error(session, "bad-message", detail, &e.ref);
        return;
    }

    switch (e.type) {

    case OTTER_ENVELOPE_SIGNAL:
        ngx_otter_session_signal(session, &e);
        return;

    case OTTER_ENVELOPE_MESSAGE:
        ngx_otter_session_publish(session, &e);
        return;

    case OTTER_ENVELOPE_UPDATE:
        ngx_otter_session_update(session, &e);
        return;

    case OTTER_ENVELOPE_ACK:
        if ((uint64_t) e.seq <= session->seq) {
            ngx_otter_session_acked(session, (uint64_t) e.seq);
        }

        return;

    case OTTER_ENVELOPE_LEAVE:
        ngx_otter_session_leave(session, "left");
        ngx_otter_socket_close(s, NGX_OTTER_CLOSE_NORMAL);
        return;

    case OTTER_ENVELOPE_TOKEN:
        ngx_otter_session_token(session, &e);
        return;

    default:
        ngx_otter_session_moderate(session, &e);
    }
}


static void
ngx_otter_session_signal(ngx_otter_session_t *session, otter_envelope_t *e)
{
    int64_t            len;
    u_char             to[NGX_OTTER_ID_LEN];
    ngx_int_t          rc;
    ngx_otter_body_t  *body;

    /* what does not fit is no peer's id */

    len = otter_json_unescape(to, sizeof(to), e->to.data, e->to.len);

    rc = NGX_DECLINED;

    if (len == NGX_OTTER_ID_LEN) {
        body = ngx_otter_session_body(session, "signal", &e->data);

        if (body == NULL) {
            ngx_otter_socket_end(session->socket, NGX_OTTER_CLOSE_INTERNAL);
            return;
        }

        rc = ngx_otter_hub_direct(&session->peer, to, (size_t) len, body);

        ngx_otter_body_free(body);
    }

    if (rc == NGX_ERROR) {
        ngx_otter_session_error(session, "unreachable",
                                "the host of that peer can't be reached now",
                                &e->ref);

    } else if (rc == NGX_DECLINED) {
        ngx_otter_session_error(session, "no-such-peer",
                                "no peer of this room has that id", &e->ref);
    }
}


static void
ngx_otter_session_publish(ngx_otter_session_t *session, otter_envelope_t *e)
{
    ngx_otter_body_t  *body;

    body = ngx_otter_session_body(session, "message", &e->data);

    if (body == NULL) {
        ngx_otter_socket_end(session->socket, NGX_OTTER_CLOSE_INTERNAL);
        return;
    }

    ngx_otter_hub_publish(&session->peer, body);

    ngx_otter_body_free(body);
}


/* "data" goes on byte for byte; "from" is what the server knows */

static ngx_otter_body_t *
ngx_otter_session_body(ngx_otter_session_t *session, const char *type,
    otter_span_t *data)
{
    u_char        *p, head[64];
    otter_span_t   parts[3];

    p = ngx_cpymem(head, "\"type\":\"", 8);
    p = ngx_cpymem(p, type, ngx_strlen(type));
    p = ngx_cpymem(p, "\",\"from\":\"", 10);
    p = ngx_cpymem(p, session->peer.id, NGX_OTTER_ID_LEN);
    p = ngx_cpymem(p, "\",\"data\":", 9);

    parts[0].data = head;
    parts[0].len = p - head;
    parts[1] = *data;
    parts[2].data = (const unsigned char *) "}";
    parts[2].len = 1;

    return ngx_otter_body_create(parts, 3);
}


void
ngx_otter_session_error(ngx_otter_session_t *session, const char *code,
    const char *detail, otter_span_t *ref)
{
    otter_span_t       part;
    ngx_otter_body_t  *body;
    ngx_otter_text_t   text;

    ngx_otter_text_init(&text);

    ngx_otter_text_add_string(&text, "\"type\":\"error\",\"code\":\"");
    ngx_otter_text_add_string(&text, code);
    ngx_otter_text_add_string(&text, "\",\"detail\":");
    ngx_otter_text_add_json(&text, (u_char *) detail, ngx_strlen(detail));

    if (ref->data) {
        ngx_otter_text_add_string(&text, ",\"ref\":");
        ngx_otter_text_add(&text, ref->data, ref->len);
    }

    ngx_otter_text_add(&text, "}", 1);

    part.data = text.data;
    part.len = text.len;

    body = text.failed ? NULL : ngx_otter_body_create(&part, 1);

    ngx_otter_text_free(&text);

    if (body) {
        ngx_otter_session_deliver(&session->peer, body);
        ngx_otter_body_free(body);
    }
}


static void
ngx_otter_session_update(ngx_otter_session_t *session, otter_envelope_t *e)
{
    const char          *detail;
    ngx_otter_member_t  *m;

    detail = NULL;

    ngx_otter_zone_lock(session->zone);

    m = ngx_otter_zone_member(session->zone, session->peer.id,
                              NGX_OTTER_ID_LEN);

    if (m) {
        detail = ngx_otter_session_rewrite(session, e, m);

        if (detail == NULL) {
            ngx_otter_room_tell_peer(m, "peer-updated");
            ngx_otter_remote_changed(m);
        }
    }

    ngx_otter_zone_unlock(session->zone);

    if (detail) {
        ngx_otter_session_error(session, "bad-message", detail, &e->ref);
    }

    ngx_otter_bus_drain();
}


/*
 * An update is rare, so PEER is taken apart and written anew; jansson keeps
 * the order of its members.
 */

static const char *
ngx_otter_session_rewrite(ngx_otter_session_t *session, otter_envelope_t *e,
    ngx_otter_member_t *m)
{
    char        *text;
    size_t       len;
    u_char      *data;
    json_t      *peer;
    const char  *detail;

    peer = json_loadb((char *) m->peer, m->peer_len, 0, NULL);

    if (peer == NULL) {
        return "the update could not be made";
    }

    detail = ngx_otter_session_update_name(peer, &e->name);

    if (detail == NULL) {
        detail = ngx_otter_session_update_metadata(peer, &e->metadata);
    }

    text = detail ? NULL : json_dumps(peer, JSON_COMPACT);

    json_decref(peer);

    if (detail) {
        return detail;
    }

    if (text == NULL) {
        return "the update could not be made";
    }

    len = ngx_strlen(text);
    data = ngx_slab_alloc_locked(session->zone->shpool, len);

    if (data == NULL) {
        free(text);
        return "the server's zone is full";
    }

    ngx_memcpy(data, text, len);
    free(text);

    if (m->peer != m->identity + m->identity_len) {
        ngx_slab_free_locked(session->zone->shpool, m->peer);
    }

    m->peer = data;
    m->peer_len = len;

    return NULL;
}


static const char *
ngx_otter_session_update_name(json_t *peer, otter_span_t *name)
{
    u_char   decoded[OTTER_DISPLAY_NAME_MAX];
    int64_t  len;

    if (name->data == NULL) {
        return NULL;
    }

    len = otter_json_unescape(decoded, sizeof(decoded), name->data,
                              name->len);

    if (len < 0 || !otter_display_name_valid(decoded, (size_t) len)) {
        return "\"name\" is longer than 256 bytes or has control characters";
    }

    if (json_object_set_new(peer, "name",
                            json_stringn((char *) decoded, (size_t) len))
        != 0)
    {
        return "the update could not be made";
    }

    return NULL;
}


static const char *
ngx_otter_session_update_metadata(json_t *peer, otter_span_t *metadata)
{
    json_t  *object;

    if (metadata->data == NULL) {
        return NULL;
    }

    if (metadata->len > OTTER_METADATA_MAX) {
        return "\"metadata\" is longer than 4096 bytes";
    }

    object = json_loadb((char *) metadata->data, metadata->len,
                        JSON_REJECT_DUPLICATES, NULL);

    if (object == NULL) {
        return "\"metadata\" names a member twice";
    }

    if (json_object_set_new(peer, "metadata", object) != 0) {
        return "the update could not be made";
    }

    return NULL;
}


static void
ngx_otter_session_token(ngx_otter_session_t *session, otter_envelope_t *e)
{
    time_t       expires;
    const char  *code;

    expires = 0;
    code = session->token(session->socket, &e->token, &expires);

    if (code) {
        ngx_otter_session_error(session, code, "the token is not taken",
                                &e->ref);
        return;
    }

    session->socket->expires = expires;
    ngx_otter_socket_schedule(session->socket);
}


static void
ngx_otter_session_moderate(ngx_otter_session_t *session, otter_envelope_t *e)
{
    if (!session->moderator) {
        ngx_otter_session_error(session, "forbidden",
                                "only a moderator may do that", &e->ref);
        return;
    }

    ngx_otter_session_error(session, "not-supported",
                            "this server does not moderate rooms", &e->ref);
}
