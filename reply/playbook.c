/* playbook.c: see playbook.h. */
#include "reply/playbook.h"

#include "core/clock.h"
#include "core/data.h"

static const char *const approval_names[] = {"none", "senior", "manager", NULL};
static const char *const day_names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL};

const char *approval_name(enum approval a)
{
    return approval_names[a];
}

static int word_of(const struct yaml *y, const char *const *words, struct diags *d)
{
    struct str s;
    if (!yaml_str(y, &s, d))
        return -1;
    for (int i = 0; words[i]; i++)
        if (str_is(s, words[i]))
            return i;
    const char *near = nearest_word(s, words);
    yaml_fault(y, d, near ? "unknown word '%.*s'; did you mean '%s'?" : "unknown word '%.*s'%s",
               STR_FMT(s), near ? near : "");
    return -1;
}

static void read_duration(const struct yaml *map, const char *key, int64_t *out, struct diags *d)
{
    const struct yaml *y = yaml_get(map, key);
    int64_t ms;
    if (y && yaml_duration(y, &ms, d))
        *out = ms;
}

static void read_approval(const struct yaml *map, enum approval *out, struct diags *d)
{
    const struct yaml *y = yaml_get(map, "approval");
    int a = y ? word_of(y, approval_names, d) : -1;
    if (a >= 0)
        *out = (enum approval)a;
}

/* "09:00" to minutes after midnight; 24:00 is allowed as an end. */
static void read_time(const struct yaml *map, const char *key, int *out, struct diags *d)
{
    const struct yaml *y = yaml_get(map, key);
    struct str s, hour;
    long long h, m;
    if (!y || !yaml_str(y, &s, d))
        return;
    struct str rest = s;
    if (!str_split(&rest, ':', &hour) || !str_i64(hour, &h) || !str_i64(rest, &m) || h < 0 ||
        m < 0 || m > 59 || h * 60 + m > 24 * 60)
        yaml_fault(y, d, "'%.*s' is not a time of day like '09:30'", STR_FMT(s));
    else
        *out = (int)(h * 60 + m);
}

static const struct str *read_words(struct arena *a, const struct yaml *y, int *count_out,
                                    struct diags *d)
{
    if (y->kind != YAML_SEQ) {
        yaml_fault(y, d, "a list like [one, two] is expected");
        return NULL;
    }
    struct str *words = arena_array(a, (size_t)y->count + 1, sizeof *words);
    int n = 0;
    for (int i = 0; i < y->count; i++)
        if (yaml_str(y->items[i], &words[n], d))
            n++;
    *count_out = n;
    return words;
}

static void apply_urgency(const struct yaml *map, struct playbook *p, struct diags *d)
{
    static const char *const levels[] = {"P1", "P2", "P3", "P4", NULL};
    static const char *const keys[] = {"answer", "warn", "within", "approval", "hours", NULL};
    static const char *const hours[] = {"business", "always", NULL};
    yaml_check_keys(map, levels, d);
    for (int i = 0; i < map->count; i++) {
        const struct yaml *y = map->items[i];
        int u = urgency_of(y->key);
        if (u < 0)
            continue; /* told above */
        struct playbook_clock *c = &p->urgency[u];
        yaml_check_keys(y, keys, d);
        read_duration(y, "answer", &c->answer_ms, d);
        read_duration(y, "warn", &c->warn_ms, d);
        read_duration(y, "within", &c->within_ms, d);
        read_approval(y, &c->approval, d);
        const struct yaml *h = yaml_get(y, "hours");
        int always = h ? word_of(h, hours, d) : -1;
        if (always >= 0)
            c->always = always == 1;
    }
}

static void apply_business(const struct yaml *map, struct playbook *p, struct diags *d)
{
    static const char *const keys[] = {"days", "from", "to", NULL};
    yaml_check_keys(map, keys, d);
    read_time(map, "from", &p->from_min, d);
    read_time(map, "to", &p->to_min, d);
    if (p->from_min >= p->to_min)
        yaml_fault(map, d, "business hours must end after they begin");
    const struct yaml *days = yaml_get(map, "days");
    if (!days)
        return;
    if (days->kind != YAML_SEQ || days->count == 0) {
        yaml_fault(days, d, "a list of days like [mon, tue] is expected");
        return;
    }
    p->days = 0;
    for (int i = 0; i < days->count; i++) {
        int day = word_of(days->items[i], day_names, d);
        if (day >= 0)
            p->days |= (uint8_t)(1u << day);
    }
}

static void apply_rung(struct arena *a, const struct yaml *y, struct playbook *p, struct diags *d)
{
    static const char *const keys[] = {"n", "raise", "answer", "who", "deliver", "approval",
                                       "report", "forbid", NULL};
    struct playbook_rung r = {0};
    int64_t v;
    yaml_check_keys(y, keys, d);
    const struct yaml *n = yaml_get(y, "n");
    if (!n) {
        yaml_fault(y, d, "a rung needs 'n', the incident it begins with");
        return;
    }
    if (!yaml_int(n, 1, 1000, &v, d))
        return;
    r.n = (int)v;
    if (p->rung_count && r.n <= p->rungs[p->rung_count - 1].n)
        yaml_fault(n, d, "rungs must be in rising order of 'n'");
    const struct yaml *f = yaml_get(y, "raise");
    if (f && yaml_int(f, 0, URGENCIES - 1, &v, d))
        r.raise = (int)v;
    read_duration(y, "answer", &r.answer_ms, d);
    read_approval(y, &r.approval, d);
    if ((f = yaml_get(y, "who")) && !yaml_str(f, &r.who, d))
        return;
    if ((f = yaml_get(y, "deliver")) && !yaml_str(f, &r.deliver, d))
        return;
    if ((f = yaml_get(y, "report")) && !yaml_bool(f, &r.report, d))
        return;
    if ((f = yaml_get(y, "forbid")))
        r.forbid = read_words(a, f, &r.forbid_count, d);
    p->rungs[p->rung_count++] = r;
}

static void apply_ladder(struct arena *a, const struct yaml *map, struct playbook *p,
                         struct diags *d)
{
    static const char *const keys[] = {"window", "quiet", "rungs", NULL};
    yaml_check_keys(map, keys, d);
    read_duration(map, "window", &p->ladder_window_ms, d);
    read_duration(map, "quiet", &p->ladder_quiet_ms, d);
    const struct yaml *rungs = yaml_get(map, "rungs");
    if (!rungs)
        return;
    if (rungs->kind != YAML_SEQ || rungs->count > PLAYBOOK_RUNGS) {
        yaml_fault(rungs, d, "a list of at most %d rungs is expected", PLAYBOOK_RUNGS);
        return;
    }
    p->rung_count = 0; /* rungs are replaced as a whole: half a ladder is no ladder */
    for (int i = 0; i < rungs->count; i++)
        apply_rung(a, rungs->items[i], p, d);
}

static void apply_register(struct arena *a, const struct yaml *map, struct playbook *p,
                           struct diags *d)
{
    static const char *const keys[] = {"default", "casual", NULL};
    static const char *const words[] = {"formal", "casual", NULL};
    yaml_check_keys(map, keys, d);
    const struct yaml *y = yaml_get(map, "default");
    int w = y ? word_of(y, words, d) : -1;
    if (w >= 0)
        p->register_default = str_of(words[w]);
    if ((y = yaml_get(map, "casual")))
        p->casual = read_words(a, y, &p->casual_count, d);
}

enum df_rc playbook_apply(struct arena *a, const struct yaml *map, struct playbook *p,
                          struct diags *d)
{
    static const char *const keys[] = {"urgency", "business", "hot", "lost", "follow-up", "ladder",
                                       "register", NULL};
    static const char *const moments[] = {"progress", "done", "check-in", NULL};
    int before = d->errors;
    const struct yaml *y;
    if (map->kind != YAML_MAP) {
        yaml_fault(map, d, "the playbook is a map of settings");
        return DF_REJECT;
    }
    yaml_check_keys(map, keys, d);
    if ((y = yaml_get(map, "urgency")))
        apply_urgency(y, p, d);
    if ((y = yaml_get(map, "business")))
        apply_business(y, p, d);
    read_duration(map, "hot", &p->hot_ms, d);
    read_duration(map, "lost", &p->lost_ms, d);
    if ((y = yaml_get(map, "follow-up"))) {
        yaml_check_keys(y, moments, d);
        read_duration(y, "progress", &p->progress_ms, d);
        read_duration(y, "done", &p->done_ms, d);
        read_duration(y, "check-in", &p->check_in_ms, d);
    }
    if ((y = yaml_get(map, "ladder")))
        apply_ladder(a, y, p, d);
    if ((y = yaml_get(map, "register")))
        apply_register(a, y, p, d);
    return d->errors == before ? DF_OK : DF_REJECT;
}

enum df_rc playbook_load(struct arena *a, struct playbook *out, struct diags *d)
{
    static const char path[] = "rules/core/playbook.yaml";
    struct err e = {0};
    struct str text;
    const struct yaml *doc;
    *out = (struct playbook){.register_default = STR("formal")};
    enum df_rc rc = data_read(a, path, &text, &e);
    if (rc != DF_OK) {
        diags_addf(d, DIAG_ERROR, path, 0, 0, "%s", rc == DF_NONE ? "no such file" : e.text);
        return DF_FATAL;
    }
    rc = yaml_parse(a, text, path, &doc, d);
    return rc == DF_OK ? playbook_apply(a, doc, out, d) : rc;
}

const struct playbook_rung *playbook_rung(const struct playbook *p, int n)
{
    const struct playbook_rung *r = NULL;
    for (int i = 0; i < p->rung_count && p->rungs[i].n <= n; i++)
        r = &p->rungs[i];
    return r;
}

struct str playbook_register(const struct playbook *p, struct str channel)
{
    for (int i = 0; i < p->casual_count; i++)
        if (str_eq(p->casual[i], channel))
            return STR("casual");
    return p->register_default;
}
