
/*
 * Copyright (C) Otter contributors
 */

/*
 * The envelope against jansson: messages at random, right and wrong, and
 * spoilt.  The rules are written down here once more, over jansson's tree.
 */


#include "json_random.h"
#include "otter_envelope.h"
#include "otter_json.h"
#include "otter_utf8.h"
#include "tap.h"


enum {
    MESSAGES = 20000
};

typedef struct {
    const char     *type;
    const char     *needs;
    const char     *takes;
} rule_t;

typedef struct {
    unsigned        taken;
    unsigned        refused;
    unsigned        skipped;
    unsigned        wrong;
    unsigned        types;             /* a bit for each that was taken */
} tally_t;


static const rule_t  rules[] = {
    { "signal", "to data", "" },
    { "message", "data", "" },
    { "update", "", "name metadata" },
    { "ack", "seq", "" },
    { "token", "token", "" },
    { "kick", "peer", "" },
    { "admit", "peer", "" },
    { "deny", "peer", "" },
    { "room", "", "locked lobby max_peers" },
    { "leave", "", "" }
};


static void
random_member(prng_t *r, text_t *t, const char *type)
{
    size_t       i;
    const char  *name;

    static const char *const  names[] = {
        "to", "data", "ref", "peer", "name", "metadata", "token", "seq",
        "max_peers", "locked", "lobby", "x", "", "\\u0074o", "d\\u0061ta",
        "\xc3\xa9", "\\u00e9", "\\ud83d\\ude00", "\xf0\x9f\x98\x80",
        "type", "t\\u0079pe", "lobby_", "max"
    };

    static const char *const  integers[] = {
        "0", "1", "12", "-3", "2.0", "-0"
    };

    if (type) {
        name = "type";

    } else {
        i = prng_below(r, 16 + prng_below(r, 8));
        name = names[i < sizeof(names) / sizeof(names[0]) ? i : 0];
    }

    text_put(t, "\"");
    text_put(t, name);
    text_put(t, "\"");
    random_space(r, t);
    text_put(t, ":");
    random_space(r, t);

    if (type) {
        text_put(t, "\"");
        text_put(t, type);
        text_put(t, "\"");

    } else if (prng_below(r, 4) == 0) {
        random_value(r, t, 5);

    } else if (strcmp(name, "seq") == 0 || strcmp(name, "max_peers") == 0) {
        text_put(t, pick(r, integers, 6));

    } else if (name[0] == 'l') {
        text_put(t, prng_below(r, 2) ? "true" : "false");

    } else if (strcmp(name, "metadata") == 0) {
        text_put(t, "{\"k\":[1]}");

    } else {
        random_string(r, t);
    }
}


static void
random_message(prng_t *r, text_t *t)
{
    size_t  i, n, place;

    static const char *const  types[] = {
        "signal", "message", "update", "ack", "token", "kick", "admit",
        "deny", "room", "leave", "\\u0073ignal", "signal", "signal",
        "message", "welcome"
    };

    t->len = 0;
    n = prng_below(r, 6);
    place = prng_below(r, n + 1);

    random_space(r, t);
    text_put(t, "{");

    for (i = 0; i <= n; i++) {

        if (i) {
            text_put(t, ",");
        }

        random_space(r, t);
        random_member(r, t, i == place ? pick(r, types, 15) : NULL);
        random_space(r, t);
    }

    text_put(t, "}");
    random_space(r, t);
}


static int
kind_is_right(const char *name, const json_t *value)
{
    if (strcmp(name, "data") == 0) {
        return 1;
    }

    if (strcmp(name, "metadata") == 0) {
        return json_is_object(value);
    }

    if (strcmp(name, "seq") == 0) {
        return json_is_integer(value) && json_integer_value(value) >= 0;
    }

    if (strcmp(name, "max_peers") == 0) {
        return json_is_integer(value) && json_integer_value(value) >= 1;
    }

    return name[0] == 'l' ? json_is_boolean(value) : json_is_string(value);
}


/* each of the names; those of "needs" must be there */

static int
members_are_right(const json_t *tree, const char *names, int needed)
{
    char           name[16];
    size_t         n;
    const json_t  *value;

    while (*names) {
        n = strcspn(names, " ");
        memcpy(name, names, n);
        name[n] = '\0';
        names += n + (names[n] == ' ');

        value = json_object_get(tree, name);

        if (value ? !kind_is_right(name, value) : needed) {
            return 0;
        }
    }

    return 1;
}


/* the type of a message that must be taken, else -1 */

static int
expect(const json_t *tree, unsigned depth, unsigned members)
{
    int             i;
    size_t          len;
    const rule_t   *rule;
    const json_t   *type;

    type = json_object_get(tree, "type");
    len = json_string_length(type);

    if (!json_is_object(tree) || depth > 32 || members > 64
        || json_object_size(tree) != members || !json_is_string(type))
    {
        return -1;
    }

    for (i = 0; i < 10; i++) {
        rule = &rules[i];

        if (strlen(rule->type) == len
            && memcmp(rule->type, json_string_value(type), len) == 0)
        {
            return members_are_right(tree, rule->needs, 1)
                   && members_are_right(tree, rule->takes, 0) ? i : -1;
        }
    }

    return -1;
}


static int
same_value(const otter_span_t *span, const json_t *value)
{
    int      same;
    json_t  *tree;

    if (span->data == NULL || value == NULL) {
        return span->data == NULL && value == NULL;
    }

    if (oracle_load(span->data, span->len, &tree) != ORACLE_VALID) {
        return 0;
    }

    same = json_equal(tree, value);
    json_decref(tree);

    return same;
}


static int
same_string(const otter_span_t *span, const json_t *value)
{
    int64_t               n;
    static unsigned char  decoded[1 << 16];

    if (span->data == NULL || value == NULL) {
        return span->data == NULL && value == NULL;
    }

    n = otter_json_unescape(decoded, sizeof(decoded), span->data, span->len);

    return n == (int64_t) json_string_length(value)
           && memcmp(decoded, json_string_value(value), (size_t) n) == 0;
}


static int
same_bool(otter_envelope_bool_t got, const json_t *value)
{
    return value ? got == json_is_true(value) : got == OTTER_ENVELOPE_UNSET;
}


static int
has_word(const char *names, const char *name)
{
    size_t  n;

    while (*names) {
        n = strcspn(names, " ");

        if (n == strlen(name) && memcmp(names, name, n) == 0) {
            return 1;
        }

        names += n + (names[n] == ' ');
    }

    return 0;
}


/* a member that the type knows */

static const json_t *
known(const json_t *tree, int type, const char *name)
{
    if (!has_word(rules[type].needs, name)
        && !has_word(rules[type].takes, name))
    {
        return NULL;
    }

    return json_object_get(tree, name);
}


static int
same_envelope(const otter_envelope_t *e, const json_t *tree, int type)
{
    const json_t  *max;

    max = known(tree, type, "max_peers");

    return (int) e->type == type
           && same_string(&e->to, known(tree, type, "to"))
           && same_value(&e->data, known(tree, type, "data"))
           && same_string(&e->peer, known(tree, type, "peer"))
           && same_string(&e->name, known(tree, type, "name"))
           && same_value(&e->metadata, known(tree, type, "metadata"))
           && same_string(&e->token, known(tree, type, "token"))
           && e->seq == json_integer_value(known(tree, type, "seq"))
           && e->max_peers == (max ? json_integer_value(max) : -1)
           && same_bool(e->locked, known(tree, type, "locked"))
           && same_bool(e->lobby, known(tree, type, "lobby"));
}


/*
 * What is refused may have kept its ref, which must then be a JSON value; of
 * text that is valid it is the first of the refs.
 */

static void
check(const text_t *t, tally_t *tally)
{
    int                type, good;
    json_t            *tree;
    unsigned           depth, members;
    oracle_t           oracle;
    const char        *detail;
    unsigned char     *copy;
    otter_envelope_t   e;

    oracle = oracle_load(t->data, t->len, &tree);

    if (oracle == ORACLE_SILENT || !otter_utf8_valid(t->data, t->len)) {
        json_decref(tree);
        tally->skipped++;
        return;
    }

    type = -1;

    if (tree) {
        depth = oracle_depth(t->data, t->len, &members);
        type = expect(tree, depth, members);
    }

    copy = malloc(t->len ? t->len : 1);
    if (copy == NULL) {
        abort();
    }

    memcpy(copy, t->data, t->len);
    detail = otter_envelope_parse(&e, copy, t->len);

    if (type == -1) {
        good = detail != NULL
               && (e.ref.data == NULL
                   || otter_json_valid(e.ref.data, e.ref.len));
        tally->refused++;

    } else {
        good = detail == NULL && same_envelope(&e, tree, type)
               && same_value(&e.ref, json_object_get(tree, "ref"));
        tally->taken++;
        tally->types |= 1u << type;
    }

    if (!good) {
        tally->wrong++;
        tap_show("message", t->data, t->len);
        tap_diag("expected type %d, detail: %s", type,
                 detail ? detail : "none");
    }

    free(copy);
    json_decref(tree);
}


int
main(void)
{
    prng_t         r = { 20260105 };
    tally_t        sound, spoilt;
    unsigned       i;

    static text_t  t;

    memset(&sound, 0, sizeof(sound));
    memset(&spoilt, 0, sizeof(spoilt));

    for (i = 0; i < MESSAGES; i++) {
        random_message(&r, &t);
        check(&t, &sound);

        random_spoil(&r, &t);
        check(&t, &spoilt);
    }

    tap_is_int(sound.wrong, 0, "jansson agrees on %u messages", i);
    tap_ok(sound.taken > i / 10 && sound.refused > i / 10
           && sound.types == 0x3ff,
           "%u taken, %u refused, %u skipped, of every type",
           sound.taken, sound.refused, sound.skipped);

    tap_is_int(spoilt.wrong, 0, "and on as many that are spoilt");
    tap_ok(spoilt.taken > i / 100 && spoilt.refused > i / 10,
           "%u taken, %u refused, %u skipped", spoilt.taken,
           spoilt.refused, spoilt.skipped);

    return tap_done();
}
