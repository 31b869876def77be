
/*
 * Copyright (C) Otter contributors
 */


#include <stdarg.h>
#include <stdio.h>

#include "otter_findings.h"


enum {
    OTTER_FINDINGS_TEXT_SIZE = 1024
};


static json_t *otter_findings_text(const char *fmt, va_list args);
static json_t *otter_findings_string(const char *text);
static void otter_findings_print_one(const json_t *finding);


static const char *const  otter_findings_levels[] = {
    "ok", "warning", "problem"
};


void
otter_findings_add(otter_findings_t *f, otter_finding_level_t level,
    const char *subject, const char *fmt, ...)
{
    json_t   *finding;
    va_list   args;

    f->nproblems += level == OTTER_FINDING_PROBLEM;
    f->nwarnings += level == OTTER_FINDING_WARNING;

    finding = json_object();

    (void) json_object_set_new(finding, "level",
                               json_string(otter_findings_levels[level]));
    (void) json_object_set_new(finding, "subject",
                               otter_findings_string(subject));

    va_start(args, fmt);
    (void) json_object_set_new(finding, "message",
                               otter_findings_text(fmt, args));
    va_end(args);

    (void) json_array_append_new(f->list, finding);
}


void
otter_findings_remedy(otter_findings_t *f, const char *fmt, ...)
{
    json_t   *finding;
    va_list   args;

    finding = json_array_get(f->list, json_array_size(f->list) - 1);

    va_start(args, fmt);
    (void) json_object_set_new(finding, "remedy",
                               otter_findings_text(fmt, args));
    va_end(args);
}


static json_t *
otter_findings_text(const char *fmt, va_list args)
{
    char  text[OTTER_FINDINGS_TEXT_SIZE];

    vsnprintf(text, sizeof(text), fmt, args);

    return otter_findings_string(text);
}


/* what a server or a file says must not move a terminal's cursor */

static json_t *
otter_findings_string(const char *text)
{
    char     clean[OTTER_FINDINGS_TEXT_SIZE], *p;
    json_t  *value;

    snprintf(clean, sizeof(clean), "%s", text);

    for (p = clean; *p; p++) {
        if ((unsigned char) *p < 0x20 || *p == 0x7f) {
            *p = '?';
        }
    }

    value = json_string(clean);

    if (value) {
        return value;
    }

    /* it is not UTF-8 */

    for (p = clean; *p; p++) {
        if ((unsigned char) *p >= 0x80) {
            *p = '?';
        }
    }

    return json_string(clean);
}


void
otter_findings_print(otter_findings_t *f)
{
    while (!f->quiet && f->nprinted < json_array_size(f->list)) {
        otter_findings_print_one(json_array_get(f->list, f->nprinted));
        f->nprinted++;
    }

    fflush(stdout);
}


static void
otter_findings_print_one(const json_t *finding)
{
    const char  *level, *subject, *message, *remedy;

    level = json_string_value(json_object_get(finding, "level"));
    subject = json_string_value(json_object_get(finding, "subject"));
    message = json_string_value(json_object_get(finding, "message"));
    remedy = json_string_value(json_object_get(finding, "remedy"));

    printf("%-7s  %s: %s%s%s\n", level ? level : "?", subject ? subject : "?",
           message ? message : "?", remedy ? ".  " : "",
           remedy ? remedy : "");
}
