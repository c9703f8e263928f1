/* jq_regex.c: test, capture, sub and gsub of constant patterns, by the library that libjq uses
 * and with its options. A pattern is compiled once, when the program is read. Matches of no length
 * are left to libjq, which has its own ways with them. */
#include <oniguruma.h>
#include <pthread.h>
#include <stdlib.h>

#include "collector/jq_own.h"

struct jq_regex {
    struct jq_regex *next; /* of all in the program */
    regex_t *compiled;
};

/* Its first use sets it up without a lock; libjq uses it too. */
static void start(void)
{
    OnigEncoding utf8 = ONIG_ENCODING_UTF8;
    onig_initialize(&utf8, 1);
}

void jq_regex_start(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start);
}

struct jq_regex *jq_regex_new(struct arena *a, struct str pattern, struct jq_regex **all)
{
    struct jq_regex *re = ARENA_NEW(a, struct jq_regex);
    const UChar *from = (const UChar *)pattern.ptr;
    OnigErrorInfo why;
    jq_regex_start();
    if (!pattern.len || onig_new(&re->compiled, from, from + pattern.len, ONIG_OPTION_CAPTURE_GROUP,
                                 ONIG_ENCODING_UTF8, ONIG_SYNTAX_PERL_NG, &why) != ONIG_NORMAL)
        return NULL;
    re->next = *all;
    return *all = re;
}

void jq_regex_free(struct jq_regex *all)
{
    for (; all; all = all->next)
        onig_free(all->compiled);
}

/* DF-like: JQ_DONE and *found; JQ_ODD when the library gave up. */
static enum jq_rc search(const struct jq_regex *re, struct str s, size_t from, OnigRegion *region,
                         bool *found)
{
    const UChar *text = (const UChar *)s.ptr, *end = text + s.len;
    int r = onig_search(re->compiled, text, end, text + from, end, region, ONIG_OPTION_NONE);
    *found = r >= 0;
    return r >= 0 || r == ONIG_MISMATCH ? JQ_DONE : JQ_ODD;
}

static enum jq_rc f_test(const struct jq_regex *re, struct str s, struct jval *out)
{
    bool found;
    enum jq_rc rc = search(re, s, 0, NULL, &found);
    *out = jval_bool(found);
    return rc;
}

static enum jq_rc replace(struct jq_run *r, const struct jq_regex *re, struct str s, struct str by, bool all,
                          OnigRegion *region, struct jval *out)
{
    struct buf b = BUF_INIT(UINT32_MAX / 2);
    size_t at = 0;
    bool found = true;
    enum jq_rc rc = JQ_DONE;
    while (rc == JQ_DONE && (at == 0 || (all && at < s.len))) {
        rc = search(re, s, at, region, &found);
        if (rc != JQ_DONE || !found)
            break;
        if (region->beg[0] == region->end[0])
            rc = JQ_ODD;
        buf_str(&b, str_sub(s, at, (size_t)region->beg[0] - at));
        buf_str(&b, by);
        at = (size_t)region->end[0];
    }
    buf_str(&b, str_sub(s, at, s.len));
    *out = jval_str(at ? arena_str(r->arena, buf_view(&b)) : s);
    buf_free(&b);
    return rc;
}

/* Named groups in the order of their numbers. */
struct naming {
    struct jq_run *r;
    struct str s;
    const OnigRegion *region;
    struct jmember *members; /* by number; those without a name have no text */
};

static int on_group(const UChar *name, const UChar *end, int n, int *groups, regex_t *re, void *ctx)
{
    struct naming *x = ctx;
    (void)re;
    int from = x->region->beg[groups[n - 1]], to = x->region->end[groups[n - 1]];
    struct jmember m = {jval_str(arena_str(x->r->arena, str_n((const char *)name, (size_t)(end - name)))),
                        JVAL(J_NULL)};
    if (from >= 0)
        m.value = jval_str(str_sub(x->s, (size_t)from, (size_t)(to - from)));
    x->members[groups[n - 1]] = m;
    return n > 1; /* two groups of one name: stop */
}

static enum jq_rc captures(struct jq_run *r, const struct jq_regex *re, struct str s,
                           const OnigRegion *region, struct jval *out)
{
    size_t groups = (size_t)region->num_regs, count = 0;
    struct naming x = {r, s, region, arena_array(r->arena, groups, sizeof *x.members)};
    if (onig_foreach_name(re->compiled, on_group, &x) != 0)
        return JQ_ODD;
    for (size_t i = 0; i < groups; i++)
        if (x.members[i].key.kind == J_STRING)
            x.members[count++] = x.members[i];
    *out = jval_object(r->arena, x.members, count);
    return JQ_DONE;
}

enum jq_rc jq_regex_run(struct jq_run *r, const struct jq_node *n, struct jval in, struct jq_sink *to)
{
    struct jval out;
    struct str s = jval_text(in);
    bool found;
    enum jq_rc rc;
    if (in.kind != J_STRING)
        return JQ_FAIL;
    s.ptr = s.ptr ? s.ptr : "";
    if (n->sign == 't') {
        rc = f_test(n->regex, s, &out);
        return rc == JQ_DONE ? to->put(to, out) : rc;
    }
    OnigRegion *region = onig_region_new();
    if (n->sign == 'c') {
        rc = search(n->regex, s, 0, region, &found);
        if (rc == JQ_DONE && found)
            rc = captures(r, n->regex, s, region, &out);
    } else {
        found = true;
        rc = replace(r, n->regex, s, jval_text(n->list[1]->value), n->sign == 'g', region, &out);
    }
    onig_region_free(region, 1);
    return rc == JQ_DONE && found ? to->put(to, out) : rc;
}
