/* train_read.c: labelled TSV files into rows. An entry of the recipe says what the columns mean:
 *   {file: a.tsv, sentiment: 1}                         column 1 holds the class
 *   {file: b.tsv, sentiment: 1, unknown: [sentiment.neutral]}   the file has no neutral
 *   {… unknown: {positive: [sentiment.neutral]}}       … and what it has is among its positive
 *   {file: c.tsv, label: 1, map: {complaint: [sentiment.negative], other: [sentiment.neutral,
 *     sentiment.positive]}}                             several classes of one attribute: one of
 * `part` is a column that tells groups of rows apart that were gathered apart,
 * `text` is the column of the text (2), or `key` that of a hash of a text that a file named before
 * holds, `weight` a factor or one for each attribute, `every: 10` lets only every tenth row speak
 * through `map`, `score: no` keeps it out of tables. */
#include "analyzer/fold.h"
#include "analyzer/train_private.h"
#include "core/digest.h"
#include "core/file.h"
#include "core/limits.h"
#include "core/yaml.h"

enum { MAP_MAX = 64, COLUMNS = 16 };

static const char *const file_keys[] = {"file", "text", "label", "map", "unknown", "weight",
                                        "score", "anchor", "own", "part", "key", "every", "sentiment", "urgency",
                                        "category", "ask", "needs_reply", NULL};

struct plan {
    int64_t text, key, label, own, part, attr[TRAIN_HEADS]; /* columns from 1; 0 = none */
    int64_t every; /* that many rows for one that speaks through `map` */
    struct plan_entry {
        struct str label; /* empty: every label */
        uint16_t is[TRAIN_HEADS];
    } map[MAP_MAX], unknown[MAP_MAX];
    int map_count, unknown_count;
};

static void add_class(const struct yaml *y, uint16_t bits[TRAIN_HEADS], struct diags *d)
{
    struct str s;
    if (!yaml_str(y, &s, d))
        return;
    int slot = slot_of_dotted(s);
    int a = slot < 0 ? TRAIN_HEADS : (int)slot_attr_of(slot);
    if (a >= TRAIN_HEADS)
        yaml_fault(y, d, "'%.*s' is not an attribute.class that is learned", STR_FMT(s));
    else
        bits[a] |= (uint16_t)(1u << (slot - slot_attrs[a].first));
}

static void add_classes(const struct yaml *y, uint16_t bits[TRAIN_HEADS], struct diags *d)
{
    if (y->kind == YAML_SCALAR)
        add_class(y, bits, d);
    for (int k = 0; y->kind == YAML_SEQ && k < y->count; k++)
        add_class(y->items[k], bits, d);
}

/* {label: class or [classes]}; without labels one entry for them all. */
static int read_map(struct plan_entry *map, const struct yaml *y, struct diags *d)
{
    if (y->kind != YAML_MAP) {
        add_classes(y, map->is, d);
        return 1;
    }
    int n = 0;
    for (; n < y->count && n < MAP_MAX; n++) {
        map[n].label = y->items[n]->key;
        add_classes(y->items[n], map[n].is, d);
    }
    return n;
}

static void read_weight(const struct yaml *y, struct train_file *f, struct diags *d)
{
    if (y->kind != YAML_MAP) {
        double all = 1;
        (void)yaml_num(y, 0, 1000, &all, d);
        for (int a = 0; a < TRAIN_HEADS; a++)
            f->weight[a] = all;
        return;
    }
    for (int i = 0; i < y->count; i++) {
        int a = slot_find_attr(y->items[i]->key);
        if (a < 0 || a >= TRAIN_LABEL)
            yaml_fault(y->items[i], d, "'%.*s' is not an attribute that is learned",
                       STR_FMT(y->items[i]->key));
        else
            (void)yaml_num(y->items[i], 0, 1000, &f->weight[a], d);
    }
}

static struct plan read_plan(const struct yaml *spec, struct train_file *f, struct diags *d)
{
    struct plan p = {.text = 2, .every = 1};
    const struct yaml *y;
    yaml_check_keys(spec, file_keys, d);
    if ((y = yaml_get(spec, "text")))
        (void)yaml_int(y, 1, COLUMNS, &p.text, d);
    if ((y = yaml_get(spec, "label")))
        (void)yaml_int(y, 1, COLUMNS, &p.label, d);
    if ((y = yaml_get(spec, "weight")))
        read_weight(y, f, d);
    if ((y = yaml_get(spec, "key")))
        f->keyed = yaml_int(y, 1, COLUMNS, &p.key, d);
    if ((y = yaml_get(spec, "every")))
        (void)yaml_int(y, 1, 1000000, &p.every, d);
    if ((y = yaml_get(spec, "score")))
        (void)yaml_bool(y, &f->score, d);
    if ((y = yaml_get(spec, "own")))
        (void)yaml_int(y, 1, COLUMNS, &p.own, d);
    if ((y = yaml_get(spec, "part")))
        (void)yaml_int(y, 1, COLUMNS, &p.part, d);
    if ((y = yaml_get(spec, "anchor")))
        for (int i = 0; i < y->count && i < 2; i++)
            (void)yaml_num(y->items[i], 0, 1, &f->anchor[i], d);
    for (int a = 0; a < TRAIN_LABEL; a++)
        if ((y = yaml_get(spec, slot_attrs[a].name)))
            (void)yaml_int(y, 1, COLUMNS, &p.attr[a], d);
    if ((y = yaml_get(spec, "map")))
        p.map_count = read_map(p.map, y, d);
    if ((y = yaml_get(spec, "unknown")))
        p.unknown_count = read_map(p.unknown, y, d);
    for (int i = 0; i < p.unknown_count; i++)
        f->two = f->two || p.unknown[i].is[ATTR_SENTIMENT] >> SENTIMENT_NEUTRAL & 1;
    return p;
}

static uint64_t text_key(const char *text, size_t len, struct unit *units)
{
    uint64_t key = 14695981039346656037ull;
    size_t n = units_cut(text, len, units, len);
    for (size_t i = 0; i < n; i++)
        if (units[i].kind <= UNIT_NUMBER)
            key = (key ^ units[i].hash) * 1099511628211ull;
    return key ^ key >> 31;
}

/* A label of the recipe's own: its number, new ones are added; −1 when there are too many. */
static int own_label(struct train_set *set, struct str name)
{
    int i = 0;
    while (i < set->label_count && !str_eq(set->labels[i], name))
        i++;
    if (i == TRAIN_CLASSES)
        return -1;
    if (i == set->label_count)
        set->labels[set->label_count++] = arena_str(set->arena, name);
    return i;
}

/* Classes the row may as well have been, though its label says nothing of them. */
static unsigned unknown_of(const struct plan *p, int a, struct str label)
{
    unsigned bits = 0;
    for (int i = 0; i < p->unknown_count; i++)
        if (p->unknown[i].label.len == 0 || str_eq(p->unknown[i].label, label))
            bits |= p->unknown[i].is[a];
    return bits;
}

/* The number of the part this row belongs to: each file's rows with the same word in the column. */
static int part_of(struct train_set *set, uint16_t file, struct str name)
{
    size_t i = 0;
    while (i < set->part_count && (set->part_file[i] != file || !str_eq(set->parts[i], name)))
        i++;
    if (i == TRAIN_PARTS)
        return -1;
    if (i == set->part_count) {
        set->part_file[i] = file;
        set->parts[set->part_count++] = arena_str(set->arena, name);
    }
    return (int)i;
}

static bool row_gold(const struct plan *p, const struct str *cell, int cells, const char *path,
                     int line, struct train_row *row, struct diags *d)
{
    bool any = false;
    for (int a = 0; a < TRAIN_LABEL; a++) {
        uint16_t all = (uint16_t)((1u << slot_attrs[a].count) - 1), is = 0;
        struct str label = STR_NONE;
        if (p->attr[a] && p->attr[a] <= cells) {
            label = cell[p->attr[a] - 1];
            int slot = slot_of(str_of(slot_attrs[a].name), label);
            if (slot < 0) {
                diags_addf(d, DIAG_WARNING, path, line, 1, "no %s '%.*s'", slot_attrs[a].name,
                           STR_FMT(label));
                continue;
            }
            is = (uint16_t)(1u << (slot - slot_attrs[a].first));
        } else if (p->label && p->label <= cells && line % p->every == 0) {
            label = cell[p->label - 1];
            for (int i = 0; i < p->map_count; i++)
                if (str_eq(p->map[i].label, label))
                    is = p->map[i].is[a];
        }
        if (is) {
            row->gold[a] = (struct train_gold){is, (uint16_t)((all & ~unknown_of(p, a, label)) | is)};
            any = true;
        }
    }
    return any;
}

/* A row of labels for a text that is already there. */
static bool add_keyed(struct train_set *set, const struct train_keyed *keyed, struct str hex,
                      struct train_row row)
{
    const struct train_row *r = train_keyed_find(keyed, hex);
    if (!r)
        return false;
    row.key = r->key;
    row.fold = r->fold;
    row.text = r->text;
    row.original = r->original;
    *ARENA_PUSH(set->arena, set->rows, set->row_count, set->row_cap) = row;
    return true;
}

static void add_row(struct train_set *set, const struct plan *p, const struct str *cell, int cells,
                    struct train_row row, char *scratch, struct unit *units)
{
    struct str text = cell[p->text - 1];
    if (p->text > cells || text.len > DF_KIB(64))
        text = str_sub(text, 0, p->text > cells ? 0 : DF_KIB(64));
    train_names_see(set->names, text);
    size_t n = fold_text(text, scratch, &(struct fold_stats){0});
    memset(scratch + n, 0, UNITS_PAD);
    row.key = text_key(scratch, n, units);
    row.fold = (uint8_t)((set->recipe.exact ? hash64(text) : row.key) % TRAIN_FOLDS);
    char *kept = arena_alloc(set->arena, n + UNITS_PAD);
    memcpy(kept, scratch, n);
    row.text = (struct str){kept, n};
    row.original = arena_str(set->arena, text);
    *ARENA_PUSH(set->arena, set->rows, set->row_count, set->row_cap) = row;
}

enum df_rc train_read(struct train_set *set, const struct train_source *src, uint16_t file,
                      struct diags *diags)
{
    struct train_file *f = &set->files[file];
    struct plan p = read_plan(src->spec, f, diags);
    struct err err = {0};
    struct line_reader reader = {.f = fopen(src->path, "rb"), .name = src->path};
    if (!reader.f) {
        diags_addf(diags, DIAG_ERROR, src->path, 0, 0, "cannot be read");
        return DF_REJECT;
    }
    size_t room = fold_bound(DF_KIB(64)) + UNITS_PAD;
    struct arena *scratch = arena_new();
    char *folded = arena_alloc(scratch, room);
    struct unit *units = arena_array(scratch, room, sizeof *units);
    struct train_keyed *keyed = p.key ? train_keyed_new(set, scratch) : NULL;
    size_t unknown = 0;
    int last = (int)(p.key ? p.key : p.text); /* a line has at least so many columns */
    struct str line;
    enum df_rc rc;
    while ((rc = line_read(&reader, &line, &err)) == DF_OK || rc == DF_REJECT) {
        struct str cell[COLUMNS];
        int cells = 0;
        if (rc == DF_REJECT) {
            diags_add(diags, DIAG_WARNING, &err);
            continue;
        }
        if (reader.number == 1 && str_starts(line, STR("# ")))
            continue; /* a heading */
        while (cells < COLUMNS && str_split(&line, '\t', &cell[cells]))
            cells++;
        struct train_row row = {.file = file};
        bool known = cells >= last &&
                     row_gold(&p, cell, cells, src->path, (int)reader.number, &row, diags);
        int own = p.own && p.own <= cells ? own_label(set, cell[p.own - 1]) : -1;
        if (own >= 0)
            row.gold[TRAIN_LABEL] = (struct train_gold){(uint16_t)(1u << own), 0xFFFF};
        int part = part_of(set, file, p.part && p.part <= cells ? cell[p.part - 1] : STR_NONE);
        if (part < 0) {
            diags_addf(diags, DIAG_ERROR, src->path, (int)reader.number, (int)p.part,
                       "more than %d parts in all files", TRAIN_PARTS);
            break;
        }
        row.part = (uint16_t)part;
        if (cells < last || (!known && own < 0))
            continue;
        if (keyed && !add_keyed(set, keyed, cell[p.key - 1], row)) {
            unknown++;
            continue;
        }
        if (!keyed)
            add_row(set, &p, cell, cells, row, folded, units);
        f->rows++;
    }
    if (rc == DF_FATAL)
        diags_add(diags, DIAG_ERROR, &err);
    if (unknown)
        diags_addf(diags, DIAG_WARNING, src->path, 0, 0,
                   "%zu lines are about texts that no file named before holds", unknown);
    arena_free(&scratch);
    fclose(reader.f);
    line_reader_free(&reader);
    return rc == DF_FATAL ? DF_FATAL : DF_OK;
}
