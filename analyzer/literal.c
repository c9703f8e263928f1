/* literal.c: walks a pattern once, keeping for the part just read the exact set of strings it can
 * be (while there are few), and the best set of strings one of which must occur. Edges that are
 * not known to be word edges are marked, so that "ed for" after \w+ only promises "for". */
#include "analyzer/literal.h"

#include "core/utf8.h"

#define UNKNOWN '\x02' /* anything may stand here, even half a word */
#define EDGE '\x01'    /* a word edge */
#define AFTER_DIGIT '\x03' /* a digit: an edge for letters, not for digits */
enum { SET_MAX = LITERAL_MAX, TEXT_MAX = 60, DEPTH_MAX = 24 };

struct set {
    struct str items[SET_MAX];
    int count; /* −1: anything */
};

struct part {
    struct set exact; /* count −1: unknown */
    struct set must;  /* count −1: nothing known; else phrases, ready */
    bool digit;       /* a digit is certain */
    bool digit_first; /* begins with a digit */
    bool digit_last;  /* ends with a digit */
    bool later;       /* parts before this exact run were not exact */
    bool edge;        /* whatever it matches ends at a word edge */
};

struct walk {
    struct arena *arena;
    struct str p;
    size_t i;
    int depth;
    bool start; /* the group being read begins at a word edge */
    bool lost; /* met something not understood */
};

static const struct set nothing = {.count = -1};

static struct set one(struct str s)
{
    return (struct set){.items = {s}, .count = 1};
}

static bool word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || c == '\'' || (unsigned char)c >= 0xC3;
}

static bool wide_byte(char c) /* first byte of Han, kana, Hangul: never half a word */
{
    return (unsigned char)c >= 0xE3;
}

static bool letter_at(struct str s, size_t i)
{
    return i < s.len && word_byte(s.ptr[i]) && !wide_byte(s.ptr[i]);
}

static bool digit_at(struct str s, size_t i)
{
    return i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9';
}

/* Digits with inner . and , are one unit, and more of them may stand beside. */
static bool number_at(struct str s, size_t i)
{
    return digit_at(s, i) || ((i < s.len) && (s.ptr[i] == '.' || s.ptr[i] == ',') &&
                              (digit_at(s, i + 1) || (i > 0 && digit_at(s, i - 1))));
}

/* Where the last word of s[from..to) begins; to when it does not end in small letters. */
static size_t last_word(struct str s, size_t from, size_t to)
{
    size_t k = to;
    while (k > from && ((s.ptr[k - 1] >= 'a' && s.ptr[k - 1] <= 'z') || s.ptr[k - 1] == '\''))
        k--;
    return k;
}

/* "\x02ed for\x01" to "for*"; "\x01charg\x02" to "charg*"; "<number>" when only digits are
 * certain, empty when nothing is. A last word may go on with 's even at an edge, so it becomes a
 * stem; numbers at either end may be longer in the text and are left out. */
static struct str phrase_of(struct arena *a, struct str s)
{
    size_t from = 0, to = s.len;
    bool left = true, stem = false, digits = false;
    while (from < to && (unsigned char)s.ptr[from] <= 3) {
        left = s.ptr[from] != UNKNOWN;
        from++;
    }
    while (to > from && (unsigned char)s.ptr[to - 1] <= 3)
        to--;
    for (; from < to && number_at(s, from); from++)
        left = digits = true;
    while (!left && from < to && letter_at(s, from)) {
        size_t n = utf8_valid_len(s.ptr + from, to - from);
        from += n ? n : 1;
    }
    if (to > from && number_at(s, to - 1)) { /* what stands before a number ends there */
        while (to > from && number_at(s, to - 1))
            to--;
        digits = true;
    } else {
        size_t k = last_word(s, from, to);
        bool apostrophe = k < to && memchr(s.ptr + k, '\'', to - k);
        stem = k < to && !apostrophe && to - k >= 3 && to - k <= 18;
        if (!stem)
            to = k;
    }
    struct str core = str_trim(str_sub(s, from, to - from));
    for (size_t i = 0; i < core.len; i++)
        if ((unsigned char)core.ptr[i] <= 3 || core.ptr[i] == '\n')
            return STR_NONE;
    if (core.len)
        return arena_printf(a, "%.*s%s", STR_FMT(core), stem ? "*" : "");
    return digits ? STR("<number>") : STR_NONE;
}

/* How much a phrase rules out: single letters and signs nearly nothing. */
static size_t worth(struct str s)
{
    size_t n = 0;
    if (s.ptr[0] == '<' && s.len > 2)
        return 0; /* half the complaints hold a number */
    for (size_t i = 0; i < s.len; i++)
        n += (unsigned char)s.ptr[i] >= 0xE3 ? 2 : (s.ptr[i] >= 'a' && s.ptr[i] <= 'z') ? 1 : 0;
    return n;
}

static size_t set_worth(const struct set *s)
{
    size_t least = 1000;
    for (int i = 0; i < s->count; i++)
        if (worth(s->items[i]) < least)
            least = worth(s->items[i]);
    return s->count <= 0 ? 0 : least * 4 + (size_t)(SET_MAX - s->count) / 16;
}

/* The exact strings as phrases, or nothing when one of them promises nothing. */
static struct set promise(struct walk *w, const struct set *exact)
{
    if (exact->count <= 0)
        return nothing;
    struct set out = {.count = 0};
    for (int i = 0; i < exact->count; i++) {
        struct str p = phrase_of(w->arena, exact->items[i]);
        if (p.len == 0)
            return nothing;
        out.items[out.count++] = p;
    }
    return out;
}

static void keep_better(struct set *best, const struct set *other)
{
    if (other->count > 0 && set_worth(other) > set_worth(best))
        *best = *other;
}

static struct str joined(struct walk *w, struct str a, struct str b)
{
    if (!a.len || !b.len)
        return a.len ? a : b;
    char *p = arena_alloc(w->arena, a.len + b.len);
    memcpy(p, a.ptr, a.len);
    memcpy(p + a.len, b.ptr, b.len);
    return (struct str){p, a.len + b.len};
}

static bool cross(struct walk *w, const struct set *a, const struct set *b, struct set *out)
{
    if (a->count < 0 || b->count < 0 || a->count * b->count > SET_MAX)
        return false;
    struct set r = {.count = 0};
    for (int i = 0; i < a->count; i++)
        for (int k = 0; k < b->count; k++) {
            if (a->items[i].len + b->items[k].len > TEXT_MAX)
                return false;
            r.items[r.count++] = joined(w, a->items[i], b->items[k]);
        }
    *out = r;
    return true;
}

static struct str mark(char c)
{
    static const char marks[] = {0, EDGE, UNKNOWN, AFTER_DIGIT};
    return str_n(&marks[(int)c], 1);
}

/* The run between two edges, weighed. Inside a group the first run may go on from half a word. */
static void weigh(struct walk *w, struct part *all, char left, char right)
{
    struct set l = one(left ? mark(left) : STR("")), r = one(mark(right)), closed;
    if (cross(w, &l, &all->exact, &closed) && cross(w, &closed, &r, &closed)) {
        struct set p = promise(w, &closed);
        keep_better(&all->must, &p);
    }
}

static char outer_left(const struct walk *w)
{
    return w->start ? EDGE : UNKNOWN;
}

static char outer_right(const struct walk *w)
{
    return w->depth ? UNKNOWN : EDGE;
}

/* Ends the exact run before a part that begins like `before`: what it promises is weighed, and a
 * new run starts after `edge`. Before a digit, letters end at an edge. */
static void flush(struct walk *w, struct part *all, char before, char edge)
{
    weigh(w, all, all->later ? 0 : outer_left(w), before);
    all->exact = one(mark(edge));
    all->later = true;
}

/* Every string ends in a blank, a sign or a known edge. */
static bool ends_at_edge(const struct set *s)
{
    for (int i = 0; i < s->count; i++) {
        struct str t = s->items[i];
        char c = t.len ? t.ptr[t.len - 1] : UNKNOWN;
        if (word_byte(c) || c == UNKNOWN || c == AFTER_DIGIT || (c >= '0' && c <= '9') ||
            (c & 0x80))
            return false;
    }
    return s->count > 0;
}

static struct part parse_alternatives(struct walk *w);

static bool more(const struct walk *w)
{
    return w->i < w->p.len;
}

static char peek(const struct walk *w)
{
    return w->p.ptr[w->i];
}

static struct part unknown_part(void)
{
    return (struct part){.exact = nothing, .must = nothing};
}

static struct part exactly(struct str s)
{
    return (struct part){.exact = one(s), .must = nothing};
}

/* [abc]: few plain characters are exact; [0-9] is a digit; anything else unknown. */
static struct part parse_class(struct walk *w)
{
    struct part r = {.exact = {.count = 0}, .must = nothing};
    bool odd = false, negated = false;
    w->i++;
    if (more(w) && peek(w) == '^') {
        odd = negated = true;
        w->i++;
    }
    bool first = true, digits = true;
    while (more(w) && (first || peek(w) != ']')) {
        first = false;
        size_t n = utf8_valid_len(w->p.ptr + w->i, w->p.len - w->i);
        struct str c = str_sub(w->p, w->i, n ? n : 1);
        w->i += c.len;
        if (c.ptr[0] == '[' && more(w) && peek(w) == ':') {
            w->lost = true;
            return unknown_part();
        }
        if (c.ptr[0] == '\\' && more(w)) {
            digits = digits && peek(w) == 'd';
            odd = true;
            w->i++;
            continue;
        }
        if (more(w) && peek(w) == '-' && w->i + 1 < w->p.len && w->p.ptr[w->i + 1] != ']') {
            digits = digits && c.ptr[0] >= '0' && c.ptr[0] <= '9';
            odd = true;
            w->i += 2;
            while (more(w) && (peek(w) & 0xC0) == 0x80)
                w->i++;
            continue;
        }
        digits = digits && c.ptr[0] >= '0' && c.ptr[0] <= '9';
        if (r.exact.count < 12)
            r.exact.items[r.exact.count++] = c;
        else
            odd = true;
    }
    w->i++; /* ] */
    if (!odd)
        return r;
    struct part u = unknown_part();
    u.digit = u.digit_first = u.digit_last = digits && !negated;
    if (u.digit)
        u.must = one(STR("<number>"));
    return u;
}

static void skip_to_close(struct walk *w)
{
    int open = 1;
    while (more(w) && open) {
        char c = peek(w);
        if (c == '\\')
            w->i++;
        else if (c == '(')
            open++;
        else if (c == ')')
            open--;
        w->i++;
    }
}

static struct part parse_group(struct walk *w)
{
    w->i++;
    if (more(w) && peek(w) == '?') {
        size_t left = w->p.len - w->i;
        const char *q = w->p.ptr + w->i;
        if (left > 1 && q[1] == ':') {
            w->i += 2;
        } else if (left > 2 && (q[1] == '<' || q[1] == 'P') && q[2] != '=' && q[2] != '!') {
            while (more(w) && peek(w) != '>')
                w->i++;
            w->i++;
        } else {
            /* look-around, options, atomic: what is inside promises nothing, and what stands
             * next to it may be cut anywhere */
            w->lost = w->lost || (left > 1 && q[1] != '=' && q[1] != '!' && q[1] != '<' &&
                                  q[1] != '>');
            skip_to_close(w);
            return unknown_part();
        }
    }
    if (++w->depth > DEPTH_MAX) {
        w->lost = true;
        w->i = w->p.len;
        return unknown_part();
    }
    struct part r = parse_alternatives(w);
    r.later = false;
    w->depth--;
    if (more(w))
        w->i++; /* ) */
    return r;
}

static struct part parse_escape(struct walk *w)
{
    w->i++;
    if (!more(w)) {
        w->lost = true;
        return unknown_part();
    }
    char c = peek(w);
    w->i++;
    struct part u = unknown_part();
    switch (c) {
    case 'd':
        u.digit = u.digit_first = u.digit_last = true;
        u.must = one(STR("<number>"));
        return u;
    case 'b':
        return exactly(STR("\x01"));
    case 's': case 'h':
        return exactly(STR(" "));
    case 'w': case 'W': case 'D': case 'S': case 'H': case 'N': case 'R': case 'v': case 'V':
    case 'X': case 'B':
        return u;
    default:
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
            w->lost = true; /* \x{…}, \p{…}, \1, \K, \Q …: no promise for the whole pattern */
            return u;
        }
        return exactly(str_sub(w->p, w->i - 1, 1));
    }
}

static struct part parse_atom(struct walk *w)
{
    char c = peek(w);
    if (c == '(')
        return parse_group(w);
    if (c == '[')
        return parse_class(w);
    if (c == '\\')
        return parse_escape(w);
    size_t n = utf8_valid_len(w->p.ptr + w->i, w->p.len - w->i);
    struct str s = str_sub(w->p, w->i, n ? n : 1);
    w->i += s.len;
    if (c == '.')
        return unknown_part();
    if (c == '^' || c == '$')
        return exactly(STR("\x01"));
    return exactly(s);
}

/* ?, *, +, {m,n} behind an atom. */
static struct part parse_repeat(struct walk *w, struct part p)
{
    while (more(w)) {
        char c = peek(w);
        if (c == '{') {
            size_t j = w->i + 1;
            long long least = 0;
            bool any = false;
            while (j < w->p.len && w->p.ptr[j] >= '0' && w->p.ptr[j] <= '9')
                least = least * 10 + (w->p.ptr[j++] - '0'), any = true;
            if (!any && (j >= w->p.len || w->p.ptr[j] != ','))
                return p; /* a literal brace */
            while (j < w->p.len && w->p.ptr[j] != '}')
                j++;
            w->i = j + 1;
            p.edge = p.exact.count >= 0 ? ends_at_edge(&p.exact) : p.edge;
            p.exact = nothing;
            if (least == 0)
                p = unknown_part();
        } else if (c == '?') {
            w->i++;
            struct set with = p.exact;
            bool small = with.count >= 0 && with.count < SET_MAX;
            if (small)
                with.items[with.count++] = STR("");
            p = unknown_part();
            if (small)
                p.exact = with;
        } else if (c == '*') {
            w->i++;
            p = unknown_part();
        } else if (c == '+') { /* keeps how it begins and ends */
            w->i++;
            bool blank = p.exact.count == 1 && str_is(p.exact.items[0], " ");
            if (!blank) { /* folding leaves one blank of many */
                weigh(w, &p, UNKNOWN, UNKNOWN);
                p.edge = ends_at_edge(&p.exact);
                p.exact = nothing;
            }
        } else {
            return p;
        }
        if (more(w) && (peek(w) == '?' || peek(w) == '+'))
            w->i++; /* lazy, possessive */
    }
    return p;
}

/* Does what comes next in this sequence begin at a word edge? */
static bool starts_at_edge(const struct walk *w, const struct part *all)
{
    for (int i = 0; i < all->exact.count; i++) {
        struct str t = all->exact.items[i];
        struct set one_item = one(t);
        if (t.len ? !ends_at_edge(&one_item) : !w->start)
            return false;
    }
    return all->exact.count > 0;
}

static struct part parse_sequence(struct walk *w)
{
    struct part all = {.exact = one(STR("")), .must = nothing};
    bool exact = true;
    while (more(w) && peek(w) != '|' && peek(w) != ')') {
        bool outer = w->start;
        w->start = starts_at_edge(w, &all);
        struct part p = parse_atom(w);
        w->start = outer;
        p = parse_repeat(w, p);
        all.digit = all.digit || p.digit;
        struct set next;
        bool first = all.exact.count == 1 && all.exact.items[0].len == 0 && !all.later;
        all.digit_last = false;
        if (p.exact.count >= 0 && cross(w, &all.exact, &p.exact, &next)) {
            all.exact = next;
            continue;
        }
        exact = false;
        if (p.exact.count >= 0) { /* too many: start anew with this one */
            flush(w, &all, UNKNOWN, UNKNOWN);
            struct set from = one(mark(UNKNOWN));
            if (!cross(w, &from, &p.exact, &all.exact))
                all.exact = from;
            continue;
        }
        if (first)
            all.digit_first = p.digit_first;
        flush(w, &all, p.digit_first ? EDGE : UNKNOWN,
              p.digit_last ? AFTER_DIGIT : p.edge ? EDGE : UNKNOWN);
        all.digit_last = p.digit_last;
        keep_better(&all.must, &p.must);
    }
    if (!exact) {
        weigh(w, &all, all.later ? 0 : outer_left(w), outer_right(w));
        all.edge = ends_at_edge(&all.exact);
        all.exact = nothing;
    }
    return all;
}

static struct part parse_alternatives(struct walk *w)
{
    struct part r = parse_sequence(w);
    while (more(w) && peek(w) == '|') {
        w->i++;
        struct part b = parse_sequence(w);
        struct set ma, mb, union_set = nothing;
        bool edges = (r.exact.count >= 0 ? ends_at_edge(&r.exact) : r.edge) &&
                     (b.exact.count >= 0 ? ends_at_edge(&b.exact) : b.edge);
        if (r.exact.count >= 0) /* each side may be needed as a promise */
            weigh(w, &r, outer_left(w), outer_right(w));
        if (b.exact.count >= 0)
            weigh(w, &b, outer_left(w), outer_right(w));
        ma = r.must;
        mb = b.must;
        if (ma.count > 0 && mb.count > 0 && ma.count + mb.count <= SET_MAX) {
            union_set = ma;
            for (int i = 0; i < mb.count; i++)
                union_set.items[union_set.count++] = mb.items[i];
        }
        if (r.exact.count >= 0 && b.exact.count >= 0 &&
            r.exact.count + b.exact.count <= SET_MAX) {
            for (int i = 0; i < b.exact.count; i++)
                r.exact.items[r.exact.count++] = b.exact.items[i];
        } else {
            r.exact = nothing;
        }
        r.must = union_set;
        r.edge = edges;
        r.digit = r.digit && b.digit;
        r.digit_first = r.digit_first && b.digit_first;
        r.digit_last = r.digit_last && b.digit_last;
    }
    return r;
}

struct literals literals_of(struct arena *a, struct str pattern)
{
    struct walk w = {.arena = a, .p = pattern, .start = true};
    struct literals out = {.count = 0};
    struct part p = parse_alternatives(&w);
    if (w.lost || w.i < pattern.len)
        return out;
    if (p.exact.count >= 0)
        weigh(&w, &p, EDGE, EDGE);
    out.digit = p.digit;
    for (int i = 0; i < p.must.count; i++)
        out.phrases[out.count++] = p.must.items[i];
    return out;
}
