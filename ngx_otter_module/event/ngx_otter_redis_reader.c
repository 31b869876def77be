
/*
 * Copyright (C) Otter contributors
 */

/*
 * hiredis' reader, with replies in a pool that is reset after each of them:
 * nothing is asked of the system for a reply.
 */


#include "ngx_otter_redis_connection.h"


enum {
    NGX_OTTER_REDIS_ELEMENTS_MAX = 1024 * 1024,
    NGX_OTTER_REDIS_READER_KEPT = 256 * 1024
};


#if (HIREDIS_MAJOR)
typedef size_t  ngx_otter_redis_elements_t;
#else
typedef int     ngx_otter_redis_elements_t;
#endif


static void *ngx_otter_redis_reader_string(const redisReadTask *task,
    char *data, size_t len);
static void *ngx_otter_redis_reader_array(const redisReadTask *task,
    ngx_otter_redis_elements_t n);
static void *ngx_otter_redis_reader_integer(const redisReadTask *task,
    long long value);
static void *ngx_otter_redis_reader_nil(const redisReadTask *task);
static void ngx_otter_redis_reader_free(void *reply);
static redisReply *ngx_otter_redis_reader_reply(const redisReadTask *task);


static redisReplyObjectFunctions  ngx_otter_redis_reader_functions = {
    .createString = ngx_otter_redis_reader_string,
    .createArray = ngx_otter_redis_reader_array,
    .createInteger = ngx_otter_redis_reader_integer,
    .createNil = ngx_otter_redis_reader_nil,
    .freeObject = ngx_otter_redis_reader_free
};


redisReader *
ngx_otter_redis_reader_create(ngx_pool_t *pool)
{
    redisReader  *reader;

    reader = redisReaderCreateWithFunctions(&ngx_otter_redis_reader_functions);
    if (reader == NULL) {
        return NULL;
    }

    reader->privdata = pool;
    reader->maxbuf = NGX_OTTER_REDIS_READER_KEPT;

    return reader;
}


static redisReply *
ngx_otter_redis_reader_reply(const redisReadTask *task)
{
    redisReply  *reply, *parent;

    reply = ngx_pcalloc(task->privdata, sizeof(redisReply));
    if (reply == NULL) {
        return NULL;
    }

    reply->type = task->type;

    if (task->parent) {
        parent = task->parent->obj;
        parent->element[task->idx] = reply;
    }

    return reply;
}


static void *
ngx_otter_redis_reader_string(const redisReadTask *task, char *data,
    size_t len)
{
    redisReply  *reply;

    reply = ngx_otter_redis_reader_reply(task);
    if (reply == NULL) {
        return NULL;
    }

    reply->str = ngx_pnalloc(task->privdata, len + 1);
    if (reply->str == NULL) {
        return NULL;
    }

    ngx_memcpy(reply->str, data, len);
    reply->str[len] = '\0';
    reply->len = len;

    return reply;
}


static void *
ngx_otter_redis_reader_array(const redisReadTask *task,
    ngx_otter_redis_elements_t n)
{
    redisReply  *reply;

    reply = ngx_otter_redis_reader_reply(task);
    if (reply == NULL || n > NGX_OTTER_REDIS_ELEMENTS_MAX) {
        return NULL;
    }

    reply->elements = n;

    if (n > 0) {
        reply->element = ngx_pcalloc(task->privdata,
                                     n * sizeof(redisReply *));
        if (reply->element == NULL) {
            return NULL;
        }
    }

    return reply;
}


static void *
ngx_otter_redis_reader_integer(const redisReadTask *task, long long value)
{
    redisReply  *reply;

    reply = ngx_otter_redis_reader_reply(task);
    if (reply == NULL) {
        return NULL;
    }

    reply->integer = value;

    return reply;
}


/* the task's type is that of the string or array that is not there */

static void *
ngx_otter_redis_reader_nil(const redisReadTask *task)
{
    redisReply  *reply;

    reply = ngx_otter_redis_reader_reply(task);
    if (reply == NULL) {
        return NULL;
    }

    reply->type = REDIS_REPLY_NIL;

    return reply;
}


/* the pool has it */

static void
ngx_otter_redis_reader_free(void *reply)
{
}
