
/*
 * Copyright (C) Otter contributors
 */

/*
 * Files with secrets: join-token keys, API keys and TURN secrets.  The master
 * reads them while it is still root.  The keeper process, which stays what
 * the master is, reads them again when they change (ngx_otter_keeper.c) and
 * hands their text to the workers through memory that they share
 * (ngx_otter_follow.c).  What is replaced is zeroed.
 */


#ifndef NGX_OTTER_KEYRING_H_INCLUDED
#define NGX_OTTER_KEYRING_H_INCLUDED


#include <ngx_config.h>
#include <ngx_core.h>

#include "otter_apikey.h"
#include "otter_keyset.h"
#include "otter_turn_id.h"


enum {
    NGX_OTTER_KEYRING_FILE_MAX = 4 * 1024 * 1024,
    NGX_OTTER_KEYRING_REASON_SIZE = 192,
    NGX_OTTER_TURN_SECRETS_MAX = 8
};

typedef enum {
    NGX_OTTER_KEYRING_JWT = 0,
    NGX_OTTER_KEYRING_API,
    NGX_OTTER_KEYRING_TURN
} ngx_otter_keyring_kind_e;

typedef struct {
    ngx_uint_t                n;
    size_t                    size;        /* of all of it, in bytes */
    ngx_str_t                 secrets[NGX_OTTER_TURN_SECRETS_MAX];
                                           /* the first one signs */
    otter_turn_seal_t         seal;        /* of the first one */
} ngx_otter_turn_secrets_t;

/* what a file held; one of the three is not NULL */

typedef struct {
    otter_keyset_t            *keyset;
    otter_apikeys_t           *keys;
    ngx_otter_turn_secrets_t  *secrets;
} ngx_otter_keyring_table_t;

/* tells one state of a file from another */

typedef struct {
    ngx_err_t                 err;         /* of stat(), or 0 */
    dev_t                     device;
    ngx_file_uniq_t           inode;
    mode_t                    mode;
    off_t                     size;
    struct timespec           modified;
    struct timespec           changed;
} ngx_otter_keyring_stamp_t;

/*
 * What the keeper writes and the workers read.  The version is odd while the
 * text is being written: who reads copies it, and looks again.
 */

typedef struct {
    ngx_atomic_t              version;
    ngx_atomic_t              announced;   /* version told in the log */
    ngx_atomic_t              failures;
    ngx_atomic_t              lamented;    /* failures told in the log */
    ngx_atomic_t              beat;        /* the keeper was alive then */
    char                      reason[NGX_OTTER_KEYRING_REASON_SIZE];
    size_t                    len;
    u_char                    text[NGX_OTTER_KEYRING_FILE_MAX];
} ngx_otter_keyring_sh_t;

/*
 * The table is replaced when the file changes: nothing of it may be kept
 * from one event to the next.
 */

typedef struct {
    ngx_otter_keyring_kind_e   kind;
    ngx_str_t                  path;       /* empty: there is no file */
    ngx_otter_keyring_table_t  table;
    char                      *jwks;       /* its public halves, as they were
                                              when they were asked for */
    time_t                     jwks_made;
    ngx_otter_keyring_stamp_t  stamp;      /* of the text that was read */
    ngx_uint_t                 looks;      /* the keeper's: more to come */
    ngx_uint_t                 failed;     /* the keeper's: it was told */
    ngx_uint_t                 version;    /* of the table */
    ngx_otter_keyring_sh_t    *sh;         /* NULL: it is not followed */
} ngx_otter_keyring_t;


/*
 * Reads the file (made absolute against the configuration's prefix), to be
 * followed from then on.  NULL after logging file and reason with
 * ngx_conf_log_error() when it is missing, empty, not a regular file,
 * readable or writable by others, too large, or not what it should be.
 */

ngx_otter_keyring_t *ngx_otter_keyring_add(ngx_conf_t *cf, ngx_str_t *path,
    ngx_otter_keyring_kind_e kind);

/* the lines of a file that is not followed */

ngx_otter_turn_secrets_t *ngx_otter_keyring_turn(ngx_conf_t *cf,
    ngx_str_t *path);

/* the random key of a start without a key file; the same on every reload */

ngx_otter_keyring_t *ngx_otter_keyring_random(ngx_conf_t *cf);

/* the public halves as a JWK Set; NULL: no memory */

const char *ngx_otter_keyring_public(ngx_otter_keyring_t *ring);

/*
 * Reads the text of the ring's file, and its stamp.  Returns NULL, or what is
 * wrong: *err is that of open(), or 0.  The text is on the heap, for
 * ngx_otter_keyring_forget().
 */

const char *ngx_otter_keyring_read(ngx_otter_keyring_t *ring, ngx_str_t *text,
    ngx_err_t *err, ngx_log_t *log);
void ngx_otter_keyring_forget(ngx_str_t *text);
void ngx_otter_keyring_stamp(ngx_otter_keyring_stamp_t *stamp,
    ngx_file_info_t *fi);

/* fills in *table; NGX_ERROR: it is not such a text, for this reason */

ngx_int_t ngx_otter_keyring_parse(ngx_otter_keyring_kind_e kind,
    ngx_str_t *text, ngx_otter_keyring_table_t *table, char *reason,
    ngx_log_t *log);
void ngx_otter_keyring_free(ngx_otter_keyring_table_t *table);

/* puts a table in place of the present one, which is zeroed */

void ngx_otter_keyring_replace(ngx_otter_keyring_t *ring,
    ngx_otter_keyring_table_t *table);


#endif /* NGX_OTTER_KEYRING_H_INCLUDED */
