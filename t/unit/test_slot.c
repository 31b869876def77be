
/*
 * Copyright (C) Otter contributors
 */


#include "otter_slot.h"
#include "tap.h"


typedef struct {
    const char  *key;
    unsigned     slot;
} sample_t;


/* what CLUSTER KEYSLOT of Redis 7.0 says */

static const sample_t  samples[] = {
    { "", 0 },
    { "a", 15495 },
    { "123456789", 12739 },            /* the check value, 0x31c3 */
    { "foo", 12182 },
    { "otter:{foo}", 12182 },
    { "otter:{foo}:m", 12182 },
    { "{foo}{bar}", 12182 },
    { "{foo", 13308 },
    { "foo}", 15679 },
    { "}{foo}", 12182 },
    { "{}foo", 9500 },
    { "{{foo}", 13308 },
    { "{", 4092 },
    { "\303\244", 13929 }
};


int
main(void)
{
    size_t           i;
    const sample_t  *sample;

    for (i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        sample = &samples[i];

        tap_ok(otter_slot((const unsigned char *) sample->key,
                          strlen(sample->key))
               == sample->slot, "\"%s\"", sample->key);
    }

    return tap_done();
}
