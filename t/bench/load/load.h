
/*
 * Copyright (C) Otter contributors
 */

/*
 * A load generator: peers in rooms send numbered messages to each other
 * through a server, and every message is accounted for.
 *
 * The parent sets phases, samples the CPU time of the server's processes and
 * prints a JSON object; its children, each with an epoll loop of its own, are
 * the peers.  A closed loop keeps "window" messages of each sender on their
 * way; with "rate" messages go out by the clock whatever comes back.
 */


#ifndef LOAD_H_INCLUDED
#define LOAD_H_INCLUDED


#include <errno.h>
#include <openssl/ssl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>


enum {
    LOAD_PROCESSES_MAX = 64,
    LOAD_LIST_MAX = 64,
    LOAD_SAMPLES_MAX = 8 * 1024 * 1024,
    LOAD_ID_SIZE = 64,
    LOAD_ACK_EVERY = 32                /* as the client library does */
};

enum {
    LOAD_FRAME_TEXT = 0x1,
    LOAD_FRAME_CLOSE = 0x8,
    LOAD_FRAME_PING = 0x9,
    LOAD_FRAME_PONG = 0xa
};

/* set by the parent, obeyed by the children */

typedef enum {
    LOAD_JOIN = 0,
    LOAD_HOLD,
    LOAD_SEND,
    LOAD_MEASURE,
    LOAD_DRAIN,
    LOAD_END
} load_phase_t;

typedef enum {
    LOAD_MODE_NONE = 0,
    LOAD_MODE_DIRECTED,                /* each to the next one in its room */
    LOAD_MODE_ROOM,                    /* each to its room */
    LOAD_MODE_ONE                      /* the first one to the room */
} load_mode_t;

typedef enum {
    LOAD_STATE_NONE = 0,
    LOAD_STATE_ASKING,                 /* which worker is it? */
    LOAD_STATE_UPGRADING,
    LOAD_STATE_GREETING,
    LOAD_STATE_OPEN,
    LOAD_STATE_CLOSED
} load_state_t;

typedef struct load_peer_s  load_peer_t;

struct load_peer_s {
    load_peer_t      *to;              /* of directed messages */
    load_peer_t      *by;              /* the socket it sends by */
    load_peer_t      *flush;           /* next in the list */
    SSL              *ssl;
    unsigned char    *in;              /* an incomplete frame */
    size_t            in_len;
    unsigned char    *out;
    size_t            out_len;
    size_t            out_sent;
    size_t            out_size;
    char             *head;            /* what stands before the data */
    size_t            head_len;
    uint32_t         *last;            /* number heard of each in the room */
    uint32_t          sent;
    int32_t           pending;         /* deliveries on their way */
    uint32_t          seq;
    uint32_t          index;
    uint32_t          room;
    uint32_t          place;           /* in the room */
    int               fd;
    uint16_t          code;            /* of a received Close */
    uint8_t           state;
    unsigned          flushing:1;
    unsigned          slow:1;
    unsigned          publisher:1;     /* only sends, for another */
    char              id[LOAD_ID_SIZE];
};

/* how a server is spoken to */

typedef struct {
    const char       *name;
    unsigned          echoes:1;        /* to the sender, too */
    unsigned          greets:1;        /* says when one has joined */
    unsigned          http:1;          /* requests, not messages */
    unsigned          publishes:1;     /* directed by another socket */
    const char       *directed_tail;   /* what stands after the data */
    const char       *room_head;
    const char       *room_tail;

    /* request line and own headers */
    void            (*request)(load_peer_t *p, char *buf, size_t size);

    /* sees every text before it is searched for data; may be NULL */
    void            (*text)(load_peer_t *p, char *text, size_t len);

    /* what stands before the data in a directed message; may be NULL */
    int             (*head)(load_peer_t *p, char *buf, size_t size);
} load_server_t;

typedef struct {
    uint64_t          joined;
    uint64_t          sent;
    uint64_t          delivered;
    uint64_t          bad;
    uint64_t          failed;
    uint64_t          pings;
    uint64_t          other;           /* texts that no peer sent */
    uint64_t          answers;         /* to those that publish */
    uint64_t          reopened;
    uint64_t          slow_closed;
    uint64_t          slow_code;
} load_count_t;

/* a point in time; CPU times in ns */

typedef struct {
    uint64_t          time;
    uint64_t          server;
    uint64_t          redis;
    uint64_t          load;
    load_count_t      count;
} load_mark_t;

/* of a run; memory in bytes */

typedef struct {
    uint64_t          sockets;
    load_mark_t       start;
    load_mark_t       joined;
    load_mark_t       sending;
    load_mark_t       sent;
    load_mark_t       end;
    uint64_t          memory_before;
    uint64_t          memory_idle;
    uint64_t          memory_after;
} load_result_t;

/* each child copies its counters here once a turn; the parent only reads */

typedef struct {
    _Atomic int       phase;
    _Atomic uint32_t  samples;
    load_count_t      count[LOAD_PROCESSES_MAX];
    uint32_t          sample[LOAD_SAMPLES_MAX];    /* latency, 0.1 us */
} load_shared_t;

typedef struct {
    long              item[LOAD_LIST_MAX];
    int               n;
} load_list_t;

typedef struct {
    const char       *server_name;
    const char       *mode_name;
    const char       *ports_text;
    const char       *pids_text;
    const char       *redis_text;
    const char       *workers_text;
    const char       *spread;
    const char       *jwk;
    const char       *request;
    long              peers;
    long              room;
    long              size;
    long              window;
    long              rate;
    long              limit;
    long              processes;
    long              parallel;
    long              tls;
    long              slow;
    long              timeout;
    long              hold;
    long              warm;
    long              measure;
} load_options_t;

/* of this process */

typedef struct {
    load_options_t        option;
    const load_server_t  *server;
    load_mode_t           mode;
    load_phase_t          phase;
    load_list_t           ports;
    load_list_t           workers;
    load_shared_t        *shared;
    load_count_t          count;
    load_peer_t          *peers;
    uint32_t              n;           /* peers here */
    uint32_t              sockets;     /* theirs */
    uint32_t              first;       /* index of the first one */
    int                   receivers;   /* deliveries of a message */
} load_t;


extern load_t  load;


/* load.c */

void load_die(const char *format, ...);
void *load_allocate(void *old, size_t size);
uint64_t load_now(clockid_t clock);
void load_slurp(const char *path, char *buf, size_t size);

/* load_report.c */

void load_report_sum(load_count_t *sum, const load_count_t *count);
int load_report(load_result_t *result);

/* load_token.c */

void load_token_key(const char *path);
void load_token(load_peer_t *p, char *buf, size_t size);

/* load_server.c */

const load_server_t *load_server_named(const char *name);

/* load_message.c */

void load_message_init(void);
void load_message_start(load_peer_t *p);
void load_message_feed(load_peer_t *p);
void load_message_paced(void);
void load_message_text(load_peer_t *p, char *text, size_t len);
void load_message_response(load_peer_t *p);

/* load_peer.c */

void load_peer_joined(load_peer_t *p);
void load_peer_send(load_peer_t *p, unsigned opcode, const char *head,
    size_t head_len, const char *data, size_t data_len, const char *tail);
void load_peer_send_text(load_peer_t *p, const char *text);
void load_peer_send_raw(load_peer_t *p, const char *text);
void load_peer_begin(load_peer_t *p);
size_t load_peer_input(load_peer_t *p, unsigned char *buf, size_t len);
void load_peer_closed(load_peer_t *p, const char *why);

/* load_loop.c */

void load_loop_flush(load_peer_t *p);
void load_loop_reopen(load_peer_t *p);
void load_loop(uint32_t process);


#endif /* LOAD_H_INCLUDED */
