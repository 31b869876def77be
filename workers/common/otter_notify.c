
/*
 * Copyright (C) Otter contributors
 */


#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "otter_notify.h"


void
otter_notify(const char *state)
{
    int                 fd;
    size_t              len;
    const char         *path;
    struct sockaddr_un  address;

    path = getenv("NOTIFY_SOCKET");

    if (path == NULL || (path[0] != '/' && path[0] != '@')) {
        return;
    }

    len = strlen(path);

    if (len < 2 || len >= sizeof(address.sun_path)) {
        return;
    }

    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd == -1) {
        return;
    }

    memset(&address, 0, sizeof(address));
    address.sun_family = AF_UNIX;
    memcpy(address.sun_path, path, len);

    /* an abstract socket */

    if (path[0] == '@') {
        address.sun_path[0] = '\0';
    }

    (void) sendto(fd, state, strlen(state), MSG_NOSIGNAL,
                  (struct sockaddr *) &address,
                  (socklen_t) (offsetof(struct sockaddr_un, sun_path) + len));

    close(fd);
}
