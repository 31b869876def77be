
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/crypto.h>

#include "otter_cmd.h"
#include "otter_keyset.h"
#include "otter_random.h"
#include "otter_store.h"


enum {
    OTTER_SECRET_KID_SIZE = 32
};


static int otter_secret_new(const otter_cmd_t *cmd, int argc, char **argv);
static int otter_secret_alg(const char *name, otter_alg_t *alg);
static int otter_secret_kid_valid(const char *kid);
static int otter_secret_kid_make(char *kid);
static int otter_secret_add(const otter_cmd_t *cmd, const char *path,
    otter_alg_t alg, const char *kid);
static json_t *otter_secret_generate(otter_alg_t alg, const char *kid);
static int otter_secret_list(const otter_cmd_t *cmd, int argc, char **argv);
static json_t *otter_secret_rows(const otter_store_t *store);
static json_t *otter_secret_row(const json_t *key, unsigned *signer);


static const char *const  otter_secret_algs[] = { "HS256", "ES256", "EdDSA" };


const otter_cmd_t  otter_cmd_secret_new = {
    "secret", "new", "adds a key that signs join tokens",
    "secret new --file F [OPTION...]\n"
    "\n"
    "Adds a signing key to the JWK Set F (otter_jwt_key_file), which is made\n"
    "if it is not there, and puts it first: it signs from the next reload of\n"
    "nginx on.  The others go on verifying.\n"
    "\n"
    "  --file F          the JWK Set\n"
    "  --alg ALG         HS256, ES256 or EdDSA (default: HS256)\n"
    "  --kid K           the key's name: 1 to 128 characters of ASCII\n"
    "                    (default: one with the date)\n"
    "  --json            print {\"kid\",\"alg\"}",
    otter_secret_new
};


const otter_cmd_t  otter_cmd_secret_list = {
    "secret", "list", "shows the keys that sign join tokens",
    "secret list --file F [--json]\n"
    "\n"
    "  --file F          the JWK Set\n"
    "  --json            print {\"keys\":[{\"kid\",\"alg\",\"use\"}...]}",
    otter_secret_list
};


static int
otter_secret_new(const otter_cmd_t *cmd, int argc, char **argv)
{
    int           rc;
    char          made[OTTER_SECRET_KID_SIZE];
    const char   *file, *name, *kid;
    otter_alg_t   alg;

    otter_option_t  options[] = {
        { "file", &file, 1, 0 },
        { "alg", &name, 1, 0 },
        { "kid", &kid, 1, 0 },
        { "json", NULL, 0, 0 },
        { NULL, NULL, 0, 0 }
    };

    file = kid = NULL;
    name = "HS256";

    if (otter_cmd_options(cmd, options, argc, argv, NULL, 0) != 0) {
        return OTTER_EXIT_USAGE;
    }

    if (file == NULL) {
        return otter_cmd_misused(cmd, "--file is missing");
    }

    if (otter_secret_alg(name, &alg) != 0) {
        return otter_cmd_misused(cmd, "--alg must be HS256, ES256 or EdDSA");
    }

    if (kid == NULL) {
        if (otter_secret_kid_make(made) != 0) {
            return otter_cmd_refused(cmd, "there is no randomness");
        }

        kid = made;

    } else if (!otter_secret_kid_valid(kid)) {
        return otter_cmd_misused(cmd, "--kid must be 1 to 128 characters of "
                                 "printable ASCII");
    }

    rc = otter_secret_add(cmd, file, alg, kid);

    if (rc != OTTER_EXIT_OK) {
        return rc;
    }

    if (options[3].count) {
        return otter_cmd_json(cmd, json_pack("{ss ss}", "kid", kid,
                                             "alg", otter_secret_algs[alg]));
    }

    printf("%s\n", kid);
    otter_cmd_note("The %s key \"%s\" signs from the next reload of nginx on.",
                   otter_secret_algs[alg], kid);

    return OTTER_EXIT_OK;
}


static int
otter_secret_alg(const char *name, otter_alg_t *alg)
{
    size_t  i;

    for (i = 0; i < sizeof(otter_secret_algs) / sizeof(char *); i++) {
        if (strcmp(name, otter_secret_algs[i]) == 0) {
            *alg = (otter_alg_t) i;
            return 0;
        }
    }

    return -1;
}


static int
otter_secret_kid_valid(const char *kid)
{
    const char  *p;

    for (p = kid; *p; p++) {
        if (*p < 0x20 || *p > 0x7e) {
            return 0;
        }
    }

    return p > kid && p - kid <= OTTER_KID_MAX;
}


/* the date tells a person which is which */

static int
otter_secret_kid_make(char *kid)
{
    time_t         now;
    struct tm      tm;
    unsigned char  name[4];

    now = time(NULL);

    if (gmtime_r(&now, &tm) == NULL
        || otter_random_name(name, sizeof(name)) != 0)
    {
        return -1;
    }

    snprintf(kid, OTTER_SECRET_KID_SIZE, "%04d-%02d-%02d-%.4s",
             (tm.tm_year + 1900) % 10000, (tm.tm_mon + 1) % 100,
             tm.tm_mday % 100, (char *) name);

    return 0;
}


static int
otter_secret_add(const otter_cmd_t *cmd, const char *path, otter_alg_t alg,
    const char *kid)
{
    int             rc;
    char            error[OTTER_FILE_ERROR_SIZE];
    otter_store_t   store;

    if (otter_store_edit(&store, OTTER_STORE_SIGNING_KEYS, path, error) != 0)
    {
        return otter_cmd_refused(cmd, "%s", error);
    }

    rc = OTTER_EXIT_OK;

    if (otter_store_find(&store, "kid", kid)) {
        rc = otter_cmd_refused(cmd, "%s has a key \"%s\" already", path, kid);

    } else if (json_array_insert_new(store.keys, 0,
                                     otter_secret_generate(alg, kid))
               != 0)
    {
        rc = otter_cmd_refused(cmd, "the key cannot be made");

    } else if (otter_store_save(&store, error) != 0) {
        rc = otter_cmd_refused(cmd, "%s", error);
    }

    otter_store_close(&store);

    return rc;
}


static json_t *
otter_secret_generate(otter_alg_t alg, const char *kid)
{
    char    *text;
    size_t   len;
    json_t  *key;

    text = otter_key_generate(alg, kid);
    if (text == NULL) {
        return NULL;
    }

    len = strlen(text);
    key = json_loadb(text, len, 0, NULL);

    OPENSSL_cleanse(text, len);
    free(text);

    return key;
}


static int
otter_secret_list(const otter_cmd_t *cmd, int argc, char **argv)
{
    char            error[OTTER_FILE_ERROR_SIZE];
    json_t         *rows;
    const char     *file;
    otter_store_t   store;

    otter_option_t  options[] = {
        { "file", &file, 1, 0 },
        { "json", NULL, 0, 0 },
        { NULL, NULL, 0, 0 }
    };

    static const char *const  columns[] = { "kid", "alg", "use" };

    file = NULL;

    if (otter_cmd_options(cmd, options, argc, argv, NULL, 0) != 0) {
        return OTTER_EXIT_USAGE;
    }

    if (file == NULL) {
        return otter_cmd_misused(cmd, "--file is missing");
    }

    if (otter_store_read(&store, OTTER_STORE_SIGNING_KEYS, file, error) != 0)
    {
        return otter_cmd_refused(cmd, "%s", error);
    }

    rows = otter_secret_rows(&store);

    otter_store_close(&store);

    if (rows == NULL) {
        return otter_cmd_refused(cmd, "no memory");
    }

    if (options[1].count) {
        return otter_cmd_json(cmd, json_pack("{so}", "keys", rows));
    }

    otter_cmd_table(rows, columns, sizeof(columns) / sizeof(columns[0]));
    json_decref(rows);

    return OTTER_EXIT_OK;
}


static json_t *
otter_secret_rows(const otter_store_t *store)
{
    size_t     i;
    json_t    *rows, *row;
    unsigned   signer;

    signer = 0;
    rows = json_array();

    for (i = 0; i < json_array_size(store->keys); i++) {
        row = otter_secret_row(json_array_get(store->keys, i), &signer);

        if (json_array_append_new(rows, row) != 0) {
            json_decref(rows);
            return NULL;
        }
    }

    return rows;
}


/* the first private key signs */

static json_t *
otter_secret_row(const json_t *key, unsigned *signer)
{
    const char  *alg, *kty, *use;

    kty = json_string_value(json_object_get(key, "kty"));

    alg = strcmp(kty, "oct") == 0 ? "HS256"
          : strcmp(kty, "EC") == 0 ? "ES256" : "EdDSA";

    use = "verifies";

    if (!*signer && (json_object_get(key, "d") || json_object_get(key, "k")))
    {
        use = "signs";
        *signer = 1;
    }

    return json_pack("{sO ss ss}", "kid", json_object_get(key, "kid"),
                     "alg", alg, "use", use);
}
