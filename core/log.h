/* log.h: structured lines on stderr, logfmt or JSON, one event each:
 *   log_warn("collector", "retry", LOG_STR("source", name), LOG_INT("status", 503));
 * gives  2026-11-21T09:14:00Z warn collector retry source=shop status=503
 * Never pass a post's text or a secret at any level. Thread-safe: a line is one write. */
#ifndef DF_CORE_LOG_H
#define DF_CORE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"
#include "core/str.h"

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR, LOG_LEVEL_OFF };

struct log_field {
    const char *key; /* NULL ends the list */
    enum { LOG_KIND_STR, LOG_KIND_INT } kind;
    struct str s;
    int64_t i;
};

#define LOG_STR(k, v) ((struct log_field){.key = (k), .kind = LOG_KIND_STR, .s = (v)})
#define LOG_Z(k, v) LOG_STR(k, str_of(v))
#define LOG_INT(k, v) ((struct log_field){.key = (k), .kind = LOG_KIND_INT, .i = (v)})
#define LOG_ERR(e) LOG_STR("error", str_of((e)->text))

/* Least level shown; default warn, so that cron mails only problems. */
void log_setup(enum log_level least, bool json);
void log_event(enum log_level level, const char *room, const char *event,
               const struct log_field *fields);

#define LOG_FIELDS(...) ((const struct log_field[]){__VA_ARGS__ __VA_OPT__(,) {.key = NULL}})
#define log_debug(room, event, ...) log_event(LOG_LEVEL_DEBUG, room, event, LOG_FIELDS(__VA_ARGS__))
#define log_info(room, event, ...) log_event(LOG_LEVEL_INFO, room, event, LOG_FIELDS(__VA_ARGS__))
#define log_warn(room, event, ...) log_event(LOG_LEVEL_WARN, room, event, LOG_FIELDS(__VA_ARGS__))
#define log_error(room, event, ...) log_event(LOG_LEVEL_ERROR, room, event, LOG_FIELDS(__VA_ARGS__))

#endif
