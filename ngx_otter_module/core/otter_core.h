
/*
 * Copyright (C) Otter contributors
 */

/*
 * What every part of core/ shares.  core/ is plain C11: no nginx header, no
 * I/O, no globals.  Memory is the caller's unless a function says otherwise.
 */


#ifndef OTTER_CORE_H_INCLUDED
#define OTTER_CORE_H_INCLUDED


#include <stddef.h>
#include <stdint.h>


#define OTTER_VERSION  "0.1.0"


/* a stretch of bytes that lies elsewhere; not terminated; data NULL: absent */

typedef struct {
    const unsigned char  *data;
    size_t                len;
} otter_span_t;


/* the longest room name and identity, in bytes (interface, section 2) */

enum {
    OTTER_ROOM_NAME_MAX = 128,
    OTTER_IDENTITY_MAX = 128,
    OTTER_DISPLAY_NAME_MAX = 256,
    OTTER_METADATA_MAX = 4096
};


#endif /* OTTER_CORE_H_INCLUDED */
