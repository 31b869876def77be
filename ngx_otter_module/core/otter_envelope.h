
/*
 * Copyright (C) Otter contributors
 */

/*
 * The envelope of a client's message (interface, section 3): its type, whom
 * it is for, and where its parts lie.  The text is validated throughout, but
 * "data", "metadata" and "ref" are only located, so they can be relayed byte
 * for byte.
 */


#ifndef OTTER_ENVELOPE_H_INCLUDED
#define OTTER_ENVELOPE_H_INCLUDED


#include "otter_core.h"


typedef enum {
    OTTER_ENVELOPE_SIGNAL = 0,
    OTTER_ENVELOPE_MESSAGE,
    OTTER_ENVELOPE_UPDATE,
    OTTER_ENVELOPE_ACK,
    OTTER_ENVELOPE_TOKEN,
    OTTER_ENVELOPE_KICK,
    OTTER_ENVELOPE_ADMIT,
    OTTER_ENVELOPE_DENY,
    OTTER_ENVELOPE_ROOM,
    OTTER_ENVELOPE_LEAVE
} otter_envelope_type_t;

/* a member that may be left out, and a boolean that may be left out */

typedef enum {
    OTTER_ENVELOPE_UNSET = -1,
    OTTER_ENVELOPE_FALSE = 0,
    OTTER_ENVELOPE_TRUE = 1
} otter_envelope_bool_t;

/*
 * Spans of strings are the insides, without quotes, still escaped as the
 * client wrote them; those of data, metadata and ref are whole JSON values.
 * A span that the message lacks has data NULL.
 */

typedef struct {
    otter_envelope_type_t  type;
    otter_span_t           to;           /* signal */
    otter_span_t           data;         /* signal, message */
    otter_span_t           ref;          /* any; kept also when refused */
    otter_span_t           peer;         /* kick, admit, deny */
    otter_span_t           name;         /* update */
    otter_span_t           metadata;     /* update: an object */
    otter_span_t           token;        /* token */
    int64_t                seq;          /* ack: 0 or more */
    int64_t                max_peers;    /* room: 1 or more; -1: unset */
    otter_envelope_bool_t  locked;       /* room */
    otter_envelope_bool_t  lobby;        /* room */
} otter_envelope_t;


/*
 * Returns NULL, or a constant text in English saying what is wrong ("detail"
 * of the error "bad-message"); e->ref is then set if it could be found.
 * Refused: what is not one JSON object, nests deeper than 32 levels (the
 * object itself is the first), names a member twice at the top level (names
 * compared decoded), has no known "type", lacks a member that its type needs
 * or gives one of the wrong kind.  Members a type does not know are ignored.
 */

const char *otter_envelope_parse(otter_envelope_t *e,
    const unsigned char *text, size_t len);

/* the same for a message posted to the HTTP API: "data", and "to" or not */

const char *otter_envelope_parse_posted(otter_envelope_t *e,
    const unsigned char *text, size_t len);


#endif /* OTTER_ENVELOPE_H_INCLUDED */
