
/*
 * Copyright (C) Otter contributors
 */


#include <string.h>

#include <netinet/in.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "otter_stun.h"


enum {
    OTTER_STUN_SHA1_SIZE = 20,
    OTTER_STUN_CRC_SIZE = 4,
    OTTER_STUN_ATTRIBUTE_HEAD = 4,
    OTTER_STUN_IPV4 = 1,
    OTTER_STUN_IPV6 = 2
};


static const unsigned char  otter_stun_cookie[] = { 0x21, 0x12, 0xa4, 0x42 };


static size_t otter_stun_offset(const otter_stun_message_t *m,
    unsigned attribute);
static int otter_stun_hmac(unsigned char *mac, const otter_stun_message_t *m,
    size_t len, const unsigned char *key, size_t key_len);
static uint32_t otter_stun_crc(const otter_stun_message_t *m, size_t len);
static void otter_stun_set_size(otter_stun_message_t *m, size_t len);
static size_t otter_stun_padded(size_t len);
static void otter_stun_put16(unsigned char *p, size_t value);
static unsigned otter_stun_get16(const unsigned char *p);


void
otter_stun_begin(otter_stun_message_t *m, unsigned type,
    const unsigned char tid[OTTER_STUN_TID_SIZE])
{
    otter_stun_put16(m->data, type);
    otter_stun_put16(m->data + 2, 0);

    memcpy(m->data + 4, otter_stun_cookie, 4);
    memcpy(m->data + 8, tid, OTTER_STUN_TID_SIZE);

    m->len = OTTER_STUN_HEAD_SIZE;
}


int
otter_stun_add(otter_stun_message_t *m, unsigned attribute, const void *data,
    size_t len)
{
    size_t          padded;
    unsigned char  *p;

    padded = otter_stun_padded(len);

    if (len > OTTER_STUN_SIZE_MAX
        || OTTER_STUN_ATTRIBUTE_HEAD + padded > OTTER_STUN_SIZE_MAX - m->len)
    {
        return -1;
    }

    p = m->data + m->len;

    otter_stun_put16(p, attribute);
    otter_stun_put16(p + 2, len);

    p += OTTER_STUN_ATTRIBUTE_HEAD;

    if (len) {
        memcpy(p, data, len);
    }

    memset(p + len, 0, padded - len);

    m->len += OTTER_STUN_ATTRIBUTE_HEAD + padded;

    otter_stun_set_size(m, m->len);

    return 0;
}


/* RFC 8489, section 14.5: the length in the head counts the attribute in */

int
otter_stun_add_integrity(otter_stun_message_t *m, const unsigned char *key,
    size_t len)
{
    size_t         start;
    unsigned char  mac[EVP_MAX_MD_SIZE] = { 0 };

    start = m->len;

    if (otter_stun_add(m, OTTER_STUN_MESSAGE_INTEGRITY, mac,
                       OTTER_STUN_SHA1_SIZE)
        != 0
        || otter_stun_hmac(mac, m, start, key, len) != 0)
    {
        return -1;
    }

    memcpy(m->data + start + OTTER_STUN_ATTRIBUTE_HEAD, mac,
           OTTER_STUN_SHA1_SIZE);

    return 0;
}


int
otter_stun_add_fingerprint(otter_stun_message_t *m)
{
    size_t          start;
    uint32_t        crc;
    unsigned char   zero[OTTER_STUN_CRC_SIZE] = { 0 }, *p;

    start = m->len;

    if (otter_stun_add(m, OTTER_STUN_FINGERPRINT, zero, sizeof(zero)) != 0) {
        return -1;
    }

    crc = otter_stun_crc(m, start);

    p = m->data + start + OTTER_STUN_ATTRIBUTE_HEAD;

    otter_stun_put16(p, crc >> 16);
    otter_stun_put16(p + 2, crc & 0xffff);

    return 0;
}


int
otter_stun_long_term_key(unsigned char key[OTTER_STUN_KEY_SIZE],
    const otter_span_t *username, const otter_span_t *realm,
    const otter_span_t *password)
{
    int          rc;
    EVP_MD_CTX  *ctx;

    ctx = EVP_MD_CTX_new();
    if (ctx == NULL) {
        return -1;
    }

    rc = EVP_DigestInit_ex(ctx, EVP_md5(), NULL) == 1
         && EVP_DigestUpdate(ctx, username->data, username->len) == 1
         && EVP_DigestUpdate(ctx, ":", 1) == 1
         && EVP_DigestUpdate(ctx, realm->data, realm->len) == 1
         && EVP_DigestUpdate(ctx, ":", 1) == 1
         && EVP_DigestUpdate(ctx, password->data, password->len) == 1
         && EVP_DigestFinal_ex(ctx, key, NULL) == 1;

    EVP_MD_CTX_free(ctx);

    return rc ? 0 : -1;
}


size_t
otter_stun_size(const unsigned char head[OTTER_STUN_HEAD_SIZE])
{
    size_t  len;

    len = otter_stun_get16(head + 2);

    if (head[0] & 0xc0
        || len % 4
        || len > OTTER_STUN_SIZE_MAX - OTTER_STUN_HEAD_SIZE
        || memcmp(head + 4, otter_stun_cookie, 4) != 0)
    {
        return 0;
    }

    return OTTER_STUN_HEAD_SIZE + len;
}


int
otter_stun_valid(const otter_stun_message_t *m)
{
    size_t  pos, len;

    if (m->len < OTTER_STUN_HEAD_SIZE || otter_stun_size(m->data) != m->len) {
        return 0;
    }

    for (pos = OTTER_STUN_HEAD_SIZE; pos < m->len; pos += len) {

        /* the head of an attribute fits, all is a multiple of four */

        len = OTTER_STUN_ATTRIBUTE_HEAD
              + otter_stun_padded(otter_stun_get16(m->data + pos + 2));

        if (len > m->len - pos) {
            return 0;
        }
    }

    return 1;
}


unsigned
otter_stun_type(const otter_stun_message_t *m)
{
    return otter_stun_get16(m->data);
}


const unsigned char *
otter_stun_tid(const otter_stun_message_t *m)
{
    return m->data + 8;
}


otter_span_t
otter_stun_find(const otter_stun_message_t *m, unsigned attribute)
{
    size_t        pos;
    otter_span_t  value;

    value.data = NULL;
    value.len = 0;

    pos = otter_stun_offset(m, attribute);

    if (pos) {
        value.data = m->data + pos + OTTER_STUN_ATTRIBUTE_HEAD;
        value.len = otter_stun_get16(m->data + pos + 2);
    }

    return value;
}


/* where the attribute begins; 0: it is not there */

static size_t
otter_stun_offset(const otter_stun_message_t *m, unsigned attribute)
{
    size_t    pos;
    unsigned  type, protected;

    protected = 0;

    for (pos = OTTER_STUN_HEAD_SIZE;
         pos < m->len;
         pos += OTTER_STUN_ATTRIBUTE_HEAD
                + otter_stun_padded(otter_stun_get16(m->data + pos + 2)))
    {
        type = otter_stun_get16(m->data + pos);

        if (type == attribute
            && (!protected || type == OTTER_STUN_FINGERPRINT))
        {
            return pos;
        }

        if (type == OTTER_STUN_MESSAGE_INTEGRITY) {
            protected = 1;
        }
    }

    return 0;
}


unsigned
otter_stun_error(const otter_stun_message_t *m, otter_span_t *reason)
{
    unsigned      code;
    otter_span_t  value;

    value = otter_stun_find(m, OTTER_STUN_ERROR_CODE);

    if (value.len < 4) {
        return 0;
    }

    code = (value.data[2] & 0x07u) * 100 + value.data[3];

    if (code < 300 || code > 699 || value.data[3] > 99) {
        return 0;
    }

    reason->data = value.data + 4;
    reason->len = value.len - 4;

    return code;
}


int
otter_stun_address(const otter_stun_message_t *m, unsigned attribute,
    struct sockaddr_storage *address)
{
    size_t                i;
    unsigned char         port[2], ip[16];
    otter_span_t          value;
    struct sockaddr_in   *sin;
    struct sockaddr_in6  *sin6;

    memset(address, 0, sizeof(struct sockaddr_storage));

    value = otter_stun_find(m, attribute);

    if (value.len != 8 && value.len != 20) {
        return -1;
    }

    /* the cookie and the transaction lie one behind the other in the head */

    port[0] = value.data[2] ^ m->data[4];
    port[1] = value.data[3] ^ m->data[5];

    for (i = 0; i < value.len - 4; i++) {
        ip[i] = value.data[4 + i] ^ m->data[4 + i];
    }

    if (value.data[1] == OTTER_STUN_IPV4 && value.len == 8) {
        sin = (struct sockaddr_in *) address;
        sin->sin_family = AF_INET;
        memcpy(&sin->sin_port, port, sizeof(port));
        memcpy(&sin->sin_addr, ip, 4);

        return 0;
    }

    if (value.data[1] == OTTER_STUN_IPV6 && value.len == 20) {
        sin6 = (struct sockaddr_in6 *) address;
        sin6->sin6_family = AF_INET6;
        memcpy(&sin6->sin6_port, port, sizeof(port));
        memcpy(&sin6->sin6_addr, ip, 16);

        return 0;
    }

    return -1;
}


int
otter_stun_integrity_valid(const otter_stun_message_t *m,
    const unsigned char *key, size_t len)
{
    size_t                pos;
    unsigned char         mac[EVP_MAX_MD_SIZE];
    otter_stun_message_t  copy;

    pos = otter_stun_offset(m, OTTER_STUN_MESSAGE_INTEGRITY);

    if (pos == 0
        || otter_stun_get16(m->data + pos + 2) != OTTER_STUN_SHA1_SIZE)
    {
        return 0;
    }

    /* what follows was added to the length later */

    copy = *m;
    otter_stun_set_size(&copy, pos + OTTER_STUN_ATTRIBUTE_HEAD
                               + OTTER_STUN_SHA1_SIZE);

    if (otter_stun_hmac(mac, &copy, pos, key, len) != 0) {
        return 0;
    }

    return CRYPTO_memcmp(mac, m->data + pos + OTTER_STUN_ATTRIBUTE_HEAD,
                         OTTER_STUN_SHA1_SIZE)
           == 0;
}


int
otter_stun_fingerprint_valid(const otter_stun_message_t *m)
{
    size_t                pos;
    uint32_t              crc;
    const unsigned char  *p;

    pos = otter_stun_offset(m, OTTER_STUN_FINGERPRINT);

    if (pos == 0
        || pos + OTTER_STUN_ATTRIBUTE_HEAD + OTTER_STUN_CRC_SIZE != m->len
        || otter_stun_get16(m->data + pos + 2) != OTTER_STUN_CRC_SIZE)
    {
        return 0;
    }

    crc = otter_stun_crc(m, pos);
    p = m->data + pos + OTTER_STUN_ATTRIBUTE_HEAD;

    return otter_stun_get16(p) == crc >> 16
           && otter_stun_get16(p + 2) == (crc & 0xffff);
}


static int
otter_stun_hmac(unsigned char *mac, const otter_stun_message_t *m, size_t len,
    const unsigned char *key, size_t key_len)
{
    unsigned  size;

    return HMAC(EVP_sha1(), key, (int) key_len, m->data, len, mac, &size)
           && size == OTTER_STUN_SHA1_SIZE ? 0 : -1;
}


/* CRC-32 of ITU V.42, and "STUN" upon it: RFC 8489, section 14.7 */

static uint32_t
otter_stun_crc(const otter_stun_message_t *m, size_t len)
{
    size_t    i;
    uint32_t  crc;
    unsigned  bit;

    crc = 0xffffffff;

    for (i = 0; i < len; i++) {
        crc ^= m->data[i];

        for (bit = 0; bit < 8; bit++) {
            crc = crc & 1 ? (crc >> 1) ^ 0xedb88320 : crc >> 1;
        }
    }

    return crc ^ 0xffffffff ^ 0x5354554e;
}


static void
otter_stun_set_size(otter_stun_message_t *m, size_t len)
{
    otter_stun_put16(m->data + 2, len - OTTER_STUN_HEAD_SIZE);
}


static size_t
otter_stun_padded(size_t len)
{
    return (len + 3) & ~(size_t) 3;
}


static void
otter_stun_put16(unsigned char *p, size_t value)
{
    p[0] = (unsigned char) (value >> 8);
    p[1] = (unsigned char) value;
}


static unsigned
otter_stun_get16(const unsigned char *p)
{
    return (unsigned) p[0] << 8 | p[1];
}
