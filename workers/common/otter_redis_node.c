
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "otter_clock.h"
#include "otter_redis_node.h"


static int otter_redis_node_greet(otter_redis_t *r, otter_redis_node_t *node,
    const otter_redis_login_t *login);
static int otter_redis_node_expect(otter_redis_t *r,
    otter_redis_node_t *node, int argc, const char **argv);
static int otter_redis_discover_single(otter_redis_t *r);
static int otter_redis_discover_sentinel(otter_redis_t *r);
static int otter_redis_sentinel_ask(otter_redis_t *r,
    const otter_redis_host_t *host);
static int otter_redis_is_master(otter_redis_t *r, otter_redis_node_t *node);


int
otter_redis_discover(otter_redis_t *r)
{
    otter_redis_nodes_free(r);

    switch (r->conf->kind) {

    case OTTER_REDIS_SENTINEL:
        return otter_redis_discover_sentinel(r);

    case OTTER_REDIS_CLUSTER:
        return otter_redis_cluster_map(r);

    default:
        return otter_redis_discover_single(r);
    }
}


static int
otter_redis_discover_single(otter_redis_t *r)
{
    otter_redis_node_t  *node;

    node = otter_redis_node_at(r, r->conf->hosts[0].host,
                               r->conf->hosts[0].port);

    return node ? otter_redis_node_open(r, node, &r->conf->login) : -1;
}


static int
otter_redis_discover_sentinel(otter_redis_t *r)
{
    size_t               i;
    otter_redis_node_t  *node;

    for (i = 0; i < r->conf->nhosts; i++) {
        otter_redis_nodes_free(r);

        if (otter_redis_sentinel_ask(r, &r->conf->hosts[(r->next + i)
                                                        % r->conf->nhosts])
            != 0)
        {
            continue;
        }

        node = &r->nodes[0];

        if (otter_redis_node_open(r, node, &r->conf->login) == 0
            && otter_redis_is_master(r, node))
        {
            return 0;
        }
    }

    return -1;
}


/* the master becomes nodes[0], not connected yet */

static int
otter_redis_sentinel_ask(otter_redis_t *r, const otter_redis_host_t *host)
{
    int                  rc;
    redisReply          *reply;
    const char          *argv[3];
    otter_redis_node_t   sentinel;

    memset(&sentinel, 0, sizeof(sentinel));

    sentinel.link.fd = -1;
    sentinel.host = *host;

    if (otter_redis_node_open(r, &sentinel, &r->conf->sentinel_login) != 0) {
        return -1;
    }

    argv[0] = "SENTINEL";
    argv[1] = "get-master-addr-by-name";
    argv[2] = r->conf->master;

    reply = otter_redis_node_say(r, &sentinel, 3, argv);

    otter_redis_link_close(&sentinel.link);

    rc = -1;

    if (reply && reply->type == REDIS_REPLY_ARRAY && reply->elements == 2
        && reply->element[0]->type == REDIS_REPLY_STRING
        && reply->element[1]->type == REDIS_REPLY_STRING)
    {
        rc = otter_redis_node_at(r, reply->element[0]->str,
                                 reply->element[1]->str) ? 0 : -1;

    } else if (reply) {
        snprintf(r->error, sizeof(r->error),
                 "the sentinel %s knows no master \"%s\"", host->host,
                 r->conf->master);
    }

    if (reply) {
        freeReplyObject(reply);
    }

    return rc;
}


/* sentinels may still name a master that is one no more */

static int
otter_redis_is_master(otter_redis_t *r, otter_redis_node_t *node)
{
    int          yes;
    redisReply  *reply;
    const char  *argv[1];

    argv[0] = "ROLE";
    reply = otter_redis_node_say(r, node, 1, argv);

    if (reply == NULL) {
        return 0;
    }

    yes = (reply->type == REDIS_REPLY_ARRAY && reply->elements
           && otter_redis_says(reply->element[0], "master"));

    if (!yes) {
        snprintf(r->error, sizeof(r->error), "%s:%s is no master",
                 node->host.host, node->host.port);
    }

    freeReplyObject(reply);

    return yes;
}


int
otter_redis_node_open(otter_redis_t *r, otter_redis_node_t *node,
    const otter_redis_login_t *login)
{
    if (node->link.fd != -1) {
        return 0;
    }

    if (otter_redis_link_open(&node->link, r->conf, &node->host, r->ctx,
                              otter_clock() + r->timeout)
        != 0)
    {
        snprintf(r->error, sizeof(r->error), "%.200s%s%.10s: %.200s",
                 node->host.host, node->host.port ? ":" : "",
                 node->host.port ? node->host.port : "", node->link.error);
        return -1;
    }

    return otter_redis_node_greet(r, node, login);
}


static int
otter_redis_node_greet(otter_redis_t *r, otter_redis_node_t *node,
    const otter_redis_login_t *login)
{
    int          argc;
    char         db[16];
    const char  *argv[3];

    if (login->password) {
        argc = 0;
        argv[argc++] = "AUTH";

        if (login->user) {
            argv[argc++] = login->user;
        }

        argv[argc++] = login->password;

        if (otter_redis_node_expect(r, node, argc, argv) != 0) {
            return -1;
        }
    }

    if (r->conf->db && login == &r->conf->login) {
        snprintf(db, sizeof(db), "%u", r->conf->db);
        argv[0] = "SELECT";
        argv[1] = db;

        return otter_redis_node_expect(r, node, 2, argv);
    }

    return 0;
}


static int
otter_redis_node_expect(otter_redis_t *r, otter_redis_node_t *node, int argc,
    const char **argv)
{
    int          rc;
    redisReply  *reply;

    reply = otter_redis_node_say(r, node, argc, argv);
    if (reply == NULL) {
        return -1;
    }

    rc = otter_redis_says(reply, "OK") ? 0 : -1;

    if (rc != 0) {
        snprintf(r->error, sizeof(r->error), "%s is refused: %.200s", argv[0],
                 reply->str ? reply->str : "");
        otter_redis_link_close(&node->link);
    }

    freeReplyObject(reply);

    return rc;
}


redisReply *
otter_redis_node_say(otter_redis_t *r, otter_redis_node_t *node, int argc,
    const char **argv)
{
    int          len;
    char        *text;
    redisReply  *reply;

    len = redisFormatCommandArgv(&text, argc, argv, NULL);

    if (len < 0) {
        snprintf(r->error, sizeof(r->error), "no memory");
        return NULL;
    }

    reply = otter_redis_node_ask(r, node, text, (size_t) len);

    redisFreeCommand(text);

    return reply;
}


redisReply *
otter_redis_node_ask(otter_redis_t *r, otter_redis_node_t *node,
    const char *text, size_t len)
{
    int64_t      end;
    unsigned     late;
    redisReply  *reply;

    if (otter_redis_node_open(r, node, &r->conf->login) != 0) {
        return NULL;
    }

    end = otter_clock() + r->timeout;

    if (otter_redis_link_send(&node->link, text, len, end) != 0) {
        snprintf(r->error, sizeof(r->error), "%s", node->link.error);
        return NULL;
    }

    reply = otter_redis_link_reply(&node->link, end, &late);

    if (reply == NULL) {
        snprintf(r->error, sizeof(r->error), "%s",
                 late ? "it does not answer" : node->link.error);
        otter_redis_link_close(&node->link);
    }

    return reply;
}


otter_redis_node_t *
otter_redis_node_at(otter_redis_t *r, const char *host, const char *port)
{
    size_t               i;
    otter_redis_node_t  *node;

    for (i = 0; i < r->nnodes; i++) {
        node = &r->nodes[i];

        if (strcmp(node->host.host, host) == 0 && port && node->host.port
            && strcmp(node->host.port, port) == 0)
        {
            return node;
        }
    }

    if (r->nnodes == OTTER_REDIS_NODES_MAX) {
        snprintf(r->error, sizeof(r->error), "there are too many nodes");
        return NULL;
    }

    node = &r->nodes[r->nnodes];

    memset(node, 0, sizeof(*node));

    node->link.fd = -1;
    node->host.host = strdup(host);
    node->host.port = port ? strdup(port) : NULL;

    if (node->host.host == NULL || (port && node->host.port == NULL)) {
        snprintf(r->error, sizeof(r->error), "no memory");
        otter_redis_node_free(node);
        return NULL;
    }

    r->nnodes++;

    return node;
}


void
otter_redis_node_free(otter_redis_node_t *node)
{
    otter_redis_link_close(&node->link);

    free(node->host.host);
    free(node->host.port);
    node->host.host = NULL;
    node->host.port = NULL;
}


void
otter_redis_nodes_free(otter_redis_t *r)
{
    while (r->nnodes) {
        otter_redis_node_free(&r->nodes[--r->nnodes]);
    }
}
