
/*
 * Copyright (C) Otter contributors
 */


#include <string.h>

#include "otter_envelope.h"
#include "otter_json.h"


enum {
    OTTER_ENVELOPE_MEMBERS_MAX = 64,
    OTTER_ENVELOPE_COLLISIONS_MAX = 8,
    OTTER_ENVELOPE_WORD_MAX = 16       /* known names and types are shorter */
};

/* the members that some type knows */

typedef enum {
    OTTER_MEMBER_TYPE = 0,
    OTTER_MEMBER_TO,
    OTTER_MEMBER_DATA,
    OTTER_MEMBER_REF,
    OTTER_MEMBER_PEER,
    OTTER_MEMBER_NAME,
    OTTER_MEMBER_METADATA,
    OTTER_MEMBER_TOKEN,
    OTTER_MEMBER_SEQ,
    OTTER_MEMBER_MAX_PEERS,
    OTTER_MEMBER_LOCKED,
    OTTER_MEMBER_LOBBY,
    OTTER_MEMBERS,
    OTTER_MEMBER_UNKNOWN = OTTER_MEMBERS
} otter_member_t;

typedef enum {
    OTTER_KIND_ANY = 0,
    OTTER_KIND_STRING,
    OTTER_KIND_OBJECT,
    OTTER_KIND_NATURAL,                /* 0 or more */
    OTTER_KIND_POSITIVE,               /* 1 or more */
    OTTER_KIND_BOOLEAN
} otter_kind_t;

typedef struct {
    const char            *name;
    size_t                 len;
    otter_kind_t           kind;
    size_t                 offset;     /* in otter_envelope_t */
    const char            *detail;
} otter_member_rule_t;

typedef struct {
    const char            *name;
    unsigned               needs;      /* a bit for each member */
    unsigned               takes;
} otter_type_rule_t;

/* the insides of names, with hashes for those that are not known */

typedef struct {
    otter_span_t           name;
    uint64_t               hash;
} otter_envelope_name_t;

typedef struct {
    otter_span_t           values[OTTER_MEMBERS];
    otter_envelope_name_t  unknown[OTTER_ENVELOPE_MEMBERS_MAX];
    unsigned               nunknown;
    unsigned               nmembers;
    unsigned               seen;       /* a bit for each member */
    unsigned               collisions;
} otter_envelope_scan_t;


static const char *otter_envelope_begin(otter_envelope_t *e,
    otter_envelope_scan_t *s, const unsigned char *text, size_t len);
static const char *otter_envelope_scan(otter_envelope_scan_t *s,
    const unsigned char *text, size_t len);
static const unsigned char *otter_envelope_member(otter_envelope_scan_t *s,
    const unsigned char *p, const unsigned char *last, const char **detail);
static otter_member_t otter_envelope_lookup(const otter_span_t *name);
static otter_member_t otter_envelope_known(const unsigned char *name,
    size_t len);
static const char *otter_envelope_note(otter_envelope_scan_t *s,
    otter_member_t member, const otter_span_t *name);
static const char *otter_envelope_note_unknown(otter_envelope_scan_t *s,
    const otter_span_t *name);
static const char *otter_envelope_type(otter_envelope_t *e,
    const otter_span_t *value);
static const char *otter_envelope_fill(otter_envelope_t *e,
    const otter_type_rule_t *type, const otter_span_t *values);
static int otter_envelope_set(otter_envelope_t *e,
    const otter_member_rule_t *rule, const otter_span_t *value);
static int64_t otter_envelope_integer(const otter_span_t *value);
static otter_span_t otter_envelope_inside(const otter_span_t *string);


static const otter_member_rule_t  otter_member_rules[] = {

    [OTTER_MEMBER_TYPE] = {
        "type", 4, OTTER_KIND_STRING, 0, "type must be a string" },

    [OTTER_MEMBER_TO] = {
        "to", 2, OTTER_KIND_STRING, offsetof(otter_envelope_t, to),
        "to must be a string" },

    [OTTER_MEMBER_DATA] = {
        "data", 4, OTTER_KIND_ANY, offsetof(otter_envelope_t, data),
        "data is missing" },

    [OTTER_MEMBER_REF] = {
        "ref", 3, OTTER_KIND_ANY, offsetof(otter_envelope_t, ref), "" },

    [OTTER_MEMBER_PEER] = {
        "peer", 4, OTTER_KIND_STRING, offsetof(otter_envelope_t, peer),
        "peer must be a string" },

    [OTTER_MEMBER_NAME] = {
        "name", 4, OTTER_KIND_STRING, offsetof(otter_envelope_t, name),
        "name must be a string" },

    [OTTER_MEMBER_METADATA] = {
        "metadata", 8, OTTER_KIND_OBJECT, offsetof(otter_envelope_t, metadata),
        "metadata must be an object" },

    [OTTER_MEMBER_TOKEN] = {
        "token", 5, OTTER_KIND_STRING, offsetof(otter_envelope_t, token),
        "token must be a string" },

    [OTTER_MEMBER_SEQ] = {
        "seq", 3, OTTER_KIND_NATURAL, offsetof(otter_envelope_t, seq),
        "seq must be an integer of 0 or more" },

    [OTTER_MEMBER_MAX_PEERS] = {
        "max_peers", 9, OTTER_KIND_POSITIVE,
        offsetof(otter_envelope_t, max_peers),
        "max_peers must be an integer of 1 or more" },

    [OTTER_MEMBER_LOCKED] = {
        "locked", 6, OTTER_KIND_BOOLEAN, offsetof(otter_envelope_t, locked),
        "locked must be true or false" },

    [OTTER_MEMBER_LOBBY] = {
        "lobby", 5, OTTER_KIND_BOOLEAN, offsetof(otter_envelope_t, lobby),
        "lobby must be true or false" }
};


static const otter_type_rule_t  otter_type_rules[] = {

    [OTTER_ENVELOPE_SIGNAL] = {
        "signal", 1 << OTTER_MEMBER_TO | 1 << OTTER_MEMBER_DATA, 0 },

    [OTTER_ENVELOPE_MESSAGE] = {
        "message", 1 << OTTER_MEMBER_DATA, 0 },

    [OTTER_ENVELOPE_UPDATE] = {
        "update", 0, 1 << OTTER_MEMBER_NAME | 1 << OTTER_MEMBER_METADATA },

    [OTTER_ENVELOPE_ACK] = {
        "ack", 1 << OTTER_MEMBER_SEQ, 0 },

    [OTTER_ENVELOPE_TOKEN] = {
        "token", 1 << OTTER_MEMBER_TOKEN, 0 },

    [OTTER_ENVELOPE_KICK] = {
        "kick", 1 << OTTER_MEMBER_PEER, 0 },

    [OTTER_ENVELOPE_ADMIT] = {
        "admit", 1 << OTTER_MEMBER_PEER, 0 },

    [OTTER_ENVELOPE_DENY] = {
        "deny", 1 << OTTER_MEMBER_PEER, 0 },

    [OTTER_ENVELOPE_ROOM] = {
        "room", 0, 1 << OTTER_MEMBER_LOCKED | 1 << OTTER_MEMBER_LOBBY
                   | 1 << OTTER_MEMBER_MAX_PEERS },

    [OTTER_ENVELOPE_LEAVE] = {
        "leave", 0, 0 }
};


static const char  otter_envelope_not_json[] =
    "not valid JSON or nested deeper than 32 levels";


const char *
otter_envelope_parse(otter_envelope_t *e, const unsigned char *text,
    size_t len)
{
    const char             *detail;
    otter_envelope_scan_t   s;

    detail = otter_envelope_begin(e, &s, text, len);
    if (detail) {
        return detail;
    }

    detail = otter_envelope_type(e, &s.values[OTTER_MEMBER_TYPE]);
    if (detail) {
        return detail;
    }

    return otter_envelope_fill(e, &otter_type_rules[e->type], s.values);
}


const char *
otter_envelope_parse_posted(otter_envelope_t *e, const unsigned char *text,
    size_t len)
{
    const char             *detail;
    otter_envelope_scan_t   s;

    static const otter_type_rule_t  posted = {
        "", 1 << OTTER_MEMBER_DATA, 1 << OTTER_MEMBER_TO
    };

    detail = otter_envelope_begin(e, &s, text, len);
    if (detail) {
        return detail;
    }

    e->type = OTTER_ENVELOPE_MESSAGE;

    return otter_envelope_fill(e, &posted, s.values);
}


static const char *
otter_envelope_begin(otter_envelope_t *e, otter_envelope_scan_t *s,
    const unsigned char *text, size_t len)
{
    const char  *detail;

    memset(e, 0, sizeof(otter_envelope_t));

    e->max_peers = -1;
    e->locked = OTTER_ENVELOPE_UNSET;
    e->lobby = OTTER_ENVELOPE_UNSET;

    /* not the names: there are as many as nunknown says */

    memset(s->values, 0, sizeof(s->values));
    s->nunknown = 0;
    s->nmembers = 0;
    s->seen = 0;
    s->collisions = 0;

    detail = otter_envelope_scan(s, text, len);

    e->ref = s->values[OTTER_MEMBER_REF];

    return detail;
}


/* goes through the whole text once and notes where the known values lie */

static const char *
otter_envelope_scan(otter_envelope_scan_t *s, const unsigned char *text,
    size_t len)
{
    const char           *detail;
    const unsigned char  *p, *last;

    if (len == 0) {
        return "not a JSON object";
    }

    last = text + len;
    p = otter_json_space(text, last);

    if (p == last || *p != '{') {
        return "not a JSON object";
    }

    p = otter_json_space(p + 1, last);

    if (p == last || *p != '}') {

        do {
            p = otter_envelope_member(s, p, last, &detail);
            if (p == NULL) {
                return detail;
            }

        } while (*p++ == ',');

    } else {
        p++;
    }

    if (otter_json_space(p, last) != last) {
        return otter_envelope_not_json;
    }

    return NULL;
}


/*
 * Takes a name and a value, with white space around them, and returns the
 * comma or brace behind; NULL and a detail if there is anything else.
 */

static const unsigned char *
otter_envelope_member(otter_envelope_scan_t *s, const unsigned char *p,
    const unsigned char *last, const char **detail)
{
    otter_span_t    name, value;
    otter_member_t  member;

    *detail = otter_envelope_not_json;

    p = otter_json_space(p, last);

    if (p == last || *p != '"') {
        return NULL;
    }

    name.data = p;

    p = otter_json_value(p, last, 0);
    if (p == NULL) {
        return NULL;
    }

    name.len = (size_t) (p - name.data);
    name = otter_envelope_inside(&name);

    p = otter_json_space(p, last);

    if (p == last || *p != ':') {
        return NULL;
    }

    value.data = otter_json_space(p + 1, last);

    /* the object around it is the first level */

    p = otter_json_value(value.data, last, OTTER_JSON_DEPTH_MAX - 1);
    if (p == NULL) {
        return NULL;
    }

    value.len = (size_t) (p - value.data);

    p = otter_json_space(p, last);

    if (p == last || (*p != ',' && *p != '}')) {
        return NULL;
    }

    member = otter_envelope_lookup(&name);

    *detail = otter_envelope_note(s, member, &name);
    if (*detail) {
        return NULL;
    }

    if (member != OTTER_MEMBER_UNKNOWN) {
        s->values[member] = value;
    }

    return p;
}


static otter_member_t
otter_envelope_lookup(const otter_span_t *name)
{
    int64_t         n;
    otter_member_t  member;
    unsigned char   word[OTTER_ENVELOPE_WORD_MAX];

    member = otter_envelope_known(name->data, name->len);

    if (member != OTTER_MEMBER_UNKNOWN
        || name->len == 0
        || memchr(name->data, '\\', name->len) == NULL)
    {
        return member;
    }

    n = otter_json_unescape(word, sizeof(word), name->data, name->len);

    return n > 0 ? otter_envelope_known(word, (size_t) n)
                 : OTTER_MEMBER_UNKNOWN;
}


static otter_member_t
otter_envelope_known(const unsigned char *name, size_t len)
{
    unsigned                    i;
    const otter_member_rule_t  *rule;

    for (i = 0; i < OTTER_MEMBERS; i++) {
        rule = &otter_member_rules[i];

        if (rule->len == len && memcmp(rule->name, name, len) == 0) {
            return (otter_member_t) i;
        }
    }

    return OTTER_MEMBER_UNKNOWN;
}


/* refuses a name that was there before, and too many names */

static const char *
otter_envelope_note(otter_envelope_scan_t *s, otter_member_t member,
    const otter_span_t *name)
{
    if (s->nmembers == OTTER_ENVELOPE_MEMBERS_MAX) {
        return "too many members";
    }

    s->nmembers++;

    if (member == OTTER_MEMBER_UNKNOWN) {
        return otter_envelope_note_unknown(s, name);
    }

    if (s->seen & 1u << member) {
        return "a member stands twice";
    }

    s->seen |= 1u << member;

    return NULL;
}


/*
 * Names are compared only when their hashes are equal.  Names that differ
 * have equal hashes on purpose alone, to make the comparisons costly.
 */

static const char *
otter_envelope_note_unknown(otter_envelope_scan_t *s,
    const otter_span_t *name)
{
    unsigned                i;
    uint64_t                hash;
    otter_envelope_name_t  *other;

    hash = otter_json_hash(name->data, name->len);

    for (i = 0; i < s->nunknown; i++) {
        other = &s->unknown[i];

        if (other->hash != hash) {
            continue;
        }

        if (otter_json_same(other->name.data, other->name.len,
                            name->data, name->len))
        {
            return "a member stands twice";
        }

        if (++s->collisions > OTTER_ENVELOPE_COLLISIONS_MAX) {
            return "names of members collide";
        }
    }

    other = &s->unknown[s->nunknown++];
    other->name = *name;
    other->hash = hash;

    return NULL;
}


static const char *
otter_envelope_type(otter_envelope_t *e, const otter_span_t *value)
{
    size_t         len;
    int64_t        n;
    unsigned       i;
    otter_span_t   inside;
    unsigned char  word[OTTER_ENVELOPE_WORD_MAX];

    if (value->data == NULL) {
        return "type is missing";
    }

    if (value->data[0] != '"') {
        return otter_member_rules[OTTER_MEMBER_TYPE].detail;
    }

    inside = otter_envelope_inside(value);

    n = otter_json_unescape(word, sizeof(word), inside.data, inside.len);

    for (i = 0; n > 0 && i <= OTTER_ENVELOPE_LEAVE; i++) {
        len = strlen(otter_type_rules[i].name);

        if (len == (size_t) n
            && memcmp(otter_type_rules[i].name, word, len) == 0)
        {
            e->type = (otter_envelope_type_t) i;
            return NULL;
        }
    }

    return "type is unknown";
}


/* takes what the type knows, and sees that it is what it must be */

static const char *
otter_envelope_fill(otter_envelope_t *e, const otter_type_rule_t *type,
    const otter_span_t *values)
{
    unsigned                    i, bit;
    const otter_member_rule_t  *rule;

    for (i = 0; i < OTTER_MEMBERS; i++) {
        bit = 1u << i;

        if (!((type->needs | type->takes) & bit)) {
            continue;
        }

        rule = &otter_member_rules[i];

        if (values[i].data == NULL) {

            if (type->needs & bit) {
                return rule->detail;
            }

            continue;
        }

        if (!otter_envelope_set(e, rule, &values[i])) {
            return rule->detail;
        }
    }

    return NULL;
}


static int
otter_envelope_set(otter_envelope_t *e, const otter_member_rule_t *rule,
    const otter_span_t *value)
{
    int64_t  n;
    void    *field;

    field = (unsigned char *) e + rule->offset;

    switch (rule->kind) {

    case OTTER_KIND_ANY:
        *(otter_span_t *) field = *value;
        return 1;

    case OTTER_KIND_OBJECT:
        *(otter_span_t *) field = *value;
        return value->data[0] == '{';

    case OTTER_KIND_STRING:
        if (value->data[0] != '"') {
            return 0;
        }

        *(otter_span_t *) field = otter_envelope_inside(value);
        return 1;

    case OTTER_KIND_NATURAL:
    case OTTER_KIND_POSITIVE:
        n = otter_envelope_integer(value);
        *(int64_t *) field = n;
        return n >= (rule->kind == OTTER_KIND_POSITIVE);

    case OTTER_KIND_BOOLEAN:
        *(otter_envelope_bool_t *) field = value->data[0] == 't'
                                           ? OTTER_ENVELOPE_TRUE
                                           : OTTER_ENVELOPE_FALSE;
        return value->data[0] == 't' || value->data[0] == 'f';
    }

    return 0;
}


/* of a valid JSON value; -1: not digits alone (or -0), or more than fits */

static int64_t
otter_envelope_integer(const otter_span_t *value)
{
    int      digit;
    size_t   i;
    int64_t  n;

    if (value->len == 2 && memcmp(value->data, "-0", 2) == 0) {
        return 0;
    }

    n = 0;

    for (i = 0; i < value->len; i++) {

        if (value->data[i] < '0' || value->data[i] > '9') {
            return -1;
        }

        digit = value->data[i] - '0';

        if (n > (INT64_MAX - digit) / 10) {
            return -1;
        }

        n = n * 10 + digit;
    }

    return n;
}


static otter_span_t
otter_envelope_inside(const otter_span_t *string)
{
    otter_span_t  inside;

    inside.data = string->data + 1;
    inside.len = string->len - 2;

    return inside;
}
