
/*
 * Copyright (C) Otter contributors
 */

/*
 * Handing a session over to another host: what its member knows, as text,
 * "<seq> <lost> <received> <counted> <gap> <published>", and for each held
 * message "<seq> <length>" and its bytes, lines ending with a line feed.
 */


#include "ngx_otter_remote.h"
#include "ngx_otter_remote_script.h"


static void ngx_otter_remote_pack(ngx_otter_text_t *text,
    ngx_otter_member_t *m);
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
    uint64_t           numbers[6];
    ngx_uint_t         i;
    ngx_queue_t       *q;
    ngx_otter_held_t  *held;

    numbers[0] = m->seq;
    numbers[1] = m->lost;
    numbers[2] = m->received;
    numbers[3] = m->counted;
    numbers[4] = m->gap;
    numbers[5] = m->published;

    for (i = 0; i < 6; i++) {
        ngx_otter_text_add_number(text, numbers[i]);
        ngx_otter_text_add(text, (i < 5) ? " " : "\n", 1);
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


/* an empty text, or one that is broken: everything is lost */

void
ngx_otter_remote_unpack(ngx_otter_member_t *m, ngx_otter_text_t *text)
{
    u_char    *p, *last;
    uint64_t   n[6];

    p = text->data;
    last = text->data + text->len;

    m->gap = 1;
    m->counted = 0;
    ngx_otter_zone_held_clear(ngx_otter_remote_zone, m);

    if (text->len == 0) {

        /* what it sent before can't be known here; the others will see */

        m->published = m->seen;
        return;
    }

    p = ngx_otter_remote_numbers(p, last, n, 6);

    if (p == NULL) {
        return;
    }

    m->seq = n[0];
    m->lost = n[1];
    m->received = n[2];
    m->counted = n[3];
    m->published = n[5];
    m->taken = n[5];

    if (n[4]) {
        return;
    }

    m->gap = 0;

    while (p < last) {
        p = ngx_otter_remote_numbers(p, last, n, 2);

        if (p == NULL || n[1] >= (uint64_t) (last - p)) {
            m->gap = 1;
            ngx_otter_zone_held_clear(ngx_otter_remote_zone, m);
            return;
        }

        ngx_otter_zone_hold(ngx_otter_remote_zone, m, n[0], p,
                            (size_t) n[1]);
        p += n[1] + 1;
    }
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
