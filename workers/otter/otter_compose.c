
/*
 * Copyright (C) Otter contributors
 */


#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "otter_api.h"
#include "otter_compose.h"


enum {
    OTTER_COMPOSE_ARGS = 16,
    OTTER_COMPOSE_ID = 12,             /* digits of a container's, or more */
    OTTER_COMPOSE_PATIENCE = 120       /* s, until nginx is well */
};


static int otter_compose_find(otter_compose_t *c, const char *given,
    const char *folder);
static int otter_compose_program(otter_compose_t *c);
static int otter_compose_run(const otter_compose_t *c,
    const char *const *words, int out);
static pid_t otter_compose_spawn(char **argv, int out, int err);
static int otter_compose_runs(const otter_compose_t *c);
static int otter_compose_health(const otter_compose_t *c, const char *url);
static int otter_compose_tell(const otter_compose_t *c, const char *url,
    unsigned json);
static const char *otter_compose_name(const otter_compose_t *c,
    char name[32]);


int
otter_compose_open(otter_compose_t *c, const otter_cmd_t *cmd,
    const char *given, const char *folder)
{
    memset(c, 0, sizeof(otter_compose_t));

    c->cmd = cmd;

    if (otter_compose_find(c, given, folder) != 0) {
        return given ? otter_cmd_refused(cmd, "%s: %s", given,
                                         strerror(errno))
                     : otter_cmd_refused(cmd, "there is no run.sh of a "
                                         "checkout, no ./docker/compose.yaml "
                                         "and no %s/../share/otter/docker/"
                                         "compose.yaml: see --compose",
                                         folder);
    }

    if (otter_compose_program(c) != 0) {
        return otter_cmd_refused(cmd, "%s wants \"docker compose\", "
                                 "docker-compose or podman-compose, and none "
                                 "is there: install one", c->file);
    }

    return OTTER_EXIT_OK;
}


static int
otter_compose_find(otter_compose_t *c, const char *given, const char *folder)
{
    char  installed[PATH_MAX + 64];

    if (given) {
        return realpath(given, c->file) && access(c->file, R_OK) == 0 ? 0 : -1;
    }

    snprintf(installed, sizeof(installed),
             "%s/../share/otter/docker/compose.yaml", folder);

    return realpath("docker/compose.yaml", c->file)
           || realpath(installed, c->file) ? 0 : -1;
}


/* a docker without its plugin is none, nor is podman under that name */

static int
otter_compose_program(otter_compose_t *c)
{
    int     null, status;
    char   *argv[4];
    pid_t   pid;
    size_t  i;

    static const char *const  programs[][2] = {
        { "docker", "compose" },
        { "docker-compose", NULL },
        { "podman-compose", NULL }
    };

    null = open("/dev/null", O_WRONLY|O_CLOEXEC);

    for (i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
        argv[0] = (char *) programs[i][0];
        argv[1] = (char *) (programs[i][1] ? programs[i][1] : "version");
        argv[2] = programs[i][1] ? "version" : NULL;
        argv[3] = NULL;

        pid = otter_compose_spawn(argv, null, null);

        if (pid != -1 && waitpid(pid, &status, 0) == pid && status == 0) {
            c->program[0] = programs[i][0];
            c->program[1] = programs[i][1];
            break;
        }
    }

    if (null != -1) {
        (void) close(null);
    }

    return c->program[0] ? 0 : -1;
}


/* 0: it did what it was asked to; its words go to out */

static int
otter_compose_run(const otter_compose_t *c, const char *const *words, int out)
{
    int    n, status;
    char  *argv[OTTER_COMPOSE_ARGS];
    pid_t  pid;

    n = 0;
    argv[n++] = (char *) c->program[0];

    if (c->program[1]) {
        argv[n++] = (char *) c->program[1];
    }

    argv[n++] = "-p";
    argv[n++] = "otter";
    argv[n++] = "-f";
    argv[n++] = (char *) c->file;

    while (*words) {
        argv[n++] = (char *) *words++;
    }

    argv[n] = NULL;

    pid = otter_compose_spawn(argv, out, STDERR_FILENO);

    return pid != -1 && waitpid(pid, &status, 0) == pid && status == 0 ? 0
                                                                       : -1;
}


/* what it says is no result of this program */

static pid_t
otter_compose_spawn(char **argv, int out, int err)
{
    pid_t  pid;

    pid = fork();

    if (pid == 0) {
        if (dup2(out, STDOUT_FILENO) != -1 && dup2(err, STDERR_FILENO) != -1)
        {
            (void) execvp(argv[0], argv);
        }

        _exit(127);
    }

    return pid;
}


/*
 * 1: containers are there, 0: none, -1: it cannot be told.  podman-compose
 * tells of itself between the ids.
 */

static int
otter_compose_runs(const otter_compose_t *c)
{
    int      rc;
    char     line[128];
    FILE    *file;
    size_t   n;

    static const char *const  words[] = { "ps", "-q", NULL };

    file = tmpfile();
    if (file == NULL) {
        return -1;
    }

    rc = otter_compose_run(c, words, fileno(file));

    rewind(file);

    while (rc == 0 && fgets(line, sizeof(line), file)) {
        n = strspn(line, "0123456789abcdef");
        rc = n >= OTTER_COMPOSE_ID && line[n] == '\n';
    }

    (void) fclose(file);

    return rc;
}


int
otter_compose_up(otter_compose_t *c, const char *port, const char *turn_port,
    unsigned json)
{
    int          rc;
    char         url[OTTER_API_URL_SIZE], name[32];
    const char  *listen;

    static const char *const  words[] = { "up", "-d", NULL };

    rc = otter_compose_runs(c);

    if (rc == -1) {
        return otter_cmd_refused(c->cmd, "%s cannot tell what runs: see "
                                 "\"%s -f %s ps\"",
                                 otter_compose_name(c, name), name, c->file);
    }

    if (rc) {
        return otter_cmd_refused(c->cmd, "it is up already; see \"otter "
                                 "down\"");
    }

    if ((port && setenv("OTTER_PORT", port, 1) != 0)
        || (turn_port && setenv("OTTER_TURN_PORT", turn_port, 1) != 0)
        || setenv("OTTER_GUESTS", "on", 0) != 0)
    {
        return otter_cmd_refused(c->cmd, "no memory");
    }

    if (otter_compose_run(c, words, STDERR_FILENO) != 0) {
        return otter_cmd_refused(c->cmd, "the containers of %s did not start",
                                 c->file);
    }

    port = getenv("OTTER_PORT");
    listen = getenv("OTTER_LISTEN");

    if (listen == NULL || strcmp(listen, "127.0.0.1") == 0
        || strcmp(listen, "0.0.0.0") == 0)
    {
        listen = "localhost";
    }

    snprintf(url, sizeof(url), "http://%.200s:%.16s/otter/", listen,
             port ? port : "8080");

    return otter_compose_health(c, url) == 0
           ? otter_compose_tell(c, url, json)
           : otter_cmd_refused(c->cmd, "%s is not well after %d seconds; see "
                               "\"%s -p otter -f %s logs\"", url,
                               OTTER_COMPOSE_PATIENCE,
                               otter_compose_name(c, name), c->file);
}


static int
otter_compose_health(const otter_compose_t *c, const char *url)
{
    int                 rc;
    json_t             *health, *well;
    time_t              until;
    otter_api_t         api;
    otter_api_where_t   where;
    struct timespec     nap = { 0, 250 * 1000 * 1000 };

    memset(&where, 0, sizeof(otter_api_where_t));
    where.url = url;

    if (otter_api_open(&api, c->cmd, &where, 0) != OTTER_EXIT_OK) {
        return -1;
    }

    until = time(NULL) + OTTER_COMPOSE_PATIENCE;
    well = json_string("ok");
    health = NULL;
    rc = -1;

    do {
        json_decref(health);
        health = otter_api_call(&api, "GET", "health");

        if (health && well
            && json_equal(json_object_get(health, "status"), well))
        {
            rc = 0;
            break;
        }

        (void) nanosleep(&nap, NULL);

    } while (time(NULL) < until);

    json_decref(health);
    json_decref(well);
    otter_api_close(&api);

    return rc;
}


static int
otter_compose_tell(const otter_compose_t *c, const char *url, unsigned json)
{
    char  name[32], link[OTTER_API_URL_SIZE + 16];

    snprintf(link, sizeof(link), "%sroom/demo", url);

    if (json) {
        return otter_cmd_json(c->cmd, json_pack("{ss ss}", "compose", c->file,
                                                "link", link));
    }

    printf("\nOtter is running. Open this link in two browsers:\n"
           "\n"
           "    %s\n"
           "\n"
           "A web application mints join tokens with an API key, which is\n"
           "shown by\n"
           "\n"
           "    %s -p otter -f %s exec nginx cat /etc/otter/api-key\n"
           "\n"
           "\"otter down --compose %s\" ends it.\n",
           link, otter_compose_name(c, name), c->file, c->file);

    return OTTER_EXIT_OK;
}


static const char *
otter_compose_name(const otter_compose_t *c, char name[32])
{
    snprintf(name, 32, "%s%s%s", c->program[0], c->program[1] ? " " : "",
             c->program[1] ? c->program[1] : "");

    return name;
}


int
otter_compose_down(otter_compose_t *c, unsigned json)
{
    static const char *const  words[] = { "down", NULL };

    if (otter_compose_runs(c) == 0) {
        return otter_cmd_refused(c->cmd, "nothing of %s is up", c->file);
    }

    if (otter_compose_run(c, words, STDERR_FILENO) != 0) {
        return otter_cmd_refused(c->cmd, "the containers of %s do not end",
                                 c->file);
    }

    if (json) {
        return otter_cmd_json(c->cmd, json_pack("{ss}", "compose", c->file));
    }

    otter_cmd_note("Down.");

    return OTTER_EXIT_OK;
}
