-- tx.sql: transactions; inner ones are savepoints. Form of these files: storage/sql_file.h.

-- name: tx_begin()
-- IMMEDIATE takes the right to write at once: a reader never has to turn into a writer half-way,
-- where SQLite would refuse it.
BEGIN IMMEDIATE

-- name: tx_commit()
COMMIT

-- name: tx_rollback()
ROLLBACK

-- name: mark_set()
SAVEPOINT inner_mark

-- name: mark_release()
RELEASE inner_mark

-- name: mark_rollback()
ROLLBACK TO inner_mark
