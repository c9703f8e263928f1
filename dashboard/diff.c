#include "dashboard/diff.h"

#include "core/limits.h"
#include "core/utf8.h"

struct tokens {
    struct str *items;
    size_t count, cap;
};

static bool is_word(uint32_t cp)
{
    return (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') ||
           (cp >= 0xC0 && cp < 0x2000);
}

/* A run of letters, or one other character. false: too many. */
static bool cut(struct arena *a, struct str s, struct tokens *t)
{
    size_t at = 0;

    while (at < s.len) {
        size_t from = at, n;
        bool word = is_word(utf8_get(s.ptr + at, s.len - at, &n));

        at += n;
        while (word && at < s.len && is_word(utf8_get(s.ptr + at, s.len - at, &n)))
            at += n;
        if (t->count == DF_MAX_DIFF_TOKENS)
            return false;
        *ARENA_PUSH(a, t->items, t->count, t->cap) = str_sub(s, from, at - from);
    }
    return true;
}

struct changes {
    struct arena *arena;
    struct view_change *items;
    size_t count, cap;
};

/* Neighbouring tokens of one kind become one stretch: their bytes follow each other. */
static void change_add(struct changes *c, int kind, struct str text)
{
    struct view_change *last = c->count ? &c->items[c->count - 1] : NULL;

    if (text.len == 0)
        return;
    if (last && (int)last->kind == kind && last->text.text.ptr + last->text.text.len == text.ptr)
        last->text.text.len += text.len;
    else
        *ARENA_PUSH(c->arena, c->items, c->count, c->cap) =
            (struct view_change){.kind = kind, .text = {text}};
}

/* Longest common subsequence by the plain table: at most 1500 × 1500 cells of two bytes. */
static void walk(struct changes *out, const struct tokens *x, const struct tokens *y)
{
    size_t w = y->count + 1, i, j;
    uint16_t *best = arena_array(out->arena, (x->count + 1) * w, sizeof *best);

    for (i = x->count; i-- > 0;)
        for (j = y->count; j-- > 0;) {
            uint16_t down = best[(i + 1) * w + j], right = best[i * w + j + 1];

            if (str_eq(x->items[i], y->items[j]))
                best[i * w + j] = (uint16_t)(best[(i + 1) * w + j + 1] + 1);
            else
                best[i * w + j] = down > right ? down : right;
        }
    i = j = 0;
    while (i < x->count && j < y->count) {
        if (str_eq(x->items[i], y->items[j])) {
            change_add(out, CHANGE_SAME, y->items[j]);
            i++;
            j++;
        } else if (best[(i + 1) * w + j] >= best[i * w + j + 1]) {
            change_add(out, CHANGE_GONE, x->items[i++]);
        } else {
            change_add(out, CHANGE_NEW, y->items[j++]);
        }
    }
    while (i < x->count)
        change_add(out, CHANGE_GONE, x->items[i++]);
    while (j < y->count)
        change_add(out, CHANGE_NEW, y->items[j++]);
}

/* Two texts that share but a few small words are easier to read one after the other. */
static bool is_patchwork(const struct changes *c, size_t longer)
{
    size_t same = 0;

    for (size_t i = 0; i < c->count; i++)
        if (c->items[i].kind == CHANGE_SAME)
            same += c->items[i].text.text.len;
    return same * 5 < longer * 2;
}

void diff_texts(struct arena *a, struct str before, struct str after, struct view_change **out,
                size_t *count_out)
{
    struct changes c = {.arena = a};
    struct tokens x = {0}, y = {0};

    bool whole = !cut(a, before, &x) || !cut(a, after, &y);

    if (!whole) {
        walk(&c, &x, &y);
        whole = is_patchwork(&c, before.len > after.len ? before.len : after.len);
    }
    if (whole) {
        c.count = 0;
        change_add(&c, CHANGE_GONE, before);
        change_add(&c, CHANGE_NEW, after);
    }
    *out = c.items;
    *count_out = c.count;
}
