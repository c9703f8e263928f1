#include "core/digest.h"

/* libcrypto's own context for SHA-256: unlike EVP it asks for no memory, and post_digest wants one a
 * post. Why not libsodium's: libcrypto uses the processor's SHA instructions, six times as fast. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

_Static_assert(sizeof(SHA256_CTX) <= sizeof(struct sha256), "sha256 state fits");

static void init_once(void)
{
    if (sodium_init() < 0) {
        fputs("defuse: libsodium could not start\n", stderr);
        abort();
    }
}

static void init(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, init_once);
}

void sha256_begin(struct sha256 *h)
{
    SHA256_Init((SHA256_CTX *)h->state);
}

void sha256_add(struct sha256 *h, const void *p, size_t n)
{
    if (n)
        SHA256_Update((SHA256_CTX *)h->state, p, n);
}

void sha256_field(struct sha256 *h, struct str s)
{
    unsigned char len[8];
    for (int i = 0; i < 8; i++)
        len[i] = (unsigned char)((uint64_t)s.len >> (8 * i));
    sha256_add(h, len, sizeof len);
    sha256_add(h, s.ptr, s.len);
}

void sha256_end(struct sha256 *h, unsigned char out[DIGEST_BYTES])
{
    SHA256_Final(out, (SHA256_CTX *)h->state);
}

void digest_sha256(struct str s, unsigned char out[DIGEST_BYTES])
{
    struct sha256 h;
    sha256_begin(&h);
    sha256_add(&h, s.ptr, s.len);
    sha256_end(&h, out);
}

void digest_hex(const unsigned char *p, size_t n, char *out)
{
    static const char hex[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = hex[p[i] >> 4];
        out[2 * i + 1] = hex[p[i] & 15];
    }
    out[2 * n] = '\0';
}

void digest_hmac_sha256(struct str key, struct str msg, unsigned char out[DIGEST_BYTES])
{
    init();
    crypto_auth_hmacsha256_state st;
    crypto_auth_hmacsha256_init(&st, (const unsigned char *)(key.ptr ? key.ptr : ""), key.len);
    if (msg.len)
        crypto_auth_hmacsha256_update(&st, (const unsigned char *)msg.ptr, msg.len);
    crypto_auth_hmacsha256_final(&st, out);
}

void digest_random(void *p, size_t n)
{
    init();
    randombytes_buf(p, n);
}

bool digest_equal(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || sodium_memcmp(a.ptr, b.ptr, a.len) == 0);
}

void digest_base64(struct buf *b, const void *p, size_t n)
{
    size_t size = sodium_base64_ENCODED_LEN(n, sodium_base64_VARIANT_ORIGINAL);
    char *z = malloc(size);
    if (!z)
        abort();
    sodium_bin2base64(z, size, p, n, sodium_base64_VARIANT_ORIGINAL);
    buf_puts(b, z);
    free(z);
}

bool digest_unbase64(struct str s, unsigned char *out, size_t max, size_t *len_out)
{
    const char *end = NULL;
    if (sodium_base642bin(out, max, s.ptr ? s.ptr : "", s.len, NULL, len_out, &end,
                          sodium_base64_VARIANT_ORIGINAL) != 0)
        return false;
    return end == NULL || end == (s.ptr ? s.ptr : "") + s.len || s.len == 0;
}

uint64_t hash64(struct str s)
{
    uint64_t h = 0x9E3779B97F4A7C15u ^ s.len;
    for (size_t i = 0; i < s.len; i++) {
        h ^= (unsigned char)s.ptr[i];
        h *= 0x100000001B3u;
    }
    h ^= h >> 32;
    h *= 0xD6E8FEB86659FD93u;
    return h ^ (h >> 32);
}
