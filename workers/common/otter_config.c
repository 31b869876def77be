
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "otter_config.h"
#include "otter_file.h"


typedef struct {
    const char                    *path;
    unsigned                       line;
    const otter_config_section_t  *sections;
    const otter_config_section_t  *section;    /* that is being read */
    void                          *object;
    void                          *data;
    char                          *error;
    unsigned char                  seen[OTTER_CONFIG_SETTINGS_MAX];
} otter_config_t;


static int otter_config_lines(otter_config_t *config, char *text, size_t len);
static int otter_config_line(otter_config_t *config, char *line);
static int otter_config_section(otter_config_t *config, const char *kind,
    const char *name);
static int otter_config_set(otter_config_t *config, const char *name,
    const char *value);
static int otter_config_fail(const otter_config_t *config, const char *name,
    const char *reason);
static int otter_config_is(const char *known, const char *name);
static char *otter_config_trim(char *text);
static int64_t otter_config_unit(const char *text, size_t len);


int
otter_config_read(const char *path, const otter_config_section_t *sections,
    void *data, char error[OTTER_CONFIG_ERROR_SIZE])
{
    int             rc;
    otter_file_t    file;
    otter_config_t  config;

    memset(&config, 0, sizeof(config));

    config.path = path;
    config.sections = sections;
    config.data = data;
    config.error = error;

    if (otter_file_read(&file, path, error) != 0) {
        return -1;
    }

    rc = otter_config_section(&config, NULL, "");

    if (rc == 0) {
        rc = otter_config_lines(&config, file.data, file.len);
    }

    otter_file_free(&file);

    return rc;
}


static int
otter_config_lines(otter_config_t *config, char *text, size_t len)
{
    char  *line, *end, *last;

    last = text + len;

    for (line = text; line < last; line = end + 1) {
        config->line++;

        end = memchr(line, '\n', (size_t) (last - line));

        if (end == NULL) {
            end = last;
        }

        /* there is a zero behind the file */

        *end = '\0';

        if (strlen(line) != (size_t) (end - line)) {
            return otter_config_fail(config, NULL, "there is a zero byte");
        }

        if (otter_config_line(config, otter_config_trim(line)) != 0) {
            return -1;
        }
    }

    return 0;
}


static int
otter_config_line(otter_config_t *config, char *line)
{
    char    *p;
    size_t   len;

    if (line[0] == '\0' || line[0] == '#') {
        return 0;
    }

    if (line[0] == '[') {
        len = strlen(line);

        if (line[len - 1] != ']') {
            return otter_config_fail(config, NULL, "\"]\" is missing");
        }

        line[len - 1] = '\0';
        line = otter_config_trim(line + 1);
        p = line + strcspn(line, " \t");

        if (*p) {
            *p++ = '\0';
        }

        return otter_config_section(config, line, otter_config_trim(p));
    }

    p = strchr(line, '=');

    if (p == NULL) {
        return otter_config_fail(config, NULL,
                                 "neither \"name = value\" nor \"[section]\"");
    }

    *p++ = '\0';

    return otter_config_set(config, otter_config_trim(line),
                            otter_config_trim(p));
}


static int
otter_config_section(otter_config_t *config, const char *kind,
    const char *name)
{
    const char                    *error;
    const otter_config_section_t  *section;

    memset(config->seen, 0, sizeof(config->seen));

    for (section = config->sections; section->settings; section++) {

        if (kind == NULL ? section->kind == NULL
            : section->kind && otter_config_is(section->kind, kind))
        {
            error = NULL;
            config->section = section;
            config->object = section->open(config->data, name, &error);

            return config->object ? 0
                                  : otter_config_fail(config, kind,
                                                      error ? error
                                                            : "no memory");
        }
    }

    return otter_config_fail(config, kind, "there is no such section");
}


static int
otter_config_set(otter_config_t *config, const char *name, const char *value)
{
    size_t                  i;
    const char             *error;
    const otter_setting_t  *setting;

    for (i = 0; i < OTTER_CONFIG_SETTINGS_MAX; i++) {
        setting = &config->section->settings[i];

        if (setting->name == NULL) {
            break;
        }

        if (!otter_config_is(setting->name, name)) {
            continue;
        }

        if (config->seen[i] && !setting->many) {
            return otter_config_fail(config, name, "is given twice");
        }

        config->seen[i] = 1;

        if (value[0] == '\0') {
            return otter_config_fail(config, name, "has no value");
        }

        error = setting->set(setting, config->object, value);

        return error ? otter_config_fail(config, name, error) : 0;
    }

    return otter_config_fail(config, name, "there is no such setting here");
}


static int
otter_config_fail(const otter_config_t *config, const char *name,
    const char *reason)
{
    if (name) {
        snprintf(config->error, OTTER_CONFIG_ERROR_SIZE,
                 "%s, line %u: %.64s: %s", config->path, config->line, name,
                 reason);

    } else {
        snprintf(config->error, OTTER_CONFIG_ERROR_SIZE, "%s, line %u: %s",
                 config->path, config->line, reason);
    }

    return -1;
}


static int
otter_config_is(const char *known, const char *name)
{
    return strcmp(known, "*") == 0 || strcmp(known, name) == 0;
}


static char *
otter_config_trim(char *text)
{
    size_t  len;

    text += strspn(text, " \t\r");

    for (len = strlen(text);
         len && strchr(" \t\r", text[len - 1]);
         len--)
    {
        text[len - 1] = '\0';
    }

    return text;
}


const char *
otter_set_string(const otter_setting_t *setting, void *object,
    const char *value)
{
    char  **field, *copy;

    copy = strdup(value);
    if (copy == NULL) {
        return "no memory";
    }

    field = (char **) (void *) ((char *) object + setting->offset);

    free(*field);
    *field = copy;

    return NULL;
}


const char *
otter_set_number(const otter_setting_t *setting, void *object,
    const char *value)
{
    char     *end;
    int64_t   n;

    n = strtoll(value, &end, 10);

    if (value[strspn(value, "0123456789")] != '\0' || *end
        || strlen(value) > 15)
    {
        return "must be a number";
    }

    if (n < setting->min || n > setting->max) {
        return "is out of range";
    }

    *(int64_t *) (void *) ((char *) object + setting->offset) = n;

    return NULL;
}


const char *
otter_set_duration(const otter_setting_t *setting, void *object,
    const char *value)
{
    int64_t  n;

    n = otter_config_duration(value, strlen(value));

    if (n == -1) {
        return "must be a time: 500ms, 5s, 2m, 6h, 1d";
    }

    if (n < setting->min || n > setting->max) {
        return "is out of range";
    }

    *(int64_t *) (void *) ((char *) object + setting->offset) = n;

    return NULL;
}


const char *
otter_set_flag(const otter_setting_t *setting, void *object,
    const char *value)
{
    unsigned  on;

    on = (strcmp(value, "on") == 0);

    if (!on && strcmp(value, "off") != 0) {
        return "must be \"on\" or \"off\"";
    }

    *(unsigned *) (void *) ((char *) object + setting->offset) = on;

    return NULL;
}


int64_t
otter_config_duration(const char *text, size_t len)
{
    size_t   i;
    int64_t  n, unit;

    n = 0;

    for (i = 0; i < len && text[i] >= '0' && text[i] <= '9'; i++) {
        if (i == 12) {
            return -1;
        }

        n = n * 10 + (text[i] - '0');
    }

    unit = i ? otter_config_unit(text + i, len - i) : -1;

    return unit == -1 ? -1 : n * unit;
}


static int64_t
otter_config_unit(const char *text, size_t len)
{
    size_t  i;

    static const struct {
        const char  *name;
        int64_t      ms;
    } units[] = {
        { "", 1000 }, { "ms", 1 }, { "s", 1000 }, { "m", 60000 },
        { "h", 3600000 }, { "d", 86400000 }
    };

    for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strlen(units[i].name) == len
            && memcmp(units[i].name, text, len) == 0)
        {
            return units[i].ms;
        }
    }

    return -1;
}
