
/*
 * Copyright (C) Otter contributors
 */

/* What follows from an answer, or from none. */


#include <stdio.h>

#include "otter_clock.h"
#include "otter_log.h"
#include "otter_webhooks.h"


enum {
    OTTER_WEBHOOKS_RETRY_AFTER_MAX = 24 * 3600 * 1000
};


static void otter_webhooks_failed(otter_webhooks_t *w,
    otter_webhooks_endpoint_t *endpoint, const otter_webhook_job_t *job,
    const otter_webhooks_outcome_t *outcome, const char *error);
static int64_t otter_webhooks_delay(otter_webhooks_t *w,
    otter_webhooks_endpoint_t *endpoint, const otter_webhook_job_t *job,
    const otter_webhooks_outcome_t *outcome);
static void otter_webhooks_gone(otter_webhooks_t *w,
    otter_webhooks_endpoint_t *endpoint, const otter_webhook_job_t *job,
    unsigned shard);


void
otter_webhooks_outcome(otter_webhooks_t *w,
    otter_webhooks_endpoint_t *endpoint, const otter_webhook_job_t *job,
    const otter_webhooks_outcome_t *outcome)
{
    char  error[128];

    w->busy = 1;

    if (outcome->status >= 200 && outcome->status < 300) {
        if (otter_webhook_done(&w->store, outcome->shard, job,
                               otter_clock_wall())
            == -1)
        {
            w->trouble = 1;
        }

        return;
    }

    if (outcome->status) {
        snprintf(error, sizeof(error), "status %ld%s", outcome->status,
                 outcome->status >= 300 && outcome->status < 400
                 ? ": redirects are not followed" : "");

    } else {
        snprintf(error, sizeof(error), "%s", outcome->error);
    }

    otter_log(OTTER_LOG_INFO, "%s: %.*s, attempt %d: %s", endpoint->name,
              (int) job->id_len, job->id, (int) job->attempts + 1, error);

    if (outcome->status == 410) {
        otter_webhooks_gone(w, endpoint, job, outcome->shard);
        return;
    }

    otter_webhooks_failed(w, endpoint, job, outcome, error);
}


static void
otter_webhooks_failed(otter_webhooks_t *w,
    otter_webhooks_endpoint_t *endpoint, const otter_webhook_job_t *job,
    const otter_webhooks_outcome_t *outcome, const char *error)
{
    int      rc;
    int64_t  now;

    now = otter_clock_wall();

    if (job->attempts + 1 >= w->conf.attempts) {
        otter_log(OTTER_LOG_WARNING, "%s: %.*s is given up: %s",
                  endpoint->name, (int) job->id_len, job->id, error);

        rc = otter_webhook_dead(&w->store, outcome->shard, job, now, error);

    } else {
        rc = otter_webhook_again(&w->store, outcome->shard, job, now,
                                 now + otter_webhooks_delay(w, endpoint, job,
                                                            outcome));
    }

    if (rc == -1) {
        w->trouble = 1;
    }
}


/* who says when to come again is left alone until then with all rooms */

static int64_t
otter_webhooks_delay(otter_webhooks_t *w,
    otter_webhooks_endpoint_t *endpoint, const otter_webhook_job_t *job,
    const otter_webhooks_outcome_t *outcome)
{
    int64_t  delay, asked;

    delay = otter_clock_backoff(w->conf.retry_base, w->conf.retry_max,
                                (unsigned) job->attempts);
    asked = outcome->retry_after;

    if (asked > OTTER_WEBHOOKS_RETRY_AFTER_MAX) {
        asked = OTTER_WEBHOOKS_RETRY_AFTER_MAX;
    }

    if (asked && (outcome->status == 429 || outcome->status == 503)) {
        endpoint->paused = otter_clock_wall() + asked;

        if (delay < asked) {
            delay = asked;
        }
    }

    return delay;
}


/* what waits for it is kept, for "otter webhooks enable" */

static void
otter_webhooks_gone(otter_webhooks_t *w,
    otter_webhooks_endpoint_t *endpoint, const otter_webhook_job_t *job,
    unsigned shard)
{
    int64_t  now;

    now = otter_clock_wall();

    if (!endpoint->disabled) {
        otter_log(OTTER_LOG_WARNING,
                  "endpoint %s is gone (410) and gets nothing any more, "
                  "until \"otter webhooks enable %s\" or it has another URL",
                  endpoint->name, endpoint->name);
    }

    endpoint->disabled = 1;

    if (otter_webhook_disable(&w->store, endpoint->name, endpoint->url) == -1
        || otter_webhook_again(&w->store, shard, job, now, now) == -1)
    {
        w->trouble = 1;
    }
}
