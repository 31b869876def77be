
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "otter_redis_node.h"


enum {
    OTTER_REDIS_TURNS_MAX = 5          /* redirections followed */
};


static int otter_redis_cluster_slots(otter_redis_t *r, redisReply *reply,
    const char *seed);
static redisReply *otter_redis_cluster_ask_node(otter_redis_t *r,
    otter_redis_node_t *node, const otter_redis_request_t *request,
    int asking);
static otter_redis_node_t *otter_redis_cluster_turn(otter_redis_t *r,
    const redisReply *reply, const otter_redis_node_t *from);
static unsigned otter_redis_crc16(const char *data, size_t len);


int
otter_redis_cluster_map(otter_redis_t *r)
{
    int                   rc;
    size_t                i;
    redisReply           *reply;
    const char           *argv[2];
    otter_redis_node_t    seed;

    argv[0] = "CLUSTER";
    argv[1] = "SLOTS";

    for (i = 0; i < r->conf->nhosts; i++) {
        memset(&seed, 0, sizeof(seed));

        seed.link.fd = -1;
        seed.host = r->conf->hosts[(r->next + i) % r->conf->nhosts];

        reply = otter_redis_node_say(r, &seed, 2, argv);

        otter_redis_link_close(&seed.link);

        if (reply == NULL) {
            continue;
        }

        rc = otter_redis_cluster_slots(r, reply, seed.host.host);

        freeReplyObject(reply);

        if (rc == 0) {
            return 0;
        }
    }

    return -1;
}


/* each: first slot, last slot, and the master: host, port, ... */

static int
otter_redis_cluster_slots(otter_redis_t *r, redisReply *reply,
    const char *seed)
{
    char                  port[24];
    size_t                i;
    long long             slot;
    redisReply           *range, *master;
    const char           *host;
    otter_redis_node_t   *node;

    if (reply->type != REDIS_REPLY_ARRAY || reply->elements == 0) {
        snprintf(r->error, sizeof(r->error), "%.200s",
                 reply->type == REDIS_REPLY_ERROR ? reply->str
                                                  : "the cluster is empty");
        return -1;
    }

    otter_redis_nodes_free(r);
    memset(r->slots, 0, sizeof(r->slots));

    for (i = 0; i < reply->elements; i++) {
        range = reply->element[i];

        if (range->type != REDIS_REPLY_ARRAY || range->elements < 3
            || range->element[2]->type != REDIS_REPLY_ARRAY
            || range->element[2]->elements < 2)
        {
            snprintf(r->error, sizeof(r->error), "CLUSTER SLOTS: not read");
            return -1;
        }

        master = range->element[2];

        /* a node that does not know its address is where it was asked */

        host = master->element[0]->type == REDIS_REPLY_STRING
               && master->element[0]->len ? master->element[0]->str : seed;

        snprintf(port, sizeof(port), "%lld", master->element[1]->integer);

        node = otter_redis_node_at(r, host, port);
        if (node == NULL) {
            return -1;
        }

        for (slot = range->element[0]->integer;
             slot >= 0 && slot <= range->element[1]->integer
             && slot < OTTER_REDIS_SLOTS;
             slot++)
        {
            r->slots[slot] = (unsigned char) (node - r->nodes);
        }
    }

    return 0;
}


redisReply *
otter_redis_cluster_ask(otter_redis_t *r,
    const otter_redis_request_t *request)
{
    int                   i, asking;
    redisReply           *reply;
    otter_redis_node_t   *node;

    node = &r->nodes[r->slots[request->slot]];
    asking = 0;

    for (i = 0; i < OTTER_REDIS_TURNS_MAX; i++) {
        reply = otter_redis_cluster_ask_node(r, node, request, asking);

        asking = otter_redis_failed(reply, "ASK ");

        if (!asking && !otter_redis_failed(reply, "MOVED ")) {
            return reply;
        }

        node = otter_redis_cluster_turn(r, reply, node);

        if (node && !asking) {
            r->slots[request->slot] = (unsigned char) (node - r->nodes);
        }

        freeReplyObject(reply);

        if (node == NULL) {
            return NULL;
        }
    }

    snprintf(r->error, sizeof(r->error), "the cluster points in circles");

    return NULL;
}


static redisReply *
otter_redis_cluster_ask_node(otter_redis_t *r, otter_redis_node_t *node,
    const otter_redis_request_t *request, int asking)
{
    redisReply  *reply;
    const char  *argv[1];

    if (asking) {
        argv[0] = "ASKING";
        reply = otter_redis_node_say(r, node, 1, argv);

        if (reply == NULL) {
            return NULL;
        }

        freeReplyObject(reply);
    }

    return otter_redis_node_ask(r, node, request->text, request->len);
}


/* "MOVED 3999 127.0.0.1:6381" */

static otter_redis_node_t *
otter_redis_cluster_turn(otter_redis_t *r, const redisReply *reply,
    const otter_redis_node_t *from)
{
    char         host[256];
    size_t       len;
    const char  *p, *colon;

    p = strrchr(reply->str, ' ');
    colon = p ? strrchr(p, ':') : NULL;

    if (colon == NULL || (size_t) (colon - p) > sizeof(host)) {
        snprintf(r->error, sizeof(r->error), "not read: %.200s", reply->str);
        return NULL;
    }

    len = (size_t) (colon - p) - 1;
    memcpy(host, p + 1, len);
    host[len] = '\0';

    return otter_redis_node_at(r, len ? host : from->host.host, colon + 1);
}


unsigned
otter_redis_slot(const char *key, size_t len)
{
    const char  *open, *close;

    open = memchr(key, '{', len);

    if (open) {
        close = memchr(open, '}', len - (size_t) (open - key));

        if (close && close > open + 1) {
            key = open + 1;
            len = (size_t) (close - key);
        }
    }

    return otter_redis_crc16(key, len) % OTTER_REDIS_SLOTS;
}


/* XMODEM, as the specification of the cluster has it */

static unsigned
otter_redis_crc16(const char *data, size_t len)
{
    int       bit;
    size_t    i;
    unsigned  crc;

    crc = 0;

    for (i = 0; i < len; i++) {
        crc ^= (unsigned) (unsigned char) data[i] << 8;

        for (bit = 0; bit < 8; bit++) {
            crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
        }

        crc &= 0xffff;
    }

    return crc;
}
