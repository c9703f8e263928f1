#include "dashboard/html.h"

#include <stdio.h>

#include "core/limits.h"
#include "core/utf8.h"

/* Marks stacked on one letter before the rest is folded into a box: scripts that people write
 * need four, text made to spill over its neighbours uses dozens. */
enum { MARKS_SHOWN = 5 };

void html_init(struct html *h, enum ui_lang lang)
{
    *h = (struct html){.out = BUF_INIT(DF_MAX_PAGE), .lang = lang};
}

void html_free(struct html *h)
{
    buf_free(&h->out);
}

void html_lit(struct html *h, const char *text, size_t len)
{
    buf_add(&h->out, text, len);
}

const char *html_msg(const struct html *h, const char *id)
{
    return msg(h->lang, id);
}

/* Characters without a shape of their own that change what is read. Joiners (U+200C, U+200D) and
 * variation selectors are left alone: Persian and emoji need them. */
static const struct hidden {
    uint32_t from, to;
    const char *name; /* NULL: only the number is shown */
} hidden[] = {
    {0x00AD, 0x00AD, "SHY"},  {0x034F, 0x034F, "CGJ"},  {0x061C, 0x061C, "ALM"},
    {0x115F, 0x1160, NULL},   {0x17B4, 0x17B5, NULL},   {0x180E, 0x180E, "MVS"},
    {0x200B, 0x200B, "ZWSP"}, {0x200E, 0x200E, "LRM"},  {0x200F, 0x200F, "RLM"},
    {0x2028, 0x2028, "LSEP"}, {0x2029, 0x2029, "PSEP"}, {0x202A, 0x202A, "LRE"},
    {0x202B, 0x202B, "RLE"},  {0x202C, 0x202C, "PDF"},  {0x202D, 0x202D, "LRO"},
    {0x202E, 0x202E, "RLO"},  {0x2060, 0x2060, "WJ"},   {0x2061, 0x2064, NULL},
    {0x2066, 0x2066, "LRI"},  {0x2067, 0x2067, "RLI"},  {0x2068, 0x2068, "FSI"},
    {0x2069, 0x2069, "PDI"},  {0x206A, 0x206F, NULL},   {0x3164, 0x3164, "HF"},
    {0xFEFF, 0xFEFF, "BOM"},  {0xFFA0, 0xFFA0, NULL},   {0xFFF9, 0xFFFB, NULL},
    {0xE0000, 0xE007F, NULL},
};

static const struct hidden *hidden_find(uint32_t cp)
{
    size_t i;

    for (i = 0; i < sizeof hidden / sizeof *hidden && hidden[i].from <= cp; i++)
        if (cp <= hidden[i].to)
            return &hidden[i];
    return NULL;
}

static bool is_control(uint32_t cp)
{
    return (cp < 0x20 && cp != '\n' && cp != '\t') || (cp >= 0x7F && cp < 0xA0);
}

bool html_hides(uint32_t cp)
{
    return is_control(cp) || hidden_find(cp) != NULL;
}

static bool is_mark(uint32_t cp)
{
    return (cp >= 0x0300 && cp <= 0x036F) || (cp >= 0x0483 && cp <= 0x0489) ||
           (cp >= 0x1AB0 && cp <= 0x1AFF) || (cp >= 0x1DC0 && cp <= 0x1DFF) ||
           (cp >= 0x20D0 && cp <= 0x20FF) || (cp >= 0xFE20 && cp <= 0xFE2F);
}

static const char *entity(char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

static void box(struct html *h, uint32_t cp)
{
    const struct hidden *k = hidden_find(cp);

    if (k && k->name)
        buf_printf(&h->out, "<span class=\"ghost\" title=\"U+%04X\">%s</span>", cp, k->name);
    else
        buf_printf(&h->out, "<span class=\"ghost\">U+%04X</span>", cp);
}

enum manner { PLAIN, SHOWN, REPLACED }; /* what becomes of hidden characters */

/* The flags of England, Scotland and Wales are a black flag followed by such tags. */
static bool is_tag(uint32_t cp)
{
    return cp >= 0xE0020 && cp <= 0xE007F;
}

static void put_char(struct html *h, uint32_t cp, const char *bytes, size_t n, enum manner m)
{
    bool hides = m == PLAIN ? is_control(cp) : html_hides(cp);

    if (!hides && cp != 0xFFFD)
        buf_add(&h->out, bytes, n);
    else if (hides && m == SHOWN)
        box(h, cp);
    else
        buf_utf8(&h->out, 0xFFFD);
}

static void put(struct html *h, struct str s, enum manner m)
{
    size_t at = 0, run = 0, marks = 0;
    bool flag = false;

    while (at < s.len) {
        unsigned char c = (unsigned char)s.ptr[at];
        const char *e;
        uint32_t cp;
        size_t n;

        if (c >= 0x20 && c < 0x7F && !(e = entity((char)c))) { /* the common case: copy runs */
            at++;
            marks = 0;
            flag = false;
            continue;
        }
        buf_add(&h->out, s.ptr + run, at - run);
        if (c < 0x80 && (e = entity((char)c)) != NULL) {
            buf_puts(&h->out, e);
            n = 1;
        } else {
            cp = utf8_get(s.ptr + at, s.len - at, &n);
            marks = is_mark(cp) ? marks + 1 : 0;
            flag = cp == 0x1F3F4 || (flag && is_tag(cp));
            if (flag)
                buf_add(&h->out, s.ptr + at, n);
            else if (m == PLAIN || marks <= MARKS_SHOWN)
                put_char(h, cp, s.ptr + at, n, m);
            else if (marks == MARKS_SHOWN + 1 && m == SHOWN)
                buf_puts(&h->out, "<span class=\"ghost\">+++</span>");
        }
        at += n;
        run = at;
    }
    if (at > run)
        buf_add(&h->out, s.ptr + run, at - run);
}

void html_text_str(struct html *h, struct str s) { put(h, s, PLAIN); }
void html_text_outside(struct html *h, struct outside s) { put(h, s.text, SHOWN); }
void html_text_z(struct html *h, const char *s) { put(h, str_of(s), PLAIN); }
void html_text_int(struct html *h, int64_t n) { buf_i64(&h->out, n); }
void html_attr_str(struct html *h, struct str s) { put(h, s, PLAIN); }
void html_attr_outside(struct html *h, struct outside s) { put(h, s.text, REPLACED); }
void html_attr_z(struct html *h, const char *s) { put(h, str_of(s), PLAIN); }

/* A path of this server starts with one slash: "//host" and "/\host" are other hosts. */
static bool url_is_safe(struct str s)
{
    if (s.len >= 1 && (s.ptr[0] == '?' || s.ptr[0] == '#'))
        return true;
    if (s.len >= 1 && s.ptr[0] == '/')
        return s.len == 1 || (s.ptr[1] != '/' && s.ptr[1] != '\\');
    return str_ieq(str_sub(s, 0, 7), STR("http://")) || str_ieq(str_sub(s, 0, 8), STR("https://"));
}

void html_url_str(struct html *h, struct str s)
{
    size_t i;

    for (i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] <= 0x20 || s.ptr[i] == 0x7F)
            break;
    put(h, i == s.len && url_is_safe(s) ? s : STR("#"), REPLACED);
}

void html_url_outside(struct html *h, struct outside s) { html_url_str(h, s.text); }
void html_url_part_str(struct html *h, struct str s) { buf_url(&h->out, s); }
void html_url_part_z(struct html *h, const char *s) { buf_url(&h->out, str_of(s)); }
