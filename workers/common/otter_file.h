
/*
 * Copyright (C) Otter contributors
 */

/*
 * Small files of keys and secrets: read whole, written so that a reader sees
 * the old or the new one and a crash leaves one of them.
 */


#ifndef OTTER_FILE_H_INCLUDED
#define OTTER_FILE_H_INCLUDED


#include <limits.h>
#include <stddef.h>
#include <sys/stat.h>


enum {
    OTTER_FILE_MAX = 4 * 1024 * 1024,
    OTTER_FILE_ERROR_SIZE = PATH_MAX + 512
};

typedef struct {
    char         *data;                /* with a zero behind it */
    size_t        len;
    struct stat   info;
} otter_file_t;


/*
 * Reads a regular file of at most OTTER_FILE_MAX bytes.  Returns 0, or an
 * errno with a sentence in error.  otter_file_free() zeroes the content.
 */

int otter_file_read(otter_file_t *file, const char *path,
    char error[OTTER_FILE_ERROR_SIZE]);
void otter_file_free(otter_file_t *file);

/* what such an errno means, for a sentence that names the file elsewhere */

const char *otter_file_reason(int err);

/*
 * Waits until no one else changes files of that folder; returns a descriptor
 * to close(), or -1.  The folder is locked, not the file: that one is about
 * to be replaced, and a lock file would stay behind.
 */

int otter_file_lock(const char *path, char error[OTTER_FILE_ERROR_SIZE]);

/*
 * Replaces the file, or makes it, with mode 0600; an owner it has is kept.
 * A symbolic link is followed.  Returns 0, or -1 with the old one in place.
 */

int otter_file_write(const char *path, const char *data, size_t len,
    char error[OTTER_FILE_ERROR_SIZE]);


#endif /* OTTER_FILE_H_INCLUDED */
