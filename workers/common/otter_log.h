
/*
 * Copyright (C) Otter contributors
 */

/*
 * What a program says, to stderr: a line each, with its name in front, or for
 * the journal of systemd the level, as sd-daemon(3) has it.
 */


#ifndef OTTER_LOG_H_INCLUDED
#define OTTER_LOG_H_INCLUDED


typedef enum {
    OTTER_LOG_ERROR = 3,               /* as in syslog(3) */
    OTTER_LOG_WARNING,
    OTTER_LOG_NOTICE,
    OTTER_LOG_INFO,
    OTTER_LOG_DEBUG
} otter_log_level_t;


/* name must stay; what is less urgent than level is not said */

void otter_log_init(const char *name, otter_log_level_t level);

/* one sentence, without a newline; control characters become "?" */

__attribute__((format(printf, 2, 3)))
void otter_log(otter_log_level_t level, const char *fmt, ...);


#endif /* OTTER_LOG_H_INCLUDED */
