
/*
 * Copyright (C) Otter contributors
 */

/*
 * The TURN secrets: in coturn's Redis set, where all are valid, and in nginx's
 * file, whose first line signs.  A new one enters the set before the file; an
 * old one leaves the set when no host has signed with it for as long as
 * credentials live.  All of it is decided by one script in coturn's Redis,
 * so that any number of otter-turns may run, and each may die at any point:
 * what one has not done, the next round does, of this process or another.
 */


#ifndef OTTER_TURN_SECRETS_H_INCLUDED
#define OTTER_TURN_SECRETS_H_INCLUDED


#include "otter_turn_conf.h"


enum {
    OTTER_TURN_SECRET_MAX = 512,
    OTTER_TURN_SECRETS_MAX = 8         /* lines that nginx reads */
};

/* the first one signs; the others are valid still, the newest first */

typedef struct {
    size_t     n;
    char      *list[OTTER_TURN_SECRETS_MAX];
    unsigned   full:1;                 /* too many for a rotation */
    unsigned   rotated:1;              /* just now */
} otter_turn_secrets_t;


/* what nginx's file has; 0, or -1 with a sentence in error; no file: empty */

int otter_turn_secrets_load(otter_turn_secrets_t *secrets, const char *path,
    char error[OTTER_CONFIG_ERROR_SIZE]);

/*
 * One round: looks at the set, rotates if it is time or "now" is set, and
 * writes the file if it has to change.  0, or -1 with a sentence in error.
 */

int otter_turn_secrets_round(otter_turn_secrets_t *secrets,
    const otter_turn_conf_t *conf, otter_redis_t *coturn, unsigned now,
    char error[OTTER_CONFIG_ERROR_SIZE]);

void otter_turn_secrets_clear(otter_turn_secrets_t *secrets);


#endif /* OTTER_TURN_SECRETS_H_INCLUDED */
