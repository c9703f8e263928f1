/* digest.h: hashes, signatures, random bytes and base64. The only user of libsodium.
 * digest_init is safe to call often and from any thread. */
#ifndef DF_CORE_DIGEST_H
#define DF_CORE_DIGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/str.h"

enum { DIGEST_BYTES = 32, DIGEST_HEX = 64 };

struct sha256 {
    _Alignas(16) unsigned char state[128]; /* libcrypto's state, opaque */
};

void sha256_begin(struct sha256 *h);
void sha256_add(struct sha256 *h, const void *p, size_t n);
/* A field with its length before it, so that ("ab","c") and ("a","bc") differ. */
void sha256_field(struct sha256 *h, struct str s);
void sha256_end(struct sha256 *h, unsigned char out[DIGEST_BYTES]);

void digest_sha256(struct str s, unsigned char out[DIGEST_BYTES]);
void digest_hex(const unsigned char *p, size_t n, char *out); /* 2n + NUL */
void digest_hmac_sha256(struct str key, struct str msg, unsigned char out[DIGEST_BYTES]);
void digest_random(void *p, size_t n);
bool digest_equal(struct str a, struct str b); /* constant time for equal lengths */
void digest_base64(struct buf *b, const void *p, size_t n); /* with padding */
/* Decodes standard base64; false when it is none or larger than max. */
bool digest_unbase64(struct str s, unsigned char *out, size_t max, size_t *len_out);
/* A fast, unkeyed 64-bit hash for tables in memory; never stored, never for security. */
uint64_t hash64(struct str s);

#endif
