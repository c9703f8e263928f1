/* gen_fold.c: writes the folding table of analyzer/fold.c to stdout, from utf8proc (NFKC and
 * case folding) and OpenCC's character dictionary (Traditional to Simplified). Runs at build
 * time, so neither library's data has to be loaded when the program starts.
 *
 * One 32-bit entry for every code point, in shared pages of 64:
 *   bits 0-2  what to do: enum fold_action
 *   bits 3-5  which script it speaks for: enum fold_tag
 *   bits 8-31 the bytes to write instead (first byte lowest), or an index of fold_long[] */
#include <iconv.h>
#include <opencc/opencc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "analyzer/fold_table.h"

#define LAST 0x110000u
#define PAGE FOLD_PAGE

static uint32_t entry[LAST];
static bool second[LAST]; /* may join with the character before it */
static opencc_t to_simplified, to_traditional;
static iconv_t big5, gb2312;

static char longs[1 << 16]; /* length byte, then the bytes */
static size_t longs_len;

static void die(const char *what)
{
    fprintf(stderr, "gen_fold: %s\n", what);
    exit(1);
}

static uint32_t decode(const char *p)
{
    utf8proc_int32_t cp;
    utf8proc_iterate((const utf8proc_uint8_t *)p, -1, &cp);
    return (uint32_t)cp;
}

/* One character through an OpenCC dictionary; several characters back mean "leave it". */
static uint32_t convert(opencc_t cc, uint32_t cp)
{
    char in[8] = {0};
    utf8proc_encode_char((utf8proc_int32_t)cp, (utf8proc_uint8_t *)in);
    char *out = opencc_convert_utf8(cc, in, strlen(in));
    if (!out)
        die(opencc_error());
    uint32_t to = decode(out);
    if (utf8proc_encode_char((utf8proc_int32_t)to, (utf8proc_uint8_t *)in) !=
        (utf8proc_ssize_t)strlen(out))
        to = cp;
    if (to > 0xFFFF)
        to = cp; /* simplified forms nobody can type: leave them, entries stay short */
    opencc_convert_utf8_free(out);
    return to;
}

static bool is_han(uint32_t c)
{
    return (c >= 0x3400 && c < 0xA000) || (c >= 0x20000 && c < 0x32000);
}

/* The one spelling that rules and lexicons are written in. */
static uint32_t plain(uint32_t c)
{
    switch (c) {
    case 0x2018: case 0x2019: case 0x201B: case 0x02BC: case 0x2032: return '\'';
    case 0x201C: case 0x201D: case 0x201E: case 0x301D: case 0x301E: case 0x2033: return '"';
    case 0x2010: case 0x2011: case 0x2012: case 0x2013: case 0x2014: case 0x2015:
    case 0x2212: return '-';
    case 0x2028: case 0x2029: case 0x85: return '\n';
    /* Taiwan's aspect mark, the you of women and the it of animals: OpenCC leaves them, as 著 has
     * other readings; rules and lexicons know one spelling. */
    case 0x8457: return 0x7740;
    case 0x59B3: return 0x4F60;
    case 0x7260: return 0x5B83;
    default: break;
    }
    if (c < 0x20 && c != '\n')
        return ' ';
    if (c == 0x7F || (c > 0x7F && c < 0xA0))
        return ' ';
    const utf8proc_property_t *p = utf8proc_get_property((utf8proc_int32_t)c);
    if (p->category == UTF8PROC_CATEGORY_ZS)
        return ' ';
    return is_han(c) ? convert(to_simplified, c) : c;
}

static bool encodable(iconv_t to, uint32_t cp)
{
    char in[8] = {0}, out[8];
    utf8proc_encode_char((utf8proc_int32_t)cp, (utf8proc_uint8_t *)in);
    char *from = in, *dest = out;
    size_t left = strlen(in), room = sizeof out;
    iconv(to, NULL, NULL, NULL, NULL);
    return iconv(to, &from, &left, &dest, &room) == 0 && left == 0;
}

static enum fold_tag tag_of(uint32_t c)
{
    /* Written in Cantonese, hardly ever in Mandarin. */
    static const char yue[] = "嘅咗啲佢哋喺冇嚟唔咁嗰乜嘢啱攞瞓搵揾嘥嚿噉喎啫㗎嗌揸嬲嘞啩冧攰掂";
    const utf8proc_property_t *p = utf8proc_get_property((utf8proc_int32_t)c);
    if (is_han(c)) {
        for (const char *s = yue; *s; s += utf8proc_utf8class[(unsigned char)*s])
            if (decode(s) == c)
                return FOLD_YUE;
        if (convert(to_simplified, c) != c && !encodable(gb2312, c))
            return FOLD_TRADITIONAL;
        if (convert(to_traditional, c) != c && !encodable(big5, c))
            return FOLD_SIMPLIFIED;
        return FOLD_HAN;
    }
    if (c >= 0x3040 && c < 0x3100)
        return FOLD_KANA;
    if ((c >= 0xAC00 && c < 0xD7B0) || (c >= 0x1100 && c < 0x1200) || (c >= 0x3130 && c < 0x3190))
        return FOLD_FOREIGN;
    bool letter = p->category >= UTF8PROC_CATEGORY_LU && p->category <= UTF8PROC_CATEGORY_LO;
    if (letter && c >= 0x370 && c < 0x1E00)
        return FOLD_FOREIGN; /* Greek, Cyrillic, Arabic, Thai, … */
    return FOLD_PLAIN;
}

static uint32_t make_entry(uint32_t c)
{
    char in[8] = {0}, out[256];
    size_t n = 0;
    uint32_t tag = (uint32_t)tag_of(c) << 3;
    if (c == 0 || (c >= 0xD800 && c < 0xE000))
        return FOLD_COPY; /* never asked: NUL is ASCII, surrogates are invalid */
    size_t in_len =
        (size_t)utf8proc_encode_char((utf8proc_int32_t)c, (utf8proc_uint8_t *)in);
    utf8proc_int32_t nfd[32];
    utf8proc_ssize_t k = utf8proc_decompose_char(
        (utf8proc_int32_t)c, nfd, 32,
        UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE, NULL);
    if (k > 0 && (utf8proc_get_property(nfd[0])->combining_class || second[nfd[0]]))
        return FOLD_JOIN | tag;
    if (c == 0xB4)
        return FOLD_PUT1 | '\'' << 8; /* typed for an apostrophe; NFKC would make it a blank */
    utf8proc_uint8_t *norm = utf8proc_NFKC_Casefold((const utf8proc_uint8_t *)in);
    if (!norm)
        die("normalisation failed");
    for (const char *s = (const char *)norm; *s; s += utf8proc_utf8class[(unsigned char)*s])
        n += (size_t)utf8proc_encode_char((utf8proc_int32_t)plain(decode(s)),
                                          (utf8proc_uint8_t *)out + n);
    free(norm);
    /* Chinese characters are written out even when they stay: the folding loop then takes the
     * same branch for nearly all of them. */
    bool common = c >= 0x3000 && c < 0xA000;
    if (n == in_len && memcmp(in, out, n) == 0 && !common)
        return FOLD_COPY | tag;
    if (n == 0)
        return FOLD_DROP | tag;
    if (n == 1 && (out[0] == ' '))
        return FOLD_SPACE | tag;
    if (n <= 3 && out[0] != ' ') { /* a leading blank may have to be squeezed: the long way */
        uint32_t e = (uint32_t)(FOLD_PUT1 + n - 1) | tag;
        for (size_t i = 0; i < n; i++)
            e |= (uint32_t)(unsigned char)out[i] << (8 + 8 * i);
        return e;
    }
    if (longs_len + n + 1 > sizeof longs || n > 255)
        die("too many long mappings");
    uint32_t at = (uint32_t)longs_len;
    longs[longs_len++] = (char)n;
    memcpy(longs + longs_len, out, n);
    longs_len += n;
    return FOLD_LONG | tag | at << 8;
}

static void find_seconds(void)
{
    for (uint32_t c = 0; c < LAST; c++) {
        if (c >= 0xAC00 && c < 0xD7B0)
            continue; /* Hangul: its parts are listed below */
        utf8proc_int32_t d[32];
        utf8proc_ssize_t k =
            utf8proc_decompose_char((utf8proc_int32_t)c, d, 32, UTF8PROC_DECOMPOSE, NULL);
        for (utf8proc_ssize_t i = 1; i < k && i < 32; i++)
            second[d[i]] = true;
    }
    for (uint32_t c = 0x1161; c <= 0x1175; c++)
        second[c] = true;
    for (uint32_t c = 0x11A7; c <= 0x11C2; c++)
        second[c] = true;
}

int main(void)
{
    to_simplified = opencc_open("t2s.json");
    to_traditional = opencc_open("s2t.json");
    big5 = iconv_open("BIG5", "UTF-8");
    gb2312 = iconv_open("GB2312", "UTF-8");
    if (to_simplified == (opencc_t)-1 || to_traditional == (opencc_t)-1)
        die("OpenCC's dictionaries are missing (package libopencc-data)");
    if (big5 == (iconv_t)-1 || gb2312 == (iconv_t)-1)
        die("iconv does not know BIG5 or GB2312");
    find_seconds();
    for (uint32_t c = 0; c < LAST; c++)
        entry[c] = make_entry(c);

    printf("/* Generated by tools/gen_fold.c; do not edit. */\n"
           "#include \"analyzer/fold_table.h\"\n\nconst uint32_t fold_pages[][%u] = {\n", PAGE);
    static uint32_t where[LAST / PAGE];
    uint32_t pages = 0;
    for (uint32_t i = 0; i < LAST / PAGE; i++) {
        uint32_t j = 0;
        while (j < i && memcmp(entry + i * PAGE, entry + j * PAGE, PAGE * 4) != 0)
            j++;
        if (j < i) {
            where[i] = where[j];
            continue;
        }
        where[i] = pages++;
        printf("{");
        for (uint32_t k = 0; k < PAGE; k++)
            printf("%u,", entry[i * PAGE + k]);
        printf("},\n");
    }
    printf("};\nconst uint16_t fold_index[] = {\n");
    for (uint32_t i = 0; i < LAST / PAGE; i++)
        printf("%u,%s", where[i], i % 16 == 15 ? "\n" : "");
    printf("};\nconst unsigned char fold_long[] = {\n");
    for (size_t i = 0; i < longs_len; i++)
        printf("%u,%s", (unsigned char)longs[i], i % 32 == 31 ? "\n" : "");
    printf("};\n");
    fprintf(stderr, "gen_fold: %u pages, %zu long bytes\n", pages, longs_len);
    return ferror(stdout) ? 1 : 0;
}
