
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "otter_stun_uri.h"
#include "otter_turn_conf.h"


enum {
    OTTER_TURN_CONF_SECOND = 1000,
    OTTER_TURN_CONF_DAY = 24 * 3600 * 1000
};


static void *otter_turn_conf_open(void *data, const char *name,
    const char **error);
static const char *otter_turn_conf_uri(const otter_setting_t *setting,
    void *object, const char *value);
static const char *otter_turn_conf_rotate(const otter_setting_t *setting,
    void *object, const char *value);
static const char *otter_turn_conf_prefix(const otter_setting_t *setting,
    void *object, const char *value);
static int otter_turn_conf_defaults(otter_turn_conf_t *conf);
static int otter_turn_conf_check(otter_turn_conf_t *conf, const char *path,
    char error[OTTER_CONFIG_ERROR_SIZE]);
static int otter_turn_conf_same(char **url, const char *other);
static int otter_turn_conf_redis(otter_redis_conf_t *redis, const char *url,
    const char *path, const char *setting,
    char error[OTTER_CONFIG_ERROR_SIZE]);


#define otter_turn_conf_at(member)  offsetof(otter_turn_conf_t, member)


static const otter_setting_t  otter_turn_conf_settings[] = {
    { "redis", otter_set_string, otter_turn_conf_at(redis_url), 0, 0, 0 },
    { "prefix", otter_turn_conf_prefix, otter_turn_conf_at(prefix),
      0, 0, 0 },
    { "coturn_redis", otter_set_string, otter_turn_conf_at(coturn_url),
      0, 0, 0 },
    { "realm", otter_set_string, otter_turn_conf_at(realm), 0, 0, 0 },
    { "secret_file", otter_set_string, otter_turn_conf_at(secret_file),
      0, 0, 0 },
    { "rotate", otter_turn_conf_rotate, otter_turn_conf_at(rotate),
      OTTER_TURN_CONF_SECOND, (int64_t) 3650 * OTTER_TURN_CONF_DAY, 0 },
    { "ttl", otter_set_duration, otter_turn_conf_at(ttl),
      OTTER_TURN_CONF_SECOND, (int64_t) 365 * OTTER_TURN_CONF_DAY, 0 },
    { "margin", otter_set_duration, otter_turn_conf_at(margin),
      OTTER_TURN_CONF_SECOND, OTTER_TURN_CONF_DAY, 0 },
    { "uri", otter_turn_conf_uri, 0, 0, 0, 1 },
    { "probe_interval", otter_set_duration, otter_turn_conf_at(interval),
      OTTER_TURN_CONF_SECOND / 10, 3600 * OTTER_TURN_CONF_SECOND, 0 },
    { "ca", otter_set_string, otter_turn_conf_at(ca), 0, 0, 0 },
    { "verify", otter_set_flag, otter_turn_conf_at(verify), 0, 0, 0 },
    { "health_file", otter_set_string, otter_turn_conf_at(health_file),
      0, 0, 0 },
    { NULL, NULL, 0, 0, 0, 0 }
};

static const otter_config_section_t  otter_turn_conf_sections[] = {
    { NULL, otter_turn_conf_settings, otter_turn_conf_open },
    { NULL, NULL, NULL }
};


otter_turn_conf_t *
otter_turn_conf_read(const char *path, char error[OTTER_CONFIG_ERROR_SIZE])
{
    otter_turn_conf_t  *conf;

    conf = calloc(1, sizeof(otter_turn_conf_t));

    if (conf == NULL || otter_turn_conf_defaults(conf) != 0) {
        snprintf(error, OTTER_CONFIG_ERROR_SIZE, "no memory");

    } else if (otter_config_read(path, otter_turn_conf_sections, conf, error)
               == 0
               && otter_turn_conf_check(conf, path, error) == 0)
    {
        return conf;
    }

    otter_turn_conf_free(conf);

    return NULL;
}


void
otter_turn_conf_free(otter_turn_conf_t *conf)
{
    size_t  i;

    if (conf == NULL) {
        return;
    }

    for (i = 0; i < conf->nuris; i++) {
        free(conf->uris[i]);
    }

    otter_redis_conf_free(&conf->redis);
    otter_redis_conf_free(&conf->coturn);

    free(conf->redis_url);
    free(conf->coturn_url);
    free(conf->prefix);
    free(conf->realm);
    free(conf->secret_file);
    free(conf->health_file);
    free(conf->ca);
    free(conf);
}


static void *
otter_turn_conf_open(void *data, const char *name, const char **error)
{
    (void) name;
    (void) error;

    return data;
}


static const char *
otter_turn_conf_uri(const otter_setting_t *setting, void *object,
    const char *value)
{
    otter_stun_uri_t    uri;
    otter_turn_conf_t  *conf = object;

    (void) setting;

    if (otter_stun_uri(&uri, value) != 0) {
        return "must be a URI like turn:turn.example.org:3478?transport=udp";
    }

    if (conf->nuris == OTTER_TURN_HEALTH_MAX) {
        return "is one too many";
    }

    conf->uris[conf->nuris] = strdup(value);

    if (conf->uris[conf->nuris] == NULL) {
        return "finds no memory";
    }

    conf->nuris++;

    return NULL;
}


static const char *
otter_turn_conf_rotate(const otter_setting_t *setting, void *object,
    const char *value)
{
    otter_turn_conf_t  *conf = object;

    if (strcmp(value, "off") == 0) {
        conf->rotate = 0;
        return NULL;
    }

    return otter_set_duration(setting, object, value);
}


/* as "otter_redis_prefix" has it */

static const char *
otter_turn_conf_prefix(const otter_setting_t *setting, void *object,
    const char *value)
{
    if (strpbrk(value, "{}") || strlen(value) > 64) {
        return "must be at most 64 bytes, without braces";
    }

    return otter_set_string(setting, object, value);
}


static int
otter_turn_conf_defaults(otter_turn_conf_t *conf)
{
    conf->rotate = (int64_t) 7 * OTTER_TURN_CONF_DAY;
    conf->ttl = 3600 * OTTER_TURN_CONF_SECOND;
    conf->margin = 60 * OTTER_TURN_CONF_SECOND;
    conf->interval = 5 * OTTER_TURN_CONF_SECOND;
    conf->verify = 1;
    conf->prefix = strdup("otter:");

    return conf->prefix ? 0 : -1;
}


static int
otter_turn_conf_check(otter_turn_conf_t *conf, const char *path,
    char error[OTTER_CONFIG_ERROR_SIZE])
{
    if (otter_turn_conf_same(&conf->coturn_url, conf->redis_url) != 0
        || otter_turn_conf_same(&conf->redis_url, conf->coturn_url) != 0)
    {
        snprintf(error, OTTER_CONFIG_ERROR_SIZE, "no memory");
        return -1;
    }

    if (otter_turn_conf_redis(&conf->redis, conf->redis_url, path, "redis",
                              error)
        != 0
        || otter_turn_conf_redis(&conf->coturn, conf->coturn_url, path,
                                 "coturn_redis", error)
           != 0)
    {
        return -1;
    }

    if (conf->coturn.nhosts && conf->coturn.kind == OTTER_REDIS_CLUSTER) {
        snprintf(error, OTTER_CONFIG_ERROR_SIZE,
                 "%s: \"coturn_redis\" must be the one Redis that coturn "
                 "has: coturn knows no cluster", path);
        return -1;
    }

    if (conf->coturn_url && conf->realm == NULL) {
        snprintf(error, OTTER_CONFIG_ERROR_SIZE,
                 "%s: \"realm\" is missing: it is the one of turnserver.conf",
                 path);
        return -1;
    }

    if (conf->coturn_url == NULL && conf->nuris == 0) {
        snprintf(error, OTTER_CONFIG_ERROR_SIZE,
                 "%s: there is nothing to do: neither \"redis\" nor \"uri\" "
                 "is set", path);
        return -1;
    }

    if (conf->coturn_url == NULL && conf->health_file == NULL) {
        snprintf(error, OTTER_CONFIG_ERROR_SIZE,
                 "%s: without \"redis\", \"health_file\" is needed for what "
                 "is found", path);
        return -1;
    }

    return 0;
}


/* one Redis may serve both */

static int
otter_turn_conf_same(char **url, const char *other)
{
    if (*url || other == NULL) {
        return 0;
    }

    *url = strdup(other);

    return *url ? 0 : -1;
}


static int
otter_turn_conf_redis(otter_redis_conf_t *redis, const char *url,
    const char *path, const char *setting,
    char error[OTTER_CONFIG_ERROR_SIZE])
{
    char  reason[OTTER_REDIS_ERROR_SIZE];

    if (url == NULL) {
        return 0;
    }

    if (otter_redis_conf_add(redis, url, reason) != 0
        || otter_redis_conf_check(redis, reason) != 0)
    {
        snprintf(error, OTTER_CONFIG_ERROR_SIZE, "%s: \"%s\": %s", path,
                 setting, reason);
        return -1;
    }

    return 0;
}
