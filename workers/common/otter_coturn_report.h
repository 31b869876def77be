
/*
 * Copyright (C) Otter contributors
 */

/*
 * What coturn 4.6 publishes in Redis (redis-statsdb) of an allocation:
 *
 *     turn/realm/<realm>/user/<username>/allocation/<number>/traffic
 *     turn/realm/<realm>/user/<username>/allocation/<number>/total_traffic
 *         rcvp=1602, rcvb=804704, sentp=453, sentb=225392
 *
 * "traffic" comes after every 4096 packets or so and at the end, each time
 * with what was not told before; "total_traffic" comes last and is the sum.
 * Both are of the client's side: packets from and to it, with their TURN
 * headers.  (".../peer" has the other side, without.)
 */


#ifndef OTTER_COTURN_REPORT_H_INCLUDED
#define OTTER_COTURN_REPORT_H_INCLUDED


#include "otter_core.h"


typedef enum {
    OTTER_COTURN_REPORT_OTHER = 0,     /* not of use here, or no report */
    OTTER_COTURN_REPORT_TRAFFIC,
    OTTER_COTURN_REPORT_TOTAL
} otter_coturn_report_kind_t;

typedef struct {
    otter_coturn_report_kind_t   kind;
    otter_span_t                 realm;
    otter_span_t                 username;
    otter_span_t                 allocation;
    int64_t                      received;     /* bytes, from the client */
    int64_t                      sent;
} otter_coturn_report_t;


/* the spans lie in channel */

otter_coturn_report_kind_t otter_coturn_report(otter_coturn_report_t *report,
    const char *channel, size_t channel_len, const char *data, size_t len);


#endif /* OTTER_COTURN_REPORT_H_INCLUDED */
