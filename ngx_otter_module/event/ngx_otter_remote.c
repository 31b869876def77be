
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_remote.h"
#include "ngx_otter_remote_script.h"


/* a published message: kind, number, from and to, and then the body */

enum {
    NGX_OTTER_WIRE_NUMBER = 1,
    NGX_OTTER_WIRE_FROM = NGX_OTTER_WIRE_NUMBER + 8,
    NGX_OTTER_WIRE_TO = NGX_OTTER_WIRE_FROM + NGX_OTTER_ID_LEN,
    NGX_OTTER_WIRE_HEAD = NGX_OTTER_WIRE_TO + NGX_OTTER_ID_LEN
};


static void ngx_otter_remote_on_message(ngx_str_t *channel, ngx_str_t *data);
static void ngx_otter_remote_on_subscribed(ngx_str_t *channel,
    ngx_uint_t again);
static void ngx_otter_remote_on_state(ngx_uint_t up);
static void ngx_otter_remote_tick_handler(ngx_event_t *ev);
static ngx_int_t ngx_otter_remote_channel_room(ngx_str_t *channel,
    ngx_str_t *room);
static void ngx_otter_remote_lost(ngx_str_t *room);
static ngx_int_t ngx_otter_remote_send(ngx_otter_room_t *room, u_char kind,
    ngx_otter_member_t *from, const u_char *to, const u_char *data,
    size_t len);
static ngx_uint_t ngx_otter_remote_fresh(ngx_otter_room_t *room,
    ngx_otter_member_t *m, u_char kind, uint64_t n);
static void ngx_otter_remote_tell_lost(ngx_otter_room_t *room);
static void ngx_otter_remote_deliver(ngx_otter_room_t *room, u_char *data,
    size_t len, uint64_t n);
static void ngx_otter_remote_hold(ngx_otter_member_t *m, u_char *data,
    size_t len, uint64_t n);
static void ngx_otter_remote_hold_all(ngx_otter_room_t *room, u_char *data,
    size_t len, uint64_t n);
static void ngx_otter_remote_sync_reply(redisReply *reply, void *data);


ngx_otter_redis_t  *ngx_otter_remote_redis;
ngx_otter_zone_t   *ngx_otter_remote_zone;
ngx_str_t           ngx_otter_remote_prefix;

static ngx_str_t    ngx_otter_remote_host;     /* this host's channel */
static u_char       ngx_otter_remote_host_data[256 + NGX_OTTER_ID_LEN + 16];
static ngx_event_t  ngx_otter_remote_timer;
static ngx_connection_t  ngx_otter_remote_dummy;

static const ngx_otter_redis_handlers_t  ngx_otter_remote_handlers = {
    ngx_otter_remote_on_message,
    ngx_otter_remote_on_subscribed,
    ngx_otter_remote_on_state
};


ngx_int_t
ngx_otter_remote_init_worker(ngx_cycle_t *cycle, ngx_otter_zone_t *zone,
    ngx_otter_redis_conf_t *conf, ngx_str_t *prefix)
{
    u_char       *p;
    ngx_event_t  *ev;

    if (conf == NULL) {
        return NGX_OK;
    }

    ngx_otter_remote_zone = zone;
    ngx_otter_remote_prefix = *prefix;

    ngx_otter_channel_init();

    ngx_otter_remote_redis = ngx_otter_redis_create(cycle, conf, prefix,
                                                &ngx_otter_remote_handlers);
    if (ngx_otter_remote_redis == NULL) {
        return NGX_ERROR;
    }

    p = ngx_sprintf(ngx_otter_remote_host_data, "%Vhost:{%*s}", prefix,
                    (size_t) NGX_OTTER_ID_LEN, zone->sh->host);

    ngx_otter_remote_host.data = ngx_otter_remote_host_data;
    ngx_otter_remote_host.len = p - ngx_otter_remote_host_data;

    if (ngx_otter_redis_subscribe(ngx_otter_remote_redis,
                                  &ngx_otter_remote_host)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_otter_remote_dummy.fd = (ngx_socket_t) -1;

    ev = &ngx_otter_remote_timer;
    ngx_memzero(ev, sizeof(ngx_event_t));
    ev->handler = ngx_otter_remote_tick_handler;
    ev->data = &ngx_otter_remote_dummy;
    ev->log = cycle->log;
    ev->cancelable = 1;
    ngx_add_timer(ev, 1000);

    return NGX_OK;
}


void
ngx_otter_remote_exit_worker(void)
{
    if (ngx_otter_remote_redis) {
        ngx_otter_redis_close(ngx_otter_remote_redis);
        ngx_otter_remote_redis = NULL;
    }
}


static void
ngx_otter_remote_tick_handler(ngx_event_t *ev)
{
    if (ngx_otter_remote_up()) {
        ngx_otter_remote_tick();
    }

    if (!ngx_exiting) {
        ngx_add_timer(ev, 1000);
    }
}


ngx_uint_t
ngx_otter_remote_on(void)
{
    return ngx_otter_remote_redis != NULL;
}


ngx_uint_t
ngx_otter_remote_up(void)
{
    return ngx_otter_remote_redis
           && ngx_otter_redis_up(ngx_otter_remote_redis);
}


/* <prefix>{<room>} */

static ngx_int_t
ngx_otter_remote_channel_room(ngx_str_t *channel, ngx_str_t *room)
{
    size_t  skip;

    skip = ngx_otter_remote_prefix.len + 1;

    if (channel->len < skip + 2 || channel->data[skip - 1] != '{'
        || channel->data[channel->len - 1] != '}')
    {
        return NGX_DECLINED;
    }

    room->data = channel->data + skip;
    room->len = channel->len - skip - 1;

    return NGX_OK;
}


static void
ngx_otter_remote_on_message(ngx_str_t *name, ngx_str_t *data)
{
    ngx_str_t             room;
    ngx_otter_channel_t  *channel;

    if (ngx_otter_remote_channel_room(name, &room) != NGX_OK) {
        ngx_otter_remote_request(data->data, data->len);
        return;
    }

    channel = ngx_otter_channel_find(&room);

    if (channel == NULL || data->len == 0) {
        return;
    }

    if (data->data[0] == 'E') {
        ngx_otter_remote_event(&room, data->data, data->len);

    } else {
        ngx_otter_remote_message(&room, data->data, data->len);
    }
}


static void
ngx_otter_remote_on_subscribed(ngx_str_t *name, ngx_uint_t again)
{
    ngx_str_t             room;
    ngx_otter_room_t     *shared;
    ngx_otter_channel_t  *channel;

    if (ngx_otter_remote_channel_room(name, &room) != NGX_OK) {
        return;
    }

    channel = ngx_otter_channel_find(&room);

    if (channel == NULL) {
        return;
    }

    channel->ready = 1;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    shared = ngx_otter_zone_room(ngx_otter_remote_zone, &room);

    if (shared && ngx_otter_bus_slot() != NGX_OTTER_SLOT_NONE) {
        ngx_otter_slots_add(&shared->listeners, ngx_otter_bus_slot());
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);

    if (again) {
        ngx_otter_remote_lost(&room);
        ngx_otter_remote_beat(&room);
        ngx_otter_remote_sync(&room);
    }

    ngx_otter_channel_start(channel);
}


static void
ngx_otter_remote_on_state(ngx_uint_t up)
{
    if (up) {
        ngx_otter_remote_host_up();
        ngx_otter_channel_each(ngx_otter_remote_beat);
        ngx_otter_channel_each(ngx_otter_remote_sync);

    } else {
        ngx_otter_channel_fail();
    }
}


/* messages of other hosts may be missing */

static void
ngx_otter_remote_lost(ngx_str_t *room)
{
    ngx_otter_room_t  *shared;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    shared = ngx_otter_zone_room(ngx_otter_remote_zone, room);

    if (shared && shared->remote) {
        ngx_otter_remote_tell_lost(shared);
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);

    ngx_otter_bus_drain();
}


static void
ngx_otter_remote_tell_lost(ngx_otter_room_t *room)
{
    ngx_queue_t         *q;
    ngx_otter_record_t   record;
    ngx_otter_member_t  *m;

    ngx_memzero(&record, sizeof(ngx_otter_record_t));
    record.kind = NGX_OTTER_RECORD_RESYNC;

    ngx_otter_bus_push_room(room, &record, (u_char *) "",
                            NGX_OTTER_SLOT_NONE);

    for (q = ngx_queue_head(&room->members);
         q != ngx_queue_sentinel(&room->members);
         q = ngx_queue_next(q))
    {
        m = ngx_queue_data(q, ngx_otter_member_t, queue);

        if (m->slot == NGX_OTTER_SLOT_NONE) {
            m->gap = 1;
            ngx_otter_zone_held_clear(ngx_otter_remote_zone, m);
        }
    }
}


/*
 * Tells the others how many messages this worker's members have sent, so
 * that they find out if the last ones did not come.
 */

void
ngx_otter_remote_beat(ngx_str_t *room)
{
    ngx_queue_t         *q;
    ngx_otter_room_t    *shared;
    ngx_otter_member_t  *m;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    shared = ngx_otter_zone_room(ngx_otter_remote_zone, room);

    if (shared && shared->remote) {

        for (q = ngx_queue_head(&shared->members);
             q != ngx_queue_sentinel(&shared->members);
             q = ngx_queue_next(q))
        {
            m = ngx_queue_data(q, ngx_otter_member_t, queue);

            if (m->slot != NGX_OTTER_SLOT_REMOTE) {
                (void) ngx_otter_remote_send(shared, 'H', m, NULL, NULL, 0);
            }
        }
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);
}


ngx_int_t
ngx_otter_remote_publish(ngx_otter_room_t *room, ngx_otter_member_t *from,
    const u_char *to, ngx_otter_body_t *body)
{
    from->published++;

    return ngx_otter_remote_send(room, to ? 'S' : 'M', from, to, body->data,
                                 body->len);
}


static ngx_int_t
ngx_otter_remote_send(ngx_otter_room_t *room, u_char kind,
    ngx_otter_member_t *from, const u_char *to, const u_char *data,
    size_t len)
{
    u_char        head[NGX_OTTER_WIRE_HEAD], name[384], *p;
    uint64_t      n;
    ngx_str_t     channel;
    ngx_uint_t    i;
    otter_span_t  parts[2];

    if (ngx_otter_remote_redis == NULL) {
        return NGX_ERROR;
    }

    head[0] = kind;

    for (i = 0, n = from->published; i < 8; i++, n >>= 8) {
        head[NGX_OTTER_WIRE_NUMBER + 7 - i] = (u_char) n;
    }

    ngx_memcpy(head + NGX_OTTER_WIRE_FROM, from->id, NGX_OTTER_ID_LEN);

    if (to) {
        ngx_memcpy(head + NGX_OTTER_WIRE_TO, to, NGX_OTTER_ID_LEN);

    } else {
        ngx_memzero(head + NGX_OTTER_WIRE_TO, NGX_OTTER_ID_LEN);
    }

    p = ngx_sprintf(name, "%V{%*s}", &ngx_otter_remote_prefix,
                    (size_t) room->name_len, room->name);

    channel.data = name;
    channel.len = p - name;

    parts[0].data = head;
    parts[0].len = sizeof(head);
    parts[1].data = data;
    parts[1].len = len;

    return ngx_otter_redis_publish(ngx_otter_remote_redis, &channel, parts, 2,
                                   NULL, NULL);
}


void
ngx_otter_remote_message(ngx_str_t *name, u_char *data, size_t len)
{
    uint64_t             n;
    ngx_uint_t           i, unknown;
    ngx_otter_room_t    *room;
    ngx_otter_member_t  *m;

    if (len < NGX_OTTER_WIRE_HEAD) {
        return;
    }

    for (i = 0, n = 0; i < 8; i++) {
        n = n << 8 | data[NGX_OTTER_WIRE_NUMBER + i];
    }

    unknown = 0;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    room = ngx_otter_zone_room(ngx_otter_remote_zone, name);

    if (room) {
        m = ngx_otter_zone_member(ngx_otter_remote_zone,
                                  data + NGX_OTTER_WIRE_FROM,
                                  NGX_OTTER_ID_LEN);

        if (m == NULL || m->room != room || m->pending) {

            /* it is in the room for others; what it says is lost here */

            unknown = 1;
            ngx_otter_remote_tell_lost(room);

        } else if (ngx_otter_remote_fresh(room, m, data[0], n)) {
            ngx_otter_remote_deliver(room, data, len, n);
        }
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);

    ngx_otter_bus_drain();

    if (unknown) {
        ngx_otter_remote_sync(name);
    }
}


/*
 * Each worker of a host gets the message from Redis; the first one brings it
 * in.  1: this is the first one.
 */

static ngx_uint_t
ngx_otter_remote_fresh(ngx_otter_room_t *room, ngx_otter_member_t *m,
    u_char kind, uint64_t n)
{
    if (m->slot != NGX_OTTER_SLOT_REMOTE) {

        /* this host's own, or on its way when the member came to this host */

        if (n <= m->seen || n > m->taken) {
            return 0;
        }

        m->seen = n;
        return kind != 'H';
    }

    if (!m->based) {

        /* what it sent before this host listened is none of its business */

        m->based = 1;
        m->seen = n;
        return kind != 'H';
    }

    if (n <= m->seen) {
        return 0;
    }

    if (n > m->seen + 1 || kind == 'H') {
        ngx_otter_remote_tell_lost(room);
    }

    m->seen = n;

    return kind != 'H';
}


static void
ngx_otter_remote_deliver(ngx_otter_room_t *room, u_char *data, size_t len,
    uint64_t n)
{
    ngx_otter_record_t   record;
    ngx_otter_member_t  *to;

    if (data[0] == 'M') {
        ngx_memzero(&record, sizeof(ngx_otter_record_t));

        record.kind = NGX_OTTER_RECORD_ROOM;
        record.len = (uint32_t) (len - NGX_OTTER_WIRE_HEAD);
        ngx_memcpy(record.id, data + NGX_OTTER_WIRE_FROM, NGX_OTTER_ID_LEN);

        ngx_otter_bus_push_room(room, &record, data + NGX_OTTER_WIRE_HEAD,
                                NGX_OTTER_SLOT_NONE);

        ngx_otter_remote_hold_all(room, data, len, n);
        return;
    }

    to = ngx_otter_zone_member(ngx_otter_remote_zone,
                               data + NGX_OTTER_WIRE_TO, NGX_OTTER_ID_LEN);

    if (to == NULL || to->room != room) {
        return;
    }

    if (to->slot < 0) {

        if (to->slot == NGX_OTTER_SLOT_NONE || to->taking) {
            ngx_otter_remote_hold(to, data, len, n);
        }

        return;
    }

    ngx_memzero(&record, sizeof(ngx_otter_record_t));

    record.kind = NGX_OTTER_RECORD_MEMBER;
    record.len = (uint32_t) (len - NGX_OTTER_WIRE_HEAD);
    record.room = room->serial;
    record.stamp = ++room->stamp;
    ngx_memcpy(record.id, to->id, NGX_OTTER_ID_LEN);

    ngx_otter_bus_push(to->slot, &record, data + NGX_OTTER_WIRE_HEAD);
}


static void
ngx_otter_remote_hold(ngx_otter_member_t *m, u_char *data, size_t len,
    uint64_t n)
{
    ngx_otter_held_t  *held;

    held = ngx_otter_zone_hold(ngx_otter_remote_zone, m, 0,
                               data + NGX_OTTER_WIRE_HEAD,
                               len - NGX_OTTER_WIRE_HEAD);
    if (held) {
        held->n = n;
        ngx_memcpy(held->from, data + NGX_OTTER_WIRE_FROM, NGX_OTTER_ID_LEN);
    }
}


/* for those who are about to become members of this host */

static void
ngx_otter_remote_hold_all(ngx_otter_room_t *room, u_char *data, size_t len,
    uint64_t n)
{
    ngx_queue_t         *q;
    ngx_otter_member_t  *m;

    for (q = ngx_queue_head(&room->expected);
         q != ngx_queue_sentinel(&room->expected);
         q = ngx_queue_next(q))
    {
        m = ngx_queue_data(q, ngx_otter_member_t, queue);

        if (m->active) {
            ngx_otter_remote_hold(m, data, len, n);
        }
    }

    if (room->taking == 0) {
        return;
    }

    for (q = ngx_queue_head(&room->members);
         q != ngx_queue_sentinel(&room->members);
         q = ngx_queue_next(q))
    {
        m = ngx_queue_data(q, ngx_otter_member_t, queue);

        if (m->taking) {
            ngx_otter_remote_hold(m, data, len, n);
        }
    }
}


/* all of this host's members go along, so that Redis has them for sure */

void
ngx_otter_remote_sync(ngx_str_t *name)
{
    ngx_int_t            rc;
    ngx_str_t           *room, *argv, *arg;
    ngx_queue_t         *q;
    ngx_uint_t           n;
    ngx_otter_room_t    *shared;
    ngx_otter_text_t     text;
    ngx_otter_member_t  *m;
    ngx_otter_call_t     call;

    if (!ngx_otter_remote_up()) {
        return;
    }

    ngx_otter_text_init(&text);
    argv = NULL;
    room = NULL;
    rc = NGX_ERROR;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    shared = ngx_otter_zone_room(ngx_otter_remote_zone, name);

    if (shared == NULL || shared->n == shared->remote) {
        goto done;
    }

    argv = malloc((shared->n * 3 + NGX_OTTER_CALL_ARGS) * sizeof(ngx_str_t));
    room = malloc(sizeof(ngx_str_t) + name->len);

    if (argv == NULL || room == NULL) {
        goto done;
    }

    room->len = name->len;
    room->data = (u_char *) (room + 1);
    ngx_memcpy(room->data, name->data, name->len);

    ngx_otter_call_init(&call, room, shared->version);
    ngx_otter_call_add_number(&call, shared->max_peers);

    ngx_memcpy(argv, call.argv, call.argc * sizeof(ngx_str_t));
    arg = argv + call.argc;

    for (q = ngx_queue_head(&shared->members);
         q != ngx_queue_sentinel(&shared->members);
         q = ngx_queue_next(q))
    {
        m = ngx_queue_data(q, ngx_otter_member_t, queue);

        if (m->slot == NGX_OTTER_SLOT_REMOTE) {
            continue;
        }

        arg[0].data = m->id;
        arg[0].len = NGX_OTTER_ID_LEN;
        arg[1].data = m->identity;
        arg[1].len = m->identity_len;

        /* the text may move while it grows: first where, then what */

        arg[2].data = (u_char *) (uintptr_t) text.len;
        ngx_otter_remote_write(&text, m);
        arg[2].len = text.len - (size_t) (uintptr_t) arg[2].data;

        arg += 3;
    }

    if (text.failed) {
        goto done;
    }

    n = arg - argv;

    for (arg = argv + call.argc; arg < argv + n; arg += 3) {
        arg[2].data = text.data + (uintptr_t) arg[2].data;
    }

    rc = ngx_otter_redis_script(ngx_otter_remote_redis, &call.key,
                                &ngx_otter_script_set, n, argv,
                                ngx_otter_remote_sync_reply, room);

done:

    if (rc != NGX_OK && shared) {
        shared->version = 0;
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);

    ngx_otter_text_free(&text);
    free(argv);

    if (rc != NGX_OK) {
        free(room);
    }
}


static void
ngx_otter_remote_sync_reply(redisReply *reply, void *data)
{
    ngx_str_t  *room = data;

    if (reply && reply->type == REDIS_REPLY_ARRAY) {
        (void) ngx_otter_remote_apply(room, reply, 1);
    }

    free(room);
}
