
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <time.h>

#include <openssl/pem.h>
#include <openssl/x509.h>

#include "otter_check.h"
#include "otter_time.h"


enum {
    OTTER_CHECK_DAY = 86400,
    OTTER_CHECK_RENEW = 14             /* days before the end */
};


static time_t otter_check_not_after(const X509 *certificate);


/* the first one of the file is the server's own */

void
otter_check_certificate(otter_check_t *check, const char *path)
{
    X509    *certificate;
    FILE    *file;
    time_t   expires;

    file = fopen(path, "r");

    if (file == NULL) {
        otter_findings_add(&check->findings, OTTER_FINDING_PROBLEM, path,
                           "the certificate cannot be read");
        otter_findings_remedy(&check->findings, "Correct ssl_certificate, or "
                              "run this as root");
        return;
    }

    certificate = PEM_read_X509(file, NULL, NULL, NULL);

    fclose(file);

    if (certificate == NULL) {
        otter_findings_add(&check->findings, OTTER_FINDING_PROBLEM, path,
                           "there is no certificate in it");
        otter_findings_remedy(&check->findings, "Name a file of PEM in "
                              "ssl_certificate");
        return;
    }

    expires = otter_check_not_after(certificate);

    X509_free(certificate);

    otter_check_expiry(check, path, expires);
}


static time_t
otter_check_not_after(const X509 *certificate)
{
    struct tm  tm;

    if (!ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &tm)) {
        return 0;
    }

    return timegm(&tm);
}


void
otter_check_expiry(otter_check_t *check, const char *subject, time_t expires)
{
    long           days;
    unsigned char  text[OTTER_TIME_SIZE];

    otter_time_format(text, expires);

    days = (long) ((expires - time(NULL)) / OTTER_CHECK_DAY);

    if (expires <= time(NULL)) {
        otter_findings_add(&check->findings, OTTER_FINDING_PROBLEM, subject,
                           "the certificate ended at %.*s", OTTER_TIME_SIZE,
                           (char *) text);
        otter_findings_remedy(&check->findings, "Renew it, and reload nginx");
        return;
    }

    if (days < OTTER_CHECK_RENEW) {
        otter_findings_add(&check->findings, OTTER_FINDING_WARNING, subject,
                           "the certificate ends in %ld days, at %.*s", days,
                           OTTER_TIME_SIZE, (char *) text);
        otter_findings_remedy(&check->findings, "Renew it, and see why that "
                              "was not done by itself");
        return;
    }

    otter_findings_add(&check->findings, OTTER_FINDING_OK, subject,
                       "the certificate is good for %ld days", days);
}
