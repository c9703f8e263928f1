/* jwt.c: the assertion a Google service account signs to get a token. The only user of
 * libcrypto. The key file is the JSON that Google Cloud lets people download. */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>

#include "collector/auth.h"
#include "core/digest.h"
#include "core/file.h"
#include "core/json.h"
#include "core/limits.h"

static void base64url(struct buf *out, struct str s)
{
    struct buf b = BUF_INIT(s.len * 2 + 16);
    digest_base64(&b, s.ptr, s.len);
    for (size_t i = 0; i < b.len && b.ptr[i] != '='; i++)
        buf_putc(out, b.ptr[i] == '+' ? '-' : b.ptr[i] == '/' ? '_' : b.ptr[i]);
    buf_free(&b);
}

static bool sign(struct str pem, struct str text, struct buf *out)
{
    BIO *bio = BIO_new_mem_buf(pem.ptr, (int)pem.len);
    EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) : NULL;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    unsigned char signature[1024];
    size_t len = sizeof signature;
    bool ok = key && ctx && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA &&
              EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
              EVP_DigestSign(ctx, signature, &len, (const unsigned char *)text.ptr, text.len) == 1;
    if (ok)
        base64url(out, str_n((const char *)signature, len));
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(key);
    BIO_free(bio);
    return ok;
}

static void put_claims(struct buf *out, const json_t *key, const struct source *s,
                       struct source_vars *vars, int64_t now)
{
    struct json_out w = {.buf = out};
    const struct auth *a = &s->channel->auth;
    json_open(&w, '{');
    json_pair_str(&w, "iss", json_get_str(key, "client_email"));
    for (size_t i = 0; i < a->jwt_count; i++) {
        struct buf v = BUF_INIT(DF_MAX_URL);
        if (template_expand(&v, a->jwt[i].value, TEMPLATE_RAW, source_lookup, vars, NULL, NULL) ==
            DF_OK) {
            json_key(&w, a->jwt[i].name.ptr);
            json_put_str(&w, buf_view(&v));
        }
        buf_free(&v);
    }
    json_pair_int(&w, "iat", now / 1000);
    json_pair_int(&w, "exp", now / 1000 + 3600);
    json_close(&w, '}');
}

enum df_rc jwt_make(const struct source *s, struct arena *a, int64_t now, struct str *out,
                    struct err *err)
{
    const char *env = s->channel->auth.secrets[0].value.ptr, *path = getenv(env);
    struct source_vars vars = {.source = s, .arena = a, .since = INT64_MIN};
    struct str text;
    json_t *key = NULL;
    struct buf claims = BUF_INIT(DF_KIB(16)), token = BUF_INIT(DF_KIB(32)), sig = BUF_INIT(2048);
    enum df_rc rc = file_read(a, path ? path : "", DF_KIB(64), &text, err);
    if (rc == DF_NONE)
        rc = err_set(err, DF_REJECT, "%s names no file that can be read", env);
    if (rc == DF_OK)
        rc = json_parse(text, path, &key, err);
    if (rc != DF_OK)
        goto out;
    put_claims(&claims, key, s, &vars, now);
    base64url(&token, STR("{\"alg\":\"RS256\",\"typ\":\"JWT\"}"));
    buf_putc(&token, '.');
    base64url(&token, buf_view(&claims));
    if (!sign(json_get_str(key, "private_key"), buf_view(&token), &sig)) {
        rc = err_set(err, DF_REJECT, "the file that %s names holds no RSA key", env);
        goto out;
    }
    buf_putc(&token, '.');
    buf_str(&token, buf_view(&sig));
    *out = arena_str(a, buf_view(&token));
out:
    json_decref(key);
    buf_free(&claims);
    buf_free(&token);
    buf_free(&sig);
    return rc;
}
