
/*
 * Copyright (C) Otter contributors
 */


#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "otter_file.h"


static int otter_file_load(otter_file_t *file, int fd, const char *path,
    char *error);
static int otter_file_error(char *error, int err, const char *what,
    const char *path);
static int otter_file_resolve(char *dst, const char *path, char *error);
static void otter_file_folder(char *dst, const char *path);
static int otter_file_replace(const char *temp, int fd, const char *path,
    const char *data, size_t len, char *error);
static int otter_file_keep_owner(int fd, const char *path);
static int otter_file_fill(int fd, const char *data, size_t len);


int
otter_file_read(otter_file_t *file, const char *path,
    char error[OTTER_FILE_ERROR_SIZE])
{
    int  fd, rc;

    memset(file, 0, sizeof(otter_file_t));

    /* a named pipe must not hold up the one who asks what it is */

    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd == -1) {
        return otter_file_error(error, errno, "cannot open", path);
    }

    rc = otter_file_load(file, fd, path, error);

    (void) close(fd);

    if (rc != 0) {
        otter_file_free(file);
    }

    return rc;
}


static int
otter_file_load(otter_file_t *file, int fd, const char *path, char *error)
{
    size_t   size;
    ssize_t  n;

    if (fstat(fd, &file->info) == -1) {
        return otter_file_error(error, errno, "cannot examine", path);
    }

    if (!S_ISREG(file->info.st_mode)) {
        snprintf(error, OTTER_FILE_ERROR_SIZE, "%s is not a regular file",
                 path);
        return EINVAL;
    }

    if (file->info.st_size > OTTER_FILE_MAX) {
        snprintf(error, OTTER_FILE_ERROR_SIZE,
                 "%s is larger than %d bytes", path, OTTER_FILE_MAX);
        return EFBIG;
    }

    size = (size_t) file->info.st_size;

    file->data = malloc(size + 1);
    if (file->data == NULL) {
        return otter_file_error(error, ENOMEM, "cannot read", path);
    }

    while (file->len < size) {
        n = read(fd, file->data + file->len, size - file->len);

        if (n == -1 && errno == EINTR) {
            continue;
        }

        if (n == -1) {
            return otter_file_error(error, errno, "cannot read", path);
        }

        if (n == 0) {
            break;
        }

        file->len += (size_t) n;
    }

    file->data[file->len] = '\0';

    return 0;
}


void
otter_file_free(otter_file_t *file)
{
    if (file->data) {
        OPENSSL_cleanse(file->data, file->len);
        free(file->data);
    }

    file->data = NULL;
    file->len = 0;
}


static int
otter_file_error(char *error, int err, const char *what, const char *path)
{
    snprintf(error, OTTER_FILE_ERROR_SIZE, "%s %s: %s", what, path,
             strerror(err));

    return err;
}


const char *
otter_file_reason(int err)
{
    switch (err) {

    case EINVAL:
        return "it is not a regular file";

    case EFBIG:
        return "it is too large";

    case ENOENT:
        return "it is not there";

    default:
        return strerror(err);
    }
}


int
otter_file_lock(const char *path, char error[OTTER_FILE_ERROR_SIZE])
{
    int   fd;
    char  real[PATH_MAX], folder[PATH_MAX];

    if (otter_file_resolve(real, path, error) != 0) {
        return -1;
    }

    otter_file_folder(folder, real);

    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd == -1) {
        (void) otter_file_error(error, errno, "cannot open the folder",
                                folder);
        return -1;
    }

    while (flock(fd, LOCK_EX) == -1) {
        if (errno != EINTR) {
            (void) otter_file_error(error, errno, "cannot lock", folder);
            (void) close(fd);

            return -1;
        }
    }

    return fd;
}


/* the file that a symbolic link stands for, if there is one yet */

static int
otter_file_resolve(char *dst, const char *path, char *error)
{
    if (realpath(path, dst)) {
        return 0;
    }

    if (errno != ENOENT) {
        (void) otter_file_error(error, errno, "cannot find", path);
        return -1;
    }

    if (strlen(path) >= PATH_MAX) {
        (void) otter_file_error(error, ENAMETOOLONG, "cannot find", path);
        return -1;
    }

    memcpy(dst, path, strlen(path) + 1);

    return 0;
}


static void
otter_file_folder(char *dst, const char *path)
{
    size_t       len;
    const char  *slash;

    slash = strrchr(path, '/');

    if (slash == NULL) {
        memcpy(dst, ".", 2);
        return;
    }

    len = slash == path ? 1 : (size_t) (slash - path);

    memcpy(dst, path, len);
    dst[len] = '\0';
}


int
otter_file_write(const char *path, const char *data, size_t len,
    char error[OTTER_FILE_ERROR_SIZE])
{
    int   dir, fd, rc;
    char  real[PATH_MAX], folder[PATH_MAX], temp[PATH_MAX + 32];

    if (otter_file_resolve(real, path, error) != 0) {
        return -1;
    }

    otter_file_folder(folder, real);

    snprintf(temp, sizeof(temp), "%s/.otter-XXXXXX", folder);

    /* mode 0600 from the first moment on */

    fd = mkostemp(temp, O_CLOEXEC);
    if (fd == -1) {
        (void) otter_file_error(error, errno, "cannot make a file in",
                                folder);
        return -1;
    }

    rc = otter_file_replace(temp, fd, real, data, len, error);

    (void) close(fd);

    if (rc != 0) {
        (void) unlink(temp);
        return -1;
    }

    /* a rename lasts once the folder is on the disk, too */

    dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (dir != -1) {
        (void) fsync(dir);
        (void) close(dir);
    }

    return 0;
}


static int
otter_file_replace(const char *temp, int fd, const char *path,
    const char *data, size_t len, char *error)
{
    if (otter_file_fill(fd, data, len) == -1
        || fchmod(fd, S_IRUSR | S_IWUSR) == -1
        || otter_file_keep_owner(fd, path) == -1
        || fsync(fd) == -1
        || rename(temp, path) == -1)
    {
        (void) otter_file_error(error, errno, "cannot write", path);
        return -1;
    }

    return 0;
}


static int
otter_file_keep_owner(int fd, const char *path)
{
    struct stat  old, new;

    if (stat(path, &old) == -1) {
        return errno == ENOENT ? 0 : -1;
    }

    if (fstat(fd, &new) == -1) {
        return -1;
    }

    if (old.st_uid == new.st_uid && old.st_gid == new.st_gid) {
        return 0;
    }

    return fchown(fd, old.st_uid, old.st_gid);
}


static int
otter_file_fill(int fd, const char *data, size_t len)
{
    ssize_t  n;

    while (len) {
        n = write(fd, data, len);

        if (n == -1) {
            if (errno == EINTR) {
                continue;
            }

            return -1;
        }

        data += n;
        len -= (size_t) n;
    }

    return 0;
}
