-- What is on hold: nothing of it is deleted until the hold is lifted, whoever asks and whatever a rule says.
CREATE TABLE holds (
    kind TEXT NOT NULL,                     -- person, community, thread
    target_id INTEGER NOT NULL,             -- row of actors, or of the post that began the thread
    uri TEXT NOT NULL,                      -- its id
    name TEXT NOT NULL,                     -- what people call it
    reason TEXT NOT NULL,
    by_name TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (kind, target_id)
);

-- What was deleted while it was on hold, as it was: shown to nobody, kept until the hold is lifted.
CREATE TABLE sealed (
    kind TEXT NOT NULL,                     -- post, actor
    row_id INTEGER NOT NULL,
    body TEXT NOT NULL,                     -- JSON
    at TEXT NOT NULL,
    PRIMARY KEY (kind, row_id)
);
CREATE TABLE sealed_media (
    media_id INTEGER PRIMARY KEY REFERENCES media (id) ON DELETE CASCADE,
    post_id INTEGER NOT NULL
);
CREATE INDEX sealed_media_by_post ON sealed_media (post_id);

-- Since when somebody may not sign in.
ALTER TABLE accounts ADD COLUMN ended_at TEXT;
UPDATE accounts SET ended_at = (SELECT a.updated_at FROM actors AS a WHERE a.id = accounts.actor_id)
 WHERE state IN ('suspended', 'disabled');
CREATE INDEX accounts_ended ON accounts (ended_at) WHERE ended_at IS NOT NULL;

CREATE INDEX reports_closed ON reports (closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX notifications_by_report ON notifications (report_id) WHERE report_id IS NOT NULL;
