
/*
 * Copyright (C) Otter contributors
 */

/*
 * Configuration files of companions:
 *
 *     # a comment
 *     redis = redis://127.0.0.1:6379
 *
 *     [endpoint billing]
 *     url = https://billing.example.com/hook
 *
 * A table says which settings there are and where their values go; what is
 * not in the table, or has a bad value, is told with file and line.
 */


#ifndef OTTER_CONFIG_H_INCLUDED
#define OTTER_CONFIG_H_INCLUDED


#include <limits.h>
#include <stddef.h>
#include <stdint.h>


enum {
    OTTER_CONFIG_ERROR_SIZE = PATH_MAX + 512,
    OTTER_CONFIG_SETTINGS_MAX = 64     /* of one kind of section */
};

typedef struct otter_setting_s  otter_setting_t;

/* returns NULL, or what is wrong with the value: "must be ..." */

typedef const char *(*otter_setting_set_t)(const otter_setting_t *setting,
    void *object, const char *value);

struct otter_setting_s {
    const char           *name;        /* "*": any other */
    otter_setting_set_t   set;
    size_t                offset;      /* in object */
    int64_t               min;         /* of numbers and durations */
    int64_t               max;
    unsigned              many:1;      /* it may stand more than once */
};

typedef struct {
    const char             *kind;      /* NULL: before the first section;
                                          "*": any other */
    const otter_setting_t  *settings;  /* ends with a name NULL */

    /*
     * The object that the settings of a section go to; NULL, and *error says
     * why not.  name is what follows the kind, empty if nothing does.
     */

    void                 *(*open)(void *data, const char *name,
                                  const char **error);
} otter_config_section_t;


/*
 * Reads the file.  sections ends with settings NULL; data is handed to
 * open().  Returns 0, or -1 with a sentence in error.
 */

int otter_config_read(const char *path,
    const otter_config_section_t *sections, void *data,
    char error[OTTER_CONFIG_ERROR_SIZE]);


/*
 * Setters.  A string is a char * made by strdup(), which replaces the one
 * that is there; a number is an int64_t; a duration is an int64_t too, in
 * milliseconds (ms, s, m, h, d); a flag is an unsigned ("on" or "off").
 */

const char *otter_set_string(const otter_setting_t *setting, void *object,
    const char *value);
const char *otter_set_number(const otter_setting_t *setting, void *object,
    const char *value);
const char *otter_set_duration(const otter_setting_t *setting, void *object,
    const char *value);
const char *otter_set_flag(const otter_setting_t *setting, void *object,
    const char *value);

/* "250ms", "5s", "2h"; a number alone is in seconds; -1: none */

int64_t otter_config_duration(const char *text, size_t len);


#endif /* OTTER_CONFIG_H_INCLUDED */
