-- 0002_ratings.sql: the stars of the whole, over time; robots.txt, kept between runs of cron; posts
-- that a place says are deleted.

ALTER TABLE posts ADD COLUMN gone_at INTEGER; -- since when the place says so; NULL: it does not

-- What a place says of all its reviews together. A row only when it changed, so the newest row of
-- a source and thing is how it stands, and the rows are its history.
CREATE TABLE ratings (
    id         INTEGER PRIMARY KEY,         -- in order of arrival
    source     TEXT NOT NULL,               -- the configured source that brought it
    about      TEXT NOT NULL,               -- which thing on the page; empty: the only one
    at         INTEGER NOT NULL,            -- when it was first seen so
    stars      REAL NOT NULL,               -- on our scale of 1 to 5
    rating     TEXT NOT NULL,               -- as written there: "8,4", "86%"
    best       REAL,                        -- the highest mark there, as far as told
    ratings    INTEGER,                     -- how many marks stand behind it; NULL: not told
    reviews    INTEGER                      -- how many of them with words; NULL: not told
) STRICT;
CREATE INDEX ratings_of ON ratings (source, about, id);

-- robots.txt of sites, so that a run every few minutes need not ask for it each time.
CREATE TABLE robots (
    origin     TEXT PRIMARY KEY,            -- "https://shop.example.org"
    body       TEXT NOT NULL,               -- the file; empty: all is allowed
    until      INTEGER NOT NULL             -- to be asked for again after this
) STRICT, WITHOUT ROWID;
