
/*
 * Copyright (C) Otter contributors
 */

/*
 * One connection to a Redis server.  It connects, says who it is, and from
 * then on sends requests and reads replies.  When it is lost, it comes back
 * by itself after a while.
 */


#ifndef NGX_OTTER_REDIS_CONNECTION_H_INCLUDED
#define NGX_OTTER_REDIS_CONNECTION_H_INCLUDED


#include "ngx_otter_redis.h"

#include <ngx_event_connect.h>


enum {
    NGX_OTTER_REDIS_TIMEOUT = 3000,            /* to connect and greet */
    NGX_OTTER_REDIS_SILENCE = 3,               /* ticks without an answer */
    NGX_OTTER_REDIS_BACKOFF_MIN = 50,
    NGX_OTTER_REDIS_BACKOFF_MAX = 5000,
    NGX_OTTER_REDIS_OUT_MAX = 64 * 1024 * 1024,
    NGX_OTTER_REDIS_OUT_KEPT = 256 * 1024,
    NGX_OTTER_REDIS_SCRIPTS_MAX = 32,
    NGX_OTTER_REDIS_NO_SLOT = 0xffff
};

typedef enum {
    NGX_OTTER_REDIS_SINGLE = 0,
    NGX_OTTER_REDIS_SENTINEL,
    NGX_OTTER_REDIS_CLUSTER
} ngx_otter_redis_kind_e;

typedef struct {
    ngx_str_t                     user;        /* len 0: none */
    ngx_str_t                     password;
} ngx_otter_redis_login_t;

/* where a server is */

typedef struct {
    ngx_str_t                     name;        /* as it is logged */
    ngx_str_t                     host;        /* without the port */
    in_port_t                     port;
    ngx_uint_t                    naddrs;
    ngx_addr_t                   *addrs;
    ngx_sockaddr_t                known;       /* last answer of a resolver */
    socklen_t                     knownlen;
    unsigned                      literal:1;   /* host is an address */
} ngx_otter_redis_host_t;

struct ngx_otter_redis_conf_s {
    ngx_otter_redis_kind_e        kind;
    ngx_array_t                   hosts;       /* servers, or sentinels */
    ngx_otter_redis_login_t       login;
    ngx_otter_redis_login_t       sentinel_login;
    ngx_str_t                     master;      /* its name in Sentinel */
    ngx_uint_t                    db;
    ngx_conf_file_t               where;       /* the directive */
    ngx_resolver_t               *resolver;
    ngx_msec_t                    resolver_timeout;
    ngx_ssl_t                    *ssl;         /* NULL: no TLS */
    ngx_str_t                     ssl_name;    /* len 0: that of the host */
    unsigned                      ssl_verify:1;
};


/* a command that waits for its reply */

typedef struct ngx_otter_redis_request_s  ngx_otter_redis_request_t;

struct ngx_otter_redis_request_s {
    ngx_otter_redis_request_t    *next;
    ngx_otter_redis_reply_pt      handler;     /* NULL: nobody wants it */
    void                         *data;
    size_t                        size;        /* of all of this */
    ngx_otter_redis_script_t     *script;
    ngx_uint_t                    argc;        /* of the whole command */
    ngx_uint_t                    left;        /* replies to come */
    ngx_msec_t                    since;
    ngx_uint_t                    moves;       /* it was sent elsewhere */
    uint16_t                      slot;        /* in a cluster */
    unsigned                      repeated:1;  /* after NOSCRIPT */
    unsigned                      publish:1;
    size_t                        len;         /* of text; 0: not kept */
    u_char                        text[1];     /* the command, or of a script
                                                  what follows its name */
};

typedef struct {
    ngx_otter_redis_request_t    *first;
    ngx_otter_redis_request_t   **last;
} ngx_otter_redis_requests_t;


typedef struct ngx_otter_redis_conn_s  ngx_otter_redis_conn_t;

typedef struct {

    /* it may be used from now on */

    void                        (*ready)(ngx_otter_redis_conn_t *conn);

    /* a reply, or what the server says without being asked */

    void                        (*reply)(ngx_otter_redis_conn_t *conn,
                                     redisReply *reply);

    /*
     * It was ready and is so no more, or could not be made so; after this
     * the handlers of its requests are called.
     */

    void                        (*lost)(ngx_otter_redis_conn_t *conn);
} ngx_otter_redis_events_t;

typedef enum {
    NGX_OTTER_REDIS_CLOSED = 0,
    NGX_OTTER_REDIS_RESOLVING,
    NGX_OTTER_REDIS_CONNECTING,
    NGX_OTTER_REDIS_SECURING,
    NGX_OTTER_REDIS_GREETING,
    NGX_OTTER_REDIS_READY
} ngx_otter_redis_state_e;

struct ngx_otter_redis_conn_s {
    ngx_connection_t             *connection;
    void                         *owner;
    const ngx_otter_redis_events_t
                                 *events;

    /* event ident must be after 3 pointers as in ngx_connection_t */
    ngx_socket_t                  fd;

    ngx_otter_redis_state_e       state;
    ngx_log_t                    *log;
    const char                   *purpose;     /* for the log */
    ngx_otter_redis_conf_t       *conf;
    ngx_otter_redis_login_t      *login;
    ngx_otter_redis_login_t      *spare;       /* if it wants a password */
    ngx_otter_redis_host_t       *host;        /* NULL: nowhere to go */
    ngx_uint_t                    turn;        /* of the host's addresses */
    ngx_resolver_ctx_t           *resolving;
    ngx_sockaddr_t                sockaddr;    /* of this connection */
    socklen_t                     socklen;

    ngx_event_t                   timer;       /* to connect; until ready */
    ngx_event_t                   flush;       /* posted: there is output */
    ngx_uint_t                    tries;       /* failed, one after another */
    ngx_uint_t                    silent;      /* ticks */
    ngx_uint_t                    greetings;   /* replies to come */
    const char                   *failed;      /* why it is to be closed */
    ngx_err_t                     err;
    u_char                        said[128];   /* a reason in words */

    redisReader                  *reader;
    ngx_pool_t                   *replies;     /* memory of a reply */

    u_char                       *out;
    u_char                       *pos;
    u_char                       *last;
    u_char                       *end;

    ngx_otter_redis_requests_t    requests;
    ngx_uint_t                    nscripts;
    ngx_otter_redis_script_t     *scripts[NGX_OTTER_REDIS_SCRIPTS_MAX];
                                               /* that the server has */

    unsigned                      select:1;    /* the database */
    unsigned                      role:1;      /* must be a master */
    unsigned                      following:1; /* sockaddr is given */
    unsigned                      complained:1; /* in the log */
};


/* ngx_otter_redis_connection.c */

void ngx_otter_redis_conn_init(ngx_otter_redis_conn_t *conn,
    ngx_otter_redis_conf_t *conf, ngx_log_t *log, void *owner,
    const ngx_otter_redis_events_t *events, const char *purpose);

/* connects now, and again whenever it is lost */

void ngx_otter_redis_conn_open(ngx_otter_redis_conn_t *conn,
    ngx_otter_redis_host_t *host);

/* the same, to where another one is connected */

void ngx_otter_redis_conn_follow(ngx_otter_redis_conn_t *conn,
    ngx_otter_redis_conn_t *other);

/* closes it at once, for the time being; not to be called by the user */

void ngx_otter_redis_conn_close(ngx_otter_redis_conn_t *conn,
    const char *reason);

/* closes it soon */

void ngx_otter_redis_conn_fail(ngx_otter_redis_conn_t *conn,
    const char *reason);

/* closes it for good */

void ngx_otter_redis_conn_stop(ngx_otter_redis_conn_t *conn);

/* the same when the worker exits: sends what it can and calls nobody */

void ngx_otter_redis_conn_exit(ngx_otter_redis_conn_t *conn);

/* once a second: requests without an answer end the connection */

void ngx_otter_redis_conn_tick(ngx_otter_redis_conn_t *conn);


/* ngx_otter_redis_connect.c */

void ngx_otter_redis_conn_begin(ngx_otter_redis_conn_t *conn);

/* connect() has done what it could */

void ngx_otter_redis_conn_connected(ngx_otter_redis_conn_t *conn);


/* ngx_otter_redis_io.c */

void ngx_otter_redis_conn_read_handler(ngx_event_t *rev);
void ngx_otter_redis_conn_write_handler(ngx_event_t *wev);

/* room for this many bytes; NULL: no memory, or the connection is not ready */

u_char *ngx_otter_redis_conn_reserve(ngx_otter_redis_conn_t *conn,
    size_t size);

/* what was reserved is written up to "last", and a reply to it will come */

void ngx_otter_redis_conn_commit(ngx_otter_redis_conn_t *conn, u_char *last,
    ngx_otter_redis_request_t *request);

void ngx_otter_redis_conn_send(ngx_otter_redis_conn_t *conn);


/* ngx_otter_redis_greeting.c: what is said first */

ngx_int_t ngx_otter_redis_greet(ngx_otter_redis_conn_t *conn);

/* NULL: fine, else why the connection is of no use */

const char *ngx_otter_redis_greeted(ngx_otter_redis_conn_t *conn,
    redisReply *reply);

/* what an error says, in words fit for a log */

const char *ngx_otter_redis_refused(ngx_otter_redis_conn_t *conn,
    redisReply *reply);


/* ngx_otter_redis_tls.c */

ngx_int_t ngx_otter_redis_tls_conf(ngx_conf_t *cf,
    ngx_otter_redis_conf_t *conf, ngx_str_t *ca, ngx_str_t *cert,
    ngx_str_t *key);
ngx_int_t ngx_otter_redis_tls_start(ngx_otter_redis_conn_t *conn);

/* NULL: the server is who it should be */

const char *ngx_otter_redis_tls_check(ngx_otter_redis_conn_t *conn);


/* ngx_otter_redis_reader.c */

redisReader *ngx_otter_redis_reader_create(ngx_pool_t *pool);


/* ngx_otter_redis_request.c: the protocol's text, and requests */

enum {
    NGX_OTTER_REDIS_HEAD = sizeof("*\r\n") - 1 + NGX_INT64_LEN,
    NGX_OTTER_REDIS_ARG = sizeof("$\r\n\r\n") - 1 + NGX_INT64_LEN
};

size_t ngx_otter_redis_text_size(ngx_uint_t argc, const ngx_str_t *argv);
u_char *ngx_otter_redis_write_head(u_char *p, ngx_uint_t argc);
u_char *ngx_otter_redis_write_len(u_char *p, size_t len);
u_char *ngx_otter_redis_write_arg(u_char *p, const void *data, size_t len);

/* text: how many bytes of it are kept */

ngx_otter_redis_request_t *ngx_otter_redis_request_create(
    ngx_otter_redis_reply_pt handler, void *data, size_t text);
void ngx_otter_redis_request_free(ngx_otter_redis_request_t *request);
void ngx_otter_redis_request_done(ngx_otter_redis_request_t *request,
    redisReply *reply);

void ngx_otter_redis_requests_init(ngx_otter_redis_requests_t *requests);
void ngx_otter_redis_requests_add(ngx_otter_redis_requests_t *requests,
    ngx_otter_redis_request_t *request);
ngx_otter_redis_request_t *ngx_otter_redis_requests_shift(
    ngx_otter_redis_requests_t *requests);

/* sends a command; NGX_ERROR: the connection does not take it */

ngx_int_t ngx_otter_redis_send(ngx_otter_redis_conn_t *conn, ngx_uint_t argc,
    const ngx_str_t *argv, ngx_otter_redis_reply_pt handler, void *data);

/* sends one whose text is kept */

ngx_int_t ngx_otter_redis_send_kept(ngx_otter_redis_conn_t *conn,
    ngx_otter_redis_request_t *request);

/* the scripts that a connection's server has */

void ngx_otter_redis_script_forget(ngx_otter_redis_conn_t *conn,
    ngx_otter_redis_script_t *script);

/* whether a reply is an error that begins with this word */

ngx_uint_t ngx_otter_redis_is_error(redisReply *reply, const char *word);


/* ngx_otter_redis_host.c: an address that a server told; NULL: no memory */

ngx_otter_redis_host_t *ngx_otter_redis_host_create(const u_char *host,
    size_t len, in_port_t port);
void ngx_otter_redis_host_free(ngx_otter_redis_host_t *host);
ngx_uint_t ngx_otter_redis_host_is(ngx_otter_redis_host_t *host,
    const u_char *name, size_t len, in_port_t port);


#endif /* NGX_OTTER_REDIS_CONNECTION_H_INCLUDED */
