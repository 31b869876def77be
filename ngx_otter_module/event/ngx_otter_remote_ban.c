
/*
 * Copyright (C) Otter contributors
 */

/*
 * Tokens that were put out are known to every host: they are published, and
 * kept in a sorted set, by their end, for hosts that were not there.  Both
 * have them as "<expires> <since> <iat> <jti> <room> <identity>", with a "d"
 * in front of it if it was sent away from a lobby.
 */


#include "ngx_otter_remote.h"
#include "ngx_otter_ban.h"
#include "otter_name.h"


static void ngx_otter_remote_bans_loaded(redisReply *reply, void *data);
static void ngx_otter_remote_bans_trim(void);
static void ngx_otter_remote_bans_unsaid(void);
static void ngx_otter_remote_bans_tell(ngx_otter_ban_t *ban);


ngx_str_t       ngx_otter_remote_bans;

static u_char   ngx_otter_remote_bans_name[512];


ngx_int_t
ngx_otter_remote_bans_init(void)
{
    u_char  *p;

    p = ngx_snprintf(ngx_otter_remote_bans_name,
                     sizeof(ngx_otter_remote_bans_name), "%Vbans",
                     &ngx_otter_remote_prefix);

    ngx_otter_remote_bans.data = ngx_otter_remote_bans_name;
    ngx_otter_remote_bans.len = p - ngx_otter_remote_bans_name;

    return ngx_otter_redis_subscribe(ngx_otter_remote_redis,
                                     &ngx_otter_remote_bans);
}


void
ngx_otter_remote_ban(ngx_str_t *room, ngx_str_t *identity,
    ngx_otter_grant_t *grant, ngx_uint_t denied)
{
    ngx_otter_ban_t  *ban;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    ban = ngx_otter_ban_add(ngx_otter_remote_zone, room, identity, grant,
                            ngx_time(), denied);

    if (ban) {
        ngx_otter_remote_bans_tell(ban);
        ngx_otter_remote_bans_trim();
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);
}


/* what was put out while Redis was away */

static void
ngx_otter_remote_bans_unsaid(void)
{
    ngx_queue_t      *q;
    ngx_otter_ban_t  *ban;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    for (q = ngx_queue_head(&ngx_otter_remote_zone->sh->banned);
         q != ngx_queue_sentinel(&ngx_otter_remote_zone->sh->banned);
         q = ngx_queue_next(q))
    {
        ban = ngx_queue_data(q, ngx_otter_ban_t, queue);

        if (ban->unsaid) {
            ban->unsaid = 0;
            ngx_otter_remote_bans_tell(ban);
        }
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);
}


static void
ngx_otter_remote_bans_tell(ngx_otter_ban_t *ban)
{
    u_char              hex[2 * NGX_OTTER_JTI_LEN], score[NGX_TIME_T_LEN];
    ngx_str_t           argv[4];
    otter_span_t        part;
    ngx_otter_text_t    text;
    ngx_otter_grant_t  *grant;

    grant = &ban->grant;

    ngx_hex_dump(hex, grant->jti, NGX_OTTER_JTI_LEN);

    ngx_otter_text_init(&text);

    if (ban->denied) {
        ngx_otter_text_add(&text, "d", 1);
    }

    ngx_otter_text_add_number(&text, grant->expires);
    ngx_otter_text_add(&text, " ", 1);
    ngx_otter_text_add_number(&text, ban->since);
    ngx_otter_text_add(&text, " ", 1);
    ngx_otter_text_add_number(&text, grant->iat);
    ngx_otter_text_add(&text, " ", 1);
    ngx_otter_text_add(&text, hex, sizeof(hex));
    ngx_otter_text_add(&text, " ", 1);
    ngx_otter_text_add(&text, ban->data, ban->room_len);
    ngx_otter_text_add(&text, " ", 1);
    ngx_otter_text_add(&text, ban->data + ban->room_len, ban->identity_len);

    if (!text.failed) {
        ngx_str_set(&argv[0], "ZADD");
        argv[1] = ngx_otter_remote_bans;
        argv[2].data = score;
        argv[2].len = ngx_sprintf(score, "%T", grant->expires) - score;
        argv[3].data = text.data;
        argv[3].len = text.len;

        (void) ngx_otter_redis_command(ngx_otter_remote_redis, &argv[1], 4,
                                       argv, NULL, NULL);

        part.data = text.data;
        part.len = text.len;

        (void) ngx_otter_redis_publish(ngx_otter_remote_redis,
                                       &ngx_otter_remote_bans, &part, 1,
                                       NULL, NULL);
    }

    ngx_otter_text_free(&text);
}


/* what has ended, and those that end first if there are too many */

static void
ngx_otter_remote_bans_trim(void)
{
    u_char     now[NGX_TIME_T_LEN], most[NGX_INT_T_LEN + 1];
    ngx_str_t  argv[4];

    ngx_str_set(&argv[0], "ZREMRANGEBYSCORE");
    argv[1] = ngx_otter_remote_bans;
    ngx_str_set(&argv[2], "-inf");
    argv[3].data = now;
    argv[3].len = ngx_sprintf(now, "%T", ngx_time()) - now;

    (void) ngx_otter_redis_command(ngx_otter_remote_redis, &argv[1], 4, argv,
                                   NULL, NULL);

    ngx_str_set(&argv[0], "ZREMRANGEBYRANK");
    ngx_str_set(&argv[2], "0");
    argv[3].data = most;
    argv[3].len = ngx_sprintf(most, "-%d", NGX_OTTER_BANS + 1) - most;

    (void) ngx_otter_redis_command(ngx_otter_remote_redis, &argv[1], 4, argv,
                                   NULL, NULL);
}


void
ngx_otter_remote_bans_load(void)
{
    u_char     now[NGX_TIME_T_LEN];
    ngx_str_t  argv[4];

    ngx_otter_remote_bans_unsaid();

    ngx_str_set(&argv[0], "ZRANGEBYSCORE");
    argv[1] = ngx_otter_remote_bans;
    argv[2].data = now;
    argv[2].len = ngx_sprintf(now, "%T", ngx_time()) - now;
    ngx_str_set(&argv[3], "+inf");

    (void) ngx_otter_redis_command(ngx_otter_remote_redis, &argv[1], 4, argv,
                                   ngx_otter_remote_bans_loaded, NULL);
}


static void
ngx_otter_remote_bans_loaded(redisReply *reply, void *data)
{
    size_t     i;
    ngx_str_t  text;

    if (reply == NULL || reply->type != REDIS_REPLY_ARRAY) {
        return;
    }

    for (i = 0; i < reply->elements; i++) {

        if (reply->element[i]->type == REDIS_REPLY_STRING) {
            text.data = (u_char *) reply->element[i]->str;
            text.len = reply->element[i]->len;

            ngx_otter_remote_bans_heard(&text);
        }
    }
}


void
ngx_otter_remote_bans_heard(ngx_str_t *data)
{
    u_char             *p, *last, *space;
    ngx_str_t           part[5], identity;
    ngx_uint_t          i, denied;
    time_t              since;
    ngx_otter_grant_t   grant;

    p = data->data;
    last = data->data + data->len;

    denied = (p < last && *p == 'd');
    p += denied;

    for (i = 0; i < 5; i++) {
        space = ngx_strlchr(p, last, ' ');
        if (space == NULL) {
            return;
        }

        part[i].data = p;
        part[i].len = space - p;
        p = space + 1;
    }

    identity.data = p;
    identity.len = last - p;

    /* all of it: it is copied into the zone as it is */

    ngx_memzero(&grant, sizeof(ngx_otter_grant_t));

    grant.expires = ngx_atotm(part[0].data, part[0].len);
    since = ngx_atotm(part[1].data, part[1].len);
    grant.iat = ngx_atotm(part[2].data, part[2].len);

    if (grant.expires == (time_t) NGX_ERROR || since == (time_t) NGX_ERROR
        || grant.iat == (time_t) NGX_ERROR
        || ngx_otter_remote_parse_jti(part[3].data, part[3].len, grant.jti)
           != NGX_OK
        || !otter_room_name_valid(part[4].data, part[4].len)
        || !otter_identity_valid(identity.data, identity.len))
    {
        return;
    }

    ngx_otter_zone_lock(ngx_otter_remote_zone);
    (void) ngx_otter_ban_add(ngx_otter_remote_zone, &part[4], &identity,
                             &grant, since, denied);
    ngx_otter_zone_unlock(ngx_otter_remote_zone);
}
