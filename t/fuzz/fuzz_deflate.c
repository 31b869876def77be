
/*
 * Copyright (C) Otter contributors
 */

/*
 * Offers of permessage-deflate: what is accepted has a window that there is,
 * and the answer to it is itself an offer of just that; an extension that is
 * not known changes nothing, on either side.
 */


#include <stdlib.h>
#include <string.h>

#include "otter_deflate.h"


enum {
    FUZZ_OFFER_MAX = 4096
};


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static void
fuzz_must(int good)
{
    if (!good) {
        abort();
    }
}


static void
check_same(otter_deflate_rc_t rc, const otter_deflate_t *deflate,
    const unsigned char *data, size_t size)
{
    otter_deflate_t  again;

    memset(&again, 0, sizeof(otter_deflate_t));

    fuzz_must(otter_deflate_offer(data, size, &again) == rc);
    fuzz_must(rc != OTTER_DEFLATE_ACCEPTED
              || (again.window_bits == deflate->window_bits
                  && again.told == deflate->told));
}


static void
check_answer(const otter_deflate_t *deflate)
{
    size_t         len;
    unsigned char  answer[OTTER_DEFLATE_ANSWER_MAX];

    fuzz_must(deflate->window_bits >= OTTER_DEFLATE_BITS_MIN
              && deflate->window_bits <= OTTER_DEFLATE_BITS_MAX);
    fuzz_must(deflate->told
              || deflate->window_bits == OTTER_DEFLATE_BITS_MAX);

    len = otter_deflate_answer(deflate, answer);

    fuzz_must(len <= sizeof(answer));
    check_same(OTTER_DEFLATE_ACCEPTED, deflate, answer, len);
}


/* with another extension before it, and after it */

static void
check_neighbours(otter_deflate_rc_t rc, const otter_deflate_t *deflate,
    const uint8_t *data, size_t size)
{
    static unsigned char  buf[FUZZ_OFFER_MAX + 16];

    static const unsigned char  before[] = "x;a=\"b\\c\" ,";
    static const unsigned char  after[] = "\t, x; y";

    memcpy(buf, before, sizeof(before) - 1);
    memcpy(buf + sizeof(before) - 1, data, size);
    check_same(rc, deflate, buf, size + sizeof(before) - 1);

    memcpy(buf, data, size);
    memcpy(buf + size, after, sizeof(after) - 1);
    check_same(rc, deflate, buf, size + sizeof(after) - 1);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned char       *copy;
    otter_deflate_t      deflate;
    otter_deflate_rc_t   rc;

    if (size > FUZZ_OFFER_MAX) {
        return 0;
    }

    /* just the size, so that an overrun is seen */

    copy = malloc(size ? size : 1);
    if (copy == NULL) {
        return 0;
    }

    memcpy(copy, data, size);
    memset(&deflate, 0, sizeof(otter_deflate_t));

    rc = otter_deflate_offer(copy, size, &deflate);

    if (rc == OTTER_DEFLATE_ACCEPTED) {
        check_answer(&deflate);
    }

    if (rc != OTTER_DEFLATE_MALFORMED) {
        check_neighbours(rc, &deflate, data, size);
    }

    free(copy);

    return 0;
}
