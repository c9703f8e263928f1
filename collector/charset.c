/* charset.c: the order of belief is in charset_decode(); everything else serves it. */
#include "collector/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <uchardet/uchardet.h>

#include "core/buf.h"
#include "core/limits.h"
#include "core/swar.h"
#include "core/utf8.h"

#define DECLARATION_REACH 16384 /* pages put half a style sheet before <meta charset> */

/* What people write → what they mean: the superset that browsers use, by iconv's name. */
static const struct alias {
    const char *label, *codec;
} aliases[] = {
    {"utf-8", "UTF-8"}, {"utf8", "UTF-8"}, {"unicode-1-1-utf-8", "UTF-8"},
    {"us-ascii", "WINDOWS-1252"}, {"ascii", "WINDOWS-1252"}, {"iso-8859-1", "WINDOWS-1252"},
    {"iso8859-1", "WINDOWS-1252"}, {"iso_8859-1", "WINDOWS-1252"}, {"latin1", "WINDOWS-1252"},
    {"latin-1", "WINDOWS-1252"}, {"cp1252", "WINDOWS-1252"}, {"iso-8859-9", "WINDOWS-1254"},
    {"iso-8859-11", "CP874"}, {"tis-620", "CP874"}, {"windows-874", "CP874"},
    {"gb2312", "GB18030"}, {"gb_2312-80", "GB18030"}, {"gbk", "GB18030"}, {"x-gbk", "GB18030"},
    {"cp936", "GB18030"}, {"gb18030", "GB18030"}, {"hz-gb-2312", "HZ"}, {"euc-cn", "GB18030"},
    {"big5", "BIG5-HKSCS"}, {"big-5", "BIG5-HKSCS"}, {"big5-hkscs", "BIG5-HKSCS"},
    {"x-x-big5", "BIG5-HKSCS"}, {"cp950", "BIG5-HKSCS"}, {"shift_jis", "CP932"},
    {"shift-jis", "CP932"}, {"sjis", "CP932"}, {"x-sjis", "CP932"}, {"windows-31j", "CP932"},
    {"ms_kanji", "CP932"}, {"euc-jp", "EUC-JP-MS"}, {"x-euc-jp", "EUC-JP-MS"},
    {"euc-kr", "CP949"}, {"ks_c_5601-1987", "CP949"}, {"ksc5601", "CP949"}, {"uhc", "CP949"},
    {"euc-tw", "EUC-TW"}, {"utf-16", "UTF-16"}, {"utf16", "UTF-16"}, {"u16", "UTF-16"},
    {"utf-32", "UTF-32"}, {"x-mac-roman", "MACINTOSH"},
};

static const struct bom {
    const char *bytes;
    size_t len;
    const char *codec;
} boms[] = {
    {"\xEF\xBB\xBF", 3, "UTF-8"},        {"\xFF\xFE\0\0", 4, "UTF-32LE"},
    {"\0\0\xFE\xFF", 4, "UTF-32BE"},     {"\xFF\xFE", 2, "UTF-16LE"},
    {"\xFE\xFF", 2, "UTF-16BE"},
};

/* Where the zeros lie when a document that begins with an ASCII sign has wide characters. */
static const char *wide_codec(struct str s)
{
    if (s.len < 4)
        return NULL;
    unsigned zero = 0;
    for (unsigned i = 0; i < 4; i++)
        zero |= s.ptr[i] == '\0' ? 1u << i : 0;
    switch (zero) {
    case 0x7: return "UTF-32BE";
    case 0xE: return "UTF-32LE";
    case 0x5: return "UTF-16BE";
    case 0xA: return "UTF-16LE";
    default: return NULL;
    }
}

static bool name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '_' || c == ':' || c == '.';
}

/* The value after `key`, an equals sign and perhaps a quote; case ignored. */
static struct str value_after(struct str s, const char *key)
{
    struct str k = str_of(key);
    for (size_t i = 0; i + k.len < s.len; i++) {
        if (!str_ieq(str_sub(s, i, k.len), k))
            continue;
        size_t p = i + k.len;
        while (p < s.len && (s.ptr[p] == ' ' || s.ptr[p] == '\t' || s.ptr[p] == '\n'))
            p++;
        if (p >= s.len || s.ptr[p] != '=')
            continue;
        for (p++; p < s.len && (s.ptr[p] == ' ' || s.ptr[p] == '"' || s.ptr[p] == '\'' ||
                                s.ptr[p] == '\n');)
            p++;
        size_t from = p;
        while (p < s.len && name_byte(s.ptr[p]))
            p++;
        if (p > from)
            return str_sub(s, from, p - from);
    }
    return STR_NONE;
}

/* What the document says of itself: the XML declaration or a <meta>. */
static struct str declared_inside(struct str s)
{
    struct str head = str_trim(str_sub(s, 0, DECLARATION_REACH));
    if (str_starts(head, STR("<?xml"))) {
        ptrdiff_t end = str_find(head, STR("?>"));
        struct str found = value_after(str_sub(head, 0, end > 0 ? (size_t)end : 256), "encoding");
        if (found.len)
            return found;
    }
    if (!head.len || head.ptr[0] != '<')
        return STR_NONE;
    for (size_t at = 0; at < head.len;) {
        ptrdiff_t m = str_find(str_sub(head, at, head.len), STR("<"));
        if (m < 0)
            break;
        at += (size_t)m;
        if (!str_ieq(str_sub(head, at, 5), STR("<meta"))) {
            at++;
            continue;
        }
        ptrdiff_t end = str_chr(str_sub(head, at, head.len), '>');
        struct str found = value_after(str_sub(head, at, end > 0 ? (size_t)end : 512), "charset");
        if (found.len)
            return found;
        at++;
    }
    return STR_NONE;
}

static const char *codec_of(struct arena *a, struct str label)
{
    if (label.len == 0 || label.len > 40)
        return NULL;
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (str_ieq(label, str_of(aliases[i].label)))
            return aliases[i].codec;
    return arena_strz(a, label);
}

/* Converts what it can; bad bytes become U+FFFD and are counted. False: no such codec, or more
 * than `tolerance` bad places. */
static bool convert(struct arena *a, struct str in, const char *codec, size_t tolerance,
                    struct charset_result *out)
{
    iconv_t cd = iconv_open("UTF-8", codec);
    if (cd == (iconv_t)-1)
        return false;
    struct buf b = BUF_INIT(in.len * 4 + 16);
    char *src = (char *)(uintptr_t)in.ptr; /* iconv's prototype lacks a const; it only reads */
    size_t left = in.len, bad = 0;
    bool ok = true;
    while (left && ok) {
        char chunk[4096], *dst = chunk;
        size_t room = sizeof chunk;
        size_t r = iconv(cd, &src, &left, &dst, &room);
        int why = errno;
        buf_add(&b, chunk, sizeof chunk - room);
        if (r != (size_t)-1 || why == E2BIG)
            continue;
        ok = ++bad <= tolerance && why != EBADF;
        buf_utf8(&b, 0xFFFD);
        if (why == EINVAL) /* cut off in the middle of a character */
            break;
        src++;
        left--;
    }
    iconv_close(cd);
    if (ok) {
        struct str text = buf_view(&b);
        if (str_starts(text, STR("\xEF\xBB\xBF")))
            text = str_sub(text, 3, text.len);
        *out = (struct charset_result){.text = utf8_repair(a, arena_str(a, text)),
                                       .used = codec, .replaced = bad};
    }
    buf_free(&b);
    return ok;
}

struct utf8_look {
    size_t multi, bad;
};

static struct utf8_look look_at_utf8(struct str s)
{
    struct utf8_look l = {0};
    for (size_t i = 0; i < s.len;) {
        while (i + 8 <= s.len && !(swar_load(s.ptr + i) & SWAR_HIGH))
            i += 8;
        if (i >= s.len)
            break;
        if ((unsigned char)s.ptr[i] < 0x80) {
            i++;
            continue;
        }
        size_t n = utf8_valid_len(s.ptr + i, s.len - i);
        l.multi += n > 0;
        l.bad += n == 0;
        i += n ? n : 1;
    }
    return l;
}

/* ISO-2022-JP and HZ look like ASCII. */
static bool seven_bit_codes(struct str s)
{
    return str_chr(s, '\033') >= 0 || str_find(s, STR("~{")) >= 0;
}

static const char *guess(struct arena *a, struct str s)
{
    const char *found = NULL;
    uchardet_t u = uchardet_new();
    if (u && uchardet_handle_data(u, s.ptr, s.len) == 0) {
        uchardet_data_end(u);
        found = codec_of(a, str_of(uchardet_get_charset(u)));
    }
    if (u)
        uchardet_delete(u);
    return found;
}

static struct charset_result as_utf8(struct arena *a, struct str s, size_t bad)
{
    bool whole = bad == 0 && !memchr(s.ptr ? s.ptr : "", '\0', s.len);
    return (struct charset_result){
        .text = whole ? s : utf8_repair(a, s), .used = "UTF-8", .replaced = bad};
}

struct charset_result charset_decode(struct arena *a, struct str body, struct str content_type)
{
    struct charset_result r;
    size_t some = body.len / 200 + 1; /* a declaration may be a little wrong, not wholly */
    for (size_t i = 0; i < sizeof boms / sizeof *boms; i++) {
        struct str mark = {boms[i].bytes, boms[i].len};
        if (!str_starts(body, mark))
            continue;
        struct str rest = str_sub(body, mark.len, body.len);
        if (i == 0) {
            body = rest; /* a mark before bytes that are not UTF-8 is a lie too */
            break;
        }
        if (convert(a, rest, boms[i].codec, some, &r))
            return r;
    }
    const char *wide = wide_codec(body);
    if (wide && convert(a, body, wide, some, &r))
        return r;

    const char *said[2] = {codec_of(a, value_after(content_type, "charset")),
                           codec_of(a, declared_inside(body))};
    bool declared = said[0] || said[1];
    struct utf8_look look = look_at_utf8(body);
    if (look.bad == 0 && (look.multi > 0 || !seven_bit_codes(body))) {
        r = as_utf8(a, body, 0);
        r.contradicted = look.multi > 0 && declared && !(said[0] && str_is(str_of(said[0]), "UTF-8")) &&
                         !(said[1] && str_is(str_of(said[1]), "UTF-8"));
        return r;
    }
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < 2; i++)
            if (said[i] && !str_starts(str_of(said[i]), STR("UTF-")) &&
                convert(a, body, said[i], pass ? some : 0, &r))
                return r;
    if (look.multi > look.bad * 4) {
        r = as_utf8(a, body, look.bad);
        return r;
    }
    const char *codec = guess(a, body);
    if (codec && !str_is(str_of(codec), "UTF-8") && convert(a, body, codec, some, &r)) {
        r.contradicted = declared;
        return r;
    }
    if (!convert(a, body, "WINDOWS-1252", body.len, &r))
        r = as_utf8(a, body, look.bad);
    r.contradicted = declared;
    return r;
}
