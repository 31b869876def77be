
/*
 * Copyright (C) Otter contributors
 */


#include "otter_time.h"


enum {
    OTTER_TIME_DAY = 86400,
    OTTER_TIME_ERA = 146097,           /* days in 400 years */
    OTTER_TIME_EPOCH = 719468          /* 1970-01-01, from 0000-03-01 */
};

static const int64_t  otter_time_min = -62167219200;  /* 0000-01-01 */
static const int64_t  otter_time_max = 253402300799;  /* the end of 9999 */


static unsigned char *otter_time_put(unsigned char *dst, unsigned n,
    unsigned width, unsigned char after);
static int otter_time_get(const unsigned char *data, unsigned width);
static int otter_time_month_days(int year, int month);


/*
 * Years are counted from March here: the leap day is then the last one, and
 * the months before a given one have (153 * m + 2) / 5 days together.
 */

void
otter_time_format(unsigned char *dst, int64_t seconds)
{
    int64_t   days;
    unsigned  rest, era, doe, yoe, doy, month, day, year;

    if (seconds < otter_time_min) {
        seconds = otter_time_min;

    } else if (seconds > otter_time_max) {
        seconds = otter_time_max;
    }

    /* from 1 March of the year -400, so that nothing below is negative */

    seconds += (int64_t) (OTTER_TIME_EPOCH + OTTER_TIME_ERA) * OTTER_TIME_DAY;

    days = seconds / OTTER_TIME_DAY;
    rest = (unsigned) (seconds % OTTER_TIME_DAY);

    era = (unsigned) (days / OTTER_TIME_ERA);
    doe = (unsigned) (days % OTTER_TIME_ERA);
    yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    month = (5 * doy + 2) / 153;
    day = doy - (153 * month + 2) / 5 + 1;
    month = month < 10 ? month + 3 : month - 9;
    year = yoe + era * 400 + (month <= 2) - 400;

    dst = otter_time_put(dst, year, 4, '-');
    dst = otter_time_put(dst, month, 2, '-');
    dst = otter_time_put(dst, day, 2, 'T');
    dst = otter_time_put(dst, rest / 3600, 2, ':');
    dst = otter_time_put(dst, rest / 60 % 60, 2, ':');
    (void) otter_time_put(dst, rest % 60, 2, 'Z');
}


int64_t
otter_time_parse(const unsigned char *data, size_t len)
{
    int      year, month, day, hour, minute, second;
    int64_t  days;

    if (len != OTTER_TIME_SIZE || data[4] != '-' || data[7] != '-'
        || data[10] != 'T' || data[13] != ':' || data[16] != ':'
        || data[19] != 'Z')
    {
        return -1;
    }

    year = otter_time_get(data, 4);
    month = otter_time_get(data + 5, 2);
    day = otter_time_get(data + 8, 2);
    hour = otter_time_get(data + 11, 2);
    minute = otter_time_get(data + 14, 2);
    second = otter_time_get(data + 17, 2);

    if (year < 0 || month < 1 || month > 12
        || day < 1 || day > otter_time_month_days(year, month)
        || hour < 0 || hour > 23 || minute < 0 || minute > 59
        || second < 0 || second > 59)
    {
        return -1;
    }

    if (month <= 2) {
        year--;
        month += 12;
    }

    year += 400;
    days = year * 365 + year / 4 - year / 100 + year / 400
           + (153 * (month - 3) + 2) / 5 + day - 1
           - OTTER_TIME_ERA - OTTER_TIME_EPOCH;

    return days * OTTER_TIME_DAY + hour * 3600 + minute * 60 + second;
}


static unsigned char *
otter_time_put(unsigned char *dst, unsigned n, unsigned width,
    unsigned char after)
{
    unsigned  i;

    for (i = width; i > 0; i--) {
        dst[i - 1] = (unsigned char) ('0' + n % 10);
        n /= 10;
    }

    dst[width] = after;

    return dst + width + 1;
}


/* -1: not all of them are digits */

static int
otter_time_get(const unsigned char *data, unsigned width)
{
    int       n;
    unsigned  i;

    n = 0;

    for (i = 0; i < width; i++) {

        if (data[i] < '0' || data[i] > '9') {
            return -1;
        }

        n = n * 10 + (data[i] - '0');
    }

    return n;
}


static int
otter_time_month_days(int year, int month)
{
    static const unsigned char  days[] =
        { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)) {
        return 29;
    }

    return days[month - 1];
}
