
/*
 * Copyright (C) Otter contributors
 */

/*
 * The peers of a worker by id: a table of chains, which doubles as it fills.
 * Each message to a peer and each join looks here, where a tree of thousands
 * would miss the cache at every level.
 */


#ifndef NGX_OTTER_PEERS_H_INCLUDED
#define NGX_OTTER_PEERS_H_INCLUDED


#include "ngx_otter_zone.h"


typedef struct ngx_otter_peer_entry_s  ngx_otter_peer_entry_t;

struct ngx_otter_peer_entry_s {
    ngx_otter_peer_entry_t       *next;
    u_char                     id[NGX_OTTER_ID_LEN];
};


void ngx_otter_peers_add(ngx_otter_peer_entry_t *entry);
void ngx_otter_peers_remove(ngx_otter_peer_entry_t *entry);

/* NULL: there is none; id has NGX_OTTER_ID_LEN bytes */

ngx_otter_peer_entry_t *ngx_otter_peers_find(const u_char *id);

/* the worker ends */

void ngx_otter_peers_exit(void);


#endif /* NGX_OTTER_PEERS_H_INCLUDED */
