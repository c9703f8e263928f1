#include "analyzer/units.h"

#include "analyzer/simd.h"

enum byte_class { SPACE, BREAK, LETTER, DIGIT, SIGN, LEAD2, LEAD3, LEAD4 };

#define X4(c) c, c, c, c
#define X8(c) X4(c), X4(c)
#define X16(c) X8(c), X8(c)
static const unsigned char classes[256] = {
    X8(SPACE), SPACE, SPACE, BREAK, X4(SPACE), SPACE, X16(SPACE),        /* 00-1F */
    SPACE, X8(SIGN), X4(SIGN), SIGN, SIGN, SIGN,                         /* 20-2F */
    X8(DIGIT), DIGIT, DIGIT, X4(SIGN), SIGN, SIGN,                       /* 30-3F */
    SIGN, X16(LETTER), X8(LETTER), LETTER, LETTER, X4(SIGN), SIGN,       /* 40-5F */
    SIGN, X16(LETTER), X8(LETTER), LETTER, LETTER, X4(SIGN), SIGN,       /* 60-7F */
    X16(SIGN), X16(SIGN), X16(SIGN), X16(SIGN),                          /* stray continuation */
    X16(LEAD2), X16(LEAD2),
    X16(LEAD3),
    X16(LEAD4),
};

#define KEY 0x9E3779B97F4A7C15ull

uint64_t unit_hash(const char *p, size_t len)
{
    uint64_t h = len * KEY;
    for (; len > 8; p += 8, len -= 8) {
        uint64_t v;
        memcpy(&v, p, 8);
        h = (h ^ v) * KEY;
        h ^= h >> 29;
    }
    uint64_t v = 0;
    memcpy(&v, p, len);
    h = (h ^ v) * KEY;
    return h ^ h >> 32;
}

/* The same, reading past the end: the text has UNITS_PAD bytes behind it. */
static inline uint64_t hash_padded(const char *p, size_t len)
{
    uint64_t h = len * KEY;
    for (; len > 8; p += 8, len -= 8) {
        uint64_t v;
        memcpy(&v, p, 8);
        h = (h ^ v) * KEY;
        h ^= h >> 29;
    }
    uint64_t v;
    memcpy(&v, p, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    v &= ~0ull << (64 - 8 * len);
#else
    v &= ~0ull >> (64 - 8 * len);
#endif
    h = (h ^ v) * KEY;
    return h ^ h >> 32;
}

size_t unit_squeeze(const char *p, size_t len, int keep, char *out)
{
    size_t n = 0;
    for (size_t i = 0; i < len;) {
        size_t run = 1;
        while (i + run < len && p[i + run] == p[i] && (p[i] & 0x80) == 0)
            run++;
        for (size_t k = 0; k < (run >= 3 ? (size_t)keep : run); k++)
            out[n++] = p[i];
        i += run;
    }
    return n;
}

uint64_t unit_hash_short(const char *p, size_t len)
{
    char tmp[UNIT_MAX_BYTES];
    return unit_hash(tmp, unit_squeeze(p, len, 1, tmp));
}

static inline bool has_run(const char *p, size_t len)
{
    for (size_t i = 2; i < len; i++)
        if (p[i] == p[i - 1] && p[i] == p[i - 2] && (p[i] & 0x80) == 0)
            return true;
    return false;
}

static inline unsigned class_at(const char *p)
{
    return classes[(unsigned char)*p];
}

/* A letter of a script that writes words: its length in bytes, else 0. Latin with accents, Greek,
 * Cyrillic, Arabic, Indic, Thai …; General Punctuation and symbols (E2) are signs. */
static inline size_t wide_letter(const char *p)
{
    unsigned char a = (unsigned char)p[0], b = (unsigned char)p[1];
    if (a >= 0xC3 && a < 0xE0)
        return (a == 0xC3 && (b == 0x97 || b == 0xB7)) ? 0 : 2;
    return a == 0xE0 || a == 0xE1 ? 3 : 0;
}

static size_t word_end(const char *text, size_t i, size_t len)
{
    size_t start = i;
    while (i < len && i - start < UNIT_MAX_BYTES - 3) {
        unsigned c = class_at(text + i);
        if (c == LETTER) {
            i++;
        } else if (c >= LEAD2) {
            size_t k = wide_letter(text + i);
            if (!k)
                break;
            i += k;
        } else if (text[i] == '\'' && i > start && class_at(text + i + 1) == LETTER &&
                   i + 1 < len) {
            i++;
        } else {
            break;
        }
    }
    return i < len ? i : len;
}

static size_t number_end(const char *text, size_t i, size_t len)
{
    while (i < len) {
        unsigned c = class_at(text + i);
        if (c == DIGIT || ((text[i] == '.' || text[i] == ',') && i + 1 < len &&
                           class_at(text + i + 1) == DIGIT))
            i++;
        else
            break;
    }
    return i;
}

static size_t url_end(const char *text, size_t i, size_t len)
{
    if (len - i > UINT16_MAX)
        len = i + UINT16_MAX;
    while (i < len && (unsigned char)text[i] > ' ' && (text[i] & 0x80) == 0 && text[i] != '"' &&
           text[i] != '<' && text[i] != '>')
        i++;
    return i;
}

/* "https://…", "http://…", "www.…" at i (a word starts there). */
static inline bool is_url(const char *text, size_t i, size_t len)
{
    if (text[i] == 'h')
        return len - i > 7 && memcmp(text + i, "http", 4) == 0 &&
               (memcmp(text + i + 4, "://", 3) == 0 || memcmp(text + i + 4, "s://", 4) == 0);
    return text[i] == 'w' && len - i > 5 && memcmp(text + i, "www.", 4) == 0;
}

/* After '@': letters, digits, _ and -, or up to 20 Chinese characters that a blank, colon or the
 * end closes (without such an end the sign stands alone). 0 when there is no handle. */
static size_t handle_end(const char *text, size_t i, size_t len)
{
    size_t j = i;
    int wide = 0;
    if (len - i > UINT16_MAX - 1)
        len = i + UINT16_MAX - 1;
    while (j < len) {
        unsigned c = class_at(text + j);
        if (c == LETTER || c == DIGIT || text[j] == '_' || text[j] == '-') {
            j++;
        } else if (c >= LEAD2 && wide < 20 && (unsigned char)text[j] != 0xE2 &&
                   !(text[j] == '\xE3' && text[j + 1] == '\x80')) {
            size_t k = c == LEAD2 ? 2 : c == LEAD3 ? 3 : 4;
            if (j + k > len)
                break;
            wide++;
            j += k;
        } else {
            break;
        }
    }
    if (j == i || (wide && j < len && class_at(text + j) > BREAK && text[j] != ':'))
        return 0;
    return j;
}

static inline struct unit make(const char *text, size_t start, size_t end, enum unit_kind kind)
{
    return (struct unit){.hash = hash_padded(text + start, end - start),
                         .start = (uint32_t)start,
                         .len = (uint16_t)(end - start),
                         .kind = (uint8_t)kind};
}

/* A URL or handle: what it says does not count. */
static struct unit name(enum unit_kind kind, uint64_t hash, size_t start, size_t end)
{
    return (struct unit){.hash = hash, .start = (uint32_t)start, .len = (uint16_t)(end - start),
                         .kind = (uint8_t)kind};
}

static struct unit cut_word(const char *text, size_t i, size_t end)
{
    struct unit u = make(text, i, end, UNIT_WORD);
    if (has_run(text + i, end - i)) {
        char tmp[UNIT_MAX_BYTES];
        u.hash = unit_hash(tmp, unit_squeeze(text + i, end - i, 2, tmp));
        u.flags = UNIT_LONG;
    }
    return u;
}

/* The common cases, which are nearly all of a text, without a branch too many. A character of
 * E4–E9 is one unit; a word of small letters that ends within one block, without a letter three
 * times in a row, is one too. They write what make() and cut_word() would. */
static inline struct unit quick(uint64_t bytes, size_t len, size_t start, enum unit_kind kind)
{
    uint64_t h = (len * KEY ^ bytes) * KEY;
    return (struct unit){.hash = h ^ h >> 32, .start = (uint32_t)start,
                         .len = (uint16_t)len, .kind = (uint8_t)kind};
}

static inline size_t quick_chars(const char *text, size_t i, size_t len, struct unit *out,
                                 size_t *n, size_t max)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    size_t k = *n;
    while (i < len && k < max && (unsigned char)(text[i] - 0xE4) <= 5) {
        out[k++] = quick(swar_load(text + i) & 0xFFFFFF, 3, i, UNIT_CHAR);
        i += 3;
    }
    *n = k;
#else
    (void)text, (void)len, (void)out, (void)n, (void)max;
#endif
    return i;
}

/* Length of the word at i when it is a quick one of up to 8 letters, else 0. */
static inline size_t quick_word(const char *text, size_t i, size_t left)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ && SIMD_WIDTH >= 16
    simd_mask other = ~simd_range(simd_load(text + i), 'a', 'z');
#if SIMD_WIDTH == 16 && SIMD_STEP == 1
    other &= 0xFFFF;
#elif SIMD_STEP == 4
    other &= 0x8888888888888888ull;
#endif
    size_t len = other ? simd_first(other) : SIMD_WIDTH;
    if (len > 8 || len > left)
        return 0;
    char next = text[i + len];
    if (next == '\'' || (next & 0x80))
        return 0;
    uint64_t v = swar_load(text + i), differ = (v ^ v >> 8) | (v >> 8 ^ v >> 16);
    if (len >= 3 && swar_ascii_is(differ, 0) & (~0ull >> (64 - 8 * (len - 2))))
        return 0;
    return len;
#else
    (void)text, (void)i, (void)left;
    return 0;
#endif
}

static enum unit_kind kind_of3(const char *p)
{
    unsigned char a = (unsigned char)p[0], b = (unsigned char)p[1];
    if (a >= 0xE4 && a <= 0xED)
        return UNIT_CHAR;
    if (a == 0xE3)
        return b >= 0x81 ? UNIT_CHAR : UNIT_SIGN;
    if (a == 0xE2 && b >= 0x98 && b <= 0x9E)
        return UNIT_EMOJI; /* miscellaneous symbols and dingbats */
    return a == 0xEF && b >= 0xA4 && b < 0xAC ? UNIT_CHAR : UNIT_SIGN;
}

size_t units_cut(const char *text, size_t len, struct unit *out, size_t max)
{
    size_t n = 0, i = 0, end;
    while (i < len && n < max) {
        if ((unsigned char)(text[i] - 'a') < 26 && !is_url(text, i, len)) {
            size_t word = quick_word(text, i, len - i);
            if (word) {
                uint64_t letters = swar_load(text + i) & ~0ull >> (64 - 8 * word);
                out[n++] = quick(letters, word, i, UNIT_WORD);
                i += word;
                i += i < len && text[i] == ' ';
                continue;
            }
        }
        if ((unsigned char)(text[i] - 0xE4) <= 5) {
            i = quick_chars(text, i, len, out, &n, max);
            continue;
        }
        switch ((enum byte_class)class_at(text + i)) {
        case SPACE:
            i++;
            continue;
        case BREAK:
            end = i + 1;
            out[n++] = make(text, i, end, UNIT_BREAK);
            break;
        case DIGIT:
            end = number_end(text, i, len);
            if (end - i > UNIT_MAX_BYTES)
                end = i + UNIT_MAX_BYTES;
            out[n++] = make(text, i, end, UNIT_NUMBER);
            break;
        case LETTER:
            if (is_url(text, i, len)) {
                end = url_end(text, i, len);
                out[n++] = name(UNIT_URL, UNIT_HASH_URL, i, end);
            } else {
                end = word_end(text, i, len);
                out[n++] = cut_word(text, i, end);
            }
            break;
        case SIGN:
            end = text[i] == '@' ? handle_end(text, i + 1, len) : 0;
            if (end) {
                out[n++] = name(UNIT_HANDLE, UNIT_HASH_HANDLE, i, end);
            } else {
                end = i + 1;
                out[n++] = make(text, i, end, UNIT_SIGN);
            }
            break;
        case LEAD3:
            if (!wide_letter(text + i)) {
                end = i + 3;
                out[n++] = make(text, i, end, kind_of3(text + i));
                break;
            }
            end = word_end(text, i, len);
            out[n++] = cut_word(text, i, end);
            break;
        case LEAD2:
            end = wide_letter(text + i) ? word_end(text, i, len) : i + 2;
            out[n++] = wide_letter(text + i) ? cut_word(text, i, end) : make(text, i, end, UNIT_SIGN);
            break;
        case LEAD4:
        default:
            end = i + 4;
            out[n++] = make(text, i, end, (unsigned char)text[i + 1] == 0x9F ? UNIT_EMOJI
                                                                             : UNIT_CHAR);
            break;
        }
        i = end;
    }
    return n;
}
