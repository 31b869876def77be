
/*
 * Copyright (C) Otter contributors
 */


#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "otter_clock.h"
#include "otter_log.h"
#include "otter_turn_publish.h"


enum {
    OTTER_TURN_PUBLISH_LIFE = 10       /* s, and three intervals */
};


static int otter_turn_publish_redis(const otter_turn_conf_t *conf,
    otter_redis_t *redis, const unsigned char *text, size_t len,
    int64_t life);
static int otter_turn_publish_file(const char *path,
    const unsigned char *text, size_t len);
static int otter_turn_publish_write(const char *path,
    const unsigned char *text, size_t len);


int
otter_turn_publish(const otter_turn_conf_t *conf, otter_redis_t *redis,
    const otter_turn_health_t *servers, size_t n)
{
    int            rc;
    size_t         len;
    int64_t        life;
    unsigned char  text[OTTER_TURN_HEALTH_SIZE];

    life = 3 * conf->interval / 1000 + OTTER_TURN_PUBLISH_LIFE;

    len = otter_turn_health_print(text, sizeof(text), servers, n,
                                  otter_clock_wall() / 1000 + life);

    if (len == 0) {
        return -1;
    }

    rc = 0;

    if (redis && otter_turn_publish_redis(conf, redis, text, len, life) != 0)
    {
        rc = -1;
    }

    if (conf->health_file
        && otter_turn_publish_file(conf->health_file, text, len) != 0)
    {
        rc = -1;
    }

    return rc;
}


static int
otter_turn_publish_redis(const otter_turn_conf_t *conf, otter_redis_t *redis,
    const unsigned char *text, size_t len, int64_t life)
{
    int          rc;
    char         key[128];
    redisReply  *reply;

    snprintf(key, sizeof(key), "%sturn:health", conf->prefix);

    reply = otter_redis_command(redis, key, "SET %s %b EX %lld", key, text,
                                len, (long long) life);

    rc = otter_redis_says(reply, "OK") ? 0 : -1;

    freeReplyObject(reply);

    return rc;
}


/* nothing of it is secret, and nginx's workers read it */

static int
otter_turn_publish_file(const char *path, const unsigned char *text,
    size_t len)
{
    char  temp[PATH_MAX];

    if (snprintf(temp, sizeof(temp), "%s.new", path) >= (int) sizeof(temp)) {
        return -1;
    }

    if (otter_turn_publish_write(temp, text, len) != 0
        || rename(temp, path) == -1)
    {
        otter_log(OTTER_LOG_ERROR, "%s: %s", path, strerror(errno));
        (void) unlink(temp);
        return -1;
    }

    return 0;
}


static int
otter_turn_publish_write(const char *path, const unsigned char *text,
    size_t len)
{
    int  fd, rc;

    (void) unlink(path);

    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
              0644);
    if (fd == -1) {
        return -1;
    }

    rc = fchmod(fd, 0644) == 0 && write(fd, text, len) == (ssize_t) len
         ? 0 : -1;

    if (close(fd) == -1) {
        rc = -1;
    }

    return rc;
}
