#include "dashboard/filter.h"

#include "core/limits.h"

static bool set_channel(struct queue_filter *f, struct str v, struct str me)
{
    (void)me;
    f->channel = v;
    return v.len > 0;
}

static bool set_lang(struct queue_filter *f, struct str v, struct str me)
{
    (void)me;
    f->lang = v;
    return v.len > 0;
}

static bool set_owner(struct queue_filter *f, struct str v, struct str me)
{
    f->owner = str_is(v, "me") ? me : v;
    return v.len > 0;
}

static bool set_state(struct queue_filter *f, struct str v, struct str me)
{
    int state = case_state_of(v);

    (void)me;
    f->by_state = state >= 0;
    f->state = (enum case_state)state;
    f->closed_too |= state == CASE_CLOSED;
    return state >= 0;
}

static bool set_urgency(struct queue_filter *f, struct str v, struct str me)
{
    char upper[2] = {v.len == 2 && (v.ptr[0] == 'p' || v.ptr[0] == 'P') ? 'P' : '?',
                     v.len == 2 ? v.ptr[1] : '?'};
    int urgency = urgency_of(str_n(upper, 2));

    (void)me;
    f->by_urgency = urgency >= 0;
    f->urgency = (enum urgency)urgency;
    return urgency >= 0;
}

static bool set_is(struct queue_filter *f, struct str v, struct str me)
{
    (void)me;
    if (str_is(v, "snoozed"))
        f->asleep_too = true;
    else if (str_is(v, "closed"))
        f->closed_too = f->asleep_too = true;
    else
        return false;
    return true;
}

static const struct {
    const char *key;
    bool (*set)(struct queue_filter *f, struct str value, struct str me);
} keys[] = {
    {"channel", set_channel}, {"lang", set_lang},       {"owner", set_owner},
    {"state", set_state},     {"urgency", set_urgency}, {"is", set_is},
};

static bool apply(struct queue_filter *f, struct str term, struct str me, struct buf *words)
{
    ptrdiff_t colon = str_chr(term, ':');

    if (colon > 0) {
        struct str key = str_sub(term, 0, (size_t)colon);

        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
            if (str_ieq(key, str_of(keys[i].key)))
                return keys[i].set(f, str_sub(term, (size_t)colon + 1, term.len), me);
    }
    if (words->len)
        buf_putc(words, ' ');
    buf_str(words, term);
    return true;
}

/* Ideographic spaces separate as well. */
static size_t space_at(struct str s, size_t at)
{
    if (s.ptr[at] == ' ' || s.ptr[at] == '\t' || s.ptr[at] == '\n' || s.ptr[at] == '\r')
        return 1;
    return s.len - at >= 3 && memcmp(s.ptr + at, "\xE3\x80\x80", 3) == 0 ? 3 : 0;
}

static void cut(struct str line, struct filter *out)
{
    size_t at = 0, n;

    while (at < line.len && out->count < FILTER_TERMS) {
        size_t from;

        while (at < line.len && (n = space_at(line, at)) > 0)
            at += n;
        from = at;
        while (at < line.len && space_at(line, at) == 0)
            at++;
        if (at > from)
            out->terms[out->count++].text = str_sub(line, from, at - from);
    }
}

static struct str join_without(struct arena *a, const struct filter *f, size_t left_out)
{
    struct buf b = BUF_INIT(DF_MAX_FILTER);
    struct str line;

    for (size_t i = 0; i < f->count; i++) {
        if (i == left_out)
            continue;
        if (b.len)
            buf_putc(&b, ' ');
        buf_str(&b, f->terms[i].text);
    }
    line = arena_str(a, buf_view(&b));
    buf_free(&b);
    return line;
}

void filter_parse(struct arena *a, struct str line, struct str me, struct filter *out,
                  struct queue_filter *query)
{
    struct buf words = BUF_INIT(DF_MAX_FILTER);

    *out = (struct filter){0};
    *query = (struct queue_filter){0};
    if (line.len > DF_MAX_FILTER) {
        out->wrong = str_sub(line, 0, 40);
        return;
    }
    cut(line, out);
    for (size_t i = 0; i < out->count; i++) {
        out->terms[i].without = join_without(a, out, i);
        if (!apply(query, out->terms[i].text, me, &words) && out->wrong.len == 0)
            out->wrong = out->terms[i].text;
    }
    out->line = join_without(a, out, FILTER_TERMS);
    query->text = arena_str(a, buf_view(&words));
    buf_free(&words);
}
