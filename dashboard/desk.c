/* desk.c: the reply room as the pages see it: suggestion, limits, findings. */
#include "casework/recent.h"
#include "core/limits.h"
#include "core/utf8.h"
#include "dashboard/page.h"

static struct reply_ctx ctx_of(const struct page *p, const struct case_view *c)
{
    const struct site_reply *r = &p->site->reply;
    struct reply_ctx ctx = r->ctx ? r->ctx(r->arg, c->row.channel) : (struct reply_ctx){0};

    ctx.now = p->now;
    if (!zone_offset(p->words.zone, p->now, &ctx.offset_minutes))
        ctx.offset_minutes = 0;
    return ctx;
}

static void count_text(struct page *p, size_t length, size_t limit, enum length_unit unit,
                       struct view_lint *out)
{
    const struct words *w = &p->words;
    struct str unit_name = str_of(words_label(w, "unit", length_unit_name(unit)));

    out->too_long = limit && length > limit;
    if (limit)
        out->counted = WORDS(w, "desk.counted-of", words_int(w, (int64_t)length),
                             words_int(w, (int64_t)limit), unit_name);
    else
        out->counted = WORDS(w, "desk.counted", words_int(w, (int64_t)length), unit_name);
}

/* The words a finding points at: its first span. */
static struct str span_text(struct str text, const struct lint_finding *f)
{
    size_t from, to;

    if (f->span_count == 0)
        return STR_NONE;
    from = utf8_offset(text, f->spans[0].start);
    to = utf8_offset(text, f->spans[0].end);
    return to > from ? str_sub(text, from, to - from) : STR_NONE;
}

enum df_rc desk_lint(struct page *p, const struct case_view *c, struct str text,
                     struct view_lint *out, struct err *err)
{
    const struct words *w = &p->words;
    struct reply_ctx known = ctx_of(p, c);
    struct lint_ctx ctx = {
        .channel = c->row.channel,
        .lang = reply_lang_of(c->row.lang) >= 0 ? c->row.lang : STR_NONE,
        .limit = known.limit,
        .unit = known.unit,
        .now = known.now,
        .offset_minutes = known.offset_minutes,
        .own = known.contact[REPLY_EN],
        .thanks = c->row.category == CATEGORY_PRAISE,
    };
    struct buf stored = BUF_INIT(DF_MAX_LINE);
    struct lint_report report;
    enum df_rc rc;

    *out = (struct view_lint){0};
    if (!p->site->reply.pack || str_trim(text).len == 0) {
        count_text(p, length_count(text, ctx.unit), ctx.limit, ctx.unit, out);
        out->empty = true;
        return DF_OK;
    }
    rc = recent_answers(p->store, &c->row, p->arena, &ctx.recent, &ctx.recent_count, err);
    if (rc != DF_OK)
        return rc;
    rc = reply_lint(reply_lint_set(p->site->reply.pack), text, &ctx, p->arena, &report, err);
    if (rc != DF_OK)
        return rc;
    count_text(p, report.length, ctx.limit, ctx.unit, out);
    lint_put_findings(&stored, &report, w->lang);
    out->stored = arena_str(p->arena, buf_view(&stored));
    buf_free(&stored);
    out->count = (size_t)report.count;
    out->blocked = report.blocks > 0;
    out->items = arena_array(p->arena, out->count + 1, sizeof *out->items);
    for (int i = 0; i < report.count; i++) {
        const struct lint_finding *f = &report.items[i];
        const char *level = lint_severity_name(f->severity);

        out->items[i] = (struct view_finding){
            .level = level,
            .label = words_label(w, "severity", level),
            .span = {span_text(text, f)},
            .why = {f->why[w->lang].len ? f->why[w->lang] : f->why[UI_EN]},
            .fix = {f->fix[w->lang].len ? f->fix[w->lang] : f->fix[UI_EN]},
        };
    }
    return DF_OK;
}

enum df_rc desk_suggest(struct page *p, const struct case_view *c, struct str *text_out,
                        struct str *note_out, struct err *err)
{
    const struct site_reply *r = &p->site->reply;
    struct reply_ctx ctx;
    struct draft draft = {0};
    enum df_rc rc;

    *text_out = *note_out = STR_NONE;
    if (!r->pack || !c->has_verdict)
        return DF_NONE;
    ctx = ctx_of(p, c);
    rc = reply_compose(r->pack, &c->post.post, &c->verdict, &ctx, p->arena, &draft, err);
    if (rc != DF_OK)
        return rc;
    if (draft.silent) {
        *note_out = draft.why[p->words.lang].len ? draft.why[p->words.lang] : draft.why[UI_EN];
        return DF_NONE;
    }
    *text_out = draft.text;
    return DF_OK;
}
