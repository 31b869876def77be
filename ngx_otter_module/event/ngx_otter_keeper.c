
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_keeper.h"

#include <dirent.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>


enum {
    NGX_OTTER_KEEPER_INTERVAL = 150,   /* milliseconds */
    NGX_OTTER_KEEPER_LOOKS = 5,        /* at a file that has changed */
    NGX_OTTER_KEEPER_FD = 3            /* 0, 1, 2 are /dev/null */
};


static ngx_int_t ngx_otter_keeper_fork(ngx_cycle_t *cycle,
    ngx_array_t *rings, ngx_socket_t fd);
static void ngx_otter_keeper_cycle(ngx_cycle_t *cycle, ngx_array_t *rings,
    ngx_socket_t fd);
static ngx_int_t ngx_otter_keeper_descriptors(ngx_socket_t fd);
static void ngx_otter_keeper_close_from(int first);
static void ngx_otter_keeper_signals(void);
static void ngx_otter_keeper_look(ngx_otter_keyring_t *ring, ngx_log_t *log);
static ngx_uint_t ngx_otter_keeper_changed(ngx_otter_keyring_t *ring);
static ngx_int_t ngx_otter_keeper_try(ngx_otter_keyring_t *ring,
    char *reason, ngx_log_t *log);
static void ngx_otter_keeper_publish(ngx_otter_keyring_sh_t *sh,
    ngx_str_t *text);
static void ngx_otter_keeper_cleanup(void *data);


ngx_int_t
ngx_otter_keeper_start(ngx_cycle_t *cycle, ngx_array_t *rings,
    ngx_socket_t *fd)
{
    int                  fds[2];
    ngx_int_t            rc;
    ngx_pool_cleanup_t  *cln;

    cln = ngx_pool_cleanup_add(cycle->pool, 0);
    if (cln == NULL) {
        return NGX_ERROR;
    }

    if (socketpair(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0, fds) == -1) {
        ngx_log_error(NGX_LOG_EMERG, cycle->log, ngx_errno,
                      "socketpair() failed");
        return NGX_ERROR;
    }

    rc = ngx_otter_keeper_fork(cycle, rings, fds[1]);

    (void) close(fds[1]);

    if (rc != NGX_OK) {
        (void) close(fds[0]);
        return NGX_ERROR;
    }

    *fd = fds[0];

    cln->handler = ngx_otter_keeper_cleanup;
    cln->data = fd;

    return NGX_OK;
}


/* twice, so that the keeper belongs to init */

static ngx_int_t
ngx_otter_keeper_fork(ngx_cycle_t *cycle, ngx_array_t *rings, ngx_socket_t fd)
{
    int    status;
    pid_t  pid;

    pid = fork();

    if (pid == 0) {
        pid = fork();

        if (pid == 0) {
            ngx_otter_keeper_cycle(cycle, rings, fd);
        }

        _exit(pid == -1);
    }

    if (pid == -1) {
        ngx_log_error(NGX_LOG_EMERG, cycle->log, ngx_errno, "fork() failed");
        return NGX_ERROR;
    }

    status = 0;

    while (waitpid(pid, &status, 0) == -1) {

        /* a single process' own handler may have been the first */

        if (ngx_errno != NGX_EINTR) {
            break;
        }
    }

    if (status) {
        ngx_log_error(NGX_LOG_EMERG, cycle->log, 0,
                      "otter: the keeper process could not be started");
        return NGX_ERROR;
    }

    return NGX_OK;
}


static void
ngx_otter_keeper_cycle(ngx_cycle_t *cycle, ngx_array_t *rings,
    ngx_socket_t fd)
{
    ngx_log_t              log;
    ngx_uint_t             i;
    struct pollfd          pfd;
    ngx_core_conf_t       *ccf;
    ngx_otter_keyring_t  **ring;

    ngx_otter_keeper_signals();

    ccf = (ngx_core_conf_t *) ngx_get_conf(cycle->conf_ctx, ngx_core_module);

    if (ccf->daemon) {
        (void) setsid();
    }

    if (chdir("/") == -1 || ngx_otter_keeper_descriptors(fd) != NGX_OK) {
        _exit(1);
    }

    /* the workers do the logging: theirs are the files that USR1 reopens */

    ngx_memzero(&log, sizeof(ngx_log_t));

    ngx_pid = ngx_getpid();
    ngx_setproctitle("otter keeper process");

    pfd.fd = NGX_OTTER_KEEPER_FD;
    pfd.events = POLLIN;

    ring = rings->elts;

    for ( ;; ) {
        for (i = 0; i < rings->nelts; i++) {
            ngx_otter_keeper_look(ring[i], &log);
            ring[i]->sh->beat = (ngx_atomic_uint_t) time(NULL);
        }

        if (poll(&pfd, 1, NGX_OTTER_KEEPER_INTERVAL) > 0) {
            _exit(0);
        }
    }
}


/* it holds no port, no log and no terminal of its own */

static ngx_int_t
ngx_otter_keeper_descriptors(ngx_socket_t fd)
{
    int  n, null;

    null = open("/dev/null", O_RDWR);
    if (null == -1) {
        return NGX_ERROR;
    }

    /* first out of the way of what is overwritten */

    fd = fcntl(fd, F_DUPFD, NGX_OTTER_KEEPER_FD + 1);

    if (fd == -1 || dup2(fd, NGX_OTTER_KEEPER_FD) == -1) {
        return NGX_ERROR;
    }

    for (n = 0; n < NGX_OTTER_KEEPER_FD; n++) {
        if (n != null && dup2(null, n) == -1) {
            return NGX_ERROR;
        }
    }

    ngx_otter_keeper_close_from(NGX_OTTER_KEEPER_FD + 1);

    return NGX_OK;
}


static void
ngx_otter_keeper_close_from(int first)
{
    int             fd;
    DIR            *dir;
    struct dirent  *entry;

#ifdef SYS_close_range

    if (syscall(SYS_close_range, first, ~0U, 0) == 0) {
        return;
    }

#endif

    dir = opendir("/proc/self/fd");

    if (dir == NULL) {
        for (fd = first; fd < (int) sysconf(_SC_OPEN_MAX); fd++) {
            (void) close(fd);
        }

        return;
    }

    for ( ;; ) {
        entry = readdir(dir);

        if (entry == NULL) {
            break;
        }

        fd = ngx_atoi((u_char *) entry->d_name, ngx_strlen(entry->d_name));

        if (fd >= first && fd != dirfd(dir)) {
            (void) close(fd);
        }
    }

    (void) closedir(dir);
}


/*
 * Those of a terminal or of an administrator are for the master: the keeper
 * ends when it does.
 */

static void
ngx_otter_keeper_signals(void)
{
    size_t     i;
    sigset_t   set;

    static const int  ignored[] = {
        SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGPIPE,
        SIGWINCH, SIGIO, SIGTSTP, SIGTTIN, SIGTTOU
    };

    for (i = 0; i < sizeof(ignored) / sizeof(int); i++) {
        (void) signal(ignored[i], SIG_IGN);
    }

    (void) signal(SIGCHLD, SIG_DFL);

    sigemptyset(&set);
    (void) sigprocmask(SIG_SETMASK, &set, NULL);
}


/*
 * A file that has changed is read several times over: it may be half written
 * yet, and a change within one tick of the kernel's clock leaves no trace.
 */

static void
ngx_otter_keeper_look(ngx_otter_keyring_t *ring, ngx_log_t *log)
{
    char  reason[NGX_OTTER_KEYRING_REASON_SIZE];

    if (ngx_otter_keeper_changed(ring)) {
        ring->looks = NGX_OTTER_KEEPER_LOOKS;
        ring->failed = 0;
    }

    if (ring->looks == 0) {
        return;
    }

    ring->looks--;

    if (ngx_otter_keeper_try(ring, reason, log) == NGX_OK) {
        ring->failed = 0;
        return;
    }

    if (ring->looks == 0 && !ring->failed) {
        ring->failed = 1;

        ngx_memcpy(ring->sh->reason, reason, NGX_OTTER_KEYRING_REASON_SIZE);
        ngx_memory_barrier();
        ring->sh->failures++;
    }
}


static ngx_uint_t
ngx_otter_keeper_changed(ngx_otter_keyring_t *ring)
{
    ngx_uint_t                  changed;
    ngx_file_info_t             fi;
    ngx_otter_keyring_stamp_t   stamp;

    if (ngx_file_info(ring->path.data, &fi) == NGX_FILE_ERROR) {
        ngx_memzero(&stamp, sizeof(ngx_otter_keyring_stamp_t));
        stamp.err = ngx_errno;

    } else {
        ngx_otter_keyring_stamp(&stamp, &fi);
    }

    changed = ngx_memcmp(&stamp, &ring->stamp,
                         sizeof(ngx_otter_keyring_stamp_t))
              != 0;

    ngx_memcpy(&ring->stamp, &stamp, sizeof(ngx_otter_keyring_stamp_t));

    return changed;
}


static ngx_int_t
ngx_otter_keeper_try(ngx_otter_keyring_t *ring, char *reason, ngx_log_t *log)
{
    ngx_err_t                   err;
    ngx_int_t                   rc;
    ngx_str_t                   text;
    const char                 *error;
    ngx_otter_keyring_sh_t     *sh;
    ngx_otter_keyring_table_t   table;

    error = ngx_otter_keyring_read(ring, &text, &err, log);

    if (error) {
        ngx_memzero(reason, NGX_OTTER_KEYRING_REASON_SIZE);
        (void) ngx_snprintf((u_char *) reason,
                            NGX_OTTER_KEYRING_REASON_SIZE - 1, "%s%s%s%s",
                            error, err ? " (" : "",
                            err ? strerror(err) : "", err ? ")" : "");
        return NGX_ERROR;
    }

    sh = ring->sh;
    rc = NGX_OK;

    if (sh->version == 0 || sh->len != text.len
        || ngx_memcmp(sh->text, text.data, text.len) != 0)
    {
        rc = ngx_otter_keyring_parse(ring->kind, &text, &table, reason, log);

        if (rc == NGX_OK) {
            ngx_otter_keyring_free(&table);
            ngx_otter_keeper_publish(sh, &text);
        }
    }

    ngx_otter_keyring_forget(&text);

    return rc;
}


/* what the new text does not cover of the old one is zeroed */

static void
ngx_otter_keeper_publish(ngx_otter_keyring_sh_t *sh, ngx_str_t *text)
{
    sh->version++;
    ngx_memory_barrier();

    if (sh->len > text->len) {
        ngx_explicit_memzero(sh->text + text->len, sh->len - text->len);
    }

    ngx_memcpy(sh->text, text->data, text->len);
    sh->len = text->len;

    ngx_memory_barrier();
    sh->version++;
}


void
ngx_otter_keeper_detach(ngx_socket_t *fd, ngx_log_t *log)
{
    if (*fd != (ngx_socket_t) -1 && close(*fd) == -1) {
        ngx_log_error(NGX_LOG_ALERT, log, ngx_errno, "close() failed");
    }

    *fd = (ngx_socket_t) -1;
}


void
ngx_otter_keeper_stop(ngx_socket_t *fd, ngx_log_t *log)
{
    struct pollfd  pfd;

    if (*fd == (ngx_socket_t) -1) {
        return;
    }

    (void) shutdown(*fd, SHUT_WR);

    pfd.fd = *fd;
    pfd.events = POLLIN;

    (void) poll(&pfd, 1, 1000);

    ngx_otter_keeper_detach(fd, log);
}


static void
ngx_otter_keeper_cleanup(void *data)
{
    ngx_otter_keeper_detach(data, ngx_cycle->log);
}
