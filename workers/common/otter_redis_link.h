
/*
 * Copyright (C) Otter contributors
 */

/*
 * One connection to one Redis server: TCP, a unix socket or TLS, with an end
 * to every wait.  The protocol is hiredis's; its own connections have no TLS.
 */


#ifndef OTTER_REDIS_LINK_H_INCLUDED
#define OTTER_REDIS_LINK_H_INCLUDED


#include <hiredis/hiredis.h>
#include <openssl/ssl.h>
#include <stdint.h>

#include "otter_redis_conf.h"


typedef struct {
    int            fd;                 /* -1: closed */
    SSL           *ssl;
    redisReader   *reader;
    char           error[OTTER_REDIS_ERROR_SIZE];
} otter_redis_link_t;


/* of TLS; NULL with a sentence in error */

SSL_CTX *otter_redis_link_tls(const otter_redis_conf_t *conf,
    char error[OTTER_REDIS_ERROR_SIZE]);

/*
 * Connects until "end" (otter_clock()) at the latest; ctx NULL: no TLS.  All
 * return 0, or -1 with a sentence in link->error and the link closed.
 */

int otter_redis_link_open(otter_redis_link_t *link,
    const otter_redis_conf_t *conf, const otter_redis_host_t *host,
    SSL_CTX *ctx, int64_t end);
int otter_redis_link_send(otter_redis_link_t *link, const char *data,
    size_t len, int64_t end);

/*
 * The next reply; NULL: there was none until then (late is set, and the
 * link is as it was), or the link is closed.
 */

redisReply *otter_redis_link_reply(otter_redis_link_t *link, int64_t end,
    unsigned *late);

void otter_redis_link_close(otter_redis_link_t *link);


#endif /* OTTER_REDIS_LINK_H_INCLUDED */
