#include "storage/store.h"

#include <assert.h>
#include <string.h>

#include "storage/store_fault.h"
#include "storage/store_mem.h"
#include "storage/store_sqlite.h"

static const struct store_ops *const drivers[] = {
    &store_sqlite_ops,
    &store_mem_ops,
    &store_fault_ops,
};

enum df_rc store_open(const char *address, struct store **out, struct err *err)
{
    *out = NULL;
    for (size_t i = 0; i < sizeof drivers / sizeof drivers[0]; i++) {
        size_t n = strlen(drivers[i]->name);
        if (strncmp(address, drivers[i]->name, n) == 0 && address[n] == ':')
            return drivers[i]->open(address + n + 1, out, err);
    }
    return store_sqlite_ops.open(address, out, err);
}

void store_close(struct store **st)
{
    if (!st || !*st)
        return;
    while ((*st)->depth)
        store_rollback(*st);
    (*st)->driver->close(*st);
    *st = NULL;
}

enum df_rc store_begin(struct store *st, struct err *err)
{
    enum df_rc rc = st->driver->begin(st, st->depth, err);
    if (rc == DF_OK)
        st->depth++;
    return rc;
}

enum df_rc store_commit(struct store *st, struct err *err)
{
    assert(st->depth > 0);
    enum df_rc rc = st->driver->commit(st, st->depth - 1, err);
    if (rc == DF_OK)
        st->depth--;
    else
        store_rollback(st);
    return rc;
}

void store_rollback(struct store *st)
{
    assert(st->depth > 0);
    st->driver->rollback(st, --st->depth);
}

enum df_rc store_finish(struct store *st, enum df_rc rc, struct err *err)
{
    if (rc == DF_OK)
        return store_commit(st, err);
    store_rollback(st);
    return rc;
}
