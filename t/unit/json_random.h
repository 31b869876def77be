
/*
 * Copyright (C) Otter contributors
 */

/*
 * JSON text at random, ways to spoil it, and jansson's opinion of it.
 */


#ifndef OTTER_JSON_RANDOM_H_INCLUDED
#define OTTER_JSON_RANDOM_H_INCLUDED


#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "otter_core.h"
#include "prng.h"


typedef struct {
    size_t          len;
    unsigned char   data[1 << 16];
} text_t;

typedef enum {
    ORACLE_INVALID = 0,
    ORACLE_VALID,
    ORACLE_SILENT              /* valid or not: jansson stops at its limits */
} oracle_t;


static inline void
text_put(text_t *t, const char *s)
{
    size_t  n;

    n = strlen(s);

    if (n > sizeof(t->data) - t->len) {
        abort();
    }

    memcpy(t->data + t->len, s, n);
    t->len += n;
}


static inline const char *
pick(prng_t *r, const char *const *choices, size_t n)
{
    return choices[prng_below(r, n)];
}


static inline void
random_space(prng_t *r, text_t *t)
{
    static const char *const  spaces[] = { " ", "\t", "\r", "\n", "  \r\n" };

    while (prng_below(r, 6) == 0) {
        text_put(t, pick(r, spaces, 5));
    }
}


static inline void
random_string(prng_t *r, text_t *t)
{
    static const char *const  parts[] = {
        "a", "b", "type", "candidate:842163049 1 udp 1677729535", " ", "/",
        "\xc3\xa9", "\xe4\xb8\xad", "\xf0\x9f\x98\x80", "\x7f", "{", "]",
        "\\n", "\\\"", "\\\\", "\\/", "\\b\\f\\r\\t", "\\u0041", "\\u00E9",
        "\\ud83d\\ude00", "\\uFFff", "\\u001f"
    };

    text_put(t, "\"");

    while (prng_below(r, 3)) {
        text_put(t, pick(r, parts, sizeof(parts) / sizeof(parts[0])));
    }

    text_put(t, "\"");
}


static inline void
random_value(prng_t *r, text_t *t, unsigned depth)
{
    int  object, first;

    static const char *const  scalars[] = {
        "true", "false", "null", "0", "-0", "7", "-12", "9007199254740993",
        "0.5", "-1.25e3", "1E+2", "0e-0", "\"\""
    };

    if (depth == 0 || prng_below(r, 3) == 0) {

        if (prng_below(r, 2)) {
            random_string(r, t);

        } else {
            text_put(t, pick(r, scalars,
                             sizeof(scalars) / sizeof(scalars[0])));
        }

        return;
    }

    object = prng_below(r, 2) == 0;
    text_put(t, object ? "{" : "[");

    for (first = 1; prng_below(r, 3); first = 0) {

        if (!first) {
            text_put(t, ",");
        }

        random_space(r, t);

        if (object) {
            random_string(r, t);
            random_space(r, t);
            text_put(t, ":");
            random_space(r, t);
        }

        random_value(r, t, depth - 1);
        random_space(r, t);
    }

    if (first) {
        random_space(r, t);
    }

    text_put(t, object ? "}" : "]");
}


/* one to three bytes changed, put in or taken out, or the end cut off */

static inline void
random_spoil(prng_t *r, text_t *t)
{
    size_t  n, i;

    static const char  bytes[] =
        "{}[],:\"\"\\\\0019-+.eEutfn \t\r\n\v\f\b\x01\x1f\x7f/b";

    for (n = 1 + prng_below(r, 3); n && t->len; n--) {
        i = prng_below(r, t->len);

        switch (prng_below(r, 8)) {

        case 0:
            t->len = i;
            break;

        case 1:
        case 2:
            memmove(t->data + i, t->data + i + 1, t->len - i - 1);
            t->len--;
            break;

        case 3:
        case 4:
            t->data[i] = (unsigned char) bytes[prng_below(r,
                                                   sizeof(bytes) - 1)];
            break;

        case 5:
            t->data[i] ^= (unsigned char) (1 << prng_below(r, 7));
            break;

        default:
            text_put(t, " ");
            memmove(t->data + i + 1, t->data + i, t->len - i - 1);
            t->data[i] = (unsigned char) bytes[prng_below(r,
                                                   sizeof(bytes) - 1)];
            break;
        }
    }
}


/*
 * jansson's tree of any JSON value.  It does not take numbers that its types
 * do not hold, nor halves of surrogate pairs, nor U+0000 in a name; RFC 8259
 * allows all of them.  It takes a zero byte for the end of the text.
 */

static inline oracle_t
oracle_load(const unsigned char *text, size_t len, json_t **tree)
{
    json_error_t  error;

    *tree = NULL;

    if (memchr(text, '\0', len)) {
        return ORACLE_INVALID;
    }

    *tree = json_loadb((const char *) text, len,
                       JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);

    if (*tree) {
        return ORACLE_VALID;
    }

    switch (json_error_code(&error)) {

    case json_error_numeric_overflow:
    case json_error_null_byte_in_key:
    case json_error_stack_overflow:
        return ORACLE_SILENT;

    default:
        return strstr(error.text, "invalid Unicode") ? ORACLE_SILENT
                                                     : ORACLE_INVALID;
    }
}


/* of valid JSON: the levels, and the members or elements of the first */

static inline unsigned
oracle_depth(const unsigned char *text, size_t len, unsigned *members)
{
    int       string, empty;
    size_t    i;
    unsigned  depth, deepest, commas;

    string = 0;
    empty = 1;
    depth = 0;
    deepest = 0;
    commas = 0;

    for (i = 0; i < len; i++) {

        if (depth == 1 && !strchr(" \t\r\n]}", text[i])) {
            empty = 0;
        }

        if (string) {

            if (text[i] == '\\') {
                i++;

            } else if (text[i] == '"') {
                string = 0;
            }

            continue;
        }

        switch (text[i]) {

        case '"':
            string = 1;
            break;

        case '{':
        case '[':
            depth++;
            deepest = depth > deepest ? depth : deepest;
            break;

        case '}':
        case ']':
            depth--;
            break;

        case ',':
            commas += depth == 1;
            break;
        }
    }

    *members = empty ? 0 : commas + 1;

    return deepest;
}


#endif /* OTTER_JSON_RANDOM_H_INCLUDED */
