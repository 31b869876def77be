
/*
 * Copyright (C) Otter contributors
 */


#include <stdlib.h>
#include <string.h>

#include "otter_turn.h"
#include "otter_turn_id.h"
#include "prng.h"
#include "tap.h"


static otter_span_t
span(const char *text)
{
    otter_span_t  s;

    s.data = (const unsigned char *) text;
    s.len = strlen(text);

    return s;
}


static int
is(otter_span_t got, const char *text)
{
    return got.len == strlen(text) && memcmp(got.data, text, got.len) == 0;
}


static size_t
seal(unsigned char *id, const char *key, const char *room,
    const char *identity, const char *secret)
{
    size_t              len;
    otter_turn_seal_t   secret_seal;
    otter_turn_owner_t  owner;

    owner.key = span(key);
    owner.room = span(room);
    owner.identity = span(identity);

    if (otter_turn_seal_init(&secret_seal, (const unsigned char *) secret,
                             strlen(secret))
        != 0)
    {
        abort();
    }

    len = otter_turn_id_seal(id, &owner, &secret_seal);

    /* once more: the seal of a secret makes more than one */

    memset(id, 0, OTTER_TURN_ID_MAX);
    len = otter_turn_id_seal(id, &owner, &secret_seal) == len ? len : 0;

    otter_turn_seal_clear(&secret_seal);

    return len;
}


static int
opens(const unsigned char *id, size_t len, const char *secret,
    const char *key, const char *room, const char *identity)
{
    unsigned char        buf[OTTER_TURN_ID_SIZE];
    otter_turn_owner_t   owner;

    if (otter_turn_id_open(&owner, buf, id, len,
                           (const unsigned char *) secret, strlen(secret))
        != 0)
    {
        return 0;
    }

    return is(owner.key, key) && is(owner.room, room)
           && is(owner.identity, identity);
}


static void
round_trips(void)
{
    size_t         len;
    char           key[OTTER_APIKEY_ID_MAX + 2];
    char           room[OTTER_ROOM_NAME_MAX + 2];
    char           identity[OTTER_IDENTITY_MAX + 2];
    unsigned char  id[OTTER_TURN_ID_MAX], same[OTTER_TURN_ID_MAX];

    len = seal(id, "web", "standup", "al 'ice\"\\ \xc3\xa4", "north");
    tap_ok(opens(id, len, "north", "web", "standup", "al 'ice\"\\ \xc3\xa4"),
       "key, room and identity come back");
    tap_ok(!opens(id, len, "south", "web", "standup", "al 'ice\"\\ \xc3\xa4"),
       "not with another secret");

    tap_ok(seal(same, "web", "standup", "al 'ice\"\\ \xc3\xa4", "north") == len
       && memcmp(id, same, len) == 0, "the same owner has the same id");
    tap_ok(seal(same, "web", "standup", "al 'ice\"\\ \xc3\xa5", "north") == len
       && memcmp(id, same, 22) != 0, "another has another, from its start");

    len = seal(id, "web", "", "", "north");
    tap_ok(opens(id, len, "north", "web", "", ""), "a key alone");

    len = seal(id, "", "", "", "north");
    tap_ok(opens(id, len, "north", "", "", ""), "nobody");

    memset(key, 'k', sizeof(key));
    memset(room, 'r', sizeof(room));
    memset(identity, 'i', sizeof(identity));
    key[OTTER_APIKEY_ID_MAX] = '\0';
    room[OTTER_ROOM_NAME_MAX] = '\0';
    identity[OTTER_IDENTITY_MAX] = '\0';

    len = seal(id, key, room, identity, "north");
    tap_ok(len == OTTER_TURN_ID_MAX, "the longest owner has the longest id");
    tap_ok(opens(id, len, "north", key, room, identity), "and comes back");

    key[OTTER_APIKEY_ID_MAX] = 'k';
    key[OTTER_APIKEY_ID_MAX + 1] = '\0';
    len = seal(id, key, room, identity, "north");
    tap_ok(opens(id, len, "north", "", room, identity), "an issuer too long");

    len = seal(id, "a\tb", "c\td", "e\tf", "north");
    tap_ok(opens(id, len, "north", "", "", ""), "parts that hold a separator");
}


static void
changed(void)
{
    size_t         len, i;
    unsigned       opened;
    unsigned char  id[OTTER_TURN_ID_MAX];

    len = seal(id, "web", "standup", "alice", "north");
    opened = 0;

    for (i = 0; i < len; i++) {
        id[i] = id[i] == 'A' ? 'B' : 'A';
        opened += (unsigned) opens(id, len, "north", "web", "standup",
                                   "alice");
        len = seal(id, "web", "standup", "alice", "north");
        opened += (unsigned) opens(id, i, "north", "web", "standup", "alice");
    }

    tap_ok(opened == 0, "no changed or shortened id is taken");
}


static void
junk(void)
{
    size_t               len, i;
    unsigned             round, opened;
    prng_t               prng;
    unsigned char        id[OTTER_TURN_ID_MAX + 8], *copy;
    unsigned char        buf[OTTER_TURN_ID_SIZE];
    otter_turn_owner_t   owner;

    static const char  letters[] = "ABCZabcz0189-_=:/ ";

    prng.state = 20;
    opened = 0;

    for (round = 0; round < 20000; round++) {
        len = prng_below(&prng, sizeof(id) + 1);

        for (i = 0; i < len; i++) {
            id[i] = (unsigned char)
                    letters[prng_below(&prng, sizeof(letters) - 1)];
        }

        /* so that a read behind the end is seen */

        copy = malloc(len ? len : 1);
        if (copy == NULL) {
            abort();
        }

        memcpy(copy, id, len);

        opened += otter_turn_id_open(&owner, buf, copy, len,
                                     (const unsigned char *) "north", 5)
                  == 0;
        free(copy);
    }

    tap_ok(opened == 0, "junk is no id");
}


int
main(void)
{
    round_trips();
    changed();
    junk();

    return tap_done();
}
