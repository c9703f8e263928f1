/* lint.c: the linter's frame: loads the rule pack and the checks' words, runs both over a reply,
 * weighs empty phrases against what else is said, and puts the findings in order. */
#include "reply/lint_private.h"

#include <stdlib.h>

#include "analyzer/analyzer.h"
#include "analyzer/fold.h"
#include "core/data.h"
#include "core/file.h"
#include "core/limits.h"
#include "core/utf8.h"

enum { MAX_CHECKS = 32, MAX_FINDINGS = 128 };

struct check {
    struct str id, why[UI_LANGS], fix[UI_LANGS];
    enum lint_severity severity;
    lint_check *run;               /* NULL: the patterns decide */
    struct lint_patterns patterns;
};

struct lint_set {
    struct arena *arena;
    struct ruleset *rules;
    struct check checks[MAX_CHECKS];
    int check_count;
};

static const char *const severity_names[] = {"note", "warn", "block", NULL};
static const char checks_path[] = "rules/replies/checks.yaml";

const char *lint_severity_name(enum lint_severity s)
{
    return severity_names[s];
}

static int severity_of(struct str s)
{
    for (int i = 0; severity_names[i]; i++)
        if (str_is(s, severity_names[i]))
            return i;
    return -1;
}

/* --- loading --- */

static lint_check *check_named(struct str id)
{
    for (int i = 0; lint_checks[i].id; i++)
        if (str_is(id, lint_checks[i].id))
            return lint_checks[i].run;
    return NULL;
}

static void read_check(const struct yaml *y, struct lint_set *set, struct diags *d)
{
    static const char *const keys[] = {"id", "severity", "why", "why_zh_hant", "why_zh_hans",
                                       "fix", "fix_zh_hant", "fix_zh_hans", "regex", "yes", "no",
                                       NULL};
    struct check c = {0};
    struct str severity = STR_NONE;
    struct str *texts[] = {&c.id, &severity, &c.why[0], &c.why[1], &c.why[2],
                           &c.fix[0], &c.fix[1], &c.fix[2]};
    yaml_check_keys(y, keys, d);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const struct yaml *v = yaml_get(y, keys[i]);
        if (!v)
            yaml_fault(y, d, "a check needs '%s'", keys[i]);
        else if (!yaml_str(v, texts[i], d))
            return;
    }
    int s = severity_of(severity);
    if (s < 0)
        yaml_fault(y, d, "severity is note, warn or block");
    c.severity = s < 0 ? LINT_NOTE : (enum lint_severity)s;
    c.run = check_named(c.id);
    const struct yaml *patterns = yaml_get(y, "regex");
    if (patterns)
        lint_patterns_read(set->arena, patterns, &c.patterns, d);
    if (!c.run && !patterns)
        yaml_fault(y, d, "the program has no check '%.*s'", STR_FMT(c.id));
    else if (set->check_count < MAX_CHECKS)
        set->checks[set->check_count++] = c;
}

static void read_checks(struct lint_set *set, struct diags *d)
{
    struct err e = {0};
    struct str text;
    const struct yaml *doc, *list;
    if (data_read(set->arena, checks_path, &text, &e) != DF_OK) {
        diags_addf(d, DIAG_ERROR, checks_path, 0, 0, "cannot be read");
        return;
    }
    if (yaml_parse(set->arena, text, checks_path, &doc, d) != DF_OK)
        return;
    list = yaml_get(doc, "checks");
    for (int i = 0; list && i < list->count; i++)
        read_check(list->items[i], set, d);
    for (int i = 0; lint_checks[i].id; i++) {
        bool there = false;
        for (int k = 0; k < set->check_count; k++)
            there |= str_is(set->checks[k].id, lint_checks[i].id);
        if (!there)
            diags_addf(d, DIAG_ERROR, checks_path, 0, 0, "no words for check '%s'",
                       lint_checks[i].id);
    }
}

/* Every rule of the pack has a severity we know and says what to do, in all languages. */
static void check_rules(const struct lint_set *set, struct diags *d)
{
    for (uint32_t i = 0; i < ruleset_rule_count(set->rules); i++) {
        struct rule_info r = ruleset_rule(set->rules, i);
        struct err e;
        char file[sizeof e.file];
        bool part = str_is(r.severity, "part");
        size_t n = r.file.len < sizeof file - 1 ? r.file.len : sizeof file - 1;
        memcpy(file, r.file.ptr ? r.file.ptr : "", n);
        file[n] = 0;
        if (!part && severity_of(r.severity) < 0)
            diags_addf(d, DIAG_ERROR, file, (int)r.line, 0,
                       "rule %.*s: severity is note, warn, block or part", STR_FMT(r.id));
        if (!part && (!r.why_hant.len || !r.why_hans.len || !r.fix.len || !r.fix_hant.len ||
                      !r.fix_hans.len))
            diags_addf(d, DIAG_ERROR, file, (int)r.line, 0,
                       "rule %.*s: why and fix are needed in en, zh-Hant and zh-Hans",
                       STR_FMT(r.id));
    }
}

/* Of the folders of rules of one's own, those that hold rules for replies. */
static const char *const *dirs_with_lint(struct arena *a, const char *const *dirs, int *count_out)
{
    const char **some = NULL;
    size_t count = 0, cap = 0, n;
    struct str *names;
    struct err e = {0};
    for (int i = 0; dirs && dirs[i]; i++)
        if (file_list(a, arena_printf(a, "%s/lint", dirs[i]).ptr, ".yaml", &names, &n, &e) == DF_OK)
            *ARENA_PUSH(a, some, count, cap) = dirs[i];
    *count_out = (int)count;
    return some;
}

enum df_rc lint_load(const char *const *dirs, struct lint_set **out, struct diags *d)
{
    int before = d->errors;
    struct arena *a = arena_new();
    struct lint_set *set = ARENA_NEW(a, struct lint_set);
    struct ruleset_spec spec = {.with_shipped = true, .pack = "lint"};
    set->arena = a;
    *out = set;
    spec.dirs = dirs_with_lint(a, dirs, &spec.dir_count);
    enum df_rc rc = ruleset_load(&spec, &set->rules, d);
    if (rc == DF_OK)
        check_rules(set, d);
    read_checks(set, d);
    if (rc == DF_OK && d->errors == before)
        return DF_OK;
    lint_free(out);
    return rc == DF_OK ? DF_REJECT : rc;
}

void lint_free(struct lint_set **l)
{
    if (!*l)
        return;
    struct arena *a = (*l)->arena;
    for (int i = 0; i < (*l)->check_count; i++)
        lint_patterns_free(&(*l)->checks[i].patterns);
    ruleset_free(&(*l)->rules);
    arena_free(&a);
    *l = NULL;
}

/* --- one reply --- */

struct findings {
    struct lint_finding items[MAX_FINDINGS];
    int count;
};

static struct lint_view view_of(struct str text, const struct lint_ctx *ctx, struct arena *a)
{
    struct lint_view v = {.text = text, .ctx = ctx, .a = a,
                          .length = length_count(text, ctx->unit)};
    struct lint_cp *cps = arena_array(a, text.len + 1, sizeof *cps);
    for (size_t i = 0, step; i < text.len; i += step) {
        cps[v.count].cp = utf8_get(text.ptr + i, text.len - i, &step);
        cps[v.count++].at = (uint32_t)i;
    }
    v.cps = cps;
    char *folded = arena_alloc(a, fold_bound(text.len));
    uint32_t *origin = arena_array(a, fold_bound(text.len) + 1, sizeof *origin);
    v.folded = str_n(folded, fold_map(text, folded, origin));
    v.origin = origin;
    v.likeness = lint_closest(&v);
    return v;
}

static struct str span_text(const struct lint_view *v, struct span s)
{
    size_t from = s.start < v->count ? v->cps[s.start].at : v->text.len;
    size_t to = s.end < v->count ? v->cps[s.end].at : v->text.len;
    return str_sub(v->text, from, to - from);
}

static void note_part(struct lint_view *v, struct str rule)
{
    v->regret |= str_is(rule, "part.regret") || str_is(rule, "part.feeling");
    v->next_step |= str_is(rule, "part.next-step");
    v->future |= str_is(rule, "part.future");
    v->thanks |= str_is(rule, "part.thanks");
    v->empty |= str_starts(rule, STR("empty."));
}

bool lint_is_own(const struct lint_view *v, struct str text)
{
    return text.len > 3 && str_find(v->ctx->own, text) >= 0;
}

/* Spans of a finding, without numbers whose check digit is wrong and the brand's own contact. */
static int keep_spans(const struct lint_view *v, const struct finding *f, struct span **out)
{
    struct span *spans = arena_array(v->a, (size_t)f->span_count + 1, sizeof *spans);
    int n = 0;
    for (int i = 0; i < f->span_count; i++) {
        struct str text = span_text(v, f->spans[i]);
        bool own = str_starts(f->rule, STR("data.")) && lint_is_own(v, text);
        if (!own && lint_number_valid(f->rule, text))
            spans[n++] = f->spans[i];
    }
    *out = spans;
    return n;
}

static void add_rule(const struct lint_set *set, const struct lint_view *v, const struct finding *f,
                     struct findings *out)
{
    int number = ruleset_find(set->rules, f->rule);
    if (number < 0 || out->count == MAX_FINDINGS)
        return;
    struct rule_info r = ruleset_rule(set->rules, (uint32_t)number);
    int severity = severity_of(r.severity);
    struct span *spans;
    int n = keep_spans(v, f, &spans);
    if (severity < 0 || (n == 0 && f->span_count > 0))
        return;
    out->items[out->count++] = (struct lint_finding){
        .rule = r.id, .severity = (enum lint_severity)severity, .spans = spans, .span_count = n,
        .why = {r.why, r.why_hant, r.why_hans}, .fix = {r.fix, r.fix_hant, r.fix_hans}};
}

static enum df_rc run_rules(const struct lint_set *set, struct lint_view *v, struct findings *out,
                            struct err *err)
{
    struct scanner *s = scan_new(set->rules);
    struct post p = POST_INIT;
    struct verdict verdict;
    p.text = v->text;
    p.lang = v->ctx->lang;
    p.channel = v->ctx->channel;
    enum df_rc rc = scan_post(s, &p, SCAN_FULL, v->a, &verdict, err);
    scan_free(&s);
    for (int i = 0; rc == DF_OK && i < verdict.finding_count; i++) {
        note_part(v, verdict.findings[i].rule);
        add_rule(set, v, &verdict.findings[i], out);
    }
    return rc;
}

/* {length}, {limit} and {unit} in the words of a check. */
static struct str fill(const struct lint_view *v, struct str text, enum ui_lang lang)
{
    struct str unit = arena_printf(v->a, "label.unit.%s", length_unit_name(v->ctx->unit));
    const struct {
        struct str name, value;
    } vars[] = {
        {STR("{length}"), arena_printf(v->a, "%zu", v->length)},
        {STR("{limit}"), arena_printf(v->a, "%zu", v->ctx->limit)},
        {STR("{unit}"), str_of(msg(lang, unit.ptr))},
    };
    for (size_t i = 0; i < sizeof vars / sizeof *vars; i++) {
        ptrdiff_t at = str_find(text, vars[i].name);
        if (at >= 0)
            text = arena_printf(v->a, "%.*s%.*s%.*s", (int)at, text.ptr, STR_FMT(vars[i].value),
                                STR_FMT(str_sub(text, (size_t)at + vars[i].name.len, text.len)));
    }
    return text;
}

static void run_checks(const struct lint_set *set, const struct lint_view *v, struct findings *out)
{
    for (int i = 0; i < set->check_count && out->count < MAX_FINDINGS; i++) {
        const struct check *c = &set->checks[i];
        struct span spans[LINT_SPANS];
        int n = c->run ? c->run(v, spans) : lint_patterns_find(&c->patterns, v, spans);
        if (n == 1 && !c->run && lint_is_own(v, span_text(v, spans[0])))
            continue;
        if (n == 0)
            continue;
        struct lint_finding f = {.rule = c->id, .severity = c->severity};
        if (n > 0) {
            struct span *kept = arena_array(v->a, (size_t)n, sizeof *kept);
            memcpy(kept, spans, (size_t)n * sizeof *kept);
            f.spans = kept;
            f.span_count = n;
        }
        for (int l = 0; l < UI_LANGS; l++) {
            f.why[l] = fill(v, c->why[l], (enum ui_lang)l);
            f.fix[l] = fill(v, c->fix[l], (enum ui_lang)l);
        }
        out->items[out->count++] = f;
    }
}

/* An empty phrase beside a real next step is only a wasted line. Rules that this rung of the
 * ladder forbids block whatever they usually do. */
static void weigh(const struct lint_view *v, struct findings *out)
{
    for (int i = 0; i < out->count; i++) {
        struct lint_finding *f = &out->items[i];
        if (str_starts(f->rule, STR("empty.")) && v->next_step)
            f->severity = LINT_NOTE;
        for (int k = 0; k < v->ctx->forbid_count; k++)
            if (str_eq(v->ctx->forbid[k], f->rule))
                f->severity = LINT_BLOCK;
    }
}

static uint32_t place(const struct lint_finding *f)
{
    return f->span_count ? f->spans[0].start : UINT32_MAX;
}

static int by_weight_and_place(const void *x, const void *y)
{
    const struct lint_finding *a = x, *b = y;
    if (a->severity != b->severity)
        return (int)b->severity - (int)a->severity;
    if (place(a) != place(b))
        return place(a) < place(b) ? -1 : 1;
    return str_cmp(a->rule, b->rule);
}

enum df_rc reply_lint(const struct lint_set *l, struct str text, const struct lint_ctx *ctx,
                      struct arena *a, struct lint_report *out, struct err *err)
{
    *out = (struct lint_report){0};
    if (text.len > DF_MAX_REPLY)
        return err_set(err, DF_REJECT, "a reply over DF_MAX_REPLY (%zu bytes)",
                       (size_t)DF_MAX_REPLY);
    struct findings *found = ARENA_NEW(a, struct findings);
    struct lint_view v = view_of(text, ctx, a);
    enum df_rc rc = run_rules(l, &v, found, err);
    if (rc != DF_OK)
        return rc;
    run_checks(l, &v, found);
    weigh(&v, found);
    qsort(found->items, (size_t)found->count, sizeof *found->items, by_weight_and_place);
    for (int i = 0; i < found->count; i++) {
        out->blocks += found->items[i].severity == LINT_BLOCK;
        out->warns += found->items[i].severity == LINT_WARN;
        out->notes += found->items[i].severity == LINT_NOTE;
    }
    out->items = found->items;
    out->count = found->count;
    out->length = v.length;
    return DF_OK;
}
