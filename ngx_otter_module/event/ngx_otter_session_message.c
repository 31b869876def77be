
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_session.h"
#include "ngx_otter_remote.h"
#include "ngx_otter_room.h"
#include "otter_json.h"
#include "otter_name.h"

#include <jansson.h>


static ngx_int_t ngx_otter_session_take(ngx_otter_session_t *session,
    otter_envelope_t *e);
static ngx_int_t ngx_otter_session_signal(ngx_otter_session_t *session,
    otter_envelope_t *e);
static ngx_int_t ngx_otter_session_publish(ngx_otter_session_t *session,
    otter_envelope_t *e);
static ngx_otter_body_t *ngx_otter_session_body(ngx_otter_session_t *session,
    const char *type, otter_span_t *data);
static ngx_int_t ngx_otter_session_update(ngx_otter_session_t *session,
    otter_envelope_t *e);
static const char *ngx_otter_session_rewrite(ngx_otter_session_t *session,
    otter_envelope_t *e, ngx_otter_member_t *m);
static const char *ngx_otter_session_update_name(json_t *peer,
    otter_span_t *name);
static const char *ngx_otter_session_metadata_detail(
    enum json_error_code code);
static const char *ngx_otter_session_update_metadata(json_t *peer,
    otter_span_t *metadata);
static void ngx_otter_session_token(ngx_otter_session_t *session,
    otter_envelope_t *e);


ngx_int_t
ngx_otter_session_message(ngx_otter_socket_t *s, u_char *data, size_t len,
    ngx_uint_t opcode)
{
    ngx_int_t             rc;
    const char           *detail;
    otter_envelope_t      e;
    ngx_otter_session_t  *session;

    session = s->data;

    if (session == NULL) {
        return NGX_OK;
    }

    if (opcode == OTTER_FRAME_BINARY) {
        ngx_otter_socket_end(s, NGX_OTTER_CLOSE_UNSUPPORTED);
        return NGX_OK;
    }

    /* counted before it is handled, which may be the session's end */

    session->received++;
    session->peer.wait.now = s->patient ? 0 : 1;

    detail = otter_envelope_parse(&e, data, len);

    if (detail) {
        ngx_otter_session_error(session, "bad-message", detail, &e.ref);
        return NGX_OK;
    }

    if (session->peer.waiting && e.type != OTTER_ENVELOPE_ACK
        && e.type != OTTER_ENVELOPE_TOKEN && e.type != OTTER_ENVELOPE_LEAVE)
    {
        /* the same for all, so that nothing is learned from it */

        ngx_otter_session_error(session, "forbidden",
                                "wait until you are let in", &e.ref);
        return NGX_OK;
    }

    rc = ngx_otter_session_take(session, &e);

    if (rc == NGX_AGAIN) {
        session->received--;
    }

    return rc;
}


/* NGX_AGAIN: the bus has no place for it now */

static ngx_int_t
ngx_otter_session_take(ngx_otter_session_t *session, otter_envelope_t *e)
{
    ngx_otter_socket_t  *s;

    switch (e->type) {

    case OTTER_ENVELOPE_SIGNAL:
        return ngx_otter_session_signal(session, e);

    case OTTER_ENVELOPE_MESSAGE:
        return ngx_otter_session_publish(session, e);

    case OTTER_ENVELOPE_UPDATE:
        return ngx_otter_session_update(session, e);

    case OTTER_ENVELOPE_ACK:
        if ((uint64_t) e->seq <= session->seq) {
            ngx_otter_session_acked(session, (uint64_t) e->seq);
        }

        break;

    case OTTER_ENVELOPE_LEAVE:
        s = session->socket;
        ngx_otter_session_leave(session, "left");
        ngx_otter_socket_close(s, NGX_OTTER_CLOSE_NORMAL);
        break;

    case OTTER_ENVELOPE_TOKEN:
        ngx_otter_session_token(session, e);
        break;

    default:
        ngx_otter_session_moderate(session, e);
    }

    return NGX_OK;
}


/* is there place for the message that was not taken? */

ngx_uint_t
ngx_otter_session_ready(ngx_otter_socket_t *s)
{
    ngx_otter_session_t  *session;

    session = s->data;

    return session == NULL || ngx_otter_bus_takes(&session->peer.wait);
}


static ngx_int_t
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
            return NGX_OK;
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

    return (rc == NGX_AGAIN) ? NGX_AGAIN : NGX_OK;
}


static ngx_int_t
ngx_otter_session_publish(ngx_otter_session_t *session, otter_envelope_t *e)
{
    ngx_int_t          rc;
    ngx_otter_body_t  *body;

    body = ngx_otter_session_body(session, "message", &e->data);

    if (body == NULL) {
        ngx_otter_socket_end(session->socket, NGX_OTTER_CLOSE_INTERNAL);
        return NGX_OK;
    }

    rc = ngx_otter_hub_publish(&session->peer, body);

    ngx_otter_body_free(body);

    return rc;
}


/* "data" goes on byte for byte; "from" is what the server knows */

static ngx_otter_body_t *
ngx_otter_session_body(ngx_otter_session_t *session, const char *type,
    otter_span_t *data)
{
    u_char            *p, head[64];
    otter_span_t       parts[3];
    ngx_otter_body_t  *body;

    p = ngx_cpymem(head, "\"type\":\"", 8);
    p = ngx_cpymem(p, type, ngx_strlen(type));
    p = ngx_cpymem(p, "\",\"from\":\"", 10);
    p = ngx_cpymem(p, session->peer.node.id, NGX_OTTER_ID_LEN);
    p = ngx_cpymem(p, "\",\"data\":", 9);

    parts[0].data = head;
    parts[0].len = p - head;
    parts[1] = *data;
    parts[2].data = (const unsigned char *) "}";
    parts[2].len = 1;

    body = ngx_otter_body_create(parts, 3);

    if (body) {
        body->born = ngx_otter_stats_born;
    }

    return body;
}


void
ngx_otter_session_error(ngx_otter_session_t *session, const char *code,
    const char *detail, otter_span_t *ref)
{
    otter_span_t       part;
    ngx_otter_body_t  *body;
    ngx_otter_text_t   text;

    ngx_otter_stats_error(code);

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


static ngx_int_t
ngx_otter_session_update(ngx_otter_session_t *session, otter_envelope_t *e)
{
    ngx_int_t            rc;
    const char          *detail;
    ngx_otter_member_t  *m;

    rc = NGX_OK;
    detail = NULL;

    ngx_otter_zone_lock(session->zone);

    m = ngx_otter_zone_member(session->zone, session->peer.node.id,
                              NGX_OTTER_ID_LEN);

    if (m) {
        rc = ngx_otter_bus_admit_room(m->room, m->peer_len,
                                      ngx_otter_bus_slot(),
                                      &session->peer.wait);
    }

    if (m && rc == NGX_OK) {
        detail = ngx_otter_session_rewrite(session, e, m);

        if (detail == NULL) {
            ngx_otter_room_tell_peer(m, "peer-updated");
            ngx_otter_remote_changed(m);
        }
    }

    ngx_otter_zone_unlock(session->zone);

    if (rc == NGX_AGAIN) {
        return NGX_AGAIN;
    }

    if (detail) {
        ngx_otter_session_error(session, "bad-message", detail, &e->ref);
    }

    ngx_otter_bus_drain();

    return NGX_OK;
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
ngx_otter_session_metadata_detail(enum json_error_code code)
{
    switch (code) {

    case json_error_duplicate_key:
        return "\"metadata\" names a member twice";

    case json_error_numeric_overflow:
        return "a number in \"metadata\" is too large";

    case json_error_null_character:
        return "a string in \"metadata\" holds the character U+0000";

    default:
        return "the update could not be made";
    }
}


static const char *
ngx_otter_session_update_metadata(json_t *peer, otter_span_t *metadata)
{
    json_t        *object;
    json_error_t   error;

    if (metadata->data == NULL) {
        return NULL;
    }

    if (metadata->len > OTTER_METADATA_MAX) {
        return "\"metadata\" is longer than 4096 bytes";
    }

    object = json_loadb((char *) metadata->data, metadata->len,
                        JSON_REJECT_DUPLICATES, &error);

    if (object == NULL) {
        return ngx_otter_session_metadata_detail(json_error_code(&error));
    }

    if (json_object_set_new(peer, "metadata", object) != 0) {
        return "the update could not be made";
    }

    return NULL;
}


static void
ngx_otter_session_token(ngx_otter_session_t *session, otter_envelope_t *e)
{
    const char          *code;
    ngx_otter_grant_t    grant;
    ngx_otter_member_t  *m;

    ngx_memzero(&grant, sizeof(ngx_otter_grant_t));

    code = session->token(session->socket, &e->token, &grant);

    if (code) {
        ngx_otter_session_error(session, code, "the token is not taken",
                                &e->ref);
        return;
    }

    ngx_otter_zone_lock(session->zone);

    m = ngx_otter_zone_member(session->zone, session->peer.node.id,
                              NGX_OTTER_ID_LEN);

    if (m && m->slot == ngx_otter_bus_slot()) {
        m->grant = grant;
        ngx_otter_remote_changed(m);
    }

    ngx_otter_zone_unlock(session->zone);

    session->socket->expires = grant.expires;
    ngx_otter_socket_schedule(session->socket);
}
