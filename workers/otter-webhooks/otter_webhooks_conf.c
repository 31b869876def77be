
/*
 * Copyright (C) Otter contributors
 */


#include <curl/curl.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "otter_name.h"
#include "otter_webhooks_conf.h"


static void *otter_webhooks_open_top(void *data, const char *name,
    const char **error);
static void *otter_webhooks_open_endpoint(void *data, const char *name,
    const char **error);
static const char *otter_webhooks_set_redis(const otter_setting_t *setting,
    void *object, const char *value);
static const char *otter_webhooks_set_prefix(const otter_setting_t *setting,
    void *object, const char *value);
static const char *otter_webhooks_set_secret(const otter_setting_t *setting,
    void *object, const char *value);
static const char *otter_webhooks_set_events(const otter_setting_t *setting,
    void *object, const char *value);
static int otter_webhooks_check(otter_webhooks_conf_t *conf,
    const char *path, char *error);
static int otter_webhooks_check_times(const otter_webhooks_conf_t *conf,
    const char *path, char *error);
static const char *otter_webhooks_check_url(
    const otter_webhooks_endpoint_t *endpoint);
static int otter_webhooks_check_mode(const char *path, char *error);


#define OTTER_CONF(field)      offsetof(otter_webhooks_conf_t, field)
#define OTTER_ENDPOINT(field)  offsetof(otter_webhooks_endpoint_t, field)

static const otter_setting_t  otter_webhooks_top[] = {
    { "redis", otter_webhooks_set_redis, 0, 0, 0, 1 },
    { "prefix", otter_webhooks_set_prefix, OTTER_CONF(prefix), 0, 0, 0 },
    { "timeout", otter_set_duration, OTTER_CONF(timeout), 100, 60000, 0 },
    { "attempts", otter_set_number, OTTER_CONF(attempts), 1, 100, 0 },
    { "retry_base", otter_set_duration, OTTER_CONF(retry_base), 1, 3600000,
      0 },
    { "retry_max", otter_set_duration, OTTER_CONF(retry_max), 1, 86400000,
      0 },
    { "lease", otter_set_duration, OTTER_CONF(lease), 500, 120000, 0 },
    { "backlog", otter_set_number, OTTER_CONF(backlog), 1, 10000000, 0 },
    { "connections", otter_set_number, OTTER_CONF(connections), 1, 256, 0 },
    { "sweep", otter_set_duration, OTTER_CONF(sweep), 100, 3600000, 0 },
    { "drain", otter_set_duration, OTTER_CONF(drain), 0, 300000, 0 },
    { NULL, NULL, 0, 0, 0, 0 }
};

static const otter_setting_t  otter_webhooks_endpoint_settings[] = {
    { "url", otter_set_string, OTTER_ENDPOINT(url), 0, 0, 0 },
    { "secret", otter_webhooks_set_secret, 0, 0, 0, 1 },
    { "events", otter_webhooks_set_events, 0, 0, 0, 0 },
    { "rooms", otter_set_string, OTTER_ENDPOINT(rooms), 0, 0, 0 },
    { "ca", otter_set_string, OTTER_ENDPOINT(ca), 0, 0, 0 },
    { "allow_private", otter_set_flag, OTTER_ENDPOINT(allow_private), 0, 0,
      0 },
    { "allow_http", otter_set_flag, OTTER_ENDPOINT(allow_http), 0, 0, 0 },
    { NULL, NULL, 0, 0, 0, 0 }
};

static const otter_config_section_t  otter_webhooks_sections[] = {
    { NULL, otter_webhooks_top, otter_webhooks_open_top },
    { "endpoint", otter_webhooks_endpoint_settings,
      otter_webhooks_open_endpoint },
    { NULL, NULL, NULL }
};


int
otter_webhooks_conf_read(otter_webhooks_conf_t *conf, const char *path,
    char error[OTTER_CONFIG_ERROR_SIZE])
{
    memset(conf, 0, sizeof(*conf));

    conf->prefix = strdup("otter:");
    conf->timeout = 10000;
    conf->attempts = 14;
    conf->retry_base = 10000;
    conf->retry_max = 4 * 3600000;
    conf->lease = 30000;
    conf->backlog = 100000;
    conf->connections = 16;
    conf->sweep = 60000;
    conf->drain = 15000;

    if (conf->prefix == NULL) {
        snprintf(error, OTTER_CONFIG_ERROR_SIZE, "no memory");
        return -1;
    }

    if (otter_config_read(path, otter_webhooks_sections, conf, error) != 0) {
        return -1;
    }

    return otter_webhooks_check(conf, path, error);
}


static void *
otter_webhooks_open_top(void *data, const char *name, const char **error)
{
    (void) name;
    (void) error;

    return data;
}


static void *
otter_webhooks_open_endpoint(void *data, const char *name,
    const char **error)
{
    size_t                      len;
    otter_webhooks_conf_t      *conf;
    otter_webhooks_endpoint_t  *endpoint;

    conf = data;
    len = strlen(name);

    if (len == 0 || len > OTTER_WEBHOOK_NAME_MAX
        || strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") != len)
    {
        *error = "needs a name of at most 32 of a-z 0-9 - _";
        return NULL;
    }

    if (otter_webhooks_endpoint(conf, name)) {
        *error = "there is one of that name";
        return NULL;
    }

    if (conf->nendpoints == OTTER_WEBHOOKS_ENDPOINTS_MAX) {
        *error = "there are too many";
        return NULL;
    }

    endpoint = calloc(1, sizeof(otter_webhooks_endpoint_t));
    if (endpoint == NULL) {
        return NULL;
    }

    memcpy(endpoint->name, name, len);
    conf->endpoints[conf->nendpoints++] = endpoint;

    return endpoint;
}


static const char *
otter_webhooks_set_redis(const otter_setting_t *setting, void *object,
    const char *value)
{
    static char             error[OTTER_REDIS_ERROR_SIZE];
    otter_webhooks_conf_t  *conf;

    (void) setting;
    conf = object;

    return otter_redis_conf_add(&conf->redis, value, error) == 0 ? NULL
                                                                 : error;
}


static const char *
otter_webhooks_set_prefix(const otter_setting_t *setting, void *object,
    const char *value)
{
    if (strlen(value) > OTTER_EVENT_PREFIX_MAX || strpbrk(value, "{}")) {
        return "must be at most 64 bytes, without braces";
    }

    return otter_set_string(setting, object, value);
}


static const char *
otter_webhooks_set_secret(const otter_setting_t *setting, void *object,
    const char *value)
{
    const char                 *error;
    otter_webhooks_endpoint_t  *endpoint;

    (void) setting;
    endpoint = object;

    if (endpoint->nsecrets == OTTER_WEBHOOKS_SECRETS_MAX) {
        return "there are too many";
    }

    error = otter_webhook_secret(&endpoint->secrets[endpoint->nsecrets],
                                 value);
    if (error == NULL) {
        endpoint->nsecrets++;
    }

    return error;
}


/* "peer.joined peer.left", "room.*" */

static const char *
otter_webhooks_set_events(const otter_setting_t *setting, void *object,
    const char *value)
{
    size_t                      len;
    otter_webhooks_endpoint_t  *endpoint;

    (void) setting;
    endpoint = object;

    while (*value) {
        len = strcspn(value, " \t,");

        if (len && endpoint->nfilters == OTTER_WEBHOOKS_FILTERS_MAX) {
            return "there are too many";
        }

        if (len) {
            if (strspn(value, "abcdefghijklmnopqrstuvwxyz.*") < len) {
                return "takes names like \"peer.joined\", \"room.*\"";
            }

            endpoint->filters[endpoint->nfilters] = strndup(value, len);

            if (endpoint->filters[endpoint->nfilters++] == NULL) {
                return "no memory";
            }
        }

        value += len;
        value += strspn(value, " \t,");
    }

    return NULL;
}


static int
otter_webhooks_check(otter_webhooks_conf_t *conf, const char *path,
    char *error)
{
    size_t                            i;
    char                              reason[OTTER_REDIS_ERROR_SIZE];
    const char                       *wrong;
    const otter_webhooks_endpoint_t  *endpoint;

    if (otter_redis_conf_check(&conf->redis, reason) != 0) {
        snprintf(error, OTTER_CONFIG_ERROR_SIZE, "%s: redis: %s", path,
                 reason);
        return -1;
    }

    if (conf->nendpoints == 0) {
        snprintf(error, OTTER_CONFIG_ERROR_SIZE,
                 "%s: there is no [endpoint NAME] in it", path);
        return -1;
    }

    if (otter_webhooks_check_times(conf, path, error) != 0) {
        return -1;
    }

    for (i = 0; i < conf->nendpoints; i++) {
        endpoint = conf->endpoints[i];

        wrong = endpoint->nsecrets ? otter_webhooks_check_url(endpoint)
                                   : "secret is missing";

        if (wrong) {
            snprintf(error, OTTER_CONFIG_ERROR_SIZE, "%s: [endpoint %s]: %s",
                     path, endpoint->name, wrong);
            return -1;
        }
    }

    return otter_webhooks_check_mode(path, error);
}


/* a request must be over when another worker may take the shard */

static int
otter_webhooks_check_times(const otter_webhooks_conf_t *conf,
    const char *path, char *error)
{
    if (conf->lease < conf->timeout * 2) {
        snprintf(error, OTTER_CONFIG_ERROR_SIZE,
                 "%s: lease must be at least twice the timeout", path);
        return -1;
    }

    if (conf->retry_max < conf->retry_base) {
        snprintf(error, OTTER_CONFIG_ERROR_SIZE,
                 "%s: retry_max is less than retry_base", path);
        return -1;
    }

    return 0;
}


static const char *
otter_webhooks_check_url(const otter_webhooks_endpoint_t *endpoint)
{
    char        *scheme, *user;
    CURLU       *url;
    const char  *error;

    if (endpoint->url == NULL) {
        return "url is missing";
    }

    scheme = NULL;
    user = NULL;
    error = NULL;
    url = curl_url();

    if (url == NULL) {
        return "no memory";
    }

    if (curl_url_set(url, CURLUPART_URL, endpoint->url,
                     CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK
        || curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK)
    {
        error = "url is none: https://host/path";

    } else if (strcmp(scheme, "https") != 0
               && (strcmp(scheme, "http") != 0 || !endpoint->allow_http))
    {
        error = "url must begin with https:// "
                "(http:// needs \"allow_http = on\")";

    } else if (curl_url_get(url, CURLUPART_USER, &user, 0) == CURLUE_OK) {
        error = "url must not have a user or a password in it";
    }

    curl_free(scheme);
    curl_free(user);
    curl_url_cleanup(url);

    return error;
}


static int
otter_webhooks_check_mode(const char *path, char *error)
{
    struct stat  info;

    if (stat(path, &info) == 0 && (info.st_mode & (S_IWGRP | S_IRWXO))) {
        snprintf(error, OTTER_CONFIG_ERROR_SIZE,
                 "%s has secrets and is open to others: chmod 640 %s", path,
                 path);
        return -1;
    }

    return 0;
}


void
otter_webhooks_conf_free(otter_webhooks_conf_t *conf)
{
    size_t                      i, k;
    otter_webhooks_endpoint_t  *endpoint;

    for (i = 0; i < conf->nendpoints; i++) {
        endpoint = conf->endpoints[i];

        for (k = 0; k < endpoint->nfilters; k++) {
            free(endpoint->filters[k]);
        }

        OPENSSL_cleanse(endpoint->secrets, sizeof(endpoint->secrets));

        free(endpoint->url);
        free(endpoint->rooms);
        free(endpoint->ca);
        free(endpoint);
    }

    otter_redis_conf_free(&conf->redis);
    free(conf->prefix);

    memset(conf, 0, sizeof(*conf));
}


otter_webhooks_endpoint_t *
otter_webhooks_endpoint(const otter_webhooks_conf_t *conf, const char *name)
{
    size_t  i;

    for (i = 0; i < conf->nendpoints; i++) {
        if (strcmp(conf->endpoints[i]->name, name) == 0) {
            return conf->endpoints[i];
        }
    }

    return NULL;
}


int
otter_webhooks_wants(const otter_webhooks_endpoint_t *endpoint,
    const otter_event_t *event)
{
    size_t  i;

    if (endpoint->rooms
        && !otter_room_pattern_match((const unsigned char *) endpoint->rooms,
                                     strlen(endpoint->rooms),
                                     (const unsigned char *) event->room,
                                     strlen(event->room)))
    {
        return 0;
    }

    for (i = 0; i < endpoint->nfilters; i++) {
        if (otter_event_matches(endpoint->filters[i], event->type)) {
            return 1;
        }
    }

    return endpoint->nfilters == 0;
}
