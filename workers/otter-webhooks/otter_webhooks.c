
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <string.h>

#include "otter_clock.h"
#include "otter_log.h"
#include "otter_notify.h"
#include "otter_random.h"
#include "otter_webhooks.h"


enum {
    OTTER_WEBHOOKS_ROUND = 100,        /* milliseconds between two looks */
    OTTER_WEBHOOKS_HOUSEKEEPING = 1000,
    OTTER_WEBHOOKS_ROUNDS_OF_LEASE = 6
};


static int otter_webhooks_start(otter_webhooks_t *w);
static void otter_webhooks_loop(otter_webhooks_t *w);
static void otter_webhooks_round(otter_webhooks_t *w, int64_t now);
static void otter_webhooks_drain(otter_webhooks_t *w);
static void otter_webhooks_wait(otter_webhooks_t *w, int64_t ms);
static void otter_webhooks_reload(otter_webhooks_t *w);


int
main(int argc, char **argv)
{
    int                      status;
    char                     error[OTTER_CONFIG_ERROR_SIZE];
    static otter_webhooks_t  w;

    if (!otter_companion_init(&w.companion, "otter-webhooks",
                              "Brings events of rooms to HTTPS endpoints.",
                              argc, argv, &status))
    {
        return status;
    }

    if (otter_webhooks_conf_read(&w.conf, w.companion.config, error) != 0) {
        otter_log(OTTER_LOG_ERROR, "%s", error);
        otter_webhooks_conf_free(&w.conf);
        return OTTER_COMPANION_MISUSED;
    }

    if (w.companion.check) {
        printf("%s is fine: %zu endpoint%s\n", w.companion.config,
               w.conf.nendpoints, w.conf.nendpoints == 1 ? "" : "s");
        otter_webhooks_conf_free(&w.conf);
        return OTTER_COMPANION_OK;
    }

    status = OTTER_COMPANION_FAILED;

    if (otter_webhooks_start(&w) == 0) {
        otter_webhooks_loop(&w);
        otter_webhooks_drain(&w);
        status = OTTER_COMPANION_OK;
    }

    if (w.multi) {
        otter_webhooks_send_exit(&w);
    }

    otter_webhooks_sweep_exit(&w);
    otter_redis_free(w.redis);
    otter_webhooks_conf_free(&w.conf);

    return status;
}


static int
otter_webhooks_start(otter_webhooks_t *w)
{
    char  error[OTTER_REDIS_ERROR_SIZE];

    if (otter_companion_start(&w->companion) != 0) {
        return -1;
    }

    if (otter_random_name((unsigned char *) w->id,
                          OTTER_WEBHOOKS_ID_SIZE - 1)
        != 0)
    {
        otter_log(OTTER_LOG_ERROR, "there is no randomness");
        return -1;
    }

    w->redis = otter_redis_create(&w->conf.redis, error);

    if (w->redis == NULL) {
        otter_log(OTTER_LOG_ERROR, "%s", error);
        return -1;
    }

    if (otter_webhooks_send_init(w) != 0) {
        otter_log(OTTER_LOG_ERROR, "libcurl does not start");
        return -1;
    }

    w->store.redis = w->redis;
    w->store.prefix = w->conf.prefix;
    w->store.worker = w->id;
    w->store.lease = w->conf.lease;
    w->store.backlog = w->conf.backlog;

    otter_notify("READY=1");
    otter_log(OTTER_LOG_NOTICE, "started, with %zu endpoint%s",
              w->conf.nendpoints, w->conf.nendpoints == 1 ? "" : "s");

    return 0;
}


static void
otter_webhooks_loop(otter_webhooks_t *w)
{
    int64_t  now;

    while (!w->companion.stop) {
        now = otter_clock();

        if (now >= w->due) {
            otter_webhooks_round(w, now);
        }

        otter_webhooks_send_run(w);

        /* what was just delivered makes room for what follows it */

        if (w->busy && !w->trouble) {
            w->due = 0;
        }

        otter_webhooks_wait(w, w->due - otter_clock());

        if (w->companion.reload && w->active == 0) {
            otter_webhooks_reload(w);
        }
    }
}


static void
otter_webhooks_round(otter_webhooks_t *w, int64_t now)
{
    w->busy = 0;
    w->trouble = 0;
    w->due = now + OTTER_WEBHOOKS_ROUND;

    if (!otter_redis_up(w->redis)) {
        w->trouble = 1;
        return;
    }

    if (now >= w->housekeeping) {
        otter_webhooks_shards(w);
        otter_webhooks_disabled(w);

        w->housekeeping = w->store.lease / OTTER_WEBHOOKS_ROUNDS_OF_LEASE;

        if (w->housekeeping > OTTER_WEBHOOKS_HOUSEKEEPING) {
            w->housekeeping = OTTER_WEBHOOKS_HOUSEKEEPING;
        }

        w->housekeeping += now;
    }

    if (w->companion.reload) {

        /* nothing new until what is under way is done */

        return;
    }

    otter_webhooks_sweep(w);
    otter_webhooks_read(w);
    otter_webhooks_take(w);
}


/* what is under way is waited for; what is not waits in Redis */

static void
otter_webhooks_drain(otter_webhooks_t *w)
{
    int64_t  end;

    otter_notify("STOPPING=1");
    otter_log(OTTER_LOG_NOTICE, "ends; %u under way", w->active);

    end = otter_clock() + w->conf.drain;

    while (w->active && otter_clock() < end) {
        otter_webhooks_send_run(w);

        if (w->active) {
            otter_webhooks_wait(w, OTTER_WEBHOOKS_ROUND);
        }
    }

    otter_webhooks_shards_release(w);
}


static void
otter_webhooks_wait(otter_webhooks_t *w, int64_t ms)
{
    struct curl_waitfd  fd;

    fd.fd = w->companion.signals;
    fd.events = CURL_WAIT_POLLIN;
    fd.revents = 0;

    (void) curl_multi_poll(w->multi, &fd, 1, ms > 0 ? (int) ms : 0, NULL);

    if (fd.revents) {
        otter_companion_signals(&w->companion);
    }
}


/* endpoints change; what concerns Redis needs a start */

static void
otter_webhooks_reload(otter_webhooks_t *w)
{
    char                    error[OTTER_CONFIG_ERROR_SIZE];
    otter_redis_conf_t      redis;
    otter_webhooks_conf_t   conf;

    w->companion.reload = 0;

    if (otter_webhooks_conf_read(&conf, w->companion.config, error) != 0) {
        otter_log(OTTER_LOG_ERROR, "the old configuration stays: %s", error);
        otter_webhooks_conf_free(&conf);
        return;
    }

    redis = conf.redis;
    conf.redis = w->conf.redis;
    w->conf.redis = redis;

    otter_webhooks_conf_free(&w->conf);

    otter_webhooks_sweep_exit(w);

    w->conf = conf;
    w->store.prefix = w->conf.prefix;
    w->store.lease = w->conf.lease;
    w->store.backlog = w->conf.backlog;
    w->housekeeping = 0;

    otter_log(OTTER_LOG_NOTICE, "the configuration was read again");
}
