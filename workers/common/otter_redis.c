
/*
 * Copyright (C) Otter contributors
 */


#include <openssl/sha.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "otter_clock.h"
#include "otter_log.h"
#include "otter_redis_node.h"


enum {
    OTTER_REDIS_TIMEOUT = 3000,
    OTTER_REDIS_BACKOFF = 200,
    OTTER_REDIS_BACKOFF_MAX = 5000,
    OTTER_REDIS_ARGS_MAX = 64          /* of a script */
};


static redisReply *otter_redis_one(otter_redis_t *r,
    otter_redis_request_t *request);
static int otter_redis_format_list(otter_redis_request_t *request,
    const char *key, const char *fmt, va_list args);
static int otter_redis_formatted(otter_redis_request_t *request,
    const char *key, int len);
static int otter_redis_run_single(otter_redis_t *r,
    otter_redis_request_t *requests, size_t n);
static redisReply *otter_redis_judge(otter_redis_t *r, redisReply *reply);


otter_redis_t *
otter_redis_create(const otter_redis_conf_t *conf,
    char error[OTTER_REDIS_ERROR_SIZE])
{
    otter_redis_t  *r;

    r = calloc(1, sizeof(otter_redis_t));
    if (r == NULL) {
        snprintf(error, OTTER_REDIS_ERROR_SIZE, "no memory");
        return NULL;
    }

    r->conf = conf;
    r->timeout = OTTER_REDIS_TIMEOUT;

    if (conf->tls) {
        r->ctx = otter_redis_link_tls(conf, error);

        if (r->ctx == NULL) {
            free(r);
            return NULL;
        }
    }

    return r;
}


void
otter_redis_free(otter_redis_t *r)
{
    if (r == NULL) {
        return;
    }

    otter_redis_nodes_free(r);
    SSL_CTX_free(r->ctx);
    free(r);
}


void
otter_redis_timeout(otter_redis_t *r, int64_t ms)
{
    r->timeout = ms;
}


const char *
otter_redis_error(const otter_redis_t *r)
{
    return r->error;
}


int64_t
otter_redis_due(const otter_redis_t *r)
{
    int64_t  now;

    now = otter_clock();

    return r->up || r->due <= now ? 0 : r->due - now;
}


int
otter_redis_up(otter_redis_t *r)
{
    if (r->up) {
        return 1;
    }

    if (otter_redis_due(r)) {
        return 0;
    }

    if (otter_redis_discover(r) != 0) {
        otter_redis_down(r, NULL);
        return 0;
    }

    r->up = 1;
    r->attempts = 0;
    r->error[0] = '\0';

    if (r->told) {
        otter_log(OTTER_LOG_NOTICE, "Redis is back");
        r->told = 0;
    }

    return 1;
}


void
otter_redis_down(otter_redis_t *r, const char *reason)
{
    if (reason) {
        snprintf(r->error, sizeof(r->error), "%s", reason);
    }

    if (!r->told) {
        otter_log(OTTER_LOG_WARNING, "Redis is away: %s", r->error);
        r->told = 1;
    }

    otter_redis_nodes_free(r);

    r->up = 0;
    r->next++;
    r->due = otter_clock() + 1
             + otter_clock_backoff(OTTER_REDIS_BACKOFF,
                                   OTTER_REDIS_BACKOFF_MAX, r->attempts++);
}


redisReply *
otter_redis_command(otter_redis_t *r, const char *key, const char *fmt, ...)
{
    int                     rc;
    va_list                 args;
    otter_redis_request_t   request;

    va_start(args, fmt);
    rc = otter_redis_format_list(&request, key, fmt, args);
    va_end(args);

    return rc == 0 ? otter_redis_one(r, &request) : NULL;
}


redisReply *
otter_redis_argv(otter_redis_t *r, const char *key, int argc,
    const char **argv, const size_t *lens)
{
    otter_redis_request_t  request;

    if (otter_redis_format_argv(&request, key, argc, argv, lens) != 0) {
        return NULL;
    }

    return otter_redis_one(r, &request);
}


static redisReply *
otter_redis_one(otter_redis_t *r, otter_redis_request_t *request)
{
    redisReply  *reply;

    (void) otter_redis_run(r, request, 1);

    reply = request->reply;
    request->reply = NULL;

    otter_redis_clear(request, 1);

    return reply;
}


redisReply *
otter_redis_script(otter_redis_t *r, const char *key, const char *script,
    int argc, const char **argv, const size_t *lens)
{
    int             i;
    char            hex[2 * SHA_DIGEST_LENGTH + 1];
    size_t          sizes[OTTER_REDIS_ARGS_MAX + 2];
    redisReply     *reply;
    const char     *words[OTTER_REDIS_ARGS_MAX + 2];
    unsigned char   digest[SHA_DIGEST_LENGTH];

    if (argc > OTTER_REDIS_ARGS_MAX) {
        return NULL;
    }

    SHA1((const unsigned char *) script, strlen(script), digest);

    for (i = 0; i < SHA_DIGEST_LENGTH; i++) {
        snprintf(hex + (size_t) i * 2, 3, "%02x", digest[i]);
    }

    words[0] = "EVALSHA";
    sizes[0] = strlen(words[0]);
    words[1] = hex;
    sizes[1] = sizeof(hex) - 1;

    for (i = 0; i < argc; i++) {
        words[i + 2] = argv[i];
        sizes[i + 2] = lens ? lens[i] : strlen(argv[i]);
    }

    reply = otter_redis_argv(r, key, argc + 2, words, sizes);

    if (otter_redis_failed(reply, "NOSCRIPT")) {
        freeReplyObject(reply);

        words[0] = "EVAL";
        sizes[0] = strlen(words[0]);
        words[1] = script;
        sizes[1] = strlen(script);

        reply = otter_redis_argv(r, key, argc + 2, words, sizes);
    }

    return reply;
}


int
otter_redis_format(otter_redis_request_t *request, const char *key,
    const char *fmt, ...)
{
    int      rc;
    va_list  args;

    va_start(args, fmt);
    rc = otter_redis_format_list(request, key, fmt, args);
    va_end(args);

    return rc;
}


static int
otter_redis_format_list(otter_redis_request_t *request, const char *key,
    const char *fmt, va_list args)
{
    memset(request, 0, sizeof(*request));

    return otter_redis_formatted(request, key,
                                 redisvFormatCommand(&request->text, fmt,
                                                     args));
}


static int
otter_redis_formatted(otter_redis_request_t *request, const char *key,
    int len)
{
    if (len < 0) {
        request->text = NULL;
        return -1;
    }

    request->len = (size_t) len;
    request->slot = key ? otter_redis_slot(key, strlen(key)) : 0;

    return 0;
}


int
otter_redis_format_argv(otter_redis_request_t *request, const char *key,
    int argc, const char **argv, const size_t *lens)
{
    memset(request, 0, sizeof(*request));

    return otter_redis_formatted(request, key,
                                 redisFormatCommandArgv(&request->text, argc,
                                                        argv, lens));
}


int
otter_redis_run(otter_redis_t *r, otter_redis_request_t *requests, size_t n)
{
    size_t  i;

    if (!otter_redis_up(r)) {
        return -1;
    }

    if (r->conf->kind != OTTER_REDIS_CLUSTER) {
        return otter_redis_run_single(r, requests, n);
    }

    for (i = 0; i < n; i++) {
        requests[i].reply = otter_redis_judge(r,
                                otter_redis_cluster_ask(r, &requests[i]));

        if (requests[i].reply == NULL) {
            return -1;
        }
    }

    return 0;
}


static int
otter_redis_run_single(otter_redis_t *r, otter_redis_request_t *requests,
    size_t n)
{
    size_t               i;
    int64_t              end;
    unsigned             late;
    otter_redis_link_t  *link;

    link = &r->nodes[0].link;
    end = otter_clock() + r->timeout;

    for (i = 0; i < n; i++) {
        if (otter_redis_link_send(link, requests[i].text, requests[i].len,
                                  end)
            != 0)
        {
            otter_redis_down(r, link->error);
            return -1;
        }
    }

    for (i = 0; i < n; i++) {
        requests[i].reply = otter_redis_link_reply(link, end, &late);

        if (requests[i].reply == NULL) {

            /* what comes later would be taken for the next answer */

            otter_redis_down(r, late ? "it does not answer" : link->error);
            return -1;
        }

        requests[i].reply = otter_redis_judge(r, requests[i].reply);

        if (requests[i].reply == NULL) {
            return -1;
        }
    }

    return 0;
}


/* a server that can't serve is as good as none: another is looked for */

static redisReply *
otter_redis_judge(otter_redis_t *r, redisReply *reply)
{
    if (reply == NULL) {
        otter_redis_down(r, NULL);
        return NULL;
    }

    if (otter_redis_failed(reply, "READONLY")
        || otter_redis_failed(reply, "LOADING")
        || otter_redis_failed(reply, "MASTERDOWN")
        || otter_redis_failed(reply, "CLUSTERDOWN")
        || otter_redis_failed(reply, "NOAUTH"))
    {
        otter_redis_down(r, reply->str);
        freeReplyObject(reply);
        return NULL;
    }

    return reply;
}


void
otter_redis_clear(otter_redis_request_t *requests, size_t n)
{
    size_t  i;

    for (i = 0; i < n; i++) {
        if (requests[i].text) {
            redisFreeCommand(requests[i].text);
            requests[i].text = NULL;
        }

        if (requests[i].reply) {
            freeReplyObject(requests[i].reply);
            requests[i].reply = NULL;
        }
    }
}


size_t
otter_redis_nodes(otter_redis_t *r)
{
    return otter_redis_up(r) ? r->nnodes : 0;
}


redisReply *
otter_redis_command_on(otter_redis_t *r, size_t node, const char *fmt, ...)
{
    int                     rc;
    va_list                 args;
    redisReply             *reply;
    otter_redis_request_t   request;

    if (!otter_redis_up(r) || node >= r->nnodes) {
        return NULL;
    }

    va_start(args, fmt);
    rc = otter_redis_format_list(&request, NULL, fmt, args);
    va_end(args);

    if (rc != 0) {
        return NULL;
    }

    reply = otter_redis_judge(r,
                otter_redis_node_ask(r, &r->nodes[node], request.text,
                                     request.len));

    otter_redis_clear(&request, 1);

    return reply;
}


redisReply *
otter_redis_receive(otter_redis_t *r, int64_t ms, unsigned *late)
{
    redisReply  *reply;

    *late = 0;

    if (!r->up) {
        return NULL;
    }

    reply = otter_redis_link_reply(&r->nodes[0].link, otter_clock() + ms,
                                   late);

    if (reply == NULL && !*late) {
        otter_redis_down(r, r->nodes[0].link.error);
    }

    return reply;
}


int
otter_redis_says(const redisReply *reply, const char *word)
{
    return reply && (reply->type == REDIS_REPLY_STATUS
                     || reply->type == REDIS_REPLY_STRING)
           && strcmp(reply->str, word) == 0;
}


int
otter_redis_failed(const redisReply *reply, const char *word)
{
    return reply && reply->type == REDIS_REPLY_ERROR
           && (word == NULL || strncmp(reply->str, word, strlen(word)) == 0);
}
