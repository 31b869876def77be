
/*
 * Copyright (C) Otter contributors
 */

/* Join tokens, signed with the first key of a JWK Set (HS256). */


#include "load.h"

#include <openssl/hmac.h>


static char    load_secret[256];
static char    load_kid[LOAD_ID_SIZE];
static size_t  load_secret_len;


/* a string member of the first key */

static void
load_token_member(const char *text, const char *name, char *value,
    size_t size)
{
    char         pattern[32];
    size_t       len;
    const char  *p;

    snprintf(pattern, sizeof(pattern), "\"%s\":\"", name);
    p = strstr(text, pattern);

    if (p == NULL) {
        load_die("the JWK has no \"%s\"", name);
    }

    p += strlen(pattern);
    len = strcspn(p, "\"");

    if (len >= size) {
        load_die("the JWK's \"%s\" is too long", name);
    }

    memcpy(value, p, len);
    value[len] = '\0';
}


void
load_token_key(const char *path)
{
    int     n;
    char    text[8192], k[256];
    size_t  len;

    load_slurp(path, text, sizeof(text));
    load_token_member(text, "kid", load_kid, sizeof(load_kid));
    load_token_member(text, "k", k, sizeof(k) - 4);

    for (char *p = k; *p; p++) {
        *p = *p == '-' ? '+' : *p == '_' ? '/' : *p;
    }

    len = strlen(k);
    load_secret_len = len * 3 / 4;

    while (len % 4) {
        k[len++] = '=';
    }

    n = EVP_DecodeBlock((unsigned char *) load_secret, (unsigned char *) k,
                        (int) len);

    if (n < 0) {
        load_die("the JWK's \"k\" is no base64url");
    }
}


static size_t
load_base64url(char *dst, const void *src, int len)
{
    size_t  n;

    n = (size_t) EVP_EncodeBlock((unsigned char *) dst, src, len);

    while (n && dst[n - 1] == '=') {
        n--;
    }

    for (size_t i = 0; i < n; i++) {
        dst[i] = dst[i] == '+' ? '-' : dst[i] == '/' ? '_' : dst[i];
    }

    dst[n] = '\0';

    return n;
}


void
load_token(load_peer_t *p, char *buf, size_t size)
{
    int            len;
    long           t;
    char           head[160], claims[512];
    size_t         n;
    unsigned       md_len;
    unsigned char  md[EVP_MAX_MD_SIZE];

    if (size < 1024) {
        load_die("a token needs more room");
    }

    t = (long) time(NULL);

    len = snprintf(head, sizeof(head),
                   "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"%s\"}",
                   load_kid);

    n = load_base64url(buf, head, len);
    buf[n++] = '.';

    len = snprintf(claims, sizeof(claims), "{\"iss\":\"%s\",\"sub\":\"u%u\","
                   "\"aud\":\"otter\",\"iat\":%ld,\"nbf\":%ld,\"exp\":%ld,"
                   "\"jti\":\"%u\",\"room\":\"r%u\"}",
                   load_kid, p->index, t, t, t + 3600, p->index, p->room);

    n += load_base64url(buf + n, claims, len);

    HMAC(EVP_sha256(), load_secret, (int) load_secret_len,
         (unsigned char *) buf, n, md, &md_len);

    buf[n++] = '.';
    load_base64url(buf + n, md, (int) md_len);
}
