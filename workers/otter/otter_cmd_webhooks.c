
/*
 * Copyright (C) Otter contributors
 */

/* What otter-webhooks could not deliver, and endpoints that it gave up. */


#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "otter_clock.h"
#include "otter_cmd.h"
#include "otter_config.h"
#include "otter_webhook_store.h"


typedef struct {
    char                   *url;
    char                   *prefix;
    otter_redis_conf_t      conf;
    otter_redis_t          *redis;
    otter_webhook_store_t   store;
} otter_webhooks_link_t;

typedef struct {
    const char  *config;
    const char  *redis;
    const char  *prefix;
    const char  *endpoint;
} otter_webhooks_options_t;


static int otter_webhooks_list(const otter_cmd_t *cmd, int argc,
    char **argv);
static int otter_webhooks_retry(const otter_cmd_t *cmd, int argc,
    char **argv);
static int otter_webhooks_enable(const otter_cmd_t *cmd, int argc,
    char **argv);
static int otter_webhooks_link(const otter_cmd_t *cmd,
    otter_webhooks_link_t *link, const otter_webhooks_options_t *options);
static int otter_webhooks_link_config(otter_webhooks_link_t *link,
    const otter_webhooks_options_t *options, char *error);
static int otter_webhooks_end(const otter_cmd_t *cmd,
    otter_webhooks_link_t *link, int n);
static void otter_webhooks_unlink(otter_webhooks_link_t *link);
static json_t *otter_webhooks_dead(const otter_webhooks_link_t *link,
    const char *endpoint);
static int otter_webhooks_retry_all(const otter_webhooks_link_t *link,
    const char *endpoint, const char *id);
static int otter_webhooks_asked(int argc, char **argv, const char *option);
static void *otter_webhooks_open(void *data, const char *name,
    const char **error);
static const char *otter_webhooks_ignore(const otter_setting_t *setting,
    void *object, const char *value);


#define OTTER_WEBHOOKS_WHERE                                                 \
    "  --config F        the file of otter-webhooks, which says where Redis "\
    "is;\n"                                                                  \
    "                    /etc/otter/otter-webhooks.conf unless told\n"       \
    "  --redis URL       or this Redis, with\n"                              \
    "  --redis-prefix P  this prefix (otter:)\n"

#define OTTER_WEBHOOKS_OPTIONS(o)                                             \
    { "json", NULL, 0, 0 },                                                   \
    { "config", &(o).config, 1, 0 },                                          \
    { "redis", &(o).redis, 1, 0 },                                            \
    { "redis-prefix", &(o).prefix, 1, 0 },                                    \
    { "prefix", &(o).prefix, 1, 0 }

const otter_cmd_t  otter_cmd_webhooks_list = {
    "webhooks", "list", "shows the webhooks that were given up",
    "webhooks list [--endpoint E] [--json]\n"
    "\n"
    "  --endpoint E      those of one endpoint alone\n"
    OTTER_WEBHOOKS_WHERE
    "  --json            print {\"dead\":[...]}",
    otter_webhooks_list
};

const otter_cmd_t  otter_cmd_webhooks_retry = {
    "webhooks", "retry", "sends webhooks that were given up again",
    "webhooks retry ID [--endpoint E] [--json]\n"
    "       otter webhooks retry --all [--endpoint E] [--json]\n"
    "\n"
    "  --all             all of them\n"
    "  --endpoint E      those of one endpoint alone\n"
    OTTER_WEBHOOKS_WHERE
    "  --json            print {\"retried\":N}",
    otter_webhooks_retry
};

const otter_cmd_t  otter_cmd_webhooks_enable = {
    "webhooks", "enable", "sends to an endpoint again that said 410",
    "webhooks enable ENDPOINT [--json]\n"
    "\n"
    OTTER_WEBHOOKS_WHERE
    "  --json            print {\"enabled\":1}",
    otter_webhooks_enable
};


static const otter_setting_t  otter_webhooks_settings[] = {
    { "redis", otter_set_string, offsetof(otter_webhooks_link_t, url), 0, 0,
      1 },
    { "prefix", otter_set_string, offsetof(otter_webhooks_link_t, prefix), 0,
      0, 0 },
    { "*", otter_webhooks_ignore, 0, 0, 0, 1 },
    { NULL, NULL, 0, 0, 0, 0 }
};

static const otter_setting_t  otter_webhooks_others[] = {
    { "*", otter_webhooks_ignore, 0, 0, 0, 1 },
    { NULL, NULL, 0, 0, 0, 0 }
};

static const otter_config_section_t  otter_webhooks_sections[] = {
    { NULL, otter_webhooks_settings, otter_webhooks_open },
    { "*", otter_webhooks_others, otter_webhooks_open },
    { NULL, NULL, NULL }
};


static int
otter_webhooks_list(const otter_cmd_t *cmd, int argc, char **argv)
{
    int                        rc;
    json_t                    *dead;
    otter_webhooks_link_t      link;
    otter_webhooks_options_t   o = { 0 };

    otter_option_t  options[] = {
        OTTER_WEBHOOKS_OPTIONS(o),
        { "endpoint", &o.endpoint, 1, 0 },
        { NULL, NULL, 0, 0 }
    };

    static const char *const  columns[] = {
        "id", "endpoint", "type", "room", "failed_at", "error"
    };

    if (otter_cmd_options(cmd, options, argc, argv, NULL, 0) != 0) {
        return OTTER_EXIT_USAGE;
    }

    rc = otter_webhooks_link(cmd, &link, &o);
    if (rc != OTTER_EXIT_OK) {
        return rc;
    }

    dead = otter_webhooks_dead(&link, o.endpoint);
    rc = otter_webhooks_end(cmd, &link, dead ? 0 : -1);

    if (rc != OTTER_EXIT_OK) {
        return rc;
    }

    if (options[0].count) {
        return otter_cmd_json(cmd, json_pack("{so}", "dead", dead));
    }

    otter_cmd_table(dead, columns, sizeof(columns) / sizeof(columns[0]));
    json_decref(dead);

    return OTTER_EXIT_OK;
}


static int
otter_webhooks_retry(const otter_cmd_t *cmd, int argc, char **argv)
{
    int                        rc, n;
    const char                *id;
    otter_webhooks_link_t      link;
    otter_webhooks_options_t   o = { 0 };

    otter_option_t  options[] = {
        OTTER_WEBHOOKS_OPTIONS(o),
        { "endpoint", &o.endpoint, 1, 0 },
        { "all", NULL, 0, 0 },
        { NULL, NULL, 0, 0 }
    };

    id = NULL;

    if (otter_cmd_options(cmd, options, argc, argv, &id,
                          !otter_webhooks_asked(argc, argv, "--all"))
        != 0)
    {
        return OTTER_EXIT_USAGE;
    }

    if (id && otter_webhook_shard_of(id) == -1) {
        return otter_cmd_refused(cmd, "\"%s\" is no id of an event", id);
    }

    rc = otter_webhooks_link(cmd, &link, &o);
    if (rc != OTTER_EXIT_OK) {
        return rc;
    }

    n = otter_webhooks_retry_all(&link, o.endpoint, id);
    rc = otter_webhooks_end(cmd, &link, n);

    if (rc != OTTER_EXIT_OK) {
        return rc;
    }

    if (n == 0 && id) {
        return otter_cmd_refused(cmd, "%s is not among the webhooks that "
                                 "were given up", id);
    }

    if (options[0].count) {
        return otter_cmd_json(cmd, json_pack("{si}", "retried", n));
    }

    otter_cmd_note("%d to be sent again", n);

    return OTTER_EXIT_OK;
}


static int
otter_webhooks_enable(const otter_cmd_t *cmd, int argc, char **argv)
{
    int                        rc, n;
    const char                *name;
    otter_webhooks_link_t      link;
    otter_webhooks_options_t   o = { 0 };

    otter_option_t  options[] = {
        OTTER_WEBHOOKS_OPTIONS(o),
        { NULL, NULL, 0, 0 }
    };

    if (otter_cmd_options(cmd, options, argc, argv, &name, 1) != 0) {
        return OTTER_EXIT_USAGE;
    }

    rc = otter_webhooks_link(cmd, &link, &o);
    if (rc != OTTER_EXIT_OK) {
        return rc;
    }

    n = otter_webhook_enable(&link.store, name);
    rc = otter_webhooks_end(cmd, &link, n);

    if (rc != OTTER_EXIT_OK) {
        return rc;
    }

    if (n == 0) {
        return otter_cmd_refused(cmd, "endpoint \"%s\" is not one that said "
                                 "410", name);
    }

    return options[0].count ? otter_cmd_json(cmd, json_pack("{si}", "enabled",
                                                            1))
                            : OTTER_EXIT_OK;
}


/* OTTER_EXIT_OK, or the exit code once the reason is told */

static int
otter_webhooks_link(const otter_cmd_t *cmd, otter_webhooks_link_t *link,
    const otter_webhooks_options_t *options)
{
    int   rc;
    char  error[OTTER_CONFIG_ERROR_SIZE];

    memset(link, 0, sizeof(*link));

    if (otter_webhooks_link_config(link, options, error) != 0
        || otter_redis_conf_check(&link->conf, error) != 0)
    {
        rc = options->redis ? otter_cmd_misused(cmd, "--redis: %s", error)
                            : otter_cmd_refused(cmd, "%s", error);
        otter_webhooks_unlink(link);

        return rc;
    }

    link->redis = otter_redis_create(&link->conf, error);

    if (link->redis == NULL) {
        otter_webhooks_unlink(link);
        return otter_cmd_refused(cmd, "%s", error);
    }

    link->store.redis = link->redis;
    link->store.prefix = options->prefix ? options->prefix
                         : link->prefix ? link->prefix : "otter:";
    link->store.worker = "-";

    return OTTER_EXIT_OK;
}


/* n is -1 when Redis did not do what it was asked */

static int
otter_webhooks_end(const otter_cmd_t *cmd, otter_webhooks_link_t *link, int n)
{
    int  rc;

    rc = n == -1 ? otter_cmd_refused(cmd, "Redis: %s",
                                     otter_redis_error(link->redis))
                 : OTTER_EXIT_OK;

    otter_webhooks_unlink(link);

    return rc;
}


static int
otter_webhooks_link_config(otter_webhooks_link_t *link,
    const otter_webhooks_options_t *options, char *error)
{
    if (options->redis) {
        return otter_redis_conf_add(&link->conf, options->redis, error);
    }

    if (otter_config_read(options->config ? options->config
                                          : "/etc/otter/otter-webhooks.conf",
                          otter_webhooks_sections, link, error)
        != 0)
    {
        return -1;
    }

    if (link->url == NULL) {
        snprintf(error, OTTER_CONFIG_ERROR_SIZE, "there is no redis in it");
        return -1;
    }

    return otter_redis_conf_add(&link->conf, link->url, error);
}


static void
otter_webhooks_unlink(otter_webhooks_link_t *link)
{
    otter_redis_free(link->redis);
    otter_redis_conf_free(&link->conf);
    free(link->url);
    free(link->prefix);
}


static void *
otter_webhooks_open(void *data, const char *name, const char **error)
{
    (void) name;
    (void) error;

    return data;
}


static const char *
otter_webhooks_ignore(const otter_setting_t *setting, void *object,
    const char *value)
{
    (void) setting;
    (void) object;
    (void) value;

    return NULL;
}


static json_t *
otter_webhooks_dead(const otter_webhooks_link_t *link, const char *endpoint)
{
    json_t    *list;
    unsigned   i;

    list = json_array();

    for (i = 0; i < OTTER_EVENT_SHARDS; i++) {
        if (otter_webhook_dead_list(&link->store, i, endpoint, list) != 0) {
            json_decref(list);
            return NULL;
        }
    }

    return list;
}


/* one event, of one endpoint or of all that gave it up, or all of them */

static int
otter_webhooks_retry_all(const otter_webhooks_link_t *link,
    const char *endpoint, const char *id)
{
    int          rc, n;
    size_t       i;
    json_t      *list, *letter;
    const char  *of, *whose;

    list = otter_webhooks_dead(link, endpoint);
    if (list == NULL) {
        return -1;
    }

    n = 0;

    json_array_foreach(list, i, letter) {
        of = json_string_value(json_object_get(letter, "id"));
        whose = json_string_value(json_object_get(letter, "endpoint"));

        if (of == NULL || whose == NULL || (id && strcmp(id, of) != 0)) {
            continue;
        }

        rc = otter_webhook_retry(&link->store,
                                 (unsigned) otter_webhook_shard_of(of), whose,
                                 of, otter_clock_wall());
        if (rc == -1) {
            json_decref(list);
            return -1;
        }

        n += rc;
    }

    json_decref(list);

    return n;
}


static int
otter_webhooks_asked(int argc, char **argv, const char *option)
{
    int  i;

    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], option) == 0) {
            return 1;
        }
    }

    return 0;
}
