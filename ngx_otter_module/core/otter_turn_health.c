
/*
 * Copyright (C) Otter contributors
 */


#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "otter_turn_health.h"


enum {
    OTTER_TURN_HEALTH_DIGITS = 15
};


static int otter_turn_health_line(otter_turn_health_t *server,
    const unsigned char *p, const unsigned char *last);
static const unsigned char *otter_turn_health_word(const unsigned char *p,
    const unsigned char *last, const char *word);
static const unsigned char *otter_turn_health_number(const unsigned char *p,
    const unsigned char *last, int64_t *number);


int
otter_turn_health_parse(otter_turn_health_t servers[OTTER_TURN_HEALTH_MAX],
    int64_t *until, const unsigned char *text, size_t len)
{
    int                   n;
    const unsigned char  *p, *end, *last;

    if (len > OTTER_TURN_HEALTH_SIZE) {
        return -1;
    }

    last = text + len;

    p = otter_turn_health_word(text, last, "otter-turn 1 ");

    if (p) {
        p = otter_turn_health_number(p, last, until);
    }

    if (p == NULL || p == last || *p != '\n') {
        return -1;
    }

    for (n = 0, p++; p < last; n++, p = end + 1) {
        end = memchr(p, '\n', (size_t) (last - p));

        if (end == NULL || n == OTTER_TURN_HEALTH_MAX
            || otter_turn_health_line(&servers[n], p, end) != 0)
        {
            return -1;
        }
    }

    return n;
}


static int
otter_turn_health_line(otter_turn_health_t *server, const unsigned char *p,
    const unsigned char *last)
{
    const unsigned char  *q;

    q = otter_turn_health_word(p, last, "ok ");
    server->failing = (q == NULL);

    if (q == NULL) {
        q = otter_turn_health_word(p, last, "failing ");
    }

    if (q) {
        q = otter_turn_health_number(q, last, &server->since);
    }

    if (q) {
        q = otter_turn_health_word(q, last, " ");
    }

    if (q) {
        q = otter_turn_health_number(q, last, &server->rtt);
    }

    if (q) {
        q = otter_turn_health_word(q, last, " ");
    }

    if (q == NULL || q == last) {
        return -1;
    }

    server->uri.data = q;
    server->uri.len = (size_t) (last - q);

    return 0;
}


static const unsigned char *
otter_turn_health_word(const unsigned char *p, const unsigned char *last,
    const char *word)
{
    size_t  len;

    len = strlen(word);

    if ((size_t) (last - p) < len || memcmp(p, word, len) != 0) {
        return NULL;
    }

    return p + len;
}


static const unsigned char *
otter_turn_health_number(const unsigned char *p, const unsigned char *last,
    int64_t *number)
{
    const unsigned char  *start;

    *number = 0;

    for (start = p; p < last && *p >= '0' && *p <= '9'; p++) {
        if (p - start == OTTER_TURN_HEALTH_DIGITS) {
            return NULL;
        }

        *number = *number * 10 + (*p - '0');
    }

    return p == start ? NULL : p;
}


size_t
otter_turn_health_print(unsigned char *dst, size_t size,
    const otter_turn_health_t *servers, size_t n, int64_t until)
{
    int     written;
    size_t  i, len;

    written = snprintf((char *) dst, size, "otter-turn 1 %" PRId64 "\n",
                       until);

    for (i = 0, len = 0; /* void */ ; i++) {
        if (written < 0 || (size_t) written >= size - len) {
            return 0;
        }

        len += (size_t) written;

        if (i == n) {
            return len;
        }

        written = snprintf((char *) dst + len, size - len,
                           "%s %" PRId64 " %" PRId64 " %.*s\n",
                           servers[i].failing ? "failing" : "ok",
                           servers[i].since, servers[i].rtt,
                           (int) servers[i].uri.len,
                           (const char *) servers[i].uri.data);
    }
}
