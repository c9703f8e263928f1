/* lint_json.c: the linter's findings as JSON, for drafts, pages and `defuse lint --json`. */
#include "core/json.h"
#include "reply/lint.h"

static void put_finding(struct json_out *w, const struct lint_finding *f, enum ui_lang lang)
{
    json_open(w, '{');
    json_key(w, "rule");
    json_put_str(w, f->rule);
    json_key(w, "severity");
    json_put_str(w, str_of(lint_severity_name(f->severity)));
    json_key(w, "why");
    json_put_str(w, f->why[lang]);
    json_key(w, "fix");
    json_put_str(w, f->fix[lang]);
    json_key(w, "spans");
    json_open(w, '[');
    for (int i = 0; i < f->span_count; i++) {
        json_open(w, '{');
        json_key(w, "start");
        json_put_int(w, f->spans[i].start);
        json_key(w, "end");
        json_put_int(w, f->spans[i].end);
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
    json_key(&w, "ok");
    json_put_bool(&w, r->blocks == 0);
    json_key(&w, "length");
    json_put_int(&w, (int64_t)r->length);
    json_key(&w, "limit");
    if (ctx->limit)
        json_put_int(&w, (int64_t)ctx->limit);
    else
        json_put_null(&w);
    json_key(&w, "unit");
    json_put_str(&w, str_of(length_unit_name(ctx->unit)));
    json_key(&w, "blocks");
    json_put_int(&w, r->blocks);
    json_key(&w, "warns");
    json_put_int(&w, r->warns);
    json_key(&w, "notes");
    json_put_int(&w, r->notes);
    json_key(&w, "findings");
    json_open(&w, '[');
    for (int i = 0; i < r->count; i++)
        put_finding(&w, &r->items[i], lang);
    json_close(&w, ']');
    json_close(&w, '}');
}
