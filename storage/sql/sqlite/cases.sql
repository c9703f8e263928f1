-- cases.sql: cases and their queue, ledger, drafts. Form of these files: storage/sql_file.h.

-- fragment: case_columns
    c.id, c.post_id, c.version, c.state, c.outcome, c.urgency, c.category, c.sentiment, c.channel,
    c.author_id, c.lang, c.reason, c.owner, c.rev, c.posted_at, c.seen_at, c.opened_at, c.alerted_at, c.due_at,
    c.answer_by, c.seen_late, c.answered_late, c.sent_at, c.closed_at, c.wake_at

-- fragment: queue_filter
    (:state IS NULL OR c.state = :state) AND (:urgency IS NULL OR c.urgency <= :urgency)
    AND (:channel IS NULL OR c.channel = :channel) AND (:lang IS NULL OR c.lang = :lang)
    AND (:asleep = 1 OR c.wake_at <= :now)
    AND (:text IS NULL OR EXISTS (SELECT 1 FROM posts AS p WHERE p.id = c.post_id
        AND (p.body LIKE :text ESCAPE '\' OR p.title LIKE :text ESCAPE '\'
             OR p.author LIKE :text ESCAPE '\')))

-- name: case_insert(post_id, version, state, outcome, urgency, category, sentiment, channel, author_id, lang, reason, posted_at, seen_at, opened_at, due_at, answer_by, seen_late)
INSERT INTO cases (kind, post_id, version, state, outcome, urgency, category, sentiment, channel,
    author_id, lang, reason, rev, posted_at, seen_at, opened_at, due_at, answer_by, seen_late, wake_at)
VALUES ('post', :post_id, :version, :state, :outcome, :urgency, :category, :sentiment, :channel,
    :author_id, :lang, :reason, 1, :posted_at, :seen_at, :opened_at, :due_at, :answer_by, :seen_late, 0)

-- name: case_link(post_id, case_id, at)
INSERT INTO case_posts (post_id, case_id, at) VALUES (:post_id, :case_id, :at)

-- name: case_of_post(post_id)
SELECT case_id FROM case_posts WHERE post_id = :post_id

-- name: case_post_ids(case_id, limit)
SELECT post_id FROM case_posts WHERE case_id = :case_id ORDER BY post_id LIMIT :limit

-- name: case_get(id)
SELECT {case_columns} FROM cases AS c WHERE c.id = :id

-- name: case_update(id, rev, version, state, outcome, urgency, category, sentiment, lang, reason, owner, due_at, answer_by, answered_late, sent_at, closed_at, wake_at)
-- Compare and set: takes effect only on the view (rev) the change was decided on.
UPDATE cases SET rev = rev + 1, version = :version, state = :state, outcome = :outcome,
    urgency = :urgency, category = :category, sentiment = :sentiment, lang = :lang,
    reason = :reason, owner = :owner, due_at = :due_at,
    answer_by = :answer_by, answered_late = :answered_late, sent_at = :sent_at,
    closed_at = :closed_at, wake_at = :wake_at
WHERE id = :id AND rev = :rev

-- name: case_claim(id, who)
UPDATE cases SET state = 'claimed', owner = :who, wake_at = 0, rev = rev + 1
WHERE id = :id AND state = 'new'
RETURNING id

-- name: case_claim_next(who, now, urgency)
UPDATE cases SET state = 'claimed', owner = :who, wake_at = 0, rev = rev + 1
WHERE id = (SELECT c.id FROM cases AS c INDEXED BY cases_new
            WHERE c.state = 'new' AND c.wake_at <= :now
                AND (:urgency IS NULL OR c.urgency <= :urgency)
            ORDER BY c.due_at, c.urgency, c.id LIMIT 1)
RETURNING id

-- name: case_alerted(id, at)
-- The first acceptance counts; later ones leave it.
UPDATE cases SET alerted_at = :at WHERE id = :id AND alerted_at IS NULL

-- name: queue_open(now, asleep, state, urgency, channel, lang, text, after_due, after_urgency, after_id, limit)
SELECT {case_columns} FROM cases AS c INDEXED BY cases_queue
WHERE c.state <> 'closed' AND (c.due_at, c.urgency, c.id) > (:after_due, :after_urgency, :after_id)
    AND {queue_filter}
ORDER BY c.due_at, c.urgency, c.id LIMIT :limit

-- name: queue_mine(now, asleep, state, urgency, channel, lang, text, after_due, after_urgency, after_id, limit, owner)
SELECT {case_columns} FROM cases AS c INDEXED BY cases_owner
WHERE c.owner = :owner AND c.state <> 'closed'
    AND (c.due_at, c.urgency, c.id) > (:after_due, :after_urgency, :after_id)
    AND {queue_filter}
ORDER BY c.due_at, c.urgency, c.id LIMIT :limit

-- name: queue_all(now, asleep, state, urgency, channel, lang, text, after_id, limit, owner)
-- Closed ones too, in the order they were opened.
SELECT {case_columns} FROM cases AS c
WHERE c.id > :after_id AND (:owner IS NULL OR c.owner = :owner) AND {queue_filter}
ORDER BY c.id LIMIT :limit

-- name: queue_author(now, asleep, state, urgency, channel, lang, text, after_id, limit, author_id)
-- All cases of one author, oldest first.
SELECT {case_columns} FROM cases AS c INDEXED BY cases_author
WHERE c.channel = :channel AND c.author_id = :author_id AND c.id > :after_id AND {queue_filter}
ORDER BY c.id LIMIT :limit

-- name: queue_count(now)
SELECT c.urgency, count(*), sum(c.state = 'new'), sum(c.due_at < :now), sum(c.wake_at > :now)
FROM cases AS c INDEXED BY cases_count WHERE c.state <> 'closed' GROUP BY c.urgency

-- name: ledger_last()
SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1

-- name: ledger_append(seq, case_id, at, who, act, from_state, to_state, why, why_digest, hash)
INSERT INTO ledger (seq, case_id, at, who, act, from_state, to_state, why, why_digest, hash)
VALUES (:seq, :case_id, :at, :who, :act, :from_state, :to_state, :why, :why_digest, :hash)

-- name: ledger_list(after, limit)
SELECT seq, case_id, at, who, act, from_state, to_state, why, why_digest, hash FROM ledger
WHERE seq > :after ORDER BY seq LIMIT :limit

-- name: ledger_of_case(case_id, after, limit)
SELECT seq, case_id, at, who, act, from_state, to_state, why, why_digest, hash
FROM ledger INDEXED BY ledger_case
WHERE case_id = :case_id AND seq > :after
ORDER BY seq LIMIT :limit

-- name: draft_put(case_id, at, who, lang, body, findings, pieces)
INSERT INTO drafts (case_id, at, who, lang, body, findings, pieces)
VALUES (:case_id, :at, :who, :lang, :body, :findings, :pieces)

-- name: draft_list(case_id, limit)
SELECT id, case_id, at, who, lang, body, findings, pieces, approved_by, approved_at FROM drafts
WHERE case_id = :case_id ORDER BY id DESC LIMIT :limit

-- name: draft_approve(id, who, at)
UPDATE drafts SET approved_by = :who, approved_at = :at
WHERE id = :id AND approved_by IS NULL AND who <> :who
