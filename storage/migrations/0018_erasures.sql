-- People who left for good: whom their Delete goes to, and what each host said to it.
CREATE TABLE erasures (
    actor_id INTEGER PRIMARY KEY REFERENCES actors (id) ON DELETE CASCADE,
    handle TEXT NOT NULL,
    begun_at TEXT NOT NULL,
    told_at TEXT,                           -- when the Delete was queued; null: what they wrote is being erased
    ended_at TEXT                           -- when nobody was left to be told
);
CREATE INDEX erasures_begun ON erasures (begun_at) WHERE told_at IS NULL;

CREATE TABLE erasure_hosts (
    actor_id INTEGER NOT NULL REFERENCES erasures (actor_id) ON DELETE CASCADE,
    host TEXT NOT NULL,
    inbox TEXT NOT NULL,                    -- empty where none is known
    body_id INTEGER,
    state TEXT NOT NULL,                    -- waiting, acknowledged, failed, unreachable
    answer TEXT NOT NULL DEFAULT '',
    at TEXT NOT NULL,
    PRIMARY KEY (actor_id, host, inbox)
);
CREATE INDEX erasure_hosts_waiting ON erasure_hosts (body_id, inbox) WHERE state = 'waiting';
CREATE INDEX erasure_hosts_cut_off ON erasure_hosts (host) WHERE state = 'waiting';
