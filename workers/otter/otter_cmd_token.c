
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/crypto.h>

#include "otter_cmd.h"
#include "otter_file.h"
#include "otter_json.h"
#include "otter_name.h"
#include "otter_random.h"
#include "otter_time.h"
#include "otter_token.h"


enum {
    OTTER_TOKEN_JTI_SIZE = 22,
    OTTER_TOKEN_TTL = 3600             /* as otter_token_ttl's default */
};

typedef struct {
    const char     *file;
    const char     *room;
    const char     *identity;
    const char     *name;
    const char     *role;
    const char     *ttl;
    const char     *metadata;
} otter_token_wish_t;


static int otter_token_cmd(const otter_cmd_t *cmd, int argc, char **argv);
static int otter_token_claims(const otter_cmd_t *cmd, otter_claims_t *claims,
    const otter_token_wish_t *wish);
static int otter_token_names(const otter_cmd_t *cmd, otter_claims_t *claims,
    const otter_token_wish_t *wish);
static int otter_token_metadata(const otter_cmd_t *cmd,
    otter_claims_t *claims, const char *metadata);
static otter_keyset_t *otter_token_keys(const otter_cmd_t *cmd,
    const char *path);
static int otter_token_print(const otter_cmd_t *cmd, const char *token,
    const otter_claims_t *claims, unsigned json);
static void otter_token_span(otter_span_t *span, const char *text);


const otter_cmd_t  otter_cmd_token = {
    "token", NULL, "makes a join token",
    "token --secret-file F --room R --identity I [OPTION...]\n"
    "\n"
    "Makes a join token, signed with the first private key of the JWK Set F\n"
    "(otter_jwt_key_file), without asking a server.\n"
    "\n"
    "  --secret-file F   the JWK Set\n"
    "  --room R          the room: 1 to 128 of A-Z a-z 0-9 . _ ~ -\n"
    "  --identity I      who joins: 1 to 128 bytes of UTF-8\n"
    "  --name N          the name that others see\n"
    "  --role R          participant or moderator (default: participant)\n"
    "  --ttl S           how long it is valid, in seconds or as 10m, 12h\n"
    "                    (default: 1h)\n"
    "  --metadata JSON   an object that others see\n"
    "  --json            print {\"token\",\"expires_at\"}",
    otter_token_cmd
};


static int
otter_token_cmd(const otter_cmd_t *cmd, int argc, char **argv)
{
    int                  rc;
    char                *token;
    size_t               len;
    otter_claims_t       claims;
    otter_keyset_t      *set;
    unsigned char        jti[OTTER_TOKEN_JTI_SIZE];
    otter_token_wish_t   wish;

    otter_option_t  options[] = {
        { "secret-file", &wish.file, 1, 0 },
        { "room", &wish.room, 1, 0 },
        { "identity", &wish.identity, 1, 0 },
        { "name", &wish.name, 1, 0 },
        { "role", &wish.role, 1, 0 },
        { "ttl", &wish.ttl, 1, 0 },
        { "metadata", &wish.metadata, 1, 0 },
        { "json", NULL, 0, 0 },
        { NULL, NULL, 0, 0 }
    };

    memset(&wish, 0, sizeof(otter_token_wish_t));
    memset(&claims, 0, sizeof(otter_claims_t));

    if (otter_cmd_options(cmd, options, argc, argv, NULL, 0) != 0) {
        return OTTER_EXIT_USAGE;
    }

    rc = otter_token_claims(cmd, &claims, &wish);
    if (rc != OTTER_EXIT_OK) {
        return rc;
    }

    set = otter_token_keys(cmd, wish.file);
    if (set == NULL) {
        return OTTER_EXIT_REFUSED;
    }

    if (otter_random_name(jti, sizeof(jti)) != 0) {
        otter_keyset_free(set);
        return otter_cmd_refused(cmd, "there is no randomness");
    }

    claims.jti.data = jti;
    claims.jti.len = sizeof(jti);

    token = otter_token_sign(set, &claims, &len);

    if (token) {
        rc = otter_token_print(cmd, token, &claims, options[7].count != 0);
        OPENSSL_cleanse(token, len);
        free(token);

    } else if (otter_keyset_signer(set, claims.iat) == NULL) {
        rc = otter_cmd_refused(cmd, "%s has no private key", wish.file);

    } else {
        rc = otter_cmd_refused(cmd, "the token cannot be signed");
    }

    otter_keyset_free(set);

    return rc;
}


static int
otter_token_claims(const otter_cmd_t *cmd, otter_claims_t *claims,
    const otter_token_wish_t *wish)
{
    int      rc;
    int64_t  ttl;

    if (wish->file == NULL) {
        return otter_cmd_misused(cmd, "--secret-file is missing");
    }

    rc = otter_token_names(cmd, claims, wish);
    if (rc != OTTER_EXIT_OK) {
        return rc;
    }

    if (wish->role == NULL || strcmp(wish->role, "participant") == 0) {
        claims->role = OTTER_ROLE_PARTICIPANT;

    } else if (strcmp(wish->role, "moderator") == 0) {
        claims->role = OTTER_ROLE_MODERATOR;

    } else {
        return otter_cmd_misused(cmd, "--role must be participant or "
                                 "moderator");
    }

    ttl = wish->ttl ? otter_option_duration(wish->ttl) : OTTER_TOKEN_TTL;

    if (ttl == -1) {
        return otter_cmd_misused(cmd, "--ttl must be a number of seconds, or "
                                 "as 10m, 12h");
    }

    claims->iat = time(NULL);
    claims->nbf = claims->iat;
    claims->exp = claims->iat + ttl;

    otter_token_span(&claims->iss, "cli");

    return otter_token_metadata(cmd, claims, wish->metadata);
}


static int
otter_token_names(const otter_cmd_t *cmd, otter_claims_t *claims,
    const otter_token_wish_t *wish)
{
    otter_token_span(&claims->room, wish->room);
    otter_token_span(&claims->sub, wish->identity);
    otter_token_span(&claims->name, wish->name);

    if (wish->room == NULL) {
        return otter_cmd_misused(cmd, "--room is missing");
    }

    if (wish->identity == NULL) {
        return otter_cmd_misused(cmd, "--identity is missing");
    }

    if (!otter_room_name_valid(claims->room.data, claims->room.len)) {
        return otter_cmd_misused(cmd, "--room must be 1 to 128 of A-Z a-z "
                                 "0-9 . _ ~ -, but neither \".\" nor "
                                 "\"..\"");
    }

    if (!otter_identity_valid(claims->sub.data, claims->sub.len)) {
        return otter_cmd_misused(cmd, "--identity must be 1 to 128 bytes of "
                                 "UTF-8 without control characters");
    }

    if (!otter_display_name_valid(claims->name.data, claims->name.len)) {
        return otter_cmd_misused(cmd, "--name must be at most 256 bytes of "
                                 "UTF-8 without control characters");
    }

    return OTTER_EXIT_OK;
}


static int
otter_token_metadata(const otter_cmd_t *cmd, otter_claims_t *claims,
    const char *metadata)
{
    char      *compact;
    json_t    *value;
    unsigned   fits;

    if (metadata == NULL) {
        return OTTER_EXIT_OK;
    }

    otter_token_span(&claims->metadata, metadata);

    value = NULL;

    if (otter_json_valid(claims->metadata.data, claims->metadata.len)) {
        value = json_loads(metadata, JSON_REJECT_DUPLICATES, NULL);
    }

    if (!json_is_object(value)) {
        json_decref(value);
        return otter_cmd_misused(cmd, "--metadata must be a JSON object");
    }

    compact = json_dumps(value, JSON_COMPACT);
    fits = compact && strlen(compact) <= OTTER_METADATA_MAX;

    free(compact);
    json_decref(value);

    if (!fits) {
        return otter_cmd_misused(cmd, "--metadata is longer than %d bytes",
                                 OTTER_METADATA_MAX);
    }

    return OTTER_EXIT_OK;
}


static otter_keyset_t *
otter_token_keys(const otter_cmd_t *cmd, const char *path)
{
    char             error[OTTER_FILE_ERROR_SIZE];
    char             reason[OTTER_KEYSET_ERROR_SIZE];
    otter_file_t     file;
    otter_keyset_t  *set;

    if (otter_file_read(&file, path, error) != 0) {
        (void) otter_cmd_refused(cmd, "%s", error);
        return NULL;
    }

    /* nginx does not take it either */

    if (file.info.st_mode & S_IRWXO) {
        (void) otter_cmd_refused(cmd, "%s is open to everyone: chmod 600 %s",
                                 path, path);
        otter_file_free(&file);

        return NULL;
    }

    set = otter_keyset_parse(file.data, file.len, reason);

    otter_file_free(&file);

    if (set == NULL) {
        (void) otter_cmd_refused(cmd, "%s: %s", path, reason);
    }

    return set;
}


static int
otter_token_print(const otter_cmd_t *cmd, const char *token,
    const otter_claims_t *claims, unsigned json)
{
    unsigned char  time[OTTER_TIME_SIZE];

    if (json) {
        return otter_cmd_json(cmd, json_pack("{ss so}", "token", token,
                                             "expires_at",
                                             otter_cmd_time(claims->exp)));
    }

    otter_time_format(time, claims->exp);

    printf("%s\n", token);
    otter_cmd_note("It opens the room \"%.*s\" until %.*s.",
                   (int) claims->room.len, (const char *) claims->room.data,
                   OTTER_TIME_SIZE, (char *) time);

    return OTTER_EXIT_OK;
}


static void
otter_token_span(otter_span_t *span, const char *text)
{
    span->data = (const unsigned char *) (text ? text : "");
    span->len = strlen((const char *) span->data);
}
