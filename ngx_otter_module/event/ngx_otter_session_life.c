
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_session.h"
#include "ngx_otter_cache.h"
#include "ngx_otter_remote.h"
#include "ngx_otter_room.h"


enum {
    NGX_OTTER_RESTART_BATCH = 64,      /* sockets in one turn */
    NGX_OTTER_RESTART_DELAY = 10,
    NGX_OTTER_RESTART_SPREAD = 4,      /* milliseconds for each socket */
    NGX_OTTER_RESTART_MIN = 200,
    NGX_OTTER_RESTART_MAX = 10000,
    NGX_OTTER_REAP_INTERVAL = 1000
};


static void ngx_otter_session_ended(ngx_otter_socket_t *s, ngx_uint_t code,
    ngx_uint_t by_peer);
static void ngx_otter_session_acknowledged(ngx_otter_socket_t *s,
    uint64_t mark);
static void ngx_otter_session_free(ngx_otter_session_t *session);
static ngx_otter_member_t *ngx_otter_session_settle(
    ngx_otter_session_t *session);
static ngx_int_t ngx_otter_session_snapshot(ngx_otter_session_t *session,
    ngx_otter_text_t *text, ngx_otter_kept_t **knocks);
static void ngx_otter_session_renew(ngx_otter_socket_t *s);
static void ngx_otter_session_bye(ngx_otter_session_t *session,
    const char *reason, ngx_uint_t window);
static void ngx_otter_session_claims_handler(ngx_event_t *ev);
static void ngx_otter_session_restart_handler(ngx_event_t *ev);
static void ngx_otter_session_reap_handler(ngx_event_t *ev);


/* sessions that another worker asked for, and who lets go of them */

static ngx_queue_t        ngx_otter_session_claims;
static ngx_event_t        ngx_otter_session_claims_event;

static ngx_event_t        ngx_otter_session_restart;
static ngx_uint_t         ngx_otter_session_restart_window;

static ngx_event_t        ngx_otter_session_reap;
static ngx_connection_t   ngx_otter_session_dummy;

static ngx_otter_zone_t  *ngx_otter_session_zone;


void
ngx_otter_session_init_worker(ngx_cycle_t *cycle, ngx_otter_zone_t *zone)
{
    ngx_event_t  *ev;

    ngx_otter_session_zone = zone;

    ngx_queue_init(&ngx_otter_session_claims);

    ev = &ngx_otter_session_claims_event;
    ngx_memzero(ev, sizeof(ngx_event_t));
    ev->handler = ngx_otter_session_claims_handler;
    ev->log = cycle->log;

    ngx_otter_session_dummy.fd = (ngx_socket_t) -1;

    ev = &ngx_otter_session_restart;
    ngx_memzero(ev, sizeof(ngx_event_t));
    ev->handler = ngx_otter_session_restart_handler;
    ev->data = &ngx_otter_session_dummy;
    ev->log = cycle->log;

    /* cancelable: it must not keep a worker that has nothing else to do */

    ev = &ngx_otter_session_reap;
    ngx_memzero(ev, sizeof(ngx_event_t));
    ev->handler = ngx_otter_session_reap_handler;
    ev->data = &ngx_otter_session_dummy;
    ev->log = cycle->log;
    ev->cancelable = 1;
    ngx_add_timer(ev, NGX_OTTER_REAP_INTERVAL);
}


static void
ngx_otter_session_reap_handler(ngx_event_t *ev)
{
    ngx_otter_room_reap(ngx_otter_session_zone);

    if (!ngx_exiting) {
        ngx_add_timer(ev, NGX_OTTER_REAP_INTERVAL);
    }
}


void
ngx_otter_session_base_handlers(ngx_otter_socket_handlers_t *handlers)
{
    handlers->message = ngx_otter_session_message;
    handlers->ready = ngx_otter_session_ready;
    handlers->ended = ngx_otter_session_ended;
    handlers->acknowledged = ngx_otter_session_acknowledged;
    handlers->renew = ngx_otter_session_renew;
}


void
ngx_otter_session_deliver(ngx_otter_hub_peer_t *peer, ngx_otter_body_t *body)
{
    ngx_otter_kept_t     *kept;
    ngx_otter_session_t  *session;

    session = (ngx_otter_session_t *) peer;

    session->seq++;

    kept = ngx_otter_cache_alloc(sizeof(ngx_otter_kept_t));

    if (kept == NULL) {
        ngx_otter_session_acked(session, session->seq);
        session->lost = session->seq;

    } else {
        body->refs++;

        kept->next = NULL;
        kept->body = body;
        kept->seq = session->seq;

        *session->kept_last = kept;
        session->kept_last = &kept->next;
        session->kept_bytes += body->len;
    }

    while (session->kept_bytes > session->kept_max) {
        session->lost = session->kept->seq;
        ngx_otter_session_acked(session, session->lost);
    }

    if (session->socket) {
        ngx_otter_socket_send(session->socket, OTTER_FRAME_TEXT, session->seq,
                              body);
    }
}


void
ngx_otter_session_acked(ngx_otter_session_t *session, uint64_t seq)
{
    ngx_otter_kept_t  *kept;

    while (session->kept && session->kept->seq <= seq) {
        kept = session->kept;

        session->kept = kept->next;
        session->kept_bytes -= kept->body->len;

        kept->next = NULL;
        ngx_otter_session_kept_free(kept);
    }

    if (session->kept == NULL) {
        session->kept_last = &session->kept;
    }
}


void
ngx_otter_session_kept_free(ngx_otter_kept_t *kept)
{
    ngx_otter_kept_t  *next;

    while (kept) {
        next = kept->next;

        ngx_otter_body_free(kept->body);
        ngx_otter_cache_free(kept, sizeof(ngx_otter_kept_t));

        kept = next;
    }
}


static void
ngx_otter_session_acknowledged(ngx_otter_socket_t *s, uint64_t mark)
{
    if (s->data) {
        ngx_otter_session_acked(s->data, mark);
    }
}


/* how a socket ends decides whether the peer left or is only away */

static void
ngx_otter_session_ended(ngx_otter_socket_t *s, ngx_uint_t code,
    ngx_uint_t by_peer)
{
    ngx_otter_session_t  *session;

    session = s->data;

    if (session == NULL) {
        return;
    }

    if (by_peer) {

        switch (code) {

        case NGX_OTTER_CLOSE_NORMAL:
        case NGX_OTTER_CLOSE_GOING_AWAY:
        case NGX_OTTER_CLOSE_NO_STATUS:
            ngx_otter_session_leave(session, "left");
            return;

        default:
            ngx_otter_session_away(session);
            return;
        }
    }

    switch (code) {

    case NGX_OTTER_CLOSE_TOKEN_EXPIRED:
        ngx_otter_session_text(session,
                            "\"type\":\"bye\",\"reason\":\"token-expired\"}");
        ngx_otter_session_leave(session, "expired");
        return;

    case NGX_OTTER_CLOSE_RESTART:
        ngx_otter_session_bye(session, "restart",
                              ngx_otter_session_restart_window);
        break;
    }

    ngx_otter_session_away(session);
}


/* sent but not kept: it has a meaning for this socket alone */

void
ngx_otter_session_text(ngx_otter_session_t *session, const char *text)
{
    otter_span_t       part;
    ngx_otter_body_t  *body;

    part.data = (const unsigned char *) text;
    part.len = ngx_strlen(text);

    body = ngx_otter_body_create(&part, 1);

    if (body) {
        ngx_otter_socket_send(session->socket, OTTER_FRAME_TEXT,
                              ++session->seq, body);
        ngx_otter_body_free(body);
    }
}


void
ngx_otter_session_leave(ngx_otter_session_t *session, const char *reason)
{
    ngx_otter_member_t  *m;

    ngx_otter_zone_lock(session->zone);

    m = ngx_otter_zone_member(session->zone, session->peer.node.id,
                              NGX_OTTER_ID_LEN);

    if (m && m->slot == ngx_otter_bus_slot()) {
        ngx_otter_room_remove(session->zone, m, reason, 0);
    }

    ngx_otter_zone_unlock(session->zone);

    ngx_otter_session_free(session);

    ngx_otter_bus_drain();
}


void
ngx_otter_session_away(ngx_otter_session_t *session)
{
    ngx_otter_kept_t    *kept;
    ngx_otter_member_t  *m;

    if (session->resume_timeout == 0) {
        ngx_otter_session_leave(session, "timeout");
        return;
    }

    m = ngx_otter_session_settle(session);

    if (m) {
        m->seq = session->seq;
        m->lost = session->lost;
        m->received = session->received;
        m->counted = 1;
        m->last = session->seq;

        for (kept = session->kept; kept; kept = kept->next) {
            ngx_otter_zone_hold(session->zone, m, kept->seq,
                                kept->body->data, kept->body->len);
        }

        ngx_otter_room_away(session->zone, m);
    }

    ngx_otter_zone_unlock(session->zone);

    ngx_otter_session_free(session);

    ngx_otter_bus_drain();
}


/*
 * Comes back with the zone locked, and with nothing on its way to the session
 * in this worker's ring: from then on it can be moved without loss.  NULL: it
 * is no member any more.
 */

static ngx_otter_member_t *
ngx_otter_session_settle(ngx_otter_session_t *session)
{
    ngx_otter_member_t  *m;

    for ( ;; ) {
        ngx_otter_zone_lock(session->zone);

        m = ngx_otter_zone_member(session->zone, session->peer.node.id,
                                  NGX_OTTER_ID_LEN);

        if (m && m->slot != ngx_otter_bus_slot()) {
            m = NULL;
        }

        if (m == NULL || ngx_otter_bus_drained()) {
            return m;
        }

        ngx_otter_zone_unlock(session->zone);

        /* this may put the session out of its room, but does not free it */

        session->settling = 1;
        ngx_otter_bus_drain();
        session->settling = 0;
    }
}


static void
ngx_otter_session_free(ngx_otter_session_t *session)
{
    ngx_otter_hub_leave(&session->peer);

    if (session->settling) {
        return;
    }

    if (session->claimed) {
        ngx_queue_remove(&session->claim);
    }

    if (session->socket) {
        session->socket->data = NULL;
    }

    ngx_otter_session_secret_free(session);
    ngx_otter_session_kept_free(session->kept);
    ngx_free(session);
}


void
ngx_otter_session_out(ngx_otter_hub_peer_t *peer, ngx_otter_body_t *bye,
    ngx_uint_t code)
{
    ngx_otter_socket_t   *s;
    ngx_otter_session_t  *session;

    session = (ngx_otter_session_t *) peer;
    s = session->socket;

    if (s) {
        ngx_otter_socket_send(s, OTTER_FRAME_TEXT, ++session->seq, bye);
        ngx_otter_socket_close(s, code);
    }

    ngx_otter_session_free(session);
}


void
ngx_otter_session_claimed(ngx_otter_hub_peer_t *peer)
{
    ngx_otter_session_t  *session;

    session = (ngx_otter_session_t *) peer;

    if (session->claimed) {
        return;
    }

    session->claimed = 1;
    ngx_queue_insert_tail(&ngx_otter_session_claims, &session->claim);

    if (!ngx_otter_session_claims_event.posted) {
        ngx_post_event(&ngx_otter_session_claims_event, &ngx_posted_events);
    }
}


static void
ngx_otter_session_claims_handler(ngx_event_t *ev)
{
    ngx_queue_t          *q;
    ngx_otter_session_t  *session;

    while (!ngx_queue_empty(&ngx_otter_session_claims)) {
        q = ngx_queue_head(&ngx_otter_session_claims);
        session = ngx_queue_data(q, ngx_otter_session_t, claim);

        ngx_otter_session_yield(&session->peer);
    }
}


void
ngx_otter_session_yield(ngx_otter_hub_peer_t *peer)
{
    ngx_otter_socket_t   *s;
    ngx_otter_session_t  *session;

    session = (ngx_otter_session_t *) peer;
    s = session->socket;

    ngx_otter_session_away(session);

    if (s) {
        ngx_otter_socket_close(s, NGX_OTTER_CLOSE_REPLACED);
    }
}


void
ngx_otter_session_resync(ngx_otter_hub_peer_t *peer)
{
    otter_span_t          part;
    ngx_otter_body_t     *body;
    ngx_otter_text_t      text;
    ngx_otter_kept_t     *kept, *knocks;
    ngx_otter_session_t  *session;

    session = (ngx_otter_session_t *) peer;

    if (peer->waiting && ngx_otter_session_resync_waiting(session) == NGX_OK)
    {
        return;
    }

    ngx_otter_text_init(&text);
    body = NULL;
    knocks = NULL;

    if (ngx_otter_session_snapshot(session, &text, &knocks) == NGX_OK) {
        part.data = text.data;
        part.len = text.len;
        body = ngx_otter_body_create(&part, 1);
    }

    ngx_otter_text_free(&text);

    if (body == NULL) {

        /*
         * No longer a member, and what would have told it is lost, or no
         * memory: the client has to join anew.
         */

        if (session->socket) {
            ngx_otter_session_bye(session, "bus-lost",
                                  NGX_OTTER_RESTART_MIN);
            ngx_otter_socket_close(session->socket, NGX_OTTER_CLOSE_BUS_LOST);
        }

        ngx_otter_session_kept_free(knocks);
        ngx_otter_session_free(session);
        return;
    }

    /* if this one doesn't arrive, another resync will be due */

    ngx_otter_session_acked(session, session->seq);
    session->lost = ++session->seq;

    if (session->socket) {
        ngx_otter_socket_send(session->socket, OTTER_FRAME_TEXT, session->seq,
                              body);
    }

    ngx_otter_body_free(body);

    for (kept = knocks; kept; kept = kept->next) {
        ngx_otter_session_deliver(peer, kept->body);
    }

    ngx_otter_session_kept_free(knocks);

    ngx_otter_stats->resyncs++;
}


static ngx_int_t
ngx_otter_session_snapshot(ngx_otter_session_t *session,
    ngx_otter_text_t *text, ngx_otter_kept_t **knocks)
{
    ngx_otter_member_t  *m;

    ngx_otter_zone_lock(session->zone);

    m = ngx_otter_zone_member(session->zone, session->peer.node.id,
                              NGX_OTTER_ID_LEN);

    if (m) {
        ngx_otter_text_add_string(text, "\"type\":\"resync\",\"self\":");
        ngx_otter_text_add(text, m->peer, m->peer_len);
        ngx_otter_text_add_string(text, ",\"room\":");
        ngx_otter_room_write(text, m->room);
        ngx_otter_text_add_string(text, ",\"peers\":");
        ngx_otter_room_write_peers(text, m->room, m);
        ngx_otter_text_add(text, "}", 1);

        if (m->moderator
            && ngx_otter_session_knocks(m->room, knocks) != NGX_OK)
        {
            text->failed = 1;
        }
    }

    ngx_otter_zone_unlock(session->zone);

    return (m && !text->failed) ? NGX_OK : NGX_ERROR;
}


/* credentials of TURN end soon */

static void
ngx_otter_session_renew(ngx_otter_socket_t *s)
{
    ngx_str_t             room;
    otter_span_t          part;
    ngx_otter_body_t     *body;
    ngx_otter_text_t      text;
    ngx_otter_session_t  *session;

    session = s->data;

    if (session == NULL || session->ice == NULL || session->peer.waiting
        || session->peer.room == NULL)
    {
        return;
    }

    room = session->peer.room->name;

    ngx_otter_text_init(&text);
    ngx_otter_text_add_string(&text, "\"type\":\"ice-servers\"");

    s->renew = session->ice(s, ngx_otter_room_relay_only(session->zone, &room),
                            &text);

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


/*
 * The worker leaves.  Its peers come back to another one, each at a time of
 * its own, so that they do not come all at once.
 */

void
ngx_otter_session_closing(void)
{
    ngx_uint_t  window;

    window = ngx_otter_socket_count() * NGX_OTTER_RESTART_SPREAD;
    window = ngx_max(window, NGX_OTTER_RESTART_MIN);
    window = ngx_min(window, NGX_OTTER_RESTART_MAX);

    ngx_otter_session_restart_window = window;

    ngx_otter_session_restart_handler(&ngx_otter_session_restart);
    ngx_otter_remote_closing();
}


static void
ngx_otter_session_restart_handler(ngx_event_t *ev)
{
    if (ngx_otter_socket_restart(NGX_OTTER_RESTART_BATCH)) {
        ngx_add_timer(ev, NGX_OTTER_RESTART_DELAY);
    }
}


static void
ngx_otter_session_bye(ngx_otter_session_t *session, const char *reason,
    ngx_uint_t window)
{
    u_char  text[128];

    ngx_sprintf(text, "\"type\":\"bye\",\"reason\":\"%s\","
                      "\"retry_after_ms\":%ui}%Z",
                reason, ngx_random() % window);

    ngx_otter_session_text(session, (const char *) text);
}
