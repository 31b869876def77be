
/*
 * Copyright (C) Otter contributors
 */


#include "otter_option.h"
#include "tap.h"


enum {
    WORDS_MAX = 8
};

typedef struct {
    const char  *name;
    const char  *argv[WORDS_MAX];
    const char  *result;               /* "one two many... flag operand" */
} row_t;


static const row_t  rows[] = {
    { "nothing", { "x", "op" }, "- - - 0 op" },
    { "a value", { "x", "--one", "1", "op" }, "1 - - 0 op" },
    { "a value with =", { "x", "--one=1", "op" }, "1 - - 0 op" },
    { "an empty value with =", { "x", "--one=", "op" }, " - - 0 op" },
    { "an empty value", { "x", "--one", "", "op" }, " - - 0 op" },
    { "= in a value", { "x", "--one=a=b", "op" }, "a=b - - 0 op" },
    { "a value with a hyphen", { "x", "--one", "-1", "op" }, "-1 - - 0 op" },
    { "a flag", { "x", "--flag", "op" }, "- - - 1 op" },
    { "a flag twice", { "x", "--flag", "--flag", "op" }, "- - - 1 op" },
    { "an option behind the operand", { "x", "op", "--one", "1" },
      "1 - - 0 op" },
    { "several", { "x", "op", "--many", "a", "b", "--many", "c" },
      "- - a+b+c 0 op" },
    { "several, then a flag", { "x", "op", "--many", "a", "b", "--flag" },
      "- - a+b 1 op" },
    { "--, then the operand", { "x", "--many", "a", "--", "op" },
      "- - a 0 op" },
    { "--, then what looks like an option", { "x", "--", "--one" },
      "- - - 0 --one" },
    { "--, then --", { "x", "--", "--" }, "- - - 0 --" },
    { "a lone hyphen", { "x", "-" }, "- - - 0 -" },

    { "no operand", { "x" }, NULL },
    { "two operands", { "x", "op", "op" }, NULL },
    { "an unknown option", { "x", "op", "--on", "1" }, NULL },
    { "a longer option", { "x", "op", "--ones", "1" }, NULL },
    { "an option in capitals", { "x", "op", "--One", "1" }, NULL },
    { "no value", { "x", "op", "--one" }, NULL },
    { "an option for a value", { "x", "op", "--one", "--flag" }, NULL },
    { "a value twice", { "x", "op", "--one", "1", "--one", "1" }, NULL },
    { "a flag with a value", { "x", "op", "--flag=1" }, NULL },
    { "too many", { "x", "op", "--many", "a", "b", "c", "d" }, NULL }
};


static void
check_row(const row_t *row)
{
    int          argc, rc;
    char        *argv[WORDS_MAX + 1], got[256], error[OTTER_OPTION_ERROR_SIZE];
    size_t       i, n;
    const char  *one, *two, *many[3], *operand;

    otter_option_t  options[] = {
        { "one", &one, 1, 0 },
        { "two", &two, 1, 0 },
        { "many", many, 3, 0 },
        { "flag", NULL, 0, 0 },
        { NULL, NULL, 0, 0 }
    };

    for (argc = 0; argc < WORDS_MAX && row->argv[argc]; argc++) {
        argv[argc] = (char *) row->argv[argc];
    }

    argv[argc] = NULL;
    memset(error, 'x', sizeof(error));

    rc = otter_option_parse(options, argc, argv, &operand, 1, error);

    if (row->result == NULL) {
        tap_ok(rc == -1 && memchr(error, '\0', sizeof(error)),
               "refused: %s", row->name);
        return;
    }

    if (!tap_is_int(rc, 0, "taken: %s", row->name)) {
        tap_diag("%s", error);
        return;
    }

    n = (size_t) sprintf(got, "%s %s ", options[0].count ? one : "-",
                         options[1].count ? two : "-");

    for (i = 0; i < options[2].count; i++) {
        n += (size_t) sprintf(got + n, "%s%s", i ? "+" : "", many[i]);
    }

    sprintf(got + n, "%s %zu %s", i ? "" : "-", options[3].count, operand);

    tap_is_str(got, row->result, "as it should be");
}


static void
check_durations(void)
{
    size_t  i;

    static const struct {
        const char  *text;
        int64_t      seconds;
    } durations[] = {
        { "1", 1 }, { "3600", 3600 }, { "007", 7 },
        { "1s", 1 }, { "2m", 120 }, { "2h", 7200 }, { "2d", 172800 },
        { "2w", 1209600 }, { "3155760000", 3155760000 },
        { "36525d", 3155760000 },
        { "0", -1 }, { "0s", -1 }, { "", -1 }, { "s", -1 }, { "-1", -1 },
        { "+1", -1 }, { " 1", -1 }, { "1 ", -1 }, { "1.5", -1 },
        { "1e3", -1 }, { "1y", -1 }, { "1M", -1 }, { "1ms", -1 },
        { "1h30m", -1 }, { "3155760001", -1 }, { "36526d", -1 },
        { "99999999999999999999", -1 }, { "9223372036854775807w", -1 }
    };

    for (i = 0; i < sizeof(durations) / sizeof(durations[0]); i++) {
        tap_is_int(otter_option_duration(durations[i].text),
                   durations[i].seconds, "duration \"%s\"",
                   durations[i].text);
    }
}


int
main(void)
{
    size_t  i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        check_row(&rows[i]);
    }

    check_durations();

    return tap_done();
}
