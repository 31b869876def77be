
/*
 * Copyright (C) Otter contributors
 */

/*
 * What Redis says to a write of a stream.
 */


#include "ngx_otter_stream.h"
#include "ngx_otter_remote.h"


static void ngx_otter_stream_answered(ngx_otter_member_t *m,
    redisReply *reply);


void
ngx_otter_stream_answer(redisReply *reply, void *data)
{
    ngx_otter_member_t       *m;
    ngx_otter_stream_sent_t  *sent = data;

    ngx_otter_zone_lock(ngx_otter_remote_zone);

    m = ngx_otter_zone_member(ngx_otter_remote_zone, sent->id,
                              NGX_OTTER_ID_LEN);

    if (m == NULL || m->pending
        || ngx_memcmp(m->resume, sent->resume, sizeof(sent->resume)) != 0)
    {
        /* it was another time that it was away */

    } else if (sent->given) {

        if (m->given && !ngx_otter_remote_says(reply, "ok")) {
            ngx_otter_remote_regain(m);
        }

    } else if (m->slot == NGX_OTTER_SLOT_NONE) {
        ngx_otter_stream_answered(m, reply);
    }

    ngx_otter_zone_unlock(ngx_otter_remote_zone);

    free(sent);
}


/*
 * "behind": what another worker has sent is not there yet, and goes along
 * once more; "beyond": more is there already; "none": Redis has lost the
 * stream; "late": a later write was there first.
 */

static void
ngx_otter_stream_answered(ngx_otter_member_t *m, redisReply *reply)
{
    off_t  place;

    if (ngx_otter_remote_says(reply, "late")) {
        return;
    }

    place = NGX_ERROR;

    if (reply && reply->type == REDIS_REPLY_ARRAY && reply->elements == 2
        && reply->element[1]->type == REDIS_REPLY_STRING)
    {
        place = ngx_atoof((u_char *) reply->element[1]->str,
                          reply->element[1]->len);
    }

    if (place == (off_t) NGX_ERROR) {

        /* not at once, if Redis does not take it: it may stay so */

        m->begun = 0;
        m->stored = 0;

        if (ngx_otter_remote_says(reply, "none")) {
            ngx_otter_stream_due(m);
        }

        return;
    }

    if (ngx_otter_remote_says(reply, "ok")) {
        m->stored = ngx_max(m->stored, (uint64_t) place);

        if (m->sent < m->last) {

            /* it was too much for one write */

            ngx_otter_stream_due(m);
        }

        return;
    }

    if (ngx_otter_remote_says(reply, "beyond")) {
        m->stored = ngx_max(m->stored, (uint64_t) place);
        m->sent = ngx_max(m->sent, m->stored);

    } else {
        m->sent = ngx_min(m->sent, (uint64_t) place);
    }

    m->state = 0;

    ngx_otter_stream_due(m);
}
