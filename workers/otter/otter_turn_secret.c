
/*
 * Copyright (C) Otter contributors
 */


#include <string.h>

#include "otter_turn_secret.h"


static otter_span_t otter_turn_secret_trim(const char *start,
    const char *last);


size_t
otter_turn_secrets(otter_span_t secrets[OTTER_TURN_SECRETS_MAX],
    const char *text, size_t len, const char **error)
{
    size_t        n;
    const char   *p, *last, *end;
    otter_span_t  secret;

    n = 0;
    last = text + len;

    for (p = text; p < last; p = end + 1) {
        end = memchr(p, '\n', (size_t) (last - p));

        if (end == NULL) {
            end = last;
        }

        secret = otter_turn_secret_trim(p, end);

        if (secret.len == 0) {
            continue;
        }

        if (n == OTTER_TURN_SECRETS_MAX) {
            *error = "it has more than eight lines";
            return 0;
        }

        if (secret.len > OTTER_TURN_SECRET_MAX) {
            *error = "a secret in it is longer than 511 bytes";
            return 0;
        }

        secrets[n++] = secret;
    }

    if (n == 0) {
        *error = "it has no secret";
    }

    return n;
}


static otter_span_t
otter_turn_secret_trim(const char *start, const char *last)
{
    otter_span_t  secret;

    while (start < last && (*start == ' ' || *start == '\t')) {
        start++;
    }

    while (start < last
           && (last[-1] == ' ' || last[-1] == '\t' || last[-1] == '\r'))
    {
        last--;
    }

    secret.data = (const unsigned char *) start;
    secret.len = (size_t) (last - start);

    return secret;
}
