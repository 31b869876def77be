
/*
 * Copyright (C) Otter contributors
 */

/* The parts of otter-reaper. */


#ifndef OTTER_REAPER_H_INCLUDED
#define OTTER_REAPER_H_INCLUDED


#include "otter_config.h"
#include "otter_event_listen.h"
#include "otter_redis.h"


enum {
    OTTER_REAPER_NAME = 16
};

typedef struct {
    char                *redis_url;
    char                *prefix;
    int64_t              interval;     /* of rounds through the rooms, ms */
    int64_t              grace;        /* s, for hosts to do it themselves */
    otter_redis_conf_t   redis;
} otter_reaper_conf_t;

typedef struct {
    const otter_reaper_conf_t  *conf;
    otter_redis_t              *redis;
    otter_event_listen_t        listen;
    char                        name[OTTER_REAPER_NAME + 1];
    int64_t                     next_round;
    int64_t                     next_tick;
    unsigned                    leads:1;
    unsigned                    ready:1;   /* groups are there */
    unsigned                    pending:1; /* read what is not done yet */
} otter_reaper_t;


/* otter_reaper_conf.c; NULL with a sentence in error */

otter_reaper_conf_t *otter_reaper_conf_read(const char *path,
    char error[OTTER_CONFIG_ERROR_SIZE]);
void otter_reaper_conf_free(otter_reaper_conf_t *conf);

/*
 * otter_reaper_rooms.c: closes what is due, clears what nobody keeps; in a
 * cluster fetches the events that wait in rooms, too
 */

void otter_reaper_rooms(otter_reaper_t *reaper);

/* otter_reaper_calls.c: fetches the events of rooms that say they have some */

void otter_reaper_listen(otter_reaper_t *reaper);

/* reads events; the number of them, or -1 */

int otter_reaper_events(otter_reaper_t *reaper);
void otter_reaper_tick(otter_reaper_t *reaper);


#endif /* OTTER_REAPER_H_INCLUDED */
