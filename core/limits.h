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
#define DF_MAX_ALERT_TEXT DF_KIB(16)    /* of a post in an alert; no chat shows more, the case has all */
#define DF_MAX_REPLY DF_KIB(16)         /* bytes of one draft; the longest place takes 10,000 characters */
#define DF_MAX_NOTE 2000               /* bytes of a note or a "because" */
#define DF_MAX_LEDGER_SHOWN 2000       /* steps of one case on a page */
#define DF_MAX_DRAFTS_SHOWN 50         /* saved texts of one case on a page */

/* --- analyzer --- */
#define DF_MAX_PATTERN 1024            /* bytes of one phrase or regular expression in a rule */
#define DF_MAX_PHRASE_UNITS 12         /* words or characters of one phrase; longer ones never recur */
#define DF_MAX_PHRASES 1000000         /* of one rule set; ours has some 40,000 */
#define DF_MAX_RULES 20000
#define DF_MAX_SETS 60000              /* different phrase lists; numbered in 16 bits */
#define DF_MAX_LEXICON DF_MIB(64)      /* one TSV file */
#define DF_MAX_HITS 131072             /* phrases met in one post; a post of 1 MiB holds more noise */
#define DF_MAX_SPANS 16                /* shown for one finding */
#define DF_MAX_INSTANCES 64            /* places of one rule looked at in one post */
#define DF_MAX_REGEX_STEPS 100000      /* PCRE2 match limit: stops catastrophic patterns */
#define DF_MAX_REGEX_DEPTH 2000
#define DF_MAX_REGEX_HEAP_KIB 4096
#define DF_MAX_REGEX_TEXT DF_KIB(64)   /* of a long post, what patterns look at */
/* --- collector --- */
#define DF_MAX_POSTS_PER_POLL 20000    /* 50 pages of 400: more is a loop, not a backlog */
#define DF_MAX_SEEN_IDS 400            /* remembered per source to see that pages overlap */
#define DF_MAX_READERS 16              /* threads that read bodies; the database is one writer */
#define DF_MAX_UNREAD DF_MIB(64)       /* bodies that wait for one; past it no page is asked for */
#define DF_ALERT_FAILS 3               /* failed polls in a row before people are told, once */
#define DF_MAX_OVERALLS 64             /* things with a rating of their own in one answer */

/* --- net --- */
#define DF_MAX_BODY DF_MIB(16)         /* a response after decompression; feeds are < 5 MB */
#define DF_MAX_REDIRECTS 5
#define DF_CONNECT_TIMEOUT_MS 10000
#define DF_TRANSFER_TIMEOUT_MS 60000
#define DF_RENEW_MS 600000             /* believe a name's address: hosts move while we run */
#define DF_MIN_SPEED_BYTES 64          /* below this for DF_MIN_SPEED_SECONDS is a dead peer */
#define DF_MIN_SPEED_SECONDS 20

/* --- dashboard --- */
#define DF_MAX_PAGE DF_MIB(4)          /* one page; a case with a 1 MiB post, marked, fits */
#define DF_MAX_REQUEST_HEADERS DF_KIB(8)
#define DF_MAX_FORM DF_KIB(256)         /* 10,000 Chinese characters, percent-encoded, are 90 KB */
#define DF_MAX_PARAMS 64               /* fields of one form or query; ours have at most eight */
#define DF_MAX_CONNECTIONS 64          /* ten people with six tabs; more waits in the backlog */
#define DF_REQUEST_TIMEOUT_S 30        /* an idle or dripping connection is given up */
#define DF_PAGE_PATIENCE_MS 1500       /* a page that takes longer is given up: others wait behind it */
#define DF_PAGE_ROWS 50                /* cases on one page of the queue */
#define DF_MAX_FILTER 400              /* bytes of the filter line */
#define DF_MAX_ACTOR 64                /* bytes of the name steps are signed with */
#define DF_MAX_DIFF_TOKENS 1500        /* words of a version that are compared; past it both stand */
#define DF_MAX_MARKED_REASONS 9        /* numbers in one post that an eye can follow */

#endif
