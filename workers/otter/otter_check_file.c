
/*
 * Copyright (C) Otter contributors
 */


#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "otter_apikey.h"
#include "otter_check.h"
#include "otter_file.h"
#include "otter_keyset.h"
#include "otter_time.h"
#include "otter_turn_secret.h"


enum {
    OTTER_CHECK_SECRET_LEAST = 16      /* characters that are not guessed */
};


static void otter_check_missing(otter_check_t *check,
    otter_check_kind_t kind, const char *path, int rc);
static void otter_check_access(otter_check_t *check, const char *path,
    const struct stat *info);
static void otter_check_folder(otter_check_t *check, const char *path);
static void otter_check_api_keys(otter_check_t *check, const char *path,
    const otter_file_t *file);
static unsigned otter_check_is_active(const json_t *key, int64_t now);
static void otter_check_jwt_keys(otter_check_t *check, const char *path,
    const otter_file_t *file);
static void otter_check_turn_secret(otter_check_t *check, const char *path,
    const otter_file_t *file);


/* how to make each of them */

static const char *const  otter_check_makers[] = {
    "otter key create --file",
    "otter secret new --file",
    "umask 077; openssl rand -hex 32 >"
};


void
otter_check_file(otter_check_t *check, otter_check_kind_t kind,
    const char *path)
{
    int           rc;
    char          error[OTTER_FILE_ERROR_SIZE];
    otter_file_t  file;

    rc = otter_file_read(&file, path, error);

    if (rc != 0) {
        otter_check_missing(check, kind, path, rc);
        return;
    }

    otter_check_access(check, path, &file.info);
    otter_check_folder(check, path);

    if (file.len == 0) {
        otter_findings_add(&check->findings, OTTER_FINDING_PROBLEM, path,
                           "it is empty");
        otter_findings_remedy(&check->findings, "Run: %s %s",
                              otter_check_makers[kind], path);

    } else if (kind == OTTER_CHECK_API_KEYS) {
        otter_check_api_keys(check, path, &file);

    } else if (kind == OTTER_CHECK_JWT_KEYS) {
        otter_check_jwt_keys(check, path, &file);

    } else {
        otter_check_turn_secret(check, path, &file);
    }

    otter_file_free(&file);
}


static void
otter_check_missing(otter_check_t *check, otter_check_kind_t kind,
    const char *path, int rc)
{
    otter_findings_add(&check->findings, OTTER_FINDING_PROBLEM, path, "%s",
                       otter_file_reason(rc));

    if (rc == EACCES) {
        otter_findings_remedy(&check->findings, "Run this as root, or as the "
                              "owner of the file");

    } else if (rc == ENOENT) {
        otter_findings_remedy(&check->findings, "Run: %s %s",
                              otter_check_makers[kind], path);

    } else {
        otter_findings_remedy(&check->findings, "Name a file that was made "
                              "with: %s FILE", otter_check_makers[kind]);
    }
}


/* nginx reads it as root: nobody else has to */

static void
otter_check_access(otter_check_t *check, const char *path,
    const struct stat *info)
{
    const char  *what;

    what = NULL;

    if (info->st_mode & S_IWOTH) {
        what = "everyone may write it";

    } else if (info->st_mode & S_IROTH) {
        what = "everyone may read it";

    } else if (info->st_mode & S_IWGRP) {
        what = "its group may write it";
    }

    if (what) {
        otter_findings_add(&check->findings, OTTER_FINDING_PROBLEM, path,
                           "%s", what);
        otter_findings_remedy(&check->findings, "Run: chmod 600 %s%s", path,
                              info->st_mode & S_IROTH
                              ? "; and replace what has been read" : "");
    }

    if (info->st_uid != 0 && info->st_uid != geteuid()) {
        otter_findings_add(&check->findings, OTTER_FINDING_PROBLEM, path,
                           "it belongs to user %u, who may change it",
                           (unsigned) info->st_uid);
        otter_findings_remedy(&check->findings, "Run: chown root: %s", path);
    }
}


static void
otter_check_folder(otter_check_t *check, const char *path)
{
    char         folder[PATH_MAX];
    const char  *slash;
    struct stat  info;

    slash = strrchr(path, '/');

    snprintf(folder, sizeof(folder), "%.*s",
             slash == NULL ? 1 : slash == path ? 1 : (int) (slash - path),
             slash == NULL ? "." : path);

    if (stat(folder, &info) == -1) {
        return;
    }

    if ((info.st_mode & S_IWOTH) && !(info.st_mode & S_ISVTX)) {
        otter_findings_add(&check->findings, OTTER_FINDING_PROBLEM, folder,
                           "everyone may replace the files in this folder");
        otter_findings_remedy(&check->findings, "Run: chmod o-w %s", folder);
    }
}


static void
otter_check_api_keys(otter_check_t *check, const char *path,
    const otter_file_t *file)
{
    char              error[OTTER_APIKEY_ERROR_SIZE];
    size_t            i, n, active;
    json_t           *root, *list;
    otter_apikeys_t  *keys;

    keys = otter_apikeys_parse(file->data, file->len, error);

    if (keys == NULL) {
        otter_findings_add(&check->findings, OTTER_FINDING_PROBLEM, path,
                           "%s", error);
        otter_findings_remedy(&check->findings, "Correct it, or move it away "
                              "and run: otter key create --file %s", path);
        return;
    }

    otter_apikeys_free(keys);

    root = json_loadb(file->data, file->len, 0, NULL);
    list = json_object_get(root, "keys");

    n = json_array_size(list);
    active = 0;

    for (i = 0; i < n; i++) {
        active += otter_check_is_active(json_array_get(list, i), time(NULL));
    }

    json_decref(root);

    if (active == 0) {
        otter_findings_add(&check->findings, OTTER_FINDING_WARNING, path,
                           "it has no active API key");
        otter_findings_remedy(&check->findings,
                              "Run: otter key create --file %s", path);
        return;
    }

    otter_findings_add(&check->findings, OTTER_FINDING_OK, path,
                       "%zu API key%s, %zu active", n, n == 1 ? "" : "s",
                       active);
}


static unsigned
otter_check_is_active(const json_t *key, int64_t now)
{
    const json_t  *expires;

    if (json_object_get(key, "revoked_at")) {
        return 0;
    }

    expires = json_object_get(key, "expires_at");

    return expires == NULL
           || otter_time_parse((const unsigned char *)
                                   json_string_value(expires),
                               json_string_length(expires))
              > now;
}


static void
otter_check_jwt_keys(otter_check_t *check, const char *path,
    const otter_file_t *file)
{
    char                error[OTTER_KEYSET_ERROR_SIZE];
    otter_keyset_t     *set;
    const otter_key_t  *key;

    set = otter_keyset_parse(file->data, file->len, error);

    if (set == NULL) {
        otter_findings_add(&check->findings, OTTER_FINDING_PROBLEM, path,
                           "%s", error);
        otter_findings_remedy(&check->findings, "Correct it, or move it away "
                              "and run: otter secret new --file %s", path);
        return;
    }

    key = otter_keyset_signer(set, time(NULL));

    if (key && otter_key_end(key)
        && otter_keyset_signer(set, otter_key_end(key)) == NULL)
    {
        otter_findings_add(&check->findings, OTTER_FINDING_WARNING, path,
                           "the key \"%s\", which signs, has an end, and no "
                           "key follows", otter_key_kid(key));
        otter_findings_remedy(&check->findings,
                              "Run: otter secret rotate --file %s", path);
    } else if (key) {
        otter_findings_add(&check->findings, OTTER_FINDING_OK, path,
                           "tokens are signed with the key \"%s\"",
                           otter_key_kid(key));
    } else {
        otter_findings_add(&check->findings, OTTER_FINDING_PROBLEM, path,
                           "none of its keys can sign");
        otter_findings_remedy(&check->findings,
                              "Run: otter secret new --file %s", path);
    }

    otter_keyset_free(set);
}


static void
otter_check_turn_secret(otter_check_t *check, const char *path,
    const otter_file_t *file)
{
    size_t         n;
    const char    *error;
    otter_span_t   secrets[OTTER_TURN_SECRETS_MAX];

    n = otter_turn_secrets(secrets, file->data, file->len, &error);

    if (n == 0) {
        otter_findings_add(&check->findings, OTTER_FINDING_PROBLEM, path,
                           "%s", error);
        otter_findings_remedy(&check->findings, "Run: umask 077; openssl rand "
                              "-hex 32 > %s", path);

    } else if (secrets[0].len < OTTER_CHECK_SECRET_LEAST) {
        otter_findings_add(&check->findings, OTTER_FINDING_WARNING, path,
                           "a secret of %zu characters can be guessed",
                           secrets[0].len);
        otter_findings_remedy(&check->findings, "Put one from \"openssl rand "
                              "-hex 32\" into its first line, and into "
                              "coturn's static-auth-secret");
    } else {
        otter_findings_add(&check->findings, OTTER_FINDING_OK, path,
                           "%zu TURN secret%s", n, n == 1 ? "" : "s");
    }
}
