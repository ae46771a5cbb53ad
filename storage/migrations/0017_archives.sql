-- Archives that people asked for of what this node holds of them: made in the background, kept for a week.
CREATE TABLE archives (
    actor_id INTEGER PRIMARY KEY REFERENCES actors (id) ON DELETE CASCADE,
    asked_at TEXT NOT NULL,
    due_at TEXT,                            -- null: it is ready, or could not be made
    attempt INTEGER NOT NULL DEFAULT 0,
    name TEXT,                              -- the file under the folder of archives, once it is ready
    bytes INTEGER,
    ready_at TEXT
);
CREATE INDEX archives_due ON archives (due_at) WHERE due_at IS NOT NULL;

-- What one person uploaded, and what one person reported.
CREATE INDEX media_by_owner ON media (owner_id, id);
CREATE INDEX reports_by_maker ON reports (by_actor, id);
