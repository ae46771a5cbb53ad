-- The federation list: rows beside what the configuration file fixes.
CREATE TABLE rules (
    pattern TEXT PRIMARY KEY,
    severity TEXT NOT NULL,                 -- allow, deny
    reason TEXT NOT NULL DEFAULT '',
    by_name TEXT NOT NULL DEFAULT '',
    source TEXT NOT NULL DEFAULT 'command', -- command, page, client, import
    created_at TEXT NOT NULL
);

-- What ended when the list was narrowed, for the page and for whoever widens it again.
CREATE TABLE ended (
    id INTEGER PRIMARY KEY,
    host TEXT NOT NULL,
    what TEXT NOT NULL,                     -- follow, membership, delivery
    detail TEXT NOT NULL,
    at TEXT NOT NULL
);

-- Who decided what.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    by_name TEXT NOT NULL,
    verb TEXT NOT NULL,
    object TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT ''
);

-- Counters by which a running server notices what a command wrote.
CREATE TABLE changes (
    subject TEXT PRIMARY KEY,               -- rules, received, deliveries, actors
    n INTEGER NOT NULL
);

-- Small facts about this node: its id, when it began.
CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- Client applications.
CREATE TABLE apps (
    id INTEGER PRIMARY KEY,
    client_id TEXT NOT NULL UNIQUE,
    client_secret TEXT NOT NULL,            -- SHA-256
    name TEXT NOT NULL,
    website TEXT,
    redirect_uris TEXT NOT NULL,            -- JSON: exact strings
    scopes TEXT NOT NULL,
    created_at TEXT NOT NULL
);

CREATE TABLE codes (
    secret TEXT PRIMARY KEY,                -- SHA-256
    app_id INTEGER NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    redirect_uri TEXT NOT NULL,
    scopes TEXT NOT NULL,
    challenge TEXT,
    expires_at TEXT NOT NULL,
    used_at TEXT
);

CREATE TABLE tokens (
    id INTEGER PRIMARY KEY,
    secret TEXT NOT NULL UNIQUE,            -- SHA-256
    app_id INTEGER NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    actor_id INTEGER REFERENCES actors (id) ON DELETE CASCADE,  -- none for an application's own
    scopes TEXT NOT NULL,
    code TEXT,                              -- the code it came from: a code used twice ends it
    created_at TEXT NOT NULL,
    last_used_at TEXT
);
CREATE INDEX tokens_by_actor ON tokens (actor_id);
