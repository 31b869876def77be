
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_follow.h"
#include "ngx_otter_keyring.h"


enum {
    NGX_OTTER_KEYRING_SETTLE = 3       /* seconds */
};


/* the random key, and by how many servers of living cycles it is used */

typedef struct {
    otter_keyset_t  *set;
    ngx_uint_t       uses;
} ngx_otter_keyring_shared_t;


static ngx_otter_keyring_t *ngx_otter_keyring_create(ngx_conf_t *cf,
    ngx_str_t *path, ngx_otter_keyring_kind_e kind);
static void ngx_otter_keyring_refuse(ngx_conf_t *cf, ngx_str_t *path,
    ngx_err_t err, const char *reason);
static void ngx_otter_keyring_settle(const otter_keyset_t *old,
    otter_keyset_t *set);
static void ngx_otter_keyring_cleanup(void *data);
static void ngx_otter_keyring_random_cleanup(void *data);


static ngx_otter_keyring_shared_t  ngx_otter_keyring_shared;


ngx_otter_keyring_t *
ngx_otter_keyring_add(ngx_conf_t *cf, ngx_str_t *path,
    ngx_otter_keyring_kind_e kind)
{
    ngx_otter_keyring_t  *ring;

    ring = ngx_otter_keyring_create(cf, path, kind);

    if (ring == NULL || ngx_otter_follow_add(cf, ring) != NGX_OK) {
        return NULL;
    }

    if (kind == NGX_OTTER_KEYRING_JWT
        && otter_keyset_signer(ring->table.keyset, ngx_time()) == NULL)
    {
        ngx_conf_log_error(NGX_LOG_WARN, cf, 0,
                           "\"%V\" has public keys alone: tokens are "
                           "verified, but none can be issued", &ring->path);
    }

    return ring;
}


ngx_otter_turn_secrets_t *
ngx_otter_keyring_turn(ngx_conf_t *cf, ngx_str_t *path)
{
    ngx_otter_keyring_t  *ring;

    ring = ngx_otter_keyring_create(cf, path, NGX_OTTER_KEYRING_TURN);

    return ring ? ring->table.secrets : NULL;
}


static ngx_otter_keyring_t *
ngx_otter_keyring_create(ngx_conf_t *cf, ngx_str_t *path,
    ngx_otter_keyring_kind_e kind)
{
    char                  why[NGX_OTTER_KEYRING_REASON_SIZE];
    ngx_err_t             err;
    ngx_int_t             rc;
    ngx_str_t             text;
    const char           *reason;
    ngx_pool_cleanup_t   *cln;
    ngx_otter_keyring_t  *ring;

    if (ngx_conf_full_name(cf->cycle, path, 1) != NGX_OK) {
        return NULL;
    }

    cln = ngx_pool_cleanup_add(cf->pool, sizeof(ngx_otter_keyring_t));
    if (cln == NULL) {
        return NULL;
    }

    ring = cln->data;
    ngx_memzero(ring, sizeof(ngx_otter_keyring_t));

    ring->kind = kind;
    ring->path = *path;

    cln->handler = ngx_otter_keyring_cleanup;

    reason = ngx_otter_keyring_read(ring, &text, &err, cf->log);

    if (reason) {
        ngx_otter_keyring_refuse(cf, path, err, reason);
        return NULL;
    }

    rc = ngx_otter_keyring_parse(kind, &text, &ring->table, why, cf->log);

    ngx_otter_keyring_forget(&text);

    if (rc != NGX_OK) {
        ngx_otter_keyring_refuse(cf, path, 0, why);
        return NULL;
    }

    return ring;
}


static void
ngx_otter_keyring_refuse(ngx_conf_t *cf, ngx_str_t *path, ngx_err_t err,
    const char *reason)
{
    if (err) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, err,
                           ngx_open_file_n " \"%V\" failed", path);
        return;
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\" can't be used: %s",
                       path, reason);
}


/*
 * Tokens outlive a reload: the configuration that follows takes the key over
 * before the one that had it is released.
 */

ngx_otter_keyring_t *
ngx_otter_keyring_random(ngx_conf_t *cf)
{
    ngx_pool_cleanup_t   *cln;
    ngx_otter_keyring_t  *ring;

    cln = ngx_pool_cleanup_add(cf->pool, sizeof(ngx_otter_keyring_t));
    if (cln == NULL) {
        return NULL;
    }

    if (ngx_otter_keyring_shared.set == NULL) {
        ngx_otter_keyring_shared.set = otter_keyset_random();

        if (ngx_otter_keyring_shared.set == NULL) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "could not make a random signing key");
            return NULL;
        }
    }

    ngx_otter_keyring_shared.uses++;

    ring = cln->data;
    ngx_memzero(ring, sizeof(ngx_otter_keyring_t));

    ring->kind = NGX_OTTER_KEYRING_JWT;
    ring->table.keyset = ngx_otter_keyring_shared.set;

    cln->handler = ngx_otter_keyring_random_cleanup;

    return ring;
}


const char *
ngx_otter_keyring_public(ngx_otter_keyring_t *ring)
{
    if (ring->jwks == NULL || ring->jwks_made != ngx_time()) {
        free(ring->jwks);

        ring->jwks = otter_keyset_public(ring->table.keyset, ngx_time());
        ring->jwks_made = ngx_time();
    }

    return ring->jwks;
}


void
ngx_otter_keyring_replace(ngx_otter_keyring_t *ring,
    ngx_otter_keyring_table_t *table)
{
    if (ring->table.keyset) {
        ngx_otter_keyring_settle(ring->table.keyset, table->keyset);
    }

    ngx_otter_keyring_free(&ring->table);
    ring->table = *table;

    free(ring->jwks);
    ring->jwks = NULL;
}


/*
 * Another worker may not have the new key yet: it is to verify everywhere
 * before it signs here.
 */

static void
ngx_otter_keyring_settle(const otter_keyset_t *old, otter_keyset_t *set)
{
    const otter_key_t  *signer;

    signer = otter_keyset_signer(old, ngx_time());

    if (signer) {
        otter_keyset_prefer(set, otter_key_kid(signer),
                            ngx_time() + NGX_OTTER_KEYRING_SETTLE);
    }
}


static void
ngx_otter_keyring_cleanup(void *data)
{
    ngx_otter_keyring_t  *ring = data;

    ngx_otter_keyring_free(&ring->table);
    free(ring->jwks);
}


static void
ngx_otter_keyring_random_cleanup(void *data)
{
    ngx_otter_keyring_t  *ring = data;

    free(ring->jwks);

    if (--ngx_otter_keyring_shared.uses == 0) {
        otter_keyset_free(ngx_otter_keyring_shared.set);
        ngx_otter_keyring_shared.set = NULL;
    }
}
