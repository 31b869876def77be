
/*
 * Copyright (C) Otter contributors
 */

/*
 * A file of TURN secrets: one a line, the first makes the credentials.
 */


#ifndef OTTER_TURN_SECRET_H_INCLUDED
#define OTTER_TURN_SECRET_H_INCLUDED


#include "otter_core.h"


enum {
    OTTER_TURN_SECRETS_MAX = 8,
    OTTER_TURN_SECRET_MAX = 511        /* coturn takes no longer one */
};


/*
 * Finds the secrets in the text, where they stay.  Returns how many, or 0
 * with *error saying what is wrong.
 */

size_t otter_turn_secrets(otter_span_t secrets[OTTER_TURN_SECRETS_MAX],
    const char *text, size_t len, const char **error);


#endif /* OTTER_TURN_SECRET_H_INCLUDED */
