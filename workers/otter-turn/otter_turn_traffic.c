
/*
 * Copyright (C) Otter contributors
 */


#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "otter_clock.h"
#include "otter_coturn_report.h"
#include "otter_log.h"
#include "otter_random.h"
#include "otter_turn_id.h"
#include "otter_turn_prober.h"
#include "otter_turn_traffic.h"
#include "otter_usage.h"


enum {
    OTTER_TURN_TRAFFIC_NAME = 16,
    OTTER_TURN_TRAFFIC_MAX = 16384,    /* reports that wait */
    OTTER_TURN_TRAFFIC_LEASE = 5000,   /* ms */
    OTTER_TURN_TRAFFIC_KEPT = 15000
};

/* one report that is to be counted */

typedef struct {
    char       *allocation;            /* "<username>/<number>" */
    char       *owner;                 /* key, room, identity; tabs between */
    int64_t     bytes;
    int64_t     total;                 /* -1: it goes on */
    uint64_t    number;
    int64_t     heard;
    unsigned    again:1;               /* another may have counted it */
} otter_turn_relayed_t;

struct otter_turn_traffic_s {
    const otter_turn_conf_t  *conf;
    otter_redis_t            *reports;
    char                      name[OTTER_TURN_TRAFFIC_NAME + 1];
    uint64_t                  last;    /* number of a report */
    size_t                    n;
    size_t                    lost;
    unsigned                  subscribed:1;
    unsigned                  leads:1;
    otter_turn_relayed_t      list[OTTER_TURN_TRAFFIC_MAX];
};


static int otter_turn_traffic_subscribe(otter_turn_traffic_t *t);
static void otter_turn_traffic_message(otter_turn_traffic_t *t,
    const redisReply *reply, const otter_turn_secrets_t *secrets);
static char *otter_turn_traffic_owner(const otter_coturn_report_t *report,
    const otter_turn_secrets_t *secrets);
static int otter_turn_traffic_probe(const otter_coturn_report_t *report);
static void otter_turn_traffic_keep(otter_turn_traffic_t *t,
    const otter_coturn_report_t *report, char *owner);
static int otter_turn_traffic_lease(otter_turn_traffic_t *t,
    otter_redis_t *redis);
static void otter_turn_traffic_stand_by(otter_turn_traffic_t *t);
static void otter_turn_traffic_drop(otter_turn_traffic_t *t, size_t n);


otter_turn_traffic_t *
otter_turn_traffic_create(const otter_turn_conf_t *conf,
    char error[OTTER_REDIS_ERROR_SIZE])
{
    otter_turn_traffic_t  *t;

    t = calloc(1, sizeof(otter_turn_traffic_t));

    if (t == NULL
        || otter_random_name((unsigned char *) t->name,
                             OTTER_TURN_TRAFFIC_NAME)
           != 0)
    {
        free(t);
        snprintf(error, OTTER_REDIS_ERROR_SIZE, "no memory");
        return NULL;
    }

    t->conf = conf;
    t->reports = otter_redis_create(&conf->coturn, error);

    if (t->reports == NULL) {
        free(t);
        return NULL;
    }

    return t;
}


void
otter_turn_traffic_free(otter_turn_traffic_t *t)
{
    if (t == NULL) {
        return;
    }

    otter_turn_traffic_drop(t, t->n);
    otter_redis_free(t->reports);
    free(t);
}


int
otter_turn_traffic_hear(otter_turn_traffic_t *t, int64_t ms,
    const otter_turn_secrets_t *secrets)
{
    int64_t      left, end;
    unsigned     late;
    redisReply  *reply;

    if (!t->subscribed && otter_turn_traffic_subscribe(t) != 0) {
        return -1;
    }

    end = otter_clock() + ms;

    for (left = ms; left > 0; left = end - otter_clock()) {
        reply = otter_redis_receive(t->reports, left, &late);

        if (reply == NULL) {
            t->subscribed = (late != 0);
            break;
        }

        otter_turn_traffic_message(t, reply, secrets);
        freeReplyObject(reply);
    }

    return 0;
}


/* a realm may hold what means something in a pattern */

static int
otter_turn_traffic_subscribe(otter_turn_traffic_t *t)
{
    char         pattern[1024], *p;
    const char  *realm;
    redisReply  *reply;

    if (strlen(t->conf->realm) > 256) {
        return -1;
    }

    p = stpcpy(pattern, "turn/realm/");

    for (realm = t->conf->realm; *realm; realm++) {
        if (!isalnum((unsigned char) *realm)) {
            *p++ = '\\';
        }

        *p++ = *realm;
    }

    (void) stpcpy(p, "/user/*traffic");

    reply = otter_redis_command(t->reports, NULL, "PSUBSCRIBE %s", pattern);

    t->subscribed = (reply != NULL && reply->type == REDIS_REPLY_ARRAY);
    freeReplyObject(reply);

    return t->subscribed ? 0 : -1;
}


static void
otter_turn_traffic_message(otter_turn_traffic_t *t, const redisReply *reply,
    const otter_turn_secrets_t *secrets)
{
    otter_coturn_report_t  report;

    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 4
        || reply->element[2]->type != REDIS_REPLY_STRING
        || reply->element[3]->type != REDIS_REPLY_STRING
        || otter_coturn_report(&report, reply->element[2]->str,
                               reply->element[2]->len,
                               reply->element[3]->str,
                               reply->element[3]->len)
           == OTTER_COTURN_REPORT_OTHER
        || report.username.len == 0
        || otter_turn_traffic_probe(&report))
    {
        return;
    }

    otter_turn_traffic_keep(t, &report,
                            otter_turn_traffic_owner(&report, secrets));
}


/* what otter-turn itself relays is nobody's */

static int
otter_turn_traffic_probe(const otter_coturn_report_t *report)
{
    size_t                len;
    const unsigned char  *id;

    id = memchr(report->username.data, ':', report->username.len);
    if (id == NULL) {
        return 0;
    }

    id++;
    len = report->username.len - (size_t) (id - report->username.data);

    return len == sizeof(OTTER_TURN_PROBER_USER) - 1
           && memcmp(id, OTTER_TURN_PROBER_USER, len) == 0;
}


/* empty: not known from here; NULL: no memory */

static char *
otter_turn_traffic_owner(const otter_coturn_report_t *report,
    const otter_turn_secrets_t *secrets)
{
    char                 *text;
    size_t                i, len;
    unsigned char         buf[OTTER_TURN_ID_SIZE];
    const unsigned char  *id;
    otter_turn_owner_t    owner;

    id = memchr(report->username.data, ':', report->username.len);

    for (i = 0; id && i < secrets->n; i++) {
        len = report->username.len - (size_t) (id + 1 - report->username.data);

        if (otter_turn_id_open(&owner, buf, id + 1, len,
                               (unsigned char *) secrets->list[i],
                               strlen(secrets->list[i]))
            != 0)
        {
            continue;
        }

        if (asprintf(&text, "%.*s\t%.*s\t%.*s", (int) owner.key.len,
                     (const char *) owner.key.data, (int) owner.room.len,
                     (const char *) owner.room.data, (int) owner.identity.len,
                     (const char *) owner.identity.data)
            == -1)
        {
            return NULL;
        }

        return text;
    }

    return strdup("");
}


static void
otter_turn_traffic_keep(otter_turn_traffic_t *t,
    const otter_coturn_report_t *report, char *owner)
{
    char                  *allocation;
    otter_turn_relayed_t  *relayed;

    allocation = NULL;

    if (owner == NULL || t->n == OTTER_TURN_TRAFFIC_MAX
        || asprintf(&allocation, "%.*s/%.*s", (int) report->username.len,
                    (const char *) report->username.data,
                    (int) report->allocation.len,
                    (const char *) report->allocation.data)
           == -1)
    {
        free(owner);
        t->lost++;
        return;
    }

    relayed = &t->list[t->n++];

    relayed->allocation = allocation;
    relayed->owner = owner;
    relayed->number = ++t->last;
    relayed->heard = otter_clock();
    relayed->again = 0;
    relayed->bytes = report->received + report->sent;
    relayed->total = -1;

    if (report->kind == OTTER_COTURN_REPORT_TOTAL) {
        relayed->total = relayed->bytes;
        relayed->bytes = 0;
    }
}


void
otter_turn_traffic_count(otter_turn_traffic_t *t, otter_redis_t *redis)
{
    size_t                 i;
    otter_usage_relay_t    relay;
    otter_turn_relayed_t  *r;

    if (t->lost) {
        otter_log(OTTER_LOG_WARNING, "%zu reports of coturn were not kept: "
                  "the totals of their allocations will tell", t->lost);
        t->lost = 0;
    }

    if (otter_turn_traffic_lease(t, redis) != 0) {
        return;
    }

    if (!t->leads) {
        otter_turn_traffic_stand_by(t);
        return;
    }

    for (i = 0; i < t->n; i++) {
        r = &t->list[i];

        relay.counter = t->name;
        relay.number = r->number;
        relay.allocation = r->allocation;
        relay.owner = r->owner;
        relay.bytes = r->bytes;
        relay.total = r->total;
        relay.again = r->again;

        if (otter_usage_relayed(redis, t->conf->prefix, &relay) != 0) {
            otter_log(OTTER_LOG_WARNING, "relayed bytes are not counted yet: "
                      "%s", otter_redis_error(redis));
            break;
        }
    }

    otter_turn_traffic_drop(t, i);
}


/*
 * Another one counts.  If it dies, totals that it has heard last and not
 * counted are needed; what came before them they contain.
 */

static void
otter_turn_traffic_stand_by(otter_turn_traffic_t *t)
{
    size_t                 i, n;
    int64_t                since;
    otter_turn_relayed_t  *r;

    since = otter_clock() - OTTER_TURN_TRAFFIC_KEPT;

    for (i = 0, n = 0; i < t->n; i++) {
        r = &t->list[i];

        if (r->total == -1 || r->heard < since) {
            free(r->allocation);
            free(r->owner);
            continue;
        }

        r->again = 1;
        t->list[n++] = *r;
    }

    t->n = n;
}


static int
otter_turn_traffic_lease(otter_turn_traffic_t *t, otter_redis_t *redis)
{
    int  leads;

    leads = otter_usage_lease(redis, t->conf->prefix, "lease", t->name,
                              OTTER_TURN_TRAFFIC_LEASE);

    if (leads == -1) {
        return -1;
    }

    if (leads && !t->leads) {
        otter_log(OTTER_LOG_NOTICE, "this otter-turn counts relayed bytes "
                  "and tells how the servers are");
    }

    t->leads = (leads == 1);

    return 0;
}


unsigned
otter_turn_traffic_leads(const otter_turn_traffic_t *t)
{
    return t->leads;
}


void
otter_turn_traffic_leave(otter_turn_traffic_t *t, otter_redis_t *redis)
{
    if (t->leads) {
        otter_usage_leave(redis, t->conf->prefix, "lease", t->name);
        t->leads = 0;
    }
}


static void
otter_turn_traffic_drop(otter_turn_traffic_t *t, size_t n)
{
    size_t  i;

    for (i = 0; i < n; i++) {
        free(t->list[i].allocation);
        free(t->list[i].owner);
    }

    t->n -= n;
    memmove(t->list, t->list + n, t->n * sizeof(otter_turn_relayed_t));
}
