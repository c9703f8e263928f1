#include "dashboard/guard.h"

#include "core/digest.h"

enum { BROWSER_BYTES = 16, NONCE_HEX = 16, TOKEN_LEN = NONCE_HEX + 1 + DIGEST_HEX };

#define BROWSER_COOKIE "defuse_browser"

void guard_allow(struct guard *g, struct str host)
{
    if (g->host_count < GUARD_HOSTS && host.len)
        g->hosts[g->host_count++] = host;
}

bool guard_host(const struct guard *g, const struct request *q)
{
    for (size_t i = 0; i < g->host_count; i++)
        if (str_ieq(g->hosts[i], q->host))
            return true;
    return false;
}

/* Browsers say where a form comes from. One that says nothing is stopped by the token alone. */
bool guard_origin(const struct request *q)
{
    struct str origin = q->origin;

    if (q->fetch_site.len && !str_is(q->fetch_site, "same-origin") && !str_is(q->fetch_site, "none"))
        return false;
    if (origin.len == 0)
        return true;
    if (str_starts(origin, STR("http://")))
        origin = str_sub(origin, 7, origin.len);
    else if (str_starts(origin, STR("https://")))
        origin = str_sub(origin, 8, origin.len);
    else
        return false;
    return str_ieq(origin, q->host);
}

static bool is_hex(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!((s.ptr[i] >= '0' && s.ptr[i] <= '9') || (s.ptr[i] >= 'a' && s.ptr[i] <= 'f')))
            return false;
    return true;
}

static struct str random_hex(struct arena *a, size_t bytes)
{
    unsigned char raw[BROWSER_BYTES];
    char *out = arena_alloc(a, bytes * 2 + 1);

    digest_random(raw, bytes);
    digest_hex(raw, bytes, out);
    return str_of(out);
}

struct str guard_browser(struct request *q, struct response *r)
{
    struct str id = fields_get(&q->cookies, BROWSER_COOKIE);

    if (id.len == BROWSER_BYTES * 2 && is_hex(id))
        return id;
    id = random_hex(q->arena, BROWSER_BYTES);
    response_cookie(q, r, BROWSER_COOKIE, id);
    return id;
}

static void sign(const struct guard *g, struct str browser, struct str nonce, char out[DIGEST_HEX + 1])
{
    char text[BROWSER_BYTES * 2 + 1 + NONCE_HEX];
    unsigned char mac[DIGEST_BYTES];

    memcpy(text, browser.ptr, BROWSER_BYTES * 2);
    text[BROWSER_BYTES * 2] = '.';
    memcpy(text + BROWSER_BYTES * 2 + 1, nonce.ptr, NONCE_HEX);
    digest_hmac_sha256(str_n((const char *)g->key, GUARD_KEY), str_n(text, sizeof text), mac);
    digest_hex(mac, sizeof mac, out);
}

struct str guard_token(const struct guard *g, struct arena *a, struct str browser)
{
    struct str nonce = random_hex(a, NONCE_HEX / 2);
    char mac[DIGEST_HEX + 1];
    char *out = arena_alloc(a, TOKEN_LEN + 1);

    sign(g, browser, nonce, mac);
    memcpy(out, nonce.ptr, NONCE_HEX);
    out[NONCE_HEX] = '.';
    memcpy(out + NONCE_HEX + 1, mac, DIGEST_HEX);
    return str_n(out, TOKEN_LEN);
}

bool guard_token_ok(const struct guard *g, struct str browser, struct str token)
{
    char mac[DIGEST_HEX + 1];

    if (browser.len != BROWSER_BYTES * 2 || token.len != TOKEN_LEN || token.ptr[NONCE_HEX] != '.')
        return false;
    sign(g, browser, str_sub(token, 0, NONCE_HEX), mac);
    return digest_equal(str_n(mac, DIGEST_HEX), str_sub(token, NONCE_HEX + 1, DIGEST_HEX));
}
