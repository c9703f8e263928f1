#include "core/term.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utf8proc.h>

#include "core/utf8.h"

static const char *const styles[] = {
    [TERM_PLAIN] = "",        [TERM_BOLD] = "\033[1m",    [TERM_DIM] = "\033[2m",
    [TERM_RED] = "\033[1;31m", [TERM_YELLOW] = "\033[33m", [TERM_GREEN] = "\033[32m",
    [TERM_CYAN] = "\033[36m", [TERM_REVERSE] = "\033[7m",
};

struct term term_of(FILE *f)
{
    struct term t = {.tty = isatty(fileno(f)), .width = 80};
    const char *no = getenv("NO_COLOR"), *kind = getenv("TERM"), *cols = getenv("COLUMNS");
    t.colour = t.tty && !(no && *no) && kind && strcmp(kind, "dumb") != 0;
    struct winsize w;
    long long n;
    if (cols && str_i64(str_of(cols), &n) && n >= 20 && n <= 1000)
        t.width = (int)n;
    else if (t.tty && ioctl(fileno(f), TIOCGWINSZ, &w) == 0 && w.ws_col >= 20)
        t.width = w.ws_col;
    return t;
}

const char *term_on(const struct term *t, enum term_style style)
{
    return t->colour ? styles[style] : "";
}

const char *term_off(const struct term *t)
{
    return t->colour ? "\033[0m" : "";
}

/* Text from strangers must not move the cursor, set colours or reverse the reading order. */
static bool harmful(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || (cp >= 0x202A && cp <= 0x202E) ||
           (cp >= 0x2066 && cp <= 0x2069) || cp == 0x200E || cp == 0x200F;
}

static size_t cells_of(uint32_t cp)
{
    if (harmful(cp))
        return 1;
    if (cp == 0xFE0F) /* asks for the emoji form of the character before it */
        return 0;
    int w = utf8proc_charwidth((utf8proc_int32_t)cp);
    return w > 0 ? (size_t)w : 0;
}

static void put_safe(struct buf *b, uint32_t cp)
{
    buf_utf8(b, harmful(cp) ? (cp == '\n' || cp == '\r' || cp == '\t' ? ' ' : 0xFFFD) : cp);
}

void term_put(struct buf *b, const struct term *t, enum term_style style, struct str s)
{
    buf_puts(b, term_on(t, style));
    for (size_t i = 0, n; i < s.len; i += n) {
        uint32_t cp = utf8_get(s.ptr + i, s.len - i, &n);
        if (cp == '\n')
            buf_putc(b, '\n');
        else
            put_safe(b, cp);
    }
    if (style != TERM_PLAIN)
        buf_puts(b, term_off(t));
}

size_t term_width(struct str s)
{
    size_t w = 0;
    for (size_t i = 0, n; i < s.len; i += n)
        w += cells_of(utf8_get(s.ptr + i, s.len - i, &n));
    return w;
}

void term_fit(struct buf *b, struct str s, size_t cells, bool pad)
{
    size_t used = 0, i = 0, n;
    bool cut = term_width(s) > cells;
    size_t room = cut && cells > 0 ? cells - 1 : cells;
    for (; i < s.len; i += n) {
        uint32_t cp = utf8_get(s.ptr + i, s.len - i, &n);
        size_t w = cells_of(cp);
        if (used + w > room)
            break;
        put_safe(b, cp);
        used += w;
    }
    if (cut && cells > 0) {
        buf_puts(b, "…");
        used++;
    }
    while (pad && used++ < cells)
        buf_putc(b, ' ');
}

/* Marks that must not begin a line. */
static bool closes(uint32_t cp)
{
    static const uint32_t marks[] = {0x3001, 0x3002, 0xFF0C, 0xFF0E, 0xFF01, 0xFF1F, 0xFF1A,
                                     0xFF1B, 0x300D, 0x300F, 0x3011, 0xFF09, 0x2019, 0x201D,
                                     0x2026, ',', '.', '!', '?', ':', ';', ')'};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (cp == marks[i])
            return true;
    return false;
}

/* Bytes of the next piece that must stay whole: a word, or one wide character with the closing
 * marks behind it. */
static size_t next_piece(struct str s, size_t *cells_out)
{
    size_t i = 0, n, cells = 0;
    bool wide_seen = false;
    while (i < s.len) {
        uint32_t cp = utf8_get(s.ptr + i, s.len - i, &n);
        size_t w = cells_of(cp);
        if (i > 0 && (cp == ' ' || cp == '\n' || ((wide_seen || w == 2) && !closes(cp))))
            break;
        wide_seen |= w == 2;
        cells += w;
        i += n;
        if (cp == ' ' || cp == '\n')
            break;
    }
    *cells_out = cells;
    return i;
}

/* A line does not end in blanks: they would wrap again when copied. */
static void end_line(struct buf *b)
{
    while (b->len && b->ptr[b->len - 1] == ' ')
        b->ptr[--b->len] = '\0';
    buf_putc(b, '\n');
}

void term_wrap(struct buf *b, struct str s, size_t cells, const char *indent)
{
    size_t margin = term_width(str_of(indent)), used = 0;
    size_t room = cells > margin + 10 ? cells - margin : 10;
    bool fresh = true;
    while (s.len) {
        size_t w, n = next_piece(s, &w);
        struct str piece = str_sub(s, 0, n);
        s = str_sub(s, n, s.len);
        if (str_is(piece, "\n")) {
            end_line(b);
            fresh = true;
            used = 0;
            continue;
        }
        if (used + term_width(str_trim(piece)) > room && used > 0) {
            end_line(b);
            fresh = true;
            used = 0;
        }
        if (fresh && str_is(piece, " "))
            continue;
        if (fresh)
            buf_puts(b, indent);
        fresh = false;
        for (size_t i = 0, k; i < piece.len; i += k)
            put_safe(b, utf8_get(piece.ptr + i, piece.len - i, &k));
        used += w;
    }
    if (!fresh)
        end_line(b);
}
