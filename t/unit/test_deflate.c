
/*
 * Copyright (C) Otter contributors
 */


#include <stdlib.h>

#include "otter_deflate.h"
#include "tap.h"


typedef struct {
    otter_deflate_rc_t   rc;
    unsigned             bits;         /* 0: any window */
    const char          *value;
} offer_t;


static const offer_t  offers[] = {
    { OTTER_DEFLATE_ACCEPTED, 0, "permessage-deflate" },
    { OTTER_DEFLATE_ACCEPTED, 0,
      "permessage-deflate; client_max_window_bits" },
    { OTTER_DEFLATE_ACCEPTED, 0,
      "permessage-deflate;client_max_window_bits=8" },
    { OTTER_DEFLATE_ACCEPTED, 0,
      "permessage-deflate; server_no_context_takeover ;"
      " client_no_context_takeover" },
    { OTTER_DEFLATE_ACCEPTED, 9,
      "permessage-deflate; server_max_window_bits=9" },
    { OTTER_DEFLATE_ACCEPTED, 15,
      "permessage-deflate; server_max_window_bits=15" },
    { OTTER_DEFLATE_ACCEPTED, 12,
      "permessage-deflate; server_max_window_bits=\"12\"" },
    { OTTER_DEFLATE_ACCEPTED, 10,
      "permessage-deflate; server_max_window_bits = \"1\\0\"" },
    { OTTER_DEFLATE_ACCEPTED, 0, ",, x-other; a=1,\tpermessage-deflate ,," },
    { OTTER_DEFLATE_ACCEPTED, 10,
      "permessage-deflate; server_max_window_bits=8,"
      " permessage-deflate; server_max_window_bits=10,"
      " permessage-deflate" },
    { OTTER_DEFLATE_ACCEPTED, 0,
      "permessage-deflate; mode=fast, permessage-deflate" },

    { OTTER_DEFLATE_NONE, 0, "" },
    { OTTER_DEFLATE_NONE, 0, " , ," },
    { OTTER_DEFLATE_NONE, 0, "x-webkit-deflate-frame" },
    { OTTER_DEFLATE_NONE, 0, "Permessage-Deflate" },
    { OTTER_DEFLATE_NONE, 0, "permessage-deflated" },
    { OTTER_DEFLATE_NONE, 0, "permessage-deflate; mode" },
    { OTTER_DEFLATE_NONE, 0, "permessage-deflate; server_max_window_bits" },
    { OTTER_DEFLATE_NONE, 0, "permessage-deflate; server_max_window_bits=8" },
    { OTTER_DEFLATE_NONE, 0, "permessage-deflate; server_max_window_bits=7" },
    { OTTER_DEFLATE_NONE, 0,
      "permessage-deflate; server_max_window_bits=16" },
    { OTTER_DEFLATE_NONE, 0,
      "permessage-deflate; server_max_window_bits=09" },
    { OTTER_DEFLATE_NONE, 0,
      "permessage-deflate; server_max_window_bits=+9" },
    { OTTER_DEFLATE_NONE, 0,
      "permessage-deflate; server_max_window_bits=1000000000000000012" },
    { OTTER_DEFLATE_NONE, 0,
      "permessage-deflate; client_max_window_bits=16" },
    { OTTER_DEFLATE_NONE, 0,
      "permessage-deflate; server_no_context_takeover=1" },
    { OTTER_DEFLATE_NONE, 0,
      "permessage-deflate; client_no_context_takeover=true" },
    { OTTER_DEFLATE_NONE, 0,
      "permessage-deflate; client_max_window_bits;"
      " client_max_window_bits=10" },

    { OTTER_DEFLATE_MALFORMED, 0, ";" },
    { OTTER_DEFLATE_MALFORMED, 0, "permessage-deflate;" },
    { OTTER_DEFLATE_MALFORMED, 0, "permessage-deflate; =1" },
    { OTTER_DEFLATE_MALFORMED, 0, "permessage-deflate; a=" },
    { OTTER_DEFLATE_MALFORMED, 0, "permessage-deflate; a=\"" },
    { OTTER_DEFLATE_MALFORMED, 0, "permessage-deflate; a=\"\"" },
    { OTTER_DEFLATE_MALFORMED, 0, "permessage-deflate; a=\"b c\"" },
    { OTTER_DEFLATE_MALFORMED, 0, "permessage-deflate; a=\"b\\" },
    { OTTER_DEFLATE_MALFORMED, 0, "permessage-deflate other" },
    { OTTER_DEFLATE_MALFORMED, 0, "permessage-deflate, \x01" },
    { OTTER_DEFLATE_MALFORMED, 0, "permessage-deflate; a=b c" },
    { OTTER_DEFLATE_MALFORMED, 0, "permessage-deflate; a=b=c" }
};


static void
test_offers(void)
{
    unsigned            i;
    const offer_t      *o;
    otter_deflate_t     d;
    otter_deflate_rc_t  rc;

    for (i = 0; i < sizeof(offers) / sizeof(offers[0]); i++) {
        o = &offers[i];

        rc = otter_deflate_offer((const unsigned char *) o->value,
                                 strlen(o->value), &d);

        tap_is_int(rc, o->rc, "\"%s\"", o->value);

        if (rc == OTTER_DEFLATE_ACCEPTED) {
            tap_is_int(d.window_bits, o->bits ? o->bits : 15,
                       "the window of \"%s\"", o->value);
            tap_is_int(d.told, o->bits != 0, "told or not");
        }
    }
}


static void
test_answers(void)
{
    size_t           len;
    otter_deflate_t  d;
    unsigned char    buf[OTTER_DEFLATE_ANSWER_MAX];

    static const char  plain[] = "permessage-deflate; "
        "server_no_context_takeover; client_no_context_takeover";
    static const char  nine[] = "permessage-deflate; "
        "server_no_context_takeover; client_no_context_takeover; "
        "server_max_window_bits=9";
    static const char  most[] = "permessage-deflate; "
        "server_no_context_takeover; client_no_context_takeover; "
        "server_max_window_bits=15";

    d.window_bits = 15;
    d.told = 0;
    len = otter_deflate_answer(&d, buf);
    tap_is_mem(buf, len, plain, sizeof(plain) - 1, "no window asked for");

    d.told = 1;
    len = otter_deflate_answer(&d, buf);
    tap_is_mem(buf, len, most, sizeof(most) - 1, "a window of 15");

    d.window_bits = 9;
    len = otter_deflate_answer(&d, buf);
    tap_is_mem(buf, len, nine, sizeof(nine) - 1, "a window of 9");
}


/* whatever is cut off or altered is read within its bounds */

static void
test_damaged(void)
{
    size_t           len, cut;
    unsigned         i, n;
    unsigned char   *copy;
    otter_deflate_t  d;

    n = 0;

    for (i = 0; i < sizeof(offers) / sizeof(offers[0]); i++) {
        len = strlen(offers[i].value);

        for (cut = 0; cut <= len; cut++) {
            copy = malloc(cut ? cut : 1);

            if (copy == NULL) {
                continue;
            }

            memcpy(copy, offers[i].value, cut);
            (void) otter_deflate_offer(copy, cut, &d);

            free(copy);
            n++;
        }
    }

    tap_ok(n > 1000, "%u headers that were cut off", n);
}


int
main(void)
{
    test_offers();
    test_answers();
    test_damaged();

    return tap_done();
}
