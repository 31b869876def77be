
/*
 * Copyright (C) Otter contributors
 */

/*
 * Which rooms there are: their names lie in sorted sets, of which a room's
 * name chooses one, so that in a cluster they are spread.  A name is put
 * there by every host that has the room, again and again; one whose room is
 * no more is taken out by whoever comes across it.
 */


#include "ngx_otter_remote.h"
#include "ngx_otter_look.h"
#include "otter_name.h"


enum {
    NGX_OTTER_INDEX_NAMES = 4096       /* of one shard, for some patterns */
};


static u_char *ngx_otter_index_key(u_char *p, ngx_uint_t shard);
static ngx_uint_t ngx_otter_index_shard(ngx_str_t *room);
static void ngx_otter_index_found(redisReply *reply, void *data);
static ngx_uint_t ngx_otter_index_prefix(ngx_otter_look_t *look);


static u_char *
ngx_otter_index_key(u_char *p, ngx_uint_t shard)
{
    return ngx_sprintf(p, "%Vrooms:{%ui}", &ngx_otter_remote_prefix, shard);
}


static ngx_uint_t
ngx_otter_index_shard(ngx_str_t *room)
{
    return ngx_crc32_short(room->data, room->len) % NGX_OTTER_INDEX_SHARDS;
}


/* the room is there; all are told so in turn, a few in each second */

void
ngx_otter_index_add(ngx_str_t *room)
{
    u_char     key[384];
    ngx_str_t  argv[4];

    ngx_str_set(&argv[0], "ZADD");
    argv[1].data = key;
    argv[1].len = ngx_otter_index_key(key, ngx_otter_index_shard(room)) - key;
    ngx_str_set(&argv[2], "0");
    argv[3] = *room;

    (void) ngx_otter_redis_command(ngx_otter_remote_redis, &argv[1], 4, argv,
                                   NULL, NULL);
}


void
ngx_otter_index_again(ngx_str_t *room, time_t now)
{
    if (ngx_otter_index_shard(room)
        == (ngx_uint_t) now % NGX_OTTER_INDEX_SHARDS)
    {
        ngx_otter_index_add(room);
    }
}


void
ngx_otter_index_remove(ngx_str_t *room)
{
    u_char     key[384];
    ngx_str_t  argv[3];

    ngx_str_set(&argv[0], "ZREM");
    argv[1].data = key;
    argv[1].len = ngx_otter_index_key(key, ngx_otter_index_shard(room)) - key;
    argv[2] = *room;

    (void) ngx_otter_redis_command(ngx_otter_remote_redis, &argv[1], 3, argv,
                                   NULL, NULL);
}


/* the names after look->after; look->left answers will come */

void
ngx_otter_index_list(ngx_otter_look_t *look)
{
    u_char      key[384], from[OTTER_ROOM_NAME_MAX + 1], count[NGX_INT_T_LEN];
    size_t      prefix;
    ngx_str_t   argv[7];
    ngx_uint_t  shard, n;

    prefix = ngx_otter_index_prefix(look);

    /* names that begin otherwise need not be looked through */

    n = (prefix + 1 < look->pattern.len) ? NGX_OTTER_INDEX_NAMES
                                         : look->limit + 1;

    ngx_str_set(&argv[0], "ZRANGEBYLEX");
    argv[2].data = from;
    argv[2].len = 1;
    ngx_str_set(&argv[3], "+");
    ngx_str_set(&argv[4], "LIMIT");
    ngx_str_set(&argv[5], "0");
    argv[6].data = count;
    argv[6].len = ngx_sprintf(count, "%ui", n) - count;

    if (ngx_memn2cmp(look->after.data, look->pattern.data, look->after.len,
                     prefix)
        >= 0)
    {
        from[0] = look->after.len ? '(' : '-';
        ngx_memcpy(from + 1, look->after.data, look->after.len);
        argv[2].len += look->after.len;

    } else {
        from[0] = '[';
        ngx_memcpy(from + 1, look->pattern.data, prefix);
        argv[2].len += prefix;
    }

    look->left = 1;

    for (shard = 0; shard < NGX_OTTER_INDEX_SHARDS; shard++) {
        argv[1].data = key;
        argv[1].len = ngx_otter_index_key(key, shard) - key;

        if (ngx_otter_redis_command(ngx_otter_remote_redis, &argv[1], 7, argv,
                                    ngx_otter_index_found, look)
            == NGX_OK)
        {
            look->left++;
        }
    }

    ngx_otter_look_answered(look);
}


/* how much of the pattern stands before its first star */

static ngx_uint_t
ngx_otter_index_prefix(ngx_otter_look_t *look)
{
    size_t  n;

    for (n = 0; n < look->pattern.len && n < OTTER_ROOM_NAME_MAX; n++) {
        if (look->pattern.data[n] == '*') {
            break;
        }
    }

    return n;
}


static void
ngx_otter_index_found(redisReply *reply, void *data)
{
    size_t             i;
    ngx_str_t         *name;
    ngx_otter_look_t  *look = data;

    for (i = 0; reply && i < reply->elements; i++) {

        if (reply->element[i]->type != REDIS_REPLY_STRING
            || !otter_room_pattern_match(look->pattern.data,
                                         look->pattern.len,
                                         (u_char *) reply->element[i]->str,
                                         reply->element[i]->len))
        {
            continue;
        }

        name = ngx_array_push(&look->names);
        if (name == NULL) {
            break;
        }

        name->len = reply->element[i]->len;
        name->data = ngx_pnalloc(look->pool, name->len);

        if (name->data == NULL) {
            look->names.nelts--;
            break;
        }

        ngx_memcpy(name->data, reply->element[i]->str, name->len);
    }

    ngx_otter_look_answered(look);
}
