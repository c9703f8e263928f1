-- sources.sql: sources, locks, meta. Form of these files: storage/sql_file.h.

-- fragment: source_columns
    name, channel, cursor, etag, last_modified, last_try, last_ok, last_new, last_post,
    last_error, fails, told_at, next_due, backoff_until, posts, first_run_done

-- name: source_get(name)
SELECT {source_columns} FROM sources WHERE name = :name

-- name: source_list()
SELECT {source_columns} FROM sources ORDER BY name

-- name: source_put(name, channel, cursor, etag, last_modified, last_try, last_ok, last_new, last_post, last_error, fails, told_at, next_due, backoff_until, posts, first_run_done)
INSERT INTO sources ({source_columns})
VALUES (:name, :channel, :cursor, :etag, :last_modified, :last_try, :last_ok, :last_new,
    :last_post, :last_error, :fails, :told_at, :next_due, :backoff_until, :posts, :first_run_done)
ON CONFLICT (name) DO UPDATE SET channel = excluded.channel, cursor = excluded.cursor,
    etag = excluded.etag, last_modified = excluded.last_modified, last_try = excluded.last_try,
    last_ok = excluded.last_ok, last_new = excluded.last_new, last_post = excluded.last_post,
    last_error = excluded.last_error, fails = excluded.fails, told_at = excluded.told_at,
    next_due = excluded.next_due, backoff_until = excluded.backoff_until, posts = excluded.posts,
    first_run_done = excluded.first_run_done

-- name: source_delete(name)
DELETE FROM sources WHERE name = :name

-- name: lock_get(name)
SELECT holder, taken_at, expires_at FROM locks WHERE name = :name

-- name: lock_take(name, holder, instead_of, now, until)
-- Free, expired, ours already, or held by the one that the caller has found dead.
INSERT INTO locks (name, holder, taken_at, expires_at) VALUES (:name, :holder, :now, :until)
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, taken_at = excluded.taken_at,
    expires_at = excluded.expires_at
WHERE locks.expires_at <= :now OR locks.holder = :instead_of OR locks.holder = excluded.holder

-- name: lock_drop(name, holder)
DELETE FROM locks WHERE name = :name AND holder = :holder

-- name: meta_get(key)
SELECT value FROM meta WHERE key = :key

-- name: meta_put(key, value)
INSERT INTO meta (key, value) VALUES (:key, :value)
ON CONFLICT (key) DO UPDATE SET value = excluded.value
