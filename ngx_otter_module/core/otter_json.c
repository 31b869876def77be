
/*
 * Copyright (C) Otter contributors
 */


#include <string.h>

#include "otter_json.h"


enum {
    OTTER_JSON_LEVELS = 64             /* bits in otter_json_value() */
};

static const unsigned char  otter_json_close[] = { ']', '}' };


static const unsigned char *otter_json_scalar(const unsigned char *p,
    const unsigned char *last);
static const unsigned char *otter_json_literal(const unsigned char *p,
    const unsigned char *last, const char *literal, size_t len);
static const unsigned char *otter_json_number(const unsigned char *p,
    const unsigned char *last);
static const unsigned char *otter_json_digits(const unsigned char *p,
    const unsigned char *last);
static const unsigned char *otter_json_string(const unsigned char *p,
    const unsigned char *last);
static const unsigned char *otter_json_skip_escape(const unsigned char *p,
    const unsigned char *last);
static const unsigned char *otter_json_before_value(const unsigned char *p,
    const unsigned char *last, unsigned object);


/*
 * Goes down and up without recursion: "objects" has a bit for each level
 * that is open, the lowest for the innermost, 1 for an object.
 */

const unsigned char *
otter_json_value(const unsigned char *p, const unsigned char *last,
    unsigned depth)
{
    unsigned  level;
    uint64_t  objects;

    level = 0;
    objects = 0;

    for ( ;; ) {

        if (p == last) {
            return NULL;
        }

        if (*p != '{' && *p != '[') {

            p = otter_json_scalar(p, last);
            if (p == NULL) {
                return NULL;
            }

        } else {

            if (level == depth || level == OTTER_JSON_LEVELS) {
                return NULL;
            }

            level++;
            objects = objects << 1 | (*p == '{');

            p = otter_json_space(p + 1, last);

            if (p == last || *p != otter_json_close[objects & 1]) {

                p = otter_json_before_value(p, last, objects & 1);
                if (p == NULL) {
                    return NULL;
                }

                continue;
            }
        }

        /* a value ended before p: what closes, the innermost first? */

        for ( /* void */ ; level; level--) {
            p = otter_json_space(p, last);

            if (p == last || *p != otter_json_close[objects & 1]) {
                break;
            }

            p++;
            objects >>= 1;
        }

        if (level == 0) {
            return p;
        }

        if (p == last || *p != ',') {
            return NULL;
        }

        p = otter_json_space(p + 1, last);

        p = otter_json_before_value(p, last, objects & 1);
        if (p == NULL) {
            return NULL;
        }
    }
}


const unsigned char *
otter_json_space(const unsigned char *p, const unsigned char *last)
{
    while (p < last
           && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
    {
        p++;
    }

    return p;
}


int
otter_json_valid(const unsigned char *data, size_t len)
{
    const unsigned char  *p, *last;

    if (len == 0) {
        return 0;
    }

    last = data + len;

    p = otter_json_value(otter_json_space(data, last), last,
                         OTTER_JSON_DEPTH_MAX);

    return p != NULL && otter_json_space(p, last) == last;
}


static const unsigned char *
otter_json_scalar(const unsigned char *p, const unsigned char *last)
{
    switch (*p) {

    case '"':
        return otter_json_string(p, last);

    case 't':
        return otter_json_literal(p, last, "true", 4);

    case 'f':
        return otter_json_literal(p, last, "false", 5);

    case 'n':
        return otter_json_literal(p, last, "null", 4);

    default:
        return otter_json_number(p, last);
    }
}


static const unsigned char *
otter_json_literal(const unsigned char *p, const unsigned char *last,
    const char *literal, size_t len)
{
    if ((size_t) (last - p) < len || memcmp(p, literal, len) != 0) {
        return NULL;
    }

    return p + len;
}


static const unsigned char *
otter_json_number(const unsigned char *p, const unsigned char *last)
{
    if (*p == '-') {
        p++;
    }

    if (p < last && *p == '0') {
        p++;

    } else {
        p = otter_json_digits(p, last);
    }

    if (p && p < last && *p == '.') {
        p = otter_json_digits(p + 1, last);
    }

    if (p && p < last && (*p == 'e' || *p == 'E')) {
        p++;

        if (p < last && (*p == '+' || *p == '-')) {
            p++;
        }

        p = otter_json_digits(p, last);
    }

    return p;
}


/* one digit or more */

static const unsigned char *
otter_json_digits(const unsigned char *p, const unsigned char *last)
{
    const unsigned char  *start;

    start = p;

    while (p < last && *p >= '0' && *p <= '9') {
        p++;
    }

    return p == start ? NULL : p;
}


/* p is at the opening quote, the result behind the closing one */

static const unsigned char *
otter_json_string(const unsigned char *p, const unsigned char *last)
{
    for (p = otter_json_plain(p + 1, last);
         p < last;
         p = otter_json_plain(p, last))
    {
        if (*p == '"') {
            return p + 1;
        }

        if (*p != '\\') {
            return NULL;
        }

        p = otter_json_skip_escape(p, last);
        if (p == NULL) {
            return NULL;
        }
    }

    return NULL;
}


/* a surrogate without its half is well-formed: the grammar allows it */

static const unsigned char *
otter_json_skip_escape(const unsigned char *p, const unsigned char *last)
{
    uint32_t  unit;

    if (last - p < 2) {
        return NULL;
    }

    switch (p[1]) {

    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
        return p + 2;

    case 'u':
        return otter_json_unit(p, last, &unit) ? p + 6 : NULL;

    default:
        return NULL;
    }
}


/* what stands before a value: nothing in an array, else a name and a colon */

static const unsigned char *
otter_json_before_value(const unsigned char *p, const unsigned char *last,
    unsigned object)
{
    if (!object) {
        return p;
    }

    if (p == last || *p != '"') {
        return NULL;
    }

    p = otter_json_string(p, last);
    if (p == NULL) {
        return NULL;
    }

    p = otter_json_space(p, last);

    if (p == last || *p != ':') {
        return NULL;
    }

    return otter_json_space(p + 1, last);
}
