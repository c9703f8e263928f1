/* rule_lint_pattern.c: patterns that PCRE2 takes but their author did not mean. One walk over the
 * pattern hands every character to the questions below with what surrounds it; escapes, names of
 * groups and \p{…} are stepped over. */
#include "analyzer/fold.h"
#include "analyzer/regex.h"
#include "analyzer/rule_lint.h"
#include "core/utf8.h"

enum { DEEP = 64, LONG_CLASS = 60 };

struct walk {
    struct src *s;
    const struct src_item *it;
    struct str p;
    size_t i;
    int depth;
    bool repeats[DEEP];  /* something inside the group repeats without end */
    size_t opened[DEEP]; /* where the group begins */
    bool capital, unfolded, swallowed, nested, twice; /* told already */
};

static void tell(struct walk *w, bool *told, const char *what)
{
    if (!*told)
        src_fault(w->s, DIAG_WARNING, w->it->at, "'%.*s': %s", STR_FMT(w->p), what);
    *told = true;
}

static char at(const struct walk *w, size_t i)
{
    return i < w->p.len ? w->p.ptr[i] : '\0';
}

/* A character that stands for itself: does folded text hold it? One of a class (from `class`) may,
 * when what it is folded to stands beside it. */
static void look_at_char(struct walk *w, size_t n, struct str class)
{
    struct str c = str_sub(w->p, w->i, n);
    char folded[64 + 256];
    struct fold_stats st = {0};
    if (n == 1 && c.ptr[0] >= 'A' && c.ptr[0] <= 'Z')
        tell(w, &w->capital, "a capital never matches: text is folded to small letters");
    if (n == 1 || w->unfolded)
        return;
    struct str f = {folded, fold_text(c, folded, &st)};
    if (f.len && !str_eq(f, c) && str_find(class, f) < 0) {
        src_fault(w->s, DIAG_WARNING, w->it->at,
                  "'%.*s': '%.*s' never matches: folded text has '%.*s' instead", STR_FMT(w->p),
                  STR_FMT(c), STR_FMT(f));
        w->unfolded = true;
    }
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80);
}

/* [abc]: letters on both sides of a | or a whole (?: mean that a group was wanted. */
static void walk_class(struct walk *w)
{
    size_t from = w->i++, close = w->i + 1; /* a ] that comes first is one of them */
    w->i += at(w, w->i) == '^';
    w->i += at(w, w->i) == ']';
    while (close < w->p.len && at(w, close) != ']')
        close++;
    struct str class = str_sub(w->p, from, close - from);
    while (w->i < w->p.len && at(w, w->i) != ']') {
        char c = at(w, w->i);
        bool wanted = (c == '|' && is_letter(at(w, w->i - 1)) && is_letter(at(w, w->i + 1))) ||
                      (c == '(' && at(w, w->i + 1) == '?');
        if (wanted)
            tell(w, &w->swallowed,
                 "a [ takes each character for itself, also ( and |; did you mean (?:…|…)?");
        if (c == '\\') {
            w->i += 2;
            continue;
        }
        size_t n = utf8_valid_len(w->p.ptr + w->i, w->p.len - w->i);
        look_at_char(w, n ? n : 1, class);
        w->i += n ? n : 1;
    }
    if (w->i - from > LONG_CLASS)
        tell(w, &w->swallowed, "a [ goes on for very long; is its ] where you meant it?");
    w->i++;
}

/* Behind an atom: does it repeat without end? Steps over the sign. */
static bool walk_repeat(struct walk *w)
{
    char c = at(w, w->i);
    bool endless = c == '*' || c == '+';
    if (c == '{') {
        size_t j = w->i + 1;
        while (at(w, j) >= '0' && at(w, j) <= '9')
            j++;
        endless = j > w->i + 1 && at(w, j) == ',' && at(w, j + 1) == '}';
        while (endless && at(w, w->i) != '}')
            w->i++;
    }
    if (!endless)
        return false;
    w->i++;
    if (at(w, w->i) == '+') { /* possessive: gives nothing back */
        w->i++;
        return false;
    }
    w->i += at(w, w->i) == '?';
    return true;
}

/* (x|x)*: the same text can be matched in two ways each time round. */
static bool same_twice(struct str body)
{
    struct str rest = body, a, b, others;
    if (str_find(body, STR("(")) >= 0 || str_find(body, STR("[")) >= 0 ||
        str_find(body, STR("\\")) >= 0)
        return false;
    while (str_split(&rest, '|', &a)) {
        others = rest;
        while (str_split(&others, '|', &b))
            if (a.len && str_eq(a, b))
                return true;
    }
    return false;
}

static void open_group(struct walk *w)
{
    w->i++;
    if (str_starts(str_sub(w->p, w->i, w->p.len), STR("i?)")))
        tell(w, &(bool){false}, "(i?) matches a letter i that may be missing; leave it out: text "
                                "is folded to small letters");
    if (at(w, w->i) == '?') {
        w->i++;
        bool named = (at(w, w->i) == '<' && is_letter(at(w, w->i + 1))) || at(w, w->i) == 'P';
        if (at(w, w->i) == 'i' && (at(w, w->i + 1) == ')' || at(w, w->i + 1) == ':'))
            tell(w, &(bool){false}, "(?i) is not needed: text is folded to small letters");
        while (named && w->i < w->p.len && at(w, w->i) != '>')
            w->i++;
        while (w->i < w->p.len && strchr(":=!<>i", at(w, w->i)))
            w->i++;
    }
    if (w->depth < DEEP - 1)
        w->depth++;
    w->repeats[w->depth] = false;
    w->opened[w->depth] = w->i;
}

static void close_group(struct walk *w)
{
    size_t end = w->i++;
    bool endless = walk_repeat(w), inner = w->depth > 0 && w->repeats[w->depth];
    size_t from = w->opened[w->depth];
    if (endless && inner)
        tell(w, &w->nested, "a repeated group that repeats inside may take very long");
    if (endless && w->depth > 0 && same_twice(str_sub(w->p, from, end - from)))
        tell(w, &w->twice, "a repeated group that says the same twice may take very long");
    if (w->depth > 0)
        w->depth--;
    w->repeats[w->depth] = w->repeats[w->depth] || inner || endless;
}

static void walk_escape(struct walk *w)
{
    char c = at(w, w->i + 1);
    w->i += 2;
    if (strchr("pPxNokg", c) && at(w, w->i) == '{')
        while (w->i < w->p.len && at(w, w->i++) != '}')
            ;
}

void lint_pattern(struct src *s, const struct src_item *it, struct str pattern)
{
    struct walk w = {.s = s, .it = it, .p = pattern};
    struct err e = {0};
    if (regex_check(pattern, &e) != DF_OK) {
        struct regex *closed; /* loading takes it, for the brackets put round it close its own */
        if (regex_new(pattern, &closed, NULL) == DF_OK) {
            src_fault(s, DIAG_WARNING, it->at, "'%.*s': %s at character %d", STR_FMT(pattern),
                      e.text, e.col);
            regex_free(&closed);
        }
        return;
    }
    while (w.i < pattern.len) {
        char c = pattern.ptr[w.i];
        if (c == '(') {
            open_group(&w);
            continue;
        }
        if (c == ')') {
            close_group(&w);
            continue;
        }
        if (c == '[') {
            walk_class(&w);
        } else if (c == '\\') {
            walk_escape(&w);
        } else {
            size_t n = utf8_valid_len(pattern.ptr + w.i, pattern.len - w.i);
            look_at_char(&w, n ? n : 1, STR_NONE);
            w.i += n ? n : 1;
        }
        w.repeats[w.depth] = walk_repeat(&w) || w.repeats[w.depth];
    }
}
