
/*
 * Copyright (C) Otter contributors
 */


#include "otter_redis_conf.h"
#include "otter_redis_node.h"
#include "tap.h"


typedef struct {
    const char  *url;
    const char  *result;               /* NULL: refused */
} row_t;


static const row_t  rows[] = {
    { "redis://h", "0 h:6379 - -:- db 0" },
    { "redis://h:7000/3", "0 h:7000 - -:- db 3" },
    { "redis://[::1]:7000", "0 ::1:7000 - -:- db 0" },
    { "redis://[::1]", "0 ::1:6379 - -:- db 0" },
    { "redis://:pass@h", "0 h:6379 - -:pass db 0" },
    { "redis://u:p%40%2f%3f@h/1", "0 h:6379 - u:p@/? db 1" },
    { "redis://h?user=u&password=p&db=2", "0 h:6379 - u:p db 2" },
    { "rediss://h:1", "0 h:1 - -:- db 0 tls" },
    { "redis://h?tls=on&verify=off", "0 h:6379 - -:- db 0 tls any" },
    { "rediss://h?ca=/ca&name=n", "0 h:6379 - -:- db 0 tls" },
    { "unix:/run/redis", "0 /run/redis:- - -:- db 0" },
    { "unix:/run/redis?db=4&password=x", "0 /run/redis:- - -:x db 4" },
    { "sentinel://a,b:1/main/2", "1 a:26379 b:1 main -:- db 2" },
    { "sentinels://a/main?sentinel_password=s",
      "1 a:26379 main -:- db 0 tls" },
    { "cluster://a,b,c:1", "2 a:6379 b:6379 c:1 - -:- db 0" },
    { "redis://h/65535", "0 h:6379 - -:- db 65535" },

    { "", NULL },
    { "http://h", NULL },
    { "redis://", NULL },
    { "redis://:7000", NULL },
    { "redis://h:", NULL },
    { "redis://h:65536", NULL },
    { "redis://h:x", NULL },
    { "redis://[::1", NULL },
    { "redis://[::1]x", NULL },
    { "redis://h/x", NULL },
    { "redis://h/-1", NULL },
    { "redis://a,b", NULL },
    { "redis://u@h", NULL },
    { "redis://:p@ss/w@h", NULL },
    { "redis://:%zz@h", NULL },
    { "redis://:%00@h", NULL },
    { "redis://:%4", NULL },
    { "redis://h?", NULL },
    { "redis://h?nothing=1", NULL },
    { "redis://h?password=", NULL },
    { "redis://h?user=u", NULL },
    { "redis://h?ca=/ca", NULL },
    { "redis://h?verify=off", NULL },
    { "redis://h?tls=off", NULL },
    { "redis://h?sentinel_password=x", NULL },
    { "redis://h?password_file=/nonexistent", NULL },
    { "unix:", NULL },
    { "unix:/x?tls=on", NULL },
    { "sentinel://a", NULL },
    { "sentinel://a/", NULL },
    { "cluster://a?db=1", NULL }
};


static const char *
shown(const otter_redis_conf_t *conf)
{
    size_t       i, n;
    static char  text[512];

    n = (size_t) snprintf(text, sizeof(text), "%d", (int) conf->kind);

    for (i = 0; i < conf->nhosts; i++) {
        n += (size_t) snprintf(text + n, sizeof(text) - n, " %s:%s",
                               conf->hosts[i].host,
                               conf->hosts[i].port ? conf->hosts[i].port
                                                   : "-");
    }

    snprintf(text + n, sizeof(text) - n, " %s %s:%s db %u%s%s",
             conf->master ? conf->master : "-",
             conf->login.user ? conf->login.user : "-",
             conf->login.password ? conf->login.password : "-", conf->db,
             conf->tls ? " tls" : "", conf->no_verify ? " any" : "");

    return text;
}


static void
check_row(const row_t *row)
{
    int                  rc;
    char                 error[OTTER_REDIS_ERROR_SIZE];
    otter_redis_conf_t   conf;

    memset(&conf, 0, sizeof(conf));
    error[0] = '\0';

    rc = otter_redis_conf_add(&conf, row->url, error);

    if (rc == 0) {
        rc = otter_redis_conf_check(&conf, error);
    }

    if (row->result) {
        tap_is_str(rc == 0 ? shown(&conf) : error, row->result, "%s",
                   row->url);

    } else {
        tap_ok(rc == -1 && error[0] && strstr(error, "p@ss") == NULL,
               "refused: \"%s\"", row->url);
    }

    otter_redis_conf_free(&conf);
}


static void
check_several(void)
{
    char                 error[OTTER_REDIS_ERROR_SIZE];
    otter_redis_conf_t   conf;

    memset(&conf, 0, sizeof(conf));

    tap_is_int(otter_redis_conf_add(&conf, "sentinel://a/m", error), 0,
               "one sentinel");
    tap_is_int(otter_redis_conf_add(&conf, "sentinel://b/m", error), 0,
               "and another");
    tap_is_str(shown(&conf), "1 a:26379 b:26379 m -:- db 0", "are together");
    tap_is_int(otter_redis_conf_add(&conf, "sentinel://b/other", error), -1,
               "not of two masters");
    tap_is_int(otter_redis_conf_add(&conf, "cluster://c", error), -1,
               "nor with a cluster");

    otter_redis_conf_free(&conf);
}


/* as "CLUSTER KEYSLOT" says */

static void
check_slots(void)
{
    tap_is_int(otter_redis_slot("123456789", 9), 0x31c3 % 16384,
               "the slot of a key");
    tap_is_int(otter_redis_slot("foo{bar}baz", 11), otter_redis_slot("bar", 3),
               "a hash tag decides");
    tap_is_int(otter_redis_slot("a{b}{c}", 7), otter_redis_slot("b", 1),
               "the first one");
    tap_ok(otter_redis_slot("a{}b", 4) != otter_redis_slot("", 0),
           "an empty one does not");
    tap_is_int(otter_redis_slot("", 0), 0, "no key");
}


int
main(void)
{
    size_t  i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        check_row(&rows[i]);
    }

    check_several();
    check_slots();

    return tap_done();
}
