
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_module.h"
#include "ngx_otter_bus.h"
#include "ngx_otter_cache.h"
#include "ngx_otter_deflate.h"
#include "ngx_otter_follow.h"
#include "ngx_otter_relays.h"
#include "ngx_otter_remote.h"
#include "ngx_otter_session.h"
#include "ngx_otter_socket.h"
#include "ngx_otter_stall.h"


enum {
    NGX_OTTER_RELAYS_SPREAD = 3        /* s */
};


static void *ngx_otter_create_conf(ngx_cycle_t *cycle);
static ngx_int_t ngx_otter_init_module(ngx_cycle_t *cycle);
static ngx_int_t ngx_otter_init_process(ngx_cycle_t *cycle);
static void ngx_otter_relays_changed(void);
static void ngx_otter_exit_process(ngx_cycle_t *cycle);
static void ngx_otter_exit_master(ngx_cycle_t *cycle);


static ngx_core_module_t  ngx_otter_module_ctx = {
    ngx_string("otter"),
    ngx_otter_create_conf,
    NULL
};


ngx_module_t  ngx_otter_module = {
    NGX_MODULE_V1,
    &ngx_otter_module_ctx,                 /* module context */
    NULL,                                  /* module directives */
    NGX_CORE_MODULE,                       /* module type */
    NULL,                                  /* init master */
    ngx_otter_init_module,                 /* init module */
    ngx_otter_init_process,                /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    ngx_otter_exit_process,                /* exit process */
    ngx_otter_exit_master,                 /* exit master */
    NGX_MODULE_V1_PADDING
};


static void *
ngx_otter_create_conf(ngx_cycle_t *cycle)
{
    ngx_otter_conf_t  *ocf;

    ocf = ngx_pcalloc(cycle->pool, sizeof(ngx_otter_conf_t));
    if (ocf == NULL) {
        return NULL;
    }

    ocf->keeper = (ngx_socket_t) -1;

    return ocf;
}


static ngx_int_t
ngx_otter_init_module(ngx_cycle_t *cycle)
{
    ngx_otter_conf_t  *ocf;

    ocf = (ngx_otter_conf_t *) ngx_get_conf(cycle->conf_ctx,
                                            ngx_otter_module);

    if (ocf->zone == NULL || ngx_test_config) {
        return NGX_OK;
    }

    if (ngx_otter_bus_init_master(cycle) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_otter_follow_init_module(cycle);
}


static ngx_int_t
ngx_otter_init_process(ngx_cycle_t *cycle)
{
    ngx_otter_conf_t  *ocf;

    ngx_otter_follow_init_process(cycle);

    if (ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE)
    {
        return NGX_OK;
    }

    ocf = (ngx_otter_conf_t *) ngx_get_conf(cycle->conf_ctx,
                                            ngx_otter_module);

    if (ocf->zone == NULL) {
        return NGX_OK;
    }

    ngx_otter_socket_init_worker(cycle);
    ngx_otter_stall_init_worker(cycle);
    ngx_otter_session_init_worker(cycle, ocf->zone);

    if (ngx_otter_hub_init(cycle, ocf->zone, ngx_otter_session_closing,
                           ngx_otter_stall_retry)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_otter_remote_init_worker(cycle, ocf->zone, ocf->redis,
                                     &ocf->redis_prefix)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_otter_relays_on_change(ngx_otter_relays_changed);

    return ngx_otter_relays_init_worker(cycle, &ocf->turn_health,
                                        &ocf->redis_prefix,
                                        ocf->redis != NULL);
}


/* those who are in calls get the servers that are left, or all again */

static void
ngx_otter_relays_changed(void)
{
    ngx_otter_socket_renew_all(NGX_OTTER_RELAYS_SPREAD);
}


static void
ngx_otter_exit_process(ngx_cycle_t *cycle)
{
    ngx_otter_bus_exit_worker();
    ngx_otter_remote_exit_worker();
    ngx_otter_deflate_exit_worker();
    ngx_otter_peers_exit();
    ngx_otter_cache_exit();
}


static void
ngx_otter_exit_master(ngx_cycle_t *cycle)
{
    ngx_otter_follow_exit_master(cycle);
}
