#include "dashboard/marks.h"

#include <stdlib.h>

#include "core/utf8.h"

struct range {
    uint32_t start, end;
    size_t number;
};

struct ranges {
    struct range *items;
    size_t count, cap;
    uint32_t *cuts; /* sorted places where a piece may begin or end */
    size_t cut_count;
};

static int by_place(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

static struct ranges gather(struct arena *a, uint32_t length, enum post_field field,
                            const struct finding *findings, size_t finding_count)
{
    struct ranges r = {0};
    size_t kept = 0;

    for (size_t i = 0; i < finding_count; i++)
        for (int k = 0; k < findings[i].span_count; k++) {
            struct span s = findings[i].spans[k];

            if (s.field == field && s.start < s.end && s.end <= length)
                *ARENA_PUSH(a, r.items, r.count, r.cap) = (struct range){s.start, s.end, i + 1};
        }
    r.cuts = arena_array(a, r.count * 2 + 2, sizeof *r.cuts);
    r.cuts[r.cut_count++] = 0;
    r.cuts[r.cut_count++] = length;
    for (size_t i = 0; i < r.count; i++) {
        r.cuts[r.cut_count++] = r.items[i].start;
        r.cuts[r.cut_count++] = r.items[i].end;
    }
    qsort(r.cuts, r.cut_count, sizeof *r.cuts, by_place);
    for (size_t i = 0; i < r.cut_count; i++)
        if (i == 0 || r.cuts[i] != r.cuts[kept - 1])
            r.cuts[kept++] = r.cuts[i];
    r.cut_count = kept;
    return r;
}

/* "why-1 why-3" for the piece, "1 3" for the reasons whose span ends with it. */
static void name_piece(struct arena *a, const struct ranges *r, uint32_t from, uint32_t to,
                       size_t reasons, struct view_piece *piece)
{
    struct buf ids = BUF_INIT(4096), numbers = BUF_INIT(4096);

    for (size_t n = 1; n <= reasons; n++) {
        bool over = false, ends = false;

        for (size_t i = 0; i < r->count; i++)
            if (r->items[i].number == n && r->items[i].start <= from && r->items[i].end >= to) {
                over = true;
                ends |= r->items[i].end == to;
            }
        if (over)
            buf_printf(&ids, ids.len ? " why-%zu" : "why-%zu", n);
        if (ends)
            buf_printf(&numbers, numbers.len ? " %zu" : "%zu", n);
    }
    piece->ids = arena_str(a, buf_view(&ids));
    piece->numbers = arena_str(a, buf_view(&numbers));
    buf_free(&ids);
    buf_free(&numbers);
}

void marks_cut(struct arena *a, struct str text, enum post_field field,
               const struct finding *findings, size_t finding_count, struct view_piece **out,
               size_t *count_out)
{
    struct ranges r = gather(a, (uint32_t)utf8_count(text), field, findings, finding_count);
    struct str rest = text;

    *out = arena_array(a, r.cut_count, sizeof **out);
    *count_out = 0;
    for (size_t i = 0; i + 1 < r.cut_count; i++) {
        struct view_piece *piece = &(*out)[(*count_out)++];
        size_t bytes = utf8_offset(rest, r.cuts[i + 1] - r.cuts[i]);

        piece->text.text = str_sub(rest, 0, bytes);
        rest = str_sub(rest, bytes, rest.len);
        name_piece(a, &r, r.cuts[i], r.cuts[i + 1], finding_count, piece);
    }
}
