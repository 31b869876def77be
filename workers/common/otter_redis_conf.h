
/*
 * Copyright (C) Otter contributors
 */

/*
 * Where Redis is: the URLs that "otter_redis" takes, and no others.
 *
 *     redis://[user:password@]host[:port][/db]        rediss:// with TLS
 *     unix:/path
 *     sentinel://host[:port][,host...]/master[/db]    sentinels://
 *     cluster://host[:port][,host...]                 clusters://
 *
 * After "?": db user password password_file sentinel_user sentinel_password
 * sentinel_password_file tls=on verify=off name ca cert key, with "&" between.
 */


#ifndef OTTER_REDIS_CONF_H_INCLUDED
#define OTTER_REDIS_CONF_H_INCLUDED


#include <stddef.h>


enum {
    OTTER_REDIS_HOSTS_MAX = 16,
    OTTER_REDIS_ERROR_SIZE = 512
};

typedef enum {
    OTTER_REDIS_SINGLE = 0,
    OTTER_REDIS_SENTINEL,
    OTTER_REDIS_CLUSTER
} otter_redis_kind_t;

typedef struct {
    char   *host;                      /* of a unix socket, its path */
    char   *port;                      /* NULL: a unix socket */
} otter_redis_host_t;

typedef struct {
    char   *user;
    char   *password;
} otter_redis_login_t;

typedef struct {
    otter_redis_kind_t    kind;
    otter_redis_host_t    hosts[OTTER_REDIS_HOSTS_MAX];
    size_t                nhosts;
    char                 *master;      /* its name at the sentinels */
    otter_redis_login_t   login;
    otter_redis_login_t   sentinel_login;
    char                 *name;        /* in the certificate */
    char                 *ca;
    char                 *cert;
    char                 *key;
    unsigned              db;
    unsigned              tls:1;
    unsigned              no_verify:1;
    unsigned              tls_options:1;
} otter_redis_conf_t;


/*
 * Starts out from zeroes; more URLs of the same kind add hosts.  Returns 0,
 * or -1 with a sentence in error, which never shows a password.
 */

int otter_redis_conf_add(otter_redis_conf_t *conf, const char *url,
    char error[OTTER_REDIS_ERROR_SIZE]);

/* after the last one: what does not go together */

int otter_redis_conf_check(const otter_redis_conf_t *conf,
    char error[OTTER_REDIS_ERROR_SIZE]);

void otter_redis_conf_free(otter_redis_conf_t *conf);


/* within otter_redis_conf*.c: text up to last, without percent-encoding */

char *otter_redis_conf_decode(const char *text, const char *last,
    const char **error);
const char *otter_redis_conf_db(otter_redis_conf_t *conf, const char *value);
const char *otter_redis_conf_options(otter_redis_conf_t *conf,
    const char *text);


#endif /* OTTER_REDIS_CONF_H_INCLUDED */
