
/*
 * Copyright (C) Otter contributors
 */

/*
 * Random names and secrets from OpenSSL's generator.
 */


#ifndef OTTER_RANDOM_H_INCLUDED
#define OTTER_RANDOM_H_INCLUDED


#include "otter_core.h"


/*
 * Fills dst with len characters of 0-9 a-z A-Z, each of them equally likely
 * (5.95 bits of entropy); no terminating zero.  Returns 0, or -1 if there is
 * no randomness.
 */

int otter_random_name(unsigned char *dst, size_t len);

int otter_random_bytes(unsigned char *dst, size_t len);


#endif /* OTTER_RANDOM_H_INCLUDED */
