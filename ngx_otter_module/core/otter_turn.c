
/*
 * Copyright (C) Otter contributors
 */


#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <arpa/inet.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "otter_digest.h"
#include "otter_turn.h"


enum {
    OTTER_TURN_PORT_DIGITS = 5
};


static const unsigned char *otter_turn_uri_scheme(otter_turn_uri_t *kind,
    const unsigned char *p, const unsigned char *last);
static const unsigned char *otter_turn_uri_host(const unsigned char *p,
    const unsigned char *last);
static const unsigned char *otter_turn_uri_ipv6(const unsigned char *p,
    const unsigned char *last);
static const unsigned char *otter_turn_uri_port(const unsigned char *p,
    const unsigned char *last);
static int otter_turn_uri_transport(const unsigned char *p,
    const unsigned char *last);
static int otter_turn_uri_is(const unsigned char *p,
    const unsigned char *last, const char *text);
static int otter_turn_uri_hex(unsigned char ch);
static unsigned char otter_turn_lower(unsigned char ch);


int
otter_turn_credential(otter_turn_credential_t *c, const unsigned char *secret,
    size_t secret_len, int64_t expires, const unsigned char *id,
    size_t id_len)
{
    int                n;
    char               digits[24];
    unsigned char      mac[OTTER_SHA1_SIZE];
    unsigned char      base64[OTTER_TURN_PASSWORD_SIZE + 1];
    otter_hmac_sha1_t  hmac;

    if (id_len > OTTER_TURN_ID_MAX || secret_len > INT_MAX || expires < 0) {
        return -1;
    }

    n = snprintf(digits, sizeof(digits), "%lld:", (long long) expires);

    memcpy(c->username, digits, (size_t) n);
    memcpy(c->username + n, id, id_len);

    c->username_len = (size_t) n + id_len;

    otter_hmac_sha1_init(&hmac, secret, secret_len);
    otter_hmac_sha1(&hmac, c->username, c->username_len, mac);

    /* EVP_EncodeBlock() adds a zero */

    (void) EVP_EncodeBlock(base64, mac, OTTER_SHA1_SIZE);

    memcpy(c->password, base64, OTTER_TURN_PASSWORD_SIZE);

    OPENSSL_cleanse(&hmac, sizeof(hmac));
    OPENSSL_cleanse(mac, sizeof(mac));
    OPENSSL_cleanse(base64, sizeof(base64));

    return 0;
}


/*
 * RFC 7064, section 3.1, and RFC 7065, section 3.1, but for transports other
 * than udp and tcp: a browser refuses a whole configuration for one of those.
 */

otter_turn_uri_t
otter_turn_uri(const unsigned char *data, size_t len)
{
    otter_turn_uri_t      kind;
    const unsigned char  *p, *last;

    last = data + len;

    p = otter_turn_uri_scheme(&kind, data, last);
    if (p == NULL) {
        return OTTER_TURN_URI_INVALID;
    }

    p = otter_turn_uri_host(p, last);
    if (p == NULL) {
        return OTTER_TURN_URI_INVALID;
    }

    if (p < last && *p == ':') {
        p = otter_turn_uri_port(p + 1, last);
        if (p == NULL) {
            return OTTER_TURN_URI_INVALID;
        }
    }

    if (p == last) {
        return kind;
    }

    if (kind == OTTER_TURN_URI_TURN && otter_turn_uri_transport(p, last)) {
        return kind;
    }

    return OTTER_TURN_URI_INVALID;
}


static const unsigned char *
otter_turn_uri_scheme(otter_turn_uri_t *kind, const unsigned char *p,
    const unsigned char *last)
{
    size_t                    k, len;
    static const char *const  schemes[] = {
        "stun:", "stuns:", "turn:", "turns:"
    };

    for (k = 0; k < 4; k++) {
        len = strlen(schemes[k]);

        if ((size_t) (last - p) >= len
            && otter_turn_uri_is(p, p + len, schemes[k]))
        {
            *kind = k < 2 ? OTTER_TURN_URI_STUN : OTTER_TURN_URI_TURN;
            return p + len;
        }
    }

    return NULL;
}


/* RFC 3986, section 3.2.2: an IPv6 address in brackets, or a name */

static const unsigned char *
otter_turn_uri_host(const unsigned char *p, const unsigned char *last)
{
    unsigned char         ch;
    const unsigned char  *start;

    if (p < last && *p == '[') {
        return otter_turn_uri_ipv6(p + 1, last);
    }

    for (start = p; p < last; p++) {
        ch = otter_turn_lower(*p);

        if ((ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9')) {
            continue;
        }

        if (ch == '%') {
            if (last - p < 3
                || !otter_turn_uri_hex(p[1]) || !otter_turn_uri_hex(p[2]))
            {
                return NULL;
            }

            p += 2;
            continue;
        }

        if (ch == '\0' || strchr("-._~!$&'()*+,;=", ch) == NULL) {
            break;
        }
    }

    return p == start ? NULL : p;
}


static const unsigned char *
otter_turn_uri_ipv6(const unsigned char *p, const unsigned char *last)
{
    char                  text[INET6_ADDRSTRLEN];
    size_t                len;
    struct in6_addr       addr;
    const unsigned char  *end;

    end = memchr(p, ']', (size_t) (last - p));
    if (end == NULL) {
        return NULL;
    }

    len = (size_t) (end - p);

    if (len >= sizeof(text) || memchr(p, '\0', len)) {
        return NULL;
    }

    memcpy(text, p, len);
    text[len] = '\0';

    return inet_pton(AF_INET6, text, &addr) == 1 ? end + 1 : NULL;
}


static const unsigned char *
otter_turn_uri_port(const unsigned char *p, const unsigned char *last)
{
    unsigned              port;
    const unsigned char  *start;

    port = 0;

    for (start = p; p < last && *p >= '0' && *p <= '9'; p++) {
        if (p - start == OTTER_TURN_PORT_DIGITS) {
            return NULL;
        }

        port = port * 10 + (unsigned) (*p - '0');
    }

    return port >= 1 && port <= 65535 ? p : NULL;
}


static int
otter_turn_uri_transport(const unsigned char *p, const unsigned char *last)
{
    return otter_turn_uri_is(p, last, "?transport=udp")
           || otter_turn_uri_is(p, last, "?transport=tcp");
}


/* literals of a grammar stand for either case: RFC 5234, section 2.3 */

static int
otter_turn_uri_is(const unsigned char *p, const unsigned char *last,
    const char *text)
{
    for ( /* void */ ; p < last && *text; p++, text++) {
        if (otter_turn_lower(*p) != (unsigned char) *text) {
            return 0;
        }
    }

    return p == last && *text == '\0';
}


static int
otter_turn_uri_hex(unsigned char ch)
{
    ch = otter_turn_lower(ch);

    return (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'f');
}


static unsigned char
otter_turn_lower(unsigned char ch)
{
    return (unsigned char) (ch >= 'A' && ch <= 'Z' ? ch | 0x20 : ch);
}
