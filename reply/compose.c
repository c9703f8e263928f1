/* compose.c: chooses a plan, a piece for each of its steps and a sentence of each piece, then fits
 * the result into the channel's limit by leaving whole steps out. See reply.h for what it may not
 * do; the check that it does not is in tests/unit/test_reply_compose.c. */
#include <stdio.h>

#include "core/digest.h"
#include "core/limits.h"
#include "reply/vars.h"

enum {
    SALTS = 48,            /* tries for a text whose sentences are not yet on the page */
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

/* --- language --- */

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
        out->items[i].text = vars_fill(c->a, out->items[i].text, c->vars,
                                       str_is(c->view.reg, "casual"));
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
    vars_make(p, ctx, v, c.lang, a, c.vars);
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
