/* rulec.c: compiles the shipped rules into the image that the program carries, so that it starts
 * without reading YAML. Faults in the rules stop the build. */
#include <stdio.h>
#include <stdlib.h>

#include "analyzer/analyzer.h"
#include "analyzer/compile.h"

static int write_image(const struct image *m, const char *path)
{
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(m, 1, m->size, f) != m->size || fclose(f) != 0) {
        perror(path);
        return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: rulec OUT\n");
        return 2;
    }
    struct arena *a = arena_new();
    struct diags d = {0};
    struct image *m = image_compile(ruleset_read(&(struct ruleset_spec){0}, a, &d));
    for (int i = 0; i < d.count; i++)
        fprintf(stderr, "%s:%d:%d: %s\n", d.items[i].err.file, d.items[i].err.line,
                d.items[i].err.col, d.items[i].err.text);
    int status = m ? write_image(m, argv[1]) : 1;
    free(m);
    diags_free(&d);
    arena_free(&a);
    return status;
}
