
/*
 * Copyright (C) Otter contributors
 */

/*
 * Files with secrets, read by the master while it is still root: join-token
 * keys, API keys and TURN secrets.  What they hold is released, and zeroed,
 * with the cycle's pool.
 */


#ifndef NGX_OTTER_KEYRING_H_INCLUDED
#define NGX_OTTER_KEYRING_H_INCLUDED


#include <ngx_config.h>
#include <ngx_core.h>

#include "otter_apikey.h"
#include "otter_keyset.h"


enum {
    NGX_OTTER_KEYRING_FILE_MAX = 4 * 1024 * 1024,
    NGX_OTTER_TURN_SECRETS_MAX = 8
};

typedef struct {
    ngx_uint_t            n;
    ngx_str_t             secrets[NGX_OTTER_TURN_SECRETS_MAX];
                                          /* the first one signs */
} ngx_otter_turn_secrets_t;


/*
 * Each reads the file (made absolute against the configuration's prefix) and
 * returns NULL after logging file and reason with ngx_conf_log_error() when
 * it is missing, empty, not a regular file, readable or writable by others,
 * too large, or not what it should be.
 */

otter_keyset_t *ngx_otter_keyring_jwt(ngx_conf_t *cf, ngx_str_t *path);
otter_apikeys_t *ngx_otter_keyring_api(ngx_conf_t *cf, ngx_str_t *path);
ngx_otter_turn_secrets_t *ngx_otter_keyring_turn(ngx_conf_t *cf,
    ngx_str_t *path);

/* the random key of a start without a key file; the same on every reload */

otter_keyset_t *ngx_otter_keyring_random(ngx_conf_t *cf);


#endif /* NGX_OTTER_KEYRING_H_INCLUDED */
