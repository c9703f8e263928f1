/* check.c: `defuse check` loads everything a run would and tells every mistake at once;
 * `--explain` prints the table of settings. Changes nothing, fetches nothing. */
#include <stdio.h>

#include "cmd/commands.h"
#include "cmd/session.h"

static void explain(const struct term *t)
{
    enum config_section last = SECTIONS;
    for (const struct config_setting *s = config_settings; s->key; s++) {
        struct buf b = BUF_INIT(4096);
        if (s->section != last) {
            const char *name = config_section_name(s->section);
            buf_printf(&b, "%s%s%s%s\n", last == SECTIONS ? "" : "\n", term_on(t, TERM_BOLD),
                       *name ? name : "(top level)", term_off(t));
            last = s->section;
        }
        buf_printf(&b, "  %s%s%s", term_on(t, TERM_CYAN), s->key, term_off(t));
        if (*s->fallback)
            buf_printf(&b, "  (default %s)", s->fallback);
        buf_putc(&b, '\n');
        term_wrap(&b, str_of(s->doc), (size_t)t->width, "      ");
        fwrite(b.ptr, 1, b.len, stdout);
        buf_free(&b);
    }
}

/* Not a mistake: the variable may be set where the program runs, and only that sink would fail. */
static void warn_secrets(const struct session *s)
{
    for (int i = 0; i < s->config.sink_count; i++) {
        const struct config_sink *k = &s->config.sinks[i];
        const struct sink_conf *w = wiring_sink(&s->wiring, k->name);
        if (w && w->url.len == 0 && !str_is(k->type, "stdout"))
            fprintf(stderr, "warning: %s:%d:%d: sink '%.*s' has no address here: set %.*s\n",
                    s->config.path, k->line, k->col, STR_FMT(k->name),
                    STR_FMT(k->url_env.len ? k->url_env
                            : k->url_file.len ? k->url_file : STR("url_env or url_file")));
    }
}

int cmd_check(struct cmd *c, int argc, char **argv)
{
    bool want_table = false;
    const struct option_spec specs[] = {
        {"explain", 'e', OPT_FLAG, NULL, "list all settings instead", &want_table}, {0}};
    const struct usage usage = {
        "", "Reports every mistake in the settings, the channel packs and the rules at once, each "
            "with file, line and column. Fetches nothing.",
        "defuse -c defuse.yaml check", 0, 0};
    int n = options_parse(c, argc, argv, specs, &usage);
    if (n < 0)
        return OPTIONS_EXIT(n);
    if (want_table) {
        explain(&c->out);
        return EXIT_DONE;
    }
    struct session s;
    int status = session_open(c, SESSION_CHANNELS | SESSION_RULES, &s);
    if (status == EXIT_DONE) {
        warn_secrets(&s);
        struct ruleset_counts have = ruleset_counts(s.rules);
        printf("%s: %d sources, %d sinks, %zu channels, %u rules, %u phrases: no mistakes\n",
               s.config.path, s.source_count, s.wiring.sink_count, channels_count(s.channels), have.rules,
               have.phrases);
    }
    session_close(&s);
    return status;
}
