
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_ban.h"


static const u_char  ngx_otter_no_jti[NGX_OTTER_JTI_LEN];


static ngx_otter_ban_t *ngx_otter_ban_first(ngx_otter_zone_t *zone,
    ngx_str_t *room, ngx_str_t *identity);
static ngx_otter_ban_t *ngx_otter_ban_next(ngx_otter_zone_t *zone,
    ngx_otter_ban_t *ban, ngx_str_t *room, ngx_str_t *identity);
static ngx_rbtree_key_t ngx_otter_ban_key(ngx_str_t *room,
    ngx_str_t *identity);
static ngx_int_t ngx_otter_ban_compare(ngx_otter_ban_t *ban, ngx_str_t *room,
    ngx_str_t *identity);
static ngx_uint_t ngx_otter_ban_find(ngx_otter_zone_t *zone,
    ngx_str_t *room, ngx_str_t *identity, ngx_otter_grant_t *grant,
    ngx_uint_t denied);
static ngx_uint_t ngx_otter_ban_meets(ngx_otter_ban_t *ban,
    ngx_otter_grant_t *grant);
static ngx_otter_ban_t *ngx_otter_ban_alloc(ngx_otter_zone_t *zone,
    size_t size);
static void ngx_otter_ban_evict(ngx_otter_zone_t *zone);
static void ngx_otter_ban_free(ngx_otter_zone_t *zone, ngx_otter_ban_t *ban);


ngx_uint_t
ngx_otter_banned(ngx_otter_zone_t *zone, ngx_str_t *room,
    ngx_str_t *identity, ngx_otter_grant_t *grant)
{
    ngx_uint_t  banned;

    if (zone->sh->n_bans == 0) {
        return 0;
    }

    ngx_otter_zone_lock(zone);

    banned = ngx_otter_ban_find(zone, room, identity, grant, 0);

    ngx_otter_zone_unlock(zone);

    return banned;
}


ngx_uint_t
ngx_otter_denied(ngx_otter_zone_t *zone, ngx_str_t *room,
    ngx_str_t *identity, ngx_otter_grant_t *grant)
{
    return ngx_otter_ban_find(zone, room, identity, grant, 1);
}


static ngx_uint_t
ngx_otter_ban_find(ngx_otter_zone_t *zone, ngx_str_t *room,
    ngx_str_t *identity, ngx_otter_grant_t *grant, ngx_uint_t denied)
{
    ngx_otter_ban_t  *ban;

    for (ban = ngx_otter_ban_first(zone, room, identity);
         ban;
         ban = ngx_otter_ban_next(zone, ban, room, identity))
    {
        if (ban->denied == denied && ban->grant.expires > ngx_time()
            && ngx_otter_ban_meets(ban, grant))
        {
            return 1;
        }
    }

    return 0;
}


/*
 * Of the tokens that the identity may have been given before it was put out
 * none is taken, also when it was of the same second.  The clock of who made
 * them may be ahead, so that the token's own time counts if it is later.
 */

static ngx_uint_t
ngx_otter_ban_meets(ngx_otter_ban_t *ban, ngx_otter_grant_t *grant)
{
    if (grant->iat <= ngx_max(ban->since, ban->grant.iat)) {
        return 1;
    }

    return ngx_memcmp(ban->grant.jti, ngx_otter_no_jti, NGX_OTTER_JTI_LEN)
           && ngx_memcmp(ban->grant.jti, grant->jti, NGX_OTTER_JTI_LEN) == 0;
}


/*
 * It lasts until the token has ended, and any other that may have been given
 * before.  What was known of the identity is a part of it: all those tokens
 * are of a time that is not after it either.
 */

ngx_otter_ban_t *
ngx_otter_ban_add(ngx_otter_zone_t *zone, ngx_str_t *room,
    ngx_str_t *identity, ngx_otter_grant_t *grant, time_t since,
    ngx_uint_t denied)
{
    size_t            size;
    time_t            expires;
    ngx_otter_ban_t  *ban;

    expires = denied ? since + NGX_OTTER_DENIED_TIME
                     : ngx_max(grant->expires, since + zone->token_life);

    if (expires <= ngx_time()) {
        return NULL;
    }

    for (ban = ngx_otter_ban_first(zone, room, identity);
         ban;
         ban = ngx_otter_ban_next(zone, ban, room, identity))
    {
        if (ban->denied == denied) {
            ngx_memcpy(ban->grant.jti, grant->jti, NGX_OTTER_JTI_LEN);
            ban->grant.iat = ngx_max(ban->grant.iat, grant->iat);
            ban->grant.expires = ngx_max(ban->grant.expires, expires);
            ban->since = ngx_max(ban->since, since);
            return ban;
        }
    }

    size = offsetof(ngx_otter_ban_t, data) + room->len + identity->len;

    ban = ngx_otter_ban_alloc(zone, size);

    if (ban == NULL) {
        ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                      "otter: no memory in the zone to keep \"%V\" out of "
                      "room \"%V\"", identity, room);
        return NULL;
    }

    ban->grant = *grant;
    ban->grant.expires = expires;
    ban->since = since;
    ban->denied = denied;
    ban->unsaid = 0;
    ban->room_len = (u_short) room->len;
    ban->identity_len = (u_short) identity->len;
    ngx_memcpy(ngx_cpymem(ban->data, room->data, room->len),
               identity->data, identity->len);

    ban->node.key = ngx_otter_ban_key(room, identity);
    ngx_rbtree_insert(&zone->sh->bans, &ban->node);
    ngx_queue_insert_tail(&zone->sh->banned, &ban->queue);
    zone->sh->n_bans++;

    return ban;
}


static ngx_otter_ban_t *
ngx_otter_ban_alloc(ngx_otter_zone_t *zone, size_t size)
{
    ngx_otter_ban_t  *ban;

    if (zone->sh->n_bans >= NGX_OTTER_BANS) {
        ngx_otter_ban_evict(zone);
    }

    ban = ngx_slab_alloc_locked(zone->shpool, size);

    if (ban == NULL && zone->sh->n_bans) {
        ngx_otter_ban_evict(zone);
        ban = ngx_slab_alloc_locked(zone->shpool, size);
    }

    return ban;
}


static void
ngx_otter_ban_evict(ngx_otter_zone_t *zone)
{
    ngx_queue_t      *q;
    ngx_otter_ban_t  *ban, *first;

    first = NULL;

    for (q = ngx_queue_head(&zone->sh->banned);
         q != ngx_queue_sentinel(&zone->sh->banned);
         q = ngx_queue_next(q))
    {
        ban = ngx_queue_data(q, ngx_otter_ban_t, queue);

        if (first == NULL || ban->grant.expires < first->grant.expires) {
            first = ban;
        }
    }

    if (first) {
        ngx_otter_ban_free(zone, first);
    }
}


void
ngx_otter_ban_reap(ngx_otter_zone_t *zone, time_t now)
{
    ngx_queue_t      *q, *next;
    ngx_otter_ban_t  *ban;

    for (q = ngx_queue_head(&zone->sh->banned);
         q != ngx_queue_sentinel(&zone->sh->banned);
         q = next)
    {
        next = ngx_queue_next(q);
        ban = ngx_queue_data(q, ngx_otter_ban_t, queue);

        if (ban->grant.expires <= now) {
            ngx_otter_ban_free(zone, ban);
        }
    }
}


static void
ngx_otter_ban_free(ngx_otter_zone_t *zone, ngx_otter_ban_t *ban)
{
    ngx_rbtree_delete(&zone->sh->bans, &ban->node);
    ngx_queue_remove(&ban->queue);
    zone->sh->n_bans--;

    ngx_slab_free_locked(zone->shpool, ban);
}


static ngx_rbtree_key_t
ngx_otter_ban_key(ngx_str_t *room, ngx_str_t *identity)
{
    uint32_t  crc;

    ngx_crc32_init(crc);
    ngx_crc32_update(&crc, room->data, room->len);
    ngx_crc32_update(&crc, identity->data, identity->len);
    ngx_crc32_final(crc);

    return crc;
}


static ngx_int_t
ngx_otter_ban_compare(ngx_otter_ban_t *ban, ngx_str_t *room,
    ngx_str_t *identity)
{
    ngx_int_t  rc;

    if (ban->room_len != room->len) {
        return (ngx_int_t) ban->room_len - (ngx_int_t) room->len;
    }

    if (ban->identity_len != identity->len) {
        return (ngx_int_t) ban->identity_len - (ngx_int_t) identity->len;
    }

    rc = ngx_memcmp(ban->data, room->data, room->len);

    if (rc) {
        return rc;
    }

    return ngx_memcmp(ban->data + room->len, identity->data, identity->len);
}


void
ngx_otter_ban_insert(ngx_rbtree_node_t *temp, ngx_rbtree_node_t *node,
    ngx_rbtree_node_t *sentinel)
{
    ngx_str_t            room, identity;
    ngx_otter_ban_t     *ban, *other;
    ngx_rbtree_node_t  **p;

    ban = ngx_rbtree_data(node, ngx_otter_ban_t, node);

    room.data = ban->data;
    room.len = ban->room_len;
    identity.data = ban->data + ban->room_len;
    identity.len = ban->identity_len;

    for ( ;; ) {

        if (node->key != temp->key) {
            p = (node->key < temp->key) ? &temp->left : &temp->right;

        } else {
            other = ngx_rbtree_data(temp, ngx_otter_ban_t, node);

            p = (ngx_otter_ban_compare(other, &room, &identity) > 0)
                ? &temp->left : &temp->right;
        }

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


static ngx_otter_ban_t *
ngx_otter_ban_first(ngx_otter_zone_t *zone, ngx_str_t *room,
    ngx_str_t *identity)
{
    ngx_int_t           rc;
    ngx_otter_ban_t    *ban, *first;
    ngx_rbtree_key_t    key;
    ngx_rbtree_node_t  *node;

    key = ngx_otter_ban_key(room, identity);
    node = zone->sh->bans.root;
    first = NULL;

    while (node != zone->sh->bans.sentinel) {

        if (key != node->key) {
            node = (key < node->key) ? node->left : node->right;
            continue;
        }

        ban = ngx_rbtree_data(node, ngx_otter_ban_t, node);
        rc = ngx_otter_ban_compare(ban, room, identity);

        if (rc == 0) {
            first = ban;
        }

        node = (rc >= 0) ? node->left : node->right;
    }

    return first;
}


static ngx_otter_ban_t *
ngx_otter_ban_next(ngx_otter_zone_t *zone, ngx_otter_ban_t *ban,
    ngx_str_t *room, ngx_str_t *identity)
{
    ngx_rbtree_node_t  *node;

    node = ngx_rbtree_next(&zone->sh->bans, &ban->node);

    if (node == NULL || node->key != ban->node.key) {
        return NULL;
    }

    ban = ngx_rbtree_data(node, ngx_otter_ban_t, node);

    return (ngx_otter_ban_compare(ban, room, identity) == 0) ? ban : NULL;
}
