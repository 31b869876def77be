
/*
 * Copyright (C) Otter contributors
 */

/*
 * Hosts live as long as they renew their lease.  One worker of a host does
 * that for all of them, whichever comes first, and renews its rooms; what
 * a dead host left behind is cleared by those who share a room with it.
 */


#include "ngx_otter_remote.h"
#include "ngx_otter_remote_script.h"
#include "ngx_otter_stream.h"


enum {
    NGX_OTTER_HOSTS_MAX = 64,          /* looked at in one round */
    NGX_OTTER_GHOSTS_MAX = 512,
    NGX_OTTER_GHOST_TIME = 4           /* seconds; longer than any join */
};

typedef struct {
    time_t                     due;
    ngx_str_t                  room;
    u_char                     id[NGX_OTTER_ID_LEN];
    char                       reason[NGX_OTTER_REASON_SIZE];
    u_char                     name[OTTER_ROOM_NAME_MAX];
} ngx_otter_ghost_t;

typedef struct {
    u_char                     id[NGX_OTTER_ID_LEN];
} ngx_otter_host_t;


static void ngx_otter_remote_ghost_add(ngx_str_t *room, const u_char *id,
    const char *reason, time_t wait);
static void ngx_otter_remote_ghosts_check(time_t now);
static void ngx_otter_remote_ghosts_owe(void);
static void ngx_otter_remote_ghost_tell(ngx_otter_ghost_t *ghost);
static void ngx_otter_remote_leased(redisReply *reply, void *data);
static ngx_uint_t ngx_otter_remote_rooms(ngx_otter_host_t *hosts);
static ngx_uint_t ngx_otter_remote_hosts(ngx_otter_room_t *room,
    ngx_otter_host_t *hosts, ngx_uint_t n);
static void ngx_otter_remote_renew(ngx_str_t *room, uint64_t version);
static void ngx_otter_remote_renewed(redisReply *reply, void *data);
static void ngx_otter_remote_look(ngx_otter_host_t *host);
static void ngx_otter_remote_looked(redisReply *reply, void *data);
static ngx_uint_t ngx_otter_remote_doubt(u_char *host, ngx_uint_t alive);
static void ngx_otter_remote_reap(u_char *host);
static u_char *ngx_otter_remote_lease_key(u_char *p, const u_char *host);


static ngx_otter_ghost_t  ngx_otter_ghosts[NGX_OTTER_GHOSTS_MAX];
static ngx_uint_t         ngx_otter_ghosts_n;
static ngx_uint_t         ngx_otter_ghosts_owed;

/* when this worker last came to Redis */

static time_t             ngx_otter_remote_since;


void
ngx_otter_remote_tick(void)
{
    time_t             now;
    ngx_uint_t         i, n;
    ngx_otter_host_t   hosts[NGX_OTTER_HOSTS_MAX];

    now = ngx_time();

    ngx_otter_remote_ghosts_check(now);

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    if (now < ngx_otter_remote_zone->sh->leased + NGX_OTTER_LEASE_RENEW) {
        ngx_otter_zone_unlock(ngx_otter_remote_zone);
        return;
    }

    ngx_otter_remote_zone->sh->leased = now;

    ngx_otter_zone_unlock(ngx_otter_remote_zone);

    ngx_otter_remote_lease();

    n = ngx_otter_remote_rooms(hosts);

    ngx_otter_stream_tick();

    for (i = 0; i < n; i++) {
        ngx_otter_remote_look(&hosts[i]);
    }
}


void
ngx_otter_remote_ghost(ngx_otter_room_t *room, ngx_str_t *id)
{
    ngx_str_t  name;

    name.data = room->name;
    name.len = room->name_len;

    ngx_otter_remote_ghost_add(&name, id->data, "left", NGX_OTTER_GHOST_TIME);
}


void
ngx_otter_remote_lingers(ngx_str_t *room, const u_char *id,
    const char *reason)
{
    ngx_otter_remote_ghost_add(room, id, reason, 1);
}


static void
ngx_otter_remote_ghost_add(ngx_str_t *room, const u_char *id,
    const char *reason, time_t wait)
{
    ngx_otter_ghost_t  *ghost;

    if (ngx_otter_ghosts_n == NGX_OTTER_GHOSTS_MAX) {

        /* a sync tells the rest, but for what they missed elsewhere */

        ngx_otter_ghosts_owed = 1;
        return;
    }

    ghost = &ngx_otter_ghosts[ngx_otter_ghosts_n++];

    ghost->due = ngx_time() + wait;
    ghost->room.data = ghost->name;
    ghost->room.len = room->len;
    ngx_memcpy(ghost->name, room->data, room->len);
    ngx_memcpy(ghost->id, id, NGX_OTTER_ID_LEN);
    ngx_cpystrn((u_char *) ghost->reason, (u_char *) reason,
                sizeof(ghost->reason));
}


static void
ngx_otter_remote_ghosts_check(time_t now)
{
    ngx_uint_t           i;
    ngx_otter_ghost_t   *ghost, due;

    for (i = 0; i < ngx_otter_ghosts_n; /* void */) {
        ghost = &ngx_otter_ghosts[i];

        if (ghost->due > now) {
            i++;
            continue;
        }

        /* one that can't be told even now is put back */

        due = *ghost;
        due.room.data = due.name;

        ngx_otter_ghosts_n--;

        if (i < ngx_otter_ghosts_n) {
            *ghost = ngx_otter_ghosts[ngx_otter_ghosts_n];
            ghost->room.data = ghost->name;
        }

        ngx_otter_remote_ghost_tell(&due);
    }

    if (ngx_otter_ghosts_owed && ngx_otter_remote_up()) {
        ngx_otter_ghosts_owed = 0;
        ngx_otter_remote_ghosts_owe();
    }
}


/* there were too many of them: any room may have missed something */

static void
ngx_otter_remote_ghosts_owe(void)
{
    u_char             data[OTTER_ROOM_NAME_MAX];
    ngx_str_t          name;
    ngx_otter_room_t  *room;

    name.data = data;
    name.len = 0;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    for ( ;; ) {
        room = ngx_otter_zone_room_after(ngx_otter_remote_zone, &name);

        if (room == NULL) {
            break;
        }

        name.len = room->name_len;
        ngx_memcpy(name.data, room->name, room->name_len);

        if (room->remote) {
            ngx_otter_remote_owe(room);
        }
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);
}


/* unless it is there again; another host may have it by now */

static void
ngx_otter_remote_ghost_tell(ngx_otter_ghost_t *ghost)
{
    ngx_uint_t           whole, gone;
    ngx_otter_member_t  *m;

    static const u_char  zeroes[NGX_OTTER_ID_LEN];

    whole = (ngx_memcmp(ghost->id, zeroes, NGX_OTTER_ID_LEN) == 0);

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    if (whole) {
        gone = (ngx_otter_zone_room(ngx_otter_remote_zone, &ghost->room)
                == NULL);

    } else {
        m = ngx_otter_zone_member(ngx_otter_remote_zone, ghost->id,
                                  NGX_OTTER_ID_LEN);
        gone = (m == NULL
                || (m->slot == NGX_OTTER_SLOT_REMOTE && !m->pending));
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);

    if (!gone) {
        return;
    }

    if (whole) {
        ngx_otter_remote_close(&ghost->room, 0, ghost->reason);

    } else {
        (void) ngx_otter_remote_leave(&ghost->room, ghost->id, ghost->reason);
    }
}


static u_char *
ngx_otter_remote_lease_key(u_char *p, const u_char *host)
{
    return ngx_sprintf(p, "%Vlease:{%*s}", &ngx_otter_remote_prefix,
                       (size_t) NGX_OTTER_ID_LEN, host);
}


void
ngx_otter_remote_lease(void)
{
    u_char     name[384], seconds[NGX_INT_T_LEN], *p;
    ngx_str_t  argv[5];

    p = ngx_otter_remote_lease_key(name, ngx_otter_remote_zone->sh->host);

    ngx_str_set(&argv[0], "SET");
    argv[1].data = name;
    argv[1].len = p - name;
    ngx_str_set(&argv[2], "1");
    ngx_str_set(&argv[3], "EX");
    argv[4].data = seconds;
    argv[4].len = ngx_sprintf(seconds, "%d", NGX_OTTER_LEASE) - seconds;

    (void) ngx_otter_redis_command(ngx_otter_remote_redis, &argv[1], 5, argv,
                                   ngx_otter_remote_leased, NULL);
}


/*
 * A Redis that is full, or misses its replicas or its disk, still publishes,
 * but takes nothing in: no better than one that is away.
 */

static void
ngx_otter_remote_leased(redisReply *reply, void *data)
{
    ngx_atomic_uint_t  refused;

    if (reply == NULL) {
        return;
    }

    refused = (reply->type == REDIS_REPLY_ERROR);

    if (refused && !ngx_otter_remote_zone->sh->unwritable) {
        ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                      "otter: redis refuses to write: %s", reply->str);
    }

    ngx_otter_remote_zone->sh->unwritable = refused;
}


/* renews the rooms that have members of this host; collects other hosts */

static ngx_uint_t
ngx_otter_remote_rooms(ngx_otter_host_t *hosts)
{
    u_char             data[OTTER_ROOM_NAME_MAX];
    time_t             now;
    uint64_t           version;
    ngx_str_t          name;
    ngx_uint_t         n, own, kept, orphan;
    ngx_otter_room_t  *room;

    n = 0;
    now = ngx_time();
    name.data = data;
    name.len = 0;

    for ( ;; ) {
        ngx_otter_zone_lock(ngx_otter_remote_zone);

        room = ngx_otter_zone_room_after(ngx_otter_remote_zone, &name);

        if (room == NULL) {
            ngx_otter_zone_unlock(ngx_otter_remote_zone);
            return n;
        }

        name.len = room->name_len;
        ngx_memcpy(name.data, room->name, room->name_len);

        own = (room->n > room->remote);
        orphan = ngx_otter_remote_orphan(room);
        kept = room->kept;
        version = room->unsettled ? 0 : room->version;

        if (room->lost && now > room->lost_since + 1) {

            /* who found it out is no more */

            ngx_otter_remote_tell_lost(room);
        }

        if (room->remote) {
            n = ngx_otter_remote_hosts(room, hosts, n);
        }

        ngx_otter_zone_unlock(ngx_otter_remote_zone);

        if (own || kept) {
            ngx_otter_index_again(&name, now);
        }

        if (!own) {
            continue;
        }

        if (orphan) {
            ngx_otter_remote_adopt(&name);
        }

        if (version) {
            ngx_otter_remote_renew(&name, version);

        } else {
            ngx_otter_remote_sync(&name);
        }
    }
}


static ngx_uint_t
ngx_otter_remote_hosts(ngx_otter_room_t *room, ngx_otter_host_t *hosts,
    ngx_uint_t n)
{
    ngx_uint_t           i;
    ngx_queue_t         *q;
    ngx_otter_member_t  *m;

    for (q = ngx_queue_head(&room->members);
         q != ngx_queue_sentinel(&room->members);
         q = ngx_queue_next(q))
    {
        m = ngx_queue_data(q, ngx_otter_member_t, queue);

        if (m->slot != NGX_OTTER_SLOT_REMOTE) {
            continue;
        }

        if (m->given && ngx_time() >= m->deadline) {

            /* nobody has taken it: a sync brings it back */

            room->version = 0;
        }

        for (i = 0; i < n; i++) {
            if (ngx_memcmp(hosts[i].id, m->host, NGX_OTTER_ID_LEN) == 0) {
                break;
            }
        }

        if (i == n && n < NGX_OTTER_HOSTS_MAX) {
            ngx_memcpy(hosts[n++].id, m->host, NGX_OTTER_ID_LEN);
        }
    }

    return n;
}


static void
ngx_otter_remote_renew(ngx_str_t *room, uint64_t version)
{
    ngx_str_t         *copy;
    ngx_otter_call_t   call;

    copy = malloc(sizeof(ngx_str_t) + room->len);
    if (copy == NULL) {
        return;
    }

    copy->len = room->len;
    copy->data = (u_char *) (copy + 1);
    ngx_memcpy(copy->data, room->data, room->len);

    ngx_otter_call_init(&call, room, version);

    if (ngx_otter_redis_script(ngx_otter_remote_redis, &call.key,
                               &ngx_otter_script_renew, call.argc, call.argv,
                               ngx_otter_remote_renewed, copy)
        != NGX_OK)
    {
        free(copy);
    }
}


/* 0: the room has another version there, so something was not heard of */

static void
ngx_otter_remote_renewed(redisReply *reply, void *data)
{
    ngx_str_t  *room = data;

    if (reply && reply->type == REDIS_REPLY_INTEGER && reply->integer == 0) {
        ngx_otter_remote_sync(room);
    }

    free(room);
}


static void
ngx_otter_remote_look(ngx_otter_host_t *host)
{
    u_char            *id, name[384];
    ngx_str_t          argv[2];

    id = malloc(NGX_OTTER_ID_LEN);
    if (id == NULL) {
        return;
    }

    ngx_memcpy(id, host->id, NGX_OTTER_ID_LEN);

    ngx_str_set(&argv[0], "EXISTS");
    argv[1].data = name;
    argv[1].len = ngx_otter_remote_lease_key(name, id) - name;

    if (ngx_otter_redis_command(ngx_otter_remote_redis, &argv[1], 2, argv,
                                ngx_otter_remote_looked, id)
        != NGX_OK)
    {
        free(id);
    }
}


static void
ngx_otter_remote_looked(redisReply *reply, void *data)
{
    u_char  *host = data;

    if (reply && reply->type == REDIS_REPLY_INTEGER
        && ngx_otter_remote_doubt(host, reply->integer != 0))
    {
        ngx_otter_remote_reap(host);
    }

    free(host);
}


/*
 * Redis may have lost all leases at once, or a host may be about to come
 * back to it: who seems dead is dead only if it stays so.  1: it has.
 */

static ngx_uint_t
ngx_otter_remote_doubt(u_char *host, ngx_uint_t alive)
{
    time_t              now;
    ngx_uint_t          i, dead;
    ngx_otter_doubt_t  *doubt, *found, *unused;

    now = ngx_time();
    dead = 0;
    found = NULL;
    unused = NULL;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    for (i = 0; i < NGX_OTTER_DOUBTS; i++) {
        doubt = &ngx_otter_remote_zone->sh->doubts[i];

        if (now >= doubt->looked + NGX_OTTER_LEASE_FORGET) {

            /* another host cleared it, or its last room here ended */

            doubt->since = 0;
        }

        if (doubt->since == 0) {
            unused = doubt;

        } else if (ngx_memcmp(doubt->host, host, NGX_OTTER_ID_LEN) == 0) {
            found = doubt;
        }
    }

    if (found) {
        found->looked = now;
    }

    if (found && alive) {
        found->since = 0;

    } else if (found && now >= found->since + NGX_OTTER_LEASE_DOUBT
               && ngx_otter_remote_settled())
    {
        found->since = 0;
        dead = 1;

    } else if (!found && !alive && unused) {
        ngx_memcpy(unused->host, host, NGX_OTTER_ID_LEN);
        unused->since = now;
        unused->looked = now;
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);

    return dead;
}


ngx_uint_t
ngx_otter_remote_settled(void)
{
    return ngx_time() >= ngx_otter_remote_since + NGX_OTTER_LEASE;
}


void
ngx_otter_remote_host_up(void)
{
    ngx_otter_remote_since = ngx_time();

    ngx_otter_remote_lease();
}


static void
ngx_otter_remote_reap(u_char *host)
{
    u_char               data[OTTER_ROOM_NAME_MAX];
    ngx_str_t            name;
    ngx_uint_t           found;
    ngx_queue_t         *q;
    ngx_otter_call_t     call;
    ngx_otter_room_t    *room;
    ngx_otter_member_t  *m;

    name.data = data;
    name.len = 0;

    for ( ;; ) {
        ngx_otter_zone_lock(ngx_otter_remote_zone);

        room = ngx_otter_zone_room_after(ngx_otter_remote_zone, &name);

        if (room == NULL) {
            ngx_otter_zone_unlock(ngx_otter_remote_zone);
            return;
        }

        name.len = room->name_len;
        ngx_memcpy(name.data, room->name, room->name_len);

        found = 0;

        for (q = ngx_queue_head(&room->members);
             q != ngx_queue_sentinel(&room->members) && room->remote;
             q = ngx_queue_next(q))
        {
            m = ngx_queue_data(q, ngx_otter_member_t, queue);

            if (ngx_memcmp(m->host, host, NGX_OTTER_ID_LEN) == 0) {
                found = 1;
                break;
            }
        }

        ngx_otter_zone_unlock(ngx_otter_remote_zone);

        if (!found) {
            continue;
        }

        ngx_otter_call_init(&call, &name, 0);
        ngx_otter_call_add(&call, host, NGX_OTTER_ID_LEN);

        (void) ngx_otter_redis_script(ngx_otter_remote_redis, &call.key,
                                      &ngx_otter_script_reap, call.argc,
                                      call.argv, NULL, NULL);
    }
}
