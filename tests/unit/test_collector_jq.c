/* Our own jq against libjq: the same programs on the same values. Where ours answers at all, it gives
 * the same values, and fails where libjq fails. */
#include <criterion/criterion.h>

#include "collector/jq_lib.h"
#include "collector/jq_own.h"

static const char *const programs[] = {
    ".",
    ".a",
    ".a?",
    ".a.b",
    ".a.b?",
    ".a?.b?",
    ".[\"a\"]",
    ".[\"a\"]?",
    "(.a)?",
    "[.a?] | length",
    ".[]",
    ".[]?",
    ".[0]",
    ".[-1]",
    ".[1:]",
    ".[:2]",
    ".[1:2]",
    ".a[0]?",
    "..",
    "[..] | length",
    "[.. | objects]",
    "[.. | strings]",
    ".a // 7",
    "(.a, 1) // 2",
    "empty // 3",
    "(.[]? | select(. == 9)) // \"none\"",
    ".a // .b // \"z\"",
    "[.[]?|error]",
    "[(.a?, 1) | error(\"x\")]?",
    "{a:(1,2),b:(3,4)}",
    "{a, b: 1, \"c d\": 2, (\"e\"): 3}",
    "{((\"x\",\"y\")): 1}",
    "{a: .a?, a: 2}",
    "[(1,2) + (10,20)]",
    "[(1,2) == (1,2)]",
    "[(true,false) and (true,false)]",
    "[(true,false) or (true,false)]",
    ". == null",
    ". < 3",
    ". <= \"b\"",
    "[1,2] < [1,3]",
    "{a:1} == {a:1}",
    ". + 1",
    ". + null",
    ". + \"x\"",
    ". + [1]",
    ". + {z: 1}",
    ". - 1",
    "-(1)",
    ". * 2",
    "1 / 2",
    "4 - 1 - 1",
    "8 / 2 / 2",
    "1 + 2 * 3",
    "1 as $x | 2 as $y | [$x, $y, $x + $y]",
    ". as $d | [$d, .]",
    "[(1,2) as $x | (3,4) | [$x, .]]",
    "def f: . ; f",
    "def f(g): g | g; 2 | f(. + 1)",
    "def f($x): $x + $x; f(1,2)",
    "def f($x; $y): [$x, $y]; f(1,2; 3,4)",
    "def f(g; $y): [g, $y]; f(1,2; 3,4)",
    "def fac: if . <= 1 then 1 else . * (. - 1 | fac) end; 5 | fac",
    "def a: 1; def b: a + 1; b",
    "def a: 1; def b: a; def a: 2; b",
    "\"x\\(1)y\\(2,3)z\\(4,5)\"",
    "\"\\(.)\"",
    "\"\\(null) \\(true) \\(\"s\")\"",
    "\"a\\nb\\t\\\"\\\\\\/\"",
    "if . then 1 else 2 end",
    "if (true,false,null) then 1 elif true then 2 else 3 end",
    "if empty then 1 else 2 end",
    "map(1)?",
    "map(.a)?",
    "select(. == 5)",
    "type",
    "length?",
    "not",
    "has(\"a\")?",
    "has(0)?",
    "tostring?",
    "tonumber?",
    "startswith(\"a\")?",
    "endswith(\"b\")?",
    "contains(\"a\")?",
    "ltrimstr(\"a\")",
    "split(\",\")?",
    "[\"a,,b,\", \"\", \",\", \"x\"][] | split(\",\")",
    "[\"a\", null, \"b\", 1, true] | join(\"-\")",
    "[] | join(\",\")",
    "[null] | join(\",\")",
    "flatten?",
    "add?",
    "[1,2] | add",
    "[] | add",
    "[[1],[2]] | add",
    "[\"a\",\"b\"] | add",
    "min?",
    "max?",
    "[3,1,2] | min, max",
    "[{a:1}] | min",
    "to_entries?",
    "\"[1,2]\" | fromjson",
    "\"{\\\"a\\\":1}\" | fromjson.a",
    "first(1,2)",
    "first(empty)",
    "[first(.[]?)]",
    "any?",
    "all?",
    "any(.[]?; . == 1)",
    "all(.[]?; . != null)",
    "[any(1,2; . == 2), all(1,2; . < 2), any(empty; .), all(empty; .)]",
    "any(. == 1)?",
    "first?",
    "last?",
    "values",
    "[.[]? | numbers, strings, nulls, booleans, arrays, objects]",
    "[recurse(.[]?)] | length",
    ".a = 5",
    ".a.b = 1",
    ".a |= 7",
    ".a.b |= \"x\"",
    ".a = (1,2)",
    "unique?",
    "ascii_downcase?",
    "del(.a)?",
    "[range(3)]",
    "[range(1;3)]",
    "[range(0)]",
    "[.[]?] | map(type)",
    "test(\"b\")?",
    "[test(\"o+\")?]",
    "\"foo bar foo\" | test(\"^foo\"), test(\"x\"), test(\"\\\\bbar\\\\b\")",
    "\"foo bar foo\" | sub(\"foo\"; \"x\"), gsub(\"foo\"; \"x\"), gsub(\"o\"; \"00\")",
    "\"foo bar foo\" | sub(\"z\"; \"y\"), gsub(\"foo$\"; \"\")",
    "\"2020-01-02\" | capture(\"(?<y>[0-9]+)-(?<m>[0-9]+)\")",
    "\"xyz\" | capture(\"(?<a>q)\")",
    "\"xy\" | capture(\"(?<a>x)(?<b>q)?\")",
    "\"好的好\" | gsub(\"好\"; \"g\"), test(\"的\"), sub(\"的.\"; \"\")",
    "\"\" | test(\"a\"), test(\"^$\"), gsub(\"a\"; \"b\"), sub(\"x\"; \"y\")",
    "gsub(\"[a1]\"; \"_\")?",
    ".a | gsub(\"<[^>]*>\"; \"\")?",
    "(.a | sub(\"p\"; \"q\"))?",
    "[.a?, .b?] | map(. // \"none\")",
    "[.[]? | .a? // empty]",
    "{a: 1} | .b // \"c\" | . + \"d\"",
    "1, 2 | . + 1",
    "1 as $x | [$x, ($x | . + 1)]",
    "[1,[2,[3,[4]]]] | flatten",
    "[.[]?] | length as $n | $n",
    ".a as $x | .b as $y | {$x, $y}",
    "{\"a b\": 1} | .\"a b\"",
    "{\"a\":{\"b c\":2}} | .a.\"b c\"",
    ".a[\"b\"]?",
    ".. | numbers",
    "(1 | . + 1) as $x | $x",
    "[1,2,3] | .[1:] | length",
    "\"abc\" | .[1:], .[:-1], .[-2:]",
    "null | .[1:]",
    "[.] | .[0]",
    "[[1,2],[3]] | .[][]",
    "[[1,2],[3]] | map(add)",
    "{} | .a.b.c",
    ". as $x | [$x | tostring?]",
    "error?",
    "error(\"x\")?",
    "[1, error(\"x\"), 2]?",
    "(1, error(\"x\"), 2)?",
    "[.[]? as $x | $x | select(. != null)]",
    "1 - 1",
    "[1,2]|.[0] - .[1]",
    ".a == 1 and .b == null",
    "(.a? == 1) or false",
    "if .a? == 1 then \"one\" elif .a? then \"some\" else \"none\" end",
    "[.[]?] | if length > 2 then .[2] else null end",
    "{a: [1,2] | length}",
    "def f: def g: 3; g; f",
    "def f(x): x as $v | def h: $v; h; f(1,2)",
    ".[]?.a?",
    "[.[]? | .a?.b?]",
    "\"\\(\"x\" | ascii_downcase)\\(1 + 2)\"",
    "[.a,.b]?",
    "[1,2,3] | .[-1:], .[5], .[-5], .[1:1]",
    "[[2,1],[1,2]] | unique",
    "[false, null, true, 1, \"a\"] | unique",
    "100000 * 100000 | tostring",
    "0.1 | tostring",
    "[1] | has(0), has(1), has(-1)",
};

static const char *const inputs[] = {
    "null", "5", "\"a,b\"", "[1,2,3]", "{\"a\":1,\"b\":null,\"c\":{\"d\":[1,{\"e\":\"x\"}]}}",
    "[[1,[2]],[\"b\",\"a\",null]]", "{\"a\":{\"b\":\"foo bar\"}}", "true",
    "[{\"a\":1},{\"a\":2,\"b\":false}]", "\"\"", "{\"a\":\"1.5\",\"b\":\"x\",\"c\":[]}",
    "[\"b\",\"a\",\"b\"]", "-0.5", "{\"a\":\"<p>&lt;好 a1b2</p>\"}",
};

static const char library[] =
    "def map(f): [.[] | f]; def select(f): if f then . else empty end;"
    "def recurse(f): def r: ., (f | r); r; def values: select(. != null);"
    "def nulls: select(. == null); def booleans: select(type == \"boolean\");"
    "def numbers: select(type == \"number\"); def strings: select(type == \"string\");"
    "def arrays: select(type == \"array\"); def objects: select(type == \"object\");"
    "def first: .[0]; def last: .[-1]; def any(f): any(.[]; f); def all(f): all(.[]; f);"
    "def any: any(.[]; .); def all: all(.[]; .);";

struct list {
    struct jq_sink sink;
    struct arena *arena;
    struct jval *items;
    size_t count, cap;
};

static enum jq_rc put(struct jq_sink *s, struct jval v)
{
    struct list *l = (struct list *)s;
    *ARENA_PUSH(l->arena, l->items, l->count, l->cap) = v;
    return JQ_DONE;
}

/* True when ours answered. */
static bool compare(struct arena *a, const char *program, const struct jq_node *n, struct jq_lib *lib,
                    const char *input)
{
    struct jval in, theirs;
    cr_assert_eq(jval_parse(a, str_of(input), &in), DF_OK);
    struct list got = {{put}, a, NULL, 0, 0};
    struct jq_run run = {.arena = a};
    enum jq_rc rc = jq_eval(&run, n, NULL, in, &got.sink);
    if (rc == JQ_ODD)
        return false;
    bool ok = jq_lib_run(lib, a, in, &theirs);
    cr_expect_eq(rc == JQ_DONE, ok, "%s on %s: only one of them fails", program, input);
    if (rc == JQ_DONE && ok) {
        struct str x = jq_lib_dump(a, jval_array(a, got.items, got.count)), y = jq_lib_dump(a, theirs);
        cr_expect(str_eq(x, y), "%s on %s\n ours %.*s\n libjq %.*s", program, input, STR_FMT(x), STR_FMT(y));
    }
    return true;
}

Test(jq, ours_is_libjq_s, .timeout = 300)
{
    size_t answered = 0, asked = 0;
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        struct arena *a = arena_new();
        struct jq_reader r = {.arena = a};
        jq_read_defs(&r, str_of(library));
        struct jq_node *n = jq_read(&r, str_of(programs[i]));
        cr_expect(n && jq_known(n), "%s is not read", programs[i]);
        struct jq_lib *lib = jq_lib_new();
        struct str whole = arena_printf(a, "[%s]", programs[i]);
        cr_expect(jq_lib_compile(lib, whole.ptr), "%s is no jq", programs[i]);
        for (size_t k = 0; n && k < sizeof inputs / sizeof *inputs; k++, asked++)
            answered += compare(a, programs[i], n, lib, inputs[k]);
        jq_lib_free(&lib);
        jq_regex_free(r.regexes);
        arena_free(&a);
    }
    cr_expect_gt(answered * 10, asked * 9, "%zu of %zu", answered, asked);
}

Test(jq, what_it_does_not_know_it_says)
{
    static const char *const others[] = {
        "reduce .[] as $x (0; . + $x)", "try error(1) catch .", "label $f | break $f", "nosuch", "$nosuch",
        "@base64", "{a: 1 + 2}", ". as [$a] | $a", ".a += 1", "now", "input", "limit(1; .)", "test(.)",
        "gsub(\"a\"; \"b\"; \"i\")", ".[", "\"", "\"\\(1", "if . then 1 end", "1 == 2 == 3", "5 % 2", "\"\\u00e9\"",
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct arena *a = arena_new();
        struct jq_reader r = {.arena = a};
        struct jq_node *n = jq_read(&r, str_of(others[i]));
        cr_expect_not(n && jq_known(n), "%s", others[i]);
        jq_regex_free(r.regexes);
        arena_free(&a);
    }
}

static const struct {
    const char *in, *out; /* out NULL: not JSON */
} texts[] = {
    {"{\"a\":1,\"b\":2,\"a\":3}", "{\"a\":3,\"b\":2}"},
    {" [ ] ", "[]"}, {"-0", "-0"}, {"1.50e1", "15"}, {"9007199254740993", "\"9007199254740993\""},
    {"9007199254740992", "9007199254740992"}, {"\"\\ud83d\\ude00\"", "\"😀\""},
    {"\"a\\ud83dz\"", "\"a\xEF\xBF\xBDz\""}, {"\"\\u0041\\n\\/\"", "\"A\\n/\""}, {"01", "1"},
    {"", NULL}, {"[1,]", NULL}, {"[1", NULL}, {"{\"a\"}", NULL}, {"{a:1}", NULL}, {"\"a\nb\"", NULL},
    {"tru", NULL}, {"1 2", NULL}, {"\"\\x\"", NULL}, {"\"\\u12\"", NULL}, {"\"abc", NULL}, {"\"\\", NULL}, {"-", NULL},
    {"[1}", NULL}, {"[]]", NULL}, {"1.", NULL},
};

Test(jval, texts)
{
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct jval v;
        enum df_rc rc = jval_parse(a, str_of(texts[i].in), &v);
        cr_expect_eq(rc, texts[i].out ? DF_OK : DF_NONE, "%s", texts[i].in);
        if (rc == DF_OK && texts[i].out)
            cr_expect(str_is(jq_lib_dump(a, v), texts[i].out), "%s gave %.*s", texts[i].in,
                      STR_FMT(jq_lib_dump(a, v)));
    }
    arena_free(&a);
}

Test(jval, depth_and_many_names)
{
    struct arena *a = arena_new();
    struct buf b = BUF_INIT(1 << 20);
    struct jval v;
    for (int depth = DF_JVAL_DEPTH; depth <= DF_JVAL_DEPTH + 1; depth++) {
        buf_reset(&b);
        for (int i = 0; i < depth; i++)
            buf_putc(&b, '[');
        for (int i = 0; i < depth; i++)
            buf_putc(&b, ']');
        cr_expect_eq(jval_parse(a, buf_view(&b), &v), depth == DF_JVAL_DEPTH ? DF_OK : DF_NONE);
    }
    buf_reset(&b);
    for (int i = 0; i < 1000; i++)
        buf_printf(&b, "%c\"k%d\":%d", i ? ',' : '{', i % 900, i);
    buf_putc(&b, '}');
    cr_assert_eq(jval_parse(a, buf_view(&b), &v), DF_OK);
    cr_expect_eq(v.count, 900);
    cr_expect_eq(jval_get(v, STR("k7")).number, 907);
    cr_expect_eq(jval_get(v, STR("k899")).number, 899);
    cr_expect_not(jval_has(v, STR("k900")));
    buf_free(&b);
    arena_free(&a);
}
