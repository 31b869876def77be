
/*
 * Copyright (C) Otter contributors
 */

/* Within otter_webhook_store*.c: the scripts, and the calling of them. */


#ifndef OTTER_WEBHOOK_SCRIPT_H_INCLUDED
#define OTTER_WEBHOOK_SCRIPT_H_INCLUDED


#include "otter_webhook_store.h"


extern const char  otter_webhook_script_renew[];
extern const char  otter_webhook_script_release[];
extern const char  otter_webhook_script_queue[];
extern const char  otter_webhook_script_take[];
extern const char  otter_webhook_script_done[];
extern const char  otter_webhook_script_again[];
extern const char  otter_webhook_script_dead[];
extern const char  otter_webhook_script_retry[];


/* what is an argument, with its length */

typedef struct {
    int          argc;
    const char  *argv[64];
    size_t       lens[64];
    char         key[OTTER_EVENT_KEY_SIZE];
    char         numbers[8][24];
    int          nnumbers;
} otter_webhook_call_t;


/* the first arguments: the stream as the key, and the worker */

void otter_webhook_call_init(otter_webhook_call_t *call,
    const otter_webhook_store_t *store, unsigned shard);
void otter_webhook_call_add(otter_webhook_call_t *call, const char *text,
    size_t len);
void otter_webhook_call_add_string(otter_webhook_call_t *call,
    const char *text);
void otter_webhook_call_add_number(otter_webhook_call_t *call,
    int64_t number);

redisReply *otter_webhook_call(otter_webhook_call_t *call,
    const otter_webhook_store_t *store, const char *script);

/* the number that a script returned, or -1; an error is told in the log */

int otter_webhook_call_number(otter_webhook_call_t *call,
    const otter_webhook_store_t *store, const char *script);


#endif /* OTTER_WEBHOOK_SCRIPT_H_INCLUDED */
