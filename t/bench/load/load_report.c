
/*
 * Copyright (C) Otter contributors
 */

/* What is printed in the end: one JSON object. */


#include "load.h"

#include <inttypes.h>


typedef struct {
    const char  *name;
    size_t       offset;
} load_counter_t;


static const load_counter_t  load_counters[] = {
    { "joined", offsetof(load_count_t, joined) },
    { "sent", offsetof(load_count_t, sent) },
    { "delivered", offsetof(load_count_t, delivered) },
    { "bad", offsetof(load_count_t, bad) },
    { "failed", offsetof(load_count_t, failed) },
    { "pings", offsetof(load_count_t, pings) },
    { "other", offsetof(load_count_t, other) },
    { "answers", offsetof(load_count_t, answers) },
    { "reopened", offsetof(load_count_t, reopened) },
    { "slow_closed", offsetof(load_count_t, slow_closed) },
    { "slow_code", offsetof(load_count_t, slow_code) }
};

enum {
    LOAD_COUNTERS = sizeof(load_counters) / sizeof(load_counters[0])
};


static uint64_t
load_report_counter(const load_count_t *count, size_t i)
{
    return *(const uint64_t *) ((const char *) count
                                + load_counters[i].offset);
}


/* the close code of the slow ones is no number to add up */

void
load_report_sum(load_count_t *sum, const load_count_t *count)
{
    uint64_t  code;

    code = count->slow_code ? count->slow_code : sum->slow_code;

    for (size_t i = 0; i < LOAD_COUNTERS; i++) {
        *(uint64_t *) ((char *) sum + load_counters[i].offset)
            += load_report_counter(count, i);
    }

    sum->slow_code = code;
}


static int
load_report_compare(const void *a, const void *b)
{
    uint32_t  x, y;

    x = *(const uint32_t *) a;
    y = *(const uint32_t *) b;

    return (x > y) - (x < y);
}


static void
load_report_latency(void)
{
    uint32_t  n, *sample;

    n = atomic_load(&load.shared->samples);
    n = n < LOAD_SAMPLES_MAX ? n : LOAD_SAMPLES_MAX;

    if (n == 0) {
        return;
    }

    sample = load.shared->sample;
    qsort(sample, n, sizeof(uint32_t), load_report_compare);

    printf("\"samples\":%u,\"p50_us\":%.1f,\"p90_us\":%.1f,\"p99_us\":%.1f,"
           "\"max_us\":%.1f,", n, sample[n / 2] / 10.0,
           sample[(uint64_t) n * 9 / 10] / 10.0,
           sample[(uint64_t) n * 99 / 100] / 10.0, sample[n - 1] / 10.0);
}


/* what happened between two marks, per unit of what was done */

static void
load_report_span(const char *name, load_mark_t *a, load_mark_t *b,
    uint64_t units)
{
    double  time, each, server, redis, generator;

    time = (double) (b->time - a->time);
    each = units ? (double) units * 1e3 : 1e99;

    server = (double) (b->server - a->server);
    redis = (double) (b->redis - a->redis);
    generator = (double) (b->load - a->load);

    printf("\"%s_units\":%" PRIu64 ",\"%s_seconds\":%.4f,", name, units, name,
           time / 1e9);
    printf("\"%s_server_busy\":%.3f,\"%s_load_busy\":%.3f,", name,
           server / time, name, generator / time);
    printf("\"%s_us\":%.4f,\"%s_redis_us\":%.4f,\"%s_load_us\":%.4f,",
           name, server / each, name, redis / each, name, generator / each);
}


/* the exit status: 0 if every message arrived once, whole and in order */

int
load_report(load_result_t *r)
{
    uint64_t       expected;
    load_count_t  *c;

    c = &r->end.count;
    expected = c->sent * (uint64_t) load.receivers;

    printf("{\"server\":\"%s\",\"mode\":\"%s\",\"sockets\":%" PRIu64 ",",
           load.option.server_name, load.option.mode_name, r->sockets);

    load_report_span("join", &r->start, &r->joined, r->sockets);
    load_report_span("message", &r->sending, &r->sent,
                     r->sent.count.delivered - r->sending.count.delivered);
    load_report_latency();

    printf("\"memory_before\":%" PRIu64 ",\"memory_idle\":%" PRIu64
           ",\"memory_after\":%" PRIu64 ",\"memory_each\":%.1f,",
           r->memory_before, r->memory_idle, r->memory_after,
           ((double) r->memory_idle - (double) r->memory_before)
           / (double) r->sockets);

    for (size_t i = 0; i < LOAD_COUNTERS; i++) {
        printf("\"%s\":%" PRIu64 ",", load_counters[i].name,
               load_report_counter(c, i));
    }

    printf("\"expected\":%" PRIu64 "}\n", expected);

    return c->bad || c->failed || c->delivered != expected;
}
