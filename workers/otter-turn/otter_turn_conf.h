
/*
 * Copyright (C) Otter contributors
 */

/* The configuration of otter-turn. */


#ifndef OTTER_TURN_CONF_H_INCLUDED
#define OTTER_TURN_CONF_H_INCLUDED


#include "otter_config.h"
#include "otter_redis.h"
#include "otter_turn_health.h"


typedef struct {
    char                *redis_url;
    char                *coturn_url;
    char                *prefix;
    char                *realm;
    char                *secret_file;
    char                *health_file;
    char                *ca;
    int64_t              rotate;       /* ms; 0: never */
    int64_t              ttl;          /* of credentials */
    int64_t              margin;
    int64_t              interval;     /* of probes */
    unsigned             verify;
    size_t               nuris;
    char                *uris[OTTER_TURN_HEALTH_MAX];

    otter_redis_conf_t   redis;        /* kind and hosts */
    otter_redis_conf_t   coturn;
} otter_turn_conf_t;


/* NULL with a sentence in error */

otter_turn_conf_t *otter_turn_conf_read(const char *path,
    char error[OTTER_CONFIG_ERROR_SIZE]);
void otter_turn_conf_free(otter_turn_conf_t *conf);


#endif /* OTTER_TURN_CONF_H_INCLUDED */
