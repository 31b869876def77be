
/*
 * Copyright (C) Otter contributors
 */

/*
 * The containers of docker/compose.yaml, by whichever program is there for
 * such files.
 */


#ifndef OTTER_COMPOSE_H_INCLUDED
#define OTTER_COMPOSE_H_INCLUDED


#include <limits.h>

#include "otter_cmd.h"


typedef struct {
    const otter_cmd_t   *cmd;
    const char          *program[2];   /* "docker" and "compose", or one */
    char                 file[PATH_MAX];
} otter_compose_t;


/*
 * The file is the one that is given, or else ./docker/compose.yaml, or the
 * installed one, as seen from the folder of this program.  OTTER_EXIT_OK, or
 * the exit code once it is told what is missing.
 */

int otter_compose_open(otter_compose_t *c, const otter_cmd_t *cmd,
    const char *given, const char *folder);

/* ports NULL: those of the environment, or of the file */

int otter_compose_up(otter_compose_t *c, const char *port,
    const char *turn_port, unsigned json);
int otter_compose_down(otter_compose_t *c, unsigned json);


#endif /* OTTER_COMPOSE_H_INCLUDED */
