
/*
 * Copyright (C) Otter contributors
 */


#include <string.h>

#include "otter_deflate.h"


enum {
    OTTER_DEFLATE_VALUE_MAX = 8        /* a longer one is none of ours */
};

/* parameters that were there */

enum {
    OTTER_DEFLATE_SERVER_TAKEOVER = 0x01,
    OTTER_DEFLATE_CLIENT_TAKEOVER = 0x02,
    OTTER_DEFLATE_SERVER_BITS = 0x04,
    OTTER_DEFLATE_CLIENT_BITS = 0x08
};


/* a list of extensions that is being read */

typedef struct {
    const unsigned char  *pos;
    const unsigned char  *last;
    otter_span_t          name;        /* of an extension or parameter */
    unsigned char         value[OTTER_DEFLATE_VALUE_MAX];
    size_t                value_len;   /* greater: too long for any */
    unsigned              has_value:1;
} otter_deflate_list_t;


static otter_deflate_rc_t otter_deflate_extension(otter_deflate_list_t *list,
    otter_deflate_t *deflate);
static int otter_deflate_parameter(otter_deflate_list_t *list,
    otter_deflate_t *deflate, unsigned *seen);
static int otter_deflate_bits(const otter_deflate_list_t *list,
    uint8_t *bits);
static int otter_deflate_named(const otter_deflate_list_t *list,
    const char *name);
static int otter_deflate_token(otter_deflate_list_t *list);
static int otter_deflate_value(otter_deflate_list_t *list);
static int otter_deflate_quoted(otter_deflate_list_t *list);
static void otter_deflate_value_add(otter_deflate_list_t *list,
    unsigned char ch);
static int otter_deflate_is(otter_deflate_list_t *list, unsigned char ch);
static int otter_deflate_tchar(unsigned char ch);


otter_deflate_rc_t
otter_deflate_offer(const unsigned char *data, size_t len,
    otter_deflate_t *deflate)
{
    otter_deflate_t       offer;
    otter_deflate_rc_t    rc, found;
    otter_deflate_list_t  list;

    memset(&list, 0, sizeof(otter_deflate_list_t));

    list.pos = data;
    list.last = data + len;
    found = OTTER_DEFLATE_NONE;

    for ( ;; ) {

        while (otter_deflate_is(&list, ',')) {
            /* empty elements are allowed: RFC 9110, section 5.6.1 */
        }

        if (list.pos == list.last) {
            return found;
        }

        rc = otter_deflate_extension(&list, &offer);

        if (rc == OTTER_DEFLATE_MALFORMED) {
            return rc;
        }

        if (rc == OTTER_DEFLATE_ACCEPTED && found == OTTER_DEFLATE_NONE) {
            found = rc;
            *deflate = offer;
        }

        if (list.pos < list.last && *list.pos != ',') {
            return OTTER_DEFLATE_MALFORMED;
        }
    }
}


size_t
otter_deflate_answer(const otter_deflate_t *deflate, unsigned char *buf)
{
    unsigned char  *p;

    static const char  answer[] = "permessage-deflate; "
                                  "server_no_context_takeover; "
                                  "client_no_context_takeover";
    static const char  bits[] = "; server_max_window_bits=";

    p = buf;

    memcpy(p, answer, sizeof(answer) - 1);
    p += sizeof(answer) - 1;

    if (deflate->told) {
        memcpy(p, bits, sizeof(bits) - 1);
        p += sizeof(bits) - 1;

        if (deflate->window_bits >= 10) {
            *p++ = '1';
        }

        *p++ = (unsigned char) ('0' + deflate->window_bits % 10);
    }

    return (size_t) (p - buf);
}


static otter_deflate_rc_t
otter_deflate_extension(otter_deflate_list_t *list, otter_deflate_t *deflate)
{
    int       good;
    unsigned  seen;

    if (!otter_deflate_token(list)) {
        return OTTER_DEFLATE_MALFORMED;
    }

    good = otter_deflate_named(list, "permessage-deflate");
    seen = 0;

    deflate->window_bits = OTTER_DEFLATE_BITS_MAX;
    deflate->told = 0;

    while (otter_deflate_is(list, ';')) {

        if (!otter_deflate_token(list)) {
            return OTTER_DEFLATE_MALFORMED;
        }

        list->has_value = 0;
        list->value_len = 0;

        if (otter_deflate_is(list, '=')) {
            list->has_value = 1;

            if (!otter_deflate_value(list)) {
                return OTTER_DEFLATE_MALFORMED;
            }
        }

        good = good && otter_deflate_parameter(list, deflate, &seen);
    }

    return good ? OTTER_DEFLATE_ACCEPTED : OTTER_DEFLATE_NONE;
}


/* 0: the offer is to be declined (RFC 7692, section 7) */

static int
otter_deflate_parameter(otter_deflate_list_t *list, otter_deflate_t *deflate,
    unsigned *seen)
{
    uint8_t   bits;
    unsigned  bit;

    if (otter_deflate_named(list, "server_no_context_takeover")) {
        bit = OTTER_DEFLATE_SERVER_TAKEOVER;

    } else if (otter_deflate_named(list, "client_no_context_takeover")) {
        bit = OTTER_DEFLATE_CLIENT_TAKEOVER;

    } else if (otter_deflate_named(list, "server_max_window_bits")) {
        bit = OTTER_DEFLATE_SERVER_BITS;

    } else if (otter_deflate_named(list, "client_max_window_bits")) {
        bit = OTTER_DEFLATE_CLIENT_BITS;

    } else {
        return 0;
    }

    if (*seen & bit) {
        return 0;
    }

    *seen |= bit;

    switch (bit) {

    case OTTER_DEFLATE_SERVER_BITS:

        if (!otter_deflate_bits(list, &bits)
            || bits < OTTER_DEFLATE_BITS_MIN)
        {
            return 0;
        }

        deflate->window_bits = bits;
        deflate->told = 1;

        return 1;

    case OTTER_DEFLATE_CLIENT_BITS:

        /* a hint: the server has room for any window */

        return !list->has_value || otter_deflate_bits(list, &bits);

    default:
        return !list->has_value;
    }
}


/* 8 to 15 with no zero in front */

static int
otter_deflate_bits(const otter_deflate_list_t *list, uint8_t *bits)
{
    const unsigned char  *v;

    v = list->value;

    if (list->value_len == 1 && (v[0] == '8' || v[0] == '9')) {
        *bits = (uint8_t) (v[0] - '0');
        return 1;
    }

    if (list->value_len == 2 && v[0] == '1' && v[1] >= '0' && v[1] <= '5') {
        *bits = (uint8_t) (10 + v[1] - '0');
        return 1;
    }

    return 0;
}


static int
otter_deflate_named(const otter_deflate_list_t *list, const char *name)
{
    return list->name.len == strlen(name)
           && memcmp(list->name.data, name, list->name.len) == 0;
}


static int
otter_deflate_token(otter_deflate_list_t *list)
{
    list->name.data = list->pos;

    while (list->pos < list->last && otter_deflate_tchar(*list->pos)) {
        list->pos++;
    }

    list->name.len = (size_t) (list->pos - list->name.data);

    /* takes the space behind it */

    (void) otter_deflate_is(list, '\0');

    return list->name.len != 0;
}


/* a token, or a string in quotes that is one when they are taken off */

static int
otter_deflate_value(otter_deflate_list_t *list)
{
    if (list->pos < list->last && *list->pos == '"') {
        return otter_deflate_quoted(list);
    }

    while (list->pos < list->last && otter_deflate_tchar(*list->pos)) {
        otter_deflate_value_add(list, *list->pos++);
    }

    (void) otter_deflate_is(list, '\0');

    return list->value_len != 0;
}


static int
otter_deflate_quoted(otter_deflate_list_t *list)
{
    list->pos++;

    while (list->pos < list->last && *list->pos != '"') {

        if (*list->pos == '\\' && ++list->pos == list->last) {
            return 0;
        }

        if (!otter_deflate_tchar(*list->pos)) {
            return 0;
        }

        otter_deflate_value_add(list, *list->pos++);
    }

    if (list->pos == list->last) {
        return 0;
    }

    list->pos++;
    (void) otter_deflate_is(list, '\0');

    return list->value_len != 0;
}


static void
otter_deflate_value_add(otter_deflate_list_t *list, unsigned char ch)
{
    if (list->value_len < OTTER_DEFLATE_VALUE_MAX) {
        list->value[list->value_len] = ch;
    }

    list->value_len++;
}


/* skips white space; if that character follows, skips it and what is behind */

static int
otter_deflate_is(otter_deflate_list_t *list, unsigned char ch)
{
    int  found;

    for (found = 0; list->pos < list->last; list->pos++) {

        if (*list->pos == ' ' || *list->pos == '\t') {
            continue;
        }

        if (found || ch == '\0' || *list->pos != ch) {
            break;
        }

        found = 1;
    }

    return found;
}


/* RFC 9110, section 5.6.2 */

static int
otter_deflate_tchar(unsigned char ch)
{
    if ((ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z')
        || (ch >= '0' && ch <= '9'))
    {
        return 1;
    }

    return ch != '\0' && strchr("!#$%&'*+-.^_`|~", ch) != NULL;
}
