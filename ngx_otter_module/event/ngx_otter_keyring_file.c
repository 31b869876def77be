
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_keyring.h"


enum {
    NGX_OTTER_TURN_SECRET_MAX = 511    /* coturn takes no longer one */
};


static const char *ngx_otter_keyring_check(ngx_file_info_t *fi);
static const char *ngx_otter_keyring_read_fd(ngx_fd_t fd,
    ngx_otter_keyring_t *ring, ngx_str_t *text, ngx_log_t *log);
static ngx_otter_turn_secrets_t *ngx_otter_keyring_secrets(ngx_str_t *text,
    char *reason, ngx_log_t *log);
static const char *ngx_otter_keyring_lines(ngx_otter_turn_secrets_t *secrets,
    u_char *p, u_char *last);
static const char *ngx_otter_keyring_line(ngx_otter_turn_secrets_t *secrets,
    u_char *p, u_char *last);


const char *
ngx_otter_keyring_read(ngx_otter_keyring_t *ring, ngx_str_t *text,
    ngx_err_t *err, ngx_log_t *log)
{
    ngx_fd_t     fd;
    const char  *reason;

    *err = 0;

    /* a FIFO would wait for a writer otherwise */

    fd = ngx_open_file(ring->path.data, NGX_FILE_RDONLY|NGX_FILE_NONBLOCK,
                       NGX_FILE_OPEN, 0);

    if (fd == NGX_INVALID_FILE) {
        *err = ngx_errno;
        return "it can't be opened";
    }

    reason = ngx_otter_keyring_read_fd(fd, ring, text, log);

    if (ngx_close_file(fd) == NGX_FILE_ERROR) {
        ngx_log_error(NGX_LOG_ALERT, log, ngx_errno,
                      ngx_close_file_n " \"%V\" failed", &ring->path);
    }

    return reason;
}


static const char *
ngx_otter_keyring_read_fd(ngx_fd_t fd, ngx_otter_keyring_t *ring,
    ngx_str_t *text, ngx_log_t *log)
{
    ssize_t           n;
    ngx_file_t        file;
    const char       *reason;
    ngx_file_info_t   fi;

    if (ngx_fd_info(fd, &fi) == NGX_FILE_ERROR) {
        return "it could not be read";
    }

    ngx_otter_keyring_stamp(&ring->stamp, &fi);

    reason = ngx_otter_keyring_check(&fi);
    if (reason) {
        return reason;
    }

    text->len = (size_t) ngx_file_size(&fi);

    text->data = ngx_alloc(text->len, log);
    if (text->data == NULL) {
        return "there is no memory for it";
    }

    ngx_memzero(&file, sizeof(ngx_file_t));

    file.fd = fd;
    file.name = ring->path;
    file.log = log;

    n = ngx_read_file(&file, text->data, text->len, 0);

    if (n != (ssize_t) text->len) {
        ngx_otter_keyring_forget(text);
        return "it could not be read";
    }

    return NULL;
}


static const char *
ngx_otter_keyring_check(ngx_file_info_t *fi)
{
    if (!ngx_is_file(fi)) {
        return "it is not a regular file";
    }

    if (ngx_file_access(fi) & (S_IROTH|S_IWOTH)) {
        return "everyone may read or write it: chmod 600 it";
    }

    if (ngx_file_size(fi) == 0) {
        return "it is empty";
    }

    if (ngx_file_size(fi) > NGX_OTTER_KEYRING_FILE_MAX) {
        return "it is too large";
    }

    return NULL;
}


void
ngx_otter_keyring_forget(ngx_str_t *text)
{
    ngx_explicit_memzero(text->data, text->len);
    ngx_free(text->data);

    text->data = NULL;
    text->len = 0;
}


void
ngx_otter_keyring_stamp(ngx_otter_keyring_stamp_t *stamp, ngx_file_info_t *fi)
{
    ngx_memzero(stamp, sizeof(ngx_otter_keyring_stamp_t));

    stamp->device = fi->st_dev;
    stamp->inode = fi->st_ino;
    stamp->mode = fi->st_mode;
    stamp->size = fi->st_size;
    stamp->modified = fi->st_mtim;
    stamp->changed = fi->st_ctim;
}


ngx_int_t
ngx_otter_keyring_parse(ngx_otter_keyring_kind_e kind, ngx_str_t *text,
    ngx_otter_keyring_table_t *table, char *reason, ngx_log_t *log)
{
    ngx_memzero(table, sizeof(ngx_otter_keyring_table_t));

    switch (kind) {

    case NGX_OTTER_KEYRING_JWT:
        table->keyset = otter_keyset_parse((char *) text->data, text->len,
                                           reason);
        return table->keyset ? NGX_OK : NGX_ERROR;

    case NGX_OTTER_KEYRING_API:
        table->keys = otter_apikeys_parse((char *) text->data, text->len,
                                          reason);
        return table->keys ? NGX_OK : NGX_ERROR;

    default: /* NGX_OTTER_KEYRING_TURN */
        table->secrets = ngx_otter_keyring_secrets(text, reason, log);
        return table->secrets ? NGX_OK : NGX_ERROR;
    }
}


void
ngx_otter_keyring_free(ngx_otter_keyring_table_t *table)
{
    otter_keyset_free(table->keyset);
    otter_apikeys_free(table->keys);

    if (table->secrets) {
        otter_turn_seal_clear(&table->secrets->seal);
        ngx_explicit_memzero(table->secrets, table->secrets->size);
        ngx_free(table->secrets);
    }

    ngx_memzero(table, sizeof(ngx_otter_keyring_table_t));
}


/* in one piece, with the secrets behind the structure */

static ngx_otter_turn_secrets_t *
ngx_otter_keyring_secrets(ngx_str_t *text, char *reason, ngx_log_t *log)
{
    size_t                     size;
    u_char                    *p;
    const char                *error;
    ngx_otter_turn_secrets_t  *secrets;

    size = sizeof(ngx_otter_turn_secrets_t) + text->len;

    secrets = ngx_calloc(size, log);

    if (secrets == NULL) {
        error = "there is no memory for it";

    } else {
        secrets->size = size;

        p = (u_char *) &secrets[1];
        ngx_memcpy(p, text->data, text->len);

        error = ngx_otter_keyring_lines(secrets, p, p + text->len);

        if (error == NULL
            && otter_turn_seal_init(&secrets->seal, secrets->secrets[0].data,
                                    secrets->secrets[0].len)
               != 0)
        {
            error = "OpenSSL can't use its first secret";
        }
    }

    if (error) {
        ngx_cpystrn((u_char *) reason, (u_char *) error,
                    NGX_OTTER_KEYRING_REASON_SIZE);

        if (secrets) {
            ngx_explicit_memzero(secrets, size);
            ngx_free(secrets);
        }

        return NULL;
    }

    return secrets;
}


/* a secret a line, with no white space around it; returns what is wrong */

static const char *
ngx_otter_keyring_lines(ngx_otter_turn_secrets_t *secrets, u_char *p,
    u_char *last)
{
    u_char      *end, *next;
    const char  *error;

    for ( /* void */ ; p < last; p = next) {
        end = ngx_strlchr(p, last, '\n');
        next = end ? end + 1 : last;
        end = end ? end : last;

        while (p < end && (*p == ' ' || *p == '\t')) {
            p++;
        }

        while (p < end
               && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r'))
        {
            end--;
        }

        if (p == end) {
            continue;
        }

        error = ngx_otter_keyring_line(secrets, p, end);
        if (error) {
            return error;
        }
    }

    return secrets->n ? NULL : "it has no secret";
}


static const char *
ngx_otter_keyring_line(ngx_otter_turn_secrets_t *secrets, u_char *p,
    u_char *last)
{
    u_char     *ch;
    ngx_str_t  *secret;

    for (ch = p; ch < last; ch++) {
        if (*ch < ' ' || *ch == 0x7f) {
            return "it is not a text file";
        }
    }

    if (last - p > NGX_OTTER_TURN_SECRET_MAX) {
        return "a secret in it is too long";
    }

    if (secrets->n == NGX_OTTER_TURN_SECRETS_MAX) {
        return "it has too many lines";
    }

    secret = &secrets->secrets[secrets->n++];

    secret->data = p;
    secret->len = last - p;

    return NULL;
}
