#include "tests/lib/store_fixture.h"

const char *const fixture_addresses[] = {"mem:", "sqlite::memory:", "fault:@mem:", NULL};
struct err fixture_err;

struct post fixture_post(const char *id, const char *text)
{
    struct post p = POST_INIT;
    p.channel = STR("test");
    p.source = STR("shop");
    p.id = str_of(id);
    p.text = str_of(text);
    p.author_id = STR("u1");
    p.author_name = STR("Kim");
    p.created = NOON - DF_MINUTE;
    p.seen = NOON;
    return p;
}

struct post_row fixture_put(struct store *st, const struct post *p)
{
    struct post_put put;
    OK(store_begin(st, &fixture_err));
    OK(st->posts->put(st, p, &put, &fixture_err));
    OK(store_commit(st, &fixture_err));
    return (struct post_row){put.id, put.version, *p};
}

struct verdict fixture_verdict(enum urgency urgency)
{
    static const struct finding late = {.rule = {"delivery.late", 13},
                                        .why = {"says it has not arrived", 23},
                                        .weight = 1.5};
    return (struct verdict){
        .lang = STR("en"),
        .sentiment = SENTIMENT_NEGATIVE,
        .score = -0.8,
        .urgency = urgency,
        .category = CATEGORY_DELIVERY,
        .ask = ASK_NONE,
        .motive = MOTIVE_NONE,
        .needs_reply = urgency != URGENCY_P4,
        .findings = &late,
        .finding_count = 1,
        .ruleset = STR("r1"),
    };
}
