#include "core/log.h"

#include <errno.h>
#include <stdatomic.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/clock.h"
#include "core/limits.h"

static _Atomic int least_level = LOG_LEVEL_WARN;
static _Atomic bool as_json;

void log_setup(enum log_level least, bool json)
{
    least_level = (int)least;
    as_json = json;
}

/* logfmt quotes what holds a space, a quote or a control character. */
static void put_value(struct buf *b, struct str s, bool json)
{
    bool plain = s.len > 0 && !json;
    for (size_t i = 0; i < s.len && plain; i++)
        plain = (unsigned char)s.ptr[i] > ' ' && s.ptr[i] != '"' && s.ptr[i] != '=';
    if (plain)
        buf_str(b, s);
    else
        buf_json(b, s);
}

void log_event(enum log_level level, const char *room, const char *event,
               const struct log_field *fields)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    if ((int)level < least_level || level >= LOG_LEVEL_OFF)
        return;
    bool json = as_json;
    struct buf b = BUF_INIT(DF_MAX_LOG_LINE);
    if (json)
        buf_puts(&b, "{\"time\":\"");
    time_put_rfc3339(&b, clock_now(&clock_system));
    if (json)
        buf_printf(&b, "\",\"level\":\"%s\",\"room\":\"%s\",\"event\":\"%s\"", names[level], room,
                   event);
    else
        buf_printf(&b, " %s %s %s", names[level], room, event);
    for (; fields->key; fields++) {
        buf_printf(&b, json ? ",\"%s\":" : " %s=", fields->key);
        if (fields->kind == LOG_KIND_INT)
            buf_i64(&b, fields->i);
        else
            put_value(&b, fields->s, json);
    }
    buf_puts(&b, json ? "}\n" : "\n");
    for (size_t at = 0; at < b.len;) {
        ssize_t n = write(STDERR_FILENO, b.ptr + at, b.len - at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        at += (size_t)n;
    }
    buf_free(&b);
}
