
/*
 * Copyright (C) Otter contributors
 */

/* The parent: options, phases, the server's CPU time and memory, the report. */


#include "load.h"

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>


typedef struct {
    const char   *name;
    const char  **text;
    long         *number;
} load_option_t;


load_t  load;

static load_list_t  load_pids, load_redis, load_children;


static const load_option_t  load_table[] = {

    { "server", &load.option.server_name, NULL },
    { "mode", &load.option.mode_name, NULL },

    /* the peers of a room take them in turn */
    { "ports", &load.option.ports_text, NULL },

    /* whose CPU time and memory is measured */
    { "pids", &load.option.pids_text, NULL },
    { "redis", &load.option.redis_text, NULL },

    /* workers that answer /pid; "same": a room on one, "cross": in turn */
    { "workers", &load.option.workers_text, NULL },
    { "spread", &load.option.spread, NULL },

    { "jwk", &load.option.jwk, NULL },
    { "request", &load.option.request, NULL },

    { "peers", NULL, &load.option.peers },
    { "room", NULL, &load.option.room },
    { "size", NULL, &load.option.size },
    { "window", NULL, &load.option.window },
    { "rate", NULL, &load.option.rate },
    { "limit", NULL, &load.option.limit },
    { "processes", NULL, &load.option.processes },
    { "parallel", NULL, &load.option.parallel },
    { "tls", NULL, &load.option.tls },
    { "slow", NULL, &load.option.slow },

    /* seconds, and milliseconds */
    { "timeout", NULL, &load.option.timeout },
    { "hold", NULL, &load.option.hold },
    { "warm", NULL, &load.option.warm },
    { "measure", NULL, &load.option.measure }
};


void
load_die(const char *format, ...)
{
    va_list  args;

    fputs("load: ", stderr);

    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);

    fputc('\n', stderr);

    exit(1);
}


void *
load_allocate(void *old, size_t size)
{
    void  *p;

    p = realloc(old, size);

    if (p == NULL) {
        load_die("no memory");
    }

    return p;
}


/* 0 for the CPU time of a process that is gone */

uint64_t
load_now(clockid_t clock)
{
    struct timespec  ts;

    if (clock_gettime(clock, &ts) != 0) {
        return 0;
    }

    return (uint64_t) ts.tv_sec * 1000000000 + (uint64_t) ts.tv_nsec;
}


void
load_slurp(const char *path, char *buf, size_t size)
{
    int      fd;
    ssize_t  n;

    fd = open(path, O_RDONLY);
    n = (fd == -1) ? -1 : read(fd, buf, size - 1);

    if (n < 0) {
        load_die("%s: %s", path, strerror(errno));
    }

    buf[n] = '\0';
    close(fd);
}


/* numbers with commas between them */

static load_list_t
load_list(const char *text)
{
    char         *end;
    load_list_t   list;

    list.n = 0;

    while (*text) {
        if (list.n == LOAD_LIST_MAX) {
            load_die("too many in a list");
        }

        list.item[list.n++] = strtol(text, &end, 10);

        if (end == text || (*end && *end != ',')) {
            load_die("\"%s\" is no list of numbers", text);
        }

        text = *end ? end + 1 : end;
    }

    return list;
}


static void
load_option(const char *name, const char *value)
{
    size_t                i;
    char                 *end;
    const load_option_t  *o;

    for (i = 0; i < sizeof(load_table) / sizeof(load_table[0]); i++) {
        o = &load_table[i];

        if (strncmp(name, "--", 2) != 0 || strcmp(name + 2, o->name) != 0) {
            continue;
        }

        if (o->text) {
            *o->text = value;
            return;
        }

        *o->number = strtol(value, &end, 10);

        if (end == value || *end) {
            load_die("%s: \"%s\" is no number", name, value);
        }

        return;
    }

    load_die("no option is named \"%s\"", name);
}


static load_mode_t
load_mode(const char *name)
{
    size_t  i;

    static const char  *names[] = { "none", "directed", "room", "one" };

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(name, names[i]) == 0) {
            return (load_mode_t) i;
        }
    }

    load_die("no mode is named \"%s\"", name);

    return LOAD_MODE_NONE;
}


static void
load_configure(int argc, char **argv)
{
    int              i;
    load_options_t  *o;

    o = &load.option;

    *o = (load_options_t) {
        .server_name = "otter", .mode_name = "none", .ports_text = "",
        .pids_text = "", .redis_text = "", .workers_text = "", .spread = "",
        .peers = 4, .room = 4, .size = 300, .window = 1, .processes = 1,
        .parallel = 64, .timeout = 120, .hold = 300, .warm = 500,
        .measure = 3000
    };

    for (i = 1; i + 1 < argc; i += 2) {
        load_option(argv[i], argv[i + 1]);
    }

    load.server = load_server_named(o->server_name);
    load.mode = load_mode(o->mode_name);
    load.ports = load_list(o->ports_text);
    load.workers = load_list(o->workers_text);
    load_pids = load_list(o->pids_text);
    load_redis = load_list(o->redis_text);

    if (i < argc || load.ports.n == 0 || o->room < 1 || o->window < 1
        || o->processes < 1 || o->processes > LOAD_LIST_MAX
        || o->peers < o->room * o->processes)
    {
        load_die("usage: load --server NAME --mode none|directed|room|one "
                 "--ports P[,P] --pids PID[,PID] [--OPTION VALUE]...");
    }

    load.receivers = (load.mode == LOAD_MODE_DIRECTED || load.server->http)
                     ? 1
                     : (int) (o->room - !load.server->echoes - o->slow);

    if (o->jwk) {
        load_token_key(o->jwk);
    }
}


static uint64_t
load_cpu(load_list_t *pids)
{
    int        i;
    uint64_t   sum;
    clockid_t  clock;

    for (i = 0, sum = 0; i < pids->n; i++) {
        if (clock_getcpuclockid((pid_t) pids->item[i], &clock) != 0) {
            load_die("process %ld is gone", pids->item[i]);
        }

        sum += load_now(clock);
    }

    return sum;
}


/* bytes of the server's processes; what they share is counted once */

static uint64_t
load_memory(void)
{
    int       i;
    char      path[64], text[4096], *pss;
    uint64_t  sum;

    for (i = 0, sum = 0; i < load_pids.n; i++) {
        snprintf(path, sizeof(path), "/proc/%ld/smaps_rollup",
                 load_pids.item[i]);
        load_slurp(path, text, sizeof(text));

        pss = strstr(text, "\nPss:");
        sum += pss ? strtoull(pss + 5, NULL, 10) * 1024 : 0;
    }

    return sum;
}


static void
load_mark(load_mark_t *mark)
{
    int  i;

    mark->time = load_now(CLOCK_MONOTONIC);
    mark->server = load_cpu(&load_pids);
    mark->redis = load_cpu(&load_redis);
    mark->load = load_cpu(&load_children);

    memset(&mark->count, 0, sizeof(mark->count));

    for (i = 0; i < load_children.n; i++) {
        load_report_sum(&mark->count, &load.shared->count[i]);
    }
}


static void
load_sleep(long ms)
{
    struct timespec  ts;

    ts.tv_sec = ms / 1000;
    ts.tv_nsec = ms % 1000 * 1000000;

    nanosleep(&ts, NULL);
}


static void
load_start(void)
{
    int    i;
    pid_t  pid, parent;

    load.shared = mmap(NULL, sizeof(load_shared_t), PROT_READ|PROT_WRITE,
                       MAP_SHARED|MAP_ANONYMOUS|MAP_NORESERVE, -1, 0);

    if (load.shared == MAP_FAILED) {
        load_die("no shared memory");
    }

    parent = getpid();

    for (i = 0; i < load.option.processes; i++) {
        pid = fork();

        if (pid == -1) {
            load_die("fork: %s", strerror(errno));
        }

        if (pid == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);

            if (getppid() == parent) {
                load_loop((uint32_t) i);
            }

            exit(0);
        }

        load_children.item[load_children.n++] = pid;
    }
}


/* everything has arrived, and the slow ones are thrown out */

static int
load_done(load_mark_t *mark)
{
    uint64_t  slow;

    slow = (uint64_t) (load.option.slow
                       ? load.option.peers / load.option.room : 0);

    return mark->count.slow_closed >= slow
           && mark->count.delivered
              >= mark->count.sent * (uint64_t) load.receivers;
}


/* waits until all have joined, or all messages have arrived, or a timeout */

static void
load_wait(load_mark_t *mark, uint64_t joined)
{
    uint64_t  end;

    end = load_now(CLOCK_MONOTONIC)
          + (uint64_t) load.option.timeout * 1000000000;

    do {
        load_sleep(2);
        load_mark(mark);

        if (waitpid(-1, NULL, WNOHANG) > 0) {
            load_die("a child is gone");
        }

    } while (load_now(CLOCK_MONOTONIC) < end && mark->count.failed == 0
             && (joined ? mark->count.joined < joined : !load_done(mark)));
}


static void
load_phase(load_phase_t phase)
{
    atomic_store(&load.shared->phase, (int) phase);

    /* until it has come round */

    load_sleep(20);
}


static void
load_run(load_result_t *r)
{
    r->memory_before = load_memory();
    load_mark(&r->start);
    load_start();
    load_wait(&r->joined, r->sockets);

    if (r->joined.count.joined < r->sockets) {
        load_die("only %" PRIu64 " of %" PRIu64 " have joined",
                 r->joined.count.joined, r->sockets);
    }

    load_phase(LOAD_HOLD);
    load_sleep(load.option.hold);
    r->memory_idle = load_memory();

    load_phase(LOAD_SEND);
    load_sleep(load.option.warm);

    load_phase(LOAD_MEASURE);
    load_mark(&r->sending);
    load_sleep(load.option.measure);
    load_mark(&r->sent);
    r->memory_after = load_memory();

    load_phase(LOAD_DRAIN);
    load_wait(&r->end, 0);
    load_phase(LOAD_END);
}


int
main(int argc, char **argv)
{
    long           peers;
    load_result_t  result;

    load_configure(argc, argv);

    peers = load.option.peers / load.option.processes;
    peers = (peers - peers % load.option.room) * load.option.processes;

    if (load.server->publishes && load.mode == LOAD_MODE_DIRECTED) {
        peers *= 2;
    }

    signal(SIGPIPE, SIG_IGN);

    result.sockets = (uint64_t) peers;
    load_run(&result);

    return load_report(&result);
}
