
/*
 * Copyright (C) Otter contributors
 */

/*
 * What every companion does the same way: its command line
 *
 *     --config FILE    instead of /etc/otter/<name>.conf
 *     --check          reads the configuration, says what is wrong, and ends
 *     --verbose        says more
 *     --help
 *
 * its signals, and its end.  SIGTERM and SIGINT ask it to drain and end,
 * SIGHUP to read its configuration again.
 */


#ifndef OTTER_COMPANION_H_INCLUDED
#define OTTER_COMPANION_H_INCLUDED


#include <stdint.h>


/* exit codes: 0, 1 something failed, 2 misused or a bad configuration */

enum {
    OTTER_COMPANION_OK = 0,
    OTTER_COMPANION_FAILED = 1,
    OTTER_COMPANION_MISUSED = 2
};

typedef struct {
    const char   *name;                /* of the program */
    const char   *summary;             /* one line, for --help */
    const char   *config;              /* the file */
    unsigned      check:1;             /* --check */
    unsigned      stop:1;              /* it is asked to end */
    unsigned      reload:1;            /* SIGHUP came; the reader clears it */
    int           signals;             /* a descriptor to poll */
} otter_companion_t;


/*
 * Reads the command line and starts the log.  Returns 1 to go on; otherwise
 * the program ends with *status.
 */

int otter_companion_init(otter_companion_t *c, const char *name,
    const char *summary, int argc, char **argv, int *status);

/* from now on signals are taken; before threads; 0, or -1 */

int otter_companion_start(otter_companion_t *c);

/* notes the signals that have come: call it when c->signals is readable */

void otter_companion_signals(otter_companion_t *c);

/* sleeps so many milliseconds, or until a signal comes, and notes it */

void otter_companion_wait(otter_companion_t *c, int64_t ms);


#endif /* OTTER_COMPANION_H_INCLUDED */
