
/*
 * Copyright (C) Otter contributors
 */


#include <string.h>

#include "otter_json.h"
#include "otter_object.h"
#include "otter_utf8.h"


enum {
    OTTER_OBJECT_DIGITS = 18           /* that fit an int64_t, whichever */
};


static int otter_object_plain(otter_object_t *object,
    const unsigned char *p, const unsigned char *last);
static int otter_object_known(const otter_object_t *object,
    const otter_span_t *name);
static const unsigned char *otter_object_string(otter_span_t *text,
    const unsigned char *p, const unsigned char *last);
static const unsigned char *otter_object_value(otter_value_t *value,
    const unsigned char *p, const unsigned char *last);
static const unsigned char *otter_object_integer(int64_t *number,
    const unsigned char *p, const unsigned char *last);
static const unsigned char *otter_object_literal(otter_value_t *value,
    const unsigned char *p, const unsigned char *last);
static otter_object_rc_t otter_object_tree(otter_object_t *object,
    const unsigned char *data, size_t len);
static void otter_object_of_tree(const json_t *tree, otter_value_t *value);


otter_object_rc_t
otter_object_read(otter_object_t *object, const unsigned char *data,
    size_t len)
{
    object->tree = NULL;
    object->nmembers = 0;

    if (!otter_utf8_valid(data, len)) {
        return OTTER_OBJECT_NOT_UTF8;
    }

    if (otter_object_plain(object, data, data + len)) {
        return OTTER_OBJECT_OK;
    }

    return otter_object_tree(object, data, len);
}


void
otter_object_free(otter_object_t *object)
{
    json_decref(object->tree);
    object->tree = NULL;
}


/* 0: it is not, or there is something wrong with it, which a tree will tell */

static int
otter_object_plain(otter_object_t *object, const unsigned char *p,
    const unsigned char *last)
{
    otter_member_t  *m;

    p = otter_json_space(p, last);

    if (p == last || *p != '{') {
        return 0;
    }

    p = otter_json_space(p + 1, last);

    if (p < last && *p == '}') {
        return otter_json_space(p + 1, last) == last;
    }

    while (object->nmembers < OTTER_OBJECT_MEMBERS) {
        m = &object->members[object->nmembers];

        p = otter_object_string(&m->name, p, last);

        if (p == NULL || otter_object_known(object, &m->name)) {
            return 0;
        }

        p = otter_json_space(p, last);

        if (p == last || *p != ':') {
            return 0;
        }

        p = otter_object_value(&m->value, otter_json_space(p + 1, last),
                               last);
        if (p == NULL) {
            return 0;
        }

        object->nmembers++;

        p = otter_json_space(p, last);

        if (p < last && *p == '}') {
            return otter_json_space(p + 1, last) == last;
        }

        if (p == last || *p != ',') {
            return 0;
        }

        p = otter_json_space(p + 1, last);
    }

    return 0;
}


static int
otter_object_known(const otter_object_t *object, const otter_span_t *name)
{
    size_t               i;
    const otter_span_t  *known;

    for (i = 0; i < object->nmembers; i++) {
        known = &object->members[i].name;

        if (known->len == name->len
            && memcmp(known->data, name->data, name->len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


static const unsigned char *
otter_object_string(otter_span_t *text, const unsigned char *p,
    const unsigned char *last)
{
    const unsigned char  *end;

    if (p == last || *p != '"') {
        return NULL;
    }

    end = otter_json_plain(++p, last);

    if (end == last || *end != '"') {
        return NULL;
    }

    text->data = p;
    text->len = (size_t) (end - p);

    return end + 1;
}


static const unsigned char *
otter_object_value(otter_value_t *value, const unsigned char *p,
    const unsigned char *last)
{
    value->tree = NULL;

    if (p == last) {
        return NULL;
    }

    if (*p == '"') {
        value->type = OTTER_VALUE_STRING;
        return otter_object_string(&value->text, p, last);
    }

    if (*p == '-' || (*p >= '0' && *p <= '9')) {
        value->type = OTTER_VALUE_INTEGER;
        return otter_object_integer(&value->number, p, last);
    }

    return otter_object_literal(value, p, last);
}


/* what follows is the caller's: of a real that is a dot or an "e", no comma */

static const unsigned char *
otter_object_integer(int64_t *number, const unsigned char *p,
    const unsigned char *last)
{
    int64_t               n;
    unsigned              negative;
    const unsigned char  *start;

    negative = *p == '-';
    p += negative;

    n = 0;

    for (start = p; p < last && *p >= '0' && *p <= '9'; p++) {
        if (p - start == OTTER_OBJECT_DIGITS) {
            return NULL;
        }

        n = n * 10 + (*p - '0');
    }

    if (p == start || (*start == '0' && p - start > 1)) {
        return NULL;
    }

    *number = negative ? -n : n;

    return p;
}


static const unsigned char *
otter_object_literal(otter_value_t *value, const unsigned char *p,
    const unsigned char *last)
{
    size_t  len;

    len = (size_t) (last - p);

    if (len >= 4 && memcmp(p, "true", 4) == 0) {
        value->type = OTTER_VALUE_TRUE;
        return p + 4;
    }

    if (len >= 5 && memcmp(p, "false", 5) == 0) {
        value->type = OTTER_VALUE_FALSE;
        return p + 5;
    }

    if (len >= 4 && memcmp(p, "null", 4) == 0) {
        value->type = OTTER_VALUE_NULL;
        return p + 4;
    }

    return NULL;
}


static otter_object_rc_t
otter_object_tree(otter_object_t *object, const unsigned char *data,
    size_t len)
{
    json_t        *tree;
    json_error_t   error;

    /* the scanner bounds the depth before jansson recurses */

    if (!otter_json_valid(data, len)) {
        return OTTER_OBJECT_NOT_JSON;
    }

    tree = json_loadb((const char *) data, len,
                      JSON_REJECT_DUPLICATES|JSON_DECODE_ANY, &error);

    if (tree == NULL) {

        switch (json_error_code(&error)) {

        case json_error_out_of_memory:
            return OTTER_OBJECT_NO_MEMORY;

        case json_error_duplicate_key:
            return OTTER_OBJECT_TWICE;

        case json_error_null_character:
            return OTTER_OBJECT_ZERO;

        case json_error_numeric_overflow:
            return OTTER_OBJECT_TOO_LARGE;

        default:
            return OTTER_OBJECT_NOT_JSON;
        }
    }

    if (!json_is_object(tree)) {
        json_decref(tree);
        return OTTER_OBJECT_OTHER;
    }

    object->tree = tree;

    return OTTER_OBJECT_OK;
}


void
otter_object_get(const otter_object_t *object, const char *name,
    otter_value_t *value)
{
    size_t                 i, len;
    const otter_member_t  *m;

    if (object->tree) {
        otter_object_of_tree(json_object_get(object->tree, name), value);
        return;
    }

    len = strlen(name);

    for (i = 0; i < object->nmembers; i++) {
        m = &object->members[i];

        if (m->name.len == len && memcmp(m->name.data, name, len) == 0) {
            *value = m->value;
            return;
        }
    }

    value->type = OTTER_VALUE_ABSENT;
}


static void
otter_object_of_tree(const json_t *tree, otter_value_t *value)
{
    value->tree = tree;

    if (tree == NULL) {
        value->type = OTTER_VALUE_ABSENT;
        return;
    }

    switch (json_typeof(tree)) {

    case JSON_STRING:
        value->type = OTTER_VALUE_STRING;
        value->text.data = (const unsigned char *) json_string_value(tree);
        value->text.len = json_string_length(tree);
        break;

    case JSON_INTEGER:
        value->type = OTTER_VALUE_INTEGER;
        value->number = json_integer_value(tree);
        break;

    case JSON_TRUE:
        value->type = OTTER_VALUE_TRUE;
        break;

    case JSON_FALSE:
        value->type = OTTER_VALUE_FALSE;
        break;

    case JSON_NULL:
        value->type = OTTER_VALUE_NULL;
        break;

    default: /* JSON_OBJECT, JSON_ARRAY, JSON_REAL */
        value->type = OTTER_VALUE_OTHER;
        break;
    }
}


int
otter_value_is(const otter_value_t *value, const char *text)
{
    return value->type == OTTER_VALUE_STRING
           && value->text.len == strlen(text)
           && memcmp(value->text.data, text, value->text.len) == 0;
}
