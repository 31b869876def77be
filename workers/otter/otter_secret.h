
/*
 * Copyright (C) Otter contributors
 */

/*
 * Signing keys as the subcommands of "otter secret" make them.
 */


#ifndef OTTER_SECRET_H_INCLUDED
#define OTTER_SECRET_H_INCLUDED


#include "otter_cmd.h"
#include "otter_keyset.h"
#include "otter_store.h"


enum {
    OTTER_SECRET_KID_SIZE = 32
};


/* 0, or -1: there is no such algorithm */

int otter_secret_alg(const char *name, otter_alg_t *alg);

const char *otter_secret_alg_name(otter_alg_t alg);

/*
 * *kid as given, or, where it is NULL, a name put into made; 0, or the exit
 * code once the mistake is told
 */

int otter_secret_kid(const otter_cmd_t *cmd, const char **kid,
    char made[OTTER_SECRET_KID_SIZE]);

/* a new key as JSON, that signs from that time on (0: at once); NULL: failed */

json_t *otter_secret_generate(otter_alg_t alg, const char *kid,
    int64_t signs_from);

/* a member that is a time; 0: it is not there */

int64_t otter_secret_time(const json_t *key, const char *member);

/* is there a private half? */

int otter_secret_private(const json_t *key);

otter_alg_t otter_secret_alg_of(const json_t *key);

/* the key that signs at the time now; NULL: none */

json_t *otter_secret_signer(const otter_store_t *store, int64_t now);


#endif /* OTTER_SECRET_H_INCLUDED */
