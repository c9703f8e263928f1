#include "collector/auth.h"

#include <stdlib.h>

#include "collector/request.h"
#include "core/clock.h"
#include "core/digest.h"
#include "core/json.h"

struct token {
    uint64_t key; /* of the secrets and the address they are for */
    char *text;
    int64_t until;
};

enum df_rc auth_check(const struct source *s, struct err *err)
{
    const struct auth *a = &s->channel->auth;
    for (size_t i = 0; i < a->secret_count && !a->optional; i++) {
        const char *z = getenv(a->secrets[i].value.ptr);
        if (!z || !*z)
            return err_set(err, DF_REJECT, "the environment variable %.*s is not set%s%.*s",
                           STR_FMT(a->secrets[i].value), a->doc.len ? ": " : "", STR_FMT(a->doc));
    }
    return DF_OK;
}

static uint64_t token_key(const struct source *s)
{
    const struct auth *a = &s->channel->auth;
    uint64_t key = hash64(s->channel->name) ^ hash64(source_param(s, "base"));
    for (size_t i = 0; i < a->secret_count; i++) {
        const char *z = getenv(a->secrets[i].value.ptr);
        key = key * 31 + hash64(str_of(z ? z : ""));
    }
    return key;
}

static struct token *token_of(struct collector *col, const struct source *s)
{
    uint64_t key = token_key(s);
    for (size_t i = 0; i < col->token_count; i++)
        if (col->tokens[i].key == key)
            return &col->tokens[i];
    return NULL;
}

struct str auth_token(struct collector *col, const struct source *s, int64_t now)
{
    struct token *t = token_of(col, s);
    return t && now < t->until ? str_of(t->text) : STR_NONE;
}

bool auth_needs_login(struct collector *col, const struct source *s, int64_t now)
{
    const struct auth *a = &s->channel->auth;
    if (!a->login.url.len || auth_token(col, s, now).len)
        return false;
    for (size_t i = 0; i < a->secret_count && a->optional; i++) {
        const char *z = getenv(a->secrets[i].value.ptr);
        if (!z || !*z)
            return false; /* works without */
    }
    return true;
}

enum df_rc auth_login_request(const struct source *s, struct arena *a, int64_t now,
                              struct net_request *out, struct err *err)
{
    struct source_vars vars = {.source = s, .arena = a, .since = DF_NO_TIME};
    enum df_rc rc = DF_OK;
    if (s->channel->auth.jwt_count)
        rc = jwt_make(s, a, now, &vars.jwt, err);
    if (rc == DF_OK)
        rc = request_build(&s->channel->auth.login, &vars, out, err);
    out->secret = true;
    return rc;
}

/* ".access_token" or ".data.accessJwt": only a path is needed, so no jq is compiled for it. */
static struct str at_path(const json_t *v, struct str path)
{
    struct str part;
    char key[128];
    while (str_split(&path, '.', &part)) {
        if (!part.len)
            continue;
        snprintf(key, sizeof key, "%.*s", STR_FMT(part));
        v = json_object_get(v, key);
    }
    return json_as_str(v);
}

enum df_rc auth_login_done(struct collector *col, const struct source *s,
                           const struct net_response *r, struct arena *a, int64_t now,
                           struct err *err)
{
    const struct auth *auth = &s->channel->auth;
    json_t *root = NULL;
    struct str token = STR_NONE;
    (void)a;
    enum df_rc rc = net_status_rc(r->status);
    if (rc != DF_OK)
        return err_set(err, rc == DF_NONE ? DF_REJECT : rc, "the login was refused: HTTP %d",
                       r->status);
    rc = json_parse(r->body, "answer to the login", &root, err);
    if (rc == DF_OK) {
        token = at_path(root, auth->token);
        if (!token.len)
            rc = err_set(err, DF_REJECT, "the answer to the login holds no token");
    }
    if (rc == DF_OK) {
        struct token *t = token_of(col, s);
        if (!t) {
            t = realloc(col->tokens, (col->token_count + 1) * sizeof *t);
            if (!t)
                abort();
            col->tokens = t;
            t = &col->tokens[col->token_count++];
            *t = (struct token){.key = token_key(s)};
        }
        free(t->text);
        t->text = strndup(token.ptr, token.len);
        if (!t->text)
            abort();
        t->until = now + auth->lifetime_ms;
    }
    json_decref(root);
    return rc;
}

void auth_forget(struct collector *col, const struct source *s)
{
    struct token *t = token_of(col, s);
    if (t)
        t->until = INT64_MIN;
}

void auth_free(struct collector *col)
{
    for (size_t i = 0; i < col->token_count; i++)
        free(col->tokens[i].text);
    free(col->tokens);
}
