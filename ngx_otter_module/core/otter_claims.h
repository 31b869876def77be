
/*
 * Copyright (C) Otter contributors
 */

/*
 * The claims of a join token, from and to a JSON object.  Inside of core/:
 * for otter_token.c.
 */


#ifndef OTTER_CLAIMS_H_INCLUDED
#define OTTER_CLAIMS_H_INCLUDED


#include <jansson.h>

#include "otter_token.h"


/*
 * Fills in *claims from payload and holds a reference to it with
 * OTTER_TOKEN_OK; otherwise *claims is as before.
 */

otter_token_rc_t otter_claims_read(otter_claims_t *claims, json_t *payload);

/* the checks that need a clock */

otter_token_rc_t otter_claims_check_time(const otter_claims_t *claims,
    int64_t now);

/* the object to sign, for json_decref(); NULL: no memory, or not valid */

json_t *otter_claims_write(const otter_claims_t *claims);


#endif /* OTTER_CLAIMS_H_INCLUDED */
