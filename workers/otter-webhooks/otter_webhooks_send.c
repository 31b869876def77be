
/*
 * Copyright (C) Otter contributors
 */

/*
 * Requests by libcurl.  Which address is connected to is decided when its
 * socket is made, after the name was resolved, so that a name that changes
 * its meaning is of no use, and once more before the request is sent, since
 * the connection may be one that another endpoint has made; redirects and
 * proxies are not followed.
 */


#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "otter_address.h"
#include "otter_clock.h"
#include "otter_log.h"
#include "otter_webhooks.h"


enum {
    OTTER_WEBHOOKS_ANSWER_MAX = 64 * 1024
};

struct otter_webhooks_request_s {
    otter_webhooks_request_t   *next;
    otter_webhooks_request_t  **prev;
    otter_webhooks_endpoint_t  *endpoint;
    unsigned                    shard;
    unsigned                    refused:1;     /* the address */
    otter_webhook_job_t         job;           /* into text */
    char                       *text;
    size_t                      received;
    CURL                       *curl;
    struct curl_slist          *headers;
    char                        error[CURL_ERROR_SIZE];
};


static otter_webhooks_request_t *otter_webhooks_request(otter_webhooks_t *w,
    unsigned shard, otter_webhooks_endpoint_t *endpoint,
    const otter_webhook_job_t *job);
static int otter_webhooks_request_copy(otter_webhooks_request_t *request,
    const otter_webhook_job_t *job);
static int otter_webhooks_headers(otter_webhooks_request_t *request);
static int otter_webhooks_header(otter_webhooks_request_t *request,
    const char *text);
static int otter_webhooks_options(otter_webhooks_t *w,
    otter_webhooks_request_t *request);
static curl_socket_t otter_webhooks_socket(void *data, curlsocktype purpose,
    struct curl_sockaddr *address);
static int otter_webhooks_before(void *data, char *peer, char *own,
    int peer_port, int own_port);
static size_t otter_webhooks_answer(char *data, size_t size, size_t n,
    void *request);
static void otter_webhooks_finished(otter_webhooks_t *w,
    otter_webhooks_request_t *request, CURLcode code);
static void otter_webhooks_request_free(otter_webhooks_t *w,
    otter_webhooks_request_t *request);


int
otter_webhooks_send_init(otter_webhooks_t *w)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return -1;
    }

    w->multi = curl_multi_init();

    return w->multi ? 0 : -1;
}


void
otter_webhooks_send_exit(otter_webhooks_t *w)
{
    otter_webhooks_request_t  *request, *next;

    for (request = w->requests; request; request = next) {
        next = request->next;
        otter_webhooks_request_free(w, request);
    }

    (void) curl_multi_cleanup(w->multi);
    curl_global_cleanup();
}


void
otter_webhooks_send(otter_webhooks_t *w, unsigned shard,
    otter_webhooks_endpoint_t *endpoint, const otter_webhook_job_t *job)
{
    otter_webhooks_request_t  *request;

    request = otter_webhooks_request(w, shard, endpoint, job);

    if (request == NULL) {

        /* it comes again when the time is over that it was taken for */

        otter_log(OTTER_LOG_ERROR, "no memory for a request");
        return;
    }

    if (curl_multi_add_handle(w->multi, request->curl) != CURLM_OK) {
        otter_webhooks_request_free(w, request);
    }
}


static otter_webhooks_request_t *
otter_webhooks_request(otter_webhooks_t *w, unsigned shard,
    otter_webhooks_endpoint_t *endpoint, const otter_webhook_job_t *job)
{
    otter_webhooks_request_t  *request;

    request = calloc(1, sizeof(otter_webhooks_request_t));
    if (request == NULL) {
        return NULL;
    }

    request->shard = shard;
    request->endpoint = endpoint;
    request->next = w->requests;
    request->prev = &w->requests;

    if (request->next) {
        request->next->prev = &request->next;
    }

    w->requests = request;
    w->active++;
    w->shards[shard].active++;
    endpoint->active++;

    request->curl = curl_easy_init();

    if (request->curl == NULL
        || otter_webhooks_request_copy(request, job) != 0
        || otter_webhooks_headers(request) != 0
        || otter_webhooks_options(w, request) != 0)
    {
        otter_webhooks_request_free(w, request);
        return NULL;
    }

    return request;
}


/* room, id, type and body, with a zero behind each */

static int
otter_webhooks_request_copy(otter_webhooks_request_t *request,
    const otter_webhook_job_t *job)
{
    char    *p;
    size_t   room;

    room = strlen(job->room);

    request->text = calloc(1, room + job->id_len + job->type_len
                              + job->body_len + 4);
    if (request->text == NULL) {
        return -1;
    }

    request->job = *job;
    request->job.endpoint = request->endpoint->name;

    p = request->text;
    memcpy(p, job->room, room);
    request->job.room = p;

    p += room + 1;
    memcpy(p, job->id, job->id_len);
    request->job.id = p;

    p += job->id_len + 1;
    memcpy(p, job->type, job->type_len);
    request->job.type = p;

    p += job->type_len + 1;
    memcpy(p, job->body, job->body_len);
    request->job.body = p;

    return 0;
}


static int
otter_webhooks_headers(otter_webhooks_request_t *request)
{
    char                        text[512];
    size_t                      i, n;
    int64_t                     now;
    otter_webhooks_endpoint_t  *endpoint;

    endpoint = request->endpoint;
    now = otter_clock_wall() / 1000;

    n = (size_t) snprintf(text, sizeof(text), "webhook-signature:");

    for (i = 0; i < endpoint->nsecrets; i++) {
        text[n++] = ' ';

        if (otter_webhook_sign(text + n, &endpoint->secrets[i],
                               request->job.id, now, request->job.body,
                               request->job.body_len)
            != 0)
        {
            return -1;
        }

        n += strlen(text + n);
    }

    if (otter_webhooks_header(request, text) != 0) {
        return -1;
    }

    snprintf(text, sizeof(text), "webhook-timestamp: %" PRId64, now);

    if (otter_webhooks_header(request, text) != 0) {
        return -1;
    }

    snprintf(text, sizeof(text), "webhook-id: %s", request->job.id);

    return otter_webhooks_header(request, text) == 0
           && otter_webhooks_header(request,
                                    "Content-Type: application/json") == 0
           && otter_webhooks_header(request, "Expect:") == 0 ? 0 : -1;
}


static int
otter_webhooks_header(otter_webhooks_request_t *request, const char *text)
{
    struct curl_slist  *list;

    list = curl_slist_append(request->headers, text);

    if (list == NULL) {
        return -1;
    }

    request->headers = list;

    return 0;
}


static int
otter_webhooks_options(otter_webhooks_t *w,
    otter_webhooks_request_t *request)
{
    int                         bad;
    CURL                       *curl;
    otter_webhooks_endpoint_t  *endpoint;

    curl = request->curl;
    endpoint = request->endpoint;

    bad = curl_easy_setopt(curl, CURLOPT_URL, endpoint->url)
          || curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR,
                              endpoint->allow_http ? "http,https" : "https")
          || curl_easy_setopt(curl, CURLOPT_PROXY, "")
          || curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L)
          || curl_easy_setopt(curl, CURLOPT_HTTPHEADER, request->headers)
          || curl_easy_setopt(curl, CURLOPT_USERAGENT, "otter-webhooks/1")
          || curl_easy_setopt(curl, CURLOPT_POST, 1L)
          || curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->job.body)
          || curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                              (curl_off_t) request->job.body_len)
          || curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS,
                              (long) w->conf.timeout)
          || curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                              (long) w->conf.timeout)
          || curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION,
                              otter_webhooks_socket)
          || curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, request)
          || curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION,
                              otter_webhooks_before)
          || curl_easy_setopt(curl, CURLOPT_PREREQDATA, request)
          || curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION,
                              otter_webhooks_answer)
          || curl_easy_setopt(curl, CURLOPT_WRITEDATA, request)
          || curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, request->error)
          || curl_easy_setopt(curl, CURLOPT_PRIVATE, request)
          || (endpoint->ca
              && curl_easy_setopt(curl, CURLOPT_CAINFO, endpoint->ca));

    return bad ? -1 : 0;
}


static curl_socket_t
otter_webhooks_socket(void *data, curlsocktype purpose,
    struct curl_sockaddr *address)
{
    otter_webhooks_request_t *request = data;

    (void) purpose;

    if (!request->endpoint->allow_private
        && !otter_address_public(&address->addr))
    {
        request->refused = 1;
        return CURL_SOCKET_BAD;
    }

    return socket(address->family, address->socktype | SOCK_CLOEXEC,
                  address->protocol);
}


static int
otter_webhooks_before(void *data, char *peer, char *own, int peer_port,
    int own_port)
{
    otter_webhooks_request_t  *request = data;

    (void) own;
    (void) peer_port;
    (void) own_port;

    if (request->endpoint->allow_private || otter_address_text_public(peer)) {
        return CURL_PREREQFUNC_OK;
    }

    request->refused = 1;

    return CURL_PREREQFUNC_ABORT;
}


/* nobody wants to read it; one that does not end is cut */

static size_t
otter_webhooks_answer(char *data, size_t size, size_t n, void *request)
{
    otter_webhooks_request_t  *r;

    (void) data;

    r = request;
    r->received += size * n;

    return r->received > OTTER_WEBHOOKS_ANSWER_MAX ? 0 : size * n;
}


void
otter_webhooks_send_run(otter_webhooks_t *w)
{
    int                        left;
    CURLMsg                   *message;
    CURLcode                   code;
    otter_webhooks_request_t  *request;

    (void) curl_multi_perform(w->multi, &left);

    for ( ;; ) {
        message = curl_multi_info_read(w->multi, &left);

        if (message == NULL) {
            return;
        }

        if (message->msg != CURLMSG_DONE) {
            continue;
        }

        code = message->data.result;
        request = NULL;

        (void) curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE,
                                 (char **) &request);

        otter_webhooks_finished(w, request, code);
    }
}


static void
otter_webhooks_finished(otter_webhooks_t *w,
    otter_webhooks_request_t *request, CURLcode code)
{
    curl_off_t                 seconds;
    otter_webhooks_outcome_t   outcome;

    memset(&outcome, 0, sizeof(outcome));

    outcome.shard = request->shard;
    outcome.error = request->refused
                    ? "its address is private, and that is not allowed"
                    : request->error[0] ? request->error
                                        : curl_easy_strerror(code);

    /* of an answer that was too long, the status is known */

    if (code == CURLE_OK || code == CURLE_WRITE_ERROR) {
        (void) curl_easy_getinfo(request->curl, CURLINFO_RESPONSE_CODE,
                                 &outcome.status);

        if (curl_easy_getinfo(request->curl, CURLINFO_RETRY_AFTER, &seconds)
            == CURLE_OK && seconds > 0 && seconds < INT32_MAX)
        {
            outcome.retry_after = (int64_t) seconds * 1000;
        }
    }

    otter_webhooks_outcome(w, request->endpoint, &request->job, &outcome);

    otter_webhooks_request_free(w, request);
}


static void
otter_webhooks_request_free(otter_webhooks_t *w,
    otter_webhooks_request_t *request)
{
    if (request->curl) {
        (void) curl_multi_remove_handle(w->multi, request->curl);
        curl_easy_cleanup(request->curl);
    }

    curl_slist_free_all(request->headers);

    *request->prev = request->next;

    if (request->next) {
        request->next->prev = request->prev;
    }

    w->active--;
    w->shards[request->shard].active--;
    request->endpoint->active--;

    free(request->text);
    free(request);
}
