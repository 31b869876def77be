
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_keystore.h"
#include "ngx_otter_remote.h"
#include "ngx_otter_remote_script.h"
#include "ngx_otter_stream.h"
#include "otter_slot.h"


enum {
    NGX_OTTER_START_TIME = 2000        /* milliseconds for a first answer */
};


static void ngx_otter_remote_on_message(ngx_str_t *name, ngx_str_t *data);
static void ngx_otter_remote_on_subscribed(ngx_str_t *name,
    ngx_uint_t again);
static void ngx_otter_remote_on_state(ngx_uint_t up);
static void ngx_otter_remote_on_missed(ngx_uint_t slot);
static void ngx_otter_remote_make_up(void);
static void ngx_otter_remote_make_up_room(ngx_str_t *room);
static void ngx_otter_remote_tick_handler(ngx_event_t *ev);
static ngx_int_t ngx_otter_remote_channel_room(ngx_str_t *channel,
    ngx_str_t *room);


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
    ngx_otter_remote_on_state,
    ngx_otter_remote_on_missed
};

/* when this worker began; 0: Redis has answered since */

static ngx_msec_t   ngx_otter_remote_begun;

/* slots of which something was not told to Redis: a bit for each */

static uint8_t      ngx_otter_missed[OTTER_SLOTS / 8];
static ngx_uint_t   ngx_otter_missed_any;


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

    ngx_otter_remote_begun = ngx_max(ngx_current_msec, 1);

    ngx_otter_channel_init();
    ngx_otter_remote_lost_init(cycle);
    ngx_otter_stream_init(cycle);

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
        != NGX_OK
        || ngx_otter_keystore_init(ngx_otter_remote_redis, prefix, cycle->log)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_otter_remote_bans_init() != NGX_OK) {
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
        ngx_otter_keystore_exit();
        ngx_otter_redis_close(ngx_otter_remote_redis);
        ngx_otter_remote_redis = NULL;
    }
}


static void
ngx_otter_remote_tick_handler(ngx_event_t *ev)
{
    if (ngx_otter_remote_up()) {
        ngx_otter_remote_make_up();
        ngx_otter_remote_tick();
        ngx_otter_keystore_tick();

    } else if (ngx_otter_redis_up(ngx_otter_remote_redis)) {

        /* it refuses to write, and this is how the end of it is seen */

        ngx_otter_remote_lease();
    }

    ngx_otter_remote_keep_check();

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
           && ngx_otter_redis_up(ngx_otter_remote_redis)
           && !ngx_otter_remote_zone->sh->unwritable;
}


ngx_uint_t
ngx_otter_remote_starting(void)
{
    return ngx_otter_remote_redis && ngx_otter_remote_begun
           && ngx_current_msec - ngx_otter_remote_begun < NGX_OTTER_START_TIME;
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

    if (ngx_otter_keystore_message(name, data) == NGX_OK) {
        return;
    }

    if (name->len == ngx_otter_remote_bans.len
        && ngx_memcmp(name->data, ngx_otter_remote_bans.data, name->len) == 0)
    {
        ngx_otter_remote_bans_heard(data);
        return;
    }

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

    if (ngx_otter_keystore_subscribed(name) == NGX_OK
        || ngx_otter_remote_channel_room(name, &room) != NGX_OK)
    {
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

    if (again || channel->late) {
        channel->late = 0;

        ngx_otter_remote_beat(&room);
        ngx_otter_remote_sync(&room);
        ngx_otter_remote_question(&room);
    }

    ngx_otter_channel_start(channel);
}


static void
ngx_otter_remote_on_state(ngx_uint_t up)
{
    ngx_otter_stats->redis_up = up;
    ngx_otter_remote_begun = 0;

    if (up) {
        ngx_otter_remote_host_up();
        ngx_otter_remote_bans_load();
        ngx_otter_channel_each(ngx_otter_remote_beat);
        ngx_otter_channel_each(ngx_otter_remote_sync);

    } else {
        ngx_otter_stats->redis_losses++;
        ngx_otter_channel_fail();
    }
}


static void
ngx_otter_remote_on_missed(ngx_uint_t slot)
{
    ngx_otter_missed[slot / 8] |= (uint8_t) (1 << slot % 8);
    ngx_otter_missed_any = 1;
}


/* once in a second, so that what fails for long is not tried all the time */

static void
ngx_otter_remote_make_up(void)
{
    if (!ngx_otter_missed_any) {
        return;
    }

    ngx_otter_missed_any = 0;

    ngx_otter_channel_each(ngx_otter_remote_make_up_room);

    ngx_memzero(ngx_otter_missed, sizeof(ngx_otter_missed));
}


static void
ngx_otter_remote_make_up_room(ngx_str_t *room)
{
    ngx_uint_t  slot;

    slot = ngx_otter_redis_slot(ngx_otter_remote_redis, room);

    if (ngx_otter_missed[slot / 8] & 1 << slot % 8) {
        ngx_otter_remote_beat(room);
        ngx_otter_remote_sync(room);
    }
}
