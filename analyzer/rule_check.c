/* rule_check.c: examples of rules, and why a rule did or did not fire. */
#include "analyzer/rule_check.h"

#include <stdio.h>

#include "analyzer/compile.h"
#include "analyzer/scan_rule.h"
#include "analyzer/slots.h"

enum df_rc rule_examples(const struct ruleset_spec *spec, struct arena *a,
                         struct rule_example **out, size_t *count_out, struct diags *diags)
{
    int before = diags->errors;
    struct src *s = ruleset_read(spec, a, diags);
    size_t n = 0, cap = 0;
    struct rule_example *items = NULL;
    for (size_t i = 0; i < s->rule_count; i++) {
        const struct src_rule *r = &s->rules[i];
        bool replaced = r->disabled;
        for (size_t k = i + 1; k < s->rule_count && s->layer; k++)
            replaced = replaced || str_eq(s->rules[k].id, r->id);
        for (size_t k = 0; k < r->example_count && !replaced; k++)
            *ARENA_PUSH(a, items, n, cap) =
                (struct rule_example){r->id, r->examples[k].post, r->examples[k].yes,
                                      r->examples[k].at.file, r->examples[k].at.line,
                                      r->examples[k].at.col};
    }
    *out = items;
    *count_out = n;
    return diags->errors > before ? DF_REJECT : DF_OK;
}

struct str rule_pack(struct str file)
{
    struct str part, last = STR_NONE, rest = file;
    while (str_split(&rest, '/', &part) && rest.ptr)
        last = part;
    return last;
}

bool scan_fired(const struct scanner *s, int number)
{
    return number >= 0 && known(s, known_rule(s, (uint32_t)number));
}

static struct str hit_text(const struct scanner *s, const struct hit *h)
{
    const struct image_phrase *p = IMAGE(s->m, PHRASES, struct image_phrase) +
                                   hit_record(s, h)->phrase;
    return image_str(s->m, (struct image_text){p->text, p->len});
}

static void say_set(struct scanner *s, struct buf *b, const char *what, uint32_t set)
{
    if (!set_hit(s, set)) {
        buf_printf(b, "  %s: none of its phrases occurs\n", what);
        return;
    }
    buf_printf(b, "  %s:", what);
    int n = 0;
    for (uint32_t l = s->chains[set].head; l && n < 8; l = s->links[l - 1].next, n++) {
        const struct hit *h = &s->hits[s->links[l - 1].hit];
        struct str t = hit_text(s, h);
        buf_printf(b, "%s \"%.*s\"%s", n ? "," : "", STR_FMT(t), h->negated ? " (negated)" : "");
    }
    buf_puts(b, "\n");
}

/* "praise.love", "praise.*" or "sentiment.negative": what an expression asks for by number. */
static void put_known(const struct scanner *s, uint32_t number, struct buf *b)
{
    const struct image_rule *rules = IMAGE(s->m, RULES, struct image_rule);
    if (number < SLOTS) {
        buf_printf(b, "%s.%s", slot_attrs[slot_attr_of((int)number)].name, slot_class((int)number));
        return;
    }
    bool group = number < known_rule(s, 0);
    uint32_t i = group ? 0 : number - known_rule(s, 0);
    while (group && known_group(rules[i].group_number) != number)
        i++;
    struct str name = image_str(s->m, group ? rules[i].group : rules[i].id);
    buf_printf(b, "%.*s%s", STR_FMT(name), group ? ".*" : "");
}

/* The rules, groups and classes the expression names that hold, or those that do not. */
static void say_leaves(const struct scanner *s, const struct image_rule *r, struct buf *b,
                       const char *how, bool wanted)
{
    enum { SHOWN = 8 };
    const uint32_t *code = IMAGE(s->m, EXPRS, uint32_t) + r->expr;
    int n = 0;
    for (uint32_t i = 0; i < r->expr_len; i++) {
        enum expr_op op = (enum expr_op)(code[i] >> 24);
        bool leaf = op == EXPR_RULE || op == EXPR_GROUP || op == EXPR_CLASS;
        if (!leaf || known(s, code[i] & 0xFFFFFF) != wanted)
            continue;
        if (n++ < SHOWN) {
            buf_printf(b, "%s", n > 1 ? ", " : "  rules: of those it names, ");
            put_known(s, code[i] & 0xFFFFFF, b);
        }
    }
    if (n > SHOWN)
        buf_printf(b, " and %d more", n - SHOWN);
    if (n)
        buf_printf(b, " %s\n", how);
}

static void say_parts(struct scanner *s, const struct image_rule *r, struct buf *b)
{
    const uint32_t *n = IMAGE(s->m, NUMBERS, uint32_t);
    char what[40];
    if (r->any != IMAGE_NONE)
        say_set(s, b, "any", r->any);
    for (uint32_t i = 0; i < r->all.count; i++) {
        snprintf(what, sizeof what, "all, list %u", i + 1);
        say_set(s, b, what, n[r->all.at + i]);
    }
    for (uint32_t i = 0; i < r->near.count; i++) {
        snprintf(what, sizeof what, "near, list %u", i + 1);
        say_set(s, b, what, n[r->near.at + i]);
    }
    for (uint32_t i = 0; i < r->regexes.count; i++) {
        const struct image_regex *re =
            IMAGE(s->m, REGEXES, struct image_regex) + n[r->regexes.at + i];
        const struct regex_state *st = regex_run_once(s, n[r->regexes.at + i]);
        bool looked = re->set == IMAGE_NONE || set_hit(s, re->set);
        buf_printf(b, "  regex %u: %s\n", i + 1,
                   st->count ? "matches"
                   : looked  ? "does not match"
                             : "not tried, no phrase it needs occurs");
    }
    if (r->expr_len) {
        say_leaves(s, r, b, "hold", true);
        say_leaves(s, r, b, "do not hold", false);
    }
}

static const char *silence_text(enum silence how)
{
    static const char *const texts[] = {
        [SILENCE_NEGATED] = "it stands within the reach of the negator",
        [SILENCE_NOT_NEGATED] = "it only counts when negated, and is not",
        [SILENCE_UNLESS] = "an exception stands in the same clause:",
        [SILENCE_NEVER] = "an exception stands in the post:",
        [SILENCE_QUESTION] = "the clause is, or is not, a question",
        [SILENCE_HYPOTHETIC] = "the clause is only supposed (if …)",
        [SILENCE_QUOTED] = "it stands in what the author quotes of others",
        [SILENCE_RULE] = "it is taken back, or not confirmed, by the rule",
        [SILENCE_CAP] = "its group has a cap, and stronger rules fill it; see",
    };
    return texts[how];
}

static void say_silence(struct scanner *s, const struct fired *f, struct buf *b)
{
    struct str by = STR("");
    if (f->how == SILENCE_NEGATED)
        by = hit_text(s, &s->grammar[f->by]);
    else if ((f->how == SILENCE_UNLESS || f->how == SILENCE_NEVER) && f->by != IMAGE_NONE)
        by = hit_text(s, &s->hits[f->by]);
    else if (f->how == SILENCE_RULE || f->how == SILENCE_CAP)
        by = image_str(s->m, IMAGE(s->m, RULES, struct image_rule)[f->by].id);
    buf_printf(b, "  silenced: %s%s%.*s\n", silence_text(f->how), by.len ? " " : "", STR_FMT(by));
}

void scan_why(struct scanner *s, int number, struct buf *b)
{
    const struct image_rule *r = IMAGE(s->m, RULES, struct image_rule) + number;
    struct str id = image_str(s->m, r->id), why = image_str(s->m, r->why);
    buf_printf(b, "%.*s %s: %.*s\n", STR_FMT(id),
               scan_fired(s, number) ? "fires" : "does not fire", STR_FMT(why));
    say_parts(s, r, b);
    bool judged = scan_fired(s, number);
    for (size_t i = 0; i < s->fired_count; i++)
        if (s->fired[i].rule == (uint32_t)number && s->fired[i].silenced) {
            say_silence(s, &s->fired[i], b);
            judged = true;
        }
    if (judged)
        return;
    if (r->langs && !(r->langs >> s->lang & 1))
        buf_printf(b, "  where: the text is taken for %s\n", lang_name(s->lang));
    if (r->stars_min >= 0 || r->stars_max >= 0)
        buf_puts(b, "  where: asks for stars\n");
    if (r->channels.count)
        buf_puts(b, "  where: asks for a channel\n");
    if (r->min_len && s->chars < r->min_len)
        buf_printf(b, "  where: needs %u characters, the text has %u\n", r->min_len, s->chars);
    if (r->near.count)
        buf_printf(b, "  near: at most %u words or %u characters apart%s\n", r->near_words,
                   r->near_chars, r->flags & RULE_ORDERED ? ", in this order" : "");
}
