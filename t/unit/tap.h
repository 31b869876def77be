
/*
 * Copyright (C) Otter contributors
 */

/*
 * Test Anything Protocol for the unit tests.  main() calls the checks and
 * returns tap_done(), which prints the plan and is the exit status.
 */


#ifndef OTTER_TAP_H_INCLUDED
#define OTTER_TAP_H_INCLUDED


#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>


static struct {
    unsigned  run;
    unsigned  failed;
} tap;


__attribute__((format(printf, 1, 2)))
static inline void
tap_diag(const char *fmt, ...)
{
    va_list  args;

    fputs("# ", stdout);

    va_start(args, fmt);
    vprintf(fmt, args);
    va_end(args);

    fputc('\n', stdout);
    fflush(stdout);
}


static inline int
tap_result(int good, const char *fmt, va_list args)
{
    tap.run++;

    if (!good) {
        tap.failed++;
    }

    printf("%sok %u - ", good ? "" : "not ", tap.run);
    vprintf(fmt, args);
    fputc('\n', stdout);
    fflush(stdout);

    return good;
}


__attribute__((format(printf, 2, 3)))
static inline int
tap_ok(int good, const char *fmt, ...)
{
    va_list  args;

    va_start(args, fmt);
    good = tap_result(!!good, fmt, args);
    va_end(args);

    return good;
}


__attribute__((format(printf, 3, 4)))
static inline int
tap_is_int(int64_t got, int64_t expected, const char *fmt, ...)
{
    int      good;
    va_list  args;

    va_start(args, fmt);
    good = tap_result(got == expected, fmt, args);
    va_end(args);

    if (!good) {
        tap_diag("     got: %" PRId64, got);
        tap_diag("expected: %" PRId64, expected);
    }

    return good;
}


/* bytes that need not be text; anything unprintable is shown as \xNN */

static inline void
tap_show(const char *label, const void *data, size_t len)
{
    size_t                i;
    const unsigned char  *p;

    p = data;
    printf("# %s: ", label);

    if (p == NULL) {
        puts("(null)");
        fflush(stdout);
        return;
    }

    fputc('"', stdout);

    for (i = 0; i < len && i < 256; i++) {
        if (p[i] >= 0x20 && p[i] < 0x7f && p[i] != '\\') {
            fputc(p[i], stdout);

        } else {
            printf("\\x%02x", p[i]);
        }
    }

    printf("\"%s (%zu bytes)\n", i < len ? "..." : "", len);
    fflush(stdout);
}


__attribute__((format(printf, 5, 6)))
static inline int
tap_is_mem(const void *got, size_t got_len, const void *expected,
    size_t expected_len, const char *fmt, ...)
{
    int      good;
    va_list  args;

    good = got_len == expected_len && (got == NULL) == (expected == NULL)
           && (got_len == 0 || memcmp(got, expected, got_len) == 0);

    va_start(args, fmt);
    good = tap_result(good, fmt, args);
    va_end(args);

    if (!good) {
        tap_show("     got", got, got_len);
        tap_show("expected", expected, expected_len);
    }

    return good;
}


/* zero-terminated strings; either may be NULL */

__attribute__((format(printf, 3, 4)))
static inline int
tap_is_str(const char *got, const char *expected, const char *fmt, ...)
{
    int      good;
    va_list  args;

    good = (got == NULL || expected == NULL) ? got == expected
                                             : strcmp(got, expected) == 0;

    va_start(args, fmt);
    good = tap_result(good, fmt, args);
    va_end(args);

    if (!good) {
        tap_show("     got", got, got ? strlen(got) : 0);
        tap_show("expected", expected, expected ? strlen(expected) : 0);
    }

    return good;
}


static inline int
tap_done(void)
{
    printf("1..%u\n", tap.run);

    if (tap.failed) {
        tap_diag("%u of %u failed", tap.failed, tap.run);
    }

    if (tap.run == 0) {
        tap_diag("no test was run");
    }

    fflush(stdout);

    return tap.failed || tap.run == 0;
}


#endif /* OTTER_TAP_H_INCLUDED */
