
/*
 * Copyright (C) Otter contributors
 */


#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "otter_api.h"
#include "otter_top.h"


enum {
    OTTER_TOP_INTERVAL = 2,            /* seconds */
    OTTER_TOP_INTERVAL_MAX = 3600
};

typedef struct {
    const otter_cmd_t   *cmd;
    otter_api_t         *api;
    const char          *where;
    char                 url[OTTER_API_URL_SIZE];
    double               interval;
    unsigned             json:1;
    unsigned             once:1;
    unsigned             screen:1;     /* a terminal that is drawn on */
    unsigned             rooms:1;      /* the API is asked for them */
    json_t              *before;
    double               at;           /* when */
    json_t              *view;
} otter_top_t;


static int otter_top(const otter_cmd_t *cmd, int argc, char **argv);
static int otter_top_open(otter_top_t *top, const otter_api_where_t *given,
    const char *url);
static int otter_top_run(otter_top_t *top);
static int otter_top_sample(otter_top_t *top);
static void otter_top_show(otter_top_t *top);
static int otter_top_wait(otter_top_t *top);
static void otter_top_screen(unsigned on);
static void otter_top_signal(int signo);
static double otter_top_now(void);


const otter_cmd_t  otter_cmd_top = {
    "top", NULL, "shows rooms, rates and latency as they change",
    "top [--status-url URL] [--interval S] [--once] [--json]\n"
    "\n"
    "Press q to quit.  Rooms are shown with an API key of the scope "
    "\"rooms\".\n"
    "\n"
    "  --status-url URL    a location with otter_status;\n"
    "                      default: $OTTER_STATUS_URL\n"
    OTTER_API_HELP
    "  --interval S        seconds from one look to the next; default: 2\n"
    "  --once              look once, and print it\n"
    "  --json              a line of JSON each time",
    otter_top
};


static struct termios         otter_top_saved;
static volatile sig_atomic_t  otter_top_ended;


static int
otter_top(const otter_cmd_t *cmd, int argc, char **argv)
{
    int                 rc;
    const char         *url, *interval;
    otter_api_t         api;
    otter_top_t         top;
    otter_api_where_t   where;

    otter_option_t  options[] = {
        { "json", NULL, 0, 0 },
        { "once", NULL, 0, 0 },
        { "interval", &interval, 1, 0 },
        { "status-url", &url, 1, 0 },
        OTTER_API_OPTIONS(where),
        { NULL, NULL, 0, 0 }
    };

    url = NULL;
    interval = NULL;

    memset(&where, 0, sizeof(otter_api_where_t));
    memset(&top, 0, sizeof(otter_top_t));

    if (otter_cmd_options(cmd, options, argc, argv, NULL, 0) != 0) {
        return OTTER_EXIT_USAGE;
    }

    top.cmd = cmd;
    top.api = &api;
    top.json = options[0].count;
    top.once = options[1].count;
    top.interval = interval ? (double) otter_option_duration(interval)
                            : OTTER_TOP_INTERVAL;
    top.screen = !top.json && !top.once;

    if (top.interval < 1 || top.interval > OTTER_TOP_INTERVAL_MAX) {
        return otter_cmd_misused(cmd, "--interval must be 1 second to 1 hour");
    }

    if (top.screen && (!isatty(STDOUT_FILENO) || !isatty(STDIN_FILENO))) {
        return otter_cmd_misused(cmd, "this is no terminal: use --once or "
                                      "--json");
    }

    otter_api_environment(&where);

    rc = otter_top_open(&top, &where, url);
    if (rc != OTTER_EXIT_OK) {
        return rc;
    }

    rc = otter_top_run(&top);

    json_decref(top.before);
    json_decref(top.view);
    otter_api_close(&api);

    return rc;
}


/* where no API is, the status is all there is to see */

static int
otter_top_open(otter_top_t *top, const otter_api_where_t *given,
    const char *url)
{
    otter_api_where_t  where;

    if (url == NULL) {
        url = getenv("OTTER_STATUS_URL");
    }

    if (url == NULL) {
        return otter_cmd_misused(top->cmd, "--status-url is missing, and "
                                 "there is no OTTER_STATUS_URL");
    }

    where = *given;
    top->rooms = (where.url && where.key_file);
    top->where = url;

    if (where.url == NULL) {
        where.url = url;
    }

    if (!top->rooms) {
        where.key_file = NULL;
    }

    snprintf(top->url, sizeof(top->url), "%s%sformat=json", url,
             strchr(url, '?') ? "&" : "?");

    return otter_api_open(top->api, top->cmd, &where, 0);
}


static int
otter_top_run(otter_top_t *top)
{
    int  rc;

    if (otter_top_sample(top) != 0) {
        return OTTER_EXIT_REFUSED;
    }

    if (top->screen) {
        otter_top_screen(1);
    }

    rc = OTTER_EXIT_OK;

    while (!otter_top_wait(top)) {

        if (otter_top_sample(top) != 0) {
            rc = OTTER_EXIT_REFUSED;
            break;
        }

        otter_top_show(top);

        if (top->once) {
            break;
        }
    }

    if (top->screen) {
        otter_top_screen(0);
    }

    if (rc != OTTER_EXIT_OK && top->api->error[0]) {
        return otter_cmd_refused(top->cmd, "%s", top->api->error);
    }

    return rc;
}


static int
otter_top_sample(otter_top_t *top)
{
    double   now;
    json_t  *status, *rooms;

    status = otter_api_call(top->api, "GET", top->url);

    if (status == NULL || json_object_get(status, "sessions") == NULL) {

        if (status) {
            snprintf(top->api->error, sizeof(top->api->error),
                     "there is no otter_status at %.400s", top->where);
            json_decref(status);
        }

        if (top->before == NULL) {
            (void) otter_cmd_refused(top->cmd, "%s", top->api->error);
        }

        return -1;
    }

    now = otter_top_now();
    rooms = NULL;

    if (top->rooms && top->before) {
        rooms = otter_api_rooms(top->api);

        if (rooms == NULL) {
            json_decref(status);
            return -1;
        }
    }

    if (top->before) {
        json_decref(top->view);
        top->view = otter_top_view(top->before, status, now - top->at, rooms);
        json_decref(top->before);
    }

    json_decref(rooms);

    top->before = status;
    top->at = now;

    return 0;
}


static void
otter_top_show(otter_top_t *top)
{
    size_t          rows, columns;
    struct winsize  size;

    if (top->json) {
        (void) otter_cmd_json(top->cmd, json_incref(top->view));
        fflush(stdout);
        return;
    }

    if (!top->screen) {
        otter_top_draw(top->view, top->where, 0, 0);
        return;
    }

    rows = 24;
    columns = 80;

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row
        && size.ws_col)
    {
        rows = size.ws_row;
        columns = size.ws_col;
    }

    fputs("\033[H", stdout);

    if (top->view) {
        otter_top_draw(top->view, top->where, rows, columns);

    } else {
        fputs("otter: looking...\033[K", stdout);
    }

    fputs("\033[J", stdout);
    fflush(stdout);
}


/* until the next look; 1: it is time to go */

static int
otter_top_wait(otter_top_t *top)
{
    int            rc;
    char           key;
    double         left, until;
    struct pollfd  fd;

    until = top->at + top->interval;

    fd.fd = top->screen ? STDIN_FILENO : -1;
    fd.events = POLLIN;

    for ( ;; ) {
        if (top->screen) {
            otter_top_show(top);
        }

        left = until - otter_top_now();

        if (left <= 0 || otter_top_ended) {
            return otter_top_ended;
        }

        rc = poll(&fd, 1, (int) (left * 1000) + 1);

        if (rc == 1
            && (read(STDIN_FILENO, &key, 1) != 1 || key == 'q' || key == 'Q'))
        {
            return 1;
        }

        /* a signal: of another size of the window, or of the end */

        if (rc == -1 && errno != EINTR) {
            return 1;
        }
    }
}


static void
otter_top_screen(unsigned on)
{
    struct termios    raw;
    struct sigaction  action;

    if (!on) {
        fputs("\033[?25h\033[?1049l", stdout);
        fflush(stdout);
        (void) tcsetattr(STDIN_FILENO, TCSAFLUSH, &otter_top_saved);
        return;
    }

    memset(&action, 0, sizeof(struct sigaction));
    action.sa_handler = otter_top_signal;
    sigemptyset(&action.sa_mask);

    (void) sigaction(SIGINT, &action, NULL);
    (void) sigaction(SIGTERM, &action, NULL);
    (void) sigaction(SIGHUP, &action, NULL);
    (void) sigaction(SIGWINCH, &action, NULL);

    if (tcgetattr(STDIN_FILENO, &otter_top_saved) == 0) {
        raw = otter_top_saved;
        raw.c_lflag &= ~(tcflag_t) (ICANON|ECHO);
        (void) tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw);
    }

    fputs("\033[?1049h\033[?25l\033[2J", stdout);
}


static void
otter_top_signal(int signo)
{
    if (signo != SIGWINCH) {
        otter_top_ended = 1;
    }
}


static double
otter_top_now(void)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_MONOTONIC, &ts);

    return (double) ts.tv_sec + (double) ts.tv_nsec / 1e9;
}
