/* analyze.c: how fast the analyzer is on the texts of a file (one a line), in one thread and in
 * several, beside memcpy of the same bytes. Prints name<TAB>value<TAB>unit.
 *   analyze TEXTS [RULES-DIR [STEP]]      STEP: fold, cut, brief, full: only that, for profiling;
 *                                         texts, phrases: print them folded, for other matchers */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "analyzer/analyzer.h"
#include "analyzer/fold.h"
#include "analyzer/scan.h"
#include "analyzer/units.h"
#include "tools/bench/seconds.h"

struct corpus {
    struct post *posts;
    size_t count, bytes;
};

static struct corpus load(const char *path)
{
    struct corpus c = {0};
    FILE *f = fopen(path, "rb");
    if (!f) {
        perror(path);
        exit(1);
    }
    fseek(f, 0, SEEK_END);
    size_t size = (size_t)ftell(f), cap = 0;
    rewind(f);
    char *text = malloc(size + 1);
    if (!text || fread(text, 1, size, f) != size)
        exit(1);
    fclose(f);
    struct str rest = {text, size}, line;
    while (str_split(&rest, '\n', &line)) {
        if (line.len == 0)
            continue;
        if (c.count == cap) {
            cap = cap ? cap * 2 : 4096;
            c.posts = realloc(c.posts, cap * sizeof *c.posts);
        }
        c.posts[c.count] = POST_INIT;
        c.posts[c.count++].text = line;
        c.bytes += line.len;
    }
    return c;
}

static void print_folded(struct str s)
{
    static char out[1 << 22];
    struct fold_stats st = {0};
    size_t n = fold_text(s, out, &st);
    for (size_t i = 0; i < n; i++)
        putchar(out[i] == '\n' ? ' ' : out[i]);
    putchar('\n');
}

/* Plain phrases only: no `word*`, no <sign>. */
static void print_phrases(const struct ruleset *rs)
{
    const struct image *m = rs->image;
    const struct image_phrase *p = IMAGE(m, PHRASES, struct image_phrase);
    for (uint32_t i = 0; i < m->sections[SEC_PHRASES].count; i++) {
        struct str t = image_str(m, (struct image_text){p[i].text, p[i].len});
        if (str_chr(t, '*') < 0 && t.ptr[0] != '<')
            print_folded(t);
    }
}

static double fold_all(const struct corpus *c)
{
    static char out[1 << 22];
    struct fold_stats st = {0};
    double from = seconds(CLOCK_THREAD_CPUTIME_ID);
    for (size_t i = 0; i < c->count; i++)
        fold_text(c->posts[i].text, out, &st);
    return seconds(CLOCK_THREAD_CPUTIME_ID) - from;
}

static double cut_all(const struct corpus *c)
{
    static char out[1 << 22];
    static struct unit units[1 << 18];
    struct fold_stats st = {0};
    double from = seconds(CLOCK_THREAD_CPUTIME_ID);
    for (size_t i = 0; i < c->count; i++)
        units_cut(out, fold_text(c->posts[i].text, out, &st), units, 1 << 18);
    return seconds(CLOCK_THREAD_CPUTIME_ID) - from;
}

static double copy_all(const struct corpus *c)
{
    static char out[1 << 22];
    double from = seconds(CLOCK_THREAD_CPUTIME_ID);
    for (size_t i = 0; i < c->count; i++) {
        memcpy(out, c->posts[i].text.ptr, c->posts[i].text.len);
        __asm__ volatile("" ::"r"(out) : "memory");
    }
    return seconds(CLOCK_THREAD_CPUTIME_ID) - from;
}

struct job {
    const struct ruleset *rs;
    const struct corpus *c;
    size_t from, to;
    unsigned flags;
    double seconds;
};

static void *scan_part(void *arg)
{
    struct job *j = arg;
    struct scanner *s = scan_new(j->rs);
    struct arena *a = arena_new();
    struct verdict v;
    for (int warm = 1; warm >= 0; warm--) {
        double from = seconds(CLOCK_THREAD_CPUTIME_ID);
        for (size_t i = j->from; i < (warm ? j->from + (j->to - j->from) / 10 : j->to); i++) {
            if (scan_post(s, &j->c->posts[i], j->flags, a, &v, NULL) != DF_OK)
                exit(1);
            if (!(j->flags & SCAN_BRIEF))
                arena_reset(a);
        }
        j->seconds = seconds(CLOCK_THREAD_CPUTIME_ID) - from;
    }
    arena_free(&a);
    scan_free(&s);
    return NULL;
}

static void print(const char *name, double value, const char *unit)
{
    printf("%s\t%.4g\t%s\n", name, value, unit);
    fflush(stdout);
}

static void report(const struct corpus *c, const char *name, double seconds)
{
    char full[100];
    snprintf(full, sizeof full, "analyze.%s", name);
    print(full, (double)c->count / seconds / 1e6, "Mposts/s");
    snprintf(full, sizeof full, "analyze.%s.bytes", name);
    print(full, (double)c->bytes / seconds / 1e6, "MB/s");
}

static double scan_all(const struct ruleset *rs, const struct corpus *c, unsigned flags)
{
    double best = 1e9;
    for (int i = 0; i < 3; i++) {
        struct job j = {rs, c, 0, c->count, flags, 0};
        scan_part(&j);
        best = j.seconds < best ? j.seconds : best;
    }
    return best;
}

static double scan_threads(const struct ruleset *rs, const struct corpus *c, unsigned n)
{
    pthread_t t[16];
    struct job j[16];
    double from = seconds(CLOCK_MONOTONIC);
    for (unsigned i = 0; i < n; i++) {
        j[i] = (struct job){rs, c, c->count * i / n, c->count * (i + 1) / n, SCAN_BRIEF, 0};
        pthread_create(&t[i], NULL, scan_part, &j[i]);
    }
    for (unsigned i = 0; i < n; i++)
        pthread_join(t[i], NULL);
    return seconds(CLOCK_MONOTONIC) - from;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: analyze TEXTS [RULES-DIR [STEP]]\n");
        return 2;
    }
    struct corpus c = load(argv[1]);
    struct diags d = {0};
    struct ruleset *rs;
    const char *dirs[] = {argc > 2 ? argv[2] : NULL};
    struct ruleset_spec spec = {.dirs = dirs, .dir_count = argc > 2 && dirs[0][0]};
    double from = seconds(CLOCK_MONOTONIC);
    if (ruleset_load(&spec, &rs, &d) != DF_OK) {
        for (int i = 0; i < d.count; i++)
            fprintf(stderr, "%s:%d: %s\n", d.items[i].err.file, d.items[i].err.line,
                    d.items[i].err.text);
        return 1;
    }
    double loaded = seconds(CLOCK_MONOTONIC) - from;
    const char *step = argc > 3 ? argv[3] : NULL;
    if (step && strcmp(step, "phrases") == 0) {
        print_phrases(rs);
        return 0;
    }
    if (step && strcmp(step, "texts") == 0) {
        for (size_t i = 0; i < c.count; i++)
            print_folded(c.posts[i].text);
        return 0;
    }
    if (step) {
        report(&c, step, strcmp(step, "fold") == 0   ? fold_all(&c)
                         : strcmp(step, "cut") == 0  ? cut_all(&c)
                         : strcmp(step, "full") == 0 ? scan_all(rs, &c, SCAN_FULL)
                                                     : scan_all(rs, &c, SCAN_BRIEF));
        return 0;
    }
    struct ruleset_counts k = ruleset_counts(rs);
    print("analyze.posts", (double)c.count, "posts");
    print("analyze.post_size", (double)c.bytes / (double)c.count, "bytes");
    print("analyze.phrases", k.phrases, "phrases");
    print("analyze.phrases.learned", k.weighted, "phrases");
    print("analyze.rules", k.rules, "rules");
    print("analyze.patterns", k.regexes, "patterns");
    print("analyze.load", loaded * 1e3, "ms");
    print("analyze.ruleset", k.bytes / 1e6, "MB");
    double copy = copy_all(&c);
    report(&c, "memcpy", copy);
    report(&c, "fold", fold_all(&c));
    report(&c, "fold_cut", cut_all(&c));
    double brief = scan_all(rs, &c, SCAN_BRIEF);
    report(&c, "brief", brief);
    print("analyze.brief.of_memcpy", 100 * copy / brief, "%");
    report(&c, "full", scan_all(rs, &c, SCAN_FULL));
    double one = scan_threads(rs, &c, 1), two = scan_threads(rs, &c, 2);
    print("analyze.two_threads", one / two, "times");
    struct rusage ru;
    getrusage(RUSAGE_SELF, &ru);
    print("analyze.memory", (double)(ru.ru_maxrss * 1024L - (long)c.bytes) / 1e6, "MB");
    ruleset_free(&rs);
    return 0;
}
