
/*
 * Copyright (C) Otter contributors
 */

/*
 * What the reading of a file of API keys (otter_apikeys.c) and the checking
 * of a key (otter_apikey.c) share.  Inside of core/.
 */


#ifndef OTTER_APIKEYS_H_INCLUDED
#define OTTER_APIKEYS_H_INCLUDED


#include <jansson.h>

#include "otter_apikey.h"


struct otter_apikeys_s {
    size_t           nkeys;
    otter_apikey_t  *keys;             /* sorted by id */
    json_t          *root;             /* the spans lie in it */
};


/* compares two of otter_apikey_t by id, for qsort() and bsearch() */

int otter_apikey_compare(const void *one, const void *two);


#endif /* OTTER_APIKEYS_H_INCLUDED */
