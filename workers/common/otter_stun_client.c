
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <string.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <openssl/crypto.h>

#include "otter_random.h"
#include "otter_stun_link.h"


enum {
    OTTER_STUN_UNAUTHORIZED = 401,
    OTTER_STUN_STALE_NONCE = 438,
    OTTER_STUN_UDP = 17                /* RFC 8656, section 18.8 */
};

/* long-term credentials, and what the server said about itself */

typedef struct {
    const otter_span_t  *username;
    const otter_span_t  *password;
    size_t               realm_len;
    size_t               nonce_len;
    unsigned char        realm[OTTER_STUN_VALUE_MAX];
    unsigned char        nonce[OTTER_STUN_VALUE_MAX];
    unsigned char        key[OTTER_STUN_KEY_SIZE];
} otter_stun_login_t;

typedef otter_stun_rc_t (*otter_stun_task_pt)(otter_stun_result_t *result,
    otter_stun_link_t *link, otter_stun_login_t *login);


static otter_stun_rc_t otter_stun_each(otter_stun_result_t *result,
    const otter_stun_server_t *server, otter_stun_task_pt task,
    otter_stun_login_t *login);
static otter_stun_rc_t otter_stun_task_bind(otter_stun_result_t *result,
    otter_stun_link_t *link, otter_stun_login_t *login);
static otter_stun_rc_t otter_stun_task_allocate(otter_stun_result_t *result,
    otter_stun_link_t *link, otter_stun_login_t *login);
static otter_stun_rc_t otter_stun_challenge(otter_stun_result_t *result,
    otter_stun_link_t *link, otter_stun_login_t *login);
static otter_stun_rc_t otter_stun_log_in(otter_stun_result_t *result,
    otter_stun_link_t *link, otter_stun_login_t *login);
static void otter_stun_release(otter_stun_link_t *link,
    otter_stun_login_t *login);
static int otter_stun_request(otter_stun_message_t *request,
    unsigned method);
static int otter_stun_sign(otter_stun_message_t *request,
    const otter_stun_login_t *login);
static int otter_stun_remember(otter_stun_login_t *login,
    const otter_stun_message_t *response);
static otter_stun_rc_t otter_stun_refusal(otter_stun_result_t *result,
    const otter_stun_message_t *response);
static otter_stun_rc_t otter_stun_tell(otter_stun_result_t *result,
    const otter_stun_message_t *response, unsigned attribute);


otter_stun_rc_t
otter_stun_bind(otter_stun_result_t *result,
    const otter_stun_server_t *server)
{
    return otter_stun_each(result, server, otter_stun_task_bind, NULL);
}


otter_stun_rc_t
otter_stun_allocate(otter_stun_result_t *result,
    const otter_stun_server_t *server, const otter_span_t *username,
    const otter_span_t *password)
{
    otter_stun_rc_t     rc;
    otter_stun_login_t  login;

    memset(&login, 0, sizeof(otter_stun_login_t));

    login.username = username;
    login.password = password;

    rc = otter_stun_each(result, server, otter_stun_task_allocate, &login);

    OPENSSL_cleanse(login.key, sizeof(login.key));

    return rc;
}


/* a name may have addresses at which nothing listens: the first that does */

static otter_stun_rc_t
otter_stun_each(otter_stun_result_t *result,
    const otter_stun_server_t *server, otter_stun_task_pt task,
    otter_stun_login_t *login)
{
    struct addrinfo     hints, *list, *ai;
    otter_stun_link_t   link;

    memset(result, 0, sizeof(otter_stun_result_t));
    memset(&hints, 0, sizeof(struct addrinfo));

    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = server->tcp ? SOCK_STREAM : SOCK_DGRAM;

    result->rc = OTTER_STUN_RC_NO_ADDRESS;

    if (getaddrinfo(server->host, server->port, &hints, &list) != 0) {
        return result->rc;
    }

    for (ai = list; ai; ai = ai->ai_next) {
        result->rc = otter_stun_link_open(&link, ai);

        if (result->rc == OTTER_STUN_RC_OK) {
            if (server->tls) {
                result->rc = otter_stun_link_tls(result, &link, server);
            }

            if (result->rc == OTTER_STUN_RC_OK) {
                result->rc = task(result, &link, login);
            }

            otter_stun_link_close(&link);
        }

        if (result->rc != OTTER_STUN_RC_NO_CONNECTION
            && result->rc != OTTER_STUN_RC_NO_ANSWER
            && result->rc != OTTER_STUN_RC_FAILED)
        {
            break;
        }
    }

    freeaddrinfo(list);

    return result->rc;
}


static otter_stun_rc_t
otter_stun_task_bind(otter_stun_result_t *result, otter_stun_link_t *link,
    otter_stun_login_t *login)
{
    otter_stun_rc_t       rc;
    otter_stun_message_t  request, response;

    (void) login;

    if (otter_stun_request(&request, OTTER_STUN_BINDING) != 0
        || otter_stun_add_fingerprint(&request) != 0)
    {
        return OTTER_STUN_RC_FAILED;
    }

    rc = otter_stun_link_ask(link, &request, &response);
    if (rc != OTTER_STUN_RC_OK) {
        return rc;
    }

    if (otter_stun_type(&response)
        != (OTTER_STUN_BINDING | OTTER_STUN_SUCCESS))
    {
        return otter_stun_refusal(result, &response);
    }

    return otter_stun_tell(result, &response, OTTER_STUN_XOR_MAPPED_ADDRESS);
}


static otter_stun_rc_t
otter_stun_task_allocate(otter_stun_result_t *result, otter_stun_link_t *link,
    otter_stun_login_t *login)
{
    otter_stun_rc_t  rc;

    rc = otter_stun_challenge(result, link, login);

    if (rc == OTTER_STUN_RC_OK) {
        rc = otter_stun_log_in(result, link, login);
    }

    /* a nonce may have become stale on the way */

    if (rc == OTTER_STUN_RC_REFUSED && result->code == OTTER_STUN_STALE_NONCE)
    {
        rc = otter_stun_log_in(result, link, login);
    }

    if (rc == OTTER_STUN_RC_OK) {
        otter_stun_release(link, login);
    }

    return rc;
}


/* RFC 8489, section 9.2.4: the first request goes without credentials */

static otter_stun_rc_t
otter_stun_challenge(otter_stun_result_t *result, otter_stun_link_t *link,
    otter_stun_login_t *login)
{
    otter_stun_rc_t       rc;
    otter_stun_message_t  request, response;

    if (otter_stun_request(&request, OTTER_STUN_ALLOCATE) != 0) {
        return OTTER_STUN_RC_FAILED;
    }

    rc = otter_stun_link_ask(link, &request, &response);
    if (rc != OTTER_STUN_RC_OK) {
        return rc;
    }

    if (otter_stun_type(&response)
        == (OTTER_STUN_ALLOCATE | OTTER_STUN_SUCCESS))
    {
        otter_stun_release(link, NULL);
        return OTTER_STUN_RC_OPEN;
    }

    rc = otter_stun_refusal(result, &response);

    if (rc != OTTER_STUN_RC_REFUSED || result->code != OTTER_STUN_UNAUTHORIZED)
    {
        return rc;
    }

    return otter_stun_remember(login, &response) == 0
           ? OTTER_STUN_RC_OK : OTTER_STUN_RC_BAD_ANSWER;
}


static otter_stun_rc_t
otter_stun_log_in(otter_stun_result_t *result, otter_stun_link_t *link,
    otter_stun_login_t *login)
{
    otter_stun_rc_t       rc;
    otter_stun_message_t  request, response;

    if (otter_stun_request(&request, OTTER_STUN_ALLOCATE) != 0
        || otter_stun_sign(&request, login) != 0)
    {
        return OTTER_STUN_RC_FAILED;
    }

    rc = otter_stun_link_ask(link, &request, &response);
    if (rc != OTTER_STUN_RC_OK) {
        return rc;
    }

    if (otter_stun_type(&response)
        != (OTTER_STUN_ALLOCATE | OTTER_STUN_SUCCESS))
    {
        rc = otter_stun_refusal(result, &response);

        if (result->code == OTTER_STUN_STALE_NONCE
            && otter_stun_remember(login, &response) != 0)
        {
            return OTTER_STUN_RC_BAD_ANSWER;
        }

        return rc;
    }

    /* who does not know the password cannot sign the answer either */

    if (!otter_stun_integrity_valid(&response, login->key,
                                    OTTER_STUN_KEY_SIZE))
    {
        return OTTER_STUN_RC_BAD_ANSWER;
    }

    return otter_stun_tell(result, &response,
                           OTTER_STUN_XOR_RELAYED_ADDRESS);
}


/* a lifetime of zero ends an allocation; no matter if it does not arrive */

static void
otter_stun_release(otter_stun_link_t *link, otter_stun_login_t *login)
{
    otter_stun_message_t  request, response;

    if (otter_stun_request(&request, OTTER_STUN_REFRESH) == 0
        && (login == NULL || otter_stun_sign(&request, login) == 0))
    {
        (void) otter_stun_link_ask(link, &request, &response);
    }
}


static int
otter_stun_request(otter_stun_message_t *request, unsigned method)
{
    static const unsigned char  transport[4] = { OTTER_STUN_UDP };
    static const unsigned char  lifetime[4];

    unsigned char  tid[OTTER_STUN_TID_SIZE];

    if (otter_random_bytes(tid, sizeof(tid)) != 0) {
        return -1;
    }

    otter_stun_begin(request, method, tid);

    if (method == OTTER_STUN_ALLOCATE
        && otter_stun_add(request, OTTER_STUN_REQUESTED_TRANSPORT, transport,
                          sizeof(transport))
           != 0)
    {
        return -1;
    }

    if (method == OTTER_STUN_REFRESH
        && otter_stun_add(request, OTTER_STUN_LIFETIME, lifetime,
                          sizeof(lifetime))
           != 0)
    {
        return -1;
    }

    return 0;
}


static int
otter_stun_sign(otter_stun_message_t *request,
    const otter_stun_login_t *login)
{
    if (otter_stun_add(request, OTTER_STUN_USERNAME, login->username->data,
                       login->username->len)
        != 0
        || otter_stun_add(request, OTTER_STUN_REALM, login->realm,
                          login->realm_len)
           != 0
        || otter_stun_add(request, OTTER_STUN_NONCE, login->nonce,
                          login->nonce_len)
           != 0)
    {
        return -1;
    }

    return otter_stun_add_integrity(request, login->key, OTTER_STUN_KEY_SIZE);
}


static int
otter_stun_remember(otter_stun_login_t *login,
    const otter_stun_message_t *response)
{
    otter_span_t  realm, nonce;

    realm = otter_stun_find(response, OTTER_STUN_REALM);
    nonce = otter_stun_find(response, OTTER_STUN_NONCE);

    if (realm.data == NULL || realm.len > OTTER_STUN_VALUE_MAX
        || nonce.data == NULL || nonce.len > OTTER_STUN_VALUE_MAX)
    {
        return -1;
    }

    memcpy(login->realm, realm.data, realm.len);
    login->realm_len = realm.len;

    memcpy(login->nonce, nonce.data, nonce.len);
    login->nonce_len = nonce.len;

    return otter_stun_long_term_key(login->key, login->username, &realm,
                                    login->password);
}


static otter_stun_rc_t
otter_stun_refusal(otter_stun_result_t *result,
    const otter_stun_message_t *response)
{
    int           len;
    otter_span_t  reason;

    result->code = otter_stun_error(response, &reason);

    if (result->code == 0) {
        return OTTER_STUN_RC_BAD_ANSWER;
    }

    len = reason.len < sizeof(result->text) ? (int) reason.len
                                            : (int) sizeof(result->text) - 1;

    snprintf(result->text, sizeof(result->text), "%.*s", len,
             (const char *) reason.data);

    return OTTER_STUN_RC_REFUSED;
}


static otter_stun_rc_t
otter_stun_tell(otter_stun_result_t *result,
    const otter_stun_message_t *response, unsigned attribute)
{
    char                      host[INET6_ADDRSTRLEN];
    unsigned                  port, ipv6;
    const void               *ip;
    struct sockaddr_storage   address;

    if (otter_stun_address(response, attribute, &address) != 0) {
        return OTTER_STUN_RC_BAD_ANSWER;
    }

    ipv6 = address.ss_family == AF_INET6;

    if (ipv6) {
        ip = &((struct sockaddr_in6 *) &address)->sin6_addr;
        port = ntohs(((struct sockaddr_in6 *) &address)->sin6_port);

    } else {
        ip = &((struct sockaddr_in *) &address)->sin_addr;
        port = ntohs(((struct sockaddr_in *) &address)->sin_port);
    }

    if (inet_ntop(address.ss_family, ip, host, sizeof(host)) == NULL) {
        return OTTER_STUN_RC_FAILED;
    }

    snprintf(result->text, sizeof(result->text),
             ipv6 ? "[%s]:%u" : "%s:%u", host, port);
    result->code = 0;

    return OTTER_STUN_RC_OK;
}
