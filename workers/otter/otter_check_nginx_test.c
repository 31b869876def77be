
/*
 * Copyright (C) Otter contributors
 */


#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "otter_check.h"


static int otter_check_program(char *dst, const char *name);
static pid_t otter_check_start(const char *program, const char *conf,
    int *out);
static void otter_check_run(const char *program, const char *conf, int out);
static unsigned otter_check_lines(otter_check_t *check, FILE *out);
static unsigned otter_check_line(otter_check_t *check, const char *line);
static const char *otter_check_text(const char *text);


void
otter_check_nginx_test(otter_check_t *check, const char *path)
{
    int       fd, status;
    FILE     *out;
    char      program[PATH_MAX], conf[PATH_MAX];
    pid_t     pid;
    unsigned  problems;

    if (otter_check_program(program, "nginx") != 0) {
        otter_findings_add(&check->findings, OTTER_FINDING_WARNING, "nginx",
                           "it is not installed here, so it could not test "
                           "the configuration");
        otter_findings_remedy(&check->findings, "Install it, or run this "
                              "where it is");
        return;
    }

    if (realpath(path, conf) == NULL) {
        return;
    }

    otter_findings_print(&check->findings);

    pid = otter_check_start(program, conf, &fd);

    if (pid == -1) {
        otter_findings_add(&check->findings, OTTER_FINDING_PROBLEM, program,
                           "it could not be started: %s", strerror(errno));
        return;
    }

    problems = 0;
    out = fdopen(fd, "r");

    if (out) {
        problems = otter_check_lines(check, out);
        (void) fclose(out);

    } else {
        (void) close(fd);
    }

    while (waitpid(pid, &status, 0) == -1) {
        if (errno != EINTR) {
            return;
        }
    }

    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        otter_findings_add(&check->findings, OTTER_FINDING_OK, conf,
                           "nginx takes the configuration");

    } else if (problems == 0) {
        otter_findings_add(&check->findings, OTTER_FINDING_PROBLEM, conf,
                           "nginx does not take the configuration");
        otter_findings_remedy(&check->findings, "Run: nginx -t -c %s", conf);
    }
}


/* where administrators' programs are is not in the PATH of everyone */

static int
otter_check_program(char *dst, const char *name)
{
    int          n;
    size_t       len;
    const char  *p, *list[2];
    unsigned     i;

    list[0] = getenv("PATH");
    list[1] = "/usr/local/sbin:/usr/sbin:/sbin";

    for (i = 0; i < 2; i++) {
        for (p = list[i]; p && *p; p += len + (p[len] == ':')) {
            len = strcspn(p, ":");

            n = snprintf(dst, PATH_MAX, "%.*s/%s", (int) len, p, name);

            if (len && n > 0 && n < PATH_MAX && access(dst, X_OK) == 0) {
                return 0;
            }
        }
    }

    return -1;
}


static pid_t
otter_check_start(const char *program, const char *conf, int *out)
{
    int    fds[2];
    pid_t  pid;

    if (pipe(fds) == -1) {
        return -1;
    }

    pid = fork();

    if (pid == 0) {
        (void) close(fds[0]);
        otter_check_run(program, conf, fds[1]);
    }

    (void) close(fds[1]);

    if (pid == -1) {
        (void) close(fds[0]);
    }

    *out = fds[0];

    return pid;
}


static void
otter_check_run(const char *program, const char *conf, int out)
{
    if (dup2(out, STDOUT_FILENO) != -1 && dup2(out, STDERR_FILENO) != -1) {
        (void) close(out);
        (void) execl(program, "nginx", "-t", "-q", "-c", conf, (char *) NULL);
    }

    _exit(127);
}


static unsigned
otter_check_lines(otter_check_t *check, FILE *out)
{
    char      *line;
    size_t     size;
    unsigned   problems;

    line = NULL;
    size = 0;
    problems = 0;

    while (getline(&line, &size, out) != -1) {
        line[strcspn(line, "\r\n")] = '\0';
        problems += otter_check_line(check, line);
    }

    free(line);

    return problems;
}


/*
 * "nginx: [emerg] ..." or "2026/01/31 23:59:59 [emerg] 1#1: ..."; returns 1
 * if it told a problem.
 */

static unsigned
otter_check_line(otter_check_t *check, const char *line)
{
    size_t                  len;
    const char             *name, *text;
    otter_finding_level_t   level;

    name = strchr(line, '[');
    text = strstr(line, "] ");

    if (name == NULL || text == NULL || name > text) {
        return 0;
    }

    name++;
    len = (size_t) (text - name);
    text = otter_check_text(text + 2);

    level = OTTER_FINDING_PROBLEM;

    if (strncmp(name, "warn", len) == 0) {
        level = OTTER_FINDING_WARNING;

    } else if (strncmp(name, "emerg", len) && strncmp(name, "alert", len)
               && strncmp(name, "crit", len) && strncmp(name, "error", len))
    {
        return 0;
    }

    otter_findings_add(&check->findings, level, "nginx", "%s", text);

    if (strstr(text, "unknown directive \"otter_")) {
        otter_findings_remedy(&check->findings, "Write \"load_module "
                              "modules/ngx_otter_module.so;\" at the top of "
                              "nginx.conf");

    } else if (strstr(text, "(13: ") && geteuid() != 0) {
        otter_findings_remedy(&check->findings, "Run this as root");

    } else {
        otter_findings_remedy(&check->findings, "Correct it there, and run "
                              "this again");
    }

    return level == OTTER_FINDING_PROBLEM;
}


/* a log names the process first: "1234#1234: " */

static const char *
otter_check_text(const char *text)
{
    size_t             n;
    static const char  digits[] = "0123456789";

    n = strspn(text, digits);

    if (n == 0 || text[n] != '#') {
        return text;
    }

    n += 1 + strspn(text + n + 1, digits);

    return strncmp(text + n, ": ", 2) == 0 ? text + n + 2 : text;
}
