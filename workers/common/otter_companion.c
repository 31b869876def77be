
/*
 * Copyright (C) Otter contributors
 */


#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "otter_companion.h"
#include "otter_log.h"
#include "otter_option.h"


static void otter_companion_help(const otter_companion_t *c);
static int otter_companion_default(otter_companion_t *c);


int
otter_companion_init(otter_companion_t *c, const char *name,
    const char *summary, int argc, char **argv, int *status)
{
    char  error[OTTER_OPTION_ERROR_SIZE];

    otter_option_t  options[] = {
        { "config", &c->config, 1, 0 },
        { "check", NULL, 0, 0 },
        { "verbose", NULL, 0, 0 },
        { "help", NULL, 0, 0 },
        { NULL, NULL, 0, 0 }
    };

    memset(c, 0, sizeof(*c));

    c->name = name;
    c->summary = summary;
    c->signals = -1;

    if (otter_option_parse(options, argc, argv, NULL, 0, error) != 0) {
        fprintf(stderr, "%s: %s\nTry \"%s --help\".\n", name, error, name);
        *status = OTTER_COMPANION_MISUSED;
        return 0;
    }

    if (options[3].count) {
        otter_companion_help(c);
        *status = OTTER_COMPANION_OK;
        return 0;
    }

    otter_log_init(name, options[2].count ? OTTER_LOG_DEBUG
                                          : OTTER_LOG_NOTICE);

    c->check = (options[1].count != 0);

    if (c->config == NULL && otter_companion_default(c) != 0) {
        *status = OTTER_COMPANION_FAILED;
        return 0;
    }

    return 1;
}


static int
otter_companion_default(otter_companion_t *c)
{
    static char  path[PATH_MAX];

    if (snprintf(path, sizeof(path), "/etc/otter/%s.conf", c->name)
        >= (int) sizeof(path))
    {
        return -1;
    }

    c->config = path;

    return 0;
}


static void
otter_companion_help(const otter_companion_t *c)
{
    printf("usage: %s [--config FILE] [--check] [--verbose]\n"
           "\n"
           "%s\n"
           "\n"
           "  --config FILE     instead of /etc/otter/%s.conf\n"
           "  --check           only says what is wrong with that file\n"
           "  --verbose         says more\n", c->name, c->summary, c->name);
}


int
otter_companion_start(otter_companion_t *c)
{
    sigset_t  set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);

    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR
        || sigprocmask(SIG_BLOCK, &set, NULL) == -1)
    {
        otter_log(OTTER_LOG_ERROR, "signals: %s", strerror(errno));
        return -1;
    }

    c->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);

    if (c->signals == -1) {
        otter_log(OTTER_LOG_ERROR, "signalfd(): %s", strerror(errno));
        return -1;
    }

    return 0;
}


void
otter_companion_signals(otter_companion_t *c)
{
    struct signalfd_siginfo  info;

    while (read(c->signals, &info, sizeof(info)) == (ssize_t) sizeof(info)) {

        if (info.ssi_signo == SIGHUP) {
            c->reload = 1;

        } else {
            c->stop = 1;
        }
    }
}


void
otter_companion_wait(otter_companion_t *c, int64_t ms)
{
    struct pollfd  pfd;

    pfd.fd = c->signals;
    pfd.events = POLLIN;

    if (poll(&pfd, 1, ms > INT_MAX ? INT_MAX : (int) ms) > 0) {
        otter_companion_signals(c);
    }
}
