
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <string.h>

#include "otter_cmd.h"
#include "otter_core.h"
#include "otter_log.h"


static int otter_dispatch(int argc, char **argv);
static int otter_run(const otter_cmd_t *cmd, int argc, char **argv);
static int otter_help_asked(int argc, char **argv);
static void otter_help_all(const char *group, FILE *out);


static const otter_cmd_t *const  otter_cmds[] = {
    &otter_cmd_key_create,
    &otter_cmd_key_list,
    &otter_cmd_key_revoke,
    &otter_cmd_key_rotate,
    &otter_cmd_secret_new,
    &otter_cmd_secret_list,
    &otter_cmd_secret_rotate,
    &otter_cmd_token,
    &otter_cmd_check,
    &otter_cmd_status,
    &otter_cmd_rooms,
    &otter_cmd_peers,
    &otter_cmd_kick,
    &otter_cmd_usage,
    &otter_cmd_top,
    &otter_cmd_up,
    &otter_cmd_down,
    &otter_cmd_webhooks_list,
    &otter_cmd_webhooks_retry,
    &otter_cmd_webhooks_enable
};


static const size_t  otter_ncmds = sizeof(otter_cmds) / sizeof(otter_cmds[0]);


int
main(int argc, char **argv)
{
    int  rc;

    /* a command itself tells what went wrong */

    otter_log_init("otter", OTTER_LOG_ERROR);

    rc = otter_dispatch(argc, argv);

    /* a full disk must not look like success */

    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("otter: cannot write the result");

        return rc == OTTER_EXIT_OK ? OTTER_EXIT_REFUSED : rc;
    }

    return rc;
}


static int
otter_dispatch(int argc, char **argv)
{
    size_t              i;
    unsigned            group;
    const otter_cmd_t  *cmd;

    group = 0;

    for (i = 0; argc > 1 && i < otter_ncmds; i++) {
        cmd = otter_cmds[i];

        if (strcmp(argv[1], cmd->group) != 0) {
            continue;
        }

        group = 1;

        if (cmd->action == NULL) {
            return otter_run(cmd, argc - 1, argv + 1);
        }

        if (argc > 2 && strcmp(argv[2], cmd->action) == 0) {
            return otter_run(cmd, argc - 2, argv + 2);
        }
    }

    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts("otter " OTTER_VERSION);
        return OTTER_EXIT_OK;
    }

    if (otter_help_asked(argc, argv)) {
        otter_help_all(group ? argv[1] : NULL, stdout);
        return OTTER_EXIT_OK;
    }

    if (argc > 1 && !group) {
        fprintf(stderr, "otter: there is no command \"%s\"\n\n", argv[1]);

    } else if (argc > 2) {
        fprintf(stderr, "otter: there is no command \"%s %s\"\n\n", argv[1],
                argv[2]);
    }

    otter_help_all(group ? argv[1] : NULL, stderr);

    return OTTER_EXIT_USAGE;
}


static int
otter_run(const otter_cmd_t *cmd, int argc, char **argv)
{
    if (otter_help_asked(argc, argv)) {
        printf("usage: otter %s\n", cmd->help);
        return OTTER_EXIT_OK;
    }

    return cmd->run(cmd, argc, argv);
}


static int
otter_help_asked(int argc, char **argv)
{
    int  i;

    for (i = 1; i < argc && strcmp(argv[i], "--"); i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            return 1;
        }
    }

    return 0;
}


static void
otter_help_all(const char *group, FILE *out)
{
    char                name[32];
    size_t              i;
    const otter_cmd_t  *cmd;

    fputs("usage: otter COMMAND [OPTION...]\n\n", out);

    for (i = 0; i < otter_ncmds; i++) {
        cmd = otter_cmds[i];

        if (group && strcmp(group, cmd->group) != 0) {
            continue;
        }

        snprintf(name, sizeof(name), "%s%s%s", cmd->group,
                 cmd->action ? " " : "", cmd->action ? cmd->action : "");

        fprintf(out, "  %-12s  %s\n", name, cmd->summary);
    }

    fputs("\nEach takes --help, and --json for a result that programs read.\n"
          "Exit status: 0 success, 1 refused or something is wrong, "
          "2 misused.\n", out);
}
