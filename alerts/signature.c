#include "alerts/signature.h"

#include "core/buf.h"
#include "core/digest.h"

enum { MAX_KEY = 64, MIN_KEY = 24, MAX_SIGNATURES = 1024 };

static enum df_rc sign_one(struct str secret, struct str text, struct buf *out, struct err *err)
{
    unsigned char key[MAX_KEY], mac[DIGEST_BYTES];
    size_t len = 0;
    if (!str_starts(secret, STR("whsec_")) ||
        !digest_unbase64(str_sub(secret, 6, secret.len), key, sizeof key, &len) || len < MIN_KEY)
        return err_set(err, DF_REJECT, "the webhook's secret should be whsec_ and 24 to 64 bytes "
                                       "in base64");
    digest_hmac_sha256(str_n((const char *)key, len), text, mac);
    buf_puts(out, out->len ? " v1," : "v1,");
    digest_base64(out, mac, sizeof mac);
    return DF_OK;
}

enum df_rc webhook_sign(struct str secrets, struct str id, struct str timestamp, struct str body,
                        struct arena *a, struct str *out, struct err *err)
{
    struct buf text = BUF_INIT(id.len + timestamp.len + body.len + 8);
    struct buf signatures = BUF_INIT(MAX_SIGNATURES);
    struct str one;
    enum df_rc rc = DF_OK;
    buf_str(&text, id);
    buf_putc(&text, '.');
    buf_str(&text, timestamp);
    buf_putc(&text, '.');
    buf_str(&text, body);
    while (rc == DF_OK && str_split(&secrets, ' ', &one))
        if (one.len)
            rc = sign_one(one, buf_view(&text), &signatures, err);
    if (rc == DF_OK && signatures.full)
        rc = err_set(err, DF_REJECT, "too many secrets for one webhook");
    *out = rc == DF_OK && signatures.len ? arena_str(a, buf_view(&signatures)) : STR_NONE;
    buf_free(&text);
    buf_free(&signatures);
    return rc;
}
