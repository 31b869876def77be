
/*
 * Copyright (C) Otter contributors
 */


#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "otter_api.h"
#include "otter_core.h"
#include "otter_file.h"


enum {
    OTTER_API_BODY_MAX = 64 * 1024 * 1024,
    OTTER_API_KEY_MAX = 512,
    OTTER_API_CONNECT_TIMEOUT = 5,     /* seconds */
    OTTER_API_TIMEOUT = 30
};

typedef struct {
    char    *data;
    size_t   len;
    size_t   size;
} otter_api_body_t;


static int otter_api_base(otter_api_t *api, const char *url);
static int otter_api_key(otter_api_t *api, const char *path);
static int otter_api_header(otter_api_t *api, const char *header);
static time_t otter_api_expires(otter_api_t *api);
static void otter_api_setup(otter_api_t *api);
static unsigned otter_api_is_here(const char *url);
static json_t *otter_api_answer(otter_api_t *api, otter_api_body_t *body);
static size_t otter_api_take(char *data, size_t size, size_t n, void *to);


void
otter_api_environment(otter_api_where_t *where)
{
    if (where->url == NULL) {
        where->url = getenv("OTTER_URL");
    }

    if (where->key_file == NULL) {
        where->key_file = getenv("OTTER_API_KEY_FILE");
    }

    if (where->ca_file == NULL) {
        where->ca_file = getenv("OTTER_CA_FILE");
    }
}


int
otter_api_open(otter_api_t *api, const otter_cmd_t *cmd,
    const otter_api_where_t *where, unsigned need_key)
{
    int  rc;

    memset(api, 0, sizeof(otter_api_t));

    api->cmd = cmd;
    api->ca_file = where->ca_file;

    if (where->url == NULL) {
        return otter_cmd_misused(cmd, "--url is missing, and there is no "
                                      "OTTER_URL");
    }

    if (otter_api_base(api, where->url) != 0) {
        return otter_cmd_misused(cmd, "\"%s\" is no URL of http or https",
                                 where->url);
    }

    if (need_key && where->key_file == NULL) {
        return otter_cmd_misused(cmd, "--api-key-file is missing, and there "
                                      "is no OTTER_API_KEY_FILE");
    }

    api->curl = curl_easy_init();

    if (api->curl == NULL
        || otter_api_header(api, "Accept: application/json") != 0)
    {
        otter_api_close(api);
        return otter_cmd_refused(cmd, "no memory");
    }

    if (where->key_file) {
        rc = otter_api_key(api, where->key_file);

        if (rc != OTTER_EXIT_OK) {
            otter_api_close(api);
            return rc;
        }
    }

    return OTTER_EXIT_OK;
}


void
otter_api_close(otter_api_t *api)
{
    struct curl_slist  *h;

    for (h = api->headers; h; h = h->next) {
        OPENSSL_cleanse(h->data, strlen(h->data));
    }

    curl_slist_free_all(api->headers);
    curl_easy_cleanup(api->curl);

    api->headers = NULL;
    api->curl = NULL;
}


/* where nothing but a host is given, Otter is where it is by default */

static int
otter_api_base(otter_api_t *api, const char *url)
{
    int          n;
    char        *scheme, *path, *whole;
    const char  *below;
    CURLU       *u;

    u = curl_url();
    scheme = NULL;
    path = NULL;
    whole = NULL;
    n = -1;

    if (u && curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK
        && curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK
        && (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0)
        && curl_url_get(u, CURLUPART_PATH, &path, 0) == CURLUE_OK)
    {
        below = strcmp(path, "/") == 0 ? "/otter/" : path;

        if (curl_url_set(u, CURLUPART_PATH, below, 0) == CURLUE_OK
            && curl_url_set(u, CURLUPART_QUERY, NULL, 0) == CURLUE_OK
            && curl_url_set(u, CURLUPART_FRAGMENT, NULL, 0) == CURLUE_OK
            && curl_url_get(u, CURLUPART_URL, &whole, 0) == CURLUE_OK)
        {
            n = snprintf(api->base, sizeof(api->base), "%s%s", whole,
                         whole[strlen(whole) - 1] == '/' ? "" : "/");
        }
    }

    curl_free(scheme);
    curl_free(path);
    curl_free(whole);
    curl_url_cleanup(u);

    return n > 0 && (size_t) n < sizeof(api->base) ? 0 : -1;
}


/* the key goes into a header and nowhere else */

static int
otter_api_key(otter_api_t *api, const char *path)
{
    int           rc;
    char          error[OTTER_FILE_ERROR_SIZE];
    char          header[OTTER_API_KEY_MAX + 32];
    size_t        len;
    otter_file_t  file;

    if (otter_file_read(&file, path, error) != 0) {
        return otter_cmd_refused(api->cmd, "%s", error);
    }

    len = strcspn(file.data, " \t\r\n");

    if (strncmp(file.data, "otk_", 4) != 0 || len > OTTER_API_KEY_MAX) {
        otter_file_free(&file);
        return otter_cmd_refused(api->cmd, "%s: there is no API key in its "
                                           "first line", path);
    }

    snprintf(header, sizeof(header), "Authorization: Bearer %.*s", (int) len,
             file.data);

    otter_file_free(&file);

    rc = otter_api_header(api, header);

    OPENSSL_cleanse(header, sizeof(header));

    if (rc != 0) {
        return otter_cmd_refused(api->cmd, "no memory");
    }

    api->has_key = 1;

    return OTTER_EXIT_OK;
}


static int
otter_api_header(otter_api_t *api, const char *header)
{
    struct curl_slist  *list;

    list = curl_slist_append(api->headers, header);
    if (list == NULL) {
        return -1;
    }

    api->headers = list;

    return 0;
}


json_t *
otter_api_call(otter_api_t *api, const char *method, const char *path)
{
    int                  n;
    char                 url[OTTER_API_URL_SIZE * 2], reason[CURL_ERROR_SIZE];
    json_t              *answer;
    CURLcode             rc;
    struct curl_header  *date;
    otter_api_body_t     body;

    memset(&body, 0, sizeof(otter_api_body_t));

    api->status = 0;
    reason[0] = '\0';

    n = snprintf(url, sizeof(url), "%s%s", strstr(path, "://") ? ""
                                                               : api->base,
                 path);

    if ((size_t) n >= sizeof(url)) {
        snprintf(api->error, sizeof(api->error), "the URL is too long");
        return NULL;
    }

    otter_api_setup(api);

    curl_easy_setopt(api->curl, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(api->curl, CURLOPT_URL, url);
    curl_easy_setopt(api->curl, CURLOPT_WRITEDATA, &body);
    curl_easy_setopt(api->curl, CURLOPT_ERRORBUFFER, reason);

    if (otter_api_is_here(url)) {
        curl_easy_setopt(api->curl, CURLOPT_NOPROXY, "*");
    }

    rc = curl_easy_perform(api->curl);

    if (rc != CURLE_OK) {
        snprintf(api->error, sizeof(api->error), "%.240s: %.240s", url,
                 reason[0] ? reason : curl_easy_strerror(rc));
        free(body.data);
        return NULL;
    }

    curl_easy_getinfo(api->curl, CURLINFO_RESPONSE_CODE, &api->status);
    curl_easy_getinfo(api->curl, CURLINFO_TOTAL_TIME, &api->seconds);

    api->date = -1;
    api->expires = otter_api_expires(api);

    if (curl_easy_header(api->curl, "Date", 0, CURLH_HEADER, -1, &date)
        == CURLHE_OK)
    {
        api->date = curl_getdate(date->value, NULL);
    }

    answer = otter_api_answer(api, &body);

    free(body.data);

    return answer;
}


/* of the first certificate, which is the server's own */

static time_t
otter_api_expires(otter_api_t *api)
{
    struct curl_slist     *line;
    struct curl_certinfo  *info;

    info = NULL;

    if (curl_easy_getinfo(api->curl, CURLINFO_CERTINFO, &info) != CURLE_OK
        || info == NULL || info->num_of_certs == 0)
    {
        return -1;
    }

    for (line = info->certinfo[0]; line; line = line->next) {
        if (strncmp(line->data, "Expire date:", 12) == 0) {
            return curl_getdate(line->data + 12, NULL);
        }
    }

    return -1;
}


static void
otter_api_setup(otter_api_t *api)
{
    curl_easy_reset(api->curl);

    curl_easy_setopt(api->curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(api->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(api->curl, CURLOPT_CERTINFO, 1L);
    curl_easy_setopt(api->curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(api->curl, CURLOPT_USERAGENT, "otter/" OTTER_VERSION);
    curl_easy_setopt(api->curl, CURLOPT_HTTPHEADER, api->headers);
    curl_easy_setopt(api->curl, CURLOPT_WRITEFUNCTION, otter_api_take);
    curl_easy_setopt(api->curl, CURLOPT_CONNECTTIMEOUT,
                     (long) OTTER_API_CONNECT_TIMEOUT);
    curl_easy_setopt(api->curl, CURLOPT_TIMEOUT, (long) OTTER_API_TIMEOUT);

    if (api->ca_file) {
        curl_easy_setopt(api->curl, CURLOPT_CAINFO, api->ca_file);
        curl_easy_setopt(api->curl, CURLOPT_CAPATH, NULL);
    }
}


/* a proxy that the environment names has nothing to do with this machine */

static unsigned
otter_api_is_here(const char *url)
{
    char      *host;
    CURLU     *u;
    unsigned   here;

    u = curl_url();
    host = NULL;

    here = u && curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK
           && curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK
           && (strcmp(host, "localhost") == 0
               || strncmp(host, "127.", 4) == 0
               || strcmp(host, "[::1]") == 0);

    curl_free(host);
    curl_url_cleanup(u);

    return here;
}


static json_t *
otter_api_answer(otter_api_t *api, otter_api_body_t *body)
{
    json_t      *answer;
    const char  *detail, *code;

    answer = body->len ? json_loadb(body->data, body->len, 0, NULL)
                       : json_object();

    if (api->status >= 200 && api->status < 300 && json_is_object(answer)) {
        return answer;
    }

    /* a problem of RFC 9457, or what something else says in Otter's place */

    detail = json_string_value(json_object_get(answer, "detail"));
    code = json_string_value(json_object_get(answer, "code"));

    if (detail && code) {
        snprintf(api->error, sizeof(api->error), "%s (%ld %s)", detail,
                 api->status, code);

    } else {
        snprintf(api->error, sizeof(api->error), "the answer is %ld, and "
                 "not of Otter: see --url", api->status);
    }

    json_decref(answer);

    return NULL;
}


json_t *
otter_api_need(otter_api_t *api, const char *method, const char *path)
{
    json_t  *answer;

    answer = otter_api_call(api, method, path);

    if (answer == NULL) {
        (void) otter_cmd_refused(api->cmd, "%s", api->error);
    }

    return answer;
}


static size_t
otter_api_take(char *data, size_t size, size_t n, void *to)
{
    char              *p;
    size_t             len, room;
    otter_api_body_t  *body = to;

    len = size * n;

    if (len > OTTER_API_BODY_MAX - body->len) {
        return 0;
    }

    if (body->len + len > body->size) {
        room = (body->len + len) * 2;

        p = realloc(body->data, room);
        if (p == NULL) {
            return 0;
        }

        body->data = p;
        body->size = room;
    }

    memcpy(body->data + body->len, data, len);
    body->len += len;

    return len;
}
