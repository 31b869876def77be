
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_remote.h"
#include "ngx_otter_remote_script.h"


static u_char *ngx_otter_call_key(ngx_otter_call_t *call, u_char *p,
    ngx_str_t *room, const char *suffix);


void
ngx_otter_call_init(ngx_otter_call_t *call, ngx_str_t *room, uint64_t version)
{
    u_char       *p;
    const char   *publish;

    static ngx_str_t  keys = ngx_string("3");
    static ngx_str_t  ttl = ngx_string("30000");

    call->argc = 0;
    call->argv[call->argc++] = keys;

    p = call->names;
    p = ngx_otter_call_key(call, p, room, ":m");
    p = ngx_otter_call_key(call, p, room, ":i");
    (void) ngx_otter_call_key(call, p, room, ":r");

    call->key = call->argv[1];

    publish = ngx_otter_redis_is_cluster(ngx_otter_remote_redis)
              ? "SPUBLISH" : "PUBLISH";

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
ngx_otter_remote_changed(ngx_otter_member_t *m)
{
    ngx_str_t         room;
    ngx_otter_call_t  call;
    ngx_otter_text_t  text;

    if (!ngx_otter_remote_on()) {
        return;
    }

    room.data = m->room->name;
    room.len = m->room->name_len;

    ngx_otter_text_init(&text);
    ngx_otter_remote_write(&text, m);

    ngx_otter_call_init(&call, &room, m->room->version);
    ngx_otter_call_add_number(&call, m->room->max_peers);
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
    ngx_otter_call_t  call;

    ngx_otter_call_init(&call, room, 0);
    ngx_otter_call_add(&call, id, NGX_OTTER_ID_LEN);
    ngx_otter_call_add(&call, reason, ngx_strlen(reason));

    return ngx_otter_redis_script(ngx_otter_remote_redis, &call.key,
                                  &ngx_otter_script_leave, call.argc,
                                  call.argv, NULL, NULL);
}


void
ngx_otter_remote_closed(ngx_otter_room_t *room, const char *reason)
{
    ngx_str_t         name;
    ngx_otter_call_t  call;

    if (!ngx_otter_remote_on()) {
        return;
    }

    name.data = room->name;
    name.len = room->name_len;

    ngx_otter_call_init(&call, &name, room->version);
    ngx_otter_call_add(&call, reason, ngx_strlen(reason));

    (void) ngx_otter_redis_script(ngx_otter_remote_redis, &call.key,
                                  &ngx_otter_script_close, call.argc,
                                  call.argv, NULL, NULL);
}


void
ngx_otter_remote_policy(ngx_otter_room_t *room)
{
    ngx_str_t         name;
    ngx_otter_call_t  call;

    if (!ngx_otter_remote_on()) {
        return;
    }

    name.data = room->name;
    name.len = room->name_len;

    ngx_otter_call_init(&call, &name, room->version);
    ngx_otter_call_add_number(&call, room->max_peers);
    ngx_otter_call_add(&call, room->locked ? "1" : "0", 1);
    ngx_otter_call_add(&call, room->lobby ? "1" : "0", 1);
    ngx_otter_call_add(&call, room->relay_only ? "1" : "0", 1);
    ngx_otter_call_add(&call, room->kept ? "1" : "0", 1);

    (void) ngx_otter_redis_script(ngx_otter_remote_redis, &call.key,
                                  &ngx_otter_script_policy, call.argc,
                                  call.argv, NULL, NULL);
}


/* away of a member of this host: nobody has its socket */

void
ngx_otter_remote_write(ngx_otter_text_t *text, ngx_otter_member_t *m)
{
    u_char  hex[64];

    ngx_hex_dump(hex, m->resume, sizeof(m->resume));

    ngx_otter_text_add(text, m->host, NGX_OTTER_ID_LEN);
    ngx_otter_text_add_string(text, (m->slot == NGX_OTTER_SLOT_NONE)
                                    ? "\t1\t" : "\t0\t");
    ngx_otter_text_add(text, hex, sizeof(hex));
    ngx_otter_text_add(text, "\t", 1);
    ngx_otter_text_add_number(text, m->resume_timeout);
    ngx_otter_text_add(text, "\t", 1);
    ngx_otter_text_add(text, m->identity, m->identity_len);
    ngx_otter_text_add(text, "\t", 1);
    ngx_otter_text_add(text, m->peer, m->peer_len);
}


ngx_int_t
ngx_otter_remote_parse(ngx_str_t *text, ngx_otter_remote_record_t *record)
{
    u_char      *p, *last, *tab;
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

    record->host = parts[0];
    record->away = (parts[1].len == 1 && parts[1].data[0] == '1');
    record->resume = parts[2];
    record->timeout = ngx_atotm(parts[3].data, parts[3].len);
    record->identity = parts[4];
    record->peer.data = p;
    record->peer.len = last - p;

    if (record->host.len != NGX_OTTER_ID_LEN || record->resume.len != 64
        || record->timeout == (time_t) NGX_ERROR
        || record->identity.len > OTTER_IDENTITY_MAX
        || record->peer.len == 0)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}
