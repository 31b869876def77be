
/*
 * Copyright (C) Otter contributors
 */


#include <stdlib.h>
#include <string.h>

#include "otter_claims.h"
#include "otter_json.h"
#include "otter_name.h"


enum {
    OTTER_CLAIMS_DIGITS = 12,          /* of a time */
    OTTER_CLAIMS_REST = 256            /* a payload without its texts */
};

/* 9999-12-31T23:59:59Z, the last second that RFC 3339 can write */

static const int64_t  otter_claims_time_max = 253402300799;


static otter_token_rc_t otter_claims_read_audience(
    const otter_object_t *payload);
static int otter_claims_read_names(otter_claims_t *c,
    const otter_object_t *payload);
static int otter_claims_names_valid(const otter_claims_t *c);
static int otter_claims_name_valid(const otter_span_t *name);
static int otter_claims_read_times(otter_claims_t *c,
    const otter_object_t *payload);
static int otter_claims_read_time(int64_t *seconds,
    const otter_object_t *payload, const char *name);
static int otter_claims_time_valid(int64_t seconds);
static int otter_claims_read_role(otter_claims_t *c,
    const otter_object_t *payload);
static otter_token_rc_t otter_claims_read_metadata(otter_claims_t *c,
    const otter_object_t *payload);
static int otter_claims_text(otter_span_t *span,
    const otter_object_t *payload, const char *name);
static int otter_claims_metadata(const otter_span_t *metadata, char **text);
static size_t otter_claims_size(const otter_claims_t *claims);
static char *otter_claims_put_all(char *text, const otter_claims_t *claims,
    const char *metadata, size_t metadata_len);
static char *otter_claims_put_name(char *p, const char *name);
static char *otter_claims_put(char *p, const char *name,
    const otter_span_t *span);
static char *otter_claims_put_time(char *p, const char *name,
    int64_t seconds);


otter_token_rc_t
otter_claims_read(otter_claims_t *claims, const otter_object_t *payload)
{
    otter_claims_t    c;
    otter_token_rc_t  rc;

    memset(&c, 0, sizeof(otter_claims_t));

    if (otter_claims_read_names(&c, payload) != 0
        || otter_claims_read_times(&c, payload) != 0
        || otter_claims_read_role(&c, payload) != 0)
    {
        return OTTER_TOKEN_BAD_CLAIMS;
    }

    rc = otter_claims_read_audience(payload);
    if (rc != OTTER_TOKEN_OK) {
        return rc;
    }

    rc = otter_claims_read_metadata(&c, payload);
    if (rc != OTTER_TOKEN_OK) {
        return rc;
    }

    *claims = c;

    return OTTER_TOKEN_OK;
}


/* RFC 7519, section 4.1.3: a string, or an array of strings */

static otter_token_rc_t
otter_claims_read_audience(const otter_object_t *payload)
{
    size_t          i;
    unsigned        found;
    const char     *name;
    otter_value_t   aud;

    otter_object_get(payload, "aud", &aud);

    if (aud.type == OTTER_VALUE_STRING) {
        return otter_value_is(&aud, "otter") ? OTTER_TOKEN_OK
                                             : OTTER_TOKEN_WRONG_AUDIENCE;
    }

    if (aud.type != OTTER_VALUE_OTHER || !json_is_array(aud.tree)) {
        return OTTER_TOKEN_BAD_CLAIMS;
    }

    found = 0;

    for (i = 0; i < json_array_size(aud.tree); i++) {
        name = json_string_value(json_array_get(aud.tree, i));

        if (name == NULL) {
            return OTTER_TOKEN_BAD_CLAIMS;
        }

        if (strcmp(name, "otter") == 0) {
            found = 1;
        }
    }

    return found ? OTTER_TOKEN_OK : OTTER_TOKEN_WRONG_AUDIENCE;
}


static int
otter_claims_read_names(otter_claims_t *c, const otter_object_t *payload)
{
    if (otter_claims_text(&c->iss, payload, "iss") != 0
        || otter_claims_text(&c->sub, payload, "sub") != 0
        || otter_claims_text(&c->jti, payload, "jti") != 0
        || otter_claims_text(&c->room, payload, "room") != 0
        || otter_claims_text(&c->name, payload, "name") != 0)
    {
        return -1;
    }

    return otter_claims_names_valid(c) ? 0 : -1;
}


/* iss, name and jti go into logs and messages, and are bounded for that */

static int
otter_claims_names_valid(const otter_claims_t *c)
{
    return otter_room_name_valid(c->room.data, c->room.len)
           && otter_identity_valid(c->sub.data, c->sub.len)
           && otter_claims_name_valid(&c->name)
           && otter_claims_name_valid(&c->iss)
           && otter_claims_name_valid(&c->jti);
}


static int
otter_claims_name_valid(const otter_span_t *name)
{
    return name->len == 0 || otter_display_name_valid(name->data, name->len);
}


static int
otter_claims_read_times(otter_claims_t *c, const otter_object_t *payload)
{
    otter_value_t  exp;

    otter_object_get(payload, "exp", &exp);

    if (exp.type == OTTER_VALUE_ABSENT) {
        return -1;
    }

    if (otter_claims_read_time(&c->exp, payload, "exp") != 0
        || otter_claims_read_time(&c->nbf, payload, "nbf") != 0
        || otter_claims_read_time(&c->iat, payload, "iat") != 0)
    {
        return -1;
    }

    return 0;
}


static int
otter_claims_read_time(int64_t *seconds, const otter_object_t *payload,
    const char *name)
{
    otter_value_t  value;

    otter_object_get(payload, name, &value);

    if (value.type == OTTER_VALUE_ABSENT) {
        return 0;
    }

    if (value.type != OTTER_VALUE_INTEGER) {
        return -1;
    }

    *seconds = value.number;

    return otter_claims_time_valid(*seconds) ? 0 : -1;
}


static int
otter_claims_time_valid(int64_t seconds)
{
    return seconds >= 0 && seconds <= otter_claims_time_max;
}


static int
otter_claims_read_role(otter_claims_t *c, const otter_object_t *payload)
{
    otter_value_t  role;

    otter_object_get(payload, "role", &role);

    if (role.type == OTTER_VALUE_ABSENT
        || otter_value_is(&role, "participant"))
    {
        c->role = OTTER_ROLE_PARTICIPANT;
        return 0;
    }

    if (otter_value_is(&role, "moderator")) {
        c->role = OTTER_ROLE_MODERATOR;
        return 0;
    }

    return -1;
}


static otter_token_rc_t
otter_claims_read_metadata(otter_claims_t *c, const otter_object_t *payload)
{
    size_t         len;
    otter_value_t  metadata;

    otter_object_get(payload, "metadata", &metadata);

    if (metadata.type == OTTER_VALUE_ABSENT) {
        c->metadata.data = (const unsigned char *) "{}";
        c->metadata.len = 2;

        return OTTER_TOKEN_OK;
    }

    if (metadata.type != OTTER_VALUE_OTHER || !json_is_object(metadata.tree)) {
        return OTTER_TOKEN_BAD_CLAIMS;
    }

    c->text = json_dumps(metadata.tree, JSON_COMPACT);
    if (c->text == NULL) {
        return OTTER_TOKEN_NO_MEMORY;
    }

    len = strlen(c->text);

    if (len > OTTER_METADATA_MAX) {
        free(c->text);
        return OTTER_TOKEN_BAD_CLAIMS;
    }

    c->metadata.data = (const unsigned char *) c->text;
    c->metadata.len = len;

    return OTTER_TOKEN_OK;
}


/* an absent string is as an empty one */

static int
otter_claims_text(otter_span_t *span, const otter_object_t *payload,
    const char *name)
{
    otter_value_t  value;

    otter_object_get(payload, name, &value);

    if (value.type == OTTER_VALUE_ABSENT) {
        span->data = (const unsigned char *) "";
        span->len = 0;
        return 0;
    }

    if (value.type != OTTER_VALUE_STRING) {
        return -1;
    }

    *span = value.text;

    return 0;
}


/*
 * Sums are made of "now" alone, which is no number of the token's and cannot
 * overflow.  The end has no leeway: a socket ends with its token to the
 * second, so whoever was let in later would be thrown out at once.
 */

otter_token_rc_t
otter_claims_check_time(const otter_claims_t *claims, int64_t now)
{
    if (claims->nbf > now + OTTER_TOKEN_LEEWAY
        || claims->iat > now + OTTER_TOKEN_LEEWAY)
    {
        return OTTER_TOKEN_NOT_YET_VALID;
    }

    if (claims->exp <= now) {
        return OTTER_TOKEN_EXPIRED;
    }

    return OTTER_TOKEN_OK;
}


void
otter_claims_free(otter_claims_t *claims)
{
    json_decref(claims->tree);
    free(claims->payload);
    free(claims->text);

    memset(claims, 0, sizeof(otter_claims_t));
}


/* nothing is signed that would be refused */

char *
otter_claims_write(const otter_claims_t *claims, size_t *len)
{
    char    *text, *last, *metadata;
    size_t   metadata_len;

    if (!otter_claims_names_valid(claims)
        || !otter_claims_time_valid(claims->iat)
        || !otter_claims_time_valid(claims->nbf)
        || !otter_claims_time_valid(claims->exp) || claims->exp == 0
        || otter_claims_metadata(&claims->metadata, &metadata) != 0)
    {
        return NULL;
    }

    metadata_len = metadata ? strlen(metadata) : 0;

    text = malloc(otter_claims_size(claims) + metadata_len);

    if (text) {
        last = otter_claims_put_all(text, claims, metadata, metadata_len);
        *last = '\0';
        *len = (size_t) (last - text);

        /* metadata may be too deep within the payload */

        if (metadata && !otter_json_valid((unsigned char *) text, *len)) {
            free(text);
            text = NULL;
        }
    }

    free(metadata);

    return text;
}


/* an object as jansson writes it; NULL: there is none */

static int
otter_claims_metadata(const otter_span_t *metadata, char **text)
{
    json_t  *value;

    *text = NULL;

    if (metadata->len == 0) {
        return 0;
    }

    if (!otter_json_valid(metadata->data, metadata->len)) {
        return -1;
    }

    value = json_loadb((const char *) metadata->data, metadata->len,
                       JSON_REJECT_DUPLICATES, NULL);

    if (json_is_object(value)) {
        *text = json_dumps(value, JSON_COMPACT);
    }

    json_decref(value);

    if (*text && strlen(*text) > OTTER_METADATA_MAX) {
        free(*text);
        *text = NULL;
    }

    return *text ? 0 : -1;
}


static size_t
otter_claims_size(const otter_claims_t *claims)
{
    size_t               i, size;
    const otter_span_t  *texts[5];

    texts[0] = &claims->iss;
    texts[1] = &claims->sub;
    texts[2] = &claims->jti;
    texts[3] = &claims->room;
    texts[4] = &claims->name;

    size = OTTER_CLAIMS_REST;

    for (i = 0; i < 5; i++) {
        size += otter_json_escaped_size(texts[i]->data, texts[i]->len);
    }

    return size;
}


/* each member begins with a comma, and so does the first one at first */

static char *
otter_claims_put_all(char *text, const otter_claims_t *claims,
    const char *metadata, size_t metadata_len)
{
    char          *p;
    otter_span_t   role, aud;

    aud.data = (const unsigned char *) "otter";
    aud.len = 5;

    role.data = (const unsigned char *) "participant";
    role.len = 11;

    if (claims->role == OTTER_ROLE_MODERATOR) {
        role.data = (const unsigned char *) "moderator";
        role.len = 9;
    }

    p = otter_claims_put(text, "iss", &claims->iss);
    p = otter_claims_put(p, "sub", &claims->sub);
    p = otter_claims_put(p, "aud", &aud);
    p = otter_claims_put_time(p, "iat", claims->iat);
    p = otter_claims_put_time(p, "nbf", claims->nbf);
    p = otter_claims_put_time(p, "exp", claims->exp);
    p = otter_claims_put(p, "jti", &claims->jti);
    p = otter_claims_put(p, "room", &claims->room);
    p = otter_claims_put(p, "name", &claims->name);
    p = otter_claims_put(p, "role", &role);

    if (metadata) {
        p = otter_claims_put_name(p, "metadata");
        memcpy(p, metadata, metadata_len);
        p += metadata_len;
    }

    *p++ = '}';
    *text = '{';

    return p;
}


static char *
otter_claims_put_name(char *p, const char *name)
{
    size_t  len;

    len = strlen(name);

    *p++ = ',';
    *p++ = '"';

    memcpy(p, name, len);
    p += len;

    *p++ = '"';
    *p++ = ':';

    return p;
}


static char *
otter_claims_put(char *p, const char *name, const otter_span_t *span)
{
    if (span->len == 0) {
        return p;
    }

    p = otter_claims_put_name(p, name);

    *p++ = '"';
    p = (char *) otter_json_escape((unsigned char *) p, span->data,
                                   span->len);
    *p++ = '"';

    return p;
}


static char *
otter_claims_put_time(char *p, const char *name, int64_t seconds)
{
    char    digits[OTTER_CLAIMS_DIGITS];
    size_t  n;

    if (seconds == 0) {
        return p;
    }

    p = otter_claims_put_name(p, name);

    for (n = OTTER_CLAIMS_DIGITS; seconds; seconds /= 10) {
        digits[--n] = (char) ('0' + seconds % 10);
    }

    memcpy(p, digits + n, OTTER_CLAIMS_DIGITS - n);

    return p + OTTER_CLAIMS_DIGITS - n;
}
