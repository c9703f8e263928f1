/* options.c: the one option parser. Long options with = or a following value, short ones
 * alone, "--" ends them, a misspelt one gets a suggestion. */
#include <poll.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "core/limits.h"
#include "core/yaml.h"

static void print_help(struct cmd *c, const char *name, const struct option_spec *specs,
                       const struct usage *u)
{
    struct buf about = BUF_INIT(4096);
    term_wrap(&about, str_of(u->about), 80, "");
    printf("usage: defuse %s%s%s\n\n%s", name, *u->args ? " " : "", u->args, about.ptr);
    buf_free(&about);
    if (specs[0].name)
        putchar('\n');
    for (const struct option_spec *s = specs; s->name; s++) {
        char left[64];
        int n = s->letter ? snprintf(left, sizeof left, "-%c, ", s->letter) : 0;
        snprintf(left + n, sizeof left - (size_t)n, "--%s%s%s", s->name, s->value ? " " : "",
                 s->value ? s->value : "");
        printf("  %-24s %s\n", left, s->help);
    }
    printf("\nexample: %s\n", u->example);
    (void)c;
}

static const struct option_spec *find_long(const struct option_spec *specs, struct str name)
{
    for (; specs->name; specs++)
        if (str_is(name, specs->name))
            return specs;
    return NULL;
}

static const struct option_spec *find_letter(const struct option_spec *specs, char letter)
{
    for (; specs->name; specs++)
        if (specs->letter == letter)
            return specs;
    return NULL;
}

static void unknown(const char *command, const struct option_spec *specs, const char *given)
{
    enum { MAX = 40 };
    const char *names[MAX + 2] = {"help"};
    int n = 1;
    for (; specs->name && n < MAX; specs++)
        names[n++] = specs->name;
    struct str word = str_of(given);
    while (word.len && *word.ptr == '-')
        word = str_sub(word, 1, word.len);
    ptrdiff_t eq = str_chr(word, '=');
    if (eq >= 0)
        word.len = (size_t)eq;
    const char *near = word.len > 1 ? nearest_word(word, names) : NULL;
    if (near)
        cmd_usage("%s: unknown option '%s'; did you mean '--%s'?", command, given, near);
    else
        cmd_usage("%s: unknown option '%s'; see 'defuse %s --help'", command, given, command);
}

static bool store(struct cmd *c, const char *command, const struct option_spec *s,
                  const char *value)
{
    long long n;
    switch (s->kind) {
    case OPT_FLAG: *(bool *)s->out = true; return true;
    case OPT_TEXT: *(const char **)s->out = value; return true;
    case OPT_NUMBER:
        if (!str_i64(str_of(value), &n) || n < 0) {
            cmd_usage("%s: --%s should be a number, not '%s'", command, s->name, value);
            return false;
        }
        *(long long *)s->out = n;
        return true;
    case OPT_LIST: {
        struct option_list *l = s->out;
        const char **grown = arena_array(c->arena, (size_t)l->count + 1, sizeof *grown);
        if (l->count)
            memcpy(grown, l->items, (size_t)l->count * sizeof *grown);
        grown[l->count++] = value;
        l->items = grown;
        return true;
    }
    }
    return false;
}

int options_parse(struct cmd *c, int argc, char **argv, const struct option_spec *specs,
                  const struct usage *u)
{
    const char *command = argv[0];
    int kept = 0;
    bool only_args = false;
    for (int i = 1; i < argc; i++) {
        char *a = argv[i];
        if (only_args || a[0] != '-' || a[1] == '\0') {
            argv[1 + kept++] = a;
            continue;
        }
        if (strcmp(a, "--") == 0) {
            only_args = true;
            continue;
        }
        if (strcmp(a, "--help") == 0 || strcmp(a, "-h") == 0) {
            print_help(c, command, specs, u);
            return -1;
        }
        const struct option_spec *s;
        const char *value = NULL;
        if (a[1] == '-') {
            char *eq = strchr(a, '=');
            s = find_long(specs, str_n(a + 2, eq ? (size_t)(eq - a - 2) : strlen(a + 2)));
            value = eq ? eq + 1 : NULL;
        } else {
            s = find_letter(specs, a[1]);
            value = a[2] ? a + 2 : NULL;
        }
        if (!s) {
            unknown(command, specs, a);
            return -2;
        }
        if (s->kind == OPT_FLAG && value) {
            cmd_usage("%s: --%s takes no value", command, s->name);
            return -2;
        }
        if (s->kind != OPT_FLAG && !value) {
            if (i + 1 >= argc) {
                cmd_usage("%s: --%s needs a value (%s)", command, s->name, s->value);
                return -2;
            }
            value = argv[++i];
        }
        if (!store(c, command, s, value))
            return -2;
    }
    argv[1 + kept] = NULL;
    if (kept < u->min_args || (u->max_args >= 0 && kept > u->max_args)) {
        cmd_usage("usage: defuse %s%s%s", command, *u->args ? " " : "", u->args);
        return -2;
    }
    return kept;
}

int cmd_fail(int status, const struct err *e)
{
    char line[1024];
    fflush(stdout);
    fprintf(stderr, "defuse: %s\n", err_line(e, line, sizeof line));
    return status;
}

int cmd_usage(const char *fmt, ...)
{
    va_list ap;
    fflush(stdout);
    fputs("defuse: ", stderr);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    return EXIT_USAGE;
}

bool cmd_stars(const char *given, double *out)
{
    if (str_f64(str_of(given), out) && *out >= 0 && *out <= 5)
        return true;
    cmd_usage("--stars is a number from 1 to 5, not '%s'", given);
    return false;
}

/* As a person goes through the files: in the order the files were met, then by place. */
static const struct diags *sorting;

static int file_rank(int i)
{
    int k = 0;
    while (strcmp(sorting->items[k].err.file, sorting->items[i].err.file) != 0)
        k++;
    return k;
}

static int by_place(const void *x, const void *y)
{
    int i = *(const int *)x, k = *(const int *)y;
    const struct err *a = &sorting->items[i].err, *b = &sorting->items[k].err;
    int files = file_rank(i) - file_rank(k);
    int lines = a->line != b->line ? a->line - b->line : a->col - b->col;
    return files ? files : lines ? lines : i - k;
}

int cmd_diags(const struct diags *d)
{
    char line[1024];
    int order[DF_MAX_DIAGS];
    for (int i = 0; i < d->count; i++)
        order[i] = i;
    sorting = d;
    qsort(order, (size_t)d->count, sizeof *order, by_place);
    fflush(stdout);
    for (int i = 0; i < d->count; i++) {
        const struct diag *x = &d->items[order[i]];
        fprintf(stderr, "%s%s%s\n", x->err.file[0] ? "" : "defuse: ",
                x->level == DIAG_WARNING ? "warning: " : "", err_line(&x->err, line, sizeof line));
    }
    if (d->errors + d->warnings > d->count)
        fprintf(stderr, "defuse: and %d more\n", d->errors + d->warnings - d->count);
    return d->errors ? EXIT_USAGE : EXIT_DONE;
}

const char *cmd_person(const char *given)
{
    static const char *const names[] = {"DEFUSE_USER", "USER", "LOGNAME"};
    if (given && *given)
        return given;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *v = getenv(names[i]);
        if (v && *v)
            return v;
    }
    const struct passwd *account = getpwuid(geteuid());
    return account ? account->pw_name : "somebody";
}

int cmd_finish(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
    bool reader_left = poll(&out, 1, 0) > 0 && (out.revents & POLLERR);
    if (!reader_left) /* `defuse … | head` is nobody's fault */
        fputs("defuse: cannot write the output: is the disk full?\n", stderr);
    return status == EXIT_DONE ? EXIT_PROBLEM : status;
}
