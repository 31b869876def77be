
/*
 * Copyright (C) Otter contributors
 */


#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "otter_compose.h"
#include "otter_file.h"


enum {
    OTTER_UP_ARGS = 16,
    OTTER_UP_PATH = PATH_MAX + 64,
    OTTER_UP_PATIENCE = 1800,          /* s: it may install and build */
    OTTER_DOWN_PATIENCE = 60           /* s */
};

typedef struct {
    const otter_cmd_t   *cmd;
    char                 folder[PATH_MAX];   /* of this program */
    char                 run[PATH_MAX];
    char                 state[OTTER_UP_PATH];
    char                 pid_file[OTTER_UP_PATH];
    char                 log[OTTER_UP_PATH];
} otter_up_t;

typedef struct {
    const char          *port;
    const char          *turn_port;
    const char          *address;
    char                 lan_option[64];
    unsigned             lan:1;
} otter_up_options_t;


static int otter_up(const otter_cmd_t *cmd, int argc, char **argv);
static int otter_down(const otter_cmd_t *cmd, int argc, char **argv);
static unsigned otter_up_checkout(otter_up_t *up);
static int otter_up_state(otter_up_t *up, const char *state);
static void otter_up_args(otter_up_t *up, char **args, otter_up_options_t *o);
static int otter_up_start(otter_up_t *up, char **args, unsigned json);
static pid_t otter_up_spawn(otter_up_t *up, char **args);
static int otter_up_wait(otter_up_t *up, pid_t pid, otter_file_t *said);
static int otter_up_tell(otter_up_t *up, pid_t pid, const otter_file_t *said,
    unsigned json);
static json_t *otter_up_word(const char *text, const char *begin);
static pid_t otter_up_pid(const otter_up_t *up);
static void otter_up_nap(void);


const otter_cmd_t  otter_cmd_up = {
    "up", NULL, "starts everything on this machine, for a look",
    "up [--port N] [--turn-port N] [--lan | --lan-address A] [--state DIR]\n"
    "          [--json]\n"
    "       otter up --compose FILE [--port N] [--turn-port N] [--json]\n"
    "\n"
    "In a checkout it starts what ./run.sh starts, and leaves it running: see\n"
    "\"run.sh --help\".  Elsewhere it starts the containers of\n"
    "./docker/compose.yaml or of the installed one, by \"docker compose\",\n"
    "docker-compose or podman-compose.\n"
    "\n"
    "  --compose FILE      the containers of this file, also in a checkout\n"
    "  --port N            port of the web server\n"
    "  --turn-port N       port of coturn\n"
    "  --lan               let the local network in\n"
    "  --lan-address A     the same, at that address\n"
    "  --state DIR         folder of keys, secrets and logs\n"
    "  --json              print {\"pid\",\"link\",\"api_key_file\"}, or\n"
    "                      {\"compose\",\"link\"}",
    otter_up
};

const otter_cmd_t  otter_cmd_down = {
    "down", NULL, "ends what \"otter up\" started",
    "down [--state DIR | --compose FILE] [--json]\n"
    "\n"
    "  --state DIR         the one that \"otter up\" was given\n"
    "  --compose FILE      the same; volumes, with the keys, stay\n"
    "  --json              print {\"pid\"}, or {\"compose\"}",
    otter_down
};


static int
otter_up(const otter_cmd_t *cmd, int argc, char **argv)
{
    int                  rc;
    char                *args[OTTER_UP_ARGS];
    pid_t                pid;
    otter_up_t           up;
    const char          *compose, *state;
    otter_compose_t      c;
    otter_up_options_t   o;

    otter_option_t  options[] = {
        { "json", NULL, 0, 0 },
        { "lan", NULL, 0, 0 },
        { "port", &o.port, 1, 0 },
        { "turn-port", &o.turn_port, 1, 0 },
        { "lan-address", &o.address, 1, 0 },
        { "state", &state, 1, 0 },
        { "compose", &compose, 1, 0 },
        { NULL, NULL, 0, 0 }
    };

    memset(&o, 0, sizeof(otter_up_options_t));
    state = NULL;
    compose = NULL;
    up.cmd = cmd;

    if (otter_cmd_options(cmd, options, argc, argv, NULL, 0) != 0) {
        return OTTER_EXIT_USAGE;
    }

    o.lan = options[1].count != 0;

    if (compose || !otter_up_checkout(&up)) {
        if (o.lan || o.address || state) {
            return otter_cmd_misused(cmd, "--lan, --lan-address and --state "
                                     "are for run.sh, not for containers");
        }

        rc = otter_compose_open(&c, cmd, compose, up.folder);

        return rc == OTTER_EXIT_OK ? otter_compose_up(&c, o.port, o.turn_port,
                                                      options[0].count)
                                   : rc;
    }

    rc = otter_up_state(&up, state);
    if (rc != OTTER_EXIT_OK) {
        return rc;
    }

    pid = otter_up_pid(&up);

    if (pid) {
        return otter_cmd_refused(cmd, "it is up already, process %d; see "
                                 "\"otter down\"", (int) pid);
    }

    otter_up_args(&up, args, &o);

    return otter_up_start(&up, args, options[0].count);
}


static void
otter_up_args(otter_up_t *up, char **args, otter_up_options_t *o)
{
    *args++ = up->run;
    *args++ = "--state";
    *args++ = up->state;

    if (o->port) {
        *args++ = "--port";
        *args++ = (char *) o->port;
    }

    if (o->turn_port) {
        *args++ = "--turn-port";
        *args++ = (char *) o->turn_port;
    }

    if (o->address) {
        snprintf(o->lan_option, sizeof(o->lan_option), "--lan=%s",
                 o->address);
        *args++ = o->lan_option;

    } else if (o->lan) {
        *args++ = "--lan";
    }

    *args = NULL;
}


/* 1: this program was built in one; run.sh is there */

static unsigned
otter_up_checkout(otter_up_t *up)
{
    char     run[OTTER_UP_PATH], *slash;
    ssize_t  n;

    n = readlink("/proc/self/exe", up->folder, sizeof(up->folder) - 1);
    up->folder[n > 0 ? n : 0] = '\0';

    slash = strrchr(up->folder, '/');

    if (slash) {
        *slash = '\0';
    }

    snprintf(run, sizeof(run), "%s/../../run.sh", up->folder);

    return realpath(run, up->run) && access(up->run, X_OK) == 0;
}


static int
otter_up_state(otter_up_t *up, const char *state)
{
    int   n;
    char  whole[PATH_MAX];

    snprintf(whole, sizeof(whole), "%s", up->run);
    *strrchr(whole, '/') = '\0';

    if (state == NULL) {
        snprintf(up->state, sizeof(up->state), "%s/.otter", whole);

    } else if (realpath(state, up->state) == NULL) {

        /* it need not be there yet */

        if (state[0] == '/' || getcwd(whole, sizeof(whole)) == NULL) {
            whole[0] = '\0';
        }

        if (snprintf(up->state, sizeof(up->state), "%s%s%s", whole,
                     whole[0] ? "/" : "", state)
            >= PATH_MAX)
        {
            return otter_cmd_misused(up->cmd, "the name of --state is too "
                                              "long");
        }
    }

    n = snprintf(up->pid_file, sizeof(up->pid_file), "%.*s/up.pid",
                 PATH_MAX, up->state);
    n |= snprintf(up->log, sizeof(up->log), "%.*s/up.log", PATH_MAX,
                  up->state);

    return n < 0 ? otter_cmd_refused(up->cmd, "no memory") : OTTER_EXIT_OK;
}


static int
otter_up_start(otter_up_t *up, char **args, unsigned json)
{
    int           n, rc;
    char          text[32], error[OTTER_FILE_ERROR_SIZE];
    pid_t         pid;
    otter_file_t  said;

    if (mkdir(up->state, 0700) == -1 && errno != EEXIST) {
        return otter_cmd_refused(up->cmd, "%s: %s", up->state,
                                 strerror(errno));
    }

    pid = otter_up_spawn(up, args);
    if (pid == -1) {
        return otter_cmd_refused(up->cmd, "%s: %s", up->log, strerror(errno));
    }

    n = snprintf(text, sizeof(text), "%d\n", (int) pid);

    if (otter_file_write(up->pid_file, text, (size_t) n, error) != 0) {
        kill(pid, SIGTERM);
        return otter_cmd_refused(up->cmd, "%s", error);
    }

    rc = otter_up_wait(up, pid, &said);

    if (rc == OTTER_EXIT_OK) {
        rc = otter_up_tell(up, pid, &said, json);
        otter_file_free(&said);
    }

    return rc;
}


/* in a session of its own: it outlives this program and its terminal */

static pid_t
otter_up_spawn(otter_up_t *up, char **args)
{
    int    log, null;
    pid_t  pid;

    log = open(up->log, O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC, 0600);
    null = open("/dev/null", O_RDONLY|O_CLOEXEC);

    pid = (log == -1 || null == -1) ? -1 : fork();

    if (pid == 0) {
        setsid();
        dup2(null, STDIN_FILENO);
        dup2(log, STDOUT_FILENO);
        dup2(log, STDERR_FILENO);
        execv(args[0], args);
        _exit(127);
    }

    if (log != -1) {
        close(log);
    }

    if (null != -1) {
        close(null);
    }

    return pid;
}


/* until it says that it is up, or ends */

static int
otter_up_wait(otter_up_t *up, pid_t pid, otter_file_t *said)
{
    int     ended, status;
    char    error[OTTER_FILE_ERROR_SIZE];
    time_t  until;

    until = time(NULL) + OTTER_UP_PATIENCE;

    do {
        ended = waitpid(pid, &status, WNOHANG) == pid;

        if (otter_file_read(said, up->log, error) != 0) {
            return otter_cmd_refused(up->cmd, "%s", error);
        }

        if (!ended && strstr(said->data, "\nLogs are in ")) {
            return OTTER_EXIT_OK;
        }

        if (ended) {
            fputs(said->data, stderr);
            otter_file_free(said);
            unlink(up->pid_file);
            return otter_cmd_refused(up->cmd, "it did not start");
        }

        otter_file_free(said);
        otter_up_nap();

    } while (time(NULL) < until);

    kill(pid, SIGTERM);

    return otter_cmd_refused(up->cmd, "it is not up after half an hour; see "
                             "%s", up->log);
}


static int
otter_up_tell(otter_up_t *up, pid_t pid, const otter_file_t *said,
    unsigned json)
{
    char  key[OTTER_UP_PATH + 16];

    snprintf(key, sizeof(key), "%s/api-key", up->state);

    if (json) {
        return otter_cmd_json(up->cmd, json_pack("{si so ss}", "pid",
                              (int) pid, "link",
                              otter_up_word(said->data, "\n    http"),
                              "api_key_file", key));
    }

    /* all but its last line, which tells of Ctrl-C */

    fwrite(said->data, 1,
           (size_t) (strstr(said->data, "\nLogs are in ") - said->data) + 1,
           stdout);

    printf("\nThe commands that ask a server, such as \"otter rooms\", need"
           "\n\n    OTTER_API_KEY_FILE=%s\n\n"
           "\"otter down\" ends it.\n", key);

    return OTTER_EXIT_OK;
}


/* the word that begins so, without the blanks */

static json_t *
otter_up_word(const char *text, const char *begin)
{
    const char  *p;

    p = strstr(text, begin);

    if (p == NULL) {
        return json_null();
    }

    p += strspn(p, " \n");

    return json_stringn(p, strcspn(p, " \n"));
}


/* 0: none runs.  A number alone may be of another process by now. */

static pid_t
otter_up_pid(const otter_up_t *up)
{
    char          path[64], error[OTTER_FILE_ERROR_SIZE], line[PATH_MAX];
    long          pid;
    FILE         *file;
    size_t        i, n;
    otter_file_t  text;

    if (otter_file_read(&text, up->pid_file, error) != 0) {
        return 0;
    }

    pid = strtol(text.data, NULL, 10);
    otter_file_free(&text);

    snprintf(path, sizeof(path), "/proc/%ld/cmdline", pid);

    file = pid > 1 ? fopen(path, "r") : NULL;
    if (file == NULL) {
        return 0;
    }

    n = fread(line, 1, sizeof(line) - 1, file);
    line[n] = '\0';
    fclose(file);

    for (i = 0; i < n; i += strlen(line + i) + 1) {
        if (strcmp(line + i, up->run) == 0) {
            return (pid_t) pid;
        }
    }

    return 0;
}


static int
otter_down(const otter_cmd_t *cmd, int argc, char **argv)
{
    int          rc;
    pid_t        pid;
    time_t       until;
    otter_up_t   up;
    const char  *state, *compose;

    otter_option_t  options[] = {
        { "json", NULL, 0, 0 },
        { "state", &state, 1, 0 },
        { "compose", &compose, 1, 0 },
        { NULL, NULL, 0, 0 }
    };

    otter_compose_t  containers;

    state = NULL;
    compose = NULL;
    up.cmd = cmd;

    if (otter_cmd_options(cmd, options, argc, argv, NULL, 0) != 0) {
        return OTTER_EXIT_USAGE;
    }

    if (compose || !otter_up_checkout(&up)) {
        if (state) {
            return otter_cmd_misused(cmd, "--state is for run.sh, not for "
                                     "containers");
        }

        rc = otter_compose_open(&containers, cmd, compose, up.folder);

        return rc == OTTER_EXIT_OK ? otter_compose_down(&containers,
                                                        options[0].count)
                                   : rc;
    }

    rc = otter_up_state(&up, state);
    if (rc != OTTER_EXIT_OK) {
        return rc;
    }

    pid = otter_up_pid(&up);

    if (pid == 0) {
        return otter_cmd_refused(cmd, "nothing is up with %s", up.state);
    }

    kill(pid, SIGTERM);

    until = time(NULL) + OTTER_DOWN_PATIENCE;

    while (otter_up_pid(&up)) {
        if (time(NULL) > until) {
            return otter_cmd_refused(cmd, "process %d does not end",
                                     (int) pid);
        }

        otter_up_nap();
    }

    unlink(up.pid_file);

    if (options[0].count) {
        return otter_cmd_json(cmd, json_pack("{si}", "pid", (int) pid));
    }

    otter_cmd_note("Down.");

    return OTTER_EXIT_OK;
}


static void
otter_up_nap(void)
{
    struct timespec  nap = { 0, 50 * 1000 * 1000 };

    (void) nanosleep(&nap, NULL);
}
