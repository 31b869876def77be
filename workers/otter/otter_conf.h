
/*
 * Copyright (C) Otter contributors
 */

/*
 * Reads the directives of an nginx.conf and of the files it includes, without
 * judging them: that is nginx's business.
 */


#ifndef OTTER_CONF_H_INCLUDED
#define OTTER_CONF_H_INCLUDED


#include <stddef.h>


enum {
    OTTER_CONF_WORDS_MAX = 64,         /* of a directive; others are left out */
    OTTER_CONF_FILES_MAX = 1000,
    OTTER_CONF_DEPTH_MAX = 16
};

typedef struct {
    const char  *file;
    unsigned     line;
    size_t       nwords;
    const char  *words[OTTER_CONF_WORDS_MAX];     /* the name is the first */
} otter_conf_directive_t;

/* error NULL: a directive; else a file that cannot be read, and why */

typedef void (*otter_conf_pt)(void *data, const otter_conf_directive_t *d,
    const char *error);


/* calls the function for each of them, in the order that nginx has */

void otter_conf_read(const char *path, otter_conf_pt call, void *data);


#endif /* OTTER_CONF_H_INCLUDED */
