
/*
 * Copyright (C) Otter contributors
 */


#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/crypto.h>

#include "otter_clock.h"
#include "otter_log.h"
#include "otter_stun_uri.h"
#include "otter_turn.h"
#include "otter_turn_prober.h"
#include "otter_turn_secrets.h"


enum {
    OTTER_TURN_PROBER_FAILS = 2,       /* in a row, and it is failing */
    OTTER_TURN_PROBER_LIFE = 60        /* s, of the credentials */
};

typedef struct {
    otter_turn_prober_t   *prober;
    pthread_t              thread;
    const char            *name;       /* the URI */
    otter_stun_uri_t       uri;
    otter_stun_server_t    server;
    unsigned               fails;
    int64_t                since;
    int64_t                rtt;
    unsigned               failing:1;
} otter_turn_target_t;

struct otter_turn_prober_s {
    pthread_mutex_t        lock;       /* of all that follows */
    pthread_cond_t         wake;
    unsigned               stop;
    unsigned               changed;
    int64_t                interval;
    char                   secret[OTTER_TURN_SECRET_MAX + 1];
    size_t                 started;
    size_t                 n;
    otter_turn_target_t    targets[];
};


static void otter_turn_target_init(otter_turn_target_t *t,
    otter_turn_prober_t *prober, const otter_turn_conf_t *conf, size_t i);
static void *otter_turn_target_run(void *data);
static otter_stun_rc_t otter_turn_target_ask(otter_turn_target_t *t,
    otter_stun_result_t *result);
static otter_stun_rc_t otter_turn_target_allocate(otter_turn_target_t *t,
    otter_stun_result_t *result, const char *secret);
static void otter_turn_target_note(otter_turn_target_t *t,
    const otter_stun_result_t *result, int64_t took);
static const char *otter_turn_target_reason(
    const otter_stun_result_t *result);
static void otter_turn_target_wait(otter_turn_prober_t *p, int64_t ms);


otter_turn_prober_t *
otter_turn_prober_start(const otter_turn_conf_t *conf)
{
    size_t                i;
    pthread_condattr_t    attr;
    otter_turn_prober_t  *p;

    p = calloc(1, sizeof(otter_turn_prober_t)
                  + conf->nuris * sizeof(otter_turn_target_t));
    if (p == NULL) {
        return NULL;
    }

    p->n = conf->nuris;
    p->interval = conf->interval;

    (void) pthread_mutex_init(&p->lock, NULL);
    (void) pthread_condattr_init(&attr);
    (void) pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void) pthread_cond_init(&p->wake, &attr);
    (void) pthread_condattr_destroy(&attr);

    for (i = 0; i < p->n; i++) {
        otter_turn_target_init(&p->targets[i], p, conf, i);

        if (pthread_create(&p->targets[i].thread, NULL,
                           otter_turn_target_run, &p->targets[i])
            != 0)
        {
            otter_turn_prober_stop(p);
            return NULL;
        }

        p->started++;
    }

    return p;
}


static void
otter_turn_target_init(otter_turn_target_t *t, otter_turn_prober_t *prober,
    const otter_turn_conf_t *conf, size_t i)
{
    t->prober = prober;
    t->name = conf->uris[i];
    t->since = otter_clock_wall() / 1000;

    (void) otter_stun_uri(&t->uri, t->name);

    otter_stun_uri_server(&t->server, &t->uri);

    t->server.ca = conf->ca;
    t->server.no_verify = !conf->verify;
}


void
otter_turn_prober_stop(otter_turn_prober_t *p)
{
    size_t  i;

    if (p == NULL) {
        return;
    }

    (void) pthread_mutex_lock(&p->lock);
    p->stop = 1;
    (void) pthread_cond_broadcast(&p->wake);
    (void) pthread_mutex_unlock(&p->lock);

    for (i = 0; i < p->started; i++) {
        (void) pthread_join(p->targets[i].thread, NULL);
    }

    (void) pthread_cond_destroy(&p->wake);
    (void) pthread_mutex_destroy(&p->lock);

    OPENSSL_cleanse(p->secret, sizeof(p->secret));
    free(p);
}


void
otter_turn_prober_secret(otter_turn_prober_t *p, const char *secret)
{
    size_t  len;

    len = strlen(secret);

    if (len > OTTER_TURN_SECRET_MAX) {
        return;
    }

    (void) pthread_mutex_lock(&p->lock);
    memcpy(p->secret, secret, len + 1);
    (void) pthread_mutex_unlock(&p->lock);
}


size_t
otter_turn_prober_health(otter_turn_prober_t *p,
    otter_turn_health_t servers[OTTER_TURN_HEALTH_MAX], unsigned *changed)
{
    size_t                i;
    otter_turn_target_t  *t;

    (void) pthread_mutex_lock(&p->lock);

    for (i = 0; i < p->n; i++) {
        t = &p->targets[i];

        servers[i].uri.data = (const unsigned char *) t->name;
        servers[i].uri.len = strlen(t->name);
        servers[i].since = t->since;
        servers[i].rtt = t->rtt;
        servers[i].failing = t->failing;
    }

    *changed = p->changed;

    (void) pthread_mutex_unlock(&p->lock);

    return p->n;
}


static void *
otter_turn_target_run(void *data)
{
    int64_t               begin;
    otter_stun_result_t   result;
    otter_turn_target_t  *t = data;
    otter_turn_prober_t  *p = t->prober;

    (void) pthread_mutex_lock(&p->lock);

    while (!p->stop) {
        (void) pthread_mutex_unlock(&p->lock);

        begin = otter_clock();
        result.rc = otter_turn_target_ask(t, &result);

        (void) pthread_mutex_lock(&p->lock);

        otter_turn_target_note(t, &result, otter_clock() - begin);
        otter_turn_target_wait(p, begin + p->interval);
    }

    (void) pthread_mutex_unlock(&p->lock);

    return NULL;
}


static otter_stun_rc_t
otter_turn_target_ask(otter_turn_target_t *t, otter_stun_result_t *result)
{
    otter_stun_rc_t   rc;
    char              secret[OTTER_TURN_SECRET_MAX + 1];

    (void) pthread_mutex_lock(&t->prober->lock);
    memcpy(secret, t->prober->secret, sizeof(secret));
    (void) pthread_mutex_unlock(&t->prober->lock);

    if (t->uri.turn && secret[0]) {
        rc = otter_turn_target_allocate(t, result, secret);

    } else {
        rc = otter_stun_bind(result, &t->server);
    }

    OPENSSL_cleanse(secret, sizeof(secret));

    return rc;
}


static otter_stun_rc_t
otter_turn_target_allocate(otter_turn_target_t *t,
    otter_stun_result_t *result, const char *secret)
{
    otter_span_t              username, password;
    otter_turn_credential_t   c;

    if (otter_turn_credential(&c, (const unsigned char *) secret,
                              strlen(secret),
                              otter_clock_wall() / 1000
                              + OTTER_TURN_PROBER_LIFE,
                              (const unsigned char *) OTTER_TURN_PROBER_USER,
                              sizeof(OTTER_TURN_PROBER_USER) - 1)
        != 0)
    {
        memset(result, 0, sizeof(otter_stun_result_t));
        return OTTER_STUN_RC_FAILED;
    }

    username.data = c.username;
    username.len = c.username_len;
    password.data = c.password;
    password.len = sizeof(c.password);

    return otter_stun_allocate(result, &t->server, &username, &password);
}


/*
 * With the lock.  What failed here says nothing of the server, and one that
 * relays for anyone does so for browsers as well.
 */

static void
otter_turn_target_note(otter_turn_target_t *t,
    const otter_stun_result_t *result, int64_t took)
{
    if (result->rc == OTTER_STUN_RC_FAILED) {
        otter_log(OTTER_LOG_WARNING, "%s could not be probed", t->name);
        return;
    }

    if (result->rc == OTTER_STUN_RC_OK || result->rc == OTTER_STUN_RC_OPEN) {
        t->fails = 0;
        t->rtt = took;

        if (!t->failing) {
            return;
        }

        otter_log(OTTER_LOG_NOTICE, "%s is back", t->name);

    } else {
        otter_log(OTTER_LOG_DEBUG, "%s: %s", t->name,
                  otter_turn_target_reason(result));

        if (++t->fails < OTTER_TURN_PROBER_FAILS || t->failing) {
            return;
        }

        t->rtt = 0;

        otter_log(OTTER_LOG_WARNING, "%s is failing: %s", t->name,
                  otter_turn_target_reason(result));
    }

    t->failing = !t->failing;
    t->since = otter_clock_wall() / 1000;
    t->prober->changed++;
}


static const char *
otter_turn_target_reason(const otter_stun_result_t *result)
{
    switch (result->rc) {

    case OTTER_STUN_RC_NO_ADDRESS:
        return "its name has no address";

    case OTTER_STUN_RC_NO_CONNECTION:
        return "nothing listens there";

    case OTTER_STUN_RC_NO_ANSWER:
        return "it does not answer";

    case OTTER_STUN_RC_REFUSED:
    case OTTER_STUN_RC_UNTRUSTED:
        return result->text;

    default:
        return "what answers there is no TURN server that knows the secret";
    }
}


static void
otter_turn_target_wait(otter_turn_prober_t *p, int64_t ms)
{
    struct timespec  ts;

    ts.tv_sec = ms / 1000;
    ts.tv_nsec = ms % 1000 * 1000000;

    while (!p->stop
           && pthread_cond_timedwait(&p->wake, &p->lock, &ts) != ETIMEDOUT)
    {
        /* void */
    }
}
