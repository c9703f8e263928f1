/* replay.c: runs a fuzz target over files, on any compiler: what `make check` does with the
 * corpus. usage: fuzz_NAME [-mutate N] FILE-OR-FOLDER…
 * With -mutate each file is also tried N times with bytes changed, cut and doubled by a fixed
 * pseudo-random sequence: a small fuzzer for machines without clang. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static long inputs, mutations;
static uint64_t seed = 88172645463325252u;

static uint64_t rnd(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    return seed ^= seed << 17;
}

static void run(const uint8_t *p, size_t n)
{
    /* An exact copy on the heap, so that AddressSanitizer sees one byte too far. */
    uint8_t *copy = malloc(n ? n : 1);
    if (n)
        memcpy(copy, p, n);
    LLVMFuzzerTestOneInput(copy, n);
    free(copy);
    inputs++;
}

static void mutate(const uint8_t *p, size_t n)
{
    uint8_t *m = malloc(2 * n + 16);
    for (long k = 0; k < mutations; k++) {
        size_t len = n;
        memcpy(m, p, n);
        for (int edits = 1 + (int)(rnd() % 4); edits > 0 && len > 0; edits--) {
            size_t at = rnd() % len, span = 1 + rnd() % 8;
            switch (rnd() % 4) {
            case 0: m[at] = (uint8_t)rnd(); break;
            case 1: m[at] ^= (uint8_t)(1u << rnd() % 8); break;
            case 2: /* cut */
                if (span > len - at)
                    span = len - at;
                memmove(m + at, m + at + span, len - at - span);
                len -= span;
                break;
            case 3: /* double */
                if (span > len - at)
                    span = len - at;
                if (len + span > 2 * n)
                    break;
                memmove(m + at + span, m + at, len - at);
                len += span;
                break;
            }
        }
        run(m, len);
    }
    free(m);
}

static void visit(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0) {
        perror(path);
        exit(2);
    }
    if (S_ISDIR(st.st_mode)) {
        DIR *d = opendir(path);
        for (struct dirent *e; d && (e = readdir(d));) {
            char sub[4096];
            if (e->d_name[0] != '.' &&
                snprintf(sub, sizeof sub, "%s/%s", path, e->d_name) < (int)sizeof sub)
                visit(sub);
        }
        if (d)
            closedir(d);
        return;
    }
    FILE *f = fopen(path, "rb");
    uint8_t *p = malloc((size_t)st.st_size + 1);
    size_t n = f ? fread(p, 1, (size_t)st.st_size, f) : 0;
    if (f)
        fclose(f);
    run(p, n);
    mutate(p, n);
    free(p);
}

int main(int argc, char **argv)
{
    int i = 1;
    if (argc > 2 && strcmp(argv[1], "-mutate") == 0) {
        mutations = strtol(argv[2], NULL, 10);
        i = 3;
    }
    for (; i < argc; i++)
        visit(argv[i]);
    printf("%ld inputs\n", inputs);
    return 0;
}
