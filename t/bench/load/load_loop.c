
/*
 * Copyright (C) Otter contributors
 */

/* The event loop of a child, and its sockets, plain or under TLS. */


#include "load.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/epoll.h>
#include <sys/socket.h>


enum {
    LOAD_BUFFER = 256 * 1024,          /* more than the largest message */
    LOAD_EVENTS = 512,
    LOAD_PEERS_PER_ADDRESS = 4000,     /* a source address has 28,000 ports */
    LOAD_ADDRESSES = 250,
    LOAD_SLOW_BUFFER = 4096,
    LOAD_WAIT = 5                      /* ms, until phases are looked at */
};


static void load_loop_open(load_peer_t *p);


static int             load_epoll;
static uint32_t        load_opened;    /* peers */
static uint32_t        load_sockets;
static SSL_CTX        *load_tls;
static load_peer_t    *load_flushing;
static unsigned char   load_buffer[LOAD_BUFFER];


/* puts it in the list of those that have something to write */

void
load_loop_flush(load_peer_t *p)
{
    if (!p->flushing) {
        p->flushing = 1;
        p->flush = load_flushing;
        load_flushing = p;
    }
}


/* as recv() and send() have it: 0 for the end, -1 and EAGAIN to wait */

static ssize_t
load_loop_tls_result(load_peer_t *p, int n)
{
    if (n > 0) {
        return n;
    }

    switch (SSL_get_error(p->ssl, n)) {

    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        errno = EAGAIN;
        return -1;

    default:
        ERR_clear_error();
        return 0;
    }
}


static ssize_t
load_loop_recv(load_peer_t *p, unsigned char *buf, size_t size)
{
    return p->ssl
           ? load_loop_tls_result(p, SSL_read(p->ssl, buf, (int) size))
           : recv(p->fd, buf, size, 0);
}


static ssize_t
load_loop_send(load_peer_t *p, unsigned char *buf, size_t len)
{
    return p->ssl
           ? load_loop_tls_result(p, SSL_write(p->ssl, buf, (int) len))
           : send(p->fd, buf, len, MSG_NOSIGNAL);
}


static void
load_loop_write(load_peer_t *p)
{
    ssize_t  n;

    while (p->out_sent < p->out_len && p->state != LOAD_STATE_CLOSED) {
        n = load_loop_send(p, p->out + p->out_sent, p->out_len - p->out_sent);

        if (n < 0 && errno == EAGAIN) {
            return;
        }

        if (n <= 0) {
            load_peer_closed(p, "broken while writing");
            return;
        }

        p->out_sent += (size_t) n;
    }

    p->out_sent = 0;
    p->out_len = 0;

    if (load.phase < LOAD_SEND) {
        free(p->out);
        p->out = NULL;
        p->out_size = 0;
    }
}


/* keeps what is not a whole frame yet */

static void
load_loop_keep(load_peer_t *p, unsigned char *data, size_t len)
{
    if (len == 0) {
        free(p->in);
        p->in = NULL;

    } else {
        p->in = load_allocate(p->in, len);
        memcpy(p->in, data, len);
    }

    p->in_len = len;
}


static void
load_loop_read(load_peer_t *p)
{
    size_t   have, used;
    ssize_t  n;

    while (p->state != LOAD_STATE_CLOSED) {
        have = p->in_len;

        n = load_loop_recv(p, load_buffer + have, LOAD_BUFFER - have);

        if (n < 0 && errno == EAGAIN) {
            return;
        }

        if (n <= 0) {
            load_peer_closed(p, n ? strerror(errno) : "the server hung up");
            return;
        }

        if (have) {
            memcpy(load_buffer, p->in, have);
        }

        used = load_peer_input(p, load_buffer, have + (size_t) n);
        have += (size_t) n;

        if (have - used || p->in) {
            load_loop_keep(p, load_buffer + used, have - used);
        }

        /* edge-triggered: less than there was room for is all there is */

        if (p->ssl == NULL && have < LOAD_BUFFER) {
            return;
        }
    }
}


/* all peers of this process, in rooms */

static void
load_loop_peers(uint32_t process)
{
    uint32_t      i, room, size;
    load_peer_t  *p;

    size = (uint32_t) load.option.room;

    load.n = (uint32_t) (load.option.peers / load.option.processes);
    load.n -= load.n % size;
    load.first = process * load.n;
    load.sockets = load.n * (1 + (load.server->publishes
                                  && load.mode == LOAD_MODE_DIRECTED));

    load.peers = load_allocate(NULL, load.sockets * sizeof(load_peer_t));
    memset(load.peers, 0, load.sockets * sizeof(load_peer_t));

    for (i = 0; i < load.n; i++) {
        p = &load.peers[i];
        room = i / size;

        p->index = load.first + i;
        p->place = i % size;
        p->room = load.first / size + room;
        p->to = &load.peers[room * size + (i + 1) % size];
        p->by = load.sockets > load.n ? p + load.n : p;
        p->slow = load.option.slow && p->place == size - 1;
        p->fd = -1;
    }

    for (i = load.n; i < load.sockets; i++) {
        p = &load.peers[i];

        *p = load.peers[i - load.n];
        p->publisher = 1;
    }
}


static void
load_loop_socket_options(load_peer_t *p)
{
    int  on, size;

    on = 1;
    size = LOAD_SLOW_BUFFER;

    setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    setsockopt(p->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));

    if (p->slow) {
        setsockopt(p->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
    }
}


static void
load_loop_connect(load_peer_t *p)
{
    uint32_t            address, port;
    struct sockaddr_in  from, to;

    /* processes don't share an address either */

    address = load_sockets++ / LOAD_PEERS_PER_ADDRESS
              + load.first / LOAD_PEERS_PER_ADDRESS;
    port = p->place % (uint32_t) load.ports.n;

    memset(&from, 0, sizeof(from));
    from.sin_family = AF_INET;
    from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1
                                 + address % LOAD_ADDRESSES);

    to = from;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons((uint16_t) load.ports.item[port]);

    if (bind(p->fd, (struct sockaddr *) &from, sizeof(from)) != 0) {
        load_die("bind: %s", strerror(errno));
    }

    if (connect(p->fd, (struct sockaddr *) &to, sizeof(to)) != 0
        && errno != EINPROGRESS)
    {
        load_die("connect: %s", strerror(errno));
    }
}


static void
load_loop_open(load_peer_t *p)
{
    struct epoll_event  event;

    p->fd = socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK, 0);

    if (p->fd == -1) {
        load_die("socket: %s", strerror(errno));
    }

    load_loop_socket_options(p);
    load_loop_connect(p);

    if (load_tls) {
        p->ssl = SSL_new(load_tls);

        if (p->ssl == NULL || SSL_set_fd(p->ssl, p->fd) != 1) {
            load_die("no memory for TLS");
        }

        SSL_set_connect_state(p->ssl);
    }

    event.events = EPOLLIN|EPOLLOUT|EPOLLRDHUP|EPOLLET;
    event.data.ptr = p;

    if (epoll_ctl(load_epoll, EPOLL_CTL_ADD, p->fd, &event) != 0) {
        load_die("epoll_ctl: %s", strerror(errno));
    }

    load_peer_begin(p);
}


/* the same peer by another connection, which may reach another worker */

void
load_loop_reopen(load_peer_t *p)
{
    close(p->fd);
    SSL_free(p->ssl);
    p->ssl = NULL;
    p->out_len = 0;
    p->out_sent = 0;

    load_loop_open(p);
}


static void
load_loop_join(void)
{
    uint32_t  under_way;

    under_way = load_opened - (uint32_t) (load.count.joined
                                          + load.count.failed);

    while (load_opened < load.sockets && under_way++ < load.option.parallel) {
        load_loop_open(&load.peers[load_opened++]);
    }
}


/* what the parent wants now */

static void
load_loop_phase(void)
{
    uint32_t      i;
    load_phase_t  was;

    was = load.phase;
    load.phase = (load_phase_t) atomic_load(&load.shared->phase);

    if (load.phase == LOAD_JOIN) {
        load_loop_join();
    }

    if (was < LOAD_SEND && load.phase >= LOAD_SEND && load.mode) {

        for (i = 0; i < load.n; i++) {
            load_message_start(&load.peers[i]);
        }

        for (i = 0; i < load.n; i++) {
            load_message_feed(&load.peers[i]);
        }
    }

    if (load.option.rate) {
        load_message_paced();
    }

    /* the slow ones wake up at last */

    if (load.option.slow && load.phase == LOAD_DRAIN) {

        for (i = 0; i < load.n; i++) {
            if (load.peers[i].slow) {
                load_loop_read(&load.peers[i]);
            }
        }
    }
}


static void
load_loop_turn(void)
{
    int                 i, n;
    load_peer_t        *p;
    struct epoll_event  events[LOAD_EVENTS];

    /* with a rate it spins: sleeping would add to the latency */

    n = epoll_wait(load_epoll, events, LOAD_EVENTS,
                   load.option.rate && load.phase >= LOAD_SEND ? 0
                                                               : LOAD_WAIT);

    for (i = 0; i < n; i++) {
        p = events[i].data.ptr;

        if (p->state == LOAD_STATE_CLOSED) {
            continue;
        }

        if (events[i].events & ~(uint32_t) EPOLLOUT
            && !(p->slow && load.phase >= LOAD_SEND))
        {
            load_loop_read(p);
        }

        if (p->out_len) {
            load_loop_flush(p);
        }
    }

    while (load_flushing) {
        p = load_flushing;
        load_flushing = p->flush;
        p->flushing = 0;

        load_loop_write(p);
    }
}


void
load_loop(uint32_t process)
{
    load_epoll = epoll_create1(0);

    if (load_epoll == -1) {
        load_die("epoll_create1: %s", strerror(errno));
    }

    if (load.option.tls) {
        load_tls = SSL_CTX_new(TLS_client_method());

        if (load_tls == NULL) {
            load_die("no memory for TLS");
        }

        SSL_CTX_set_mode(load_tls, SSL_MODE_RELEASE_BUFFERS
                                   |SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
                                   |SSL_MODE_ENABLE_PARTIAL_WRITE);
    }

    load_message_init();
    load_loop_peers(process);

    while (load.phase != LOAD_END) {
        load_loop_phase();
        load_loop_turn();

        load.shared->count[process] = load.count;
    }
}
