
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <string.h>

#include "otter_option.h"


/* a hundred years; a longer life is a slip of the finger */

static const int64_t  otter_option_duration_max = 3155760000;


static otter_option_t *otter_option_read(otter_option_t *options, int argc,
    char **argv, int *i, char *error);
static otter_option_t *otter_option_find(otter_option_t *options,
    const char *name, size_t len);
static int otter_option_take(otter_option_t *option, const char *value,
    char *error);
static int64_t otter_option_unit(const char *suffix);


int
otter_option_parse(otter_option_t *options, int argc, char **argv,
    const char **operands, size_t noperands,
    char error[OTTER_OPTION_ERROR_SIZE])
{
    int              i, plain;
    size_t           n;
    otter_option_t  *open;

    n = 0;
    plain = 0;
    open = NULL;

    for (i = 1; i < argc; i++) {

        if (!plain && strcmp(argv[i], "--") == 0) {
            plain = 1;
            open = NULL;

        } else if (!plain && strncmp(argv[i], "--", 2) == 0) {
            open = otter_option_read(options, argc, argv, &i, error);
            if (open == NULL) {
                return -1;
            }

        } else if (open && open->max > 1) {
            if (otter_option_take(open, argv[i], error) != 0) {
                return -1;
            }

        } else if (n < noperands) {
            operands[n++] = argv[i];

        } else {
            snprintf(error, OTTER_OPTION_ERROR_SIZE,
                     "\"%s\" was not expected", argv[i]);
            return -1;
        }
    }

    if (n < noperands) {
        snprintf(error, OTTER_OPTION_ERROR_SIZE, "an argument is missing");
        return -1;
    }

    return 0;
}


/* the option at argv[*i], with its value; *i is moved on to that */

static otter_option_t *
otter_option_read(otter_option_t *options, int argc, char **argv, int *i,
    char *error)
{
    size_t           len;
    const char      *arg, *value;
    otter_option_t  *option;

    arg = argv[*i] + 2;
    len = strcspn(arg, "=");
    value = arg[len] ? arg + len + 1 : NULL;

    option = otter_option_find(options, arg, len);

    if (option == NULL) {
        snprintf(error, OTTER_OPTION_ERROR_SIZE, "there is no option --%.*s",
                 (int) len, arg);
        return NULL;
    }

    if (option->values == NULL && value) {
        snprintf(error, OTTER_OPTION_ERROR_SIZE, "--%s takes no value",
                 option->name);
        return NULL;
    }

    if (option->values && value == NULL) {
        value = *i + 1 < argc ? argv[++*i] : NULL;

        if (value == NULL || strncmp(value, "--", 2) == 0) {
            snprintf(error, OTTER_OPTION_ERROR_SIZE, "--%s needs a value",
                     option->name);
            return NULL;
        }
    }

    return otter_option_take(option, value, error) == 0 ? option : NULL;
}


static otter_option_t *
otter_option_find(otter_option_t *options, const char *name, size_t len)
{
    otter_option_t  *option;

    for (option = options; option->name; option++) {
        if (strlen(option->name) == len
            && memcmp(option->name, name, len) == 0)
        {
            return option;
        }
    }

    return NULL;
}


static int
otter_option_take(otter_option_t *option, const char *value, char *error)
{
    if (option->values == NULL) {
        option->count = 1;
        return 0;
    }

    if (option->count == option->max) {
        snprintf(error, OTTER_OPTION_ERROR_SIZE,
                 option->max > 1 ? "--%s is given too often"
                                 : "--%s is given twice", option->name);
        return -1;
    }

    option->values[option->count++] = value;

    return 0;
}


int64_t
otter_option_duration(const char *text)
{
    int64_t      unit, value;
    const char  *p;

    value = 0;

    for (p = text; *p >= '0' && *p <= '9'; p++) {
        value = value * 10 + (*p - '0');

        if (value > otter_option_duration_max) {
            return -1;
        }
    }

    unit = p == text ? -1 : otter_option_unit(p);

    if (unit == -1 || value == 0
        || value > otter_option_duration_max / unit)
    {
        return -1;
    }

    return value * unit;
}


static int64_t
otter_option_unit(const char *suffix)
{
    size_t                i;
    static const char     letters[] = "smhdw";
    static const int64_t  seconds[] = { 1, 60, 3600, 86400, 604800 };

    if (*suffix == '\0') {
        return 1;
    }

    for (i = 0; i < sizeof(letters) - 1; i++) {
        if (suffix[0] == letters[i] && suffix[1] == '\0') {
            return seconds[i];
        }
    }

    return -1;
}
