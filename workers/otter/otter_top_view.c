
/*
 * Copyright (C) Otter contributors
 */


#include <stdlib.h>
#include <string.h>

#include "otter_top.h"


static json_t *otter_top_rates(const json_t *before, const json_t *after,
    double seconds);
static double otter_top_grown(const json_t *before, const json_t *after,
    const char *name);
static json_t *otter_top_codes(const json_t *before, const json_t *after,
    const char *name);
static json_t *otter_top_relay(const json_t *before, const json_t *after);
static double otter_top_quantile(const json_t *before, const json_t *after,
    double q, double count);
static json_t *otter_top_rooms(const json_t *rooms);
static int otter_top_order(const void *one, const void *two);


static const char *const  otter_top_totals[] = {
    "version", "rooms", "sessions", "sessions_away", "sockets", "workers",
    "zone_size_bytes", "zone_free_bytes", "send_queue_peak_bytes",
    "redis_up"
};

static const char *const  otter_top_counters[] = {
    "joins", "leaves", "resumes", "resyncs", "tokens", "messages_received",
    "messages_sent", "received_bytes", "sent_bytes"
};


json_t *
otter_top_view(const json_t *before, const json_t *after, double seconds,
    const json_t *rooms)
{
    int      rc;
    size_t   i;
    json_t  *view, *value;

    view = json_object();
    rc = 0;

    for (i = 0; i < sizeof(otter_top_totals) / sizeof(otter_top_totals[0]);
         i++)
    {
        value = json_object_get(after, otter_top_totals[i]);

        if (value) {
            rc |= json_object_set(view, otter_top_totals[i], value);
        }
    }

    rc |= json_object_set_new(view, "seconds", json_real(seconds));
    rc |= json_object_set_new(view, "rates",
                              otter_top_rates(before, after, seconds));
    rc |= json_object_set_new(view, "relay",
                              otter_top_relay(before, after));
    rc |= json_object_set_new(view, "refusals",
                              otter_top_codes(before, after, "refusals"));
    rc |= json_object_set_new(view, "closes",
                              otter_top_codes(before, after, "closes"));

    if (rooms) {
        rc |= json_object_set_new(view, "top", otter_top_rooms(rooms));
    }

    if (rc != 0) {
        json_decref(view);
        return NULL;
    }

    return view;
}


static json_t *
otter_top_rates(const json_t *before, const json_t *after, double seconds)
{
    int      rc;
    size_t   i;
    json_t  *rates;

    rates = json_object();
    rc = 0;

    for (i = 0;
         i < sizeof(otter_top_counters) / sizeof(otter_top_counters[0]);
         i++)
    {
        rc |= json_object_set_new(rates, otter_top_counters[i],
                       json_real(otter_top_grown(before, after,
                                                 otter_top_counters[i])
                                 / seconds));
    }

    if (rc != 0) {
        json_decref(rates);
        return NULL;
    }

    return rates;
}


/* a counter that is smaller than before began anew */

static double
otter_top_grown(const json_t *before, const json_t *after, const char *name)
{
    double  was, is;

    was = json_number_value(json_object_get(before, name));
    is = json_number_value(json_object_get(after, name));

    return is < was ? is : is - was;
}


/* those that were counted in between */

static json_t *
otter_top_codes(const json_t *before, const json_t *after, const char *name)
{
    double       n;
    json_t      *codes, *value;
    const char  *code;

    before = json_object_get(before, name);
    after = json_object_get(after, name);
    codes = json_object();

    json_object_foreach((json_t *) after, code, value) {
        n = otter_top_grown(before, after, code);

        if (n > 0
            && json_object_set_new(codes, code, json_integer((long long) n))
               != 0)
        {
            json_decref(codes);
            return NULL;
        }
    }

    return codes;
}


/* in seconds; null where nothing was timed */

static json_t *
otter_top_relay(const json_t *before, const json_t *after)
{
    double  count;

    before = json_object_get(before, "relay_seconds");
    after = json_object_get(after, "relay_seconds");

    count = otter_top_grown(before, after, "count");

    if (count <= 0) {
        return json_pack("{si ss? ss?}", "count", 0, "p50", NULL, "p99", NULL);
    }

    return json_pack("{si sf sf}", "count", (int) count,
                     "p50", otter_top_quantile(before, after, 0.5, count),
                     "p99", otter_top_quantile(before, after, 0.99, count));
}


/* as Prometheus' histogram_quantile(): evenly inside of a bucket */

static double
otter_top_quantile(const json_t *before, const json_t *after, double q,
    double count)
{
    double   rank, bound, low, n, below;
    size_t   i;
    json_t  *was, *is;

    rank = q * count;
    low = 0;
    below = 0;

    before = json_object_get(before, "buckets");
    after = json_object_get(after, "buckets");

    for (i = 0; i < json_array_size(after); i++) {
        was = json_array_get(before, i);
        is = json_array_get(after, i);

        bound = json_number_value(json_object_get(is, "le"));
        n = otter_top_grown(was, is, "count");

        if (n >= rank && n > below) {
            return low + (bound - low) * (rank - below) / (n - below);
        }

        low = bound;
        below = n;
    }

    return low;
}


/* the ones with the most peers first */

static json_t *
otter_top_rooms(const json_t *rooms)
{
    size_t          i, n;
    json_t         *top, *room;
    const json_t  **sorted;

    n = json_array_size(rooms);
    top = json_array();
    sorted = calloc(n + 1, sizeof(json_t *));

    for (i = 0; sorted && i < n; i++) {
        sorted[i] = json_array_get(rooms, i);
    }

    if (sorted) {
        qsort(sorted, n, sizeof(json_t *), otter_top_order);
    }

    for (i = 0; sorted && i < n; i++) {
        room = json_pack("{sO sO si sO}",
               "room", json_object_get(sorted[i], "room"),
               "status", json_object_get(sorted[i], "status"),
               "peers",
               (int) json_array_size(json_object_get(sorted[i], "peers")),
               "max_peers", json_object_get(sorted[i], "max_peers"));

        if (room) {
            (void) json_array_append_new(top, room);
        }
    }

    free(sorted);

    return top;
}


static int
otter_top_order(const void *one, const void *two)
{
    size_t         a, b;
    const json_t  *first, *second;

    first = *(const json_t *const *) one;
    second = *(const json_t *const *) two;

    a = json_array_size(json_object_get(first, "peers"));
    b = json_array_size(json_object_get(second, "peers"));

    if (a != b) {
        return a < b ? 1 : -1;
    }

    return strcmp(json_string_value(json_object_get(first, "room")),
                  json_string_value(json_object_get(second, "room")));
}
