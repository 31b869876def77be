
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>

#include "otter_event.h"
#include "otter_event_listen.h"


enum {
    OTTER_EVENT_LISTEN_MESSAGES = 100  /* at a time */
};


static int otter_event_listen_up(otter_event_listen_t *l,
    const otter_redis_conf_t *conf);
static unsigned otter_event_listen_begin(otter_event_listen_t *l,
    const char *prefix);
static const char *otter_event_listen_room(const redisReply *message);


unsigned
otter_event_listen(otter_event_listen_t *l, const otter_redis_conf_t *conf,
    const char *prefix, otter_event_listen_pt hear, void *data)
{
    int          i;
    unsigned     late, begun;
    redisReply  *reply;
    const char  *room;

    if (conf->kind != OTTER_REDIS_CLUSTER || !otter_event_listen_up(l, conf))
    {
        return 0;
    }

    begun = l->listens ? 0 : otter_event_listen_begin(l, prefix);

    for (i = 0; i < OTTER_EVENT_LISTEN_MESSAGES && l->listens; i++) {
        reply = otter_redis_receive(l->redis, 0, &late);

        if (reply == NULL) {
            l->listens = late;
            break;
        }

        room = otter_event_listen_room(reply);

        if (room) {
            hear(data, room);
        }

        freeReplyObject(reply);
    }

    return begun;
}


/* a message of any node reaches all; the connection is to one of them */

static int
otter_event_listen_up(otter_event_listen_t *l,
    const otter_redis_conf_t *conf)
{
    char  error[OTTER_REDIS_ERROR_SIZE];

    if (l->redis == NULL) {
        l->conf = *conf;
        l->conf.kind = OTTER_REDIS_SINGLE;
        l->conf.hosts[0] = conf->hosts[l->host % conf->nhosts];
        l->redis = otter_redis_create(&l->conf, error);
        l->listens = 0;
    }

    if (l->redis && otter_redis_up(l->redis)) {
        return 1;
    }

    /* another node next time */

    otter_event_listen_end(l);
    l->host++;

    return 0;
}


static unsigned
otter_event_listen_begin(otter_event_listen_t *l, const char *prefix)
{
    char         channel[OTTER_EVENT_KEY_SIZE];
    redisReply  *reply;

    snprintf(channel, sizeof(channel), "%sevents", prefix);

    reply = otter_redis_command(l->redis, NULL, "SUBSCRIBE %s", channel);

    if (reply == NULL) {
        return 0;
    }

    freeReplyObject(reply);

    l->listens = 1;

    return 1;
}


/* ["message", channel, room] */

static const char *
otter_event_listen_room(const redisReply *message)
{
    if (message->type == REDIS_REPLY_ARRAY && message->elements == 3
        && otter_redis_says(message->element[0], "message")
        && message->element[2]->type == REDIS_REPLY_STRING
        && message->element[2]->len <= OTTER_ROOM_NAME_MAX)
    {
        return message->element[2]->str;
    }

    return NULL;
}


void
otter_event_listen_end(otter_event_listen_t *l)
{
    otter_redis_free(l->redis);

    l->redis = NULL;
    l->listens = 0;
}
