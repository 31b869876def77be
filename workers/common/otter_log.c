
/*
 * Copyright (C) Otter contributors
 */


#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <sys/stat.h>

#include "otter_log.h"


enum {
    OTTER_LOG_SIZE = 2048
};


static int otter_log_journal(void);


static const char         *otter_log_name = "otter";
static otter_log_level_t   otter_log_most = OTTER_LOG_NOTICE;


void
otter_log_init(const char *name, otter_log_level_t level)
{
    otter_log_name = name;
    otter_log_most = level;
}


void
otter_log(otter_log_level_t level, const char *fmt, ...)
{
    int      n;
    char     line[OTTER_LOG_SIZE], *p;
    va_list  args;

    if (level > otter_log_most) {
        return;
    }

    if (otter_log_journal()) {
        n = snprintf(line, sizeof(line), "<%d>", (int) level);

    } else {
        n = snprintf(line, sizeof(line), "%s: ", otter_log_name);
    }

    va_start(args, fmt);
    (void) vsnprintf(line + n, sizeof(line) - (size_t) n, fmt, args);
    va_end(args);

    for (p = line; *p; p++) {
        if ((unsigned char) *p < 0x20 || *p == 0x7f) {
            *p = '?';
        }
    }

    fprintf(stderr, "%s\n", line);
}


/*
 * systemd names the stream that it made.  A program of a service that writes
 * elsewhere, or a shell of one, has the variable all the same.
 */

static int
otter_log_journal(void)
{
    char         *end;
    uintmax_t     device, inode;
    struct stat   st;
    const char   *stream;

    stream = getenv("JOURNAL_STREAM");

    if (stream == NULL || fstat(STDERR_FILENO, &st) == -1) {
        return 0;
    }

    device = strtoumax(stream, &end, 10);

    if (end == stream || *end != ':') {
        return 0;
    }

    inode = strtoumax(end + 1, &end, 10);

    return *end == '\0' && device == st.st_dev && inode == st.st_ino;
}
