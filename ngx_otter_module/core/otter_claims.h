
/*
 * Copyright (C) Otter contributors
 */

/*
 * The claims of a join token, from and to a JSON object.  Inside of core/:
 * for otter_token.c.
 */


#ifndef OTTER_CLAIMS_H_INCLUDED
#define OTTER_CLAIMS_H_INCLUDED


#include "otter_object.h"
#include "otter_token.h"


/*
 * Fills in *claims from payload, whose memory becomes that of the claims with
 * OTTER_TOKEN_OK once the caller has put it there; otherwise *claims is as
 * before.
 */

otter_token_rc_t otter_claims_read(otter_claims_t *claims,
    const otter_object_t *payload);

/* the checks that need a clock */

otter_token_rc_t otter_claims_check_time(const otter_claims_t *claims,
    int64_t now);

/*
 * The text to sign, with a zero, for free(); *len is without the zero.  NULL:
 * no memory, or a claim is not valid.
 */

char *otter_claims_write(const otter_claims_t *claims, size_t *len);


#endif /* OTTER_CLAIMS_H_INCLUDED */
