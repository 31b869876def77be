
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_relays.h"
#include "ngx_otter_remote.h"
#include "otter_turn.h"


enum {
    NGX_OTTER_RELAYS_INTERVAL = 1000,
    NGX_OTTER_RELAYS_KEY_SIZE = 128
};

/* which file was read last */

typedef struct {
    ngx_file_uniq_t           uniq;
    time_t                    mtime;
    off_t                     size;
} ngx_otter_relays_file_t;


static void ngx_otter_relays_handler(ngx_event_t *ev);
static void ngx_otter_relays_ask(void);
static void ngx_otter_relays_health(redisReply *reply, void *data);
static void ngx_otter_relays_total(redisReply *reply, void *data);
static void ngx_otter_relays_read(void);
static ssize_t ngx_otter_relays_load(u_char *buf, size_t size);
static void ngx_otter_relays_take(u_char *text, size_t len);
static void ngx_otter_relays_compare(void);
static void ngx_otter_relays_key(ngx_str_t *key, u_char *buf,
    const char *name);


static ngx_event_t              ngx_otter_relays_timer;
static ngx_connection_t         ngx_otter_relays_dummy;
static ngx_str_t                ngx_otter_relays_path;
static ngx_str_t                ngx_otter_relays_prefix;
static ngx_uint_t               ngx_otter_relays_redis;
static ngx_otter_relays_pt      ngx_otter_relays_changed;
static ngx_otter_relays_file_t  ngx_otter_relays_last;

static uint64_t                 ngx_otter_relays_sum;
static uint32_t                 ngx_otter_relays_mark;
static int64_t                  ngx_otter_relays_until;
static ngx_uint_t               ngx_otter_relays_n;
static otter_turn_health_t      ngx_otter_relays_servers[
                                    OTTER_TURN_HEALTH_MAX];
static u_char                   ngx_otter_relays_text[
                                    OTTER_TURN_HEALTH_SIZE];


ngx_int_t
ngx_otter_relays_init_worker(ngx_cycle_t *cycle, ngx_str_t *file,
    ngx_str_t *prefix, ngx_uint_t redis)
{
    ngx_event_t  *ev;

    if (file->len == 0 && !redis) {
        return NGX_OK;
    }

    ngx_otter_relays_path = *file;
    ngx_otter_relays_prefix = *prefix;
    ngx_otter_relays_redis = redis;
    ngx_otter_relays_dummy.fd = (ngx_socket_t) -1;

    ev = &ngx_otter_relays_timer;

    ngx_memzero(ev, sizeof(ngx_event_t));

    ev->handler = ngx_otter_relays_handler;
    ev->data = &ngx_otter_relays_dummy;
    ev->log = cycle->log;
    ev->cancelable = 1;

    ngx_add_timer(ev, 1);

    return NGX_OK;
}


void
ngx_otter_relays_on_change(ngx_otter_relays_pt handler)
{
    ngx_otter_relays_changed = handler;
}


static void
ngx_otter_relays_handler(ngx_event_t *ev)
{
    if (ngx_otter_relays_path.len) {
        ngx_otter_relays_read();
    }

    if (ngx_otter_relays_redis && ngx_otter_remote_up()) {
        ngx_otter_relays_ask();
    }

    ngx_otter_relays_compare();

    ngx_add_timer(ev, NGX_OTTER_RELAYS_INTERVAL);
}


static void
ngx_otter_relays_ask(void)
{
    u_char     buf[NGX_OTTER_RELAYS_KEY_SIZE];
    ngx_str_t  argv[3];

    if (ngx_otter_relays_path.len == 0) {
        ngx_str_set(&argv[0], "GET");
        ngx_otter_relays_key(&argv[1], buf, "turn:health");

        (void) ngx_otter_redis_command(ngx_otter_remote_redis, &argv[1], 2,
                                       argv, ngx_otter_relays_health, NULL);
    }

    ngx_str_set(&argv[0], "HGET");
    ngx_otter_relays_key(&argv[1], buf, "usage:{u}:total");
    ngx_str_set(&argv[2], "bytes");

    (void) ngx_otter_redis_command(ngx_otter_remote_redis, &argv[1], 3, argv,
                                   ngx_otter_relays_total, NULL);
}


/* a prefix has at most 64 bytes */

static void
ngx_otter_relays_key(ngx_str_t *key, u_char *buf, const char *name)
{
    u_char  *last;

    last = ngx_snprintf(buf, NGX_OTTER_RELAYS_KEY_SIZE, "%V%s",
                        &ngx_otter_relays_prefix, name);

    key->data = buf;
    key->len = last - buf;
}


static void
ngx_otter_relays_health(redisReply *reply, void *data)
{
    if (reply && reply->type == REDIS_REPLY_STRING) {
        ngx_otter_relays_take((u_char *) reply->str, reply->len);
        ngx_otter_relays_compare();
    }
}


static void
ngx_otter_relays_total(redisReply *reply, void *data)
{
    off_t  n;

    if (reply && reply->type == REDIS_REPLY_STRING) {
        n = ngx_atoof((u_char *) reply->str, reply->len);

        if (n != NGX_ERROR) {
            ngx_otter_relays_sum = (uint64_t) n;
        }
    }
}


/* the file is replaced as a whole, so one that has not changed is known */

static void
ngx_otter_relays_read(void)
{
    u_char                    buf[OTTER_TURN_HEALTH_SIZE + 1];
    ssize_t                   n;
    ngx_file_info_t           info;
    ngx_otter_relays_file_t  *last;

    last = &ngx_otter_relays_last;

    if (ngx_file_info(ngx_otter_relays_path.data, &info) == NGX_FILE_ERROR
        || !ngx_is_file(&info))
    {
        return;
    }

    if (ngx_file_uniq(&info) == last->uniq
        && ngx_file_mtime(&info) == last->mtime
        && ngx_file_size(&info) == last->size)
    {
        return;
    }

    last->uniq = ngx_file_uniq(&info);
    last->mtime = ngx_file_mtime(&info);
    last->size = ngx_file_size(&info);

    n = ngx_otter_relays_load(buf, sizeof(buf));

    if (n > 0) {
        ngx_otter_relays_take(buf, n);
    }
}


static ssize_t
ngx_otter_relays_load(u_char *buf, size_t size)
{
    ssize_t   n;
    ngx_fd_t  fd;

    fd = ngx_open_file(ngx_otter_relays_path.data,
                       NGX_FILE_RDONLY|NGX_FILE_NONBLOCK, NGX_FILE_OPEN, 0);

    if (fd == NGX_INVALID_FILE) {
        return NGX_ERROR;
    }

    n = read(fd, buf, size);

    (void) ngx_close_file(fd);

    return n;
}


/* a text of something else says nothing, and what was said before ends */

static void
ngx_otter_relays_take(u_char *text, size_t len)
{
    int                   n, i;
    u_char               *last;
    int64_t               until;
    otter_turn_health_t  *server;

    if (len > sizeof(ngx_otter_relays_text)) {
        return;
    }

    ngx_memcpy(ngx_otter_relays_text, text, len);
    ngx_otter_relays_n = 0;

    n = otter_turn_health_parse(ngx_otter_relays_servers, &until,
                                ngx_otter_relays_text, len);

    for (i = 0; i < n; i++) {
        server = &ngx_otter_relays_servers[i];

        if (otter_turn_uri(server->uri.data, server->uri.len)
            == OTTER_TURN_URI_INVALID)
        {
            n = -1;
            break;
        }

        /* its line's end */

        last = (u_char *) server->uri.data + server->uri.len;
        *last = '\0';
    }

    if (n >= 0) {
        ngx_otter_relays_n = n;
        ngx_otter_relays_until = until;
    }
}


/* are other servers failing than when it was told last? */

static void
ngx_otter_relays_compare(void)
{
    uint32_t                    mark;
    ngx_uint_t                  i, n;
    const otter_turn_health_t  *servers;

    n = ngx_otter_relays_known(&servers);

    ngx_crc32_init(mark);

    for (i = 0; i < n; i++) {
        if (servers[i].failing) {
            ngx_crc32_update(&mark, (u_char *) servers[i].uri.data,
                             servers[i].uri.len + 1);
        }
    }

    ngx_crc32_final(mark);

    if (mark == ngx_otter_relays_mark) {
        return;
    }

    ngx_otter_relays_mark = mark;

    if (ngx_otter_relays_changed) {
        ngx_otter_relays_changed();
    }
}


ngx_uint_t
ngx_otter_relays_failing(ngx_str_t *uri)
{
    ngx_uint_t                  i, n;
    const otter_turn_health_t  *servers;

    n = ngx_otter_relays_known(&servers);

    for (i = 0; i < n; i++) {
        if (servers[i].uri.len == uri->len
            && ngx_memcmp(servers[i].uri.data, uri->data, uri->len) == 0)
        {
            return servers[i].failing;
        }
    }

    return 0;
}


ngx_uint_t
ngx_otter_relays_known(const otter_turn_health_t **servers)
{
    *servers = ngx_otter_relays_servers;

    return ngx_otter_relays_until < ngx_time() ? 0 : ngx_otter_relays_n;
}


uint64_t
ngx_otter_relays_bytes(void)
{
    return ngx_otter_relays_sum;
}
