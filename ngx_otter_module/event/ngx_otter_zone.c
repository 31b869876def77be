
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_zone.h"
#include "ngx_otter_inherit.h"
#include "ngx_otter_module.h"
#include "ngx_otter_ban.h"
#include "ngx_otter_ring.h"
#include "otter_random.h"


static ngx_uint_t ngx_otter_zone_layout(void);
static ngx_int_t ngx_otter_zone_init(ngx_shm_zone_t *shm_zone, void *data);
static void ngx_otter_zone_insert_room(ngx_rbtree_node_t *temp,
    ngx_rbtree_node_t *node, ngx_rbtree_node_t *sentinel);
static ngx_int_t ngx_otter_zone_compare(const u_char *a, size_t alen,
    const u_char *b, size_t blen);


ngx_otter_zone_t *
ngx_otter_zone_add(ngx_conf_t *cf, ngx_str_t *name, size_t size)
{
    ngx_otter_conf_t  *ocf;
    ngx_otter_zone_t  *zone;

    ocf = (ngx_otter_conf_t *) ngx_get_conf(cf->cycle->conf_ctx,
                                            ngx_otter_module);

    if (ocf->zone) {
        return NULL;
    }

    zone = ngx_pcalloc(cf->pool, sizeof(ngx_otter_zone_t));
    if (zone == NULL) {
        return NULL;
    }

    zone->shm_zone = ngx_shared_memory_add(cf, name, size, &ngx_otter_module);
    if (zone->shm_zone == NULL || zone->shm_zone->data) {
        return NULL;
    }

    zone->shm_zone->init = ngx_otter_zone_init;
    zone->shm_zone->data = zone;

    ocf->zone = zone;

    return zone;
}


/* what another binary must have in common with this one to use its zone */

static ngx_uint_t
ngx_otter_zone_layout(void)
{
    ngx_uint_t  i, layout;

    static const size_t  sizes[] = {
        sizeof(ngx_otter_sh_t),
        sizeof(ngx_otter_slot_t),
        sizeof(ngx_otter_room_t),
        sizeof(ngx_otter_member_t),
        sizeof(ngx_otter_held_t),
        sizeof(ngx_otter_record_t),
        sizeof(ngx_slab_pool_t),
        sizeof(ngx_shmtx_t),
        0
    };

    layout = NGX_OTTER_LAYOUT;

    for (i = 0; sizes[i]; i++) {
        layout = layout * 31 + sizes[i];
    }

    return layout * 31 + ngx_pagesize;
}


static ngx_int_t
ngx_otter_zone_init(ngx_shm_zone_t *shm_zone, void *data)
{
    ngx_otter_zone_t  *old = data;

    ngx_otter_sh_t    *sh;
    ngx_otter_zone_t  *zone;

    zone = shm_zone->data;
    zone->shpool = (ngx_slab_pool_t *) shm_zone->shm.addr;

    if (old) {

        /*
         * A reload: workers of the old configuration go on with this memory,
         * so it is taken over as it is.  The code is the same too, for HUP
         * does not load another module.
         */

        zone->sh = old->sh;
        return NGX_OK;
    }

    if (!ngx_test_config) {

        if (ngx_otter_inherit_take(shm_zone, ngx_otter_zone_layout())
            == NGX_OK)
        {
            zone->shpool = (ngx_slab_pool_t *) shm_zone->shm.addr;
            zone->sh = zone->shpool->data;
            return NGX_OK;
        }

        if (ngx_otter_inherit_share(shm_zone) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    sh = ngx_slab_calloc(zone->shpool, sizeof(ngx_otter_sh_t));
    if (sh == NULL) {
        return NGX_ERROR;
    }

    ngx_rbtree_init(&sh->rooms, &sh->rooms_sentinel,
                    ngx_otter_zone_insert_room);
    ngx_rbtree_init(&sh->rates, &sh->rates_sentinel,
                    ngx_str_rbtree_insert_value);
    ngx_queue_init(&sh->rated);
    ngx_queue_init(&sh->away);
    ngx_queue_init(&sh->expiring);
    ngx_queue_init(&sh->pending);
    ngx_queue_init(&sh->banned);
    ngx_rbtree_init(&sh->bans, &sh->bans_sentinel, ngx_otter_ban_insert);

    if (ngx_otter_zone_chains(zone->shpool, sh, shm_zone->shm.size)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    sh->serial = 1;

    if (otter_random_name(sh->host, NGX_OTTER_ID_LEN) != 0) {
        return NGX_ERROR;
    }

    /* a full zone refuses joins and says so itself, with the room */

    zone->shpool->log_nomem = 0;

    zone->sh = sh;
    zone->shpool->data = sh;
    sh->layout = ngx_otter_zone_layout();

    return NGX_OK;
}


/*
 * The function that a tree in the zone has stands at another address in
 * another binary.
 */

void
ngx_otter_zone_insert(ngx_rbtree_t *tree, ngx_rbtree_node_t *node,
    ngx_rbtree_insert_pt insert)
{
    ngx_rbtree_t  own;

    own = *tree;
    own.insert = insert;

    ngx_rbtree_insert(&own, node);

    tree->root = own.root;
}


void
ngx_otter_zone_lock(ngx_otter_zone_t *zone)
{
    ngx_shmtx_lock(&zone->shpool->mutex);
}


void
ngx_otter_zone_unlock(ngx_otter_zone_t *zone)
{
    ngx_shmtx_unlock(&zone->shpool->mutex);
}


/*
 * Rooms stand in the byte order of their names, which is the order in which
 * the HTTP API lists them.  The key of the node is not used.
 */

static ngx_int_t
ngx_otter_zone_compare(const u_char *a, size_t alen, const u_char *b,
    size_t blen)
{
    ngx_int_t  rc;

    rc = ngx_memcmp(a, b, ngx_min(alen, blen));

    if (rc == 0) {
        return (ngx_int_t) alen - (ngx_int_t) blen;
    }

    return rc;
}


static void
ngx_otter_zone_insert_room(ngx_rbtree_node_t *temp, ngx_rbtree_node_t *node,
    ngx_rbtree_node_t *sentinel)
{
    ngx_rbtree_node_t  **p;
    ngx_otter_room_t    *r, *t;

    r = ngx_rbtree_data(node, ngx_otter_room_t, node);

    for ( ;; ) {
        t = ngx_rbtree_data(temp, ngx_otter_room_t, node);

        p = (ngx_otter_zone_compare(r->name, r->name_len,
                                    t->name, t->name_len) < 0)
            ? &temp->left : &temp->right;

        if (*p == sentinel) {
            break;
        }

        temp = *p;
    }

    *p = node;
    node->parent = temp;
    node->left = sentinel;
    node->right = sentinel;
    ngx_rbt_red(node);
}


ngx_otter_room_t *
ngx_otter_zone_room(ngx_otter_zone_t *zone, ngx_str_t *name)
{
    ngx_int_t           rc;
    ngx_otter_room_t   *room;
    ngx_rbtree_node_t  *node, *sentinel;

    node = zone->sh->rooms.root;
    sentinel = zone->sh->rooms.sentinel;

    while (node != sentinel) {
        room = ngx_rbtree_data(node, ngx_otter_room_t, node);

        rc = ngx_otter_zone_compare(name->data, name->len, room->name,
                                    room->name_len);
        if (rc == 0) {
            return room;
        }

        node = (rc < 0) ? node->left : node->right;
    }

    return NULL;
}


ngx_otter_room_t *
ngx_otter_zone_room_after(ngx_otter_zone_t *zone, ngx_str_t *name)
{
    ngx_otter_room_t   *room, *found;
    ngx_rbtree_node_t  *node, *sentinel;

    node = zone->sh->rooms.root;
    sentinel = zone->sh->rooms.sentinel;
    found = NULL;

    while (node != sentinel) {
        room = ngx_rbtree_data(node, ngx_otter_room_t, node);

        if (ngx_otter_zone_compare(name->data, name->len, room->name,
                                   room->name_len)
            < 0)
        {
            found = room;
            node = node->left;

        } else {
            node = node->right;
        }
    }

    return found;
}


ngx_otter_room_t *
ngx_otter_zone_room_add(ngx_otter_zone_t *zone, ngx_str_t *name,
    ngx_uint_t max_peers)
{
    size_t             size;
    ngx_otter_room_t  *room;

    size = offsetof(ngx_otter_room_t, name) + name->len;

    room = ngx_slab_calloc_locked(zone->shpool, size);
    if (room == NULL) {
        return NULL;
    }

    ngx_queue_init(&room->members);
    ngx_queue_init(&room->expected);
    ngx_queue_init(&room->expiring);
    room->serial = zone->sh->serial++;
    room->max_peers = max_peers;
    room->created = ngx_time();
    room->updated = room->created;
    room->name_len = (u_short) name->len;
    ngx_memcpy(room->name, name->data, name->len);

    ngx_otter_zone_insert(&zone->sh->rooms, &room->node,
                          ngx_otter_zone_insert_room);
    zone->sh->n_rooms++;

    return room;
}


void
ngx_otter_zone_room_free(ngx_otter_zone_t *zone, ngx_otter_room_t *room)
{
    ngx_rbtree_delete(&zone->sh->rooms, &room->node);
    zone->sh->n_rooms--;

    ngx_queue_remove(&room->expiring);

    if (room->metadata) {
        ngx_slab_free_locked(zone->shpool, room->metadata);
    }

    /* a worker that still looks at it without the lock finds no one there */

    room->serial = 0;
    ngx_memzero(&room->slots, sizeof(ngx_otter_slots_t));
    room->away = 0;
    room->remote = 0;

    ngx_slab_free_locked(zone->shpool, room);
}


void
ngx_otter_zone_room_release(ngx_otter_zone_t *zone, ngx_otter_room_t *room)
{
    ngx_queue_t         *q;
    ngx_otter_member_t  *m;

    if (room->n != room->remote || !ngx_queue_empty(&room->expected)) {
        return;
    }

    /* no member of this host: nobody listens to what the others do */

    while (!ngx_queue_empty(&room->members)) {
        q = ngx_queue_head(&room->members);
        m = ngx_queue_data(q, ngx_otter_member_t, queue);

        ngx_otter_zone_member_free(zone, m);
    }

    room->version = 0;

    if (!room->kept) {
        ngx_otter_zone_room_free(zone, room);
    }
}


ngx_uint_t
ngx_otter_slots_has(const ngx_otter_slots_t *slots, ngx_int_t n)
{
    return (slots->word[n / 64] >> (n % 64)) & 1;
}


void
ngx_otter_slots_add(ngx_otter_slots_t *slots, ngx_int_t n)
{
    slots->word[n / 64] |= (uint64_t) 1 << (n % 64);
}


ngx_uint_t
ngx_otter_slots_only(const ngx_otter_slots_t *slots, ngx_int_t n)
{
    uint64_t    word;
    ngx_uint_t  i;

    for (i = 0; i < NGX_OTTER_SLOT_WORDS; i++) {
        word = slots->word[i];

        if (n >= 0 && (ngx_uint_t) n / 64 == i) {
            word &= ~((uint64_t) 1 << (n % 64));
        }

        if (word) {
            return 0;
        }
    }

    return 1;
}
