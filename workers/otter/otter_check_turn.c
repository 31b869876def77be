
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/crypto.h>

#include "otter_check.h"
#include "otter_file.h"
#include "otter_target.h"
#include "otter_turn.h"
#include "otter_turn_secret.h"


enum {
    OTTER_CHECK_LIFE = 60              /* s, of the credentials */
};


static void otter_check_server(otter_check_t *check, const char *server);
static void otter_check_uri(otter_check_t *check, const char *uri);
static void otter_check_one(otter_check_t *check, otter_target_t *t);
static unsigned otter_check_bind(otter_check_t *check,
    const otter_target_t *t);
static void otter_check_secret(otter_check_t *check,
    const otter_target_t *t, const char *path);
static void otter_check_allocate(otter_check_t *check,
    const otter_target_t *t, const char *path,
    const otter_span_t *secret);
static void otter_check_refused(otter_check_t *check,
    const otter_target_t *t, const char *path,
    const otter_stun_result_t *result);
static void otter_check_unreached(otter_check_t *check,
    const otter_target_t *t, const otter_stun_result_t *result);


void
otter_check_turn(otter_check_t *check)
{
    size_t  i;

    for (i = 0; i < check->uris.n; i++) {
        otter_check_uri(check, check->uris.items[i]);
    }

    for (i = 0; i < check->servers.n; i++) {
        otter_check_server(check, check->servers.items[i]);
    }
}


/* HOST or HOST:PORT: by both transports */

static void
otter_check_server(otter_check_t *check, const char *server)
{
    char            uri[300];
    unsigned        tcp;
    otter_target_t  target;

    snprintf(uri, sizeof(uri), "turn:%s", server);

    for (tcp = 0; tcp < 2; tcp++) {
        if (otter_target_parse(&target, uri, check->ca) != 0) {
            return;
        }

        target.subject = server;
        target.server.tcp = tcp;

        otter_check_one(check, &target);
    }
}


static void
otter_check_uri(otter_check_t *check, const char *uri)
{
    otter_target_t  target;

    if (otter_target_parse(&target, uri, check->ca) == 0) {
        otter_check_one(check, &target);
    }
}


static void
otter_check_one(otter_check_t *check, otter_target_t *t)
{
    size_t                     i;
    const otter_check_list_t  *secrets;

    /* what is known already need not wait for a server that is silent */

    otter_findings_print(&check->findings);

    if (!otter_check_bind(check, t) || !t->uri.turn) {
        return;
    }

    secrets = &check->files[OTTER_CHECK_TURN_SECRET];

    for (i = 0; i < secrets->n; i++) {
        otter_check_secret(check, t, secrets->items[i]);
    }
}


/* 1: it is worth while to ask for a relay */

static unsigned
otter_check_bind(otter_check_t *check, const otter_target_t *t)
{
    otter_stun_rc_t      rc;
    otter_stun_result_t  result;

    rc = otter_stun_bind(&result, &t->server);

    switch (rc) {

    case OTTER_STUN_RC_OK:
        otter_findings_add(&check->findings, OTTER_FINDING_OK, t->subject,
                           "it answers over %s, and sees %s",
                           otter_target_transport(t), result.text);
        return 1;

    case OTTER_STUN_RC_REFUSED:
        otter_findings_add(&check->findings, OTTER_FINDING_WARNING,
                           t->subject, "it refuses a binding over %s: %u %s",
                           otter_target_transport(t), result.code,
                           result.text);
        otter_findings_remedy(&check->findings, "Take no-stun and secure-stun "
                              "out of turnserver.conf");
        return 1;

    default:
        otter_check_unreached(check, t, &result);
        return 0;
    }
}


static void
otter_check_secret(otter_check_t *check, const otter_target_t *t,
    const char *path)
{
    char           text[OTTER_FILE_ERROR_SIZE];
    const char    *error;
    otter_file_t   file;
    otter_span_t   secrets[OTTER_TURN_SECRETS_MAX];

    /* what is wrong with the file has been told */

    if (otter_file_read(&file, path, text) != 0) {
        return;
    }

    if (otter_turn_secrets(secrets, file.data, file.len, &error)) {
        otter_check_allocate(check, t, path, &secrets[0]);
    }

    otter_file_free(&file);
}


static void
otter_check_allocate(otter_check_t *check, const otter_target_t *t,
    const char *path, const otter_span_t *secret)
{
    otter_span_t              username, password;
    otter_stun_rc_t           rc;
    otter_stun_result_t       result;
    otter_turn_credential_t   c;

    if (otter_turn_credential(&c, secret->data, secret->len,
                              time(NULL) + OTTER_CHECK_LIFE,
                              (const unsigned char *) "otter-check", 11)
        != 0)
    {
        return;
    }

    username.data = c.username;
    username.len = c.username_len;
    password.data = c.password;
    password.len = OTTER_TURN_PASSWORD_SIZE;

    rc = otter_stun_allocate(&result, &t->server, &username, &password);

    OPENSSL_cleanse(&c, sizeof(c));

    switch (rc) {

    case OTTER_STUN_RC_OK:
        otter_findings_add(&check->findings, OTTER_FINDING_OK, t->subject,
                           "it relays over %s with the secret of %s, by %s",
                           otter_target_transport(t), path, result.text);
        break;

    case OTTER_STUN_RC_REFUSED:
        otter_check_refused(check, t, path, &result);
        break;

    case OTTER_STUN_RC_OPEN:
        otter_findings_add(&check->findings, OTTER_FINDING_PROBLEM,
                           t->subject, "it relays for anyone, without "
                           "credentials");
        otter_findings_remedy(&check->findings, "Put use-auth-secret and "
                              "static-auth-secret into turnserver.conf, and "
                              "take no-auth out");
        break;

    default:
        otter_check_unreached(check, t, &result);
        break;
    }
}


static void
otter_check_refused(otter_check_t *check, const otter_target_t *t,
    const char *path, const otter_stun_result_t *result)
{
    const char  *remedy;

    switch (result->code) {

    case 401:
        otter_findings_add(&check->findings, OTTER_FINDING_PROBLEM,
                           t->subject, "it does not know the secret of %s",
                           path);
        otter_findings_remedy(&check->findings, "Make the first line of %s a "
                              "static-auth-secret in turnserver.conf, beside "
                              "use-auth-secret, and see that both clocks are "
                              "right", path);
        return;

    case 403:
        remedy = "Let turnserver.conf allow this address";
        break;

    case 486:
        remedy = "Raise user-quota and total-quota in turnserver.conf";
        break;

    case 508:
        remedy = "Widen min-port and max-port in turnserver.conf";
        break;

    default:
        remedy = "Look into the log of coturn";
        break;
    }

    otter_findings_add(&check->findings, OTTER_FINDING_PROBLEM, t->subject,
                       "it refuses a relay over %s: %u %s",
                       otter_target_transport(t), result->code, result->text);
    otter_findings_remedy(&check->findings, "%s", remedy);
}


static void
otter_check_unreached(otter_check_t *check, const otter_target_t *t,
    const otter_stun_result_t *result)
{
    char         what[OTTER_TARGET_TROUBLE_SIZE];
    const char  *remedy;

    remedy = otter_target_trouble(what, result);

    otter_findings_add(&check->findings, OTTER_FINDING_PROBLEM, t->subject,
                       "%s (over %s, port %s)", what,
                       otter_target_transport(t), t->server.port);
    otter_findings_remedy(&check->findings, "%s", remedy);
}
