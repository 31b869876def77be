
/*
 * Copyright (C) Otter contributors
 */

/* A peer's connection as bytes: HTTP first, then frames (RFC 6455). */


#include "load.h"


/* the sum that goes with the key, which is the same in every handshake */

static const char  load_accept[] = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
static const char  load_upgrade[] =
    "Host: 127.0.0.1\r\n"
    "Upgrade: websocket\r\n"
    "Connection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "\r\n";


static void load_peer_upgrade(load_peer_t *p);


void
load_peer_closed(load_peer_t *p, const char *why)
{
    if (p->state == LOAD_STATE_CLOSED) {
        return;
    }

    if (p->slow && load.phase >= LOAD_SEND) {
        load.count.slow_closed++;
        load.count.slow_code = p->code;

    } else if (load.phase < LOAD_END && load.count.failed++ < 3) {
        fprintf(stderr, "load: peer %u in state %u: %s (close code %u)\n",
                p->index, p->state, why, p->code);
    }

    p->state = LOAD_STATE_CLOSED;
    close(p->fd);
}


void
load_peer_joined(load_peer_t *p)
{
    p->state = LOAD_STATE_OPEN;
    load.count.joined++;
}


static unsigned char *
load_peer_reserve(load_peer_t *p, size_t len)
{
    if (p->out_len + len > p->out_size) {
        p->out_size = p->out_len + len + 1024;
        p->out = load_allocate(p->out, p->out_size);
    }

    load_loop_flush(p);

    return p->out + p->out_len;
}


/* The mask is always the same: a server can't tell, and must not care. */

void
load_peer_send(load_peer_t *p, unsigned opcode, const char *head,
    size_t head_len, const char *data, size_t data_len, const char *tail)
{
    size_t          len, tail_len;
    uint64_t        word;
    unsigned char  *f, *end;

    static const uint64_t  mask = 0x3d21fa373d21fa37;

    tail_len = strlen(tail);
    len = head_len + data_len + tail_len;
    f = load_peer_reserve(p, len + 16);

    *f++ = (unsigned char) (0x80 | opcode);

    if (len < 126) {
        *f++ = (unsigned char) (0x80 | len);

    } else {
        *f++ = 0x80 | 126;
        *f++ = (unsigned char) (len >> 8);
        *f++ = (unsigned char) len;
    }

    memcpy(f, &mask, 4);
    f += 4;
    end = f + len;

    memcpy(f, head, head_len);
    memcpy(f + head_len, data, data_len);
    memcpy(end - tail_len, tail, tail_len);

    for ( /* void */ ; f + 8 <= end; f += 8) {
        memcpy(&word, f, 8);
        word ^= mask;
        memcpy(f, &word, 8);
    }

    for (size_t i = 0; f + i < end; i++) {
        f[i] ^= (unsigned char) (mask >> 8 * i);
    }

    p->out_len = (size_t) (end - p->out);
}


void
load_peer_send_text(load_peer_t *p, const char *text)
{
    load_peer_send(p, LOAD_FRAME_TEXT, text, strlen(text), "", 0, "");
}


void
load_peer_send_raw(load_peer_t *p, const char *text)
{
    size_t  len;

    len = strlen(text);
    memcpy(load_peer_reserve(p, len), text, len);
    p->out_len += len;
}


/* asks the worker's process id first where the worker matters */

void
load_peer_begin(load_peer_t *p)
{
    if (load.server->http) {
        load_peer_joined(p);

    } else if (load.workers.n) {
        p->state = LOAD_STATE_ASKING;
        load_peer_send_raw(p, "GET /pid HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");

    } else {
        load_peer_upgrade(p);
    }
}


static void
load_peer_upgrade(load_peer_t *p)
{
    char  text[2048];

    p->state = LOAD_STATE_UPGRADING;

    load.server->request(p, text, sizeof(text));
    load_peer_send_raw(p, text);
    load_peer_send_raw(p, load_upgrade);
}


/* the length of head and body of a response, or 0 */

static size_t
load_peer_http(unsigned char *buf, size_t len)
{
    char    *end, *length;
    size_t   total;

    end = memmem(buf, len, "\r\n\r\n", 4);

    if (end == NULL) {
        return 0;
    }

    total = (size_t) (end + 4 - (char *) buf);
    length = memmem(buf, total, "Content-Length: ", 16);

    if (length) {
        total += strtoul(length + 16, NULL, 10);
    }

    return total <= len ? total : 0;
}


static size_t
load_peer_asked(load_peer_t *p, unsigned char *buf, size_t len)
{
    long      pid;
    char     *body;
    size_t    total;
    uint32_t  want;

    total = load_peer_http(buf, len);

    if (total == 0) {
        return 0;
    }

    body = memmem(buf, total, "\r\n\r\n", 4);
    pid = strtol(body + 4, NULL, 10);

    want = load.option.spread[0] == 'c' ? p->place : p->room;

    if (pid == load.workers.item[want % (uint32_t) load.workers.n]) {
        load_peer_upgrade(p);
        return total;
    }

    load.count.reopened++;
    load_loop_reopen(p);

    return len;
}


static size_t
load_peer_upgraded(load_peer_t *p, unsigned char *buf, size_t len)
{
    size_t  total;

    total = load_peer_http(buf, len);

    if (total == 0) {
        return 0;
    }

    if (memcmp(buf, "HTTP/1.1 101 ", 13) != 0
        || memmem(buf, total, load_accept, sizeof(load_accept) - 1) == NULL)
    {
        buf[strcspn((char *) buf, "\r")] = '\0';
        load_peer_closed(p, (char *) buf);
        return len;
    }

    if (load.server->greets) {
        p->state = LOAD_STATE_GREETING;

    } else {
        load_peer_joined(p);
    }

    return total;
}


static size_t
load_peer_response(load_peer_t *p, unsigned char *buf, size_t len)
{
    size_t  total;

    total = load_peer_http(buf, len);

    if (total == 0) {
        return 0;
    }

    if (memcmp(buf, "HTTP/1.1 200 ", 13) != 0) {
        load_peer_closed(p, "a response was not 200");
        return len;
    }

    load_message_response(p);

    return total;
}


static void
load_peer_payload(load_peer_t *p, unsigned head, unsigned char *data,
    size_t len)
{
    switch (head) {

    case 0x80 | LOAD_FRAME_TEXT:
        load_message_text(p, (char *) data, len);
        break;

    case 0x80 | LOAD_FRAME_CLOSE:
        p->code = len < 2 ? 1005 : (uint16_t) (data[0] << 8 | data[1]);
        load_peer_closed(p, "closed by the server");
        break;

    case 0x80 | LOAD_FRAME_PING:
        load.count.pings++;
        load_peer_send(p, LOAD_FRAME_PONG, "", 0, (char *) data, len, "");
        break;

    case 0x80 | LOAD_FRAME_PONG:
        break;

    default:
        load_peer_closed(p, "a frame that no server here sends");
    }
}


static size_t
load_peer_frame(load_peer_t *p, unsigned char *buf, size_t len)
{
    size_t  head, size;

    if (len < 2) {
        return 0;
    }

    size = buf[1];
    head = size == 126 ? 4 : size == 127 ? 10 : 2;

    if (len < head) {
        return 0;
    }

    if (size == 126) {
        size = (size_t) buf[2] << 8 | buf[3];

    } else if (size == 127) {

        /* no server here sends 4 GiB */

        size = (size_t) buf[6] << 24 | (size_t) buf[7] << 16
               | (size_t) buf[8] << 8 | buf[9];

    } else if (size > 127) {
        load_peer_closed(p, "a masked frame");
        return len;
    }

    if (len < head + size) {
        return 0;
    }

    load_peer_payload(p, buf[0], buf + head, size);

    return head + size;
}


/* takes what is whole; returns the number of bytes taken */

size_t
load_peer_input(load_peer_t *p, unsigned char *buf, size_t len)
{
    size_t  n, used;

    for (used = 0; used < len && p->state != LOAD_STATE_CLOSED; used += n) {

        switch (p->state) {

        case LOAD_STATE_ASKING:
            n = load_peer_asked(p, buf + used, len - used);
            break;

        case LOAD_STATE_UPGRADING:
            n = load_peer_upgraded(p, buf + used, len - used);
            break;

        default:
            n = load.server->http
                ? load_peer_response(p, buf + used, len - used)
                : load_peer_frame(p, buf + used, len - used);
        }

        if (n == 0) {
            break;
        }
    }

    return p->state == LOAD_STATE_CLOSED ? len : used;
}
