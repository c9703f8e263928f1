-- posts.sql: posts, their versions, verdicts. Form of these files: storage/sql_file.h.

-- fragment: post_columns
    p.id, p.version, p.channel, p.source, p.native_id, p.url, p.author_id, p.author, p.followers,
    p.title, p.body, p.lang, p.stars, p.rating, p.created_at, p.edited_at, p.first_seen_at,
    p.parent_id, p.likes, p.shares, p.replies, p.digest, p.gone_at

-- name: post_insert(channel, native_id, source, digest, url, author_id, author, followers, title, body, lang, stars, rating, created_at, edited_at, seen_at, parent_id, likes, shares, replies)
INSERT INTO posts (channel, native_id, source, version, digest, url, author_id, author,
    followers, title, body, lang, stars, rating, created_at, edited_at, seen_at,
    first_seen_at, parent_id, likes, shares, replies)
VALUES (:channel, :native_id, :source, 1, :digest, :url, :author_id, :author,
    :followers, :title, :body, :lang, :stars, :rating, :created_at, :edited_at,
    :seen_at, :seen_at, :parent_id, :likes, :shares, :replies)
ON CONFLICT (channel, native_id) DO NOTHING

-- name: post_find(channel, native_id)
SELECT id, version, digest FROM posts WHERE channel = :channel AND native_id = :native_id

-- name: post_archive(id)
INSERT INTO post_versions (post_id, version, digest, title, body, stars, rating, edited_at, seen_at)
SELECT id, version, digest, title, body, stars, rating, edited_at, seen_at
FROM posts WHERE id = :id

-- name: post_edit(id, digest, title, body, stars, rating, edited_at, seen_at, likes, shares, replies, followers)
UPDATE posts SET version = version + 1, digest = :digest, title = :title, body = :body,
    stars = :stars, rating = :rating, edited_at = :edited_at, seen_at = :seen_at,
    likes = coalesce(:likes, likes), shares = coalesce(:shares, shares),
    replies = coalesce(:replies, replies), followers = coalesce(:followers, followers), gone_at = NULL
WHERE id = :id

-- name: post_touch(id, likes, shares, replies, followers)
-- Reactions grow without the author doing anything: no new version, and no write when nothing moved.
UPDATE posts SET likes = coalesce(:likes, likes), shares = coalesce(:shares, shares),
    replies = coalesce(:replies, replies), followers = coalesce(:followers, followers), gone_at = NULL
WHERE id = :id AND (gone_at IS NOT NULL OR likes IS NOT coalesce(:likes, likes) OR shares IS NOT coalesce(:shares, shares)
    OR replies IS NOT coalesce(:replies, replies)
    OR followers IS NOT coalesce(:followers, followers))

-- name: post_gone(channel, native_id, at)
UPDATE posts SET gone_at = :at
WHERE channel = :channel AND native_id = :native_id AND gone_at IS NULL RETURNING id

-- name: post_get(id)
SELECT {post_columns} FROM posts AS p WHERE p.id = :id

-- name: post_get_version(id, version)
SELECT p.id, v.version, p.channel, p.source, p.native_id, p.url, p.author_id, p.author,
    p.followers, v.title, v.body, p.lang, v.stars, v.rating, p.created_at, v.edited_at, v.seen_at,
    p.parent_id, p.likes, p.shares, p.replies, v.digest, p.gone_at
FROM posts AS p JOIN post_versions AS v ON v.post_id = p.id
WHERE p.id = :id AND v.version = :version

-- name: post_list(after, channel, author_id, since, until, limit)
-- Nothing arrives before it is written, so posts of a time are looked for among those that arrived
-- since (an hour off for places whose clocks run ahead); arrival grows with the number.
SELECT {post_columns} FROM posts AS p
WHERE p.id > :after
    AND p.id >= coalesce((SELECT q.id FROM posts AS q WHERE q.first_seen_at >= :since - 3600000
                          ORDER BY q.first_seen_at, q.id LIMIT 1), 0)
    AND (:channel IS NULL OR p.channel = :channel)
    AND (:author_id IS NULL OR p.author_id = :author_id)
    AND (:since IS NULL OR coalesce(p.created_at, p.first_seen_at) >= :since)
    AND (:until IS NULL OR coalesce(p.created_at, p.first_seen_at) < :until)
ORDER BY p.id LIMIT :limit

-- name: verdict_put(post_id, version, ruleset, at, lang, sentiment, score, urgency, category, doc)
INSERT INTO verdicts (post_id, version, ruleset, at, lang, sentiment, score, urgency, category, doc)
VALUES (:post_id, :version, :ruleset, :at, :lang, :sentiment, :score, :urgency, :category, :doc)
ON CONFLICT (post_id, version, ruleset) DO UPDATE SET at = excluded.at, lang = excluded.lang,
    sentiment = excluded.sentiment, score = excluded.score, urgency = excluded.urgency,
    category = excluded.category, doc = excluded.doc

-- name: verdict_get(post_id, version)
-- The newest opinion about that version; about the newest version that has one when version is 0.
SELECT version, doc FROM verdicts
WHERE post_id = :post_id AND (:version = 0 OR version = :version)
ORDER BY version DESC, at DESC LIMIT 1
