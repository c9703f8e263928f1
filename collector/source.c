#include "collector/source.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/digest.h"
#include "core/limits.h"
#include "net/url.h"

/* --- checking --- */

static const struct param *param_named(const struct channel *c, struct str name)
{
    for (size_t i = 0; i < c->param_count; i++)
        if (str_eq(c->params[i].name, name))
            return &c->params[i];
    return NULL;
}

static struct str nearest_param(const struct channel *c, struct str name)
{
    struct str best = STR_NONE;
    size_t found = 3;
    for (size_t i = 0; i < c->param_count; i++) {
        size_t d = str_distance(c->params[i].name, name, 2);
        if (d < found) {
            found = d;
            best = c->params[i].name;
        }
    }
    return best;
}

/* A path is a file beside the settings. */
static struct str as_url(struct arena *a, struct str v, const char *file)
{
    char dir[PATH_MAX], full[PATH_MAX * 2];
    if (v.len == 0 || str_find(v, STR("://")) > 0)
        return v;
    snprintf(dir, sizeof dir, "%s", file ? file : "");
    char *slash = strrchr(dir, '/');
    if (slash)
        *slash = '\0';
    if (v.ptr[0] == '/')
        snprintf(full, sizeof full, "%.*s", STR_FMT(v));
    else
        snprintf(full, sizeof full, "%s/%.*s", slash ? dir : ".", STR_FMT(v));
    char *real = realpath(full, NULL);
    struct str url = arena_printf(a, "file://%s", real ? real : full);
    free(real);
    return url;
}

static bool fits(const struct param *p, struct str *v, const char *file, struct arena *a, char why[160])
{
    long long n;
    struct url u;
    int minutes;
    if (str_is(p->name, "zone")) { /* also read in here, while there is only one thread */
        snprintf(why, 160, "must be a time zone such as Asia/Taipei or +08:00");
        return zone_offset(*v, 0, &minutes);
    }
    switch (p->type) {
    case PARAM_INTEGER:
        snprintf(why, 160, "must be a whole number");
        return str_i64(*v, &n);
    case PARAM_BOOL:
        snprintf(why, 160, "must be true or false");
        return str_is(*v, "true") || str_is(*v, "false");
    case PARAM_URL:
        *v = as_url(a, *v, file);
        snprintf(why, 160, "must be an address such as https://…");
        return url_split(*v, &u);
    case PARAM_CHOICE: {
        int at = snprintf(why, 160, "must be one of");
        for (size_t i = 0; i < p->choice_count; i++) {
            if (str_eq(*v, p->choices[i]))
                return true;
            if (at < 140)
                at += snprintf(why + at, (size_t)(160 - at), "%s %.*s", i ? "," : "",
                               STR_FMT(p->choices[i]));
        }
        return false;
    }
    case PARAM_TEXT: case PARAM_LIST: break;
    }
    return v->len <= DF_MAX_URL;
}

static struct str value_of(const struct param_value *given, size_t count, struct str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(given[i].name, name))
            return given[i].value;
    return STR_NONE;
}

static void fill(const struct channel *c, const struct param_value *given, size_t count,
                 const char *file, bool strict, struct arena *a, struct param_value *values,
                 struct str who, struct diags *diags)
{
    for (size_t i = 0; i < count; i++) {
        if (param_named(c, given[i].name))
            continue;
        struct str near = nearest_param(c, given[i].name);
        diags_addf(diags, DIAG_ERROR, file, 0, 0,
                   "%.*s: channel '%.*s' has no parameter '%.*s'%s%.*s%s", STR_FMT(who),
                   STR_FMT(c->name), STR_FMT(given[i].name), near.len ? "; did you mean '" : "",
                   STR_FMT(near), near.len ? "'?" : "");
    }
    for (size_t i = 0; i < c->param_count; i++) {
        const struct param *p = &c->params[i];
        struct str v = value_of(given, count, p->name);
        char why[160];
        if (!v.len)
            v = p->fallback;
        else
            v = arena_str(a, v);
        if (v.len && !fits(p, &v, file, a, why))
            diags_addf(diags, DIAG_ERROR, file, 0, 0, "%.*s: '%.*s' %s, not '%.*s'", STR_FMT(who),
                       STR_FMT(p->name), why, STR_FMT(str_sub(v, 0, 80)));
        else if (!v.len && p->required && strict)
            diags_addf(diags, DIAG_ERROR, file, 0, 0, "%.*s: channel '%.*s' needs '%.*s': %.*s",
                       STR_FMT(who), STR_FMT(c->name), STR_FMT(p->name), STR_FMT(p->doc));
        values[i] = (struct param_value){p->name, v};
    }
}

static enum df_rc make(const struct channels *cs, struct str name, struct str channel,
                       const struct param_value *given, size_t count, const char *file,
                       bool strict, struct arena *a, struct source *out, struct diags *diags)
{
    int before = diags->errors;
    const struct channel *c = channels_find(cs, channel);
    *out = (struct source){.name = arena_str(a, name), .channel = c};
    if (!c) {
        struct str near = channels_suggest(cs, channel);
        diags_addf(diags, DIAG_ERROR, file, 0, 0, "%.*s%sthere is no channel '%.*s'%s%.*s%s",
                   STR_FMT(name), name.len ? ": " : "", STR_FMT(channel),
                   near.len ? "; did you mean '" : "", STR_FMT(near), near.len ? "'?" : "");
        return DF_REJECT;
    }
    if (strict && !c->request.url.len)
        diags_addf(diags, DIAG_ERROR, file, 0, 0,
                   "%.*s: channel '%.*s' reads saved files only (defuse import, defuse extract)",
                   STR_FMT(name), STR_FMT(c->name));
    struct param_value *values = arena_array(a, c->param_count + 1, sizeof *values);
    fill(c, given, count, file, strict, a, values, name.len ? name : c->name, diags);
    out->params = values;
    return diags->errors > before ? DF_REJECT : DF_OK;
}

enum df_rc source_make(const struct channels *cs, struct str name, struct str channel,
                       const struct param_value *given, size_t count, const char *file,
                       struct arena *a, struct source *out, struct diags *diags)
{
    return make(cs, name, channel, given, count, file, true, a, out, diags);
}

enum df_rc source_for_extract(const struct channels *cs, struct str channel,
                              const struct param_value *given, size_t count, struct arena *a,
                              struct source *out, struct diags *diags)
{
    return make(cs, STR_NONE, channel, given, count, NULL, false, a, out, diags);
}

/* --- templates --- */

struct str source_param(const struct source *s, const char *name)
{
    for (size_t i = 0; i < s->channel->param_count; i++)
        if (str_is(s->params[i].name, name))
            return s->params[i].value;
    return STR_NONE;
}

static struct str since_text(struct source_vars *v, struct str form)
{
    /* the first poll asks for a week: enough to see that the source works */
    int64_t ms = v->since;
    if (ms == DF_NO_TIME)
        return STR_NONE;
    struct buf b = BUF_INIT(64);
    if (str_is(form, "ms"))
        buf_i64(&b, ms);
    else if (str_is(form, "iso"))
        time_put_rfc3339(&b, ms - ms % 1000);
    else if (str_is(form, "date")) {
        struct civil c = civil_from_ms(ms, 0);
        buf_printf(&b, "%04d-%02d-%02d", c.year, c.month, c.day);
    } else {
        buf_i64(&b, ms / 1000);
    }
    struct str s = arena_str(v->arena, buf_view(&b));
    buf_free(&b);
    return s;
}

static struct str secret(const struct auth *a, size_t i)
{
    const char *z = i < a->secret_count ? getenv(a->secrets[i].value.ptr) : NULL;
    return str_of(z ? z : "");
}

/* {basic}: the first two secrets as HTTP Basic wants them. */
static struct str basic_text(struct source_vars *v)
{
    const struct auth *a = &v->source->channel->auth;
    struct str user = secret(a, 0), word = secret(a, 1);
    if (!user.len)
        return STR_NONE;
    struct str both = arena_printf(v->arena, "%.*s:%.*s", STR_FMT(user), STR_FMT(word));
    struct buf b = BUF_INIT(DF_KIB(16));
    digest_base64(&b, both.ptr, both.len);
    struct str out = arena_str(v->arena, buf_view(&b));
    buf_free(&b);
    v->secret_used = true;
    return out;
}

bool source_lookup(void *ctx, struct str name, struct str *value_out)
{
    struct source_vars *v = ctx;
    const struct channel *c = v->source->channel;
    for (size_t i = 0; i < c->param_count; i++)
        if (str_eq(v->source->params[i].name, name)) {
            *value_out = v->source->params[i].value;
            if (c->params[i].type == PARAM_URL) /* "{base}/path" */
                while (value_out->len && str_ends(*value_out, STR("/")) && !str_is(name, "url"))
                    value_out->len--;
            return true;
        }
    for (size_t i = 0; i < c->auth.secret_count; i++)
        if (str_eq(c->auth.secrets[i].name, name)) {
            *value_out = secret(&c->auth, i);
            v->secret_used = v->secret_used || value_out->len > 0;
            return true;
        }
    if (str_is(name, "cursor"))
        *value_out = v->cursor;
    else if (str_is(name, "token") || str_is(name, "jwt")) {
        *value_out = str_is(name, "token") ? v->token : v->jwt;
        v->secret_used = v->secret_used || value_out->len > 0;
    } else if (str_starts(name, STR("since")))
        *value_out = since_text(v, name.len > 6 ? str_sub(name, 6, name.len) : STR("s"));
    else if (str_is(name, "basic"))
        *value_out = basic_text(v);
    else
        return false;
    return true;
}

struct str source_scope(const struct source *s, struct arena *a)
{
    struct source_vars v = {.source = s, .arena = a, .since = DF_NO_TIME};
    struct str rest = s->channel->scope, part;
    struct buf b = BUF_INIT(DF_MAX_URL);
    while (str_split(&rest, ' ', &part)) { /* parts are joined with slashes */
        bool empty = false;
        struct buf one = BUF_INIT(DF_MAX_URL);
        if (template_expand(&one, part, TEMPLATE_RAW, source_lookup, &v, &empty, NULL) == DF_OK &&
            !empty) {
            struct str text = buf_view(&one);
            struct url u;
            if (url_split(text, &u)) /* of an address, the host tells instances apart */
                text = u.host;
            if (b.len && text.len)
                buf_putc(&b, '/');
            buf_str(&b, text);
        }
        buf_free(&one);
    }
    struct str out = arena_str(a, buf_view(&b));
    buf_free(&b);
    return out;
}

struct str source_lang(const struct source *s, struct arena *a)
{
    struct source_vars v = {.source = s, .arena = a, .since = DF_NO_TIME};
    struct buf b = BUF_INIT(64);
    struct str out = STR_NONE;
    if (template_expand(&b, s->channel->lang, TEMPLATE_RAW, source_lookup, &v, NULL, NULL) == DF_OK)
        out = arena_str(a, buf_view(&b));
    buf_free(&b);
    return out;
}
