
/*
 * Copyright (C) Otter contributors
 */

/*
 * The JSON scanner agrees with jansson; any bytes come back from escaping;
 * what unescaping gives is what jansson reads.
 */


#include "json_random.h"
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


static void
check_string(const uint8_t *text, size_t size, const json_t *tree)
{
    int64_t         n;
    unsigned char  *decoded;

    decoded = malloc(size);
    if (decoded == NULL) {
        return;
    }

    n = otter_json_unescape(decoded, size, text + 1, size - 2);

    fuzz_must(n == (int64_t) json_string_length(tree)
              && memcmp(decoded, json_string_value(tree), (size_t) n) == 0);

    free(decoded);
}


static void
check_valid(const uint8_t *data, size_t size)
{
    int        valid;
    json_t    *tree;
    unsigned   members;
    oracle_t   oracle;

    valid = otter_json_valid(data, size);

    if (!otter_utf8_valid(data, size)) {
        return;
    }

    oracle = oracle_load(data, size, &tree);

    if (oracle == ORACLE_VALID) {
        fuzz_must(valid == (oracle_depth(data, size, &members) <= 32));

    } else if (oracle == ORACLE_INVALID) {
        fuzz_must(!valid);
    }

    if (json_is_string(tree) && data[0] == '"' && data[size - 1] == '"') {
        check_string(data, size, tree);
    }

    json_decref(tree);
}


static void
check_escape(const uint8_t *data, size_t size)
{
    size_t          len;
    unsigned char  *text, *back, *end;

    len = otter_json_escaped_size(data, size);
    text = malloc(len + 2);
    back = malloc(size ? size : 1);

    if (text && back) {
        text[0] = '"';
        end = otter_json_escape(text + 1, data, size);
        fuzz_must(end == text + 1 + len);
        *end = '"';

        fuzz_must(otter_json_valid(text, len + 2));
        fuzz_must(otter_json_unescape(back, size, text + 1, len)
                  == (int64_t) size);
        fuzz_must(size == 0 || memcmp(back, data, size) == 0);

        if (otter_utf8_valid(data, size)) {
            fuzz_must(memchr(data, '\\', size)
                      || otter_json_same(data, size, text + 1, len));
        }
    }

    free(text);
    free(back);
}


/* two halves of any bytes: nothing to expect but that it ends well */

static void
check_any(const uint8_t *data, size_t size)
{
    size_t          half;
    int64_t         n;
    unsigned char  *dst;

    half = size / 2;
    dst = malloc(size);
    if (dst == NULL) {
        return;
    }

    n = otter_json_unescape(dst, size, data, size);
    fuzz_must(n >= -1 && n <= (int64_t) size);

    n = otter_json_unescape(dst, half, data, size);
    fuzz_must(n >= -1 && n <= (int64_t) half);

    fuzz_must(!otter_json_same(data, half, data + half, size - half)
              || otter_json_hash(data, half)
                 == otter_json_hash(data + half, size - half));

    free(dst);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > sizeof(((text_t *) 0)->data)) {
        return 0;
    }

    check_valid(data, size);
    check_escape(data, size);

    if (size) {
        check_any(data, size);
    }

    return 0;
}
