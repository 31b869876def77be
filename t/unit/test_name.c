
/*
 * Copyright (C) Otter contributors
 */


#include "otter_name.h"
#include "prng.h"
#include "tap.h"


typedef struct {
    int                 match;
    const char         *pattern;
    const char         *room;
} pattern_t;

typedef struct {
    int                 valid;
    const char         *name;
} name_t;


static const pattern_t  patterns[] = {
    { 1, "*", "" }, { 1, "*", "a" }, { 1, "**", "abc" },
    { 1, "", "" }, { 0, "", "a" },
    { 1, "team", "team" }, { 0, "team", "teams" }, { 0, "team", "tea" },
    { 0, "team", "Team" },
    { 1, "team-*", "team-" }, { 1, "team-*", "team-1" },
    { 0, "team-*", "team" }, { 0, "team-*", "ateam-1" },
    { 1, "*-x", "a-x" }, { 0, "*-x", "a-xy" }, { 1, "*-x", "a-x-x" },
    { 1, "a*b*c", "abc" }, { 1, "a*b*c", "aXbYbZc" },
    { 0, "a*b*c", "acb" }, { 0, "*a*", "bbb" },
    { 0, "a?c", "abc" }, { 0, "a.c", "abc" }, { 0, "[ab]", "a" },
    { 0, "team-*", "*" }
};

static const name_t  identities[] = {
    { 1, "alice" }, { 1, " " }, { 1, "a b" }, { 1, "\"<>&'/\\" },
    { 1, "J\xc3\xbcrgen" }, { 1, "\xe4\xb8\xad" }, { 1, "\xf0\x9f\xa6\xa6" },
    { 1, "\xc2\xa0" },
    { 0, "\n" }, { 0, "a\tb" }, { 0, "\x1f" }, { 0, "a\x7f" },
    { 0, "\xc2\x80" }, { 0, "a\xc2\x85" "b" }, { 0, "\xc2\x9f" },
    { 1, "\xc3\x85" }, { 1, "\xe2\x82\xac" },
    { 0, "\xff" }, { 0, "a\xc3" }, { 0, "\xed\xa0\x80" }, { 0, "\xc0\xaf" }
};


static int
room_valid(const char *name)
{
    return otter_room_name_valid((const unsigned char *) name, strlen(name));
}


static void
test_rooms(void)
{
    unsigned       c, wrong;
    unsigned char  name[129];

    tap_ok(room_valid("a") && room_valid("A-Z.a_z~09"), "a room's name");
    tap_ok(!otter_room_name_valid(NULL, 0), "is not empty");
    tap_ok(!room_valid(".") && !room_valid(".."),
           "is no path of its own in a URL");
    tap_ok(room_valid("...") && room_valid(".a") && room_valid("a.")
           && room_valid("..a"), "though it may have dots");
    tap_ok(!room_valid("a b") && !room_valid("b ") && !room_valid("\xc3\xa9"),
           "and has no other characters");

    wrong = 0;

    for (c = 0; c < 0x100; c++) {
        memset(name, 'a', 3);
        name[1] = (unsigned char) c;

        wrong += otter_room_name_valid(name, 3)
                 != (c && c < 0x80
                     && strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "abcdefghijklmnopqrstuvwxyz"
                               "0123456789._~-", (int) c) != NULL);
    }

    tap_is_int(wrong, 0, "of all there are");

    memset(name, 'a', sizeof(name));
    tap_ok(otter_room_name_valid(name, 128), "it has up to 128 bytes");
    tap_ok(!otter_room_name_valid(name, 129), "but not 129");
}


static void
test_identities(void)
{
    size_t                i, len;
    const unsigned char  *name;
    unsigned char         text[257];

    for (i = 0; i < sizeof(identities) / sizeof(identities[0]); i++) {
        name = (const unsigned char *) identities[i].name;
        len = strlen(identities[i].name);

        tap_ok(otter_identity_valid(name, len) == identities[i].valid
               && otter_display_name_valid(name, len) == identities[i].valid,
               "identity %zu: %s", i,
               identities[i].valid ? "valid" : "refused");
    }

    tap_ok(!otter_identity_valid((const unsigned char *) "a\0b", 3),
           "no zero byte");

    memset(text, 'a', sizeof(text));
    tap_ok(!otter_identity_valid(NULL, 0), "an identity is not empty");
    tap_ok(otter_identity_valid(text, 128), "it has up to 128 bytes");
    tap_ok(!otter_identity_valid(text, 129), "but not 129");
    tap_ok(otter_display_name_valid(NULL, 0), "a display name may be empty");
    tap_ok(otter_display_name_valid(text, 256), "it has up to 256 bytes");
    tap_ok(!otter_display_name_valid(text, 257), "but not 257");
}


static int
match(const char *pattern, const char *room)
{
    return otter_room_pattern_match((const unsigned char *) pattern,
                                    strlen(pattern),
                                    (const unsigned char *) room,
                                    strlen(room));
}


/* the meaning of a pattern, without a thought for the time it takes */

static int
match_slowly(const char *pattern, const char *room)
{
    if (*pattern == '*') {
        return match_slowly(pattern + 1, room)
               || (*room && match_slowly(pattern, room + 1));
    }

    if (*pattern == '\0' || *room == '\0') {
        return *pattern == *room;
    }

    return *pattern == *room && match_slowly(pattern + 1, room + 1);
}


static void
random_word(prng_t *r, char *word, const char *letters, size_t max)
{
    size_t  i, n;

    n = prng_below(r, max + 1);

    for (i = 0; i < n; i++) {
        word[i] = letters[prng_below(r, strlen(letters))];
    }

    word[n] = '\0';
}


static void
test_patterns(void)
{
    char      pattern[16], room[16];
    size_t    i;
    prng_t    r = { 20260106 };
    unsigned  wrong, matched;

    for (i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
        tap_ok(match(patterns[i].pattern, patterns[i].room)
               == patterns[i].match, "\"%s\" %s \"%s\"", patterns[i].pattern,
               patterns[i].match ? "is" : "is not", patterns[i].room);
    }

    wrong = 0;
    matched = 0;

    for (i = 0; i < 100000; i++) {
        random_word(&r, pattern, "ab**", 8);
        random_word(&r, room, "ab", 10);

        wrong += match(pattern, room) != match_slowly(pattern, room);
        matched += match(pattern, room) != 0;
    }

    tap_is_int(wrong, 0, "%zu random patterns", i);
    tap_ok(matched > i / 10 && matched < i - i / 10, "%u of them match",
           matched);
}


int
main(void)
{
    test_rooms();
    test_identities();
    test_patterns();

    return tap_done();
}
