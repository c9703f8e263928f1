/* verdict_brief.c: the brief line of a verdict, written in one go: `analyze --brief` prints a
 * million of them. Byte for byte what verdict_put_json writes (tests/unit/test_verdict_brief.c). */
#include "model/verdict.h"

enum { PARTS_MAX = 700 }; /* all but id, lang and ruleset */

static char *put(char *p, const char *z)
{
    size_t n = strlen(z);
    memcpy(p, z, n);
    return p + n;
}

/* −1 … 1 with up to four decimals. */
static char *put_score(char *p, double score)
{
    int v = (int)(score * 10000 + (score < 0 ? -0.5 : 0.5));
    if (v < 0) {
        *p++ = '-';
        v = -v;
    }
    *p++ = (char)('0' + v / 10000);
    v %= 10000;
    if (v) {
        *p++ = '.';
        for (int unit = 1000; v; unit /= 10) {
            *p++ = (char)('0' + v / unit);
            v %= unit;
        }
    }
    return p;
}

void verdict_put_brief(struct buf *b, const struct verdict *v)
{
    char parts[PARTS_MAX], *p = parts;
    const char *comma = "";
    buf_puts(b, "{\"id\":");
    buf_json(b, v->id);
    buf_puts(b, ",\"lang\":");
    buf_json(b, v->lang);
    p = put(p, ",\"sentiment\":\"");
    p = put(p, sentiment_name(v->sentiment));
    p = put(p, "\",\"score\":");
    p = put_score(p, v->score);
    p = put(p, ",\"urgency\":\"");
    p = put(p, urgency_name(v->urgency));
    p = put(p, "\",\"category\":\"");
    p = put(p, category_name(v->category));
    p = put(p, "\",\"ask\":\"");
    p = put(p, ask_name(v->ask));
    p = put(p, "\",\"motive\":\"");
    p = put(p, motive_name(v->motive));
    p = put(p, "\",\"feelings\":[");
    for (int i = 0; i < FEELINGS; i++)
        if (v->feelings >> i & 1) {
            p = put(p, comma);
            *p++ = '"';
            p = put(p, feeling_name((enum feeling)i));
            *p++ = '"';
            comma = ",";
        }
    p = put(p, "],\"needs_reply\":\"");
    p = put(p, v->needs_reply ? "yes" : "no");
    p = put(p, "\",\"ruleset\":");
    buf_add(b, parts, (size_t)(p - parts));
    buf_json(b, v->ruleset);
    buf_putc(b, '}');
}
