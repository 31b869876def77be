
/*
 * Copyright (C) Otter contributors
 */

/*
 * A companion's Redis: one server, the master that sentinels name, or a
 * cluster.  Calls wait for the answer, for a few seconds at most.  A
 * connection that is lost is made again by the call that needs it, not
 * sooner than a backoff allows: until then calls fail at once.
 *
 * What a call that failed was to do may have been done all the same.
 */


#ifndef OTTER_REDIS_H_INCLUDED
#define OTTER_REDIS_H_INCLUDED


#include <hiredis/hiredis.h>
#include <stdint.h>

#include "otter_redis_conf.h"


typedef struct otter_redis_s  otter_redis_t;

/* a command, and what came back */

typedef struct {
    char         *text;
    size_t        len;
    unsigned      slot;                /* of its key */
    redisReply   *reply;
} otter_redis_request_t;


/* conf has to stay; NULL with a sentence in error */

otter_redis_t *otter_redis_create(const otter_redis_conf_t *conf,
    char error[OTTER_REDIS_ERROR_SIZE]);
void otter_redis_free(otter_redis_t *r);

/* how long a call may take, in milliseconds; 3000 at first */

void otter_redis_timeout(otter_redis_t *r, int64_t ms);

/* 1: connected, if need be just now; 0: otter_redis_error() says why not */

int otter_redis_up(otter_redis_t *r);
const char *otter_redis_error(const otter_redis_t *r);

/* milliseconds until it is of use to try again; 0: now */

int64_t otter_redis_due(const otter_redis_t *r);

/*
 * One command, in hiredis's format (%s, %b with its size_t, %lld ...).  A
 * cluster is asked at the node of "key"; NULL: any node.  Returns the reply
 * for freeReplyObject(), which may be an error that Redis told; NULL: there
 * is no connection.
 */

redisReply *otter_redis_command(otter_redis_t *r, const char *key,
    const char *fmt, ...);
redisReply *otter_redis_argv(otter_redis_t *r, const char *key, int argc,
    const char **argv, const size_t *lens);

/*
 * A script by its SHA-1, and by its text if Redis has lost it.  argv is what
 * follows the script: the number of keys, the keys, the arguments.
 */

redisReply *otter_redis_script(otter_redis_t *r, const char *key,
    const char *script, int argc, const char **argv, const size_t *lens);

/*
 * Many at once: format each, run them, look at each reply, clear.  Formatting
 * fails without memory alone (-1).  otter_redis_run() returns 0 with every
 * reply filled in, or -1 with some of them NULL.
 */

int otter_redis_format(otter_redis_request_t *request, const char *key,
    const char *fmt, ...);
int otter_redis_format_argv(otter_redis_request_t *request, const char *key,
    int argc, const char **argv, const size_t *lens);
int otter_redis_run(otter_redis_t *r, otter_redis_request_t *requests,
    size_t n);
void otter_redis_clear(otter_redis_request_t *requests, size_t n);

/*
 * The nodes of a cluster, for commands like SCAN that see one alone; 1 where
 * there is no cluster, 0 where there is no connection.
 */

size_t otter_redis_nodes(otter_redis_t *r);
redisReply *otter_redis_command_on(otter_redis_t *r, size_t node,
    const char *fmt, ...);

/*
 * After SUBSCRIBE and the like (a connection of its own, and no cluster): the
 * next message.  NULL with *late set: none came within that time; NULL
 * without: the connection is lost, and the subscriptions with it.
 */

redisReply *otter_redis_receive(otter_redis_t *r, int64_t ms,
    unsigned *late);

/* 1: the reply is that status or string */

int otter_redis_says(const redisReply *reply, const char *word);

/* 1: the reply is an error, and begins with that word; NULL: any error */

int otter_redis_failed(const redisReply *reply, const char *word);


#endif /* OTTER_REDIS_H_INCLUDED */
