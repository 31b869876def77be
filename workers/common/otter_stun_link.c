
/*
 * Copyright (C) Otter contributors
 */


#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "otter_stun_link.h"


enum {
    OTTER_STUN_LINK_RTO = 500,         /* ms: RFC 8489, section 6.2.1 */
    OTTER_STUN_LINK_SENDS = 3,
    OTTER_STUN_LINK_TCP = 3000         /* ms */
};


static otter_stun_rc_t otter_stun_link_ask_udp(otter_stun_link_t *link,
    const otter_stun_message_t *request, otter_stun_message_t *response);
static otter_stun_rc_t otter_stun_link_hear(otter_stun_link_t *link,
    const otter_stun_message_t *request, otter_stun_message_t *response,
    int64_t end);
static otter_stun_rc_t otter_stun_link_ask_tcp(otter_stun_link_t *link,
    const otter_stun_message_t *request, otter_stun_message_t *response);
static otter_stun_rc_t otter_stun_link_send(otter_stun_link_t *link,
    const otter_stun_message_t *request, int64_t end);
static otter_stun_rc_t otter_stun_link_fill(otter_stun_link_t *link,
    otter_stun_message_t *response, size_t len, int64_t end);
static int otter_stun_link_answers(const otter_stun_message_t *request,
    const otter_stun_message_t *response);
static ssize_t otter_stun_link_read(otter_stun_link_t *link, void *data,
    size_t len, short *events);
static ssize_t otter_stun_link_write(otter_stun_link_t *link,
    const void *data, size_t len, short *events);


otter_stun_rc_t
otter_stun_link_open(otter_stun_link_t *link, const struct addrinfo *address)
{
    int               error;
    socklen_t         len;
    otter_stun_rc_t   rc;

    link->ssl = NULL;
    link->tcp = address->ai_socktype == SOCK_STREAM;

    link->fd = socket(address->ai_family,
                      address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (link->fd == -1) {
        return OTTER_STUN_RC_FAILED;
    }

    if (connect(link->fd, address->ai_addr, address->ai_addrlen) == 0) {
        return OTTER_STUN_RC_OK;
    }

    rc = OTTER_STUN_RC_NO_CONNECTION;

    if (errno == EINPROGRESS) {
        rc = otter_stun_link_wait(link, POLLOUT, otter_stun_link_now()
                                                 + OTTER_STUN_LINK_TCP);
        error = 0;
        len = sizeof(error);

        if (rc == OTTER_STUN_RC_OK
            && (getsockopt(link->fd, SOL_SOCKET, SO_ERROR, &error, &len) == -1
                || error))
        {
            rc = OTTER_STUN_RC_NO_CONNECTION;
        }
    }

    if (rc != OTTER_STUN_RC_OK) {
        otter_stun_link_close(link);
    }

    return rc;
}


void
otter_stun_link_close(otter_stun_link_t *link)
{
    SSL_free(link->ssl);
    (void) close(link->fd);

    link->ssl = NULL;
    link->fd = -1;
}


otter_stun_rc_t
otter_stun_link_ask(otter_stun_link_t *link,
    const otter_stun_message_t *request, otter_stun_message_t *response)
{
    return link->tcp ? otter_stun_link_ask_tcp(link, request, response)
                     : otter_stun_link_ask_udp(link, request, response);
}


static otter_stun_rc_t
otter_stun_link_ask_udp(otter_stun_link_t *link,
    const otter_stun_message_t *request, otter_stun_message_t *response)
{
    int               rto;
    unsigned          i;
    otter_stun_rc_t   rc;

    rto = OTTER_STUN_LINK_RTO;
    rc = OTTER_STUN_RC_NO_ANSWER;

    for (i = 0; i < OTTER_STUN_LINK_SENDS; i++) {

        /* an ICMP error of the datagram before may be told here */

        if (send(link->fd, request->data, request->len, MSG_NOSIGNAL) == -1) {
            return OTTER_STUN_RC_NO_CONNECTION;
        }

        rc = otter_stun_link_hear(link, request, response,
                                  otter_stun_link_now() + rto);

        if (rc != OTTER_STUN_RC_NO_ANSWER) {
            return rc;
        }

        rto *= 2;
    }

    return rc;
}


/* anyone can send datagrams: what is no answer is passed over */

static otter_stun_rc_t
otter_stun_link_hear(otter_stun_link_t *link,
    const otter_stun_message_t *request, otter_stun_message_t *response,
    int64_t end)
{
    ssize_t           n;
    otter_stun_rc_t   rc;

    for ( ;; ) {
        rc = otter_stun_link_wait(link, POLLIN, end);
        if (rc != OTTER_STUN_RC_OK) {
            return rc;
        }

        n = recv(link->fd, response->data, sizeof(response->data), 0);

        if (n == -1) {
            if (errno == EAGAIN || errno == EINTR) {
                continue;
            }

            return OTTER_STUN_RC_NO_CONNECTION;
        }

        response->len = (size_t) n;

        if (otter_stun_link_answers(request, response)) {
            return OTTER_STUN_RC_OK;
        }
    }
}


static otter_stun_rc_t
otter_stun_link_ask_tcp(otter_stun_link_t *link,
    const otter_stun_message_t *request, otter_stun_message_t *response)
{
    size_t            size;
    int64_t           end;
    otter_stun_rc_t   rc;

    end = otter_stun_link_now() + OTTER_STUN_LINK_TCP;

    rc = otter_stun_link_send(link, request, end);
    if (rc != OTTER_STUN_RC_OK) {
        return rc;
    }

    response->len = 0;

    rc = otter_stun_link_fill(link, response, OTTER_STUN_HEAD_SIZE, end);
    if (rc != OTTER_STUN_RC_OK) {
        return rc;
    }

    size = otter_stun_size(response->data);

    if (size == 0) {
        return OTTER_STUN_RC_BAD_ANSWER;
    }

    rc = otter_stun_link_fill(link, response, size, end);
    if (rc != OTTER_STUN_RC_OK) {
        return rc;
    }

    return otter_stun_link_answers(request, response)
           ? OTTER_STUN_RC_OK : OTTER_STUN_RC_BAD_ANSWER;
}


static otter_stun_rc_t
otter_stun_link_send(otter_stun_link_t *link,
    const otter_stun_message_t *request, int64_t end)
{
    short             events;
    size_t            sent;
    ssize_t           n;
    otter_stun_rc_t   rc;

    for (sent = 0; sent < request->len; /* void */ ) {
        n = otter_stun_link_write(link, request->data + sent,
                                  request->len - sent, &events);

        if (n >= 0) {
            sent += (size_t) n;
            continue;
        }

        if (errno != EAGAIN && errno != EINTR) {
            return OTTER_STUN_RC_NO_CONNECTION;
        }

        rc = otter_stun_link_wait(link, events, end);
        if (rc != OTTER_STUN_RC_OK) {
            return rc;
        }
    }

    return OTTER_STUN_RC_OK;
}


static otter_stun_rc_t
otter_stun_link_fill(otter_stun_link_t *link, otter_stun_message_t *response,
    size_t len, int64_t end)
{
    short             events;
    ssize_t           n;
    otter_stun_rc_t   rc;

    while (response->len < len) {
        n = otter_stun_link_read(link, response->data + response->len,
                                 len - response->len, &events);

        if (n > 0) {
            response->len += (size_t) n;
            continue;
        }

        if (n == 0) {
            return OTTER_STUN_RC_BAD_ANSWER;
        }

        if (errno != EAGAIN && errno != EINTR) {
            return OTTER_STUN_RC_NO_CONNECTION;
        }

        rc = otter_stun_link_wait(link, events, end);
        if (rc != OTTER_STUN_RC_OK) {
            return rc;
        }
    }

    return OTTER_STUN_RC_OK;
}


static ssize_t
otter_stun_link_read(otter_stun_link_t *link, void *data, size_t len,
    short *events)
{
    *events = POLLIN;

    return link->ssl ? otter_stun_link_tls_read(link, data, len, events)
                     : recv(link->fd, data, len, 0);
}


static ssize_t
otter_stun_link_write(otter_stun_link_t *link, const void *data, size_t len,
    short *events)
{
    *events = POLLOUT;

    return link->ssl ? otter_stun_link_tls_write(link, data, len, events)
                     : send(link->fd, data, len, MSG_NOSIGNAL);
}


static int
otter_stun_link_answers(const otter_stun_message_t *request,
    const otter_stun_message_t *response)
{
    unsigned  class, type;

    if (!otter_stun_valid(response)
        || memcmp(otter_stun_tid(response), otter_stun_tid(request),
                  OTTER_STUN_TID_SIZE)
           != 0)
    {
        return 0;
    }

    type = otter_stun_type(response);
    class = type ^ otter_stun_type(request);

    return class == OTTER_STUN_SUCCESS || class == OTTER_STUN_FAILURE;
}


otter_stun_rc_t
otter_stun_link_wait(otter_stun_link_t *link, short events, int64_t end)
{
    int            rc;
    int64_t        left;
    struct pollfd  pfd;

    for ( ;; ) {
        left = end - otter_stun_link_now();

        if (left <= 0) {
            return OTTER_STUN_RC_NO_ANSWER;
        }

        pfd.fd = link->fd;
        pfd.events = events;

        rc = poll(&pfd, 1, (int) left);

        if (rc == 1) {
            return OTTER_STUN_RC_OK;
        }

        if (rc == -1 && errno != EINTR) {
            return OTTER_STUN_RC_FAILED;
        }
    }
}


/* milliseconds */

int64_t
otter_stun_link_now(void)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_MONOTONIC, &ts);

    return (int64_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}
