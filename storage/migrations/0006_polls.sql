-- Polls: of our own posts and of others' that are held here. Its options stand in order, from 0.
CREATE TABLE polls (
    post_id INTEGER PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    multiple INTEGER NOT NULL DEFAULT 0,
    hide_totals INTEGER NOT NULL DEFAULT 0,  -- until it ends; known of our own only
    ends_at TEXT,                           -- when it ends, or was closed; none: it stays open
    voters_count INTEGER,                   -- none where its node does not count them
    fetched_at TEXT,                        -- when its counts last came from its node
    due_at TEXT                             -- when its counts are next told, or that it ended is
);
CREATE INDEX polls_due ON polls (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE poll_options (
    post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    title TEXT NOT NULL,
    votes_count INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (post_id, place)
);

-- Votes in our polls, and those of our people in others'.
CREATE TABLE votes (
    id INTEGER PRIMARY KEY,
    post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    UNIQUE (post_id, actor_id, place)
);
CREATE INDEX votes_by_actor ON votes (actor_id);

CREATE TABLE events (
    post_id INTEGER PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    starts_at TEXT NOT NULL,
    ends_at TEXT,
    timezone TEXT NOT NULL DEFAULT '',      -- IANA name; none: UTC
    place TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL DEFAULT '',
    online_url TEXT,
    join_mode TEXT NOT NULL DEFAULT '',     -- free, restricted, invite, external, none
    join_url TEXT,                          -- where one signs up, if not with the organiser's node
    state TEXT NOT NULL DEFAULT 'confirmed' -- confirmed, tentative, cancelled
);
CREATE INDEX events_by_start ON events (starts_at);

-- What a post quotes, by its id: that post may be held, come later, or never.
ALTER TABLE posts ADD COLUMN has_quote INTEGER NOT NULL DEFAULT 0;
CREATE TABLE quotes (
    post_id INTEGER PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    uri TEXT NOT NULL,
    legacy INTEGER NOT NULL DEFAULT 0,      -- said in a way that knows no consent of whom is quoted
    stamp TEXT,                             -- id of the authorization
    state TEXT NOT NULL                     -- pending, accepted, revoked
);
CREATE INDEX quotes_by_uri ON quotes (uri);
CREATE INDEX quotes_by_stamp ON quotes (stamp) WHERE stamp IS NOT NULL;

-- Authorizations that we gave: who may quote which post of ours where (FEP-044f).
CREATE TABLE quote_stamps (
    id INTEGER PRIMARY KEY,
    post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    quoting_uri TEXT NOT NULL,
    UNIQUE (post_id, quoting_uri)
);

-- Posts to be published later.
CREATE TABLE scheduled (
    id INTEGER PRIMARY KEY,
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    due_at TEXT NOT NULL,
    draft TEXT NOT NULL,                    -- JSON
    refused_for TEXT                        -- why it was not published; its author has to see to it
);
CREATE INDEX scheduled_by_actor ON scheduled (actor_id, id);
CREATE INDEX scheduled_due ON scheduled (due_at) WHERE refused_for IS NULL;
