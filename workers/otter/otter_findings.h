
/*
 * Copyright (C) Otter contributors
 */

/*
 * What "otter check" finds: a line each, with the remedy.
 */


#ifndef OTTER_FINDINGS_H_INCLUDED
#define OTTER_FINDINGS_H_INCLUDED


#include <jansson.h>


typedef enum {
    OTTER_FINDING_OK = 0,
    OTTER_FINDING_WARNING,             /* works, but look at it */
    OTTER_FINDING_PROBLEM              /* has to be put right */
} otter_finding_level_t;

typedef struct {
    json_t       *list;
    size_t        nprinted;
    unsigned      quiet;               /* all of it is wanted in the end */
    unsigned      nproblems;
    unsigned      nwarnings;
} otter_findings_t;


/*
 * Adds one.  subject is a file, a server or a program; the text says what is
 * with it, without a full stop.
 */

__attribute__((format(printf, 4, 5)))
void otter_findings_add(otter_findings_t *f, otter_finding_level_t level,
    const char *subject, const char *fmt, ...);

/* whole sentences, for the one that was added last */

__attribute__((format(printf, 2, 3)))
void otter_findings_remedy(otter_findings_t *f, const char *fmt, ...);

/* prints those not printed yet, so that nobody waits for what is known */

void otter_findings_print(otter_findings_t *f);


#endif /* OTTER_FINDINGS_H_INCLUDED */
