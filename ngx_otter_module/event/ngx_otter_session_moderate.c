
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_session.h"
#include "ngx_otter_order.h"
#include "otter_json.h"


/* who is to be told if it comes to nothing */

typedef struct {
    u_char                     id[NGX_OTTER_ID_LEN];
    ngx_str_t                  ref;
} ngx_otter_moderator_t;


static ngx_otter_order_t *ngx_otter_session_order(
    ngx_otter_session_t *session, otter_envelope_t *e);
static ngx_int_t ngx_otter_session_order_peer(ngx_otter_order_t *order,
    otter_envelope_t *e);
static void ngx_otter_session_order_policy(ngx_otter_order_t *order,
    otter_envelope_t *e);
static void ngx_otter_session_ordered(ngx_otter_order_t *order,
    ngx_int_t rc);
static void ngx_otter_session_order_failed(ngx_otter_session_t *session,
    ngx_int_t rc, otter_span_t *ref);


void
ngx_otter_session_moderate(ngx_otter_session_t *session, otter_envelope_t *e)
{
    ngx_int_t           rc;
    ngx_otter_order_t  *order;

    if (!session->moderator) {
        ngx_otter_session_error(session, "forbidden",
                                "only a moderator may do that", &e->ref);
        return;
    }

    if (e->type == OTTER_ENVELOPE_ROOM && e->max_peers > NGX_OTTER_PEERS_MAX)
    {
        ngx_otter_session_error(session, "bad-message",
                                "max_peers must be an integer from 1 to 1000",
                                &e->ref);
        return;
    }

    order = ngx_otter_session_order(session, e);

    if (order == NULL) {
        ngx_otter_session_order_failed(session, NGX_ERROR, &e->ref);
        return;
    }

    rc = NGX_OK;

    if (e->type == OTTER_ENVELOPE_ROOM) {
        ngx_otter_session_order_policy(order, e);

    } else {
        rc = ngx_otter_session_order_peer(order, e);
    }

    if (rc == NGX_OK) {
        rc = ngx_otter_order_run(order);
    }

    if (rc == NGX_AGAIN) {
        return;
    }

    ngx_otter_order_free(order);

    /* after NGX_OK the session may be gone: a moderator can kick itself */

    if (rc != NGX_OK) {
        ngx_otter_session_order_failed(session, rc, &e->ref);
    }
}


static ngx_otter_order_t *
ngx_otter_session_order(ngx_otter_session_t *session, otter_envelope_t *e)
{
    ngx_otter_order_e       kind;
    ngx_otter_order_t      *order;
    ngx_otter_moderator_t  *moderator;

    switch (e->type) {

    case OTTER_ENVELOPE_KICK:
        kind = NGX_OTTER_ORDER_KICK;
        break;

    case OTTER_ENVELOPE_ADMIT:
        kind = NGX_OTTER_ORDER_ADMIT;
        break;

    case OTTER_ENVELOPE_DENY:
        kind = NGX_OTTER_ORDER_DENY;
        break;

    default: /* OTTER_ENVELOPE_ROOM */
        kind = NGX_OTTER_ORDER_POLICY;
    }

    order = ngx_otter_order_create(session->zone, kind,
                                   &session->peer.room->name);
    if (order == NULL) {
        return NULL;
    }

    moderator = ngx_pcalloc(order->pool, sizeof(ngx_otter_moderator_t));

    if (moderator == NULL
        || (e->ref.data
            && ngx_otter_order_copy(order, &moderator->ref, e->ref.data,
                                    e->ref.len)
               != NGX_OK))
    {
        ngx_otter_order_free(order);
        return NULL;
    }

    ngx_memcpy(moderator->id, session->peer.node.id, NGX_OTTER_ID_LEN);

    order->done = ngx_otter_session_ordered;
    order->caller = moderator;

    return order;
}


static ngx_int_t
ngx_otter_session_order_peer(ngx_otter_order_t *order, otter_envelope_t *e)
{
    int64_t  len;

    len = otter_json_unescape(order->id, NGX_OTTER_ID_LEN, e->peer.data,
                              e->peer.len);

    return (len == NGX_OTTER_ID_LEN) ? NGX_OK : NGX_DECLINED;
}


static void
ngx_otter_session_order_policy(ngx_otter_order_t *order, otter_envelope_t *e)
{
    if (e->locked != OTTER_ENVELOPE_UNSET) {
        order->policy.locked = (e->locked == OTTER_ENVELOPE_TRUE);
    }

    if (e->lobby != OTTER_ENVELOPE_UNSET) {
        order->policy.lobby = (e->lobby == OTTER_ENVELOPE_TRUE);
    }

    if (e->max_peers > 0) {
        order->policy.max_peers = (ngx_int_t) e->max_peers;
    }
}


static void
ngx_otter_session_ordered(ngx_otter_order_t *order, ngx_int_t rc)
{
    otter_span_t            ref;
    ngx_otter_hub_peer_t   *peer;
    ngx_otter_moderator_t  *moderator;

    if (rc == NGX_OK) {
        return;
    }

    moderator = order->caller;
    peer = ngx_otter_hub_find(moderator->id, NGX_OTTER_ID_LEN);

    if (peer) {
        ref.data = moderator->ref.data;
        ref.len = moderator->ref.len;

        ngx_otter_session_order_failed((ngx_otter_session_t *) peer, rc,
                                       &ref);
    }
}


static void
ngx_otter_session_order_failed(ngx_otter_session_t *session, ngx_int_t rc,
    otter_span_t *ref)
{
    switch (rc) {

    case NGX_DECLINED:
    case NGX_ABORT:
        ngx_otter_session_error(session, "no-such-peer",
                                "no such peer of this room has that id", ref);
        return;

    case NGX_BUSY:
        ngx_otter_session_error(session, "room-full",
                                "the room has no place left", ref);
        return;

    default:
        ngx_otter_session_error(session, "unavailable",
                                "that can't be done now: try again", ref);
    }
}
