/* lexicon_read.c: weighted phrases from a TSV file (format in defuse-rules(5)). Thirty thousand
 * lines are read at every start with a folder of one's own, so there is no copying: phrases stay
 * slices of the file's text. */
#include <math.h>

#include "analyzer/lang.h"
#include "analyzer/map.h"
#include "analyzer/rule_src.h"
#include "core/digest.h"
#include "core/limits.h"

enum { COL_PHRASE = -1, COL_SUPPORT = -2, COL_SKIP = -3, MAX_COLUMNS = 80 };

struct reading {
    struct src *s;
    struct src_lexicon *lex;
    int line;
    int columns[MAX_COLUMNS]; /* slot or COL_… */
    int count;
    int faults;
    struct c_map lines; /* of phrases as written, by hash */
};

static void fault(struct reading *r, int col, const char *what, struct str text)
{
    struct src_place at = {r->lex->file, r->line, col};
    if (r->faults++ < 20)
        src_fault(r->s, DIAG_ERROR, at, "%s '%.*s'", what, (int)(text.len > 60 ? 60 : text.len),
                  text.ptr ? text.ptr : "");
}

static void read_header(struct reading *r, struct str line)
{
    struct str cell;
    while (str_split(&line, '\t', &cell)) {
        int col = r->count + 1;
        if (r->count == MAX_COLUMNS) {
            fault(r, col, "more than 80 columns", STR_NONE);
            return;
        }
        int slot = slot_of_dotted(cell);
        if (col == 1 && !str_is(cell, "phrase"))
            fault(r, 1, "the first column must be 'phrase', not", cell);
        else if (slot < 0 && col > 1 && !str_is(cell, "support") && !str_is(cell, "source"))
            fault(r, col, "no such attribute.class:", cell);
        r->columns[r->count++] = col == 1 ? COL_PHRASE
                                 : slot >= 0 ? slot
                                 : str_is(cell, "support") ? COL_SUPPORT
                                                           : COL_SKIP;
    }
}

static void read_directive(struct reading *r, struct str line)
{
    struct src_lexicon *l = r->lex;
    struct str rest = str_trim(str_sub(line, 1, line.len)), word, value;
    ptrdiff_t end = str_chr(rest, ' ');
    if (end < 0)
        return;
    word = str_sub(rest, 0, (size_t)end);
    value = str_trim(str_sub(rest, (size_t)end, rest.len));
    double f, g;
    if (str_is(word, "lang:")) {
        l->family = str_starts(value, STR("en")) ? FAMILY_EN
                    : str_starts(value, STR("zh")) ? FAMILY_ZH
                                                     : FAMILY_BOTH;
        if (!l->family && !str_is(value, "any"))
            fault(r, 1, "lang is en, zh or any, not", value);
    } else if (str_is(word, "group:")) {
        l->group = value;
    } else if (str_is(word, "negate")) {
        if (str_f64(value, &f) && fabs(f) <= 8)
            l->negate = f;
        else
            fault(r, 1, "negate needs a number from -8 to 8, not", value);
    } else if (str_is(word, "contrast")) {
        struct str first;
        if (str_split(&value, ' ', &first) && str_f64(first, &f) && str_f64(str_trim(value), &g) &&
            f >= 0 && g >= 0 && f <= 8 && g <= 8) {
            l->before = f;
            l->after = g;
        } else {
            fault(r, 1, "contrast needs two factors, not", value);
        }
    } else if (str_is(word, "bias")) {
        struct str name;
        int slot = str_split(&value, ' ', &name) ? slot_of_dotted(name) : -1;
        if (slot >= 0 && str_f64(str_trim(value), &f) && fabs(f) < 1000)
            l->bias[slot] = (int32_t)lround(f * SLOT_ONE);
        else
            fault(r, 1, "bias needs attribute.class and a number, not", line);
    }
}

static void read_row(struct reading *r, struct str line)
{
    struct src_lexicon *l = r->lex;
    struct arena *a = r->s->arena;
    struct src_phrase p = {.line = (uint32_t)r->line, .first = (uint32_t)l->cell_count};
    struct str cell;
    for (int c = 0; c < r->count && str_split(&line, '\t', &cell); c++) {
        double w;
        long long n;
        int col = r->columns[c];
        if (col == COL_PHRASE) {
            p.negated = cell.len > 1 && cell.ptr[0] == '!' && cell.ptr[1] != '!';
            p.text = p.negated ? str_sub(cell, 1, cell.len) : cell;
            if (p.text.len == 0 || p.text.len > DF_MAX_PATTERN) {
                fault(r, 1, "empty or overlong phrase", cell);
                return;
            }
            uint32_t before = map_find(&r->lines, hash64(cell));
            if (before) { /* its weights would count twice */
                char what[64];
                snprintf(what, sizeof what, "line %u holds this phrase already:", before - 1);
                fault(r, 1, what, cell);
                return;
            }
            map_put(a, &r->lines, hash64(cell), (uint32_t)r->line);
        } else if (cell.len == 0 || col == COL_SKIP) {
            continue;
        } else if (col == COL_SUPPORT) {
            if (str_i64(cell, &n) && n >= 0)
                p.support = (uint32_t)(n > UINT32_MAX ? UINT32_MAX : n);
        } else if (!str_f64(cell, &w) || !(fabs(w) < 31.9)) {
            fault(r, c + 1, "a weight is a number between -31.9 and 31.9, not", cell);
        } else if (lround(w * SLOT_ONE) != 0) {
            *ARENA_PUSH(a, l->cells, l->cell_count, l->cell_cap) =
                (struct src_cell){(uint16_t)col, (int16_t)lround(w * SLOT_ONE)};
        }
    }
    p.count = (uint32_t)(l->cell_count - p.first);
    *ARENA_PUSH(a, l->phrases, l->count, l->cap) = p;
}

void lexicon_read(struct src *s, struct str text, const char *file)
{
    struct src_lexicon *l = ARENA_PUSH(s->arena, s->lexicons, s->lexicon_count, s->lexicon_cap);
    *l = (struct src_lexicon){.file = file, .negate = -0.5, .before = 1, .after = 1};
    struct reading r = {.s = s, .lex = l};
    struct str line;
    while (str_split(&text, '\n', &line)) {
        r.line++;
        if (line.len && line.ptr[line.len - 1] == '\r')
            line.len--;
        if (line.len == 0)
            continue;
        /* "#1 problem" could be a phrase; a comment has a blank behind its sign. */
        if (line.ptr[0] == '#' && (line.len == 1 || line.ptr[1] == ' '))
            read_directive(&r, line);
        else if (r.count == 0)
            read_header(&r, line);
        else
            read_row(&r, line);
    }
    if (l->group.len == 0)
        l->group = l->family == 1 ? STR("lexicon.en") : l->family == 2 ? STR("lexicon.zh")
                                                                       : STR("lexicon");
}
