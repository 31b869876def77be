
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_status.h"


static void ngx_http_otter_prometheus_metric(ngx_otter_text_t *text,
    const ngx_http_otter_metric_t *metric, const void *value);
static void ngx_http_otter_prometheus_histogram(ngx_otter_text_t *text,
    const char *name, const ngx_otter_histogram_t *histogram);
static void ngx_http_otter_json_metric(ngx_otter_text_t *text,
    const ngx_http_otter_metric_t *metric, const void *value);
static void ngx_http_otter_json_histogram(ngx_otter_text_t *text,
    const ngx_otter_histogram_t *histogram);
static const void *ngx_http_otter_status_value(
    ngx_http_otter_status_t *status, const ngx_http_otter_metric_t *metric);
static void ngx_http_otter_status_seconds(ngx_otter_text_t *text,
    uint64_t time);


void
ngx_http_otter_status_prometheus(ngx_otter_text_t *text,
    ngx_http_otter_status_t *status)
{
    const void                     *value;
    const ngx_http_otter_metric_t  *metric;

    static const char  *const kinds[] = { "gauge", "counter", "histogram" };

    ngx_otter_text_add_string(text,
        "# HELP otter_build_info The versions of Otter and of nginx.\n"
        "# TYPE otter_build_info gauge\n"
        "otter_build_info{version=\"" OTTER_VERSION
        "\",nginx=\"" NGINX_VERSION "\"} 1\n");

    for (metric = ngx_http_otter_metrics; metric->name; metric++) {
        value = ngx_http_otter_status_value(status, metric);

        if (value == NULL) {
            continue;
        }

        ngx_otter_text_add_string(text, "# HELP otter_");
        ngx_otter_text_add_string(text, metric->name);
        ngx_otter_text_add_string(text, " ");
        ngx_otter_text_add_string(text, metric->help);
        ngx_otter_text_add_string(text, "\n# TYPE otter_");
        ngx_otter_text_add_string(text, metric->name);
        ngx_otter_text_add_string(text, " ");
        ngx_otter_text_add_string(text, kinds[metric->kind]);
        ngx_otter_text_add_string(text, "\n");

        if (metric->kind == NGX_HTTP_OTTER_HISTOGRAM) {
            ngx_http_otter_prometheus_histogram(text, metric->name, value);

        } else {
            ngx_http_otter_prometheus_metric(text, metric, value);
        }
    }
}


static void
ngx_http_otter_prometheus_metric(ngx_otter_text_t *text,
    const ngx_http_otter_metric_t *metric, const void *value)
{
    char             buf[16];
    ngx_uint_t       i;
    const char      *label;
    const uint64_t  *number;

    number = value;

    for (i = 0; /* void */ ; i++) {
        label = metric->label ? metric->value(i, buf) : NULL;

        if (label == NULL && (metric->label || i)) {
            return;
        }

        ngx_otter_text_add_string(text, "otter_");
        ngx_otter_text_add_string(text, metric->name);

        if (label) {
            ngx_otter_text_add_string(text, "{");
            ngx_otter_text_add_string(text, metric->label);
            ngx_otter_text_add_string(text, "=\"");
            ngx_otter_text_add_string(text, label);
            ngx_otter_text_add_string(text, "\"}");
        }

        ngx_otter_text_add_string(text, " ");
        ngx_otter_text_add_number(text, number[i]);
        ngx_otter_text_add_string(text, "\n");
    }
}


static void
ngx_http_otter_prometheus_histogram(ngx_otter_text_t *text, const char *name,
    const ngx_otter_histogram_t *histogram)
{
    uint64_t    count;
    ngx_uint_t  i;

    count = 0;

    for (i = 0; i < NGX_OTTER_STATS_BUCKETS; i++) {
        count += histogram->bucket[i];

        ngx_otter_text_add_string(text, "otter_");
        ngx_otter_text_add_string(text, name);
        ngx_otter_text_add_string(text, "_bucket{le=\"");

        if (i < NGX_OTTER_STATS_BUCKETS - 1) {
            ngx_http_otter_status_seconds(text, ngx_otter_stats_bounds[i]);

        } else {
            ngx_otter_text_add_string(text, "+Inf");
        }

        ngx_otter_text_add_string(text, "\"} ");
        ngx_otter_text_add_number(text, count);
        ngx_otter_text_add_string(text, "\n");
    }

    ngx_otter_text_add_string(text, "otter_");
    ngx_otter_text_add_string(text, name);
    ngx_otter_text_add_string(text, "_sum ");
    ngx_http_otter_status_seconds(text, histogram->sum);
    ngx_otter_text_add_string(text, "\notter_");
    ngx_otter_text_add_string(text, name);
    ngx_otter_text_add_string(text, "_count ");
    ngx_otter_text_add_number(text, count);
    ngx_otter_text_add_string(text, "\n");
}


/* the names are those of Prometheus without "otter_" and "_total" */

void
ngx_http_otter_status_json(ngx_otter_text_t *text,
    ngx_http_otter_status_t *status)
{
    size_t                          len;
    const void                     *value;
    const ngx_http_otter_metric_t  *metric;

    ngx_otter_text_add_string(text, "{\"version\":\"" OTTER_VERSION
                                    "\",\"nginx\":\"" NGINX_VERSION "\"");

    for (metric = ngx_http_otter_metrics; metric->name; metric++) {
        value = ngx_http_otter_status_value(status, metric);

        if (value == NULL) {
            continue;
        }

        len = ngx_strlen(metric->name);

        if (metric->kind == NGX_HTTP_OTTER_COUNTER) {
            len -= sizeof("_total") - 1;
        }

        ngx_otter_text_add_string(text, ",");
        ngx_otter_text_add_json(text, (u_char *) metric->name, len);
        ngx_otter_text_add_string(text, ":");

        if (metric->kind == NGX_HTTP_OTTER_HISTOGRAM) {
            ngx_http_otter_json_histogram(text, value);

        } else {
            ngx_http_otter_json_metric(text, metric, value);
        }
    }

    ngx_otter_text_add_string(text, "}\n");
}


static void
ngx_http_otter_json_metric(ngx_otter_text_t *text,
    const ngx_http_otter_metric_t *metric, const void *value)
{
    char             buf[16];
    ngx_uint_t       i;
    const char      *label;
    const uint64_t  *number;

    number = value;

    if (metric->label == NULL) {
        ngx_otter_text_add_number(text, number[0]);
        return;
    }

    for (i = 0; /* void */ ; i++) {
        label = metric->value(i, buf);

        if (label == NULL) {
            break;
        }

        ngx_otter_text_add_string(text, i ? "," : "{");
        ngx_otter_text_add_json(text, (u_char *) label, ngx_strlen(label));
        ngx_otter_text_add_string(text, ":");
        ngx_otter_text_add_number(text, number[i]);
    }

    ngx_otter_text_add_string(text, "}");
}


/* "buckets" as Prometheus has them: how many were no longer than that */

static void
ngx_http_otter_json_histogram(ngx_otter_text_t *text,
    const ngx_otter_histogram_t *histogram)
{
    uint64_t    count;
    ngx_uint_t  i;

    count = 0;

    ngx_otter_text_add_string(text, "{\"buckets\":[");

    for (i = 0; i < NGX_OTTER_STATS_BUCKETS - 1; i++) {
        count += histogram->bucket[i];

        ngx_otter_text_add_string(text, i ? ",{\"le\":" : "{\"le\":");
        ngx_http_otter_status_seconds(text, ngx_otter_stats_bounds[i]);
        ngx_otter_text_add_string(text, ",\"count\":");
        ngx_otter_text_add_number(text, count);
        ngx_otter_text_add_string(text, "}");
    }

    count += histogram->bucket[i];

    ngx_otter_text_add_string(text, "],\"count\":");
    ngx_otter_text_add_number(text, count);
    ngx_otter_text_add_string(text, ",\"sum\":");
    ngx_http_otter_status_seconds(text, histogram->sum);
    ngx_otter_text_add_string(text, "}");
}


/* NULL: it is not shown */

static const void *
ngx_http_otter_status_value(ngx_http_otter_status_t *status,
    const ngx_http_otter_metric_t *metric)
{
    const char  *base;

    base = (const char *) status;

    if (*(const uint64_t *) (base + metric->only) == 0) {
        return NULL;
    }

    return base + metric->offset;
}


static void
ngx_http_otter_status_seconds(ngx_otter_text_t *text, uint64_t time)
{
    u_char  *p, *last, buf[NGX_INT64_LEN + 10];

    last = ngx_sprintf(buf, "%uL.%09uL", time / 1000000000,
                       time % 1000000000);

    /* 0.000250000 is 0.00025, and 1.000000000 is 1 */

    for (p = last; p[-1] == '0'; p--) { /* void */ }

    if (p[-1] == '.') {
        p--;
    }

    ngx_otter_text_add(text, buf, p - buf);
}
