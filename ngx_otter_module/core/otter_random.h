
/*
 * Copyright (C) Otter contributors
 */

/*
 * Random names and secrets from OpenSSL's generator.
 */


#ifndef OTTER_RANDOM_H_INCLUDED
#define OTTER_RANDOM_H_INCLUDED


#include "otter_core.h"


enum {
    OTTER_RANDOM_POOL_SIZE = 2048
};


/*
 * Fills dst with len characters of 0-9 a-z A-Z, each of them equally likely
 * (5.95 bits of entropy); no terminating zero.  Returns 0, or -1 if there is
 * no randomness.
 */

int otter_random_name(unsigned char *dst, size_t len);

int otter_random_bytes(unsigned char *dst, size_t len);

/*
 * Bytes that were asked for ahead of time, for who needs a few at a time and
 * often.  What has been given out is overwritten.  All zero: an empty one.
 * After fork() each process must begin with an empty one.
 */

typedef struct {
    size_t         left;
    unsigned char  bytes[OTTER_RANDOM_POOL_SIZE];
} otter_random_pool_t;

/* as otter_random_name() */

int otter_random_pool_name(otter_random_pool_t *pool, unsigned char *dst,
    size_t len);


#endif /* OTTER_RANDOM_H_INCLUDED */
