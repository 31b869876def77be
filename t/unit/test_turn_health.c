
/*
 * Copyright (C) Otter contributors
 */


#include <stdlib.h>

#include "otter_turn_health.h"
#include "prng.h"
#include "tap.h"


static const char  two[] =
    "otter-turn 1 1795645912\n"
    "ok 1795640000 12 turn:turn.example.org?transport=udp\n"
    "failing 1795640060 0 turns:turn.example.org:443?transport=tcp\n";

static const char *const  bad[] = {
    "",
    "otter-turn 1 \n",
    "otter-turn 1 5",
    "otter-turn 2 5\n",
    "otter-turn 1 -5\n",
    "otter-turn 1 5 \n",
    "otter-turn 1 1234567890123456\n",
    "otter-turn 1 5\nok 1 2 turn:a",
    "otter-turn 1 5\nok 1 2 \n",
    "otter-turn 1 5\nok 1 turn:a\n",
    "otter-turn 1 5\nok  1 2 turn:a\n",
    "otter-turn 1 5\nwell 1 2 turn:a\n",
    "otter-turn 1 5\n\n",
    "otter-turn 1 5\nok 1 2 turn:a\n\n",
    "ok 1 2 turn:a\n"
};


/* the text lies in memory of its size, so that a read behind it is seen */

static int
parse(const char *text, size_t len, otter_turn_health_t *servers,
    int64_t *until)
{
    int             n;
    unsigned char  *copy;

    copy = malloc(len ? len : 1);
    if (copy == NULL) {
        abort();
    }

    memcpy(copy, text, len);
    n = otter_turn_health_parse(servers, until, copy, len);
    free(copy);

    return n;
}


static void
good(void)
{
    size_t               len;
    int64_t              until;
    unsigned char        text[sizeof(two)];
    otter_turn_health_t  s[OTTER_TURN_HEALTH_MAX];

    tap_is_int(otter_turn_health_parse(s, &until,
                                       (const unsigned char *) two,
                                       sizeof(two) - 1),
               2, "two servers");
    tap_is_int(until, 1795645912, "until when it holds");
    tap_ok(!s[0].failing && s[1].failing, "one is failing");
    tap_is_int(s[0].since, 1795640000, "since");
    tap_is_int(s[0].rtt, 12, "round trip");
    tap_is_mem(s[1].uri.data, s[1].uri.len,
               "turns:turn.example.org:443?transport=tcp", 40, "URI");

    len = otter_turn_health_print(text, sizeof(text), s, 2, until);
    tap_is_mem(text, len, two, sizeof(two) - 1, "written as it was read");
    tap_is_int((int64_t) otter_turn_health_print(text, sizeof(text) - 1, s, 2,
                                                 until),
               0, "a byte less does not do");

    tap_is_int(parse("otter-turn 1 5\n", 15, s, &until), 0, "no servers");
}


static void
limits(void)
{
    size_t               len;
    int64_t              until;
    unsigned             i;
    otter_turn_health_t  s[OTTER_TURN_HEALTH_MAX];
    static char          text[OTTER_TURN_HEALTH_SIZE + 2];

    len = (size_t) snprintf(text, sizeof(text), "otter-turn 1 5\n");

    for (i = 0; i < OTTER_TURN_HEALTH_MAX; i++) {
        len += (size_t) snprintf(text + len, sizeof(text) - len,
                                 "ok 1 2 turn:%u\n", i);
    }

    tap_is_int(parse(text, len, s, &until), OTTER_TURN_HEALTH_MAX,
               "as many servers as there may be");

    len += (size_t) snprintf(text + len, sizeof(text) - len, "ok 1 2 x\n");

    tap_is_int(parse(text, len, s, &until), -1, "one more");

    len = (size_t) snprintf(text, sizeof(text), "otter-turn 1 5\nok 1 2 ");
    memset(text + len, 'x', sizeof(text) - len);
    text[OTTER_TURN_HEALTH_SIZE - 1] = '\n';

    tap_is_int(parse(text, OTTER_TURN_HEALTH_SIZE, s, &until), 1,
               "the longest text");

    text[OTTER_TURN_HEALTH_SIZE - 1] = 'x';
    text[OTTER_TURN_HEALTH_SIZE] = '\n';

    tap_is_int(parse(text, OTTER_TURN_HEALTH_SIZE + 1, s, &until), -1,
               "one byte more");
}


static void
junk(void)
{
    int                  n;
    char                 text[sizeof(two)];
    size_t               i, len, changes;
    int64_t              until;
    unsigned             round, strange;
    prng_t               prng;
    otter_turn_health_t  s[OTTER_TURN_HEALTH_MAX];

    static const char  letters[] = "\n \t0159ok:-failing";

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        tap_is_int(parse(bad[i], strlen(bad[i]), s, &until), -1,
                   "bad text %zu", i);
    }

    prng.state = 7;
    strange = 0;

    for (round = 0; round < 20000; round++) {
        memcpy(text, two, sizeof(two));
        len = prng_below(&prng, sizeof(two));

        for (changes = prng_below(&prng, 4); len && changes; changes--) {
            text[prng_below(&prng, len)] =
                letters[prng_below(&prng, sizeof(letters) - 1)];
        }

        n = parse(text, len, s, &until);
        strange += n < -1 || n > 8;
    }

    tap_ok(strange == 0, "texts that were cut and changed");
}


int
main(void)
{
    good();
    limits();
    junk();

    return tap_done();
}
