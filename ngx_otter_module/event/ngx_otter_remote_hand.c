
/*
 * Copyright (C) Otter contributors
 */

/*
 * Handing a session over to another host: what its member knows, as text,
 * "<seq> <lost> <received> <counted> <gap> <published> <peers>", for each of
 * those peers "<n> <id>", the last message of it that was for this session
 * here, and then for each held message "<seq> <length>" and its bytes; lines
 * end with a line feed.
 */


#include "ngx_otter_remote.h"
#include "ngx_otter_remote_script.h"


static void ngx_otter_remote_pack(ngx_otter_text_t *text,
    ngx_otter_member_t *m);
static void ngx_otter_remote_unknown(ngx_otter_member_t *m);
static void ngx_otter_remote_held_since(ngx_otter_member_t *m,
    ngx_queue_t *later);
static void ngx_otter_remote_held_again(ngx_otter_member_t *m,
    ngx_queue_t *later);
static u_char *ngx_otter_remote_known(u_char *p, u_char *last,
    ngx_uint_t peers, ngx_queue_t *later);
static u_char *ngx_otter_remote_numbers(u_char *p, u_char *last,
    uint64_t *numbers, ngx_uint_t n);
static void ngx_otter_remote_give(ngx_otter_member_t *m,
    const u_char *host);


/* C, the session's id, the host that wants it */

void
ngx_otter_remote_request(u_char *data, size_t len)
{
    ngx_otter_member_t    *m;
    ngx_otter_hub_peer_t  *peer;

    if (len != 1 + 2 * NGX_OTTER_ID_LEN || data[0] != 'C') {
        return;
    }

    /* the worker that has the socket lets go of it first */

    peer = ngx_otter_hub_find(data + 1, NGX_OTTER_ID_LEN);

    if (peer) {
        ngx_otter_session_yield(peer);
    }

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    m = ngx_otter_zone_member(ngx_otter_remote_zone, data + 1,
                              NGX_OTTER_ID_LEN);

    if (m && m->slot == NGX_OTTER_SLOT_NONE) {
        ngx_otter_remote_give(m, data + 1 + NGX_OTTER_ID_LEN);
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);

    ngx_otter_bus_drain();
}


static void
ngx_otter_remote_give(ngx_otter_member_t *m, const u_char *host)
{
    ngx_int_t         rc;
    u_char           *p, name[512];
    ngx_str_t         argv[5];
    ngx_otter_text_t  text;

    ngx_otter_text_init(&text);
    ngx_otter_remote_pack(&text, m);

    p = ngx_sprintf(name, "%V{%*s}:s:%*s", &ngx_otter_remote_prefix,
                    (size_t) m->room->name_len, m->room->name,
                    (size_t) NGX_OTTER_ID_LEN, m->id);

    ngx_str_set(&argv[0], "SET");
    argv[1].data = name;
    argv[1].len = p - name;
    argv[2].data = text.data;
    argv[2].len = text.len;
    ngx_str_set(&argv[3], "EX");
    ngx_str_set(&argv[4], "30");

    rc = NGX_ERROR;

    if (!text.failed) {
        rc = ngx_otter_redis_command(ngx_otter_remote_redis, &argv[1], 5,
                                     argv, NULL, NULL);
    }

    ngx_otter_text_free(&text);

    if (rc != NGX_OK) {
        return;
    }

    /* still away, for the others, until the other host says that it is back */

    m->absent = 1;
    m->based = 1;
    m->seen = m->published;
    ngx_memcpy(m->host, host, NGX_OTTER_ID_LEN);

    ngx_otter_zone_held_clear(ngx_otter_remote_zone, m);
    ngx_otter_zone_member_move(ngx_otter_remote_zone, m,
                               NGX_OTTER_SLOT_REMOTE);
    ngx_otter_zone_room_release(ngx_otter_remote_zone, m->room);
}


static void
ngx_otter_remote_pack(ngx_otter_text_t *text, ngx_otter_member_t *m)
{
    uint64_t             numbers[7];
    ngx_uint_t           i;
    ngx_queue_t         *q;
    ngx_otter_held_t    *held;
    ngx_otter_member_t  *peer;

    numbers[0] = m->seq;
    numbers[1] = m->lost;
    numbers[2] = m->received;
    numbers[3] = m->counted;
    numbers[4] = m->gap;
    numbers[5] = m->published;
    numbers[6] = m->room->n;

    for (i = 0; i < 7; i++) {
        ngx_otter_text_add_number(text, numbers[i]);
        ngx_otter_text_add(text, (i < 6) ? " " : "\n", 1);
    }

    for (q = ngx_queue_head(&m->room->members);
         q != ngx_queue_sentinel(&m->room->members);
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

    for (q = ngx_queue_head(&m->held);
         q != ngx_queue_sentinel(&m->held);
         q = ngx_queue_next(q))
    {
        held = ngx_queue_data(q, ngx_otter_held_t, queue);

        ngx_otter_text_add_number(text, held->seq);
        ngx_otter_text_add(text, " ", 1);
        ngx_otter_text_add_number(text, held->len);
        ngx_otter_text_add(text, "\n", 1);
        ngx_otter_text_add(text, held->data, held->len);
        ngx_otter_text_add(text, "\n", 1);
    }
}


/*
 * An empty text, or one that is broken: everything is lost.  What this host
 * has held since it asked comes after what the other one had held.
 */

void
ngx_otter_remote_unpack(ngx_otter_member_t *m, ngx_otter_text_t *text)
{
    u_char       *p, *last;
    uint64_t      n[7];
    ngx_queue_t   later;

    p = text->data;
    last = text->data + text->len;

    p = text->len ? ngx_otter_remote_numbers(p, last, n, 7) : NULL;

    if (p == NULL || n[6] > (uint64_t) (last - p)) {
        ngx_otter_remote_unknown(m);
        return;
    }

    m->seq = n[0];
    m->lost = n[1];
    m->received = n[2];
    m->counted = n[3];
    m->published = n[5];
    m->taken = n[5];

    if (n[4] || m->gap) {
        m->gap = 1;
        ngx_otter_zone_held_clear(ngx_otter_remote_zone, m);
        return;
    }

    ngx_otter_remote_held_since(m, &later);

    p = ngx_otter_remote_known(p, last, (ngx_uint_t) n[6], &later);

    while (p && p < last) {
        p = ngx_otter_remote_numbers(p, last, n, 2);

        if (p == NULL || n[1] >= (uint64_t) (last - p)) {
            p = NULL;
            break;
        }

        (void) ngx_otter_zone_hold(ngx_otter_remote_zone, m, n[0], p,
                                   (size_t) n[1]);
        p += n[1] + 1;
    }

    ngx_otter_remote_held_again(m, &later);

    if (p == NULL || m->gap) {
        m->gap = 1;
        ngx_otter_zone_held_clear(ngx_otter_remote_zone, m);
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

    m->gap = 1;
    m->counted = 0;
    m->published = ngx_max(m->seen, beyond);
    m->taken = 0;

    ngx_otter_zone_held_clear(ngx_otter_remote_zone, m);
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
        m->held_bytes += held->len;
    }
}


/* drops what the other host had heard of before it let go */

static u_char *
ngx_otter_remote_known(u_char *p, u_char *last, ngx_uint_t peers,
    ngx_queue_t *later)
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
                ngx_queue_remove(q);
                ngx_slab_free_locked(ngx_otter_remote_zone->shpool, held);
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
