#include "tests/lib/rules_of.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void put(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    if (!f || fputs(text, f) < 0 || fclose(f) != 0)
        abort();
}

struct ruleset *rules_of(const char *yaml, const char *tsv, struct diags *diags)
{
    char dir[] = "/tmp/rules-XXXXXX", pack[64], lexicon[80], y[100], t[100];
    if (!mkdtemp(dir))
        abort();
    snprintf(pack, sizeof pack, "%s/pack", dir);
    snprintf(lexicon, sizeof lexicon, "%s/lexicon", pack);
    snprintf(y, sizeof y, "%s/a.yaml", pack);
    snprintf(t, sizeof t, "%s/a.tsv", lexicon);
    mkdir(pack, 0700);
    mkdir(lexicon, 0700);
    if (yaml)
        put(y, yaml);
    if (tsv)
        put(t, tsv);
    const char *dirs[] = {dir};
    struct ruleset_spec spec = {.dirs = dirs, .dir_count = 1};
    struct ruleset *rs = NULL;
    if (ruleset_load(&spec, &rs, diags) != DF_OK)
        rs = NULL;
    unlink(y);
    unlink(t);
    rmdir(lexicon);
    rmdir(pack);
    rmdir(dir);
    return rs;
}
