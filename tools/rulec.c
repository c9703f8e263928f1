/* rulec.c: compiles the shipped rules into the image that the program carries, so that it starts
 * without reading YAML. Faults in the rules stop the build. */
#include <stdio.h>

#include "analyzer/analyzer.h"
#include "analyzer/compile.h"

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
    if (!m)
        return 1;
    FILE *f = fopen(argv[1], "wb");
    if (!f || fwrite(m, 1, m->size, f) != m->size || fclose(f) != 0) {
        perror(argv[1]);
        return 1;
    }
    return 0;
}
