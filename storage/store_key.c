#include "storage/store_key.h"

#include "core/digest.h"
#include "core/limits.h"

static int nibble(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool unhex(struct str s, unsigned char out[DIGEST_BYTES])
{
    if (s.len != DIGEST_HEX)
        return false;
    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        int high = nibble(s.ptr[2 * i]), low = nibble(s.ptr[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

enum df_rc store_post_check(const struct post *p, unsigned char digest[DIGEST_BYTES],
                            struct err *err)
{
    const struct {
        struct str s;
        size_t max;
        const char *what;
    } limits[] = {
        {p->text, DF_MAX_POST_TEXT, "text"},     {p->title, DF_MAX_POST_TITLE, "title"},
        {p->id, DF_MAX_POST_ID, "id"},           {p->url, DF_MAX_URL, "url"},
        {p->author_name, DF_MAX_NAME, "author"}, {p->author_id, DF_MAX_POST_ID, "author id"},
    };
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        if (limits[i].s.len > limits[i].max)
            return err_set(err, DF_REJECT, "the %s of this post is longer than %zu bytes",
                           limits[i].what, limits[i].max);
    if (p->channel.len == 0 || p->id.len == 0)
        return err_set(err, DF_REJECT, "a post without %s cannot be kept",
                       p->id.len ? "a channel" : "an id");
    if (p->seen == DF_NO_TIME)
        return err_set(err, DF_REJECT, "a post without a time of arrival cannot be kept");
    if (unhex(p->digest, digest))
        return DF_OK;
    struct arena *a = arena_new();
    unhex(post_digest(a, p), digest);
    arena_free(&a);
    return DF_OK;
}
