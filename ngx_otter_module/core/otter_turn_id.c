
/*
 * Copyright (C) Otter contributors
 */


#include <limits.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "otter_base64url.h"
#include "otter_name.h"
#include "otter_turn_id.h"


enum {
    OTTER_TURN_ID_KEY_SIZE = 32
};


static int otter_turn_id_crypt(unsigned char *dst, otter_turn_seal_t *seal,
    const unsigned char iv[OTTER_TURN_ID_IV_SIZE], const unsigned char *src,
    size_t len);
static unsigned char *otter_turn_id_part(unsigned char *p,
    const otter_span_t *part, int valid);
static int otter_turn_id_split(otter_turn_owner_t *owner,
    const unsigned char *data, size_t len);


int
otter_turn_seal_init(otter_turn_seal_t *seal, const unsigned char *secret,
    size_t secret_len)
{
    int                         ok;
    unsigned                    len;
    unsigned char               keys[EVP_MAX_MD_SIZE];
    static const unsigned char  label[] = "otter turn id 1";

    if (secret_len > INT_MAX
        || HMAC(EVP_sha512(), secret, (int) secret_len, label,
                sizeof(label) - 1, keys, &len)
           == NULL
        || len != 2 * OTTER_TURN_ID_KEY_SIZE)
    {
        return -1;
    }

    otter_hmac_init(&seal->mac, keys, OTTER_TURN_ID_KEY_SIZE);

    seal->cipher = EVP_CIPHER_CTX_new();

    ok = seal->cipher
         && EVP_EncryptInit_ex(seal->cipher, EVP_aes_256_ctr(), NULL,
                               keys + OTTER_TURN_ID_KEY_SIZE, NULL)
            == 1;

    OPENSSL_cleanse(keys, sizeof(keys));

    if (!ok) {
        otter_turn_seal_clear(seal);
    }

    return ok ? 0 : -1;
}


void
otter_turn_seal_clear(otter_turn_seal_t *seal)
{
    EVP_CIPHER_CTX_free(seal->cipher);
    OPENSSL_cleanse(seal, sizeof(otter_turn_seal_t));
}


size_t
otter_turn_id_seal(unsigned char dst[OTTER_TURN_ID_MAX],
    const otter_turn_owner_t *owner, otter_turn_seal_t *seal)
{
    size_t          len;
    unsigned char  *p;
    unsigned char   plain[OTTER_TURN_OWNER_MAX], mac[OTTER_SHA256_SIZE];
    unsigned char   sealed[OTTER_TURN_ID_SIZE];

    p = otter_turn_id_part(plain, &owner->key,
                           otter_apikey_id_valid(owner->key.data,
                                                 owner->key.len));
    *p++ = '\t';
    p = otter_turn_id_part(p, &owner->room,
                           otter_room_name_valid(owner->room.data,
                                                 owner->room.len));
    *p++ = '\t';
    p = otter_turn_id_part(p, &owner->identity,
                           otter_identity_valid(owner->identity.data,
                                                owner->identity.len));
    len = (size_t) (p - plain);

    otter_hmac(&seal->mac, plain, len, mac);
    memcpy(sealed, mac, OTTER_TURN_ID_IV_SIZE);

    if (otter_turn_id_crypt(sealed + OTTER_TURN_ID_IV_SIZE, seal, sealed,
                            plain, len)
        != 0)
    {
        return 0;
    }

    p = otter_base64url_encode(dst, sealed, OTTER_TURN_ID_IV_SIZE + len);

    return (size_t) (p - dst);
}


int
otter_turn_id_open(otter_turn_owner_t *owner,
    unsigned char buf[OTTER_TURN_ID_SIZE], const unsigned char *id,
    size_t len, const unsigned char *secret, size_t secret_len)
{
    int                rc;
    size_t             plain_len;
    int64_t            size;
    unsigned char      mac[OTTER_SHA256_SIZE];
    unsigned char      sealed[OTTER_TURN_ID_SIZE];
    otter_turn_seal_t  seal;

    size = otter_base64url_decode(sealed, sizeof(sealed), id, len);

    if (size < OTTER_TURN_ID_IV_SIZE
        || otter_turn_seal_init(&seal, secret, secret_len) != 0)
    {
        return -1;
    }

    plain_len = (size_t) size - OTTER_TURN_ID_IV_SIZE;

    rc = otter_turn_id_crypt(buf, &seal, sealed,
                             sealed + OTTER_TURN_ID_IV_SIZE, plain_len);
    if (rc == 0) {
        otter_hmac(&seal.mac, buf, plain_len, mac);
    }

    otter_turn_seal_clear(&seal);

    if (rc != 0 || CRYPTO_memcmp(mac, sealed, OTTER_TURN_ID_IV_SIZE) != 0) {
        return -1;
    }

    return otter_turn_id_split(owner, buf, plain_len);
}


/* the key stays, the counter begins at iv */

static int
otter_turn_id_crypt(unsigned char *dst, otter_turn_seal_t *seal,
    const unsigned char iv[OTTER_TURN_ID_IV_SIZE], const unsigned char *src,
    size_t len)
{
    int  n;

    return EVP_EncryptInit_ex(seal->cipher, NULL, NULL, NULL, iv) == 1
           && EVP_EncryptUpdate(seal->cipher, dst, &n, src, (int) len) == 1
           && n == (int) len ? 0 : -1;
}


static unsigned char *
otter_turn_id_part(unsigned char *p, const otter_span_t *part, int valid)
{
    if (!valid) {
        return p;
    }

    memcpy(p, part->data, part->len);

    return p + part->len;
}


static int
otter_turn_id_split(otter_turn_owner_t *owner, const unsigned char *data,
    size_t len)
{
    const unsigned char  *p, *last;

    last = data + len;

    p = memchr(data, '\t', len);
    if (p == NULL) {
        return -1;
    }

    owner->key.data = data;
    owner->key.len = (size_t) (p - data);

    owner->room.data = ++p;

    p = memchr(p, '\t', (size_t) (last - p));
    if (p == NULL) {
        return -1;
    }

    owner->room.len = (size_t) (p - owner->room.data);

    owner->identity.data = ++p;
    owner->identity.len = (size_t) (last - p);

    return 0;
}
