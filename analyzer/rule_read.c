/* rule_read.c: the YAML of a rule file (defuse-rules(5)) to src_rule. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "analyzer/lang.h"
#include "analyzer/rule_src.h"
#include "core/limits.h"

void src_fault(struct src *s, enum diag_level level, struct src_place at, const char *fmt, ...)
{
    struct err e = {.line = at.line, .col = at.col};
    snprintf(e.file, sizeof e.file, "%s", at.file ? at.file : "");
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(e.text, sizeof e.text, fmt, ap);
    va_end(ap);
    diags_add(s->diags, level, &e);
}

void src_init(struct src *s, struct arena *a, struct diags *d)
{
    *s = (struct src){.arena = a, .diags = d, .scope_words = 4, .scope_chars = 6,
                      .contrast_before = 0.7, .contrast_after = 1.2};
    snprintf(s->breaks, sizeof s->breaks, "%s", ",.!?;:()\"~");
    for (int i = 0; i < ATTRS; i++)
        s->rule_weight[i] = slot_attrs[i].rule_weight;
}

static void add_item(struct src *s, const struct yaml *y, struct src_items *out)
{
    struct str text;
    if (!yaml_str(y, &text, s->diags))
        return;
    if (str_trim(text).len == 0) {
        yaml_fault(y, s->diags, "an empty phrase would match everything");
        return;
    }
    if (text.len > DF_MAX_PATTERN) {
        yaml_fault(y, s->diags, "longer than DF_MAX_PATTERN (%d bytes)", DF_MAX_PATTERN);
        return;
    }
    *ARENA_PUSH(s->arena, out->items, out->count, out->cap) =
        (struct src_item){str_trim(text), src_place(y)};
}

void src_read_items(struct src *s, const struct yaml *y, struct src_items *out)
{
    if (y->kind == YAML_NULL)
        yaml_fault(y, s->diags, "'%.*s' is empty", STR_FMT(y->key));
    else if (y->kind == YAML_SCALAR)
        add_item(s, y, out);
    else if (y->kind == YAML_MAP)
        yaml_fault(y, s->diags, "expected a list of phrases; quote a phrase that holds ': '");
    else
        for (int i = 0; i < y->count; i++) {
            if (y->items[i]->kind == YAML_SEQ) /* a list in a list is read as one */
                src_read_items(s, y->items[i], out);
            else
                add_item(s, y->items[i], out);
        }
}

/* Phrases one of which must occur. */
static void read_wanted(struct src *s, const struct yaml *y, const struct yaml *around,
                        struct src_items *out)
{
    if (y->kind == YAML_SEQ && y->count == 0) /* [] in a list has no place of its own */
        yaml_fault(y->line ? y : around, s->diags, "an empty list would hold for every post");
    src_read_items(s, y, out);
}

/* A list of lists: `all: [[refund*, 退款], [$weeks]]`. A plain phrase is a list of one. */
static int read_groups(struct src *s, const struct yaml *y, struct src_items *out)
{
    if (y->kind != YAML_SEQ) {
        yaml_fault(y, s->diags, "expected a list of phrase lists");
        return 0;
    }
    if (y->count > RULE_GROUPS) {
        yaml_fault(y, s->diags, "more than %d lists", RULE_GROUPS);
        return 0;
    }
    for (int i = 0; i < y->count; i++)
        read_wanted(s, y->items[i], y, &out[i]);
    return y->count;
}

static void read_near(struct src *s, const struct yaml *y, struct src_rule *r)
{
    static const char *const known[] = {"of", "within", "ordered", NULL};
    if (y->kind != YAML_MAP) {
        yaml_fault(y, s->diags, "expected {of: [[…], […]], within: N}");
        return;
    }
    yaml_check_keys(y, known, s->diags);
    const struct yaml *v = yaml_get(y, "of");
    if (!v)
        yaml_fault(y, s->diags, "'near' needs 'of: [[…], […]]'");
    else if ((r->near_count = read_groups(s, v, r->near)) == 1)
        yaml_fault(v, s->diags, "'near' needs at least two lists");
    int64_t within = 6;
    if ((v = yaml_get(y, "within")))
        yaml_int(v, 0, 200, &within, s->diags);
    r->near_within = (int)within;
    bool ordered = false;
    if ((v = yaml_get(y, "ordered")) && yaml_bool(v, &ordered, s->diags) && ordered)
        r->flags |= RULE_ORDERED;
}

static void read_match(struct src *s, const struct yaml *y, struct src_rule *r)
{
    static const char *const known[] = {"any", "all", "near", "regex", "rules", "within", NULL};
    if (y->kind != YAML_MAP) {
        yaml_fault(y, s->diags, "'match' holds any, all, near, regex or rules");
        return;
    }
    yaml_check_keys(y, known, s->diags);
    const struct yaml *v;
    if ((v = yaml_get(y, "any")))
        read_wanted(s, v, y, &r->any);
    if ((v = yaml_get(y, "all")))
        r->all_count = read_groups(s, v, r->all);
    if ((v = yaml_get(y, "near")))
        read_near(s, v, r);
    if ((v = yaml_get(y, "regex")))
        read_wanted(s, v, y, &r->regex);
    if ((v = yaml_get(y, "rules")) && yaml_str(v, &r->expr, s->diags))
        r->expr_at = src_place(v);
    struct str within;
    if ((v = yaml_get(y, "within")) && yaml_str(v, &within, s->diags)) {
        if (str_is(within, "clause"))
            r->flags |= RULE_CLAUSE;
        else if (!str_is(within, "post"))
            yaml_fault(v, s->diags, "'within' is clause or post");
    }
}

static void read_stars(struct src *s, const struct yaml *y, struct src_rule *r)
{
    struct str t;
    if (!yaml_str(y, &t, s->diags))
        return;
    double n;
    int op = t.len && (t.ptr[0] == '<' || t.ptr[0] == '>') ? t.ptr[0] : 0;
    struct str rest = op ? str_sub(t, t.len > 1 && t.ptr[1] == '=' ? 2 : 1, t.len) : t;
    bool strict = op && !(t.len > 1 && t.ptr[1] == '=');
    if (!str_f64(str_trim(rest), &n) || n < 0 || n > 5) {
        yaml_fault(y, s->diags, "'stars' is written like 1, '<=2' or '>3'");
        return;
    }
    if (op != '<')
        r->stars_min = strict ? n + 0.1 : n;
    if (op != '>')
        r->stars_max = strict ? n - 0.1 : n;
}

static void read_langs(struct src *s, const struct yaml *y, struct src_rule *r)
{
    struct src_items names = {0};
    src_read_items(s, y, &names);
    for (size_t i = 0; i < names.count; i++) {
        uint32_t bits = lang_bits(names.items[i].text);
        if (!bits)
            src_fault(s, DIAG_ERROR, names.items[i].at,
                      "unknown language '%.*s': en, zh, zh-Hans, zh-Hant, yue, other",
                      STR_FMT(names.items[i].text));
        r->langs |= bits;
    }
}

static void read_flag(struct src *s, const struct yaml *y, struct src_rule *r, uint32_t yes,
                      uint32_t no)
{
    bool on;
    if (yaml_bool(y, &on, s->diags))
        r->flags |= on ? yes : no;
}

static void read_where(struct src *s, const struct yaml *y, struct src_rule *r)
{
    static const char *const known[] = {"lang", "stars", "channel", "field", "min_len",
                                        "question", "stated", NULL};
    if (y->kind != YAML_MAP) {
        yaml_fault(y, s->diags, "'where' holds lang, stars, channel, field, min_len, question");
        return;
    }
    yaml_check_keys(y, known, s->diags);
    const struct yaml *v;
    int64_t n;
    struct str t;
    if ((v = yaml_get(y, "lang")))
        read_langs(s, v, r);
    if ((v = yaml_get(y, "stars")))
        read_stars(s, v, r);
    if ((v = yaml_get(y, "channel")))
        src_read_items(s, v, &r->channels);
    if ((v = yaml_get(y, "min_len")) && yaml_int(v, 0, 1 << 20, &n, s->diags))
        r->min_len = (uint32_t)n;
    if ((v = yaml_get(y, "question")))
        read_flag(s, v, r, RULE_QUESTION, RULE_NO_QUESTION);
    if ((v = yaml_get(y, "stated")))
        read_flag(s, v, r, RULE_STATED, 0);
    if ((v = yaml_get(y, "field")) && yaml_str(v, &t, s->diags)) {
        r->flags |= str_is(t, "text") ? RULE_TEXT : str_is(t, "title") ? RULE_TITLE : 0;
        if (!(r->flags & (RULE_TEXT | RULE_TITLE)))
            yaml_fault(v, s->diags, "'field' is text or title");
    }
}

static void add_class(struct src *s, const struct yaml *y, int attr, struct str name,
                      struct src_weight w, struct src_rule *r)
{
    int slot = slot_of(str_of(slot_attrs[attr].name), name);
    if (slot < 0) {
        const char *names[32];
        int n = slot_attrs[attr].count;
        for (int i = 0; i < n; i++)
            names[i] = slot_class(slot_attrs[attr].first + i);
        names[n] = NULL;
        const char *near = nearest_word(name, names);
        yaml_fault(y, s->diags, "'%.*s' is no class of %s%s%s%s", STR_FMT(name),
                   slot_attrs[attr].name, near ? "; did you mean '" : "", near ? near : "",
                   near ? "'?" : "");
        return;
    }
    *ARENA_PUSH(s->arena, r->sets.items, r->sets.count, r->sets.cap) =
        (struct src_weight){slot, w.weight, w.name, src_place(y)};
}

/* A class, a map of class: weight, or a list of these. */
static void read_classes(struct src *s, const struct yaml *y, int attr, struct src_rule *r)
{
    struct str t;
    if (y->kind == YAML_SEQ) {
        for (int i = 0; i < y->count; i++)
            read_classes(s, y->items[i], attr, r);
    } else if (y->kind == YAML_MAP) {
        for (int i = 0; i < y->count; i++) {
            struct src_weight w = {.weight = NAN};
            if (y->items[i]->kind == YAML_SCALAR && !str_f64(y->items[i]->text, &w.weight))
                w.name = y->items[i]->text;
            if (y->items[i]->kind != YAML_SCALAR || fabs(w.weight) > 16)
                yaml_fault(y->items[i], s->diags, "a weight is a number from -16 to 16 or a name");
            else
                add_class(s, y->items[i], attr, y->items[i]->key, w, r);
        }
    } else if (yaml_str(y, &t, s->diags)) {
        add_class(s, y, attr, t, (struct src_weight){.weight = NAN}, r);
    }
}

static void read_sets(struct src *s, const struct yaml *y, struct src_rule *r)
{
    static const char *const known[] = {"sentiment", "urgency", "category", "ask",
                                        "needs_reply", "motive", "feeling", NULL};
    if (y->kind != YAML_MAP) {
        yaml_fault(y, s->diags, "'sets' holds attribute: class");
        return;
    }
    yaml_check_keys(y, known, s->diags);
    for (int i = 0; i < y->count; i++) {
        int attr = slot_find_attr(y->items[i]->key);
        if (attr >= 0)
            read_classes(s, y->items[i], attr, r);
    }
}

static void read_example(struct src *s, const struct yaml *y, bool yes, struct src_rule *r)
{
    static const char *const known[] = {"text", "title", "stars", "channel", NULL};
    struct src_example e = {.post = POST_INIT, .at = src_place(y), .yes = yes};
    const struct yaml *v;
    if (y->kind == YAML_MAP) {
        yaml_check_keys(y, known, s->diags);
        if ((v = yaml_get(y, "text")))
            yaml_str(v, &e.post.text, s->diags);
        if ((v = yaml_get(y, "title")))
            yaml_str(v, &e.post.title, s->diags);
        if ((v = yaml_get(y, "channel")))
            yaml_str(v, &e.post.channel, s->diags);
        if ((v = yaml_get(y, "stars")))
            yaml_num(v, 0, 5, &e.post.stars, s->diags);
    } else if (!yaml_str(y, &e.post.text, s->diags)) {
        return;
    }
    *ARENA_PUSH(s->arena, r->examples, r->example_count, r->example_cap) = e;
}

static void read_examples(struct src *s, const struct yaml *y, bool yes, struct src_rule *r)
{
    if (y->kind != YAML_SEQ)
        read_example(s, y, yes, r);
    else
        for (int i = 0; i < y->count; i++)
            read_example(s, y->items[i], yes, r);
}

static struct str group_of(struct str id)
{
    ptrdiff_t dot = str_chr(id, '.');
    return dot > 0 ? str_sub(id, 0, (size_t)dot) : id;
}

static bool good_id(struct str id)
{
    for (size_t i = 0; i < id.len; i++) {
        char c = id.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
              c == '_'))
            return false;
    }
    return id.len > 0 && id.len <= 100 && id.ptr[0] != '.' && id.ptr[0] != '-';
}

static void read_rule(struct src *s, const struct yaml *y)
{
    static const char *const known[] = {
        "id", "why", "why_zh_hant", "why_zh_hans", "match", "unless", "unless_anywhere",
        "negatable", "only_negated", "where", "sets", "fact", "cap", "group", "needs", "silences",
        "yes", "no", "severity", "fix", "fix_zh_hant", "fix_zh_hans", "disabled", "silent", "quoted", NULL};
    if (y->kind != YAML_MAP) {
        yaml_fault(y, s->diags, "a rule is a map with at least id, why and match");
        return;
    }
    int faults = s->diags ? s->diags->errors : 0;
    yaml_check_keys(y, known, s->diags);
    struct src_rule r = {.at = src_place(y), .stars_min = NAN, .stars_max = NAN,
                         .flags = RULE_NEGATABLE, .layer = s->layer};
    const struct {
        const char *key;
        struct str *out;
    } texts[] = {{"id", &r.id}, {"why", &r.why}, {"why_zh_hant", &r.why_hant},
                 {"why_zh_hans", &r.why_hans}, {"fact", &r.fact}, {"severity", &r.severity},
                 {"fix", &r.fix}, {"fix_zh_hant", &r.fix_hant}, {"fix_zh_hans", &r.fix_hans},
                 {"group", &r.group}};
    const struct {
        const char *key;
        struct src_items *out;
    } lists[] = {{"unless", &r.unless}, {"unless_anywhere", &r.never}, {"needs", &r.needs},
                 {"silences", &r.silences}};
    const struct yaml *v;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if ((v = yaml_get(y, texts[i].key)))
            yaml_str(v, texts[i].out, s->diags);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if ((v = yaml_get(y, lists[i].key)))
            src_read_items(s, v, lists[i].out);
    bool on;
    int64_t n;
    if ((v = yaml_get(y, "yes")))
        read_examples(s, v, true, &r);
    if ((v = yaml_get(y, "no")))
        read_examples(s, v, false, &r);
    if ((v = yaml_get(y, "match")))
        read_match(s, v, &r);
    if ((v = yaml_get(y, "where")))
        read_where(s, v, &r);
    if ((v = yaml_get(y, "sets")))
        read_sets(s, v, &r);
    if ((v = yaml_get(y, "negatable")) && yaml_bool(v, &on, s->diags) && !on)
        r.flags &= ~(uint32_t)RULE_NEGATABLE;
    if ((v = yaml_get(y, "only_negated")) && yaml_bool(v, &on, s->diags) && on)
        r.flags = (r.flags & ~(uint32_t)RULE_NEGATABLE) | RULE_ONLY_NEGATED;
    if ((v = yaml_get(y, "silent")))
        read_flag(s, v, &r, RULE_SILENT, 0);
    if ((v = yaml_get(y, "quoted")))
        read_flag(s, v, &r, RULE_QUOTED, 0);
    if ((v = yaml_get(y, "disabled")))
        yaml_bool(v, &r.disabled, s->diags);
    if ((v = yaml_get(y, "cap")) && yaml_int(v, 1, 1000, &n, s->diags))
        r.cap = (uint32_t)n;
    if (!good_id(r.id)) {
        yaml_fault(y, s->diags, "a rule needs an 'id' of small letters, digits, '.', '-' and '_'");
        return;
    }
    if (r.group.len == 0)
        r.group = group_of(r.id);
    if (r.why.len == 0 && !r.disabled)
        yaml_fault(y, s->diags, "rule %.*s needs a 'why': one sentence for people",
                   STR_FMT(r.id));
    bool bare = !r.any.count && !r.all_count && !r.near_count && !r.regex.count && !r.expr.len &&
                !r.needs.count;
    if (s->diags && s->diags->errors > faults)
        bare = false; /* a condition with a fault is not a missing one */
    if (bare && !yaml_get(y, "where") && !r.disabled)
        yaml_fault(y, s->diags, "rule %.*s has nothing to match", STR_FMT(r.id));
    *ARENA_PUSH(s->arena, s->rules, s->rule_count, s->rule_cap) = r;
}

static void read_lists(struct src *s, const struct yaml *y)
{
    if (y->kind != YAML_MAP) {
        yaml_fault(y, s->diags, "'lists' holds name: [phrases]");
        return;
    }
    for (int i = 0; i < y->count; i++) {
        struct src_list l = {.name = y->items[i]->key, .at = src_place(y->items[i])};
        src_read_items(s, y->items[i], &l.items);
        *ARENA_PUSH(s->arena, s->lists, s->list_count, s->list_cap) = l;
    }
}

void rule_read(struct src *s, struct str text, const char *file)
{
    const struct yaml *y;
    if (yaml_parse(s->arena, text, file, &y, s->diags) != DF_OK || y->kind == YAML_NULL)
        return;
    if (y->kind != YAML_MAP) {
        yaml_fault(y, s->diags, "a rule file is a map with 'rules', 'lists' or grammar keys");
        return;
    }
    yaml_check_keys(y, grammar_keys, s->diags);
    for (int i = 0; i < y->count; i++) {
        const struct yaml *v = y->items[i];
        if (str_is(v->key, "lists")) {
            read_lists(s, v);
        } else if (str_is(v->key, "rules")) {
            if (v->kind != YAML_SEQ)
                yaml_fault(v, s->diags, "'rules' is a list");
            for (int k = 0; v->kind == YAML_SEQ && k < v->count; k++)
                read_rule(s, v->items[k]);
        } else {
            grammar_read(s, v);
        }
    }
}
