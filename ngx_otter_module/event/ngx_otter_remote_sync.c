
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_remote.h"
#include "ngx_otter_remote_script.h"


static ngx_int_t ngx_otter_remote_sync_call(ngx_otter_room_t *shared,
    ngx_str_t *room);
static ngx_str_t *ngx_otter_remote_sync_members(ngx_otter_room_t *shared,
    ngx_str_t *arg, ngx_otter_text_t *text);
static void ngx_otter_remote_sync_reply(redisReply *reply, void *data);


/* all of this host's members go along, so that Redis has them for sure */

void
ngx_otter_remote_sync(ngx_str_t *name)
{
    ngx_int_t          rc;
    ngx_str_t         *room;
    ngx_otter_room_t  *shared;

    if (!ngx_otter_remote_up()) {
        return;
    }

    room = malloc(sizeof(ngx_str_t) + name->len);
    if (room == NULL) {
        return;
    }

    room->len = name->len;
    room->data = (u_char *) (room + 1);
    ngx_memcpy(room->data, name->data, name->len);

    rc = NGX_ERROR;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    shared = ngx_otter_zone_room(ngx_otter_remote_zone, name);

    if (shared && shared->n > shared->remote) {
        rc = ngx_otter_remote_sync_call(shared, room);

        if (rc != NGX_OK) {
            shared->version = 0;
        }
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);

    if (rc != NGX_OK) {
        free(room);
    }
}


static ngx_int_t
ngx_otter_remote_sync_call(ngx_otter_room_t *shared, ngx_str_t *room)
{
    ngx_int_t            rc;
    ngx_str_t           *argv, *last, *arg;
    ngx_otter_text_t     text;
    ngx_otter_call_t     call;
    ngx_otter_policy_t   policy;

    argv = malloc((shared->n * 3 + NGX_OTTER_CALL_ARGS) * sizeof(ngx_str_t));
    if (argv == NULL) {
        return NGX_ERROR;
    }

    ngx_otter_text_init(&text);

    /* a room that is told again may have been closed since */

    ngx_otter_call_init(&call, room, shared->heard);
    ngx_otter_remote_policy_of(shared, &policy);
    ngx_otter_call_add_rules(&call, shared->max_peers, &policy);

    ngx_memcpy(argv, call.argv, call.argc * sizeof(ngx_str_t));

    last = ngx_otter_remote_sync_members(shared, argv + call.argc, &text);

    rc = NGX_ERROR;

    if (!text.failed) {

        for (arg = argv + call.argc; arg < last; arg += 3) {
            arg[2].data = text.data + (uintptr_t) arg[2].data;
        }

        rc = ngx_otter_redis_script(ngx_otter_remote_redis, &call.key,
                                    &ngx_otter_script_set, last - argv, argv,
                                    ngx_otter_remote_sync_reply, room);
    }

    ngx_otter_text_free(&text);
    free(argv);

    return rc;
}


/*
 * Id, identity and record of each member of this host.  The text may move
 * while it grows, so that the place of a record is an offset at first.
 */

static ngx_str_t *
ngx_otter_remote_sync_members(ngx_otter_room_t *shared, ngx_str_t *arg,
    ngx_otter_text_t *text)
{
    size_t               start;
    ngx_queue_t         *q;
    ngx_otter_member_t  *m;

    for (q = ngx_queue_head(&shared->members);
         q != ngx_queue_sentinel(&shared->members);
         q = ngx_queue_next(q))
    {
        m = ngx_queue_data(q, ngx_otter_member_t, queue);

        if (m->slot == NGX_OTTER_SLOT_REMOTE) {
            continue;
        }

        arg[0].data = m->id;
        arg[0].len = NGX_OTTER_ID_LEN;
        arg[1].data = m->identity;
        arg[1].len = m->identity_len;

        start = text->len;
        ngx_otter_remote_write(text, m);

        arg[2].data = (u_char *) (uintptr_t) start;
        arg[2].len = text->len - start;

        arg += 3;
    }

    return arg;
}


static void
ngx_otter_remote_sync_reply(redisReply *reply, void *data)
{
    ngx_str_t  *room = data;

    if (ngx_otter_remote_says(reply, "closed") && reply->elements == 2
        && reply->element[1]->type == REDIS_REPLY_STRING)
    {
        ngx_otter_remote_ended(room, strtoull(reply->element[1]->str, NULL,
                                              10),
                               "closed");

    } else if (reply && reply->type == REDIS_REPLY_ARRAY) {
        (void) ngx_otter_remote_apply(room, reply, 1);
        ngx_otter_remote_hear_again(room);
    }

    free(room);
}
