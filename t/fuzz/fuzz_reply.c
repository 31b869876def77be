
/*
 * Copyright (C) Otter contributors
 */

/*
 * Replies of Redis, as hiredis reads them into the pool of a connection: the
 * same replies whatever the cuts, and each of them whole.  The first byte is
 * a seed for the cuts.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <stdlib.h>

#include "ngx_otter_redis_connection.h"
#include "prng.h"


enum {
    FUZZ_TEXT_MAX = 1024 * 1024,
    FUZZ_BLOCKS_MAX = 65536,
    FUZZ_REPLY_MAX = 65536
};

/* what was read, as text */

typedef struct {
    char      *data;
    size_t     len;
    unsigned   failed:1;
} text_t;


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static void
fuzz_must(int good)
{
    if (!good) {
        abort();
    }
}


/*
 * A pool for these tests: each allocation is its own, so that an overrun, and
 * a use after the reset, is seen.
 */

static struct {
    void    *blocks[FUZZ_BLOCKS_MAX];
    size_t   n;
} fuzz_pool;


void *
ngx_pnalloc(ngx_pool_t *pool, size_t size)
{
    void  *p;

    if (size > FUZZ_TEXT_MAX || fuzz_pool.n == FUZZ_BLOCKS_MAX) {
        return NULL;
    }

    p = malloc(size ? size : 1);
    if (p) {
        fuzz_pool.blocks[fuzz_pool.n++] = p;
    }

    return p;
}


void *
ngx_pcalloc(ngx_pool_t *pool, size_t size)
{
    void  *p;

    p = ngx_pnalloc(pool, size);
    if (p) {
        memset(p, 0, size);
    }

    return p;
}


static void
fuzz_pool_reset(void)
{
    while (fuzz_pool.n) {
        free(fuzz_pool.blocks[--fuzz_pool.n]);
    }
}


static void
text_add(text_t *text, const void *data, size_t len)
{
    fuzz_must(len <= FUZZ_TEXT_MAX - text->len);
    memcpy(text->data + text->len, data, len);
    text->len += len;
}


static void
text_number(text_t *text, char kind, long long value)
{
    int   n;
    char  buf[32];

    n = snprintf(buf, sizeof(buf), "%c%lld ", kind, value);
    text_add(text, buf, (size_t) n);
}


static void
text_reply(text_t *text, const redisReply *reply)
{
    size_t  i;

    fuzz_must(reply != NULL);
    text_number(text, 't', reply->type);

    switch (reply->type) {

    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
    case REDIS_REPLY_ERROR:
        fuzz_must(reply->str[reply->len] == '\0');
        text_number(text, 's', (long long) reply->len);
        text_add(text, reply->str, reply->len);
        break;

    case REDIS_REPLY_INTEGER:
        text_number(text, 'i', reply->integer);
        break;

    case REDIS_REPLY_ARRAY:
        text_number(text, 'n', (long long) reply->elements);

        for (i = 0; i < reply->elements; i++) {
            text_reply(text, reply->element[i]);
        }

        break;

    default:
        break;
    }
}


static void
read_all(text_t *text, const uint8_t *data, size_t size, prng_t *cuts)
{
    void         *reply;
    size_t        n;
    redisReader  *reader;

    text->len = 0;
    text->failed = 0;

    reader = ngx_otter_redis_reader_create(NULL);
    fuzz_must(reader != NULL);

    while (size && !text->failed) {
        n = cuts ? 1 + prng_below(cuts, size < 64 ? size : 64) : size;

        fuzz_must(redisReaderFeed(reader, (const char *) data, n)
                  == REDIS_OK);
        data += n;
        size -= n;

        for ( ;; ) {
            if (redisReaderGetReply(reader, &reply) != REDIS_OK) {
                text->failed = 1;
                break;
            }

            if (reply == NULL) {
                break;
            }

            text_reply(text, reply);
            fuzz_pool_reset();
        }
    }

    redisReaderFree(reader);
    fuzz_pool_reset();
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    prng_t         cuts;

    static text_t  whole, parts;

    if (size < 1 || size > FUZZ_REPLY_MAX) {
        return 0;
    }

    if (whole.data == NULL) {
        whole.data = malloc(FUZZ_TEXT_MAX);
        parts.data = malloc(FUZZ_TEXT_MAX);
        fuzz_must(whole.data && parts.data);
    }

    cuts.state = data[0];

    read_all(&whole, data + 1, size - 1, NULL);
    read_all(&parts, data + 1, size - 1, &cuts);

    fuzz_must(whole.failed == parts.failed && whole.len == parts.len
              && memcmp(whole.data, parts.data, whole.len) == 0);

    return 0;
}
