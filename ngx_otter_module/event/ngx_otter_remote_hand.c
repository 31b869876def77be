
/*
 * Copyright (C) Otter contributors
 */

/*
 * Handing a session over to another host, which has asked for it.
 */


#include "ngx_otter_remote.h"
#include "ngx_otter_stream.h"

#include <openssl/crypto.h>


enum {
    NGX_OTTER_REQUEST_LEN = 1 + 2 * NGX_OTTER_ID_LEN + 32,
    NGX_OTTER_REQUEST_INTERVAL = 10,   /* milliseconds */
    NGX_OTTER_REQUEST_PATIENCE = 50,   /* tries until all is heard */
    NGX_OTTER_REQUEST_TRIES = 150,
    NGX_OTTER_GIVEN_TIME = 5           /* seconds to take it */
};

/* what another host asks for, while it can't be given yet */

typedef struct {
    ngx_event_t            event;
    ngx_uint_t             tries;
    u_char                *data;
    size_t                 len;
} ngx_otter_request_t;


static void ngx_otter_remote_request_handler(ngx_event_t *ev);
static ngx_uint_t ngx_otter_remote_heard_all(ngx_otter_request_t *request);
static ngx_otter_member_t *ngx_otter_remote_wanted(u_char *request);
static void ngx_otter_remote_give(ngx_otter_member_t *m,
    const u_char *host);


/*
 * C, the session's id, the host that wants it, the hash of the secret, and
 * lines of how far that host's members had sent.  What they sent is waited
 * for, as is the worker that has the socket, and one that listens.
 */

void
ngx_otter_remote_request(u_char *data, size_t len)
{
    ngx_otter_request_t  *request;

    if (len < NGX_OTTER_REQUEST_LEN || data[0] != 'C') {
        return;
    }

    request = calloc(1, sizeof(ngx_otter_request_t) + len);
    if (request == NULL) {
        return;
    }

    request->data = (u_char *) (request + 1);
    request->len = len;
    ngx_memcpy(request->data, data, len);

    request->event.handler = ngx_otter_remote_request_handler;
    request->event.data = request;
    request->event.log = ngx_cycle->log;
    request->event.cancelable = 1;

    ngx_otter_remote_request_handler(&request->event);
}


static void
ngx_otter_remote_request_handler(ngx_event_t *ev)
{
    ngx_uint_t             again;
    ngx_otter_member_t    *m;
    ngx_otter_request_t   *request;
    ngx_otter_hub_peer_t  *peer;

    request = ev->data;
    again = 0;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    m = ngx_otter_remote_wanted(request->data);

    ngx_otter_zone_unlock(ngx_otter_remote_zone);

    /* the worker that has the socket lets go of it first */

    peer = m ? ngx_otter_hub_find(request->data + 1, NGX_OTTER_ID_LEN) : NULL;

    if (peer) {
        ngx_otter_session_yield(peer);
    }

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    m = ngx_otter_remote_wanted(request->data);

    if (m && m->slot != NGX_OTTER_SLOT_REMOTE) {
        again = 1;

        if (m->slot == NGX_OTTER_SLOT_NONE
            && ngx_otter_remote_listens(m->room)
            && (request->tries > NGX_OTTER_REQUEST_PATIENCE
                || ngx_otter_remote_heard_all(request)))
        {
            again = 0;
            ngx_otter_remote_give(m, request->data + 1 + NGX_OTTER_ID_LEN);
        }
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);

    ngx_otter_bus_drain();

    if (again && request->tries++ < NGX_OTTER_REQUEST_TRIES) {
        ngx_add_timer(ev, NGX_OTTER_REQUEST_INTERVAL);
        return;
    }

    free(request);
}


/* 1: nothing is on its way from the host that asks */

static ngx_uint_t
ngx_otter_remote_heard_all(ngx_otter_request_t *request)
{
    u_char              *p, *last;
    uint64_t             n;
    ngx_otter_member_t  *peer;

    p = request->data + NGX_OTTER_REQUEST_LEN;
    last = request->data + request->len;

    while (p < last) {
        n = 0;

        while (p < last && *p >= '0' && *p <= '9') {
            n = n * 10 + (*p++ - '0');
        }

        if (last - p < NGX_OTTER_ID_LEN + 2) {
            return 1;
        }

        peer = ngx_otter_zone_member(ngx_otter_remote_zone, p + 1,
                                     NGX_OTTER_ID_LEN);

        if (peer && peer->slot == NGX_OTTER_SLOT_REMOTE && peer->based
            && peer->seen < n)
        {
            return 0;
        }

        p += 1 + NGX_OTTER_ID_LEN + 1;
    }

    return 1;
}


/* the secret may have been used by another socket meanwhile */

static ngx_otter_member_t *
ngx_otter_remote_wanted(u_char *request)
{
    ngx_otter_member_t  *m;

    m = ngx_otter_zone_member(ngx_otter_remote_zone, request + 1,
                              NGX_OTTER_ID_LEN);

    if (m == NULL || m->pending
        || CRYPTO_memcmp(m->resume, request + 1 + 2 * NGX_OTTER_ID_LEN,
                         sizeof(m->resume))
           != 0)
    {
        return NULL;
    }

    return m;
}


static void
ngx_otter_remote_give(ngx_otter_member_t *m, const u_char *host)
{
    if (ngx_otter_stream_give(m, host) != NGX_OK) {
        return;
    }

    /* still away, for the others, until the other host says that it is back */

    m->absent = 1;
    m->based = 1;
    m->given = 1;
    m->deadline = ngx_time() + NGX_OTTER_GIVEN_TIME;
    m->seen = m->published;
    ngx_memcpy(m->host, host, NGX_OTTER_ID_LEN);

    ngx_otter_zone_held_clear(ngx_otter_remote_zone, m);
    ngx_otter_zone_member_move(ngx_otter_remote_zone, m,
                               NGX_OTTER_SLOT_REMOTE);
    ngx_otter_zone_room_release(ngx_otter_remote_zone, m->room);
}


/*
 * It was handed over, and not taken: it is this host's again, without its
 * messages, and a sync says so.
 */

void
ngx_otter_remote_regain(ngx_otter_member_t *m)
{
    ngx_memcpy(m->host, ngx_otter_remote_zone->sh->host, NGX_OTTER_ID_LEN);
    ngx_otter_remote_mind_end(m);
    ngx_otter_zone_member_move(ngx_otter_remote_zone, m, NGX_OTTER_SLOT_NONE);

    m->given = 0;
    m->begun = 0;
    m->deadline = ngx_time() + m->resume_timeout;
    m->room->version = 0;

    ngx_otter_zone_gap(ngx_otter_remote_zone, m);
}


void
ngx_otter_remote_marks(ngx_otter_text_t *text, ngx_otter_room_t *room)
{
    ngx_queue_t         *q;
    ngx_otter_member_t  *peer;

    for (q = ngx_queue_head(&room->members);
         q != ngx_queue_sentinel(&room->members);
         q = ngx_queue_next(q))
    {
        peer = ngx_queue_data(q, ngx_otter_member_t, queue);

        ngx_otter_text_add_number(text,
                                  (peer->slot == NGX_OTTER_SLOT_REMOTE)
                                  ? peer->seen : peer->published);
        ngx_otter_text_add(text, " ", 1);
        ngx_otter_text_add(text, peer->id, NGX_OTTER_ID_LEN);
        ngx_otter_text_add(text, "\n", 1);
    }
}
