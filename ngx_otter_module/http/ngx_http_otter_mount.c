
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_module.h"


typedef struct {
    ngx_str_t                 *prefix;
    u_char                    *root;           /* the server's own */
    ngx_http_core_loc_conf_t  *found;          /* the prefix' location */
} ngx_http_otter_mount_t;


static void ngx_http_otter_adopt(ngx_queue_t *locations, ngx_uint_t inside,
    ngx_http_otter_mount_t *mount);
static void ngx_http_otter_adopt_one(ngx_http_core_loc_conf_t *clcf,
    ngx_uint_t inside, ngx_http_otter_mount_t *mount);
static ngx_http_core_loc_conf_t *ngx_http_otter_create_location(
    ngx_conf_t *cf, ngx_str_t *prefix);
static char *ngx_http_otter_merge_location(ngx_conf_t *cf, void **server,
    void **location);


/*
 * The server gets a location of the prefix, unless it has one: then it, and
 * what stands inside of it, is served by Otter with all that it says.
 *
 * This runs while the server is merged for this module.  The modules before
 * it have merged every location already and will not see the new one, so
 * that is done here for them; those after it find it in the list.
 */

char *
ngx_http_otter_mount(ngx_conf_t *cf, ngx_http_otter_srv_conf_t *oscf)
{
    void                      **server;
    ngx_http_otter_mount_t      mount;
    ngx_http_core_loc_conf_t   *pclcf, *clcf;
    ngx_http_core_srv_conf_t   *cscf;

    cscf = ngx_http_conf_get_module_srv_conf(cf, ngx_http_core_module);
    server = cscf->ctx->loc_conf;
    pclcf = server[ngx_http_core_module.ctx_index];

    mount.prefix = &oscf->prefix;
    mount.root = pclcf->root.data;
    mount.found = NULL;

    ngx_http_otter_adopt(pclcf->locations, 0, &mount);

    clcf = mount.found;

    if (clcf == NULL) {
        clcf = ngx_http_otter_create_location(cf, &oscf->prefix);

        if (clcf == NULL
            || ngx_http_add_location(cf, &pclcf->locations, clcf) != NGX_OK
            || ngx_http_otter_merge_location(cf, server, clcf->loc_conf)
               != NGX_CONF_OK)
        {
            return NGX_CONF_ERROR;
        }

        ngx_http_otter_adopt_one(clcf, 1, &mount);
    }

    if (clcf->handler != ngx_http_otter_handler) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "location \"%V\" is served by another module or has a "
                      "root of its own; \"otter_signaling\" in %s:%ui "
                      "needs it", &clcf->name,
                      oscf->enabled_at.file, oscf->enabled_at.line);
        return NGX_CONF_ERROR;
    }

    clcf->auto_redirect = 1;

    return NGX_CONF_OK;
}


static void
ngx_http_otter_adopt(ngx_queue_t *locations, ngx_uint_t inside,
    ngx_http_otter_mount_t *mount)
{
    ngx_queue_t                *q;
    ngx_http_core_loc_conf_t   *clcf;
    ngx_http_location_queue_t  *lq;

    if (locations == NULL) {
        return;
    }

    for (q = ngx_queue_head(locations);
         q != ngx_queue_sentinel(locations);
         q = ngx_queue_next(q))
    {
        lq = (ngx_http_location_queue_t *) q;
        clcf = lq->exact ? lq->exact : lq->inclusive;

        ngx_http_otter_adopt_one(clcf, inside, mount);
    }
}


/*
 * A location below the prefix that names no handler and no root is one that
 * adds something to Otter's: "location = /otter/token { limit_req ...; }".
 * Those without a name stand for "if" and "limit_except".
 */

static void
ngx_http_otter_adopt_one(ngx_http_core_loc_conf_t *clcf, ngx_uint_t inside,
    ngx_http_otter_mount_t *mount)
{
    ngx_uint_t  plain;

    plain = !clcf->named && !clcf->noname;

#if (NGX_PCRE)
    plain = plain && clcf->regex == NULL;
#endif

    if (plain) {
        inside = clcf->name.len >= mount->prefix->len
                 && ngx_strncmp(clcf->name.data, mount->prefix->data,
                                mount->prefix->len)
                    == 0;

        if (clcf->name.len == mount->prefix->len && inside
            && !clcf->exact_match)
        {
            mount->found = clcf;
        }
    }

    if (inside && !clcf->named && clcf->root.data == mount->root
        && clcf->handler == NULL)
    {
        clcf->handler = ngx_http_otter_handler;

        /* "location ~ \\.js$" of the site is not meant for Otter's files */

        clcf->noregex = 1;

        /* bodies have a bound of their own, and a problem that tells it */

        clcf->client_max_body_size = 0;
    }

    ngx_http_otter_adopt(clcf->locations, inside, mount);
}


/* as ngx_http_core_location() makes one for "location prefix { }" */

static ngx_http_core_loc_conf_t *
ngx_http_otter_create_location(ngx_conf_t *cf, ngx_str_t *prefix)
{
    void                      **loc_conf, *mconf;
    ngx_uint_t                  m;
    ngx_http_module_t          *module;
    ngx_http_core_loc_conf_t   *clcf;

    loc_conf = ngx_pcalloc(cf->pool, sizeof(void *) * ngx_http_max_module);
    if (loc_conf == NULL) {
        return NULL;
    }

    for (m = 0; cf->cycle->modules[m]; m++) {
        if (cf->cycle->modules[m]->type != NGX_HTTP_MODULE) {
            continue;
        }

        module = cf->cycle->modules[m]->ctx;

        if (module->create_loc_conf == NULL) {
            continue;
        }

        mconf = module->create_loc_conf(cf);
        if (mconf == NULL) {
            return NULL;
        }

        loc_conf[cf->cycle->modules[m]->ctx_index] = mconf;
    }

    clcf = loc_conf[ngx_http_core_module.ctx_index];

    clcf->loc_conf = loc_conf;
    clcf->name = *prefix;

    return clcf;
}


static char *
ngx_http_otter_merge_location(ngx_conf_t *cf, void **server, void **location)
{
    char                 *rv;
    void                **saved;
    ngx_uint_t            m, mi;
    ngx_http_module_t    *module;
    ngx_http_conf_ctx_t  *ctx;

    rv = NGX_CONF_OK;

    ctx = cf->ctx;
    saved = ctx->loc_conf;
    ctx->loc_conf = location;

    for (m = 0; cf->cycle->modules[m] != &ngx_http_otter_module; m++) {
        if (cf->cycle->modules[m]->type != NGX_HTTP_MODULE) {
            continue;
        }

        module = cf->cycle->modules[m]->ctx;
        mi = cf->cycle->modules[m]->ctx_index;

        if (module->merge_loc_conf) {
            rv = module->merge_loc_conf(cf, server[mi], location[mi]);
            if (rv != NGX_CONF_OK) {
                break;
            }
        }
    }

    ctx->loc_conf = saved;

    return rv;
}
