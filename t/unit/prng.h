
/*
 * Copyright (C) Otter contributors
 */

/*
 * Numbers that look random and are the same in every run (splitmix64).
 */


#ifndef OTTER_PRNG_H_INCLUDED
#define OTTER_PRNG_H_INCLUDED


#include <stddef.h>
#include <stdint.h>


typedef struct {
    uint64_t  state;
} prng_t;


static inline uint64_t
prng_next(prng_t *r)
{
    uint64_t  z;

    r->state += 0x9e3779b97f4a7c15;

    z = r->state;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;

    return z ^ z >> 31;
}


/* 0 to n - 1 */

static inline size_t
prng_below(prng_t *r, size_t n)
{
    return (size_t) (prng_next(r) % n);
}


#endif /* OTTER_PRNG_H_INCLUDED */
