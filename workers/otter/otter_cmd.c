
/*
 * Copyright (C) Otter contributors
 */


#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "otter_cmd.h"
#include "otter_time.h"


enum {
    OTTER_CMD_COLUMNS_MAX = 8,
    OTTER_CMD_CELL_SIZE = 300
};


static void otter_cmd_name(const otter_cmd_t *cmd);
static size_t otter_cmd_width(const char *text);
static void otter_cmd_cell(char *dst, const json_t *value);
static void otter_cmd_row(const char *const *cells, const size_t *widths,
    size_t n);


int
otter_cmd_options(const otter_cmd_t *cmd, otter_option_t *options, int argc,
    char **argv, const char **operands, size_t noperands)
{
    char  error[OTTER_OPTION_ERROR_SIZE];

    if (otter_option_parse(options, argc, argv, operands, noperands, error)
        != 0)
    {
        (void) otter_cmd_misused(cmd, "%s", error);
        return -1;
    }

    return 0;
}


static void
otter_cmd_name(const otter_cmd_t *cmd)
{
    fprintf(stderr, "otter %s", cmd->group);

    if (cmd->action) {
        fprintf(stderr, " %s", cmd->action);
    }
}


int
otter_cmd_misused(const otter_cmd_t *cmd, const char *fmt, ...)
{
    va_list  args;

    otter_cmd_name(cmd);
    fputs(": ", stderr);

    va_start(args, fmt);
    vfprintf(stderr, fmt, args);
    va_end(args);

    fputs("\nTry \"", stderr);
    otter_cmd_name(cmd);
    fputs(" --help\".\n", stderr);

    return OTTER_EXIT_USAGE;
}


int
otter_cmd_refused(const otter_cmd_t *cmd, const char *fmt, ...)
{
    va_list  args;

    otter_cmd_name(cmd);
    fputs(": ", stderr);

    va_start(args, fmt);
    vfprintf(stderr, fmt, args);
    va_end(args);

    fputc('\n', stderr);

    return OTTER_EXIT_REFUSED;
}


void
otter_cmd_note(const char *fmt, ...)
{
    va_list  args;

    va_start(args, fmt);
    vfprintf(stderr, fmt, args);
    va_end(args);

    fputc('\n', stderr);
}


int
otter_cmd_json(const otter_cmd_t *cmd, json_t *value)
{
    int  rc;

    rc = value ? json_dumpf(value, stdout, JSON_COMPACT) : -1;

    json_decref(value);

    if (rc != 0) {
        return otter_cmd_refused(cmd, "the result cannot be written");
    }

    putchar('\n');

    return OTTER_EXIT_OK;
}


void
otter_cmd_table(const json_t *rows, const char *const *columns,
    size_t ncolumns)
{
    char           text[OTTER_CMD_COLUMNS_MAX][OTTER_CMD_CELL_SIZE];
    size_t         i, k, len, widths[OTTER_CMD_COLUMNS_MAX];
    const char    *cells[OTTER_CMD_COLUMNS_MAX];
    const json_t  *row;

    for (k = 0; k < ncolumns; k++) {
        widths[k] = strlen(columns[k]);

        for (i = 0; i < json_array_size(rows); i++) {
            row = json_array_get(rows, i);
            otter_cmd_cell(text[k], json_object_get(row, columns[k]));

            len = otter_cmd_width(text[k]);

            if (len > widths[k]) {
                widths[k] = len;
            }
        }

        for (i = 0; i <= strlen(columns[k]); i++) {
            text[k][i] = (char) toupper((unsigned char) columns[k][i]);
        }

        cells[k] = text[k];
    }

    otter_cmd_row(cells, widths, ncolumns);

    for (i = 0; i < json_array_size(rows); i++) {
        row = json_array_get(rows, i);

        for (k = 0; k < ncolumns; k++) {
            otter_cmd_cell(text[k], json_object_get(row, columns[k]));
        }

        otter_cmd_row(cells, widths, ncolumns);
    }
}


static void
otter_cmd_cell(char *dst, const json_t *value)
{
    char        *p, number[32];
    size_t       i, n;
    const char  *text;

    if (json_is_real(value)) {
        snprintf(number, sizeof(number), "%.1f", json_real_value(value));

    } else {
        snprintf(number, sizeof(number), "%lld", json_integer_value(value));
    }

    text = json_is_string(value) ? json_string_value(value)
           : json_is_number(value) ? number
           : json_is_true(value) ? "yes"
           : json_is_false(value) ? "no" : "-";

    n = (size_t) snprintf(dst, OTTER_CMD_CELL_SIZE, "%s",
                          json_array_size(value) ? "" : text);

    for (i = 0; i < json_array_size(value) && n < OTTER_CMD_CELL_SIZE; i++) {
        text = json_string_value(json_array_get(value, i));
        n += (size_t) snprintf(dst + n, OTTER_CMD_CELL_SIZE - n, "%s%s",
                               i ? "," : "", text);
    }

    /* what others wrote must not steer the terminal */

    for (p = dst; *p; p++) {
        if ((unsigned char) *p < ' ' || *p == 127) {
            *p = '?';
        }
    }
}


/* in characters; all of those of UTF-8 are taken for one column */

static size_t
otter_cmd_width(const char *text)
{
    size_t  n;

    for (n = 0; *text; text++) {
        n += ((unsigned char) *text & 0xc0) != 0x80;
    }

    return n;
}


static void
otter_cmd_row(const char *const *cells, const size_t *widths, size_t n)
{
    size_t  i;

    for (i = 0; i < n; i++) {
        if (i + 1 < n) {
            printf("%s%*s", cells[i],
                   (int) (widths[i] - otter_cmd_width(cells[i])) + 2, "");

        } else {
            printf("%s\n", cells[i]);
        }
    }
}


json_t *
otter_cmd_time(int64_t seconds)
{
    unsigned char  text[OTTER_TIME_SIZE];

    otter_time_format(text, seconds);

    return json_stringn((char *) text, OTTER_TIME_SIZE);
}
