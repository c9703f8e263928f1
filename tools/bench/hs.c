/* hs.c: Hyperscan in literal mode over the same folded texts and phrases: all it does is find them;
 * no word borders, no weights, no rules. Prints name<TAB>value<TAB>unit. usage: hs TEXTS PHRASES */
#include <hs/hs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct lines {
    char **ptr;
    size_t *len, count, bytes;
};

static struct lines load(const char *path)
{
    struct lines l = {0};
    FILE *f = fopen(path, "r");
    char *line = NULL;
    size_t cap = 0, room = 0;
    ssize_t n;
    if (!f)
        exit(1);
    while ((n = getline(&line, &cap, f)) > 1) {
        if (l.count == room) {
            room = room ? room * 2 : 4096;
            l.ptr = realloc(l.ptr, room * sizeof *l.ptr);
            l.len = realloc(l.len, room * sizeof *l.len);
        }
        line[n - 1] = '\0';
        l.len[l.count] = (size_t)n - 1;
        l.bytes += (size_t)n - 1;
        l.ptr[l.count++] = strdup(line);
    }
    free(line);
    fclose(f);
    return l;
}

static double cpu(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int on_hit(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
                  void *count)
{
    (void)id, (void)from, (void)to, (void)flags;
    ++*(size_t *)count;
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    struct lines texts = load(argv[1]), words = load(argv[2]);
    unsigned *flags = calloc(words.count, sizeof *flags), *ids = calloc(words.count, sizeof *ids);
    hs_database_t *db;
    hs_compile_error_t *e;
    hs_scratch_t *scratch = NULL;
    for (size_t i = 0; i < words.count; i++)
        ids[i] = (unsigned)i;
    double from = cpu();
    if (hs_compile_lit_multi((const char *const *)words.ptr, flags, ids, words.len,
                             (unsigned)words.count, HS_MODE_BLOCK, NULL, &db, &e) != HS_SUCCESS) {
        fprintf(stderr, "hs: %s\n", e->message);
        return 1;
    }
    printf("peer.hyperscan.compile\t%.4g\tms\n", (cpu() - from) * 1e3);
    if (hs_alloc_scratch(db, &scratch) != HS_SUCCESS)
        return 1;
    size_t hits = 0;
    double best = 1e9;
    for (int round = 0; round < 3; round++) {
        from = cpu();
        for (size_t i = 0; i < texts.count; i++)
            hs_scan(db, texts.ptr[i], (unsigned)texts.len[i], 0, scratch, on_hit, &hits);
        double s = cpu() - from;
        best = s < best ? s : best;
    }
    printf("peer.hyperscan.literals\t%.4g\tMposts/s\n", (double)texts.count / best / 1e6);
    printf("peer.hyperscan.hits\t%.4g\thits/post\n", (double)hits / 3 / (double)texts.count);
    return 0;
}
