
/*
 * Copyright (C) Otter contributors
 */

/*
 * The messages, and the account of them.  The data of each is
 *
 *     {"n":"SENDER:NUMBER:TIME","candidate":"..."}
 *
 * in which only the stamp changes.  A receiver checks every byte, that it was
 * meant, and that the number follows the one before.
 */


#include "load.h"


enum {
    LOAD_STAMP_SENDER = 6,
    LOAD_STAMP_NUMBER = 15,
    LOAD_STAMP_TIME = 24,
    LOAD_STAMP_END = 40,
    LOAD_ENVELOPE_MAX = 256            /* where data has begun at the latest */
};


static char      *load_data;
static char       load_request[8192];
static uint64_t   load_due;            /* time of the next paced message */
static uint32_t   load_turn;           /* whose it is */


void
load_message_init(void)
{
    size_t  size, len;

    static const char  start[] =
        "{\"n\":\"ssssssss:nnnnnnnn:tttttttttttttttt\",\"candidate\":\"";
    static const char  text[] =
        "candidate:842163049 1 udp 1677729535 203.0.113.27 46154 typ srflx "
        "raddr 192.168.1.23 rport 46154 generation 0 ufrag EsAw\\r\\n";
    static const char  end[] = "ufrag-\"}";

    if (load.server->http) {
        load_slurp(load.option.request, load_request, sizeof(load_request));
    }

    size = (size_t) load.option.size;

    if (size < sizeof(start) + sizeof(end) || size > 32 * 1024) {
        load_die("messages can't have that size");
    }

    load_data = load_allocate(NULL, size + sizeof(text));
    memcpy(load_data, start, sizeof(start));

    for (len = sizeof(start) - 1; len < size; len += sizeof(text) - 1) {
        memcpy(load_data + len, text, sizeof(text));
    }

    /* the end may have cut an escape in two */

    if (load_data[size - sizeof(end)] == '\\') {
        load_data[size - sizeof(end)] = '-';
    }

    memcpy(load_data + size - sizeof(end) + 1, end, sizeof(end));
}


static void
load_hex_write(char *buf, uint64_t value, int digits)
{
    while (digits--) {
        buf[digits] = "0123456789abcdef"[value & 15];
        value >>= 4;
    }
}


static uint64_t
load_hex_read(const char *buf, int digits)
{
    uint64_t  value;

    for (value = 0; digits--; buf++) {
        value = value << 4
                | (uint64_t) ((*buf & 15) + (*buf > '9' ? 9 : 0));
    }

    return value;
}


/* its id and its room's are known by now */

void
load_message_start(load_peer_t *p)
{
    int   len;
    char  head[LOAD_ENVELOPE_MAX];

    p->last = load_allocate(NULL,
                            (size_t) load.option.room * sizeof(uint32_t));
    memset(p->last, 0, (size_t) load.option.room * sizeof(uint32_t));

    if (load.mode != LOAD_MODE_DIRECTED) {
        len = snprintf(head, sizeof(head), "%s", load.server->room_head);

    } else {
        len = load.server->head ? load.server->head(p, head, sizeof(head))
                                : 0;
    }

    p->head_len = (size_t) len;
    p->head = load_allocate(NULL, p->head_len + 1);
    memcpy(p->head, head, p->head_len);
}


static void
load_message_send(load_peer_t *p, uint64_t t)
{
    p->sent++;
    p->pending += load.receivers;
    load.count.sent++;

    if (load.server->http) {
        load_peer_send_raw(p, load_request);
        return;
    }

    load_hex_write(load_data + LOAD_STAMP_SENDER, p->index, 8);
    load_hex_write(load_data + LOAD_STAMP_NUMBER, p->sent, 8);
    load_hex_write(load_data + LOAD_STAMP_TIME, t, 16);

    load_peer_send(p->by, LOAD_FRAME_TEXT, p->head, p->head_len, load_data,
                   (size_t) load.option.size,
                   load.mode == LOAD_MODE_DIRECTED
                   ? load.server->directed_tail : load.server->room_tail);
}


static int
load_message_sender(load_peer_t *p)
{
    return !p->slow && (load.mode != LOAD_MODE_ONE || p->place == 0);
}


/* fills the window of a sender */

void
load_message_feed(load_peer_t *p)
{
    if (load.option.rate || !load_message_sender(p)) {
        return;
    }

    while (load.phase >= LOAD_SEND && load.phase < LOAD_DRAIN
           && p->pending <= (load.option.window - 1) * load.receivers
           && (load.option.limit == 0 || p->sent < load.option.limit))
    {
        load_message_send(p, 0);
    }
}


/*
 * Sends what is due.  The stamp is the time when it was due, so that a
 * generator that is late does not flatter the server.
 */

void
load_message_paced(void)
{
    uint64_t      t, step;
    load_peer_t  *p;

    if (load.phase < LOAD_SEND || load.phase >= LOAD_DRAIN) {
        return;
    }

    t = load_now(CLOCK_MONOTONIC);
    step = 1000000000 / (uint64_t) load.option.rate;

    if (load_due == 0) {
        load_due = t;
    }

    while (load_due <= t) {
        do {
            p = &load.peers[load_turn++ % load.n];
        } while (!load_message_sender(p));

        load_message_send(p, load_due);
        load_due += step;
    }
}


static void
load_message_heard(load_peer_t *p, const char *data, size_t len)
{
    size_t        rest;
    uint32_t      sender, number, i;
    uint64_t      t;
    load_peer_t  *from;

    if (len < LOAD_STAMP_END) {
        load.count.bad++;
        return;
    }

    sender = (uint32_t) load_hex_read(data + LOAD_STAMP_SENDER, 8)
             - load.first;
    number = (uint32_t) load_hex_read(data + LOAD_STAMP_NUMBER, 8);
    t = load_hex_read(data + LOAD_STAMP_TIME, 16);

    from = sender < load.n ? &load.peers[sender] : NULL;
    rest = (size_t) load.option.size - LOAD_STAMP_END;

    if (len < rest + LOAD_STAMP_END
        || from == NULL || from->room != p->room
        || (load.mode == LOAD_MODE_DIRECTED && from->to != p)
        || (from == p && !load.server->echoes)
        || number != p->last[from->place] + 1
        || memcmp(data + LOAD_STAMP_END, load_data + LOAD_STAMP_END, rest))
    {
        load.count.bad++;
        return;
    }

    p->last[from->place] = number;
    load.count.delivered++;
    from->pending--;

    if (load.option.rate == 0) {
        load_message_feed(from);

    } else if (load.phase == LOAD_MEASURE) {
        i = atomic_fetch_add(&load.shared->samples, 1);

        if (i < LOAD_SAMPLES_MAX) {
            t = load_now(CLOCK_MONOTONIC) - t;
            load.shared->sample[i] = (uint32_t) (t / 100);
        }
    }
}


/* any text from the server */

void
load_message_text(load_peer_t *p, char *text, size_t len)
{
    char  *data;

    if (p->publisher) {
        load.count.answers++;
        return;
    }

    if (load.server->text) {
        load.server->text(p, text, len);
    }

    if (p->slow || p->last == NULL) {
        return;
    }

    data = memmem(text, len < LOAD_ENVELOPE_MAX ? len : LOAD_ENVELOPE_MAX,
                  "{\"n\":\"", 6);

    if (data) {
        load_message_heard(p, data, (size_t) (text + len - data));

    } else if (load.count.other++ == 0) {
        fprintf(stderr, "load: peer %u also hears: %.*s\n", p->index,
                len < 200 ? (int) len : 200, text);
    }
}


/* a whole HTTP response that was good */

void
load_message_response(load_peer_t *p)
{
    load.count.delivered++;
    p->pending--;
    load_message_feed(p);
}
