/* text_marks.c: BBCode and Markdown. Words stay, marks go; addresses behind words are kept. */
#include "collector/markup.h"
#include "core/utf8.h"

/* --- BBCode: [b] [url=…]words[/url] [quote] [list][*] [noparse] --- */

enum bb { BB_INLINE, BB_BLOCK, BB_ITEM, BB_URL, BB_IMAGE, BB_RULE };

static const struct {
    const char *name;
    enum bb kind;
} bb_tags[] = {
    {"b", BB_INLINE}, {"i", BB_INLINE}, {"u", BB_INLINE}, {"s", BB_INLINE},
    {"strike", BB_INLINE}, {"spoiler", BB_INLINE}, {"noparse", BB_INLINE}, {"size", BB_INLINE},
    {"color", BB_INLINE}, {"font", BB_INLINE}, {"center", BB_INLINE}, {"sub", BB_INLINE},
    {"sup", BB_INLINE}, {"h1", BB_BLOCK}, {"h2", BB_BLOCK}, {"h3", BB_BLOCK},
    {"quote", BB_BLOCK}, {"code", BB_BLOCK}, {"list", BB_BLOCK}, {"olist", BB_BLOCK},
    {"table", BB_BLOCK}, {"tr", BB_BLOCK}, {"td", BB_INLINE}, {"th", BB_INLINE},
    {"p", BB_BLOCK}, {"*", BB_ITEM}, {"hr", BB_RULE}, {"url", BB_URL}, {"img", BB_IMAGE},
    {"previewyoutube", BB_IMAGE}, {"dynamiclink", BB_INLINE}, {"emoticon", BB_INLINE},
};

struct bb_tag {
    enum bb kind;
    bool close;
    struct str value; /* after the equals sign */
    size_t length;    /* of the whole tag */
};

static bool bb_at(struct str s, struct bb_tag *t)
{
    size_t n = 1;
    t->close = s.len > 1 && s.ptr[1] == '/';
    n += t->close;
    size_t from = n;
    while (n < s.len && n - from < 16 && s.ptr[n] != ']' && s.ptr[n] != '=' && s.ptr[n] != ' ')
        n++;
    struct str name = str_sub(s, from, n - from);
    ptrdiff_t end = str_chr(str_sub(s, n, 2048), ']');
    if (end < 0)
        return false;
    t->value = n < s.len && s.ptr[n] == '=' ? str_sub(s, n + 1, (size_t)end - 1) : STR_NONE;
    if (t->value.len > 1 && t->value.ptr[0] == '"')
        t->value = str_sub(t->value, 1, t->value.len - 2);
    t->length = n + (size_t)end + 1;
    for (size_t i = 0; i < sizeof bb_tags / sizeof *bb_tags; i++)
        if (str_ieq(name, str_of(bb_tags[i].name))) {
            t->kind = bb_tags[i].kind;
            return true;
        }
    return false;
}

static void newline(struct buf *b)
{
    if (b->len && b->ptr[b->len - 1] != '\n')
        buf_putc(b, '\n');
}

void bbcode_text_put(struct buf *b, struct str s)
{
    struct str url = STR_NONE;
    while (s.len) {
        const char *open = memchr(s.ptr, '[', s.len);
        size_t n = open ? (size_t)(open - s.ptr) : s.len;
        buf_str(b, str_sub(s, 0, n));
        s = str_sub(s, n, s.len);
        struct bb_tag t;
        if (s.len == 0)
            break;
        if (!bb_at(s, &t)) {
            buf_putc(b, '[');
            s = str_sub(s, 1, s.len);
            continue;
        }
        s = str_sub(s, t.length, s.len);
        switch (t.kind) {
        case BB_INLINE: break;
        case BB_BLOCK: newline(b); break;
        case BB_RULE: newline(b); break;
        case BB_ITEM:
            if (!t.close)
                newline(b), buf_puts(b, "- ");
            break;
        case BB_URL:
            if (t.close && url.len && !str_ends(buf_view(b), url))
                buf_puts(b, " ("), buf_str(b, url), buf_putc(b, ')');
            url = t.close ? STR_NONE : t.value;
            break;
        case BB_IMAGE:
            if (!t.close) { /* its content is an address of a picture */
                ptrdiff_t end = str_find(s, STR("[/"));
                if (end >= 0)
                    s = str_sub(s, (size_t)end, s.len);
            }
            break;
        }
    }
}

/* --- Markdown --- */

static bool word_at(struct str s, size_t i)
{
    if (i >= s.len)
        return false;
    unsigned char c = (unsigned char)s.ptr[i];
    return c >= 0x80 || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* [words](address "title") at s; gives its parts. */
static size_t md_link(struct str s, struct str *words, struct str *url)
{
    size_t n = 1, depth = 1;
    while (n < s.len && n < 4096 && s.ptr[n] != '\n') {
        if (s.ptr[n] == '\\')
            n++;
        else if (s.ptr[n] == '[')
            depth++;
        else if (s.ptr[n] == ']' && --depth == 0)
            break;
        n++;
    }
    if (n + 1 >= s.len || s.ptr[n] != ']' || s.ptr[n + 1] != '(')
        return 0;
    *words = str_sub(s, 1, n - 1);
    size_t from = n + 2;
    ptrdiff_t close = str_chr(str_sub(s, from, 4096), ')');
    if (close < 0)
        return 0;
    *url = str_sub(s, from, (size_t)close);
    ptrdiff_t gap = str_chr(*url, ' ');
    if (gap > 0)
        *url = str_sub(*url, 0, (size_t)gap);
    return from + (size_t)close + 1;
}

static void md_inline(struct buf *b, struct str s, int depth)
{
    for (size_t i = 0; i < s.len;) {
        char c = s.ptr[i];
        struct str rest = str_sub(s, i, s.len), words, url;
        size_t n;
        bool image = c == '!' && i + 1 < s.len && s.ptr[i + 1] == '[';
        if (c == '\\' && i + 1 < s.len && strchr("\\`*_{}[]()#+-.!~>|", s.ptr[i + 1])) {
            buf_putc(b, s.ptr[i + 1]);
            i += 2;
        } else if ((c == '[' || image) && depth < 4 &&
                   (n = md_link(str_sub(rest, image, rest.len), &words, &url)) > 0) {
            md_inline(b, words, depth + 1);
            if (!image && url.len && !str_eq(words, url))
                buf_puts(b, " ("), buf_str(b, url), buf_putc(b, ')');
            i += n + image;
        } else if (c == '*' || c == '`' || (c == '~' && i + 1 < s.len && s.ptr[i + 1] == '~')) {
            bool lone = c == '*' && i > 0 && s.ptr[i - 1] == ' ' && i + 1 < s.len && s.ptr[i + 1] == ' ';
            if (lone) /* 3 * 4 */
                buf_putc(b, c);
            i += c == '~' ? 2 : 1;
        } else if (c == '_' && !(i > 0 && word_at(s, i - 1) && word_at(s, i + 1))) {
            i++; /* snake_case stays */
        } else {
            buf_putc(b, c);
            i++;
        }
    }
}

static bool md_rule(struct str line)
{
    size_t marks = 0;
    for (size_t i = 0; i < line.len; i++) {
        if (line.ptr[i] == ' ')
            continue;
        if (!strchr("-*_=", line.ptr[i]) || line.ptr[i] != line.ptr[0])
            return false;
        marks++;
    }
    return marks >= 3;
}

void markdown_text_put(struct buf *b, struct str s)
{
    struct buf plain = BUF_INIT(s.len * 4 + 16);
    struct str line;
    bool fence = false, comment = false;
    entities_put(&plain, s);
    s = buf_view(&plain);
    while (str_split(&s, '\n', &line)) {
        struct str t = str_trim(line);
        if (str_starts(t, STR("```")) || str_starts(t, STR("~~~"))) {
            fence = !fence;
            continue;
        }
        if (fence) {
            buf_str(b, line);
            buf_putc(b, '\n');
            continue;
        }
        if (str_starts(t, STR("<!--"))) /* hints of issue templates */
            comment = true;
        if (comment) {
            comment = str_find(t, STR("-->")) < 0;
            continue;
        }
        if (md_rule(t)) {
            buf_putc(b, '\n');
            continue;
        }
        size_t hashes = 0;
        while (hashes < t.len && hashes < 6 && t.ptr[hashes] == '#')
            hashes++;
        if (hashes && hashes < t.len && t.ptr[hashes] == ' ')
            line = str_trim(str_sub(t, hashes, t.len));
        else if (str_starts(t, STR("* ")) || str_starts(t, STR("+ "))) {
            buf_puts(b, "- ");
            line = str_sub(t, 2, t.len);
        }
        md_inline(b, line, 0);
        buf_putc(b, '\n');
    }
    buf_free(&plain);
}
