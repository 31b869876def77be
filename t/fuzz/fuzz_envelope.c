
/*
 * Copyright (C) Otter contributors
 */

/*
 * The envelope: what is taken is one JSON object whose members stand once,
 * every span lies in it and is what the type promises; what is refused has a
 * detail that can stand in JSON as it is.
 */


#include "json_random.h"
#include "otter_envelope.h"
#include "otter_json.h"
#include "otter_utf8.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static void
fuzz_must(int good)
{
    if (!good) {
        abort();
    }
}


/* in the text, and a JSON value of its own; strings have quotes around */

static void
check_span(const otter_span_t *span, const uint8_t *data, size_t size,
    int string)
{
    size_t                len;
    const unsigned char  *p;

    if (span->data == NULL) {
        return;
    }

    p = span->data;
    len = span->len;

    if (string) {
        p--;
        len += 2;
    }

    fuzz_must(p > data && p + len < data + size);
    fuzz_must(otter_json_valid(p, len));
    fuzz_must(!string || *p == '"');
}


static void
check_spans(const otter_envelope_t *e, const uint8_t *data, size_t size)
{
    check_span(&e->to, data, size, 1);
    check_span(&e->data, data, size, 0);
    check_span(&e->ref, data, size, 0);
    check_span(&e->peer, data, size, 1);
    check_span(&e->name, data, size, 1);
    check_span(&e->metadata, data, size, 0);
    check_span(&e->token, data, size, 1);

    fuzz_must(e->metadata.data == NULL || e->metadata.data[0] == '{');
}


static void
check_needs(const otter_envelope_t *e)
{
    switch (e->type) {

    case OTTER_ENVELOPE_SIGNAL:
        fuzz_must(e->to.data && e->data.data);
        break;

    case OTTER_ENVELOPE_MESSAGE:
        fuzz_must(e->data.data && e->to.data == NULL);
        break;

    case OTTER_ENVELOPE_ACK:
        fuzz_must(e->seq >= 0);
        break;

    case OTTER_ENVELOPE_TOKEN:
        fuzz_must(e->token.data != NULL);
        break;

    case OTTER_ENVELOPE_KICK:
    case OTTER_ENVELOPE_ADMIT:
    case OTTER_ENVELOPE_DENY:
        fuzz_must(e->peer.data != NULL);
        break;

    case OTTER_ENVELOPE_ROOM:
        fuzz_must(e->max_peers == -1 || e->max_peers >= 1);
        break;

    case OTTER_ENVELOPE_UPDATE:
    case OTTER_ENVELOPE_LEAVE:
        fuzz_must(e->data.data == NULL && e->peer.data == NULL);
        break;

    default:
        fuzz_must(0);
    }
}


static void
check_detail(const char *detail)
{
    size_t  len;

    len = strlen(detail);

    fuzz_must(len > 0 && otter_json_escaped_size(
                             (const unsigned char *) detail, len) == len);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_t            *tree;
    unsigned           members;
    oracle_t           oracle;
    const char        *detail;
    otter_envelope_t   e;

    if (size > sizeof(((text_t *) 0)->data)) {
        return 0;
    }

    detail = otter_envelope_parse(&e, data, size);

    if (!otter_utf8_valid(data, size)) {
        return 0;
    }

    check_span(&e.ref, data, size, 0);

    if (detail) {
        check_detail(detail);
        return 0;
    }

    fuzz_must(otter_json_valid(data, size));
    check_spans(&e, data, size);
    check_needs(&e);

    oracle = oracle_load(data, size, &tree);
    fuzz_must(oracle != ORACLE_INVALID);

    if (oracle == ORACLE_VALID) {
        fuzz_must(oracle_depth(data, size, &members) <= 32);
        fuzz_must(members <= 64 && json_object_size(tree) == members);
    }

    json_decref(tree);

    return 0;
}
