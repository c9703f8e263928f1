#include "collector/body.h"

#include <math.h>
#include <stdlib.h>

#include "collector/charset.h"
#include "collector/jq_value.h"
#include "collector/markup.h"
#include "collector/normalize.h"
#include "collector/rating.h"
#include "collector/source.h"
#include "core/limits.h"

/* --- compiled programs, made when first needed --- */

static enum df_rc program_of(struct body_reader *rd, const struct channel *c,
                             const struct extract_rule *rule, struct jq_program **out,
                             struct err *err)
{
    for (size_t i = 0; i < rd->count; i++)
        if (rd->programs[i].rule == rule) {
            *out = rd->programs[i].program;
            return DF_OK;
        }
    enum df_rc rc = jq_program_new(c, rule, out, err);
    if (rc != DF_OK)
        return rc;
    void *more = realloc(rd->programs, (rd->count + 1) * sizeof *rd->programs);
    if (!more)
        abort();
    rd->programs = more;
    rd->programs[rd->count].rule = rule;
    rd->programs[rd->count++].program = *out;
    return DF_OK;
}

enum df_rc body_compile(struct body_reader *rd, const struct channel *c, struct err *err)
{
    struct jq_program *p;
    enum df_rc rc = DF_OK;
    for (size_t i = 0; i < c->extract_count && rc == DF_OK; i++)
        if (c->extracts[i].kind != EXTRACT_FEED || c->extracts[i].post.len)
            rc = program_of(rd, c, &c->extracts[i], &p, err);
    return rc;
}

void body_reader_clear(struct body_reader *rd)
{
    for (size_t i = 0; i < rd->count; i++)
        jq_program_free(&rd->programs[i].program);
    free(rd->programs);
    *rd = (struct body_reader){0};
}

/* --- reading --- */

static bool is_markup(struct str s)
{
    s = str_trim(s);
    return s.len && s.ptr[0] == '<';
}

static bool reads_markup(const struct extract_rule *r)
{
    return r->kind != EXTRACT_JSON;
}

/* Selectors may come from the source's parameters: "{item}" of the page channel. */
static struct str filled(const struct source *src, struct arena *a, struct str tmpl)
{
    struct source_vars v = {.source = src, .arena = a, .since = DF_NO_TIME};
    struct buf b = BUF_INIT(DF_KIB(16));
    struct str out = tmpl;
    if (str_chr(tmpl, '{') >= 0 &&
        template_expand(&b, tmpl, TEMPLATE_RAW, source_lookup, &v, NULL, NULL) == DF_OK)
        out = arena_str(a, buf_view(&b));
    buf_free(&b);
    return out;
}

static struct pair *filled_pairs(const struct source *src, struct arena *a, const struct pair *from,
                                 size_t n)
{
    struct pair *out = arena_array(a, n + 1, sizeof *out);
    for (size_t i = 0; i < n; i++)
        out[i] = (struct pair){from[i].name, filled(src, a, from[i].value), from[i].line};
    return out;
}

static struct extract_rule filled_rule(const struct source *src, struct arena *a,
                                       const struct extract_rule *r)
{
    struct extract_rule f = *r;
    f.when = filled(src, a, r->when);
    f.item = filled(src, a, r->item);
    f.fields = filled_pairs(src, a, r->fields, r->field_count);
    f.page = filled_pairs(src, a, r->page, r->page_count);
    return f;
}

static enum df_rc run_html(struct body_reader *rd, const struct source *src, struct jq_program *p,
                           const struct extract_rule *r, const struct extract_body *b, struct arena *a,
                           struct raw_page *out, struct err *err)
{
    struct extract_rule f = filled_rule(src, a, r);
    jv page;
    if (!f.item.len)
        return err_set(err, DF_REJECT, "no selector for the items was given");
    enum df_rc rc = html_to_value(a, b->text, &f, rd->trace, &page, err);
    return rc == DF_OK ? jq_program_run_value(p, page, b, a, out, err) : rc;
}

/* Most answers are what they should be, and need neither repair nor a second look. */
static bool plain_value(struct str text, jv *out)
{
    if (!json_is_plain(text))
        return false;
    *out = jv_parse_sized(text.ptr, (int)text.len);
    bool valid = jv_is_valid(*out);
    if (!valid)
        jv_free(*out);
    return valid;
}

static enum df_rc run_rule(struct body_reader *rd, const struct source *src,
                           const struct extract_rule *r, const struct extract_body *b,
                           struct arena *a, struct raw_page *out, struct err *err)
{
    const struct channel *c = src->channel;
    struct jq_program *p;
    struct raw_page feed = {.retry_ms = -1};
    if (r->kind == EXTRACT_FEED && !r->post.len)
        return extract_feed(b, a, out, err);
    struct buf json = BUF_INIT(DF_MAX_BODY * 4);
    jv plain;
    enum df_rc rc = program_of(rd, c, r, &p, err);
    if (rc == DF_OK && r->kind == EXTRACT_JSON && plain_value(b->text, &plain))
        return jq_program_run_value(p, plain, b, a, out, err);
    if (rc == DF_OK && r->kind == EXTRACT_JSON)
        json_tidy(&json, b->text);
    else if (rc == DF_OK && r->kind == EXTRACT_FEED && (rc = extract_feed(b, a, &feed, err)) == DF_OK)
        raw_put_json(&json, &feed);
    else if (rc == DF_OK && r->kind == EXTRACT_XML)
        xml_to_json(&json, a, b->text);
    else if (rc == DF_OK && r->kind == EXTRACT_STRUCTURED)
        rc = structured_to_json(&json, a, b->text, b->url, err);
    if (rc == DF_OK && r->kind == EXTRACT_HTML)
        return run_html(rd, src, p, r, b, a, out, err);
    if (rc == DF_OK && json.full)
        rc = err_set(err, DF_REJECT, "the body is larger than %zu bytes when read", json.max);
    if (rc == DF_OK)
        rc = jq_program_run(p, buf_view(&json), b, a, out, err);
    if (rc == DF_OK && r->kind == EXTRACT_FEED) { /* what jq did not see */
        out->lang = feed.lang.len ? feed.lang : out->lang;
        out->cut = feed.cut;
        out->bad_first = feed.bad ? feed.bad_first : out->bad_first;
        out->bad += feed.bad;
    }
    buf_free(&json);
    return rc;
}

static enum df_rc wrong_kind(const struct channel *c, bool markup, struct err *err)
{
    if (markup)
        return err_set(err, DF_REJECT, "a web page came instead of posts: the site blocks us, or "
                                       "asks for a login");
    return err_set(err, DF_REJECT, "the answer is cut off or is not what the channel %.*s sends",
                   STR_FMT(c->name));
}

enum df_rc body_read(struct body_reader *rd, const struct source *src,
                     const struct extract_input *in, struct arena *a, struct raw_page *out,
                     struct err *err)
{
    const struct channel *c = src->channel;
    struct str plain = in->body;
    struct err why = {0};
    enum df_rc rc = body_gunzip(a, in->body, DF_MAX_BODY, &plain, err);
    if (rc != DF_OK && rc != DF_NONE)
        return rc;
    struct charset_result chars = charset_decode(a, plain, in->type);
    struct str text = chars.text;
    if (rd->trace)
        buf_printf(rd->trace, "body of %zu bytes, read as %s%s\n", plain.len, chars.used,
                   chars.contradicted ? " (it claims another encoding)" : "");
    struct extract_body body = {.text = text, .url = in->url, .cursor = in->cursor,
                                .params = src->params, .param_count = c->param_count};
    bool markup = is_markup(text), tried = false;
    if (!str_trim(text).len)
        return err_set(err, DF_REJECT, "the answer is empty");
    for (size_t i = 0; i < c->extract_count; i++) {
        const struct extract_rule *r = &c->extracts[i];
        if (reads_markup(r) != markup && !(r->kind == EXTRACT_FEED && c->extract_count == 1))
            continue;
        *out = (struct raw_page){.retry_ms = -1};
        struct err e = {0};
        rc = run_rule(rd, src, r, &body, a, out, &e);
        if (rc == DF_OK)
            return rc;
        if (rc == DF_FATAL || (e.file[0] && rc == DF_REJECT)) { /* the pack itself is broken */
            *err = e;
            return rc;
        }
        if (rc == DF_REJECT && !why.text[0])
            why = e;
        tried = tried || rc == DF_REJECT;
    }
    *out = (struct raw_page){.retry_ms = -1};
    if (!tried)
        return wrong_kind(c, markup, err);
    if (err)
        *err = why;
    return DF_REJECT;
}

/* --- to posts --- */

static bool told_before(const struct collect_result *r, struct str about)
{
    for (size_t i = 0; i < r->overall_count; i++)
        if (str_eq(r->overall[i].about, about))
            return true;
    return false;
}

/* Every page of an answer may repeat it: the first counts. Counts without a rating say nothing. */
static void take_totals(const struct channel *c, const struct raw_page *page, struct arena *a,
                        struct collect_result *out)
{
    struct rating_scale pack = {NAN, NAN};
    struct overall *all = arena_array(a, out->overall_count + page->total_count + 1, sizeof *all);
    if (out->overall_count)
        memcpy(all, out->overall, out->overall_count * sizeof *all);
    out->overall = all;
    if (c->rating_present)
        pack = (struct rating_scale){c->rating_worst, c->rating_best};
    for (size_t i = 0; i < page->total_count; i++) {
        const struct raw_total *t = &page->totals[i];
        struct overall o = {.about = str_sub(line_clean(a, t->about), 0, DF_MAX_NAME),
                            .rating = line_clean(a, t->rating),
                            .ratings = t->ratings, .reviews = t->reviews,
                            .best = isnan(t->best) ? pack.best : t->best};
        o.stars = rating_read(o.rating, (struct rating_scale){t->worst, t->best}, pack);
        if (isnan(o.stars) || o.rating.len > 64 || told_before(out, o.about) ||
            out->overall_count >= DF_MAX_OVERALLS)
            continue;
        all[out->overall_count++] = o;
    }
}

static void count_bad(struct collect_health *h, int n, struct str why)
{
    if (n && !h->bad_first.len)
        h->bad_first = why;
    h->bad_items += n;
}

void body_posts(const struct source *src, const struct raw_page *page, struct str url, int64_t now,
                struct arena *a, struct collect_result *out)
{
    struct normalize_context ctx = {.channel = src->channel, .source = src->name, .url = url,
                                    .scope = source_scope(src, a), .now = now};
    ctx.lang = source_lang(src, a);
    ctx.zone = source_param(src, "zone");
    if (!ctx.zone.len)
        ctx.zone = src->channel->zone;
    if (!ctx.lang.len)
        ctx.lang = page->lang;
    struct post *all = arena_array(a, out->count + page->count + 1, sizeof *all);
    size_t n = out->count;
    if (n)
        memcpy(all, out->posts, n * sizeof *all);
    count_bad(&out->health, page->bad, page->bad_first);
    for (size_t i = 0; i < page->count; i++) {
        struct err e = {0};
        if (page->posts[i].deleted) {
            struct str id = normalize_id(&ctx, &page->posts[i], a);
            if (id.len)
                *ARENA_PUSH(a, out->gone, out->gone_count, out->gone_cap) = id;
            continue;
        }
        if (normalize_post(&ctx, &page->posts[i], a, &all[n], &e) == DF_OK)
            n++;
        else
            count_bad(&out->health, 1, arena_str(a, str_of(e.text)));
    }
    bool feed = false;
    for (size_t i = 0; i < src->channel->extract_count; i++)
        feed = feed || src->channel->extracts[i].kind == EXTRACT_FEED;
    out->posts = all;
    out->count = normalize_ids(a, all, n, feed);
    take_totals(src->channel, page, a, out);
}
