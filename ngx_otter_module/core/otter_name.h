
/*
 * Copyright (C) Otter contributors
 */

/*
 * What may stand as a room's name, an identity and a display name
 * (interface, section 2), and the pattern of an API key's rooms.
 */


#ifndef OTTER_NAME_H_INCLUDED
#define OTTER_NAME_H_INCLUDED


#include "otter_core.h"


/* 1 to 128 of A-Z a-z 0-9 . _ ~ -, but neither "." nor ".." */

int otter_room_name_valid(const unsigned char *data, size_t len);

/* 1 to 128 bytes of UTF-8 with no control character (C0, DEL, C1) */

int otter_identity_valid(const unsigned char *data, size_t len);

/* 0 to 256 bytes, otherwise as an identity */

int otter_display_name_valid(const unsigned char *data, size_t len);

/* "*" stands for any run of characters, also an empty one; all else itself */

int otter_room_pattern_match(const unsigned char *pattern, size_t plen,
    const unsigned char *room, size_t rlen);


#endif /* OTTER_NAME_H_INCLUDED */
