
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "otter_reaper.h"


static void *otter_reaper_conf_open(void *data, const char *name,
    const char **error);
static const char *otter_reaper_conf_prefix(const otter_setting_t *setting,
    void *object, const char *value);
static int otter_reaper_conf_redis(otter_reaper_conf_t *conf,
    const char *path, char error[OTTER_CONFIG_ERROR_SIZE]);


static const otter_setting_t  otter_reaper_conf_settings[] = {
    { "redis", otter_set_string, offsetof(otter_reaper_conf_t, redis_url),
      0, 0, 0 },
    { "prefix", otter_reaper_conf_prefix,
      offsetof(otter_reaper_conf_t, prefix), 0, 0, 0 },
    { "interval", otter_set_duration,
      offsetof(otter_reaper_conf_t, interval), 100, 3600000, 0 },
    { "grace", otter_set_duration, offsetof(otter_reaper_conf_t, grace),
      0, 20000, 0 },
    { NULL, NULL, 0, 0, 0, 0 }
};

static const otter_config_section_t  otter_reaper_conf_sections[] = {
    { NULL, otter_reaper_conf_settings, otter_reaper_conf_open },
    { NULL, NULL, NULL }
};


otter_reaper_conf_t *
otter_reaper_conf_read(const char *path, char error[OTTER_CONFIG_ERROR_SIZE])
{
    otter_reaper_conf_t  *conf;

    conf = calloc(1, sizeof(otter_reaper_conf_t));

    if (conf) {
        conf->prefix = strdup("otter:");
        conf->interval = 10000;
        conf->grace = 5000;
    }

    if (conf == NULL || conf->prefix == NULL) {
        snprintf(error, OTTER_CONFIG_ERROR_SIZE, "no memory");

    } else if (otter_config_read(path, otter_reaper_conf_sections, conf,
                                 error)
               == 0
               && otter_reaper_conf_redis(conf, path, error) == 0)
    {
        return conf;
    }

    otter_reaper_conf_free(conf);

    return NULL;
}


void
otter_reaper_conf_free(otter_reaper_conf_t *conf)
{
    if (conf == NULL) {
        return;
    }

    otter_redis_conf_free(&conf->redis);
    free(conf->redis_url);
    free(conf->prefix);
    free(conf);
}


static void *
otter_reaper_conf_open(void *data, const char *name, const char **error)
{
    (void) name;
    (void) error;

    return data;
}


/* as "otter_redis_prefix" has it */

static const char *
otter_reaper_conf_prefix(const otter_setting_t *setting, void *object,
    const char *value)
{
    if (strpbrk(value, "{}") || strlen(value) > 64) {
        return "must be at most 64 bytes, without braces";
    }

    return otter_set_string(setting, object, value);
}


static int
otter_reaper_conf_redis(otter_reaper_conf_t *conf, const char *path,
    char error[OTTER_CONFIG_ERROR_SIZE])
{
    char  reason[OTTER_REDIS_ERROR_SIZE];

    if (conf->redis_url == NULL) {
        snprintf(error, OTTER_CONFIG_ERROR_SIZE,
                 "%s: \"redis\" is missing: it is what \"otter_redis\" has",
                 path);
        return -1;
    }

    if (otter_redis_conf_add(&conf->redis, conf->redis_url, reason) != 0
        || otter_redis_conf_check(&conf->redis, reason) != 0)
    {
        snprintf(error, OTTER_CONFIG_ERROR_SIZE, "%s: \"redis\": %s", path,
                 reason);
        return -1;
    }

    return 0;
}
