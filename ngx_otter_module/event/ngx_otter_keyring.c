
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_keyring.h"


enum {
    NGX_OTTER_TURN_SECRET_MAX = 511    /* coturn takes no longer one */
};


/* the random key, and by how many servers of living cycles it is used */

typedef struct {
    otter_keyset_t  *set;
    ngx_uint_t       uses;
} ngx_otter_keyring_shared_t;


static ngx_int_t ngx_otter_keyring_read(ngx_conf_t *cf, ngx_str_t *path,
    ngx_str_t *text);
static const char *ngx_otter_keyring_check(ngx_file_info_t *fi);
static void ngx_otter_keyring_forget(ngx_str_t *text);
static void ngx_otter_keyring_refuse(ngx_conf_t *cf, ngx_str_t *path,
    const char *reason);
static const char *ngx_otter_keyring_secrets(ngx_conf_t *cf,
    ngx_str_t *text, ngx_otter_turn_secrets_t *secrets);
static const char *ngx_otter_keyring_secret(ngx_conf_t *cf, u_char *data,
    size_t len, ngx_otter_turn_secrets_t *secrets);
static void ngx_otter_keyring_jwt_cleanup(void *data);
static void ngx_otter_keyring_api_cleanup(void *data);
static void ngx_otter_keyring_random_cleanup(void *data);
static void ngx_otter_keyring_turn_cleanup(void *data);


static ngx_otter_keyring_shared_t  ngx_otter_keyring_shared;


otter_keyset_t *
ngx_otter_keyring_jwt(ngx_conf_t *cf, ngx_str_t *path)
{
    char                 error[OTTER_KEYSET_ERROR_SIZE];
    ngx_str_t            text;
    otter_keyset_t      *set;
    ngx_pool_cleanup_t  *cln;

    cln = ngx_pool_cleanup_add(cf->pool, 0);
    if (cln == NULL || ngx_otter_keyring_read(cf, path, &text) != NGX_OK) {
        return NULL;
    }

    set = otter_keyset_parse((char *) text.data, text.len, error);

    ngx_otter_keyring_forget(&text);

    if (set == NULL) {
        ngx_otter_keyring_refuse(cf, path, error);
        return NULL;
    }

    cln->handler = ngx_otter_keyring_jwt_cleanup;
    cln->data = set;

    if (otter_keyset_signer(set) == NULL) {
        ngx_conf_log_error(NGX_LOG_WARN, cf, 0,
                           "\"%V\" has public keys alone: tokens are "
                           "verified, but none can be issued", path);
    }

    return set;
}


otter_apikeys_t *
ngx_otter_keyring_api(ngx_conf_t *cf, ngx_str_t *path)
{
    char                 error[OTTER_APIKEY_ERROR_SIZE];
    ngx_str_t            text;
    otter_apikeys_t     *keys;
    ngx_pool_cleanup_t  *cln;

    cln = ngx_pool_cleanup_add(cf->pool, 0);
    if (cln == NULL || ngx_otter_keyring_read(cf, path, &text) != NGX_OK) {
        return NULL;
    }

    keys = otter_apikeys_parse((char *) text.data, text.len, error);

    ngx_otter_keyring_forget(&text);

    if (keys == NULL) {
        ngx_otter_keyring_refuse(cf, path, error);
        return NULL;
    }

    cln->handler = ngx_otter_keyring_api_cleanup;
    cln->data = keys;

    return keys;
}


ngx_otter_turn_secrets_t *
ngx_otter_keyring_turn(ngx_conf_t *cf, ngx_str_t *path)
{
    ngx_str_t                  text;
    const char                *error;
    ngx_pool_cleanup_t        *cln;
    ngx_otter_turn_secrets_t  *secrets;

    cln = ngx_pool_cleanup_add(cf->pool, sizeof(ngx_otter_turn_secrets_t));
    if (cln == NULL) {
        return NULL;
    }

    secrets = cln->data;
    ngx_memzero(secrets, sizeof(ngx_otter_turn_secrets_t));

    cln->handler = ngx_otter_keyring_turn_cleanup;

    if (ngx_otter_keyring_read(cf, path, &text) != NGX_OK) {
        return NULL;
    }

    error = ngx_otter_keyring_secrets(cf, &text, secrets);

    ngx_otter_keyring_forget(&text);

    if (error) {
        ngx_otter_keyring_refuse(cf, path, error);
        return NULL;
    }

    return secrets;
}


/* a secret a line, with no white space around it; returns what is wrong */

static const char *
ngx_otter_keyring_secrets(ngx_conf_t *cf, ngx_str_t *text,
    ngx_otter_turn_secrets_t *secrets)
{
    u_char      *p, *last, *end, *next;
    const char  *error;

    p = text->data;
    last = p + text->len;

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

        error = ngx_otter_keyring_secret(cf, p, end - p, secrets);
        if (error) {
            return error;
        }
    }

    return secrets->n ? NULL : "it has no secret";
}


static const char *
ngx_otter_keyring_secret(ngx_conf_t *cf, u_char *data, size_t len,
    ngx_otter_turn_secrets_t *secrets)
{
    size_t      i;
    ngx_str_t  *secret;

    for (i = 0; i < len; i++) {
        if (data[i] < ' ' || data[i] == 0x7f) {
            return "it is not a text file";
        }
    }

    if (len > NGX_OTTER_TURN_SECRET_MAX) {
        return "a secret in it is too long";
    }

    if (secrets->n == NGX_OTTER_TURN_SECRETS_MAX) {
        return "it has too many lines";
    }

    secret = &secrets->secrets[secrets->n];

    secret->data = ngx_pnalloc(cf->pool, len);
    if (secret->data == NULL) {
        return "there is no memory for it";
    }

    secret->len = len;
    ngx_memcpy(secret->data, data, len);

    secrets->n++;

    return NULL;
}


/*
 * Tokens outlive a reload: the configuration that follows takes the key over
 * before the one that had it is released.
 */

otter_keyset_t *
ngx_otter_keyring_random(ngx_conf_t *cf)
{
    ngx_pool_cleanup_t  *cln;

    cln = ngx_pool_cleanup_add(cf->pool, 0);
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

    cln->handler = ngx_otter_keyring_random_cleanup;
    cln->data = &ngx_otter_keyring_shared;

    return ngx_otter_keyring_shared.set;
}


/* *text is on the heap, and for ngx_otter_keyring_forget() */

static ngx_int_t
ngx_otter_keyring_read(ngx_conf_t *cf, ngx_str_t *path, ngx_str_t *text)
{
    ssize_t           n;
    ngx_fd_t          fd;
    ngx_file_t        file;
    const char       *error;
    ngx_file_info_t   fi;

    if (ngx_conf_full_name(cf->cycle, path, 1) != NGX_OK) {
        return NGX_ERROR;
    }

    /* a FIFO would wait for a writer otherwise */

    fd = ngx_open_file(path->data, NGX_FILE_RDONLY|NGX_FILE_NONBLOCK,
                       NGX_FILE_OPEN, 0);

    if (fd == NGX_INVALID_FILE) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           ngx_open_file_n " \"%V\" failed", path);
        return NGX_ERROR;
    }

    error = "it could not be read";
    text->data = NULL;

    if (ngx_fd_info(fd, &fi) != NGX_FILE_ERROR) {
        error = ngx_otter_keyring_check(&fi);
    }

    if (error == NULL) {
        error = "it could not be read";

        text->len = (size_t) ngx_file_size(&fi);
        text->data = ngx_alloc(text->len, cf->log);
    }

    if (text->data) {
        ngx_memzero(&file, sizeof(ngx_file_t));

        file.fd = fd;
        file.name = *path;
        file.log = cf->log;

        n = ngx_read_file(&file, text->data, text->len, 0);

        if (n == (ssize_t) text->len) {
            error = NULL;

        } else {
            ngx_otter_keyring_forget(text);
        }
    }

    if (ngx_close_file(fd) == NGX_FILE_ERROR) {
        ngx_conf_log_error(NGX_LOG_ALERT, cf, ngx_errno,
                           ngx_close_file_n " \"%V\" failed", path);
    }

    if (error) {
        ngx_otter_keyring_refuse(cf, path, error);
        return NGX_ERROR;
    }

    return NGX_OK;
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


static void
ngx_otter_keyring_forget(ngx_str_t *text)
{
    ngx_explicit_memzero(text->data, text->len);
    ngx_free(text->data);

    text->data = NULL;
}


static void
ngx_otter_keyring_refuse(ngx_conf_t *cf, ngx_str_t *path, const char *reason)
{
    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\" can't be used: %s",
                       path, reason);
}


static void
ngx_otter_keyring_jwt_cleanup(void *data)
{
    otter_keyset_free(data);
}


static void
ngx_otter_keyring_api_cleanup(void *data)
{
    otter_apikeys_free(data);
}


static void
ngx_otter_keyring_random_cleanup(void *data)
{
    ngx_otter_keyring_shared_t  *shared = data;

    if (--shared->uses == 0) {
        otter_keyset_free(shared->set);
        shared->set = NULL;
    }
}


static void
ngx_otter_keyring_turn_cleanup(void *data)
{
    ngx_uint_t                 i;
    ngx_otter_turn_secrets_t  *secrets = data;

    for (i = 0; i < secrets->n; i++) {
        ngx_explicit_memzero(secrets->secrets[i].data,
                             secrets->secrets[i].len);
    }
}
