
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_follow.h"
#include "ngx_otter_keeper.h"
#include "ngx_otter_module.h"

#include <sys/mman.h>


enum {
    NGX_OTTER_FOLLOW_INTERVAL = 150,   /* milliseconds */
    NGX_OTTER_FOLLOW_SILENCE = 15      /* seconds; then the keeper is dead */
};


static ngx_int_t ngx_otter_follow_share(ngx_cycle_t *cycle,
    ngx_otter_keyring_t *ring);
static void ngx_otter_follow_unshare(void *data);
static void ngx_otter_follow_handler(ngx_event_t *ev);
static void ngx_otter_follow_all(ngx_cycle_t *cycle);
static void ngx_otter_follow_take(ngx_otter_keyring_t *ring, ngx_log_t *log);
static ngx_int_t ngx_otter_follow_copy(ngx_otter_keyring_t *ring,
    ngx_str_t *text, ngx_uint_t *version, ngx_log_t *log);
static void ngx_otter_follow_lament(ngx_otter_keyring_t *ring,
    ngx_log_t *log);
static void ngx_otter_follow_keeper(ngx_otter_keyring_t *ring,
    ngx_log_t *log);


static ngx_event_t       ngx_otter_follow_event;
static ngx_connection_t  ngx_otter_follow_dummy;
static ngx_uint_t        ngx_otter_follow_missed;


ngx_int_t
ngx_otter_follow_add(ngx_conf_t *cf, ngx_otter_keyring_t *ring)
{
    ngx_otter_conf_t      *ocf;
    ngx_otter_keyring_t  **slot;

    ocf = (ngx_otter_conf_t *) ngx_get_conf(cf->cycle->conf_ctx,
                                            ngx_otter_module);

    if (ocf->rings == NULL) {
        ocf->rings = ngx_array_create(cf->cycle->pool, 4,
                                      sizeof(ngx_otter_keyring_t *));
        if (ocf->rings == NULL) {
            return NGX_ERROR;
        }
    }

    slot = ngx_array_push(ocf->rings);
    if (slot == NULL) {
        return NGX_ERROR;
    }

    *slot = ring;

    return NGX_OK;
}


ngx_int_t
ngx_otter_follow_init_module(ngx_cycle_t *cycle)
{
    ngx_uint_t             i;
    ngx_otter_conf_t      *ocf;
    ngx_otter_keyring_t  **ring;

    ocf = (ngx_otter_conf_t *) ngx_get_conf(cycle->conf_ctx,
                                            ngx_otter_module);

    ocf->keeper = (ngx_socket_t) -1;

    if (ocf->rings == NULL) {
        return NGX_OK;
    }

    ring = ocf->rings->elts;

    for (i = 0; i < ocf->rings->nelts; i++) {
        if (ngx_otter_follow_share(cycle, ring[i]) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return ngx_otter_keeper_start(cycle, ocf->rings, &ocf->keeper);
}


/* pages that no text reached cost nothing */

static ngx_int_t
ngx_otter_follow_share(ngx_cycle_t *cycle, ngx_otter_keyring_t *ring)
{
    ngx_shm_t           *shm;
    ngx_pool_cleanup_t  *cln;

    cln = ngx_pool_cleanup_add(cycle->pool, sizeof(ngx_shm_t));
    if (cln == NULL) {
        return NGX_ERROR;
    }

    shm = cln->data;
    ngx_memzero(shm, sizeof(ngx_shm_t));

    shm->size = sizeof(ngx_otter_keyring_sh_t);
    shm->log = cycle->log;
    ngx_str_set(&shm->name, "otter keys");

    if (ngx_shm_alloc(shm) != NGX_OK) {
        return NGX_ERROR;
    }

    cln->handler = ngx_otter_follow_unshare;

#ifdef MADV_DONTDUMP

    /* secrets have no place in a core dump */

    (void) madvise(shm->addr, shm->size, MADV_DONTDUMP);

#endif

    ring->sh = (ngx_otter_keyring_sh_t *) shm->addr;
    ring->sh->beat = (ngx_atomic_uint_t) ngx_time();

    return NGX_OK;
}


static void
ngx_otter_follow_unshare(void *data)
{
    ngx_shm_t  *shm = data;

    shm->log = ngx_cycle->log;

    ngx_shm_free(shm);
}


void
ngx_otter_follow_init_process(ngx_cycle_t *cycle)
{
    ngx_event_t       *ev;
    ngx_otter_conf_t  *ocf;

    ocf = (ngx_otter_conf_t *) ngx_get_conf(cycle->conf_ctx,
                                            ngx_otter_module);

    /* the master's end alone keeps the keeper alive */

    if (ngx_process != NGX_PROCESS_SINGLE) {
        ngx_otter_keeper_detach(&ocf->keeper, cycle->log);
    }

    if (ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE)
    {
        return;
    }

    ngx_otter_follow_missed = 0;
    ngx_otter_follow_all(cycle);

    /* a single process is not started anew for a new configuration */

    if ((ocf->rings == NULL || ocf->zone == NULL)
        && ngx_process == NGX_PROCESS_WORKER)
    {
        return;
    }

    ngx_otter_follow_dummy.fd = (ngx_socket_t) -1;

    ev = &ngx_otter_follow_event;
    ngx_memzero(ev, sizeof(ngx_event_t));
    ev->handler = ngx_otter_follow_handler;
    ev->data = &ngx_otter_follow_dummy;
    ev->log = cycle->log;
    ev->cancelable = 1;
    ngx_add_timer(ev, NGX_OTTER_FOLLOW_INTERVAL);
}


static void
ngx_otter_follow_handler(ngx_event_t *ev)
{
    ev->log = ngx_cycle->log;

    ngx_otter_follow_all((ngx_cycle_t *) ngx_cycle);

    ngx_add_timer(ev, NGX_OTTER_FOLLOW_INTERVAL);
}


static void
ngx_otter_follow_all(ngx_cycle_t *cycle)
{
    ngx_uint_t             i;
    ngx_otter_conf_t      *ocf;
    ngx_otter_keyring_t  **ring;

    ocf = (ngx_otter_conf_t *) ngx_get_conf(cycle->conf_ctx,
                                            ngx_otter_module);

    if (ocf->rings == NULL || ocf->zone == NULL) {
        return;
    }

    ring = ocf->rings->elts;

    for (i = 0; i < ocf->rings->nelts; i++) {
        ngx_otter_follow_take(ring[i], cycle->log);
        ngx_otter_follow_lament(ring[i], cycle->log);
    }

    /* the keeper went with the configuration that this worker is left of */

    if (!ngx_exiting) {
        ngx_otter_follow_keeper(ring[0], cycle->log);
    }
}


static void
ngx_otter_follow_take(ngx_otter_keyring_t *ring, ngx_log_t *log)
{
    char                        reason[NGX_OTTER_KEYRING_REASON_SIZE];
    ngx_int_t                   rc;
    ngx_str_t                   text;
    ngx_uint_t                  version, told;
    ngx_otter_keyring_table_t   table;

    if (ring->sh->version == ring->version
        || ngx_otter_follow_copy(ring, &text, &version, log) != NGX_OK)
    {
        return;
    }

    rc = ngx_otter_keyring_parse(ring->kind, &text, &table, reason, log);

    ngx_otter_keyring_forget(&text);

    /* the keeper has parsed it, so this is want of memory */

    if (rc != NGX_OK) {
        ngx_log_error(NGX_LOG_ERR, log, 0,
                      "otter: \"%V\" can't be used: %s", &ring->path,
                      reason);
        return;
    }

    ngx_otter_keyring_replace(ring, &table);
    ring->version = version;

    told = ring->sh->announced;

    if (told != version
        && ngx_atomic_cmp_set(&ring->sh->announced, told, version))
    {
        ngx_log_error(NGX_LOG_NOTICE, log, 0,
                      "otter: \"%V\" has changed and was read again",
                      &ring->path);
    }
}


/* NGX_AGAIN: it is just being written */

static ngx_int_t
ngx_otter_follow_copy(ngx_otter_keyring_t *ring, ngx_str_t *text,
    ngx_uint_t *version, ngx_log_t *log)
{
    ngx_otter_keyring_sh_t  *sh;

    sh = ring->sh;

    *version = sh->version;

    ngx_memory_barrier();

    text->len = sh->len;

    if (*version & 1 || text->len > NGX_OTTER_KEYRING_FILE_MAX) {
        return NGX_AGAIN;
    }

    text->data = ngx_alloc(text->len, log);
    if (text->data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(text->data, sh->text, text->len);

    ngx_memory_barrier();

    if (sh->version != *version) {
        ngx_otter_keyring_forget(text);
        return NGX_AGAIN;
    }

    return NGX_OK;
}


/* one of the workers tells it, once */

static void
ngx_otter_follow_lament(ngx_otter_keyring_t *ring, ngx_log_t *log)
{
    ngx_uint_t  failures, told;

    failures = ring->sh->failures;
    told = ring->sh->lamented;

    if (told == failures
        || !ngx_atomic_cmp_set(&ring->sh->lamented, told, failures))
    {
        return;
    }

    ngx_memory_barrier();

    ngx_log_error(NGX_LOG_ERR, log, 0,
                  "otter: \"%V\" can't be used: %s; what it held before "
                  "goes on", &ring->path, ring->sh->reason);
}


static void
ngx_otter_follow_keeper(ngx_otter_keyring_t *ring, ngx_log_t *log)
{
    time_t  silence;

    silence = ngx_time() - (time_t) ring->sh->beat;

    if (silence <= NGX_OTTER_FOLLOW_SILENCE) {
        ngx_otter_follow_missed = 0;
        return;
    }

    /* a clock that was set is not the keeper's death: it must be so twice */

    if (++ngx_otter_follow_missed == 10) {
        ngx_log_error(NGX_LOG_ALERT, log, 0,
                      "otter: the keeper process is gone: files of keys are "
                      "followed again after a reload");
    }
}


void
ngx_otter_follow_exit_master(ngx_cycle_t *cycle)
{
    ngx_otter_conf_t  *ocf;

    ocf = (ngx_otter_conf_t *) ngx_get_conf(cycle->conf_ctx,
                                            ngx_otter_module);

    ngx_otter_keeper_stop(&ocf->keeper, cycle->log);
}
