
/*
 * Copyright (C) Otter contributors
 */

/*
 * The members of a JSON object.  One that is plain, as most bodies and claims
 * are, is looked at where it lies: strings without an escape, integers, and
 * the literals.  Any other becomes a tree of jansson's; who asks for a member
 * sees no difference.
 */


#ifndef OTTER_OBJECT_H_INCLUDED
#define OTTER_OBJECT_H_INCLUDED


#include <jansson.h>

#include "otter_core.h"


enum {
    OTTER_OBJECT_MEMBERS = 16          /* of a plain one */
};

typedef enum {
    OTTER_VALUE_ABSENT = 0,
    OTTER_VALUE_STRING,
    OTTER_VALUE_INTEGER,
    OTTER_VALUE_TRUE,
    OTTER_VALUE_FALSE,
    OTTER_VALUE_NULL,
    OTTER_VALUE_OTHER                  /* object, array, or real */
} otter_value_type_t;

typedef struct {
    otter_value_type_t   type;
    otter_span_t         text;         /* of a string, in UTF-8 */
    int64_t              number;
    const json_t        *tree;         /* OTTER_VALUE_OTHER */
} otter_value_t;

typedef struct {
    otter_span_t         name;
    otter_value_t        value;
} otter_member_t;

typedef struct {
    json_t              *tree;         /* NULL: it is plain */
    size_t               nmembers;
    otter_member_t       members[OTTER_OBJECT_MEMBERS];
} otter_object_t;

/* what a text is that is no object */

typedef enum {
    OTTER_OBJECT_OK = 0,
    OTTER_OBJECT_NOT_JSON,             /* or more than 32 levels */
    OTTER_OBJECT_NOT_UTF8,
    OTTER_OBJECT_TWICE,                /* a name in one object, at any level */
    OTTER_OBJECT_ZERO,                 /* U+0000 in a string */
    OTTER_OBJECT_TOO_LARGE,            /* a number */
    OTTER_OBJECT_OTHER,                /* a sound value, but no object */
    OTTER_OBJECT_NO_MEMORY
} otter_object_rc_t;


/*
 * Strings point into data, or into the tree, which otter_object_free()
 * releases; there is nothing to free unless the result is OTTER_OBJECT_OK.
 */

otter_object_rc_t otter_object_read(otter_object_t *object,
    const unsigned char *data, size_t len);

void otter_object_free(otter_object_t *object);

/* OTTER_VALUE_ABSENT: there is no member of that name */

void otter_object_get(const otter_object_t *object, const char *name,
    otter_value_t *value);

/* 1: the value is this string */

int otter_value_is(const otter_value_t *value, const char *text);


#endif /* OTTER_OBJECT_H_INCLUDED */
