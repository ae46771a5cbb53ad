-- What was said elsewhere and did not come: threads that somebody here opened, communities that somebody here
-- joined. Each row is one thing to read there, now or not before a while.
CREATE TABLE histories (
    id INTEGER PRIMARY KEY,
    post_id INTEGER UNIQUE REFERENCES posts (id) ON DELETE CASCADE,         -- the first post of a thread, or
    community_id INTEGER UNIQUE REFERENCES actors (id) ON DELETE CASCADE,   -- a community: one of the two
    due_at TEXT,                            -- null: there is nothing to do
    attempt INTEGER NOT NULL DEFAULT 0,
    read_at TEXT
);
CREATE INDEX histories_due ON histories (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX histories_read ON histories (read_at) WHERE due_at IS NULL;
