
/*
 * Copyright (C) Otter contributors
 */

/*
 * The slot of a key in a Redis cluster: CRC-16/XMODEM of its hash tag, which
 * is what stands between the first "{" and the next "}", or of the whole key.
 */


#ifndef OTTER_SLOT_H_INCLUDED
#define OTTER_SLOT_H_INCLUDED


#include "otter_core.h"


enum {
    OTTER_SLOTS = 16384
};


unsigned otter_slot(const unsigned char *key, size_t len);


#endif /* OTTER_SLOT_H_INCLUDED */
