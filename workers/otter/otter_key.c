
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "otter_apikey.h"
#include "otter_key.h"


json_t *
otter_key_hex(const unsigned char *hash)
{
    char    hex[2 * OTTER_APIKEY_HASH_SIZE + 1];
    size_t  i;

    for (i = 0; i < OTTER_APIKEY_HASH_SIZE; i++) {
        snprintf(hex + 2 * i, 3, "%02x", hash[i]);
    }

    return json_string(hex);
}


int
otter_key_rate(const char *text, int64_t *rate)
{
    size_t  len;

    len = strspn(text, "0123456789");

    if (len == 0 || len > 7 || text[len] != '\0') {
        return -1;
    }

    *rate = strtol(text, NULL, 10);

    return *rate >= 1 && *rate <= OTTER_APIKEY_RATE_MAX ? 0 : -1;
}
