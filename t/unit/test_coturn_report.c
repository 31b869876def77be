
/*
 * Copyright (C) Otter contributors
 */


#include <stdlib.h>

#include "otter_coturn_report.h"
#include "prng.h"
#include "tap.h"


#define USER  "turn/realm/otter/user/1795645958:room1/alice-_/allocation/"

static const char  traffic[] = USER "000000000000000003/traffic";
static const char  values[] =
    "rcvp=1602, rcvb=804704, sentp=453, sentb=225392";

/* not of use, or nothing that coturn says */

static const char *const  channels[] = {
    "",
    "/traffic",
    "/total_traffic",
    "__XXX__",
    "turn/realm/otter",
    "turn/realm/otter/user/",
    "turn/realm//traffic",
    "turn/realm/otter/user//traffic",
    "turn/realm/otter/user/1:a/allocation//traffic",
    "turn/realm/otter/user/1:a/allocation/7x/traffic",
    "turn/realm/otter/user/1:a/allocation/7",
    "turn/realm/otter/user/1:a/allocatiom/7/traffic",
    "turn/realm/otter/user/allocation/7/traffic",
    "turn/realm/otter/1:a/allocation/7/traffic",
    "turn/realms/otter/user/1:a/allocation/7/traffic",
    "turn/realm/otter/user/1:a/allocation/7/traffic/peer",
    "turn/realm/otter/user/1:a/allocation/7/total_traffic/peer",
    "turn/realm/otter/user/1:a/allocation/7/status",
    "turn/realm/otter/user/1:a/allocation/7/traffic "
};

static const char *const  data[] = {
    "",
    "__YYY__",
    "deleted",
    "new lifetime=777, type=UDP, local=127.0.0.1:3478",
    "rcvp=, rcvb=804704, sentp=453, sentb=225392",
    "rcvp=1602, rcvb=-1, sentp=453, sentb=225392",
    "rcvp=1602, rcvb=1e9, sentp=453, sentb=225392",
    "rcvp=1602, rcvb=1234567890123456, sentp=453, sentb=225392",
    "rcvp=1602, rcvb=804704, sentp=453, sentb=",
    "rcvp=1602, rcvb=804704, sentp=453",
    "rcvp=1602, rcvb=804704, sentp=453, sentb=225392 ",
    " rcvp=1602, rcvb=804704, sentp=453, sentb=225392",
    "rcvp=1602,rcvb=804704,sentp=453,sentb=225392",
    "rcvb=1602, rcvp=804704, sentp=453, sentb=225392"
};


static otter_coturn_report_kind_t
read_report(otter_coturn_report_t *r, const char *channel, const char *value)
{
    return otter_coturn_report(r, channel, strlen(channel), value,
                               strlen(value));
}


static void
good(void)
{
    otter_coturn_report_t  r;

    tap_is_int(read_report(&r, traffic, values), OTTER_COTURN_REPORT_TRAFFIC,
               "traffic");
    tap_is_mem(r.realm.data, r.realm.len, "otter", 5, "realm");
    tap_is_mem(r.username.data, r.username.len, "1795645958:room1/alice-_",
               24, "a user name with a slash");
    tap_is_mem(r.allocation.data, r.allocation.len, "000000000000000003", 18,
               "allocation");
    tap_is_int(r.received, 804704, "received");
    tap_is_int(r.sent, 225392, "sent");

    tap_is_int(read_report(&r, USER "001000000000000002/total_traffic",
                           values),
               OTTER_COTURN_REPORT_TOTAL, "total");
    tap_is_mem(r.allocation.data, r.allocation.len, "001000000000000002", 18,
               "its allocation");

    tap_is_int(read_report(&r, "turn/realm/a/b/user//allocation/1/traffic",
                           "rcvp=2, rcvb=188, sentp=2, sentb=176"),
               OTTER_COTURN_REPORT_TRAFFIC, "of nobody, in a realm a/b");
    tap_is_int((int64_t) r.username.len, 0, "no user");
    tap_is_mem(r.realm.data, r.realm.len, "a/b", 3, "the realm");

    tap_is_int(read_report(&r, traffic,
                           "rcvp=0, rcvb=999999999999999, sentp=0, sentb=0"),
               OTTER_COTURN_REPORT_TRAFFIC, "the largest number");
}


static void
junk(void)
{
    char                   channel[sizeof(traffic)], *copy;
    size_t                 i, len, changes;
    unsigned               round, outside;
    prng_t                 prng;
    otter_coturn_report_t  r;

    static const char  letters[] = "/0123456789turnserallocation_";

    for (i = 0; i < sizeof(channels) / sizeof(channels[0]); i++) {
        tap_is_int(read_report(&r, channels[i], values),
                   OTTER_COTURN_REPORT_OTHER, "channel \"%s\"", channels[i]);
    }

    for (i = 0; i < sizeof(data) / sizeof(data[0]); i++) {
        tap_is_int(read_report(&r, traffic, data[i]),
                   OTTER_COTURN_REPORT_OTHER, "data \"%s\"", data[i]);
    }

    prng.state = 5;
    outside = 0;

    for (round = 0; round < 20000; round++) {
        memcpy(channel, traffic, sizeof(traffic));
        len = prng_below(&prng, sizeof(traffic));

        for (changes = prng_below(&prng, 8); len && changes; changes--) {
            channel[prng_below(&prng, len)] =
                letters[prng_below(&prng, sizeof(letters) - 1)];
        }

        /* so that a read before or behind it is seen */

        copy = malloc(len ? len : 1);
        if (copy == NULL) {
            abort();
        }

        memcpy(copy, channel, len);

        if (otter_coturn_report(&r, copy, len, values, sizeof(values) - 1)
            != OTTER_COTURN_REPORT_OTHER)
        {
            outside += r.username.data < (unsigned char *) copy
                       || r.username.data + r.username.len
                          > (unsigned char *) copy + len;
        }

        free(copy);
    }

    tap_ok(outside == 0, "channels that were cut and changed");
}


int
main(void)
{
    good();
    junk();

    return tap_done();
}
