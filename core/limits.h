/* limits.h: every cap on what comes from outside, in one place, each with its reason.
 * Hitting one is DF_REJECT with the limit's name in the message; nothing is cut silently. */
#ifndef DF_CORE_LIMITS_H
#define DF_CORE_LIMITS_H

#define DF_KIB(n) ((size_t)(n) << 10)
#define DF_MIB(n) ((size_t)(n) << 20)

/* --- core --- */
#define DF_MAX_DIAGS 100               /* faults listed in one go: more than a screen helps nobody */
#define DF_MAX_CONFIG DF_MIB(4)        /* a YAML file of settings, rules or a pack */
#define DF_MAX_YAML_DEPTH 32           /* nesting of such a file; ours needs 6 */
#define DF_MAX_LINE DF_MIB(4)          /* one JSON line: a post of 1 MiB, every character escaped, fits */
#define DF_MAX_JSON_DEPTH 64           /* nesting of JSON from outside; deeper is an attack */
#define DF_MAX_LOG_LINE DF_KIB(8)      /* a log line is for a terminal */

/* --- a post --- */
#define DF_MAX_POST_TEXT DF_MIB(1)     /* the longest real reviews are some 50 KB */
#define DF_MAX_POST_TITLE DF_KIB(16)
#define DF_MAX_POST_ID 1024            /* feed guids can be whole URLs */
#define DF_MAX_URL 8192                /* what servers and browsers agree to carry */
#define DF_MAX_NAME 512                /* author's display name */

/* --- storage and casework --- */
#define DF_MAX_CASE_POSTS 10000        /* posts shown of one case; a storm may hold more */
#define DF_MAX_QUEUE_PAGE 500          /* cases in one answer; ask for the next page */

/* --- net --- */
#define DF_MAX_BODY DF_MIB(16)         /* a response after decompression; feeds are < 5 MB */
#define DF_MAX_REDIRECTS 5
#define DF_CONNECT_TIMEOUT_MS 10000
#define DF_TRANSFER_TIMEOUT_MS 60000
#define DF_MIN_SPEED_BYTES 64          /* below this for DF_MIN_SPEED_SECONDS is a dead peer */
#define DF_MIN_SPEED_SECONDS 20

#endif
