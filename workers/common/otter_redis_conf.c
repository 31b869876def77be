
/*
 * Copyright (C) Otter contributors
 */


#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "otter_redis_conf.h"


typedef struct {
    const char          *name;
    const char          *port;         /* NULL: a unix socket */
    otter_redis_kind_t   kind;
    unsigned             tls;
} otter_redis_scheme_t;


static const char *otter_redis_conf_url(otter_redis_conf_t *conf,
    const char *url);
static const char *otter_redis_conf_unix(otter_redis_conf_t *conf,
    const char *path);
static const char *otter_redis_conf_server(otter_redis_conf_t *conf,
    const otter_redis_scheme_t *scheme, const char *p);
static const char *otter_redis_conf_login(otter_redis_conf_t *conf,
    const char *p, const char *last);
static const char *otter_redis_conf_path(otter_redis_conf_t *conf,
    const char *p, const char *last);
static const char *otter_redis_conf_hosts(otter_redis_conf_t *conf,
    const otter_redis_scheme_t *scheme, const char *p, const char *last);
static const char *otter_redis_conf_host(otter_redis_conf_t *conf,
    const char *port, const char *p, const char *last);
static void otter_redis_conf_wipe(char *secret);


static const otter_redis_scheme_t  otter_redis_schemes[] = {
    { "redis://", "6379", OTTER_REDIS_SINGLE, 0 },
    { "rediss://", "6379", OTTER_REDIS_SINGLE, 1 },
    { "unix:", NULL, OTTER_REDIS_SINGLE, 0 },
    { "sentinel://", "26379", OTTER_REDIS_SENTINEL, 0 },
    { "sentinels://", "26379", OTTER_REDIS_SENTINEL, 1 },
    { "cluster://", "6379", OTTER_REDIS_CLUSTER, 0 },
    { "clusters://", "6379", OTTER_REDIS_CLUSTER, 1 }
};


int
otter_redis_conf_add(otter_redis_conf_t *conf, const char *url,
    char error[OTTER_REDIS_ERROR_SIZE])
{
    const char  *reason;

    reason = otter_redis_conf_url(conf, url);

    if (reason) {
        snprintf(error, OTTER_REDIS_ERROR_SIZE,
                 "this is no URL of a Redis: %s", reason);
        return -1;
    }

    return 0;
}


int
otter_redis_conf_check(const otter_redis_conf_t *conf,
    char error[OTTER_REDIS_ERROR_SIZE])
{
    const char  *reason;

    reason = NULL;

    if (conf->nhosts == 0) {
        reason = "there is none";

    } else if (conf->login.user && conf->login.password == NULL) {
        reason = "the user has no password";

    } else if (conf->kind != OTTER_REDIS_SENTINEL
               && (conf->sentinel_login.user
                   || conf->sentinel_login.password))
    {
        reason = "there are no sentinels to log in to";

    } else if (conf->tls_options && !conf->tls) {
        reason = "it has options of TLS, but TLS is not on: "
                 "rediss:// or \"tls=on\"";

    } else if (conf->tls && conf->hosts[0].port == NULL) {
        reason = "there is no TLS over a unix socket";

    } else if (conf->db && conf->kind == OTTER_REDIS_CLUSTER) {
        reason = "a cluster has no other database than 0";
    }

    if (reason) {
        snprintf(error, OTTER_REDIS_ERROR_SIZE, "the URL of Redis: %s",
                 reason);
        return -1;
    }

    return 0;
}


static const char *
otter_redis_conf_url(otter_redis_conf_t *conf, const char *url)
{
    size_t                       i;
    const otter_redis_scheme_t  *scheme;

    for (i = 0;
         i < sizeof(otter_redis_schemes) / sizeof(otter_redis_schemes[0]);
         i++)
    {
        scheme = &otter_redis_schemes[i];

        if (strncmp(url, scheme->name, strlen(scheme->name)) != 0) {
            continue;
        }

        if (conf->nhosts && (conf->kind != scheme->kind
                             || scheme->kind == OTTER_REDIS_SINGLE))
        {
            return "several servers need sentinel:// or cluster://, and the "
                   "same of them everywhere";
        }

        conf->kind = scheme->kind;

        if (scheme->tls) {
            conf->tls = 1;
        }

        url += strlen(scheme->name);

        return scheme->port ? otter_redis_conf_server(conf, scheme, url)
                            : otter_redis_conf_unix(conf, url);
    }

    return "it must begin with redis://, rediss://, unix:, sentinel:// or "
           "cluster://";
}


static const char *
otter_redis_conf_unix(otter_redis_conf_t *conf, const char *path)
{
    const char  *last, *error;

    last = path + strcspn(path, "?");
    error = "a path must follow \"unix:\"";

    if (last == path) {
        return error;
    }

    conf->hosts[0].host = otter_redis_conf_decode(path, last, &error);

    if (conf->hosts[0].host == NULL) {
        return error;
    }

    conf->nhosts = 1;

    return *last ? otter_redis_conf_options(conf, last + 1) : NULL;
}


static const char *
otter_redis_conf_server(otter_redis_conf_t *conf,
    const otter_redis_scheme_t *scheme, const char *p)
{
    const char  *hosts, *at, *end, *question, *error;

    end = p + strcspn(p, "/?");

    /* a "/" or "?" of a password would end the host, which is quoted then */

    if (strchr(end, '@')) {
        return "\"@\", \"/\" and \"?\" must be percent-encoded in a password";
    }

    hosts = p;

    for (at = end; at > p; at--) {
        if (at[-1] == '@') {
            hosts = at;
            break;
        }
    }

    if (hosts > p) {
        error = otter_redis_conf_login(conf, p, hosts - 1);
        if (error) {
            return error;
        }
    }

    error = otter_redis_conf_hosts(conf, scheme, hosts, end);
    if (error) {
        return error;
    }

    question = end + strcspn(end, "?");

    error = otter_redis_conf_path(conf, *end == '/' ? end + 1 : end, question);
    if (error) {
        return error;
    }

    return *question ? otter_redis_conf_options(conf, question + 1) : NULL;
}


static const char *
otter_redis_conf_login(otter_redis_conf_t *conf, const char *p,
    const char *last)
{
    const char  *colon, *error;

    colon = memchr(p, ':', (size_t) (last - p));

    if (colon == NULL) {
        return "a password must follow the user name: "
               "redis://user:password@host";
    }

    error = NULL;

    otter_redis_conf_wipe(conf->login.password);
    free(conf->login.user);

    conf->login.user = NULL;
    conf->login.password = otter_redis_conf_decode(colon + 1, last, &error);

    if (colon > p && error == NULL) {
        conf->login.user = otter_redis_conf_decode(p, colon, &error);
    }

    return error;
}


/* "/master/db" of sentinels, "/db" of others */

static const char *
otter_redis_conf_path(otter_redis_conf_t *conf, const char *p,
    const char *last)
{
    char        *part;
    const char  *slash, *error;

    error = NULL;

    if (conf->kind == OTTER_REDIS_SENTINEL) {
        slash = memchr(p, '/', (size_t) (last - p));

        if (slash == NULL) {
            slash = last;
        }

        part = otter_redis_conf_decode(p, slash, &error);
        if (part == NULL) {
            return error;
        }

        if (part[0] == '\0'
            || (conf->master && strcmp(conf->master, part) != 0))
        {
            free(part);
            return "the name of the master must follow the sentinels, the "
                   "same one everywhere: sentinel://host:port,host:port/name";
        }

        free(conf->master);
        conf->master = part;

        p = slash < last ? slash + 1 : last;
    }

    if (p == last) {
        return NULL;
    }

    part = otter_redis_conf_decode(p, last, &error);
    if (part == NULL) {
        return error;
    }

    error = otter_redis_conf_db(conf, part);
    free(part);

    return error;
}


const char *
otter_redis_conf_db(otter_redis_conf_t *conf, const char *value)
{
    size_t  len;

    len = strlen(value);

    if (len == 0 || len > 5 || strspn(value, "0123456789") != len) {
        return "the database must be a number";
    }

    conf->db = (unsigned) strtoul(value, NULL, 10);

    return NULL;
}


static const char *
otter_redis_conf_hosts(otter_redis_conf_t *conf,
    const otter_redis_scheme_t *scheme, const char *p, const char *last)
{
    const char  *comma, *error;

    for ( ;; ) {
        comma = memchr(p, ',', (size_t) (last - p));

        if (comma && scheme->kind == OTTER_REDIS_SINGLE) {
            return "several servers need sentinel:// or cluster://";
        }

        error = otter_redis_conf_host(conf, scheme->port, p,
                                      comma ? comma : last);

        if (error || comma == NULL) {
            return error;
        }

        p = comma + 1;
    }
}


static const char *
otter_redis_conf_host(otter_redis_conf_t *conf, const char *port,
    const char *p, const char *last)
{
    const char          *colon, *end;
    otter_redis_host_t  *host;

    if (conf->nhosts == OTTER_REDIS_HOSTS_MAX) {
        return "there are too many servers";
    }

    if (p < last && *p == '[') {
        end = memchr(p, ']', (size_t) (last - p));

        if (end == NULL) {
            return "\"]\" is missing";
        }

        p++;
        colon = end + 1 < last ? end + 1 : NULL;

        if (colon && *colon != ':') {
            return "a port must follow \"]\"";
        }

    } else {
        colon = memchr(p, ':', (size_t) (last - p));
        end = colon ? colon : last;
    }

    if (end == p) {
        return "there is no host in it";
    }

    host = &conf->hosts[conf->nhosts++];
    host->host = strndup(p, (size_t) (end - p));
    host->port = colon ? strndup(colon + 1, (size_t) (last - colon - 1))
                       : strdup(port);

    if (host->host == NULL || host->port == NULL) {
        return "no memory";
    }

    if (host->port[0] == '\0' || strlen(host->port) > 5
        || host->port[strspn(host->port, "0123456789")] != '\0'
        || strtoul(host->port, NULL, 10) > 65535)
    {
        return "the port is none";
    }

    return NULL;
}


char *
otter_redis_conf_decode(const char *text, const char *last,
    const char **error)
{
    char      *value, *dst;
    unsigned   n;

    value = malloc((size_t) (last - text) + 1);
    if (value == NULL) {
        *error = "no memory";
        return NULL;
    }

    dst = value;

    for (/* void */; text < last; text++) {

        if (*text != '%') {
            *dst++ = *text;
            continue;
        }

        if (last - text < 3 || strspn(text + 1, "0123456789abcdefABCDEF") < 2
            || sscanf(text + 1, "%2x", &n) != 1  /* NOLINT(cert-err34-c) */
            || n == 0)
        {
            free(value);
            *error = "\"%\" must be followed by two hexadecimal digits";
            return NULL;
        }

        *dst++ = (char) n;
        text += 2;
    }

    *dst = '\0';

    return value;
}


void
otter_redis_conf_free(otter_redis_conf_t *conf)
{
    size_t  i;

    for (i = 0; i < conf->nhosts; i++) {
        free(conf->hosts[i].host);
        free(conf->hosts[i].port);
    }

    free(conf->master);
    free(conf->login.user);
    free(conf->sentinel_login.user);
    free(conf->name);
    free(conf->ca);
    free(conf->cert);
    free(conf->key);

    otter_redis_conf_wipe(conf->login.password);
    otter_redis_conf_wipe(conf->sentinel_login.password);

    memset(conf, 0, sizeof(*conf));
}


static void
otter_redis_conf_wipe(char *secret)
{
    if (secret) {
        OPENSSL_cleanse(secret, strlen(secret));
        free(secret);
    }
}
