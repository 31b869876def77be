
/*
 * Copyright (C) Otter contributors
 */

/* The signature of Standard Webhooks (standardwebhooks.com, "v1"). */


#ifndef OTTER_WEBHOOK_H_INCLUDED
#define OTTER_WEBHOOK_H_INCLUDED


#include <stddef.h>
#include <stdint.h>


enum {
    OTTER_WEBHOOK_SECRET_MIN = 24,     /* bytes, as the standard has it */
    OTTER_WEBHOOK_SECRET_MAX = 64,
    OTTER_WEBHOOK_SIGNATURE_SIZE = 3 + 44 + 1  /* "v1,", base64, zero */
};

typedef struct {
    size_t         len;
    unsigned char  data[OTTER_WEBHOOK_SECRET_MAX];
} otter_webhook_secret_t;


/* "whsec_" and base64; NULL, or what is wrong with it */

const char *otter_webhook_secret(otter_webhook_secret_t *secret,
    const char *text);

/* of "<id>.<timestamp>.<body>"; 0, or -1 if OpenSSL fails */

int otter_webhook_sign(char signature[OTTER_WEBHOOK_SIGNATURE_SIZE],
    const otter_webhook_secret_t *secret, const char *id, int64_t timestamp,
    const char *body, size_t len);


#endif /* OTTER_WEBHOOK_H_INCLUDED */
