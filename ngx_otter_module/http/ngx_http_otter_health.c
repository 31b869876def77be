
/*
 * Copyright (C) Otter contributors
 */


#include "ngx_http_otter_module.h"
#include "ngx_otter_bus.h"
#include "ngx_otter_remote.h"


ngx_int_t
ngx_http_otter_health_handler(ngx_http_request_t *r)
{
    ngx_otter_text_t             text;
    ngx_otter_bus_health_t       bus;
    ngx_http_otter_main_conf_t  *omcf;

    omcf = ngx_http_get_module_main_conf(r, ngx_http_otter_module);

    if (omcf->zone->sh == NULL) {
        return ngx_http_otter_problem(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                                      "unavailable",
                                      "the shared memory is not there");
    }

    ngx_otter_bus_health(omcf->zone, &bus);

    if (!bus.ready) {
        return ngx_http_otter_problem(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                                      "unavailable",
                                      "this worker has no place on the bus");
    }

    ngx_otter_text_init(&text);

    if (!ngx_otter_remote_on()) {
        ngx_otter_text_add_string(&text, "{\"status\":\"ok\",\"bus\":"
                                  "{\"type\":\"local\",");

    } else if (ngx_otter_remote_up()) {
        ngx_otter_text_add_string(&text, "{\"status\":\"ok\",\"bus\":"
                                  "{\"type\":\"redis\",");

    } else {

        /* peers of this host go on, those of others can't be reached */

        ngx_otter_text_add_string(&text, "{\"status\":\"degraded\",\"bus\":"
                                  "{\"type\":\"redis\",");
    }

    ngx_otter_text_add_string(&text, (ngx_otter_remote_on()
                                      && !ngx_otter_remote_up())
                                     ? "\"status\":\"down\",\"workers\":"
                                     : "\"status\":\"ok\",\"workers\":");
    ngx_otter_text_add_number(&text, bus.workers);
    ngx_otter_text_add_string(&text, "}}\n");

    return ngx_http_otter_text(r, NGX_HTTP_OK, &text);
}
