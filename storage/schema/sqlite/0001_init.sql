-- 0001_init.sql: the first shape of a defuse database (SQLite dialect).
-- Times are milliseconds since 1970 UTC; NULL means "not known" unless the column says otherwise.
-- Words (states, urgencies, categories) are stored as people read them, so that a shell is enough
-- to look inside. A migration runs inside one transaction and is never edited once released.

-- Small facts about the database itself and settings kept over restarts.
CREATE TABLE meta (
    key     TEXT PRIMARY KEY,               -- "schema", "created", "ledger.anchor"…
    value   TEXT NOT NULL                   -- plain text; numbers in decimal
) STRICT, WITHOUT ROWID;

-- One run at a time: who holds which lock. A dead holder is recognised and replaced.
CREATE TABLE locks (
    name       TEXT PRIMARY KEY,            -- "run"
    holder     TEXT NOT NULL,               -- host, boot, process and its start time: one life of one process
    taken_at   INTEGER NOT NULL,            -- when it was taken
    expires_at INTEGER NOT NULL             -- after this anybody may take it, whatever the holder does
) STRICT, WITHOUT ROWID;

-- What people wrote, in its newest version. Older versions move to post_versions.
CREATE TABLE posts (
    id         INTEGER PRIMARY KEY,         -- our number, in order of arrival
    channel    TEXT NOT NULL,               -- "steam", "feed"…
    native_id  TEXT NOT NULL,               -- scope and the id the place gave it, exact; unique in its channel
    source     TEXT NOT NULL,               -- the configured source that brought it first
    version    INTEGER NOT NULL,            -- 1 for the first text, +1 with each edit
    digest     BLOB NOT NULL,               -- SHA-256 of what an author can edit; same digest, no new version
    url        TEXT,                        -- where people read it
    author_id  TEXT,                        -- the place's id of the author
    author     TEXT,                        -- the name shown
    followers  INTEGER,                     -- reach of the author when last seen
    title      TEXT,                        -- as written
    body       TEXT NOT NULL,               -- as written, valid UTF-8
    lang       TEXT,                        -- what the place or the collector said; the verdict has our own
    stars      REAL,                        -- 1 to 5
    rating     TEXT,                        -- the mark as the place writes it: "7/10", "Not Recommended"
    created_at INTEGER,                     -- when the author published it
    edited_at  INTEGER,                     -- when the author last changed it
    seen_at    INTEGER NOT NULL,            -- when the current version first reached us
    first_seen_at INTEGER NOT NULL,         -- when version 1 first reached us
    parent_id  TEXT,                        -- native_id of what it answers
    likes      INTEGER,                     -- reactions when last seen
    shares     INTEGER,                     -- reposts when last seen
    replies    INTEGER                      -- answers when last seen
) STRICT;
-- Few indexes on purpose: each one whose order is not that of arrival costs a page written per row.
-- Ids of one place mostly grow, so this one does not; times are searched by arrival, which grows too.
CREATE UNIQUE INDEX posts_key ON posts (channel, native_id);
CREATE INDEX posts_arrival ON posts (first_seen_at);

-- Texts that an edit replaced.
CREATE TABLE post_versions (
    post_id    INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE, -- whose
    version    INTEGER NOT NULL,            -- 1 up to the version before posts.version
    digest     BLOB NOT NULL,               -- as in posts
    title      TEXT,                        -- as in posts
    body       TEXT NOT NULL,               -- as in posts
    stars      REAL,                        -- as in posts
    rating     TEXT,                        -- as in posts
    edited_at  INTEGER,                     -- as in posts
    seen_at    INTEGER NOT NULL,            -- when this version first reached us
    PRIMARY KEY (post_id, version)
) STRICT, WITHOUT ROWID;

-- What the analyzer said about one version of a post, under one rule set.
CREATE TABLE verdicts (
    post_id    INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE, -- about which post
    version    INTEGER NOT NULL,            -- about which text of it
    ruleset    TEXT NOT NULL,               -- digest of the rules that said so
    at         INTEGER NOT NULL,            -- when
    lang       TEXT NOT NULL,               -- en, zh-Hans, zh-Hant, yue, other
    sentiment  TEXT NOT NULL,               -- negative, neutral, positive
    score      REAL NOT NULL,               -- -1 to 1
    urgency    TEXT NOT NULL,               -- P1 to P4
    category   TEXT NOT NULL,               -- quality, delivery, service…
    doc        TEXT NOT NULL,               -- the whole verdict as JSON: findings, spans, facts, silenced
    PRIMARY KEY (post_id, version, ruleset)
) STRICT, WITHOUT ROWID;

-- One thing to answer.
CREATE TABLE cases (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- the number people say; never used twice
    kind       TEXT NOT NULL,               -- post: one post; more kinds follow (author, storm)
    post_id    INTEGER NOT NULL REFERENCES posts (id), -- the post that opened it
    version    INTEGER NOT NULL,            -- newest version of that post which triage has seen
    state      TEXT NOT NULL CHECK (state IN ('new', 'claimed', 'drafted', 'approved', 'sent',
                   'pending', 'visible', 'rejected', 'following', 'closed')), -- where it stands
    outcome    TEXT CHECK (outcome IN ('resolved', 'watched', 'no-reply', 'out-of-scope',
                   'duplicate', 'suspected-false')), -- why it is closed; NULL while open
    urgency    TEXT NOT NULL,               -- P1 to P4: the clock it runs by
    category   TEXT NOT NULL,               -- main matter, from the verdict
    sentiment  TEXT NOT NULL,               -- from the verdict
    channel    TEXT NOT NULL,               -- copied from the post: the queue filters by it
    author_id  TEXT,                        -- copied from the post: finds an author's earlier cases
    lang       TEXT NOT NULL,               -- copied from the verdict: who can answer
    reason     TEXT NOT NULL,               -- one line: why it is here
    owner      TEXT,                        -- who has claimed it; NULL: nobody
    rev        INTEGER NOT NULL,            -- +1 with every change: a change made on an old view is refused
    posted_at  INTEGER,                     -- the post's own time: clocks start here
    seen_at    INTEGER NOT NULL,            -- when it first reached us
    opened_at  INTEGER NOT NULL,            -- when triage opened it
    alerted_at INTEGER,                     -- when the first alert about it was accepted by a sink
    due_at     INTEGER NOT NULL,            -- when the public answer is due; the largest integer: no clock
    answer_by  INTEGER NOT NULL,            -- same clock from when we could know: what the team is measured by
    seen_late  INTEGER NOT NULL,            -- 1: due_at had passed before we saw it
    answered_late INTEGER,                  -- 1: sent after answer_by; NULL: not answered yet
    sent_at    INTEGER,                     -- when the answer was put out
    closed_at  INTEGER,                     -- when it was closed; NULL while open
    wake_at    INTEGER NOT NULL             -- snoozed until then; 0: awake
) STRICT;
CREATE INDEX cases_queue ON cases (due_at, urgency, id) WHERE state <> 'closed';
-- In the order of its groups and with all that is summed: counting the queue reads no row and sorts nothing.
CREATE INDEX cases_count ON cases (urgency, state, due_at, wake_at) WHERE state <> 'closed';
CREATE INDEX cases_new ON cases (due_at, urgency, id) WHERE state = 'new';
CREATE INDEX cases_author ON cases (channel, author_id, id) WHERE author_id IS NOT NULL;
CREATE INDEX cases_owner ON cases (owner, due_at, urgency, id)
    WHERE owner IS NOT NULL AND state <> 'closed';

-- Which posts a case is about. A post is in one case at most: the key says so.
CREATE TABLE case_posts (
    post_id    INTEGER PRIMARY KEY REFERENCES posts (id), -- this post
    case_id    INTEGER NOT NULL REFERENCES cases (id),    -- is part of this case
    at         INTEGER NOT NULL             -- since
) STRICT;
CREATE INDEX case_posts_case ON case_posts (case_id, post_id);

-- Every step of every case, append-only. Each row's hash covers the one before it, so that a
-- changed, removed or inserted row shows. The text of `why` is covered through its own digest:
-- it may be erased for privacy without breaking the chain.
CREATE TABLE ledger (
    seq        INTEGER PRIMARY KEY,         -- 1, 2, 3… without gaps
    case_id    INTEGER NOT NULL REFERENCES cases (id), -- which case
    at         INTEGER NOT NULL,            -- when
    who        TEXT NOT NULL,               -- a person, or "defuse" itself
    act        TEXT NOT NULL,               -- open, claim, draft, note, raise…
    from_state TEXT NOT NULL,               -- state before; "" when it was opened
    to_state   TEXT NOT NULL,               -- state after
    why        TEXT,                        -- in words; NULL: none was given, or erased
    why_digest BLOB NOT NULL,               -- digest of why as it was written
    hash       BLOB NOT NULL                -- digest of the previous hash and all the above
) STRICT;
CREATE INDEX ledger_case ON ledger (case_id, seq);
CREATE TRIGGER ledger_keeps_rows BEFORE DELETE ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_keeps_words BEFORE UPDATE ON ledger
WHEN new.why IS NOT NULL OR new.seq <> old.seq OR new.case_id <> old.case_id OR new.at <> old.at
     OR new.who <> old.who OR new.act <> old.act OR new.from_state <> old.from_state
     OR new.to_state <> old.to_state OR new.why_digest <> old.why_digest OR new.hash <> old.hash
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

-- Reply texts, every one that was saved; the newest of a case counts.
CREATE TABLE drafts (
    id         INTEGER PRIMARY KEY,         -- in order of saving
    case_id    INTEGER NOT NULL REFERENCES cases (id), -- reply in which case
    at         INTEGER NOT NULL,            -- when
    who        TEXT NOT NULL,               -- a person, or "defuse" for a suggestion
    lang       TEXT NOT NULL,               -- language of the text
    body       TEXT NOT NULL,               -- the reply
    findings   TEXT NOT NULL,               -- what the linter said, JSON array
    pieces     TEXT NOT NULL,               -- what it was composed of, JSON array
    approved_by TEXT,                       -- who approved it; never its author
    approved_at INTEGER                     -- when
) STRICT;
CREATE INDEX drafts_case ON drafts (case_id, id);

-- Alerts that are to leave the house. Written in the transaction that decided them; drained later.
CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY,         -- in order of writing
    dedup      TEXT NOT NULL UNIQUE,        -- one alert per event and destination, however often it is decided
    alert_id   TEXT NOT NULL,               -- told to the receiver; the same in every attempt
    sink       TEXT NOT NULL,               -- the configured destination
    kind       TEXT NOT NULL,               -- case.opened, case.raised…
    case_id    INTEGER REFERENCES cases (id), -- about which case; NULL: about no case
    payload    TEXT NOT NULL,               -- the facts as JSON; the sink renders them when it sends
    created_at INTEGER NOT NULL,            -- when it was decided
    state      TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'dead')), -- dead: the sink will never take it
    attempt    INTEGER NOT NULL,            -- how often it was tried
    next_at    INTEGER NOT NULL,            -- not before
    lease      TEXT,                        -- who is sending it just now
    lease_until INTEGER NOT NULL,           -- a lease past this time is void: its sender died
    sent_at    INTEGER,                     -- when it was accepted
    last_code  INTEGER,                     -- HTTP status of the last try; 0: no answer
    last_text  TEXT                         -- beginning of the last answer or error, secrets removed
) STRICT;
CREATE INDEX outbox_due ON outbox (sink, next_at, id) WHERE state = 'waiting';
CREATE INDEX outbox_spent ON outbox (sink, sent_at) WHERE state = 'sent';
CREATE INDEX outbox_case ON outbox (case_id) WHERE case_id IS NOT NULL;

-- What is known of each configured source between runs.
CREATE TABLE sources (
    name       TEXT PRIMARY KEY,            -- as configured
    channel    TEXT NOT NULL,               -- the channel pack it uses
    cursor     TEXT,                        -- where the collector goes on; only the collector reads it
    etag       TEXT,                        -- validator of the last answer
    last_modified TEXT,                     -- the other validator
    last_try   INTEGER,                     -- last time it was asked
    last_ok    INTEGER,                     -- last good answer
    last_new   INTEGER,                     -- last time it brought a new or changed post
    last_post  INTEGER,                     -- newest created time among its posts
    last_error TEXT,                        -- what went wrong last; NULL after a good answer
    fails      INTEGER NOT NULL,            -- failures in a row
    told_at    INTEGER,                     -- when people were told of the failure; NULL: not told
    next_due   INTEGER NOT NULL,            -- not to be asked before
    backoff_until INTEGER,                  -- the place or repeated failure says: not before
    posts      INTEGER NOT NULL,            -- posts it brought, all time
    first_run_done INTEGER NOT NULL         -- 1: the first run has set its baseline or backfilled
) STRICT, WITHOUT ROWID;
