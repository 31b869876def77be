
/*
 * Copyright (C) Otter contributors
 */

/* The configuration file of otter-webhooks. */


#ifndef OTTER_WEBHOOKS_CONF_H_INCLUDED
#define OTTER_WEBHOOKS_CONF_H_INCLUDED


#include "otter_config.h"
#include "otter_event.h"
#include "otter_redis_conf.h"
#include "otter_webhook.h"
#include "otter_webhook_store.h"


enum {
    OTTER_WEBHOOKS_ENDPOINTS_MAX = 32,
    OTTER_WEBHOOKS_SECRETS_MAX = 4,    /* while one follows another */
    OTTER_WEBHOOKS_FILTERS_MAX = 16
};

typedef struct {
    char                     name[OTTER_WEBHOOK_NAME_MAX + 1];
    char                    *url;
    char                    *rooms;    /* a pattern; NULL: all */
    char                    *ca;       /* NULL: the system's */
    otter_webhook_secret_t   secrets[OTTER_WEBHOOKS_SECRETS_MAX];
    size_t                   nsecrets;
    char                    *filters[OTTER_WEBHOOKS_FILTERS_MAX];
    size_t                   nfilters; /* 0: all events */
    unsigned                 allow_private;
    unsigned                 allow_http;

    /* of a worker, while it runs */

    unsigned                 active;   /* requests under way */
    unsigned                 disabled; /* it said 410 */
    int64_t                  paused;   /* until then: Retry-After */
} otter_webhooks_endpoint_t;

typedef struct {
    otter_redis_conf_t          redis;
    char                       *prefix;
    int64_t                     timeout;       /* of a request */
    int64_t                     attempts;
    int64_t                     retry_base;
    int64_t                     retry_max;
    int64_t                     lease;
    int64_t                     backlog;
    int64_t                     connections;   /* of an endpoint */
    int64_t                     sweep;         /* between two looks at rooms */
    int64_t                     drain;
    otter_webhooks_endpoint_t  *endpoints[OTTER_WEBHOOKS_ENDPOINTS_MAX];
    size_t                      nendpoints;
} otter_webhooks_conf_t;


/* 0, or -1 with a sentence in error; free it in both cases */

int otter_webhooks_conf_read(otter_webhooks_conf_t *conf, const char *path,
    char error[OTTER_CONFIG_ERROR_SIZE]);
void otter_webhooks_conf_free(otter_webhooks_conf_t *conf);

otter_webhooks_endpoint_t *otter_webhooks_endpoint(
    const otter_webhooks_conf_t *conf, const char *name);

/* 1: the endpoint wants the event */

int otter_webhooks_wants(const otter_webhooks_endpoint_t *endpoint,
    const otter_event_t *event);


#endif /* OTTER_WEBHOOKS_CONF_H_INCLUDED */
