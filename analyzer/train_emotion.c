/* train_emotion.c: general emotion words. Labelled posts of one trade never hold all words people
 * are angry or happy in; a list of them (word, tab, strength −3 to 3) lends each word the weight of
 * its kind, on top of what the word itself has shown. Knows no labels. */
#include <stdlib.h>

#include "analyzer/fold.h"
#include "analyzer/train_private.h"

static int by_word(const void *a, const void *b)
{
    return str_cmp(((const struct train_emotion *)a)->word, ((const struct train_emotion *)b)->word);
}

static int by_word_and_strength(const void *a, const void *b)
{
    int order = by_word(a, b);
    return order ? order : abs(((const struct train_emotion *)b)->strength) -
                               abs(((const struct train_emotion *)a)->strength);
}

/* Two spellings of one word (Traditional and Simplified) fold to the same: the stronger stays.
 * Written twice its weight would count twice. */
static void drop_equal(struct train_set *set)
{
    size_t kept = 0;
    for (size_t i = 0; i < set->emotion_count; i++)
        if (kept == 0 || !str_eq(set->emotions[i].word, set->emotions[kept - 1].word))
            set->emotions[kept++] = set->emotions[i];
    set->emotion_count = kept;
}

enum df_rc train_read_emotion(struct train_set *set, struct str text, const char *path,
                              struct diags *diags)
{
    struct str line;
    size_t cap = 0;
    for (int number = 1; str_split(&text, '\n', &line); number++) {
        struct str word;
        long long strength;
        if (line.len == 0 || str_starts(line, STR("# ")))
            continue;
        if (!str_split(&line, '\t', &word) || word.len == 0 || word.len > 200 ||
            !str_i64(str_trim(line), &strength) || strength < -3 || strength > 3) {
            diags_addf(diags, DIAG_ERROR, path, number, 1, "not `word, tab, -3 to 3`");
            continue;
        }
        char folded[200 * 12 + 128];
        size_t n = fold_text(word, folded, &(struct fold_stats){0});
        *ARENA_PUSH(set->arena, set->emotions, set->emotion_count, cap) = (struct train_emotion){
            arena_str(set->arena, (struct str){folded, n}), (int8_t)strength, {0, 0}};
    }
    qsort(set->emotions, set->emotion_count, sizeof *set->emotions, by_word_and_strength);
    drop_equal(set);
    return diags->errors ? DF_REJECT : DF_OK;
}

void train_find_emotion(struct train_set *set)
{
    set->general = arena_array(set->arena, set->phrase_count, sizeof *set->general);
    for (size_t i = 0; i < set->emotion_count; i++)
        set->emotions[i].phrase[0] = set->emotions[i].phrase[1] = UINT32_MAX;
    for (size_t i = 0; set->emotion_count && i < set->phrase_count; i++) {
        struct str word = set->phrases[i].text;
        bool negated = word.len > 1 && word.ptr[0] == '!' && word.ptr[1] != '!';
        struct train_emotion key = {.word = negated ? str_sub(word, 1, word.len) : word};
        struct train_emotion *e = bsearch(&key, set->emotions, set->emotion_count,
                                          sizeof *set->emotions, by_word);
        if (e) {
            e->phrase[negated] = (uint32_t)i;
            set->general[i] = e->strength;
        }
    }
}
