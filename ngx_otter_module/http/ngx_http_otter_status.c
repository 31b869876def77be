
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_status.h"
#include "ngx_otter_bus.h"
#include "ngx_otter_remote.h"
#include "ngx_otter_room.h"


enum {
    NGX_HTTP_OTTER_STATUS_ROOMS = 256  /* looked at with the lock held */
};


static ngx_int_t ngx_http_otter_status_send(ngx_http_request_t *r,
    ngx_uint_t json);
static void ngx_http_otter_status_take(ngx_otter_zone_t *zone,
    ngx_http_otter_status_t *status);
static void ngx_http_otter_status_turn(ngx_http_otter_status_t *status);
static void ngx_http_otter_status_slots(ngx_otter_zone_t *zone,
    ngx_http_otter_status_t *status);
static void ngx_http_otter_status_slot(ngx_otter_slot_t *slot,
    ngx_http_otter_status_t *status);
static void ngx_http_otter_status_rooms(ngx_otter_zone_t *zone,
    ngx_http_otter_status_t *status);
static void ngx_http_otter_status_room(ngx_http_otter_status_t *status,
    ngx_otter_room_t *room);


ngx_int_t
ngx_http_otter_status_handler(ngx_http_request_t *r)
{
    ngx_str_t   format;
    ngx_uint_t  json;

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return ngx_http_otter_not_allowed(r, "GET, HEAD");
    }

    json = ngx_http_arg(r, (u_char *) "format", sizeof("format") - 1, &format)
              == NGX_OK
           && format.len == sizeof("json") - 1
           && ngx_strncmp(format.data, "json", format.len) == 0;

    return ngx_http_otter_status_send(r, json);
}


/* below the prefix, for the administrator's page and whoever has a key */

ngx_int_t
ngx_http_otter_admin_status_handler(ngx_http_request_t *r)
{
    ngx_int_t                rc;
    const otter_apikey_t    *key;
    ngx_http_otter_caller_t  caller;

    rc = ngx_http_otter_need(r, &caller, NGX_HTTP_OTTER_API_KEY,
                             OTTER_SCOPE_ADMIN);
    if (rc != NGX_OK) {
        return rc;
    }

    key = caller.key;

    if (key->rooms.len != 1 || key->rooms.data[0] != '*') {
        return ngx_http_otter_problem(r, NGX_HTTP_FORBIDDEN, "key-room",
                                      "the status is of all rooms, this API "
                                      "key is for some");
    }

    return ngx_http_otter_status_send(r, 1);
}


static ngx_int_t
ngx_http_otter_status_send(ngx_http_request_t *r, ngx_uint_t json)
{
    ngx_str_t                    body;
    ngx_otter_text_t             text;
    ngx_http_otter_status_t      status;
    ngx_http_otter_main_conf_t  *omcf;

    omcf = ngx_http_get_module_main_conf(r, ngx_http_otter_module);

    if (omcf->zone == NULL || omcf->zone->sh == NULL) {
        return ngx_http_otter_problem(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                                      "unavailable",
                                      "Otter is mounted in no server");
    }

    ngx_http_otter_status_take(omcf->zone, &status);

    ngx_otter_text_init(&text);

    if (json) {
        ngx_http_otter_status_json(&text, &status);
        return ngx_http_otter_text(r, NGX_HTTP_OK, &text);
    }

    ngx_http_otter_status_prometheus(&text, &status);

    if (ngx_http_otter_text_take(r, &text, &body) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_otter_send(r, NGX_HTTP_OK,
                               "text/plain; version=0.0.4; charset=utf-8",
                               &body);
}


static void
ngx_http_otter_status_take(ngx_otter_zone_t *zone,
    ngx_http_otter_status_t *status)
{
    ngx_memzero(status, sizeof(ngx_http_otter_status_t));

    status->one = 1;
    status->zone_size = zone->shm_zone->shm.size;

    ngx_otter_zone_lock(zone);

    status->sessions_away = zone->sh->n_away;
    status->zone_free = zone->shpool->pfree * ngx_pagesize;
    status->held = zone->sh->held;

    ngx_otter_zone_unlock(zone);

    ngx_http_otter_status_slots(zone, status);
    ngx_http_otter_status_rooms(zone, status);

    status->redis = ngx_otter_remote_on();
    status->redis_up = (status->stats.redis_up == status->workers);
    status->relayed = ngx_otter_relays_bytes();

    ngx_http_otter_status_turn(status);
}


static void
ngx_http_otter_status_turn(ngx_http_otter_status_t *status)
{
    ngx_uint_t                  i;
    const otter_turn_health_t  *servers;

    status->turn = ngx_otter_relays_known(&servers);

    for (i = 0; i < status->turn; i++) {
        status->turn_up[i] = !servers[i].failing;
    }
}


/* without the lock: a number may be a little old */

static void
ngx_http_otter_status_slots(ngx_otter_zone_t *zone,
    ngx_http_otter_status_t *status)
{
    ngx_int_t  n;

    for (n = 0; n < NGX_OTTER_SLOTS; n++) {
        if (zone->sh->slots[n].stats) {
            ngx_http_otter_status_slot(&zone->sh->slots[n], status);

        } else if (zone->sh->slots[n].pid) {
            status->workers++;
        }
    }
}


static void
ngx_http_otter_status_slot(ngx_otter_slot_t *slot,
    ngx_http_otter_status_t *status)
{
    uint64_t  used;

    ngx_otter_stats_add(&status->stats, slot->stats, slot->pid != 0);

    if (slot->pid == 0) {
        return;
    }

    /* a worker that comes to the slot just now begins at 0 */

    used = slot->head;
    used = ngx_min(slot->tail - used, slot->ring_size);

    if (status->workers++ == 0 || slot->ring_size < status->ring_size) {
        status->ring_size = slot->ring_size;
    }

    status->ring_bytes = ngx_max(status->ring_bytes, used);
}


/*
 * Scrapes come in all the time, and there may be many rooms: the lock is
 * given away now and then.
 */

static void
ngx_http_otter_status_rooms(ngx_otter_zone_t *zone,
    ngx_http_otter_status_t *status)
{
    u_char             data[OTTER_ROOM_NAME_MAX];
    ngx_str_t          name;
    ngx_uint_t         i;
    ngx_otter_room_t  *room;

    name.data = data;
    name.len = 0;

    do {
        ngx_otter_zone_lock(zone);

        room = NULL;

        for (i = 0; i < NGX_HTTP_OTTER_STATUS_ROOMS; i++) {
            room = ngx_otter_zone_room_after(zone, &name);
            if (room == NULL) {
                break;
            }

            ngx_http_otter_status_room(status, room);

            name.len = room->name_len;
            ngx_memcpy(data, room->name, name.len);
        }

        ngx_otter_zone_unlock(zone);

    } while (room);
}


static void
ngx_http_otter_status_room(ngx_http_otter_status_t *status,
    ngx_otter_room_t *room)
{
    ngx_uint_t           i;
    const char          *s;
    ngx_queue_t         *q;
    ngx_otter_member_t  *m;

    s = ngx_otter_room_status(room);

    status->sessions += room->n - room->remote;

    if (room->waiting) {

        for (q = ngx_queue_head(&room->members);
             q != ngx_queue_sentinel(&room->members);
             q = ngx_queue_next(q))
        {
            m = ngx_queue_data(q, ngx_otter_member_t, queue);

            status->sessions_waiting += (m->waiting
                                         && m->slot != NGX_OTTER_SLOT_REMOTE);
        }
    }

    for (i = 0; ngx_http_otter_room_statuses[i]; i++) {
        if (ngx_strcmp(s, ngx_http_otter_room_statuses[i]) == 0) {
            status->rooms[i]++;
        }
    }
}
