/* page_row.c: a case as one line of a list. */
#include <math.h>

#include "core/utf8.h"
#include "dashboard/page.h"

enum { TITLE_CHARACTERS = 90, LINE_CHARACTERS = 180, STARS_MOST = 5 };

struct str page_first_line(struct arena *a, struct str text, size_t characters)
{
    struct str s = str_trim(text);
    size_t end = utf8_offset(s, characters);
    char *out = arena_alloc(a, end + sizeof "…");
    size_t n = 0;

    for (size_t i = 0; i < end; i++) {
        bool space = s.ptr[i] == '\n' || s.ptr[i] == '\r' || s.ptr[i] == '\t' || s.ptr[i] == ' ';

        if (!space)
            out[n++] = s.ptr[i];
        else if (n && out[n - 1] != ' ')
            out[n++] = ' ';
    }
    if (end < s.len) {
        memcpy(out + n, "…", sizeof "…" - 1);
        n += sizeof "…" - 1;
    }
    return str_n(out, n);
}

const char *page_lang(struct str tag)
{
    static const char *const known[] = {"en", "zh-Hans", "zh-Hant", "yue"};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_is(tag, known[i]))
            return known[i];
    return "";
}

/* Shown: anything that is still ours to do. Late counts only while nobody has answered. */
static void clock_of(struct page *p, const struct case_row *c, struct view_row *out)
{
    const struct words *w = &p->words;

    out->clock = "";
    if (c->state == CASE_CLOSED) {
        out->due = words_past(w, c->closed);
        out->clock = words_label(w, "outcome", case_outcome_name(c->outcome));
    } else if (c->wake > p->now) {
        out->due = words_coming(w, c->wake);
        out->clock = msg(w->lang, "queue.snoozed");
    } else if (c->sent != DF_NO_TIME) {
        out->due = words_past(w, c->sent);
        out->clock = msg(w->lang, c->answered_late == 1 ? "queue.answered-late" : "queue.answered");
    } else {
        out->due = words_due(w, c->due);
        out->burning = c->urgency == URGENCY_P1;
        if (c->seen_late)
            out->clock = msg(w->lang, "queue.seen-late");
    }
}

enum df_rc page_row(struct page *p, const struct case_row *c, struct view_row *out, struct err *err)
{
    const struct words *w = &p->words;
    struct post_row row;
    int64_t *posts;
    enum df_rc rc;

    *out = (struct view_row){
        .id = c->id,
        .urgency = urgency_name(c->urgency),
        .lang = page_lang(c->lang),
        .channel = arena_strz(p->arena, c->channel),
        .source = {c->channel},
        .category = words_label(w, "category", category_name(c->category)),
        .ask = "",
        .state = words_label(w, "state", case_state_name(c->state)),
        .assignee = c->owner,
    };
    clock_of(p, c, out);
    rc = p->store->posts->get(p->store, c->post_id, 0, p->arena, &row, err);
    if (rc == DF_NONE) /* the post was erased, the case remains */
        return DF_OK;
    if (rc != DF_OK)
        return rc;
    out->title.text = page_first_line(p->arena, row.post.title, TITLE_CHARACTERS);
    out->line.text = page_first_line(p->arena, row.post.text, LINE_CHARACTERS);
    out->author.text = row.post.author_name;
    if (row.post.source.len)
        out->source.text = row.post.source;
    if (!isnan(row.post.stars)) {
        long stars = lround(row.post.stars);

        out->stars = stars < 0 ? 0 : stars > STARS_MOST ? STARS_MOST : (int)stars;
        out->stars_label = WORDS(w, "queue.stars", words_int(w, out->stars));
    }
    rc = p->store->links->posts(p->store, c->id, p->arena, &posts, &out->posts, err);
    return rc == DF_NONE ? DF_OK : rc;
}
