
/*
 * Copyright (C) Otter contributors
 */


#include "otter_name.h"
#include "otter_utf8.h"


static int otter_name_has_control(const unsigned char *data, size_t len);


int
otter_room_name_valid(const unsigned char *data, size_t len)
{
    size_t         i;
    unsigned char  c;

    if (len == 0 || len > OTTER_ROOM_NAME_MAX) {
        return 0;
    }

    for (i = 0; i < len; i++) {
        c = data[i];

        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
            || (c >= '0' && c <= '9')
            || c == '.' || c == '_' || c == '~' || c == '-')
        {
            continue;
        }

        return 0;
    }

    /* in a URL these two mean another path */

    return !(data[0] == '.' && (len == 1 || (len == 2 && data[1] == '.')));
}


int
otter_identity_valid(const unsigned char *data, size_t len)
{
    return len > 0 && len <= OTTER_IDENTITY_MAX
           && otter_utf8_valid(data, len)
           && !otter_name_has_control(data, len);
}


int
otter_display_name_valid(const unsigned char *data, size_t len)
{
    return len <= OTTER_DISPLAY_NAME_MAX
           && otter_utf8_valid(data, len)
           && !otter_name_has_control(data, len);
}


int
otter_room_pattern_match(const unsigned char *pattern, size_t plen,
    const unsigned char *room, size_t rlen)
{
    int     starred;
    size_t  p, r, after, retry;

    p = 0;
    r = 0;
    starred = 0;
    after = 0;
    retry = 0;

    /*
     * Only the last star seen may have to take more than it has: whatever
     * fits behind an earlier one fits at its first place, too.
     */

    while (r < rlen) {

        if (p < plen && pattern[p] == '*') {
            starred = 1;
            after = ++p;
            retry = r;

        } else if (p < plen && pattern[p] == room[r]) {
            p++;
            r++;

        } else if (starred) {
            p = after;
            r = ++retry;

        } else {
            return 0;
        }
    }

    while (p < plen && pattern[p] == '*') {
        p++;
    }

    return p == plen;
}


/* C0, DEL and C1 (U+0080 to U+009F) in valid UTF-8 */

static int
otter_name_has_control(const unsigned char *data, size_t len)
{
    size_t  i;

    for (i = 0; i < len; i++) {

        if (data[i] < 0x20 || data[i] == 0x7f) {
            return 1;
        }

        if (data[i] == 0xc2 && i + 1 < len && data[i + 1] < 0xa0) {
            return 1;
        }
    }

    return 0;
}
