-- Nodes that asked for something and are not on the federation list, until an admin decides about them.
CREATE TABLE knocks (
    host TEXT PRIMARY KEY,
    first_at TEXT NOT NULL,
    last_at TEXT NOT NULL,
    times INTEGER NOT NULL,
    way TEXT NOT NULL,                      -- inbox, fetch: what it asked for last
    actor_uri TEXT NOT NULL,                -- who it says it is; nobody looked whether that is so
    user_agent TEXT NOT NULL,
    dismissed_at TEXT
);
CREATE INDEX knocks_by_time ON knocks (last_at);
