#include "analyzer/regex.h"

#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "core/buf.h"
#include "core/limits.h"

struct regex {
    pcre2_code *code;
};

struct regex_run {
    pcre2_match_context *context;
    pcre2_match_data *match;
    pcre2_jit_stack *stack;
};

enum { GROUPS_KEPT = 2, JIT_STACK_MIN = 32 << 10, JIT_STACK_MAX = 512 << 10 };

/* Word edges at both ends; see the header. */
#define EDGE_LEFT "(?<![a-z](?=[a-z]))(?<![a-z]'(?=[a-z]))(?<![0-9](?=[0-9]))(?:"
#define EDGE_RIGHT ")(?!(?<=[a-z])[a-z])(?!(?<=[0-9])[0-9])"

/* `text` holds the pattern behind `before` bytes of ours. */
static pcre2_code *compile(struct str text, size_t before, size_t len, struct err *err)
{
    int code;
    PCRE2_SIZE at = 0;
    pcre2_code *re = pcre2_compile((PCRE2_SPTR)text.ptr, text.len,
                                   PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C, &code, &at, NULL);
    if (!re) {
        PCRE2_UCHAR words[200];
        pcre2_get_error_message(code, words, sizeof words);
        (void)err_set(err, DF_REJECT, "%s", (const char *)words);
        size_t col = at < before ? 0 : at - before;
        if (err)
            err->col = (int)(col < len ? col : len) + 1;
    }
    return re;
}

enum df_rc regex_check(struct str pattern, struct err *err)
{
    pcre2_code *re = compile(pattern, 0, pattern.len, err);
    pcre2_code_free(re);
    return re ? DF_OK : DF_REJECT;
}

enum df_rc regex_new(struct str pattern, struct regex **out, struct err *err)
{
    struct buf full = BUF_INIT(DF_MAX_PATTERN + 256);
    enum df_rc rc = DF_OK;
    *out = NULL;
    buf_puts(&full, EDGE_LEFT);
    buf_str(&full, pattern);
    buf_puts(&full, EDGE_RIGHT);
    if (full.full) {
        rc = err_set(err, DF_REJECT, "longer than DF_MAX_PATTERN (%d bytes)", DF_MAX_PATTERN);
        goto out;
    }
    pcre2_code *re = compile(buf_view(&full), sizeof EDGE_LEFT - 1, pattern.len, err);
    if (!re) {
        (void)!regex_check(pattern, err); /* speaks of what was written, without our brackets */
        rc = DF_REJECT;
        goto out;
    }
    pcre2_jit_compile(re, PCRE2_JIT_COMPLETE); /* where there is no JIT the interpreter serves */
    *out = malloc(sizeof **out);
    if (!*out)
        abort();
    (*out)->code = re;
out:
    buf_free(&full);
    return rc;
}

void regex_free(struct regex **r)
{
    if (!*r)
        return;
    pcre2_code_free((*r)->code);
    free(*r);
    *r = NULL;
}

struct regex_run *regex_run_new(void)
{
    struct regex_run *run = calloc(1, sizeof *run);
    if (!run)
        abort();
    run->context = pcre2_match_context_create(NULL);
    run->match = pcre2_match_data_create(GROUPS_KEPT, NULL);
    run->stack = pcre2_jit_stack_create(JIT_STACK_MIN, JIT_STACK_MAX, NULL);
    if (!run->context || !run->match)
        abort();
    pcre2_set_match_limit(run->context, DF_MAX_REGEX_STEPS);
    pcre2_set_depth_limit(run->context, DF_MAX_REGEX_DEPTH);
    pcre2_set_heap_limit(run->context, DF_MAX_REGEX_HEAP_KIB);
    if (run->stack)
        pcre2_jit_stack_assign(run->context, NULL, run->stack);
    return run;
}

void regex_run_free(struct regex_run **run)
{
    if (!*run)
        return;
    pcre2_match_data_free((*run)->match);
    pcre2_match_context_free((*run)->context);
    if ((*run)->stack)
        pcre2_jit_stack_free((*run)->stack);
    free(*run);
    *run = NULL;
}

enum df_rc regex_find(const struct regex *r, struct regex_run *run, struct str text, uint32_t from,
                      struct regex_match *out)
{
    while (from <= text.len) {
        int n = pcre2_match(r->code, (PCRE2_SPTR)text.ptr, text.len, from, PCRE2_NO_UTF_CHECK,
                            run->match, run->context);
        if (n == PCRE2_ERROR_NOMATCH)
            return DF_NONE;
        if (n < 0)
            return DF_REJECT;
        const PCRE2_SIZE *v = pcre2_get_ovector_pointer(run->match);
        if (v[1] <= v[0]) { /* an empty match says nothing */
            from = (uint32_t)v[1] + 1;
            while (from < text.len && (text.ptr[from] & 0xC0) == 0x80)
                from++;
            continue;
        }
        bool group = (n == 0 || n > 1) && v[2] != PCRE2_UNSET && v[3] > v[2];
        *out = (struct regex_match){(uint32_t)v[0], (uint32_t)v[1],
                                    (uint32_t)(group ? v[2] : v[0]),
                                    (uint32_t)(group ? v[3] : v[1])};
        return DF_OK;
    }
    return DF_NONE;
}
