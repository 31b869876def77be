
/*
 * Copyright (C) Otter contributors
 */

/*
 * What a server gives to browsers as ICE servers, tried as they would: with
 * the credentials that came along.
 */


#ifndef OTTER_ICE_H_INCLUDED
#define OTTER_ICE_H_INCLUDED


#include <jansson.h>

#include "otter_target.h"


typedef struct {
    const char           *uri;
    unsigned              valid:1;     /* it is an URI of RFC 7064 or 7065 */
    unsigned              turn:1;
    const char           *transport;
    otter_stun_result_t   result;
} otter_ice_result_t;


/*
 * servers is an array of RTCIceServer, ca a file of CAs to trust, or NULL for
 * the system's; tell is called for each URI
 */

void otter_ice_try(const json_t *servers, const char *ca,
    void (*tell)(const otter_ice_result_t *r, void *data), void *data);


#endif /* OTTER_ICE_H_INCLUDED */
