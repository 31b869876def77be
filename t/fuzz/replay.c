
/*
 * Copyright (C) Otter contributors
 */

/*
 * The main() of a fuzz target without a fuzzer: runs the inputs in the files
 * given, such as a corpus or a crash.
 */


#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static int
replay(const char *name)
{
    long      size;
    FILE     *file;
    uint8_t  *data;

    file = fopen(name, "rb");

    if (file == NULL
        || fseek(file, 0, SEEK_END) != 0
        || (size = ftell(file)) < 0
        || fseek(file, 0, SEEK_SET) != 0)
    {
        perror(name);

        if (file) {
            (void) fclose(file);
        }

        return 1;
    }

    /* just the size, so that an overrun is seen */

    data = malloc(size ? (size_t) size : 1);

    if (data == NULL
        || fread(data, 1, (size_t) size, file) != (size_t) size)
    {
        perror(name);
        free(data);
        (void) fclose(file);
        return 1;
    }

    (void) fclose(file);
    (void) LLVMFuzzerTestOneInput(data, (size_t) size);
    free(data);

    return 0;
}


int
main(int argc, char **argv)
{
    int  i, failed;

    failed = 0;

    for (i = 1; i < argc; i++) {
        failed |= replay(argv[i]);
    }

    printf("%d inputs\n", argc - 1);

    return failed || argc == 1;
}
