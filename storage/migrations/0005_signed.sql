-- A peer whose verifier leaves a query out takes a signed GET only when its signature leaves it out too.
ALTER TABLE peers ADD COLUMN query_signed INTEGER NOT NULL DEFAULT 1;

-- For the sender's followers only: a digest of those at the receiving host goes along (FEP-8fcf).
ALTER TABLE bodies ADD COLUMN private INTEGER NOT NULL DEFAULT 0;

-- The header Collection-Synchronization of a received activity, where its signature covers it (FEP-8fcf).
ALTER TABLE received ADD COLUMN synchronization TEXT;

-- Who belongs to a community of another node, as that node lists them.
CREATE TABLE members (
    community_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    uri TEXT NOT NULL,                      -- the member's id
    host TEXT NOT NULL,
    PRIMARY KEY (community_id, uri)
);
CREATE INDEX members_by_host ON members (host, community_id);

-- When such a list was last asked for, and since when it is refused.
CREATE TABLE rosters (
    community_id INTEGER PRIMARY KEY REFERENCES actors (id) ON DELETE CASCADE,
    asked_at TEXT NOT NULL,
    refused_at TEXT
);
CREATE INDEX rosters_by_time ON rosters (asked_at);

-- Ids of likes and Undos that were believed by their proof, and of likes taken back: none counts again.
CREATE TABLE counted (
    uri TEXT NOT NULL,
    actor_id INTEGER NOT NULL,              -- who did it, since only they may use up an id of their own
    at TEXT NOT NULL,
    PRIMARY KEY (uri, actor_id)
);
CREATE INDEX counted_by_time ON counted (at);
