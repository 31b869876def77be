
/*
 * Copyright (C) Otter contributors
 */

/*
 * What "otter_status" shows: one table of metrics, and two ways to write it.
 */


#ifndef NGX_HTTP_OTTER_STATUS_H_INCLUDED
#define NGX_HTTP_OTTER_STATUS_H_INCLUDED


#include "ngx_http_otter_module.h"
#include "ngx_otter_relays.h"
#include "ngx_otter_stats.h"


enum {
    NGX_HTTP_OTTER_ROOM_STATUSES = 4
};

/* taken at one moment, or nearly so; the metrics are numbers in it */

typedef struct {
    uint64_t                      one;
    uint64_t                      rooms[NGX_HTTP_OTTER_ROOM_STATUSES];
    uint64_t                      sessions;
    uint64_t                      sessions_away;
    uint64_t                      sessions_waiting;
    uint64_t                      workers;
    uint64_t                      zone_size;
    uint64_t                      zone_free;
    uint64_t                      held;            /* for peers away */
    uint64_t                      ring_bytes;      /* of the fullest one */
    uint64_t                      ring_size;       /* of the smallest one */
    uint64_t                      redis;           /* there is one */
    uint64_t                      redis_up;        /* for all workers */
    uint64_t                      relayed;         /* bytes, of all hosts */
    uint64_t                      turn;            /* servers known */
    uint64_t                      turn_up[OTTER_TURN_HEALTH_MAX];
    ngx_otter_stats_t             stats;
} ngx_http_otter_status_t;

typedef enum {
    NGX_HTTP_OTTER_GAUGE = 0,
    NGX_HTTP_OTTER_COUNTER,
    NGX_HTTP_OTTER_HISTOGRAM
} ngx_http_otter_metric_e;

/* the name of the label's i-th value, or NULL; 16 bytes may be used for it */

typedef const char *(*ngx_http_otter_label_pt)(ngx_uint_t i, char *buf);

typedef struct {
    const char                   *name;            /* after "otter_" */
    const char                   *help;
    ngx_http_otter_metric_e       kind;
    size_t                        offset;          /* in the status */
    const char                   *label;           /* NULL: one number */
    ngx_http_otter_label_pt       value;
    size_t                        only;            /* shown where this number
                                                      of the status isn't 0 */
} ngx_http_otter_metric_t;


/* ngx_http_otter_status_metrics.c; the last one has no name */

extern const ngx_http_otter_metric_t  ngx_http_otter_metrics[];

/* as ngx_otter_room_status() has them; ends with NULL */

extern const char *const              ngx_http_otter_room_statuses[];

/* counts a problem by its code */

void ngx_http_otter_status_refused(const char *code);

/* ngx_http_otter_status_text.c */

void ngx_http_otter_status_prometheus(ngx_otter_text_t *text,
    ngx_http_otter_status_t *status);
void ngx_http_otter_status_json(ngx_otter_text_t *text,
    ngx_http_otter_status_t *status);


#endif /* NGX_HTTP_OTTER_STATUS_H_INCLUDED */
