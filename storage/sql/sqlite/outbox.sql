-- outbox.sql: alerts on their way out. Form of these files: storage/sql_file.h.

-- fragment: outbox_columns
    id, dedup, alert_id, sink, kind, case_id, payload, created_at, state, attempt, next_at,
    lease_until, sent_at, last_code, last_text

-- name: outbox_add(dedup, alert_id, sink, kind, case_id, payload, created_at)
INSERT INTO outbox (dedup, alert_id, sink, kind, case_id, payload, created_at, state, attempt,
    next_at, lease_until)
VALUES (:dedup, :alert_id, :sink, :kind, :case_id, :payload, :created_at, 'waiting', 0,
    :created_at, 0)
ON CONFLICT (dedup) DO NOTHING

-- name: outbox_lease(sink, now, who, until, limit)
-- One atomic statement: two drains at once never hold the same alert.
UPDATE outbox SET lease = :who, lease_until = :until, attempt = attempt + 1
WHERE id IN (SELECT o.id FROM outbox AS o INDEXED BY outbox_due
             WHERE o.sink = :sink AND o.state = 'waiting' AND o.next_at <= :now
                 AND o.lease_until <= :now
             ORDER BY o.next_at, o.id LIMIT :limit)
RETURNING {outbox_columns}

-- name: outbox_settle(id, who, state, next_at, sent_at, code, text)
-- Only the holder of the lease may say how it went.
UPDATE outbox SET state = :state, next_at = :next_at, sent_at = :sent_at, last_code = :code,
    last_text = :text, lease = NULL, lease_until = 0
WHERE id = :id AND lease = :who AND state = 'waiting'

-- name: outbox_hold(sink, now, next_at)
-- The destination asked for quiet: nothing waiting there is tried before.
UPDATE outbox SET next_at = :next_at
WHERE sink = :sink AND state = 'waiting' AND next_at < :next_at AND lease_until <= :now

-- name: outbox_spent(sink, since)
SELECT count(*) FROM outbox WHERE sink = :sink AND state = 'sent' AND sent_at > :since

-- name: outbox_list(state, sink, after, limit)
SELECT {outbox_columns} FROM outbox
WHERE (:state IS NULL OR state = :state) AND (:sink IS NULL OR sink = :sink) AND id > :after
ORDER BY id LIMIT :limit

-- name: outbox_count()
SELECT sink, sum(state = 'waiting'), sum(state = 'sent'), sum(state = 'dead'),
    min(CASE WHEN state = 'waiting' THEN created_at END)
FROM outbox GROUP BY sink ORDER BY sink

-- name: outbox_holders()
SELECT DISTINCT lease FROM outbox WHERE state = 'waiting' AND lease IS NOT NULL

-- name: outbox_release(who)
UPDATE outbox SET lease = NULL, lease_until = 0 WHERE state = 'waiting' AND lease = :who
