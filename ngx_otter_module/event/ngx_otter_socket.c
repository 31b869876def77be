
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_socket.h"
#include "ngx_otter_deflate.h"
#include "ngx_otter_flush.h"
#include "ngx_otter_stats.h"
#include "ngx_otter_stall.h"


enum {
    NGX_OTTER_READ_SIZE = 64 * 1024,
    NGX_OTTER_READ_TURNS = 8,          /* reads before others have theirs */
    NGX_OTTER_CLOSE_TIMEOUT_DEAD = 500,    /* nobody seems to listen */
    NGX_OTTER_LINGER_TIMEOUT = 2000
};


static ngx_int_t ngx_otter_socket_queue(ngx_otter_socket_t *s,
    ngx_uint_t opcode, uint64_t seq, ngx_otter_body_t *body);
static ngx_msec_int_t ngx_otter_socket_until(time_t time);
static void ngx_otter_socket_timeout(ngx_otter_socket_t *s);
static void ngx_otter_socket_ping(ngx_otter_socket_t *s);
static void ngx_otter_socket_broken(ngx_otter_socket_t *s);


static ngx_queue_t  ngx_otter_sockets;
static ngx_uint_t   ngx_otter_sockets_n;

/* every read of the worker goes here; what must stay is copied out */

static u_char       ngx_otter_sockets_buffer[NGX_OTTER_READ_SIZE];


void
ngx_otter_socket_init_worker(ngx_cycle_t *cycle)
{
    ngx_queue_init(&ngx_otter_sockets);
    ngx_otter_sockets_n = 0;

    ngx_otter_flush_init_worker(cycle);
}


ngx_otter_socket_t *
ngx_otter_socket_create(ngx_connection_t *c,
    const ngx_otter_socket_conf_t *conf,
    const ngx_otter_socket_handlers_t *handlers)
{
    ngx_otter_socket_t  *s;

    s = ngx_calloc(sizeof(ngx_otter_socket_t), c->log);
    if (s == NULL) {
        return NULL;
    }

    s->connection = c;
    s->conf = conf;
    s->handlers = handlers;
    s->patient = 1;
    s->pinged = ngx_current_msec;
    s->credited = ngx_current_msec;
    s->credit = (uint64_t) conf->message_rate * 5 * 1000;

    otter_frame_init(&s->parser);
    ngx_otter_queue_init(&s->out);

    ngx_queue_insert_tail(&ngx_otter_sockets, &s->queue);
    ngx_otter_sockets_n++;
    ngx_otter_stats->sockets = ngx_otter_sockets_n;

    return s;
}


void
ngx_otter_socket_destroy(ngx_otter_socket_t *s)
{
    ngx_otter_flush_drop(s);

    ngx_queue_remove(&s->queue);
    ngx_otter_sockets_n--;
    ngx_otter_stats->sockets = ngx_otter_sockets_n;

    ngx_otter_stats_closed(s->close_code);

    ngx_otter_queue_clear(&s->out, 0);
    ngx_otter_socket_forget(s);
    ngx_otter_stall_drop(s);

    ngx_free(s);
}


void
ngx_otter_socket_start(ngx_otter_socket_t *s, u_char *early, size_t len)
{
    ngx_otter_socket_schedule(s);

    if (len) {
        ngx_otter_socket_input(s, early, len);
    }
}


void
ngx_otter_socket_read(ngx_otter_socket_t *s)
{
    ssize_t            n;
    ngx_uint_t         turns;
    ngx_event_t       *rev;
    ngx_connection_t  *c;

    c = s->connection;
    rev = c->read;

    if (c->close || s->done) {

        /* worker_shutdown_timeout has come */

        ngx_otter_socket_broken(s);
        return;
    }

    if (rev->timedout) {
        rev->timedout = 0;
        ngx_otter_socket_timeout(s);
        return;
    }

    for (turns = 0; rev->ready && !s->done && s->stall == NULL; turns++) {

        if (turns == NGX_OTTER_READ_TURNS) {
            ngx_post_event(rev, &ngx_posted_next_events);
            return;
        }

        n = c->recv(c, ngx_otter_sockets_buffer, NGX_OTTER_READ_SIZE);

        if (n == NGX_AGAIN) {
            break;
        }

        if (n == 0 || n == NGX_ERROR) {
            ngx_otter_socket_broken(s);
            return;
        }

        ngx_otter_socket_input(s, ngx_otter_sockets_buffer, n);
    }

    if (!s->done && ngx_handle_read_event(rev, 0) != NGX_OK) {
        ngx_otter_socket_broken(s);
    }
}


void
ngx_otter_socket_write(ngx_otter_socket_t *s)
{
    if (s->connection->write->timedout) {
        s->connection->write->timedout = 0;
    }

    ngx_otter_socket_flush(s);
}


void
ngx_otter_socket_control(ngx_otter_socket_t *s, ngx_uint_t opcode,
    const u_char *data, size_t len)
{
    otter_span_t       part;
    ngx_otter_body_t  *body;

    part.data = data;
    part.len = len;

    body = ngx_otter_body_create(&part, 1);

    if (body) {
        ngx_otter_socket_send(s, opcode, 0, body);
        ngx_otter_body_free(body);
    }
}


void
ngx_otter_socket_schedule(ngx_otter_socket_t *s)
{
    ngx_msec_t        now;
    ngx_msec_int_t    left;

    if (s->done) {
        return;
    }

    now = ngx_current_msec;

    if (s->state != NGX_OTTER_SOCKET_OPEN) {
        left = (ngx_msec_int_t) (s->deadline - now);

    } else {

        /*
         * There is always a timer, and none that may be cancelled: it keeps
         * the worker of an old configuration until its sockets are closed.
         */

        left = 3600 * 1000;

        if (s->waiting) {
            left = (ngx_msec_int_t) (s->pinged + s->conf->ping_timeout - now);

        } else if (s->conf->ping_interval) {
            left = (ngx_msec_int_t) (s->pinged + s->conf->ping_interval
                                     - now);
        }

        left = ngx_min(left, ngx_otter_socket_until(s->expires));
        left = ngx_min(left, ngx_otter_socket_until(s->renew));
    }

    ngx_add_timer(s->connection->read, (ngx_msec_t) ngx_max(left, 1));
}


/* milliseconds, an hour at the most */

static ngx_msec_int_t
ngx_otter_socket_until(time_t time)
{
    if (time == 0 || time > ngx_time() + 3600) {
        return 3600 * 1000;
    }

    return (ngx_msec_int_t) (time - ngx_time()) * 1000;
}


static void
ngx_otter_socket_timeout(ngx_otter_socket_t *s)
{
    ngx_msec_t  now;

    if (s->state != NGX_OTTER_SOCKET_OPEN) {
        ngx_otter_socket_finish(s);
        return;
    }

    now = ngx_current_msec;

    if (s->expires && s->expires <= ngx_time()) {
        ngx_otter_socket_end(s, NGX_OTTER_CLOSE_TOKEN_EXPIRED);
        return;
    }

    if (s->renew && s->renew <= ngx_time()) {
        s->renew = 0;
        s->handlers->renew(s);
    }

    if (s->waiting && s->stall) {

        /* its pong may be among what was not read */

        s->pinged = now;

    } else if (s->waiting) {

        if ((ngx_msec_int_t) (now - s->pinged)
            >= (ngx_msec_int_t) s->conf->ping_timeout)
        {
            ngx_otter_socket_end(s, NGX_OTTER_CLOSE_PONG_TIMEOUT);
            return;
        }

    } else if (s->conf->ping_interval
               && (ngx_msec_int_t) (now - s->pinged)
                  >= (ngx_msec_int_t) s->conf->ping_interval)
    {
        ngx_otter_socket_ping(s);
    }

    ngx_otter_socket_schedule(s);
}


static void
ngx_otter_socket_ping(ngx_otter_socket_t *s)
{
    s->waiting = 1;
    s->pinged = ngx_current_msec;
    s->ping_mark = s->mark;

    ngx_otter_socket_control(s, OTTER_FRAME_PING, (u_char *) &s->ping_mark,
                             sizeof(uint64_t));
}


void
ngx_otter_socket_send(ngx_otter_socket_t *s, ngx_uint_t opcode, uint64_t seq,
    ngx_otter_body_t *body)
{
    size_t  size;

    if (s->state == NGX_OTTER_SOCKET_CLOSED || s->done || s->overflow) {
        return;
    }

    size = body->len + OTTER_FRAME_HEAD_MAX;

    if (s->out.bytes && s->out.bytes + size > s->conf->send_buffer
        && s->state == NGX_OTTER_SOCKET_OPEN)
    {
        /* what waits only for the end of this turn doesn't count */

        (void) ngx_otter_queue_send(&s->out, s->connection);

        if (s->out.bytes && s->out.bytes + size > s->conf->send_buffer) {
            s->overflow = 1;
            ngx_otter_flush_mark(s);
            return;
        }
    }

    if (ngx_otter_socket_queue(s, opcode, seq, body) != NGX_OK) {
        s->overflow = 1;
    }

    if (seq) {
        s->mark = seq;
    }

    if (opcode == OTTER_FRAME_TEXT || opcode == OTTER_FRAME_BINARY) {
        s->messages_out++;
        ngx_otter_stats->messages_out++;
    }

    ngx_otter_flush_mark(s);
}


static ngx_int_t
ngx_otter_socket_queue(ngx_otter_socket_t *s, ngx_uint_t opcode, uint64_t seq,
    ngx_otter_body_t *body)
{
    ngx_otter_body_t  *deflated;

    if (s->window
        && (opcode == OTTER_FRAME_TEXT || opcode == OTTER_FRAME_BINARY))
    {
        deflated = ngx_otter_deflate_body(body, s->window);

        if (deflated) {
            return ngx_otter_queue_add_deflated(&s->out, opcode, seq,
                                                deflated);
        }
    }

    return ngx_otter_queue_add(&s->out, opcode, seq, body);
}


void
ngx_otter_socket_flush(ngx_otter_socket_t *s)
{
    ngx_int_t          rc;
    ngx_connection_t  *c;

    if (s->done) {
        return;
    }

    if (s->overflow && s->state == NGX_OTTER_SOCKET_OPEN) {
        ngx_otter_queue_clear(&s->out, 1);
        s->overflow = 0;
        ngx_otter_socket_end(s, NGX_OTTER_CLOSE_TOO_SLOW);
    }

    c = s->connection;
    rc = ngx_otter_queue_send(&s->out, c);

    if (rc == NGX_ERROR) {
        ngx_otter_socket_broken(s);
        return;
    }

#if (NGX_SSL)

    /* 16 KB, which an idle connection does not need */

    if (rc == NGX_OK && c->ssl) {
        ngx_ssl_free_buffer(c);
    }

#endif

    if (rc == NGX_OK && s->state == NGX_OTTER_SOCKET_CLOSED) {
        ngx_otter_socket_finish(s);
        return;
    }

    if (rc == NGX_OK && s->state == NGX_OTTER_SOCKET_CLOSING
        && s->parser.error && !s->shut)
    {
        /* no Close will be found in what comes, so wait for the end of it */

        s->shut = 1;
        s->deadline = ngx_current_msec + NGX_OTTER_LINGER_TIMEOUT;
        ngx_otter_socket_schedule(s);

        (void) ngx_shutdown_socket(c->fd, NGX_WRITE_SHUTDOWN);
        return;
    }

    if (ngx_handle_write_event(c->write, 0) != NGX_OK) {
        ngx_otter_socket_broken(s);
    }
}


void
ngx_otter_socket_end(ngx_otter_socket_t *s, ngx_uint_t code)
{
    if (s->state != NGX_OTTER_SOCKET_OPEN) {
        return;
    }

    if (!s->ended) {
        s->ended = 1;
        s->handlers->ended(s, code, 0);
    }

    ngx_otter_socket_close(s, code);
}


void
ngx_otter_socket_close(ngx_otter_socket_t *s, ngx_uint_t code)
{
    u_char  payload[2];

    if (s->state != NGX_OTTER_SOCKET_OPEN) {
        return;
    }

    s->ended = 1;
    s->close_code = (uint16_t) code;
    s->overflow = 0;

    ngx_otter_socket_forget(s);

    payload[0] = (u_char) (code >> 8);
    payload[1] = (u_char) code;

    s->state = NGX_OTTER_SOCKET_CLOSING;

    ngx_otter_socket_control(s, OTTER_FRAME_CLOSE, payload, 2);

    s->deadline = ngx_current_msec
                  + ((code == NGX_OTTER_CLOSE_PONG_TIMEOUT)
                     ? NGX_OTTER_CLOSE_TIMEOUT_DEAD
                     : NGX_OTTER_CLOSE_TIMEOUT);

    ngx_otter_socket_schedule(s);
}


/* the connection is no more */

static void
ngx_otter_socket_broken(ngx_otter_socket_t *s)
{
    if (!s->ended) {
        s->ended = 1;
        s->handlers->ended(s, NGX_OTTER_CLOSE_ABNORMAL, 1);
    }

    if (s->close_code == 0) {
        s->close_code = NGX_OTTER_CLOSE_ABNORMAL;
    }

    ngx_otter_queue_clear(&s->out, 0);
    ngx_otter_socket_finish(s);
}


/*
 * The end is left to an event of its own: whoever is above on the stack may
 * still look at the socket.
 */

void
ngx_otter_socket_finish(ngx_otter_socket_t *s)
{
    if (s->done) {
        return;
    }

    s->done = 1;
    s->handlers->done(s);
}


ngx_uint_t
ngx_otter_socket_restart(ngx_uint_t n)
{
    ngx_uint_t           left;
    ngx_queue_t         *q;
    ngx_otter_socket_t  *s;

    left = 0;

    for (q = ngx_queue_head(&ngx_otter_sockets);
         q != ngx_queue_sentinel(&ngx_otter_sockets);
         q = ngx_queue_next(q))
    {
        s = ngx_queue_data(q, ngx_otter_socket_t, queue);

        if (s->state != NGX_OTTER_SOCKET_OPEN) {
            continue;
        }

        if (n) {
            n--;
            ngx_otter_socket_end(s, NGX_OTTER_CLOSE_RESTART);

        } else {
            left++;
        }
    }

    return left;
}


void
ngx_otter_socket_renew_all(ngx_uint_t seconds)
{
    ngx_uint_t           n;
    ngx_queue_t         *q;
    ngx_otter_socket_t  *s;

    n = 0;

    for (q = ngx_queue_head(&ngx_otter_sockets);
         q != ngx_queue_sentinel(&ngx_otter_sockets);
         q = ngx_queue_next(q))
    {
        s = ngx_queue_data(q, ngx_otter_socket_t, queue);

        if (s->renew && s->state == NGX_OTTER_SOCKET_OPEN) {
            s->renew = ngx_time() + n++ % seconds;
            ngx_otter_socket_schedule(s);
        }
    }
}


ngx_uint_t
ngx_otter_socket_count(void)
{
    return ngx_otter_sockets_n;
}
