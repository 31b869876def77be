
/*
 * Copyright (C) Otter contributors
 */

/* What follows the "?" of a URL. */


#include <stdlib.h>
#include <string.h>

#include "otter_file.h"
#include "otter_redis_conf.h"


typedef enum {
    OTTER_REDIS_OPTION_STRING = 0,
    OTTER_REDIS_OPTION_TLS,            /* a string that needs TLS */
    OTTER_REDIS_OPTION_FILE,           /* whose first line is the value */
    OTTER_REDIS_OPTION_OTHER
} otter_redis_option_kind_t;

typedef struct {
    const char                 *name;
    size_t                      offset;
    otter_redis_option_kind_t   kind;
} otter_redis_option_t;


static const char *otter_redis_conf_option(otter_redis_conf_t *conf,
    const char *name, size_t len, char *value);
static const char *otter_redis_conf_other(otter_redis_conf_t *conf,
    const char *name, const char *value);
static const char *otter_redis_conf_first_line(char **value);


#define OTTER_REDIS_CONF(field)  offsetof(otter_redis_conf_t, field)

static const otter_redis_option_t  otter_redis_options[] = {
    { "user", OTTER_REDIS_CONF(login.user), OTTER_REDIS_OPTION_STRING },
    { "password", OTTER_REDIS_CONF(login.password),
      OTTER_REDIS_OPTION_STRING },
    { "password_file", OTTER_REDIS_CONF(login.password),
      OTTER_REDIS_OPTION_FILE },
    { "sentinel_user", OTTER_REDIS_CONF(sentinel_login.user),
      OTTER_REDIS_OPTION_STRING },
    { "sentinel_password", OTTER_REDIS_CONF(sentinel_login.password),
      OTTER_REDIS_OPTION_STRING },
    { "sentinel_password_file", OTTER_REDIS_CONF(sentinel_login.password),
      OTTER_REDIS_OPTION_FILE },
    { "name", OTTER_REDIS_CONF(name), OTTER_REDIS_OPTION_TLS },
    { "ca", OTTER_REDIS_CONF(ca), OTTER_REDIS_OPTION_TLS },
    { "cert", OTTER_REDIS_CONF(cert), OTTER_REDIS_OPTION_TLS },
    { "key", OTTER_REDIS_CONF(key), OTTER_REDIS_OPTION_TLS },
    { "db", 0, OTTER_REDIS_OPTION_OTHER },
    { "tls", 0, OTTER_REDIS_OPTION_OTHER },
    { "verify", 0, OTTER_REDIS_OPTION_OTHER }
};


const char *
otter_redis_conf_options(otter_redis_conf_t *conf, const char *text)
{
    char        *value;
    size_t       len;
    const char  *equals, *error;

    for ( ;; ) {
        len = strcspn(text, "&");
        equals = memchr(text, '=', len);

        if (equals == NULL) {
            return "after \"?\" must come name=value, separated by \"&\"";
        }

        error = NULL;
        value = otter_redis_conf_decode(equals + 1, text + len, &error);

        if (value == NULL) {
            return error;
        }

        error = otter_redis_conf_option(conf, text, (size_t) (equals - text),
                                        value);

        if (error || text[len] == '\0') {
            return error;
        }

        text += len + 1;
    }
}


/* takes value over */

static const char *
otter_redis_conf_option(otter_redis_conf_t *conf, const char *name,
    size_t len, char *value)
{
    char                        **field;
    size_t                        i;
    const char                   *error;
    const otter_redis_option_t   *option;

    for (i = 0;
         i < sizeof(otter_redis_options) / sizeof(otter_redis_options[0]);
         i++)
    {
        option = &otter_redis_options[i];

        if (strlen(option->name) != len
            || memcmp(option->name, name, len) != 0)
        {
            continue;
        }

        if (value[0] == '\0') {
            free(value);
            return "an option after \"?\" has no value";
        }

        if (option->kind == OTTER_REDIS_OPTION_OTHER) {
            error = otter_redis_conf_other(conf, option->name, value);
            free(value);
            return error;
        }

        error = NULL;

        if (option->kind == OTTER_REDIS_OPTION_FILE) {
            error = otter_redis_conf_first_line(&value);

        } else if (option->kind == OTTER_REDIS_OPTION_TLS) {
            conf->tls_options = 1;
        }

        if (error == NULL) {
            field = (char **) (void *) ((char *) conf + option->offset);
            free(*field);
            *field = value;
        }

        return error;
    }

    free(value);

    return "after \"?\" it takes db, user, password, password_file, "
           "sentinel_user, sentinel_password, sentinel_password_file, "
           "tls, verify, name, ca, cert and key";
}


static const char *
otter_redis_conf_other(otter_redis_conf_t *conf, const char *name,
    const char *value)
{
    if (strcmp(name, "db") == 0) {
        return otter_redis_conf_db(conf, value);
    }

    if (strcmp(name, "tls") == 0) {
        conf->tls = 1;

        return strcmp(value, "on") == 0 ? NULL : "\"tls\" takes \"on\" alone";
    }

    conf->tls_options = 1;
    conf->no_verify = (strcmp(value, "off") == 0);

    return conf->no_verify || strcmp(value, "on") == 0
           ? NULL : "\"verify\" takes \"on\" or \"off\"";
}


/* the path is replaced by what the file says; released if that fails */

static const char *
otter_redis_conf_first_line(char **value)
{
    int            rc;
    char           error[OTTER_FILE_ERROR_SIZE];
    otter_file_t   file;

    rc = otter_file_read(&file, *value, error);

    free(*value);
    *value = NULL;

    if (rc != 0) {
        return "its password file can't be read";
    }

    if (file.info.st_mode & (S_IWGRP | S_IRWXO)) {
        otter_file_free(&file);
        return "its password file is open to others: chmod 600";
    }

    *value = strndup(file.data, strcspn(file.data, "\r\n"));

    otter_file_free(&file);

    return *value ? NULL : "no memory";
}
