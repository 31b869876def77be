
/*
 * Copyright (C) Otter contributors
 */

/*
 * What is said first on a connection, and whether the answers will do.  Of an
 * error only the first word is told on: some servers quote a command that they
 * refuse, and there is a password in it.
 */


#include "ngx_otter_redis_connection.h"


static ngx_int_t ngx_otter_redis_greet_with(ngx_otter_redis_conn_t *conn,
    ngx_uint_t argc, const ngx_str_t *argv);


ngx_int_t
ngx_otter_redis_greet(ngx_otter_redis_conn_t *conn)
{
    u_char      number[NGX_INT_T_LEN];
    ngx_str_t   argv[3];
    ngx_uint_t  argc;

    if (conn->login->password.len) {
        argc = 0;
        ngx_str_set(&argv[argc], "AUTH");
        argc++;

        if (conn->login->user.len) {
            argv[argc++] = conn->login->user;
        }

        argv[argc++] = conn->login->password;

        if (ngx_otter_redis_greet_with(conn, argc, argv) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    if (conn->select && conn->conf->db) {
        ngx_str_set(&argv[0], "SELECT");
        argv[1].data = number;
        argv[1].len = ngx_sprintf(number, "%ui", conn->conf->db) - number;

        if (ngx_otter_redis_greet_with(conn, 2, argv) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    /* a server that still loads its data refuses this */

    ngx_str_set(&argv[0], "PING");

    if (ngx_otter_redis_greet_with(conn, 1, argv) != NGX_OK) {
        return NGX_ERROR;
    }

    if (!conn->role) {
        return NGX_OK;
    }

    ngx_str_set(&argv[0], "ROLE");

    return ngx_otter_redis_greet_with(conn, 1, argv);
}


static ngx_int_t
ngx_otter_redis_greet_with(ngx_otter_redis_conn_t *conn, ngx_uint_t argc,
    const ngx_str_t *argv)
{
    u_char      *p;
    ngx_uint_t   i;

    p = ngx_otter_redis_conn_reserve(conn,
                                     ngx_otter_redis_text_size(argc, argv));
    if (p == NULL) {
        return NGX_ERROR;
    }

    p = ngx_otter_redis_write_head(p, argc);

    for (i = 0; i < argc; i++) {
        p = ngx_otter_redis_write_arg(p, argv[i].data, argv[i].len);
    }

    conn->last = p;
    conn->greetings++;

    return NGX_OK;
}


const char *
ngx_otter_redis_greeted(ngx_otter_redis_conn_t *conn, redisReply *reply)
{
    if (reply->type == REDIS_REPLY_ERROR) {

        if (conn->role && conn->greetings == 1
            && (ngx_otter_redis_is_error(reply, "NOPERM")
                || ngx_otter_redis_is_error(reply, "ERR")))
        {
            /* the user may not ask for the role; Sentinel is believed then */

            return NULL;
        }

        if (conn->spare && conn->spare->password.len
            && conn->login != conn->spare
            && ngx_otter_redis_is_error(reply, "NOAUTH"))
        {
            /* a sentinel may have the password of its servers */

            conn->login = conn->spare;

            ngx_post_event(&conn->flush, &ngx_posted_events);

            return (ngx_otter_redis_greet(conn) == NGX_OK) ? NULL
                                                           : "no memory";
        }

        return ngx_otter_redis_refused(conn, reply);
    }

    if (conn->role && conn->greetings == 1
        && (reply->type != REDIS_REPLY_ARRAY || reply->elements == 0
            || reply->element[0]->type != REDIS_REPLY_STRING
            || ngx_strcmp(reply->element[0]->str, "master") != 0))
    {
        return "it is not the master";
    }

    return NULL;
}


const char *
ngx_otter_redis_refused(ngx_otter_redis_conn_t *conn, redisReply *reply)
{
    u_char  *p, *last, *end;

    p = (u_char *) reply->str;
    end = p + ngx_min(reply->len, 32);

    for (last = p; last < end; last++) {
        if (*last < 'A' || *last > 'Z') {
            break;
        }
    }

    *ngx_sprintf(conn->said, "it refuses: %*s", (size_t) (last - p), p) = '\0';

    return (const char *) conn->said;
}
