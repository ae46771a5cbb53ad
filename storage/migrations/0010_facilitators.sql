-- What facilitators do: texts that may come back, and requests that they decide elsewhere.

-- The activities that hold the text of a post that a facilitator removed, while it may be put back. They lie at
-- the node of the community and at the author's, and nothing shows them.
CREATE TABLE withheld (
    uri TEXT PRIMARY KEY,
    type TEXT NOT NULL,
    actor_id INTEGER NOT NULL,
    community_id INTEGER,
    post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    object_uri TEXT,
    wrapped_by TEXT,
    plain_by TEXT,
    audience TEXT NOT NULL,
    body BLOB NOT NULL,
    at TEXT NOT NULL,
    withheld_at TEXT NOT NULL
);
CREATE INDEX withheld_by_post ON withheld (post_id);
CREATE INDEX withheld_by_time ON withheld (withheld_at);

-- Requests to join communities of other nodes, which somebody here who facilitates them may decide.
CREATE TABLE offers (
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    facilitator_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    requester_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    uri TEXT NOT NULL,                      -- the Offer's id
    body BLOB NOT NULL,                     -- the Offer as it came, echoed in its answer
    offered_at TEXT NOT NULL,
    UNIQUE (facilitator_id, requester_id, community_id)
);
CREATE INDEX offers_by_community ON offers (community_id, requester_id);
CREATE INDEX offers_by_requester ON offers (requester_id);
CREATE INDEX offers_by_time ON offers (offered_at);
