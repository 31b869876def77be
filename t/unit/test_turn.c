
/*
 * Copyright (C) Otter contributors
 */


#include "otter_turn.h"
#include "tap.h"


typedef struct {
    const char        *secret;
    size_t             secret_len;
    int64_t            expires;
    const char        *id;
    const char        *username;
    const char        *password;
} credential_t;

typedef struct {
    const char        *uri;
    otter_turn_uri_t   kind;
} uri_t;


static const char  hundred[] =
    "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
    "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk";

static const char  longest[] =
    "iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii"
    "iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii";


/*
 * printf %s "$username" | openssl dgst -sha1 -hmac "$secret" -binary | base64
 */

static const credential_t  credentials[] = {
    { "north", 5, 1433895918, "filou", "1433895918:filou",
      "rU/8+oXwACVFCKhKLHj0nKRu5ng=" },
    { "logen", 5, 1433895918, "x", "1433895918:x",
      "A6Hrnni/pesL2jWM7JbiI0v2Mgo=" },
    { "a longer secret, of 40 bytes, and blanks", 40, 1700003600,
      "b\xc3\xa4r:1", "1700003600:b\xc3\xa4r:1",
      "rM/PylvWuxshNS2JEmcF+dPxmKo=" },
    { "", 0, 0, "", "0:", "OMULkEY8i3k1y1l5jqF6MXE1eYs=" },
    { "a\0b", 3, 9223372036854775807, "x", "9223372036854775807:x",
      "eRboTX+lCilZQ4o8MmOMQaHf1jE=" },
    { hundred, 100, 1700003600, longest,
      "1700003600:"
      "iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii"
      "iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii",
      "5Aw2L1levfzkpx3hR3173FJwH6k=" }
};


static const uri_t  uris[] = {
    { "stun:example.org", OTTER_TURN_URI_STUN },
    { "stuns:example.org", OTTER_TURN_URI_STUN },
    { "stun:example.org:3478", OTTER_TURN_URI_STUN },
    { "stun:192.0.2.1", OTTER_TURN_URI_STUN },
    { "stun:[2001:db8::1]", OTTER_TURN_URI_STUN },
    { "stun:[::1]:3478", OTTER_TURN_URI_STUN },
    { "stun:[::ffff:192.0.2.1]:1", OTTER_TURN_URI_STUN },
    { "STUN:EXAMPLE.ORG:65535", OTTER_TURN_URI_STUN },
    { "stun:a", OTTER_TURN_URI_STUN },
    { "stun:under_score", OTTER_TURN_URI_STUN },
    { "stun:%61.b", OTTER_TURN_URI_STUN },
    { "stun:$host", OTTER_TURN_URI_STUN },
    { "turn:example.org", OTTER_TURN_URI_TURN },
    { "turn:example.org:1", OTTER_TURN_URI_TURN },
    { "turn:example.org?transport=udp", OTTER_TURN_URI_TURN },
    { "turn:example.org:3478?transport=udp", OTTER_TURN_URI_TURN },
    { "turn:example.org:3478?transport=tcp", OTTER_TURN_URI_TURN },
    { "turns:example.org:443?transport=tcp", OTTER_TURN_URI_TURN },
    { "turns:[::1]:5349?transport=tcp", OTTER_TURN_URI_TURN },
    { "turn:example.org?Transport=UDP", OTTER_TURN_URI_TURN },
    { "Turns:[::1]", OTTER_TURN_URI_TURN },

    { "", OTTER_TURN_URI_INVALID },
    { "stun", OTTER_TURN_URI_INVALID },
    { "stun:", OTTER_TURN_URI_INVALID },
    { "turn:", OTTER_TURN_URI_INVALID },
    { "example.org", OTTER_TURN_URI_INVALID },
    { "example.org:3478", OTTER_TURN_URI_INVALID },
    { "http://example.org", OTTER_TURN_URI_INVALID },
    { "stun://example.org", OTTER_TURN_URI_INVALID },
    { "turn://example.org", OTTER_TURN_URI_INVALID },
    { "turnx:example.org", OTTER_TURN_URI_INVALID },
    { " turn:example.org", OTTER_TURN_URI_INVALID },
    { "turn:example.org ", OTTER_TURN_URI_INVALID },
    { "turn: example.org", OTTER_TURN_URI_INVALID },
    { "turn:exam ple.org", OTTER_TURN_URI_INVALID },
    { "turn:example.org\n", OTTER_TURN_URI_INVALID },
    { "turn:user@example.org", OTTER_TURN_URI_INVALID },
    { "turn:ex\"ample", OTTER_TURN_URI_INVALID },
    { "turn:<example>", OTTER_TURN_URI_INVALID },
    { "turn:ex\xc3\xa4mple", OTTER_TURN_URI_INVALID },
    { "turn:example.org/path", OTTER_TURN_URI_INVALID },
    { "turn:example.org#part", OTTER_TURN_URI_INVALID },
    { "turn:example%", OTTER_TURN_URI_INVALID },
    { "turn:example%4", OTTER_TURN_URI_INVALID },
    { "turn:example%4g", OTTER_TURN_URI_INVALID },
    { "turn:example.org:", OTTER_TURN_URI_INVALID },
    { "turn:example.org:0", OTTER_TURN_URI_INVALID },
    { "turn:example.org:65536", OTTER_TURN_URI_INVALID },
    { "turn:example.org:003478", OTTER_TURN_URI_INVALID },
    { "turn:example.org:99999999999999999999", OTTER_TURN_URI_INVALID },
    { "turn:example.org:-1", OTTER_TURN_URI_INVALID },
    { "turn:example.org:3478:1", OTTER_TURN_URI_INVALID },
    { "turn:::1", OTTER_TURN_URI_INVALID },
    { "turn:2001:db8::1", OTTER_TURN_URI_INVALID },
    { "turn:[", OTTER_TURN_URI_INVALID },
    { "turn:[]", OTTER_TURN_URI_INVALID },
    { "turn:[::1", OTTER_TURN_URI_INVALID },
    { "turn:[::1]x", OTTER_TURN_URI_INVALID },
    { "turn:[::g]", OTTER_TURN_URI_INVALID },
    { "turn:[127.0.0.1]", OTTER_TURN_URI_INVALID },
    { "turn:[fe80::1%25eth0]", OTTER_TURN_URI_INVALID },
    { "turn:[0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000]",
      OTTER_TURN_URI_INVALID },
    { "turn:?transport=udp", OTTER_TURN_URI_INVALID },
    { "turn:example.org?", OTTER_TURN_URI_INVALID },
    { "turn:example.org?transport", OTTER_TURN_URI_INVALID },
    { "turn:example.org?transport=", OTTER_TURN_URI_INVALID },
    { "turn:example.org?transport=tls", OTTER_TURN_URI_INVALID },
    { "turn:example.org?transport=ud", OTTER_TURN_URI_INVALID },
    { "turn:example.org?transport=udpx", OTTER_TURN_URI_INVALID },
    { "turn:example.org?transport=sctp", OTTER_TURN_URI_INVALID },
    { "turn:example.org?transport=udp&a=b", OTTER_TURN_URI_INVALID },
    { "stun:example.org?transport=udp", OTTER_TURN_URI_INVALID }
};


static void
check_credentials(void)
{
    size_t                    i;
    const credential_t       *row;
    otter_turn_credential_t   c;

    for (i = 0; i < sizeof(credentials) / sizeof(credentials[0]); i++) {
        row = &credentials[i];

        memset(&c, 0, sizeof(c));

        tap_is_int(otter_turn_credential(&c,
                                         (const unsigned char *) row->secret,
                                         row->secret_len, row->expires,
                                         (const unsigned char *) row->id,
                                         strlen(row->id)),
                   0, "credential %zu", i);
        tap_is_mem(c.username, c.username_len, row->username,
                   strlen(row->username), "its username");
        tap_is_mem(c.password, sizeof(c.password), row->password,
                   strlen(row->password), "its password");
    }
}


static void
check_refused(void)
{
    unsigned char             id[OTTER_TURN_ID_MAX + 1];
    otter_turn_credential_t   c;

    memset(id, 'i', sizeof(id));

    tap_is_int(otter_turn_credential(&c, id, 5, 1, id, sizeof(id)), -1,
               "an id that is too long");
    tap_is_int(otter_turn_credential(&c, id, 5, -1, id, 1), -1,
               "a time before 1970");
    tap_is_int(otter_turn_credential(&c, id, (size_t) 1 << 31, 1, id, 1), -1,
               "a secret of 2 GiB");
}


static void
check_uris(void)
{
    size_t  i;

    for (i = 0; i < sizeof(uris) / sizeof(uris[0]); i++) {
        if (!tap_is_int(otter_turn_uri((const unsigned char *) uris[i].uri,
                                       strlen(uris[i].uri)),
                        uris[i].kind, "URI %zu", i))
        {
            tap_show("URI", uris[i].uri, strlen(uris[i].uri));
        }
    }

    tap_is_int(otter_turn_uri((const unsigned char *) "turn:a\0b", 8),
               OTTER_TURN_URI_INVALID, "a zero byte in the host");
    tap_is_int(otter_turn_uri((const unsigned char *) "turn:[::1\0]", 11),
               OTTER_TURN_URI_INVALID, "a zero byte in an address");
}


int
main(void)
{
    check_credentials();
    check_refused();
    check_uris();

    return tap_done();
}
