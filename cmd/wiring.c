#include "cmd/wiring.h"

#include <stdlib.h>

#include "core/file.h"
#include "core/yaml.h"

static const char *const day_names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL};

struct maker {
    const struct config *config;
    const struct playbook *playbook;
    struct arena *arena;
    struct diags *diags;
};

static void fault(struct maker *m, int line, int col, const char *what, struct str word,
                  const char *near)
{
    diags_addf(m->diags, DIAG_ERROR, m->config->path, line, col, "%s '%.*s'%s%s%s", what,
               STR_FMT(word), near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

/* "09:30" → 570; -1 when it is no time of day. */
static int time_of_day(struct str s)
{
    struct str hour;
    long long h, min;
    if (!str_split(&s, ':', &hour) || !str_i64(hour, &h) || !str_i64(s, &min) || h < 0 ||
        min < 0 || min > 59 || h * 60 + min > 24 * 60)
        return -1;
    return (int)(h * 60 + min);
}

static uint8_t days_of(struct maker *m)
{
    const struct texts *days = &m->config->clocks.days;
    uint8_t set = days->count ? 0 : m->config->clocks.hours.len ? 0x7F : m->playbook->days;
    for (int i = 0; i < days->count; i++) {
        int d = 0;
        while (day_names[d] && !str_is(days->items[i], day_names[d]))
            d++;
        if (day_names[d])
            set |= (uint8_t)(1u << d);
        else
            fault(m, m->config->clocks.days_line, m->config->clocks.days_col,
                  "clocks.days: unknown day", days->items[i],
                  nearest_word(days->items[i], day_names));
    }
    return set;
}

static struct opening hours_of(struct maker *m)
{
    struct opening o = {m->playbook->from_min, m->playbook->to_min};
    struct str hours = m->config->clocks.hours, from;
    if (hours.len == 0)
        return o;
    struct str to = hours;
    str_split(&to, '-', &from);
    o.from = time_of_day(str_trim(from));
    o.to = time_of_day(str_trim(to));
    if (o.from < 0 || o.to <= o.from) {
        fault(m, m->config->clocks.hours_line, m->config->clocks.hours_col,
              "clocks.hours: not like '09:00-18:00':", hours, NULL);
        o = (struct opening){0, 0};
    }
    return o;
}

static struct clock_plan clocks_of(struct maker *m)
{
    struct clock_plan plan = {.zone = m->config->zone};
    uint8_t days = days_of(m);
    struct opening hours = hours_of(m);
    for (int u = 0; u < URGENCIES; u++) {
        const struct playbook_clock *c = &m->playbook->urgency[u];
        plan.rules[u] = (struct clock_rule){c->answer_ms / DF_MINUTE, !c->always};
        if (u < 3 && m->config->clocks.minutes[u])
            plan.rules[u].minutes = m->config->clocks.minutes[u];
    }
    for (int d = 0; d < 7; d++)
        if (days >> d & 1)
            plan.week[d] = hours;
    return plan;
}

/* From the environment or a file, without the line's end; empty when neither gives one. */
static struct str secret_of(struct maker *m, struct str env, struct str file)
{
    struct str value = STR_NONE;
    const char *set = env.len ? getenv(arena_strz(m->arena, env)) : NULL;
    if (set)
        return str_trim(str_of(set));
    if (file.len && file_read(m->arena, config_path(m->arena, m->config, file), 8192, &value,
                              NULL) != DF_OK)
        return STR_NONE;
    return str_trim(value);
}

static struct str case_url_of(struct maker *m)
{
    struct str listen = m->config->dashboard.listen;
    return listen.len ? arena_printf(m->arena, "http://%.*s/case/", STR_FMT(listen)) : STR_NONE;
}

static bool make_sink(struct maker *m, const struct config_sink *c, enum ui_lang lang,
                      struct sink_conf *out, struct alert_route *route)
{
    const struct sink_ops *ops = sink_find(c->type);
    int least = urgency_of(c->min_urgency);
    if (!ops)
        fault(m, c->line, c->col, "unknown sink type", c->type,
              nearest_word(c->type, sink_types()));
    if (!ops || least < 0) /* the second was told when the settings were read */
        return false;
    *route = (struct alert_route){c->name, (enum urgency)least};
    *out = (struct sink_conf){
        .name = c->name,
        .ops = ops,
        .url = secret_of(m, c->url_env, c->url_file),
        .secret = secret_of(m, c->secret_env, c->secret_file),
        .brand = m->config->brand.name,
        .case_url = case_url_of(m),
        .zone = m->config->zone,
        .lang = lang,
    };
    return true;
}

enum df_rc wiring_make(const struct config *config, const struct playbook *playbook,
                       enum ui_lang lang, struct arena *a, struct wiring *out,
                       struct diags *diags)
{
    struct maker m = {config, playbook, a, diags};
    int faults = diags->errors;
    struct alert_route *routes = arena_array(a, (size_t)config->sink_count + 1, sizeof *routes);
    *out = (struct wiring){.conf = casework_conf_default()};
    out->sinks = arena_array(a, (size_t)config->sink_count + 1, sizeof *out->sinks);
    out->conf.clocks = clocks_of(&m);
    for (int u = 0; u < URGENCIES; u++)
        out->conf.approval[u] = playbook->urgency[u].approval != APPROVAL_NONE;
    out->conf.routes = routes;
    for (int i = 0; i < config->sink_count; i++)
        if (config->sinks[i].enabled &&
            make_sink(&m, &config->sinks[i], lang, &out->sinks[out->sink_count],
                      &routes[out->sink_count]))
            out->sink_count++;
    out->conf.route_count = out->sink_count;
    return diags->errors > faults ? DF_REJECT : DF_OK;
}

const struct sink_conf *wiring_sink(const struct wiring *w, struct str name)
{
    for (int i = 0; i < w->sink_count; i++)
        if (str_eq(w->sinks[i].name, name))
            return &w->sinks[i];
    return NULL;
}
