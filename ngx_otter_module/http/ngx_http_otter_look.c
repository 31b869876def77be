
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_rooms.h"
#include "ngx_otter_look.h"


/* a request that waits until it is known what other hosts have */

typedef struct {
    ngx_http_request_t       *request;
    ngx_otter_look_t         *look;            /* NULL: it is done */
    ngx_http_otter_look_pt    handler;
    void                     *data;
} ngx_http_otter_look_t;


static void ngx_http_otter_look_done(ngx_otter_look_t *look);
static void ngx_http_otter_look_forget(void *data);


ngx_int_t
ngx_http_otter_look(ngx_http_request_t *r, ngx_str_t *room,
    ngx_otter_room_page_t *page, ngx_http_otter_look_pt handler, void *data)
{
    ngx_int_t               rc;
    ngx_http_cleanup_t     *cln;
    ngx_http_otter_look_t  *wait;

    if (!ngx_otter_remote_up()) {
        return handler(r, data);
    }

    cln = ngx_http_cleanup_add(r, sizeof(ngx_http_otter_look_t));
    if (cln == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    wait = cln->data;
    wait->request = r;
    wait->look = NULL;
    wait->handler = handler;
    wait->data = data;

    rc = page ? ngx_otter_look_page(page, ngx_http_otter_look_done, wait,
                                    &wait->look)
              : ngx_otter_look_room(room, ngx_http_otter_look_done, wait,
                                    &wait->look);

    if (rc == NGX_DECLINED) {
        return handler(r, data);
    }

    if (rc == NGX_ERROR) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    cln->handler = ngx_http_otter_look_forget;

    r->main->count++;
    r->read_event_handler = ngx_http_test_reading;

    return NGX_DONE;
}


static void
ngx_http_otter_look_done(ngx_otter_look_t *look)
{
    ngx_connection_t       *c;
    ngx_http_request_t     *r;
    ngx_http_otter_look_t  *wait;

    wait = look->caller;
    wait->look = NULL;

    r = wait->request;
    c = r->connection;

    ngx_http_finalize_request(r, wait->handler(r, wait->data));
    ngx_http_run_posted_requests(c);
}


static void
ngx_http_otter_look_forget(void *data)
{
    ngx_http_otter_look_t  *wait = data;

    if (wait->look) {
        wait->look->done = NULL;
    }
}
