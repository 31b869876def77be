
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_stats.h"

#include <time.h>


enum {
    NGX_OTTER_STATS_SAMPLE = 64,       /* of so many messages one is timed */
    NGX_OTTER_STATS_MESSAGE = 32       /* no message of use has fewer bytes */
};


const uint64_t  ngx_otter_stats_bounds[NGX_OTTER_STATS_BUCKETS - 1] = {
    10000, 25000, 50000, 100000, 250000, 500000,
    1000000, 2500000, 5000000, 10000000, 25000000, 50000000,
    100000000, 250000000, 500000000, 1000000000
};


const uint16_t  ngx_otter_stats_codes[NGX_OTTER_STATS_CLOSES] = {
    1000, 1001, 1002, 1003, 1005, 1006, 1007, 1009, 1011, 1012,
    4401, 4403, 4404, 4408, 4409, 4413, 4429, 4503,
    0
};


const char  *ngx_otter_stats_error_codes[NGX_OTTER_STATS_ERRORS] = {
    "bad-message",
    "forbidden",
    "no-such-peer",
    "room-full",
    "token-bad-algorithm",
    "token-bad-claims",
    "token-bad-signature",
    "token-expired",
    "token-malformed",
    "token-not-yet-valid",
    "token-of-another",
    "token-revoked",
    "token-unknown-key",
    "token-wrong-audience",
    "unavailable",
    "unreachable",
    NULL
};


/* where a process counts that has no block */

static ngx_otter_stats_t   ngx_otter_stats_vain;

ngx_otter_stats_t         *ngx_otter_stats = &ngx_otter_stats_vain;
uint64_t                   ngx_otter_stats_born;

/* when the last read was, if that is of interest, and messages to the next */

static uint64_t            ngx_otter_stats_read_at;
static ngx_uint_t          ngx_otter_stats_left;


void
ngx_otter_stats_use(ngx_otter_stats_t *stats)
{
    ngx_otter_stats = stats ? stats : &ngx_otter_stats_vain;

    ngx_otter_stats->sockets = 0;
    ngx_otter_stats->redis_up = 0;
    ngx_otter_stats->send_queue_peak = 0;
    ngx_otter_stats->ring_peak = 0;
}


uint64_t
ngx_otter_stats_now(void)
{
    struct timespec  ts;

    if (clock_gettime(CLOCK_MONOTONIC, &ts) == -1) {
        return 0;
    }

    return (uint64_t) ts.tv_sec * 1000000000 + (uint64_t) ts.tv_nsec;
}


void
ngx_otter_stats_observe(ngx_otter_histogram_t *histogram, uint64_t time)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_OTTER_STATS_BUCKETS - 1; i++) {
        if (time <= ngx_otter_stats_bounds[i]) {
            break;
        }
    }

    histogram->bucket[i]++;
    histogram->sum += time;
}


/* the clock is asked only where the message to be timed may be among them */

void
ngx_otter_stats_read(size_t len)
{
    ngx_otter_stats_read_at = 0;

    if (ngx_otter_stats_left <= len / NGX_OTTER_STATS_MESSAGE) {
        ngx_otter_stats_read_at = ngx_otter_stats_now();
    }
}


void
ngx_otter_stats_message(void)
{
    ngx_otter_stats->messages_in++;
    ngx_otter_stats_born = 0;

    if (ngx_otter_stats_left) {
        ngx_otter_stats_left--;

    } else if (ngx_otter_stats_read_at) {
        ngx_otter_stats_left = NGX_OTTER_STATS_SAMPLE - 1;
        ngx_otter_stats_born = ngx_otter_stats_read_at;
    }
}


void
ngx_otter_stats_closed(ngx_uint_t code)
{
    ngx_uint_t  i;

    for (i = 0; ngx_otter_stats_codes[i]; i++) {
        if (ngx_otter_stats_codes[i] == code) {
            break;
        }
    }

    ngx_otter_stats->closes[i]++;
}


void
ngx_otter_stats_error(const char *code)
{
    ngx_uint_t  i;

    for (i = 0; ngx_otter_stats_error_codes[i]; i++) {
        if (ngx_strcmp(ngx_otter_stats_error_codes[i], code) == 0) {
            break;
        }
    }

    ngx_otter_stats->errors[i]++;
}


void
ngx_otter_stats_add(ngx_otter_stats_t *sum, const ngx_otter_stats_t *stats,
    ngx_uint_t alive)
{
    ngx_uint_t       i, n;
    uint64_t        *to;
    const uint64_t  *from;

    /* all of it are numbers of one size */

    to = (uint64_t *) sum;
    from = (const uint64_t *) stats;
    n = offsetof(ngx_otter_stats_t, sockets) / sizeof(uint64_t);

    for (i = 0; i < n; i++) {
        to[i] += from[i];
    }

    if (alive) {
        sum->sockets += stats->sockets;
        sum->redis_up += stats->redis_up;
        sum->send_queue_peak = ngx_max(sum->send_queue_peak,
                                       stats->send_queue_peak);
        sum->ring_peak = ngx_max(sum->ring_peak, stats->ring_peak);
    }
}
