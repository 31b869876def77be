
/*
 * Copyright (C) Otter contributors
 */

/*
 * The main() of a fuzz target without a fuzzer: runs the inputs in the files
 * given, such as a crash, or else all of the target's corpus.  It prints TAP;
 * an input that is not taken well ends the process.
 */


#include <glob.h>
#include <stdlib.h>

#include "tap.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


/* just the size is allocated, so that an overrun is seen */

static uint8_t *
input_of(const char *name, size_t *size)
{
    long      len;
    FILE     *file;
    uint8_t  *data;

    file = fopen(name, "rb");
    if (file == NULL) {
        return NULL;
    }

    data = NULL;

    if (fseek(file, 0, SEEK_END) == 0
        && (len = ftell(file)) >= 0
        && fseek(file, 0, SEEK_SET) == 0)
    {
        *size = (size_t) len;
        data = malloc(*size ? *size : 1);
    }

    if (data && fread(data, 1, *size, file) != *size) {
        free(data);
        data = NULL;
    }

    (void) fclose(file);

    return data;
}


static void
replay(const char *name)
{
    size_t    size;
    uint8_t  *data;

    tap_diag("%s", name);

    size = 0;
    data = input_of(name, &size);

    tap_ok(data && LLVMFuzzerTestOneInput(data, size) == 0, "%s", name);

    free(data);
}


int
main(int argc, char **argv)
{
    int     i;
    size_t  n;
    glob_t  corpus;

    for (i = 1; i < argc; i++) {
        replay(argv[i]);
    }

    if (argc == 1) {
        tap_ok(glob(OTTER_FUZZ_CORPUS "/*", 0, NULL, &corpus) == 0,
               "there is a corpus");

        for (n = 0; n < corpus.gl_pathc; n++) {
            replay(corpus.gl_pathv[n]);
        }

        globfree(&corpus);
    }

    return tap_done();
}
