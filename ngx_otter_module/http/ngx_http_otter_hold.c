
/*
 * Copyright (C) Otter contributors
 */

/*
 * A worker that has just begun, as after a reload, may not have the API keys
 * of Redis yet: a request with one waits a moment for them.
 */


#include "ngx_http_otter_module.h"
#include "ngx_otter_keystore.h"


enum {
    NGX_HTTP_OTTER_HOLD_INTERVAL = 10  /* milliseconds */
};

typedef struct {
    ngx_event_t                  event;
    ngx_http_request_t          *request;
    ngx_http_otter_handler_pt    handler;
} ngx_http_otter_hold_t;


static ngx_uint_t ngx_http_otter_hold_wanted(ngx_http_request_t *r);
static void ngx_http_otter_hold_handler(ngx_event_t *ev);
static void ngx_http_otter_hold_cleanup(void *data);


ngx_int_t
ngx_http_otter_hold(ngx_http_request_t *r, ngx_http_otter_handler_pt handler)
{
    ngx_http_cleanup_t     *cln;
    ngx_http_otter_hold_t  *hold;

    if (!ngx_http_otter_hold_wanted(r)) {
        return handler(r);
    }

    cln = ngx_http_cleanup_add(r, sizeof(ngx_http_otter_hold_t));
    if (cln == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    cln->handler = ngx_http_otter_hold_cleanup;

    hold = cln->data;

    ngx_memzero(hold, sizeof(ngx_http_otter_hold_t));

    hold->request = r;
    hold->handler = handler;
    hold->event.handler = ngx_http_otter_hold_handler;
    hold->event.data = hold;
    hold->event.log = r->connection->log;

    ngx_add_timer(&hold->event, NGX_HTTP_OTTER_HOLD_INTERVAL);

    r->main->count++;
    r->read_event_handler = ngx_http_test_reading;

    return NGX_DONE;
}


static ngx_uint_t
ngx_http_otter_hold_wanted(ngx_http_request_t *r)
{
    ngx_str_t              credential;
    const otter_apikey_t  *key;

    /* one of the file is known already */

    return ngx_otter_keystore_awaited()
           && ngx_http_otter_bearer(r, &credential) == NGX_OK
           && credential.len >= 4
           && ngx_strncmp(credential.data, "otk_", 4) == 0
           && ngx_http_otter_find_key(r, &credential, &key)
              == OTTER_APIKEY_UNKNOWN;
}


static void
ngx_http_otter_hold_handler(ngx_event_t *ev)
{
    ngx_connection_t       *c;
    ngx_http_request_t     *r;
    ngx_http_otter_hold_t  *hold;

    hold = ev->data;

    if (ngx_otter_keystore_awaited()) {
        ngx_add_timer(ev, NGX_HTTP_OTTER_HOLD_INTERVAL);
        return;
    }

    r = hold->request;
    c = r->connection;

    ngx_http_finalize_request(r, hold->handler(r));
    ngx_http_run_posted_requests(c);
}


/* the client is gone */

static void
ngx_http_otter_hold_cleanup(void *data)
{
    ngx_http_otter_hold_t  *hold = data;

    if (hold->event.timer_set) {
        ngx_del_timer(&hold->event);
    }
}
