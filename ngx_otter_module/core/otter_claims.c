
/*
 * Copyright (C) Otter contributors
 */


#include <stdlib.h>
#include <string.h>

#include "otter_claims.h"
#include "otter_json.h"
#include "otter_name.h"


/* 9999-12-31T23:59:59Z, the last second that RFC 3339 can write */

static const int64_t  otter_claims_time_max = 253402300799;


static otter_token_rc_t otter_claims_read_audience(const json_t *aud);
static int otter_claims_read_names(otter_claims_t *c, const json_t *payload);
static int otter_claims_read_times(otter_claims_t *c, const json_t *payload);
static int otter_claims_read_time(int64_t *seconds, const json_t *payload,
    const char *name);
static int otter_claims_read_role(otter_claims_t *c, const json_t *payload);
static otter_token_rc_t otter_claims_read_metadata(otter_claims_t *c,
    const json_t *payload);
static int otter_claims_text(otter_span_t *span, const json_t *payload,
    const char *name);
static int otter_claims_set(json_t *payload, const char *name,
    const otter_span_t *span);
static int otter_claims_set_time(json_t *payload, const char *name,
    int64_t seconds);
static int otter_claims_set_metadata(json_t *payload,
    const otter_span_t *metadata);


otter_token_rc_t
otter_claims_read(otter_claims_t *claims, json_t *payload)
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

    rc = otter_claims_read_audience(json_object_get(payload, "aud"));
    if (rc != OTTER_TOKEN_OK) {
        return rc;
    }

    rc = otter_claims_read_metadata(&c, payload);
    if (rc != OTTER_TOKEN_OK) {
        return rc;
    }

    c.tree = json_incref(payload);

    *claims = c;

    return OTTER_TOKEN_OK;
}


/* RFC 7519, section 4.1.3: a string, or an array of strings */

static otter_token_rc_t
otter_claims_read_audience(const json_t *aud)
{
    size_t       i;
    unsigned     found;
    const char  *name;

    if (json_is_string(aud)) {
        return strcmp(json_string_value(aud), "otter") == 0
               ? OTTER_TOKEN_OK : OTTER_TOKEN_WRONG_AUDIENCE;
    }

    if (!json_is_array(aud)) {
        return OTTER_TOKEN_BAD_CLAIMS;
    }

    found = 0;

    for (i = 0; i < json_array_size(aud); i++) {
        name = json_string_value(json_array_get(aud, i));

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
otter_claims_read_names(otter_claims_t *c, const json_t *payload)
{
    if (otter_claims_text(&c->iss, payload, "iss") != 0
        || otter_claims_text(&c->sub, payload, "sub") != 0
        || otter_claims_text(&c->jti, payload, "jti") != 0
        || otter_claims_text(&c->room, payload, "room") != 0
        || otter_claims_text(&c->name, payload, "name") != 0)
    {
        return -1;
    }

    if (!otter_room_name_valid(c->room.data, c->room.len)
        || !otter_identity_valid(c->sub.data, c->sub.len))
    {
        return -1;
    }

    /* the others go into logs and messages, and are bounded for that */

    if (!otter_display_name_valid(c->name.data, c->name.len)
        || !otter_display_name_valid(c->iss.data, c->iss.len)
        || !otter_display_name_valid(c->jti.data, c->jti.len))
    {
        return -1;
    }

    return 0;
}


static int
otter_claims_read_times(otter_claims_t *c, const json_t *payload)
{
    if (json_object_get(payload, "exp") == NULL) {
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
otter_claims_read_time(int64_t *seconds, const json_t *payload,
    const char *name)
{
    const json_t  *value;

    value = json_object_get(payload, name);

    if (value == NULL) {
        return 0;
    }

    if (!json_is_integer(value)) {
        return -1;
    }

    *seconds = json_integer_value(value);

    return *seconds >= 0 && *seconds <= otter_claims_time_max ? 0 : -1;
}


static int
otter_claims_read_role(otter_claims_t *c, const json_t *payload)
{
    const char    *role;
    const json_t  *value;

    value = json_object_get(payload, "role");

    if (value == NULL) {
        c->role = OTTER_ROLE_PARTICIPANT;
        return 0;
    }

    role = json_string_value(value);

    if (role && strcmp(role, "participant") == 0) {
        c->role = OTTER_ROLE_PARTICIPANT;
        return 0;
    }

    if (role && strcmp(role, "moderator") == 0) {
        c->role = OTTER_ROLE_MODERATOR;
        return 0;
    }

    return -1;
}


static otter_token_rc_t
otter_claims_read_metadata(otter_claims_t *c, const json_t *payload)
{
    size_t         len;
    const json_t  *metadata;

    metadata = json_object_get(payload, "metadata");

    if (metadata == NULL) {
        c->metadata.data = (const unsigned char *) "{}";
        c->metadata.len = 2;

        return OTTER_TOKEN_OK;
    }

    if (!json_is_object(metadata)) {
        return OTTER_TOKEN_BAD_CLAIMS;
    }

    c->text = json_dumps(metadata, JSON_COMPACT);
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
otter_claims_text(otter_span_t *span, const json_t *payload,
    const char *name)
{
    const json_t  *value;

    span->data = (const unsigned char *) "";
    span->len = 0;

    value = json_object_get(payload, name);

    if (value == NULL) {
        return 0;
    }

    if (!json_is_string(value)) {
        return -1;
    }

    span->data = (const unsigned char *) json_string_value(value);
    span->len = json_string_length(value);

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
    free(claims->text);

    memset(claims, 0, sizeof(otter_claims_t));
}


json_t *
otter_claims_write(const otter_claims_t *claims)
{
    int              rc;
    json_t          *payload;
    const char      *role;
    otter_claims_t   copy;

    payload = json_object();

    role = claims->role == OTTER_ROLE_MODERATOR ? "moderator" : "participant";

    rc = otter_claims_set(payload, "iss", &claims->iss);
    rc |= otter_claims_set(payload, "sub", &claims->sub);
    rc |= json_object_set_new(payload, "aud", json_string("otter"));
    rc |= otter_claims_set_time(payload, "iat", claims->iat);
    rc |= otter_claims_set_time(payload, "nbf", claims->nbf);
    rc |= otter_claims_set_time(payload, "exp", claims->exp);
    rc |= otter_claims_set(payload, "jti", &claims->jti);
    rc |= otter_claims_set(payload, "room", &claims->room);
    rc |= otter_claims_set(payload, "name", &claims->name);
    rc |= json_object_set_new(payload, "role", json_string(role));
    rc |= otter_claims_set_metadata(payload, &claims->metadata);

    /* nothing is signed that would be refused */

    if (rc == 0 && otter_claims_read(&copy, payload) == OTTER_TOKEN_OK) {
        otter_claims_free(&copy);
        return payload;
    }

    json_decref(payload);

    return NULL;
}


static int
otter_claims_set(json_t *payload, const char *name, const otter_span_t *span)
{
    if (span->len == 0) {
        return 0;
    }

    return json_object_set_new(payload, name,
                               json_stringn((const char *) span->data,
                                            span->len));
}


static int
otter_claims_set_time(json_t *payload, const char *name, int64_t seconds)
{
    if (seconds == 0) {
        return 0;
    }

    return json_object_set_new(payload, name, json_integer(seconds));
}


static int
otter_claims_set_metadata(json_t *payload, const otter_span_t *metadata)
{
    json_t  *value;

    if (metadata->len == 0) {
        return 0;
    }

    if (!otter_json_valid(metadata->data, metadata->len)) {
        return -1;
    }

    value = json_loadb((const char *) metadata->data, metadata->len,
                       JSON_REJECT_DUPLICATES, NULL);

    return json_object_set_new(payload, "metadata", value);
}
