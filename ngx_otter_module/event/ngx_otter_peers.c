
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_peers.h"


enum {
    NGX_OTTER_PEERS_MIN = 64           /* chains of a small table */
};


static ngx_otter_peer_entry_t **ngx_otter_peers_chain(const u_char *id);
static void ngx_otter_peers_grow(void);


static ngx_otter_peer_entry_t   *ngx_otter_peers_small[NGX_OTTER_PEERS_MIN];
static ngx_otter_peer_entry_t  **ngx_otter_peers = ngx_otter_peers_small;
static ngx_uint_t             ngx_otter_peers_size = NGX_OTTER_PEERS_MIN;
static ngx_uint_t             ngx_otter_peers_n;


/* ids are random letters: 6 bits of each byte are worth something */

static ngx_otter_peer_entry_t **
ngx_otter_peers_chain(const u_char *id)
{
    uint64_t  key;

    ngx_memcpy(&key, id, sizeof(uint64_t));

    key *= 0x9e3779b97f4a7c15;

    return &ngx_otter_peers[(key >> 32) & (ngx_otter_peers_size - 1)];
}


void
ngx_otter_peers_add(ngx_otter_peer_entry_t *entry)
{
    ngx_otter_peer_entry_t  **chain;

    if (ngx_otter_peers_n == ngx_otter_peers_size) {
        ngx_otter_peers_grow();
    }

    chain = ngx_otter_peers_chain(entry->id);

    entry->next = *chain;
    *chain = entry;

    ngx_otter_peers_n++;
}


/* without memory chains get longer, no more */

static void
ngx_otter_peers_grow(void)
{
    ngx_uint_t             i, size;
    ngx_otter_peer_entry_t   *entry, *next, **old, **chain;

    old = ngx_otter_peers;
    size = ngx_otter_peers_size;

    chain = calloc(2 * size, sizeof(ngx_otter_peer_entry_t *));
    if (chain == NULL) {
        return;
    }

    ngx_otter_peers = chain;
    ngx_otter_peers_size = 2 * size;

    for (i = 0; i < size; i++) {
        for (entry = old[i]; entry; entry = next) {
            next = entry->next;

            chain = ngx_otter_peers_chain(entry->id);
            entry->next = *chain;
            *chain = entry;
        }
    }

    if (old != ngx_otter_peers_small) {
        ngx_free(old);
    }
}


void
ngx_otter_peers_remove(ngx_otter_peer_entry_t *entry)
{
    ngx_otter_peer_entry_t  **p;

    for (p = ngx_otter_peers_chain(entry->id); *p; p = &(*p)->next) {

        if (*p == entry) {
            *p = entry->next;
            ngx_otter_peers_n--;
            return;
        }
    }
}


ngx_otter_peer_entry_t *
ngx_otter_peers_find(const u_char *id)
{
    ngx_otter_peer_entry_t  *entry;

    for (entry = *ngx_otter_peers_chain(id); entry; entry = entry->next) {

        if (ngx_memcmp(entry->id, id, NGX_OTTER_ID_LEN) == 0) {
            return entry;
        }
    }

    return NULL;
}


void
ngx_otter_peers_exit(void)
{
    if (ngx_otter_peers != ngx_otter_peers_small) {
        ngx_free(ngx_otter_peers);
    }

    ngx_otter_peers = ngx_otter_peers_small;
    ngx_otter_peers_size = NGX_OTTER_PEERS_MIN;
    ngx_otter_peers_n = 0;
}
