
/*
 * Copyright (C) Otter contributors
 */

/*
 * What a worker counts.  Each has a block of its own in the zone, written by
 * nobody else, so that counting is one addition to memory that is in its
 * cache; who shows them adds the blocks up.  A block stays with its slot:
 * the next worker there goes on with the counters of the one before.
 */


#ifndef NGX_OTTER_STATS_H_INCLUDED
#define NGX_OTTER_STATS_H_INCLUDED


#include <ngx_config.h>
#include <ngx_core.h>


enum {
    NGX_OTTER_STATS_BUCKETS = 17,      /* the last one has no bound */
    NGX_OTTER_STATS_CLOSES = 19,       /* the last one: any other code */
    NGX_OTTER_STATS_ERRORS = 32,       /* the last one used: any other */
    NGX_OTTER_STATS_REFUSALS = 64
};

/* of times in nanoseconds; a bucket has those above the bound before it */

typedef struct {
    uint64_t                  bucket[NGX_OTTER_STATS_BUCKETS];
    uint64_t                  sum;
} ngx_otter_histogram_t;

typedef struct {

    /* since the zone was made */

    uint64_t                  messages_in;
    uint64_t                  messages_out;
    uint64_t                  bytes_in;
    uint64_t                  bytes_out;
    uint64_t                  joins;
    uint64_t                  leaves;
    uint64_t                  resumes;
    uint64_t                  resyncs;
    uint64_t                  tokens;
    uint64_t                  bus_messages;
    uint64_t                  bus_full;
    uint64_t                  bus_waits;
    uint64_t                  held_over;
    uint64_t                  redis_losses;
    uint64_t                  redis_published;
    uint64_t                  redis_received;
    ngx_otter_histogram_t     relay;
    ngx_otter_histogram_t     redis_probe;
    uint64_t                  closes[NGX_OTTER_STATS_CLOSES];
    uint64_t                  errors[NGX_OTTER_STATS_ERRORS];
    uint64_t                  refusals[NGX_OTTER_STATS_REFUSALS];

    /* of the worker that has the block now */

    uint64_t                  sockets;
    uint64_t                  redis_up;
    uint64_t                  send_queue_peak;
    uint64_t                  ring_peak;
} ngx_otter_stats_t;


/* this worker's; never NULL */

extern ngx_otter_stats_t  *ngx_otter_stats;

/*
 * When the message that is handled now was read, if it is one of the few
 * whose way through the server is timed; else 0.
 */

extern uint64_t            ngx_otter_stats_born;

/* upper bounds of all buckets but the last one, in nanoseconds */

extern const uint64_t      ngx_otter_stats_bounds[];

/* the codes of closes[] but the last one; ends with 0 */

extern const uint16_t      ngx_otter_stats_codes[];

/* the codes of errors[]; ends with NULL, whose place is for any other */

extern const char         *ngx_otter_stats_error_codes[];


/* the worker's block from now on; NULL: it has none, and counts in vain */

void ngx_otter_stats_use(ngx_otter_stats_t *stats);

/* nanoseconds of the monotonic clock, the same for all processes */

uint64_t ngx_otter_stats_now(void);
void ngx_otter_stats_observe(ngx_otter_histogram_t *histogram, uint64_t time);

/* so many bytes were read, and a message is found in them */

void ngx_otter_stats_read(size_t len);
void ngx_otter_stats_message(void);

void ngx_otter_stats_closed(ngx_uint_t code);
void ngx_otter_stats_error(const char *code);

/* adds one block to another; of peaks it keeps the higher */

void ngx_otter_stats_add(ngx_otter_stats_t *sum,
    const ngx_otter_stats_t *stats, ngx_uint_t alive);


#endif /* NGX_OTTER_STATS_H_INCLUDED */
