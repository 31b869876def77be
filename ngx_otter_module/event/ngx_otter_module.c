
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_module.h"
#include "ngx_otter_bus.h"
#include "ngx_otter_cache.h"
#include "ngx_otter_remote.h"
#include "ngx_otter_session.h"
#include "ngx_otter_socket.h"


static void *ngx_otter_create_conf(ngx_cycle_t *cycle);
static ngx_int_t ngx_otter_init_module(ngx_cycle_t *cycle);
static ngx_int_t ngx_otter_init_process(ngx_cycle_t *cycle);
static void ngx_otter_exit_process(ngx_cycle_t *cycle);


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
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


static void *
ngx_otter_create_conf(ngx_cycle_t *cycle)
{
    return ngx_pcalloc(cycle->pool, sizeof(ngx_otter_conf_t));
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

    return ngx_otter_bus_init_master(cycle);
}


static ngx_int_t
ngx_otter_init_process(ngx_cycle_t *cycle)
{
    ngx_otter_conf_t  *ocf;

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
    ngx_otter_session_init_worker(cycle, ocf->zone);

    if (ngx_otter_hub_init(cycle, ocf->zone, ngx_otter_session_closing)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_otter_remote_init_worker(cycle, ocf->zone, ocf->redis,
                                        &ocf->redis_prefix);
}


static void
ngx_otter_exit_process(ngx_cycle_t *cycle)
{
    ngx_otter_bus_exit_worker();
    ngx_otter_remote_exit_worker();
    ngx_otter_cache_exit();
}
