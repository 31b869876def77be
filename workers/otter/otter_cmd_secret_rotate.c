
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <time.h>

#include "otter_secret.h"


enum {
    OTTER_ROTATE_DELAY = 10 * 60,          /* twice as long as jwks.json may be
                                              kept by caches */
    OTTER_ROTATE_OVERLAP = 24 * 3600,      /* otter_token_max_ttl */
    OTTER_ROTATE_SKEW = 60                 /* of the clocks of hosts */
};

typedef struct {
    const char    *file;
    const char    *alg;                    /* NULL: as before */
    const char    *kid;
    int64_t        delay;
    int64_t        overlap;
    int64_t        age;                    /* 0: rotate in any case */
    int64_t        now;
    unsigned       json:1;
} otter_rotate_t;


static int otter_secret_rotate(const otter_cmd_t *cmd, int argc,
    char **argv);
static int otter_rotate_duration(const otter_cmd_t *cmd, const char *name,
    const char *text, int64_t *seconds);
static int otter_rotate_file(const otter_cmd_t *cmd, otter_rotate_t *r);
static int otter_rotate_store(const otter_cmd_t *cmd, otter_rotate_t *r,
    otter_store_t *store);
static int otter_rotate_keys(const otter_cmd_t *cmd, otter_rotate_t *r,
    otter_store_t *store, json_t *signer, json_t **answer);
static void otter_rotate_forget(otter_store_t *store, int64_t now);
static const json_t *otter_rotate_pending(const otter_store_t *store,
    int64_t now);
static int otter_rotate_recent(const otter_rotate_t *r,
    const json_t *signer);
static int otter_rotate_show(const otter_cmd_t *cmd, const otter_rotate_t *r,
    json_t *answer);


const otter_cmd_t  otter_cmd_secret_rotate = {
    "secret", "rotate", "replaces the key that signs join tokens",
    "secret rotate --file F [OPTION...]\n"
    "\n"
    "Adds a key to the JWK Set F (otter_jwt_key_file) that only verifies at\n"
    "first, signs after a delay, when every server knows it, and retires the\n"
    "key that has signed until then once its last token has ended.  nginx\n"
    "does all of it by the times in the file.  Keys that have retired are\n"
    "taken out of the file by the next rotation.\n"
    "\n"
    "  --file F          the JWK Set\n"
    "  --alg ALG         HS256, ES256 or EdDSA (default: as the present key)\n"
    "  --kid K           the new key's name (default: one with the date)\n"
    "  --delay D         until the new key signs (default: 10m)\n"
    "  --overlap D       how long tokens live at most, which is what\n"
    "                    otter_token_max_ttl says (default: 24h)\n"
    "  --if-older-than D do nothing when the present key is younger; for a\n"
    "                    timer that calls this often\n"
    "  --json            print {\"rotated\",\"kid\",\"alg\",\"signs_from\",\n"
    "                    \"retires\":{\"kid\",\"verifies_until\"}}",
    otter_secret_rotate
};


static int
otter_secret_rotate(const otter_cmd_t *cmd, int argc, char **argv)
{
    const char      *delay, *overlap, *age;
    otter_rotate_t   r;

    otter_option_t  options[] = {
        { "file", &r.file, 1, 0 },
        { "alg", &r.alg, 1, 0 },
        { "kid", &r.kid, 1, 0 },
        { "delay", &delay, 1, 0 },
        { "overlap", &overlap, 1, 0 },
        { "if-older-than", &age, 1, 0 },
        { "json", NULL, 0, 0 },
        { NULL, NULL, 0, 0 }
    };

    r = (otter_rotate_t) {
        .delay = OTTER_ROTATE_DELAY,
        .overlap = OTTER_ROTATE_OVERLAP,
        .now = time(NULL)
    };

    delay = overlap = age = NULL;

    if (otter_cmd_options(cmd, options, argc, argv, NULL, 0) != 0) {
        return OTTER_EXIT_USAGE;
    }

    r.json = options[6].count != 0;

    if (r.file == NULL) {
        return otter_cmd_misused(cmd, "--file is missing");
    }

    if (otter_rotate_duration(cmd, "delay", delay, &r.delay) != 0
        || otter_rotate_duration(cmd, "overlap", overlap, &r.overlap) != 0
        || otter_rotate_duration(cmd, "if-older-than", age, &r.age) != 0)
    {
        return OTTER_EXIT_USAGE;
    }

    return otter_rotate_file(cmd, &r);
}


static int
otter_rotate_duration(const otter_cmd_t *cmd, const char *name,
    const char *text, int64_t *seconds)
{
    int64_t  n;

    if (text == NULL) {
        return 0;
    }

    n = otter_option_duration(text);

    if (n == -1) {
        return otter_cmd_misused(cmd, "--%s must be a number of seconds, or "
                                 "as 10m, 12h, 30d", name);
    }

    *seconds = n;

    return 0;
}


static int
otter_rotate_file(const otter_cmd_t *cmd, otter_rotate_t *r)
{
    int             rc;
    char            made[OTTER_SECRET_KID_SIZE];
    char            error[OTTER_FILE_ERROR_SIZE];
    otter_alg_t     alg;
    otter_store_t   store;

    if (r->alg && otter_secret_alg(r->alg, &alg) != 0) {
        return otter_cmd_misused(cmd, "--alg must be HS256, ES256 or EdDSA");
    }

    rc = otter_secret_kid(cmd, &r->kid, made);
    if (rc != OTTER_EXIT_OK) {
        return rc;
    }

    if (otter_store_edit(&store, OTTER_STORE_SIGNING_KEYS, r->file, error)
        != 0)
    {
        return otter_cmd_refused(cmd, "%s", error);
    }

    rc = otter_rotate_store(cmd, r, &store);

    otter_store_close(&store);

    return rc;
}


static int
otter_rotate_store(const otter_cmd_t *cmd, otter_rotate_t *r,
    otter_store_t *store)
{
    int            rc;
    char           error[OTTER_FILE_ERROR_SIZE];
    json_t        *signer, *answer;
    const json_t  *pending;

    answer = NULL;

    otter_rotate_forget(store, r->now);

    signer = otter_secret_signer(store, r->now);
    pending = otter_rotate_pending(store, r->now);

    if (signer && otter_rotate_recent(r, pending ? pending : signer)) {
        return otter_rotate_show(cmd, r, json_pack("{sb sO ss}",
                       "rotated", 0, "kid", json_object_get(signer, "kid"),
                       "alg",
                       otter_secret_alg_name(otter_secret_alg_of(signer))));
    }

    if (pending) {
        return otter_cmd_refused(cmd, "%s is being rotated: \"%s\" signs "
                   "from %s", r->file,
                   json_string_value(json_object_get(pending, "kid")),
                   json_string_value(json_object_get(pending,
                                                     "otter_signs_from")));
    }

    if (otter_store_find(store, "kid", r->kid)) {
        return otter_cmd_refused(cmd, "%s has a key \"%s\" already", r->file,
                                 r->kid);
    }

    rc = otter_rotate_keys(cmd, r, store, signer, &answer);
    if (rc != OTTER_EXIT_OK) {
        return rc;
    }

    if (otter_store_save(store, error) != 0) {
        json_decref(answer);
        return otter_cmd_refused(cmd, "%s", error);
    }

    return otter_rotate_show(cmd, r, answer);
}


/* other private keys may be those of back ends: they stay as they are */

static int
otter_rotate_keys(const otter_cmd_t *cmd, otter_rotate_t *r,
    otter_store_t *store, json_t *signer, json_t **answer)
{
    int           rc;
    json_t       *key, *until;
    int64_t       from;
    otter_alg_t   alg;

    alg = signer ? otter_secret_alg_of(signer) : OTTER_ALG_HS256;

    if (r->alg) {
        (void) otter_secret_alg(r->alg, &alg);
    }

    from = signer ? r->now + r->delay : 0;

    key = otter_secret_generate(alg, r->kid, from);

    if (json_array_insert_new(store->keys, 0, key) != 0) {
        return otter_cmd_refused(cmd, "the key cannot be made");
    }

    *answer = json_pack("{sb ss ss so}", "rotated", 1, "kid", r->kid,
                        "alg", otter_secret_alg_name(alg), "signs_from",
                        otter_cmd_time(from ? from : r->now));
    rc = *answer ? 0 : -1;

    if (signer) {
        until = otter_cmd_time(from + r->overlap + OTTER_ROTATE_SKEW);

        rc |= json_object_set(signer, "otter_verifies_until", until);
        rc |= json_object_set_new(*answer, "retires",
                                  json_pack("{sO so}", "kid",
                                            json_object_get(signer, "kid"),
                                            "verifies_until", until));
    }

    if (rc != 0) {
        json_decref(*answer);
        return otter_cmd_refused(cmd, "no memory");
    }

    return OTTER_EXIT_OK;
}


static void
otter_rotate_forget(otter_store_t *store, int64_t now)
{
    size_t   i;
    int64_t  until;

    i = json_array_size(store->keys);

    while (i--) {
        until = otter_secret_time(json_array_get(store->keys, i),
                                  "otter_verifies_until");

        if (until && until <= now) {
            (void) json_array_remove(store->keys, i);
        }
    }
}


static const json_t *
otter_rotate_pending(const otter_store_t *store, int64_t now)
{
    size_t         i;
    const json_t  *key;

    for (i = 0; i < json_array_size(store->keys); i++) {
        key = json_array_get(store->keys, i);

        if (otter_secret_private(key)
            && otter_secret_time(key, "otter_signs_from") > now)
        {
            return key;
        }
    }

    return NULL;
}


/* a key that does not say when it was made is old */

static int
otter_rotate_recent(const otter_rotate_t *r, const json_t *signer)
{
    return r->age
           && r->now - otter_secret_time(signer, "otter_created_at") < r->age;
}


static int
otter_rotate_show(const otter_cmd_t *cmd, const otter_rotate_t *r,
    json_t *answer)
{
    const char    *kid;
    const json_t  *retires;

    if (answer == NULL) {
        return otter_cmd_refused(cmd, "no memory");
    }

    if (r->json) {
        return otter_cmd_json(cmd, answer);
    }

    kid = json_string_value(json_object_get(answer, "kid"));
    printf("%s\n", kid);

    if (!json_is_true(json_object_get(answer, "rotated"))) {
        otter_cmd_note("The key \"%s\" is young enough: nothing is changed.",
                       kid);
    } else {
        otter_cmd_note("The key \"%s\" verifies now, and signs from %s.", kid,
                       json_string_value(json_object_get(answer,
                                                         "signs_from")));
    }

    retires = json_object_get(answer, "retires");

    if (retires) {
        otter_cmd_note("The key \"%s\" verifies until %s.",
                       json_string_value(json_object_get(retires, "kid")),
                       json_string_value(json_object_get(retires,
                                                         "verifies_until")));
    }

    json_decref(answer);

    return OTTER_EXIT_OK;
}
