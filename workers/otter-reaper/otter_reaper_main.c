
/*
 * Copyright (C) Otter contributors
 */


#include <stdlib.h>
#include <string.h>

#include "otter_clock.h"
#include "otter_companion.h"
#include "otter_log.h"
#include "otter_notify.h"
#include "otter_random.h"
#include "otter_reaper.h"
#include "otter_usage.h"


enum {
    OTTER_REAPER_PAUSE = 250,          /* ms, when there are no events */
    OTTER_REAPER_LEASE = 10000,
    OTTER_REAPER_TICK = 20000
};


static int otter_reaper_serve(otter_companion_t *companion,
    otter_reaper_conf_t **conf);
static int otter_reaper_run(otter_companion_t *companion,
    const otter_reaper_conf_t *conf);
static int otter_reaper_turn(otter_reaper_t *reaper);


int
main(int argc, char **argv)
{
    int                   status;
    char                  error[OTTER_CONFIG_ERROR_SIZE];
    otter_companion_t     companion;
    otter_reaper_conf_t  *conf;

    if (!otter_companion_init(&companion, "otter-reaper",
                              "Closes rooms that are due, clears what dead "
                              "hosts left, counts call minutes.",
                              argc, argv, &status))
    {
        return status;
    }

    conf = otter_reaper_conf_read(companion.config, error);

    if (conf == NULL) {
        otter_log(OTTER_LOG_ERROR, "%s", error);
        return OTTER_COMPANION_MISUSED;
    }

    status = companion.check ? OTTER_COMPANION_OK
                             : otter_reaper_serve(&companion, &conf);

    otter_reaper_conf_free(conf);

    return status;
}


/* SIGHUP begins anew with another configuration, if that one is good */

static int
otter_reaper_serve(otter_companion_t *companion, otter_reaper_conf_t **conf)
{
    int                   status;
    char                  error[OTTER_CONFIG_ERROR_SIZE];
    otter_reaper_conf_t  *fresh;

    if (otter_companion_start(companion) != 0) {
        return OTTER_COMPANION_FAILED;
    }

    do {
        companion->reload = 0;
        status = otter_reaper_run(companion, *conf);

        if (status != OTTER_COMPANION_OK || companion->stop) {
            return status;
        }

        fresh = otter_reaper_conf_read(companion->config, error);

        if (fresh) {
            otter_reaper_conf_free(*conf);
            *conf = fresh;

        } else {
            otter_log(OTTER_LOG_ERROR, "%s; the configuration stays as it "
                      "was", error);
        }

    } while (!companion->stop);

    return OTTER_COMPANION_OK;
}


static int
otter_reaper_run(otter_companion_t *companion,
    const otter_reaper_conf_t *conf)
{
    char            error[OTTER_REDIS_ERROR_SIZE];
    otter_reaper_t  reaper;

    memset(&reaper, 0, sizeof(otter_reaper_t));

    reaper.conf = conf;

    if (otter_random_name((unsigned char *) reaper.name, OTTER_REAPER_NAME)
        != 0)
    {
        otter_log(OTTER_LOG_ERROR, "no random bytes");
        return OTTER_COMPANION_FAILED;
    }

    reaper.redis = otter_redis_create(&conf->redis, error);

    if (reaper.redis == NULL) {
        otter_log(OTTER_LOG_ERROR, "%s", error);
        return OTTER_COMPANION_FAILED;
    }

    otter_notify("READY=1");

    while (!companion->stop && !companion->reload) {
        otter_companion_wait(companion, otter_reaper_turn(&reaper)
                                        ? 0 : OTTER_REAPER_PAUSE);
    }

    if (companion->stop) {
        otter_notify("STOPPING=1");
    }

    if (reaper.leads) {
        otter_usage_leave(reaper.redis, conf->prefix, "reaper", reaper.name);
    }

    otter_event_listen_end(&reaper.listen);
    otter_redis_free(reaper.redis);

    return OTTER_COMPANION_OK;
}


/* 1: there is more to do at once */

static int
otter_reaper_turn(otter_reaper_t *reaper)
{
    int      leads;
    int64_t  now;

    leads = otter_usage_lease(reaper->redis, reaper->conf->prefix, "reaper",
                              reaper->name, OTTER_REAPER_LEASE);

    if (leads != 1) {
        reaper->leads = 0;
        return 0;
    }

    if (!reaper->leads) {
        otter_log(OTTER_LOG_NOTICE, "this otter-reaper is at work");
        reaper->leads = 1;
        reaper->ready = 0;
    }

    otter_reaper_listen(reaper);

    now = otter_clock();

    if (now >= reaper->next_round) {
        reaper->next_round = now + reaper->conf->interval;
        otter_reaper_rooms(reaper);
    }

    if (now >= reaper->next_tick) {
        reaper->next_tick = now + OTTER_REAPER_TICK;
        otter_reaper_tick(reaper);
    }

    return otter_reaper_events(reaper) > 0;
}
