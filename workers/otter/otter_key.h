
/*
 * Copyright (C) Otter contributors
 */

/*
 * What the subcommands of "otter key" have in common.
 */


#ifndef OTTER_KEY_H_INCLUDED
#define OTTER_KEY_H_INCLUDED


#include "otter_keydb.h"


/* for the help of each of them */

#define OTTER_KEY_PLACES                                                     \
    "  --file F          the file of API keys\n"                             \
    "  --redis URL       or Redis, as otter_redis has it; a password is\n"   \
    "                    best in a file: redis://host?password_file=F\n"     \
    "  --redis-prefix P  otter_redis_prefix (default: otter:)\n"


/* SHA-256 as a string of hex digits; NULL: no memory */

json_t *otter_key_hex(const unsigned char *hash);

/* requests a second; -1: it is none */

int otter_key_rate(const char *text, int64_t *rate);


#endif /* OTTER_KEY_H_INCLUDED */
