#include "core/msg.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/buf.h"
#include "core/data.h"

struct message {
    char *id, *text[UI_LANGS];
};

static struct {
    struct arena *arena; /* lives as long as the program */
    struct message *items;
    size_t count, cap;
} table;

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct message *)a)->id, ((const struct message *)b)->id);
}

/* "\n" and "\t" are written as such in the table. */
static char *unescape(struct str s)
{
    char *z = arena_strz(table.arena, s), *out = z;
    for (char *p = z; *p; p++) {
        if (*p == '\\' && (p[1] == 'n' || p[1] == 't'))
            *out++ = *++p == 'n' ? '\n' : '\t';
        else
            *out++ = *p;
    }
    *out = '\0';
    return z;
}

static void load_table(struct str rest)
{
    struct str line;
    while (str_split(&rest, '\n', &line)) {
        struct str cell;
        if (line.len == 0 || line.ptr[0] == '#' || !str_split(&line, '\t', &cell))
            continue;
        struct message *m = ARENA_PUSH(table.arena, table.items, table.count, table.cap);
        *m = (struct message){.id = unescape(cell)};
        for (int l = 0; l < UI_LANGS; l++)
            m->text[l] = str_split(&line, '\t', &cell) ? unescape(cell) : m->id;
    }
}

static void load(void)
{
    struct str *paths, text;
    size_t count = 0;
    table.arena = arena_new();
    if (data_list(table.arena, "i18n/", ".tsv", &paths, &count, NULL) != DF_OK)
        return;
    for (size_t i = 0; i < count; i++)
        if (data_read(table.arena, arena_strz(table.arena, paths[i]), &text, NULL) == DF_OK)
            load_table(text);
    if (table.count)
        qsort(table.items, table.count, sizeof *table.items, by_id);
}

const char *msg(enum ui_lang lang, const char *id)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    struct message key = {.id = (char *)id};
    const struct message *m =
        table.count ? bsearch(&key, table.items, table.count, sizeof key, by_id) : NULL;
    return m && lang < UI_LANGS ? m->text[lang] : id;
}

void msg_put(struct buf *b, enum ui_lang lang, const char *id, const struct str *args, int count)
{
    for (const char *p = msg(lang, id); *p; p++) {
        int n = p[0] == '{' && p[1] >= '0' && p[1] <= '9' && p[2] == '}' ? p[1] - '0' : -1;
        if (n >= 0 && n < count) {
            buf_str(b, args[n]);
            p += 2;
        } else {
            buf_putc(b, *p);
        }
    }
}

enum ui_lang ui_lang_of(struct str locale)
{
    if (!str_ieq(str_sub(locale, 0, 2), STR("zh")))
        return str_ieq(str_sub(locale, 0, 3), STR("yue")) ? UI_ZH_HANT : UI_EN;
    struct str rest = str_sub(locale, 3, locale.len);
    static const char *const traditional[] = {"TW", "HK", "MO", "Hant"};
    for (size_t i = 0; i < sizeof traditional / sizeof *traditional; i++) {
        struct str t = str_of(traditional[i]);
        if (str_ieq(str_sub(rest, 0, t.len), t))
            return UI_ZH_HANT;
    }
    return UI_ZH_HANS;
}

enum ui_lang ui_lang_env(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *v = getenv(names[i]);
        if (v && *v)
            return ui_lang_of(str_of(v));
    }
    return UI_EN;
}

const char *ui_lang_tag(enum ui_lang lang)
{
    static const char *const tags[] = {"en", "zh-Hant", "zh-Hans"};
    return lang < UI_LANGS ? tags[lang] : "en";
}
