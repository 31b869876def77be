
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <time.h>

#include "otter_secret.h"


static int otter_secret_new(const otter_cmd_t *cmd, int argc, char **argv);
static int otter_secret_add(const otter_cmd_t *cmd, const char *path,
    otter_alg_t alg, const char *kid);
static int otter_secret_list(const otter_cmd_t *cmd, int argc, char **argv);
static json_t *otter_secret_rows(const otter_store_t *store);
static json_t *otter_secret_row(const json_t *key, const json_t *signer,
    int64_t now);


const otter_cmd_t  otter_cmd_secret_new = {
    "secret", "new", "adds a key that signs join tokens",
    "secret new --file F [OPTION...]\n"
    "\n"
    "Adds a signing key to the JWK Set F (otter_jwt_key_file), which is made\n"
    "if it is not there, and puts it first: it signs from now on.  The others\n"
    "go on verifying.\n"
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
    "  --json            print {\"keys\":[{\"kid\",\"alg\",\"use\",...}]}",
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

    rc = otter_secret_kid(cmd, &kid, made);

    if (rc == OTTER_EXIT_OK) {
        rc = otter_secret_add(cmd, file, alg, kid);
    }

    if (rc != OTTER_EXIT_OK) {
        return rc;
    }

    if (options[3].count) {
        return otter_cmd_json(cmd, json_pack("{ss ss}", "kid", kid, "alg",
                                             otter_secret_alg_name(alg)));
    }

    printf("%s\n", kid);
    otter_cmd_note("The %s key \"%s\" signs from now on.",
                   otter_secret_alg_name(alg), kid);

    return OTTER_EXIT_OK;
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
                                     otter_secret_generate(alg, kid, 0))
               != 0)
    {
        rc = otter_cmd_refused(cmd, "the key cannot be made");

    } else if (otter_store_save(&store, error) != 0) {
        rc = otter_cmd_refused(cmd, "%s", error);
    }

    otter_store_close(&store);

    return rc;
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

    static const char *const  columns[] = {
        "kid", "alg", "use", "signs_from", "verifies_until"
    };

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
    size_t         i;
    int64_t        now;
    json_t        *rows, *row;
    const json_t  *signer;

    now = time(NULL);
    rows = json_array();
    signer = otter_secret_signer(store, now);

    for (i = 0; i < json_array_size(store->keys); i++) {
        row = otter_secret_row(json_array_get(store->keys, i), signer, now);

        if (json_array_append_new(rows, row) != 0) {
            json_decref(rows);
            return NULL;
        }
    }

    return rows;
}


static json_t *
otter_secret_row(const json_t *key, const json_t *signer, int64_t now)
{
    int           rc;
    size_t        i;
    json_t       *row, *value;
    int64_t       until;
    const char   *use;

    static const char *const  times[][2] = {
        { "created_at", "otter_created_at" },
        { "signs_from", "otter_signs_from" },
        { "verifies_until", "otter_verifies_until" }
    };

    until = otter_secret_time(key, "otter_verifies_until");

    use = until && until <= now ? "retired"
          : key == signer ? "signs"
          : otter_secret_time(key, "otter_signs_from") > now ? "next"
          : "verifies";

    row = json_pack("{sO ss ss}", "kid", json_object_get(key, "kid"), "alg",
                    otter_secret_alg_name(otter_secret_alg_of(key)),
                    "use", use);
    rc = 0;

    for (i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        value = json_object_get(key, times[i][1]);

        if (value) {
            rc |= json_object_set(row, times[i][0], value);
        }
    }

    if (rc != 0) {
        json_decref(row);
        return NULL;
    }

    return row;
}
