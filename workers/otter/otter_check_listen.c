
/*
 * Copyright (C) Otter contributors
 */


#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "otter_check.h"


enum {
    OTTER_CHECK_CONNECT = 3000,        /* ms */
    OTTER_CHECK_NAME = 32,

    /* columns of /proc/net/tcp; the state of those that listen is 0A */

    OTTER_CHECK_LOCAL = 1,
    OTTER_CHECK_STATE = 3,
    OTTER_CHECK_INODE = 9
};

typedef struct {
    const char               *text;    /* as nginx.conf has it */
    struct sockaddr_storage   address;
    socklen_t                 len;
    unsigned                  any:1;   /* all addresses of its family */
} otter_check_listen_t;


static int otter_check_listen_parse(otter_check_listen_t *l,
    const char *text);
static void otter_check_listen_one(otter_check_t *check,
    const otter_check_listen_t *l);
static void otter_check_listen_free(otter_check_t *check,
    const otter_check_listen_t *l);
static uint64_t otter_check_listen_inode(const otter_check_listen_t *l,
    const char *path);
static int otter_check_listen_overlaps(const otter_check_listen_t *l,
    const char *local);
static unsigned otter_check_listen_owner(uint64_t inode,
    char name[OTTER_CHECK_NAME]);
static int otter_check_listen_has(const char *pid, uint64_t inode);
static void otter_check_listen_comm(const char *pid,
    char name[OTTER_CHECK_NAME]);
static int otter_check_listen_connect(const otter_check_listen_t *l);


void
otter_check_listen(otter_check_t *check)
{
    size_t                i;
    otter_check_listen_t  l;

    for (i = 0; i < check->listens.n; i++) {
        if (otter_check_listen_parse(&l, check->listens.items[i]) == 0) {
            otter_findings_print(&check->findings);
            otter_check_listen_one(check, &l);
        }
    }
}


/*
 * "80", "127.0.0.1:80", "[::]:80", "name:80", "name".  What is none of these,
 * or cannot be resolved, nginx finds itself.
 */

static int
otter_check_listen_parse(otter_check_listen_t *l, const char *text)
{
    char              host[256], *end;
    size_t            len;
    const char       *port, *begin;
    unsigned long     number;
    struct addrinfo   hints, *list;

    memset(l, 0, sizeof(otter_check_listen_t));
    memset(&hints, 0, sizeof(struct addrinfo));

    begin = text;
    len = strcspn(text, ":");

    if (text[strspn(text, "0123456789")] == '\0') {
        len = 0;
        port = text;

    } else if (*text == '[') {
        begin++;
        len = strcspn(begin, "]");
        port = begin[len] && begin[len + 1] == ':' ? begin + len + 2 : "80";

    } else {
        port = text[len] ? text + len + 1 : "80";
    }

    number = strtoul(port, &end, 10);

    if (number == 0 || number > 65535 || *end || (*text == '[' && len == 0)) {
        return -1;
    }

    l->text = text;
    l->any = len == 0 || (len == 1 && *begin == '*');

    snprintf(host, sizeof(host), "%.*s", (int) len, begin);

    hints.ai_socktype = SOCK_STREAM;
    hints.ai_family = l->any ? AF_INET : AF_UNSPEC;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;

    if (len >= sizeof(host)
        || getaddrinfo(l->any ? NULL : host, port, &hints, &list) != 0)
    {
        return -1;
    }

    memcpy(&l->address, list->ai_addr, list->ai_addrlen);
    l->len = list->ai_addrlen;

    freeaddrinfo(list);

    l->any |= strcmp(host, "0.0.0.0") == 0 || strcmp(host, "::") == 0;

    return 0;
}


static void
otter_check_listen_one(otter_check_t *check, const otter_check_listen_t *l)
{
    int                error;
    char               name[OTTER_CHECK_NAME];
    uint64_t           inode;
    unsigned           pid;
    otter_findings_t  *f;

    f = &check->findings;

    error = otter_check_listen_connect(l);
    inode = otter_check_listen_inode(l, l->address.ss_family == AF_INET
                                        ? "/proc/net/tcp" : "/proc/net/tcp6");

    /* a socket of IPv6 may take what comes by IPv4 as well */

    if (inode == 0 && error == 0) {
        inode = otter_check_listen_inode(l, "/proc/net/tcp6");
    }

    if (inode == 0) {
        otter_check_listen_free(check, l);
        return;
    }

    pid = otter_check_listen_owner(inode, name);

    if (pid && strcmp(name, "nginx") != 0) {
        otter_findings_add(f, OTTER_FINDING_PROBLEM, l->text,
                           "%s (process %u) listens there, so that nginx "
                           "cannot", name, pid);
        otter_findings_remedy(f, "End it, or give one of the two another "
                              "port");
        return;
    }

    if (error) {
        otter_findings_add(f, OTTER_FINDING_PROBLEM, l->text,
                           "nginx listens there, but cannot be reached: %s",
                           strerror(error));
        otter_findings_remedy(f, "Let the firewall of this host pass it");

    } else if (pid == 0) {
        otter_findings_add(f, OTTER_FINDING_WARNING, l->text, "something "
                           "listens there; whether it is nginx cannot be "
                           "seen");
        otter_findings_remedy(f, "Run this as root");

    } else {
        otter_findings_add(f, OTTER_FINDING_OK, l->text,
                           "nginx listens there, and is reached");
    }
}


/* nobody listens: which is as it should be unless nginx runs */

static void
otter_check_listen_free(otter_check_t *check, const otter_check_listen_t *l)
{
    char   pid[16], name[OTTER_CHECK_NAME];
    FILE  *file;

    name[0] = '\0';

    file = fopen(check->pid_file ? check->pid_file : "/run/nginx.pid", "re");

    if (file) {
        if (fgets(pid, sizeof(pid), file)) {
            pid[strspn(pid, "0123456789")] = '\0';
            otter_check_listen_comm(pid, name);
        }

        (void) fclose(file);
    }

    if (strcmp(name, "nginx") != 0) {
        otter_findings_add(&check->findings, OTTER_FINDING_OK, l->text,
                           "it is free for nginx, which does not run");
        return;
    }

    otter_findings_add(&check->findings, OTTER_FINDING_WARNING, l->text,
                       "nginx runs, but does not listen there");
    otter_findings_remedy(&check->findings, "Reload nginx, and look into its "
                          "error log");
}


/* of the socket that listens there; 0: none does */

static uint64_t
otter_check_listen_inode(const otter_check_listen_t *l, const char *path)
{
    char       line[512], *p, *word, *words[OTTER_CHECK_INODE + 1];
    FILE      *file;
    size_t     n;
    uint64_t   found;

    file = fopen(path, "re");
    if (file == NULL) {
        return 0;
    }

    found = 0;

    while (found == 0 && fgets(line, sizeof(line), file)) {
        n = 0;

        for (word = strtok_r(line, " \n", &p);
             word && n <= OTTER_CHECK_INODE;
             word = strtok_r(NULL, " \n", &p))
        {
            words[n++] = word;
        }

        if (n > OTTER_CHECK_INODE && strcmp(words[OTTER_CHECK_STATE], "0A") == 0
            && otter_check_listen_overlaps(l, words[OTTER_CHECK_LOCAL]))
        {
            found = strtoull(words[OTTER_CHECK_INODE], NULL, 10);
        }
    }

    (void) fclose(file);

    return found;
}


/*
 * local is "ADDRESS:PORT", in hexadecimal, the address as words of 32 bits in
 * the order of this machine
 */

static int
otter_check_listen_overlaps(const otter_check_listen_t *l, const char *local)
{
    char          own[33];
    size_t        i, n, len;
    uint32_t      words[4];
    const void   *ip;
    in_port_t     own_port;

    if (l->address.ss_family == AF_INET) {
        ip = &((const struct sockaddr_in *) &l->address)->sin_addr;
        own_port = ((const struct sockaddr_in *) &l->address)->sin_port;
        n = 1;

    } else {
        ip = &((const struct sockaddr_in6 *) &l->address)->sin6_addr;
        own_port = ((const struct sockaddr_in6 *) &l->address)->sin6_port;
        n = 4;
    }

    len = strcspn(local, ":");

    if (local[len] == '\0'
        || strtoul(local + len + 1, NULL, 16) != ntohs(own_port))
    {
        return 0;
    }

    memcpy(words, ip, n * sizeof(uint32_t));

    for (i = 0; i < n; i++) {
        snprintf(own + i * 8, sizeof(own) - i * 8, "%08" PRIX32, words[i]);
    }

    return l->any || strspn(local, "0") == len
           || (strlen(own) == len && strncmp(own, local, len) == 0);
}


/* others than root see their own processes alone; 0: it is not seen */

static unsigned
otter_check_listen_owner(uint64_t inode, char name[OTTER_CHECK_NAME])
{
    DIR            *dir;
    unsigned        pid;
    struct dirent  *entry;

    pid = 0;
    dir = opendir("/proc");

    while (dir && pid == 0 && (entry = readdir(dir)) != NULL) {
        if (isdigit((unsigned char) entry->d_name[0])
            && otter_check_listen_has(entry->d_name, inode))
        {
            pid = (unsigned) strtoul(entry->d_name, NULL, 10);
            otter_check_listen_comm(entry->d_name, name);
        }
    }

    if (dir) {
        (void) closedir(dir);
    }

    return pid;
}


static int
otter_check_listen_has(const char *pid, uint64_t inode)
{
    int             has;
    char            path[600], link[64], socket_name[64];
    DIR            *dir;
    ssize_t         n;
    struct dirent  *entry;

    snprintf(socket_name, sizeof(socket_name), "socket:[%" PRIu64 "]", inode);
    snprintf(path, sizeof(path), "/proc/%.16s/fd", pid);

    has = 0;
    dir = opendir(path);

    while (dir && !has && (entry = readdir(dir)) != NULL) {
        snprintf(path, sizeof(path), "/proc/%.16s/fd/%s", pid,
                 entry->d_name);

        n = readlink(path, link, sizeof(link) - 1);
        link[n > 0 ? n : 0] = '\0';

        has = strcmp(link, socket_name) == 0;
    }

    if (dir) {
        (void) closedir(dir);
    }

    return has;
}


static void
otter_check_listen_comm(const char *pid, char name[OTTER_CHECK_NAME])
{
    char   path[64];
    FILE  *file;

    name[0] = '\0';

    snprintf(path, sizeof(path), "/proc/%.16s/comm", pid);

    file = fopen(path, "re");

    if (file) {
        if (fgets(name, OTTER_CHECK_NAME, file)) {
            name[strcspn(name, "\n")] = '\0';
        }

        (void) fclose(file);
    }
}


/* 0, or an error number; of all addresses this machine's own will do */

static int
otter_check_listen_connect(const otter_check_listen_t *l)
{
    int                       fd, error;
    socklen_t                 len;
    struct pollfd             pfd;
    struct sockaddr_storage   to;

    to = l->address;

    if (l->any && to.ss_family == AF_INET) {
        ((struct sockaddr_in *) &to)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);

    } else if (l->any) {
        ((struct sockaddr_in6 *) &to)->sin6_addr = in6addr_loopback;
    }

    fd = socket(to.ss_family, SOCK_STREAM|SOCK_NONBLOCK|SOCK_CLOEXEC, 0);

    if (fd == -1) {
        return errno;
    }

    error = connect(fd, (struct sockaddr *) &to, l->len) == 0 ? 0 : errno;

    if (error == EINPROGRESS) {
        pfd.fd = fd;
        pfd.events = POLLOUT;
        len = sizeof(error);

        if (poll(&pfd, 1, OTTER_CHECK_CONNECT) != 1) {
            error = ETIMEDOUT;

        } else if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) == -1) {
            error = errno;
        }
    }

    (void) close(fd);

    return error;
}
