
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_stream.h"
#include "ngx_otter_remote.h"
#include "ngx_otter_remote_script.h"


enum {
    NGX_OTTER_STREAM_DUE = 256,        /* members to be written in a turn */
    NGX_OTTER_STREAM_BATCH = 128,      /* messages in one write, */
    NGX_OTTER_STREAM_BYTES = 65536,    /* and bytes but for the last one */
    NGX_OTTER_STREAM_PEERS = 64,       /* in a room, no more */
    NGX_OTTER_STREAM_LEAST = 32,       /* bytes of a message, on average */
    NGX_OTTER_STREAM_SPARE = 16,
    NGX_OTTER_STREAM_SLACK = 5,        /* seconds */
    NGX_OTTER_STREAM_DELAY = 100,      /* milliseconds */
    NGX_OTTER_STREAM_ROUND = 512,      /* members in a tick, */
    NGX_OTTER_STREAM_TICK = 4194304    /* and bytes but for the last one */
};

typedef struct {
    u_char                 id[NGX_OTTER_ID_LEN];    /* zero: none */
    ngx_uint_t             late;           /* not in this turn */
} ngx_otter_stream_due_t;

/* a part of what is held, about to be written */

typedef struct {
    ngx_queue_t           *first;
    ngx_uint_t             n;
    uint64_t               place;          /* of the last one */
    ngx_uint_t             whole;          /* up to the end */
} ngx_otter_stream_part_t;


static void ngx_otter_stream_each(ngx_otter_room_t *room, ngx_uint_t late);
static void ngx_otter_stream_put(ngx_otter_member_t *m, ngx_uint_t late);
static void ngx_otter_stream_handler(ngx_event_t *ev);
static void ngx_otter_stream_late_handler(ngx_event_t *ev);
static void ngx_otter_stream_flush_all(ngx_uint_t late);
static void ngx_otter_stream_flush(const u_char *id);
static void ngx_otter_stream_write(ngx_otter_member_t *m);
static void ngx_otter_stream_part(ngx_otter_member_t *m, ngx_uint_t all,
    ngx_otter_stream_part_t *part);
static void ngx_otter_stream_state(ngx_otter_text_t *text,
    ngx_otter_member_t *m, ngx_uint_t whole);
static ngx_int_t ngx_otter_stream_send(ngx_otter_member_t *m,
    ngx_otter_stream_part_t *part, ngx_otter_text_t *state,
    ngx_uint_t reset, const u_char *given);
static ngx_uint_t ngx_otter_stream_entries(ngx_str_t *argv, u_char *places,
    ngx_otter_stream_part_t *part);


static ngx_otter_stream_due_t  ngx_otter_stream_dues[NGX_OTTER_STREAM_DUE];
static size_t                  ngx_otter_stream_bytes;  /* in this tick */
static ngx_event_t             ngx_otter_stream_event;
static ngx_event_t             ngx_otter_stream_timer;
static ngx_connection_t        ngx_otter_stream_dummy;


void
ngx_otter_stream_init(ngx_cycle_t *cycle)
{
    ngx_event_t  *ev;

    ev = &ngx_otter_stream_event;
    ev->handler = ngx_otter_stream_handler;
    ev->log = cycle->log;

    ngx_otter_stream_dummy.fd = (ngx_socket_t) -1;

    ev = &ngx_otter_stream_timer;
    ev->handler = ngx_otter_stream_late_handler;
    ev->data = &ngx_otter_stream_dummy;
    ev->log = cycle->log;
    ev->cancelable = 1;

    ngx_otter_zone_waiting = ngx_otter_stream_due;
}


void
ngx_otter_stream_begin(ngx_otter_member_t *m)
{
    m->begun = 0;
    m->sent = 0;
    m->stored = 0;

    ngx_otter_stream_due(m);
}


void
ngx_otter_stream_end(ngx_otter_member_t *m)
{
    u_char     name[384], *p;
    ngx_str_t  argv[2];

    m->begun = 0;

    if (!m->streamed || !ngx_otter_remote_on()) {
        return;
    }

    m->streamed = 0;

    p = ngx_sprintf(name, "%V{%*s}:s:%*s", &ngx_otter_remote_prefix,
                    (size_t) m->room->name_len, m->room->name,
                    (size_t) NGX_OTTER_ID_LEN, m->id);

    ngx_str_set(&argv[0], "UNLINK");
    argv[1].data = name;
    argv[1].len = p - name;

    /* if it can't be told, it ends by itself */

    (void) ngx_otter_redis_command(ngx_otter_remote_redis, &argv[1], 2, argv,
                                   NULL, NULL);
}


void
ngx_otter_stream_room(ngx_otter_room_t *room)
{
    ngx_otter_stream_each(room, 0);
}


void
ngx_otter_stream_heard(ngx_otter_room_t *room)
{
    ngx_otter_stream_each(room, 1);
}


static void
ngx_otter_stream_each(ngx_otter_room_t *room, ngx_uint_t late)
{
    ngx_queue_t  *q;

    if (room->away == 0 || room->n > NGX_OTTER_STREAM_PEERS) {
        return;
    }

    for (q = ngx_queue_head(&room->members);
         q != ngx_queue_sentinel(&room->members);
         q = ngx_queue_next(q))
    {
        ngx_otter_stream_put(ngx_queue_data(q, ngx_otter_member_t, queue),
                             late);
    }
}


void
ngx_otter_stream_due(ngx_otter_member_t *m)
{
    ngx_otter_stream_put(m, 0);
}


/*
 * There is a place for each of many ids: who finds another one there writes
 * that one at once.
 */

static void
ngx_otter_stream_put(ngx_otter_member_t *m, ngx_uint_t late)
{
    uint32_t                 key;
    ngx_otter_stream_due_t  *due;

    if (m->slot != NGX_OTTER_SLOT_NONE || m->pending
        || !ngx_otter_remote_up())
    {
        return;
    }

    ngx_memcpy(&key, m->id, sizeof(uint32_t));
    due = &ngx_otter_stream_dues[key % NGX_OTTER_STREAM_DUE];

    if (ngx_memcmp(due->id, m->id, NGX_OTTER_ID_LEN) == 0) {
        due->late &= late;

    } else {
        if (due->id[0]) {
            ngx_otter_stream_flush(due->id);
        }

        ngx_memcpy(due->id, m->id, NGX_OTTER_ID_LEN);
        due->late = late;
    }

    if (!due->late && !ngx_otter_stream_event.posted) {
        ngx_post_event(&ngx_otter_stream_event, &ngx_posted_events);
    }

    if (due->late && !ngx_otter_stream_timer.timer_set) {
        ngx_add_timer(&ngx_otter_stream_timer, NGX_OTTER_STREAM_DELAY);
    }
}


static void
ngx_otter_stream_handler(ngx_event_t *ev)
{
    ngx_otter_stream_flush_all(0);
}


static void
ngx_otter_stream_late_handler(ngx_event_t *ev)
{
    ngx_otter_stream_flush_all(1);
}


static void
ngx_otter_stream_flush_all(ngx_uint_t late)
{
    ngx_uint_t               i;
    ngx_otter_stream_due_t  *due;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    for (i = 0; i < NGX_OTTER_STREAM_DUE; i++) {
        due = &ngx_otter_stream_dues[i];

        if (due->id[0] && due->late <= late) {
            ngx_otter_stream_flush(due->id);
            due->id[0] = 0;
        }
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);
}


static void
ngx_otter_stream_flush(const u_char *id)
{
    ngx_otter_member_t  *m;

    m = ngx_otter_zone_member(ngx_otter_remote_zone, id, NGX_OTTER_ID_LEN);

    if (m && m->slot == NGX_OTTER_SLOT_NONE && !m->pending) {
        ngx_otter_stream_write(m);
    }
}


void
ngx_otter_stream_tick(void)
{
    ngx_uint_t           n;
    ngx_queue_t         *q;
    ngx_otter_member_t  *m;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    n = ngx_min(ngx_otter_remote_zone->sh->n_away, NGX_OTTER_STREAM_ROUND);
    ngx_otter_stream_bytes = 0;

    for ( /* void */ ; n && ngx_otter_stream_bytes < NGX_OTTER_STREAM_TICK; n--)
    {
        q = ngx_queue_head(&ngx_otter_remote_zone->sh->away);
        m = ngx_queue_data(q, ngx_otter_member_t, away);

        /* the others have their turn in the next round */

        ngx_queue_remove(q);
        ngx_queue_insert_tail(&ngx_otter_remote_zone->sh->away, q);

        m->sent = ngx_min(m->sent, m->stored);

        ngx_otter_stream_write(m);
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);
}


static void
ngx_otter_stream_write(ngx_otter_member_t *m)
{
    uint32_t                  state;
    ngx_uint_t                reset;
    ngx_otter_text_t          text;
    ngx_otter_stream_part_t   part;

    if (m->room->n > NGX_OTTER_STREAM_PEERS) {
        ngx_otter_stream_end(m);
        return;
    }

    /* a hole makes what was written before useless */

    reset = (!m->begun || m->gap);

    if (reset) {
        m->sent = 0;
    }

    ngx_otter_stream_part(m, 0, &part);

    ngx_otter_text_init(&text);
    ngx_otter_stream_state(&text, m, part.whole);

    state = text.failed ? 0 : ngx_crc32_long(text.data, text.len);

    if (m->begun && part.n == 0 && state == m->state) {
        ngx_otter_text_free(&text);
        return;
    }

    if (ngx_otter_stream_send(m, &part, &text, reset, NULL) == NGX_OK) {
        m->begun = 1;
        m->streamed = 1;
        m->state = state;
        m->sent = part.place;

    } else {
        m->begun = 0;
    }

    ngx_otter_text_free(&text);
}


ngx_int_t
ngx_otter_stream_give(ngx_otter_member_t *m, const u_char *host)
{
    ngx_int_t                 rc;
    ngx_otter_text_t          text;
    ngx_otter_stream_part_t   part;

    m->sent = 0;

    ngx_otter_stream_part(m, 1, &part);

    ngx_otter_text_init(&text);
    ngx_otter_stream_state(&text, m, 1);

    rc = ngx_otter_stream_send(m, &part, &text, 1, host);

    ngx_otter_text_free(&text);

    /* it is the other host's from now on */

    m->begun = 0;
    m->streamed = 0;

    return rc;
}


/* what was not sent yet; not more than a batch, or all of it */

static void
ngx_otter_stream_part(ngx_otter_member_t *m, ngx_uint_t all,
    ngx_otter_stream_part_t *part)
{
    size_t             bytes;
    ngx_queue_t       *q;
    ngx_otter_held_t  *held;

    part->n = 0;
    part->place = m->last;
    part->whole = 1;

    for (q = ngx_queue_last(&m->held);
         q != ngx_queue_sentinel(&m->held);
         q = ngx_queue_prev(q))
    {
        held = ngx_queue_data(q, ngx_otter_held_t, queue);

        if (held->place <= m->sent) {
            break;
        }
    }

    bytes = 0;
    part->first = ngx_queue_next(q);

    for (q = part->first;
         q != ngx_queue_sentinel(&m->held);
         q = ngx_queue_next(q))
    {
        if (!all && (part->n == NGX_OTTER_STREAM_BATCH
                     || bytes >= NGX_OTTER_STREAM_BYTES))
        {
            part->whole = 0;
            return;
        }

        held = ngx_queue_data(q, ngx_otter_held_t, queue);

        bytes += held->len;
        part->n++;
        part->place = held->place;
    }

    part->place = m->last;
}


/*
 * What its member knows: "<seq> <lost> <received> <counted> <gap>
 * <published> <peers> <version>", and for each of those peers "<n> <id>", the
 * last message of it that was heard here; lines end with a line feed.  Until
 * all is written there is a gap.
 */

static void
ngx_otter_stream_state(ngx_otter_text_t *text, ngx_otter_member_t *m,
    ngx_uint_t whole)
{
    uint64_t    numbers[NGX_OTTER_STATE_NUMBERS];
    ngx_uint_t  i;

    numbers[0] = m->seq;
    numbers[1] = m->lost;
    numbers[2] = m->received;
    numbers[3] = m->counted;
    numbers[4] = (m->gap || !whole);
    numbers[5] = m->published;
    numbers[6] = m->room->n;
    numbers[7] = m->room->version;

    for (i = 0; i < NGX_OTTER_STATE_NUMBERS; i++) {
        ngx_otter_text_add_number(text, numbers[i]);
        ngx_otter_text_add(text,
                           (i + 1 < NGX_OTTER_STATE_NUMBERS) ? " " : "\n", 1);
    }

    ngx_otter_remote_marks(text, m->room);
}


static ngx_int_t
ngx_otter_stream_send(ngx_otter_member_t *m, ngx_otter_stream_part_t *part,
    ngx_otter_text_t *state, ngx_uint_t reset, const u_char *given)
{
    u_char                    hex[64], numbers[6][NGX_INT64_LEN], *places;
    uint64_t                  value[6];
    ngx_int_t                 rc;
    ngx_str_t                 room, *argv;
    ngx_uint_t                i, argc;
    ngx_otter_call_t          call;
    ngx_otter_stream_sent_t  *sent;

    if (state->failed) {
        return NGX_ERROR;
    }

    argv = malloc((part->n * 2 + NGX_OTTER_CALL_ARGS) * sizeof(ngx_str_t)
                  + part->n * (NGX_INT64_LEN + 2));
    sent = malloc(sizeof(ngx_otter_stream_sent_t));

    if (argv == NULL || sent == NULL) {
        free(argv);
        free(sent);
        return NGX_ERROR;
    }

    places = (u_char *) (argv + part->n * 2 + NGX_OTTER_CALL_ARGS);

    room.data = m->room->name;
    room.len = m->room->name_len;

    ngx_otter_call_init_stream(&call, &room, m->id);

    ngx_hex_dump(hex, m->resume, sizeof(m->resume));

    ngx_otter_call_add(&call, m->id, NGX_OTTER_ID_LEN);
    ngx_otter_call_add(&call, hex, sizeof(hex));

    value[0] = (uint64_t) (ngx_max(m->deadline - ngx_time(),
                                   NGX_OTTER_STREAM_SLACK)
                           + NGX_OTTER_STREAM_SLACK);
    value[1] = m->held_max / NGX_OTTER_STREAM_LEAST + NGX_OTTER_STREAM_SPARE;
    value[2] = ++m->writes;
    value[3] = reset;
    value[4] = m->sent;
    value[5] = part->place;

    for (i = 0; i < 6; i++) {
        ngx_otter_call_add(&call, numbers[i],
                           ngx_sprintf(numbers[i], "%uL", value[i])
                           - numbers[i]);
    }

    ngx_otter_call_add(&call, state->data, state->len);
    ngx_otter_call_add(&call, given ? given : (u_char *) "",
                       given ? NGX_OTTER_ID_LEN : 0);

    ngx_memcpy(argv, call.argv, call.argc * sizeof(ngx_str_t));
    argc = call.argc + ngx_otter_stream_entries(argv + call.argc, places,
                                                part);

    ngx_memcpy(sent->id, m->id, NGX_OTTER_ID_LEN);
    ngx_memcpy(sent->resume, m->resume, sizeof(sent->resume));
    sent->given = (given != NULL);

    rc = ngx_otter_redis_script(ngx_otter_remote_redis, &call.key,
                                &ngx_otter_script_stream, argc, argv,
                                ngx_otter_stream_answer, sent);

    if (rc != NGX_OK) {
        free(sent);
    }

    free(argv);

    return rc;
}


static ngx_uint_t
ngx_otter_stream_entries(ngx_str_t *argv, u_char *places,
    ngx_otter_stream_part_t *part)
{
    u_char            *p;
    ngx_uint_t         i;
    ngx_queue_t       *q;
    ngx_otter_held_t  *held;

    q = part->first;

    for (i = 0; i < part->n; i++) {
        held = ngx_queue_data(q, ngx_otter_held_t, queue);

        p = ngx_sprintf(places, "%uL-0", held->place);

        argv[2 * i].data = places;
        argv[2 * i].len = p - places;
        argv[2 * i + 1].data = held->data;
        argv[2 * i + 1].len = held->len;
        ngx_otter_stream_bytes += held->len;

        places = p;
        q = ngx_queue_next(q);
    }

    return 2 * part->n;
}
