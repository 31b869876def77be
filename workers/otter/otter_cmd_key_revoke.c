
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <time.h>

#include "otter_cmd.h"
#include "otter_store.h"


static int otter_key_revoke(const otter_cmd_t *cmd, int argc, char **argv);
static json_t *otter_key_mark(const otter_cmd_t *cmd, const char *path,
    const char *id);


const otter_cmd_t  otter_cmd_key_revoke = {
    "key", "revoke", "revokes an API key",
    "key revoke ID --file F [--json]\n"
    "\n"
    "Marks the key as revoked; nginx refuses it after the next reload.\n"
    "\n"
    "  --file F          the file of API keys\n"
    "  --json            print {\"id\",\"revoked_at\"}",
    otter_key_revoke
};


static int
otter_key_revoke(const otter_cmd_t *cmd, int argc, char **argv)
{
    json_t      *marked;
    const char  *file, *id;

    otter_option_t  options[] = {
        { "file", &file, 1, 0 },
        { "json", NULL, 0, 0 },
        { NULL, NULL, 0, 0 }
    };

    file = NULL;

    if (otter_cmd_options(cmd, options, argc, argv, &id, 1) != 0) {
        return OTTER_EXIT_USAGE;
    }

    if (file == NULL) {
        return otter_cmd_misused(cmd, "--file is missing");
    }

    marked = otter_key_mark(cmd, file, id);

    if (marked == NULL) {
        return OTTER_EXIT_REFUSED;
    }

    if (options[1].count) {
        return otter_cmd_json(cmd, marked);
    }

    otter_cmd_note("The key \"%s\" is revoked since %s.  Reload nginx to "
                   "have it refused.", id,
                   json_string_value(json_object_get(marked, "revoked_at")));
    json_decref(marked);

    return OTTER_EXIT_OK;
}


/* a key keeps the time of its first revocation */

static json_t *
otter_key_mark(const otter_cmd_t *cmd, const char *path, const char *id)
{
    char            error[OTTER_FILE_ERROR_SIZE];
    json_t         *key, *result;
    otter_store_t   store;

    if (otter_store_edit(&store, OTTER_STORE_API_KEYS, path, error) != 0) {
        (void) otter_cmd_refused(cmd, "%s", error);
        return NULL;
    }

    result = NULL;
    key = otter_store_find(&store, "id", id);

    snprintf(error, sizeof(error), "no memory");

    if (key == NULL) {
        (void) otter_cmd_refused(cmd, "%s has no key \"%s\"", path, id);

    } else if (json_object_get(key, "revoked_at") == NULL
               && (json_object_set_new(key, "revoked_at",
                                       otter_cmd_time(time(NULL)))
                   != 0
                   || otter_store_save(&store, error) != 0))
    {
        (void) otter_cmd_refused(cmd, "%s", error);

    } else {
        result = json_pack("{ss sO}", "id", id, "revoked_at",
                           json_object_get(key, "revoked_at"));
    }

    otter_store_close(&store);

    return result;
}
