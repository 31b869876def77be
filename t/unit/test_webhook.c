
/*
 * Copyright (C) Otter contributors
 */


#include "otter_webhook.h"
#include "otter_webhook_store.h"
#include "tap.h"


typedef struct {
    const char  *name;
    const char  *secret;
    const char  *id;
    int64_t      timestamp;
    const char  *body;
    const char  *signature;
} row_t;


/* the first is that of the standard's own libraries */

static const row_t  rows[] = {
    { "the standard's vector", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
      "{\"test\": 2432232314}",
      "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" },
    { "an empty body", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      "evt_0_1-0", 0, "",
      "v1,K3lASzqycE3T4RYUiEpFHy7WHMA7fG7B6bjpD9H7E8w=" },
    { "a secret of 64 bytes",
      "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v"
      "MDEyMzQ1Njc4OTo7PD0+Pw==",
      "evt_15_1764111111111-3", 1764111111, "{\"type\":\"peer.left\"}",
      "v1,reSNVI48LFIAoKCgpUTzjGAy5Rw49xSuYmMd3jOLq5w=" }
};

static const char *const  bad[] = {
    "", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa_-",
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS=w",
    "whsec_====",
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw ",

    /* 23 bytes, and 65 */

    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaQ=",
    "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v"
    "MDEyMzQ1Njc4OTo7PD0+P0A="
};


static void
check_row(const row_t *row)
{
    char                    signature[OTTER_WEBHOOK_SIGNATURE_SIZE];
    otter_webhook_secret_t  secret;

    tap_is_str(otter_webhook_secret(&secret, row->secret), NULL,
               "%s: the secret", row->name);
    tap_is_int(otter_webhook_sign(signature, &secret, row->id, row->timestamp,
                                  row->body, strlen(row->body)),
               0, "%s: signed", row->name);
    tap_is_str(signature, row->signature, "%s: the signature", row->name);
}


static void
check_long_id(void)
{
    char                    signature[OTTER_WEBHOOK_SIGNATURE_SIZE];
    char                    id[200];
    otter_webhook_secret_t  secret;

    memset(id, 'x', sizeof(id) - 1);
    id[sizeof(id) - 1] = '\0';

    (void) otter_webhook_secret(&secret, rows[0].secret);

    tap_is_int(otter_webhook_sign(signature, &secret, id, 1, "", 0), -1,
               "an id that is too long");
}


static void
check_shards(void)
{
    tap_is_int(otter_webhook_shard_of("evt_0_1-0"), 0, "the first shard");
    tap_is_int(otter_webhook_shard_of("evt_15_1-0"), 15, "the last shard");
    tap_is_int(otter_webhook_shard_of("evt_16_1-0"), -1, "one too many");
    tap_is_int(otter_webhook_shard_of("evt_-1_1-0"), -1, "a negative one");
    tap_is_int(otter_webhook_shard_of("evt_"), -1, "none");
    tap_is_int(otter_webhook_shard_of("msg_0_1-0"), -1, "another id");
    tap_is_int(otter_webhook_shard_of("evt_1"), -1, "only a shard");
}


int
main(void)
{
    size_t                  i;
    otter_webhook_secret_t  secret;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        check_row(&rows[i]);
    }

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        tap_ok(otter_webhook_secret(&secret, bad[i]) != NULL,
               "refused: \"%s\"", bad[i]);
    }

    check_long_id();
    check_shards();

    return tap_done();
}
