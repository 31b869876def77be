
/*
 * Copyright (C) Otter contributors
 */

/* Within otter_redis*.c: servers, and the finding of them. */


#ifndef OTTER_REDIS_NODE_H_INCLUDED
#define OTTER_REDIS_NODE_H_INCLUDED


#include "otter_redis.h"
#include "otter_redis_link.h"


enum {
    OTTER_REDIS_NODES_MAX = 64,
    OTTER_REDIS_SLOTS = 16384
};

typedef struct {
    otter_redis_host_t   host;
    otter_redis_link_t   link;
} otter_redis_node_t;

struct otter_redis_s {
    const otter_redis_conf_t  *conf;
    SSL_CTX                   *ctx;
    int64_t                    timeout;
    int64_t                    due;    /* no attempt before */
    unsigned                   attempts;
    unsigned                   up:1;
    unsigned                   told:1; /* that it is away */
    size_t                     next;   /* host to begin with */
    size_t                     nnodes;
    otter_redis_node_t         nodes[OTTER_REDIS_NODES_MAX];
    unsigned char              slots[OTTER_REDIS_SLOTS];   /* their node */
    char                       error[OTTER_REDIS_ERROR_SIZE];
};


/* finds and connects what there is to; 0, or -1 with r->error */

int otter_redis_discover(otter_redis_t *r);

/* connects a node that is not, with login and database */

int otter_redis_node_open(otter_redis_t *r, otter_redis_node_t *node,
    const otter_redis_login_t *login);

/* a command to one node; NULL with r->error */

redisReply *otter_redis_node_ask(otter_redis_t *r, otter_redis_node_t *node,
    const char *text, size_t len);
redisReply *otter_redis_node_say(otter_redis_t *r, otter_redis_node_t *node,
    int argc, const char **argv);

/* of a cluster: the node at that address, added if need be; NULL: too many */

otter_redis_node_t *otter_redis_node_at(otter_redis_t *r, const char *host,
    const char *port);
void otter_redis_node_free(otter_redis_node_t *node);
void otter_redis_nodes_free(otter_redis_t *r);

/* reads who has which slots, from any node that tells */

int otter_redis_cluster_map(otter_redis_t *r);

/* asks the node that has the slot, and follows where it points to */

redisReply *otter_redis_cluster_ask(otter_redis_t *r,
    const otter_redis_request_t *request);

/* the slot of a key, by its hash tag if there is one */

unsigned otter_redis_slot(const char *key, size_t len);

/* the connection is over; says so once */

void otter_redis_down(otter_redis_t *r, const char *reason);


#endif /* OTTER_REDIS_NODE_H_INCLUDED */
