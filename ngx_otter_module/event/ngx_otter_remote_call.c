
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_remote.h"
#include "ngx_otter_remote_script.h"


/* a member that left, or a room that was closed, until Redis knows it */

typedef struct {
    ngx_str_t                  room;
    u_char                     id[NGX_OTTER_ID_LEN];    /* zeroes: all */
    char                       reason[NGX_OTTER_REASON_SIZE];
} ngx_otter_departure_t;


static ngx_otter_departure_t *ngx_otter_remote_departure(ngx_str_t *room,
    const u_char *id, const char *reason);
static void ngx_otter_remote_departed(redisReply *reply, void *data);
static void ngx_otter_call_begin(ngx_otter_call_t *call, ngx_str_t *room,
    uint64_t version, const u_char *id);
static u_char *ngx_otter_call_key(ngx_otter_call_t *call, u_char *p,
    ngx_str_t *room, const char *suffix);
static ngx_int_t ngx_otter_remote_parse_grant(ngx_str_t *text,
    ngx_otter_remote_record_t *record);


void
ngx_otter_call_init(ngx_otter_call_t *call, ngx_str_t *room, uint64_t version)
{
    ngx_otter_call_begin(call, room, version, NULL);
}


void
ngx_otter_call_init_stream(ngx_otter_call_t *call, ngx_str_t *room,
    const u_char *id)
{
    ngx_otter_call_begin(call, room, 0, id);
}


static void
ngx_otter_call_begin(ngx_otter_call_t *call, ngx_str_t *room,
    uint64_t version, const u_char *id)
{
    u_char       *p, stream[3 + NGX_OTTER_ID_LEN + 1];
    ngx_uint_t    cluster, keys;
    const char   *publish;

    static ngx_str_t  ttl = ngx_string("30000");

    cluster = ngx_otter_redis_is_cluster(ngx_otter_remote_redis);
    keys = (cluster ? 7 : 4) + (id != NULL);

    call->keys = (u_char) ('0' + keys);
    call->argc = 0;
    ngx_otter_call_add(call, &call->keys, 1);

    p = call->names;
    p = ngx_otter_call_key(call, p, room, ":m");
    p = ngx_otter_call_key(call, p, room, ":i");
    p = ngx_otter_call_key(call, p, room, ":r");
    p = ngx_otter_call_key(call, p, room, ":k");

    call->key = call->argv[1];

    if (cluster) {

        /*
         * All that a script may touch is named, so that it does not run, and
         * break off, while these are on their way to another node.
         */

        p = ngx_otter_call_key(call, p, room, ":e");
        p = ngx_otter_call_key(call, p, room, ":x");
        p = ngx_otter_call_key(call, p, room, ":c");
    }

    if (id) {
        ngx_sprintf(stream, ":s:%*s%Z", (size_t) NGX_OTTER_ID_LEN, id);
        (void) ngx_otter_call_key(call, p, room, (char *) stream);
    }

    publish = cluster ? "SPUBLISH" : "PUBLISH";

    ngx_otter_call_add(call, publish, ngx_strlen(publish));

    /* the channel is the keys' name without their last part */

    ngx_otter_call_add(call, call->argv[1].data, call->argv[1].len - 2);
    ngx_otter_call_add(call, ttl.data, ttl.len);
    ngx_otter_call_add(call, ngx_otter_remote_zone->sh->host,
                       NGX_OTTER_ID_LEN);

    p = ngx_sprintf(call->version, "%uL", version);
    ngx_otter_call_add(call, call->version, p - call->version);
}


static u_char *
ngx_otter_call_key(ngx_otter_call_t *call, u_char *p, ngx_str_t *room,
    const char *suffix)
{
    u_char  *last;

    last = ngx_sprintf(p, "%V{%V}%s", &ngx_otter_remote_prefix, room, suffix);

    ngx_otter_call_add(call, p, last - p);

    return last;
}


void
ngx_otter_call_add(ngx_otter_call_t *call, const void *data, size_t len)
{
    call->argv[call->argc].data = (u_char *) data;
    call->argv[call->argc].len = len;
    call->argc++;
}


/* at most once in a call */

void
ngx_otter_call_add_number(ngx_otter_call_t *call, uint64_t number)
{
    u_char  *p;

    p = ngx_sprintf(call->number, "%uL", number);
    ngx_otter_call_add(call, call->number, p - call->number);
}


void
ngx_otter_call_add_rules(ngx_otter_call_t *call, ngx_uint_t max_peers,
    ngx_otter_policy_t *policy)
{
    u_char  *p;

    ngx_otter_call_add_number(call, max_peers);

    if (policy == NULL) {
        ngx_otter_call_add(call, "", 0);
        return;
    }

    p = ngx_sprintf(call->rules, "%i %i %i %T", policy->locked,
                    policy->lobby, policy->relay_only, policy->expires);
    ngx_otter_call_add(call, call->rules, p - call->rules);
}


void
ngx_otter_remote_policy_of(ngx_otter_room_t *room, ngx_otter_policy_t *policy)
{
    ngx_otter_policy_init(policy);

    policy->max_peers = (ngx_int_t) room->max_peers;
    policy->locked = room->locked;
    policy->lobby = room->lobby;
    policy->relay_only = room->relay_only;
    policy->expires = room->expires;
    policy->metadata.data = room->metadata ? room->metadata : (u_char *) "";
    policy->metadata.len = room->metadata_len;
}


void
ngx_otter_remote_changed(ngx_otter_member_t *m)
{
    ngx_str_t           room;
    ngx_otter_call_t    call;
    ngx_otter_text_t    text;
    ngx_otter_policy_t  policy;

    if (!ngx_otter_remote_on()) {
        return;
    }

    room.data = m->room->name;
    room.len = m->room->name_len;

    ngx_otter_text_init(&text);
    ngx_otter_remote_write(&text, m);
    ngx_otter_remote_policy_of(m->room, &policy);

    ngx_otter_call_init(&call, &room, m->room->version);
    ngx_otter_call_add_rules(&call, m->room->max_peers, &policy);
    ngx_otter_call_add(&call, m->id, NGX_OTTER_ID_LEN);
    ngx_otter_call_add(&call, m->identity, m->identity_len);
    ngx_otter_call_add(&call, text.data, text.len);

    /* what could not be told is told by the next sync */

    if (text.failed || m->room->version == 0
        || ngx_otter_redis_script(ngx_otter_remote_redis, &call.key,
                                  &ngx_otter_script_set, call.argc,
                                  call.argv, NULL, NULL)
           != NGX_OK)
    {
        m->room->version = 0;
    }

    ngx_otter_text_free(&text);
}


void
ngx_otter_remote_left(ngx_otter_member_t *m, const char *reason)
{
    ngx_str_t  room;

    if (!ngx_otter_remote_on()) {
        return;
    }

    room.data = m->room->name;
    room.len = m->room->name_len;

    if (ngx_otter_remote_leave(&room, m->id, reason) != NGX_OK) {
        m->room->version = 0;
    }
}


ngx_int_t
ngx_otter_remote_leave(ngx_str_t *room, const u_char *id, const char *reason)
{
    ngx_int_t               rc;
    ngx_otter_call_t        call;
    ngx_otter_departure_t  *departure;

    departure = ngx_otter_remote_departure(room, id, reason);
    if (departure == NULL) {
        return NGX_ERROR;
    }

    ngx_otter_call_init(&call, room, 0);
    ngx_otter_call_add(&call, id, NGX_OTTER_ID_LEN);
    ngx_otter_call_add(&call, reason, ngx_strlen(reason));

    rc = ngx_otter_redis_script(ngx_otter_remote_redis, &call.key,
                                &ngx_otter_script_leave, call.argc,
                                call.argv, ngx_otter_remote_departed,
                                departure);
    if (rc != NGX_OK) {
        ngx_otter_remote_departed(NULL, departure);
    }

    return rc;
}


static ngx_otter_departure_t *
ngx_otter_remote_departure(ngx_str_t *room, const u_char *id,
    const char *reason)
{
    ngx_otter_departure_t  *departure;

    departure = calloc(1, sizeof(ngx_otter_departure_t) + room->len);
    if (departure == NULL) {
        return NULL;
    }

    if (id) {
        ngx_memcpy(departure->id, id, NGX_OTTER_ID_LEN);
    }

    ngx_cpystrn((u_char *) departure->reason, (u_char *) reason,
                sizeof(departure->reason));

    departure->room.len = room->len;
    departure->room.data = (u_char *) (departure + 1);
    ngx_memcpy(departure->room.data, room->data, room->len);

    return departure;
}


/* nobody may be left on this host to see that Redis still has it */

static void
ngx_otter_remote_departed(redisReply *reply, void *data)
{
    ngx_otter_departure_t *departure = data;

    if (reply == NULL || reply->type == REDIS_REPLY_ERROR) {
        ngx_otter_remote_lingers(&departure->room, departure->id,
                                 departure->reason);

    } else if (ngx_otter_remote_says(reply, "ended")) {

        /* if it is made anew just now, its host says so again */

        ngx_otter_index_remove(&departure->room);
    }

    free(departure);
}


void
ngx_otter_remote_closed(ngx_otter_room_t *room, const char *reason)
{
    ngx_str_t  name;

    if (!ngx_otter_remote_on()) {
        return;
    }

    name.data = room->name;
    name.len = room->name_len;

    ngx_otter_remote_close(&name, room->version, reason);
}


void
ngx_otter_remote_close(ngx_str_t *room, uint64_t version, const char *reason)
{
    ngx_otter_call_t        call;
    ngx_otter_departure_t  *departure;

    departure = ngx_otter_remote_departure(room, NULL, reason);
    if (departure == NULL) {
        return;
    }

    ngx_otter_call_init(&call, room, version);
    ngx_otter_call_add(&call, reason, ngx_strlen(reason));

    if (ngx_otter_redis_script(ngx_otter_remote_redis, &call.key,
                               &ngx_otter_script_close, call.argc, call.argv,
                               ngx_otter_remote_departed, departure)
        != NGX_OK)
    {
        ngx_otter_remote_departed(NULL, departure);
    }

    ngx_otter_index_remove(room);
}


void
ngx_otter_remote_policy(ngx_otter_room_t *room)
{
    ngx_str_t           name;
    ngx_otter_policy_t  policy;

    if (!ngx_otter_remote_on()) {
        return;
    }

    name.data = room->name;
    name.len = room->name_len;

    ngx_otter_remote_policy_of(room, &policy);

    (void) ngx_otter_remote_policy_call(&name, room->version, &policy,
                                        room->kept ? "1" : "", "0", NULL,
                                        NULL);

    ngx_otter_index_add(&name);
}


/* what is not set in the policy goes as nothing */

ngx_int_t
ngx_otter_remote_policy_call(ngx_str_t *room, uint64_t version,
    ngx_otter_policy_t *policy, const char *kept, const char *must,
    ngx_otter_redis_reply_pt handler, void *data)
{
    u_char            text[5][NGX_INT64_LEN], *last;
    ngx_int_t         value[5];
    ngx_uint_t        i;
    ngx_otter_call_t  call;

    value[0] = policy->max_peers;
    value[1] = policy->locked;
    value[2] = policy->lobby;
    value[3] = policy->relay_only;
    value[4] = (ngx_int_t) policy->expires;

    ngx_otter_call_init(&call, room, version);
    ngx_otter_call_add(&call, must, 1);

    for (i = 0; i < 5; i++) {
        last = text[i];

        if (value[i] != NGX_CONF_UNSET) {
            last = ngx_sprintf(text[i], "%i", value[i]);
        }

        ngx_otter_call_add(&call, text[i], last - text[i]);
    }

    if (policy->metadata.data && policy->metadata.len == 0) {
        ngx_otter_call_add(&call, "-", 1);

    } else {
        ngx_otter_call_add(&call, policy->metadata.data,
                           policy->metadata.len);
    }

    ngx_otter_call_add(&call, kept, ngx_strlen(kept));

    return ngx_otter_redis_script(ngx_otter_remote_redis, &call.key,
                                  &ngx_otter_script_policy, call.argc,
                                  call.argv, handler, data);
}


/* of a member of this host */

void
ngx_otter_remote_write(ngx_otter_text_t *text, ngx_otter_member_t *m)
{
    u_char                     hex[64];
    ngx_otter_remote_record_t  record;

    ngx_hex_dump(hex, m->resume, sizeof(m->resume));

    record.host.data = m->host;
    record.host.len = NGX_OTTER_ID_LEN;
    record.away = (m->slot == NGX_OTTER_SLOT_NONE);
    record.waiting = m->waiting;
    record.guest = m->guest;
    record.moves = m->moves;
    record.resume.data = hex;
    record.resume.len = sizeof(hex);
    record.timeout = m->resume_timeout;
    record.grant = m->grant;
    record.identity.data = m->identity;
    record.identity.len = m->identity_len;
    record.peer.data = m->peer;
    record.peer.len = m->peer_len;

    ngx_otter_remote_record(text, &record);
}


void
ngx_otter_remote_record(ngx_otter_text_t *text,
    ngx_otter_remote_record_t *record)
{
    u_char  hex[2 * NGX_OTTER_JTI_LEN];

    ngx_hex_dump(hex, record->grant.jti, NGX_OTTER_JTI_LEN);

    ngx_otter_text_add(text, record->host.data, record->host.len);
    ngx_otter_text_add(text, "\t", 1);
    ngx_otter_text_add_number(text, record->away + 2 * record->waiting
                                    + 4 * record->guest + 8 * record->moves);
    ngx_otter_text_add(text, "\t", 1);
    ngx_otter_text_add(text, record->resume.data, record->resume.len);
    ngx_otter_text_add(text, "\t", 1);
    ngx_otter_text_add_number(text, record->timeout);
    ngx_otter_text_add(text, " ", 1);
    ngx_otter_text_add_number(text, record->grant.iat);
    ngx_otter_text_add(text, " ", 1);
    ngx_otter_text_add_number(text, record->grant.expires);
    ngx_otter_text_add(text, " ", 1);
    ngx_otter_text_add(text, hex, sizeof(hex));

    if (record->grant.key_len) {
        ngx_otter_text_add(text, " ", 1);
        ngx_otter_text_add(text, record->grant.key, record->grant.key_len);
    }

    ngx_otter_text_add(text, "\t", 1);
    ngx_otter_text_add(text, record->identity.data, record->identity.len);
    ngx_otter_text_add(text, "\t", 1);
    ngx_otter_text_add(text, record->peer.data, record->peer.len);
}


ngx_int_t
ngx_otter_remote_parse(ngx_str_t *text, ngx_otter_remote_record_t *record)
{
    u_char      *p, *last, *tab;
    ngx_int_t    flags;
    ngx_str_t    parts[5];
    ngx_uint_t   i;

    p = text->data;
    last = text->data + text->len;

    for (i = 0; i < 5; i++) {
        tab = ngx_strlchr(p, last, '\t');
        if (tab == NULL) {
            return NGX_ERROR;
        }

        parts[i].data = p;
        parts[i].len = tab - p;
        p = tab + 1;
    }

    flags = ngx_atoi(parts[1].data, parts[1].len);

    record->host = parts[0];
    record->away = (flags & 1) != 0;
    record->waiting = (flags & 2) != 0;
    record->guest = (flags & 4) != 0;
    record->moves = (ngx_uint_t) flags / 8;
    record->resume = parts[2];
    record->identity = parts[4];
    record->peer.data = p;
    record->peer.len = last - p;

    if (flags == NGX_ERROR
        || ngx_otter_remote_parse_grant(&parts[3], record) != NGX_OK
        || record->host.len != NGX_OTTER_ID_LEN || record->resume.len != 64
        || record->identity.len > OTTER_IDENTITY_MAX
        || record->peer.len == 0)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* <timeout> <iat> <exp> <jti> [<key>] */

static ngx_int_t
ngx_otter_remote_parse_grant(ngx_str_t *text,
    ngx_otter_remote_record_t *record)
{
    u_char      *p, *last, *space;
    time_t       number[3];
    ngx_uint_t   i;

    p = text->data;
    last = text->data + text->len;

    for (i = 0; i < 3; i++) {
        space = ngx_strlchr(p, last, ' ');
        if (space == NULL) {
            return NGX_ERROR;
        }

        number[i] = ngx_atotm(p, space - p);
        if (number[i] == (time_t) NGX_ERROR) {
            return NGX_ERROR;
        }

        p = space + 1;
    }

    ngx_memzero(&record->grant, sizeof(ngx_otter_grant_t));

    record->timeout = number[0];
    record->grant.iat = number[1];
    record->grant.expires = number[2];

    space = ngx_strlchr(p, last, ' ');

    if (space) {
        if (last - space - 1 > NGX_OTTER_KEY_MAX) {
            return NGX_ERROR;
        }

        record->grant.key_len = (u_char) (last - space - 1);
        ngx_memcpy(record->grant.key, space + 1, record->grant.key_len);
        last = space;
    }

    return ngx_otter_remote_parse_jti(p, last - p, record->grant.jti);
}


ngx_int_t
ngx_otter_remote_parse_jti(u_char *p, size_t len, u_char *jti)
{
    ngx_int_t   n;
    ngx_uint_t  i;

    if (len != 2 * NGX_OTTER_JTI_LEN) {
        return NGX_ERROR;
    }

    for (i = 0; i < NGX_OTTER_JTI_LEN; i++, p += 2) {
        n = ngx_hextoi(p, 2);

        if (n == NGX_ERROR) {
            return NGX_ERROR;
        }

        jti[i] = (u_char) n;
    }

    return NGX_OK;
}
