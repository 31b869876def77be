
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/crypto.h>

#include "otter_check.h"
#include "otter_file.h"
#include "otter_stun_client.h"
#include "otter_turn.h"
#include "otter_turn_secret.h"


enum {
    OTTER_CHECK_HOST_SIZE = 256,
    OTTER_CHECK_PORT_SIZE = 6,
    OTTER_CHECK_LIFE = 60              /* s, of the credentials */
};

/* one server by one transport */

typedef struct {
    char                  host[OTTER_CHECK_HOST_SIZE];
    char                  port[OTTER_CHECK_PORT_SIZE];
    otter_stun_server_t   server;
    unsigned              turn:1;
    unsigned              tls:1;
    const char           *subject;
} otter_check_target_t;


static void otter_check_server(otter_check_t *check, const char *server);
static void otter_check_uri(otter_check_t *check, const char *uri);
static int otter_check_target(otter_check_target_t *t, const char *uri);
static void otter_check_one(otter_check_t *check, otter_check_target_t *t);
static unsigned otter_check_bind(otter_check_t *check,
    const otter_check_target_t *t);
static void otter_check_tls(otter_check_t *check,
    const otter_check_target_t *t);
static void otter_check_secret(otter_check_t *check,
    const otter_check_target_t *t, const char *path);
static void otter_check_allocate(otter_check_t *check,
    const otter_check_target_t *t, const char *path,
    const otter_span_t *secret);
static void otter_check_refused(otter_check_t *check,
    const otter_check_target_t *t, const char *path,
    const otter_stun_result_t *result);
static void otter_check_unreached(otter_check_t *check,
    const otter_check_target_t *t, otter_stun_rc_t rc);
static const char *otter_check_transport(const otter_check_target_t *t);


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
    char                  uri[OTTER_CHECK_HOST_SIZE + 16];
    unsigned              tcp;
    otter_check_target_t  target;

    snprintf(uri, sizeof(uri), "turn:%s", server);

    for (tcp = 0; tcp < 2; tcp++) {
        if (otter_check_target(&target, uri) != 0) {
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
    otter_check_target_t  target;

    if (otter_check_target(&target, uri) == 0) {
        otter_check_one(check, &target);
    }
}


/* uri is a valid one of RFC 7064 or 7065 */

static int
otter_check_target(otter_check_target_t *t, const char *uri)
{
    size_t       len;
    const char  *p, *host;

    memset(t, 0, sizeof(otter_check_target_t));

    len = strcspn(uri, ":");

    t->subject = uri;
    t->turn = strncasecmp(uri, "turn", 4) == 0;
    t->tls = len == 5;

    host = uri + len + 1;

    if (*host == '[') {
        host++;
        len = strcspn(host, "]");
        p = host + len + 1;

    } else {
        len = strcspn(host, ":?");
        p = host + len;
    }

    if (len >= sizeof(t->host)) {
        return -1;
    }

    memcpy(t->host, host, len);

    memcpy(t->port, t->tls ? "5349" : "3478", 5);

    if (*p == ':') {
        len = strcspn(p + 1, "?");
        snprintf(t->port, sizeof(t->port), "%.*s", (int) len, p + 1);
    }

    t->server.host = t->host;
    t->server.port = t->port;
    t->server.tcp = t->tls || strcasestr(p, "transport=tcp") != NULL;

    return 0;
}


static void
otter_check_one(otter_check_t *check, otter_check_target_t *t)
{
    size_t                     i;
    const otter_check_list_t  *secrets;

    /* what is known already need not wait for a server that is silent */

    otter_findings_print(&check->findings);

    if (t->tls) {
        otter_check_tls(check, t);
        return;
    }

    if (!otter_check_bind(check, t) || !t->turn) {
        return;
    }

    secrets = &check->files[OTTER_CHECK_TURN_SECRET];

    for (i = 0; i < secrets->n; i++) {
        otter_check_secret(check, t, secrets->items[i]);
    }
}


/* 1: it is worth while to ask for a relay */

static unsigned
otter_check_bind(otter_check_t *check, const otter_check_target_t *t)
{
    otter_stun_rc_t      rc;
    otter_stun_result_t  result;

    rc = otter_stun_bind(&result, &t->server);

    switch (rc) {

    case OTTER_STUN_RC_OK:
        otter_findings_add(&check->findings, OTTER_FINDING_OK, t->subject,
                           "it answers over %s, and sees %s",
                           otter_check_transport(t), result.text);
        return 1;

    case OTTER_STUN_RC_REFUSED:
        otter_findings_add(&check->findings, OTTER_FINDING_WARNING,
                           t->subject, "it refuses a binding over %s: %u %s",
                           otter_check_transport(t), result.code,
                           result.text);
        otter_findings_remedy(&check->findings, "Take no-stun and secure-stun "
                              "out of turnserver.conf");
        return 1;

    default:
        otter_check_unreached(check, t, rc);
        return 0;
    }
}


static void
otter_check_tls(otter_check_t *check, const otter_check_target_t *t)
{
    otter_stun_rc_t  rc;

    rc = otter_stun_connect(&t->server);

    if (rc != OTTER_STUN_RC_OK) {
        otter_check_unreached(check, t, rc);
        return;
    }

    otter_findings_add(&check->findings, OTTER_FINDING_OK, t->subject,
                       "it takes connections; its certificate was not looked "
                       "at");
}


static void
otter_check_secret(otter_check_t *check, const otter_check_target_t *t,
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
otter_check_allocate(otter_check_t *check, const otter_check_target_t *t,
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
                           otter_check_transport(t), path, result.text);
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
        otter_check_unreached(check, t, rc);
        break;
    }
}


static void
otter_check_refused(otter_check_t *check, const otter_check_target_t *t,
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
                       otter_check_transport(t), result->code, result->text);
    otter_findings_remedy(&check->findings, "%s", remedy);
}


static void
otter_check_unreached(otter_check_t *check, const otter_check_target_t *t,
    otter_stun_rc_t rc)
{
    const char  *what, *remedy;

    remedy = "Start coturn there, or name another host and port";

    switch (rc) {

    case OTTER_STUN_RC_NO_ADDRESS:
        what = "its name has no address";
        remedy = "Correct the name, or its entry in the DNS";
        break;

    case OTTER_STUN_RC_NO_CONNECTION:
        what = "nothing listens there";
        break;

    case OTTER_STUN_RC_NO_ANSWER:
        what = "nothing answers there";
        remedy = "Start coturn there, and let firewalls pass this port";
        break;

    case OTTER_STUN_RC_BAD_ANSWER:
        what = "what answers there is no STUN and TURN server";
        break;

    default:
        what = "it could not be asked";
        remedy = "See whether this host has a network, and memory";
        break;
    }

    otter_findings_add(&check->findings, OTTER_FINDING_PROBLEM, t->subject,
                       "%s (over %s, port %s)", what,
                       otter_check_transport(t), t->port);
    otter_findings_remedy(&check->findings, "%s", remedy);
}


static const char *
otter_check_transport(const otter_check_target_t *t)
{
    return t->tls ? "TLS" : t->server.tcp ? "TCP" : "UDP";
}
