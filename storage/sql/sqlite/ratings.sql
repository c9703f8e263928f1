-- ratings.sql: the stars of the whole, robots.txt of sites. Form of these files: storage/sql_file.h.

-- fragment: rating_columns
    id, source, about, at, stars, rating, best, ratings, reviews

-- name: rating_latest(source)
SELECT {rating_columns} FROM ratings
WHERE id IN (SELECT max(id) FROM ratings WHERE :source IS NULL OR source = :source
             GROUP BY source, about)
ORDER BY source, about

-- name: rating_newest(source, about)
SELECT {rating_columns} FROM ratings WHERE source = :source AND about = :about ORDER BY id DESC LIMIT 1

-- name: rating_add(source, about, at, stars, rating, best, ratings, reviews)
INSERT INTO ratings (source, about, at, stars, rating, best, ratings, reviews)
VALUES (:source, :about, :at, :stars, :rating, :best, :ratings, :reviews)

-- name: rating_list(after, limit)
SELECT {rating_columns} FROM ratings WHERE id > :after ORDER BY id LIMIT :limit

-- name: robots_list(now)
SELECT origin, body, until FROM robots WHERE until > :now ORDER BY origin

-- name: robots_put(origin, body, until)
INSERT INTO robots (origin, body, until) VALUES (:origin, :body, :until)
ON CONFLICT (origin) DO UPDATE SET body = excluded.body, until = excluded.until

-- name: robots_forget(now)
DELETE FROM robots WHERE until <= :now
