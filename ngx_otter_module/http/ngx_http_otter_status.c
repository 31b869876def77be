
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_module.h"
#include "ngx_otter_bus.h"


typedef enum {
    NGX_HTTP_OTTER_GAUGE = 0,
    NGX_HTTP_OTTER_COUNTER
} ngx_http_otter_metric_e;

/* what is shown, taken at one moment */

typedef struct {
    ngx_atomic_uint_t         rooms;
    ngx_atomic_uint_t         sessions;
    ngx_atomic_uint_t         sessions_away;
    ngx_atomic_uint_t         workers;
    ngx_atomic_uint_t         zone_bytes;
    ngx_atomic_uint_t         zone_free_bytes;
    ngx_otter_counters_t      counters;
} ngx_http_otter_status_t;

typedef struct {
    const char               *name;
    const char               *help;
    ngx_http_otter_metric_e   kind;
    size_t                    offset;
} ngx_http_otter_metric_t;


static void ngx_http_otter_status_take(ngx_otter_zone_t *zone,
    ngx_http_otter_status_t *status);
static ngx_uint_t ngx_http_otter_status_value(
    ngx_http_otter_status_t *status, const ngx_http_otter_metric_t *metric);
static void ngx_http_otter_status_prometheus(ngx_otter_text_t *text,
    ngx_http_otter_status_t *status);
static void ngx_http_otter_status_json(ngx_otter_text_t *text,
    ngx_http_otter_status_t *status);


#define NGX_HTTP_OTTER_VALUE(field)                                           \
    offsetof(ngx_http_otter_status_t, field)


static const ngx_http_otter_metric_t  ngx_http_otter_metrics[] = {

    { "rooms", "Rooms that exist.",
      NGX_HTTP_OTTER_GAUGE, NGX_HTTP_OTTER_VALUE(rooms) },

    { "sessions", "Peers in rooms, with a socket or away.",
      NGX_HTTP_OTTER_GAUGE, NGX_HTTP_OTTER_VALUE(sessions) },

    { "sessions_away", "Peers whose socket dropped and who may resume.",
      NGX_HTTP_OTTER_GAUGE, NGX_HTTP_OTTER_VALUE(sessions_away) },

    { "workers", "Worker processes on the local bus.",
      NGX_HTTP_OTTER_GAUGE, NGX_HTTP_OTTER_VALUE(workers) },

    { "zone_bytes", "Size of the shared memory zone.",
      NGX_HTTP_OTTER_GAUGE, NGX_HTTP_OTTER_VALUE(zone_bytes) },

    { "zone_free_bytes", "Free pages of the shared memory zone.",
      NGX_HTTP_OTTER_GAUGE, NGX_HTTP_OTTER_VALUE(zone_free_bytes) },

    { "joins_total", "Peers that joined a room.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(counters.joins) },

    { "leaves_total", "Peers that left a room, for whatever reason.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(counters.leaves) },

    { "resumes_total", "Sessions continued on another socket.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(counters.resumes) },

    { "resyncs_total", "Peers told that they may have missed a message.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(counters.resyncs) },

    { "refused_total", "WebSocket handshakes refused.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(counters.refused) },

    { "messages_received_total", "Messages received from peers.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(counters.messages_in) },

    { "messages_sent_total", "Messages sent to peers.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(counters.messages_out) },

    { "received_bytes_total", "Bytes received over WebSockets.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(counters.bytes_in) },

    { "sent_bytes_total", "Bytes sent over WebSockets.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(counters.bytes_out) },

    { "bus_messages_total", "Records passed from worker to worker.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(counters.bus_messages) },

    { "bus_full_total", "Records that a worker's ring had no place for.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(counters.bus_full) },

    { "closed_slow_total", "Sockets closed with 4413, too slow.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(counters.closed_slow) },

    { "closed_fast_total", "Sockets closed with 4429, too fast.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(counters.closed_fast) },

    { "closed_pong_total", "Sockets closed with 4408, pong timeout.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(counters.closed_pong) },

    { "tokens_total", "Join tokens issued.",
      NGX_HTTP_OTTER_COUNTER, NGX_HTTP_OTTER_VALUE(counters.tokens) },

    { NULL, NULL, NGX_HTTP_OTTER_GAUGE, 0 }
};


ngx_int_t
ngx_http_otter_status_handler(ngx_http_request_t *r)
{
    ngx_str_t                    format, body;
    ngx_uint_t                   json;
    ngx_otter_text_t             text;
    ngx_http_otter_status_t      status;
    ngx_http_otter_main_conf_t  *omcf;

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return ngx_http_otter_not_allowed(r, "GET, HEAD");
    }

    omcf = ngx_http_get_module_main_conf(r, ngx_http_otter_module);

    if (omcf->zone == NULL || omcf->zone->sh == NULL) {
        return ngx_http_otter_problem(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                                      "unavailable",
                                      "Otter is mounted in no server");
    }

    json = ngx_http_arg(r, (u_char *) "format", sizeof("format") - 1, &format)
              == NGX_OK
           && format.len == sizeof("json") - 1
           && ngx_strncmp(format.data, "json", format.len) == 0;

    ngx_http_otter_status_take(omcf->zone, &status);

    ngx_otter_text_init(&text);

    if (json) {
        ngx_http_otter_status_json(&text, &status);
        return ngx_http_otter_text(r, NGX_HTTP_OK, &text);
    }

    ngx_http_otter_status_prometheus(&text, &status);

    if (ngx_http_otter_text_take(r, &text, &body) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_otter_send(r, NGX_HTTP_OK,
                               "text/plain; version=0.0.4; charset=utf-8",
                               &body);
}


static void
ngx_http_otter_status_take(ngx_otter_zone_t *zone,
    ngx_http_otter_status_t *status)
{
    ngx_otter_bus_health_t  bus;

    ngx_otter_bus_health(zone, &bus);

    status->workers = bus.workers;
    status->zone_bytes = zone->shm_zone->shm.size;

    ngx_otter_zone_lock(zone);

    status->rooms = zone->sh->n_rooms;
    status->sessions = zone->sh->n_members;
    status->sessions_away = zone->sh->n_away;
    status->zone_free_bytes = zone->shpool->pfree * ngx_pagesize;
    status->counters = zone->sh->counters;

    ngx_otter_zone_unlock(zone);
}


static ngx_uint_t
ngx_http_otter_status_value(ngx_http_otter_status_t *status,
    const ngx_http_otter_metric_t *metric)
{
    return *(ngx_atomic_uint_t *) ((char *) status + metric->offset);
}


static void
ngx_http_otter_status_prometheus(ngx_otter_text_t *text,
    ngx_http_otter_status_t *status)
{
    const ngx_http_otter_metric_t  *metric;

    for (metric = ngx_http_otter_metrics; metric->name; metric++) {
        ngx_otter_text_add_string(text, "# HELP otter_");
        ngx_otter_text_add_string(text, metric->name);
        ngx_otter_text_add_string(text, " ");
        ngx_otter_text_add_string(text, metric->help);
        ngx_otter_text_add_string(text, "\n# TYPE otter_");
        ngx_otter_text_add_string(text, metric->name);
        ngx_otter_text_add_string(text,
                                  metric->kind == NGX_HTTP_OTTER_COUNTER
                                  ? " counter\notter_" : " gauge\notter_");
        ngx_otter_text_add_string(text, metric->name);
        ngx_otter_text_add_string(text, " ");
        ngx_otter_text_add_number(text,
                                  ngx_http_otter_status_value(status, metric));
        ngx_otter_text_add_string(text, "\n");
    }
}


static void
ngx_http_otter_status_json(ngx_otter_text_t *text,
    ngx_http_otter_status_t *status)
{
    size_t                          len;
    const ngx_http_otter_metric_t  *metric;

    for (metric = ngx_http_otter_metrics; metric->name; metric++) {
        len = ngx_strlen(metric->name);

        if (metric->kind == NGX_HTTP_OTTER_COUNTER) {
            len -= sizeof("_total") - 1;
        }

        ngx_otter_text_add_string(text, metric == ngx_http_otter_metrics
                                        ? "{" : ",");
        ngx_otter_text_add_json(text, (u_char *) metric->name, len);
        ngx_otter_text_add_string(text, ":");
        ngx_otter_text_add_number(text,
                                  ngx_http_otter_status_value(status, metric));
    }

    ngx_otter_text_add_string(text, "}\n");
}
