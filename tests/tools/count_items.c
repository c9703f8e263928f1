/* count_items.c: how many posts stand in a saved answer, and how many of them carry words, a date,
 * an author, a rating — counted without any of the product's code, to compare with what
 * `defuse extract` gives. On purpose another way to look: JSON by jansson, walked for objects that
 * have a channel's known keys; XML and HTML by plain search for tags.
 *   count_items CHANNEL < BODY   →  "items text dates authors stars", or "-" where it cannot tell */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

struct tally {
    int items, text, dates, authors, stars;
};

/* --- JSON --- */

/* needs: alternatives by '|', keys by '&'; "!key" must be empty or false, "key=value" a string equal
 * to it, "!key=value" not. Fields: keys by ' ', with '.' into objects; one of them filled is enough.
 * skip: not looked into. id: an id counts once. */
static const struct row {
    const char *channel, *needs, *skip, *id, *text, *dates, *authors, *stars;
} rows[] = {
    {"feed", "[]items", "", "", "content_html content_text summary", "date_published date_modified",
     "", ""},
    {"rss-bridge", "[]items", "", "", "content_html content_text", "date_modified", "author.name", ""},
    {"hackernews", "by&type&!deleted&!dead|objectID&author|author&created_at_i&children", "", "objectID id",
     "comment_text story_text text", "created_at_i time", "author by", ""},
    {"mastodon", "account&content&uri&!reblog", "quote", "uri", "content", "created_at", "account.acct", ""},
    {"discourse", "cooked&post_number&!hidden&!user_deleted&!deleted_at|blurb&post_number|"
     "fancy_title&posts_count&!post_stream|id&title&url", "details suggested_topics", "id",
     "cooked blurb excerpt", "created_at", "", ""},
    {"github", "body&user&created_at", "", "", "body", "created_at", "user.login", ""},
    {"gitlab", "noteable_id&body&!system|iid&author&description", "", "", "body description",
     "created_at", "author.username", ""},
    {"stackexchange", "question_id&title|answer_id&owner|comment_id&owner", "",
     "comment_id answer_id question_id", "body", "creation_date", "owner.display_name", ""},
    {"askbot", "added_at&title|comment_added_at", "", "", "html summary", "added_at comment_added_at",
     "author.username user_display_name", ""},
    {"wordpress", "content&author_name|text&meta&nest_level", "", "", "content.rendered text", "date_gmt",
     "author_name", ""},
    {"youtube", "textDisplay|textOriginal", "", "", "textOriginal textDisplay", "publishedAt",
     "authorDisplayName", ""},
    {"reddit", "body&author&parent_id&!body=[deleted]&!body=[removed]|selftext&author&title"
     "&!selftext=[deleted]&!selftext=[removed]&!removed_by_category", "crosspost_parent_list", "name",
     "body selftext", "created_utc", "", ""},
    {"bluesky", "record&author&uri&record.text", "", "uri", "record.text", "record.createdAt", "author.did", ""},
    {"x", "text&id&!username|full_text&id_str",
     "includes retweeted_status quoted_status entities errors extended_tweet user",
     "id", "text full_text", "created_at", "author_id user", ""},
    {"facebook", "created_time&message|created_time&story|created_time&recommendation_type", "",
     "id", "message story review_text", "created_time", "from.name", "recommendation_type"},
    {"instagram", "timestamp&text|timestamp&caption", "", "id", "text caption", "timestamp",
     "username from.username", ""},
    {"google-places", "author_name&rating|authorAttribution", "", "", "text text.text",
     "time publishTime", "author_name authorAttribution.displayName", "rating"},
    {"yelp", "text&rating&user|excerpt&rating&user", "", "", "text excerpt", "time_created", "user.name", "rating"},
    {"trustpilot", "stars&text", "", "id", "text", "createdAt", "consumer.name consumer.displayName", "stars"},
    {"yotpo", "score&content&!deleted&!archived", "", "id", "content", "created_at", "user.display_name", "score"},
    {"woocommerce", "review&reviewer&!status=hold&!status=spam&!status=trash", "", "id", "review",
     "date_created date_created_gmt", "reviewer", "rating"},
    {"dcard", "postId&floor&!hidden|title&forumAlias&id&createdAt|title&forum_alias&id|title&excerpt&id",
     "", "id", "content excerpt", "createdAt", "", ""},
};

static const json_t *find(const json_t *o, const char *path, size_t len)
{
    char key[64];
    while (len && json_is_object(o)) {
        size_t n = strcspn(path, ".");
        n = n < len ? n : len;
        snprintf(key, sizeof key, "%.*s", (int)n, path);
        o = json_object_get(o, key);
        path += n, len -= n;
        if (len)
            path++, len--;
    }
    return len ? NULL : o;
}

static int filled(const json_t *v)
{
    if (json_is_string(v)) {
        const char *s = json_string_value(v);
        return s[strspn(s, " \t\r\n")] != '\0';
    }
    if (json_is_array(v) || json_is_object(v))
        return json_array_size(v) + json_object_size(v) > 0;
    return json_is_true(v) || (json_is_number(v) && json_number_value(v) != 0);
}

static int holds(const json_t *o, const char *test, size_t len)
{
    int not = *test == '!';
    test += not, len -= (size_t)not;
    const char *eq = memchr(test, '=', len);
    if (eq) {
        const char *s = json_string_value(find(o, test, (size_t)(eq - test)));
        size_t n = len - (size_t)(eq + 1 - test);
        int same = s && strlen(s) == n && strncmp(s, eq + 1, n) == 0;
        return same != not;
    }
    return not ? !filled(find(o, test, len)) : find(o, test, len) != NULL;
}

static int fits(const json_t *o, const char *needs)
{
    while (*needs) {
        size_t all = strcspn(needs, "|"), at = 0;
        int good = needs[0] != '[';
        while (good && at < all) {
            size_t n = strcspn(needs + at, "&|");
            good = holds(o, needs + at, n);
            at += n + 1;
        }
        if (good)
            return 1;
        needs += all + (needs[all] == '|');
    }
    return 0;
}

static int any(const json_t *o, const char *keys)
{
    while (*keys) {
        size_t n = strcspn(keys, " ");
        const json_t *v = find(o, keys, n);
        if ((json_is_string(v) || json_is_number(v) || json_is_object(v)) && filled(v))
            return 1;
        keys += n + (keys[n] == ' ');
    }
    return 0;
}

/* A date has a year in it; "{{now}}" of a template has none. */
static int any_date(const json_t *o, const char *keys)
{
    for (size_t n; *keys; keys += n + (keys[n] == ' ')) {
        n = strcspn(keys, " ");
        const json_t *v = find(o, keys, n);
        int digits = 0;
        for (const char *s = json_string_value(v); s && *s; s++)
            digits += isdigit((unsigned char)*s) != 0;
        if (json_is_number(v) || digits >= 4)
            return 1;
    }
    return 0;
}

/* The first of these keys with its value, as text. */
static const char *id_of(const json_t *o, const char *keys)
{
    static char text[512];
    for (size_t n; *keys; keys += n + (keys[n] == ' ')) {
        n = strcspn(keys, " ");
        const json_t *v = find(o, keys, n);
        if (json_is_string(v))
            snprintf(text, sizeof text, "%.*s=%s", (int)n, keys, json_string_value(v));
        else if (json_is_integer(v))
            snprintf(text, sizeof text, "%.*s=%lld", (int)n, keys, (long long)json_integer_value(v));
        else
            continue;
        return text;
    }
    return NULL;
}

static int seen_before(const char *id)
{
    static char *ids[4096];
    static int count;
    for (int i = 0; id && i < count; i++)
        if (strcmp(ids[i], id) == 0)
            return 1;
    if (id && count < 4096)
        ids[count++] = strdup(id);
    return 0;
}

static void take(const json_t *o, const struct row *r, struct tally *t)
{
    if (*r->id && seen_before(id_of(o, r->id)))
        return;
    t->items++;
    t->text += any(o, r->text);
    t->dates += any_date(o, r->dates);
    t->authors += any(o, r->authors);
    t->stars += any(o, r->stars);
}

static int listed(const char *word, const char *list)
{
    size_t n = strlen(word);
    for (const char *p = list; (p = strstr(p, word)) != NULL; p++)
        if ((p == list || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
            return 1;
    return 0;
}

static void walk(json_t *v, const struct row *r, struct tally *t)
{
    const char *key;
    json_t *child;
    size_t i;
    if (json_is_object(v) && fits(v, r->needs))
        take(v, r, t);
    json_object_foreach(v, key, child)
        if (!listed(key, r->skip))
            walk(child, r, t);
    json_array_foreach(v, i, child)
        walk(child, r, t);
}

static int count_json(const char *channel, char *body, size_t len, struct tally *t)
{
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        const struct row *r = &rows[k];
        if (strcmp(r->channel, channel) != 0)
            continue;
        json_t *root = json_loadb(body, len, JSON_DISABLE_EOF_CHECK, NULL);
        if (!root)
            return 0;
        json_t *list = json_object_get(root, r->needs + 2), *item;
        size_t i;
        if (r->needs[0] == '[')
            json_array_foreach(list, i, item)
                take(item, r, t);
        else
            walk(root, r, t);
        json_decref(root);
        return 1;
    }
    return 0;
}

/* --- markup --- */

static void blank(char *from, const char *open, const char *close, int inner_too)
{
    char *p = from, *q;
    while ((p = strstr(p, open)) != NULL) {
        q = strstr(p, close);
        char *end = q ? q + strlen(close) : p + strlen(p);
        if (inner_too)
            memset(p, ' ', (size_t)(end - p));
        else /* the words stay, but nothing in them is a tag */
            for (char *c = p; c < end; c++)
                *c = *c == '<' || *c == '>' ? ' ' : *c;
        p = end;
    }
}

static int count_of(const char *text, const char *what)
{
    int n = 0;
    for (const char *p = text; (p = strstr(p, what)) != NULL; p++)
        n++;
    return n;
}

/* Is one of these elements there with something in it? Names by ' ', without prefix. */
static int has_element(const char *from, const char *end, const char *names)
{
    for (const char *p = from; p < end && (p = memchr(p, '<', (size_t)(end - p))) != NULL; p++) {
        const char *name = p + 1;
        size_t n = strcspn(name, " \t\r\n/>");
        const char *close = memchr(p, '>', (size_t)(end - p));
        char word[80];
        if (!close || n == 0 || n >= sizeof word || close[-1] == '/')
            continue;
        snprintf(word, sizeof word, "%.*s", (int)n, name);
        if (!listed(word, names))
            continue;
        const char *inside = close + 1;
        inside += strspn(inside, " \t\r\n");
        if (inside < end && (*inside != '<' || inside[1] != '/'))
            return 1;
    }
    return 0;
}

static int count_feed(char *text, struct tally *t)
{
    blank(text, "<!--", "-->", 1);
    blank(text, "<![CDATA[", "]]>", 0);
    blank(text, "<source>", "</source>", 1);
    blank(text, "<svg", "</svg>", 1);
    for (char *p = text; (p = strchr(p, '<')) != NULL; p++) {
        char name[80], close[84];
        size_t n = strcspn(p + 1, " \t\r\n/>");
        snprintf(name, sizeof name, "%.*s", n < sizeof name ? (int)n : 0, p + 1);
        const char *local = strchr(name, ':') ? strchr(name, ':') + 1 : name;
        if (strcmp(local, "item") != 0 && strcmp(local, "entry") != 0)
            continue;
        snprintf(close, sizeof close, "</%s", name);
        const char *end = strstr(p, close);
        end = end ? end : p + strlen(p);
        t->items++;
        t->dates += has_element(p + 1, end, "pubDate published updated issued created modified dc:date");
        t->authors += has_element(p + 1, end, "dc:creator");
    }
    return 1;
}

static int count_reviews(char *text, struct tally *t)
{
    static const char *const marks[] = {"\"@type\":\"Review\"", "\"@type\":[\"Review\"",
        "\"@type\":\"http://schema.org/Review\"", "\"@type\":\"https://schema.org/Review\"",
        "itemtype=\"http://schema.org/Review\"", "itemtype=\"https://schema.org/Review\"",
        "itemtype=\"http://data-vocabulary.org/Review\"", "typeof=\"Review\"", "typeof=\"schema:Review\""};
    for (char *p = text; (p = strstr(p, "\\u0040")) != NULL;) {
        *p++ = '@';
        memmove(p, p + 5, strlen(p + 5) + 1);
    }
    char *to = text; /* white space between tokens of JSON is none of our business */
    for (const char *p = text; *p; p++)
        if (!isspace((unsigned char)*p) || (p > text && isalnum((unsigned char)p[-1])))
            *to++ = *p;
    *to = '\0';
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        t->items += count_of(text, marks[i]);
    return 1;
}

static const struct {
    const char *channel, *marks[4];
} pages[] = {
    {"ptt", {"id=\"main-content\"", "push-userid", NULL}},
    {"zhihu", {"\"zm-item-answer ", NULL}},
    {"google-places", {"<review>", NULL}},
    {"stackexchange", {"data-questionid=\"", "data-answerid=\"", "comment-copy", NULL}},
    {"askbot", {"js-question\"", "post answer", "data-comment-id=\"", NULL}},
};

static int count_markup(const char *channel, char *text, struct tally *t)
{
    if (strcmp(channel, "feed") == 0 || strncmp(channel, "rss", 3) == 0)
        return count_feed(text, t);
    if (strcmp(channel, "schemaorg") == 0)
        return count_reviews(text, t);
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        if (strcmp(pages[i].channel, channel) == 0) {
            for (int k = 0; pages[i].marks[k]; k++)
                t->items += count_of(text, pages[i].marks[k]);
            t->items -= count_of(text, "data-comment-id=\"0\""); /* a template for new ones */
            return 1;
        }
    return 0;
}

int main(int argc, char **argv)
{
    static char body[16 << 20];
    size_t n = fread(body, 1, sizeof body - 1, stdin), to = 0;
    struct tally t = {0};
    if (argc != 2)
        return 2;
    for (size_t i = 0; i < n; i++) /* UTF-16 and UTF-32: tags are ASCII between zeros */
        if (body[i])
            body[to++] = body[i];
    body[to] = '\0';
    char *start = body + strcspn(body, "{[<");
    int told = *start == '<' ? count_markup(argv[1], start, &t)
                             : count_json(argv[1], start, strlen(start), &t);
    if (told)
        printf("%d %d %d %d %d\n", t.items, t.text, t.dates, t.authors, t.stars);
    else
        puts("-");
    return 0;
}
