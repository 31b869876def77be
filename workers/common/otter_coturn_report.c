
/*
 * Copyright (C) Otter contributors
 */


#include <string.h>

#include "otter_coturn_report.h"


enum {
    OTTER_COTURN_REPORT_DIGITS = 15    /* a double of Lua has them exactly */
};


static int otter_coturn_report_channel(otter_coturn_report_t *report,
    const char *p, const char *last);
static int otter_coturn_report_number(const char **pos, const char *last,
    const char *name, int64_t *number);
static const char *otter_coturn_report_skip(const char *p, const char *last,
    const char *word);


otter_coturn_report_kind_t
otter_coturn_report(otter_coturn_report_t *report, const char *channel,
    size_t channel_len, const char *data, size_t len)
{
    int64_t      packets;
    const char  *last;

    memset(report, 0, sizeof(otter_coturn_report_t));

    last = data + len;

    if (otter_coturn_report_channel(report, channel, channel + channel_len)
        != 0
        || otter_coturn_report_number(&data, last, "rcvp=", &packets) != 0
        || otter_coturn_report_number(&data, last, ", rcvb=",
                                      &report->received)
           != 0
        || otter_coturn_report_number(&data, last, ", sentp=", &packets) != 0
        || otter_coturn_report_number(&data, last, ", sentb=", &report->sent)
           != 0
        || data != last)
    {
        report->kind = OTTER_COTURN_REPORT_OTHER;
    }

    return report->kind;
}


/* from its end: a realm and a username may hold slashes */

static int
otter_coturn_report_channel(otter_coturn_report_t *report, const char *p,
    const char *last)
{
    size_t       i;
    const char  *end, *user;

    static const struct {
        const char                  *word;
        otter_coturn_report_kind_t   kind;
    } ends[] = {
        { "/traffic", OTTER_COTURN_REPORT_TRAFFIC },
        { "/total_traffic", OTTER_COTURN_REPORT_TOTAL }
    };

    p = otter_coturn_report_skip(p, last, "turn/realm/");
    if (p == NULL) {
        return -1;
    }

    for (i = 0, end = NULL; i < 2 && end == NULL; i++) {
        if ((size_t) (last - p) > strlen(ends[i].word)
            && memcmp(last - strlen(ends[i].word), ends[i].word,
                      strlen(ends[i].word))
               == 0)
        {
            end = last - strlen(ends[i].word);
            report->kind = ends[i].kind;
        }
    }

    user = memmem(p, (size_t) (last - p), "/user/", 6);

    if (end == NULL || user == NULL) {
        return -1;
    }

    report->realm.data = (const unsigned char *) p;
    report->realm.len = (size_t) (user - p);

    for (last = end; end > user && end[-1] >= '0' && end[-1] <= '9'; end--) {
        /* void */
    }

    report->allocation.data = (const unsigned char *) end;
    report->allocation.len = (size_t) (last - end);

    user += 6;
    end -= sizeof("/allocation/") - 1;

    if (report->allocation.len == 0 || end < user
        || memcmp(end, "/allocation/", sizeof("/allocation/") - 1) != 0)
    {
        return -1;
    }

    report->username.data = (const unsigned char *) user;
    report->username.len = (size_t) (end - user);

    return 0;
}


static int
otter_coturn_report_number(const char **pos, const char *last,
    const char *name, int64_t *number)
{
    const char  *p, *start;

    p = otter_coturn_report_skip(*pos, last, name);
    if (p == NULL) {
        return -1;
    }

    *number = 0;

    for (start = p; p < last && *p >= '0' && *p <= '9'; p++) {
        if (p - start == OTTER_COTURN_REPORT_DIGITS) {
            return -1;
        }

        *number = *number * 10 + (*p - '0');
    }

    *pos = p;

    return p == start ? -1 : 0;
}


static const char *
otter_coturn_report_skip(const char *p, const char *last, const char *word)
{
    size_t  len;

    len = strlen(word);

    if ((size_t) (last - p) < len || memcmp(p, word, len) != 0) {
        return NULL;
    }

    return p + len;
}
