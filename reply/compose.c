/* compose.c: chooses a plan, a piece for each of its steps and a sentence of each piece, then fits
 * the result into the channel's limit by leaving whole steps out. See reply.h for what it may not
 * do; the check that it does not is in tests/unit/test_reply_compose.c. */
#include <stdio.h>

#include "core/clock.h"
#include "core/digest.h"
#include "core/limits.h"
#include "core/utf8.h"
#include "reply/pack.h"

enum {
    SALTS = 48,            /* tries for a text whose sentences are not yet on the page */
    MAX_QUOTE = 24,        /* code points of the post that may be said back */
    MAX_PICKS = 64,        /* sentences to choose from in one step */
};

struct pick {
    const struct piece *piece;
    struct str text; /* with variables filled in */
    bool said;       /* it stands on the page already */
};

struct choices {
    struct pick items[MAX_PICKS];
    int count;
};

struct composer {
    const struct reply_pack *pack;
    const struct reply_ctx *ctx;
    const struct post *post;
    struct when_view view;
    enum reply_lang lang;
    struct str vars[REPLY_VARS]; /* "" = not known */
    struct arena *a;
    struct choices (*choices)[2]; /* of every step of the plan: in full, short */
};

/* --- language and variables --- */

static enum reply_lang choose_lang(const struct reply_ctx *ctx, const struct verdict *v)
{
    static const enum reply_lang order[REPLY_LANGS][REPLY_LANGS] = {
        [REPLY_EN] = {REPLY_EN, REPLY_ZH_HANT, REPLY_ZH_HANS, REPLY_YUE},
        [REPLY_ZH_HANT] = {REPLY_ZH_HANT, REPLY_ZH_HANS, REPLY_EN, REPLY_YUE},
        [REPLY_ZH_HANS] = {REPLY_ZH_HANS, REPLY_ZH_HANT, REPLY_EN, REPLY_YUE},
        [REPLY_YUE] = {REPLY_YUE, REPLY_ZH_HANT, REPLY_ZH_HANS, REPLY_EN},
    };
    int want = reply_lang_of(ctx->lang.len ? ctx->lang : v->lang);
    if (want < 0)
        want = REPLY_EN;
    for (int i = 0; i < REPLY_LANGS; i++)
        if (!ctx->languages || ctx->languages >> order[want][i] & 1)
            return order[want][i];
    return (enum reply_lang)want;
}

/* "24 hours", "3 天": the largest unit that says it exactly, days only from the third on. */
static struct str say_duration(struct arena *a, int64_t ms, enum reply_lang lang)
{
    static const char *const units[3][REPLY_LANGS] = {
        {"minute", "分鐘", "分钟", "分鐘"},
        {"hour", "小時", "小时", "個鐘"},
        {"day", "天", "天", "日"},
    };
    int unit = ms % DF_HOUR ? 0 : ms % DF_DAY || ms <= 2 * DF_DAY ? 1 : 2;
    long long n = ms / (unit == 0 ? DF_MINUTE : unit == 1 ? DF_HOUR : DF_DAY);
    return arena_printf(a, "%lld %s%s", n, units[unit][lang], lang == REPLY_EN && n != 1 ? "s" : "");
}

/* What the post says, word for word, if it is short, one line and holds no long number. */
static struct str quote_fact(const struct verdict *v, const char *kind)
{
    for (int i = 0; i < v->fact_count; i++) {
        struct str t = str_trim(v->facts[i].text);
        int digits = 0;
        bool plain = t.len > 0 && utf8_count(t) <= MAX_QUOTE;
        for (size_t k = 0; k < t.len; k++) {
            digits += t.ptr[k] >= '0' && t.ptr[k] <= '9';
            plain &= (unsigned char)t.ptr[k] >= ' ' && !strchr("{}<>\"@", t.ptr[k]);
        }
        if (str_is(v->facts[i].kind, kind) && plain && digits <= 5)
            return t;
    }
    return STR_NONE;
}

/* "Three weeks" began a sentence there; here it stands within one. */
static struct str start_small(struct arena *a, struct str s)
{
    struct str copy = arena_str(a, s);
    if (copy.len > 1 && copy.ptr[0] >= 'A' && copy.ptr[0] <= 'Z' && copy.ptr[1] >= 'a')
        ((char *)copy.ptr)[0] = (char)(copy.ptr[0] + ('a' - 'A'));
    return copy;
}

static struct str in_lang(const struct str *by_lang, enum reply_lang lang)
{
    return by_lang[lang].len ? by_lang[lang] : by_lang[REPLY_EN];
}

static void fill_vars(struct composer *c, const struct verdict *v)
{
    const struct playbook *book = &c->pack->playbook;
    c->vars[VAR_BRAND] = in_lang(c->ctx->brand, c->lang);
    c->vars[VAR_WITHIN] = say_duration(c->a, book->urgency[v->urgency].within_ms, c->lang);
    c->vars[VAR_TOPIC] = c->pack->topics[v->category][c->lang];
    c->vars[VAR_CONTACT] = in_lang(c->ctx->contact, c->lang);
    c->vars[VAR_OWNER] = c->ctx->owner;
    if (reply_lang_of(v->lang) != (int)c->lang)
        return; /* words of the post fit only a reply in its own language */
    c->vars[VAR_ELAPSED] = start_small(c->a, quote_fact(v, "elapsed"));
    c->vars[VAR_VERSION] = quote_fact(v, "version");
    c->vars[VAR_PRODUCT] = quote_fact(v, "product");
}

static bool is_han(uint32_t cp)
{
    return cp >= 0x3400 && cp <= 0x9FFF;
}

static bool is_latin(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Chinese text sets a blank between its characters and Latin letters: 用 help.example 找我們. */
static bool han_before(const struct buf *b)
{
    size_t step;
    return b->len >= 3 && is_han(utf8_get(b->ptr + b->len - 3, 3, &step));
}

static void put_var(struct buf *b, struct str value, struct str after)
{
    size_t step;
    if (is_latin(value.ptr[0]) && han_before(b))
        buf_putc(b, ' ');
    buf_str(b, value);
    if (is_latin(value.ptr[value.len - 1]) && after.len &&
        is_han(utf8_get(after.ptr, after.len, &step)))
        buf_putc(b, ' ');
}

static struct str fill(struct composer *c, struct str text)
{
    struct buf b = BUF_INIT(DF_MAX_REPLY);
    size_t start, end = 0, done = 0;
    int var;
    bool casual = str_is(c->view.reg, "casual");
    while (reply_next_var(text, end, &start, &end, &var)) {
        buf_str(&b, str_sub(text, done, start - done));
        put_var(&b, c->vars[var], str_sub(text, end, text.len));
        done = end;
    }
    buf_str(&b, str_sub(text, done, text.len));
    if (casual) { /* the pieces are written with 您; among equals it is 你 */
        struct buf plain = BUF_INIT(DF_MAX_REPLY);
        for (size_t i = 0, step; i < b.len; i += step) {
            if (utf8_get(b.ptr + i, b.len - i, &step) == 0x60A8)
                buf_puts(&plain, "你");
            else
                buf_add(&plain, b.ptr + i, step);
        }
        buf_free(&b);
        b = plain;
    }
    struct str out = arena_str(c->a, buf_view(&b));
    buf_free(&b);
    return out;
}

/* --- choosing --- */

static bool vars_known(const struct composer *c, const struct piece *p)
{
    for (int v = 0; v < REPLY_VARS; v++)
        if (p->vars >> v & 1 && c->vars[v].len == 0)
            return false;
    return true;
}

static bool piece_fits(const struct composer *c, const struct piece *p, struct str step, bool brief)
{
    return p->brief == brief && str_eq(p->step, step) && vars_known(c, p) &&
           when_holds(&p->when, &c->view);
}

static bool on_page(const struct reply_ctx *ctx, struct str sentence)
{
    for (int i = 0; i < ctx->recent_count; i++)
        if (str_find(ctx->recent[i], sentence) >= 0)
            return true;
    return false;
}

/* Every sentence that may be said in one step: those of the most specific pieces. */
static void find_choices(struct composer *c, struct str step, bool brief, struct choices *out)
{
    int weight = -1;
    for (int i = 0; i < c->pack->piece_count; i++) {
        const struct piece *p = &c->pack->pieces[i];
        if (p->when.weight < weight || !piece_fits(c, p, step, brief))
            continue;
        if (p->when.weight > weight)
            out->count = 0;
        weight = p->when.weight;
        for (int t = 0; t < p->text_count[c->lang] && out->count < MAX_PICKS; t++)
            out->items[out->count++] = (struct pick){.piece = p, .text = p->texts[c->lang][t]};
    }
    for (int i = 0; i < out->count; i++) {
        out->items[i].text = fill(c, out->items[i].text);
        out->items[i].said = on_page(c->ctx, out->items[i].text);
    }
}

/* The sentence for one step, by the post's id. */
static const struct pick *pick_step(struct composer *c, int step, bool brief, unsigned salt)
{
    struct choices *from = &c->choices[step][brief];
    if (from->count == 0)
        return NULL;
    char key[32];
    int n = snprintf(key, sizeof key, "%u %d", salt, step);
    uint64_t mix = hash64(c->post->id) ^ hash64(str_n(key, (size_t)n));
    mix = (mix ^ mix >> 29) * UINT64_C(0x9E3779B97F4A7C15);
    return &from->items[(mix >> 32) % (uint64_t)from->count];
}

struct text {
    struct str text;
    struct str pieces[PLAN_STEPS];
    int piece_count, repeats; /* sentences that are on the page already */
    bool complete;            /* every needed step is there */
};

static bool listed(const struct str *list, int count, struct str word)
{
    for (int i = 0; i < count; i++)
        if (str_eq(list[i], word))
            return true;
    return false;
}

/* Writes the plan's steps without the first `dropped` of plan->drop; the last `briefs` steps use
 * their short form where there is one. */
static struct text write_steps(struct composer *c, const struct plan *plan, int dropped, int briefs,
                               unsigned salt, bool sign)
{
    struct text t = {.complete = true};
    struct buf b = BUF_INIT(DF_MAX_REPLY);
    for (int s = 0; s < plan->step_count; s++) {
        const struct pick *pick = NULL;
        if (listed(plan->drop, dropped, plan->steps[s]))
            continue;
        if (s >= plan->step_count - briefs)
            pick = pick_step(c, s, true, salt);
        if (!pick)
            pick = pick_step(c, s, false, salt);
        if (!pick) {
            t.complete &= !listed(plan->needs, plan->need_count, plan->steps[s]);
            continue;
        }
        if (t.piece_count && c->lang == REPLY_EN)
            buf_putc(&b, ' ');
        buf_str(&b, pick->text);
        t.pieces[t.piece_count++] = pick->piece->id;
        t.repeats += pick->said;
    }
    if (t.repeats == t.piece_count && on_page(c->ctx, buf_view(&b)))
        t.repeats += PLAN_STEPS; /* the whole once more: only when there is nothing else */
    if (sign && c->ctx->signer.len)
        buf_printf(&b, "\n— %.*s", STR_FMT(c->ctx->signer));
    t.text = arena_str(c->a, buf_view(&b));
    buf_free(&b);
    return t;
}

/* Steps of which every sentence is on the page: no variation can do without a repeat there. */
static int least_repeats(const struct composer *c, const struct plan *plan, int dropped)
{
    int least = 0;
    for (int s = 0; s < plan->step_count; s++) {
        const struct choices *from = &c->choices[s][0];
        bool all = from->count > 0 && !listed(plan->drop, dropped, plan->steps[s]);
        for (int i = 0; all && i < from->count; i++)
            all = from->items[i].said;
        least += all;
    }
    return least;
}

/* The variation with the fewest sentences already on the page. */
static struct text write_fresh(struct composer *c, const struct plan *plan, int dropped, int briefs,
                               bool sign)
{
    struct text best = write_steps(c, plan, dropped, briefs, 0, sign);
    int least = briefs ? 0 : least_repeats(c, plan, dropped);
    for (unsigned salt = 1; salt < SALTS && best.repeats > least; salt++) {
        struct text t = write_steps(c, plan, dropped, briefs, salt, sign);
        if (t.repeats < best.repeats)
            best = t;
    }
    return best;
}

static bool fits(const struct composer *c, struct str text)
{
    return c->ctx->limit == 0 || length_count(text, c->ctx->unit) <= c->ctx->limit;
}

/* From the full text down: without signature, without steps in the order of `drop`, then with
 * short forms from the last step to the first. */
static struct text fit(struct composer *c, const struct plan *plan)
{
    struct text t = write_fresh(c, plan, 0, 0, true);
    if (fits(c, t.text))
        return t;
    for (int dropped = 0; dropped <= plan->drop_count; dropped++) {
        t = write_fresh(c, plan, dropped, 0, false);
        if (fits(c, t.text))
            return t;
    }
    for (int briefs = 1; briefs <= plan->step_count; briefs++) {
        t = write_fresh(c, plan, plan->drop_count, briefs, false);
        if (fits(c, t.text))
            break;
    }
    return t;
}

static const struct plan *choose_plan(const struct composer *c)
{
    for (int i = 0; i < c->pack->plan_count; i++)
        if (when_holds(&c->pack->plans[i].when, &c->view))
            return &c->pack->plans[i];
    return NULL;
}

/* A reply that regrets is expected to say what happens next; a thank-you is not. */
static bool is_thanks(const struct plan *plan)
{
    return !listed(plan->steps, plan->step_count, STR("feeling")) &&
           !listed(plan->steps, plan->step_count, STR("regret"));
}

static enum df_rc lint_draft(struct composer *c, const struct plan *plan, struct draft *out,
                             struct err *err)
{
    struct lint_ctx lc = {.channel = c->post->channel,
                          .lang = str_of(reply_lang_tag(out->lang)),
                          .limit = c->ctx->limit, .unit = c->ctx->unit, .recent = c->ctx->recent,
                          .recent_count = c->ctx->recent_count, .now = c->ctx->now,
                          .offset_minutes = c->ctx->offset_minutes,
                          .own = c->vars[VAR_CONTACT], .thanks = is_thanks(plan)};
    return reply_lint(c->pack->lint, out->text, &lc, c->a, &out->lint, err);
}

enum df_rc reply_compose(const struct reply_pack *p, const struct post *post,
                         const struct verdict *v, const struct reply_ctx *ctx, struct arena *a,
                         struct draft *out, struct err *err)
{
    struct composer c = {.pack = p, .ctx = ctx, .post = post, .a = a, .lang = choose_lang(ctx, v)};
    c.view = (struct when_view){post, v, ctx->reg, ctx->situations, ctx->situation_count};
    if (!ctx->reg.len)
        c.view.reg = playbook_register(&p->playbook, post->channel);
    *out = (struct draft){.lang = c.lang, .approval = p->playbook.urgency[v->urgency].approval};
    const struct plan *plan = choose_plan(&c);
    if (!plan)
        return err_set(err, DF_NONE, "no plan covers this post");
    out->plan = plan->id;
    out->optional = plan->optional;
    out->silent = plan->silent;
    memcpy(out->why, plan->why, sizeof out->why);
    if (plan->silent)
        return DF_OK;
    if (plan->approval && out->approval == APPROVAL_NONE)
        out->approval = APPROVAL_SENIOR;
    fill_vars(&c, v);
    c.choices = arena_array(a, PLAN_STEPS, sizeof *c.choices);
    for (int i = 0; i < plan->step_count; i++)
        for (int brief = 0; brief < 2; brief++)
            find_choices(&c, plan->steps[i], brief, &c.choices[i][brief]);
    struct text t = fit(&c, plan);
    if (!t.complete || t.piece_count == 0)
        return err_set(err, DF_NONE, "plan '%.*s' has no fitting piece", STR_FMT(plan->id));
    if (plan->optional && t.repeats > 0) { /* a kindness said before is none */
        out->silent = true;
        return DF_OK;
    }
    if (!fits(&c, t.text))
        return err_set(err, DF_NONE, "the shortest reply has %zu %s; the channel takes %zu",
                       length_count(t.text, ctx->unit), length_unit_name(ctx->unit), ctx->limit);
    out->text = t.text;
    out->length = length_count(t.text, ctx->unit);
    struct str *ids = arena_array(a, (size_t)t.piece_count, sizeof *ids);
    memcpy(ids, t.pieces, (size_t)t.piece_count * sizeof *ids);
    out->pieces = ids;
    out->piece_count = t.piece_count;
    return lint_draft(&c, plan, out, err);
}
