#include "casework/say.h"

#include <stdio.h>
#include <stdlib.h>

#include "casework/casework.h"
#include "core/buf.h"
#include "core/limits.h"

enum df_rc say_refusal(struct err *err, enum df_rc rc, enum ui_lang lang, const char *id,
                       const struct str *args, int count)
{
    struct buf b = BUF_INIT(DF_KIB(4));
    msg_put(&b, lang, id, args, count);
    err_set(err, rc, "%.*s", STR_FMT(buf_view(&b)));
    buf_free(&b);
    return rc;
}

struct str say_number(struct say_number *n, int64_t value)
{
    int len = snprintf(n->text, sizeof n->text, "%lld", (long long)value);
    return str_n(n->text, (size_t)len);
}

static struct str label(enum ui_lang lang, const char *kind, const char *word)
{
    char id[64];
    snprintf(id, sizeof id, "label.%s.%s", kind, word);
    const char *text = msg(lang, id);
    return text == id ? STR_NONE : str_of(text);
}

struct str say_state(enum ui_lang lang, enum case_state state)
{
    return label(lang, "state", case_state_name(state));
}

struct str say_act(enum ui_lang lang, enum case_act act)
{
    return label(lang, "step", case_act_name(act));
}

/* --- the ledger --- */

static struct str filled(struct arena *a, enum ui_lang lang, const char *id, const struct str *args,
                         int count)
{
    struct buf b = BUF_INIT(DF_MAX_NOTE + DF_KIB(1));
    msg_put(&b, lang, id, args, count);
    struct str text = arena_str(a, buf_view(&b));
    buf_free(&b);
    return text;
}

/* "head: rest" with the language's colon; head alone when there is no more. */
static struct str with_rest(struct arena *a, enum ui_lang lang, struct str head, struct str rest)
{
    return rest.len ? arena_printf(a, "%.*s%s%.*s", STR_FMT(head), lang == UI_EN ? ": " : "：",
                                   STR_FMT(rest))
                    : head;
}

/* Parts text at the first mark; false, with all of it in head, when it is not there. */
static bool part(struct str text, struct str mark, struct str *head, struct str *rest)
{
    ptrdiff_t at = str_find(text, mark);
    *head = at < 0 ? text : str_sub(text, 0, (size_t)at);
    *rest = at < 0 ? STR_NONE : str_sub(text, (size_t)at + mark.len, text.len);
    return at >= 0;
}

static struct str say_until(const struct ledger_reader *r, struct str why, struct arena *a)
{
    struct str head, rest;
    int64_t ms;
    part(why, STR(": "), &head, &rest);
    if (!str_starts(head, STR("until ")) ||
        !time_parse_rfc3339(str_sub(head, strlen("until "), head.len), &ms))
        return why;
    struct buf b = BUF_INIT(128);
    time_put_local(&b, ms, r->zone);
    const struct str args[] = {arena_str(a, buf_view(&b))};
    buf_free(&b);
    return with_rest(a, r->lang, filled(a, r->lang, "ledger.until", args, 1), rest);
}

static struct str say_outcome(const struct ledger_reader *r, struct str why, struct arena *a)
{
    struct str head, rest;
    part(why, STR(": "), &head, &rest);
    int outcome = case_outcome_of(head);
    if (outcome <= OUTCOME_NONE)
        return why;
    struct str word = label(r->lang, "outcome", case_outcome_name((enum case_outcome)outcome));
    return with_rest(a, r->lang, word, rest);
}

static struct str say_post(const struct ledger_reader *r, struct str why, struct arena *a)
{
    long long post;
    int version;
    char urgency[8], sentiment[16], category[16];
    if (sscanf(arena_strz(a, why), "post %lld version %d: %7[^,], %15[^,], %15s", &post, &version,
               urgency, sentiment, category) != 5)
        return why;
    const struct str args[] = {arena_printf(a, "%lld", post), arena_printf(a, "%d", version),
                               str_of(urgency), label(r->lang, "sentiment", sentiment),
                               label(r->lang, "category", category)};
    return filled(a, r->lang, "ledger.post", args, 5);
}

static struct str say_raised(const struct ledger_reader *r, struct str why, struct arena *a)
{
    struct str args[2];
    return part(why, STR(" to "), &args[0], &args[1]) ? filled(a, r->lang, "ledger.raised", args, 2)
                                                      : why;
}

static struct str say_gone(const struct ledger_reader *r, struct str why, struct arena *a)
{
    long long post;
    if (sscanf(arena_strz(a, why), "post %lld was deleted", &post) != 1)
        return why;
    const struct str args[] = {arena_printf(a, "%lld", post)};
    return filled(a, r->lang, "ledger.gone", args, 1);
}

/* The finding whose sentence the text begins with, up to its end or the next one. */
static const struct finding *said_first(const struct verdict *v, struct str text)
{
    for (int i = 0; v && i < v->finding_count; i++) {
        struct str why = v->findings[i].why;
        if (why.len && str_starts(text, why) &&
            (text.len == why.len || str_starts(str_sub(text, why.len, text.len), STR("; "))))
            return &v->findings[i];
    }
    return NULL;
}

/* Why it was opened: sentences of rules, or "negative, billing" where no rule said anything. */
static struct str say_reason(const struct ledger_reader *r, struct str why, struct arena *a)
{
    struct str out = STR_NONE, rest = why, head, tail;
    if (r->lang == UI_EN)
        return why;
    if (part(why, STR(", "), &head, &tail) && sentiment_of(head) >= 0 && category_of(tail) >= 0)
        return arena_printf(a, "%.*s、%.*s",
                            STR_FMT(label(r->lang, "sentiment", arena_strz(a, head))),
                            STR_FMT(label(r->lang, "category", arena_strz(a, tail))));
    while (rest.len) {
        const struct finding *f = said_first(r->verdict, rest);
        struct str own = f && r->why ? r->why(r->arg, f->rule, r->lang) : STR_NONE;
        if (!own.len)
            return why; /* the post was edited since, or the rule is no more */
        out = arena_printf(a, "%.*s%s%.*s", STR_FMT(out), out.len ? "；" : "", STR_FMT(own));
        rest = str_sub(rest, f->why.len, rest.len);
        rest = str_sub(rest, str_starts(rest, STR("; ")) ? 2 : 0, rest.len);
    }
    return out;
}

struct str say_step(const struct ledger_row *row, const struct ledger_reader *r, struct arena *a)
{
    static struct str (*const machine[CASE_ACT_COUNT])(const struct ledger_reader *, struct str,
                                                       struct arena *) = {
        [ACT_SNOOZE] = say_until, [ACT_CLOSE] = say_outcome, [ACT_EDITED] = say_post,
        [ACT_JOINED] = say_post,  [ACT_RAISE] = say_raised,  [ACT_GONE] = say_gone,
        [ACT_OPEN] = say_reason,
    };
    int act = case_act_of(row->act);
    bool again = act == ACT_REOPEN && str_eq(row->who, CASEWORK_MACHINE); /* else words of people */
    if (act < 0 || row->why.len == 0)
        return row->why;
    if (again)
        return say_reason(r, row->why, a);
    return machine[act] ? machine[act](r, row->why, a) : row->why;
}
