
/*
 * Copyright (C) Otter contributors
 */


#include <stdlib.h>
#include <unistd.h>

#include "otter_clock.h"
#include "otter_config.h"
#include "tap.h"


typedef struct {
    char      *text;
    int64_t    number;
    int64_t    time;
    unsigned   flag;
    char      *many[2];
    size_t     nmany;
} object_t;

typedef struct {
    object_t   top;
    object_t   sub;
    char       name[64];
} conf_t;

typedef struct {
    const char  *name;
    const char  *text;
    const char  *result;               /* or what the error contains */
} row_t;


static const char *
set_many(const otter_setting_t *setting, void *object, const char *value)
{
    object_t  *o;

    o = object;

    if (o->nmany == setting->offset) {
        return "too many";
    }

    o->many[o->nmany++] = strdup(value);

    return NULL;
}


static void *
open_top(void *data, const char *name, const char **error)
{
    (void) name;
    (void) error;

    return &((conf_t *) data)->top;
}


static void *
open_sub(void *data, const char *name, const char **error)
{
    conf_t  *conf;

    conf = data;

    if (name[0] == '\0') {
        *error = "needs a name";
        return NULL;
    }

    snprintf(conf->name, sizeof(conf->name), "%s", name);

    return &conf->sub;
}


static const otter_setting_t  settings[] = {
    { "text", otter_set_string, offsetof(object_t, text), 0, 0, 0 },
    { "number", otter_set_number, offsetof(object_t, number), 1, 10, 0 },
    { "time", otter_set_duration, offsetof(object_t, time), 1, 60000, 0 },
    { "flag", otter_set_flag, offsetof(object_t, flag), 0, 0, 0 },
    { "many", set_many, 2, 0, 0, 1 },
    { NULL, NULL, 0, 0, 0, 0 }
};

static const otter_config_section_t  sections[] = {
    { NULL, settings, open_top },
    { "sub", settings, open_sub },
    { NULL, NULL, NULL }
};

static const row_t  rows[] = {
    { "nothing", "", "- 0 0 0 0 | - " },
    { "a string", "text = a b = c \n", "a b = c 0 0 0 0 | - " },
    { "no newline at the end", "text=a", "a 0 0 0 0 | - " },
    { "spaces and comments", "\n \t# x\n\ttext\t=\ta\r\n", "a 0 0 0 0 | - " },
    { "a number", "number = 7", "- 7 0 0 0 | - " },
    { "the least number", "number = 1", "- 1 0 0 0 | - " },
    { "the greatest number", "number = 10", "- 10 0 0 0 | - " },
    { "a time", "time = 250ms", "- 0 250 0 0 | - " },
    { "a time in seconds", "time = 5", "- 0 5000 0 0 | - " },
    { "a flag", "flag = on", "- 0 0 1 0 | - " },
    { "a flag off", "flag = off", "- 0 0 0 0 | - " },
    { "what may be repeated", "many = a\nmany = b", "- 0 0 0 2 | - " },
    { "a section", "text = a\n[sub one]\ntext = b", "a 0 0 0 0 | b one" },
    { "a section's name with spaces", "[ sub  a b ]\n", "- 0 0 0 0 | - a b" },

    { "no such setting", "\ncolour = red", "line 2: colour: there is no" },
    { "given twice", "text = a\ntext = b", "line 2: text: is given twice" },
    { "repeated too often", "many = a\nmany = b\nmany = c", "too many" },
    { "no value", "text =", "line 1: text: has no value" },
    { "no sign", "text a", "neither" },
    { "too small a number", "number = 0", "out of range" },
    { "too great a number", "number = 11", "out of range" },
    { "no number", "number = 1x", "must be a number" },
    { "a negative number", "number = -1", "must be a number" },
    { "an endless number", "number = 9999999999999999999", "must be" },
    { "too short a time", "time = 0", "out of range" },
    { "too long a time", "time = 61s", "out of range" },
    { "no time", "time = s", "must be a time" },
    { "a time of no unit", "time = 5x", "must be a time" },
    { "no flag", "flag = yes", "must be" },
    { "no such section", "[other]", "other: there is no such section" },
    { "a section that does not end", "[sub", "\"]\" is missing" },
    { "what the section refuses", "[sub]", "sub: needs a name" }
};


static const char *
shown(const conf_t *conf)
{
    static char  text[256];

    snprintf(text, sizeof(text), "%s %d %d %u %zu | %s %s",
             conf->top.text ? conf->top.text : "-", (int) conf->top.number,
             (int) conf->top.time, conf->top.flag, conf->top.nmany,
             conf->sub.text ? conf->sub.text : "-", conf->name);

    return text;
}


static void
check(const char *name, const char *text, size_t len, const char *result)
{
    int      fd, rc;
    char     error[OTTER_CONFIG_ERROR_SIZE];
    char     path[] = "/tmp/otter-config-XXXXXX";
    conf_t   conf;

    memset(&conf, 0, sizeof(conf));

    fd = mkstemp(path);

    if (fd == -1 || write(fd, text, len) != (ssize_t) len) {
        tap_ok(0, "%s: no file", name);
        return;
    }

    close(fd);

    rc = otter_config_read(path, sections, &conf, error);

    (void) unlink(path);

    if (rc == 0) {
        tap_is_str(shown(&conf), result, "%s", name);

    } else if (!tap_ok(strstr(error, result) && strstr(error, path),
                       "%s: says so", name))
    {
        tap_diag("%s", error);
    }

    free(conf.top.text);
    free(conf.sub.text);
    free(conf.top.many[0]);
    free(conf.top.many[1]);
}


static void
check_missing(void)
{
    char    error[OTTER_CONFIG_ERROR_SIZE];
    conf_t  conf;

    memset(&conf, 0, sizeof(conf));

    tap_is_int(otter_config_read("/nonexistent/x.conf", sections, &conf,
                                 error), -1, "a file that is not there");
    tap_ok(strstr(error, "/nonexistent/x.conf") != NULL, "is named");
}


static void
check_backoff(void)
{
    int      i, wide;
    int64_t  ms;

    wide = 0;

    for (i = 0; i < 1000; i++) {
        ms = otter_clock_backoff(100, 5000, (unsigned) (i % 40));

        if (ms < 0 || ms > 5000 || (i % 40 < 5 && ms > 100 << (i % 40))) {
            tap_ok(0, "a backoff of %d ms at attempt %d", (int) ms, i % 40);
            return;
        }

        wide += ms > 2500;
    }

    tap_ok(wide > 200 && wide < 800, "a backoff is anywhere in its range");
    tap_is_int(otter_clock_backoff(0, 5000, 3), 0, "a backoff from 0");
    tap_is_int(otter_clock_backoff(100, 0, 3), 0, "a backoff up to 0");
}


int
main(void)
{
    size_t  i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        check(rows[i].name, rows[i].text, strlen(rows[i].text),
              rows[i].result);
    }

    check("a zero byte", "text = a\0b\n", 11, "zero byte");
    check_missing();
    check_backoff();

    return tap_done();
}
