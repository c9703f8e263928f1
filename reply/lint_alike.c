/* lint_alike.c: is a reply much like one that stands on the page already? Two texts are compared by
 * their pairs of neighbouring characters (Dice): the pairs of the reply are counted once, in a
 * table, and each other text is walked against it until it can no longer come near. Suggestions
 * are compared with dozens of others each, so this must not sort or allocate for every one. */
#include "core/utf8.h"
#include "reply/lint_private.h"

struct pair {
    uint64_t value;      /* two characters; 0 = free slot */
    uint32_t own, met;   /* times in the reply; of these, met in the other text */
    int other;           /* the text that `met` is of */
};

struct pairs {
    struct pair *slots; /* open addressing, power of two */
    size_t mask, count;
};

/* Letters, digits and characters alone, small: spacing and marks make no new text. */
static bool counts(uint32_t cp)
{
    if (cp > 0x2FFF)
        return cp < 0xFF00 && (cp < 0x3000 || cp > 0x303F);
    return cp > 0x7F || (cp >= 'a' && cp <= 'z') || (cp >= '0' && cp <= '9');
}

static size_t bare(struct str s, uint32_t *out)
{
    size_t n = 0, step;
    for (size_t i = 0; i < s.len; i += step) {
        uint32_t cp = (unsigned char)s.ptr[i];
        step = 1;
        if (cp > 0x7F)
            cp = utf8_get(s.ptr + i, s.len - i, &step);
        if (cp >= 'A' && cp <= 'Z')
            cp += 'a' - 'A';
        if (counts(cp))
            out[n++] = cp;
    }
    return n;
}

static struct pair *slot_of(const struct pairs *p, uint64_t value)
{
    size_t at = (value * 0x9E3779B97F4A7C15u >> 32) & p->mask;
    while (p->slots[at].value && p->slots[at].value != value)
        at = (at + 1) & p->mask;
    return &p->slots[at];
}

static uint64_t pair_at(const uint32_t *cps, size_t i)
{
    return (uint64_t)cps[i] << 32 | cps[i + 1];
}

static struct pairs pairs_of(struct arena *a, const uint32_t *cps, size_t n)
{
    size_t room = 64;
    while (room < n * 2)
        room *= 2;
    struct pairs p = {arena_array(a, room, sizeof(struct pair)), room - 1, n > 1 ? n - 1 : 0};
    for (size_t i = 0; i < p.count; i++) {
        struct pair *slot = slot_of(&p, pair_at(cps, i));
        slot->value = pair_at(cps, i);
        slot->own++;
    }
    return p;
}

/* Twice the common pairs over all pairs, in percent; 0 when below LINT_ALIKE. */
static unsigned likeness(struct pairs *own, const uint32_t *cps, size_t n, int other)
{
    size_t count = n > 1 ? n - 1 : 0, total = own->count + count, common = 0;
    size_t needed = (total * LINT_ALIKE + 199) / 200;
    if (!total || own->count < needed)
        return 0;
    for (size_t i = 0; i < count; i++) {
        if (common + (count - i) < needed)
            return 0;
        struct pair *slot = slot_of(own, pair_at(cps, i));
        if (slot->other != other) {
            slot->other = other;
            slot->met = 0;
        }
        if (slot->met < slot->own) {
            slot->met++;
            common++;
        }
    }
    return common < needed ? 0 : (unsigned)(200 * common / total);
}

/* Texts of which one is half as long again as the other are not alike. */
static bool near_length(struct str x, struct str y)
{
    return x.len * 3 >= y.len * 2 && y.len * 3 >= x.len * 2;
}

unsigned lint_closest(const struct lint_view *v)
{
    unsigned best = 0;
    size_t longest = v->text.len;
    for (int i = 0; i < v->ctx->recent_count; i++)
        if (v->ctx->recent[i].len > longest && near_length(v->ctx->recent[i], v->text))
            longest = v->ctx->recent[i].len;
    if (!v->ctx->recent_count)
        return 0;
    struct arena_mark frame = arena_mark(v->a);
    uint32_t *cps = arena_array(v->a, longest + 1, sizeof *cps);
    struct pairs own = pairs_of(v->a, cps, bare(v->text, cps));
    for (int i = 0; i < v->ctx->recent_count; i++) {
        struct str other = v->ctx->recent[i];
        if (!near_length(other, v->text))
            continue;
        unsigned l = likeness(&own, cps, bare(other, cps), i + 1);
        best = l > best ? l : best;
    }
    arena_release(v->a, frame);
    return best;
}
