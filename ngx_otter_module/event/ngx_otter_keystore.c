
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_otter_keystore.h"


enum {
    NGX_OTTER_KEYSTORE_PATIENCE = 2000, /* milliseconds */
    NGX_OTTER_KEYSTORE_STATE = 64
};

/* one key; "round" is that of the reading which saw it last */

typedef struct {
    ngx_str_node_t       node;         /* by id */
    otter_apikeys_t     *keys;         /* this one alone */
    ngx_uint_t           round;
    u_char               id[OTTER_APIKEY_ID_MAX];
} ngx_otter_stored_t;

/* an id that Redis is asked about */

typedef struct {
    ngx_str_t            id;
    u_char               data[OTTER_APIKEY_ID_MAX];
} ngx_otter_asked_t;

typedef struct {
    ngx_otter_redis_t   *redis;        /* NULL: the keys are not there */
    ngx_log_t           *log;
    ngx_str_t            name;         /* of hash and channel */
    u_char               name_data[256 + sizeof("apikeys")];
    ngx_rbtree_t         tree;
    ngx_rbtree_node_t    sentinel;
    ngx_uint_t           round;
    ngx_uint_t           reading;      /* a round is under way */
    ngx_uint_t           again;        /* and another one is wanted */
    ngx_uint_t           loaded;       /* one was completed */
    ngx_str_t            state;        /* of the hash, before it was read */
    u_char               state_data[NGX_OTTER_KEYSTORE_STATE];
    ngx_msec_t           begun;
} ngx_otter_keystore_t;


static ngx_int_t ngx_otter_keystore_look(ngx_otter_redis_reply_pt handler,
    void *data);
static void ngx_otter_keystore_looked(redisReply *reply, void *data);
static void ngx_otter_keystore_read(void);
static void ngx_otter_keystore_begun(redisReply *reply, void *data);
static void ngx_otter_keystore_scan(ngx_str_t *cursor);
static void ngx_otter_keystore_scanned(redisReply *reply, void *data);
static void ngx_otter_keystore_got(redisReply *reply, void *data);
static void ngx_otter_keystore_failed(void);
static void ngx_otter_keystore_put(ngx_str_t *id, redisReply *entry);
static otter_apikeys_t *ngx_otter_keystore_parse(ngx_str_t *id,
    redisReply *entry);
static ngx_otter_stored_t *ngx_otter_keystore_find(ngx_str_t *id);
static void ngx_otter_keystore_remove(ngx_otter_stored_t *stored);
static void ngx_otter_keystore_sweep(ngx_uint_t all);
static ngx_uint_t ngx_otter_keystore_mine(ngx_str_t *channel);


static ngx_otter_keystore_t  ngx_otter_keystore;

/*
 * Nobody says that the keys are gone, as after FLUSHALL, or that there are
 * others in their place.  So the hash has a mark, which goes with it: no two
 * of them have the same.
 */

static ngx_otter_redis_script_t  ngx_otter_keystore_script = {
    "",
"if redis.call('EXISTS', KEYS[1]) == 0 then return '' end\n"
"local t = redis.call('TIME')\n"
"redis.pcall('HSETNX', KEYS[1], '_', t[1] .. '.' .. t[2])\n"
"return redis.call('HLEN', KEYS[1]) .. ' '\n"
"    .. (redis.call('HGET', KEYS[1], '_') or '')\n",
    { 0 }
};


ngx_int_t
ngx_otter_keystore_init(ngx_otter_redis_t *redis, ngx_str_t *prefix,
    ngx_log_t *log)
{
    u_char                *last;
    ngx_otter_keystore_t  *ks;

    ks = &ngx_otter_keystore;

    ngx_memzero(ks, sizeof(ngx_otter_keystore_t));

    ks->redis = redis;
    ks->log = log;
    ks->begun = ngx_current_msec;
    ks->name.data = ks->name_data;
    ks->state.data = ks->state_data;

    last = ngx_snprintf(ks->name_data, sizeof(ks->name_data), "%Vapikeys",
                        prefix);
    ks->name.len = last - ks->name_data;

    ngx_rbtree_init(&ks->tree, &ks->sentinel, ngx_str_rbtree_insert_value);

    return ngx_otter_redis_subscribe(redis, &ks->name);
}


void
ngx_otter_keystore_exit(void)
{
    if (ngx_otter_keystore.redis) {
        ngx_otter_keystore_sweep(1);
        ngx_otter_keystore.redis = NULL;
    }
}


static ngx_uint_t
ngx_otter_keystore_mine(ngx_str_t *channel)
{
    ngx_str_t  *name;

    name = &ngx_otter_keystore.name;

    return channel->len == name->len
           && ngx_memcmp(channel->data, name->data, name->len) == 0;
}


ngx_int_t
ngx_otter_keystore_message(ngx_str_t *channel, ngx_str_t *data)
{
    ngx_str_t           argv[3];
    ngx_otter_asked_t  *asked;

    if (!ngx_otter_keystore_mine(channel)) {
        return NGX_DECLINED;
    }

    if (!otter_apikey_id_valid(data->data, data->len)) {
        return NGX_OK;
    }

    asked = ngx_alloc(sizeof(ngx_otter_asked_t), ngx_otter_keystore.log);
    if (asked == NULL) {
        ngx_otter_keystore_failed();
        return NGX_OK;
    }

    asked->id.data = asked->data;
    asked->id.len = data->len;
    ngx_memcpy(asked->data, data->data, data->len);

    ngx_str_set(&argv[0], "HGET");
    argv[1] = ngx_otter_keystore.name;
    argv[2] = asked->id;

    if (ngx_otter_redis_command(ngx_otter_keystore.redis,
                                &ngx_otter_keystore.name, 3, argv,
                                ngx_otter_keystore_got, asked)
        != NGX_OK)
    {
        ngx_free(asked);
        ngx_otter_keystore_failed();
    }

    return NGX_OK;
}


static void
ngx_otter_keystore_got(redisReply *reply, void *data)
{
    ngx_otter_asked_t   *asked = data;
    ngx_otter_stored_t  *stored;

    if (reply == NULL || reply->type == REDIS_REPLY_ERROR) {
        ngx_otter_keystore_failed();

    } else if (reply->type == REDIS_REPLY_STRING) {
        ngx_otter_keystore_put(&asked->id, reply);

    } else {
        stored = ngx_otter_keystore_find(&asked->id);

        if (stored) {
            ngx_otter_keystore_remove(stored);
        }
    }

    ngx_free(asked);
}


ngx_int_t
ngx_otter_keystore_subscribed(ngx_str_t *channel)
{
    if (!ngx_otter_keystore_mine(channel)) {
        return NGX_DECLINED;
    }

    ngx_otter_keystore_read();

    return NGX_OK;
}


void
ngx_otter_keystore_tick(void)
{
    if (ngx_otter_keystore.redis == NULL) {
        return;
    }

    if (ngx_otter_keystore.again && !ngx_otter_keystore.reading) {
        ngx_otter_keystore_read();
        return;
    }

    (void) ngx_otter_keystore_look(ngx_otter_keystore_looked, NULL);
}


static ngx_int_t
ngx_otter_keystore_look(ngx_otter_redis_reply_pt handler, void *data)
{
    ngx_str_t  argv[2];

    ngx_str_set(&argv[0], "1");
    argv[1] = ngx_otter_keystore.name;

    return ngx_otter_redis_script(ngx_otter_keystore.redis,
                                  &ngx_otter_keystore.name,
                                  &ngx_otter_keystore_script, 2, argv,
                                  handler, data);
}


static void
ngx_otter_keystore_looked(redisReply *reply, void *data)
{
    ngx_uint_t             left;
    ngx_otter_keystore_t  *ks;

    ks = &ngx_otter_keystore;

    if (ks->redis == NULL || reply == NULL
        || reply->type != REDIS_REPLY_STRING)
    {
        return;
    }

    /* a key may have come and gone between two looks */

    left = (reply->len == 0 && ks->tree.root != &ks->sentinel);

    if (left || reply->len != ks->state.len
        || ngx_memcmp(reply->str, ks->state.data, ks->state.len) != 0)
    {
        ngx_otter_keystore_read();
    }
}


static void
ngx_otter_keystore_failed(void)
{
    ngx_otter_keystore.reading = 0;
    ngx_otter_keystore.again = 1;
}


/* in pieces, so that Redis is not held up by a large hash */

static void
ngx_otter_keystore_read(void)
{
    ngx_otter_keystore_t  *ks;

    ks = &ngx_otter_keystore;

    if (ks->reading) {
        ks->again = 1;
        return;
    }

    ks->again = 0;
    ks->reading = 1;
    ks->round++;

    if (ngx_otter_keystore_look(ngx_otter_keystore_begun,
                                (void *) ks->round)
        != NGX_OK)
    {
        ngx_otter_keystore_failed();
    }
}


static void
ngx_otter_keystore_begun(redisReply *reply, void *data)
{
    ngx_str_t              zero;
    ngx_otter_keystore_t  *ks;

    ks = &ngx_otter_keystore;

    if ((ngx_uint_t) data != ks->round || !ks->reading) {
        return;
    }

    if (reply == NULL || reply->type != REDIS_REPLY_STRING
        || reply->len > sizeof(ks->state_data))
    {
        ngx_otter_keystore_failed();
        return;
    }

    ks->state.len = reply->len;
    ngx_memcpy(ks->state_data, reply->str, reply->len);

    ngx_str_set(&zero, "0");
    ngx_otter_keystore_scan(&zero);
}


static void
ngx_otter_keystore_scan(ngx_str_t *cursor)
{
    ngx_str_t  argv[5];

    ngx_str_set(&argv[0], "HSCAN");
    argv[1] = ngx_otter_keystore.name;
    argv[2] = *cursor;
    ngx_str_set(&argv[3], "COUNT");
    ngx_str_set(&argv[4], "500");

    if (ngx_otter_redis_command(ngx_otter_keystore.redis,
                                &ngx_otter_keystore.name, 5, argv,
                                ngx_otter_keystore_scanned,
                                (void *) ngx_otter_keystore.round)
        != NGX_OK)
    {
        ngx_otter_keystore_failed();
    }
}


static void
ngx_otter_keystore_scanned(redisReply *reply, void *data)
{
    size_t                 i;
    ngx_str_t              cursor, id;
    redisReply            *list;
    ngx_otter_keystore_t  *ks;

    ks = &ngx_otter_keystore;

    /* of a round that was given up */

    if ((ngx_uint_t) data != ks->round || !ks->reading) {
        return;
    }

    if (reply == NULL || reply->type != REDIS_REPLY_ARRAY
        || reply->elements != 2
        || reply->element[0]->type != REDIS_REPLY_STRING
        || reply->element[1]->type != REDIS_REPLY_ARRAY)
    {
        ngx_otter_keystore_failed();
        return;
    }

    list = reply->element[1];

    for (i = 1; i < list->elements; i += 2) {
        id.data = (u_char *) list->element[i - 1]->str;
        id.len = list->element[i - 1]->len;

        ngx_otter_keystore_put(&id, list->element[i]);
    }

    cursor.data = (u_char *) reply->element[0]->str;
    cursor.len = reply->element[0]->len;

    if (cursor.len != 1 || cursor.data[0] != '0') {
        ngx_otter_keystore_scan(&cursor);
        return;
    }

    ngx_otter_keystore_sweep(0);

    ks->reading = 0;
    ks->loaded = 1;
}


/* an entry that cannot be read is as if it were not there */

static void
ngx_otter_keystore_put(ngx_str_t *id, redisReply *entry)
{
    otter_apikeys_t     *keys;
    ngx_otter_stored_t  *stored;

    keys = ngx_otter_keystore_parse(id, entry);
    stored = ngx_otter_keystore_find(id);

    if (keys == NULL) {
        if (stored) {
            ngx_otter_keystore_remove(stored);
        }

        return;
    }

    if (stored == NULL) {
        stored = ngx_calloc(sizeof(ngx_otter_stored_t),
                            ngx_otter_keystore.log);
        if (stored == NULL) {
            otter_apikeys_free(keys);
            ngx_otter_keystore.again = 1;
            return;
        }

        ngx_memcpy(stored->id, id->data, id->len);

        stored->node.str.data = stored->id;
        stored->node.str.len = id->len;
        stored->node.node.key = ngx_crc32_short(id->data, id->len);

        ngx_rbtree_insert(&ngx_otter_keystore.tree, &stored->node.node);
    }

    otter_apikeys_free(stored->keys);

    stored->keys = keys;
    stored->round = ngx_otter_keystore.round;
}


static otter_apikeys_t *
ngx_otter_keystore_parse(ngx_str_t *id, redisReply *entry)
{
    char              error[OTTER_APIKEY_ERROR_SIZE];
    u_char           *p, *text;
    otter_apikeys_t  *keys;

    if (!otter_apikey_id_valid(id->data, id->len)
        || entry->type != REDIS_REPLY_STRING)
    {
        return NULL;
    }

    text = ngx_alloc(entry->len + sizeof("{\"keys\":[]}"),
                     ngx_otter_keystore.log);
    if (text == NULL) {
        return NULL;
    }

    p = ngx_cpymem(text, "{\"keys\":[", sizeof("{\"keys\":[") - 1);
    p = ngx_cpymem(p, entry->str, entry->len);
    p = ngx_cpymem(p, "]}", 2);

    keys = otter_apikeys_parse((char *) text, p - text, error);

    ngx_free(text);

    if (keys && !otter_apikeys_only(keys, id->data, id->len)) {
        ngx_cpystrn((u_char *) error, (u_char *) "it is of another id",
                    sizeof(error));
        otter_apikeys_free(keys);
        keys = NULL;
    }

    if (keys == NULL) {
        ngx_log_error(NGX_LOG_ERR, ngx_otter_keystore.log, 0,
                      "otter: the API key \"%V\" in Redis can't be used: %s",
                      id, error);
    }

    return keys;
}


static ngx_otter_stored_t *
ngx_otter_keystore_find(ngx_str_t *id)
{
    return (ngx_otter_stored_t *)
               ngx_str_rbtree_lookup(&ngx_otter_keystore.tree, id,
                                     ngx_crc32_short(id->data, id->len));
}


static void
ngx_otter_keystore_remove(ngx_otter_stored_t *stored)
{
    ngx_rbtree_delete(&ngx_otter_keystore.tree, &stored->node.node);
    otter_apikeys_free(stored->keys);
    ngx_free(stored);
}


/* removes what the round that ends has not seen */

static void
ngx_otter_keystore_sweep(ngx_uint_t all)
{
    ngx_rbtree_node_t   *node, *next;
    ngx_otter_stored_t  *stored;

    if (ngx_otter_keystore.tree.root == &ngx_otter_keystore.sentinel) {
        return;
    }

    for (node = ngx_rbtree_min(ngx_otter_keystore.tree.root,
                               &ngx_otter_keystore.sentinel);
         node;
         node = next)
    {
        next = ngx_rbtree_next(&ngx_otter_keystore.tree, node);
        stored = (ngx_otter_stored_t *) node;

        if (all || stored->round != ngx_otter_keystore.round) {
            ngx_otter_keystore_remove(stored);
        }
    }
}


ngx_uint_t
ngx_otter_keystore_empty(void)
{
    return ngx_otter_keystore.redis && !ngx_otter_keystore.loaded;
}


ngx_uint_t
ngx_otter_keystore_awaited(void)
{
    return ngx_otter_keystore_empty()
           && ngx_current_msec - ngx_otter_keystore.begun
              < NGX_OTTER_KEYSTORE_PATIENCE;
}


otter_apikey_rc_t
ngx_otter_keystore_check(ngx_str_t *presented, time_t now,
    const otter_apikey_t **key)
{
    ngx_str_t            id;
    otter_span_t         span;
    ngx_otter_stored_t  *stored;

    span = otter_apikey_id(presented->data, presented->len);

    if (span.len == 0) {
        return OTTER_APIKEY_MALFORMED;
    }

    id.data = (u_char *) span.data;
    id.len = span.len;

    stored = ngx_otter_keystore.redis ? ngx_otter_keystore_find(&id) : NULL;

    return stored ? otter_apikeys_check(stored->keys, presented->data,
                                        presented->len, now, key)
                  : OTTER_APIKEY_UNKNOWN;
}
