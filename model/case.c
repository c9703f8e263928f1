#include "model/case.h"

#include "core/json.h"

#define NAME(e, n) n,
static const char *const states[] = {CASE_STATES(NAME) NULL};
static const char *const outcomes[] = {CASE_OUTCOMES(NAME) NULL};
#undef NAME

static int index_of(const char *const *names, struct str word)
{
    for (int i = 0; names[i]; i++)
        if (str_is(word, names[i]))
            return i;
    return -1;
}

const char *case_state_name(enum case_state v)
{
    return states[v];
}

const char *case_outcome_name(enum case_outcome v)
{
    return outcomes[v];
}

int case_state_of(struct str word)
{
    return index_of(states, word);
}

int case_outcome_of(struct str word)
{
    return index_of(outcomes, word);
}

static void put_str(struct json_out *w, const char *key, struct str value)
{
    json_key(w, key);
    if (value.len)
        json_put_str(w, value);
    else
        json_put_null(w);
}

void case_put_json(struct json_out *w, const struct case_row *c)
{
    json_open(w, '{');
    json_pair_int(w, "id", c->id);
    json_pair_int(w, "post_id", c->post_id);
    json_pair_int(w, "version", c->version);
    put_str(w, "state", str_of(case_state_name(c->state)));
    put_str(w, "outcome", str_of(case_outcome_name(c->outcome)));
    put_str(w, "urgency", str_of(urgency_name(c->urgency)));
    put_str(w, "category", str_of(category_name(c->category)));
    put_str(w, "sentiment", str_of(sentiment_name(c->sentiment)));
    put_str(w, "channel", c->channel);
    put_str(w, "lang", c->lang);
    put_str(w, "reason", c->reason);
    put_str(w, "owner", c->owner);
    json_pair_time(w, "posted", c->posted);
    json_pair_time(w, "seen", c->seen);
    json_pair_time(w, "opened", c->opened);
    json_pair_time(w, "alerted", c->alerted);
    json_pair_time(w, "due", c->due);
    json_pair_time(w, "answer_by", c->answer_by);
    json_pair_bool(w, "seen_late", c->seen_late);
    json_key(w, "answered_late");
    if (c->answered_late < 0)
        json_put_null(w);
    else
        json_put_bool(w, c->answered_late > 0);
    json_pair_time(w, "sent", c->sent);
    json_pair_time(w, "closed", c->closed);
    json_pair_time(w, "snoozed_until", c->wake ? c->wake : DF_NO_TIME);
    json_close(w, '}');
}
