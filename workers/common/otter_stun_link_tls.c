
/*
 * Copyright (C) Otter contributors
 */


#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include <arpa/inet.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "otter_stun_link.h"


enum {
    OTTER_STUN_LINK_HANDSHAKE = 3000   /* ms */
};


static SSL_CTX *otter_stun_link_tls_context(
    const otter_stun_server_t *server);
static int otter_stun_link_tls_name(SSL *ssl, const char *host);
static otter_stun_rc_t otter_stun_link_tls_handshake(
    otter_stun_result_t *result, otter_stun_link_t *link);
static ssize_t otter_stun_link_tls_result(otter_stun_link_t *link, int n,
    short *events);


otter_stun_rc_t
otter_stun_link_tls(otter_stun_result_t *result, otter_stun_link_t *link,
    const otter_stun_server_t *server)
{
    SSL_CTX  *ctx;

    ctx = otter_stun_link_tls_context(server);

    if (ctx) {
        link->ssl = SSL_new(ctx);
        SSL_CTX_free(ctx);
    }

    if (link->ssl == NULL
        || otter_stun_link_tls_name(link->ssl, server->host) != 0
        || SSL_set_fd(link->ssl, link->fd) != 1)
    {
        ERR_clear_error();
        return OTTER_STUN_RC_FAILED;
    }

    return otter_stun_link_tls_handshake(result, link);
}


static SSL_CTX *
otter_stun_link_tls_context(const otter_stun_server_t *server)
{
    int       ok;
    SSL_CTX  *ctx;

    ctx = SSL_CTX_new(TLS_client_method());
    if (ctx == NULL) {
        return NULL;
    }

    if (server->no_verify) {
        return ctx;
    }

    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);

    ok = server->ca ? SSL_CTX_load_verify_file(ctx, server->ca)
                    : SSL_CTX_set_default_verify_paths(ctx);

    if (ok != 1) {
        SSL_CTX_free(ctx);
        return NULL;
    }

    return ctx;
}


/* an address is no name (RFC 6066, section 3), but a certificate may have it */

static int
otter_stun_link_tls_name(SSL *ssl, const char *host)
{
    unsigned char  address[sizeof(struct in6_addr)];

    if (inet_pton(AF_INET, host, address) == 1
        || inet_pton(AF_INET6, host, address) == 1)
    {
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) == 1
               ? 0 : -1;
    }

    return SSL_set1_host(ssl, host) == 1
           && SSL_set_tlsext_host_name(ssl, host) == 1 ? 0 : -1;
}


static otter_stun_rc_t
otter_stun_link_tls_handshake(otter_stun_result_t *result,
    otter_stun_link_t *link)
{
    int               rc;
    long              verify;
    short             events;
    int64_t           end;
    otter_stun_rc_t   waited;

    events = POLLIN;
    end = otter_stun_link_now() + OTTER_STUN_LINK_HANDSHAKE;

    for ( ;; ) {
        ERR_clear_error();

        rc = SSL_connect(link->ssl);

        if (rc == 1) {
            return OTTER_STUN_RC_OK;
        }

        if (otter_stun_link_tls_result(link, rc, &events) != -1
            || errno != EAGAIN)
        {
            break;
        }

        waited = otter_stun_link_wait(link, events, end);

        if (waited != OTTER_STUN_RC_OK) {
            return waited;
        }
    }

    verify = SSL_get_verify_result(link->ssl);

    if (verify != X509_V_OK
        && SSL_get_verify_mode(link->ssl) == SSL_VERIFY_PEER)
    {
        snprintf(result->text, sizeof(result->text), "%s",
                 X509_verify_cert_error_string(verify));
        return OTTER_STUN_RC_UNTRUSTED;
    }

    return OTTER_STUN_RC_BAD_ANSWER;
}


ssize_t
otter_stun_link_tls_read(otter_stun_link_t *link, void *data, size_t len,
    short *events)
{
    ERR_clear_error();

    return otter_stun_link_tls_result(link,
                                      SSL_read(link->ssl, data, (int) len),
                                      events);
}


ssize_t
otter_stun_link_tls_write(otter_stun_link_t *link, const void *data,
    size_t len, short *events)
{
    ERR_clear_error();

    return otter_stun_link_tls_result(link,
                                      SSL_write(link->ssl, data, (int) len),
                                      events);
}


static ssize_t
otter_stun_link_tls_result(otter_stun_link_t *link, int n, short *events)
{
    if (n > 0) {
        return n;
    }

    switch (SSL_get_error(link->ssl, n)) {

    case SSL_ERROR_WANT_READ:
        *events = POLLIN;
        errno = EAGAIN;
        return -1;

    case SSL_ERROR_WANT_WRITE:
        *events = POLLOUT;
        errno = EAGAIN;
        return -1;

    case SSL_ERROR_ZERO_RETURN:
        return 0;

    default:
        errno = EIO;
        return -1;
    }
}
