#include "model/alert.h"

#include <math.h>

#include "core/json.h"

#define NAME(e, n) n,
static const char *const kinds[] = {ALERT_KINDS(NAME) NULL};
#undef NAME

const char *alert_kind_name(enum alert_kind kind)
{
    return kinds[kind];
}

int alert_kind_of(struct str word)
{
    for (int i = 0; kinds[i]; i++)
        if (str_is(word, kinds[i]))
            return i;
    return -1;
}

static void put_post(struct json_out *w, const struct alert *al)
{
    json_key(w, "post");
    json_open(w, '{');
    json_pair_str(w, "channel", al->channel);
    json_pair_str(w, "source", al->source);
    json_pair_str(w, "url", al->url);
    json_pair_str(w, "author", al->author);
    json_pair_str(w, "title", al->title);
    json_pair_str(w, "text", al->text);
    json_pair_num(w, "stars", al->stars);
    json_pair_time(w, "created", al->created);
    json_close(w, '}');
}

void alert_put_json(struct buf *b, const struct alert *al)
{
    struct json_out w = {.buf = b};
    json_open(&w, '{');
    json_pair_str(&w, "id", al->id);
    json_pair_str(&w, "kind", str_of(alert_kind_name(al->kind)));
    json_pair_time(&w, "at", al->at);
    json_pair_int(&w, "case", al->case_id);
    json_pair_str(&w, "urgency", str_of(urgency_name(al->urgency)));
    json_pair_str(&w, "category", str_of(category_name(al->category)));
    json_pair_str(&w, "sentiment", str_of(sentiment_name(al->sentiment)));
    json_pair_time(&w, "due", al->due);
    json_pair_bool(&w, "seen_late", al->seen_late);
    json_pair_str(&w, "lang", al->lang);
    json_pair_str(&w, "reason", al->reason);
    json_key(&w, "why");
    json_open(&w, '[');
    for (int i = 0; i < al->why_count; i++)
        json_put_str(&w, al->why[i]);
    json_close(&w, ']');
    put_post(&w, al);
    json_pair_str(&w, "reply", al->reply);
    json_close(&w, '}');
}

static int64_t get_time(const json_t *obj, const char *key)
{
    int64_t ms;
    return time_parse_rfc3339(json_get_str(obj, key), &ms) ? ms : DF_NO_TIME;
}

static struct str get_str(const json_t *obj, const char *key, struct arena *a)
{
    struct str s = json_get_str(obj, key);
    return s.len ? arena_str(a, s) : STR_NONE;
}

static enum df_rc read_words(const json_t *obj, struct alert *out, struct err *err)
{
    int kind = alert_kind_of(json_get_str(obj, "kind")),
        urgency = urgency_of(json_get_str(obj, "urgency")),
        category = category_of(json_get_str(obj, "category")),
        sentiment = sentiment_of(json_get_str(obj, "sentiment"));
    if (kind < 0 || urgency < 0 || category < 0 || sentiment < 0)
        return err_set(err, DF_REJECT, "this alert has an unknown kind, urgency, category or "
                                       "sentiment");
    out->kind = (enum alert_kind)kind;
    out->urgency = (enum urgency)urgency;
    out->category = (enum category)category;
    out->sentiment = (enum sentiment)sentiment;
    return DF_OK;
}

enum df_rc alert_from_json(struct str json, struct arena *a, struct alert *out, struct err *err)
{
    json_t *obj = NULL;
    *out = (struct alert){0};
    enum df_rc rc = json_parse(json, "alert", &obj, err);
    if (rc != DF_OK)
        return rc;
    rc = read_words(obj, out, err);
    const json_t *post = json_object_get(obj, "post"), *why = json_object_get(obj, "why");
    out->id = get_str(obj, "id", a);
    out->at = get_time(obj, "at");
    out->case_id = json_get_int(obj, "case", 0);
    out->due = get_time(obj, "due");
    out->seen_late = json_is_true(json_object_get(obj, "seen_late"));
    out->lang = get_str(obj, "lang", a);
    out->reason = get_str(obj, "reason", a);
    for (size_t i = 0; i < json_array_size(why) && out->why_count < ALERT_MAX_WHY; i++)
        out->why[out->why_count++] = arena_str(a, json_as_str(json_array_get(why, i)));
    out->channel = get_str(post, "channel", a);
    out->source = get_str(post, "source", a);
    out->url = get_str(post, "url", a);
    out->author = get_str(post, "author", a);
    out->title = get_str(post, "title", a);
    out->text = get_str(post, "text", a);
    out->stars = json_get_num(post, "stars", NAN);
    out->created = get_time(post, "created");
    out->reply = get_str(obj, "reply", a);
    json_decref(obj);
    return rc;
}
