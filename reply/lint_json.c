/* lint_json.c: the linter's findings as JSON, for drafts, pages and `defuse lint --json`. */
#include "core/json.h"
#include "reply/lint.h"

static void put_finding(struct json_out *w, const struct lint_finding *f, enum ui_lang lang)
{
    json_open(w, '{');
    json_pair_str(w, "rule", f->rule);
    json_pair_str(w, "severity", str_of(lint_severity_name(f->severity)));
    json_pair_str(w, "why", f->why[lang]);
    json_pair_str(w, "fix", f->fix[lang]);
    json_key(w, "spans");
    json_open(w, '[');
    for (int i = 0; i < f->span_count; i++) {
        json_open(w, '{');
        json_pair_int(w, "start", f->spans[i].start);
        json_pair_int(w, "end", f->spans[i].end);
        json_close(w, '}');
    }
    json_close(w, ']');
    json_close(w, '}');
}

void lint_put_findings(struct buf *b, const struct lint_report *r, enum ui_lang lang)
{
    struct json_out w = {.buf = b};
    json_open(&w, '[');
    for (int i = 0; i < r->count; i++)
        put_finding(&w, &r->items[i], lang);
    json_close(&w, ']');
}

void lint_put_report(struct buf *b, const struct lint_report *r, const struct lint_ctx *ctx,
                     enum ui_lang lang)
{
    struct json_out w = {.buf = b};
    json_open(&w, '{');
    json_pair_bool(&w, "ok", r->blocks == 0);
    json_pair_int(&w, "length", (int64_t)r->length);
    json_key(&w, "limit");
    if (ctx->limit)
        json_put_int(&w, (int64_t)ctx->limit);
    else
        json_put_null(&w);
    json_pair_str(&w, "unit", str_of(length_unit_name(ctx->unit)));
    json_pair_int(&w, "blocks", r->blocks);
    json_pair_int(&w, "warns", r->warns);
    json_pair_int(&w, "notes", r->notes);
    json_key(&w, "findings");
    json_open(&w, '[');
    for (int i = 0; i < r->count; i++)
        put_finding(&w, &r->items[i], lang);
    json_close(&w, ']');
    json_close(&w, '}');
}
