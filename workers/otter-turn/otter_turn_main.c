
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "otter_clock.h"
#include "otter_companion.h"
#include "otter_log.h"
#include "otter_notify.h"
#include "otter_turn_publish.h"
#include "otter_turn_secrets.h"
#include "otter_turn_traffic.h"


enum {
    OTTER_TURN_ROUND = 1000,           /* ms, between rounds */
    OTTER_TURN_HEAR = 200
};

/* what runs with one configuration */

typedef struct {
    otter_companion_t      *companion;
    otter_turn_conf_t      *conf;
    otter_redis_t          *redis;
    otter_redis_t          *coturn;
    otter_turn_traffic_t   *traffic;
    otter_turn_prober_t    *prober;
    otter_turn_secrets_t    secrets;
    unsigned                changed;   /* of what was published */
    int64_t                 published;
    unsigned                failing:1; /* the last round did */
    unsigned                full:1;
} otter_turn_t;


static int otter_turn_once(const otter_turn_conf_t *conf);
static int otter_turn_serve(otter_companion_t *companion,
    otter_turn_conf_t **conf);
static int otter_turn_open(otter_turn_t *turn);
static void otter_turn_close(otter_turn_t *turn);
static void otter_turn_round(otter_turn_t *turn);
static void otter_turn_keep_secrets(otter_turn_t *turn);
static void otter_turn_tell_health(otter_turn_t *turn);
static void otter_turn_listen(otter_turn_t *turn);
static unsigned otter_turn_take_flag(int *argc, char **argv,
    const char *flag);


int
main(int argc, char **argv)
{
    int                 status;
    char                error[OTTER_CONFIG_ERROR_SIZE];
    unsigned            once;
    otter_companion_t   companion;
    otter_turn_conf_t  *conf;

    once = otter_turn_take_flag(&argc, argv, "--once");

    if (!otter_companion_init(&companion, "otter-turn",
                              "Rotates TURN secrets, watches TURN servers, "
                              "counts what they relay.\n"
                              "With --once, it rotates the secret and ends.",
                              argc, argv, &status))
    {
        return status;
    }

    conf = otter_turn_conf_read(companion.config, error);

    if (conf == NULL) {
        otter_log(OTTER_LOG_ERROR, "%s", error);
        return OTTER_COMPANION_MISUSED;
    }

    if (companion.check) {
        status = OTTER_COMPANION_OK;

    } else if (once) {
        status = otter_turn_once(conf);

    } else {
        status = otter_turn_serve(&companion, &conf);
    }

    otter_turn_conf_free(conf);

    return status;
}


static unsigned
otter_turn_take_flag(int *argc, char **argv, const char *flag)
{
    int       i, n;
    unsigned  found;

    found = 0;

    for (i = 1, n = 1; i < *argc; i++) {
        if (strcmp(argv[i], flag) == 0) {
            found = 1;

        } else {
            argv[n++] = argv[i];
        }
    }

    argv[n] = NULL;
    *argc = n;

    return found;
}


static int
otter_turn_once(const otter_turn_conf_t *conf)
{
    int                    rc;
    char                   error[OTTER_CONFIG_ERROR_SIZE];
    otter_redis_t         *coturn;
    otter_turn_secrets_t   secrets;

    if (conf->coturn_url == NULL) {
        otter_log(OTTER_LOG_ERROR, "secrets are rotated through coturn's "
                  "Redis: \"coturn_redis\" is not set");
        return OTTER_COMPANION_MISUSED;
    }

    memset(&secrets, 0, sizeof(secrets));

    coturn = otter_redis_create(&conf->coturn, error);

    rc = coturn ? otter_turn_secrets_round(&secrets, conf, coturn, 1, error)
                : -1;

    if (rc == 0 && secrets.full) {
        snprintf(error, sizeof(error), "too many secrets are valid still: "
                 "wait until credentials of an old one have ended");
        rc = -1;
    }

    if (rc != 0) {
        otter_log(OTTER_LOG_ERROR, "%s", error);
    }

    otter_turn_secrets_clear(&secrets);
    otter_redis_free(coturn);

    return rc == 0 ? OTTER_COMPANION_OK : OTTER_COMPANION_FAILED;
}


/* SIGHUP begins anew with another configuration, if that one is good */

static int
otter_turn_serve(otter_companion_t *companion, otter_turn_conf_t **conf)
{
    char                error[OTTER_CONFIG_ERROR_SIZE];
    otter_turn_t        turn;
    otter_turn_conf_t  *fresh;

    if (otter_companion_start(companion) != 0) {
        return OTTER_COMPANION_FAILED;
    }

    do {
        companion->reload = 0;

        memset(&turn, 0, sizeof(turn));
        turn.companion = companion;
        turn.conf = *conf;

        if (otter_turn_open(&turn) != 0) {
            otter_turn_close(&turn);
            return OTTER_COMPANION_FAILED;
        }

        otter_turn_round(&turn);
        otter_notify("READY=1");

        while (!companion->stop && !companion->reload) {
            otter_turn_listen(&turn);
            otter_turn_round(&turn);
        }

        if (companion->stop) {
            otter_notify("STOPPING=1");
        }

        otter_turn_close(&turn);

        if (companion->reload) {
            fresh = otter_turn_conf_read(companion->config, error);

            if (fresh) {
                otter_turn_conf_free(*conf);
                *conf = fresh;

            } else {
                otter_log(OTTER_LOG_ERROR, "%s; the configuration stays as "
                          "it was", error);
            }
        }

    } while (!companion->stop);

    return OTTER_COMPANION_OK;
}


static int
otter_turn_open(otter_turn_t *turn)
{
    char                error[OTTER_CONFIG_ERROR_SIZE];
    otter_turn_conf_t  *conf;

    conf = turn->conf;

    if (conf->coturn_url) {
        turn->redis = otter_redis_create(&conf->redis, error);

        if (turn->redis) {
            turn->coturn = otter_redis_create(&conf->coturn, error);
        }

        if (turn->coturn) {
            turn->traffic = otter_turn_traffic_create(conf, error);
        }

        if (turn->traffic == NULL) {
            otter_log(OTTER_LOG_ERROR, "%s", error);
            return -1;
        }
    }

    turn->prober = otter_turn_prober_start(conf);

    if (turn->prober == NULL) {
        otter_log(OTTER_LOG_ERROR, "no memory or no threads for probes");
        return -1;
    }

    /* what signs now is good for probes, whether Redis is there or not */

    if (conf->secret_file
        && otter_turn_secrets_load(&turn->secrets, conf->secret_file, error)
           != 0)
    {
        otter_log(OTTER_LOG_WARNING, "%s", error);
    }

    if (turn->secrets.n) {
        otter_turn_prober_secret(turn->prober, turn->secrets.list[0]);
    }

    return 0;
}


static void
otter_turn_close(otter_turn_t *turn)
{
    if (turn->traffic) {
        otter_turn_traffic_count(turn->traffic, turn->redis);
        otter_turn_traffic_leave(turn->traffic, turn->redis);
    }

    otter_turn_prober_stop(turn->prober);
    otter_turn_traffic_free(turn->traffic);
    otter_redis_free(turn->coturn);
    otter_redis_free(turn->redis);
    otter_turn_secrets_clear(&turn->secrets);
}


static void
otter_turn_round(otter_turn_t *turn)
{
    if (turn->coturn) {
        otter_turn_keep_secrets(turn);
        otter_turn_traffic_count(turn->traffic, turn->redis);
    }

    otter_turn_tell_health(turn);
}


/* a failure is told once, not each second */

static void
otter_turn_keep_secrets(otter_turn_t *turn)
{
    char                   error[OTTER_CONFIG_ERROR_SIZE];
    otter_turn_secrets_t   secrets;

    memset(&secrets, 0, sizeof(secrets));

    if (otter_turn_secrets_round(&secrets, turn->conf, turn->coturn, 0, error)
        != 0)
    {
        if (!turn->failing) {
            otter_log(OTTER_LOG_ERROR, "%s", error);
        }

        turn->failing = 1;
        otter_turn_secrets_clear(&secrets);
        return;
    }

    if (turn->failing) {
        otter_log(OTTER_LOG_NOTICE, "TURN secrets are kept in step again");
    }

    if (secrets.rotated) {
        otter_log(OTTER_LOG_NOTICE, "the TURN secret was rotated");
    }

    if (secrets.full && !turn->full) {
        otter_log(OTTER_LOG_WARNING, "the TURN secret is due, but too many "
                  "old ones are valid still: \"rotate\" is too short for "
                  "\"ttl\"");
    }

    turn->failing = 0;
    turn->full = secrets.full;

    otter_turn_secrets_clear(&turn->secrets);
    turn->secrets = secrets;

    if (secrets.n) {
        otter_turn_prober_secret(turn->prober, secrets.list[0]);
    }
}


static void
otter_turn_tell_health(otter_turn_t *turn)
{
    size_t               n;
    int64_t              now;
    unsigned             changed;
    otter_redis_t       *redis;
    otter_turn_health_t  servers[OTTER_TURN_HEALTH_MAX];

    n = otter_turn_prober_health(turn->prober, servers, &changed);
    now = otter_clock();

    if (n == 0
        || (changed == turn->changed && turn->published
            && now - turn->published < turn->conf->interval))
    {
        return;
    }

    redis = turn->traffic && otter_turn_traffic_leads(turn->traffic)
            ? turn->redis : NULL;

    if (otter_turn_publish(turn->conf, redis, servers, n) == 0) {
        turn->changed = changed;
        turn->published = now;
    }
}


/* until the next round */

static void
otter_turn_listen(otter_turn_t *turn)
{
    int64_t  now, end;

    end = otter_clock() + OTTER_TURN_ROUND;

    for (now = otter_clock(); now < end; now = otter_clock()) {

        if (turn->traffic
            && otter_turn_traffic_hear(turn->traffic, OTTER_TURN_HEAR,
                                       &turn->secrets)
               == 0)
        {
            otter_companion_wait(turn->companion, 0);

        } else {
            otter_companion_wait(turn->companion, OTTER_TURN_HEAR);
        }

        if (turn->companion->stop || turn->companion->reload) {
            return;
        }
    }
}
