
/*
 * Copyright (C) Otter contributors
 */

/* The servers, and how each is spoken to. */


#include "load.h"


static void load_otter_request(load_peer_t *p, char *buf, size_t size);
static void load_otter_text(load_peer_t *p, char *text, size_t len);
static int load_otter_head(load_peer_t *p, char *buf, size_t size);
static void load_nchan_request(load_peer_t *p, char *buf, size_t size);
static void load_ring_request(load_peer_t *p, char *buf, size_t size);
static void load_ws_request(load_peer_t *p, char *buf, size_t size);
static void load_ws_text(load_peer_t *p, char *text, size_t len);
static void load_socketio_request(load_peer_t *p, char *buf, size_t size);
static void load_socketio_text(load_peer_t *p, char *text, size_t len);
static int load_socketio_head(load_peer_t *p, char *buf, size_t size);
static void load_peerjs_request(load_peer_t *p, char *buf, size_t size);
static void load_peerjs_text(load_peer_t *p, char *text, size_t len);
static int load_peerjs_head(load_peer_t *p, char *buf, size_t size);


static const load_server_t  load_servers[] = {

    { "otter", 0, 1, 0, 0, "}", "{\"type\":\"message\",\"data\":", "}",
      load_otter_request, load_otter_text, load_otter_head },

    /* the path names who it is for, so the data is the message */

    { "nchan", 1, 0, 0, 1, "", "", "",
      load_nchan_request, NULL, NULL },

    { "nchan-ring", 1, 0, 0, 0, "", "", "",
      load_ring_request, NULL, NULL },

    { "floor", 0, 0, 0, 0, "", "", "",
      load_ring_request, NULL, NULL },

    { "ws", 0, 1, 0, 0, "}", "{\"type\":\"message\",\"data\":", "}",
      load_ws_request, load_ws_text, load_otter_head },

    { "socketio", 0, 1, 0, 0, "}]", "42[\"message\",{\"data\":", "}]",
      load_socketio_request, load_socketio_text, load_socketio_head },

    { "peerjs", 0, 1, 0, 0, "}", "", "",
      load_peerjs_request, load_peerjs_text, load_peerjs_head },

    { "http", 0, 0, 1, 0, "", "", "",
      NULL, NULL, NULL }
};


const load_server_t *
load_server_named(const char *name)
{
    size_t  n;

    n = sizeof(load_servers) / sizeof(load_servers[0]);

    for (size_t i = 0; i < n; i++) {
        if (strcmp(load_servers[i].name, name) == 0) {
            return &load_servers[i];
        }
    }

    load_die("no server is named \"%s\"", name);

    return NULL;
}


/* copies what follows the pattern, up to a quote, as the peer's id */

static int
load_server_id(load_peer_t *p, const char *text, size_t len,
    const char *pattern)
{
    size_t       n;
    const char  *at;

    at = memmem(text, len, pattern, strlen(pattern));

    if (at == NULL) {
        return 0;
    }

    at += strlen(pattern);

    for (n = 0; at + n < text + len && at[n] != '"'; n++) {
        if (n == LOAD_ID_SIZE - 1) {
            load_die("an id is too long");
        }
    }

    memcpy(p->id, at, n);
    p->id[n] = '\0';

    return 1;
}


static void
load_otter_request(load_peer_t *p, char *buf, size_t size)
{
    char  token[1024];

    load_token(p, token, sizeof(token));

    snprintf(buf, size, "GET /otter/ws HTTP/1.1\r\n"
             "Sec-WebSocket-Protocol: otter.v1\r\n"
             "Authorization: Bearer %s\r\n", token);
}


/* {"seq":N,...: none is missing, and now and then they are acknowledged */

static void
load_otter_text(load_peer_t *p, char *text, size_t len)
{
    char  ack[64];

    if (len < 9 || strtoul(text + 7, NULL, 10) != ++p->seq) {
        load.count.bad++;
    }

    if (p->seq % LOAD_ACK_EVERY == 0) {
        snprintf(ack, sizeof(ack), "{\"type\":\"ack\",\"seq\":%u}", p->seq);
        load_peer_send_text(p, ack);
    }

    if (p->state == LOAD_STATE_GREETING
        && load_server_id(p, text, len, "\"self\":{\"id\":\""))
    {
        load_peer_joined(p);
    }
}


static int
load_otter_head(load_peer_t *p, char *buf, size_t size)
{
    return snprintf(buf, size,
                    "{\"type\":\"signal\",\"to\":\"%s\",\"data\":", p->to->id);
}


/*
 * A channel for the room, or one for each receiver.  A socket publishes to
 * one channel only, so who wants to reach several peers needs a socket for
 * each besides the one to hear from.
 */

static void
load_nchan_request(load_peer_t *p, char *buf, size_t size)
{
    if (load.mode != LOAD_MODE_DIRECTED) {
        snprintf(buf, size, "GET /room/r%u HTTP/1.1\r\n", p->room);

    } else if (p->publisher) {
        snprintf(buf, size, "GET /publish/u%u HTTP/1.1\r\n", p->to->index);

    } else {
        snprintf(buf, size, "GET /subscribe/u%u HTTP/1.1\r\n", p->index);
    }
}


/* one socket that hears from one channel and publishes to another */

static void
load_ring_request(load_peer_t *p, char *buf, size_t size)
{
    if (load.mode == LOAD_MODE_DIRECTED) {
        snprintf(buf, size, "GET /ring/u%u/u%u HTTP/1.1\r\n", p->index,
                 p->to->index);

    } else {
        snprintf(buf, size, "GET /room/r%u HTTP/1.1\r\n", p->room);
    }
}


static void
load_ws_request(load_peer_t *p, char *buf, size_t size)
{
    snprintf(buf, size, "GET /?room=r%u HTTP/1.1\r\n", p->room);
}


static void
load_ws_text(load_peer_t *p, char *text, size_t len)
{
    if (p->state == LOAD_STATE_GREETING
        && load_server_id(p, text, len, "\"id\":\""))
    {
        load_peer_joined(p);
    }
}


static void
load_socketio_request(load_peer_t *p, char *buf, size_t size)
{
    snprintf(buf, size, "GET /socket.io/?EIO=4&transport=websocket&room=r%u "
             "HTTP/1.1\r\n", p->room);
}


/* engine.io: 0 open, 2 ping, 3 pong, 4 message; of that 40 is a connect */

static void
load_socketio_text(load_peer_t *p, char *text, size_t len)
{
    if (len == 0) {
        return;
    }

    if (text[0] == '2') {
        load.count.pings++;
        load_peer_send_text(p, "3");

    } else if (text[0] == '0') {
        load_peer_send_text(p, "40");

    } else if (p->state == LOAD_STATE_GREETING
               && load_server_id(p, text, len, "40{\"sid\":\""))
    {
        load_peer_joined(p);
    }
}


static int
load_socketio_head(load_peer_t *p, char *buf, size_t size)
{
    return snprintf(buf, size, "42[\"signal\",{\"to\":\"%s\",\"data\":",
                    p->to->id);
}


static void
load_peerjs_request(load_peer_t *p, char *buf, size_t size)
{
    snprintf(buf, size, "GET /peerjs?key=peerjs&id=u%u&token=t%u&"
             "version=1.5.4 HTTP/1.1\r\n", p->index, p->index);
}


static void
load_peerjs_text(load_peer_t *p, char *text, size_t len)
{
    if (p->state == LOAD_STATE_GREETING && memmem(text, len, "\"OPEN\"", 6)) {
        load_peer_joined(p);
    }
}


static int
load_peerjs_head(load_peer_t *p, char *buf, size_t size)
{
    return snprintf(buf, size,
                    "{\"type\":\"CANDIDATE\",\"dst\":\"u%u\",\"payload\":",
                    p->to->index);
}
