
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_inherit.h"

#include <sys/mman.h>


#define NGX_OTTER_INHERIT_VAR  "OTTER_ZONE"

enum {
    NGX_OTTER_INHERIT_MAX = 256        /* descriptors */
};


static ngx_uint_t ngx_otter_inherit_parse(int *fds);
static void *ngx_otter_inherit_map(ngx_shm_zone_t *shm_zone, int fd,
    ngx_uint_t layout);
static void ngx_otter_inherit_close(const int *fds, ngx_uint_t n);


static int         ngx_otter_inherit_zone = -1;
static int         ngx_otter_inherit_fds[NGX_OTTER_INHERIT_MAX];
static ngx_uint_t  ngx_otter_inherit_n;


ngx_int_t
ngx_otter_inherit_share(ngx_shm_zone_t *shm_zone)
{
    int               fd;
    void             *p;
    ngx_slab_pool_t  *pool;

    /* with no MFD_CLOEXEC: it is to outlive an exec */

    fd = memfd_create("otter_zone", 0);

    if (fd == -1) {
        ngx_log_error(NGX_LOG_WARN, shm_zone->shm.log, ngx_errno,
                      "memfd_create() failed");
        return NGX_OK;
    }

    if (ftruncate(fd, (off_t) shm_zone->shm.size) == -1) {
        ngx_log_error(NGX_LOG_WARN, shm_zone->shm.log, ngx_errno,
                      "ftruncate() of \"otter_zone\" failed");
        (void) close(fd);
        return NGX_OK;
    }

    p = mmap(shm_zone->shm.addr, shm_zone->shm.size, PROT_READ|PROT_WRITE,
             MAP_SHARED|MAP_FIXED, fd, 0);

    if (p == MAP_FAILED) {

        /* what was there is gone, it may be */

        ngx_log_error(NGX_LOG_EMERG, shm_zone->shm.log, ngx_errno,
                      "mmap() of \"otter_zone\" failed");
        (void) close(fd);
        return NGX_ERROR;
    }

    pool = (ngx_slab_pool_t *) shm_zone->shm.addr;

    pool->end = shm_zone->shm.addr + shm_zone->shm.size;
    pool->min_shift = 3;
    pool->addr = shm_zone->shm.addr;

    (void) ngx_shmtx_create(&pool->mutex, &pool->lock, NULL);

    ngx_slab_init(pool);

    if (ngx_otter_inherit_zone != -1) {
        (void) close(ngx_otter_inherit_zone);
    }

    ngx_otter_inherit_zone = fd;

    return NGX_OK;
}


ngx_int_t
ngx_otter_inherit_take(ngx_shm_zone_t *shm_zone, ngx_uint_t layout)
{
    int          fds[NGX_OTTER_INHERIT_MAX];
    void        *p;
    ngx_uint_t   n;

    /* the variable counts only where nginx itself has inherited something */

    if (!ngx_inherited || ngx_otter_inherit_zone != -1) {
        return NGX_DECLINED;
    }

    n = ngx_otter_inherit_parse(fds);

    if (n == 0) {
        return NGX_DECLINED;
    }

    p = ngx_otter_inherit_map(shm_zone, fds[0], layout);

    if (p == NULL) {
        ngx_log_error(NGX_LOG_NOTICE, shm_zone->shm.log, 0,
                      "otter: the zone of the binary before has another size "
                      "or layout, its sessions will have to join anew");

        ngx_otter_inherit_close(fds, n);
        return NGX_DECLINED;
    }

    ngx_shm_free(&shm_zone->shm);
    shm_zone->shm.addr = p;

    ngx_otter_inherit_zone = fds[0];
    ngx_otter_inherit_n = n - 1;
    ngx_memcpy(ngx_otter_inherit_fds, fds + 1, (n - 1) * sizeof(int));

    ngx_log_error(NGX_LOG_NOTICE, shm_zone->shm.log, 0,
                  "otter: took over the zone of the binary before");

    return NGX_OK;
}


static ngx_uint_t
ngx_otter_inherit_parse(int *fds)
{
    u_char      *p, *last;
    ngx_int_t    fd;
    ngx_uint_t   n;

    p = (u_char *) getenv(NGX_OTTER_INHERIT_VAR);

    if (p == NULL) {
        return 0;
    }

    for (n = 0; *p && n < NGX_OTTER_INHERIT_MAX; p = last + 1) {
        last = (u_char *) ngx_strchr(p, ';');

        if (last == NULL) {
            return 0;
        }

        fd = ngx_atoi(p, last - p);

        if (fd == NGX_ERROR || fcntl((int) fd, F_GETFD) == -1) {
            return 0;
        }

        fds[n++] = (int) fd;
    }

    return n;
}


/*
 * There are pointers in the zone, so it can be nowhere but where it was.  The
 * address is free, but for a chance that is not worth more than a new zone.
 */

static void *
ngx_otter_inherit_map(ngx_shm_zone_t *shm_zone, int fd, ngx_uint_t layout)
{
    off_t             offset;
    void             *p;
    ngx_uint_t        found;
    ngx_file_info_t   fi;
    ngx_slab_pool_t   pool;

    if (ngx_fd_info(fd, &fi) == NGX_FILE_ERROR
        || ngx_file_size(&fi) != (off_t) shm_zone->shm.size)
    {
        return NULL;
    }

    if (pread(fd, &pool, sizeof(ngx_slab_pool_t), 0)
        != (ssize_t) sizeof(ngx_slab_pool_t))
    {
        return NULL;
    }

    offset = (u_char *) pool.data - (u_char *) pool.addr;

    if (pool.addr == NULL || offset < (off_t) sizeof(ngx_slab_pool_t)
        || pread(fd, &found, sizeof(ngx_uint_t), offset)
           != (ssize_t) sizeof(ngx_uint_t)
        || found != layout)
    {
        return NULL;
    }

    p = mmap(pool.addr, shm_zone->shm.size, PROT_READ|PROT_WRITE,
             MAP_SHARED|MAP_FIXED_NOREPLACE, fd, 0);

    if (p == MAP_FAILED) {
        return NULL;
    }

    if (p != pool.addr) {

        /* a kernel that does not know the flag */

        (void) munmap(p, shm_zone->shm.size);
        return NULL;
    }

    return p;
}


static void
ngx_otter_inherit_close(const int *fds, ngx_uint_t n)
{
    ngx_uint_t  i;

    for (i = 0; i < n; i++) {
        (void) close(fds[i]);
    }
}


ngx_uint_t
ngx_otter_inherit_events(int *fds, ngx_uint_t n)
{
    n = ngx_min(n, ngx_otter_inherit_n);

    ngx_memcpy(fds, ngx_otter_inherit_fds, n * sizeof(int));

    return n;
}


ngx_int_t
ngx_otter_inherit_pass(ngx_cycle_t *cycle, const int *fds, ngx_uint_t n)
{
    u_char           *p;
    size_t            len;
    ngx_str_t        *var;
    ngx_uint_t        i;
    ngx_core_conf_t  *ccf;

    if (ngx_otter_inherit_zone == -1) {
        return NGX_OK;
    }

    ccf = (ngx_core_conf_t *) ngx_get_conf(cycle->conf_ctx, ngx_core_module);

    var = ngx_array_push(&ccf->env);
    if (var == NULL) {
        return NGX_ERROR;
    }

    len = sizeof(NGX_OTTER_INHERIT_VAR "=") + (n + 1) * (NGX_INT32_LEN + 1);

    var->data = ngx_pnalloc(cycle->pool, len);
    if (var->data == NULL) {
        return NGX_ERROR;
    }

    /* nginx takes what follows the name for the value, up to a zero */

    var->len = sizeof(NGX_OTTER_INHERIT_VAR) - 1;

    p = ngx_sprintf(var->data, NGX_OTTER_INHERIT_VAR "=%d;",
                    ngx_otter_inherit_zone);

    for (i = 0; i < n; i++) {
        p = ngx_sprintf(p, "%d;", fds[i]);
    }

    *p = '\0';

    return NGX_OK;
}
