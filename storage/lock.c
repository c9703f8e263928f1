#include "storage/lock.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/types.h>
#include <unistd.h>

#include "core/buf.h"

/* First line of a small system file, without its end; "?" when it cannot be read. */
static struct str first_line(struct arena *a, const char *path)
{
    char line[1024] = "?";
    FILE *f = fopen(path, "r");
    if (f && !fgets(line, sizeof line, f))
        line[0] = '?';
    if (f)
        fclose(f);
    return arena_str(a, str_trim(str_of(line)));
}

/* Start of a process in ticks since boot: the 22nd field of its stat, counted behind the name,
 * which may hold anything. "" when there is no such process. */
static struct str start_of(struct arena *a, long long pid)
{
    struct str stat = first_line(a, arena_printf(a, "/proc/%lld/stat", pid).ptr), part = STR_NONE;
    for (ptrdiff_t i; (i = str_chr(stat, ')')) >= 0;)
        stat = str_sub(stat, (size_t)i + 1, stat.len);
    stat = str_trim(stat);
    for (int field = 3; field <= 22; field++)
        if (!str_split(&stat, ' ', &part))
            return STR_NONE;
    return part;
}

struct str lock_self(struct arena *a)
{
    char host[256] = "?";
    if (gethostname(host, sizeof host - 1) != 0)
        host[0] = '?';
    struct str boot = first_line(a, "/proc/sys/kernel/random/boot_id");
    struct str start = start_of(a, getpid());
    return arena_printf(a, "%s %.*s %lld %.*s", host, STR_FMT(boot), (long long)getpid(),
                        STR_FMT(start));
}

bool lock_alive(struct str holder)
{
    struct arena *a = arena_new();
    struct str self = lock_self(a), mine, theirs, start;
    long long pid = 0;
    bool alive = true;
    str_split(&self, ' ', &mine);
    str_split(&holder, ' ', &theirs);
    if (str_eq(mine, theirs)) { /* same host */
        str_split(&self, ' ', &mine);
        str_split(&holder, ' ', &theirs);
        if (!str_eq(mine, theirs)) {
            alive = false; /* it has been rebooted since */
        } else {
            str_split(&holder, ' ', &theirs);
            start = str_i64(theirs, &pid) && pid > 0 ? start_of(a, pid) : STR_NONE;
            if (start.len)
                alive = str_eq(start, holder); /* a recycled number has another start */
            else
                alive = pid > 0 && kill((pid_t)pid, 0) != 0 && errno == EPERM;
        }
    }
    arena_free(&a);
    return alive;
}

static enum df_rc tell_holder(const struct lock_row *l, struct err *err)
{
    struct buf b = BUF_INIT(64);
    struct str rest = l->holder, host, boot, pid = STR_NONE;
    str_split(&rest, ' ', &host);
    str_split(&rest, ' ', &boot);
    str_split(&rest, ' ', &pid);
    time_put_rfc3339(&b, l->taken);
    err_set(err, DF_NONE, "another run is active: process %.*s on %.*s, since %.*s", STR_FMT(pid),
            STR_FMT(host), STR_FMT(buf_view(&b)));
    buf_free(&b);
    return DF_NONE;
}

static enum df_rc try_take(struct store *st, const char *name, struct str self, int64_t now,
                           struct arena *a, struct err *err)
{
    struct lock_row l;
    struct str dead = STR_NONE;
    enum df_rc rc = st->meta->lock_get(st, name, a, &l, err);
    bool held = rc == DF_OK;
    if (rc != DF_OK && rc != DF_NONE)
        return rc;
    if (held && !str_eq(l.holder, self) && !lock_alive(l.holder))
        dead = l.holder;
    rc = st->meta->lock_take(st, name, self, dead, now, now + DF_LOCK_TERM, err);
    return rc == DF_NONE && held ? tell_holder(&l, err) : rc;
}

enum df_rc lock_take(struct store *st, const char *name, struct str self,
                     const struct clock *clock, struct err *err)
{
    struct arena *a = arena_new();
    enum df_rc rc = store_begin(st, err);
    if (rc == DF_OK)
        rc = store_finish(st, try_take(st, name, self, clock_now(clock), a, err), err);
    arena_free(&a);
    return rc;
}

enum df_rc lock_drop(struct store *st, const char *name, struct str self, struct err *err)
{
    enum df_rc rc = store_begin(st, err);
    return rc == DF_OK ? store_finish(st, st->meta->lock_drop(st, name, self, err), err) : rc;
}
