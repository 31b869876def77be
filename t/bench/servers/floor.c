
/*
 * Copyright (C) Otter contributors
 */

/*
 * The least that a relay can do: epoll, frames unmasked and copied to their
 * receivers, one read and one write per connection and turn.  It believes
 * whatever a client says and is of no use but as a measure of the others.
 *
 *   floor PORT      /ring/uFROM/uTO: what FROM sends goes to TO
 *                   /room/rROOM: to all others of the room
 */


#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>


enum {
    FLOOR_FILES = 20000,
    FLOOR_NAMES = 65536,
    FLOOR_ROOM = 1024,
    FLOOR_OUT = 512 * 1024,            /* what may wait for one receiver */
    FLOOR_IN = 64 * 1024,
    FLOOR_EVENTS = 512
};

typedef struct floor_conn_s  floor_conn_t;

struct floor_conn_s {
    floor_conn_t   *flush;
    unsigned char  *out;
    size_t          out_len;
    unsigned char  *in;
    size_t          in_len;
    int             fd;
    int             to;                /* a name, or -1 */
    int             room;              /* a room, or -1 */
    unsigned        upgraded:1;
    unsigned        flushing:1;
};

typedef struct {
    int             n;
    floor_conn_t   *member[FLOOR_ROOM];
} floor_room_t;


static floor_conn_t   floor_conns[FLOOR_FILES], *floor_flushing;
static floor_conn_t  *floor_names[FLOOR_NAMES];
static floor_room_t  *floor_rooms[FLOOR_NAMES];
static unsigned char  floor_buffer[FLOOR_IN];


static void *
floor_allocate(void *old, size_t size)
{
    void  *p;

    p = realloc(old, size);

    if (p == NULL) {
        fputs("floor: no memory\n", stderr);
        exit(1);
    }

    return p;
}


static void
floor_append(floor_conn_t *c, const void *head, size_t head_len,
    const void *data, size_t len)
{
    if (c->out == NULL) {
        c->out = floor_allocate(NULL, FLOOR_OUT);
    }

    if (c->out_len + head_len + len > FLOOR_OUT) {
        fputs("floor: a receiver is too slow\n", stderr);
        exit(1);
    }

    memcpy(c->out + c->out_len, head, head_len);
    memcpy(c->out + c->out_len + head_len, data, len);
    c->out_len += head_len + len;

    if (!c->flushing) {
        c->flushing = 1;
        c->flush = floor_flushing;
        floor_flushing = c;
    }
}


static void
floor_relay(floor_conn_t *c, const unsigned char *data, size_t len)
{
    int             i;
    size_t          head_len;
    floor_room_t   *room;
    unsigned char   head[4];

    head[0] = 0x81;
    head[1] = (unsigned char) (len < 126 ? len : 126);
    head[2] = (unsigned char) (len >> 8);
    head[3] = (unsigned char) len;
    head_len = len < 126 ? 2 : 4;

    if (c->to >= 0 && floor_names[c->to]) {
        floor_append(floor_names[c->to], head, head_len, data, len);
        return;
    }

    room = c->room >= 0 ? floor_rooms[c->room] : NULL;

    for (i = 0; room && i < room->n; i++) {
        if (room->member[i] != c) {
            floor_append(room->member[i], head, head_len, data, len);
        }
    }
}


static size_t
floor_frame(floor_conn_t *c, unsigned char *buf, size_t len)
{
    size_t          head, size, i;
    uint64_t        word, mask;
    unsigned char  *data;

    if (len < 8) {
        return 0;
    }

    head = 2;
    size = buf[1] & 0x7f;

    if (size == 126) {
        head = 4;
        size = (size_t) buf[2] << 8 | buf[3];
    }

    if (len < head + 4 + size) {
        return 0;
    }

    data = buf + head + 4;
    memcpy(&mask, buf + head, 4);
    memcpy((char *) &mask + 4, buf + head, 4);

    for (i = 0; i + 8 <= size; i += 8) {
        memcpy(&word, data + i, 8);
        word ^= mask;
        memcpy(data + i, &word, 8);
    }

    for ( /* void */ ; i < size; i++) {
        data[i] ^= buf[head + i % 4];
    }

    if ((buf[0] & 0xf) == 1) {
        floor_relay(c, data, size);
    }

    return head + 4 + size;
}


static void
floor_join(floor_conn_t *c, const char *request)
{
    int            from, to, room;
    floor_room_t  *r;

    if (sscanf(request, "GET /ring/u%d/u%d ", &from, &to) == 2
        && from >= 0 && from < FLOOR_NAMES && to >= 0 && to < FLOOR_NAMES)
    {
        floor_names[from] = c;
        c->to = to;

    } else if (sscanf(request, "GET /room/r%d ", &room) == 1
               && room >= 0 && room < FLOOR_NAMES)
    {
        r = floor_rooms[room];

        if (r == NULL) {
            r = floor_allocate(NULL, sizeof(floor_room_t));
            r->n = 0;
            floor_rooms[room] = r;
        }

        if (r->n < FLOOR_ROOM) {
            r->member[r->n++] = c;
            c->room = room;
        }
    }
}


static size_t
floor_upgrade(floor_conn_t *c, char *buf, size_t len)
{
    char            text[128], answer[256], *key;
    unsigned        md_len;
    unsigned char   md[EVP_MAX_MD_SIZE], accept[64];

    if (len < 4 || memmem(buf, len, "\r\n\r\n", 4) == NULL) {
        return 0;
    }

    buf[len - 1] = '\0';
    key = strstr(buf, "Sec-WebSocket-Key: ");

    snprintf(text, sizeof(text), "%.24s258EAFA5-E914-47DA-95CA-C5AB0DC85B11",
             key ? key + 19 : "");
    EVP_Digest(text, strlen(text), md, &md_len, EVP_sha1(), NULL);
    EVP_EncodeBlock(accept, md, (int) md_len);

    snprintf(answer, sizeof(answer), "HTTP/1.1 101 Switching Protocols\r\n"
             "Upgrade: websocket\r\nConnection: Upgrade\r\n"
             "Sec-WebSocket-Accept: %s\r\n\r\n", accept);

    floor_append(c, answer, strlen(answer), "", 0);
    floor_join(c, buf);
    c->upgraded = 1;

    return len;
}


static void
floor_close(floor_conn_t *c)
{
    int            i;
    floor_room_t  *r;

    for (i = 0; i < FLOOR_NAMES; i++) {
        if (floor_names[i] == c) {
            floor_names[i] = NULL;
        }
    }

    r = c->room >= 0 ? floor_rooms[c->room] : NULL;

    for (i = 0; r && i < r->n; i++) {
        if (r->member[i] == c) {
            r->member[i] = r->member[--r->n];
        }
    }

    close(c->fd);
    c->out_len = 0;
    c->in_len = 0;
    c->fd = -1;
}


static void
floor_read(floor_conn_t *c)
{
    size_t   have, used, n;
    ssize_t  got;

    have = c->in_len;
    memcpy(floor_buffer, c->in ? c->in : floor_buffer, have);

    got = recv(c->fd, floor_buffer + have, FLOOR_IN - have, 0);

    if (got < 0 && errno == EAGAIN) {
        return;
    }

    if (got <= 0) {
        floor_close(c);
        return;
    }

    have += (size_t) got;

    for (used = 0; used < have; used += n) {
        n = c->upgraded ? floor_frame(c, floor_buffer + used, have - used)
                        : floor_upgrade(c, (char *) floor_buffer, have);

        if (n == 0) {
            break;
        }
    }

    c->in_len = have - used;

    if (c->in_len) {
        c->in = floor_allocate(c->in, c->in_len);
        memcpy(c->in, floor_buffer + used, c->in_len);
    }
}


static void
floor_write(floor_conn_t *c)
{
    ssize_t  n;

    if (c->out_len == 0) {
        return;
    }

    n = send(c->fd, c->out, c->out_len, MSG_NOSIGNAL);

    if (n > 0) {
        c->out_len -= (size_t) n;
        memmove(c->out, c->out + n, c->out_len);
    }
}


static void
floor_accept(int epoll, int listening)
{
    int                 fd, on;
    floor_conn_t       *c;
    struct epoll_event  event;

    on = 1;

    while ((fd = accept4(listening, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));

        c = &floor_conns[fd];
        c->fd = fd;
        c->to = -1;
        c->room = -1;
        c->upgraded = 0;

        event.events = EPOLLIN|EPOLLOUT|EPOLLET;
        event.data.ptr = c;
        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
    }
}


static int
floor_listen(const char *port)
{
    int                 fd, on;
    struct sockaddr_in  sin;

    memset(&sin, 0, sizeof(sin));
    sin.sin_family = AF_INET;
    sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sin.sin_port = htons((uint16_t) atoi(port));

    on = 1;
    fd = socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));

    if (fd == -1 || bind(fd, (struct sockaddr *) &sin, sizeof(sin)) != 0
        || listen(fd, 4096) != 0)
    {
        perror("floor");
        exit(1);
    }

    return fd;
}


int
main(int argc, char **argv)
{
    int                 i, n, epoll, listening;
    floor_conn_t       *c;
    struct epoll_event  event, events[FLOOR_EVENTS];

    listening = floor_listen(argc > 1 ? argv[1] : "0");
    epoll = epoll_create1(0);

    event.events = EPOLLIN;
    event.data.ptr = NULL;

    if (epoll_ctl(epoll, EPOLL_CTL_ADD, listening, &event) != 0) {
        perror("floor");
        return 1;
    }

    for ( ;; ) {
        n = epoll_wait(epoll, events, FLOOR_EVENTS, -1);

        for (i = 0; i < n; i++) {
            c = events[i].data.ptr;

            if (c == NULL) {
                floor_accept(epoll, listening);

            } else if (c->fd != -1) {

                if (events[i].events & ~(uint32_t) EPOLLOUT) {
                    floor_read(c);
                }

                floor_write(c);
            }
        }

        while (floor_flushing) {
            c = floor_flushing;
            floor_flushing = c->flush;
            c->flushing = 0;

            floor_write(c);
        }
    }
}
