/* when.c: see when.h. */
#include "reply/when.h"

static const char *const key_names[WHEN_KEYS + 1] = {
    "sentiment", "urgency", "category", "ask", "motive", "feeling", "needs_reply",
    "channel", "register", "situation", "finding", "fact", NULL};

/* A condition on what the case says outweighs any mix of conditions on labels: a holding
 * statement is right in a storm whatever the post is about. */
static const int key_weights[WHEN_KEYS] = {
    [WHEN_SENTIMENT] = 1, [WHEN_URGENCY] = 1, [WHEN_CATEGORY] = 1, [WHEN_ASK] = 2,
    [WHEN_MOTIVE] = 1, [WHEN_FEELING] = 2, [WHEN_NEEDS_REPLY] = 1, [WHEN_CHANNEL] = 4,
    [WHEN_REGISTER] = 1, [WHEN_SITUATION] = 16, [WHEN_FINDING] = 8, [WHEN_FACT] = 4};

static int needs_reply_of(struct str s)
{
    return str_is(s, "no") ? 0 : str_is(s, "yes") ? 1 : -1;
}

/* Label keys: name → number, and the names for suggestions. */
#define WHEN_NAME(e, n) n,
static const char *const sentiments[] = {VERDICT_SENTIMENTS(WHEN_NAME) NULL};
static const char *const urgencies[] = {VERDICT_URGENCIES(WHEN_NAME) NULL};
static const char *const categories[] = {VERDICT_CATEGORIES(WHEN_NAME) NULL};
static const char *const asks[] = {VERDICT_ASKS(WHEN_NAME) NULL};
static const char *const motives[] = {VERDICT_MOTIVES(WHEN_NAME) NULL};
static const char *const feelings[] = {VERDICT_FEELINGS(WHEN_NAME) NULL};
static const char *const yes_no[] = {"no", "yes", NULL};
static const char *const registers[] = {"formal", "casual", NULL};
static const char *const situations[] = {"storm", "suspected-false", "out-of-scope", "abuse",
                                         "repeat", "progress", "done", "check-in", NULL};

static const struct {
    int (*number)(struct str); /* NULL: compared as a word */
    const char *const *names;  /* NULL: any word */
} kinds[WHEN_KEYS] = {
    [WHEN_SENTIMENT] = {sentiment_of, sentiments}, [WHEN_URGENCY] = {urgency_of, urgencies},
    [WHEN_CATEGORY] = {category_of, categories},   [WHEN_ASK] = {ask_of, asks},
    [WHEN_MOTIVE] = {motive_of, motives},          [WHEN_FEELING] = {feeling_of, feelings},
    [WHEN_NEEDS_REPLY] = {needs_reply_of, yes_no}, [WHEN_REGISTER] = {NULL, registers},
    [WHEN_SITUATION] = {NULL, situations},
};

static bool known_word(const struct yaml *y, struct str word, const char *const *names,
                       struct diags *d)
{
    for (int i = 0; names && names[i]; i++)
        if (str_is(word, names[i]))
            return true;
    if (!names)
        return true;
    const char *near = nearest_word(word, names);
    if (near)
        yaml_fault(y, d, "unknown word '%.*s'; did you mean '%s'?", STR_FMT(word), near);
    else
        yaml_fault(y, d, "unknown word '%.*s'", STR_FMT(word));
    return false;
}

static void read_cond(struct arena *a, const struct yaml *y, struct when_cond *c, struct diags *d)
{
    if (y->kind != YAML_SEQ || y->count == 0) {
        yaml_fault(y, d, "a list like [one, two] is expected");
        return;
    }
    struct str *words = arena_array(a, (size_t)y->count, sizeof *words);
    for (int i = 0; i < y->count; i++) {
        struct str s;
        if (!yaml_str(y->items[i], &s, d) || !known_word(y->items[i], s, kinds[c->key].names, d))
            continue;
        if (kinds[c->key].number)
            c->mask |= 1u << kinds[c->key].number(s);
        else
            words[c->count++] = s;
    }
    c->words = words;
}

void when_read(struct arena *a, const struct yaml *map, struct when *out, struct diags *d)
{
    *out = (struct when){0};
    if (!map || map->kind == YAML_NULL)
        return;
    if (map->kind != YAML_MAP) {
        yaml_fault(map, d, "a map of conditions is expected");
        return;
    }
    yaml_check_keys(map, key_names, d);
    out->conds = arena_array(a, (size_t)map->count + 1, sizeof *out->conds);
    for (int i = 0; i < map->count; i++)
        for (int k = 0; k < WHEN_KEYS; k++)
            if (str_is(map->items[i]->key, key_names[k])) {
                struct when_cond *c = &out->conds[out->count++];
                c->key = (enum when_key)k;
                read_cond(a, map->items[i], c, d);
                out->weight += key_weights[k];
            }
}

static bool word_fits(struct str pattern, struct str word)
{
    if (pattern.len && pattern.ptr[pattern.len - 1] == '*')
        return str_starts(word, str_sub(pattern, 0, pattern.len - 1));
    return str_eq(pattern, word);
}

static bool any_word(const struct when_cond *c, struct str word)
{
    for (int i = 0; i < c->count; i++)
        if (word_fits(c->words[i], word))
            return true;
    return false;
}

static bool any_situation(const struct when_cond *c, const struct when_view *v)
{
    for (int i = 0; i < v->situation_count; i++)
        if (any_word(c, v->situations[i]))
            return true;
    return false;
}

static bool any_finding(const struct when_cond *c, const struct verdict *v)
{
    for (int i = 0; i < v->finding_count; i++)
        if (any_word(c, v->findings[i].rule))
            return true;
    return false;
}

static bool any_fact(const struct when_cond *c, const struct verdict *v)
{
    for (int i = 0; i < v->fact_count; i++)
        if (any_word(c, v->facts[i].kind))
            return true;
    return false;
}

static bool cond_holds(const struct when_cond *c, const struct when_view *view)
{
    const struct verdict *v = view->verdict;
    switch (c->key) {
    case WHEN_SENTIMENT: return c->mask >> v->sentiment & 1;
    case WHEN_URGENCY: return c->mask >> v->urgency & 1;
    case WHEN_CATEGORY: return c->mask >> v->category & 1;
    case WHEN_ASK: return c->mask >> v->ask & 1;
    case WHEN_MOTIVE: return c->mask >> v->motive & 1;
    case WHEN_FEELING: return (c->mask & v->feelings) != 0;
    case WHEN_NEEDS_REPLY: return c->mask >> v->needs_reply & 1;
    case WHEN_CHANNEL: return any_word(c, view->post->channel);
    case WHEN_REGISTER: return any_word(c, view->reg);
    case WHEN_SITUATION: return any_situation(c, view);
    case WHEN_FINDING: return any_finding(c, v);
    case WHEN_FACT: return any_fact(c, v);
    default: return false;
    }
}

bool when_holds(const struct when *w, const struct when_view *v)
{
    for (int i = 0; i < w->count; i++)
        if (!cond_holds(&w->conds[i], v))
            return false;
    return true;
}
