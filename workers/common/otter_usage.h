
/*
 * Copyright (C) Otter contributors
 */

/*
 * What is used, by key and day: relayed bytes, which otter-turn counts, and
 * the time that peers were in calls, which otter-reaper counts.  In Redis, all
 * under one hash tag (P is otter_redis_prefix):
 *
 *     Pusage:{u}:d:<day>       hash: "b:<key>" bytes, "m:<key>" peer-ms
 *     Pusage:{u}:r:<room>      hash: "bytes", "i:<identity>" bytes
 *     Pusage:{u}:total         hash: "bytes"
 *     Pusage:{u}:a:<username>/<number>   hash: what was counted of one
 *                              allocation, and whose it is
 *     Pusage:{u}:z:<username>/<number>   a total was counted
 *     Pusage:{u}:c:<room>      hash: "at" until when it is counted (ms),
 *                              "n" the last event, "k:<peer>" its key
 *     Pusage:{u}:calls         sorted set: rooms with peers, by "at"
 *     Pusage:{u}:lease         who counts what coturn reports
 *     Pusage:{u}:reaper        who counts calls
 *     Pusage:{u}:n:<counter>   the number of the last report it counted
 *
 * Each count is one script, and carried out once however often it is sent.
 */


#ifndef OTTER_USAGE_H_INCLUDED
#define OTTER_USAGE_H_INCLUDED


#include "otter_redis.h"


enum {
    OTTER_USAGE_DAY_SIZE = 11          /* "2026-11-26" and a zero */
};

typedef struct {
    const char   *counter;             /* who counts; has the lease */
    uint64_t      number;              /* of this report, rising */
    const char   *allocation;
    const char   *owner;               /* key, room, identity, tabs between;
                                          empty: as before, or unknown */
    int64_t       bytes;
    int64_t       total;               /* of one that has ended; or -1 */
    unsigned      again:1;             /* it may have been counted */
} otter_usage_relay_t;


/* 0: it is counted, or another has the lease; -1: it is not known */

int otter_usage_relayed(otter_redis_t *redis, const char *prefix,
    const otter_usage_relay_t *relay);

/*
 * Takes or keeps the lease of a role, "lease" or "reaper", for so long: 1,
 * 0: another has it, -1.
 */

int otter_usage_lease(otter_redis_t *redis, const char *prefix,
    const char *role, const char *counter, int64_t ms);
void otter_usage_leave(otter_redis_t *redis, const char *prefix,
    const char *role, const char *counter);


/* otter_usage_call.c: the time of peers that are not alone in their room */

typedef struct {
    const char   *counter;             /* who counts; has the lease */
    const char   *room;
    const char   *type;                /* of an event; "tick": none */
    const char   *peer;                /* its id; empty: none */
    const char   *key;
    int64_t       n;                   /* of the event, rising */
    int64_t       time;                /* ms since 1970 */
} otter_usage_call_t;

/* 1: it is counted, 0: it was, -1: it is not known, -2: no lease any more */

int otter_usage_call(otter_redis_t *redis, const char *prefix,
    const otter_usage_call_t *call);

/* the day of a time in ms since 1970, in UTC */

void otter_usage_day(char day[OTTER_USAGE_DAY_SIZE], int64_t ms);


#endif /* OTTER_USAGE_H_INCLUDED */
