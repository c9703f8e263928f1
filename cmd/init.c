/* init.c: `defuse init` writes a commented defuse.yaml to start from. It never overwrites. */
#include <stdio.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "core/data.h"
#include "core/file.h"

int cmd_init(struct cmd *c, int argc, char **argv)
{
    bool print = false;
    const struct option_spec specs[] = {
        {"print", 'p', OPT_FLAG, NULL, "print it instead of writing the file", &print}, {0}};
    const struct usage usage = {
        "[FILE]", "Writes a commented settings file (defuse.yaml) to start from.",
        "defuse init && defuse check", 0, 1};
    int n = options_parse(c, argc, argv, specs, &usage);
    if (n < 0)
        return OPTIONS_EXIT(n);
    struct err e;
    struct str text;
    if (data_read(c->arena, "i18n/defuse.yaml", &text, &e) != DF_OK)
        return cmd_fail(EXIT_PROBLEM, &e);
    if (print) {
        fwrite(text.ptr, 1, text.len, stdout);
        return EXIT_DONE;
    }
    const char *path = n == 1 ? argv[1] : c->config_path ? c->config_path : "defuse.yaml";
    if (access(path, F_OK) == 0) {
        err_at(&e, DF_REJECT, path, 0, 0, "exists already; it was left as it is");
        return cmd_fail(EXIT_PROBLEM, &e);
    }
    if (file_write_atomic(path, text, 0644, &e) != DF_OK)
        return cmd_fail(EXIT_PROBLEM, &e);
    printf("%s written. Set your brand and one source, then: defuse check && defuse run\n", path);
    return EXIT_DONE;
}
