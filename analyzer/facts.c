/* facts.c: collects the facts of the rules that fired, longest first where they overlap. */
#include "analyzer/facts.h"

#include "analyzer/scan_rule.h"

enum { MAX_FACTS = 32 };

struct found {
    struct str kind;
    uint32_t from, to; /* folded bytes */
};

/* Where facts of one kind overlap, or one lies within another of any kind (a month within a
 * date), the longer one is meant. */
static void add(const struct scanner *s, struct found *all, int *n, struct found f)
{
    while (f.to > f.from + 1 && strchr(",.;:!? ", s->text[f.to - 1]))
        f.to--;
    for (int i = 0; i < *n; i++) {
        struct found *o = &all[i];
        bool within = (f.from >= o->from && f.to <= o->to) || (o->from >= f.from && o->to <= f.to);
        bool overlap = f.from < o->to && o->from < f.to;
        if (!within && !(overlap && str_eq(o->kind, f.kind)))
            continue;
        if (f.to - f.from > o->to - o->from)
            *o = f;
        return;
    }
    if (*n < MAX_FACTS)
        all[(*n)++] = f;
}

static void add_rule(struct scanner *s, const struct image_rule *r, const struct fired *f,
                     struct found *all, int *n)
{
    struct str kind = image_str(s->m, r->fact);
    const uint32_t *numbers = IMAGE(s->m, NUMBERS, uint32_t);
    for (uint32_t i = 0; i < r->regexes.count; i++) {
        const struct regex_state *st = regex_run_once(s, numbers[r->regexes.at + i]);
        for (uint32_t k = 0; k < st->count; k++) {
            const struct regex_match *m = &s->matches[st->first + k];
            add(s, all, n, (struct found){kind, m->group_start, m->group_end});
        }
    }
    for (uint32_t i = 0; i < f->place_count && !r->regexes.count; i++) {
        struct place p = s->places[f->places + i];
        const struct unit *last = &s->units[p.end - 1];
        add(s, all, n, (struct found){kind, s->units[p.first].start, last->start + last->len});
    }
}

static struct str original(const struct post *p, const struct span *s)
{
    struct str t = s->field == FIELD_TITLE ? p->title : p->text;
    size_t at = 0, cp = 0, from = 0;
    while (at < t.len && cp < s->end) {
        if (cp == s->start)
            from = at;
        at++;
        while (at < t.len && (t.ptr[at] & 0xC0) == 0x80)
            at++;
        cp++;
    }
    return str_sub(t, from, at - from);
}

void facts_find(struct scanner *s, struct arena *a, struct verdict *out)
{
    const struct image_rule *rules = IMAGE(s->m, RULES, struct image_rule);
    struct found all[MAX_FACTS];
    int n = 0;
    for (size_t i = 0; i < s->fired_count; i++)
        if (!s->fired[i].silenced && rules[s->fired[i].rule].fact.len)
            add_rule(s, &rules[s->fired[i].rule], &s->fired[i], all, &n);
    struct fact *facts = arena_array(a, (size_t)n + 1, sizeof *facts);
    for (int i = 0; i < n; i++) {
        struct str folded = str_trim(str_n(s->text + all[i].from, all[i].to - all[i].from));
        facts[i].kind = all[i].kind;
        facts[i].span = scan_span(s, all[i].from, all[i].to);
        facts[i].text = arena_str(a, original(s->post, &facts[i].span));
        facts[i].value = fact_value(a, all[i].kind, arena_str(a, folded), s->post->created);
    }
    out->facts = facts;
    out->fact_count = n;
}
