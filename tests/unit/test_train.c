/* Learning phrase weights, and what must never stand in a learned lexicon. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "analyzer/train.h"
#include "analyzer/train_private.h"
#include "core/data.h"
#include "core/file.h"

static char folder[64]; /* of one test */

static void begin(void)
{
    snprintf(folder, sizeof folder, "/tmp/defuse-train-XXXXXX");
    cr_assert(mkdtemp(folder));
}

static void end(void)
{
    static const char *const names[] = {"a.tsv", "b.tsv", "loose.tsv", "sure.tsv", "texts.tsv",
                                        "labels.tsv"};
    char path[256];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    cr_expect_eq(rmdir(folder), 0, "a test left a file behind");
}

TestSuite(train, .init = begin, .fini = end);

static const char recipe_text[] =
    "lang: en\n"
    "grams: 2\n"
    "min_support: 2\n"
    "heads:\n"
    "  sentiment: {shrink: 1e-3, phrases: 50, bias: {negative: 0.25}}\n"
    "files:\n"
    "  - {file: a.tsv, sentiment: 1}\n"
    "  - file: b.tsv\n"
    "    label: 1\n"
    "    map: {complaint: sentiment.negative, other: [sentiment.neutral, sentiment.positive]}\n";

static const char *const words[3][4] = {
    {"broken again", "terrible wait", "rude and broken", "terrible again"},
    {"the train leaves", "open on sunday", "the shop is open", "leaves on sunday"},
    {"lovely staff", "great and lovely", "great shop", "lovely sunday"},
};

static void write_file(const char *dir, const char *name, struct buf *b)
{
    char path[256];
    struct err err = {0};
    snprintf(path, sizeof path, "%s/%s", dir, name);
    cr_assert_eq(file_write_atomic(path, buf_view(b), 0600, &err), DF_OK, "%s", err.text);
    buf_free(b);
}

static void write_corpus(const char *dir)
{
    static const char *const names[] = {"negative", "neutral", "positive"};
    struct buf a = BUF_INIT(1 << 16), b = BUF_INIT(1 << 16);
    for (int i = 0; i < 48; i++)
        buf_printf(&a, "%s\t%s, said @someone on day %d via Gustav\n", names[i % 3],
                   words[i % 3][i / 3 % 4], i);
    for (int i = 0; i < 12; i++)
        buf_printf(&b, "%s\tplease mend this, %s\n", i % 2 ? "other" : "complaint",
                   words[i % 2 ? 2 : 0][i / 2 % 4]);
    write_file(dir, "a.tsv", &a);
    write_file(dir, "b.tsv", &b);
}

static struct str train(struct arena *arena, const char *dir)
{
    struct train_set set = {0};
    struct diags diags = {0};
    struct train_model model;
    struct buf out = BUF_INIT(1 << 20);
    cr_assert_eq(train_open(&set, arena, str_of(recipe_text), "recipe.yaml", dir, dir, &diags),
                 DF_OK, "%s", diags.count ? diags.items[0].err.text : "");
    train_fit_head(&set, ATTR_SENTIMENT, NULL, NULL, &model);
    train_write(&set, &model, 1, &out);
    struct str text = arena_str(arena, buf_view(&out));
    buf_free(&out);
    diags_free(&diags);
    return text;
}

/* The weight in this column (1 = first class) of a phrase; NaN when it is not in the lexicon. */
static double weight_of(struct str lexicon, const char *phrase, int column)
{
    struct str line, cell;
    while (str_split(&lexicon, '\n', &line)) {
        if (!str_split(&line, '\t', &cell) || !str_is(cell, phrase))
            continue;
        for (int i = 0; i < column; i++)
            str_split(&line, '\t', &cell);
        double w = 0;
        str_f64(cell, &w);
        return w;
    }
    return __builtin_nan("");
}

Test(train, signs_are_left_out_when_the_recipe_says_so)
{
    static const char text[] = "lang: en\nsigns: no\nmin_support: 1\nheads: {sentiment: {}}\n"
                               "files: [{file: a.tsv, sentiment: 1}]\n";
    struct buf b = BUF_INIT(1 << 12);
    for (int i = 0; i < 12; i++)
        buf_printf(&b, "%s\n", i % 2 ? "negative\tbroken ..." : "positive\tlovely :)");
    write_file(folder, "a.tsv", &b);
    struct arena *arena = arena_new();
    struct train_set set = {0};
    struct diags diags = {0};
    /* the file lies beside the recipe, not in the folder of labelled files */
    cr_assert_eq(train_open(&set, arena, STR(text), "recipe.yaml", folder, "/nowhere", &diags), DF_OK,
                 "%s", diags.count ? diags.items[0].err.text : "");
    struct train_model model;
    struct buf out = BUF_INIT(1 << 16);
    train_fit_head(&set, ATTR_SENTIMENT, NULL, NULL, &model);
    train_write(&set, &model, 1, &out);
    cr_expect_gt(weight_of(buf_view(&out), "broken", 1), 0.1);
    cr_expect(isnan(weight_of(buf_view(&out), "...", 1)));
    cr_expect(isnan(weight_of(buf_view(&out), ":)", 3)));
    buf_free(&out);
    diags_free(&diags);
    arena_free(&arena);
}

Test(train, learns_what_the_labels_say_the_same_every_time)
{
    write_corpus(folder);
    struct arena *arena = arena_new();
    struct str one = train(arena, folder), two = train(arena, folder);
    cr_expect(str_eq(one, two), "two runs give the same bytes");
    cr_expect_gt(weight_of(one, "broken", 1), 0.1);
    cr_expect_gt(weight_of(one, "terrible", 1), 0.1);
    cr_expect_gt(weight_of(one, "lovely", 3), 0.1);
    cr_expect_gt(weight_of(one, "leaves", 2), 0.1);
    cr_expect_lt(weight_of(one, "lovely", 1), 0);
    cr_expect_gt(str_find(one, STR("# bias sentiment.negative 0.25\n")), 0);
    cr_expect_lt(str_find(one, STR("someone")), 0, "no handles");
    cr_expect_lt(str_find(one, STR("gustav")), 0, "no names");
    arena_free(&arena);
}

Test(train, tells_every_fault_of_a_recipe_with_its_place)
{
    static const char bad[] = "lang: xx\ngrams: 9\nheads: {mood: {}}\nfiles: []\nfoo: 1\n";
    struct arena *arena = arena_new();
    struct train_set set = {0};
    struct diags diags = {0};
    cr_assert_eq(train_open(&set, arena, str_of(bad), "bad.yaml", ".", ".", &diags), DF_REJECT);
    cr_expect_geq(diags.errors, 5);
    for (int i = 0; i < diags.count; i++) {
        cr_expect_str_eq(diags.items[i].err.file, "bad.yaml");
        cr_expect_gt(diags.items[i].err.line, 0);
    }
    diags_free(&diags);
    arena_free(&arena);
}

Test(train, equal_emotion_words_are_one)
{
    static const struct {
        const char *word;
        int strength;
    } wanted[] = {{"恶心", -3}, {"欢喜", 2}}; /* in the order of their bytes */
    struct arena *arena = arena_new();
    struct train_set set = {.arena = arena};
    struct diags diags = {0};
    struct str list = STR("噁心\t-2\n恶心\t-3\n歡喜\t2\n惡心\t-1\n欢喜\t2\n");
    cr_assert_eq(train_read_emotion(&set, list, "words.tsv", &diags), DF_OK);
    cr_assert_eq(set.emotion_count, sizeof wanted / sizeof *wanted);
    for (size_t i = 0; i < set.emotion_count; i++) {
        cr_expect(str_is(set.emotions[i].word, wanted[i].word), "%.*s",
                  STR_FMT(set.emotions[i].word));
        cr_expect_eq(set.emotions[i].strength, wanted[i].strength, "the stronger stays");
    }
    diags_free(&diags);
    arena_free(&arena);
}

Test(train, knows_names_by_their_capitals)
{
    struct arena *arena = arena_new();
    struct train_names *n = train_names_new(arena);
    for (int i = 0; i < 3; i++)
        train_names_see(n, STR("I asked Gustav about Service. Service was slow, service is slow"));
    cr_expect(train_names_is(n, STR("gustav")));
    cr_expect_not(train_names_is(n, STR("service")), "a word also written small is no name");
    cr_expect_not(train_names_is(n, STR("slow")));
    cr_expect_not(train_names_is(n, STR("unseen")));
    arena_free(&arena);
}

Test(train, masks_listed_names_and_their_parts)
{
    /* FNV-1a of 某某人 */
    uint64_t h = 0xcbf29ce484222325ull;
    for (const char *p = "某某人"; *p; p++)
        h = (h ^ (unsigned char)*p) * 0x100000001b3ull;
    char list[64];
    snprintf(list, sizeof list, "# comment\n%016llx\n", (unsigned long long)h);
    struct arena *arena = arena_new();
    struct diags diags = {0};
    struct train_names *n = train_names_new(arena);
    cr_assert_eq(train_names_read(n, str_of(list), "names.txt", &diags), DF_OK);
    char text[64 + UNITS_PAD] = "我见某某人了";
    struct unit u[32];
    size_t count = units_cut(text, strlen(text), u, 32);
    train_names_mask(n, text, u, count);
    cr_assert_eq(count, 6);
    for (size_t i = 0; i < count; i++)
        cr_expect_eq(u[i].kind == UNIT_BREAK, i >= 2 && i <= 4, "unit %zu", i);
    cr_expect_eq(train_names_read(n, STR("xyz\n"), "names.txt", &diags), DF_REJECT);
    diags_free(&diags);
    arena_free(&arena);
}

/* --- what a file says of an attribute it was not labelled for --- */

static const struct train_row *row_of(const struct train_set *set, const char *file, size_t number)
{
    for (size_t i = 0; i < set->row_count; i++)
        if (str_is(set->files[set->rows[i].file].name, file) && number-- == 0)
            return &set->rows[i];
    cr_assert_fail("%s has not so many rows", file);
    return NULL;
}

static struct train_set open_set(struct arena *arena, const char *dir, const char *recipe,
                                 struct diags *diags)
{
    struct train_set set = {0};
    cr_expect_eq(train_open(&set, arena, str_of(recipe), "recipe.yaml", dir, dir, diags), DF_OK);
    return set;
}

Test(train, every_nth_row_speaks_through_a_map_and_weighs_as_told)
{
    write_corpus(folder);
    struct arena *arena = arena_new();
    struct diags diags = {0};
    struct train_set set = open_set(arena, folder,
        "lang: en\nheads: {sentiment: {}, category: {}}\nfiles:\n"
        "  - file: a.tsv\n    sentiment: 1\n    label: 1\n    every: 4\n"
        "    weight: {category: 0.25}\n"
        "    map: {negative: [category.delivery, category.service], positive: category.praise}\n",
        &diags);
    cr_assert_eq(diags.errors, 0);
    cr_expect_eq(set.files[0].weight[ATTR_SENTIMENT], 1);
    cr_expect_eq(set.files[0].weight[ATTR_CATEGORY], 0.25);
    size_t spoke = 0;
    for (size_t i = 0; i < set.row_count; i++) {
        struct train_gold g = set.rows[i].gold[ATTR_CATEGORY];
        cr_expect(set.rows[i].gold[ATTR_SENTIMENT].may, "every row has its own label");
        cr_expect(!g.may || (i + 1) % 4 == 0);
        cr_expect(!g.may || g.is == 1u << CATEGORY_PRAISE ||
                  g.is == (1u << CATEGORY_DELIVERY | 1u << CATEGORY_SERVICE));
        spoke += g.may != 0;
    }
    cr_expect_eq(spoke, 8, "neutral rows say nothing");
    diags_free(&diags);
    arena_free(&arena);
}

Test(train, one_of_several_classes_is_told_apart_by_those_who_know)
{
    struct buf loose = BUF_INIT(1 << 16), sure = BUF_INIT(1 << 16);
    for (int i = 0; i < 40; i++)
        buf_printf(&loose, "%s\t%s %c\n", i % 2 ? "bad" : "good",
                   i % 2 ? i % 4 == 1 ? "parcel tardy" : "waiter growled" : "lovely evening",
                   'a' + i % 26);
    for (int i = 0; i < 12; i++)
        buf_printf(&sure, "%s\t%s %c\n", i % 2 ? "delivery" : "service",
                   i % 2 ? "parcel" : "waiter", 'a' + i);
    write_file(folder, "loose.tsv", &loose);
    write_file(folder, "sure.tsv", &sure);
    struct arena *arena = arena_new();
    struct diags diags = {0};
    struct train_set set = open_set(arena, folder,
        "lang: en\nmin_support: 2\nheads: {category: {shrink: 1e-3, phrases: 50}}\nfiles:\n"
        "  - file: loose.tsv\n    label: 1\n"
        "    map: {bad: [category.delivery, category.service], good: category.praise}\n"
        "  - {file: sure.tsv, category: 1}\n", &diags);
    cr_assert_eq(diags.errors, 0);
    struct train_model model;
    struct buf out = BUF_INIT(1 << 20);
    train_fit_head(&set, ATTR_CATEGORY, NULL, NULL, &model);
    train_write(&set, &model, 1, &out);
    struct str lexicon = buf_view(&out);
    /* only the loose file holds these words: its rows learn from the sure ones */
    const int delivery = 1 + CATEGORY_DELIVERY, service = 1 + CATEGORY_SERVICE;
    cr_expect_gt(weight_of(lexicon, "tardy", delivery), weight_of(lexicon, "tardy", service));
    cr_expect_gt(weight_of(lexicon, "growled", service), weight_of(lexicon, "growled", delivery));
    cr_expect_gt(weight_of(lexicon, "lovely", 1 + CATEGORY_PRAISE), 0);
    buf_free(&out);
    diags_free(&diags);
    arena_free(&arena);
}

Test(train, labels_kept_by_hash_find_their_texts)
{
    struct buf texts = BUF_INIT(1 << 16), labels = BUF_INIT(1 << 16);
    buf_puts(&texts, "negative\tthe parcel never came\npositive\tlovely staff\n");
    /* FNV-1a of "the parcel never came"; a text that is nowhere; no hash at all */
    uint64_t h = 0xcbf29ce484222325ull;
    for (const char *p = "the parcel never came"; *p; p++)
        h = (h ^ (unsigned char)*p) * 0x100000001b3ull;
    buf_printf(&labels, "%016llx\tdelivery\n0123456789abcdef\tprice\nxyz\tprice\n",
               (unsigned long long)h);
    write_file(folder, "texts.tsv", &texts);
    write_file(folder, "labels.tsv", &labels);
    struct arena *arena = arena_new();
    struct diags diags = {0};
    struct train_set set = open_set(arena, folder,
        "lang: en\nmin_support: 1\nheads: {sentiment: {}, category: {}}\nfiles:\n"
        "  - {file: texts.tsv, sentiment: 1}\n"
        "  - {file: labels.tsv, key: 1, category: 2}\n", &diags);
    cr_assert_eq(diags.errors, 0);
    cr_expect_eq(diags.count, 1, "one warning for the two lines that found nothing");
    cr_assert_eq(set.row_count, 3);
    const struct train_row *text = row_of(&set, "texts.tsv", 0);
    const struct train_row *label = row_of(&set, "labels.tsv", 0);
    cr_expect(str_eq(text->original, label->original));
    cr_expect_eq(text->key, label->key);
    cr_expect_eq(text->fold, label->fold, "never scored on a text it was learned from");
    cr_expect_eq(label->gold[ATTR_CATEGORY].is, 1u << CATEGORY_DELIVERY);
    cr_assert_gt(set.phrase_count, 0);
    for (size_t i = 0; i < set.phrase_count; i++)
        cr_expect_leq(set.phrases[i].support, 1, "a text is counted once");
    diags_free(&diags);
    arena_free(&arena);
}

/* --- the shipped lexicons --- */

static bool digits(struct str s)
{
    int run = 0;
    for (size_t i = 0; i < s.len; i++) {
        run = s.ptr[i] >= '0' && s.ptr[i] <= '9' ? run + 1 : 0;
        if (run > 1)
            return true;
    }
    return false;
}

/* A general emotion word is nobody's, however rare. */
static bool is_general(struct str emotions, struct str phrase)
{
    char line[160];
    int n = snprintf(line, sizeof line, "\n%.*s\t", STR_FMT(phrase));
    return str_find(emotions, (struct str){line, (size_t)n}) >= 0;
}

static void look(struct arena *arena, const char *path, const char *general,
                 struct train_names *names, size_t least)
{
    struct str text, line, emotions;
    struct err err = {0};
    cr_assert_eq(file_read(arena, general, 1 << 20, &emotions, &err), DF_OK, "%s", err.text);
    size_t phrases = 0;
    cr_assert_eq(data_read(arena, path, &text, &err), DF_OK, "%s", err.text);
    while (str_split(&text, '\n', &line)) {
        struct str phrase, cell = STR_NONE, rest = line;
        long long support = 0;
        if (line.len == 0 || line.ptr[0] == '#' || str_starts(line, STR("phrase\t")))
            continue;
        str_split(&rest, '\t', &phrase);
        for (struct str next; str_split(&rest, '\t', &next); cell = next)
            str_i64(cell, &support); /* the last but one */
        phrases++;
        cr_expect_lt(str_chr(phrase, '@'), 0, "%s: %.*s", path, STR_FMT(phrase));
        cr_expect_not(digits(phrase), "%s: %.*s", path, STR_FMT(phrase));
        char padded[512 + UNITS_PAD] = {0};
        struct unit u[512];
        cr_assert_lt(phrase.len, 100, "%s: %.*s", path, STR_FMT(phrase));
        memcpy(padded, phrase.ptr, phrase.len);
        size_t n = units_cut(padded, phrase.len, u, 512), breaks = 0;
        train_names_mask(names, padded, u, n);
        for (size_t i = 0; i < n; i++)
            breaks += u[i].kind == UNIT_BREAK;
        cr_expect_eq(breaks, 0, "%s: %.*s holds a name", path, STR_FMT(phrase));
        cr_expect(n <= 3 || support == 0 || support >= 8 || phrase.ptr[0] == '!' ||
                      is_general(emotions, phrase),
                  "%s: %.*s is long and rare", path, STR_FMT(phrase));
    }
    cr_expect_geq(phrases, least, "%s: %zu phrases", path, phrases);
}

Test(train, shipped_lexicons_hold_nothing_that_points_to_someone)
{
    struct arena *arena = arena_new();
    struct diags diags = {0};
    struct err err = {0};
    struct str list;
    struct train_names *names = train_names_new(arena);
    cr_assert_eq(file_read(arena, "learn/names.txt", 1 << 20, &list, &err), DF_OK, "%s", err.text);
    cr_assert_eq(train_names_read(names, list, "learn/names.txt", &diags), DF_OK);
    look(arena, "rules/core/lexicon/en.tsv", "learn/emotion-en.tsv", names, 5000);
    look(arena, "rules/core/lexicon/zh.tsv", "learn/emotion-zh.tsv", names, 5000);
    look(arena, "rules/safety/lexicon/danger-en.tsv", "learn/emotion-en.tsv", names, 1000);
    look(arena, "rules/safety/lexicon/danger-zh.tsv", "learn/emotion-zh.tsv", names, 1000);
    arena_free(&arena);
}
