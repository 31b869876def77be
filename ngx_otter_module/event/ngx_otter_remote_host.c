
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


enum {
    NGX_OTTER_HOSTS_MAX = 64,          /* looked at in one round */
    NGX_OTTER_GHOSTS_MAX = 64,
    NGX_OTTER_GHOST_TIME = 4           /* seconds; longer than any join */
};

typedef struct {
    time_t                     due;
    ngx_str_t                  room;
    u_char                     id[NGX_OTTER_ID_LEN];
    u_char                     name[OTTER_ROOM_NAME_MAX];
} ngx_otter_ghost_t;

typedef struct {
    u_char                     id[NGX_OTTER_ID_LEN];
} ngx_otter_host_t;


static void ngx_otter_remote_ghosts_check(time_t now);
static void ngx_otter_remote_lease(void);
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

    for (i = 0; i < n; i++) {
        ngx_otter_remote_look(&hosts[i]);
    }
}


void
ngx_otter_remote_ghost(ngx_otter_room_t *room, ngx_str_t *id)
{
    ngx_otter_ghost_t  *ghost;

    if (ngx_otter_ghosts_n == NGX_OTTER_GHOSTS_MAX) {

        /* there will be another sync */

        return;
    }

    ghost = &ngx_otter_ghosts[ngx_otter_ghosts_n++];

    ghost->due = ngx_time() + NGX_OTTER_GHOST_TIME;
    ghost->room.data = ghost->name;
    ghost->room.len = room->name_len;
    ngx_memcpy(ghost->name, room->name, room->name_len);
    ngx_memcpy(ghost->id, id->data, NGX_OTTER_ID_LEN);
}


static void
ngx_otter_remote_ghosts_check(time_t now)
{
    ngx_uint_t           i, gone;
    ngx_otter_ghost_t   *ghost;

    for (i = 0; i < ngx_otter_ghosts_n; /* void */) {
        ghost = &ngx_otter_ghosts[i];

        if (ghost->due > now) {
            i++;
            continue;
        }

        ngx_otter_zone_lock(ngx_otter_remote_zone);

        gone = (ngx_otter_zone_member(ngx_otter_remote_zone, ghost->id,
                                      NGX_OTTER_ID_LEN)
                == NULL);

        ngx_otter_zone_unlock(ngx_otter_remote_zone);

        if (gone) {
            (void) ngx_otter_remote_leave(&ghost->room, ghost->id, "left");
        }

        ngx_otter_ghosts_n--;

        if (i < ngx_otter_ghosts_n) {
            *ghost = ngx_otter_ghosts[ngx_otter_ghosts_n];
            ghost->room.data = ghost->name;
        }
    }
}


static u_char *
ngx_otter_remote_lease_key(u_char *p, const u_char *host)
{
    return ngx_sprintf(p, "%Vlease:{%*s}", &ngx_otter_remote_prefix,
                       (size_t) NGX_OTTER_ID_LEN, host);
}


static void
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
                                   NULL, NULL);
}


/* renews the rooms that have members of this host; collects other hosts */

static ngx_uint_t
ngx_otter_remote_rooms(ngx_otter_host_t *hosts)
{
    u_char             data[OTTER_ROOM_NAME_MAX];
    uint64_t           version;
    ngx_str_t          name;
    ngx_uint_t         n, own;
    ngx_otter_room_t  *room;

    n = 0;
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
        version = room->unsettled ? 0 : room->version;

        if (room->remote) {
            n = ngx_otter_remote_hosts(room, hosts, n);
        }

        ngx_otter_zone_unlock(ngx_otter_remote_zone);

        if (!own) {
            continue;
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

        if (doubt->since == 0) {
            unused = doubt;

        } else if (ngx_memcmp(doubt->host, host, NGX_OTTER_ID_LEN) == 0) {
            found = doubt;
        }
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
