
/*
 * Copyright (C) Otter contributors
 */


#include <arpa/inet.h>
#include <netinet/in.h>

#include "otter_stun.h"
#include "tap.h"


/* RFC 5769, sections 2.1 to 2.4 */

static const unsigned char  request[] =
    "\x00\x01\x00\x58\x21\x12\xa4\x42\xb7\xe7\xa7\x01\xbc\x34\xd6\x86"
    "\xfa\x87\xdf\xae\x80\x22\x00\x10STUN test client"
    "\x00\x24\x00\x04\x6e\x00\x01\xff"
    "\x80\x29\x00\x08\x93\x2f\xf9\xb1\x51\x26\x3b\x36"
    "\x00\x06\x00\x09\x65\x76\x74\x6a\x3a\x68\x36\x76\x59\x20\x20\x20"
    "\x00\x08\x00\x14\x9a\xea\xa7\x0c\xbf\xd8\xcb\x56\x78\x1e\xf2\xb5"
    "\xb2\xd3\xf2\x49\xc1\xb5\x71\xa2\x80\x28\x00\x04\xe5\x7a\x3b\xcf";

static const unsigned char  response4[] =
    "\x01\x01\x00\x3c\x21\x12\xa4\x42\xb7\xe7\xa7\x01\xbc\x34\xd6\x86"
    "\xfa\x87\xdf\xae\x80\x22\x00\x0btest vector "
    "\x00\x20\x00\x08\x00\x01\xa1\x47\xe1\x12\xa6\x43"
    "\x00\x08\x00\x14\x2b\x91\xf5\x99\xfd\x9e\x90\xc3\x8c\x74\x89\xf9"
    "\x2a\xf9\xba\x53\xf0\x6b\xe7\xd7\x80\x28\x00\x04\xc0\x7d\x4c\x96";

static const unsigned char  response6[] =
    "\x01\x01\x00\x48\x21\x12\xa4\x42\xb7\xe7\xa7\x01\xbc\x34\xd6\x86"
    "\xfa\x87\xdf\xae\x80\x22\x00\x0btest vector "
    "\x00\x20\x00\x14\x00\x02\xa1\x47\x01\x13\xa9\xfa\xa5\xd3\xf1\x79"
    "\xbc\x25\xf4\xb5\xbe\xd2\xb9\xd9"
    "\x00\x08\x00\x14\xa3\x82\x95\x4e\x4b\xe6\x7b\xf1\x17\x84\xc9\x7c"
    "\x82\x92\xc2\x75\xbf\xe3\xed\x41\x80\x28\x00\x04\xc8\xfb\x0b\x4c";

static const unsigned char  long_term[] =
    "\x00\x01\x00\x60\x21\x12\xa4\x42\x78\xad\x34\x33\xc6\xad\x72\xc0"
    "\x29\xda\x41\x2e\x00\x06\x00\x12\xe3\x83\x9e\xe3\x83\x88\xe3\x83"
    "\xaa\xe3\x83\x83\xe3\x82\xaf\xe3\x82\xb9\x00\x00\x00\x15\x00\x1c"
    "f//499k954d6OL34oL9FSTvy64sA\x00\x14\x00\x0b" "example.org\x00"
    "\x00\x08\x00\x14\xf6\x70\x24\x65\x6d\xd6\x4a\x3e\x02\xb8\xe0\x71"
    "\x2e\x85\xc9\xa2\x8c\xa8\x96\x66";

static const char  password[] = "VOkJxbRl1RmTxUk/WvJxBt";


static void
load(otter_stun_message_t *m, const unsigned char *data, size_t size)
{
    memset(m, 0x5a, sizeof(otter_stun_message_t));

    memcpy(m->data, data, size - 1);
    m->len = size - 1;
}


static void
check_sound(const char *name, const unsigned char *data, size_t size)
{
    otter_stun_message_t  m;

    load(&m, data, size);

    tap_ok(otter_stun_valid(&m), "%s is a message", name);
    tap_is_int((int64_t) otter_stun_size(m.data), (int64_t) m.len,
               "its size stands in its head");
    tap_ok(otter_stun_integrity_valid(&m, (const unsigned char *) password,
                                      strlen(password)),
           "its integrity");
    tap_ok(!otter_stun_integrity_valid(&m, (const unsigned char *) password,
                                       strlen(password) - 1),
           "not with another key");
    tap_ok(otter_stun_fingerprint_valid(&m), "its fingerprint");

    m.data[30] ^= 1;

    tap_ok(!otter_stun_integrity_valid(&m, (const unsigned char *) password,
                                       strlen(password)),
           "no integrity with a bit changed");
    tap_ok(!otter_stun_fingerprint_valid(&m), "and no fingerprint");
}


static void
check_addresses(void)
{
    char                      text[INET6_ADDRSTRLEN];
    otter_stun_message_t      m;
    struct sockaddr_in       *sin;
    struct sockaddr_in6      *sin6;
    struct sockaddr_storage   address;

    load(&m, response4, sizeof(response4));
    tap_is_int(otter_stun_type(&m), OTTER_STUN_BINDING | OTTER_STUN_SUCCESS,
               "a response");
    tap_is_mem(otter_stun_tid(&m), OTTER_STUN_TID_SIZE, request + 8,
               OTTER_STUN_TID_SIZE, "to the request");
    tap_is_int(otter_stun_address(&m, OTTER_STUN_XOR_MAPPED_ADDRESS,
                                  &address), 0, "with an address");

    sin = (struct sockaddr_in *) &address;
    tap_is_str(inet_ntop(AF_INET, &sin->sin_addr, text, sizeof(text)),
               "192.0.2.1", "IPv4");
    tap_is_int(ntohs(sin->sin_port), 32853, "and port");

    load(&m, response6, sizeof(response6));
    tap_is_int(otter_stun_address(&m, OTTER_STUN_XOR_MAPPED_ADDRESS,
                                  &address), 0, "another with an address");

    sin6 = (struct sockaddr_in6 *) &address;
    tap_is_str(inet_ntop(AF_INET6, &sin6->sin6_addr, text, sizeof(text)),
               "2001:db8:1234:5678:11:2233:4455:6677", "IPv6");
    tap_is_int(ntohs(sin6->sin6_port), 32853, "and port");

    tap_is_int(otter_stun_address(&m, OTTER_STUN_XOR_RELAYED_ADDRESS,
                                  &address), -1, "none that is not there");

    m.data[41] = 1;
    tap_is_int(otter_stun_address(&m, OTTER_STUN_XOR_MAPPED_ADDRESS,
                                  &address), -1, "family and length differ");
}


static void
check_long_term(void)
{
    otter_span_t           username, realm, secret;
    unsigned char          key[OTTER_STUN_KEY_SIZE];
    otter_stun_message_t   m;

    load(&m, long_term, sizeof(long_term));
    tap_ok(otter_stun_valid(&m), "a request with long-term credentials");

    username = otter_stun_find(&m, OTTER_STUN_USERNAME);
    realm = otter_stun_find(&m, OTTER_STUN_REALM);
    secret.data = (const unsigned char *) "TheMatrIX";
    secret.len = 9;

    tap_is_mem(realm.data, realm.len, "example.org", 11, "its realm");
    tap_is_int((int64_t) otter_stun_find(&m, OTTER_STUN_NONCE).len, 28,
               "its nonce");
    tap_is_int(otter_stun_long_term_key(key, &username, &realm, &secret), 0,
               "a key is made");
    tap_ok(otter_stun_integrity_valid(&m, key, sizeof(key)),
           "its integrity");
    tap_ok(!otter_stun_fingerprint_valid(&m), "it has no fingerprint");
}


/* the request of the RFC, built piece by piece */

static void
check_building(void)
{
    otter_stun_message_t  m;

    otter_stun_begin(&m, OTTER_STUN_BINDING, request + 8);
    tap_ok(otter_stun_valid(&m), "a head alone is a message");

    (void) otter_stun_add(&m, 0x8022, "STUN test client", 16);
    (void) otter_stun_add(&m, 0x0024, "\x6e\x00\x01\xff", 4);
    (void) otter_stun_add(&m, 0x8029, "\x93\x2f\xf9\xb1\x51\x26\x3b\x36", 8);
    (void) otter_stun_add(&m, OTTER_STUN_USERNAME, "evtj:h6vY", 9);

    /* the RFC pads with spaces, which this leaves at zero */

    memcpy(m.data + m.len - 3, "   ", 3);

    tap_is_int(otter_stun_add_integrity(&m, (const unsigned char *) password,
                                        strlen(password)), 0, "signed");
    tap_is_int(otter_stun_add_fingerprint(&m), 0, "with a fingerprint");
    tap_is_mem(m.data, m.len, request, sizeof(request) - 1,
               "it is the RFC's, byte for byte");
}


static void
check_room(void)
{
    unsigned char         zeros[OTTER_STUN_SIZE_MAX] = { 0 };
    otter_stun_message_t  m;

    otter_stun_begin(&m, OTTER_STUN_BINDING, zeros);

    tap_is_int(otter_stun_add(&m, 1, zeros, OTTER_STUN_SIZE_MAX - 23), -1,
               "an attribute that is a byte too long");
    tap_is_int(otter_stun_add(&m, 1, zeros, SIZE_MAX), -1,
               "one that is longer than memory");
    tap_is_int(otter_stun_add(&m, 1, zeros, OTTER_STUN_SIZE_MAX - 24), 0,
               "one that just fits");
    tap_ok(otter_stun_valid(&m), "it is a message");
    tap_is_int(otter_stun_add(&m, 1, zeros, 0), -1, "nothing fits behind it");
    tap_is_int(otter_stun_add_integrity(&m, zeros, 4), -1, "no integrity");
    tap_is_int(otter_stun_add_fingerprint(&m), -1, "no fingerprint");
}


static void
check_errors(void)
{
    size_t                 i;
    unsigned               code;
    otter_span_t           reason;
    otter_stun_message_t   m;

    static const struct {
        const char  *value;
        size_t       len;
        unsigned     code;
    } rows[] = {
        { "\0\0\4\1Unauthorized", 16, 401 },
        { "\0\0\4\46", 4, 438 },
        { "\0\0\3\0x", 5, 300 },
        { "\0\0\6\143", 4, 699 },
        { "\377\377\374\1", 4, 401 },
        { "\0\0\2\1", 4, 0 },
        { "\0\0\7\1", 4, 0 },
        { "\0\0\4\144", 4, 0 },
        { "\0\0\4", 3, 0 },
        { "", 0, 0 }
    };

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        otter_stun_begin(&m, OTTER_STUN_ALLOCATE | OTTER_STUN_FAILURE,
                         request + 8);
        (void) otter_stun_add(&m, OTTER_STUN_ERROR_CODE, rows[i].value,
                              rows[i].len);

        code = otter_stun_error(&m, &reason);
        tap_is_int(code, rows[i].code, "error %zu", i);

        if (code) {
            tap_is_mem(reason.data, reason.len, rows[i].value + 4,
                       rows[i].len - 4, "its reason");
        }
    }

    otter_stun_begin(&m, OTTER_STUN_BINDING, request + 8);
    tap_is_int(otter_stun_error(&m, &reason), 0, "no error");
}


/* an attribute that someone on the way put behind the signature */

static void
check_unprotected(void)
{
    otter_stun_message_t  m;

    otter_stun_begin(&m, OTTER_STUN_BINDING, request + 8);
    (void) otter_stun_add(&m, OTTER_STUN_NONCE, "good", 4);
    (void) otter_stun_add_integrity(&m, (const unsigned char *) "key", 3);
    (void) otter_stun_add(&m, OTTER_STUN_REALM, "evil", 4);

    tap_ok(otter_stun_integrity_valid(&m, (const unsigned char *) "key", 3),
           "the integrity of what comes before it");
    tap_ok(otter_stun_find(&m, OTTER_STUN_NONCE).data != NULL,
           "that is found");
    tap_ok(otter_stun_find(&m, OTTER_STUN_REALM).data == NULL,
           "what comes behind it is not");
}


/* every beginning, and every change of one byte, is told apart or sound */

static void
check_broken(void)
{
    size_t                    i, n;
    unsigned                  valid, passed;
    otter_span_t              reason;
    otter_stun_message_t      m;
    struct sockaddr_storage   address;

    valid = 0;

    for (i = 0; i < sizeof(response4) - 1; i++) {
        load(&m, response4, i + 1);
        valid += (unsigned) otter_stun_valid(&m);
    }

    tap_is_int(valid, 0, "no beginning of a message is one");

    passed = 0;

    for (i = 0; i < sizeof(response4) - 1; i++) {
        for (n = 1; n < 256; n++) {
            load(&m, response4, sizeof(response4));
            m.data[i] ^= (unsigned char) n;

            if (!otter_stun_valid(&m)) {
                continue;
            }

            (void) otter_stun_address(&m, OTTER_STUN_XOR_MAPPED_ADDRESS,
                                      &address);
            (void) otter_stun_error(&m, &reason);

            passed += (unsigned) otter_stun_integrity_valid(&m,
                                     (const unsigned char *) password,
                                     strlen(password))
                      && otter_stun_fingerprint_valid(&m);
        }
    }

    tap_is_int(passed, 0, "no change of a byte goes unnoticed");

    load(&m, response4, sizeof(response4));
    m.data[0] = 0x41;
    tap_ok(!otter_stun_valid(&m), "the first two bits are zero");

    load(&m, response4, sizeof(response4));
    m.data[3] = 0x3d;
    m.len++;
    tap_ok(!otter_stun_valid(&m), "lengths are multiples of four");

    load(&m, response4, sizeof(response4));
    m.data[m.len - 5] = 5;
    tap_ok(!otter_stun_valid(&m), "an attribute reaches over the end");

    load(&m, response4, sizeof(response4));
    m.data[2] = 0xff;
    m.data[3] = 0xfc;
    tap_is_int((int64_t) otter_stun_size(m.data), 0, "a length of 65 kB");
}


int
main(void)
{
    check_sound("a request", request, sizeof(request));
    check_sound("a response", response4, sizeof(response4));
    check_sound("a response with IPv6", response6, sizeof(response6));

    check_addresses();
    check_long_term();
    check_building();
    check_room();
    check_errors();
    check_unprotected();
    check_broken();

    return tap_done();
}
