
/*
 * Copyright (C) Otter contributors
 */


#include <time.h>

#include "otter_time.h"
#include "prng.h"
#include "tap.h"


typedef struct {
    int64_t             seconds;
    const char         *text;
} sample_t;


static const sample_t  samples[] = {
    { 0, "1970-01-01T00:00:00Z" },
    { 1, "1970-01-01T00:00:01Z" },
    { 951782400, "2000-02-29T00:00:00Z" },
    { 951868800, "2000-03-01T00:00:00Z" },
    { 1709164799, "2024-02-28T23:59:59Z" },
    { 1709251199, "2024-02-29T23:59:59Z" },
    { 1769903999, "2026-01-31T23:59:59Z" },
    { 2147483648, "2038-01-19T03:14:08Z" },
    { 4107542400, "2100-03-01T00:00:00Z" },
    { 253402300799, "9999-12-31T23:59:59Z" },
    { -2, "1969-12-31T23:59:58Z" },
    { -2203977600, "1900-02-28T00:00:00Z" },
    { -62162121600, "0000-02-29T00:00:00Z" },
    { -62167219200, "0000-01-01T00:00:00Z" }
};

static const char *const  refused[] = {
    "", "2026", "2026-01-31", "2026-01-31T23:59:59", "2026-01-31T23:59:59z",
    "2026-01-31t23:59:59Z", "2026-01-31 23:59:59Z", "2026-01-31T23:59:59ZZ",
    "2026-01-31T23:59:59+00:00", "2026-01-31T23:59:59.000Z",
    "2026/01/31T23:59:59Z", "2026-01/31T23:59:59Z", "2026-01-31T23-59:59Z",
    "2026-01-31T23:59-59Z", "2026-01-31T23:59:599",
    "2026-00-31T23:59:59Z", "2026-13-31T23:59:59Z", "2026-01-00T23:59:59Z",
    "2026-01-32T23:59:59Z", "2026-04-31T23:59:59Z", "2026-06-31T00:00:00Z",
    "2026-09-31T00:00:00Z", "2026-11-31T00:00:00Z", "2026-02-29T00:00:00Z",
    "2100-02-29T00:00:00Z", "2000-02-30T00:00:00Z", "2024-02-30T00:00:00Z",
    "2026-01-31T24:00:00Z", "2026-01-31T23:60:00Z", "2026-01-31T23:59:60Z",
    "-026-01-31T23:59:59Z", "+026-01-31T23:59:59Z", " 026-01-31T23:59:59Z",
    "202a-01-31T23:59:59Z", "2026-1 -31T23:59:59Z", "2026-01-3/T23:59:59Z",
    "2026-01-2:T23:59:59Z",
    "2026-01-31T2::59:59Z", "2026-01-31T23:-9:59Z", "2026-01-31T23:59: 9Z"
};


static int64_t
parse(const char *text)
{
    return otter_time_parse((const unsigned char *) text, strlen(text));
}


static void
test_samples(void)
{
    size_t         i;
    unsigned char  text[OTTER_TIME_SIZE + 1];

    for (i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        text[OTTER_TIME_SIZE] = '#';
        otter_time_format(text, samples[i].seconds);

        tap_is_mem(text, OTTER_TIME_SIZE, samples[i].text, OTTER_TIME_SIZE,
                   "%s is written", samples[i].text);
        tap_is_int(text[OTTER_TIME_SIZE], '#', "and nothing behind it");
        tap_is_int(parse(samples[i].text), samples[i].seconds, "and read");
    }

    for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        tap_is_int(parse(refused[i]), -1, "\"%s\" is refused", refused[i]);
    }
}


static void
test_limits(void)
{
    unsigned char  text[OTTER_TIME_SIZE];

    otter_time_format(text, INT64_MAX);
    tap_is_mem(text, OTTER_TIME_SIZE, "9999-12-31T23:59:59Z", 20,
               "what comes later is written as the last second");

    otter_time_format(text, INT64_MIN);
    tap_is_mem(text, OTTER_TIME_SIZE, "0000-01-01T00:00:00Z", 20,
               "what came before as the first");
}


/* the C library's calendar, over all ten thousand years */

static void
test_library(void)
{
    char           want[32];
    prng_t         r = { 20260107 };
    time_t         t;
    unsigned       i, wrong;
    struct tm      tm;
    unsigned char  text[OTTER_TIME_SIZE];

    wrong = 0;

    for (i = 0; i < 200000; i++) {
        t = (time_t) prng_below(&r, 315569520000) - 62167219200;

        gmtime_r(&t, &tm);
        snprintf(want, sizeof(want), "%04u-%02u-%02uT%02u:%02u:%02uZ",
                 (tm.tm_year + 1900) % 10000u, (tm.tm_mon + 1) % 100u,
                 tm.tm_mday % 100u, tm.tm_hour % 100u, tm.tm_min % 100u,
                 tm.tm_sec % 100u);

        otter_time_format(text, t);

        wrong += memcmp(text, want, OTTER_TIME_SIZE) != 0
                 || otter_time_parse(text, OTTER_TIME_SIZE) != t;
    }

    tap_is_int(wrong, 0, "the C library agrees on %u times", i);
}


int
main(void)
{
    test_samples();
    test_limits();
    test_library();

    return tap_done();
}
