
/*
 * Copyright (C) Otter contributors
 */


#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "otter_top.h"


/* a page that is being written */

typedef struct {
    size_t        row;
    size_t        rows;
    size_t        columns;
} otter_top_page_t;


static void otter_top_draw_head(otter_top_page_t *page, const json_t *view,
    const char *where);
static void otter_top_draw_rates(otter_top_page_t *page, const json_t *view);
static void otter_top_draw_relay(otter_top_page_t *page, const json_t *view);
static void otter_top_draw_codes(otter_top_page_t *page, const char *title,
    const json_t *codes);
static void otter_top_draw_rooms(otter_top_page_t *page, const json_t *rooms);
__attribute__((format(printf, 2, 3)))
static void otter_top_line(otter_top_page_t *page, const char *fmt, ...);
static double otter_top_number(const json_t *object, const char *name);
static const char *otter_top_bytes(char *buf, size_t size, double bytes);


void
otter_top_draw(const json_t *view, const char *where, size_t rows,
    size_t columns)
{
    otter_top_page_t  page;

    page.row = 0;
    page.rows = rows;
    page.columns = columns && columns < OTTER_TOP_WIDTH_MAX
                   ? columns : OTTER_TOP_WIDTH_MAX;

    otter_top_draw_head(&page, view, where);
    otter_top_draw_rates(&page, view);
    otter_top_draw_relay(&page, view);
    otter_top_draw_codes(&page, "refused", json_object_get(view, "refusals"));
    otter_top_draw_codes(&page, "closed", json_object_get(view, "closes"));
    otter_top_draw_rooms(&page, json_object_get(view, "top"));
}


static void
otter_top_draw_head(otter_top_page_t *page, const json_t *view,
    const char *where)
{
    char           used[32], size[32];
    double         zone;
    const json_t  *rooms, *redis;

    rooms = json_object_get(view, "rooms");
    redis = json_object_get(view, "redis_up");
    zone = otter_top_number(view, "zone_size_bytes");

    otter_top_line(page, "otter %s  %s",
                   json_string_value(json_object_get(view, "version")),
                   where);

    otter_top_line(page, "rooms     %8.0f open  %8.0f occupied  %8.0f full",
                   otter_top_number(rooms, "open"),
                   otter_top_number(rooms, "occupied"),
                   otter_top_number(rooms, "full"));

    otter_top_line(page, "peers     %8.0f, %.0f away; %.0f sockets",
                   otter_top_number(view, "sessions"),
                   otter_top_number(view, "sessions_away"),
                   otter_top_number(view, "sockets"));

    otter_top_line(page, "server    %8.0f workers; zone %s of %s%s",
                   otter_top_number(view, "workers"),
                   otter_top_bytes(used, sizeof(used), zone
                                   - otter_top_number(view,
                                                      "zone_free_bytes")),
                   otter_top_bytes(size, sizeof(size), zone),
                   redis == NULL ? ""
                   : json_integer_value(redis) ? "; Redis up"
                                               : "; Redis DOWN");
}


static void
otter_top_draw_rates(otter_top_page_t *page, const json_t *view)
{
    char           in[32], out[32];
    const json_t  *rates;

    rates = json_object_get(view, "rates");

    otter_top_line(page, "joins     %8.1f/s  leaves %.1f/s  resumes %.1f/s  "
                   "resyncs %.1f/s  tokens %.1f/s",
                   otter_top_number(rates, "joins"),
                   otter_top_number(rates, "leaves"),
                   otter_top_number(rates, "resumes"),
                   otter_top_number(rates, "resyncs"),
                   otter_top_number(rates, "tokens"));

    otter_top_line(page, "messages  %8.1f/s in (%s/s)  %.1f/s out (%s/s)",
                   otter_top_number(rates, "messages_received"),
                   otter_top_bytes(in, sizeof(in),
                                   otter_top_number(rates,
                                                    "received_bytes")),
                   otter_top_number(rates, "messages_sent"),
                   otter_top_bytes(out, sizeof(out),
                                   otter_top_number(rates, "sent_bytes")));
}


static void
otter_top_draw_relay(otter_top_page_t *page, const json_t *view)
{
    const json_t  *relay;

    relay = json_object_get(view, "relay");

    if (otter_top_number(relay, "count") == 0) {
        otter_top_line(page, "relay            -  nothing was timed");
        return;
    }

    otter_top_line(page, "relay     %8.2f ms half of them, %.2f ms 99 %%",
                   otter_top_number(relay, "p50") * 1000,
                   otter_top_number(relay, "p99") * 1000);
}


static void
otter_top_draw_codes(otter_top_page_t *page, const char *title,
    const json_t *codes)
{
    char         line[OTTER_TOP_WIDTH_MAX];
    size_t       n;
    json_t      *value;
    const char  *code;

    n = 0;
    line[0] = '\0';

    json_object_foreach((json_t *) codes, code, value) {
        n += (size_t) snprintf(line + n, sizeof(line) - n, "%s%lld %s",
                               n ? ", " : "", json_integer_value(value),
                               code);

        if (n >= sizeof(line)) {
            break;
        }
    }

    otter_top_line(page, "%-9s        %s", title, line[0] ? line : "-");
}


static void
otter_top_draw_rooms(otter_top_page_t *page, const json_t *rooms)
{
    size_t         i;
    const json_t  *room;

    if (rooms == NULL) {
        return;
    }

    otter_top_line(page, "%s", "");
    otter_top_line(page, "   PEERS  STATUS    ROOM");

    for (i = 0; i < json_array_size(rooms); i++) {
        room = json_array_get(rooms, i);

        otter_top_line(page, "%4.0f/%-4.0f %-9s %s",
                       otter_top_number(room, "peers"),
                       otter_top_number(room, "max_peers"),
                       json_string_value(json_object_get(room, "status")),
                       json_string_value(json_object_get(room, "room")));
    }
}


/* all of it is ASCII: names of rooms are, and nothing else is not ours */

static void
otter_top_line(otter_top_page_t *page, const char *fmt, ...)
{
    char     line[OTTER_TOP_WIDTH_MAX + 1];
    va_list  args;

    if (page->rows && page->row == page->rows) {
        return;
    }

    va_start(args, fmt);
    vsnprintf(line, sizeof(line), fmt, args);
    va_end(args);

    line[page->columns] = '\0';

    /* on a terminal: what stood in the line before is wiped out */

    printf("%s%s%s", page->row && page->rows ? "\n" : "", line,
           page->rows ? "\033[K" : "\n");

    page->row++;
}


static double
otter_top_number(const json_t *object, const char *name)
{
    return json_number_value(json_object_get(object, name));
}


static const char *
otter_top_bytes(char *buf, size_t size, double bytes)
{
    size_t                    i;
    static const char *const  units[] = { "B", "KiB", "MiB", "GiB", "TiB" };

    for (i = 0; bytes >= 1024 && i < 4; i++) {
        bytes /= 1024;
    }

    snprintf(buf, size, i ? "%.1f %s" : "%.0f %s", bytes, units[i]);

    return buf;
}
