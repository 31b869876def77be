
/*
 * Copyright (C) Otter contributors
 */


#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "otter_clock.h"
#include "otter_redis_link.h"


enum {
    OTTER_REDIS_LINK_BUFFER = 16384
};


static int otter_redis_link_unix(otter_redis_link_t *link, const char *path);
static int otter_redis_link_tcp(otter_redis_link_t *link,
    const otter_redis_host_t *host, int64_t end);
static int otter_redis_link_connect(otter_redis_link_t *link,
    const struct sockaddr *address, socklen_t len, int64_t end);
static int otter_redis_link_handshake(otter_redis_link_t *link,
    const otter_redis_conf_t *conf, const char *host, SSL_CTX *ctx,
    int64_t end);
static int otter_redis_link_poll(otter_redis_link_t *link, short events,
    int64_t end);
static ssize_t otter_redis_link_read(otter_redis_link_t *link, char *data,
    size_t len, short *events);
static ssize_t otter_redis_link_write(otter_redis_link_t *link,
    const char *data, size_t len, short *events);
static ssize_t otter_redis_link_tls_wants(otter_redis_link_t *link, int n,
    short *events);
static int otter_redis_link_fail(otter_redis_link_t *link,
    const char *reason);
static const char *otter_redis_link_tls_error(void);


SSL_CTX *
otter_redis_link_tls(const otter_redis_conf_t *conf,
    char error[OTTER_REDIS_ERROR_SIZE])
{
    SSL_CTX     *ctx;
    const char  *key;

    ctx = SSL_CTX_new(TLS_client_method());

    key = conf->key ? conf->key : conf->cert;

    if (ctx == NULL
        || SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) != 1
        || (conf->ca
            ? SSL_CTX_load_verify_locations(ctx, conf->ca, NULL)
            : SSL_CTX_set_default_verify_paths(ctx)) != 1
        || (conf->cert
            && (SSL_CTX_use_certificate_chain_file(ctx, conf->cert) != 1
                || SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM)
                   != 1)))
    {
        snprintf(error, OTTER_REDIS_ERROR_SIZE, "TLS to Redis: %s",
                 otter_redis_link_tls_error());
        SSL_CTX_free(ctx);
        return NULL;
    }

    SSL_CTX_set_verify(ctx, conf->no_verify ? SSL_VERIFY_NONE
                                            : SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE
                          | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);

    return ctx;
}


int
otter_redis_link_open(otter_redis_link_t *link,
    const otter_redis_conf_t *conf, const otter_redis_host_t *host,
    SSL_CTX *ctx, int64_t end)
{
    memset(link, 0, sizeof(*link));
    link->fd = -1;

    link->reader = redisReaderCreate();
    if (link->reader == NULL) {
        return otter_redis_link_fail(link, "no memory");
    }

    if ((host->port ? otter_redis_link_tcp(link, host, end)
                    : otter_redis_link_unix(link, host->host)) != 0)
    {
        return -1;
    }

    return ctx ? otter_redis_link_handshake(link, conf, host->host, ctx, end)
               : 0;
}


static int
otter_redis_link_unix(otter_redis_link_t *link, const char *path)
{
    struct sockaddr_un  address;

    memset(&address, 0, sizeof(address));
    address.sun_family = AF_UNIX;

    if (strlen(path) >= sizeof(address.sun_path)) {
        return otter_redis_link_fail(link, "the path is too long");
    }

    memcpy(address.sun_path, path, strlen(path));

    return otter_redis_link_connect(link, (struct sockaddr *) &address,
                                    sizeof(address), 0);
}


static int
otter_redis_link_tcp(otter_redis_link_t *link,
    const otter_redis_host_t *host, int64_t end)
{
    int               rc;
    struct addrinfo   hints, *list, *a;

    memset(&hints, 0, sizeof(hints));
    hints.ai_socktype = SOCK_STREAM;

    rc = getaddrinfo(host->host, host->port, &hints, &list);

    if (rc != 0) {
        return otter_redis_link_fail(link, gai_strerror(rc));
    }

    rc = -1;

    for (a = list; a && rc != 0; a = a->ai_next) {
        rc = otter_redis_link_connect(link, a->ai_addr, a->ai_addrlen, end);
    }

    freeaddrinfo(list);

    return rc;
}


static int
otter_redis_link_connect(otter_redis_link_t *link,
    const struct sockaddr *address, socklen_t len, int64_t end)
{
    int        error, on;
    socklen_t  size;

    if (link->reader == NULL) {

        /* the address before was of no use */

        link->reader = redisReaderCreate();
        if (link->reader == NULL) {
            return otter_redis_link_fail(link, "no memory");
        }
    }

    on = 1;
    error = 0;
    size = sizeof(error);

    link->fd = socket(address->sa_family,
                      SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (link->fd == -1) {
        return otter_redis_link_fail(link, strerror(errno));
    }

    if (connect(link->fd, address, len) == -1) {

        if (errno != EINPROGRESS) {
            return otter_redis_link_fail(link, strerror(errno));
        }

        if (otter_redis_link_poll(link, POLLOUT, end) != 0) {
            return otter_redis_link_fail(link, "no answer");
        }

        if (getsockopt(link->fd, SOL_SOCKET, SO_ERROR, &error, &size) == -1
            || error)
        {
            return otter_redis_link_fail(link, strerror(error));
        }
    }

    if (address->sa_family != AF_UNIX) {
        (void) setsockopt(link->fd, IPPROTO_TCP, TCP_NODELAY, &on,
                          sizeof(on));
        (void) setsockopt(link->fd, SOL_SOCKET, SO_KEEPALIVE, &on,
                          sizeof(on));
    }

    return 0;
}


static int
otter_redis_link_handshake(otter_redis_link_t *link,
    const otter_redis_conf_t *conf, const char *host, SSL_CTX *ctx,
    int64_t end)
{
    int                 n;
    short               events;
    const char         *name;
    X509_VERIFY_PARAM  *verify;

    name = conf->name ? conf->name : host;

    link->ssl = SSL_new(ctx);

    if (link->ssl == NULL || SSL_set_fd(link->ssl, link->fd) != 1) {
        return otter_redis_link_fail(link, otter_redis_link_tls_error());
    }

    verify = SSL_get0_param(link->ssl);

    if (X509_VERIFY_PARAM_set1_ip_asc(verify, name) != 1
        && (X509_VERIFY_PARAM_set1_host(verify, name, 0) != 1
            || SSL_set_tlsext_host_name(link->ssl, name) != 1))
    {
        return otter_redis_link_fail(link, otter_redis_link_tls_error());
    }

    for ( ;; ) {
        ERR_clear_error();

        n = SSL_connect(link->ssl);

        if (n == 1) {
            return 0;
        }

        if (otter_redis_link_tls_wants(link, n, &events) == -1) {
            return otter_redis_link_fail(link, otter_redis_link_tls_error());
        }

        if (otter_redis_link_poll(link, events, end) != 0) {
            return otter_redis_link_fail(link, "no answer");
        }
    }
}


int
otter_redis_link_send(otter_redis_link_t *link, const char *data, size_t len,
    int64_t end)
{
    short    events;
    ssize_t  n;

    while (len) {
        n = otter_redis_link_write(link, data, len, &events);

        if (n == -1) {
            return otter_redis_link_fail(link, "the connection was lost");
        }

        if (n == 0 && otter_redis_link_poll(link, events, end) != 0) {
            return otter_redis_link_fail(link, "it takes nothing");
        }

        data += n;
        len -= (size_t) n;
    }

    return 0;
}


redisReply *
otter_redis_link_reply(otter_redis_link_t *link, int64_t end, unsigned *late)
{
    char      buffer[OTTER_REDIS_LINK_BUFFER];
    void     *reply;
    short     events;
    ssize_t   n;

    *late = 0;

    for ( ;; ) {
        reply = NULL;

        if (redisReaderGetReply(link->reader, &reply) != REDIS_OK) {
            (void) otter_redis_link_fail(link, link->reader->errstr);
            return NULL;
        }

        if (reply) {
            return reply;
        }

        n = otter_redis_link_read(link, buffer, sizeof(buffer), &events);

        if (n == -1) {
            (void) otter_redis_link_fail(link, "the connection was lost");
            return NULL;
        }

        if (n > 0) {
            if (redisReaderFeed(link->reader, buffer, (size_t) n)
                != REDIS_OK)
            {
                (void) otter_redis_link_fail(link, link->reader->errstr);
                return NULL;
            }

            continue;
        }

        if (otter_redis_link_poll(link, events, end) != 0) {
            *late = 1;
            return NULL;
        }
    }
}


static int
otter_redis_link_poll(otter_redis_link_t *link, short events, int64_t end)
{
    int            rc;
    int64_t        left;
    struct pollfd  pfd;

    pfd.fd = link->fd;
    pfd.events = events;

    for ( ;; ) {
        left = end - otter_clock();

        rc = poll(&pfd, 1, left > 0 ? (int) left : 0);

        if (rc > 0) {
            return 0;
        }

        if (rc == 0 || errno != EINTR) {
            return -1;
        }
    }
}


/* both: 0, and the events to wait for; -1: it is over */

static ssize_t
otter_redis_link_read(otter_redis_link_t *link, char *data, size_t len,
    short *events)
{
    int      rc;
    ssize_t  n;

    if (link->ssl) {
        ERR_clear_error();

        rc = SSL_read(link->ssl, data, (int) len);

        return rc > 0 ? rc : otter_redis_link_tls_wants(link, rc, events);
    }

    *events = POLLIN;

    n = recv(link->fd, data, len, 0);

    if (n == -1 && (errno == EAGAIN || errno == EINTR)) {
        return 0;
    }

    return n > 0 ? n : -1;
}


static ssize_t
otter_redis_link_write(otter_redis_link_t *link, const char *data,
    size_t len, short *events)
{
    int      rc;
    ssize_t  n;

    if (link->ssl) {
        ERR_clear_error();

        rc = SSL_write(link->ssl, data,
                       len > OTTER_REDIS_LINK_BUFFER
                       ? OTTER_REDIS_LINK_BUFFER : (int) len);

        return rc > 0 ? rc : otter_redis_link_tls_wants(link, rc, events);
    }

    *events = POLLOUT;

    n = send(link->fd, data, len, MSG_NOSIGNAL);

    if (n == -1 && (errno == EAGAIN || errno == EINTR)) {
        return 0;
    }

    return n;
}


static ssize_t
otter_redis_link_tls_wants(otter_redis_link_t *link, int n, short *events)
{
    switch (SSL_get_error(link->ssl, n)) {

    case SSL_ERROR_WANT_READ:
        *events = POLLIN;
        return 0;

    case SSL_ERROR_WANT_WRITE:
        *events = POLLOUT;
        return 0;

    default:
        return -1;
    }
}


void
otter_redis_link_close(otter_redis_link_t *link)
{
    if (link->ssl) {
        SSL_free(link->ssl);
        link->ssl = NULL;
    }

    if (link->fd != -1) {
        close(link->fd);
        link->fd = -1;
    }

    if (link->reader) {
        redisReaderFree(link->reader);
        link->reader = NULL;
    }
}


static int
otter_redis_link_fail(otter_redis_link_t *link, const char *reason)
{
    snprintf(link->error, sizeof(link->error), "%s", reason);

    otter_redis_link_close(link);

    return -1;
}


static const char *
otter_redis_link_tls_error(void)
{
    unsigned long   code;
    const char     *reason;

    code = ERR_peek_last_error();
    reason = code ? ERR_reason_error_string(code) : NULL;

    return reason ? reason : "the handshake failed";
}
