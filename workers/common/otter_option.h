
/*
 * Copyright (C) Otter contributors
 */

/*
 * Options of a command line: "--name value", "--name=value", "--flag".
 */


#ifndef OTTER_OPTION_H_INCLUDED
#define OTTER_OPTION_H_INCLUDED


#include <stddef.h>
#include <stdint.h>


enum {
    OTTER_OPTION_ERROR_SIZE = 256
};

/*
 * values has room for max values; NULL: a flag.  With max over 1 the option
 * may be repeated, and takes all the words that follow it.
 */

typedef struct {
    const char   *name;                /* without "--" */
    const char  **values;
    size_t        max;
    size_t        count;               /* how many were given */
} otter_option_t;


/*
 * Reads argv[1] and on.  options ends with a name NULL; words that belong to
 * no option are put into operands, which ends up with exactly that many.
 * Returns 0, or -1 with a sentence in error.
 */

int otter_option_parse(otter_option_t *options, int argc, char **argv,
    const char **operands, size_t noperands,
    char error[OTTER_OPTION_ERROR_SIZE]);

/* a positive whole number, in seconds or with s, m, h, d or w; -1: none */

int64_t otter_option_duration(const char *text);


#endif /* OTTER_OPTION_H_INCLUDED */
