#include "cmd/reasons.h"

struct str reason_of(const struct ruleset *rules, struct str rule, enum ui_lang lang)
{
    int number = ruleset_find(rules, rule);
    if (number < 0)
        return STR_NONE;
    struct rule_info info = ruleset_rule(rules, (uint32_t)number);
    struct str own = lang == UI_ZH_HANT   ? info.why_hant
                     : lang == UI_ZH_HANS ? info.why_hans
                                          : info.why;
    return own.len ? own : info.why;
}

struct str reason_line(const struct ruleset *rules, const struct verdict *v, enum ui_lang lang,
                       struct arena *a)
{
    struct str said[2];
    int n = 0;
    for (int i = 0; i < v->finding_count && n < 2; i++) {
        struct str why = reason_of(rules, v->findings[i].rule, lang);
        if (why.len)
            said[n++] = why;
    }
    if (n == 0)
        return STR_NONE;
    const char *between = lang == UI_EN ? "; " : "；";
    return n == 1 ? said[0]
                  : arena_printf(a, "%.*s%s%.*s", STR_FMT(said[0]), between, STR_FMT(said[1]));
}
