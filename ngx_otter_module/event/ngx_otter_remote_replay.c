
/*
 * Copyright (C) Otter contributors
 */

/*
 * A session that comes to this host, from the stream that the other one has
 * written: its state, and after that, for each message that waits for it,
 * "<place> <length>" and its bytes; lines end with a line feed.
 */


#include "ngx_otter_remote.h"


static ngx_uint_t ngx_otter_remote_unheard(ngx_otter_member_t *m,
    ngx_otter_remote_join_t *rj, u_char *p, u_char *last,
    const uint64_t *state);
static ngx_int_t ngx_otter_remote_before(ngx_otter_member_t *peer,
    ngx_otter_remote_join_t *rj, uint64_t *n);
static void ngx_otter_remote_unknown(ngx_otter_member_t *m);
static void ngx_otter_remote_held_since(ngx_otter_member_t *m,
    ngx_queue_t *later);
static void ngx_otter_remote_held_again(ngx_otter_member_t *m,
    ngx_queue_t *later);
static u_char *ngx_otter_remote_known(ngx_otter_member_t *m, u_char *p,
    u_char *last, ngx_uint_t peers, ngx_queue_t *later);
static u_char *ngx_otter_remote_numbers(u_char *p, u_char *last,
    uint64_t *numbers, ngx_uint_t n);
static u_char *ngx_otter_remote_mark(u_char *p, u_char *last,
    const u_char *id, uint64_t *n);
static void ngx_otter_remote_mark_find(u_char *p, u_char *last,
    uint64_t peers, const u_char *id, uint64_t *n);
static ngx_uint_t ngx_otter_remote_behind(u_char *p, u_char *last,
    uint64_t peers, ngx_otter_text_t *marks);


/* of the reply of TAKE: what follows the room is state, host, and messages */

void
ngx_otter_remote_replay(ngx_otter_remote_join_t *rj, redisReply *reply)
{
    size_t       i;
    redisReply  *state, *given, *list, *place, *message;

    if (reply->elements != NGX_OTTER_TAKE_REPLY) {
        return;
    }

    state = reply->element[14];
    given = reply->element[15];
    list = reply->element[16];

    if (state->type != REDIS_REPLY_STRING || given->type != REDIS_REPLY_STRING
        || list->type != REDIS_REPLY_ARRAY || state->len == 0)
    {
        return;
    }

    rj->given = (given->len == NGX_OTTER_ID_LEN
                 && ngx_memcmp(given->str, ngx_otter_remote_zone->sh->host,
                               NGX_OTTER_ID_LEN)
                    == 0);

    ngx_otter_text_add(&rj->blob, state->str, state->len);

    for (i = 0; i + 1 < list->elements; i += 2) {
        place = list->element[i];
        message = list->element[i + 1];

        if (place->type != REDIS_REPLY_STRING
            || message->type != REDIS_REPLY_STRING)
        {
            rj->blob.failed = 1;
            break;
        }

        ngx_otter_text_add(&rj->blob, place->str, place->len);
        ngx_otter_text_add(&rj->blob, " ", 1);
        ngx_otter_text_add_number(&rj->blob, message->len);
        ngx_otter_text_add(&rj->blob, "\n", 1);
        ngx_otter_text_add(&rj->blob, message->str, message->len);
        ngx_otter_text_add(&rj->blob, "\n", 1);
    }

    if (rj->blob.failed) {
        rj->blob.len = 0;
    }
}


/*
 * With the lock held.  1: of some peer it is not known which of its messages
 * the old host, which is no more, had to hear.
 */

ngx_uint_t
ngx_otter_remote_unsettled(ngx_otter_room_t *room,
    ngx_otter_remote_join_t *rj)
{
    uint64_t             n;
    ngx_queue_t         *q;
    ngx_otter_member_t  *peer;

    for (q = ngx_queue_head(&room->members);
         q != ngx_queue_sentinel(&room->members);
         q = ngx_queue_next(q))
    {
        peer = ngx_queue_data(q, ngx_otter_member_t, queue);

        if (ngx_memcmp(peer->id, rj->id, NGX_OTTER_ID_LEN) != 0
            && ngx_otter_remote_before(peer, rj, &n) != NGX_OK)
        {
            return 1;
        }
    }

    return 0;
}


/*
 * The old host did not let go of it.  1: something was said, or has changed
 * in the room, before this one began to hold, and after the old one last
 * wrote.
 */

static ngx_uint_t
ngx_otter_remote_unheard(ngx_otter_member_t *m, ngx_otter_remote_join_t *rj,
    u_char *p, u_char *last, const uint64_t *state)
{
    uint64_t             n, known;
    ngx_queue_t         *q;
    ngx_otter_member_t  *peer;

    if (state[7] < rj->told) {
        return 1;
    }

    for (q = ngx_queue_head(&m->room->members);
         q != ngx_queue_sentinel(&m->room->members);
         q = ngx_queue_next(q))
    {
        peer = ngx_queue_data(q, ngx_otter_member_t, queue);

        if (peer == m) {
            continue;
        }

        if (ngx_otter_remote_before(peer, rj, &n) != NGX_OK) {
            return 1;
        }

        known = 0;
        ngx_otter_remote_mark_find(p, last, state[6], peer->id, &known);

        if (known < n) {
            return 1;
        }
    }

    return 0;
}


/* how much the peer had sent when this host began to hold */

static ngx_int_t
ngx_otter_remote_before(ngx_otter_member_t *peer, ngx_otter_remote_join_t *rj,
    uint64_t *n)
{
    u_char  *p, *last;

    *n = 0;

    p = rj->marks.data;
    last = rj->marks.data + rj->marks.len;

    while (p && p < last) {
        p = ngx_otter_remote_mark(p, last, peer->id, n);
    }

    if (*n) {
        return NGX_OK;
    }

    if (peer->slot != NGX_OTTER_SLOT_REMOTE) {

        /* it joined here, or came here, since */

        *n = peer->taken;
        return NGX_OK;
    }

    if (peer->based) {
        *n = peer->base;
        return NGX_OK;
    }

    /* of a host that is no more nothing else can come */

    return (ngx_memcmp(peer->host, rj->host, NGX_OTTER_ID_LEN) == 0)
           ? NGX_OK : NGX_DECLINED;
}


/*
 * An empty text, or one that is broken: everything is lost.  What this host
 * has held since it asked comes after what the other one had held.
 */

void
ngx_otter_remote_unpack(ngx_otter_member_t *m, ngx_otter_remote_join_t *rj)
{
    u_char            *p, *last;
    uint64_t           n[NGX_OTTER_STATE_NUMBERS];
    ngx_queue_t        later;
    ngx_otter_text_t  *text;

    text = &rj->blob;

    p = text->data;
    last = text->data + text->len;

    p = text->len ? ngx_otter_remote_numbers(p, last, n,
                                             NGX_OTTER_STATE_NUMBERS)
                  : NULL;

    if (p == NULL || n[6] > (uint64_t) (last - p)) {
        ngx_otter_remote_unknown(m);
        return;
    }

    m->seq = n[0];
    m->last = n[0];
    m->lost = (rj->seq <= n[0]) ? ngx_max(n[1], rj->seq) : n[1];
    m->received = n[2];
    m->counted = n[3];
    m->published = n[5];
    m->taken = n[5];

    if (n[4] || m->gap || ngx_otter_remote_behind(p, last, n[6], &rj->marks)
        || (!rj->given && ngx_otter_remote_unheard(m, rj, p, last, n)))
    {
        ngx_otter_zone_gap(ngx_otter_remote_zone, m);
        return;
    }

    ngx_otter_remote_held_since(m, &later);

    p = ngx_otter_remote_known(m, p, last, (ngx_uint_t) n[6], &later);

    while (p && p < last) {
        p = ngx_otter_remote_numbers(p, last, n, 2);

        if (p == NULL || n[1] >= (uint64_t) (last - p)) {
            p = NULL;
            break;
        }

        (void) ngx_otter_zone_hold(ngx_otter_remote_zone, m,
                                   (n[0] <= m->seq) ? n[0] : 0, p,
                                   (size_t) n[1]);
        p += n[1] + 1;
    }

    ngx_otter_remote_held_again(m, &later);

    if (p == NULL || m->gap) {
        ngx_otter_zone_gap(ngx_otter_remote_zone, m);
    }
}


/*
 * Nobody can tell what it had sent, so it goes on with a number that is
 * beyond all; the others take the jump for a loss, as it may well be one.
 */

static void
ngx_otter_remote_unknown(ngx_otter_member_t *m)
{
    uint64_t  beyond;

    beyond = (uint64_t) ngx_time() << 20;

    m->counted = 0;
    m->published = ngx_max(m->seen, beyond);
    m->taken = 0;

    ngx_otter_zone_gap(ngx_otter_remote_zone, m);
}


static void
ngx_otter_remote_held_since(ngx_otter_member_t *m, ngx_queue_t *later)
{
    ngx_queue_t  *q;

    ngx_queue_init(later);

    while (!ngx_queue_empty(&m->held)) {
        q = ngx_queue_head(&m->held);
        ngx_queue_remove(q);
        ngx_queue_insert_tail(later, q);
    }

    m->held_n = 0;
    m->held_bytes = 0;
}


static void
ngx_otter_remote_held_again(ngx_otter_member_t *m, ngx_queue_t *later)
{
    ngx_queue_t       *q;
    ngx_otter_held_t  *held;

    while (!ngx_queue_empty(later)) {
        q = ngx_queue_head(later);
        held = ngx_queue_data(q, ngx_otter_held_t, queue);

        ngx_queue_remove(q);
        ngx_queue_insert_tail(&m->held, q);
        held->place = ++m->last;
        m->held_n++;
        m->held_bytes += held->len;
    }
}


/* of a line "<n> <id>": the next one, and *n if it is that id's */

static u_char *
ngx_otter_remote_mark(u_char *p, u_char *last, const u_char *id, uint64_t *n)
{
    uint64_t  number;

    number = 0;

    while (p < last && *p >= '0' && *p <= '9') {
        number = number * 10 + (*p++ - '0');
    }

    if (last - p < NGX_OTTER_ID_LEN + 2 || *p != ' ') {
        return NULL;
    }

    if (ngx_memcmp(p + 1, id, NGX_OTTER_ID_LEN) == 0) {
        *n = number;
    }

    return p + 1 + NGX_OTTER_ID_LEN + 1;
}


static void
ngx_otter_remote_mark_find(u_char *p, u_char *last, uint64_t peers,
    const u_char *id, uint64_t *n)
{
    for ( /* void */ ; p && peers; peers--) {
        p = ngx_otter_remote_mark(p, last, id, n);
    }
}


/*
 * 1: the other host let go before it had heard what this host had heard
 * before it began to hold, so that something may be missing between them.
 */

static ngx_uint_t
ngx_otter_remote_behind(u_char *p, u_char *last, uint64_t peers,
    ngx_otter_text_t *marks)
{
    u_char    *mark, *end, *id;
    uint64_t   n, known;

    mark = marks->data;
    end = marks->data + marks->len;

    while (mark && mark < end) {

        for (id = mark; *id != ' '; id++) { /* void */ }

        id++;
        n = 0;
        known = 0;

        mark = ngx_otter_remote_mark(mark, end, id, &n);

        ngx_otter_remote_mark_find(p, last, peers, id, &known);

        if (known && known < n) {
            return 1;
        }
    }

    return 0;
}


/* drops what the other host had heard of before it let go */

static u_char *
ngx_otter_remote_known(ngx_otter_member_t *m, u_char *p, u_char *last,
    ngx_uint_t peers, ngx_queue_t *later)
{
    uint64_t           n;
    ngx_uint_t         i;
    ngx_queue_t       *q, *next;
    ngx_otter_held_t  *held;

    for (i = 0; i < peers; i++) {
        n = 0;

        while (p < last && *p >= '0' && *p <= '9') {
            n = n * 10 + (*p++ - '0');
        }

        if (last - p < NGX_OTTER_ID_LEN + 2 || *p != ' ') {
            return NULL;
        }

        p++;

        for (q = ngx_queue_head(later);
             q != ngx_queue_sentinel(later);
             q = next)
        {
            next = ngx_queue_next(q);
            held = ngx_queue_data(q, ngx_otter_held_t, queue);

            if (held->n && held->n <= n
                && ngx_memcmp(held->from, p, NGX_OTTER_ID_LEN) == 0)
            {
                ngx_otter_zone_held_free(ngx_otter_remote_zone, m, held);
            }
        }

        p += NGX_OTTER_ID_LEN + 1;
    }

    return p;
}


static u_char *
ngx_otter_remote_numbers(u_char *p, u_char *last, uint64_t *numbers,
    ngx_uint_t n)
{
    uint64_t    number;
    ngx_uint_t  i;

    for (i = 0; i < n; i++) {
        number = 0;

        while (p < last && *p >= '0' && *p <= '9') {
            number = number * 10 + (*p++ - '0');
        }

        if (p == last || *p != ((i + 1 < n) ? ' ' : '\n')) {
            return NULL;
        }

        numbers[i] = number;
        p++;
    }

    return p;
}
